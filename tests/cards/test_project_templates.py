"""A project may change the look and the layout of cards without harm to anyone else's note types."""

import re
import shutil

import pytest
from conftest import MINIMAL
from stage import with_another

from generator.load.templates import load_templates
from generator.resources import bundled
from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare


def prepared(folder):
    result, diagnostics = prepare(folder, now=0)
    assert result is not None, diagnostics
    return result.stamped.release.notes


def faults(folder):
    return [(d.code, d.place.file.name, d.place.line) for d in check_folder(folder).diagnostics]


DETAIL = MINIMAL + "questions: {limit: {ask: Which sodium is low?, answer: Below 135 mmol/L}}\n"


def test_a_changed_look_keeps_the_note_type_and_touches_no_note(write_deck):
    """Note types belong to the deck, so that nobody else's change with it."""
    plain = prepared(write_deck(DETAIL, name="plain"))
    style = {"../../templates/notetypes/cause/style.css": ".card { color: teal }"}
    changed = prepared(write_deck(DETAIL, style, name="plain"))
    assert changed.notes == plain.notes
    assert changed.note_types["cause"].id == plain.note_types["cause"].id
    assert "teal" in changed.note_types["cause"].css
    assert changed.note_types["question"] == plain.note_types["question"]


def test_the_note_types_of_two_decks_have_nothing_in_common(write_deck):
    one = prepared(write_deck("id: one-1\n" + DETAIL, name="one")).note_types
    two = prepared(write_deck("id: two-2\n" + DETAIL, name="two")).note_types
    assert one.keys() == two.keys()
    for part in (
        lambda nt: {nt.id},
        lambda nt: {field.id for field in nt.fields},
        lambda nt: {template.id for template in nt.templates},
    ):
        assert all(part(one[key]).isdisjoint(part(two[key])) for key in one)


def test_a_copy_of_a_bundled_template_changes_nothing(write_deck):
    """A checkout of Aetia has the bundled templates beside its decks, also where Aetia is installed from elsewhere."""
    plain = prepared(write_deck(MINIMAL, name="plain"))
    folder = bundled("templates")
    files = {
        f"../../templates/{file.relative_to(folder).as_posix()}": file.read_bytes()
        for file in (folder / "notetypes").rglob("*.*")
    }
    assert prepared(write_deck(MINIMAL, files)).note_types == plain.note_types


@pytest.mark.parametrize(
    ("gone", "what"), [("onset, ", "card `onset`"), ("Onset, ", "field `Onset`")], ids=["card", "field"]
)
def test_a_projects_copy_of_a_bundled_note_type_may_leave_nothing_out(write_deck, gone, what):
    text = (bundled("templates") / "notetypes/detail/notetype.yaml").read_text(encoding="utf-8")
    folder = write_deck(DETAIL, {"../../templates/notetypes/detail/notetype.yaml": text.replace(gone, "", 1)})
    (fault,) = check_folder(folder).diagnostics
    assert (fault.code, fault.place.file.name) == ("incomplete-note-type", "notetype.yaml")
    assert what in fault.message


def test_a_projects_copy_from_before_a_field_came_is_told_how_to_take_it(tmp_path):
    """The project used the first spare for a field of its own."""
    later = shutil.copytree(bundled("templates"), tmp_path / "later") / "notetypes/detail"
    shipped = (later / "notetype.yaml").read_text(encoding="utf-8")
    coming = with_another(with_another(shipped, "name", "Age"), "key", "age")
    (later / "notetype.yaml").write_text(coming, encoding="utf-8")
    shutil.copyfile(later / "dose.html", later / "age.html")
    own = tmp_path / "project/notetypes/detail/notetype.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(with_another(shipped, "name", "Mine"), encoding="utf-8")
    _, found = load_templates(tmp_path / "later", tmp_path / "project")
    taken = with_another(with_another(own.read_text(encoding="utf-8"), "name", "Age"), "key", "age")
    field, card = re.findall(r"\{(?:name: Age|key: age), [^}]*\}", taken)
    assert [fault.hint for fault in found] == [
        f"it came with a later version of Aetia: write `{taking}` last in `{where}`"
        for taking, where in ((field, "folded"), (card, "cards"))
    ]


def test_a_projects_copy_of_a_bundled_note_type_may_order_its_cards_as_it_likes(write_deck):
    text = (bundled("templates") / "notetypes/detail/notetype.yaml").read_text(encoding="utf-8")
    deck = DETAIL.replace("causes:", "cards: {add: [onset]}\ncauses:").replace(
        "  thiazides:\n", "  thiazides:\n    time-course: {onset: Two weeks}\n"
    )
    own = {"../../templates/notetypes/detail/notetype.yaml": text.replace("onset, peak", "peak, onset")}
    notes = prepared(write_deck(deck, own))
    (note,) = (note for note in notes.notes if note.note_type == "detail")
    assert note.card_ordinals == (1,)
    assert "Two weeks" in notes.show(note, 1).answer


def test_a_single_block_can_be_changed_by_extending_the_bundled_template(write_deck):
    text = (
        '{% extends "bundled/notetypes/cause/mechanism.html" %}'
        "{% block answer %}Mine: {{ field.Mechanism }}{% endblock %}"
    )
    plain = prepared(write_deck(MINIMAL, name="plain"))
    notes = prepared(write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": text}))
    faces = notes.show(notes.notes[0], 1)
    assert "Mine: Vasopressin acts" in faces.answer
    assert faces.front == plain.show(plain.notes[0], 1).front


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% raw %}{{Nope}}{% endraw %}", "there is no field `Nope`"),
        ("{% raw %}{{#Cause}}{% endraw %}", "does not end"),
        ("{% raw %}{{Tags}}{% endraw %}", None),
        ("{{ finding }}, {{ finding|upper }}, {{ 'x ' ~ finding }}", None),
    ],
)
def test_a_template_that_anki_cannot_read_is_told(write_deck, text, said):
    text = f"{{% block front %}}{{{{ field.Cause }}}}{{% endblock %}}{{% block answer %}}{text}{{% endblock %}}"
    deck = MINIMAL.replace("name: Hyponatraemia", "name: '{{Low}} sodium'")
    found = check_folder(write_deck(deck, {"../../templates/notetypes/cause/mechanism.html": text})).diagnostics
    told = [(d.place.file.name, d.message) for d in found if d.code == "bad-template"]
    assert len(told) == bool(said)
    assert all(name == "mechanism.html" and said in message for name, message in told)


@pytest.mark.parametrize(
    ("blocks", "above"),
    [
        ("", "A front"),
        ("{% block question %}Asked again{% endblock %}", "Asked again"),
        ("{% block back %}The whole back{% endblock %}", "The whole back"),
        ("{% block back %}{{ front }} and more{% endblock %}", "A front"),
    ],
)
def test_the_back_repeats_the_front_or_what_the_template_gives_in_its_place(write_deck, blocks, above):
    text = "{% block front %}A front {{ field.Cause }}{% endblock %}{% block answer %}The answer{% endblock %}" + blocks
    notes = prepared(write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": text}))
    faces = notes.show(notes.notes[0], 1)
    assert above in faces.back
    assert ("The answer" in faces.back) == ("block back" not in blocks)
    assert ("A front" in faces.back) == (above == "A front")


def test_a_fault_in_a_template_is_named_with_its_file_and_line(write_deck):
    def with_mechanism(text):
        return write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": text})

    front = "{% block front %}\n{{ field.Caus }}{% endblock %}{% block answer %}{% endblock %}"
    assert faults(with_mechanism(front)) == [("unknown-field", "mechanism.html", 2)]
    assert faults(with_mechanism("{% block front %}\n{% if %}")) == [("bad-template", "mechanism.html", 2)]
    assert faults(with_mechanism("{% block front %}{{ field.Cause }}{% endblock %}")) == [
        ("bad-template", "mechanism.html", 1)
    ]
    assert faults(with_mechanism('{% extends "none.html" %}')) == [("missing-template", "mechanism.html", 1)]


@pytest.mark.parametrize(
    "piece",
    [
        '<script src="x.js"></script>', '<iframe srcdoc="x"></iframe>', "<b onclick=x()>a</b>", "<b/onclick=x()>a</b>",
        '<img src="a.svg" srcset="https://e.example/x 2x">', '<meta http-equiv=refresh content="0;url=http://e">',
        r'<p style="background:u\72l(http://e.example)">a</p>', '<a href="&#106;ava&#9;script:x()">a</a>',
        '<svg><use href="https://e.example/x#a"/></svg>', "<form action=x></form>", "<object data=x></object>",
        "<style>p { background: url( //e.example) }</style>", r"<style>@\69mport 'x';</style>",
        '<img src=" //e.example">',
        "<style>@im/* */port</style><p style='a: url(/**/\"https://e.example\")'>a</p>", "<ScRiPt>x()</ScRiPt>",
    ],
)  # fmt: skip
def test_a_template_that_acts_or_loads_is_told_however_it_is_written(write_deck, piece):
    text = f"{{% extends 'bundled/notetypes/cause/mechanism.html' %}}\n{{% block answer %}}{piece}{{% endblock %}}"
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": text})
    found = [(d.code, d.place.line) for d in check_folder(folder).diagnostics if d.code != "no-id"]
    assert set(found) == {("active-template", 2)}


def test_the_script_of_ankis_masks_is_not_held_against_a_project(write_deck):
    deck = MINIMAL.replace("causes:", "cards: {add: [tree]}\ncategories: {a: A, b: B}\ncauses:")
    deck = deck.replace("cause: SIADH", "cause: SIADH\n    category: a").replace(
        "cause: Th", "category: b\n    cause: Th"
    )
    folder = write_deck(deck, {"../../templates/notetypes/small.html": "<small>{{ field.Key }}</small>"})
    assert "active-template" not in {d.code for d in check_folder(folder).diagnostics}


def test_a_template_that_comes_to_act_by_its_pieces_is_told(write_deck):
    answer = "{% block answer %}<scr{{ 'ipt' }}>x()</script>{% endblock %}"
    text = "{% extends 'bundled/notetypes/cause/mechanism.html' %}" + answer
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": text})
    (fault,) = [d for d in check_folder(folder).diagnostics if d.code != "no-id"]
    assert (fault.code, fault.place.file.name) == ("active-template", "cause")


@pytest.mark.parametrize(
    "piece",
    [
        '<a href="https://e.example/a">on a link</a>', '<img src="a.svg" alt="onclick=x">',
        "<p>javascript: no // link</p>",
        '<p style="color: red">url(//e.example)</p>', "{{ field.Cause }} <b>{% when field.Clue %}on=1{% endwhen %}</b>",
    ],
)  # fmt: skip
def test_a_template_that_lays_out_is_not_said_to_act(write_deck, piece):
    piece = piece.replace("{{ field.Cause }}", "{{ field.Cause }} {{ '<b onclick=x>' }}")
    text = f"{{% extends 'bundled/notetypes/cause/mechanism.html' %}}\n{{% block answer %}}{piece}{{% endblock %}}"
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": text})
    assert "active-template" not in {d.code for d in check_folder(folder).diagnostics}


def test_the_colours_between_follow_from_those_of_the_author(write_deck):
    style = "style: {day: {text: '#000000', background: white, accent: '#ff0000'}, night: {accent: teal}}\n"
    css = prepared(write_deck(style + MINIMAL)).note_types["cause"].css
    assert "--quiet: #474747; --line: #d6d6d6; --tint: #ffebeb; --mark: #ffbdbd;" in css
    assert "--accent: teal; --tint: #19272a; --mark: #14383b; }" in css, "on the usual ground of the night"
    assert css.count("--quiet: #") == 3, "small text stays where neither text nor ground is given"


def test_a_colour_that_css_does_not_know_is_a_fault_at_its_place(write_deck):
    (fault,) = check_folder(write_deck("style: {day: {text: siennabrown}}\n" + MINIMAL)).diagnostics
    assert (fault.code, fault.place.keys) == ("bad-value", ("style", "day", "text"))


@pytest.mark.parametrize(
    ("shade", "told"),
    [("text: '#767676'", False), ("text: '#777777'", True), ("accent: '#767676'", False), ("accent: '#d95a00'", True)],
)
def test_a_text_that_can_hardly_be_read_is_told(write_deck, shade, told):
    folder = write_deck(f"style: {{night: {{background: white, {shade}}}}}\n{MINIMAL}")
    places = [d.place.keys[-1] for d in check_folder(folder).diagnostics if d.code == "low-contrast"]
    assert (shade.partition(":")[0] in places) is told


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("day: {text: '#eeeeee'}", {"text"}), ("day: {accent: '#ffff00'}", {"accent"}),
        ("night: {background: '#ffffff'}", {"background"}), ("day: {background: '#222222'}", {"background"}),
        ("day: {text: '#333333'}, night: {accent: '#ffff00'}", set()), ("day: {background: '#ffffff'}", set()),
    ],
)  # fmt: skip
def test_a_colour_that_stands_alone_is_held_against_those_that_cards_have(write_deck, style, told):
    found = [d for d in check_folder(write_deck(f"style: {{{style}}}\n{MINIMAL}")).diagnostics if "contrast" in d.code]
    assert {d.place.keys[-1] for d in found} == told
    assert all(d.hint.endswith("set it too") for d in found)


def test_small_text_of_the_authors_colours_stays_readable(write_deck):
    style = "style: {day: {text: '#6b6b6b'}}\n"  # 5.1 on the usual ground, which leaves no room for a paler one
    assert "--quiet: #6b6b6b;" in prepared(write_deck(style + MINIMAL)).note_types["cause"].css


def test_a_field_whose_name_no_template_can_write_is_told(write_deck):
    note_type = "name: Mine\nfields: ['Wh\\o', Said]\ncards: [mine]\n"
    folder = write_deck(MINIMAL, {"../../templates/notetypes/mine/notetype.yaml": note_type})
    (fault,) = check_folder(folder).diagnostics
    assert (fault.place.file.name, fault.place.keys) == ("notetype.yaml", ("fields",))
    assert "`Wh\\o` holds more than letters, digits and spaces" in fault.message
