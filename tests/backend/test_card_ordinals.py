"""Which cards a note gets: our rule and Anki's, compared on a real collection."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.cards.environment import make_environment
from generator.cards.note_types import CompiledNoteType, Setting
from generator.cards.phrases import Asking
from generator.load.templates import load_templates
from generator.model.templates import CardEntry, FieldEntry, NoteTypeFile, Templates
from generator.resources import bundled

EMPTY = (
    "",
    " ",
    "\n",
    "\t \n",
    "<br>",
    "<br />",
    "<BR/>",
    "<div></div>",
    "<div><br></div>",
    "</br>",
    " <div> <br> </div> ",
)
FILLED = ("x", "&nbsp;", "\u00a0", "\u3000", "<br>x", "<p></p>", "<img src=x.png>", "<div>&nbsp;</div>", "0",
          "<br><b></b>", "<br  >", "<div class=x></div>", "{{c1::x}}", "<!-- -->", "\u200b")  # fmt: skip
VALUES = st.sampled_from(EMPTY + FILLED)
NAMES = ("First", "Second", "Third", "Fourth")


def in_anki(collection, note_type):
    """Give a collection one of our note types, as the package would."""
    models = collection.models
    model = models.new(f"{note_type.name} {len(models.all())}")
    model["type"] = int(note_type.cloze)
    model["flds"] = [models.new_field(field.name) for field in note_type.fields]
    model["tmpls"] = [
        {**models.new_template(f"{i}"), "qfmt": t.front, "afmt": t.back} for i, t in enumerate(note_type.templates)
    ]
    model["sortf"] = note_type.sort_field
    return models.get(models.add_dict(model).id)


def cards_in_anki(collection, model, values):
    """The ordinals that Anki makes. A note without cards gets the first one from Anki, and none in a package."""
    note = collection.new_note(model)
    note.fields = list(values)
    collection.add_note(note, 1)
    return tuple(card.ord for card in note.cards())


SETTING = Setting("test", "Test", "en", "ltr", {}, {}, frozenset(), "", {})


def design_of(fronts, cloze=False):
    """A note type with the given fronts."""
    entries = [CardEntry(key=f"c{i}") for i in range(len(fronts))]
    fields = [FieldEntry(name=name) for name in NAMES]
    kind = "cloze" if cloze else "standard"
    entry = NoteTypeFile.model_validate({"name": "Test", "kind": kind, "fields": fields, "cards": entries})
    texts = {
        "notetypes/card.css": "",
        **{
            f"notetypes/test/c{i}.html": "".join(
                f"{{% block {side} %}}{front}{{% endblock %}}" for side in ("front", "answer")
            )
            for i, front in enumerate(fronts)
        },
    }
    templates = Templates(texts, dict.fromkeys(texts, Path("test")), {"test": entry}, {}, frozenset())
    return CompiledNoteType(make_environment(templates), templates, "test", SETTING)


FIELD = st.sampled_from(NAMES)
SHOWN = FIELD.map("{{{{ field.{} }}}}".format)


def section(body):
    """A part of a template that stands there when a field is filled, or when it is not."""
    marks = st.sampled_from(["when", "unless"])
    return st.builds("{{% {0} field.{1} %}}{2}{{% end{0} %}}".format, marks, FIELD, body)


BODIES = st.recursive(
    SHOWN | st.just("text "), lambda inner: section(inner) | st.tuples(inner, inner).map("".join), max_leaves=6
)
FRONTS = SHOWN | section(BODIES) | st.tuples(BODIES, SHOWN).map("".join)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.lists(FRONTS.filter(lambda front: "{{" in front), min_size=1, max_size=3, unique=True),
    st.lists(st.tuples(*[VALUES] * len(NAMES)), min_size=8, max_size=8),
)
def test_anki_makes_the_cards_that_we_pack_whatever_the_template_and_the_fields(collection, fronts, notes):
    design = design_of(fronts)
    model = in_anki(collection, design.note_type)
    for values in notes:
        assert cards_in_anki(collection, model, values) == (design.cards(values) or (0,)), values


CLOZES = st.sampled_from([
    "", " ", "<br>", "x", "&nbsp;", "{{c1::a}}", "{{c2::b::hint}}", "{{c3::c}} {{c1::a}}", "{{c12::<b>d</b>}}",
    "{{c2::&#123;&#123;c4&#58;&#58;x&#125;&#125;}}", "{{c40::e}}{{c40::f}}", "{{c100::g}}", "{{c1::h\ni}}",
])  # fmt: skip


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(st.tuples(*[CLOZES] * len(NAMES)), min_size=8, max_size=8))
def test_anki_makes_the_cloze_cards_that_we_pack(collection, notes):
    design = design_of(["{{ field.First.cloze }}{{ field.Third.cloze }}{{ field.Second }}"], cloze=True)
    model = in_anki(collection, design.note_type)
    for values in notes:
        assert cards_in_anki(collection, model, values) == (design.cards(values) or (0,)), values


@pytest.mark.slow
@settings(max_examples=40)
@given(st.data())
def test_anki_makes_the_cards_that_we_pack_of_the_bundled_note_types(collection, bundled_designs, data):
    design = data.draw(st.sampled_from(bundled_designs))
    model = in_anki(collection, design.note_type)
    values = CLOZES if design.note_type.cloze else VALUES
    names = st.sampled_from([field.name for field in design.note_type.fields])
    filled = data.draw(st.lists(st.dictionaries(names, values), min_size=4))
    for fields in filled:
        note = [fields.get(field.name, "") for field in design.note_type.fields]
        assert cards_in_anki(collection, model, note) == (design.cards(note) or (0,)), fields


@pytest.fixture
def collection(open_collection):
    return open_collection()


@pytest.fixture(scope="module")
def bundled_designs():
    templates, _ = load_templates(bundled("templates"), None)
    words = {key.replace("-", "_"): phrase for key, phrase in templates.words["en"].items()}
    constants = {
        "words": SimpleNamespace(**words), "ask": Asking(templates.words["en"]), "finding": "Finding", "deck": "Deck",
        "limits": "Limits", "reviews": True, "report": None,
    }  # fmt: skip
    setting = replace(SETTING, constants=constants)
    environment = make_environment(templates)
    return [CompiledNoteType(environment, templates, key, setting) for key in sorted(templates.note_types)]
