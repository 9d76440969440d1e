"""One module for the work of each command: from folders and options to a result that `report` shows."""
