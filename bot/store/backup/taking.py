"""Taking a backup, which others need not wait for."""

import asyncio
from pathlib import Path

from bot.errors import BackupError, StoreError
from bot.store.backup.files import dump, file_of, replace, scratch, verify, written


async def backup(url: str, path: Path, *, overwrite: bool = False) -> None:
    """Copy the database at `url`, as it is at one moment, to the file `path`; others may write meanwhile.

    The file is whole or not there, checked, and readable by its owner only. Raises BackupError.
    """
    source = file_of(url, "back it up with: pg_dump --format=custom --file=FILE")
    with written():
        await asyncio.to_thread(_back_up, source, path, overwrite=overwrite)


def _back_up(source: Path, path: Path, *, overwrite: bool) -> None:
    if not source.is_file():
        raise StoreError(f"there is no database {source} yet; nothing to back up")
    if path.exists() and path.samefile(source):
        raise BackupError(f"{path} is the database itself; choose another name")
    if path.exists() and not overwrite:
        raise BackupError(f"{path} is there already; choose another name, or overwrite it with --force")
    with scratch(path) as fresh:
        dump(source, fresh)
        verify(fresh, f"{source} is damaged; bring back an earlier backup: digestbot restore FILE")
        replace(fresh, path)
