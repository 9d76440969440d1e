"""Find what a build would do that no package can undo. This is the last check before anything is written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.diagnostics import Diagnostic, Place
from generator.ledger.histories import HISTORY_CHECKS, find_mistaken_formers
from generator.ledger.lines import NoteTypeRecord
from generator.ledger.lock import FILE_NAME, Lock
from generator.ledger.stamp import Stamped
from generator.model.deck import Deck
from generator.model.notes import NoteField, NoteId
from generator.resources import project_templates
from generator.text.short import name_some
from generator.text.suggest import did_you_mean

_SMALL_DECK, _FEW = 10, 5
"""In decks with fewer notes, or if fewer notes are gone, the author can see it at a glance."""
_DAY = 86_400
_MERGE = (
    ". If some have it, also build with `--text`, and tell them to choose “Merge note types” when they import the "
    "package, and to import the text file after it: Anki asks them for a full sync, and whoever does not merge gets "
    "nothing"
)
"""What else it takes if a note type without spares only gained a field or card template, at the end."""


_NOTE_TYPES = {"causes": "cause", "questions": "question", "categories": "list"}
"""The note type of the note that has the key of an entry, by its kind."""


@dataclass(frozen=True)
class Drift:
    """A deck with the lock of its last build, and what a build at `now` would make of it.

    A deck whose lock is not in git is not `released`: nobody else can have it.
    """

    deck: Deck
    before: Lock
    stamped: Stamped
    now: int
    released: bool = True


def find_drift(drift: Drift, retire: bool) -> Iterator[Diagnostic]:
    """Yield what would harm learners. `retire` says that the author gives up what is gone."""
    for check in CHECKS:
        yield from check(drift)
    yield from find_mistaken_formers(drift.deck, drift.before, drift.stamped)
    if not retire:
        yield from _mass_retirement(drift)
        for look in HISTORY_CHECKS:
            yield from look(drift.deck, drift.before, drift.stamped)


def _foreign_lock(ctx: Drift) -> Iterator[Diagnostic]:
    id_, namespace = ctx.deck.settings.id, ctx.before.namespace
    if id_ and id_ != namespace:
        yield Diagnostic(
            "foreign-lock",
            f"deck.lock belongs to the deck with the id `{namespace}`, but this deck has the id `{id_}`",
            ctx.deck.place("id"),
            hint=f"if it is the same deck, write `id: {namespace}`, which learners have. "
            "If it is a copy of another deck, delete its deck.lock",
        )


def _renamed_deck(ctx: Drift) -> Iterator[Diagnostic]:
    old, new = ctx.before.deck, ctx.deck.settings.deck
    if old.casefold() != new.casefold():
        yield Diagnostic(
            "deck-renamed",
            f"the deck was called `{old}`; cards that learners have stay there, and only new ones go into `{new}`",
            ctx.deck.place("deck"),
            hint="keep the name, or tell learners to rename the deck in Anki before they import",
        )


def _clock(ctx: Drift) -> Iterator[Diagnostic]:
    if ctx.now and (ctx.stamped.added or ctx.stamped.changed) and ctx.before.newest > ctx.now + _DAY:
        yield Diagnostic(
            "lock-ahead-of-clock",
            f"deck.lock has times up to {(ctx.before.newest - ctx.now) // _DAY} days ahead of this machine's clock",
            Place(ctx.deck.folder / FILE_NAME),
            hint="set the clock; if an earlier build had it wrong, changes still arrive, but overwrite learners' edits",
        )


def _note_types(ctx: Drift) -> Iterator[Diagnostic]:
    for key, old in ctx.before.note_types.items():
        new, note_type = ctx.stamped.lock.note_types[key], ctx.stamped.release.notes.note_types.get(key)
        if not any(name == key for name, _ in ctx.before.notes):
            continue
        fields = note_type.fields if note_type else ()
        named = {field.lasting_id: field.name for field in fields}
        named |= {card.lasting_id: card.name for card in note_type.templates} if note_type else {}
        if changes := ", ".join(_schema_changes(old, new, named)):
            index = next((n for n, field in enumerate(fields) if field.lasting_id not in old.fields), None)
            file = project_templates(ctx.deck.folder) / "notetypes" / key / "notetype.yaml"
            own = Place(file, ("fields",) if index is None else ("fields", index), on_key=index is None)
            yield Diagnostic(
                "note-type-changed",
                f"the note type `{key}` {changes}: nothing of the release would reach the notes that learners have",
                own if file.is_file() else Place(ctx.deck.folder / FILE_NAME),
                hint=f"{_way_out(fields, index)}; or delete the line of the note type `{key}` from deck.lock, "
                f"if no learner has the deck yet{_MERGE if _can_merge(old, new, fields) else ''}",
            )


def _way_out(fields: Sequence[NoteField], gained: int | None) -> str:
    """Return what to do about a changed note type: use a spare field for the new one, if there is a spare."""
    spare = next((field.name for field in fields if field.spare), None)
    if spare is None:
        return "undo it; notes that need more can have a note type of their own (`aetia new notetype`)"
    if gained is None or fields[gained].spare:
        return "undo it and use a spare field or card template"
    return (
        f"write it last under `folded`, where the spare fields follow: `{{name: {fields[gained].name}, was: {spare}}}`"
    )


def _can_merge(old: NoteTypeRecord, new: NoteTypeRecord, fields: Sequence[NoteField]) -> bool:
    """Return whether Anki can merge two note types so that both have the parts in the same order."""
    parts = (old.fields, new.fields), (old.cards, new.cards)
    same = (old.id, old.cloze, old.sort_field) == (new.id, new.cloze, new.sort_field)
    return same and not any(field.spare for field in fields) and all(now[: len(was)] == was for was, now in parts)


def _schema_changes(old: NoteTypeRecord, new: NoteTypeRecord, named: Mapping[int, str]) -> Iterator[str]:
    """Yield what differs in the parts of two note types that Anki compares. `named` has the names of the new parts."""
    if old.id != new.id:
        yield f"is a different one now (`{new.name}`, id {new.id}; before: `{old.name}`, id {old.id})"
        return
    if old.cloze != new.cloze:
        yield "became a cloze note type" if new.cloze else "is no longer a cloze note type"
    for noun, before, after in (("field", old.fields, new.fields), ("card template", old.cards, new.cards)):
        if lost := set(before) - set(after):
            yield f"lost the {noun} with id {', '.join(map(str, sorted(lost)))}"
        if gained := [part for part in after if part not in before]:
            yield f"gained the {noun} {', '.join(f'`{named.get(part, part)}`' for part in gained)}"
        if not lost and not gained and before != after:
            yield f"has its {noun}s in another order"
    if old.sort_field != new.sort_field:
        yield "is sorted by another field"


def _unknown_former(ctx: Drift) -> Iterator[Diagnostic]:
    """Yield each new entry whose `was:` names no note of its note type. Entries without a note cannot be checked."""
    deck = ctx.deck
    entries = [
        *((kind, key, entry.was, deck.place(kind, key, "was")) for kind, key, entry in deck.entries),
        *(("categories", path, b.category.was, deck.branch_place(path, "was")) for path, b in deck.tree.items()),
    ]
    for kind, key, formers, place in entries:
        name = NoteId(*key.split("/", 1)) if kind == "notes" else NoteId(_NOTE_TYPES[kind], key)
        if not formers or not ctx.before.notes or name not in ctx.stamped.notes:
            continue
        known = {other.key for other in ctx.before.notes if other.note_type == name.note_type}
        if not known & {name.key, *formers}:
            yield _lacking(ctx, name, formers, known, place)


def _lacking(ctx: Drift, name: NoteId, formers: Sequence[str], known: Collection[str], place: Place) -> Diagnostic:
    other = next((other for other in ctx.before.notes if other.key in formers), None)
    if other is None:
        message = f"no build had the key `{formers[0]}`, so `{name.key}` has no identity to take over"
        return Diagnostic("unknown-former", message, place, hint=did_you_mean(formers[0], sorted(known)))
    return Diagnostic(
        "former-elsewhere",
        f"`{other.key}` was a note of the note type `{other.note_type}`, and Anki keeps a note in its note type; "
        f"so `{name.key}`, of `{name.note_type}`, cannot take over its identity",
        place,
        hint="remove this `was:`. Learners get a new note, and keep the old one until they delete it",
    )


def _mass_retirement(ctx: Drift) -> Iterator[Diagnostic]:
    live = sum(record.retired is None for record in ctx.before.notes.values())
    gone = [key for _, key in ctx.stamped.retired]
    if ctx.released and live >= _SMALL_DECK and len(gone) >= _FEW and 5 * len(gone) > live:
        yield Diagnostic(
            "mass-retirement",
            f"{len(gone)} of {live} notes would retire at once, more than a fifth: {name_some(gone)}",
            ctx.deck.place(),
            hint="if a file is missing, restore it; if entries were renamed, add `was: OLD-KEY` to them; "
            "if you gave them up, build with `--retire`",
        )


CHECKS = (_foreign_lock, _renamed_deck, _clock, _note_types, _unknown_former)
