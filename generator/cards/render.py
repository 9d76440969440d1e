"""Drafts and templates to notes: fields, cards, tags and the files that they need."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from generator.cards.drafts import Draft, Ordinals, draft_notes
from generator.cards.environment import make_environment
from generator.cards.faults import template_fault
from generator.cards.markdown import render_markdown
from generator.cards.note_types import CompiledNoteType
from generator.cards.references import Citations
from generator.cards.tree import Picture, draw_path
from generator.diagnostics import Diagnostic
from generator.model.deck import Branch, Deck
from generator.model.notes import Media, Note, NoteSet
from generator.model.templates import Templates

Progress = Callable[[Iterable[Any], int], Iterable[Any]]


@dataclass
class Memo:
    """The last rendering: a note whose draft is the same again is not rendered again.

    It holds for the same templates, settings, sources and media; whatever else a template can see is in the draft.
    """

    context: tuple[Any, ...] = ()
    designs: Callable[[str], CompiledNoteType] | None = None
    notes: Mapping[tuple[str, str], tuple[Draft, Note, Mapping[str, bytes]]] = field(default_factory=dict)


def render_notes(  # all that shapes a note, and the way to it
    deck: Deck, templates: Templates, owner: str, ordinals: Ordinals, progress: Progress, memo: Memo | None = None
) -> tuple[NoteSet | None, tuple[Diagnostic, ...]]:
    """Return all notes of a deck that `check` has passed, or what is wrong with the templates.

    `owner` tells a project's changed note types from any other's. `progress` takes the notes to make and their number,
    and gives them on. `memo` carries what can be used again from one call to the next.
    """
    try:
        return _Renderer(deck, templates, owner, memo or Memo()).render(ordinals, progress), ()
    except Exception as error:
        if fault := template_fault(error, templates):
            return None, (fault,)
        raise


def check_templates(templates: Templates) -> Iterator[Diagnostic]:
    """Yield what is wrong with the templates of a project as they stand, whatever the deck."""
    environment = make_environment(templates)
    for note_type in sorted(templates.own & templates.note_types.keys()):
        try:
            CompiledNoteType(environment, templates, note_type, "")
        except Exception as error:
            if fault := template_fault(error, templates):
                yield fault
            else:
                raise


class _Renderer:
    def __init__(self, deck: Deck, templates: Templates, owner: str, memo: Memo) -> None:
        context = (templates, owner, deck.settings, deck.sources, deck.media)
        if memo.context == context:
            deck = replace(deck, settings=memo.context[2])  # the same objects are found equal at once
        else:
            environment = cache(lambda trusted: make_environment(templates, trusted))
            memo.context, memo.notes = context, {}
            memo.designs = cache(
                lambda key: CompiledNoteType(environment(key not in templates.own), templates, key, owner)
            )
        self._memo = memo
        self._deck = deck
        self._words = deck_words(deck, templates)
        assert memo.designs
        self._design = memo.designs
        self._path_to = cache(lambda path: draw_path(deck.tree, path))
        self._root_tag = "-".join(deck.settings.finding.name.casefold().split())
        self._common = {
            "deck": deck.settings,
            "finding": deck.settings.finding,
            "words": SimpleNamespace(**{key.replace("-", "_"): phrase for key, phrase in self._words.items()}),
        }

    def render(self, ordinals: Ordinals, progress: Progress) -> NoteSet:
        drafts, withheld = draft_notes(self._deck, ordinals)
        made = {(draft.note_type, draft.key): self._remembered(draft) for draft in progress(drafts, len(drafts))}
        self._memo.notes = made
        notes = tuple(note for _, note, _ in made.values() if note.card_ordinals)
        used = {name for note in notes for name in note.media}
        files = (Media(media.packed, media.file) for media in self._deck.media.values())
        drawings = {name: content for _, _, art in made.values() for name, content in art.items()}
        drawn = (Media(name, content) for name, content in drawings.items())
        design = self._design  # `show` outlives the drafts, which take much memory
        return NoteSet(
            deck=self._deck.settings.deck,
            description=self._description(),
            note_types={key: self._design(key).note_type for key in dict.fromkeys(note.note_type for note in notes)},
            notes=notes,
            media=tuple(media for media in (*files, *drawn) if media.name in used),
            withheld=withheld,
            tree={self._tag(branch): branch.category.name for branch in self._deck.tree.values()},
            show=lambda note, ordinal: design(note.note_type).show(note.fields, ordinal),
            renamed={(draft.note_type, draft.key): draft.was for draft in drafts if draft.was},
        )

    def _remembered(self, draft: Draft) -> tuple[Draft, Note, Mapping[str, bytes]]:
        known = self._memo.notes.get((draft.note_type, draft.key))
        if known and known[0] == draft:
            return known
        art: dict[str, bytes] = {}
        return draft, self._note(draft, art), art

    def _note(self, draft: Draft, art: dict[str, bytes]) -> Note:
        citations = Citations(self._deck.sources)
        pictures: list[str] = []

        def picture(name: str) -> str:
            pictures.append(self._deck.media[name].packed)
            return pictures[-1]

        def drawn(picture: Picture) -> str:
            art[picture.name] = picture.svg.encode()
            pictures.append(picture.name)
            return picture.name

        design = self._design(draft.note_type)
        values = design.values({
            **self._common,
            "further": (),
            **draft.variables,
            "key": draft.key,
            "trail": [branch.category for branch in draft.branch.trail] if draft.branch else [],
            "render_text": lambda text: render_markdown(text, citations.cite, picture),
            "citations": citations,
            "picture": picture,
            "drawn": drawn,
            "review": draft.review,
            "where": self._path_to(draft.branch.path) if draft.branch and draft.branch.path else None,
            "report": self._report(draft.key),
        })  # fmt: skip
        return Note(
            key=draft.key,
            note_type=draft.note_type,
            fields=values,
            tags=self._tags(draft),
            card_ordinals=design.cards(values),
            cloze_numbers=draft.cloze_numbers or {},
            media=tuple(pictures),
            entries=draft.entries,
        )

    def _report(self, key: str) -> str | None:
        """The address to report an error at, with the entry's key filled in."""
        address, entry = self._deck.settings.report, quote(key, safe="")
        if address is None:
            return None
        if address.startswith(("http://", "https://")):
            return f"{address}{'&' if '?' in address else '?'}entry={entry}"
        name = quote(self._deck.settings.deck)
        return f"mailto:{address.removeprefix('mailto:')}?subject={name}%20{entry}"

    def _tags(self, draft: Draft) -> tuple[str, ...]:
        own = (tag if "::" in tag else f"{self._root_tag}::{tag}" for tag in draft.tags)
        return tuple(sorted({self._tag(draft.branch), *own}))

    def _tag(self, branch: Branch | None) -> str:
        path = branch.path.split("/") if branch and branch.path else ()
        return "::".join((self._root_tag, *path))

    def _description(self) -> str:
        settings = self._deck.settings
        parts = (settings.description, settings.notice or self._words["notice"])
        citations = Citations(self._deck.sources)
        html = [render_markdown(part, citations.cite, lambda name: name) for part in parts if part]
        if settings.version:
            html.append(f"{self._words['version']} {settings.version}")
        html.append(self._words["update-short"])
        return "".join(f"<p>{part}</p>" for part in html)


def deck_words(deck: Deck, templates: Templates) -> dict[str, str]:
    """The phrases on cards in the deck's language, or in English; the deck's own wording wins."""
    settings = deck.settings
    language = settings.language if settings.language in templates.words else settings.language.split("-")[0]
    phrases = {**templates.words["en"], **templates.words.get(language, {}), **settings.words}
    own = (("{finding}", settings.finding.name), ("{effect}", settings.finding.effect))
    return {key: _fill(phrase, own) for key, phrase in phrases.items()}


def _fill(phrase: str, own: Iterable[tuple[str, str]]) -> str:
    for mark, value in own:
        phrase = phrase.replace(mark, value)
    return phrase
