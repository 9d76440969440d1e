"""What an author writes: the deck, its causes, questions and categories.

These pydantic models are the schema of the author's files; `aetia schema` prints them. They know the shape of one
file each and nothing of other files, disk or cards.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from generator.model.choice import CardChoice, DeckCards
from generator.model.entry import Entry, Written, kebab
from generator.model.style import Style
from generator.model.values import (
    KEY_PATTERN,
    LANGUAGE_PATTERN,
    ONE_OR_MORE,
    CategoryPath,
    CategoryPaths,
    ClaimId,
    ClaimIds,
    InTree,
    Key,
    Keys,
    Name,
    Names,
    Text,
    Texts,
)


class Review(Entry):
    """How far a text has been checked, by whom and when."""

    state: Literal["draft", "checked", "reviewed", "retracted"] = Field(
        "draft",
        description="`checked`: compared with its sources. `reviewed`: by another person. `retracted`: gets no cards.",
    )
    by: Name | None = Field(None, description="Who reviewed it.")
    role: Name | None = Field(None, description="The reviewer's qualification.")
    on: date | None = Field(None, description="The day of the review, such as 2026-01-31.")
    next: date | None = Field(None, description="The day from which the review is no longer valid.")
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[a-p]{16}$")] | None = Field(
        None,
        description="Stands for the text that was read. `aetia review` writes it; an edit makes the review lapse.",
    )

    @property
    def lapsed(self) -> bool:
        """Whether the text was edited after it was read, so that it is a draft again."""
        return self.state == "draft" and self.fingerprint is not None

    def holds(self, today: date) -> bool:
        """Return whether the text is reviewed and the review has not expired."""
        return self.state == "reviewed" and (self.next is None or self.next > today)


class Finding(Entry):
    """What the causes are causes of; also the root of the category tree."""

    name: Name = Field(description="The finding, as a noun: `Hyponatraemia`.")
    effect: Name = Field(description="What a cause does, as it follows `How does this …`: `lower the serum sodium`.")
    aka: Names = Field((), description="Other names of the finding.")
    definition: Text | None = Field(None, description="What the finding is, in one sentence.")
    ordered: bool = Field(False, description="Whether the top categories have an order worth learning.")
    mnemonic: Text | None = Field(None, description="A cue for the order of the top categories.")
    listed: bool = Field(False, description="Whether a card asks for all top categories. The key of this card is `/`.")
    review: Review = Field(Review.model_construct(), description="How far this text has been checked.")


class Contrast(Entry):
    """A property in which two confusable things differ, and what is so on each side."""

    on: Text | None = Field(None, description="The property in which they differ, as a noun: `clonality`.")
    here: Text = Field(description="What is so in this entry, in a few words.")
    there: Text = Field(description="What is so in the other, in words that match.")
    image: "Image | None" = Field(None, description="A picture for the card.")
    was: Keys = Field((), description="The key that this contrast had before, if there are several with one rival.")


SINGLE = ""
"""The key of a contrast that is the only one with its rival. It is not in the author's file."""


def _gather(value: Any) -> Any:
    """Accept a single contrast in place of a mapping with one contrast."""
    several = isinstance(value, dict) and value and all(isinstance(part, dict) for part in value.values())
    return value if several and not value.keys() & Contrast.model_fields.keys() else {SINGLE: value}


Contrasts = Annotated[
    Mapping[Annotated[str, StringConstraints(pattern=rf"{KEY_PATTERN}|^$")], Contrast],
    BeforeValidator(_gather, json_schema_input_type=Contrast | Mapping[Key, Contrast]),
]
"""One contrast with a rival, or several, each with its own permanent key."""


class Hallmark(Entry):
    """What distinguishes a category from its siblings."""

    shorthand = "is"

    is_: Text = Field(alias="is", description="The test or feature that distinguishes it from its siblings.")
    from_: Keys = Field((), alias="from", description="The keys of these siblings. Without it, the card names none.")


class Category(Entry):
    """A branch of the category tree."""

    shorthand = "name"

    name: Name = Field(description="The name of the branch as learners see it.")
    definition: Text | None = Field(None, description="What the members share, in one sentence.")
    ordered: bool = Field(False, description="Whether the members have an order worth learning.")
    mnemonic: Text | None = Field(None, description="A cue for the order of the members.")
    listed: bool = Field(False, description="Whether a card asks for all members of this branch.")
    aside: bool = Field(False, description="Whether the list of the parent leaves this branch out.")
    asked: bool = Field(True, description="Whether cards ask for this branch.")
    hallmark: Hallmark | None = Field(None, description="What distinguishes this branch from its siblings.")
    versus: Mapping[CategoryPath, Contrasts] = Field(
        {}, description="Confusable branches, by category path, each with one contrast or with several as in a cause."
    )
    members: Keys = Field(
        (), description="The keys of its causes in the order of learning. [default: the order of the files]"
    )
    review: Review = Field(Review.model_construct(), description="How far this text has been checked.")
    was: CategoryPaths = Field(
        (), description="The path that this branch had before it moved. If there are several, the latest first."
    )
    children: Mapping[Key, "Category"] = Field({}, description="The branches below this one, by key.")


class Facet(Entry):
    """A property that cuts across the categories, in the subject's own words."""

    name: Name = Field(description="The name of the property: `Cell line`.")
    values: Mapping[Key, Name] = Field(description="The allowed values and their names.")
    ask: Text | None = Field(None, description="A question that a card may ask: `Which cell line falls?`")


class Mechanism(Entry):
    """How the cause works."""

    shorthand = "summary"

    summary: Text | None = Field(None, description="How it works: one fact, in about twelve words.")
    steps: Texts = Field((), description="The chain from cause to effect, 2 to 6 short links.")
    certainty: Literal["established", "probable", "hypothesised", "unknown"] = Field(
        "established", description="Printed on the card when it is not `established`."
    )
    described: Text | None = Field(None, description="The mechanism in words that do not give the cause away.")
    question: Text | None = Field(None, description="A question in place of the usual one, if that would mislead.")


class TimeCourse(Entry):
    """When the effect begins, is greatest and ends."""

    shorthand = "onset"

    onset: Text | None = Field(None, description="When the effect begins.")
    peak: Text | None = Field(None, description="When the effect is greatest.")
    recovery: Text | None = Field(None, description="When it goes.")
    pattern: Text | None = Field(None, description="The shape of the course, such as `periodic`.")


class Example(Entry):
    """An instance of the cause."""

    shorthand = "name"

    name: Text = Field(description="The name of the instance.")
    note: Text | None = Field(None, description="A remark for the small print.")
    classic: bool = Field(False, description="Whether a card asks for the cause of this instance.")


class Image(Entry):
    """A picture in the deck's `media/` folder."""

    file: Name = Field(description="File name in the deck's `media/` folder.")
    alt: Text = Field(description="What the picture shows, for people who cannot see it.")
    credit: Text | None = Field(
        None,
        description="Who made the picture, and its licence. For a picture on a front, it is shown with the sources.",
    )
    side: Literal["front", "back"] = Field(
        "back", description="`front`: with the clue or the question. Else `back`: below the answer."
    )


# What every entry may say.
Corrected = Annotated[ClaimId | None, Field(description="The correction in the syllabus that this entry follows.")]
Covered = Annotated[ClaimIds, Field(description="Claims of the syllabus that this entry covers.")]
Cited = Annotated[Names, Field(description="Sources of the whole entry: `key` or `key, p. 2`.")]
Tags = Annotated[Names, Field(description="More Anki tags.")]
Chosen = Annotated[CardChoice, Field(description="Which cards are made from this entry.")]
Checked = Annotated[Review, Field(description="How far this entry has been checked.")]
Formers = Annotated[
    Keys,
    Field(description="The key that this entry had before and whose identity it keeps. If several, the latest first."),
]
Comment = Annotated[Text | None, Field(description="A note for editors, which is never exported.")]


class Question(Entry):
    """A question in the author's own words."""

    ask: Text = Field(description="The question. It must be clear without its entry.")
    answer: Text = Field(description="The answer: one fact, a few words.")
    because: Text | None = Field(None, description="One sentence of explanation, in small type.")
    category: InTree | None = Field(None, description="Its category. [default: that of its cause]")
    image: Image | None = Field(None, description="A picture for the question or the answer.")
    correction: Corrected = None
    covers: Covered = ()
    sources: Cited = ()
    tags: Tags = ()
    cards: Chosen = CardChoice.model_construct()
    review: Checked = Review.model_construct()
    was: Formers = ()
    comment: Comment = None


class Cause(Entry):
    """One cause of the finding."""

    cause: Name = Field(description="The name that learners see; at most 8 words.")
    mechanism: Mechanism = Field(description="How it works: a sentence, or summary, steps and certainty.")
    aka: Names = Field((), description="Other names: synonyms, brands, old terms.")
    category: InTree | None = Field(None, description="Its category, as a path such as `production/drugs`.")
    also_in: Annotated[tuple[InTree, ...], ONE_OR_MORE] = Field(
        (), description="More categories that it could belong to. They make no cards."
    )
    facets: Mapping[Key, Keys] = Field({}, description="Values of the deck's facets.")
    time_course: TimeCourse | None = Field(None, description="When the effect begins, is greatest and ends.")
    dose: Text | None = Field(None, description="What the size of the effect depends on.")
    frequency: Text | None = Field(None, description="How often it is the cause.")
    examples: tuple[Example, ...] = Field(
        (), description="Instances of the cause. Cards ask for those that are `classic`."
    )
    classic: bool = Field(False, description="Whether it is one of the few causes worth recalling for its category.")
    clue: Text | None = Field(
        None, description="The clue that points to this cause best. **bold** marks the deciding feature."
    )
    associated: Texts = Field((), description="Findings that occur with it, at most 5.")
    versus: Mapping[Key, Contrasts] = Field(
        {},
        description="Confusable causes, by key. Several contrasts with one rival have keys of your own: "
        "`rival: {size: {on: …, here: …, there: …}, place: {on: …, here: …, there: …}}`.",
    )
    questions: Mapping[Key, Question] = Field(
        {}, description="Questions about it. Their keys must be unique in the deck."
    )
    first_check: Text | None = Field(None, description="The first test or action.")
    pearl: Text | None = Field(None, description="One point worth remembering in practice.")
    mnemonic: Text | None = Field(None, description="A cue for remembering it.")
    image: Image | None = Field(None, description="A picture, below the answer or with the clue: see its `side`.")
    correction: Corrected = None
    covers: Covered = ()
    sources: Cited = ()
    see_also: Keys = Field((), description="Related entries. They make no cards.")
    tags: Tags = ()
    cards: Chosen = CardChoice.model_construct()
    review: Checked = Review.model_construct()
    was: Formers = ()
    comment: Comment = None


class OwnNote(BaseModel):
    """A note of a project's own note type: its fields by name, and the keys of every entry."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=kebab, defer_build=True)

    __pydantic_extra__: dict[str, Written]

    fields_more: Mapping[str, Written] = Field(
        {}, alias="fields", description="Fields whose names are also keys of every entry, such as `tags`."
    )
    deck: Name | None = Field(None, description="The subdeck of its cards, below the deck: `Europe::Rivers`.")
    category: InTree | None = Field(None, description="Its category, as a path such as `production/drugs`.")
    correction: Corrected = None
    covers: Covered = ()
    sources: Cited = ()
    tags: Tags = ()
    review: Checked = Review.model_construct()
    was: Formers = ()
    comment: Comment = None

    @property
    def fields_(self) -> Mapping[str, Written]:
        """The texts of the note's fields by their names."""
        return {**self.__pydantic_extra__, **self.fields_more} if self.fields_more else self.__pydantic_extra__


class LintSetting(Entry):
    """The deck's own setting of one lint."""

    shorthand = "severity"

    severity: Literal["off", "info", "warning", "error"] | None = Field(None, description="`off` turns the lint off.")
    limits: Mapping[Key, float] = Field(
        {}, description="The deck's own limits. `aetia explain CODE` lists the limits of a lint."
    )
    words: Names = Field((), description="More words that the lint looks for, or lets pass.")
    instead: Mapping[Name, Name] = Field({}, description="Words to avoid, each with what to write instead.")


# What may be spread over files.
Causes = Annotated[Mapping[Key, Cause], Field(description="The causes. The key is the permanent id of the entry.")]
Questions = Annotated[
    Mapping[Key, Question],
    Field(description="Questions that are not about one cause. The key is the permanent id."),
]
OwnNotes = Annotated[
    Mapping[Key, Mapping[Key, OwnNote]],
    Field(description="Notes of the project's own note types, by note type and permanent key."),
]


class DeckFile(Entry):
    """`deck.yaml`: the deck, and optionally its causes."""

    deck: Name = Field(description="The deck's name in Anki; `::` separates levels.")
    finding: Finding = Field(
        default_factory=lambda data: Finding(name=data.get("deck", "?").rpartition("::")[2], effect="come about"),
        description="What the causes are causes of. A deck without causes does not need it.",
    )
    id: Key | None = Field(
        None, description="A short random word that identifies the deck for good. Learners never see it."
    )
    language: Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)] = Field(
        "en", description="The language of the cards, as a BCP 47 tag."
    )
    description: Written | None = Field(
        None, description="What learners read under the deck's name. In HTML, it is shown without the notice."
    )
    notice: Text | bool = Field(
        False,
        description="The notice of limits, in the description and, shortened, on cards. With `true`, a general notice.",
    )
    reviews: bool | None = Field(
        None, description="Whether cards say how far their entry has been reviewed. [default: if any entry says so]"
    )
    style: Style = Field(Style.model_construct(), description="Font, sizes and colours.")
    version: Name | None = Field(None, description="The version of the deck, shown in its description.")
    report: Name | None = Field(None, description="Where learners report errors: a web or mail address.")
    words: Mapping[Key, Name] = Field({}, description="The deck's own wording of phrases on cards.")
    cards: DeckCards = Field(DeckCards.model_construct(), description="Which cards the deck has.")
    common_words: Names = Field((), description="Words that are so common in the deck that they give no answer away.")
    lints: Mapping[Key, LintSetting] = Field({}, description="Severity, limits and words of lints, by code.")
    categories: Mapping[Key, Category] = Field({}, description="The tree of categories, by key.")
    facets: Mapping[Key, Facet] = Field({}, description="Properties that cut across the categories, by key.")
    causes: Causes = Field({})
    questions: Questions = Field({})
    notes: OwnNotes = Field({})

    @property
    def common(self) -> tuple[str, ...]:
        """The names of the finding, what a cause does, and the author's common words, which give no answer away."""
        return (self.finding.name, self.finding.effect, *self.finding.aka, *self.common_words)


class CausesFile(Entry):
    """A file under `causes/`."""

    causes: Causes = Field({})
    questions: Questions = Field({})
    notes: OwnNotes = Field({})
