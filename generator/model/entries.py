"""What an author writes: the deck, its causes, categories, facts and syllabus.

These pydantic models are the schema of the author's files; `aetia schema` prints them. They know the shape of one
file each and nothing of other files, disk or cards.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

KEY_PATTERN = r"^[a-z0-9][a-z0-9.-]*$"
PATH_PATTERN = r"^[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*$"

MAX_LENGTH = 10_000
"""Letters of the longest text. No card needs as many, and a hostile text takes the longer to read the longer it is."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH, strip_whitespace=True)]
"""Markdown with `$…$` maths and `[@key, p. 2]` citations."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH, strip_whitespace=True)]
"""One line, without citations."""

Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
"""A permanent id: small letters, digits, `-` and `.`."""

ClaimId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
"""The number of a claim or correction in the syllabus."""

CategoryPath = Annotated[str, StringConstraints(pattern=PATH_PATTERN)]
"""Category keys from the top of the tree, joined by `/`."""


def _as_tuple(value: object) -> object:
    """Let a single text stand for a list of one."""
    return (value,) if isinstance(value, str) else value


ONE_OR_MORE = BeforeValidator(_as_tuple, json_schema_input_type=str | tuple[str, ...])

Names = Annotated[tuple[Name, ...], ONE_OR_MORE]
Texts = Annotated[tuple[Text, ...], ONE_OR_MORE]
Keys = Annotated[tuple[Key, ...], ONE_OR_MORE]
ClaimIds = Annotated[tuple[ClaimId, ...], ONE_OR_MORE]
CategoryPaths = Annotated[tuple[CategoryPath, ...], ONE_OR_MORE]


def kebab(name: str) -> str:
    """Return the name of a model's field as authors write it."""
    return name.replace("_", "-")


class Entry(BaseModel):
    """The base of every mapping an author writes: unknown keys are faults, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=kebab)

    shorthand: ClassVar[str | None] = None
    """The key that a plain text stands for, as in `mechanism: text` for `mechanism: {summary: text}`."""

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        return {cls.shorthand: value} if cls.shorthand and isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        if cls.shorthand is None:
            return schema
        return {"description": cls.__doc__, "anyOf": [{"type": "string"}, schema]}


class Review(Entry):
    """How far a text has been checked, by whom and when."""

    state: Literal["draft", "checked", "reviewed", "retracted"] = Field(
        "draft",
        description="`checked` is against its sources, `reviewed` by another person; `retracted` gets no cards.",
    )
    by: Name | None = Field(None, description="Who reviewed it.")
    role: Name | None = Field(None, description="What qualifies the reviewer.")
    on: date | None = Field(None, description="The day of the review, such as 2026-01-31.")
    next: date | None = Field(None, description="The day from which the review counts no longer.")

    def holds(self, today: date) -> bool:
        """Whether the text is reviewed and the review is not yet due again."""
        return self.state == "reviewed" and (self.next is None or self.next > today)


class Finding(Entry):
    """What the causes are causes of; also the root of the category tree."""

    name: Name = Field(description="The finding, as a noun: `Hyponatraemia`.")
    effect: Name = Field(description="What a cause does, as it follows `How does this …`: `lower the serum sodium`.")
    aka: Names = Field((), description="Other names of the finding.")
    definition: Text | None = Field(None, description="What the finding is, in one sentence.")
    ordered: bool = Field(False, description="The top categories have an order worth learning.")
    mnemonic: Text | None = Field(None, description="A cue for the order of the top categories.")
    review: Review = Field(Review(), description="How far this text has been checked.")


class Contrast(Entry):
    """What tells two confusable things apart, one side each."""

    here: Text = Field(description="The feature of this entry.")
    there: Text = Field(description="The matching feature of the other.")


class Category(Entry):
    """A branch of the category tree."""

    shorthand = "name"

    name: Name = Field(description="The name of the branch as learners see it.")
    definition: Text | None = Field(None, description="What the members share, in one sentence.")
    ordered: bool = Field(False, description="The members have an order worth learning.")
    mnemonic: Text | None = Field(None, description="A cue for the order of the members.")
    listed: bool = Field(True, description="Whether the parent's list card names this branch.")
    asked: bool = Field(True, description="Whether cards ask for this branch; if not, for the one below it.")
    separates: Text | None = Field(None, description="The test or feature that marks this branch off.")
    versus: Mapping[CategoryPath, Contrast] = Field({}, description="Confusable branches, by category path.")
    members: Keys = Field((), description="The keys of its causes in the order to learn; else that of the files.")
    review: Review = Field(Review(), description="How far this text has been checked.")
    was: CategoryPaths = Field((), description="The path this branch had before it moved; of several the latest first.")
    children: Mapping[Key, "Category"] = Field({}, description="The branches below this one, by key.")


class Facet(Entry):
    """A property that cuts across the categories, with the domain's own words."""

    name: Name = Field(description="The name of the property: `Cell line`.")
    values: Mapping[Key, Name] = Field(description="The allowed values and their names.")
    ask: Text | None = Field(None, description="A question that a card may ask: `Which cell line falls?`")


class Mechanism(Entry):
    """How the cause works."""

    shorthand = "summary"

    summary: Text | None = Field(None, description="One sentence of at most 20 words.")
    steps: Texts = Field((), description="The chain from cause to effect, 2 to 6 short links.")
    certainty: Literal["established", "probable", "hypothesised", "unknown"] = Field(
        "established", description="Printed on the card when it is not `established`."
    )


class TimeCourse(Entry):
    """When the effect comes, is greatest and goes."""

    shorthand = "onset"

    onset: Text | None = Field(None, description="When the effect begins.")
    peak: Text | None = Field(None, description="When it is greatest.")
    recovery: Text | None = Field(None, description="When it goes.")
    pattern: Text | None = Field(None, description="The shape of its course, such as periodic.")


class Example(Entry):
    """An instance of the cause."""

    shorthand = "name"

    name: Text = Field(description="What the instance is called.")
    note: Text | None = Field(None, description="A remark for the small print.")
    classic: bool = Field(False, description="One of the few worth recalling from the category's side.")


class Image(Entry):
    """A picture in the deck's `media/` folder."""

    file: Name = Field(description="File name in the deck's `media/` folder.")
    alt: Text = Field(description="What the picture shows, for those who cannot see it.")
    credit: Text | None = Field(None, description="Maker and licence.")


Family = Literal[
    "mechanism", "clue", "category", "pair", "time", "cause", "facet", "check", "chain", "trap", "which", "example",
    "list", "unifies", "prototype", "separates", "tree", "fact",
]  # fmt: skip
"""A family of cards by the name that an author gives it."""
Families = Annotated[tuple[Family, ...], ONE_OR_MORE]


class CardChoice(Entry):
    """The author's say in which cards are made."""

    only: Families = Field((), description="Make no others.")
    skip: Families = Field((), description="Do not make these.")

    def admits(self, family: str) -> bool:
        """Whether the author wants this family."""
        return family not in self.skip and (not self.only or family in self.only)


class DeckCards(CardChoice):
    """The author's say in which cards a deck has."""

    most: Annotated[int, Field(ge=1)] = Field(6, description="Cards of one cause; the least useful are left out.")
    if_reviewed: Families = Field((), description="Families made only of entries that are reviewed.")


class Cause(Entry):
    """One cause of the finding."""

    cause: Name = Field(description="The name that learners see; at most 8 words.")
    mechanism: Mechanism = Field(description="How it works: a sentence, or summary, steps and certainty.")
    aka: Names = Field((), description="Other names: synonyms, brands, old terms.")
    category: CategoryPath | None = Field(None, description="Where it stands in the category tree.")
    also_in: CategoryPaths = Field((), description="Further branches it could stand in; no cards of their own.")
    facets: Mapping[Key, Keys] = Field({}, description="Values of the deck's facets.")
    time_course: TimeCourse | None = Field(None, description="When the effect comes, is greatest and goes.")
    dose: Text | None = Field(None, description="What the size of the effect depends on.")
    frequency: Text | None = Field(None, description="How often it is the cause.")
    examples: tuple[Example, ...] = Field((), description="Instances of the cause; `classic` ones are asked.")
    classic: bool = Field(False, description="One of the few worth recalling from the category's side.")
    clue: Text | None = Field(None, description="The best pointer to this cause; **bold** marks the deciding feature.")
    associated: Texts = Field((), description="Findings that travel with it; at most 5.")
    versus: Mapping[Key, Contrast] = Field({}, description="Confusable causes, by key.")
    first_check: Text | None = Field(None, description="The first test or action.")
    pearl: Text | None = Field(None, description="One point worth remembering in practice.")
    mnemonic: Text | None = Field(None, description="A cue for remembering it.")
    image: Image | None = Field(None, description="A picture for the back of the cards.")
    correction: ClaimId | None = Field(None, description="A correction of the syllabus that this entry puts right.")
    covers: ClaimIds = Field((), description="Claims of the syllabus that this entry covers.")
    sources: Names = Field((), description="Sources of the whole entry: `key` or `key, p. 2`.")
    see_also: Keys = Field((), description="Related entries; no cards.")
    tags: Names = Field((), description="Further Anki tags.")
    cards: CardChoice = Field(CardChoice(), description="Which cards are made of this entry.")
    review: Review = Field(Review(), description="How far this entry has been checked.")
    was: Keys = Field((), description="The key this entry had before, to carry its identity over; the latest first.")
    notes: Text | None = Field(None, description="For editors only; never exported.")


class Fact(Entry):
    """A question of its own that is not about one cause: a definition, a threshold, a principle."""

    ask: Text = Field(description="The question.")
    answer: Text = Field(description="The answer: one fact, a few words.")
    because: Text | None = Field(None, description="One sentence of explanation for the back.")
    kind: Literal["definition", "threshold", "principle", "physiology"] = Field(
        "principle", description="What sort of fact it is."
    )
    covers: ClaimIds = Field((), description="Claims of the syllabus that this entry covers.")
    correction: ClaimId | None = Field(None, description="A correction of the syllabus that this entry puts right.")
    sources: Names = Field((), description="Sources of the whole entry: `key` or `key, p. 2`.")
    tags: Names = Field((), description="Further Anki tags.")
    cards: CardChoice = Field(CardChoice(), description="Which cards are made of this entry.")
    review: Review = Field(Review(), description="How far this entry has been checked.")
    was: Keys = Field((), description="The key this entry had before, to carry its identity over; the latest first.")
    notes: Text | None = Field(None, description="For editors only; never exported.")


class LintSetting(Entry):
    """The deck's own setting of one lint."""

    shorthand = "severity"

    severity: Literal["off", "info", "warning", "error"] | None = Field(None, description="`off` turns the lint off.")
    limits: Mapping[Key, float] = Field({}, description="Own limits; `aetia explain CODE` lists them.")
    words: Names = Field((), description="Further words that the lint looks for.")
    instead: Mapping[Name, Name] = Field({}, description="Words to avoid, each with what to write instead.")


class DeckFile(Entry):
    """`deck.yaml`: the deck and, if the author likes, its causes."""

    deck: Name = Field(description="The deck's name in Anki; `::` separates levels.")
    finding: Finding = Field(description="What the causes are causes of.")
    id: Key | None = Field(None, description="A short random word that names the deck for good; learners never see it.")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] = Field(
        "en", description="The language of the cards, as a BCP 47 tag."
    )
    description: Text | None = Field(None, description="What learners read under the deck's name.")
    notice: Text | None = Field(None, description="The notice of limits; a general one is used without it.")
    version: Name | None = Field(None, description="The version of the deck, shown in its description.")
    report: Name | None = Field(None, description="Where learners report errors: a web or mail address.")
    words: Mapping[Key, Name] = Field({}, description="Own wording of the phrases on cards.")
    cards: DeckCards = Field(DeckCards(), description="Which cards the deck has.")
    common_words: Names = Field((), description="Words so common in the deck that they give no answer away.")
    lints: Mapping[Key, LintSetting] = Field({}, description="Severity, limits and words of lints, by code.")
    categories: Mapping[Key, Category] = Field({}, description="The tree of categories, by key.")
    facets: Mapping[Key, Facet] = Field({}, description="Properties that cut across the categories, by key.")
    causes: Mapping[Key, Cause] = Field({}, description="The causes; the key is the permanent id of the entry.")
    facts: Mapping[Key, Fact] = Field(
        {}, description="Questions that are not about one cause; the key is the permanent id."
    )


class CausesFile(Entry):
    """A file under `causes/`."""

    causes: Mapping[Key, Cause] = Field({}, description="The causes; the key is the permanent id of the entry.")
    facts: Mapping[Key, Fact] = Field(
        {}, description="Questions that are not about one cause; the key is the permanent id."
    )


class Claim(Entry):
    """A numbered statement or objective that the deck is measured against."""

    shorthand = "claim"

    claim: Name = Field(description="The statement or objective.")
    kind: Name | None = Field(None, description="What sort of claim it is.")
    path: Name | None = Field(None, description="Where it stands in its own source.")
    correction: ClaimId | None = Field(None, description="The correction that puts this claim right.")
    skip: Name | None = Field(None, description="Why no entry covers the claim.")


class Correction(Entry):
    """What a claim gets wrong, and what is right."""

    says: Text = Field(description="What the claim says.")
    correct: Text = Field(description="What is right.")


class SyllabusFile(Entry):
    """`syllabus.yaml`."""

    title: Name | None = Field(None, description="What the list is.")
    claims: Mapping[ClaimId, Claim] = Field({}, description="The claims by their numbers.")
    corrections: Mapping[ClaimId, Correction] = Field({}, description="What claims get wrong, by number.")
