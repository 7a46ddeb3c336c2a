"""Puts another database and header in a workspace's place: both or neither, whatever happens.

What comes is prepared whole in a folder beside; the renaming of that folder is the moment from
which it counts. A power cut after it is ended by the next opening.
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
"""The folder, inside the workspace, of copies and of what was replaced."""

_LOGS = (f"{DATABASE}-wal", f"{DATABASE}-shm")
READY = ".remplacement-"


@contextmanager
def prepared(folder: Path) -> Iterator[Path]:
    """A new folder on the same disk, for what is to come; gone at the end if it was not put.

    The workspace's folder goes too when it had to be made and nothing came.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
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

    Gives the folder where the former ones now are, None when there were none. An OSError, as when
    another program has the workspace open, leaves everything as it was; this one must not have it.
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
    """Ends the exchange that a power cut interrupted, if there is one."""
    for ready in sorted(folder.glob(f"{READY}*")):
        if (ready / DATABASE).exists():
            _exchange(folder, ready)
        else:
            shutil.rmtree(ready)


def _exchange(folder: Path, ready: Path) -> Path | None:
    """Moves the present files aside and the new ones in, the database last.

    As long as it is still in `ready`, what stands in its place is the former one.
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
