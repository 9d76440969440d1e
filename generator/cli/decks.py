"""The DECK argument: find a deck's folder by name or path, from anywhere in a project."""

import os
from pathlib import Path

import click

from generator.resources import bundled, find_deck, find_deck_above, find_project, list_decks

REVIEWED = "-reviewed"
"""How the name of a package of reviewed entries alone ends."""
_MEANT = ("deck.yaml", "deck.yml", "deck.yaml.txt", "deck.yml.txt")
"""Names that were probably meant to be `deck.yaml`, in lower case."""


def deck_folders(names: tuple[str, ...]) -> list[Path]:
    """Return the folders of the named decks, or of the current deck, or of all under the project's `decks/`.

    Raise `click.UsageError` for a wrong name.
    """
    if names:
        return [_deck_folder(name, Path.cwd()) for name in names]
    if folders := _decks_here():
        return folders
    shipped = ", ".join(folder.name for folder in list_decks(bundled("decks")))
    named = f"Name the folder of a deck, or one that comes with Aetia: {shipped}."
    what = _misnamed(Path.cwd(), *Path("decks").glob("*")) or named
    raise click.UsageError(f"There is no deck here, and none under decks/. {what}")


def deck_folder(name: str | None) -> Path:
    """Return the folder of the named deck, of the current one, or of the only one of the project.

    Raise `click.UsageError` if there is none, or if there are several.
    """
    folders = deck_folders((name,) if name is not None else ())
    if len(folders) > 1:
        raise click.UsageError(
            f"There are several decks here; name one of {', '.join(folder.name for folder in folders)}."
        )
    return folders[0]


def only_deck() -> Path | None:
    """Return the folder of the current deck, or of the only one of the project, if there is one."""
    folders = _decks_here()
    return folders[0] if len(folders) == 1 else None


def project() -> Path:
    """Return the path of the current project's folder."""
    here = Path.cwd()
    return Path(os.path.relpath(find_project(find_deck_above(here) or here)))


def package_of(folder: Path, output: Path | None = None, part: str = "") -> Path:
    """Return the path of a deck's package, or of a `part` of it; `output` is the package itself, or a folder for it."""
    if output and output.suffix == ".apkg":
        return output
    if output and output.is_file():
        raise click.UsageError(f"{output} is neither a folder nor a package: -o takes a folder, or a name with .apkg.")
    return (output or project() / "dist") / f"{folder.resolve().name}{part}.apkg"


def stray_packages(folders: list[Path]) -> list[Path]:
    """Return the packages in the project's `dist/` that belong to none of its decks, nor to these."""
    decks = (folder.resolve().name for folder in (*folders, *list_decks(project() / "decks")))
    names = {name for deck in decks for name in (deck, f"{deck}{REVIEWED}")}
    return sorted(file for file in (project() / "dist").glob("*.apkg") if file.stem not in names)


def _decks_here() -> list[Path]:
    above = find_deck_above(Path.cwd())
    return [above] if above else list_decks(find_project(Path.cwd()) / "decks")


def _deck_folder(name: str, here: Path) -> Path:
    folder = find_deck(name, here)
    if folder is None:
        known = list_decks(project() / "decks") or list_decks(bundled("decks"))
        names = ", ".join(folder.name for folder in known)
        what = _misnamed(here / name, here / "decks" / name) or f"Known: {names}."
        raise click.UsageError(f"There is no deck `{name}`: no folder {name} or decks/{name} with a deck.yaml. {what}")
    return folder


def _misnamed(*folders: Path) -> str:
    """Return a sentence on a file in these folders, which are no decks, that was meant to be a `deck.yaml`."""
    files = (file for folder in folders for file in folder.glob("[Dd]eck.*") if file.name.casefold() in _MEANT)
    file = next(files, None)
    return f"{os.path.relpath(file)} is not read: rename it to deck.yaml." if file else ""
