"""Data: what an author writes, what a deck is, what a note is. Nothing here reads or writes files."""
