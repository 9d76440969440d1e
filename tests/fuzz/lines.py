"""Command lines for each entry point, with names that may lead nowhere, and rows of commands that belong together."""

from collections.abc import Sequence

from hypothesis import strategies as st

from generator.workflows.outputs import OPTIONS
from tests.fuzz.decks import ODD

_BLANK = "?--only~{clue} ?--without~{third} ?--details ?--copies~{2} ?--sort~{shuffle:x}"
_SHEET = (
    "?--stock~{own}|--stock~{5371}|--stock~{mine} ?--sides~fronts|--sides~backs|--sides~fold ?--reverse "
    "?--flip~short-edge ?--turn~top ?--start-at~{3} ?--skip~{2,5}"
)
_LOOK = (
    "?--marks~none|--marks~crop|--marks~outline|--marks~dots ?--bleed~{3} ?--safe~{2} ?--ink~grey ?--font~{font.otf} "
    "?--min-font~{8} ?--fit~split|--fit~shrink|--fit~strict"
)
_FILE = "?--printer~{office} ?--offset~{1,2} ?--blank~{5}|--blank~{4,4,9,4} ?-o~<x.pdf> ?--check ?--json"
_OUTPUTS = " ".join(f"--{option}|" for option in OPTIONS)
_TO = "?-o~<out>|-o~<x.apkg>"
_OLD = "{old/geography.apkg}|{old/body.apkg}|{old/legacy.apkg}|{old/all.colpkg}|{old/odd.apkg}|{dist/full.apkg}"
LINES = {
    "check": "check {full} ?{table} --strict| --format~json|--format~github|--format~concise|",
    "decks": "check --format~concise",
    "build": f"build {{full}}| ?{{table}} {_OUTPUTS} ?--strict ?--retire ?--reviewed-only {_TO} --format~json|",
    "recover": "build {full} --recover {dist/two.apkg}|{old/body.apkg}|{old/geography.apkg}",
    "diff": "diff {full} ?--against~{last} --format~text|--format~markdown|--format~json|--format~html ?-o~<changes.x>",
    "diff package": "diff {full} --against {dist/two.apkg}|{old/body.apkg} --format~html|--format~json|",
    "diff revision": "diff {full} --against {v1}|HEAD|HEAD~1 --format~json|",
    "why": "why {main}|{more}|{first}|{quote} ?--deck~{full}",
    "why source": "why --source {book} --deck~full|",
    "preview": "preview {full} --export <cards.html>",
    "serve": "SERVE full /cards.json /faces.json?id={main} /places.json?id={main} /{a.svg} /open",
    "live": "LIVE full",
    "rehearse": "rehearse {full} --against {dist/two.apkg}|last --format~json| ?--budget~{3} ?--seed~{7}",
    "rehearse revision": "rehearse {full} --against {v1}",
    "print": f"print {{full}} {_BLANK} {_SHEET} {_LOOK} {_FILE}",
    "print list": f"print {{full}} --layout list|key --json| {_BLANK} ?--font~{{font.otf}}",
    "print sheet": "print full --paper {210x297} --card {85x54} --grid {2x5} --gutter {3} ?--sides~fold ?--check",
    "print weasy": f"print full --engine~weasyprint|--accessible --only~{{main}} {_SHEET}",
    "print fit": "print {full} --fit-report --only~main",
    "print done": "print full --done ?-o~<x.pdf>",
    "print changed": "print full --changed ?--start-at~{3} ?--details",
    "print calibrate": "print --calibrate ?--measured~{1,2}|--measured~{1,2,3,4} ?--save~{office} ?--blank~{5}",
    "print save": "print --measured {1,2}|{1,2,3,4} --save {office}",
    "stocks": "print stocks add|show|import {mine.yaml}|{acme.xml}|{own}",
    "stocks list": "print stocks list|",
    "stocks show": "print stocks show {5371}|{mine}",
    "stocks add": "print stocks add {mine.yaml}",
    "stocks import": "print stocks import {acme.xml} ?--part~{10}",
    "new cause": "new cause {Flour} --mechanism~{Spent}| ?--clue~{Grey} ?--category~{second} --deck~full|--deck~table|",
    "new source": (
        "new source {x2020} --title~{A}| ?--author~{Doe} ?--doi~{10.1/x} ?--pmid~{1} ?--type~{book} ?--year~{1999} "
        "?--publisher~{P} ?--isbn~{1} ?--url~{https://example.org} --deck~full|--deck~table|"
    ),
    "new deck": "new deck {Fever} --effect {rise} ?--in~{Medicine} ?--finding~{Fever} ?--language~{de}",
    "new notetype": "new notetype {mine}|{cause}|{list} --fields~A,B|--fields~{A}|",
    "init": "init <sub>",
    "import": (
        "import {cards.csv}|{cards.tsv}|{cards.xlsx}|{notes.txt} ?--map~{cause=Cause} ?--map~{pearl=Clue} "
        "?--finding~{Fever} ?--effect~{rise} ?--language~{de} -o~<decks/t>|"
    ),
    "import deck": (
        f"import {_OLD}|{{old/crowd}}|{{old/crowd/crowd.json}} ?--deck~{{Body::Bones}} ?--like~{{old/body.apkg}} "
        "-o~<decks/t>|"
    ),
    "import like": "import {old/crowd}|{old/brew.csv}|{old/export.txt} --like {old/body.apkg} -o~<decks/t>|",
    "import causes": f"import {_OLD} --as causes --map~cause={{Place}} --map~mechanism={{Answer}} -o~<decks/t>|",
    "import into": (
        "import {cards.csv}|{cards.tsv}|{notes.txt}|quotes.csv --into {table}|full|t --dry-run| ?--map~{pearl=Clue}"
    ),
    "import update": (
        "import {cards.csv}|{cards.xlsx}|quotes.csv --into {table}|full|t --update --prefer~table|--prefer~deck| "
        "--dry-run|"
    ),
    "review": "review {decks/full/full.review.json} ?{full} --format~json|",
    "review sign": "review {decks/full/full.review.json} --sign ?--by~{Ada} ?{full}",
    "explain": "explain {cause.versus}|{answer-leaked}|{mechanism}|kinds|keys|phrases|codes|",
    "schema": "schema {deck}|{causes}|{sources}|{syllabus}",
    "complete": "TAB {build}|explain|diff|check {ful}",
    "complete options": "TAB print --stock {a4}",
    "shipped": "check {hagma}|outage|hyponatraemia",
    "git": "GIT commit|commit|branch|back",
}
"""Command lines by entry point. `{…}` stands for a name that may lead nowhere, `<…>` for one below the project, `a|b|`
for a choice, `~` for a space, and `?` for what is mostly left out.

`TAB` completes what follows, `LIVE` lets a preview follow the files of a deck, `SERVE` asks its server, and `GIT` keeps
what is there.
"""
RARE = {
    *(name for name in LINES if name.startswith(("rehearse", "print "))),
    *("print", "serve", "shipped", "import deck", "import like", "import causes"),
} - {"print calibrate", "print save", "print done"}
ROWS = (
    ("print", "print done", "EDIT", "print changed", "print done"),
    ("import", "import into", "EDIT", "import update", "decks", "build", "EDIT", "import update"),
    ("import deck", "decks", "build", "EDIT", "build", "diff", "print"),
    ("import like", "build", "EDIT", "build", "diff"),
    ("import causes", "build", "EDIT", "import update", "check"),
    ("build", "EDIT", "check", "build", "EDIT", "build", "diff", "rehearse"),
    ("git", "EDIT", "build", "git", "EDIT", "diff revision", "build", "git", "check"),
    ("build", "git", "git", "EDIT", "build", "git", "git", "build", "check", "rehearse revision"),
    ("new deck", "new cause", "new source", "decks", "build", "print list"),
    ("preview", "review", "review sign", "build", "EDIT", "review", "check"),
    ("print save", "stocks add", "EDIT", "print", "stocks list"),
    ("new notetype", "EDIT", "check", "build", "print", "preview"),
    ("EDIT", "import update", "EDIT", "import update", "check"),
    ("build", "EDIT", "EDIT", "recover", "why", "diff package"),
    ("init", "decks", "EDIT", "build", "serve"),
)
"""Commands that belong together, and what happens between them."""
_NAMES = (
    "full",
    "decks/full",
    "bread",
    "",
    ".",
    "..",
    "/",
    "nope",
    "x" * 300,
    "\u2028",
    "a b",
    "-",
    "--",
    "::error::x",
    "\x1b[2J",
    "ä",
    "siadh",
    "main",
    "first",
    "third/below",
    "clue",
    "quote",
    "book",
    "²",
    "0",
    "[",
    "*",
    "%s",
    "{}",
    "\ud83e",
    "con",
    "x/y",
    "../x",
    "dist/full.apkg",
    "dist/two.apkg",
    "HEAD",
    "v1",
    "v1:decks",
    "last",
    "HEAD~9",
    "@{-1}",
    "--all",
    "deck.yaml",
    "table",
    "decks/table",
    "office",
    "5371",
    "nan",
    "1e309",
    "99999999999999999999",
    "1,2,3,4",
    "1x1",
)
_ODD = st.one_of(
    st.sampled_from(_NAMES), st.sampled_from([odd for odd in ODD if isinstance(odd, str)]), st.text(max_size=9)
).map(lambda odd: odd.replace("\0", "0"))


def draw_line(draw: st.DrawFn, words: str) -> tuple[str, ...]:
    """Draw a command line; most have no odd name, so that their command does its work."""
    line: list[str] = []
    odd = draw(st.integers(0, 2)) == 0
    for word in words.split():
        if word.startswith("?") and draw(st.integers(0, 7)):
            continue
        choice = draw(st.sampled_from(word.removeprefix("?").split("|")))
        line += _filled(draw, choice, odd)
    return tuple(line)


def _filled(draw: st.DrawFn, choice: str, odd: bool) -> Sequence[str]:
    """Keep the name in a choice or, if it may be odd, sometimes replace it."""
    place = max(choice.find("{"), choice.find("<"))
    plain = choice.translate(_BRACKETS).split("~")
    if place < 0 or not odd or draw(st.booleans()):
        return plain if choice else ()
    before = choice[:place].split("~")
    name = draw(_ODD.filter(_is_inside) if choice[place] == "<" else _ODD)
    return *before[:-1], before[-1] + name


_BRACKETS = str.maketrans("", "", "{}<>")


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in name


def good_line(words: str) -> tuple[str, ...]:
    """Return the command line that takes the first of each choice, and nothing that is mostly left out."""
    firsts = [word.split("|")[0] for word in words.split() if not word.startswith("?")]
    return tuple(part for first in firsts if first for part in first.translate(_BRACKETS).split("~"))
