"""The cloze notes: lists of categories and causes, their single blanks, and the steps of mechanisms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.cards.drafts import Draft, Making, or_skip
from generator.cards.numbers import number_members, number_steps
from generator.cards.phrases import fill, listed
from generator.cards.writer import Writer
from generator.model.choice import CardChoice
from generator.model.deck import Branch
from generator.model.entries import Category, Cause
from generator.model.notes import Card, EntryRef, NoteId
from generator.text.cloze import cloze_deletion

FEWEST, MOST = 2, 7
"""The fewest and the most members of a list that one card asks for."""
_FEWEST_BLANKS, _STEPS = 3, range(3, 7)
ROOT = "/"
"""The key of the notes of the whole tree."""


@dataclass(frozen=True)
class ListNote:
    """The content of the note of a list or of its blanks. `numbers` are empty for the whole list."""

    category: Category
    top: bool
    members: tuple[str, ...]
    numbers: tuple[int, ...] = ()


def draft_lists(making: Making) -> Iterator[Draft]:
    """Yield the note of each list that the author wants, and the note of its blanks."""
    for branch in making.deck.tree.values():
        if branch.category.listed:
            yield from _lists(making, branch)
    for key, cause in making.deck.causes.items():
        if making.asks("steps", cause.cards):
            yield from _steps(making, key, cause)


def _lists(making: Making, branch: Branch) -> Iterator[Draft]:
    category, entry = branch.category, EntryRef("categories", branch.path)
    members = _members(making, branch)
    key = branch.path or ROOT
    id_, blanks = NoteId("list", key), NoteId("list", f"{key}/blanks")
    was = tuple(f"{former}/blanks" for former in branch.formers)
    with_blanks = making.existing(blanks, was)
    existing = making.existing(id_, branch.formers) | with_blanks
    if not FEWEST <= len(members) <= MOST and not (members and existing):
        reason = f"a list has {FEWEST} to {MOST} members, and this one has {len(members)}"
        noun = "members" if branch.path else "top categories"
        mend = f"add {noun}" if len(members) < FEWEST else f"group the {noun} into branches"
        for kind in ("list", "blanks"):
            if making.wants(kind, CardChoice(), category.review):
                making.withhold(kind, entry, ("listed",), reason, f"{mend}, or take `listed` away")
        return
    names = tuple(members.values())
    kind = "categories" if category.children else "causes"
    inside = tuple(EntryRef(kind, f"{branch.path}/{m}".lstrip("/") if category.children else m) for m in members)
    name = "ask-ordered-list" if category.ordered else "ask-list"
    if making.wants("list", CardChoice(), category.review):
        ask = fill(making.words[name], branch=category.name, count=str(len(names)))
        card = Card(0, "list", ask, "", listed(names), entry, ("name",), ())
        note = ListNote(category, not branch.path, names)
        yield Draft(id_, write_list, note, (entry, *inside), category.review, (card,), branch, was=branch.formers)
    fillable = len(names) >= _FEWEST_BLANKS or with_blanks
    if fillable and making.wants("blanks", CardChoice(), category.review):
        numbers = number_members(_formers(making, category, members), making.known_numbers(blanks, was), first=1)
        ask = fill(making.words["ask-blanks"], branch=category.name)
        cards = tuple(
            Card(numbers[member] - 1, "blanks", ask, listed(n for m, n in members.items() if m != member), name, entry)
            for member, name in members.items()
        )
        note = ListNote(category, not branch.path, names, tuple(numbers[member] for member in members))
        yield Draft(
            blanks, write_list, note, (entry, *inside), category.review, cards, branch, numbers=numbers, was=was
        )


def write_list(writer: Writer, note: ListNote) -> dict[str, str]:
    """Return the fields of a list or of its blanks."""
    category = note.category
    numbers = note.numbers or (1,) * len(note.members)
    items = "".join(
        f"<li>{cloze_deletion(writer.plain(name), number)}</li>"
        for name, number in zip(note.members, numbers, strict=True)
    )
    tag = "ol" if category.ordered else "ul"
    field = "Blanks" if note.numbers else "Ordered List" if category.ordered else "List"
    fields = {
        "Title": writer.plain(category.name),
        field: f"<{tag}>{items}</{tag}>",
        "Top": "1" if note.top else "",
        "Count": str(len(note.members)),
        "Definition": writer.text(category.definition),
        "Mnemonic": writer.text(category.mnemonic),
        **writer.backing((), category.review),
    }
    fields["More"] = "1" if any(fields[name] for name in ("Definition", "Mnemonic", "Sources")) else ""
    return fields


def _members(making: Making, branch: Branch) -> dict[str, str]:
    """Return the names of the members of a branch by key: its branches or, if it has none, its causes."""
    children = {key: child.name for key, child in branch.category.children.items() if not child.aside}
    if children:
        return children
    causes = making.deck.causes
    keys = branch.category.members or making.deck.inside.get(branch.path, ())
    return {key: causes[key].cause for key in keys if key in causes}


def _formers(making: Making, category: Category, members: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the former keys of each member."""
    if category.children:
        return {key: tuple(path.rpartition("/")[2] for path in category.children[key].was) for key in members}
    return {key: making.deck.causes[key].was for key in members}


def _steps(making: Making, key: str, cause: Cause) -> Iterator[Draft]:
    entry, steps = EntryRef("causes", key), tuple(dict.fromkeys(cause.mechanism.steps))
    if not steps:
        making.missing("steps", entry, cause.cards, "list of `steps`")
        return
    if not making.wants("steps", cause.cards, cause.review):
        return
    id_, was = NoteId("list", f"{key}/steps"), tuple(f"{former}/steps" for former in cause.was)
    if len(steps) not in _STEPS and not making.existing(id_, was):
        reason = f"a mechanism to complete has {_STEPS.start} to {_STEPS.stop - 1} steps, and this one has {len(steps)}"
        mend = or_skip(f"write {_STEPS.start} to {_STEPS.stop - 1} steps", "steps")
        making.withhold("steps", entry, ("mechanism", "steps"), reason, mend)
        return
    numbers = number_steps(steps, making.known_numbers(id_, was))
    ask = fill(making.words["ask-steps"], cause=cause.cause)
    cards = tuple(
        Card(numbers[step] - 1, "steps", ask, "; ".join(s for s in steps if s != step), step, entry,
             ("mechanism", "steps"), ("mechanism", "steps", cause.mechanism.steps.index(step)))
        for step in steps
    )  # fmt: skip
    subject = StepsNote(cause, steps, tuple(numbers[step] for step in steps))
    branch = making.branch_of(cause.category)
    yield Draft(id_, write_steps, subject, (entry,), cause.review, cards, branch, cause.tags, numbers, was)


@dataclass(frozen=True)
class StepsNote:
    """The content of the note of the steps of a mechanism."""

    cause: Cause
    steps: tuple[str, ...]
    numbers: tuple[int, ...]


def write_steps(writer: Writer, note: StepsNote) -> dict[str, str]:
    """Return the fields of the steps of a mechanism."""
    items = "".join(
        f"<li>{cloze_deletion(writer.text(step), number)}</li>"
        for step, number in zip(note.steps, note.numbers, strict=True)
    )
    fields = {
        "Title": writer.plain(note.cause.cause),
        "Steps": f"<ol>{items}</ol>",
        **writer.backing(note.cause.sources, note.cause.review),
    }
    fields["More"] = fields["Sources"] and "1"
    return fields
