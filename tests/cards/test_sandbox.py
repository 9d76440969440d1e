"""A stranger's template can read what an entry says and nothing more."""

import pytest
from conftest import MINIMAL

from generator import pipeline

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
    diagnostics = pipeline.check(folder).diagnostics
    assert [(d.code, d.place.file.name) for d in diagnostics] == [("bad-template", "fields.html")]


def test_the_values_of_an_entry_can_be_read(write_deck):
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/fields.html": FIELDS.format("cause.review.state")})
    prepared, _ = pipeline.prepare(folder, now=0)
    assert "draft" in prepared.stamped.release.notes.notes[0].fields
