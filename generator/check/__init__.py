"""Check the model: one function per rule."""
