"""An author sees every card as a learner will, while typing."""

import contextlib
import http.client
import json
import time
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import MINIMAL

from generator.cards.render import Memo
from generator.resources import bundled
from generator.screen.card import set_card
from generator.workflows.prepare import prepare
from generator.workflows.preview import Previewer

RICH = """\
deck: Biology::Leaves
id: leaves
finding: {name: Yellow leaves, effect: turn leaves yellow}
cards: {add: [tree]}
categories:
  soil: {name: Soil, definition: What the roots find}
  air: {name: Air, definition: What surrounds the plant}
causes:
  iron:
    cause: Lack of iron
    category: soil
    mechanism: Without the metal no chlorophyll is made; $x^2 < y$
    clue: Young leaves go first, **veins stay green**
  cold:
    cause: A cold night
    category: air
    mechanism: Enzymes work slowly below 10 °C
"""


FIGURES = (
    "() => [...document.querySelectorAll('figure')]"
    ".map((figure) => figure.textContent + figure.lastChild.shadowRoot.textContent)"
)
"""What the cards before and after a change say, with their captions."""


def text_of(page):
    """What the cards on the page say, shadow roots included."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.faces > div')].map(e => e.shadowRoot.textContent).join('\\n')"
    )


def wait_for_text(page, text):
    condition = "t => [...document.querySelectorAll('.faces > div')].some(e => e.shadowRoot.textContent.includes(t))"
    page.wait_for_function(condition, arg=text, timeout=5000)


def background(page):
    card = "document.querySelector('.faces > div').shadowRoot.querySelector('.card')"
    return page.evaluate(f"() => getComputedStyle({card}).backgroundColor")


def get(address, path="/cards.json", **headers):
    """Status, headers and body of a request as it stands on the wire."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", urlsplit(address).port)) as connection:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def test_a_card_flips_by_button_by_click_and_by_key(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.fill("#search", "chlorophyll")
    page.select_option("#kind", "mechanism")
    wait_for_text(page, "Lack of iron: how can this turn leaves yellow?")
    assert "chlorophyll" not in text_of(page)
    page.click(".item .bar button")
    assert "chlorophyll" in text_of(page)
    page.click(".faces")
    assert "chlorophyll" not in text_of(page)
    page.locator("#search").blur()
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    assert "chlorophyll" in text_of(page)


def test_night_mode_changes_the_colours_of_the_cards(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    by_day = background(page)
    page.check("#night")
    assert background(page) != by_day


def test_a_save_appears_and_a_broken_file_shows_its_fault_and_heals(write_deck, serve, page):
    folder = write_deck(RICH)
    page.goto(serve(folder))
    page.fill("#search", "cold")
    wait_for_text(page, "A cold night")
    (folder / "deck.yaml").write_text(RICH.replace("A cold night", "A cold wind"))
    wait_for_text(page, "A cold wind")
    (folder / "deck.yaml").write_text(RICH + "    clue: [")
    page.wait_for_selector("#faults .error", timeout=5000)
    assert "deck.yaml:18" in page.inner_text("#faults")
    wait_for_text(page, "A cold wind")
    (folder / "deck.yaml").write_text(RICH)
    page.wait_for_selector("#faults", state="hidden", timeout=5000)
    wait_for_text(page, "A cold night")


def test_a_fault_is_shown_on_the_card_that_it_concerns(write_deck, serve, page):
    folder = write_deck(RICH)
    page.goto(serve(folder))
    page.fill("#search", "cold")
    wait_for_text(page, "A cold night")
    (folder / "deck.yaml").write_text(RICH.replace("category: air", "category: fire"))
    page.wait_for_selector(".item .fault.error", timeout=5000)
    assert "there is no category fire" in page.inner_text(".item .fault.error")


def test_a_finding_shows_the_piece_in_its_line_and_its_hint_in_words(write_deck, serve, page):
    page.goto(serve(write_deck(RICH.replace("category: air", "category: airs"))))
    page.wait_for_selector("#faults[open] .fault")
    fault = page.locator("#faults .fault.error")
    assert fault.locator("mark").inner_text() == "airs"
    assert fault.locator("pre").inner_text().split() == ["16", "category:", "airs"]
    assert "`" not in fault.inner_text()
    assert fault.locator(".hint code").all_inner_texts()


def test_what_concerns_a_whole_entry_is_said_on_its_first_card_alone(write_deck, serve, page):
    deck = RICH.replace("    clue: Young", "    image: {file: a.svg, alt: A leaf}\n    clue: Young")
    page.goto(serve(write_deck(deck, {"media/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"})))
    page.wait_for_selector(".item .fault")
    assert page.locator("#flagged + span + .n").inner_text() == "1"
    assert page.locator(".item:has(.fault) .bar b").all_inner_texts() == ["clue"]


def test_a_card_of_a_file_that_was_broken_since_still_names_its_line(write_deck, serve, page):
    folder = write_deck(RICH)
    page.goto(serve(folder))
    where = page.locator('.item[data-id="cause/cold/2"] .where')
    assert where.inner_text() == "deck.yaml:15"
    (folder / "deck.yaml").write_text(RICH + "    clue: [")
    page.wait_for_selector("#faults .error", timeout=5000)
    page.reload()
    assert where.inner_text() == "deck.yaml:15"


def test_on_a_phone_the_count_is_on_one_line_above_the_order(write_deck, serve, page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    count, order, cards = (page.locator(name).bounding_box() for name in ("#count", "#order", "#cards"))
    assert count["height"] < 30
    assert order["y"] >= count["y"] + count["height"]
    assert cards["y"] >= order["y"] + order["height"] + 4


def test_the_tree_and_the_filters_narrow_the_cards(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    everything = page.inner_text("#count")
    page.get_by_role("button", name="Soil").click()
    in_soil = page.inner_text("#count")
    page.fill("#search", "no such word")
    assert page.inner_text("#count").startswith("0 of ")
    assert everything != in_soil


def test_cards_are_found_by_their_tag_and_shown_at_the_width_of_a_phone(write_deck, serve, page):
    page.goto(serve(write_deck(RICH.replace("    category: air\n", "    category: air\n    tags: [core]\n"))))
    page.wait_for_selector(".faces")
    page.select_option("#tag", "leaves::core")
    assert page.evaluate("() => [...new Set(state.shown.map((card) => card.note.key))]") == ["cold"]
    page.check("#phone")
    page.wait_for_function("() => { const w = document.querySelector('.item').offsetWidth; return w && w < 400; }")
    card = "document.querySelector('.faces > div').shadowRoot.querySelector('.card')"
    assert page.evaluate(f"() => getComputedStyle({card}).paddingTop") == "25.6px", "no room left above the text"


@pytest.fixture
def changed(write_deck, run_aetia, serve, page, tmp_path):
    """`changed("old", "new")` opens the changed cards of a deck that was built before an edit, and returns the page."""

    def open_page(old, new):
        folder = write_deck(RICH)
        assert run_aetia("build", folder).returncode == 0
        (folder / "deck.yaml").write_text(RICH.replace(old, new))
        page.goto(serve(folder, cwd=tmp_path))
        page.wait_for_selector(".faces")
        page.check("#changed")
        page.wait_for_selector("figure")
        return page

    return open_page


def test_a_changed_card_is_shown_beside_what_it_was_in_the_last_build(changed):
    page = changed("A cold night", "A cold wind")
    page.select_option("#kind", "mechanism")
    page.wait_for_function("() => document.querySelector('#count').innerText.startsWith('1 of ')")
    page.wait_for_selector("figure")
    shown = page.evaluate(FIGURES)
    assert ["Before" in shown[0], "A cold night" in shown[0]] == [True, True]
    assert ["Now" in shown[1], "A cold wind" in shown[1]] == [True, True]


def test_a_change_on_a_back_is_shown_whether_answers_are_shown_or_not(changed):
    page = changed("work slowly", "stand still")
    for answers in (False, True):
        page.set_checked("#answers", answers)
        assert ["stand still" in text for text in page.evaluate(FIGURES)] == [False, True]


def test_of_a_changed_note_only_the_cards_that_look_different_count_as_changed(changed):
    page = changed("Young leaves go first", "Young leaves fade first")
    assert page.inner_text("label:has(#changed) .n") == "1"
    page.wait_for_function("() => document.querySelectorAll('.item').length === 1")
    assert page.inner_text(".item .bar b") == "clue"
    assert page.inner_text(".item .badge") == "changed"


def test_the_first_screen_shows_a_card_of_each_kind(serve, page):
    page.goto(serve(bundled("decks") / "outage"))
    page.wait_for_selector(".faces")
    kinds = page.evaluate("() => [...new Set(state.cards.map((card) => card.kind))]")
    first = page.locator(".item .bar b").all_inner_texts()[: len(kinds)]
    assert sorted(first) == sorted(kinds)
    assert len(kinds) > 4


def test_the_state_of_the_deck_stays_in_sight_and_leads_to_what_is_wrong(write_deck, serve, page):
    text = RICH.replace("Enzymes work slowly", "Enzymes always work slowly").replace(
        "Young leaves", "With lack of iron young leaves"
    )
    page.goto(serve(write_deck(text)))
    page.wait_for_selector("#state .warning")
    assert page.locator("#state button").all_inner_texts() == ["2 warnings", "1 not made"]
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="2 warnings").click()
    assert page.evaluate("() => document.querySelector('#faults').open")
    assert page.evaluate("() => document.activeElement.matches('.fault.warning')")


def test_a_deck_without_a_fault_says_so_and_one_that_cannot_be_read_says_that(write_deck, serve, page):
    folder = write_deck(RICH)
    page.goto(serve(folder))
    page.wait_for_selector(".faces")
    assert page.inner_text("#state") == "Nothing wrong"
    (folder / "deck.yaml").write_text(RICH + "    clue: [")
    page.wait_for_selector("#state .error", timeout=5000)
    assert page.inner_text("#state") == "1 error"


def test_errors_are_said_to_stop_a_build_only_where_they_do(write_deck, run_aetia, serve, page):
    lint = RICH + "lints: {absolute: {severity: error}}\n"
    lint = lint.replace("Enzymes work slowly", "Enzymes always work slowly")
    folder = write_deck(lint)
    page.goto(serve(folder))
    page.wait_for_selector("#state .error")
    said = page.inner_text("#faults > p")
    assert said == "aetia build makes the package all the same; aetia build --strict stops at these errors."
    assert run_aetia("build", folder).returncode == 0
    assert run_aetia("build", "--strict", folder).returncode == 1
    (folder / "deck.yaml").write_text(lint.replace("id: leaves", "id: foliage"))
    page.wait_for_function("() => document.querySelector('#faults > p')?.innerText.startsWith('aetia build stops')")
    assert run_aetia("build", folder).returncode == 1


def test_the_page_says_that_a_card_of_each_kind_comes_first(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    assert page.inner_text("#order").startswith("One card of each kind")
    page.select_option("#kind", "mechanism")
    assert page.is_hidden("#order")


def test_a_card_that_is_not_made_is_listed_with_its_reason_and_place(write_deck, serve, page):
    page.goto(serve(write_deck(RICH.replace("Young leaves", "With lack of iron young leaves"))))
    page.wait_for_selector(".faces")
    assert page.inner_text("#count") == "4 cards, 1 not made"
    page.get_by_role("button", name="1 not made").click()
    page.wait_for_function("() => document.querySelectorAll('.item').length === 1")
    lost = page.locator(".item.unmade")
    assert lost.locator("b").inner_text() == "clue"
    assert "gives its cause away (“" in lost.inner_text()
    assert "leave the card out with cards: {skip: [clue]}." in lost.inner_text()
    assert lost.locator(".where").inner_text() == "deck.yaml:13"
    assert page.inner_text("#count") == "0 of 4 cards, 1 not made"
    page.click("#study")
    assert page.inner_text("#where") == "No cards"


def test_each_card_names_file_and_line_and_a_click_copies_them(write_deck, serve, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    more = "causes:\n  pot:\n    cause: A small pot\n    mechanism: Roots fill it\n    clue: Water runs **through**\n"
    page.goto(serve(write_deck(RICH, {"causes/more.yaml": more})))
    page.wait_for_selector(".faces")
    page.fill("#search", "pot")
    page.select_option("#kind", "clue")
    page.wait_for_function("() => document.querySelectorAll('.item').length === 1")
    assert page.inner_text(".item .where") == "causes/more.yaml:5"
    page.click(".item .where")
    page.wait_for_selector(".where[data-told]")
    assert page.evaluate("() => navigator.clipboard.readText()") == "causes/more.yaml:5"


EDITOR = """#!/bin/sh
printf '%s\\n' "$@" > "$0.log"
"""


def editor(folder, name):
    """A program that writes down what it is told to open."""
    program = folder / name
    program.write_text(EDITOR)
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("asked", ["option", "usual", "pattern"])
def test_a_click_on_file_and_line_opens_the_editor_there(write_deck, serve, page, tmp_path, asked):
    folder = write_deck(RICH)
    program = editor(tmp_path, "code" if asked != "pattern" else "own")
    ways = {
        "option": (("--editor", str(program)), {}),
        "usual": ((), {"EDITOR": str(program)}),
        "pattern": (("--editor", f"{program} --goto {{file}}:{{line}}"), {}),
    }
    options, surroundings = ways[asked]
    page.goto(serve(folder, *options, **surroundings))
    page.wait_for_selector(".item .where")
    page.select_option("#kind", "clue")
    page.wait_for_function("() => document.querySelectorAll('.item').length === 1")
    page.wait_for_selector(".item .where")
    page.locator(".item").focus()
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_selector(".where[data-told=opened]")
    log = tmp_path / f"{program.name}.log"
    while not (log.exists() and log.read_text().endswith("\n")):
        page.wait_for_timeout(20)
    assert log.read_text().split() == ["--goto", f"{folder / 'deck.yaml'}:13"]


@pytest.mark.parametrize(("name", "told"), [("subl", "{}:13"), ("kate", "--line 13 {}"), ("gvim", "+13 {}")])
def test_an_editor_is_told_the_line_in_its_own_way(write_deck, serve, tmp_path, name, told):
    folder, program = write_deck(RICH), editor(tmp_path, name)
    address = serve(folder, "--editor", str(program))
    assert post(address, "deck.yaml:13", address)[0] == 200
    log = tmp_path / f"{name}.log"
    while not (log.exists() and log.read_text().endswith("\n")):
        time.sleep(0.02)
    assert log.read_text().split() == told.format(folder / "deck.yaml").split()


def test_an_address_of_an_editor_is_followed_by_the_browser(write_deck, serve):
    folder = write_deck(RICH, name="a b")
    address = serve(folder, "--editor", "vscode")
    assert post(address, "deck.yaml:13", address) == (200, f"vscode://file{folder}/deck.yaml:13".replace(" ", "%20"))


def test_nothing_but_the_decks_own_files_is_opened_and_for_no_other_page(write_deck, serve, tmp_path):
    program = editor(tmp_path, "code")
    folder = write_deck(RICH, {"../../secret.yaml": "x"})
    address = serve(folder, "--editor", str(program))
    for where in ("../../secret.yaml:1", "/etc/passwd:1", "deck.yaml", "deck.yaml:1; touch x", "no.yaml:1", "", "\0:1"):
        assert post(address, where, address)[0] == 404, where
    assert post(address, "deck.yaml:1", "https://evil.example")[0] == 403
    assert post(address, "deck.yaml:1", None)[0] == 404
    assert get(address, "/open")[0] in (404, 405)
    assert not (tmp_path / "code.log").exists()
    assert post(serve(folder), "deck.yaml:1", None)[0] == 404


def test_an_editor_that_nobody_knows_is_wrong_use_and_one_in_a_terminal_is_not_the_usual(write_deck, run_aetia, serve):
    folder = write_deck(RICH)
    result = run_aetia("preview", folder, "--editor", "vim", "--no-browser")
    assert (result.returncode, "a command with {file} and {line}" in result.stderr) == (2, True)
    assert json.loads(get(serve(folder, EDITOR="vim"))[2])["opens"] is False


def post(address, where, origin):
    """Status and body of what the page asks of the server."""
    headers = {"Origin": origin.rstrip("/")} if origin else {}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", urlsplit(address).port)) as connection:
        connection.request("POST", "/open", where, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()


def test_the_words_that_differ_are_marked_before_and_now_on_the_side_that_differs(changed):
    page = changed("Enzymes work slowly below 10", "Enzymes all rest below 12")
    words = "name => [...document.querySelectorAll('figure > div')].flatMap(e =>"
    words += " [...e.shadowRoot.querySelectorAll(`.${name}`)].map(w => w.textContent))"
    assert page.inner_text(".item .bar > .quiet") == "Show question", "the questions are alike"
    assert [page.evaluate(words, name) for name in ("was", "now")] == [["work", "slowly", "10"], ["all", "rest", "12"]]
    page.click(".item .bar > .quiet")
    assert page.evaluate(words, "now") == []


def test_filters_are_in_the_address_and_survive_a_reload(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    page.fill("#search", "leaves")
    page.select_option("#kind", "mechanism")
    page.get_by_role("button", name="Soil").click()
    shown = page.evaluate("() => state.shown.map((card) => card.id)")
    assert shown == ["cause/iron/2"]
    page.reload()
    page.wait_for_selector(".faces")
    assert page.evaluate("() => state.shown.map((card) => card.id)") == shown
    assert [page.input_value(f"#{name}") for name in ("search", "kind")] == ["leaves", "mechanism"]
    page.click("#clear")
    assert "#" not in page.url


def test_study_mode_scrolls_to_a_long_answer_and_through_it(write_deck, serve, page):
    clue = " ".join(f"A long story about leaf {n}." for n in range(60))
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(serve(write_deck(RICH.replace("Young leaves go first", clue))))
    page.wait_for_selector(".faces")
    page.get_by_text("Filter", exact=True).click()
    page.select_option("#kind", "clue")
    page.click("#study")
    page.wait_for_selector("#stage > div")
    assert page.evaluate("() => document.querySelector('#stage').scrollTop") == 0
    page.keyboard.press(" ")
    page.wait_for_function("() => document.querySelector('#stage').scrollTop > 0")
    inside = """() => {
      const stage = document.querySelector('#stage').getBoundingClientRect();
      const answer = document.querySelector('#stage > div').shadowRoot.querySelector('.answer').getBoundingClientRect();
      return stage.top <= answer.top && answer.bottom <= stage.bottom;
    }"""
    assert page.evaluate(inside)
    at = page.evaluate("() => document.querySelector('#stage').scrollTop")
    page.keyboard.press("ArrowUp")
    page.wait_for_function(f"() => document.querySelector('#stage').scrollTop < {at}")


def test_study_mode_shows_one_card_at_a_time_by_keyboard(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    page.select_option("#kind", "mechanism")
    page.click("#study")
    page.wait_for_function("() => document.querySelector('#where').textContent.startsWith('1 of 2')")
    stage = "() => document.querySelector('#stage > div').shadowRoot.textContent"
    page.keyboard.press(" ")
    page.wait_for_function(f"() => ({stage})().includes('chlorophyll')")
    page.keyboard.press(" ")
    page.wait_for_function("() => document.querySelector('#where').textContent.startsWith('2 of 2')")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('#where').textContent.startsWith('1 of 2')")
    page.keyboard.press("Escape")
    assert not page.evaluate("() => document.querySelector('#desk').open")


def test_study_mode_shuffles_and_goes_on_where_it_was(serve, page):
    page.goto(serve(bundled("decks") / "outage"))
    page.wait_for_selector(".faces")
    order = "() => desk.cards.map((card) => card.id)"
    page.click("#study")
    page.wait_for_selector("#stage > div")
    in_order = page.evaluate(order)
    page.check("#shuffle")
    page.wait_for_function("() => desk.seed")
    drawn = page.evaluate(order)
    assert drawn != in_order
    assert sorted(drawn) == sorted(in_order)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('#where').textContent.startsWith('4 of')")
    page.reload()
    page.wait_for_selector(".faces")
    page.keyboard.press("s")
    page.wait_for_function("() => document.querySelector('#where').textContent.startsWith('4 of')")
    assert page.evaluate(order) == drawn
    page.keyboard.press("Home")
    page.wait_for_function("() => document.querySelector('#where').textContent.startsWith('1 of')")
    page.uncheck("#shuffle")
    page.wait_for_function("() => !desk.seed")
    assert page.evaluate(order) == in_order


def test_a_deck_has_the_same_address_each_time_while_nobody_else_has_it(write_deck, serve, run_aetia):
    folder = write_deck(MINIMAL)
    first = serve(folder)
    second = serve(folder)
    assert first != second
    result = run_aetia("preview", folder, "--port", str(urlsplit(first).port), "--no-browser")
    assert (result.returncode, "in use" in result.stderr) == (1, True)
    serve.stop()
    assert serve(folder) == first


def test_a_key_tells_all_keys(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    page.keyboard.press("?")
    told = page.inner_text("#keyboard")
    assert "turn the card over" in told
    assert "mark the card right" not in told, "that is for the page that is sent round"
    page.keyboard.press("Escape")
    assert not page.evaluate("() => document.querySelector('#keyboard').open")


def test_a_wide_screen_is_filled_and_a_row_has_four_cards_at_most(serve, page):
    page.set_viewport_size({"width": 2560, "height": 1200})
    page.goto(serve(bundled("decks") / "outage"))
    page.wait_for_selector(".faces")
    assert page.evaluate("() => columns()") == 4
    assert page.evaluate("() => document.querySelectorAll('.item')[3].getBoundingClientRect().right") > 2500


def test_the_picture_of_the_tree_hides_on_the_front_what_it_shows_on_the_back(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.select_option("#kind", "tree")
    page.wait_for_function("() => document.querySelectorAll('.item').length === 2")
    mask = "document.querySelector('.faces > div').shadowRoot.querySelector('.mask')"
    hidden = page.evaluate(f"() => getComputedStyle({mask}).backgroundColor")
    page.click(".item .bar button")
    shown = page.evaluate(f"() => getComputedStyle({mask}).backgroundColor")
    assert (hidden, shown) == ("rgb(255, 142, 142)", "rgba(255, 142, 142, 0)")
    page.wait_for_function(f"() => {mask}.getBoundingClientRect().width > 20")  # once the picture is there
    assert "Toggle Masks" not in text_of(page)


def test_all_cards_turn_to_their_answers_at_once(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.select_option("#kind", "mechanism")
    wait_for_text(page, "Lack of iron")
    assert "Enzymes work slowly" not in text_of(page)
    page.check("#answers")
    assert "chlorophyll" in text_of(page)
    assert "Enzymes work slowly" in text_of(page)


def test_what_the_check_says_of_a_card_is_shown_on_it_and_can_be_filtered(write_deck, serve, page):
    page.goto(serve(write_deck(RICH.replace("Enzymes work slowly", "Enzymes always work slowly"))))
    page.wait_for_selector("#flagged")
    page.check("#flagged")
    page.wait_for_function("() => document.querySelectorAll('.item').length === 1")
    assert page.inner_text(".item .bar b") == "mechanism"
    assert "warning[absolute]" in page.inner_text(".item .fault.warning")
    assert "deck.yaml:17" in page.inner_text(".item .fault.warning")


def test_a_save_keeps_the_place_of_the_reader(write_deck, serve, page):
    causes = "".join(f"  c{n}: {{cause: Cause {n}, mechanism: It works in way {n}}}\n" for n in range(200))
    text = "deck: Many\nfinding: {name: Thing, effect: make it}\ncauses:\n" + causes
    folder = write_deck(text)
    page.goto(serve(folder))
    page.wait_for_selector(".item")
    page.evaluate("() => scrollTo(0, 9000)")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.item')].some((i) => i.getBoundingClientRect().top > 0)"
    )
    page.wait_for_timeout(300)  # what was drawn while scrolling settles
    before = page.evaluate("() => anchor()")
    number = before["id"].split("/")[1].removeprefix("c")
    (folder / "deck.yaml").write_text(text.replace(f"cause: Cause {number},", f"cause: Edited {number},"))
    wait_for_text(page, f"Edited {number}")
    after = page.evaluate("() => anchor()")
    assert after["id"] == before["id"]
    assert abs(after["top"] - before["top"]) <= 1, "a browser scrolls by whole pixels"


def test_a_page_whose_server_has_gone_says_so(write_deck, serve, browser):
    with contextlib.closing(browser.new_page()) as page:
        page.goto(serve(write_deck(MINIMAL)))
        page.wait_for_selector(".item")
        assert page.is_hidden("#lost")
        serve.stop()
        page.wait_for_selector("#lost", state="visible", timeout=10_000)


def test_ctrl_c_ends_quietly_while_a_page_is_open(write_deck, serve, browser):
    with contextlib.closing(browser.new_page()) as page:
        page.goto(serve(write_deck(MINIMAL)))
        page.wait_for_selector(".item")
        assert serve.interrupt() == (0, "")


@pytest.mark.slow
def test_everything_is_reached_by_keyboard_alone(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".item")
    page.keyboard.press("/")
    page.keyboard.type("cold")
    assert page.evaluate("() => state.shown.every((card) => card.note.key === 'cold')")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement.id || document.activeElement.textContent"))
    assert {"search", "kind", "tag", "answers", "night", "phone", "study", "clear", "Show answer"} <= reached
    page.locator("#clear").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => state.shown.length === state.cards.length")
    page.locator("#main").focus()
    page.keyboard.press("s")
    assert page.evaluate("() => document.querySelector('#desk').open")


def test_only_the_cards_near_the_window_are_in_the_page(write_deck, serve, page):
    causes = "".join(f"  c{n}: {{cause: Cause {n}, mechanism: It works in way {n}}}\n" for n in range(400))
    page.goto(serve(write_deck("deck: Many\nfinding: {name: Thing, effect: make it}\ncauses:\n" + causes)))
    page.wait_for_selector(".item")
    assert page.inner_text("#count") == "400 cards"
    assert page.locator(".item").count() < 100
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    wait_for_text(page, "Cause 399")
    assert page.locator(".item").count() < 100


def test_formulas_are_set_without_the_network(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.fill("#search", "chlorophyll")
    page.select_option("#kind", "mechanism")
    page.click(".item .bar button")
    assert page.evaluate("() => document.querySelector('.faces > div').shadowRoot.querySelectorAll('math').length") == 1


@pytest.mark.parametrize("place", ["cards", "findings", "study", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.slow
def test_a_screen_reader_finds_nothing_seriously_wrong(write_deck, serve, page, colours, place):
    page.emulate_media(color_scheme=colours)
    folder = write_deck(RICH)
    address = serve(folder)
    if place == "phone":
        page.set_viewport_size({"width": 380, "height": 760})
    page.goto(address)
    page.wait_for_selector(".faces")
    if place == "findings":
        (folder / "deck.yaml").write_text(RICH.replace("category: air", "category: fire"))
        page.wait_for_selector(".item .fault.error")
    if place == "study":
        page.click("#study")
        page.wait_for_selector("#stage > div")
    # The tester's own script is let in by the browser's tooling, not by the page's policy.
    findings = Axe().run(page).response["violations"]
    assert [f["id"] for f in findings if f["impact"] in ("serious", "critical")] == []


def test_a_foreign_host_or_origin_is_refused(write_deck, serve):
    address = serve(write_deck(MINIMAL))
    assert get(address)[0] == 200
    assert get(address, Host="evil.example")[0] == 403
    assert get(address, Host="127.0.0.1.evil.example:80")[0] == 403
    assert get(address, Origin="https://evil.example")[0] == 403


def test_nothing_but_the_page_and_the_cards_is_served(write_deck, serve):
    folder = write_deck(MINIMAL, {"secret.txt": "secret", "media/unused.txt": "unused"})
    address = serve(folder)
    for path in ("/secret.txt", "/deck.yaml", "/../deck.yaml", "/%2e%2e/deck.yaml", "/media/unused.txt", "/unused.txt"):
        assert get(address, path)[0] == 404, path


def test_a_strangers_card_runs_no_script(write_deck, serve, browser):
    attack = (
        '{% block front %}Struck<img src="data:," onerror="document.title = \'struck\'">{{ field.Cause }}{% endblock %}'
    )
    card = '{% extends "bundled/notetypes/cause/mechanism.html" %}' + attack
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/mechanism.html": card})
    with contextlib.closing(browser.new_page()) as page:
        refused = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(serve(folder))
        wait_for_text(page, "Struck")
        page.wait_for_timeout(200)
        assert "struck" not in page.title()
        assert any("Content Security Policy" in text for text in refused)


def test_the_cards_are_what_anki_shows(write_deck, serve, build_deck, anki_import):
    folder = bundled("decks") / "outage"
    address = serve(folder)
    made = Previewer(folder, now=0).make()
    types = prepare(folder, 0)[0].stamped.release.notes.note_types
    assert [note["key"] for note in json.loads(get(address)[2])["notes"]] == [note.key for note in made.notes]
    files = [file for file in folder.rglob("*") if file.suffix in (".yaml", ".svg")]
    copy = write_deck("", {file.relative_to(folder).as_posix(): file.read_bytes() for file in files})
    collection = anki_import(build_deck(copy).package).collection
    shown = {
        (card.note()["Key"], card.note_type()["name"], card.ord): card.render_output()
        for card in map(collection.get_card, collection.find_cards(""))
    }
    assert len(shown) == len(made.cards)
    for card in made.cards[::5]:
        name, key, number = card.split("/")[0], *card.partition("/")[2].rsplit("/", 1)
        output = shown[key, types[name].name, int(number) - 1]
        assert made.show(name, key, int(number) - 1)[0][:2] == (output.question_text, output.answer_text)
        faces = json.loads(get(address, f"/faces.json?{urlencode({'id': card})}")[2])["faces"][card]
        assert (faces["front"], faces["back"]) == (set_card(output.question_text), set_card(output.answer_text))


RELATED = """\
  pot:
    cause: A small pot
    category: soil
    mechanism: {summary: "Roots fill it [@smith]", steps: [Roots grow, The pot is full, Water runs past]}
    versus: {iron: {on: order, here: Old leaves first, there: Young leaves first}}
    image: {file: pot.svg, alt: A pot}
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 9"><path d="M0 0h9"/></svg>'
SOURCES = "references:\n- {id: smith, type: book, title: Roots, author: [{family: Smith}]}\n"
EDITS = {
    "a cause": ("deck.yaml", ("A cold night", "A cold wind")),
    "the rival of another": ("deck.yaml", ("Lack of iron", "No iron")),
    "a branch": ("deck.yaml", ("name: Soil", "name: Earth")),
    "the finding": ("deck.yaml", ("turn leaves yellow", "bleach leaves")),
    "a step": ("causes/more.yaml", ("Roots grow,", "Roots grow, Roots turn,")),
    "another file": ("causes/more.yaml", ("A small pot", "A tiny pot")),
    "a source": ("sources.yaml", ("Roots", "Roots and soil")),
    "a picture": ("media/pot.svg", ("0 0 9 9", "0 0 8 9")),
    "the css": ("../../templates/notetypes/card.css", (".x", ".y")),
    "a new entry": ("causes/more.yaml", ("causes:\n", "causes:\n  salt: {cause: Salt, mechanism: Roots dry}\n")),
}


@pytest.mark.slow
def test_what_is_remembered_between_saves_is_what_would_be_made_anew(write_deck):
    folder = write_deck(RICH, {
        "causes/more.yaml": "causes:\n" + RELATED, "sources.yaml": SOURCES, "media/pot.svg": PICTURE.format(9),
        "../../templates/notetypes/card.css": ".x {}",
    })  # fmt: skip
    memo = Memo()

    def made(memo):
        prepared, faults = prepare(folder, 0, memo=memo)
        assert prepared, faults
        notes = prepared.stamped.release.notes
        pictures = {media.name: media.read() for media in notes.media}
        shown = [notes.show(note, ordinal) for note in notes.notes for ordinal in note.card_ordinals]
        return notes.notes, pictures, shown, notes.tree, notes.note_types

    first = made(memo)
    assert made(memo) == first
    assert made(memo)[0][0] is memo.notes[first[0][0].note_type, first[0][0].key][1], "nothing was made again"
    for what, (name, change) in EDITS.items():
        file = folder / name
        before = made(memo)
        file.write_text(file.read_text().replace(*change))
        after = made(memo)
        assert after == made(None), what
        assert after != before, what


def test_the_exported_page_needs_no_server(write_deck, run_aetia, page, tmp_path):
    folder = write_deck(RICH)
    file = tmp_path / "out" / "leaves.html"
    run_aetia("preview", str(folder), "--export", str(file))
    page.goto(file.as_uri())
    page.fill("#search", "cold night")
    wait_for_text(page, "A cold night")
    page.click(".item .bar button")
    assert "Enzymes work slowly" in text_of(page)


def test_the_exported_page_holds_each_picture_once_and_fits_a_phone(run_aetia, page, tmp_path):
    folder = bundled("decks") / "outage"
    file = tmp_path / "outage.html"
    assert run_aetia("preview", str(folder), "--export", str(file)).returncode == 0
    text = file.read_text()
    pictures = {name for name in Previewer(folder, 0).make().media if name.endswith(".svg")}
    assert text.count("data:image/svg+xml;base64,") == len(pictures) > 1
    page.set_viewport_size({"width": 380, "height": 760})
    page.goto(file.as_uri())
    page.wait_for_selector(".item")
    count, order = (page.locator(name).bounding_box() for name in ("#count", "#order"))
    assert count["y"] + count["height"] <= order["y"] + 1, "one under the other"
    page.get_by_text("Filter", exact=True).click()
    page.fill("#search", "onset-shapes")
    page.wait_for_function("() => { const i = document.querySelector('.faces > div').shadowRoot.querySelector('img');"
                           " return i && i.complete && i.naturalWidth > 0; }")  # fmt: skip
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.is_hidden("#lost")


def test_a_deck_without_a_card_is_not_exported(write_deck, run_aetia, tmp_path):
    result = run_aetia("preview", str(write_deck("deck: X\n")), "--export", str(tmp_path / "x.html"))
    assert result.returncode == 1
    assert "this deck has no entries yet" in result.stderr
    assert '`aetia new cause "Name" --deck deck` adds one' in result.stderr
    assert not (tmp_path / "x.html").exists()
