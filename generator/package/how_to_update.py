"""The page that tells learners how to update: what each file does, and what happens to their own work."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from string import Template

from generator.files import write_whole
from generator.resources import bundled


def write_how_to_update(
    file: Path, name: str, words: Mapping[str, str], deck: str, language: str, retired: Iterable[str]
) -> None:
    """Write the page in one step, with the phrases of the deck's language.

    `name` is the name of the files without their endings. `retired` are searches that find the notes which left the
    deck. The package and the update text are beside the page.
    """
    values = {key.replace("-", "_"): escape(phrase) for key, phrase in words.items()}
    values |= {"deck": escape(deck), "language": escape(language), "name": escape(name)}
    values["searches"] = "".join(f"<p><code>{escape(search)}</code></p>" for search in retired)
    values["retired"] = values["update_retired" if values["searches"] else "update_none_retired"]
    layout = (bundled("templates") / "update" / "how-to-update.html").read_text(encoding="utf-8")
    write_whole(file, Template(layout).substitute(values).encode())
