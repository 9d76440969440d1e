"""Load the catalogue of codes and the words that lints look for."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from generator.diagnostics import Code
from generator.load.bundled import read_bundled
from generator.model.lint_words import LintWords
from generator.resources import bundled


@cache
def load_codes() -> Mapping[str, Code]:
    """Return every code with its entry, in the order of the catalogue."""
    return read_bundled(dict[str, Code], Path(__file__).parents[1] / "codes.yaml")


@cache
def load_lint_words(language: str) -> LintWords:
    """Return the words that lints look for in a language. Without a bundled list, these lints find nothing."""
    for name in (language, language.partition("-")[0]):
        file = bundled("templates") / "lints" / f"{name}.yaml"
        if name.replace("-", "").isalnum() and file.is_file():
            return read_bundled(LintWords, file)
    return LintWords()
