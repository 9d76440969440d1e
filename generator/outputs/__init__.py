"""What is written from notes, one file each; the only importers of genanki, the PDF engine and the web server."""
