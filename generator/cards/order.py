"""The order in which learners meet the notes of a deck."""

from collections.abc import Iterable

from generator.cards.drafts import Draft
from generator.model.deck import Deck
from generator.model.notes import EntryRef

_TURNS = {"list": 0, "picture": 1, "cause": 2, "question": 3, "detail": 4, "contrast": 5}
"""The order of a branch's notes, by note type."""
_TURNS_OF_CAUSE = ("cause", "question", "list", "detail")
"""The order of a cause's notes, by note type. The list is that of its steps."""


def in_learning_order(deck: Deck, drafts: Iterable[Draft]) -> list[Draft]:
    """Return drafts branch by branch down the tree. A contrast comes after both of its ends."""
    depth = {path: number for number, path in enumerate(deck.tree)}
    causes = {key: (depth[cause.category or ""], number) for number, (key, cause) in enumerate(deck.causes.items())}

    def met(entry: EntryRef) -> int:
        return causes[entry.key][0] if entry.kind == "causes" else depth[entry.key]

    def turn(draft: Draft) -> tuple[int, int, int]:
        first = draft.entries[0]
        owner = (
            first.key if first.kind == "causes" else deck.owners.get(first.key, "") if first.kind == "questions" else ""
        )
        note_type = draft.id.note_type
        if note_type == "contrast":
            return max(map(met, draft.entries)), _TURNS[note_type], 0
        branch = depth[draft.branch.path] if draft.branch else 0
        if owner:  # the notes of a cause are together
            return (
                causes[owner][0] if not draft.branch else branch,
                _TURNS["cause"],
                causes[owner][1] * 8 + _TURNS_OF_CAUSE.index(note_type),
            )
        return branch, _TURNS.get(note_type, 4), 0

    return sorted(drafts, key=turn)
