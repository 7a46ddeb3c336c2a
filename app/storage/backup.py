"""Makes consistent backups of a workspace, under the same protection, and restores them.

A backup is one zip file that holds the header, and the database as SQLite's backup API copied it,
encrypted as the workspace is.
"""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.clock import now
from app.domain.refusals import Refusal
from app.errors import AppError, Damaged, Locked, StorageError, UserError
from app.storage import files, migration, protection
from app.storage.database import DRIVER_ERRORS, connect, fault_of, is_closed, is_damage
from app.storage.files import DATABASE
from app.storage.replacement import FOLDER, prepared, put

_MEMBERS = {DATABASE, protection.HEADER}
_LARGEST_HEADER = 65_536  # bytes
_DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError,
    RuntimeError, ValueError, OverflowError, OSError,
)  # fmt: skip
"""What zipfile may raise on a damaged file."""


class Restored(NamedTuple):
    """What a restore did: where the replaced state went, the key, and the folder that it could not
    remove.
    """

    replaced: Path | None
    data_key: bytes | None
    left: Path | None


def write_backup(folder: Path, data_key: bytes | None, target: Path) -> None:
    """Copies the workspace to `target`, which is replaced in one step once the copy is whole."""
    target = files.place_of(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with files.drafting(target) as draft:
        work = draft.with_name(f"{draft.name}.contenu")
        work.mkdir()
        _copy_database(folder / DATABASE, data_key, work / DATABASE)
        shutil.copyfile(folder / protection.HEADER, work / protection.HEADER)
        pack(work, draft)
        files.stand_for(draft, target)


def pack(work: Path, draft: Path) -> None:
    """Writes a backup file from the database and the header in the folder `work`."""
    files.make_private(draft)
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (DATABASE, protection.HEADER):
            archive.write(work / name, name)


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
        raise Damaged(
            "La copie de l'espace de travail est endommagée, elle n'a pas été gardée :"
            " lancez « commissions doctor --repair »."
        ) from Refusal(
            "la copie de l'espace de travail est endommagée, elle n'a pas été gardée : dans les"
            " réglages, « Vérifier l'espace de travail » dit pourquoi."
        )


def default_target(folder: Path, reason: str = "", day: date | None = None) -> Path:
    """Where a backup goes when no file is named."""
    stamp = day.isoformat() if day else now().strftime("%Y-%m-%d-%H%M%S")
    return folder / FOLDER / f"commissions-{stamp}{'-' if reason else ''}{reason}.sauvegarde"


def copy_before(folder: Path, data_key: bytes | None, reason: str) -> Path:
    """Makes a backup before something that rewrites the workspace; gives its file."""
    target = default_target(folder, f"avant-{reason}")
    while target.exists():
        target = target.with_stem(f"{target.stem}-bis")
    write_backup(folder, data_key, target)
    return target


def read_backup(file: Path, work: Path) -> None:
    """Unpacks a backup into an empty folder; UserError when the file is not one of ours.

    StorageError, before anything is unpacked, when its announced size does not fit on the disk.
    """
    for name in _MEMBERS:
        files.make_private(work / name)
    for name, block in _blocks(file, shutil.disk_usage(work).free):
        with (work / name).open("ab") as target:
            target.write(block)


def _blocks(file: Path, room: int) -> Iterator[tuple[str, bytes]]:
    """The content of a backup, piece by piece, each with the name of its file.

    A member never gives more bytes than its announced size, so `room` is a true limit.
    """
    foreign = _foreign(file)
    try:
        with zipfile.ZipFile(file) as archive:
            if sorted(archive.namelist()) != sorted(_MEMBERS):
                raise foreign
            if archive.getinfo(protection.HEADER).file_size > _LARGEST_HEADER:
                raise foreign
            if archive.getinfo(DATABASE).file_size > room:
                raise StorageError(
                    f"La copie « {file} » ne tient pas sur le disque une fois ouverte, rien"
                    " n'a été modifié : libérez de la place puis recommencez."
                )
            for name in _MEMBERS:
                with archive.open(name) as member:
                    while block := member.read(1 << 20):
                        yield name, block
    except _DAMAGED as error:
        raise foreign from error


def _foreign(file: Path) -> UserError:
    """The error for a file that is no backup; it says what opens one named like an archive."""
    if file.suffix.lower() in (".json", ".zip"):
        return UserError(
            f"« {file} » n'est pas une copie : si c'est une archive, « commissions import » la"
            " reprend, sinon choisissez un autre fichier."
        )
    return UserError(
        f"« {file} » n'est pas une copie faite par ce programme, ou elle est endommagée :"
        " choisissez-en une autre."
    )


def header_of(file: Path) -> protection.Header | None:
    """The header of a backup; None when it cannot be read."""
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo(protection.HEADER).file_size > _LARGEST_HEADER:
                return None
            return msgspec.json.decode(archive.read(protection.HEADER), type=protection.Header)
    except (*_DAMAGED, KeyError):
        return None


def mode_of(file: Path) -> str:
    """The protection of a backup; "" when that cannot be read."""
    header = header_of(file)
    return header.mode if header else ""


def opens(path: Path, data_key: bytes | None) -> bool:
    """Whether a key opens a database (None: whether it is unencrypted)."""
    driver = connect(path, data_key, read_only=True, untouched=is_closed(path))
    try:
        driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DRIVER_ERRORS:
        return False
    finally:
        driver.close()
    return True


def check_database(path: Path, data_key: bytes | None) -> list[str]:
    """What SQLite's integrity check (and the cipher's) finds wrong; empty when all is well.

    The cipher's check reads the file alone, where a power cut may have left a torn page that the
    log holds whole; so it is made only when the log is empty.
    """
    log = path.with_name(f"{path.name}-wal")
    folded = not log.exists() or log.stat().st_size == 0
    driver = connect(path, data_key, read_only=True, untouched=is_closed(path))
    try:
        faults = [str(row[0]) for row in driver.execute("PRAGMA integrity_check")]
        if data_key is not None and folded:
            faults += [str(row[0]) for row in driver.execute("PRAGMA cipher_integrity_check")]
    except DRIVER_ERRORS as error:
        return [str(error)]
    finally:
        driver.close()
    return [fault for fault in faults if fault != "ok"]


def open_backup(
    file: Path,
    work: Path,
    passphrase: str | None,
    present_key: bytes | None,
    *,
    code: str | None,
) -> bytes | None:
    """Unpacks a backup into an empty folder, checks it, and gives its key.

    A recovery code, when given, is the only key tried. UserError when the backup is missing,
    foreign or damaged, Locked when it does not open.
    """
    if file.is_dir():
        raise UserError(f"« {file} » est un dossier : choisissez la copie qu'il contient.")
    if not file.is_file():
        raise UserError(
            f"La copie « {file} » n'existe pas : branchez le disque ou la clé USB, ou vérifiez son"
            " nom."
        )
    read_backup(file, work)
    try:
        if code is None:
            data_key = _key_of(work, passphrase, present_key)
        else:
            data_key = protection.unlock_with_code(work, code)
    except Damaged as error:  # the header is damaged
        raise _damaged(file) from error
    if check_database(work / DATABASE, data_key):
        raise _damaged(file)
    return data_key


def _damaged(file: Path) -> UserError:
    return UserError(
        f"La copie « {file} » est endommagée, rien n'a été modifié : choisissez-en une autre."
    )


def _bring_up_to_date(file: Path, database: Path, data_key: bytes | None) -> None:
    """Migrates an unpacked database; UserError when a newer program made it, or it is not whole."""
    try:
        if migration.is_newer(database, data_key):
            raise UserError(
                f"La copie « {file} » vient d'une version plus récente du programme : mettez"
                " le programme à jour, rien n'a été modifié."
            )
        migration.bring_up_to_date(database, data_key)
        whole = migration.is_whole(database, data_key)
    except Exception as error:
        if is_damage(fault_of(error) or ""):
            raise _damaged(file) from error
        raise
    if not whole:
        raise _damaged(file)


def _key_of(work: Path, passphrase: str | None, present_key: bytes | None) -> bytes | None:
    """The key of an unpacked backup: the present one if it fits, else the one of its own header."""
    protected = protection.read_header(work).mode != "none"
    if protected and present_key is not None and opens(work / DATABASE, present_key):
        return present_key
    try:
        return protection.unlock(work, passphrase)
    except Locked as locked:
        if locked.by == "recovery":
            missing = "La clé de cette copie n'est pas dans le trousseau de cet ordinateur"
            otherwise = ""
        elif passphrase is None:
            missing = "Cette copie est protégée par une phrase de passe"
            otherwise = "donnez-la avec --passphrase-file, ou "
        else:
            missing = "La phrase de passe n'est pas celle de cette copie"
            otherwise = "vérifiez-la, ou "
        raise Locked(
            f"{missing}, rien n'a été modifié : {otherwise}restaurez-la avec son code de secours"
            " par « commissions restore --code ».",
            locked.by,
        ) from locked.__cause__


def restore(
    folder: Path,
    file: Path,
    passphrase: str | None,
    present_key: bytes | None = None,
    *,
    code: str | None = None,
    protect_anew: Callable[[Path, bytes | None], bytes | None] | None = None,
) -> Restored:
    """Restores a workspace from a backup.

    Before anything changes, the backup is unpacked and checked beside the workspace, and the
    present state is copied as a backup (or, if unreadable, set aside as it is). `present_key` opens
    a backup made under it without its passphrase; the present header then stays. A recovery `code`
    opens one whose keyring is gone. `protect_anew(folder, key)` changes the protection of the
    unpacked files, and gives their new key. A folder of what was replaced that cannot be removed,
    though it was copied too, is told of in `left`.
    """
    with prepared(folder) as work:
        data_key = open_backup(file, work, passphrase, present_key, code=code)
        _bring_up_to_date(file, work / DATABASE, data_key)
        if present_key is not None and data_key == present_key:
            shutil.copyfile(folder / protection.HEADER, work / protection.HEADER)
        if protect_anew is not None:
            data_key = protect_anew(work, data_key)
        copy = _safety_copy(folder, passphrase, present_key)
        aside = put(folder, work)
    left = None
    if copy is not None and aside is not None:
        try:
            shutil.rmtree(aside)
        except OSError:
            left = aside
    return Restored(copy or aside, data_key, left)


def _safety_copy(folder: Path, passphrase: str | None, present_key: bytes | None) -> Path | None:
    """A backup of what a restore replaces; None when there is nothing, or it cannot be read."""
    if not (folder / DATABASE).is_file():
        return None
    try:
        key = present_key or protection.unlock(folder, passphrase)
        return copy_before(folder, key, "restauration")
    except (AppError, *DRIVER_ERRORS):
        return None
