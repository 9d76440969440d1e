"""What all mappings that authors write have in common."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, StringConstraints, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from generator.model.values import MAX_HTML, Text

_OF_TEXT = ("type", "enum", "minLength", "maxLength")
"""What a schema says of a text, apart from its key."""


def kebab(name: str) -> str:
    """Return the name of a model's field as authors write it."""
    return name.replace("_", "-")


class Entry(BaseModel):
    """The base of every mapping that an author writes. Unknown keys are faults, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=kebab, defer_build=True)

    shorthand: ClassVar[str | None] = None
    """The key that a plain text stands for: `mechanism: text` means `mechanism: {summary: text}`."""

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        return {cls.shorthand: value} if cls.shorthand and isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        if cls.shorthand is None:
            return schema
        key = handler.resolve_ref_schema(schema)["properties"][cls.shorthand]
        text = next(option for option in key.get("anyOf", [key]) if option.get("type") == "string")
        return {"description": cls.__doc__, "anyOf": [{k: text[k] for k in _OF_TEXT if k in text}, schema]}


class Written(Entry):
    """A text in Markdown, or in HTML, which is used as it is."""

    shorthand = "markdown"

    markdown: Text | None = Field(None, description="The text in Markdown.")
    html: Annotated[str, StringConstraints(max_length=MAX_HTML)] | None = Field(
        None, description="The text in HTML, exactly as Anki stores it."
    )
