"""A sketch tells a note that was edited from another one, in any writing."""

from hypothesis import given
from hypothesis import strategies as st

from generator.ledger.sketch import SIZE, likeness, sketch

THAW = "Warm wind melts the packed snow of whole mountain ranges within very few days"
DAM = "Concrete yields under pressure and the reservoir empties into the valley at once"


def test_edited_text_is_alike_and_another_is_not():
    assert likeness(sketch([THAW]), sketch([THAW])) == 1
    assert likeness(sketch([THAW]), sketch([THAW.replace("Warm", "Mild")])) > 0.7
    assert likeness(sketch([THAW]), sketch([DAM])) < 0.2


def test_markup_numbers_and_case_make_no_other_text():
    marked = "<b>WARM</b> wind melts {{c1::the packed}} snow &amp; of whole mountain ranges within 7 very few days"
    assert sketch([marked]) == sketch([THAW])


def test_writing_without_spaces_is_compared_by_its_letters():
    one, edited = "暖かい風が山の雪を溶かす", "暖かい南風が山の雪を溶かす"
    assert likeness(sketch([one]), sketch([edited])) > 0.6
    assert likeness(sketch([one]), sketch(["堤防が壊れて水があふれ出る"])) < 0.2


def test_a_word_in_another_writing_hashes_nothing_anew():
    assert likeness(sketch([THAW]), sketch([THAW + " übermäßig"])) > 0.8


@given(st.lists(st.text()))
def test_a_sketch_is_short_and_the_same_every_time(texts):
    made = sketch(texts)
    assert made == sketch(texts)
    assert len(made) <= 4 * SIZE
    assert likeness(made, made) in {0, 1}
