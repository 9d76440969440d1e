"""Play releases to learners in a temporary, real Anki collection."""
