"""The cards in a browser: as data, as one page to send round, and as a page that follows the author's edits."""
