"""What Anki's scripts do to a card, done in advance for pages that run no scripts."""
