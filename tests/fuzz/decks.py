"""Hypothesis strategies for decks as files: good ones, nearly good ones, and rubbish.

A deck is a mapping of paths in its folder to bytes; paths that begin with `../../templates/` are of the project.
"""

import copy
import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from generator.load.templates import load_templates
from generator.model.entries import Cause
from generator.model.kinds import KINDS
from generator.model.values import Text
from generator.resources import bundled

Files = Mapping[str, bytes]

_LANGUAGES = (*load_templates(bundled("templates"), None)[0].words, "de-AT", "tlh")

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="3"/></svg>'
_WORDS = (
    "salt",
    "water",
    "Zelle",
    "naïve",
    "Größe",
    "肾脏",
    "🫀",
    "кровь",
    "دم",
    "H₂O",
    "x²",
    "1.5",
    "pH",
    "a-b",
    "C++",
)
_MARKED = (
    "**{}**", "*{}*", "`{}`", "${}$", "{}<sub>2</sub>", "{} & co", "{} < 5", "[{}](https://example.org/a_(b))",
    "~~{}~~",
    "{{{{c1::{}}}}}", "[sound:{}.mp3]", "{{{{{}}}}}", "{}\\", "| {} |", "\\({}\\)", "&lt;{}", "{}\u200b", "e\u0301{}",
)  # fmt: skip
ODD = (
    None, True, False, 0, -1, 1.5, 10**30, float("inf"), "", " ", "\n", "\u2028", "\u202e", "\x7f", "\ufeff",
    "\ud83e", [],
    {}, [[]], {"": ""}, [None], "a" * 300, "a" * 20_000, "[@", "[@x]", "[@x, ]", "<script>", "<b", "](javascript:x)",
    "![](x.svg)", "![a](../x.svg)", "{{c1::", "{{x}}", "{% x %}", "$", "$$", "::", "/", "a/b/c", "..", "-", "=",
    "2026-13-45",
    "2026-01-31", "01:30", "~", "!!python/object:x", "*a", "&a", "%", "0x10", "1_000", ".inf", "\\", "'", '"', "# x",
)  # fmt: skip
_NAMES = (
    "mechanisms",
    "Cause",
    "",
    " ",
    "0",
    "a b",
    "ä",
    "was",
    "deck",
    "name",
    "__class__",
    "model_config",
    "copy",
    "?",
)
LOCK = (
    "", "[]", "null", "1", "{", '"', "<<<<<<< HEAD", "=======", '{"aetia-lock": 99}', '{"aetia-lock": null}',
    "[" * 5000,
    '{"aetia-lock": 1, "namespace": "x", "deck": "y"}', '{"note": "cause", "key": "a"}', '{"note": 1, "key": []}',
    "\x00",
    '{"note-type": "cause"}', '{"aetia-lock": 1, "namespace": "\\ud800", "deck": []}',
)  # fmt: skip
_JINJA = (
    "{{ field.Cause }}", "{{ field.Nope }}", "{{ ask('clue') }}", "{{ ask('nope') }}", "{{ ask('mechanism') }}",
    "{{ ask('mechanism', cause=field.Cause) }}", "{{ finding }}", "{{ facets }}", "{% block answer %}",
    "{% block question %}", "{{ cause.cause }}", "{{ nope }}", "{{ nope.x.y }}",
    "{% when field.Clue %}",
    "{% endwhen %}", "{% unless field.Clue %}", "{% endunless %}", "{% if x %}", "{% endif %}",
    "{% for i in range(9) %}",
    "{% endfor %}", "{% block front %}", "{% block back %}", "{% block Pearl %}", "{% endblock %}", "{{ front }}",
    "{{ super() }}", "{{ self.front() }}", "{% extends 'bundled/notetypes/cause/mechanism.html' %}", "{% extends x %}",
    "{% include 'notetypes/small.html' %}", "{% include 'notetypes/cause/mechanism.html' %}", "{% import 'x' as y %}",
    "{{ 1 / 0 }}", "{{ 'a' * 999999999 }}", "{{ range(10 ** 9) | list }}", "{{ x.__class__ }}", "{{ {}|attr('get') }}",
    "{{ cause|tojson }}", "{{ 'x'|text }}", "{{ '[@x]'|text }}", "{{ 5|text }}", "{{ 'x'|cloze }}",
    "{{ 'x'|cloze('y') }}",
    "{{ label() }}", "{{ label(5) }}", "{{ field }}", "{{ words.nope }}", "{{ render_text }}", "{{ picture('x') }}",
    "{{ cause.mechanism.steps[9] }}", "{% set field = 1 %}", "{% macro m() %}", "{% endmacro %}", "{{ m() }}",
    "{#", "#}",
    "{{", "}}", "{%", "%}", "{% raw %}", "{% endraw %}", "{{ []|first }}", "{{ {}|join }}", "{{ 'a'.encode() }}",
    "é", "\n",
    "{{ cause|map('x')|list }}", "{{ (1).real }}", "{{ field.cloze }}", "{{ field.Cause.cloze }}",
    "{{ 'x'|reference }}",
    "{{ citations }}", "{{ citations.cite() }}", "{{ 'x'|occlusion(1) }}", "{% call m() %}", "{% endcall %}",
    "{{ caller() }}",
    "{{ 'x'|sort(attribute='y') }}", "{{ dict(a=1).items() }}", "{{ lipsum(99) }}", "{{ cycler() }}",
    "{{ namespace() }}",
)  # fmt: skip
TEMPLATES = (
    "notetypes/cause/mechanism.html", "notetypes/cause/clue.html", "notetypes/cause/details.html",
    "notetypes/cause/style.css", "notetypes/card.css", "notetypes/small.html", "notetypes/list/list.html",
    "notetypes/detail/onset.html", "notetypes/fact/fact.html", "notetypes/mine/mine.html", "words/en.yaml",
    "words/xx.yaml", "notetypes/cause/notetype.yaml", "notetypes/mine/notetype.yaml",
)  # fmt: skip
_NOTE_TYPE = """\
name: Mine
fields: [Cause, Key, Clue]
cards: [mine]
"""
_QUOTES = "../../templates/notetypes/quote/"
_QUOTE_CARD = b"""\
{% block front %}{% when field.Quote %}<div>{{ finding }}: {{ field.Quote }}</div>{% endwhen %}{% endblock %}
{% block answer %}<div class="answer">{{ field.Who }}</div>{% endblock %}
"""
_KINDS = tuple(kind.name for kind in KINDS)
_TEXTS = [field.alias or name for name, field in Cause.model_fields.items() if field.annotation == Text | None]
"""The keys of a cause whose value is a text."""


def _sentence(draw: st.DrawFn, *, plain: bool = False) -> str:
    words = draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6))
    if not plain and draw(st.booleans()):
        at = draw(st.integers(0, len(words) - 1))
        words[at] = draw(st.sampled_from(_MARKED)).format(words[at])
    return " ".join(words)


@st.composite
def _questions(draw: st.DrawFn) -> dict[str, Any]:
    """A question in the author's own words."""
    question = {"ask": f"{_sentence(draw)}?", "answer": _sentence(draw)}
    return question | draw(st.sampled_from([{}, {"because": "So it is [@s1]"}, {"correction": "E1"}]))


@st.composite
def _choices(draw: st.DrawFn) -> dict[str, Any]:
    """An author's say in kinds of cards."""
    kinds = draw(st.lists(st.sampled_from(_KINDS), unique=True, min_size=1, max_size=6))
    return {draw(st.sampled_from(["add", "skip", "only"])): kinds}


@st.composite
def _settings(draw: st.DrawFn) -> dict[str, Any]:
    """A few of the settings that a deck may have."""
    parts = {
        "cards": {
            "add": draw(st.lists(st.sampled_from(_KINDS), unique=True)),
            "skip": draw(st.sampled_from([[], ["clue"]])),
        },
        "style": {"font": "Georgia, serif", "size": draw(st.integers(10, 40)), "night": {"accent": "#abc"}},
        "reviews": draw(st.booleans()),
        "notice": draw(st.sampled_from([False, "Only a **test**"])),
        "common-words": ["salt", "Zelle"],
        "description": _sentence(draw),
        "report": draw(st.sampled_from(["https://example.org/?a=1", "a@example.org"])),
        "notes": {"quote": {"sarajevo": {"Quote": f"{_sentence(draw)}?", "Who": _sentence(draw)}}},
    }
    return {part: parts[part] for part in draw(st.lists(st.sampled_from(sorted(parts)), unique=True))}


@st.composite
def _entry(draw: st.DrawFn, names: Mapping[str, Any]) -> dict[str, Any]:
    """A cause with a few of all that a cause may have. `names` are what it may refer to."""

    def text() -> str:
        cited = draw(st.sampled_from(("", "", "[@s1]", "[@s1, p. 2; @s2]")))
        return f"{_sentence(draw)} {cited}".strip()

    def some(kind: str) -> list[str]:
        return draw(st.lists(st.sampled_from(names[kind]), unique=True, max_size=3)) if names[kind] else []

    def contrast() -> dict[str, Any]:
        axes = draw(st.sampled_from(("", "x", "xy")))
        sides = {"here": text(), "there": text()}
        return {axis: {"on": f"{axis} {_sentence(draw, plain=True)}", **sides} for axis in axes} or {
            "on": _sentence(draw, plain=True), **sides
        }  # fmt: skip

    parts = dict.fromkeys(_TEXTS, text) | {
        "aka": lambda: [f"{_sentence(draw, plain=True)} {names['key']}-{n}" for n in range(draw(st.integers(1, 2)))],
        "category": lambda: draw(st.sampled_from(names["categories"])),
        "also-in": lambda: some("categories"),
        "facets": lambda: {"line": draw(st.sampled_from(["red", "white", ["red", "white"]]))},
        "time-course": lambda: draw(st.sampled_from([text(), {"onset": text(), "peak": text()}])),
        "examples": lambda: [{"name": text(), "classic": draw(st.booleans())}, {"name": text()}],
        "associated": lambda: [text() for _ in range(draw(st.integers(1, 3)))],
        "versus": lambda: {key: contrast() for key in some("others")},
        "questions": lambda: {f"{names['key']}-{n}": draw(_questions()) for n in range(draw(st.integers(1, 2)))},
        "classic": lambda: draw(st.booleans()),
        "image": lambda: {"file": "a.svg", "alt": "A thing", "side": draw(st.sampled_from(["front", "back"]))},
        "covers": lambda: some("claims"),
        "correction": lambda: "E1",
        "see-also": lambda: some("others"),
        "sources": lambda: ["s1", "s2, p. 5"],
        "tags": lambda: ["a", "b::c"],
        "cards": lambda: draw(_choices()),
        "review": lambda: draw(
            st.sampled_from([{"state": "draft"}, {"state": "reviewed", "by": "X", "on": "2026-01-31"}])
        ),
        "was": lambda: [f"former-{names['key']}"],
    }
    keys = {field.alias or name for name, field in Cause.model_fields.items()}
    assert keys - {"cause", "mechanism"} == parts.keys(), "draw each key of a cause here"
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), unique=True, max_size=12))
    mechanism: Any = text()
    if draw(st.booleans()):
        mechanism = {"summary": mechanism, "steps": [text() for _ in range(draw(st.integers(0, 4)))]}
        mechanism["certainty"] = draw(st.sampled_from(["established", "probable", "hypothesised", "unknown"]))
        mechanism |= draw(st.sampled_from([{}, {"described": text()}, {"question": f"{text()}?"}]))
    return {"mechanism": mechanism, **{part: parts[part]() for part in chosen}}


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Any]:
    """The YAML files of a good deck as plain data, by path."""
    tops = draw(st.lists(st.sampled_from("klm"), unique=True, max_size=3))
    categories = {
        top: {"name": f"{top.upper()} {_sentence(draw, plain=True)}", "definition": _sentence(draw),
              **{flag: draw(st.booleans()) for flag in ("ordered", "listed", "aside", "asked")},
              "hallmark": {"is": "It lasts", "from": [other for other in tops if other != top]},
              "children": {sub: f"Part {sub}" for sub in draw(st.sampled_from(["", "p", "pq"]))}}
        for top in tops
    }  # fmt: skip
    paths = [path for top in tops for path in (top, *(f"{top}/{sub}" for sub in categories[top]["children"]))]
    keys = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=5))
    causes: dict[str, Any] = {}
    for key in keys:
        names = {
            "key": key,
            "categories": paths or ["k"],
            "others": [k for k in keys if k != key],
            "claims": ["C1", "C2"],
        }
        entry = draw(_entry(names))
        if not paths:
            entry.pop("category", None)
            entry.pop("also-in", None)
        causes[key] = {"cause": f"{_sentence(draw, plain=True)} {key}", **entry}
    questions = {f"f{n}": draw(_questions()) for n in range(draw(st.integers(0, 2)))}
    split = draw(st.integers(0, len(keys)))
    deck = {
        "deck": f"Fuzz::{_sentence(draw, plain=True)}",
        "id": "fuzz-1",
        "finding": {"name": _sentence(draw, plain=True), "effect": _sentence(draw, plain=True)},
        "language": draw(st.sampled_from(_LANGUAGES)),
        "categories": categories,
        "facets": {"line": {"name": "Line", "values": {"red": "Red", "white": "White"}, "ask": "Which line?"}},
        "causes": {key: causes[key] for key in keys[:split]},
        "questions": questions,
        **draw(_settings()),
    }
    quotes = {f"{_QUOTES}notetype.yaml": {"name": "Quote", "fields": ["Quote", "Key", "Who"], "cards": ["quote"]}}
    return {
        **(quotes if "notes" in deck else {}),
        "deck.yaml": deck,
        "causes/more.yaml": {"causes": {key: causes[key] for key in keys[split:]}},
        "sources.yaml": {"references": [{"id": "s1", "title": "One", "issued": {"date-parts": [[2017, 1]]}},
                                        {"id": "s2", "author": [{"family": "Two"}], "issued": [{"year": 2003}]}]},
        "syllabus.yaml": {"claims": {"C1": "First", "C2": {"claim": "Second", "skip": "Later"}},
                          "corrections": {"E1": {"says": "Wrong", "correct": "Right", "common": True}}},
    }  # fmt: skip


def written(tree: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of a deck given as plain data; JSON is YAML."""
    files = {name: json.dumps(data, ensure_ascii=False, indent=1) for name, data in tree.items()}
    card = {f"{_QUOTES}quote.html": _QUOTE_CARD} if f"{_QUOTES}notetype.yaml" in tree else {}
    return {"media/a.svg": SVG} | card | {name: text.encode("utf-8", "surrogatepass") for name, text in files.items()}


def good_decks() -> st.SearchStrategy[Files]:
    """Decks without an error."""
    return trees().map(written)


@st.composite
def nearly_good_decks(draw: st.DrawFn) -> Files:
    """Good decks with a few slips, in the data, in the text of a file, in a template or in the lock."""
    tree = copy.deepcopy(draw(trees()))
    for _ in range(draw(st.integers(0, 4))):
        slip(draw, tree)
    files = written(tree)
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        name = draw(st.sampled_from(sorted(files)))
        files[name] = garble(draw, files[name])
    for name in draw(st.lists(st.sampled_from(TEMPLATES), unique=True, max_size=2)):
        files[f"../../templates/{name}"] = template(draw, name)
    if draw(st.integers(0, 3)) == 0:
        files["deck.lock"] = "\n".join(draw(st.lists(st.sampled_from(LOCK), max_size=4))).encode()
    if draw(st.integers(0, 5)) == 0:
        name = draw(
            st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
        )
        if name.strip(".") and len(name.encode()) < 200:
            files[f"media/{name}"] = draw(st.binary(max_size=60))
    return files


def rubbish() -> st.SearchStrategy[Files]:
    """Any bytes as any file of a deck."""
    content = st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))
    )
    names = st.sampled_from(["causes/x.yaml", "sources.yaml", "syllabus.yaml", "deck.lock", "media/a.png",
                             "../../templates/words/en.yaml", "../../templates/notetypes/cause/mechanism.html",
                             "../../templates/notetypes/mine/notetype.yaml"])  # fmt: skip
    minimal = b"deck: D\nfinding: {name: F, effect: f}\ncauses: {a: {cause: A, mechanism: M}}\n"
    deck = st.one_of(st.just(minimal), content, content.map(lambda c: minimal + c))
    return st.builds(lambda d, rest: {"deck.yaml": d, **rest}, deck, st.dictionaries(names, content, max_size=2))


def slip(draw: st.DrawFn, tree: dict[str, Any]) -> None:
    """Change one spot of the data: drop or rename a key, put something odd or another value there."""
    spots = _spots(tree)
    if not spots:
        return
    owner, key = draw(st.sampled_from(spots))
    kind = draw(st.sampled_from(("drop", "rename", "odd", "odd", "swap", "deep", "copy")))
    if kind == "drop" or (kind == "rename" and isinstance(owner, list)):
        del owner[key]
    elif kind == "rename":
        owner[draw(st.sampled_from(_NAMES))] = owner.pop(key)
    elif kind == "odd":
        owner[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
    elif kind == "deep":
        for _ in range(draw(st.sampled_from((1, 3, 200)))):
            owner[key] = [owner[key]] if draw(st.booleans()) else {"a": owner[key]}
    else:
        other, place = draw(st.sampled_from(spots))
        value = copy.deepcopy(other[place])
        if kind == "swap":
            other[place] = copy.deepcopy(owner[key])
        owner[key] = value


def _spots(value: Any) -> list[tuple[Any, Any]]:
    """Every key of every mapping and every place in every list; not the files themselves."""
    found: list[tuple[Any, Any]] = []
    pending = list(value.values())
    while pending:
        item = pending.pop(0)
        if isinstance(item, dict):
            found += [(item, key) for key in item]
            pending += item.values()
        elif isinstance(item, list):
            found += [(item, index) for index in range(len(item))]
            pending += item
    return found


def garble(draw: st.DrawFn, content: bytes) -> bytes:
    start = draw(st.integers(0, len(content)))
    end = min(len(content), start + draw(st.sampled_from((0, 1, 2, 50))))
    new = draw(st.sampled_from((b"", b"\t", b"\x00", b"\xff", b": ", b"- ", b"{", b"]", b'"', b"&a ", b"*a", b"\n",
    b"\r",
                                b"? ", b"|", b"!!map ", b"# aetia: ignore[too-long]\n", b"\xc2\x85", b"---\n",
                                b"<<: ")))  # fmt: skip
    return content[:start] + new + content[end:]


def template(draw: st.DrawFn, name: str) -> bytes:
    if name.endswith("notetype.yaml"):
        return garble(draw, _NOTE_TYPE.encode())
    if name.startswith("words/"):
        words = {"ask-mechanism": draw(st.sampled_from(ODD)), "finding": _sentence(draw)}
        return json.dumps(words).encode("utf-8", "surrogatepass")
    return "".join(draw(st.lists(st.sampled_from(_JINJA), max_size=8))).encode()
