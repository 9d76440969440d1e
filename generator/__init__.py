"""Aetia turns plain-text entries into Anki decks and card sheets."""
