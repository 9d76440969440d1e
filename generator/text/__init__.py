"""Words, HTML, citations and cloze deletions: what every room above does to a text. Knows no deck."""
