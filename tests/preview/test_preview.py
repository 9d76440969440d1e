"""An author sees every card as a learner will, while typing."""

import contextlib
import http.client
import json
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import MINIMAL

from generator import live
from generator.resources import bundled

RICH = """\
deck: Biology::Leaves
finding: {name: Yellow leaves, effect: turn leaves yellow, ordered: true}
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
    page.select_option("#kind", "Cause → mechanism")
    wait_for_text(page, "How does this turn leaves yellow?")
    assert "chlorophyll" not in text_of(page)
    page.click(".item button")
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
    assert "deck.yaml:17" in page.inner_text("#faults")
    wait_for_text(page, "A cold wind")
    (folder / "deck.yaml").write_text(RICH)
    page.wait_for_selector("#faults", state="hidden", timeout=5000)
    wait_for_text(page, "A cold night")


def test_a_fault_stands_on_the_card_that_it_concerns(write_deck, serve, page):
    folder = write_deck(RICH)
    page.goto(serve(folder))
    page.fill("#search", "cold")
    wait_for_text(page, "A cold night")
    (folder / "deck.yaml").write_text(RICH.replace("category: air", "category: fire"))
    page.wait_for_selector(".item .fault.error", timeout=5000)
    assert "there is no category `fire`" in page.inner_text(".item .fault.error")


def test_the_tree_and_the_filters_narrow_the_cards(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    everything = page.inner_text("#count")
    page.get_by_role("button", name="Soil").click()
    in_soil = page.inner_text("#count")
    page.fill("#search", "no such word")
    assert page.inner_text("#count").startswith("0 of ")
    assert everything != in_soil


def test_a_changed_card_stands_beside_what_it_was_in_the_last_build(write_deck, run_aetia, serve, page, tmp_path):
    folder = write_deck(RICH)
    assert run_aetia("build", folder).returncode == 0
    (folder / "deck.yaml").write_text(RICH.replace("A cold night", "A cold wind"))
    page.goto(serve(folder, cwd=tmp_path))
    page.wait_for_selector(".faces")
    page.check("#changed")
    page.select_option("#kind", "Cause → mechanism")
    page.wait_for_selector("figure")
    shown = page.evaluate(
        "() => [...document.querySelectorAll('figure')].map(f => f.textContent + f.lastChild.shadowRoot.textContent)"
    )
    assert ["Before" in shown[0], "A cold night" in shown[0]] == [True, True]
    assert ["Now" in shown[1], "A cold wind" in shown[1]] == [True, True]
    assert page.inner_text("#count").startswith("1 of ")


def test_study_mode_shows_one_card_at_a_time_by_keyboard(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
    page.select_option("#kind", "Cause → mechanism")
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


def test_only_the_cards_near_the_window_are_in_the_page(write_deck, serve, page):
    causes = "".join(f"  c{n}: {{cause: Cause {n}, mechanism: It works in way {n}}}\n" for n in range(400))
    page.goto(serve(write_deck("deck: Many\nfinding: {name: Thing, effect: make it}\ncauses:\n" + causes)))
    page.wait_for_selector(".faces")
    assert page.locator(".item").count() == 800
    assert page.locator(".faces").count() < 100
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    wait_for_text(page, "It works in way 399")
    assert page.locator(".faces").count() < 100


def test_formulas_are_set_without_the_network(write_deck, serve, page):
    page.goto(serve(write_deck(RICH)))
    page.fill("#search", "chlorophyll")
    page.select_option("#kind", "Cause → mechanism")
    page.click(".item button")
    assert page.evaluate("() => document.querySelector('.faces > div').shadowRoot.querySelectorAll('math').length") == 1


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_screen_reader_finds_nothing_seriously_wrong(write_deck, serve, page, colours):
    page.emulate_media(color_scheme=colours)
    page.goto(serve(write_deck(RICH)))
    page.wait_for_selector(".faces")
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
    fields = '{% extends "bundled/notetypes/cause/fields.html" %}'
    attack = '{% block Cause %}Struck<img src="data:," onerror="document.title = \'struck\'">{% endblock %}'
    folder = write_deck(MINIMAL, {"../../templates/notetypes/cause/fields.html": fields + attack})
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
    index = json.loads(get(serve(folder))[2])
    made = live.previewer(folder, now=0)()
    assert [card["id"] for card in index["cards"]] == [card.id for card in made.cards]
    copy = write_deck("", {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.yaml")})
    collection = anki_import(build_deck(copy).package).collection
    shown = {
        (card.note()["Key"], card.note_type()["name"], card.ord): card.render_output()
        for card in map(collection.get_card, collection.find_cards(""))
    }
    assert len(shown) == len(made.cards)
    for card in made.cards[::5]:
        name = {"cause": "Aetia Cause", "category": "Aetia Category"}.get(card.note_type)
        if name:
            output = shown[card.key, name, card.ordinal]
            assert (card.front, card.back) == (output.question_text, output.answer_text)


def test_the_exported_page_needs_no_server(write_deck, run_aetia, page, tmp_path):
    folder = write_deck(RICH)
    file = tmp_path / "out" / "leaves.html"
    run_aetia("preview", str(folder), "--export", str(file))
    page.goto(file.as_uri())
    page.fill("#search", "cold night")
    wait_for_text(page, "A cold night")
    page.click(".item button")
    assert "Enzymes work slowly" in text_of(page)


def test_a_deck_without_a_card_is_not_exported(write_deck, run_aetia, tmp_path):
    result = run_aetia("preview", str(write_deck("deck: X\n")), "--export", str(tmp_path / "x.html"))
    assert result.returncode == 1
    assert "aetia check" in result.stderr
    assert not (tmp_path / "x.html").exists()
