"""Keep what the bundled templates were compiled to, where Python keeps its own compiled modules."""

import atexit
import contextlib
import hashlib
import marshal
import sys
from functools import partial
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType

import jinja2

from generator.files import write_whole

Compiled = dict[tuple[str, str | None, str | None], tuple[CodeType, str | None]]
"""Compiled templates and the names of the templates that they extend, by source, name and file."""
_FILE = Path(cache_from_source(__file__, optimization="templates"))
_HASH = hashlib.sha256().digest_size


def read_compiled() -> Compiled:
    """Return the bundled templates that earlier processes compiled. What this process adds is written at its end."""
    kept: Compiled = {}
    try:
        content = _FILE.read_bytes()
        if content[:_HASH] == _hash(content[_HASH:]):
            kept = marshal.loads(content[_HASH:])  # noqa: S302  # trusted as Python trusts the folder's other files
    except OSError:
        pass
    if not sys.dont_write_bytecode:
        atexit.register(partial(_write_compiled, kept, len(kept)))
    return kept


def _write_compiled(compiled: Compiled, known: int) -> None:
    if len(compiled) == known:
        return
    content = marshal.dumps(compiled)
    with contextlib.suppress(OSError):  # this user may be unable to change the installation
        write_whole(_FILE, _hash(content) + content)


def _hash(content: bytes) -> bytes:
    """Return the hash of compiled templates and of what shapes them: Python, Jinja, the modules for cards and texts."""
    digest = hashlib.sha256(MAGIC_NUMBER + jinja2.__version__.encode())
    cards = Path(__file__).parent
    for module in sorted((*cards.glob("*.py"), *(cards.parent / "text").glob("*.py"))):
        state = module.stat()
        digest.update(f"{module.name} {state.st_mtime_ns} {state.st_size}\n".encode())
    digest.update(content)
    return digest.digest()
