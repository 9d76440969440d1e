"""A stranger's template can read what an entry says and nothing more."""

import pytest
from conftest import MINIMAL

from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare

FIELDS = '{{% extends "bundled/notetypes/cause/fields.html" %}}{{% block Pearl %}}{{{{ {} }}}}{{% endblock %}}'


@pytest.mark.parametrize(
    "expression",
    [
        'cause.parse_raw("null")',
        'cause["parse_file"]("/etc/passwd")',
        'cause|attr("model_copy")()',
        "cause.mechanism.__class__",
        "cause.model_fields",
        "(finding | string).__class__.__mro__",
        "label.__globals__",
    ],
)
def test_a_template_that_reaches_for_more_than_an_entrys_values_is_refused(write_deck, expression):
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/fields.html": FIELDS.format(expression)})
    diagnostics = check_folder(folder).diagnostics
    assert [(d.code, d.place.file.name) for d in diagnostics] == [("bad-template", "fields.html")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fields.html", '{% extends "bundled/notetypes/fields.html" %}{% block Key %}{{ key.ljust(9) }}{% endblock %}'),
        ("small.html", '{{ "a".ljust(9) }}'),
        ("cause/details.html", '{{ "a".ljust(9) }}'),
    ],
)
def test_a_part_that_a_project_puts_in_the_place_of_a_bundled_one_is_guarded_too(write_deck, name, text):
    folder = write_deck(MINIMAL, {f"../../templates/notetypes/{name}": text})
    found = [(d.code, d.message) for d in check_folder(folder).diagnostics]
    assert ("bad-template", "access to attribute 'ljust' of 'str' object is unsafe.") in found


def test_the_values_of_an_entry_can_be_read(write_deck):
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/fields.html": FIELDS.format("cause.review.state")})
    prepared, _ = prepare(folder, now=0)
    assert "draft" in prepared.stamped.release.notes.notes[0].fields


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in cause.cause * 1000000000 %}{% endfor %}",
        "{{ 'a' * 10000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ 'a' | center(10000000000) }}",
        "{{ 'a'.ljust(10000000000) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_without_end_is_stopped(write_deck, template):
    fields = '{% extends "bundled/notetypes/cause/fields.html" %}{% block Pearl %}' + template + "{% endblock %}"
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/fields.html": fields})
    diagnostics = check_folder(folder).diagnostics
    assert [(d.code, d.place.file.name) for d in diagnostics] == [("bad-template", "fields.html")]


@pytest.mark.parametrize("template", ["{% raw %}", "{% block front %}{{", "{#", "{% nope %}"])
def test_a_template_that_ends_too_early_is_named_with_its_file(write_deck, template):
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": template})
    diagnostics = check_folder(folder).diagnostics
    assert [(d.code, d.place.file.name) for d in diagnostics] == [("bad-template", "mechanism.html")]
