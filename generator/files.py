"""Write files as a whole or not at all, let one process write at a time, and tell whether a file is in a folder."""

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
"""Seconds between two attempts to get a file that another process holds."""


def is_inside(folder: Path, file: Path) -> bool:
    """Return whether a file is in a folder after all links are followed."""
    try:
        if file.parent == folder and not file.is_symlink():  # most files; following links takes longer than reading
            return True
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def read_plain(file: Path, most: int) -> bytes:
    """Return the content of a regular file of at most `most` bytes. Raise OSError, with its name, for any other."""
    if not file.is_file() and file.exists():
        raise OSError(errno.EINVAL, "this is not a file", str(file))
    if file.stat().st_size > most:
        raise OSError(errno.EFBIG, f"this file is larger than {most // 2**20} MB", str(file))
    return file.read_bytes()


def write_whole(file: Path, content: bytes) -> None:
    """Replace a file in one step, so that even after a crash it has the old content or the new, never a part.

    Delete what a killed writer of the same file left. If the disk is full or the folder cannot be written, raise
    OSError, which names the file, and leave the old content.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _clear_parts(file)
        _write(file, content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error


@contextlib.contextmanager
def hold(file: Path, patience: float = 10) -> Iterator[None]:
    """Make other processes that hold the same file wait. The system releases it when this process ends, in any way.

    Raise TimeoutError if another process still holds it after `patience` seconds.
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
    """Return a file name as a pattern that matches only this name."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a loss of power, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _usual_mode(file: Path) -> int:
    """Return the mode of the file that is replaced, or the usual mode of a new file."""
    if file.exists():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


if sys.platform == "win32":

    def _try_hold(handle: int) -> bool:
        """Hold an open file until it is closed, by a byte far past its end. Return False if another process has it."""
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
        """Hold an open file until it is closed. Return False if another process holds it.

        Where the file system cannot hold files, as on some network shares, every process succeeds.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True
