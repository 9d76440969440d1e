"""`aetia explain`: what there is to say about diagnostics."""

from collections.abc import Mapping

from generator.diagnostics import Code
from generator.load.codes import load_codes


def known_codes() -> Mapping[str, Code]:
    """Return everything that can be explained, by its code."""
    return load_codes()
