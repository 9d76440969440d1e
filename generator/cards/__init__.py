"""Model and templates to notes; all Jinja lives here."""
