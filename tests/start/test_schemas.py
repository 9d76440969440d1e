"""Editors complete and check a deck's files by JSON Schemas that say what each key is for."""

import json
from pathlib import Path

import pytest
import ryaml
from conftest import MINIMAL, SHIPPED
from jsonschema import Draft202012Validator

from generator.project.start import SCHEMAS, schema_text
from generator.resources import bundled

LINE = "# yaml-language-server: $schema="
FILES = [file for name in SHIPPED for file in sorted((bundled("decks") / name).rglob("*.yaml"))]


def validator(text):
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_files_are_current(name):
    file = bundled("templates") / "schemas" / f"{name}.json"
    current = file.read_text(encoding="utf-8") == schema_text(name)
    assert current, f"run `.venv/bin/aetia schema {name} > templates/schemas/{name}.json`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:]))
def test_a_shipped_file_names_its_schema_and_keeps_to_it(file):
    text = file.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith(LINE)
    schema = Path(file.parent, first.removeprefix(LINE)).resolve()
    assert schema.is_relative_to((bundled("templates") / "schemas").resolve())
    assert [error.message for error in validator(schema.read_text("utf-8")).iter_errors(ryaml.loads(text))] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_key_is_described(name):
    schema = json.loads(schema_text(name))
    missing = [
        key
        for part in (schema, *schema.get("$defs", {}).values())
        for option in part.get("anyOf", [part])
        for key, about in option.get("properties", {}).items()
        if not about.get("description")
    ]
    assert missing == []


def test_an_editor_completes_lints_and_phrases_and_accepts_own_phrases():
    text = schema_text("deck")
    known = json.loads(text)["properties"]
    assert "few-clues" in known["lints"]["properties"]
    assert "ask-clue" in known["words"]["properties"]
    settings = "lints: {few-clues: off, dose: {severity: error, words: drop}}\nwords: {ask-clue: What?, own: Mine}\n"
    assert validator(text).is_valid(ryaml.loads(settings + MINIMAL))


@pytest.mark.parametrize("slip", ["lints: {few-clue: off}", "lints: {few-clues: no}", "lints: {dose: {severity: of}}"])
def test_a_slip_in_the_settings_of_lints_does_not_pass_the_schema(slip):
    assert not validator(schema_text("deck")).is_valid(ryaml.loads(f"{slip}\n{MINIMAL}"))


@pytest.mark.parametrize(
    ("old", "new"), [("mechanism:", "mechanisms:"), ("cause: SIADH", "cause: [SIADH]"), ("siadh:", "SIADH:")]
)
def test_a_slip_does_not_pass_the_schema(old, new):
    schema = validator(schema_text("deck"))
    assert schema.is_valid(ryaml.loads(MINIMAL))
    assert not schema.is_valid(ryaml.loads(MINIMAL.replace(old, new)))
