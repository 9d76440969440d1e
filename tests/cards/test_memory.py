"""What a large deck takes of memory is given back as soon as it is not needed."""

import gc

from generator.cards.drafts import Draft
from generator.workflows.prepare import prepare

DECK = """\
deck: Memory
finding: {name: Memory, effect: fill the memory}
causes:
  forgotten-draft: {cause: A draft, mechanism: It is kept beside the note that was made of it}
"""


def test_notes_do_not_keep_the_drafts_that_they_were_made_of(write_deck):
    prepared, _ = prepare(write_deck(DECK), now=0)
    gc.collect()
    kept = [item for item in gc.get_objects() if type(item) is Draft and item.id.key == "forgotten-draft"]
    assert prepared
    assert not kept
