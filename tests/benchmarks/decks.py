"""Made-up decks of any size whose entries are as long and as rich as an author's, about 700 bytes of YAML each.

The words mean nothing; the same size gives the same deck.
"""

from pathlib import Path
from random import Random

_ONSETS = ("b", "br", "d", "dr", "f", "g", "gl", "k", "kl", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v")
_VOWELS = ("a", "e", "i", "o", "u", "ae", "eo")
_ENDS = ("", "", "n", "r", "s", "x", "lin", "tane", "mab", "zole")
_WORDS = """the a of in and with its each more less blood cell marrow kidney wall flow slow rapid early late loss gain
salt water enzyme vessel pump gate signal receptor binds blocks moves keeps lowers raises leaves enters divides breaks
down before after while until because so that which most few many never often rare usual first last precursor store
pool count rate dose level course infusion fever antibody complement membrane channel transport excretion"""
_MARKED = ("**{}**", "*{}*", "{} ×10⁹/L", "{} < 0.5", "H₂O & {}", "$K_m$ of {}", "{}<sub>2</sub>")
_PER_FILE = 500
_SOURCES = 300

_EVERY_KIND = "cards: {add: [reverse, category, onset, peak, recovery, dose, facet, steps, common, blanks, tree]}\n"
_DECK = """\
deck: Benchmark::Deck of {count}
id: benchmark
finding: {{name: Benchmark finding, effect: bring the benchmark about}}
{more}lints: {{answer-leaked: {{severity: warning}}}}
facets:
  line: {{name: Line, ask: Which line?, values: {{red: Red, white: White, clotting: Clotting}}}}
  time: {{name: Time, values: {{hours: Hours, days: Days, weeks: Weeks}}}}
categories:
"""


def write_deck(folder: Path, count: int, *, every_kind: bool = False) -> Path:
    """Write a deck of `count` causes into a new folder and return the folder; it may ask for `every_kind` of card."""
    random = Random(count)
    (folder / "causes").mkdir(parents=True)
    tops = [f"top-{i}" for i in range(8)]
    tree = _DECK.format(count=count, more=_EVERY_KIND if every_kind else "")
    for top in tops:
        tree += f"  {top}:\n    name: {_name(random)} {top}\n    listed: true\n    definition: {_text(random, 12)}\n"
        tree += "    children:\n"
        tree += "".join(f"      part-{i}: {{name: {_name(random)}}}\n" for i in range(6))
    (folder / "deck.yaml").write_text(tree, encoding="utf-8")
    sources = "".join(_source(random, number) for number in range(_SOURCES))
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    for first in range(0, count, _PER_FILE):
        entries = "".join(_cause(random, number) for number in range(first, min(first + _PER_FILE, count)))
        (folder / "causes" / f"{first:06}.yaml").write_text("causes:\n" + entries, encoding="utf-8")
    return folder


def size_of(folder: Path) -> int:
    """Return the bytes of all YAML of a deck."""
    return sum(file.stat().st_size for file in folder.rglob("*.yaml"))


def _cause(random: Random, number: int) -> str:
    lines = [f"  cause-{number}:", f"    cause: {_name(random)} {_syllables(number)}"]
    if random.random() < 0.4:
        lines.append(f"    aka: [{_name(random)}e {_syllables(number)}]")
    if random.random() < 0.8:
        lines.append(f"    category: top-{random.randrange(8)}/part-{random.randrange(6)}")
    lines.append(f"    facets: {{line: [{random.choice(('red', 'white', 'clotting'))}], time: [days]}}")
    lines.append("    mechanism:")
    lines.append(f"      summary: {_text(random, 16, cited=0.5)}")
    lines.append("      steps:")
    lines += [f"      - {_text(random, 8)}" for _ in range(random.randint(2, 4))]
    if random.random() < 0.15:
        lines.append("      certainty: hypothesised")
    if random.random() < 0.7:
        lines.append(f"    clue: {_text(random, 18)}")
    if random.random() < 0.4:
        lines.append(f"    examples: [{_name(random)}, {{name: {_name(random)}, classic: true}}]")
    if random.random() < 0.4:
        lines += [
            "    questions:",
            f"      question-{number}:",
            f"        ask: {_text(random, 12)} {_syllables(number)}?",
        ]
        lines += [f"        answer: {_text(random, 8)}", f"        because: {_text(random, 14, cited=0.5)}"]
    if number and random.random() < 0.3:
        lines += ["    versus:", f"      cause-{random.randrange(number)}:", f"        on: {_name(random).lower()}"]
        lines += [f"        {side}: {_text(random, 7)}" for side in ("here", "there")]
    if random.random() < 0.3:
        lines.append(f"    time-course: {{onset: {_text(random, 6).replace(',', '')}}}")
    if random.random() < 0.6:
        lines.append(f"    pearl: {_text(random, 14, cited=0.3)}")
    lines.append("    review: {state: draft}")
    return "\n".join(lines) + "\n\n"


def _source(random: Random, number: int) -> str:
    return (
        f"- id: source{number}\n  type: article-journal\n  title: {_text(random, 9)}\n"
        f"  author:\n  - {{family: {_name(random)}, given: Ann}}\n  - {{family: {_name(random)}, given: Bo}}\n"
        f"  container-title: {_name(random)} Journal\n  issued: {{date-parts: [[{1990 + number % 35}]]}}\n"
        f"  volume: {number}\n  page: {number}-{number + 9}\n  DOI: 10.1000/bench.{number}\n"
    )


def _text(random: Random, words: int, cited: float = 0.0) -> str:
    """A sentence in YAML's plain style; about one in ten has markup, some a citation."""
    said = random.choices(_WORDS.split(), k=random.randint(words - 3, words + 3))
    if random.random() < 0.1:
        at = random.randrange(1, len(said))
        said[at] = random.choice(_MARKED).format(said[at])
    if words > 8:
        said[words // 2] += ","
    if random.random() < cited:
        page = f", p. {random.randrange(1, 99)}" if random.random() < 0.3 else ""
        said.append(f"[@source{random.randrange(_SOURCES)}{page}]")
    text = " ".join(said)
    return text if text.startswith("*") else text[0].upper() + text[1:]


def _name(random: Random) -> str:
    return "".join(random.choice(_ONSETS) + random.choice(_VOWELS) for _ in range(3)).capitalize() + random.choice(
        _ENDS
    )


def _syllables(number: int) -> str:
    """A word that no other number has."""
    word = ""
    while number or not word:
        number, digit = divmod(number, 100)
        word += "bdfgklmnpr"[digit // 10] + "aeiouyäöüé"[digit % 10]
    return word
