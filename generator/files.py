"""Writing whole files or nothing, one writer at a time, and whether a file stands in a folder."""

import contextlib
import errno
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PART = ".part"
_PAUSE = 0.1
"""Seconds between two looks at what another process holds."""


def is_inside(folder: Path, file: Path) -> bool:
    """Whether a file, with all links followed, stands in a folder."""
    try:
        if file.parent == folder and not file.is_symlink():  # most are; following links takes longer than reading
            return True
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def read_plain(file: Path, most: int) -> bytes:
    """Return the content of a plain file of at most so many bytes. Raises OSError, naming it, for any other."""
    if not file.is_file() and file.exists():
        raise OSError(errno.EINVAL, "this is not a file", str(file))
    if file.stat().st_size > most:
        raise OSError(errno.EFBIG, f"this file is larger than {most // 2**20} MB", str(file))
    return file.read_bytes()


def write_whole(file: Path, content: bytes) -> None:
    """Replace a file in one step: a reader, or a machine that stops, sees the old content or the new, never a part.

    What a killed writer of the same file left is cleared away. Raises OSError, naming the file and with the old content
    untouched, if the disk is full or the folder cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _clear_parts(file)
        _write(file, content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error


@contextlib.contextmanager
def hold(file: Path, patience: float = 10) -> Iterator[None]:
    """Keep other processes that hold the same file waiting; the system lets go when this one ends, however it ends.

    Raises TimeoutError if another has not let go after `patience` seconds.
    """
    with file.open("rb") as stream:
        for _ in range(max(1, round(patience / _PAUSE))):
            if _try_hold(stream.fileno()):
                break
            time.sleep(_PAUSE)
        else:
            raise TimeoutError(None, f"another build of this deck is still running after {patience:g} seconds", file)
        yield


def _write(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=_PART, dir=file.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            _try_hold(stream.fileno())
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_usual_mode(file))
        temporary.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(file.parent)


def _clear_parts(file: Path) -> None:
    """Delete what earlier writers of a file left, unless they still hold it."""
    for part in file.parent.glob(f".{_literal(file.name)}.*{_PART}"):
        with contextlib.suppress(OSError):
            with part.open("rb") as stream:
                free = _try_hold(stream.fileno())
            if free:
                part.unlink()


def _literal(name: str) -> str:
    """A file name as a pattern that matches only itself."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a loss of power, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _usual_mode(file: Path) -> int:
    """The mode of the file that is replaced, or the one that a new file usually gets."""
    if file.exists():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


if sys.platform == "win32":

    def _try_hold(handle: int) -> bool:
        """Hold an open file until it is closed, by a byte far behind its end; False if another process holds it."""
        os.lseek(handle, 1 << 40, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:

    def _try_hold(handle: int) -> bool:
        """Hold an open file until it is closed; False if another process holds it.

        Where the file system cannot say, as on some network shares, nobody is held.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True
