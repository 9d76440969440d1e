"""The command line: options to pipeline to report to exit code; one file a command."""
