"""The address of a preview, or its file."""

from pathlib import Path

from generator.report.terminal import say
from generator.report.words import plural, relative


def show_address(deck: str, address: str) -> None:
    """Print the address of the live page."""
    say(f"{deck}: {address}  (Ctrl-C stops)")


def show_exported(file: Path, cards: int) -> None:
    """Print the name, the size and the number of cards of a page that was written."""
    say(f"{relative(file)} ({file.stat().st_size / 1024:.0f} KB, {plural(cards, 'card')})")
