"""Citations in a Markdown text, as Pandoc writes them: `[@key]`, `[@key, p. 12; @other]`."""

import re

CITATION = re.compile(r"\[(@[^\[\]]+)\]")


def split_citation(citation: str) -> tuple[str, str]:
    """Return key and locator of `@key, p. 2`."""
    key, _, locator = citation.strip().removeprefix("@").partition(",")
    return key.strip(), locator.strip()


def citations_in(text: str) -> list[tuple[str, str]]:
    """Return key and locator of every citation in a Markdown text."""
    groups = CITATION.findall(text) if "[@" in text else ()
    return [split_citation(part) for group in groups for part in group.split(";")]
