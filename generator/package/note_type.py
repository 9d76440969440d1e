"""Read a note type from Anki's JSON: the parts that we name too, and everything else that Anki stores."""

from collections.abc import Mapping
from typing import Any

from generator.model.notes import CardTemplate, NoteField, NoteType
from generator.package.write import note_type_json

_OURS = frozenset(
    {"id", "name", "ord", "qfmt", "afmt", "tag", "flds", "tmpls", "css", "sortf", "type", "req", "originalStockKind"}
)
"""The keys that have their own place in our files."""
_OF_A_COLLECTION = frozenset({"mod", "usn", "did", "vers", "tags", "originalId", "media", "crowdanki_uuid", "__type__"})
"""The keys that mean something only in one collection, or no longer mean anything."""


def read_note_type(key: str, model: Mapping[str, Any]) -> NoteType:
    """Return a note type that gives the same JSON when it is written. Raise KeyError or TypeError."""
    id_ = int(model["id"])
    bare = NoteType(
        key=key,
        name=str(model["name"]),
        id=id_,
        cloze=model["type"] == 1,
        fields=tuple(_field(field, {}) for field in model["flds"]),
        templates=tuple(_template(template, {}) for template in model["tmpls"]),
        css=str(model["css"]),
        sort_field=int(model["sortf"]),
        stock_kind=model.get("originalStockKind"),
        foreign=True,
    )
    written = note_type_json(bare)
    fields = zip(model["flds"], written["flds"], strict=True)
    templates = zip(model["tmpls"], written["tmpls"], strict=True)
    return NoteType(
        key=bare.key, name=bare.name, id=id_, cloze=bare.cloze, css=bare.css, sort_field=bare.sort_field,
        stock_kind=bare.stock_kind, foreign=True, stored=_more(model, written),
        fields=tuple(_field(given, _more(given, ours)) for given, ours in fields),
        templates=tuple(_template(given, _more(given, ours)) for given, ours in templates),
    )  # fmt: skip


def _field(field: Mapping[str, Any], stored: Mapping[str, Any]) -> NoteField:
    return NoteField(str(field["name"]), _whole(field.get("id")), tag=_whole(field.get("tag")), stored=stored)


def _template(template: Mapping[str, Any], stored: Mapping[str, Any]) -> CardTemplate:
    front, back = str(template["qfmt"]), str(template["afmt"])
    return CardTemplate(str(template["name"]), _whole(template.get("id")), front, back, stored)


def _whole(value: Any) -> int | None:
    return value if type(value) is int else None


def _more(given: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Anki stores that we would write differently or not at all."""
    left = given.keys() - _OURS - _OF_A_COLLECTION
    return {key: given[key] for key in sorted(left) if (given[key] or None) != (written.get(key) or None)}
