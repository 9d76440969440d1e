"""What Aetia writes into an author's project: a start, new entries, and decks from tables."""
