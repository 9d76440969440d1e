"""What the user sees, as text. The only place that prints and, but for the command line, the only one with colour."""
