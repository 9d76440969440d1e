"""The one door to the terminal: what it lets through shows text and looks, and does nothing else."""

import re
import sys
from collections.abc import Mapping
from typing import Any

import click

_LOOK = re.compile(r"(\x1b\[(?:0|[1-4]|3[0-7])m)")
"""What `click.style` writes for the looks of this program: bold, dim, a colour, and the end of them."""
_COMMAND = re.compile(r"^((?:\x1b\[\d+m|\s)*):(?=:)")
"""The begin of a line that GitHub Actions would obey."""
_SHORT: Mapping[str, str] = {"\n": "\\n", "\r": "\\r"}


def say(line: str = "", *, err: bool = False) -> None:
    """Print one line. Whatever came into it from an author's files, it stays one line and no command."""
    click.echo(_COMMAND.sub(r"\1\\u003a", shown(line)), err=err)


def say_command(line: str) -> None:
    """Print one line that GitHub Actions is to obey."""
    click.echo(shown(line))


def style(text: str, **look: Any) -> str:
    """Return a text with a look that `say` lets through."""
    return click.style(text, **look)


def shown(text: str) -> str:
    """Return a text with every control character written out, as JSON would write it; looks and tabs stay."""
    parts = _LOOK.split(text)
    parts[::2] = ("".join(map(_visible, part)) for part in parts[::2])
    return "".join(parts)


def tolerate_code_pages() -> None:
    """Let output show `?` for a character that the terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


def _visible(character: str) -> str:
    control = character < " " or "\x7f" <= character <= "\x9f" or character in "\u2028\u2029"
    return _SHORT.get(character) or (f"\\u{ord(character):04x}" if control and character != "\t" else character)
