"""`aetia explain`: the reference, built from the models, the table of kinds, the phrases and the catalogue of codes."""

import re
import types
from collections import abc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from generator.diagnostics import Code
from generator.load.codes import load_codes
from generator.load.templates import load_templates
from generator.model.choice import CardChoice, DeckCards
from generator.model.entries import (
    Category,
    Cause,
    Contrast,
    DeckFile,
    Example,
    Facet,
    Finding,
    Hallmark,
    Image,
    LintSetting,
    Mechanism,
    OwnNote,
    Question,
    Review,
    TimeCourse,
)
from generator.model.kinds import KINDS, CardKind
from generator.model.sources import Source
from generator.model.stock import Stock
from generator.model.style import Shade, Style
from generator.model.syllabus import Claim, Correction, SyllabusFile
from generator.model.table import TableFile
from generator.model.templates import NoteTypeFile
from generator.resources import bundled

FILES: Mapping[str, Mapping[str, type[BaseModel]]] = {
    "deck.yaml": {
        "deck": DeckFile, "deck.cards": DeckCards, "finding": Finding, "category": Category, "hallmark": Hallmark,
        "facet": Facet, "style": Style, "style.day": Shade, "lints": LintSetting,
    },
    "causes/*.yaml": {
        "cause": Cause, "mechanism": Mechanism, "time-course": TimeCourse, "example": Example, "contrast": Contrast,
        "question": Question, "image": Image, "cards": CardChoice, "review": Review, "note": OwnNote,
    },
    "syllabus.yaml": {"syllabus": SyllabusFile, "claim": Claim, "correction": Correction},
    "sources.yaml": {"source": Source},
    "table.yaml": {"table": TableFile},
    "templates/": {"notetype": NoteTypeFile, "stock": Stock},
}  # fmt: skip
"""The mappings that authors write, by the file in which they mostly are and the name under which they are explained."""
MODELS = {name: model for models in FILES.values() for name, model in models.items()}

EXAMPLES: Mapping[str, str] = {
    "deck.cards": "cards: {add: [reverse, onset], skip: [list], if-reviewed: []}",
    "deck.words": 'words: {ask-mechanism: "{cause}: how did it {effect}?"}',
    "finding": "finding: {name: Fever, effect: raise the temperature}",
    "category": "categories: {drugs: {name: Drugs, listed: true, children: {new: {name: New drugs}}}}",
    "facet": "facets: {line: {name: Cell line, ask: Which line falls?, values: {n: Neutrophils}}}",
    "style": 'style: {font: Georgia, day: {accent: "#a33b12"}}',
    "style.day": 'style: {day: {accent: "#a33b12"}, night: {accent: "#e8935f"}}',
    "lints": "lints: {no-source: off, too-long: {severity: error, limits: {answer-words: 20}}}",
    "cause": "causes: {siadh: {cause: SIADH, mechanism: Vasopressin acts despite low tonicity}}",
    "mechanism": "mechanism: {summary: A metabolite injures neutrophils, certainty: hypothesised}",
    "time-course": "time-course: {onset: In the first 18 weeks, recovery: By day 28}",
    "example": "examples: [{name: Dapsone, classic: true}, Sulfasalazine]",
    "contrast": "versus: {siadh: {on: volume, here: Depleted, there: Normal}}",
    "question": "questions: {same-day: {ask: Which test on the day of a fever?, answer: The neutrophil count}}",
    "image": "image: {file: clozapine.svg, alt: The molecule}",
    "cards": "cards: {add: [onset], skip: [clue]}",
    "review": "review: {state: reviewed, by: Dr Ada Root, on: 2026-11-24}",
    "note": "notes: {quote: {osler: {Quote: Listen to your patient, Who: William Osler}}}",
    "claim": "claims: {A1: {claim: A fever needs a blood count, kind: statement}}",
    "correction": "corrections: {E1: {says: Cold causes colds, correct: Viruses cause colds, common: true}}",
    "source": "references: [{id: curtis2017, type: article-journal, DOI: 10.1182/asheducation-2017.1.187}]",
}
"""How mappings are written in their files, by the name under which they are explained."""

_PLAIN: Mapping[type, str] = {str: "text", bool: "`true` or `false`", int: "a whole number", float: "a number"}


@dataclass(frozen=True)
class Key:
    """A key of an author's file: its path, its description, what it takes, and whether it is required.

    `see` are the mappings that it takes. `example` shows one of these.
    """

    path: str
    says: str
    takes: str
    needed: bool
    see: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True)
class Mapped:
    """A mapping in an author's file and its keys. `example` shows it as it is written there."""

    name: str
    says: str
    keys: tuple[Key, ...]
    example: str = ""


@dataclass(frozen=True)
class Phrase:
    """A phrase on cards by the key that `words` takes, in each language."""

    key: str
    texts: Mapping[str, str]


Topic = Code | CardKind | Mapped | Key | Phrase


def explain(name: str) -> tuple[Topic, ...]:
    """Return every topic of a name: a kind of card, a key, a phrase, a code.

    A key is also found by its last part, `cause.classic` by `classic`, unless a mapping has that name.
    """
    named = tuple(topic for _, known, topic in _all() if known == name)
    if any(isinstance(topic, Mapped) for topic in named):
        return named
    keys = (topic for _, _, topic in _all() if isinstance(topic, Key))
    return (*named, *(key for key in keys if key.path.rpartition(".")[2] == name))


def list_topics() -> Mapping[str, tuple[str, ...]]:
    """Return the names of all topics by their group."""
    groups: dict[str, list[str]] = {}
    for group, name, _ in _all():
        groups.setdefault(group, []).append(name)
    return {group: tuple(names) for group, names in groups.items() if group != "one key"}


def list_group(group: str) -> Mapping[str, str]:
    """Return the topics of a group, each with a short description, or nothing if there is no such group."""
    return {name: _about(topic) for known, name, topic in _all() if known == group}


def topic_names() -> tuple[str, ...]:
    """Return every name that can be explained."""
    return (*list_topics(), *dict.fromkeys(name for _, name, _ in _all()))


@cache
def _all() -> tuple[tuple[str, str, Topic], ...]:
    return (
        *(("kinds", kind.name, kind) for kind in KINDS),
        *_keys(),
        *(("phrases", phrase.key, phrase) for phrase in _phrases()),
        *(("codes", name, code) for name, code in load_codes().items()),
    )


def _about(topic: Topic) -> str:
    match topic:
        case CardKind():
            return f"{topic.front} → {topic.answer}"
        case Code():
            return f"{topic.severity}{', lint' if topic.lint else ''}: {topic.title}"
        case Phrase():
            return topic.texts["en"]
        case Mapped() | Key():
            return topic.says


def _keys() -> Iterator[tuple[str, str, Topic]]:
    for name, model in MODELS.items():
        keys = tuple(_key(name, key, field) for key, field in model.model_fields.items())
        yield "keys", name, Mapped(name, " ".join((model.__doc__ or "").split()), keys, EXAMPLES.get(name, ""))
        yield from (("one key", key.path, key) for key in keys)


def _key(owner: str, name: str, field: FieldInfo) -> Key:
    written = field.alias or name
    takes = _takes(field.annotation)
    found = dict.fromkeys(re.findall(r"the keys of `([^`]+)`", takes))
    see = tuple(known for known in found if known != f"{owner}.{written}")
    known = (*(EXAMPLES.get(name, "") for name in see), *(kind.example for kind in KINDS if see))
    example = next((text for text in known if text.startswith(f"{written}: ")), "")
    path = f"{owner}.{written}"
    return Key(path, field.description or "", takes, field.is_required(), see, EXAMPLES.get(path, example))


def _takes(annotation: Any) -> str:
    """Return what a key takes, in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        forms = (part for part in arguments[1:] if isinstance(part, BeforeValidator))
        form = next(forms, None) if get_origin(arguments[0]) is abc.Mapping else None
        return _takes(form.json_schema_input_type if form else arguments[0])
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_takes(part) for part in arguments if part is not type(None)))
    if origin is Literal:
        return " or ".join(f"`{str(value).lower() if value is False else value}`" for value in arguments)
    if origin is tuple:
        several = len(arguments) == 2 and arguments[1] is Ellipsis
        return f"one or a list of: {_takes(arguments[0])}" if several else f"[{', '.join(map(_takes, arguments))}]"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"keys, each with {_takes(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = next((name for name, model in MODELS.items() if model is annotation), annotation.__name__.lower())
        short = getattr(annotation, "shorthand", None)
        return f"the keys of `{name}`" + (f", or only its `{short}`" if short else "")
    return _PLAIN.get(annotation, str(getattr(annotation, "__name__", annotation)))


def _phrases() -> Iterator[Phrase]:
    templates, _ = load_templates(bundled("templates"), None)
    for key in templates.words["en"]:
        yield Phrase(key, {language: words[key] for language, words in templates.words.items() if key in words})
