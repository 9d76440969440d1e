"""What differs between two releases: found, then written for a terminal, a page, release notes or a program."""
