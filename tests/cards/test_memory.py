"""What a large deck takes of memory is given back as soon as it is not needed."""

import gc

from generator import preparing
from generator.cards.drafts import Draft

DECK = """\
deck: Memory
finding: {name: Memory, effect: fill the memory}
causes:
  forgotten-draft: {cause: A draft, mechanism: It is kept beside the note that was made of it}
"""


def test_notes_do_not_keep_the_drafts_that_they_were_made_of(write_deck):
    prepared, _ = preparing.prepare(write_deck(DECK), now=0)
    gc.collect()
    kept = [item for item in gc.get_objects() if isinstance(item, Draft) and item.key == "forgotten-draft"]
    assert prepared
    assert not kept
