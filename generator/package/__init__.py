"""The `.apkg` file: write it, read it, and tell whether it is current; and the files for learners beside it."""
