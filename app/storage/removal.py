"""Removes a workspace from a computer: the files that the program wrote, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.errors import Astray, Damaged
from app.paths import MOVED, default_workspace, trail
from app.storage import keyrings, protection
from app.storage.files import DATABASE, DRAFTS, HEADER
from app.storage.replacement import FOLDER, READY
from app.storage.workspace import DRAFT, check_alone

_DRAFTS = (f"{DRAFTS}*", f"{READY}*", f"{DRAFT}*")
_COPIES = ("commissions-*.sauvegarde", "remplace-*", *_DRAFTS)
_LIVED_IN = (*(f"{DATABASE}{log}" for log in ("-wal", "-shm", "-journal", "")), HEADER)


def remove(folder: Path, data_key: bytes | None) -> list[str]:
    """Removes a workspace's files and its key; gives the names of what its folder still holds.

    The files in the folders that it moved from go too, where the notes from the usual folder lead
    through them. On OSError and the driver's errors (another program may have it open) the
    workspace still opens, as its database and its header go last. This process must not have it
    open.
    """
    check_alone(folder, data_key)
    name = protection.read_header(folder).workspace
    for former in _formers(folder):
        if _is(former, name):
            _clear(former)
        (former / MOVED).unlink(missing_ok=True)
        _leave(former)
    _clear(folder)
    keyrings.forget_secret(name)
    _leave(folder)
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def _formers(folder: Path) -> list[Path]:
    """The folders whose notes lead from the usual folder to this one."""
    try:
        *passed, last = trail(default_workspace())
    except Astray:
        return []
    return passed if last.resolve() == folder.resolve() else []


def _is(folder: Path, name: str) -> bool:
    """Whether a folder still has the header of the workspace of this name."""
    try:
        return protection.read_header(folder).workspace == name
    except (Damaged, OSError):
        return False


def _clear(folder: Path) -> None:
    copies = folder / FOLDER
    for one in (*_found(copies, _COPIES), *_found(folder, _DRAFTS)):
        if one.name.startswith("remplace-"):
            _clear(one)
            _leave(one)
        elif one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()
    _leave(copies)
    for name in _LIVED_IN:
        (folder / name).unlink(missing_ok=True)


def _found(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    return (one for pattern in patterns for one in sorted(folder.glob(pattern)))


def _leave(folder: Path) -> None:
    """Removes a folder if it is empty."""
    with suppress(OSError):
        folder.rmdir()
