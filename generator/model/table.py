"""`table.yaml`: the table that a deck was made of, as it was last taken."""

from collections.abc import Mapping

from pydantic import Field

from generator.model.entry import Entry


class TableFile(Entry):
    """The table that a deck is kept in, as `aetia import` last took it, so that an update knows what changed in it."""

    columns: Mapping[str, str] = Field({}, description="The header of the column that fills each key.")
    rows: Mapping[str, Mapping[str, str]] = Field(
        {}, description="What the cells of each row said, by the key of its entry and the keys that they fill."
    )
