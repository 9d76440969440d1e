"""Print the table of edits: for each, how many of a learner's notes hold the words, and how many are overwritten.

`python -m tests.scenarios` takes all decks, `python -m tests.scenarios bread` one of them.
"""

import sys
import tempfile
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Play every edit of the decks that are asked for."""
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]  # as pytest does
    measure, tables = import_module("measure"), import_module("tables").TABLES
    for name in sys.argv[1:] or tables:
        deck, edits = tables[name]
        with tempfile.TemporaryDirectory() as folder:
            stage = measure.Stage(Path(folder, "stage"), deck)
            sys.stdout.write(f"\n{name}\n")
            for number, edit in enumerate(edits):
                measure.show(edit.name, *measure.play(stage.again(Path(folder, str(number))), edit))


if __name__ == "__main__":
    main()
