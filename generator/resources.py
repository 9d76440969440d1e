"""Where templates and decks are: in the installed package, beside it in a checkout, or in a project."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """Return the folder of bundled `templates` or `decks`."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def is_installed(folder: Path) -> bool:
    """Return whether a deck is part of the installed package, which a build does not change."""
    return folder.resolve().is_relative_to((_PACKAGE / "decks").resolve())


def find_project(here: Path) -> Path:
    """Return the project of a folder: the nearest folder above it with decks, or the folder itself if there is none."""
    return next((folder for folder in (here, *here.parents) if list_decks(folder / "decks")), here)


def find_deck_above(here: Path) -> Path | None:
    """Return the deck that a folder is, or is in. A project is in no deck."""
    for folder in (here, *here.parents):
        if list_decks(folder / "decks"):
            return None
        if (folder / "deck.yaml").is_file():
            return folder
    return None


def find_deck(name: str, here: Path) -> Path | None:
    """Return the folder of a deck: a path, a name under the project's `decks/`, or a bundled deck."""
    for folder in (here / name, find_project(here) / "decks" / name, bundled("decks") / name):
        if (folder / "deck.yaml").is_file():
            return folder
    return None


def list_decks(folder: Path) -> list[Path]:
    """Return the folders of all decks in a folder, by name."""
    return sorted(file.parent for file in folder.glob("*/deck.yaml"))


def project_templates(folder: Path) -> Path:
    """Return the templates folder of a deck's project: beside `decks/`, or beside the deck."""
    parent = folder.resolve().parent
    return (parent.parent if parent.name == "decks" else parent) / "templates"
