"""The folders in which a machine keeps its fonts."""

import os
import sys
from pathlib import Path


def font_folders() -> tuple[Path, ...]:
    """Return the font folders of the user and of the system."""
    home, variables = Path.home(), os.environ
    if sys.platform == "win32":
        local = Path(variables.get("LOCALAPPDATA", home), "Microsoft/Windows/Fonts")
        return local, Path(variables.get("WINDIR", "C:/Windows"), "Fonts")
    if sys.platform == "darwin":
        return home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")
    data = variables.get("XDG_DATA_HOME") or str(home / ".local/share")
    shared = variables.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return home / ".fonts", *(Path(folder, "fonts") for folder in (data, *shared.split(":")))
