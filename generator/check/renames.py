"""Checks of `was:`, which must name a key that is gone, and only once."""

from collections.abc import Iterator, Mapping

from generator.diagnostics import Diagnostic, Place, Related
from generator.model.deck import Deck


def check_renames(deck: Deck) -> Iterator[Diagnostic]:
    """Every former key is free, and only one entry takes it over."""
    kinds: tuple[tuple[str, Mapping[str, tuple[str, ...]]], ...] = (
        ("cause", {key: cause.was for key, cause in deck.causes.items()}),
        ("question", {key: question.was for key, question in deck.questions.items()}),
        ("note", {name: tuple(_beside(name, key) for key in note.was) for name, note in deck.notes.items()}),
        ("category", {path: branch.category.was for path, branch in deck.tree.items()}),
    )
    for kind, formers in kinds:
        first: dict[str, str] = {}
        for key, former, index in ((k, former, i) for k, names in formers.items() for i, former in enumerate(names)):
            place = _place(deck, kind, key, "was", index)
            if former in formers:
                yield Diagnostic(
                    "former-still-there",
                    f"the {kind} `{former}` is still in the deck, so `{key}` cannot take over its identity",
                    place,
                    hint="remove this `was:`, or the entry that it names",
                    related=(Related("it is here", _place(deck, kind, former)),),
                )
            elif (other := first.setdefault(former, key)) != key:
                yield Diagnostic(
                    "former-claimed-twice",
                    f"`{other}` and `{key}` both claim to have been `{former}`; only one can take over its identity",
                    place,
                    hint="keep the `was:` of the entry that learners should continue with",
                    related=(Related("the other claim", _place(deck, kind, other, "was")),),
                )


def _beside(name: str, key: str) -> str:
    """Return the name of another note of the same note type."""
    return f"{name.partition('/')[0]}/{key}"


def _place(deck: Deck, kind: str, key: str, *keys: str | int) -> Place:
    if kind == "category":
        return deck.branch_place(key, *keys, on_key=not keys)
    return deck.place(f"{kind}s", key, *keys, on_key=not keys)
