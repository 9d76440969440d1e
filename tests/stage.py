"""A small deck with everything an author can change, and a play of author and learner around it."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from players import Author, Learner

START = 1_700_000_000
"""The time of the first release."""

SAMPLE: dict[str, Any] = {
    "id": "salt-1",
    "deck": "Medicine::Hyponatraemia",
    "finding": {"name": "Hyponatraemia", "effect": "lower the serum sodium", "listed": True},
    "description": "Why sodium is low",
    "cards": {"skip": ["list"], "add": ["blanks"]},
    "categories": {"intake": "Water gain", "losses": "Salt loss", "shift": "Water shift"},
    "causes": {
        "siadh": {"cause": "SIADH", "category": "intake", "mechanism": "Vasopressin acts despite low tonicity"},
        "polydipsia": {"cause": "Polydipsia", "category": "intake", "mechanism": "Intake outruns what kidneys excrete"},
        "thiazides": {"cause": "Thiazides", "category": "losses", "mechanism": "Distal tubules waste sodium chloride"},
        "addison": {"cause": "Addison disease", "category": "losses", "mechanism": "Too little aldosterone acts"},
        "vomiting": {"cause": "Vomiting", "category": "losses", "mechanism": "Volume falls, so vasopressin rises"},
        "glucose": {"cause": "Hyperglycaemia", "category": "shift", "mechanism": "Sugar draws cell water out"},
    },
}
ALL = len(SAMPLE["causes"]) + 1
"""The notes of the deck: its causes and the blanks in the list of the categories."""


def with_another(schema: str, what: str, name: str) -> str:
    """Return a `notetype.yaml` in which a new field (`name`) or card (`key`) takes the place of the next spare."""
    spare = len(re.findall(rf"\{{{what}: [^}}]*was: Spare", schema)) + 1
    end = r"\](?=\ncards:)" if what == "name" else r"\](?=\nspares:)"
    return re.sub(end, f", {{{what}: {name}, was: Spare {spare}}}]", schema, count=1)


class Play:
    """An author and a learner with the first release. `edit` changes the deck as it stands; `release` builds it."""

    def __init__(self, folder: Path) -> None:
        self.author = Author(folder / "project")
        self.learner = Learner(folder / "learner.anki2")
        self.deck = copy.deepcopy(SAMPLE)
        self.files: dict[str, str | bytes] = {}

    def release(self, now: int, change: Callable[[dict[str, Any]], object] | None = None) -> Path:
        """Change the deck and build it."""
        if change:
            change(self.deck)
        return self.author.release(json.dumps(self.deck), now, self.files)

    def refused(self, now: int, change: Callable[[dict[str, Any]], object] | None = None) -> list[str]:
        """Change the deck and return what its build complains of; the lock and the release stay as they were."""
        lock = (self.author.folder / "deck.lock").read_bytes()
        if change:
            change(self.deck)
        self.author.write(json.dumps(self.deck), self.files)
        built, codes = self.author.build(now)
        assert built is None
        assert (self.author.folder / "deck.lock").read_bytes() == lock
        return codes
