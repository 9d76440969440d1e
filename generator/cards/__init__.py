"""Make notes from the model and the templates. Only this package uses Jinja."""
