"""Faults of the disk, the system or the file, each told in one French sentence."""

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
"""The meaning of system errors, in our words: the system's own are in the user's language."""
_NOTHING = 1 << 20
"""Free bytes below which a disk is full: SQLite then cannot even read, and gives no reason."""


@contextmanager
def french_storage_errors(folder: Path, source: Path | None = None) -> Iterator[None]:
    """Translates errors of the driver and the system into a StorageError with a French sentence.

    `source` is the workspace read from, when `folder` is only where something is written.
    """
    try:
        yield
    except Exception as error:
        fault = _said(error) if isinstance(error, OSError) else fault_of(error)
        if fault is None:
            raise
        raise storage_error(fault, folder, source) from error


def _said(error: OSError) -> str:
    """The system's message without the file names, which could contain the words looked for."""
    said = f"{_MEANT.get(error.errno or 0, '')} {error}"
    for name in (error.filename, error.filename2):
        said = said.replace(repr(name), "")
    return said


def storage_error(fault: str, folder: Path, source: Path | None = None) -> StorageError:
    """The error, with its sentence, for the message of a fault of the disk or of the file."""
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
