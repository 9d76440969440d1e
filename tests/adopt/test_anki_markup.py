"""Templates in Anki's own language, with any filters and nesting, are read as the real Anki reads them."""

import re

import pytest
from anki.collection import Collection
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.cards.foreign import show_foreign
from generator.model.notes import CardTemplate, NoteField, NoteType
from generator.text.anki_markup import TemplateError, check_template, makes_card, parse_or_nothing, parse_template
from generator.text.cloze import cloze_numbers
from generator.text.html import is_blank

FIELDS = ("A", "B", "C d")
NAMES = st.sampled_from([*FIELDS, "Tags", "Type", "Card", "Deck", "Subdeck"])
FILTERS = st.sampled_from(
    ["", "text:", "furigana:", "kana:", "kanji:", "type:", "hint:", "cloze:", "other:", "cloze-only:", "type:cloze:",
     "type:nc:", "tts en_US:", "text:cloze:", "hint:text:", " "]
)  # fmt: skip
VALUES = st.lists(
    st.sampled_from(
        ["", "x", "<br>", " ", "x <b>y</b>", "a &amp; b &lt;i&gt;", "日本[にほん] 語[ご]&nbsp;a[x:y]", "{{c1::b::h}}",
         "{{c2::c {{c1::d}} e}}", r"\({{c1::x}} <b>q</b>\)", "{{c1::f::}}", "}}", "{{c3::open", "{{c1,3::m}}",
         "<!--x--><style>a{}</style>t", "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}",
         "{{c2::image-occlusion:text:left=.1:top=.2:text=a b:scale=1:fs=.1:angle=0}}", "<DIV></div>", "$x$ ::",
         "{{c1::image-occlusion:polygon:points=0,0 1,1:fill=#fff}}", "[sound:a.mp3]", "<div>{{c2::<b>z</b>}}</div>"]
    ),
    max_size=2,
).map("".join)  # fmt: skip
TEXTS = st.sampled_from(["t ", "<b>x</b>", "<!-- {{A}} -->", "\n", "}}", "&nbsp;"])
INSERTIONS = st.builds("{{{{{}{}}}}}".format, FILTERS, NAMES)
TEMPLATES = st.recursive(
    TEXTS | INSERTIONS,
    lambda inner: st.builds(
        lambda sign, name, body: f"{{{{{sign}{name}}}}}{''.join(body)}{{{{/{name}}}}}",
        st.sampled_from("#^"), st.sampled_from([*FIELDS, "Tags", "c1", "c2"]), st.lists(inner, min_size=1, max_size=3),
    ) | st.lists(inner, max_size=4).map("".join),
    max_leaves=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    collection = Collection(str(tmp_path_factory.mktemp("anki") / "collection.anki2"))
    yield collection
    collection.close()


def made_in_anki(collection, front, back, cloze):
    """A note type of these templates, or None if Anki does not take them."""
    model = collection.models.new(f"Type {len(collection.models.all())}")
    for name in FIELDS:
        collection.models.add_field(model, collection.models.new_field(name))
    template = collection.models.new_template("Card A") | {"qfmt": front, "afmt": back}
    collection.models.add_template(model, template)
    try:
        collection.models.add_dict(model | {"type": int(cloze)})
    except Exception:  # Anki refuses with classes of its own
        return None
    return collection.models.by_name(model["name"])


@settings(max_examples=150)
@given(TEMPLATES, TEMPLATES, st.booleans(), st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=3))
def test_any_template_makes_the_cards_and_the_sides_that_anki_makes(collection, front, back, cloze, notes):
    front, back = (f"{side}{{{{cloze:A}}}}" if cloze else side for side in (front, back))
    back = f"{{{{FrontSide}}}}<hr id=answer>{back}"
    fault = check_template(front, FIELDS) or check_template(back, FIELDS, back=True)
    model = made_in_anki(collection, front, back, cloze)
    if model is None:
        return
    assert fault is None
    note_type = NoteType("t", model["name"], 1, cloze, tuple(NoteField(name, None) for name in FIELDS),
                         (CardTemplate("Card A", None, front, back),), "", 0)  # fmt: skip
    for values in notes:
        note = collection.new_note(model)
        note.fields = list(values)
        note.tags = ["b", "z"]
        collection.add_note(note, 1)
        stored = collection.get_note(note.id)
        filled = frozenset(n for n, value in zip(FIELDS, stored.fields, strict=True) if not is_blank(value))
        if cloze:
            expected = sorted(n - 1 for n in set().union(*map(cloze_numbers, stored.fields)) if n)
        else:
            expected = [0] if makes_card(parse_template(front), filled) else []
        assert [card.ord for card in stored.cards()] == (expected or [0])
        for card in stored.cards() if expected else ():
            compare(collection, note_type, stored, card)


def compare(collection, note_type, note, card):
    output = card.render_output()
    if "front of this card is blank" in output.question_text:
        return
    faces = show_foreign(note_type, note.fields, card.ord, {"Tags": "b z", "Deck": "Default", "Subdeck": "Default"})

    def as_anki_plays(text, question):
        text = collection._backend.extract_av_tags(text=text, question_side=question).text
        return re.sub(r"hint[0-9a-f]{16}", "hint", text)

    assert as_anki_plays(faces.front, True) == re.sub(r"hint[0-9a-f]{16}", "hint", output.question_text)
    behind = faces.back.removeprefix(faces.front)
    shown = as_anki_plays(faces.front, True) + as_anki_plays(behind, False)
    assert shown == re.sub(r"hint[0-9a-f]{16}", "hint", output.answer_text)


@pytest.mark.parametrize(
    ("template", "fault"),
    [("{{Nope}}", "there is no field `Nope`"), ("{{#A}}x", "the section `{{#A}}` does not end"),
     ("x{{/A}}", "`{{/A}}` ends no section"), ("{{#A}}{{#B}}{{/A}}{{/B}}", "`{{/A}}` ends no section"),
     ("{{A}}{{FrontSide}}", "there is no field `FrontSide`"), ("{{text:Nope}}", "there is no field `Nope`")],
)  # fmt: skip
def test_what_anki_complains_of_in_a_template_is_told(template, fault):
    assert check_template(template, FIELDS) == fault
    if "field" not in fault:
        with pytest.raises(TemplateError):
            parse_template(template)
        assert parse_or_nothing(template) == ()


def test_other_signs_may_stand_for_braces():
    assert parse_template("{{=<% %>=}}<%A%> {{A") == parse_template("{{A}} {{A")
