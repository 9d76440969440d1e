"""The shape of `sources.yaml`: the part of CSL-YAML that Aetia reads."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from generator.model.entry import kebab
from generator.model.values import Name

CSL_TYPES = frozenset([
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
    "classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event",
    "figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture",
    "musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical",
    "personal_communication", "post", "post-weblog", "regulation", "report", "review", "review-book", "software",
    "song", "speech", "standard", "thesis", "treaty", "webpage",
])  # fmt: skip
"""The types of works in CSL 1.0.2."""


class Person(BaseModel):
    """A name in CSL. `literal` is the name of a body such as a committee."""

    model_config = ConfigDict(frozen=True)

    family: str = Field("", description="The family name.")
    given: str = Field("", description="Given names or initials.")
    literal: str = Field("", description="The name of a body, such as a committee.")


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


_YEAR = re.compile(r"-?\d{1,4}|.*?(?<!\d)(\d{4})(?!\d).*", re.DOTALL)
_LAST_DAY, _FIRST_YEAR = 31, 1000
"""A number up to the first, before one from the second on, is a day or a month."""


def _year(value: Any) -> Any:
    """Read the year of a date as CSL, Pandoc or Zotero writes it, or in words: `in press` has none."""
    while isinstance(value, list | tuple | dict):
        if isinstance(value, dict):
            value = value.get("date-parts") or value.get("year", value.get("literal", value.get("raw", "")))
        else:
            numbers = [int(part) for part in value if str(part).isdecimal()]
            if numbers and numbers[0] <= _LAST_DAY and max(numbers) >= _FIRST_YEAR:
                raise PydanticCustomError("year", "in a date the year comes first: `[[2026, 1, 31]]`")
            value = value[0] if value else ""
    found = _YEAR.fullmatch(str(value))
    if found is None and re.search(r"\d", str(value)):
        raise PydanticCustomError("year", "there is no year in this; write `2026` or `2026-01-31`")
    return (found[1] or found[0]) if found else ""


Scalar = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | float)]
Year = Annotated[str, BeforeValidator(_year, json_schema_input_type=Any)]


class SourceCustom(BaseModel):
    """The CSL key `custom`. `seen: general-knowledge` marks a statement for which no work was read."""

    model_config = ConfigDict(frozen=True)

    seen: str = Field("", description="How far the work was read; `general-knowledge` if no work was read.")


class Source(BaseModel):
    """A work in CSL-YAML. CSL has many more keys; those that Aetia does not show are ignored."""

    model_config = ConfigDict(frozen=True, alias_generator=kebab, defer_build=True)

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_:.#$%&+?<>~/-]*$")] = Field(
        description="The key that citations name: `[@key]`."
    )
    title: Name | None = Field(None, description="The title of the work.")
    author: tuple[Person, ...] = Field((), description="Who wrote it.")
    issued: Year = Field("", description="When it appeared; the year is shown.")
    container_title: str = Field("", description="The journal, book or site that it is part of.")
    publisher: str = Field("", description="Who published it.")
    volume: Scalar = Field("", description="The volume of the journal.")
    issue: Scalar = Field("", description="The issue of the volume.")
    page: Scalar = Field("", description="Its pages.")
    doi: str = Field("", alias="DOI", description="Its DOI, without `https://doi.org/`.")
    url: str = Field("", alias="URL", description="Its web address.")
    custom: SourceCustom = Field(SourceCustom.model_construct(), description="What CSL has no key for.")


class SourcesFile(BaseModel):
    """`sources.yaml`: CSL-YAML as Pandoc reads it and Zotero exports it."""

    model_config = ConfigDict(frozen=True)

    references: tuple[Source, ...] = Field((), description="The works.")
