"""The page that is sent round: it prints well, takes a reader's marks, and gives them back as a file."""

import contextlib
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import NOW

from generator.load.deck import load_deck
from generator.load.marks import read_marks
from generator.resources import bundled

BACKS = "[...document.querySelectorAll('.sheet > div:last-child')]"
pdf = pytest.importorskip("pikepdf")


@pytest.fixture
def export(run_aetia, tmp_path):
    """`export(folder)` writes the page of a deck and returns its file."""

    def run(folder):
        file = tmp_path / "page.html"
        result = run_aetia("preview", folder, "--export", file, env={"SOURCE_DATE_EPOCH": str(NOW)})
        assert result.returncode == 0, result.stderr
        return file

    return run


@pytest.fixture
def outage(write_deck):
    """A copy of the shipped deck on outages."""
    folder = bundled("decks") / "outage"
    files = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return write_deck(files.pop("deck.yaml"), files, name="outage")


def mark_and_save(page, tmp_path, marks):
    """Mark cards, by their ids, as a reader does who looks for each; say who it was, and save."""
    for card, (verdict, remark) in marks.items():
        page.fill("#search", card.partition("/")[2].rpartition("/")[0])
        item = page.locator(f'[data-id="{card}"]')
        item.locator(f".marks .{verdict}").click()
        if remark:
            page.keyboard.type(remark)
            assert item.locator("textarea").input_value() == remark
    page.click("#review")
    page.fill("#reader", "Dr Ada Root")
    page.fill("#role", "Site reliability")
    with page.expect_download() as download:
        page.click("#save")
    assert download.value.suggested_filename == "outage.review.json"
    file = tmp_path / "outage.review.json"
    download.value.save_as(file)
    return file


@pytest.mark.slow
def test_a_review_from_the_page_to_the_signed_entry_to_the_edit_that_lapses_it(
    outage, export, run_aetia, page, tmp_path
):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    cards = page.evaluate("() => state.cards.filter(c => !c.unmade).map(c => [c.id, c.kind])")
    entries = {}
    for card, kind in cards:
        if card.startswith("question/"):
            entries[card.split("/")[1]] = (card, kind)
    chosen = [card for card, _ in list(entries.values())[:20]]
    assert len(chosen) == 20
    verdicts = dict.fromkeys(chosen, ("right", ""))
    verdicts[chosen[3]] = ("wrong", "It was a config push: \u201csee\u201d the report\n<b>& more</b>")
    verdicts[chosen[7]] = ("unclear", "")
    file = mark_and_save(page, tmp_path, verdicts)
    assert page.inner_text("#review") == f"Review 20/{len(cards)}"
    saved, faults = read_marks(file)
    assert (faults, len(saved.marks), saved.reader) == ((), 20, "Dr Ada Root")

    shown = run_aetia("review", file, outage, env={"SOURCE_DATE_EPOCH": str(NOW)})
    doubted = chosen[3].split("/")[1]
    assert shown.returncode == 1
    told = "wrong: It was a config push: “see” the report <b>& more</b>"
    place = r"\.yaml:\d+:\d+: error\[marked-wrong\]"
    assert re.search(f"{place}: Dr Ada Root marks the question of `{doubted}` {told}", shown.stderr)
    assert "warning[marked-unclear]" in shown.stderr
    assert f"marked 20 of {len(cards)} cards: 18 right, 1 unclear, 1 wrong" in shown.stdout
    assert "18 entries can be signed: aetia review outage.review.json --sign" in shown.stdout

    signed = run_aetia("review", file, outage, "--sign", env={"SOURCE_DATE_EPOCH": str(NOW)})
    assert "18 entries signed by Dr Ada Root" in signed.stdout
    deck, _ = load_deck(outage)
    states = {card: deck.questions[card.split("/")[1]].review.state for card in chosen}
    assert [card for card in chosen if states[card] != "reviewed"] == [chosen[3], chosen[7]]
    assert "lapsed" not in run_aetia("check", outage).stderr

    first = chosen[0].split("/")[1]
    place = deck.place("questions", first)
    answer = deck.questions[first].answer
    text = place.file.read_text()
    place.file.write_text(text.replace(answer, f"{answer} again", 1))
    assert f"`{first}` was edited since Dr Ada Root read it" in run_aetia("check", outage).stderr
    states = [load_deck(outage)[0].questions[card.split("/")[1]].review.state for card in chosen]
    assert states.count("reviewed") == 17


def test_marks_outlive_the_page_and_those_on_texts_that_changed_wait(outage, export, page):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    page.fill("#search", "first-question")
    page.click(".marks .wrong")
    page.keyboard.type("No")
    page.keyboard.press("Escape")
    page.fill("#search", "cascade")
    page.locator('[data-id="question/cascade/1"] .marks .right').click()
    page.fill("#search", "end-dates")
    page.click(".marks .right")
    page.fill("#search", "")
    page.check("#doubted")
    assert page.evaluate("() => state.shown.map(c => c.id)") == ["question/first-question/1"]
    file = outage / "deck.yaml"
    file.write_text(
        file.read_text()
        .replace("What changed just before?", "What was changed just before?")
        .replace("  end-dates:", "  ends:")
    )
    page.goto("about:blank")
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    assert page.inner_text("#review").startswith("Review 1/")
    page.fill("#search", "cascade")
    assert page.get_attribute('[data-id="question/cascade/1"] .marks .right', "aria-pressed") == "true"
    page.fill("#search", "first-question")
    assert page.get_attribute(".marks .wrong", "aria-pressed") == "false"
    assert page.inner_text(".marks p") == "Edited since you marked it wrong: No"
    page.check("#unread")
    assert page.locator(".item").count() == 1
    page.uncheck("#unread")
    page.fill("#search", "")
    page.check("#outdated")
    assert page.evaluate("() => state.shown.map(c => c.id)") == ["question/first-question/1"]
    page.click("#review")
    assert page.inner_text("#tally").endswith(
        "1 right, 0 wrong, 0 unclear. 1 more card edited since you marked it. 1 marked card no longer here"
    )


def test_marks_on_an_entry_that_was_renamed_since_are_on_its_cards(outage, export, page, tmp_path):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    file = mark_and_save(page, tmp_path, {"question/cascade/1": ("unclear", "Of what?")})
    for path in outage.rglob("*.yaml"):
        path.write_text(
            re.sub(r"^( +)cascade:\n( +)", r"\1chain:\n\2was: cascade\n\2", path.read_text(), flags=re.MULTILINE)
        )
    page.goto("about:blank")
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    marked = "() => Object.keys(book.marks)"
    assert page.evaluate(marked) == ["question/chain/1"]
    page.evaluate("() => { localStorage.clear(); book.marks = {}; }")
    page.click("#review")
    page.set_input_files("#load", file)
    page.wait_for_function("() => document.querySelector('#review').textContent.startsWith('Review 1/')")
    assert page.evaluate(marked) == ["question/chain/1"]


def test_a_reader_goes_on_from_a_saved_file_in_another_browser(outage, export, page, browser, tmp_path):
    address = export(outage).as_uri()
    page.goto(address)
    page.wait_for_selector(".item .marks")
    file = mark_and_save(page, tmp_path, {"question/cascade/1": ("unclear", "Of <b>what</b>?")})
    with contextlib.closing(browser.new_context()) as elsewhere:
        other = elsewhere.new_page()
        other.goto(address)
        other.wait_for_selector(".item .marks")
        assert other.inner_text("#review").startswith("Review 0/")
        other.click("#review")
        (tmp_path / "no.json").write_text('{"marks": 5}')
        other.set_input_files("#load", tmp_path / "no.json")
        other.wait_for_function(
            "() => document.querySelector('#loaded').textContent === 'no.json is not a file of marks.'"
        )
        other.set_input_files("#load", file)
        other.wait_for_function("() => document.querySelector('#review').textContent.startsWith('Review 1/')")
        assert other.input_value("#reader") == "Dr Ada Root"
        other.keyboard.press("Escape")
        other.fill("#search", "cascade")
        assert other.input_value('[data-id="question/cascade/1"] textarea') == "Of <b>what</b>?"


def saved_marks(file, reader, marks, role=""):
    """Write what the page saves, with the given verdicts and remarks by card, and return the file."""
    said = [
        {"card": card, "kind": "question", "mark": verdict, "remark": remark, "fingerprint": text}
        for card, (verdict, remark, text) in marks.items()
    ]
    file.write_text(json.dumps({"aetia-review": 1, "deck": "outage", "reader": reader, "role": role, "marks": said}))
    return file


def test_marks_of_another_reader_replace_those_here_or_stay_out_and_are_never_mixed(outage, export, page, tmp_path):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    text = page.evaluate("() => inside.review.texts")
    one, two = "question/cascade/1", "question/first-question/1"
    file = saved_marks(tmp_path / "ruiz.json", "Dr Ruiz", {two: ("wrong", "No", text[two])})
    page.fill("#search", "cascade")
    page.locator(f'[data-id="{one}"] .marks .right').click()
    page.click("#review")
    page.fill("#reader", "Dr Ada Root")
    page.fill("#role", "Site reliability")
    asked = []
    mine = {"reader": "Dr Ada Root", "role": "Site reliability", "cards": [one]}
    theirs = {"reader": "Dr Ruiz", "role": "", "cards": [two]}
    for answer, left in (("dismiss", mine), ("accept", theirs)):
        page.once("dialog", lambda dialog, answer=answer: (asked.append(dialog.message), getattr(dialog, answer)()))
        page.set_input_files("#load", file)
        page.wait_for_function("() => document.querySelector('#loaded').textContent !== ''")
        assert page.evaluate("() => ({reader: book.reader, role: book.role, cards: Object.keys(book.marks)})") == left
        assert page.input_value("#role") == left["role"]
        page.evaluate("() => $('loaded').textContent = ''")
    assert asked == ["These are the marks of Dr Ruiz. Replace those of Dr Ada Root?"] * 2


def test_marks_of_the_same_reader_are_added_and_the_page_says_what_changed(outage, export, page, tmp_path):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    text = page.evaluate("() => inside.review.texts")
    cards = [card for card in text if card.startswith("question/")][:5]
    here = {card: ("right", "", text[card]) for card in cards[:3]}
    page.click("#review")
    page.set_input_files("#load", saved_marks(tmp_path / "a.json", "Dr Ada Root", here, "Site reliability"))
    page.wait_for_function("() => document.querySelector('#loaded').textContent.includes(': 3 new, 0 changed, 0 as')")
    there = {cards[0]: here[cards[0]], cards[1]: ("wrong", "No", text[cards[1]]), cards[2]: ("wrong", "", "a" * 16)}
    there |= {cards[3]: ("unclear", "", text[cards[3]]), "question/gone/1": ("right", "", "a" * 16)}
    page.set_input_files("#load", saved_marks(tmp_path / "b.json", "Dr Ada Root", there))
    told = "Marks of Dr Ada Root: 1 new, 1 changed, 2 as they were here, 1 on cards that this page lacks."
    page.wait_for_function(f"() => document.querySelector('#loaded').textContent === {told!r}")
    marks = page.evaluate("() => Object.values(book.marks).map((m) => m.mark)")
    assert marks == ["right", "wrong", "right", "unclear"], "a mark on an older text does not replace a newer one"
    assert page.input_value("#role") == "Site reliability"


def test_a_page_open_in_two_tabs_loses_no_mark_and_shows_those_of_the_other(outage, export, browser):
    address = export(outage).as_uri()
    with contextlib.closing(browser.new_context()) as context:
        one, two = context.new_page(), context.new_page()
        for tab in (one, two):
            tab.goto(address)
            tab.wait_for_selector(".item .marks")
        two.locator(".marks .wrong").nth(3).click()
        two.keyboard.type("Being typed")
        one.locator(".marks .right").first.click()
        two.wait_for_function("() => document.querySelector('#review').textContent.startsWith('Review 2/')")
        assert two.get_attribute(".marks .right >> nth=0", "aria-pressed") == "true"
        two.keyboard.type(" on")
        two.locator(".marks .right").nth(1).click()
        one.wait_for_function("() => document.querySelector('#review').textContent.startsWith('Review 3/')")
        one.locator(".marks .right").first.click()
        one.reload()
        one.wait_for_function("() => document.querySelector('#review').textContent.startsWith('Review 2/')")
        assert one.input_value(".marks textarea") == "Being typed on"


def test_a_remark_comes_back_when_the_mark_that_was_taken_back_is_given_again(outage, export, page):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    card = page.locator(".item").first
    card.locator(".wrong").click()
    page.keyboard.type("Typed for minutes")
    card.locator(".wrong").click()
    assert card.locator("textarea").count() == 0
    card.locator(".wrong").click()
    assert card.locator("textarea").input_value() == "Typed for minutes"
    card.locator("textarea").fill("")
    for _ in range(2):
        card.locator(".wrong").click()
    assert card.locator("textarea").input_value() == "", "what the reader deletes is gone"


def test_a_deck_is_read_and_marked_by_keyboard_alone(outage, export, page):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    page.keyboard.press("s")
    page.wait_for_selector("#stage > div")
    page.keyboard.press("r")
    assert page.evaluate("() => Object.keys(book.marks).length") == 0, "nobody marks an answer unseen"
    page.keyboard.press(" ")
    page.wait_for_selector("#verdict .marks")
    page.keyboard.press("r")
    page.wait_for_function("() => document.querySelector('#where').textContent.startsWith('2 of')")
    page.keyboard.press(" ")
    page.wait_for_selector("#verdict .marks")
    page.keyboard.press("w")
    page.keyboard.type("written with u, r, w and a space")
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.querySelector('#desk').open"), "Esc leaves the remark, not the cards"
    page.keyboard.press(" ")
    page.wait_for_function("() => document.querySelector('#where').textContent.startsWith('3 of')")
    page.keyboard.press("Escape")
    marks = page.evaluate("() => Object.values(book.marks).map((m) => [m.mark, m.remark])")
    assert marks == [["right", ""], ["wrong", "written with u, r, w and a space"]]


def test_marks_are_saved_with_the_name_of_the_reader_which_the_page_asks_for(outage, export, page):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    page.click(".marks .right")
    saved = []
    page.on("download", lambda file: saved.append(file.suggested_filename))
    page.click("#review")
    for name in ("", "  "):
        page.fill("#reader", name)
        page.click("#save")
        assert page.evaluate("() => document.activeElement.id") == "reader"
        assert page.evaluate("() => $('reader').validationMessage").startswith("Type your name: ")
    page.keyboard.type("Dr Ada Root")
    assert page.evaluate("() => $('reader').validationMessage") == ""
    with page.expect_download():
        page.click("#save")
    assert saved == ["outage.review.json"]


def test_characters_that_no_file_may_hold_do_not_reach_it(outage, export, page, tmp_path):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    page.click(".marks .unclear")
    page.evaluate("""() => {
      const remark = document.querySelector('.marks textarea');
      remark.value = 'a\\u000bb\\u2028c\\ud800d\\u{1f600}';
      remark.oninput();
    }""")
    file = mark_and_save(page, tmp_path, {})
    assert read_marks(file)[1] == ()
    assert json.loads(file.read_text())["marks"][0]["remark"] == "a b c d\U0001f600"


def test_the_page_prints_in_columns_with_no_card_across_two_pages(write_deck, export, page, tmp_path):
    causes = "".join(f"  c{n}: {{cause: Cause {n}, mechanism: Way {n} goes on and on}}\n" for n in range(12))
    folder = write_deck(f"deck: Print\nfinding: {{name: Thing, effect: make it}}\ncauses:\n{causes}")
    page.emulate_media(color_scheme="dark")
    page.goto(export(folder).as_uri())
    page.wait_for_selector(".item .marks")
    page.click(".marks .wrong")
    page.keyboard.type("Not so")
    file = tmp_path / "page.pdf"
    page.pdf(path=file, format="A4")
    with pdf.open(file) as printed:
        assert len(printed.pages) <= 3, "twelve cards"
    assert page.is_hidden("#paper")
    assert page.locator(".item").count() == 12
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("() => layOut()")
    sheets = page.locator(".sheet")
    assert sheets.count() == 12
    assert all("c" in text for text in sheets.all_inner_texts())
    assert "wrong Not so" in sheets.first.inner_text()
    assert "☐ right" in sheets.last.inner_text()
    assert page.evaluate("() => getComputedStyle(document.querySelector('.sheet')).breakInside") == "avoid"
    assert page.evaluate("() => document.querySelectorAll('.sheet .nightMode').length") == 0
    texts = page.evaluate(
        "() => [...document.querySelectorAll('.sheet > div:last-child')].map(e => e.shadowRoot.textContent)"
    )
    for number in range(12):
        assert any(f"Way {number}" in text and f"Cause {number}" in text for text in texts)


@pytest.mark.slow
def test_pages_of_a_real_deck_are_filled_but_for_what_a_whole_card_leaves(export, page, tmp_path):
    page.goto(export(bundled("decks") / "hyponatraemia").as_uri())
    page.wait_for_selector(".item")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    with pdf.open(tmp_path / "page.pdf") as printed:
        assert len(printed.pages) < 30, "two columns took 35"


def test_pictures_are_on_paper_and_the_front_where_the_back_does_not_repeat_it(outage, export, page):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item")
    page.emulate_media(media="print")
    page.evaluate("() => layOut()")
    sides = page.evaluate("() => [...document.querySelectorAll('.sheet')].map(s => s.children.length - 1)")
    assert set(sides) <= {1, 2}
    assert sides.count(1) > 150
    pictures = f"{BACKS}.flatMap(e => [...e.shadowRoot.querySelectorAll('img')])"
    page.wait_for_function(f"() => {pictures}.every(i => i.complete && i.naturalWidth > 0)")
    unfolded = f"() => {BACKS}.some(e => e.shadowRoot.querySelector('details[open]'))"
    assert page.evaluate(unfolded), "what a card folds away is printed"
    assert "with the first card of an entry" in page.inner_text("#paper")
    left = "(r) => r.querySelector('details[hidden]') && r.querySelector('.cite:not([hidden])')"
    assert not page.evaluate(f"() => {BACKS}.some(e => ({left})(e.shadowRoot))"), "a mark without its work"


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_all_switches_fit_and_a_card_is_marked_by_thumb(outage, export, page, width):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    page.check("#answers")
    page.check("#night")
    page.locator(".marks .unclear").first.click()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    tops = page.evaluate("() => [...document.querySelectorAll('.switches > *')].map(e => e.offsetTop).filter(Boolean)")
    assert len(set(tops)) == 1, "in one row"
    heights = page.evaluate("() => [...document.querySelectorAll('.marks button')].map(e => e.offsetHeight)")
    assert min(heights) >= 30
    page.evaluate("() => state.cards.forEach((card) => { card.change = 'changed'; })")
    page.uncheck("#night")
    keys = page.evaluate("() => [...document.querySelectorAll('.bar .key')].map(e => [e.clientWidth, e.scrollWidth])")
    assert all(shown >= min(whole, 75) for shown, whole in keys), "a key is cut only if it is long"
    page.click("#review")
    assert page.evaluate("() => $('book').scrollWidth <= $('book').clientWidth")


def test_nothing_is_folded_away_from_a_reader(outage, export, page):
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    page.check("#answers")
    folds = "[...document.querySelectorAll('.faces > div')].flatMap(e => [...e.shadowRoot.querySelectorAll('details')])"
    assert page.evaluate(f"() => {folds}.length") > 3
    assert page.evaluate(f"() => {folds}.every(details => details.open)")


@pytest.mark.parametrize("place", ["cards", "book", "keyboard", "study"])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.slow
def test_a_screen_reader_finds_nothing_seriously_wrong_with_a_review(outage, export, page, colours, place):
    page.emulate_media(color_scheme=colours)
    page.goto(export(outage).as_uri())
    page.wait_for_selector(".item .marks")
    for number, verdict in enumerate(("right", "wrong", "unclear")):
        page.locator(f".marks .{verdict}").nth(number).click()
    page.mouse.move(0, 0)
    if place in ("book", "keyboard", "study"):
        page.click({"book": "#review", "keyboard": "#help", "study": "#study"}[place])
    if place == "study":
        page.keyboard.press(" ")
        page.keyboard.press("w")
        page.wait_for_selector("#verdict textarea")
    findings = Axe().run(page).response["violations"]
    assert [f["id"] for f in findings if f["impact"] in ("serious", "critical")] == []


def test_the_live_page_takes_no_marks(write_deck, serve, page):
    page.goto(serve(write_deck("deck: A\nfinding: {name: B, effect: c}\ncauses: {d: {cause: E, mechanism: F}}\n")))
    page.wait_for_selector(".item")
    assert page.is_hidden("#review")
    assert page.locator(".marks").count() == 0
