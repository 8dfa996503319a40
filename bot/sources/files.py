"""Documents as files: which they are, what they are called, and their bytes."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.markdown import LARGEST
from bot.models import Problem

SUFFIXES = (".md", ".markdown")


def documents(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the documents among `paths`: files as they are, folders with all the Markdown below them, by name.

    What is hidden in a folder is none: a Mac and editors leave there what only looks like one, and a bin what was
    thrown away.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if _is_document(found, path))
        else:
            yield path


def _is_document(found: Path, folder: Path) -> bool:
    """Tell documents by their names; a link that leads nowhere is one, so that it is missed by somebody."""
    if found.suffix.lower() not in SUFFIXES:
        return False
    is_hidden = any(part.startswith(".") for part in found.relative_to(folder).parts)
    return not is_hidden and (found.is_file() or not found.exists())


def read(path: Path) -> bytes:
    """Return the document at `path`; of one that is too long only so much as shows that. Raises OSError."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def read_regular(path: Path) -> bytes:
    """Return what `read` does, of regular files alone: reading from a pipe might never end. Raises OSError."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return file.read(LARGEST + 1)


def origin_of(path: Path) -> str:
    """Return the name of a file as it is kept and shown; bytes in it that are no UTF-8 are written out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def unreadable(error: OSError) -> Problem:
    """Put a file that can't be read into words."""
    what = f"the file can't be read: {error.strerror or error}"
    return Problem(line=1, severity="error", what=what, mend="check that it is there and that you may read it")
