"""The `.apkg` file: written, read, shown, told from an outdated one; and what goes to learners beside it."""
