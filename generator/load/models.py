"""Follow keys through the models of an author's files: what belongs there, which keys it has, and what it is called."""

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def model_at(model: Any, keys: tuple[str | int, ...]) -> Any:
    """Follow a path of keys through the annotations to the model at its end."""
    for key in keys:
        model = plain(model)
        if isinstance(model, type) and issubclass(model, BaseModel):
            model = next((f.annotation for n, f in model.model_fields.items() if key in (n, f.alias)), model)
        elif arguments := get_args(model):
            model = (
                arguments[1]
                if get_origin(model) is Mapping or (len(arguments) > 1 and arguments[1] is not ...)
                else arguments[0]
            )
    return plain(model)


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys of a model, as authors write them."""
    return [field.alias or name for name, field in model.model_fields.items()]


_NOUNS: Mapping[str, str] = {
    "DeckFile": "a deck",
    "CausesFile": "a file of causes",
    "SyllabusFile": "a syllabus",
    "SourcesFile": "a list of sources",
    "CardChoice": "`cards`",
    "Shade": "colours",
    "ReviewFile": "the file of a review",
    "DeckCards": "`cards`",
}
_NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def noun(model: Any) -> str:
    """Return what a message calls a model: `a cause`."""
    words = _NEW_WORD.sub(" ", model.__name__).lower()
    return _NOUNS.get(model.__name__, f"{'an' if words[0] in 'aeiou' else 'a'} {words}")


def plain(annotation: Any) -> Any:
    """Strip `Annotated` and `| None` from an annotation."""
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        options = get_args(annotation)
        annotation = next((o for o in options if o is not type(None)), options[0])
    return annotation
