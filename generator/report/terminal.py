"""The only way to the terminal. It lets text and looks through, but no control characters or commands."""

import re
import sys
from collections.abc import Mapping
from typing import Any

import click

_LOOK = re.compile(r"(\x1b\[(?:0|[1-4]|3[0-7])m)")
"""The codes that `click.style` writes for the looks of this program: bold, dim, a colour, and reset."""
_COMMAND = re.compile(r"^((?:\x1b\[\d+m|\s)*):(?=:)")
"""The start of a line that GitHub Actions would obey."""
_SHORT: Mapping[str, str] = {"\n": "\\n", "\r": "\\r"}


def say(line: str = "", *, err: bool = False) -> None:
    """Print one line. Whatever an author's files put into it, it stays one line and is never a command."""
    click.echo(_COMMAND.sub(r"\1\\u003a", shown(line)), err=err)


def say_command(line: str) -> None:
    """Print one line that GitHub Actions obeys."""
    click.echo(shown(line))


def ask(question: str, default: str | None = None, **options: Any) -> Any:
    """Ask a question at the terminal. What an author's files put into it stays in one line."""
    told = shown(f"{question} [{default}]" if default else question)
    return click.prompt(told, default=default, show_default=False, **options)


def style(text: str, **look: Any) -> str:
    """Return a text with a look that `say` accepts."""
    return click.style(text, **look)


def shown(text: str) -> str:
    """Return a text with every control character escaped as in JSON. Looks and tabs stay."""
    parts = _LOOK.split(text)
    parts[::2] = (part if part.isprintable() else "".join(map(_visible, part)) for part in parts[::2])
    return "".join(parts)


def tolerate_code_pages() -> None:
    """Print `?` for a character that the terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def _visible(character: str) -> str:
    control = character < " " or "\x7f" <= character <= "\x9f" or character in "\u2028\u2029"
    return _SHORT.get(character) or (f"\\u{ord(character):04x}" if control and character != "\t" else character)
