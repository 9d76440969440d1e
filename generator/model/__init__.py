"""The nouns: what an author writes, what a deck is, what a note is. Plain data, no disk."""
