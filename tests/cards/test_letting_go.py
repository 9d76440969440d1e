"""What a build needs no longer is let go at once: commands put the collector off, as most of what they make stays."""

import gc
from weakref import ref

from conftest import MINIMAL, NOW

from generator.workflows.prepare import prepare


def test_an_entry_is_let_go_without_the_collector(write_deck):
    folder = write_deck(MINIMAL)
    gc.collect()
    gc.disable()
    try:
        prepared, _ = prepare(folder, NOW)
        cause = ref(prepared.deck.causes["siadh"])
        del prepared
        assert cause() is None
    finally:
        gc.enable()
