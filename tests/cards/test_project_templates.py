"""A project may change the look and the fields of cards without harm to anyone else's note types."""

from conftest import MINIMAL

from generator.resources import bundled
from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare


def prepared(folder):
    result, diagnostics = prepare(folder, now=0)
    assert result is not None, diagnostics
    return result.stamped.release.notes


def faults(folder):
    return [(d.code, d.place.file.name, d.place.line) for d in check_folder(folder).diagnostics]


def test_a_changed_note_type_gets_an_id_and_a_name_of_its_own(write_deck):
    deck = MINIMAL + "facts: {limit: {ask: Which sodium is low?, answer: Below 135 mmol/L}}\n"
    bundled = prepared(write_deck(deck, name="plain")).note_types
    style = {"../../templates/notetypes/cause/style.css": ".card { color: teal }"}
    changed = prepared(write_deck(deck, style)).note_types
    assert changed["cause"].id != bundled["cause"].id
    assert changed["cause"].name != bundled["cause"].name
    assert "teal" in changed["cause"].css
    assert changed["fact"] == bundled["fact"]


def test_a_changed_file_that_all_note_types_share_makes_all_of_them_the_projects_own(write_deck):
    bundled = prepared(write_deck(MINIMAL, name="plain")).note_types
    changed = prepared(write_deck(MINIMAL, {"../../templates/notetypes/card.css": ".card {}"})).note_types
    assert all(changed[key].id != bundled[key].id for key in bundled)


def test_a_copy_of_a_bundled_template_changes_nothing(write_deck):
    """A checkout of Aetia has the bundled templates beside its decks, also where Aetia is installed from elsewhere."""
    plain = prepared(write_deck(MINIMAL, name="plain"))
    folder = bundled("templates")
    files = {
        f"../../templates/{file.relative_to(folder).as_posix()}": file.read_bytes()
        for file in (folder / "notetypes").rglob("*.*")
    }
    assert prepared(write_deck(MINIMAL, files)).note_types == plain.note_types


def test_a_single_field_can_be_changed_by_extending_the_bundled_template(write_deck):
    text = '{% extends "bundled/notetypes/cause/fields.html" %}{% block Pearl %}Mine: {{ key }}{% endblock %}'
    notes = prepared(write_deck(MINIMAL, {"../../templates/notetypes/cause/fields.html": text}))
    names = [field.name for field in notes.note_types["cause"].fields]
    values = dict(zip(names, notes.notes[0].fields, strict=True))
    assert (values["Pearl"], values["Cause"]) == ("Mine: siadh", "SIADH")


def test_a_fault_in_a_template_is_named_with_its_file_and_line(write_deck):
    def with_mechanism(text):
        return write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": text})

    front = "{% block front %}\n{{ field.Caus }}{% endblock %}{% block back %}{% endblock %}"
    assert faults(with_mechanism(front)) == [("unknown-field", "mechanism.html", 2)]
    assert faults(with_mechanism("{% block front %}\n{% if %}")) == [("bad-template", "mechanism.html", 2)]
    assert faults(with_mechanism("{% block front %}{% endblock %}")) == [("bad-template", "mechanism.html", 1)]
    assert faults(with_mechanism('{% extends "none.html" %}')) == [("missing-template", "mechanism.html", 1)]
