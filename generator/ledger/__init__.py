"""The memory between builds: which note is which, what changed, and when."""
