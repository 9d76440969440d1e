"""What an author wishes of the look of cards: font, size and colours."""

from typing import Annotated

from pydantic import Field

from generator.model.entry import Entry
from generator.model.values import Colour, Font


class Shade(Entry):
    """Colours by day or by night, in CSS notation."""

    text: Colour | None = Field(None, description="Text.")
    background: Colour | None = Field(None, description="The background of the card.")
    accent: Colour | None = Field(None, description="Labels, links and the deciding words of a clue.")


class Style(Entry):
    """The look of the cards in Anki, in the preview and on paper. It can change at any time."""

    font: Font | None = Field(None, description="Font families. The first that the device has is used.")
    size: Annotated[int, Field(ge=10, le=40)] | None = Field(None, description="The size of the text in pixels.")
    day: Shade = Field(Shade(), description="Colours by day.")
    night: Shade = Field(Shade(), description="Colours in night mode.")
