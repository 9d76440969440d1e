"""Make the notes of a deck: drafts in the order of learning, then their fields, cards, tags and files."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from generator.cards.causes import draft_causes, facet_slots
from generator.cards.contrasts import draft_contrasts
from generator.cards.details import draft_details
from generator.cards.drafts import Draft, Maker, Making, place_of, skipped_kinds
from generator.cards.environment import make_environment
from generator.cards.faults import template_fault
from generator.cards.foreign import ForeignNoteType
from generator.cards.lists import draft_lists
from generator.cards.markdown import constant, inert, plain, render_markdown
from generator.cards.note_types import CompiledNoteType, Setting, compile_note_type
from generator.cards.order import in_learning_order
from generator.cards.own import draft_own
from generator.cards.phrases import Asking, deck_words, direction
from generator.cards.picture import draft_tree
from generator.cards.questions import draft_questions
from generator.cards.references import Citations, format_source
from generator.cards.style import style_of
from generator.cards.writer import Writer
from generator.diagnostics import Diagnostic
from generator.model.choice import DeckCards
from generator.model.deck import Deck
from generator.model.kinds import KINDS
from generator.model.notes import Card, Media, Note, NoteId, NoteSet, Remembered
from generator.model.templates import SHARED_STYLE, Templates
from generator.text.anki_markup import strip_tags
from generator.text.cloze import SHAPE, show_cloze_only
from generator.text.html import without_citations

Progress = Callable[[Iterable[Any], int], Iterable[Any]]

MAKERS: tuple[Maker, ...] = (
    draft_lists,
    draft_tree,
    draft_questions,
    draft_causes,
    draft_details,
    draft_contrasts,
    draft_own,
)
"""The makers of the notes."""

_TAG = "tag"
"""The slot of the tag above all of the deck's tags. It stays as it was first: a new one would change every note."""


AnyNoteType = CompiledNoteType | ForeignNoteType


@dataclass
class Memo:
    """The last rendering, so that a note with the same draft is not written again.

    It is valid for the same templates, settings, sources and media. Everything else that a note depends on is in its
    draft.
    """

    context: tuple[Any, ...] = ()
    note_types: Callable[[str], AnyNoteType] | None = None
    notes: Mapping[NoteId, tuple[Draft, Note, Mapping[str, bytes]]] = field(default_factory=dict)


def render_notes(  # all that shapes a note
    deck: Deck,
    templates: Templates,
    namespace: str,
    remembered: Remembered,
    progress: Progress,
    *,
    ordinary: frozenset[str] = frozenset(),
    memo: Memo | None = None,
) -> tuple[NoteSet | None, tuple[Diagnostic, ...]]:
    """Return all notes of a deck that `check` has passed, or what is wrong with the templates.

    `namespace` goes into the ids of note types. `progress` wraps the iteration over the notes and gets their number.
    `ordinary` are words of the language that give no answer away. `memo` has what can be used again.
    """
    try:
        return _Renderer(deck, templates, namespace, remembered, memo or Memo()).render(ordinary, progress), ()
    except Exception as error:
        if fault := template_fault(error, templates):
            return None, (fault,)
        raise


def check_templates(deck: Deck, templates: Templates) -> Iterator[Diagnostic]:
    """Yield what is wrong with the templates of a project, whatever the deck's entries."""
    environment = make_environment(templates)
    setting = _setting(deck, templates, "", {})
    for note_type in sorted(templates.own & templates.note_types.keys()):
        try:
            compile_note_type(environment, templates, note_type, setting)
        except Exception as error:
            if fault := template_fault(error, templates):
                yield fault
            else:
                raise


def possible_kinds(deck: Deck, templates: Templates, ordinary: frozenset[str]) -> tuple[str, ...]:
    """Return the kinds of card on request that a deck has something for, whether its author asks for them or not."""
    names = tuple(kind.name for kind in KINDS if not kind.default)
    settings = deck.settings.model_copy(update={"cards": DeckCards.model_construct(add=names, if_reviewed=())})
    asking = _taught(replace(deck, settings=settings))
    making = Making(asking, Remembered(), deck_words(deck, templates), ordinary, templates.note_types)
    made = {card.kind for maker in MAKERS for draft in maker(making) for card in draft.cards}
    return tuple(name for name in names if name in made)


class _Renderer:
    def __init__(self, deck: Deck, templates: Templates, namespace: str, remembered: Remembered, memo: Memo) -> None:
        media = (
            {
                name: replace(m, packed=name) if _is_same(remembered.files.get(name), m.packed) else m
                for name, m in deck.media.items()
            }
            if remembered.files
            else deck.media
        )
        deck = replace(deck, media=media)
        context = (
            templates, namespace, deck.settings, deck.sources, media, remembered.slots, skipped_kinds(deck),
            deck.tells_reviews,
        )  # fmt: skip
        if memo.context == context:
            deck = replace(deck, settings=memo.context[2])  # the same objects are found equal at once
        else:
            environment = cache(lambda trusted: make_environment(templates, trusted))
            memo.context, memo.notes, memo.note_types = context, {}, None
            self._environment = environment
        self._memo, self._deck, self._templates = memo, deck, templates
        self._namespace, self._remembered = namespace, remembered
        self._words = deck_words(deck, templates)
        self._cited = cache(lambda key, place: format_source(deck.sources[key], place))
        first = "-".join(deck.settings.deck.rpartition("::")[2].casefold().split())
        self._root_tag = next(iter(remembered.slots.get(_TAG, {})), first)
        self._tag = cache(partial(_tag_of, self._root_tag))

    def render(self, ordinary: frozenset[str], progress: Progress) -> NoteSet:
        making = Making(_taught(self._deck), self._remembered, self._words, ordinary, self._templates.note_types)
        making.slots[_TAG] = {self._root_tag: 1}
        drafts = in_learning_order(making.deck, [draft for maker in MAKERS for draft in maker(making)])
        compiled = self._compiled(making)
        made = {draft.id: self._made(draft, compiled) for draft in progress(drafts, len(drafts))}
        self._memo.notes = made
        kept = (self._kept(draft, note, making) for draft, note, _ in made.values())
        notes = tuple(note for note in kept if note.card_ordinals)
        kinds = list(dict.fromkeys(note.note_type for note in notes))
        used = {name for note in notes for name in note.media}.union(*(compiled(kind).media for kind in kinds))
        files = self._files(used, any(compiled(kind).note_type.foreign for kind in kinds))
        drawings = {name: content for _, _, art in made.values() for name, content in art.items()}
        drawn = (Media(name, content) for name, content in drawings.items() if name in used)
        name = self._deck.settings.deck
        return NoteSet(
            deck=name,
            description=self._description(),
            note_types={kind: compiled(kind).note_type for kind in kinds},
            notes=notes,
            media=(*files, *drawn),
            withheld=tuple(making.withheld),
            doubted=tuple(making.doubted),
            waiting=dict(making.waiting),
            tree={self._tag(branch.path): branch.category.name for branch in self._deck.tree.values()},
            show=lambda note, ordinal: compiled(note.note_type).show(note.fields, ordinal, _special(name, note)),
            renamed={draft.id: draft.was for draft in drafts if draft.was},
            slots=making.slots,
            draft=self._words["draft"] if self._deck.tells_reviews else "",
        )

    def _files(self, used: Container[str], foreign: bool) -> Iterator[Media]:
        """Yield the files that cards show. Scripts of `foreign` note types may name others that begin with `_`."""
        for name, media in self._deck.media.items():
            if media.packed in used:
                yield Media(media.packed, media.file)
            elif foreign and name.startswith("_"):
                yield Media(name, media.file)

    def _compiled(self, making: Making) -> Callable[[str], AnyNoteType]:
        if self._memo.note_types is None:
            templates, environment = self._templates, self._environment
            setting = _setting(self._deck, templates, self._namespace, facet_slots(making))
            self._memo.note_types = cache(
                lambda key: compile_note_type(environment(key not in templates.own), templates, key, setting)
            )
            for key in sorted(templates.own & templates.note_types.keys()):
                self._memo.note_types(key)  # also finds faults of note types without a note in the deck
        return self._memo.note_types

    def _made(self, draft: Draft, compiled: Callable[[str], AnyNoteType]) -> tuple[Draft, Note, Mapping[str, bytes]]:
        known = self._memo.notes.get(draft.id)
        if known and known[0] == draft:
            return known
        note_type = compiled(draft.id.note_type)
        foreign = note_type.note_type.foreign
        writer = Writer(self._deck, self._cited, foreign)
        fields = {**draft.write(writer, draft.subject), **({} if foreign else {"Key": draft.id.key})}
        own = draft.id.note_type in self._templates.added
        if own:
            fields = {name: fields[name] for name in note_type.field_names if name in fields}
        values = note_type.values(fields)
        ordinals = note_type.cards(values)
        cards = tuple(_cards_of_own(note_type, values, ordinals, draft)) if own else draft.cards
        note = Note(
            key=draft.id.key,
            note_type=draft.id.note_type,
            fields=values,
            tags=self._tags(draft, foreign),
            card_ordinals=ordinals,
            cloze_numbers=draft.numbers,
            media=tuple(writer.media),
            entries=draft.entries,
            branch=place_of(draft.branch),
            unreviewed=draft.review.state == "draft",
            cards=tuple(card for card in cards if card.ordinal in ordinals),
            subdeck=draft.subdeck,
        )
        return draft, note, writer.drawn

    def _kept(self, draft: Draft, note: Note, making: Making) -> Note:
        """Return an own note with the cards that learners have, if its fronts are all empty, or say that it has none.

        Anki keeps a card with an empty front, so the entry still stands for a note of learners.
        """
        if note.card_ordinals or note.note_type not in self._templates.added:
            return note
        if ordinals := making.existing(draft.id, draft.was):
            return replace(note, card_ordinals=tuple(sorted(ordinals)))
        mend = f"name one in `templates/notetypes/{note.note_type}/`, as in `{{{{ field.Name }}}}`"
        making.withhold(note.note_type, draft.entries[0], (), "no front shows a field that the note fills", mend)
        return note

    def _tags(self, draft: Draft, foreign: bool) -> tuple[str, ...]:
        if foreign:
            return tuple(dict.fromkeys((*draft.tags, *([self._tag(draft.branch.path)] if draft.branch else []))))
        own = (tag if "::" in tag else f"{self._root_tag}::{tag}" for tag in draft.tags)
        return tuple(sorted({self._tag(draft.branch.path if draft.branch else ""), *own}))

    def _description(self) -> str:
        settings = self._deck.settings
        if settings.description and settings.description.html is not None:
            return settings.description.html
        description = settings.description.markdown if settings.description else None
        notice = self._words["notice"] if settings.notice is True else settings.notice
        citations = Citations(self._deck.sources)
        html = [render_markdown(p, citations.cite, lambda name: name) for p in (description, notice) if p]
        if settings.version:
            html.append(str(plain(f"{self._words['version']} {settings.version}")))
        html.append(str(plain(self._words["update-short"])))
        return "".join(f"<p>{part}</p>" for part in html)


def _is_same(packed: str | None, now: str) -> bool:
    """Return whether a file has the content that it had. Names in older locks lack the `_` at their beginning."""
    return packed is not None and packed.lstrip("_") == now.lstrip("_")


def _tag_of(root: str, path: str) -> str:
    return "::".join(filter(None, (root, *path.split("/"))))


def _special(deck: str, note: Note) -> Mapping[str, str]:
    """Return what Anki's own templates can show of a note besides its fields."""
    name = "::".join(filter(None, (deck, note.subdeck)))
    return {"Tags": " ".join(note.tags), "Deck": name, "Subdeck": name.rpartition("::")[2]}


def _cards_of_own(
    note_type: AnyNoteType, values: tuple[str, ...], ordinals: tuple[int, ...], draft: Draft
) -> Iterator[Card]:
    """Return what the cards of an own note ask, judged by their faces: the answer is what only the back shows."""
    texts = dict(zip(note_type.field_names, values, strict=True))
    written = {name: texts[name] for name in draft.subject.note.fields_ if texts.get(name)}
    for ordinal in ordinals:
        faces = note_type.show(values, ordinal)
        asked = [name for name, text in written.items() if text in faces.front]
        answered = [name for name, text in written.items() if text in faces.answer and name not in asked]
        ask, answer = _words_of(faces.front), " ".join(written[name] for name in answered)
        if note_type.cloze:
            answer = _deleted(values, ordinal + 1) or faces.answer
        if answer.startswith(SHAPE):  # a mask has no words
            ask = answer = f"{ask} · {ordinal + 1}"
        answer = answer or (faces.answer if note_type.note_type.foreign else "")
        yield Card(
            ordinal,
            note_type.note_type.key,
            ask,
            "",
            _words_of(answer),
            draft.entries[0],
            tuple(asked[:1]),
            tuple(answered[:1]),
        )


def _words_of(html: str) -> str:
    return strip_tags(without_citations(html)).strip()


def _deleted(values: Iterable[str], number: int) -> str:
    """Yield the texts of the cloze deletions with a number."""
    return ", ".join(filter(None, (show_cloze_only(value, number, hidden=False) for value in values)))


def _setting(deck: Deck, templates: Templates, namespace: str, slots: Mapping[str, int]) -> Setting:
    settings = deck.settings
    words = deck_words(deck, templates)
    cite = Citations(deck.sources)
    render = partial(render_markdown, cite=cite.cite, picture=lambda name: name)
    facets = {
        slot: (facet.name, inert(render(facet.ask)) if facet.ask else None)
        for name, slot in slots.items()
        if (facet := settings.facets.get(name))
    }
    limits = words["limits"] if settings.notice else None
    return Setting(
        namespace=namespace,
        deck=settings.deck.rpartition("::")[2],
        language=settings.language,
        direction=direction(settings.language),
        constants={
            "words": SimpleNamespace(**{key.replace("-", "_"): phrase for key, phrase in words.items()}),
            "ask": Asking(words),
            "deck": settings.deck,
            "finding": settings.finding.name,
            "limits": limits,
            "reviews": deck.tells_reviews,
            "report": _reporter(deck, words["report"]),
        },
        facets=facets,
        skipped=skipped_kinds(deck),
        style=style_of(settings.style, templates.texts[SHARED_STYLE]),
        files={name: media.packed for name, media in deck.media.items()},
    )


def _reporter(deck: Deck, words: str) -> Callable[[Any], Markup] | None:
    """Return a function that makes the link for reporting an error, with the note's key in it."""
    address = deck.settings.report
    if address is None:
        return None
    if address.startswith(("http://", "https://")):
        start = f"{address}{'&' if '?' in address else '?'}entry="
    else:
        start = f"mailto:{address.removeprefix('mailto:')}?subject={quote(deck.settings.deck)}%20"
    return lambda key: Markup(f'<a href="{constant(start)}{key.__html__()}">{constant(words)}</a>')


def _taught(deck: Deck) -> Deck:
    """Return the deck without its retracted entries, and without contrasts with them."""
    gone = deck.retracted
    if not gone:
        return deck
    causes = {key: cause for key, cause in deck.causes.items() if ("causes", key) not in gone}
    for key, cause in causes.items():
        versus = {rival: contrasts for rival, contrasts in cause.versus.items() if rival in causes}
        causes[key] = cause.model_copy(update={"versus": versus})
    return replace(
        deck,
        causes=causes,
        questions={key: question for key, question in deck.questions.items() if ("questions", key) not in gone},
        notes={key: note for key, note in deck.notes.items() if ("notes", key) not in gone},
    )
