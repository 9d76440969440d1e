"""A deck and templates to notes: one note for each cause, one for each list of the category tree."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from generator.cards.environment import make_environment
from generator.cards.families import Occasion, choose, occasions
from generator.cards.faults import template_fault
from generator.cards.lists import list_members
from generator.cards.markdown import render_markdown
from generator.cards.note_types import Design
from generator.cards.references import Citations
from generator.diagnostics import Diagnostic
from generator.model import Branch, Deck, Templates
from generator.notes import Media, Note, NoteSet, Withheld

Ordinals = Mapping[tuple[str, str], Mapping[str, int]]
"""Cloze numbers that earlier builds gave: by note type and key, then by the part of the list."""
Progress = Callable[[Iterable[Any], int], Iterable[Any]]

ROOT = "/"
"""The key of the note of the whole tree."""


@dataclass(frozen=True)
class Draft:
    """A note before its fields are made: what names it, where it stands, what its templates may use."""

    note_type: str
    key: str
    branch: Branch | None
    variables: Mapping[str, Any]
    tags: tuple[str, ...] = ()
    ordinals: Mapping[str, int] | None = None
    was: tuple[str, ...] = ()


def render_notes(
    deck: Deck, templates: Templates, owner: str, ordinals: Ordinals, progress: Progress
) -> tuple[NoteSet | None, tuple[Diagnostic, ...]]:
    """Return all notes of a deck that `check` has passed, or what is wrong with the templates.

    `owner` tells a project's changed note types from any other's. `progress` takes the notes to make and their number,
    and gives them on.
    """
    try:
        return _Renderer(deck, templates, owner).render(ordinals, progress), ()
    except Exception as error:
        if fault := template_fault(error, templates):
            return None, (fault,)
        raise


class _Renderer:
    def __init__(self, deck: Deck, templates: Templates, owner: str) -> None:
        self._deck = deck
        self._words = _words(deck, templates)
        environment = make_environment(templates)
        self._designs = {key: Design(environment, templates, key, owner) for key in ("category", "cause")}
        self._root_tag = "-".join(deck.settings.finding.name.casefold().split())
        tops = (branch.category for branch in deck.tree.values() if branch.parent and not branch.parent.path)
        self._common = {
            "deck": deck.settings,
            "finding": deck.settings.finding,
            "words": SimpleNamespace(**{key.replace("-", "_"): phrase for key, phrase in self._words.items()}),
            "classes": [category for category in tops if category.listed],
        }

    def render(self, ordinals: Ordinals, progress: Progress) -> NoteSet:
        drafts, withheld = self._drafts(ordinals)
        notes = tuple(note for note in map(self._note, progress(drafts, len(drafts))) if note.cards)
        used = {name for note in notes for name in note.media}
        return NoteSet(
            deck=self._deck.settings.deck,
            description=self._description(),
            note_types={key: design.note_type for key, design in self._designs.items()},
            notes=notes,
            media=tuple(Media(m.packed, m.file) for m in self._deck.media.values() if m.packed in used),
            withheld=withheld,
            tree={self._tag(branch): branch.category.name for branch in self._deck.tree.values()},
            show=lambda note, ordinal: self._designs[note.note_type].show(note.fields, ordinal),
            renamed={(draft.note_type, draft.key): draft.was for draft in drafts if draft.was},
        )

    def _drafts(self, ordinals: Ordinals) -> tuple[list[Draft], tuple[Withheld, ...]]:
        drafts: list[Draft] = []
        withheld: list[Withheld] = []
        for branch in self._deck.tree.values():
            key = branch.path or ROOT
            known = _known(ordinals, "category", key, branch.formers)
            members = list_members(self._deck, branch, known)
            if isinstance(members, str):
                withheld.append(Withheld(key, "list", members))
            elif members:
                variables = {"category": branch.category, "list": members}
                numbers = {member.key: member.number for member in members.members}
                drafts.append(Draft("category", key, branch, variables, (), numbers, branch.formers))
        for occasion in occasions(self._deck):
            families, reasons = choose(occasion)
            withheld += [Withheld(occasion.key, card, reason) for card, reason in reasons]
            drafts.append(self._cause(occasion, families))
        return drafts, tuple(withheld)

    def _cause(self, it: Occasion, families: tuple[str, ...]) -> Draft:
        cause, facets = it.cause, self._deck.settings.facets
        variables = {
            "cause": cause,
            "families": families,
            "facets": [
                (facets[name].name, [facets[name].values[value] for value in values])
                for name, values in cause.facets.items()
            ],
            "rivals": [(self._deck.causes[key].cause, contrast) for key, contrast in cause.versus.items()],
        }
        branch = self._deck.tree[cause.category] if cause.category else None
        return Draft("cause", it.key, branch, variables, cause.tags, None, cause.was)

    def _note(self, draft: Draft) -> Note:
        citations = Citations(self._deck.sources)
        pictures: list[str] = []

        def picture(name: str) -> str:
            pictures.append(self._deck.media[name].packed)
            return pictures[-1]

        design = self._designs[draft.note_type]
        values = design.values({
            **self._common,
            **draft.variables,
            "key": draft.key,
            "trail": [branch.category for branch in draft.branch.trail] if draft.branch else [],
            "render_text": lambda text: render_markdown(text, citations.cite, picture),
            "citations": citations,
            "picture": picture,
        })  # fmt: skip
        return Note(
            key=draft.key,
            note_type=draft.note_type,
            fields=values,
            tags=self._tags(draft),
            cards=design.cards(values),
            ordinals=draft.ordinals or {},
            media=tuple(pictures),
        )

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
        return "".join(f"<p>{part}</p>" for part in html)


def _known(ordinals: Ordinals, note_type: str, key: str, formers: Iterable[str]) -> Mapping[str, int]:
    """The cloze numbers that a note has had, under its key or a former one."""
    return next((known for k in (key, *formers) if (known := ordinals.get((note_type, k)))), {})


def _words(deck: Deck, templates: Templates) -> dict[str, str]:
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
