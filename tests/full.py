"""A deck with every kind of card, every key that an author can write and a note type of its own.

Each text has a unique word, made of the names of its model and field (`causepearl`), so that a test can see which texts
reach a card.
"""

from collections.abc import Mapping
from pathlib import Path

DECK = """\
deck: Area::Deckdeck
id: full-1
version: deckversion
report: https://example.org/deckreport
description: Deckdescription
notice: Decknotice
style:
  font: stylefont
  size: 21
  day: {text: "#010203", background: "#fdfcfb", accent: "#0a0b0c"}
  night: {text: "#e1e2e3", background: "#111213", accent: "#d1d2d3"}
words: {more: deckwords}
finding:
  {name: Findingname, effect: findingeffect, aka: [findingaka], definition: Findingdefinition, ordered: true,
   mnemonic: Findingmnemonic, listed: true}
cards:
  add: [reverse, category, onset, peak, recovery, dose, check, facet, steps, common, hallmark, misconception, blanks,
        tree]
categories:
  first:
    name: Categoryname
    definition: Categorydefinition
    mnemonic: Categorymnemonic
    listed: true
    ordered: true
    hallmark: {is: Hallmarkis, from: [second]}
    versus: {second: {on: Axisofcategories, here: Hereofcategories, there: Thereofcategories}}
  second: Other branch
  third: {name: Third branch, children: {below: {name: Branch below}}}
facets:
  line: {name: Facetname, ask: Facetask?, values: {one: Facetvalues, two: Further}}
causes:
  main:
    cause: Causecause
    aka: [causeaka]
    category: first
    mechanism:
      summary: Mechanismsummary $x^2$ [@book, p. 3]
      steps: [Mechanismsteps, Second link, Third link]
      certainty: probable
      described: Mechanismdescribed
    facets: {line: [one, two]}
    time-course:
      {onset: Timecourseonset, peak: Timecoursepeak, recovery: Timecourserecovery, pattern: Timecoursepattern}
    dose: Causedose
    frequency: Causefrequency
    examples:
      - {name: Examplename, note: Examplenote, classic: true}
      - {name: Exampletwo, classic: true}
      - {name: Examplethree, classic: true}
    clue: A **causeclue** speaks
    associated: [causeassociated]
    versus:
      rival:
        growth: {on: Contraston, here: Contrasthere, there: Contrastthere, image: {file: c.svg, alt: Contrastimage}}
        age: {on: Second axis, here: Early, there: Late}
    questions:
      of-main:
        ask: Questionask?
        answer: Questionanswer
        because: Questionbecause
        image: {file: q.svg, alt: Questionimage, side: front}
        sources: [tract]
    first-check: Causefirstcheck
    pearl: Causepearl
    mnemonic: Causemnemonic
    image: {file: a.svg, alt: Imagealt, credit: Imagecredit}
    correction: E1
    sources: [book]
    tags: [causetags]
    review: {state: reviewed, by: Reviewby, role: Reviewrole, on: 2026-01-31}
    comment: causecomment
  rival:
    cause: Rival
    category: first
    mechanism: {summary: It works, question: Mechanismquestion?}
    review: {state: checked, by: Another}
  third:
    cause: Thirdcause
    category: first
    mechanism: {summary: Guess, certainty: hypothesised}
questions:
  alone: {ask: Ownquestion?, answer: Ownanswer, category: third/below}
notes:
  quote:
    sarajevo: {Quote: A **bold** ownquote, Who: Ownwho}
"""
FILES = {
    "sources.yaml": "references:\n- {id: book, title: A book}\n- {id: tract, title: Questionsources}\n",
    "syllabus.yaml": "corrections: {E1: {says: Correctionsays, correct: Correctioncorrect, common: true}}\n",
    **{f"media/{name}.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>" for name in "acq"},
    "../../templates/notetypes/quote/notetype.yaml": "name: Quote\nfields: [Quote, Who, Key, Sources]\ncards: [who]\n",
    "../../templates/notetypes/quote/who.html": (
        "{% block front %}{% when field.Who %}{{ field.Quote }}{% endwhen %}{% endblock %}\n"
        '{% block answer %}<div class="answer">{{ field.Who }}</div>{% endblock %}\n'
    ),
}


def write(project: Path, changed: Mapping[str, str] | None = None, **files: str) -> Path:
    """Write the deck into a project, with pieces of its text changed. Return its folder."""
    text = DECK
    for old, new in (changed or {}).items():
        assert old in text
        text = text.replace(old, new)
    folder = project / "decks" / "full"
    for path, content in {"deck.yaml": text, **FILES, **files}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return folder
