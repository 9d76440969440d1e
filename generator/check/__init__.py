"""Model to diagnostics: one function a rule."""
