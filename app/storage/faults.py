"""Faults of the disk, of its system or of the file, each told in one French sentence."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import Damaged, StorageError
from app.storage import files
from app.storage.database import fault_of, is_damage

_MEANT = {
    errno.ENOSPC: "no space", errno.EDQUOT: "no space", errno.EROFS: "read-only",
    errno.EACCES: "permission", errno.EPERM: "permission", errno.EBUSY: "busy",
}  # fmt: skip
"""What the system means, whose own words are in the language of the user."""
_NOTHING = 1 << 20
"""Bytes below which a disk is full: SQLite then cannot even read, and only says that it failed."""


@contextmanager
def french_storage_errors(folder: Path, source: Path | None = None) -> Iterator[None]:
    """Translates what the driver and the system say into one French sentence.

    `source` is the workspace, where what is written to the folder is read from it.
    """
    try:
        yield
    except Exception as error:
        fault = _said(error) if isinstance(error, OSError) else fault_of(error)
        if fault is None:
            raise
        raise storage_error(fault, folder, source) from error


def _said(error: OSError) -> str:
    """What the system says, without the names of the files: they may hold any word of a fault."""
    said = f"{_MEANT.get(error.errno or 0, '')} {error}"
    for name in (error.filename, error.filename2):
        said = said.replace(repr(name), "")
    return said


def storage_error(fault: str, folder: Path, source: Path | None = None) -> StorageError:
    """The error for a fault of the disk or of the file, with its sentence."""
    if is_damage(fault):
        return Damaged(storage_sentence(fault, source or folder))
    return StorageError(storage_sentence(fault, folder))


def storage_sentence(fault: str, folder: Path) -> str:
    """What a fault of the disk or of the file means for the user."""
    lowered = fault.lower()
    if "full" in lowered or "no space" in lowered:
        return _full(folder)
    if any(words in lowered for words in ("locked", "busy", "winerror 32", "winerror 33")):
        return (
            f"L'espace de travail « {folder} » est ouvert dans une fenêtre ou un autre programme :"
            " fermez-le puis recommencez."
        )
    refused = any(words in lowered for words in ("readonly", "read-only", "permission"))
    if refused or (folder.is_dir() and not files.writable(folder)):
        return (
            f"Le dossier « {folder} » est en lecture seule :"
            " rendez-le modifiable ou choisissez-en un autre."
        )
    if is_damage(fault):
        return (
            f"L'espace de travail « {folder} » est endommagé ou n'en est pas un : lancez"
            " « commissions doctor --repair », ou restaurez une copie par"
            " « commissions restore »."
        )
    return _unread(fault, folder)


def _unread(fault: str, folder: Path) -> str:
    if "too large" in fault.lower():
        return files.too_large(folder)
    if is_full(folder):
        return _full(folder)
    return (
        f"Le dossier « {folder} » ne peut être lu ni écrit :"
        " vérifiez qu'il existe et que vous y avez accès."
    )


def _full(folder: Path) -> str:
    return (
        f"Le disque de « {folder} » est plein, rien n'a été modifié :"
        " libérez de la place puis recommencez."
    )


def is_full(folder: Path) -> bool:
    """Whether nothing more can be written on the disk of a folder."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free < _NOTHING
    return False
