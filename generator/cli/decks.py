"""The DECK argument: from a name or path to the deck's folder."""

from pathlib import Path

import click

from generator.resources import bundled, find_deck, list_decks


def deck_folders(names: tuple[str, ...]) -> list[Path]:
    """Return the folders of the named decks, or of all under `decks/`. Raise `click.UsageError` for a wrong name."""
    here = Path.cwd()
    if names:
        return [_deck_folder(name, here) for name in names]
    if folders := list_decks(here / "decks"):
        return folders
    shipped = ", ".join(folder.name for folder in list_decks(bundled("decks")))
    raise click.UsageError(
        f"There is no deck under decks/ here. Name the folder of a deck, or one that comes with Aetia: {shipped}."
    )


def deck_folder(name: str | None) -> Path:
    """Return the folder of the named deck, or of the only one under `decks/`.

    Raise `click.UsageError` if there is none, or if there are several.
    """
    folders = deck_folders((name,) if name else ())
    if len(folders) > 1:
        raise click.UsageError(
            f"There are several decks here; name one of {', '.join(folder.name for folder in folders)}."
        )
    return folders[0]


def only_deck() -> Path | None:
    """Return the folder of the only deck under `decks/`, if there is one."""
    folders = list_decks(Path.cwd() / "decks")
    return folders[0] if len(folders) == 1 else None


def package_of(folder: Path, output: Path | None = None) -> Path:
    """Return the path of a deck's package; `output` is the package itself, or a folder for it."""
    if output and output.suffix == ".apkg":
        return output
    return (output or Path("dist")) / f"{folder.resolve().name}.apkg"


def _deck_folder(name: str, here: Path) -> Path:
    folder = find_deck(name, here)
    if folder is None:
        known = list_decks(here / "decks") + list_decks(bundled("decks"))
        names = ", ".join(dict.fromkeys(folder.name for folder in known))
        raise click.UsageError(
            f"There is no deck `{name}`: no folder {name} or decks/{name} with a deck.yaml. Known: {names}."
        )
    return folder
