"""Which kinds of card an author wants."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from generator.model.entry import Entry
from generator.model.kinds import BY_NAME, KINDS
from generator.model.values import as_tuple


def _known_kind(name: str) -> str:
    if name not in BY_NAME:
        expected = ", ".join(f"'{kind.name}'" for kind in KINDS)
        raise PydanticCustomError("literal_error", "not a kind of card", {"expected": expected})
    return name


KindName = Annotated[
    str,
    AfterValidator(_known_kind),
    WithJsonSchema(
        {
            "oneOf": [{"const": kind.name, "description": f"{kind.front} → {kind.answer}"} for kind in KINDS],
            "type": "string",
        }
    ),
]
"""A kind of card."""
KindNames = Annotated[
    tuple[KindName, ...], BeforeValidator(as_tuple, json_schema_input_type=KindName | tuple[KindName, ...])
]


class CardChoice(Entry):
    """The author's choice of which cards are made from an entry."""

    add: KindNames = Field((), description="Make these kinds too, if the entry has what they need.")
    skip: KindNames = Field((), description="Do not make these kinds.")
    only: KindNames = Field((), description="Make only these kinds.")


class DeckCards(Entry):
    """The author's choice of which cards a deck has."""

    add: KindNames = Field((), description="Make these kinds for every entry that has what they need.")
    skip: KindNames = Field((), description="Do not make these kinds for any entry.")
    if_reviewed: KindNames = Field(
        ("check",), description="Make these kinds only for reviewed entries. [default: check]"
    )

    def unreviewed_too(self, kind: str) -> str:
        """Return how an author writes that a kind needs no review."""
        return f"`if-reviewed: [{', '.join(name for name in self.if_reviewed if name != kind)}]`"
