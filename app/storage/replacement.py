"""Replaces a workspace's database and header: both or neither, whatever happens.

The new files are prepared in a folder of their own; once that is renamed, the replacement counts as
decided: if a power cut interrupts it, the next opening completes it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.clock import now
from app.storage import files, protection
from app.storage.files import DATABASE
from app.storage.solitude import alone

FOLDER = "sauvegardes"
"""The folder, inside the workspace's, of copies and of files replaced."""

_LOGS = (f"{DATABASE}-wal", f"{DATABASE}-shm")
READY = ".remplacement-"


@contextmanager
def prepared(folder: Path) -> Iterator[Path]:
    """A new folder on the same disk for the new files, removed at the end if they were not `put`.

    The workspace's folder is removed too, if it had to be made and something failed.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    if made:
        folder.chmod(0o700)  # as that of a new workspace
    try:
        with tempfile.TemporaryDirectory(
            prefix=files.DRAFTS, dir=folder, ignore_cleanup_errors=True
        ) as work:
            yield Path(work)
    except BaseException:
        with suppress(OSError):
            for place in made:
                place.rmdir()
        raise


def put(folder: Path, work: Path) -> Path | None:
    """Puts the two files prepared in `work` in their place.

    Gives the folder where the former ones now are, None when there were none. An OSError (another
    program may have the workspace open) leaves everything as it was; this process must not have it
    open.
    """
    for name in (DATABASE, protection.HEADER):
        files.sync_file(work / name)
    files.sync_folder(work)
    ready = folder / f"{READY}{now():%Y-%m-%d-%H%M%S-%f}"
    with alone(folder / DATABASE):
        files.rename(work, ready)
        try:
            return _exchange(folder, ready)
        except OSError:
            shutil.rmtree(ready, ignore_errors=True)
            raise


def finish(folder: Path) -> None:
    """Completes the replacement that a power cut interrupted, if there is one."""
    for ready in sorted(folder.glob(f"{READY}*")):
        if (ready / DATABASE).exists():
            _exchange(folder, ready)
        else:
            shutil.rmtree(ready)


def _exchange(folder: Path, ready: Path) -> Path | None:
    """Moves the present files aside and the new ones in, the database last.

    So as long as a database is in `ready`, the replacement is not complete.
    """
    aside = folder / FOLDER / f"remplace-{ready.name.removeprefix(READY)}"
    moves = [(folder / name, aside / name) for name in _LOGS]
    for name in (protection.HEADER, DATABASE):
        if (ready / name).exists():
            moves += [(folder / name, aside / name), (ready / name, folder / name)]
    done = []
    try:
        for source, target in moves:
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                files.rename(source, target)
                done.append((source, target))
        files.sync_folder(folder)
    except OSError:
        for source, target in reversed(done):
            files.rename(target, source)
        raise
    shutil.rmtree(ready, ignore_errors=True)
    return aside if aside.exists() else None
