"""The table as last imported into a deck: `table.yaml` in the deck's folder."""

from pathlib import Path

from ryaml import dumps

from generator.model.table import TableFile

NAME = "table.yaml"
_HEAD = """\
# The table of this deck as `aetia import` last took it; Aetia writes this file. Commit it with the deck.
# An update compares with it: what changed in the table since then is taken, what you edited in the deck is left.
# `columns` says which header of the table fills which key, `unused` which headers fill none.
"""


def remembered_file(folder: Path, remembered: TableFile) -> tuple[Path, bytes]:
    """Return the path and the content of the file that remembers a table."""
    rows = {key: {name: cell for name, cell in row.items() if cell} for key, row in remembered.rows.items()}
    unused = {"unused": list(remembered.unused)} if remembered.unused else {}
    return folder / NAME, (_HEAD + dumps({"columns": dict(remembered.columns), **unused, "rows": rows})).encode()
