"""The copies made of a workspace before anything protected it: encrypted once it is."""

from __future__ import annotations

from pathlib import Path

from app.errors import AppError, StorageError
from app.storage import backup, files, protection
from app.storage.database import DriverError
from app.storage.protection import Protection
from app.storage.replacement import FOLDER
from app.storage.workspace import encrypt_anew


def protect_copies(folder: Path, lock: Protection) -> None:
    """Puts every clear copy that the workspace keeps under its new protection.

    StorageError names the first that stays clear; the workspace itself is protected all the same.
    """
    kept = folder / FOLDER
    for copy in (*sorted(kept.glob("*.sauvegarde")), *sorted(kept.glob("remplace-*"))):
        try:
            _protect_folder(copy, lock) if copy.is_dir() else _protect_file(copy, lock)
        except (AppError, DriverError, OSError) as error:
            raise StorageError(
                f"L'espace de travail est protégé, mais la copie « {copy} » ne l'est pas : libérez"
                " de la place ou supprimez-la, elle peut être lue par qui la trouve."
            ) from error


def _protect_file(file: Path, lock: Protection) -> None:
    with files.drafting(file) as draft:
        work = draft.with_name(f"{draft.name}.contenu")
        work.mkdir()
        backup.read_backup(file, work)
        if _protect_folder(work, lock):
            backup.pack(work, draft)
            files.take_place(draft, file)


def _protect_folder(work: Path, lock: Protection) -> bool:
    """Whether there was something to protect."""
    clear = protection.read_header(work).mode == "none"
    if clear:
        encrypt_anew(work, None, lock)
    return clear
