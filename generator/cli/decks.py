"""The DECK argument: from a name or path to the deck's folder."""

from pathlib import Path

import click

from generator.resources import bundled, find_deck, list_decks


def deck_folders(names: tuple[str, ...]) -> list[Path]:
    """Return the folder of each named deck, or of all decks under `decks/`. Wrong names end the program with 2."""
    here = Path.cwd()
    if names:
        return [_deck_folder(name, here) for name in names]
    if folders := list_decks(here / "decks"):
        return folders
    shipped = ", ".join(folder.name for folder in list_decks(bundled("decks")))
    raise click.UsageError(
        f"There is no deck under decks/ here. Name a deck's folder, or one that is shipped: {shipped}."
    )


def deck_folder(name: str | None) -> Path:
    """Return the folder of the named deck, or of the only one under `decks/`. Anything else ends the program with 2."""
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
    """Return where the package of a deck goes."""
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
