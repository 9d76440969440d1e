"""What differs between two releases: find it, then write it for a terminal, a page, release notes or a program."""
