"""The three readings of a card template.

A template names the note's fields as `field.Clue`. Read *for Anki*, the names print Anki's own template language. Read
*for a note*, they print what Anki will show on a card. Read *for its cards*, they tell whether Anki makes the card.
"""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from generator.text.cloze import show_cloze
from generator.text.html import is_blank

FILLED = "\ue000"
"""What a filled field prints in the reading for its cards."""


class Fields:
    """The fields of a note type by name, with `_` for a space: `field.Ask_Clue`."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = {name.replace(" ", "_"): field for name, field in fields.items()}

    def __getattr__(self, name: str) -> object:
        try:
            return self.__dict__["_fields"][name]
        except KeyError:
            raise AttributeError(name) from None


class _Field:
    """A field in a template."""

    def __str__(self) -> str:
        raise TypeError("a field cannot be changed by a filter: Anki fills it in when it shows the card")


class FieldForAnki(_Field):
    """A field as it is in the template for Anki."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __html__(self) -> str:
        return f"{{{{{self._name}}}}}"

    @property
    def cloze(self) -> Markup:
        """The field with its cloze deletions."""
        return Markup(f"{{{{cloze:{self._name}}}}}")

    def section(self, wanted: bool, body: Callable[[], str]) -> str:
        """Return a section that Anki shows if the field is filled, or if it is not."""
        return f"{{{{{'#' if wanted else '^'}{self._name}}}}}{body()}{{{{/{self._name}}}}}"


class FieldForNote(_Field):
    """A field as Anki shows it on one side of one card."""

    def __init__(self, value: str, cloze: int, hidden: bool) -> None:
        self._value, self._cloze, self._hidden = value, cloze, hidden

    def __html__(self) -> str:
        return self._value

    @property
    def cloze(self) -> Markup:
        """The field with its cloze deletions, hidden or shown."""
        return Markup(show_cloze(self._value, self._cloze, self._hidden))

    def section(self, wanted: bool, body: Callable[[], str]) -> str:
        """Return the body if the field is filled, or if it is not."""
        return body() if is_blank(self._value) != wanted else ""


class FieldForCards(_Field):
    """A field that only prints whether it is filled. A front read with these shows whether Anki makes the card."""

    def __init__(self, filled: bool) -> None:
        self._filled = filled

    def __html__(self) -> str:
        return FILLED if self._filled else ""

    def section(self, wanted: bool, body: Callable[[], str]) -> str:
        """Return the body if the field is filled, or if it is not."""
        return body() if self._filled == wanted else ""
