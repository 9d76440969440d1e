"""The memory between builds: who is who, what changed and when."""
