"""The text that users see. Only this package prints and, apart from the command line, only it uses colour."""
