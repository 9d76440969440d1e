"""`aetia diff --format html`: the page with the cards before and after, seen in a real browser."""

from dataclasses import replace

import pytest
from conftest import MINIMAL, NOW

from generator.changes.compare import compare
from generator.changes.page import changes_page
from generator.model.notes import EarlierRelease
from generator.workflows.build import build_package
from generator.workflows.diff import diff_deck, write_up
from generator.workflows.history import open_package
from generator.workflows.prepare import no_progress

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
WITH_PICTURE = MINIMAL + "    image: {file: tubule.svg, alt: A tubule}\n"
EDITED = WITH_PICTURE.replace("low tonicity", "low plasma tonicity").replace(
    "distal tubule", "distal tubule, where $K^+$ is lost too,"
)
THIRD = "  hypothyroidism:\n    cause: Hypothyroidism\n    mechanism: The heart pumps less\n"


@pytest.fixture
def page(write_deck, tmp_path):
    """`page(old, new)` makes the page of the change from one deck text to another."""

    def make(old, new):
        folder = write_deck(old, {"media/tubule.svg": PICTURE})
        package = tmp_path / "deck.apkg"
        assert build_package(folder, package, NOW, no_progress)[0]
        write_deck(new)
        former = open_package(package, with_media=True)
        assert isinstance(former, EarlierRelease)
        compared, findings = diff_deck(folder, package, former, NOW + 60)
        assert compared is not None, findings
        return write_up(compared, "html")

    return make


@pytest.fixture
def look(browser, tmp_path):
    """`look(html, scheme)` opens a page by day (`light`) or by night (`dark`); what it asks for elsewhere fails."""
    opened = []

    def show(html, scheme="light", width=1200):
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        tab = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(file.as_uri())
        opened.append(tab)
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        return tab

    yield show
    for tab in opened:
        tab.close()


def test_the_words_that_differ_and_the_cards_before_and_after_are_shown(page, look):
    tab = look(page(WITH_PICTURE, EDITED))
    assert " plasma" in tab.locator("section ins").all_inner_texts()
    pair = tab.locator("section", has_text="SIADH").locator(".pair").nth(1)
    before, after = pair.locator(".frame").all_inner_texts()
    assert "despite low tonicity" in before
    assert "despite low plasma tonicity" in after
    assert all(frame.bounding_box()["height"] > 60 for frame in pair.locator(".frame").all())
    above = "e => parseFloat(getComputedStyle(e).paddingTop)"
    assert {card.evaluate(above) for card in tab.locator(".frame .card").all()} == {22.4}, "no room left above the text"


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(251, 250, 247)"), ("dark", "rgb(27, 31, 35)")])
def test_cards_have_their_own_look_by_day_and_by_night(page, look, scheme, paper):
    tab = look(page(WITH_PICTURE, EDITED), scheme)
    colours = tab.locator(".card").evaluate_all("cards => cards.map(card => getComputedStyle(card).backgroundColor)")
    assert len(colours) >= 4
    assert set(colours) == {paper}


def test_a_changed_look_shows_on_the_side_that_it_belongs_to(page, look, write_deck, tmp_path):
    page(WITH_PICTURE, EDITED)
    folder = write_deck(
        EDITED, {"../../templates/notetypes/cause/style.css": ".ask { color: rgb(1, 2, 3) !important; }"}
    )
    package = tmp_path / "deck.apkg"
    former = open_package(package, with_media=True)
    assert isinstance(former, EarlierRelease)
    compared, _ = diff_deck(folder, package, former, NOW + 60)
    assert compared is not None
    html = write_up(compared, "html")
    tab = look(html)
    pair = tab.locator("section", has_text="SIADH").locator(".pair").first
    colours = pair.locator(".ask").evaluate_all("asks => asks.map(ask => getComputedStyle(ask).color)")
    assert colours[0] != "rgb(1, 2, 3)"
    assert colours[1] == "rgb(1, 2, 3)"


def test_pictures_are_inside_on_both_sides_and_formulas_are_set(page, look):
    tab = look(page(WITH_PICTURE, EDITED))
    widths = tab.locator("img").evaluate_all("pictures => pictures.map(picture => picture.naturalWidth)")
    assert widths
    assert set(widths) == {40}
    assert tab.locator("math").count() >= 1


def test_masks_hide_on_the_question_what_they_show_on_the_answer(page, look):
    tree = MINIMAL.replace("causes:", "cards: {add: [tree]}\ncategories: {water: Water, salt: Salt}\ncauses:")
    tab = look(page(tree, tree.replace("salt: Salt", "salt: Lost salt")))
    looks = [mask.evaluate("mask => getComputedStyle(mask).backgroundColor") for mask in tab.locator(".mask").all()]
    assert set(looks) == {"rgb(255, 142, 142)", "rgba(255, 142, 142, 0)"}
    assert "imageOcclusion" not in tab.inner_text("body")


def test_new_and_retired_entries_are_folded_up(page, look):
    tab = look(page(MINIMAL, MINIMAL + THIRD))
    section = tab.locator("section", has_text="Hypothyroidism")
    assert section.locator("details[open]").count() == 0
    section.locator("summary").first.click()
    assert section.locator(".frame").first.is_visible()
    assert look(page(MINIMAL + THIRD, MINIMAL)).locator("section.retired").count() == 1


def test_a_phone_shows_before_above_after_without_scrolling_sideways(page, look):
    tab = look(page(WITH_PICTURE, EDITED), width=360)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    before, after = tab.locator(".pair").first.locator(".side").all()
    assert before.bounding_box()["y"] < after.bounding_box()["y"]


def test_what_a_strangers_package_would_run_is_shown_as_text(build_deck, look):
    evil = '<script>document.title = "ran"</script><meta http-equiv="refresh" content="0;url=about:blank">'
    release = build_deck(MINIMAL).prepared.stamped.release
    notes = tuple(
        replace(note, fields=tuple(evil if value and i > 1 else value for i, value in enumerate(note.fields)))
        for note in release.notes.notes
    )
    old = replace(release, notes=replace(release.notes, notes=notes))
    changes = compare(EarlierRelease(old, "<script>"), release, {})
    tab = look(changes_page(changes, old.notes, release.notes))
    tab.wait_for_timeout(100)
    assert tab.title() == "Medicine::Hyponatraemia: what changed"
    assert tab.locator("script").count() == 0
    assert tab.locator("section", has_text="SIADH").get_by_text('document.title = "ran"').count() > 0
