"""The kinds of cards, one row each. Schema, `cards:`, `--only`, summaries, `aetia explain` and lints follow from it.

The package `cards` makes the cards, with one module per note type, and `templates/` has their layout.
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal

Subject = Literal["cause", "contrast", "question", "branch", "facet", "correction", "deck"]


@dataclass(frozen=True, slots=True)
class CardKind:
    """A kind of card.

    `name` is what authors, learners and commands call it. `note_type` is the folder under `templates/notetypes/`, and
    `templates` are the card templates there, one for each card of the kind that a note can have. `subject` is what such
    a card asks about. `front` and `answer` say what learners see, `made_when` what the author has to write, and
    `example` shows it as it is written in a cause, a category or a file. `default` kinds are made unless the author
    leaves them out, the others on request.

    The rest is for lints. The answer `wants` one fact, all members of a list or a part of a drawing. In a kind with
    `parts`, many cards ask the same, each with another part hidden. `worded` kinds ask in the author's own words, which
    can give the answer away. The questions of `compared` kinds are long enough to be mistaken for one another. `longer`
    is the side that the limit `NAME-words` of `too-long` is about.
    """

    name: str
    note_type: str
    subject: Subject
    front: str
    answer: str
    made_when: str
    example: str
    default: bool = True
    own_templates: tuple[str, ...] = ()
    wants: Literal["fact", "members", "drawing"] = "fact"
    parts: bool = False
    worded: bool = False
    compared: bool = False
    longer: Literal["question", "answer"] = "answer"

    @property
    def templates(self) -> tuple[str, ...]:
        """The card templates: `own_templates`, or one with the name of the kind."""
        return self.own_templates or (self.name,)

    @property
    def phrase(self) -> str:
        """The key of the question in `templates/words/`."""
        return f"ask-{self.name}"


_on_request = partial(CardKind, default=False)

EXAMPLES = 3
"""The most examples of a cause that get a card."""
FACETS = 4
"""The most facets of a deck."""

KINDS: tuple[CardKind, ...] = (
    CardKind(
        "clue", "cause", "cause",
        "the clue, and what its likely cause is",
        "the cause; the **bold** words of the clue are highlighted",
        "a cause has a `clue`",
        "clue: Ten weeks after a new antipsychotic, **sore throat and fever**",
        compared=True, longer="question",
    ),
    CardKind(
        "mechanism", "cause", "cause",
        "how the cause can have its effect",
        "the `summary` of the mechanism, with its steps in small type",
        "a cause has a `mechanism` that is known",
        "mechanism: A metabolite of the drug destroys neutrophils and their precursors",
    ),
    CardKind(
        "question", "question", "question",
        "the author's own question",
        "its `answer`, with `because` in small type",
        "an entry of `questions`, of the deck or of a cause",
        "questions: {same-day: {ask: Which test the same day for fever on clozapine?, answer: Neutrophil count}}",
        worded=True, compared=True, longer="question",
    ),
    CardKind(
        "contrast", "contrast", "contrast",
        "two causes, or two categories, and the one property in which they differ",
        "the two sides, next to each other",
        "a contrast under `versus` names its axis with `on`",
        "versus: {felty: {on: clonality, here: Clonal T cells, there: Polyclonal}}",
    ),
    CardKind(
        "example", "cause", "cause",
        "an instance, and which cause it belongs to",
        "the cause",
        f"an example is marked `classic`; the first {EXAMPLES} of a cause get a card",
        "examples: [{name: Dapsone, classic: true}]",
        own_templates=tuple(f"example-{slot}" for slot in range(1, EXAMPLES + 1)),
    ),
    CardKind(
        "list", "list", "branch",
        "a category, and how many members it has",
        "all members, in their order if it is `ordered`",
        "a category, or the finding, is `listed` and has 2 to 7 members",
        "listed: true",
        wants="members",
    ),
    _on_request(
        "reverse", "detail", "cause",
        "a mechanism, and which cause works that way",
        "the cause",
        "a cause has `mechanism.described`, or a summary that does not give the cause away",
        "mechanism: {summary: Clozapine metabolites …, described: A metabolite destroys neutrophils}",
        compared=True,
    ),
    _on_request(
        "category", "detail", "cause",
        "a cause, and which kind of cause it is",
        "its category",
        "the category of a cause is `asked`",
        "cards: {add: [category]}",
    ),
    _on_request(
        "onset", "detail", "cause",
        "when the effect of a cause begins",
        "its `time-course.onset`",
        "a cause has a `time-course.onset`",
        "time-course: {onset: In the first 18 weeks}",
    ),
    _on_request(
        "peak", "detail", "cause",
        "when the effect of a cause is greatest",
        "its `time-course.peak`",
        "a cause has a `time-course.peak`",
        "time-course: {peak: Day 10 to 14}",
    ),
    _on_request(
        "recovery", "detail", "cause",
        "when the effect of a cause ends",
        "its `time-course.recovery`",
        "a cause has a `time-course.recovery`",
        "time-course: {recovery: By day 28}",
    ),
    _on_request(
        "dose", "detail", "cause",
        "what the size of the effect depends on",
        "its `dose`",
        "a cause has a `dose`",
        "dose: The cumulative dose",
    ),
    _on_request(
        "check", "detail", "cause",
        "what to check first when a cause is suspected",
        "its `first-check`",
        "a cause has a `first-check` and is reviewed; `cards: {if-reviewed: []}` asks for no review",
        "first-check: Serum osmolality",
    ),
    _on_request(
        "facet", "detail", "facet",
        "a cause, and the `ask` of one of the deck's facets",
        "the value, or values, of the cause",
        "a facet has `ask`, and no value of it answers more than half of its cards",
        "facets: {line: {name: Cell line, ask: Which line falls?, values: {n: Neutrophils}}}",
        own_templates=tuple(f"facet-{slot}" for slot in range(1, FACETS + 1)),
        worded=True,
    ),
    _on_request(
        "steps", "list", "cause",
        "the steps of a mechanism, one of them hidden",
        "the hidden step",
        "a mechanism has 3 to 6 `steps`",
        "mechanism: {summary: …, steps: [First, Then, Finally]}",
        parts=True,
    ),
    _on_request(
        "common", "detail", "branch",
        "some causes of one category, and what they have in common",
        "the definition of the category",
        "a category has a `definition`, and 3 to 5 causes or 3 to 5 that are `classic`",
        "cards: {add: [common]}",
        worded=True,
    ),
    _on_request(
        "hallmark", "detail", "branch",
        "a category and its siblings, and what distinguishes it from them",
        "its `hallmark`",
        "a category has a `hallmark`",
        "hallmark: {is: A new drug in the weeks before, from: [marrow]}",
        worded=True,
    ),
    _on_request(
        "misconception", "detail", "correction",
        "a sentence that many people believe, and what is wrong with it",
        "what is right",
        "an entry has a `correction` that the syllabus marks `common`",
        "corrections: {E1: {says: …, correct: …, common: true}}",
    ),
    _on_request(
        "blanks", "list", "branch",
        "a list with one member hidden",
        "the hidden member",
        "a category is `listed` and has 3 members or more",
        "listed: true",
        parts=True,
    ),
    _on_request(
        "tree", "picture", "deck",
        "the top of the category tree with one branch hidden",
        "the branch",
        "the deck has at least two top categories",
        "cards: {add: [tree]}",
        wants="drawing", parts=True,
    ),
)  # fmt: skip
"""Every kind, in the order in which a learner meets the cards of one entry."""

BY_NAME = {kind.name: kind for kind in KINDS}
OWN = CardKind("", "", "deck", "", "", "", "")
"""The kind of all cards of a project's own note types, for lints."""


def kind_of_template(note_type: str, template: str) -> str:
    """Return the kind of card that a card template makes. A project's own note type is a kind of its own name."""
    return next((k.name for k in KINDS if k.note_type == note_type and template in k.templates), note_type)
