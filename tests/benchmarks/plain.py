"""What one would write in an afternoon: PyYAML's C loader, Jinja and genanki, the same cards as Aetia makes.

It does not check, sanitise, number citations, remember or compress.
Run as `python -m tests.benchmarks.plain DECK FILE`.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import genanki
import yaml
from jinja2 import Environment
from markupsafe import Markup

_SOURCES = (
    "<ol>{% for s in cited %}<li>{{ s.author | map(attribute='family') | join(', ') }}. "
    "<i>{{ s.title }}</i>. {{ s['container-title'] }};{{ s.volume }}:{{ s.page }}. {{ s.DOI }}</li>{% endfor %}</ol>"
)
_MORE = "<details>{{Aka}}<p>{{Examples}}<p>{{Place}}<p>{{Facets}}<p>{{Onset}}<p>{{Pearl}}{{Sources}}</details>"
_CAUSE = {
    "Cause": "{{ c.cause }}",
    "Key": "{{ key }}",
    "Clue": "{{ c.clue | text }}",
    "Mechanism": "{{ c.mechanism.summary | text }}",
    "Steps": "<ol>{% for step in c.mechanism.steps %}<li>{{ step | text }}</li>{% endfor %}</ol>",
    "Certainty": "{{ c.mechanism.certainty }}",
    "Example": "{% for e in c.examples if e.classic %}{{ e.name }}{% endfor %}",
    "Aka": "{{ c.aka | join(', ') }}",
    "Examples": "{% for e in c.examples %}{{ e.name or e }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "Place": "{{ trail | join(' › ') }}",
    "Facets": "{% for name, values in c.facets.items() %}{{ facets[name].name }}: "
    "{% for value in values %}{{ facets[name]['values'][value] }}{% endfor %}<br>{% endfor %}",
    "Onset": "{% if c['time-course'] %}{{ c['time-course'].onset | text }}{% endif %}",
    "Pearl": "{{ c.pearl | text }}",
    "Sources": _SOURCES,
}
_CAUSE_CARDS = (
    ("clue", "{{#Clue}}{{Clue}}<p>Benchmark finding: what is the likely cause?{{/Clue}}", "{{Cause}}<p>{{Mechanism}}"),
    ("mechanism", "How can {{Cause}} bring the benchmark about?", "{{Mechanism}}{{Certainty}}{{Steps}}"),
    ("example", "{{#Example}}To which cause does {{Example}} belong?{{/Example}}", "{{Cause}}<p>{{Mechanism}}"),
)
_QUESTION = {
    "Question": "{{ c.ask | text }}",
    "Key": "{{ key }}",
    "Answer": "{{ c.answer | text }}",
    "Because": "{{ c.because | text }}",
    "Sources": _SOURCES,
}
_CONTRAST = {
    "First": "{{ names[0] }}",
    "Second": "{{ names[1] }}",
    "Key": "{{ key }}",
    "Axis": "{{ c.on }}",
    "First Side": "{{ c.here | text }}",
    "Second Side": "{{ c.there | text }}",
    "Sources": _SOURCES,
}
_LIST = {
    "Title": "{{ c.name }}",
    "Key": "{{ key }}",
    "List": "<ul>{% for child in c.children.values() %}"
    "<li>{{ '{{c1::%s}}' | format(child.name) | safe }}</li>{% endfor %}</ul>",
    "Definition": "{{ c.definition | text }}",
}
_DETAIL = {
    "Subject": "{{ c.cause }}",
    "Key": "{{ key }}",
    "Described": "{% if asked == 'reverse' %}{{ c.mechanism.summary | text }}{% endif %}",
    "Category": "{% if asked == 'category' %}{{ trail | last }}{% endif %}",
    "Onset": "{% if asked == 'onset' %}{{ c['time-course'].onset | text }}{% endif %}",
    "Line": "{% if asked == 'facet' %}{{ facets.line['values'][c.facets.line[0]] }}{% endif %}",
    "Sources": _SOURCES,
}
_DETAIL_CARDS = (
    ("reverse", "{{#Described}}Which cause?<p>{{Described}}{{/Described}}", "{{Subject}}{{Sources}}"),
    ("category", "{{#Category}}To which group does {{Subject}} belong?{{/Category}}", "{{Category}}{{Sources}}"),
    ("onset", "{{#Onset}}When does {{Subject}} begin?{{/Onset}}", "{{Onset}}{{Sources}}"),
    ("facet", "{{#Line}}{{Subject}}: which line?{{/Line}}", "{{Line}}{{Sources}}"),
)
_STEPS = {
    "Title": "{{ c.cause }}",
    "Key": "{{ key }}",
    "List": "<ol>{% for step in c.mechanism.steps %}"
    "<li>{{ '{{c%s::%s}}' | format(loop.index, step | text) | safe }}</li>{% endfor %}</ol>",
    "Definition": "",
}
Card = tuple[str, str, str]
"""The name of a card template, its front, and its back below the line."""

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CITATION = re.compile(r"\[@(\w+)[^\]]*\]")


def build(folder: Path, package: Path) -> None:
    """Write the package of a deck."""
    settings = _load(folder / "deck.yaml")
    sources = {source["id"]: source for source in _load(folder / "sources.yaml")}
    entries = {k: c for file in sorted((folder / "causes").glob("*.yaml")) for k, c in _load(file)["causes"].items()}
    deck = genanki.Deck(1_500_000_002, settings["deck"])

    question = (("question", "Benchmark finding<p>{{Question}}", "{{Answer}}<p>{{Because}}{{Sources}}"),)
    sides = "{{Axis}}<p>{{First}}: {{First Side}}<p>{{Second}}: {{Second Side}}{{Sources}}"
    contrast = (("contrast", "{{First}} or {{Second}}: how do they differ in {{Axis}}?", sides),)
    list_ = (("list", "{{Title}}: name all.{{cloze:List}}", "{{cloze:List}}{{Definition}}"),)
    causes, questions, contrasts, lists, details, steps = (
        _Kind(*kind, deck)
        for kind in (
            (1, _CAUSE, [(name, front, back + _MORE) for name, front, back in _CAUSE_CARDS]),
            (2, _QUESTION, question),
            (3, _CONTRAST, contrast),
            (4, _LIST, list_),
            (5, _DETAIL, _DETAIL_CARDS),
            (6, _STEPS, list_),
        )
    )
    for key, category in settings["categories"].items():
        lists.add(key, [key], c=category)
    for key, cause in entries.items():
        top, _, part = cause.get("category", "").partition("/")
        category = settings["categories"].get(top)
        trail = [category["name"], category["children"][part]["name"]] if category else []
        tags, cited = [f"{top}::{part}"], [sources[name] for name in dict.fromkeys(_CITATION.findall(str(cause)))]
        causes.add(key, tags, c=cause, trail=trail, facets=settings["facets"], cited=cited)
        for name, asked in cause.get("questions", {}).items():
            questions.add(name, tags, c=asked, cited=cited)
        for rival, sides in cause.get("versus", {}).items():
            names = (cause["cause"], entries[rival]["cause"])
            contrasts.add(f"{key}~{rival}", tags, c=sides, names=names, cited=cited)
        if "cards" in settings:
            for asked in _asked(cause):
                details.add(
                    f"{key}/{asked}", tags, c=cause, asked=asked, trail=trail, facets=settings["facets"], cited=cited
                )
            if len(cause["mechanism"]["steps"]) > 2:
                steps.add(f"{key}/steps", tags, c=cause)
    genanki.Package(deck).write_to_file(package)


def _asked(cause: Mapping[str, Any]) -> Iterable[str]:
    yield "reverse"
    yield "facet"
    yield from (name for name, key in (("category", "category"), ("onset", "time-course")) if key in cause)


class _Kind:
    """A note type, and the templates of its fields."""

    def __init__(self, number: int, fields: Mapping[str, str], cards: Iterable[Card], deck: genanki.Deck) -> None:
        environment = Environment(autoescape=True)
        environment.filters["text"] = _text
        self._fields = [environment.from_string(template) for template in fields.values()]
        self._deck, self._number = deck, number
        self._model = genanki.Model(
            1_500_000_010 + number,
            f"Plain {number}",
            fields=[{"name": name} for name in fields],
            templates=[
                {"name": name, "qfmt": front, "afmt": f"{{{{FrontSide}}}}<hr id=answer>{back}"}
                for name, front, back in cards
            ],
            model_type=genanki.Model.CLOZE if "List" in fields else genanki.Model.FRONT_BACK,
        )

    def add(self, key: str, tags: list[str], **known: object) -> None:
        """Add a note."""
        values = [field.render(key=key, **known) for field in self._fields]
        guid = genanki.guid_for(key, self._number)
        self._deck.add_note(genanki.Note(self._model, values, tags=tags, guid=guid))


def _text(text: str | None) -> Markup:
    return Markup(_BOLD.sub(r"<b>\1</b>", escape(_CITATION.sub("", text or ""), quote=False)))


def _load(file: Path) -> Any:
    with file.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=yaml.CSafeLoader)


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
