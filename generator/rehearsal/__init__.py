"""Plays releases to learners in a throw-away real Anki collection; the only room that imports `anki`."""
