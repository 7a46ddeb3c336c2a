"""Puts the copies of a workspace, made under a weaker protection, under its new and better one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.errors import AppError
from app.storage import backup, files, protection
from app.storage.database import DRIVER_ERRORS
from app.storage.files import DATABASE
from app.storage.protection import Protection
from app.storage.replacement import FOLDER
from app.storage.workspace import encrypt_anew


def protect_copies(folder: Path, lock: Protection) -> Sequence[Path]:
    """Puts every copy in the workspace's folder under its new protection, where that is better.

    Gives those that could not be: they are damaged, or there is no room.
    """
    kept, left = folder / FOLDER, []
    for copy in (*sorted(kept.glob("*.sauvegarde")), *sorted(kept.glob("remplace-*"))):
        try:
            if copy.is_dir():
                _protect_folder(copy, lock)
            else:
                _protect_file(copy, lock)
        except (AppError, *DRIVER_ERRORS, OSError):
            left.append(copy)
    return left


def _protect_file(file: Path, lock: Protection) -> None:
    header = backup.header_of(file)
    if header is not None and not _is_weaker(header.mode, lock):
        return
    with files.drafting(file) as draft:
        work = draft.with_name(f"{draft.name}.contenu")
        work.mkdir()
        backup.read_backup(file, work)
        if _protect_folder(work, lock):
            backup.pack(work, draft)
            files.take_place(draft, file)


def _protect_folder(work: Path, lock: Protection) -> bool:
    """Puts the unpacked files of a copy under the protection; False when nothing is changed."""
    mode = protection.read_header(work).mode
    if mode == "none":
        encrypt_anew(work, None, lock)
        return True
    if _is_weaker(mode, lock) and backup.opens(work / DATABASE, lock.data_key):
        protection.write_header(work, lock)
        return True
    return False


def _is_weaker(mode: str, lock: Protection) -> bool:
    return mode == "none" or (mode == "keyring" and lock.header.mode != "keyring")
