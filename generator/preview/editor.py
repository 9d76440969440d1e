"""Open a file at a line in the author's editor, by a command or by an address that the browser passes on."""

import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from generator.diagnostics import WrongUseError
from generator.files import is_inside

_GOTO, _COLON, _LINE, _PLUS = "--goto {file}:{line}", "{file}:{line}", "--line {line} {file}", "+{line} {file}"
_ARGUMENTS: Mapping[str, str] = {
    "code": _GOTO, "code-insiders": _GOTO, "codium": _GOTO, "cursor": _GOTO, "windsurf": _GOTO,
    "subl": _COLON, "zed": _COLON, "idea": _LINE, "pycharm": _LINE, "kate": _LINE, "mate": _LINE,
    "gedit": _PLUS, "gvim": _PLUS, "mvim": _PLUS, "emacsclient": f"-n {_PLUS}", "notepad++": "-n{line} {file}",
}  # fmt: skip
"""The arguments for editors that open a window. An editor in a terminal cannot be opened from a page."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")
_ADDRESSES: Mapping[str, str] = {"vscode": "vscode://file{file}:{line}"}
_WHERE = re.compile(r"([^\0]+?):(\d{1,9})(?::\d{1,9})?")


def editor_of(asked: str | None, usual: str | None) -> str | None:
    """Return how to open a line, with `{file}` and `{line}`: in the editor `asked`, or else in the usual one.

    Raise WrongUseError if it is not known how the editor `asked` opens a line.
    """
    if asked is None:
        return _pattern(usual) if usual else None
    if pattern := _pattern(asked):
        return pattern
    known = ", ".join((*_ADDRESSES, *_ARGUMENTS))
    way = "for another one write a command with {file} and {line}"
    raise WrongUseError(f"Aetia does not know how `{asked}` opens a file at a line. It knows {known}; {way}.")


def open_at(pattern: str, folder: Path, where: str) -> str | None:
    """Open `file:line` of a deck's folder. Return the address that the browser has to open, or an empty text.

    Return None if the place is not in the folder, or if the editor does not start.
    """
    found = _WHERE.fullmatch(where)
    file = folder / found[1] if found else folder
    if found is None or not is_inside(folder, file) or not file.is_file():
        return None
    path = file.resolve()
    if _ADDRESS.match(pattern):
        address = quote(f"/{path.as_posix()}".replace("//", "/", 1), safe="/:")
        return pattern.replace("{file}", address).replace("{line}", found[2])
    words = tuple(word.replace("{file}", str(path)).replace("{line}", found[2]) for word in shlex.split(pattern))
    try:
        subprocess.Popen(  # noqa: S603 - the author's own command, with a file of the deck
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None
    return ""


def _pattern(command: str) -> str | None:
    if "{file}" in command:
        return command
    if command in _ADDRESSES:
        return _ADDRESSES[command]
    try:
        name = Path(shlex.split(command)[0]).name
    except (ValueError, IndexError):
        return None
    arguments = _ARGUMENTS.get(name.removesuffix(".exe"))
    return f"{command} {arguments}" if arguments else None
