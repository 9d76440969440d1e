"""The look of cards that an author chooses: font, size and colours."""

from typing import Annotated

from pydantic import Field

from generator.model.entry import Entry
from generator.model.values import Colour, Font


class Shade(Entry):
    """Colours by day or by night, in CSS notation."""

    text: Colour | None = Field(None, description="Text.")
    background: Colour | None = Field(None, description="The background of the card. Paper stays white.")
    accent: Colour | None = Field(
        None,
        description="Words that were hidden, links and the deciding words of a clue; on paper also categories.",
    )


class Style(Entry):
    """The look of the cards, in Anki, in the preview and on paper. It can change at any time.

    Paper is white. It takes those colours of the day that are readable on white.
    """

    font: Font | None = Field(None, description="Font families. The first that the device has is used.")
    size: Annotated[int, Field(ge=10, le=40)] | None = Field(
        None, description="The size of the text on screens, in pixels. On paper, the text has the size that fits."
    )
    day: Shade = Field(Shade.model_construct(), description="Colours by day.")
    night: Shade = Field(Shade.model_construct(), description="Colours in night mode.")
