"""What one would write in an afternoon: PyYAML's C loader, Jinja and genanki, the same cards as Aetia makes.

It does not check, sanitise, number citations, remember or compress.
Run as `python -m tests.benchmarks.plain DECK FILE`.
"""

import re
import sys
from html import escape
from pathlib import Path

import genanki
import yaml
from jinja2 import Environment
from markupsafe import Markup

_FIELDS = {
    "Cause": "{{ c.cause }}",
    "Key": "{{ key }}",
    "Mechanism": "{{ c.mechanism.summary | text }}",
    "Steps": "<ol>{% for step in c.mechanism.steps %}<li>{{ step | text }}</li>{% endfor %}</ol>",
    "Certainty": "{{ c.mechanism.certainty }}",
    "Clue": "{{ c.clue | text }}",
    "Category": "{% if trail %}{{ trail[0] }}{% endif %}",
    "Breadcrumb": "{{ trail | join(' › ') }}",
    "Aka": "{{ c.aka | join(', ') }}",
    "Examples": "{% for e in c.examples %}{{ e.name or e }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "Facets": "{% for name, values in c.facets.items() %}{{ facets[name].name }}: "
    "{% for value in values %}{{ facets[name]['values'][value] }}{% endfor %}<br>{% endfor %}",
    "Time Course": "{% if c['time-course'] %}{{ c['time-course'].onset | text }}{% endif %}",
    "Pearl": "{{ c.pearl | text }}",
    "Sources": "<ol>{% for s in cited %}<li>{{ s.author | map(attribute='family') | join(', ') }}. "
    "<i>{{ s.title }}</i>. {{ s['container-title'] }};{{ s.volume }}:{{ s.page }}. {{ s.DOI }}</li>{% endfor %}</ol>",
}
_BACK = (
    "{{FrontSide}}<hr id=answer>{{%s}}<p>{{Aka}}<p>{{Examples}}<p>{{Facets}}<p>{{Pearl}}<p>{{Breadcrumb}}{{Sources}}"
)
_CARDS = (
    ("Mechanism", "How does {{Cause}} bring the benchmark about?", "Mechanism"),
    ("Clue", "{{#Clue}}{{Clue}}<p>What is the likely cause?{{/Clue}}", "Cause"),
    ("Category", "{{#Category}}{{Cause}}: which kind of cause is this?{{/Category}}", "Category"),
    ("Cause", "{{Mechanism}}<p>Which cause works this way?", "Cause"),
)
_CHAIN = {
    "Cause": "{{ c.cause }}",
    "Key": "{{ key }}",
    "Chain": "<ol>{% for step in c.mechanism.steps %}"
    "<li>{{ '{{c%d::%s}}' | format(loop.index, step | text) | safe }}</li>{% endfor %}</ol>",
    "Sources": _FIELDS["Sources"],
}
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CITATION = re.compile(r"\[@(\w+)[^\]]*\]")


def build(folder: Path, package: Path) -> None:
    """Write the package of a deck."""
    environment = Environment(autoescape=True)
    environment.filters["text"] = _text
    fields = [environment.from_string(template) for template in _FIELDS.values()]
    chain_fields = [environment.from_string(template) for template in _CHAIN.values()]
    model = genanki.Model(
        1_500_000_001,
        "Plain",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": name, "qfmt": front, "afmt": _BACK % answer} for name, front, answer in _CARDS],
    )
    chain = genanki.Model(
        1_500_000_003,
        "Plain chain",
        fields=[{"name": name} for name in _CHAIN],
        templates=[
            {"name": "Chain", "qfmt": "{{Cause}}{{cloze:Chain}}", "afmt": "{{Cause}}{{cloze:Chain}}{{Sources}}"}
        ],
        model_type=genanki.Model.CLOZE,
    )
    settings = _load(folder / "deck.yaml")
    sources = {source["id"]: source for source in _load(folder / "sources.yaml")}
    deck = genanki.Deck(1_500_000_002, settings["deck"])
    for file in sorted((folder / "causes").glob("*.yaml")):
        for key, cause in _load(file)["causes"].items():
            top, _, part = cause.get("category", "").partition("/")
            category = settings["categories"].get(top)
            trail = [category["name"], category["children"][part]["name"]] if category else []
            cited = [sources[name] for name in dict.fromkeys(_CITATION.findall(str(cause)))]
            known = {"c": cause, "key": key, "trail": trail, "facets": settings["facets"], "cited": cited}
            tags = [f"{top}::{part}"]
            values = [field.render(known) for field in fields]
            deck.add_note(genanki.Note(model, values, tags=tags, guid=genanki.guid_for(key)))
            if len(cause["mechanism"]["steps"]) > 2:
                values = [field.render(known) for field in chain_fields]
                deck.add_note(genanki.Note(chain, values, tags=tags, guid=genanki.guid_for(key, "chain")))
    genanki.Package(deck).write_to_file(package)


def _text(text: str | None) -> Markup:
    return Markup(_BOLD.sub(r"<b>\1</b>", escape(_CITATION.sub("", text or ""), quote=False)))


def _load(file: Path) -> object:
    with file.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=yaml.CSafeLoader)


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
