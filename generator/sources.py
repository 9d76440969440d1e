"""The sources that a deck cites: the shape of `sources.yaml`, as far as CSL-YAML is read here."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from generator.model import Name, kebab


class Person(BaseModel):
    """A name of CSL; `literal` stands for a body such as a committee."""

    model_config = ConfigDict(frozen=True)

    family: str = ""
    given: str = ""
    literal: str = ""


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


def _year(value: Any) -> Any:
    """Read the year from the forms in which CSL, Pandoc and Zotero write a date."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, dict):
        if parts := value.get("date-parts"):
            value = parts[0][0] if isinstance(parts[0], list) else parts[0]
        else:
            value = value.get("year", value.get("literal", value.get("raw", "")))
    return str(value)[:4]


Scalar = Annotated[str, BeforeValidator(_as_text)]


class SourceCustom(BaseModel):
    """What CSL keeps under `custom`. `seen: general-knowledge` marks what no work was read for."""

    model_config = ConfigDict(frozen=True)

    seen: str = ""


class Source(BaseModel):
    """A work in CSL-YAML. CSL has many more keys; those that are not shown are left alone."""

    model_config = ConfigDict(frozen=True, alias_generator=kebab)

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_:.#$%&+?<>~/-]*$")]
    title: Name | None = None
    author: tuple[Person, ...] = ()
    issued: Annotated[str, BeforeValidator(_year)] = ""
    container_title: str = ""
    publisher: str = ""
    volume: Scalar = ""
    issue: Scalar = ""
    page: Scalar = ""
    doi: str = Field("", alias="DOI")
    url: str = Field("", alias="URL")
    custom: SourceCustom = SourceCustom()


class SourcesFile(BaseModel):
    """`sources.yaml`: CSL-YAML as Pandoc reads it and Zotero exports it."""

    model_config = ConfigDict(frozen=True)

    references: tuple[Source, ...] = ()
