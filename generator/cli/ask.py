"""Questions at a terminal to somebody who makes a deck, and the option for its language."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from generator.report.terminal import ask, say

if TYPE_CHECKING:
    from generator.project.table import Table


def language_option(help_: str, default: str | None = None) -> Callable[[Any], Any]:
    """Return the option that says the language of the cards."""
    return click.option("--language", metavar="TAG", default=default, callback=_language, help=help_)


def _language(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from generator.model.values import LANGUAGE_PATTERN

    if value and not re.fullmatch(LANGUAGE_PATTERN, value):
        raise click.BadParameter(f"`{value}` is not a language tag; write `en`, `de` or `de-AT`.")
    return value


def ask_finding(default: str) -> str:
    """Ask what the causes are causes of. Without a terminal, return the default."""
    if not sys.stdin.isatty():
        return default
    say("What are these the causes of? Give it a name, such as `Soil erosion`.")
    return str(ask("  finding", default))


def ask_effect(finding: str, cause: str, default: str | None) -> str:
    """Ask what a cause does, and show the resulting card. Without a terminal, return the default."""
    if not sys.stdin.isatty():
        return default or ""
    say(f"What does a cause of {finding} do? The answer ends the question on a card, as `erode soil` in")
    say(f"  {cause}: how can this erode soil?")
    return str(ask(f"  {cause}: how can this …", default))


_SAYS = {"mechanism": "mechanism (how the cause works)", "clue": "clue (what points to the cause)"}
"""What a question calls a key whose name says too little."""


def list_columns(table: "Table", known: Mapping[str, int]) -> None:
    """List the columns of a table, before questions about them. Without a terminal, do not."""
    if sys.stdin.isatty():
        from generator.report.table import show_columns

        show_columns(table, known)


def ask_column(key: str, table: "Table", free: Sequence[int], missing: Sequence[str]) -> int | None:
    """Ask which column fills a key; return its number, or None. `missing` are keys that need one, if this one does."""
    if not sys.stdin.isatty():
        if not missing:
            return None
        raise click.UsageError(
            f"No column is clearly the {' or the '.join(missing)}, which every row needs: add "
            f"{' '.join(f'--map {name}=HEADER' for name in missing)}. {table.described}"
        )
    question = f"Which column holds the {_SAYS.get(key, key)}? Its number or header"
    if missing:
        return int(ask(question, type=_Column(table, range(len(table.header)))))
    answer = ask(f"{question} (Enter: none)", "", type=_Column(table, free))
    return None if answer == "" else int(answer)


def ask_key(column: str, free: Mapping[str, str]) -> str | None:
    """Ask which key a column fills, if any. Without a terminal, return None."""
    if not sys.stdin.isatty():
        return None
    question = f"Which key does the column “{column}” fill? (Enter: none; ? lists the keys)"
    while (answer := str(ask(question, "", type=_Key(free)))) == "?":
        width = max(map(len, free))
        for key, says in free.items():
            say(f"  {key:<{width}}  {says}")
    return answer or None


class _Key(click.ParamType[Any]):
    name = "key"

    def __init__(self, free: Mapping[str, str]) -> None:
        self._free = free

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take a key in any case, with spaces for `-`, a `?`, or an empty answer."""
        key = "-".join(str(value).casefold().split())
        if key not in ("", "?", *self._free):
            not_a = "is the number of a column, and not" if key.isdecimal() else "is not"
            self.fail(f"`{key}` {not_a} one of the free keys {', '.join(self._free)}.", param, ctx)
        return key


class _Column(click.ParamType[Any]):
    name = "column"

    def __init__(self, table: "Table", free: Sequence[int]) -> None:
        self._table, self._free = table, free

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Turn a number from 1, or a header, into the number of a column from 0. An empty answer stays empty."""
        if value == "" or isinstance(value, int):
            return value
        named = self._table.columns.get(str(value).strip().casefold())
        found = named if named is not None else int(value) - 1 if str(value).strip().isdecimal() else None
        if found is None or found not in self._free:
            numbers = ", ".join(str(number + 1) for number in self._free)
            self.fail(f"`{value}` is not one of the columns {numbers}.", param, ctx)
        return found
