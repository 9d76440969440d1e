"""Words, HTML, citations and cloze deletions: what all other packages do with texts. Knows no deck."""
