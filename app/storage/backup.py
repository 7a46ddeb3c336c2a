"""Consistent copies of a workspace, under the same protection, and back from them.

A backup is one file: a zip that holds the database as SQLite's backup API copied it and the
header. The database inside is encrypted as the workspace is.
"""

from __future__ import annotations

import tempfile
import zipfile
from datetime import date
from pathlib import Path

from app.clock import now
from app.errors import StorageError, UserError
from app.storage import files, protection
from app.storage.database import DriverError, connect
from app.storage.solitude import alone

DATABASE = "commissions.db"
FOLDER = "sauvegardes"
_MEMBERS = {DATABASE, protection.HEADER}


def write_backup(folder: Path, data_key: bytes | None, target: Path) -> None:
    """Copies the workspace to `target`, which is replaced in one step once the copy is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with files.drafting(target) as draft:
        copy = draft.with_name(DATABASE)
        _copy_database(folder / DATABASE, data_key, copy)
        files.make_private(draft)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, DATABASE)
            archive.write(folder / protection.HEADER, protection.HEADER)
        files.take_place(draft, target)


def _copy_database(source: Path, data_key: bytes | None, target: Path) -> None:
    reader = connect(source, data_key, read_only=True)
    writer = connect(target, data_key)
    try:
        reader.backup(writer)
        found = writer.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        writer.close()
        reader.close()
    if found != "ok":
        raise StorageError(
            "La copie de l'espace de travail est endommagée, elle n'a pas été gardée :"
            " lancez « commissions doctor »."
        )


def default_target(folder: Path, reason: str = "", day: date | None = None) -> Path:
    """Where a backup goes when no file is named."""
    stamp = (day or now().date()).isoformat() if reason else now().strftime("%Y-%m-%d-%H%M%S")
    return folder / FOLDER / f"commissions-{stamp}{'-' if reason else ''}{reason}.sauvegarde"


def copy_before(path: Path, data_key: bytes | None, reason: str) -> Path:
    """A backup made before something that rewrites the workspace."""
    target = default_target(path.parent, f"avant-{reason}")
    write_backup(path.parent, data_key, target)
    return target


def read_backup(file: Path, work: Path) -> None:
    """Unpacks a backup into an empty folder; UserError when the file is not one of ours."""
    foreign = UserError(
        f"« {file} » n'est pas une sauvegarde de ce programme, ou elle est endommagée :"
        " choisissez-en une autre."
    )
    try:
        with zipfile.ZipFile(file) as archive:
            if set(archive.namelist()) != _MEMBERS or len(archive.namelist()) != len(_MEMBERS):
                raise foreign
            for name in _MEMBERS:
                files.make_private(work / name)
                with archive.open(name) as member, (work / name).open("wb") as target:
                    while block := member.read(1 << 20):
                        target.write(block)
    except (zipfile.BadZipFile, EOFError, zipfile.LargeZipFile) as error:
        raise foreign from error


def check_database(path: Path, data_key: bytes | None) -> list[str]:
    """What SQLite's integrity check (and the cipher's) finds wrong; empty when all is well."""
    driver = connect(path, data_key, read_only=True)
    try:
        faults = [str(row[0]) for row in driver.execute("PRAGMA integrity_check")]
        if data_key is not None:
            faults += [str(row[0]) for row in driver.execute("PRAGMA cipher_integrity_check")]
    except DriverError as error:
        return [str(error)]
    finally:
        driver.close()
    return [fault for fault in faults if fault != "ok"]


def restore(folder: Path, file: Path, passphrase: str | None) -> Path | None:
    """Brings a workspace back from a backup; gives the copy made of what it replaces.

    The backup is unpacked and checked beside the workspace first, so that a failure leaves the
    workspace as it was.
    """
    if not file.is_file():
        raise UserError(f"La sauvegarde « {file} » n'existe pas : vérifiez son nom.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restauration-", dir=folder) as name:
        work = Path(name)
        read_backup(file, work)
        data_key = protection.unlock(work, passphrase)
        if check_database(work / DATABASE, data_key):
            raise UserError(
                f"La sauvegarde « {file} » est endommagée, rien n'a été modifié :"
                " choisissez-en une autre."
            )
        with alone(folder / DATABASE):
            former = _set_aside(folder)
            for member in (DATABASE, protection.HEADER):
                (work / member).replace(folder / member)
        files.sync_folder(folder)
    return former


def _set_aside(folder: Path) -> Path | None:
    """Moves the present workspace's files to a folder of their own."""
    present = [
        folder / name
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", protection.HEADER)
        if (folder / name).exists()
    ]
    if not present:
        return None
    aside = folder / FOLDER / f"remplace-{now():%Y-%m-%d-%H%M%S}"
    aside.mkdir(parents=True)
    for path in present:
        path.replace(aside / path.name)
    return aside
