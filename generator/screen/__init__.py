"""What Anki's scripts would do to a card, done beforehand for pages that run none."""
