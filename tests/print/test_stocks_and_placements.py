"""Stocks are possible sheets, and every back lies behind its front however the sheet is turned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.load.stocks import load_stock, load_stocks
from generator.model.stock import Stock, find_stock
from generator.print.placements import Scheme, behind, impose, usable_slots
from generator.resources import bundled

FOLDER = bundled("templates") / "print" / "stocks"
STOCKS, FAULTS = load_stocks([FOLDER])
FLIPS = ("long-edge", "short-edge")
TURNS = ("side", "top")

sizes = st.floats(20, 120, allow_nan=False)


@st.composite
def any_stock(draw: st.DrawFn) -> Stock:
    """A sheet with uneven margins and gaps."""
    card = (draw(sizes), draw(sizes))
    grid = (draw(st.integers(1, 4)), draw(st.integers(1, 5)))
    pitch = tuple(size + draw(st.floats(0, 12)) for size in card)
    first = (draw(st.floats(0, 25)), draw(st.floats(0, 25)))
    page = tuple(first[i] + pitch[i] * (grid[i] - 1) + card[i] + draw(st.floats(0, 25)) for i in (0, 1))
    return Stock(stock="drawn", page=page, card=card, grid=grid, first=first, pitch=pitch)


def test_every_shipped_stock_can_be():
    assert (STOCKS.keys(), FAULTS) == ({file.stem for file in FOLDER.glob("*.yaml")}, ())
    assert STOCKS


def test_no_part_number_names_two_stocks():
    numbers = [alias for stock in STOCKS.values() for alias in stock.aliases]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("5371", "avery-5371"), ("Avery-5388", "avery-5388"), ("8871", "avery-5371"), ("avery-3612", "avery-8373"),
     ("LP800", "sigel-lp800"), ("A4-8", "a4-8"), ("l7415", None)],
)  # fmt: skip
def test_a_stock_is_found_by_its_name_or_part_number(wanted: str, name: str | None):
    assert find_stock(STOCKS, wanted) == name


def overlap(a: tuple[float, float], b: tuple[float, float], stock: Stock) -> bool:
    return all(abs(a[i] - b[i]) < stock.card[i] - 0.02 for i in (0, 1))


def lies_on_page(place: tuple[float, float], stock: Stock) -> bool:
    return all(place[i] >= -0.02 and place[i] + stock.card[i] <= stock.page[i] + 0.02 for i in (0, 1))


@given(any_stock(), st.sampled_from(FLIPS))
def test_backs_lie_on_the_page_apart_from_one_another_and_come_back_when_turned_twice(stock: Stock, flip: str):
    assert not list(stock.faults())
    backs = [behind(stock, flip, *slot) for slot in stock.slots]
    assert all(lies_on_page(place, stock) for place in (*stock.slots, *backs))
    assert not any(overlap(a, b, stock) for i, a in enumerate(backs) for b in backs[:i])
    for slot, back in zip(stock.slots, backs, strict=True):
        assert behind(stock, flip, *back) == pytest.approx(slot)


@given(any_stock(), st.sampled_from(FLIPS), st.sampled_from(TURNS), st.integers(1, 50), st.data())
def test_every_card_is_printed_once_on_each_side_and_never_on_a_used_slot(stock, flip, turn, count, data):
    slots = len(stock.slots)
    start = data.draw(st.integers(1, slots))
    skip = data.draw(st.frozensets(st.integers(1, slots)))
    scheme = Scheme("duplex", flip, turn, start, skip)
    if not set(range(start, slots + 1)) - skip:
        with pytest.raises(ValueError, match="no slot"):
            impose(count, stock, scheme)
        return
    places = impose(count, stock, scheme)
    for side in ("front", "back"):
        assert sorted(place.card for place in places if place.side == side) == list(range(count))
    assert len({(place.page, place.slot) for place in places}) == len(places)
    used = {place.slot + 1 for place in places if place.sheet == 0}
    assert not used & ({*range(1, start)} | skip)
    fronts = {place.card: place for place in places if place.side == "front"}
    for back in (place for place in places if place.side == "back"):
        assert (back.page, back.slot) == (fronts[back.card].page + 1, fronts[back.card].slot)


def test_backs_stand_on_their_head_only_when_sheet_and_reader_turn_about_different_axes():
    portrait, landscape = STOCKS["a4-8"], STOCKS["a6-1"]
    turned = {
        (name, flip, turn): impose(1, stock, Scheme("duplex", flip, turn))[1].turned
        for name, stock in (("portrait", portrait), ("landscape", landscape))
        for flip in FLIPS
        for turn in TURNS
    }
    expected = {("portrait", "long-edge", "top"), ("portrait", "short-edge", "side"),
                ("landscape", "short-edge", "top"), ("landscape", "long-edge", "side")}  # fmt: skip
    assert {case for case, upside_down in turned.items() if upside_down} == expected


def test_folding_puts_front_and_back_on_one_page_on_either_side_of_the_fold():
    stock = STOCKS["a4-8"]
    places = impose(5, stock, Scheme("fold"))
    assert usable_slots(stock, Scheme("fold")) == (0, 2, 4, 6)
    assert [place.page for place in places] == [0] * 8 + [1] * 2
    for place in places:
        assert (place.x + stock.card[0] <= 105) == (place.side == "front")


def test_a_stock_that_cannot_be_is_refused_with_the_measure_that_is_wrong(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("stock: Mine\npage: [210, 297]\ncard: [100, 60]\ngrid: [2, 4]\nfirst: [15, 10]\npitch: [90, 60]\n")
    stock, faults = load_stock(file)
    assert stock is None
    assert {(fault.code, fault.place.keys) for fault in faults} == {("bad-stock", ("pitch",))}
    file.write_text("stock: Mine\npage: [210, 297]\ncard: [100, 60]\ngrid: [2, 4]\nfirst: [15, 10]\n")
    assert [fault.place.keys for fault in load_stock(file)[1]] == [("first",)]
    file.write_text("stock: Mine\npage: [210, 297]\ncard: [95, 69]\ngrid: [2, 99999999999]\nfirst: [10, 10]\n")
    assert [fault.place.keys for fault in load_stock(file)[1]] == [("grid",)], "and no machine runs out of memory"
