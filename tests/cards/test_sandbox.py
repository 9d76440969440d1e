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
    folder = write_deck(MINIMAL, {f"../../templates/notetypes/{name}": '{{ "a".format(9) }}'})
    found = [(d.code, d.message) for d in check_folder(folder).diagnostics]
    assert ("bad-template", "access to attribute 'format' of 'str' object is unsafe.") in found


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
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        *(
            f"{{% set ns = namespace(x={start}) %}}{{% for i in range(40) %}}{{% set ns.x = {grown} %}}{{% endfor %}}"
            for start, grown in [
                ("'ab'", "ns.x ~ ns.x"),
                ("'ab'", "ns.x + ns.x"),
                ("[0]", "ns.x + ns.x"),
                ("9", "ns.x * ns.x"),
                ("'ab'", "ns.x|replace('a', ns.x)"),
                ("'ab'", "ns.x|join(ns.x)"),
                ("'ab'", "ns.x.replace('a', ns.x)"),
                ("'ab'", "ns.x|urlize ~ ns.x|title"),
                ("'ab'", "[ns.x, ns.x]|join"),
                ("'ab'", "[ns.x, ns.x]|sum(start='')"),
            ]
        ),
        "{{ [0] * 3000000000 }}",
        "{{ [1]|slice(1000000000)|list|length }}",
        "{{ [1]|batch(1000000000, 'x')|list|length }}",
        "{{ 5.5|round(100000000) }}",
        "{{ 'a\nb'|indent(1000000000) }}",
        "{{ 'a'.zfill(1000000000) }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ '\t'.expandtabs(1000000000) }}",
        "{% for i in range(9999) %}{{ range(99999)|list|length }}{% endfor %}",
        "{% for i in range(99999) %}" + "many words " * 99 + "{% endfor %}",
        "{% set x = 'a' * 99999 %}{% for i in range(9999) %}{{ x }}{% endfor %}",
    ],
)
def test_a_template_without_end_is_stopped(write_deck, template):
    assert faults(write_deck, CARD.format(template)) == [("bad-template", "mechanism.html")]


@pytest.mark.parametrize("parent", ["mechanism", "other", "third"])
def test_a_template_that_extends_itself_is_refused(write_deck, parent):
    def extends(name):
        return f"{{% extends 'notetypes/cause/{name}.html' %}}"

    files = {MECHANISM: extends(parent)}
    files |= {
        MECHANISM.replace("mechanism", name): extends(name if name == "other" else "mechanism")
        for name in ("other", "third")
    }
    faults = [d for d in check_folder(write_deck(MINIMAL, files)).diagnostics if d.severity == "error"]
    assert [d.code for d in faults] == ["bad-template"]
    assert "extends itself" in faults[0].message


def test_what_a_template_may_use_it_can_use(write_deck):
    text = (
        "{{ finding|replace('H', 'h')|upper|center(40)|trim }} {{ [1, 2]|join(', ') }} {{ 'a' ~ 2 ~ field.Cause }} "
        "{% for i in range(999) %}{{ i % 7 }}{% endfor %}{{ [3, 1]|sort|first }} {{ 2 * 3 + 1 }} {{ [0] * 2 }}"
    )
    prepared, found = prepare(write_deck(MINIMAL, {MECHANISM: CARD.format(text)}), now=0)
    assert not found
    notes = prepared.stamped.release.notes
    assert "HYPONATRAEMIA 1, 2 a2SIADH 0123456" in " ".join(notes.show(notes.notes[0], 1).answer.split())


def test_a_filter_cannot_change_a_field_which_anki_fills_in(write_deck):
    folder = write_deck(MINIMAL, {MECHANISM: CARD.format("{{ field.Cause|upper }}")})
    (fault,) = check_folder(folder).diagnostics
    assert (fault.code, fault.message[:34]) == ("bad-template", "a field cannot be changed by a fil")


@pytest.mark.parametrize("template", ["{% raw %}", "{% block front %}{{", "{#", "{% nope %}"])
def test_a_template_that_ends_too_early_is_named_with_its_file(write_deck, template):
    assert faults(write_deck, template) == [("bad-template", "mechanism.html")]
