"""A reader's marks on the cards of the exported page, as the page saves them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field, StringConstraints

from generator.model.entry import kebab

MAX_REMARK = 2_000
"""The most characters of a remark."""
MAX_LINE = 200
"""The most characters of a name."""
_Line = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_LINE, strip_whitespace=True, pattern=r"^[^\n\t]+$")
]


class _Saved(BaseModel):
    """What the page saves. Unknown keys are ignored, because a later page may save more."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=kebab)


class Mark(_Saved):
    """A reader's mark on one card."""

    card: _Line = Field(description="The card: note type, key and number.")
    kind: _Line = Field(description="What kind of card it was.")
    mark: Literal["right", "wrong", "unclear"] = Field(description="What the reader says of it.")
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[a-p]{16}$")] = Field(description="Of the text read.")
    remark: Annotated[str, StringConstraints(max_length=MAX_REMARK, strip_whitespace=True)] = Field(
        "", description="What the reader adds."
    )


class ReviewFile(_Saved):
    """All marks of one reader on a deck."""

    aetia_review: Literal[1] = Field(description="The version of this format.")
    deck: _Line = Field(description="The folder of the deck.")
    marks: Annotated[tuple[Mark, ...], FailFast()] = Field(max_length=20_000, description="The marks.")
    reader: _Line | None = Field(None, description="Who read the cards.")
    role: _Line | None = Field(None, description="What qualifies the reader.")
