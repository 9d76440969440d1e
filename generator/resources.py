"""Where the bundled templates and decks are: inside the installed package, or beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """Return the folder of bundled `templates` or `decks`."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def is_installed(folder: Path) -> bool:
    """Whether a deck stands inside the installed package, which a build leaves as it is."""
    return folder.resolve().is_relative_to((_PACKAGE / "decks").resolve())
