"""`table.yaml`: the table from which a deck was made, as last imported."""

from collections.abc import Mapping

from pydantic import Field

from generator.model.entry import Entry


class TableFile(Entry):
    """The table that is the master of a deck, as `aetia import` last read it. An update compares with it."""

    columns: Mapping[str, str] = Field({}, description="The header of the column that fills each key.")
    unused: tuple[str, ...] = Field((), description="The headers of the columns that fill no key.")
    rows: Mapping[str, Mapping[str, str]] = Field(
        {}, description="The cells of each row, by the key of its entry and the keys that they fill."
    )
