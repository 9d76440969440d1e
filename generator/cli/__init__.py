"""The command line: one file per command, from its options to a workflow, a report and an exit code."""
