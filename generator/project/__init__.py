"""Write into an author's project: new projects, new entries, and imported decks."""
