"""The types of text and name in an author's files, and the form of each."""

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

KEY_PATTERN = r"^[a-z0-9][a-z0-9.-]*$"
PATH_PATTERN = r"^[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*$"

LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"

MAX_LENGTH = 10_000
"""The most characters of a text. No card needs more, and longer hostile texts would take longer to read."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH, strip_whitespace=True)]
"""Markdown with `$…$` maths and `[@key, p. 2]` citations."""

MAX_HTML = 1_000_000
"""The most characters of a text in HTML, which may contain a picture."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH, strip_whitespace=True)]
"""One line, without citations."""

Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
"""A permanent id: lower-case letters, digits, `-` and `.`."""

ClaimId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
"""The number of a claim or correction in the syllabus."""

CategoryPath = Annotated[str, StringConstraints(pattern=PATH_PATTERN)]
"""Category keys from the top of the tree, joined by `/`."""


def as_tuple(value: object) -> object:
    """Accept a single text in place of a list."""
    return (value,) if isinstance(value, str) else value


ONE_OR_MORE = BeforeValidator(as_tuple, json_schema_input_type=str | tuple[str, ...])

Names = Annotated[tuple[Name, ...], ONE_OR_MORE]
Texts = Annotated[tuple[Text, ...], ONE_OR_MORE]
Keys = Annotated[tuple[Key, ...], ONE_OR_MORE]
ClaimIds = Annotated[tuple[ClaimId, ...], ONE_OR_MORE]

COLOUR_PATTERN = r"^(#[0-9A-Fa-f]{3,8}|[a-z]+)$"
_FAMILY = r"""(?:[\w .-]+|"[\w .-]+"|'[\w .-]+')"""
FONT_PATTERN = rf"^{_FAMILY}( *, *{_FAMILY})*$"

Colour = Annotated[str, StringConstraints(pattern=COLOUR_PATTERN)]
"""A colour as `#1d5c86` or by its CSS name."""

Font = Annotated[str, StringConstraints(pattern=FONT_PATTERN, max_length=200)]
"""Names of font families, the best first, in quotes or not."""

InTree = Annotated[str, StringConstraints(min_length=1), WithJsonSchema({"type": "string", "pattern": PATH_PATTERN})]
"""A category path. It is checked against the tree later, with a suggestion if it is not there."""

CategoryPaths = Annotated[tuple[CategoryPath, ...], ONE_OR_MORE]
