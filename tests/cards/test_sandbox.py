"""A stranger's template can read what a card shows and nothing more."""

import pytest
from conftest import MINIMAL

from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare

MECHANISM = "../../templates/notetypes/cause/mechanism.html"
CARD = '{{% extends "bundled/notetypes/cause/mechanism.html" %}}{{% block answer %}}{}{{% endblock %}}'


def faults(write_deck, template):
    folder = write_deck(MINIMAL + "report: a@b.example\n", {MECHANISM: template})
    return [(d.code, d.place.file.name) for d in check_folder(folder).diagnostics]


@pytest.mark.parametrize(
    "expression",
    [
        "words.__class__",
        'words|attr("__dict__")',
        'words["__init__"]',
        "ask._words",
        "ask.__call__",
        "field._fields",
        "field.Cause._name",
        "field.Cause.__class__",
        "(finding | string).__class__.__mro__",
        "label.__globals__",
        "report.__globals__",
        "facets[0].__class__",
        "self.__init__",
        "cause.cause",
    ],
)
def test_a_template_that_reaches_for_more_than_a_card_shows_is_refused(write_deck, expression):
    assert faults(write_deck, CARD.format(f"{{{{ {expression} }}}}")) == [("bad-template", "mechanism.html")]


@pytest.mark.parametrize("name", ["small.html", "cause/details.html"])
def test_a_part_that_a_project_puts_in_the_place_of_a_bundled_one_is_guarded_too(write_deck, name):
    folder = write_deck(MINIMAL, {f"../../templates/notetypes/{name}": '{{ "a".ljust(9) }}'})
    found = [(d.code, d.message) for d in check_folder(folder).diagnostics]
    assert ("bad-template", "access to attribute 'ljust' of 'str' object is unsafe.") in found


def test_the_words_the_finding_and_the_fields_can_be_read(write_deck):
    template = CARD.format("{{ words.more }} {{ finding }} {{ deck }} {{ field.Cause }} {{ ask('clue') }}")
    prepared, _ = prepare(write_deck(MINIMAL, {MECHANISM: template}), now=0)
    notes = prepared.stamped.release.notes
    shown = notes.show(notes.notes[0], 1).answer
    assert "More Hyponatraemia Medicine::Hyponatraemia SIADH Hyponatraemia: what is the likely cause?" in shown


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in finding * 1000000000 %}{% endfor %}",
        "{{ 'a' * 10000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ 'a' | center(10000000000) }}",
        "{{ 'a'.ljust(10000000000) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_without_end_is_stopped(write_deck, template):
    assert faults(write_deck, CARD.format(template)) == [("bad-template", "mechanism.html")]


@pytest.mark.parametrize("template", ["{% raw %}", "{% block front %}{{", "{#", "{% nope %}"])
def test_a_template_that_ends_too_early_is_named_with_its_file(write_deck, template):
    assert faults(write_deck, template) == [("bad-template", "mechanism.html")]
