"""Aetia: structured cause entries in, Anki decks and card sheets out."""
