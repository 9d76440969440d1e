"""Text to model: reads an author's folder into a `Deck` and tells what is wrong with its files."""
