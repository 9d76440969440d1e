"""The notes of cards on request, one note each, so that asking for a kind changes no existing note."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from generator.cards.causes import facet_slots, facet_values, is_known
from generator.cards.drafts import Draft, Making, or_skip
from generator.cards.numbers import number_members
from generator.cards.phrases import fill, listed
from generator.cards.writer import Writer
from generator.diagnostics import KeyPath
from generator.model.choice import CardChoice
from generator.model.deck import Branch
from generator.model.entries import Cause, Question, Review
from generator.model.kinds import kind_of_template
from generator.model.notes import Card, EntryRef, NoteId

_SHOWN = range(3, 6)
"""How many causes a card can show for their category."""
_HALF = 0.5
"""If one value answers more than this share of a facet's cards, they become guesses."""
_FEW = 4
"""Up to this many cards of a facet, a share says nothing."""


class Part(NamedTuple):
    """A field of a note: its name, its text, and how the text is written."""

    field: str
    text: str
    write: Callable[[Writer, str], str]


@dataclass(frozen=True)
class DetailNote:
    """The content of the note of a card on request."""

    subject: str
    parts: tuple[Part, ...]
    sources: tuple[str, ...]
    review: Review


def write_detail(writer: Writer, note: DetailNote) -> dict[str, str]:
    """Return the fields of a card on request."""
    fields = {part.field: part.write(writer, part.text) for part in note.parts}
    return {"Subject": writer.plain(note.subject), **fields, **writer.backing(note.sources, note.review)}


def draft_details(making: Making) -> Iterator[Draft]:
    """Yield a note for each card that the author asks for."""
    for key, cause in making.deck.causes.items():
        for kind, draft in _CAUSE_KINDS:
            if making.asks(kind, cause.cards):
                yield from draft(making, key, cause)
    yield from _facets(making)
    for branch in making.deck.tree.values():
        if branch.path:
            yield from _branch(making, branch)
    yield from _misconceptions(making)


class Asking(NamedTuple):
    """What a card asks: question, cue and answer, and where the last two are in their entry."""

    ask: str
    cue: str
    answer: str
    cue_at: KeyPath
    answer_at: KeyPath


def _of_cause(making: Making, name: str, key: str, parts: tuple[Part, ...], asking: Asking) -> Draft:
    """Return the note of one card of a cause; `name` is the name of its template."""
    cause, entry = making.deck.causes[key], EntryRef("causes", key)
    return Draft(
        NoteId("detail", f"{key}/{name}"),
        write_detail,
        DetailNote(cause.cause, parts, cause.sources, cause.review),
        (entry,),
        cause.review,
        (_card(making, name, asking, entry),),
        making.branch_of(cause.category),
        cause.tags,
        was=tuple(f"{former}/{name}" for former in cause.was),
    )


def _card(making: Making, name: str, asking: Asking, entry: EntryRef) -> Card:
    ordinal, kind = making.ordinal("detail", name), kind_of_template("detail", name)
    return Card(ordinal, kind, asking.ask, asking.cue, asking.answer, entry, asking.cue_at, asking.answer_at)


def _plain_kind(kind: str, field: str, at: KeyPath) -> Callable[[Making, str, Cause], Iterator[Draft]]:
    """Yield cards that ask for one text of a cause."""

    def draft(making: Making, key: str, cause: Cause) -> Iterator[Draft]:
        text = _text_at(cause, at)
        if not text:
            making.missing(kind, EntryRef("causes", key), cause.cards, f"`{'.'.join(map(str, at))}`")
        elif _wanted(making, kind, key, cause, at):
            ask = fill(making.words[f"ask-{kind}"], cause=cause.cause)
            parts = (Part(field, text, Writer.text),)
            yield _of_cause(making, kind, key, parts, Asking(ask, "", text, ("cause",), at))

    return draft


def _wanted(making: Making, kind: str, key: str, cause: Cause, at: KeyPath) -> bool:
    """Return whether a cause that has what a kind needs gets the card. One that learners have stays.

    Taken away when a review lapses, it would stay with them as it was, and say for ever that it was reviewed.
    """
    if _exists(making, kind, key, cause) or making.wants(kind, cause.cards, cause.review):
        return True
    if kind in (*cause.cards.add, *cause.cards.only):
        reason = "only reviewed entries get one"
        freed = making.deck.settings.cards.unreviewed_too(kind)
        mend = or_skip(f"have the entry reviewed, or write {freed} under `cards` in deck.yaml", kind)
        making.withhold(kind, EntryRef("causes", key), at, reason, mend)
    return False


def _exists(making: Making, kind: str, key: str, cause: Cause) -> bool:
    """Return whether an earlier build made the card of this kind for a cause."""
    formers = tuple(f"{former}/{kind}" for former in cause.was)
    return making.exists(NoteId("detail", f"{key}/{kind}"), kind, formers)


def _text_at(cause: Cause, at: KeyPath) -> str | None:
    value: object = cause
    for key in at:
        value = getattr(value, str(key).replace("-", "_"), None)
    return value if isinstance(value, str) else None


def _reverse(making: Making, key: str, cause: Cause) -> Iterator[Draft]:
    entry, mechanism = EntryRef("causes", key), cause.mechanism
    text, at = (mechanism.described, "described") if mechanism.described else (mechanism.summary, "summary")
    if not text or not is_known(cause):
        making.missing("reverse", entry, cause.cards, "mechanism that is known")
        return
    if not _wanted(making, "reverse", key, cause, ("mechanism", at)):
        return
    word = making.deck.stems.given_away(text, (cause.cause, *cause.aka), making.common)
    known = _exists(making, "reverse", key, cause)
    reason = "the mechanism gives its cause away"
    mend = or_skip("change the text" if mechanism.described else "say it in other words in `described`", "reverse")
    if word and not making.withhold("reverse", entry, ("mechanism", at), reason, mend, word=word, known=known):
        return
    parts = (Part("Described", text, Writer.text),)
    ask = making.words["ask-reverse"]
    asking = Asking(ask, text, cause.cause, ("mechanism", at), ("cause",))
    yield _of_cause(making, "reverse", key, parts, asking)


def _category(making: Making, key: str, cause: Cause) -> Iterator[Draft]:
    entry, branch = EntryRef("causes", key), making.branch_of(cause.category)
    if branch is None or not branch.category.asked:
        making.missing("category", entry, cause.cards, "category that is `asked`")
        return
    if not _wanted(making, "category", key, cause, ("category",)):
        return
    known, name = _exists(making, "category", key, cause), branch.category.name
    word = making.deck.stems.given_away(cause.cause, (name,), making.common)
    if cause.also_in:
        reason, mend = "it also belongs to another category, so two answers are right", "take `also-in` away"
        made = making.withhold("category", entry, ("also-in",), reason, or_skip(mend, "category"), known=known)
    else:
        reason, mend = "the name gives the category away", or_skip("change one of the names", "category")
        made = not word or making.withhold("category", entry, ("category",), reason, mend, word=word, known=known)
    if made:
        ask = fill(making.words["ask-category"], cause=cause.cause)
        parts = (Part("Category", name, Writer.plain),)
        yield _of_cause(making, "category", key, parts, Asking(ask, "", name, ("cause",), ("category",)))


_CAUSE_KINDS: tuple[tuple[str, Callable[[Making, str, Cause], Iterator[Draft]]], ...] = (
    ("reverse", _reverse),
    ("category", _category),
    ("onset", _plain_kind("onset", "Onset", ("time-course", "onset"))),
    ("peak", _plain_kind("peak", "Peak", ("time-course", "peak"))),
    ("recovery", _plain_kind("recovery", "Recovery", ("time-course", "recovery"))),
    ("dose", _plain_kind("dose", "Dose", ("dose",))),
    ("check", _plain_kind("check", "Check", ("first-check",))),
)


def _facets(making: Making) -> Iterator[Draft]:
    """Yield the cards of each facet with a question, unless one answer would fit most of them."""
    for name, slot in facet_slots(making).items():
        facet = making.deck.settings.facets[name]
        if not facet.ask:
            continue
        asked = [
            (key, cause, listed(facet_values(making, cause, {name: slot})[slot]))
            for key, cause in making.deck.causes.items()
            if name in cause.facets and making.wants("facet", cause.cards, cause.review)
        ]
        if not asked:
            continue
        answers = Counter(answer for _, _, answer in asked)
        usual, count = answers.most_common(1)[0]
        for key, cause, answer in asked:
            entry, at = EntryRef("causes", key), ("facets", name)
            exists = _exists(making, f"facet-{slot}", key, cause)
            if len(asked) > _FEW and count > _HALF * len(asked) and answer == usual and not exists:
                reason = f"“{usual}” answers {count} of the {len(asked)} cards of this facet"
                mend = "choose values that divide the causes more evenly"
                making.withhold("facet", entry, at, reason, or_skip(mend, "facet"))
                continue
            parts = (Part(f"Facet {slot}", answer, Writer.plain),)
            asking = Asking(facet.ask, cause.cause, answer, ("cause",), at)
            yield _of_cause(making, f"facet-{slot}", key, parts, asking)


def _branch(making: Making, branch: Branch) -> Iterator[Draft]:
    """Yield the cards on what the causes of a branch have in common, and on what distinguishes it from its siblings."""
    category = branch.category
    common = category.definition
    if common and (numbers := _shown(making, branch)) and making.wants("common", CardChoice(), category.review):
        names = listed(sorted((making.deck.causes[key].cause for key in numbers), key=str.casefold))
        parts = (Part("Shown", names, Writer.plain), Part("Definition", common, Writer.text))
        asking = Asking(making.words["ask-common"], names, common, (), ("definition",))
        yield replace(_of_branch(making, branch, "common", parts, asking), numbers=numbers)
    hallmark = category.hallmark
    if hallmark and branch.parent and making.wants("hallmark", CardChoice(), category.review):
        around = branch.parent.category.children
        siblings = listed(around[key].name for key in hallmark.from_ if key in around)
        parts = (Part("Siblings", siblings, Writer.plain), Part("Hallmark", hallmark.is_, Writer.text))
        ask = fill(
            making.words["ask-hallmark" if siblings else "ask-hallmark-of-all"], branch=category.name, siblings=siblings
        )
        at = ("hallmark", "is")
        yield _of_branch(making, branch, "hallmark", parts, Asking(ask, "", hallmark.is_, ("name",), at))


def _shown(making: Making, branch: Branch) -> dict[str, int]:
    """Return the causes that are shown for their branch, each with a number by which a later build recognises it.

    Causes that learners have seen stay, so that a new cause changes no card.
    """
    causes = making.deck.causes
    inside = {key: causes[key].was for key in making.deck.inside.get(branch.path, ()) if key in causes}
    id_ = NoteId("detail", f"/{branch.path}/common")
    formers = tuple(f"/{former}/common" for former in branch.formers)
    known = making.known_numbers(id_, formers)
    seen = [key for key, was in inside.items() if known.keys() & {key, *was}]
    classic = [key for key in inside if causes[key].classic]
    stays = len(seen) > 1 and making.existing(id_, formers)
    shown = seen if stays else next((keys for keys in (seen, classic, [*inside]) if len(keys) in _SHOWN), [])
    return number_members({key: inside[key] for key in shown}, known, first=1)


def _of_branch(making: Making, branch: Branch, kind: str, parts: tuple[Part, ...], asking: Asking) -> Draft:
    category, entry = branch.category, EntryRef("categories", branch.path)
    return Draft(
        NoteId("detail", f"/{branch.path}/{kind}"),
        write_detail,
        DetailNote(category.name, parts, (), category.review),
        (entry,),
        category.review,
        (_card(making, kind, asking, entry),),
        branch,
        was=tuple(f"/{former}/{kind}" for former in branch.formers),
    )


def _misconceptions(making: Making) -> Iterator[Draft]:
    """Yield a card for each correction of a common error, from the first entry that names it."""
    deck = making.deck
    told: set[str] = set()
    for kind, key, entry in deck.entries:
        number = entry.correction
        if number is None or number in told or not isinstance(entry, Cause | Question):
            continue
        correction = deck.syllabus.corrections[number]
        if not correction.common or not making.wants("misconception", entry.cards, entry.review):
            continue
        told.add(number)
        ref = EntryRef(kind, key)
        name = entry.cause if isinstance(entry, Cause) else entry.ask
        parts = (
            Part("Misconception", correction.says, Writer.text),
            Part("Correction", correction.correct, Writer.text),
        )
        ask = making.words["ask-misconception"]
        asking = Asking(ask, correction.says, correction.correct, ("correction",), ("correction",))
        subject = DetailNote(name, parts, (), entry.review)
        branch = making.branch_of(entry.category)
        yield Draft(NoteId("detail", f"{number.lower()}/misconception"), write_detail, subject, (ref,), entry.review,
                    (_card(making, "misconception", asking, ref),), branch, entry.tags)  # fmt: skip
