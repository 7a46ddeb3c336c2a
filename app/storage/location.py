"""Judges where a workspace is, and moves it elsewhere as a whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from app.domain.locations import Hazard, is_share, network_type, synchronised_by
from app.errors import Astray, StorageError, UserError
from app.paths import MOVED, present
from app.storage.database import connect
from app.storage.files import DATABASE, rename, replacing, sync_file, sync_folder, write_new
from app.storage.solitude import take_alone

_MOUNTS = Path("/proc/self/mounts")
_REMOTE = 4  # DRIVE_REMOTE of GetDriveTypeW


def hazard(folder: Path) -> Hazard | None:
    """What makes a folder unfit for a workspace; None when nothing is known against it."""
    whole = folder.resolve()
    if network := _network(whole):
        return Hazard("network", network)
    program = synchronised_by(whole, os.environ, _names_above(whole))
    return Hazard("synchronised", program) if program else None


def sees_networks() -> bool:
    """Whether this system tells which folders are another computer's; macOS does not."""
    return sys.platform == "win32" or _MOUNTS.exists()


def _network(folder: Path) -> str | None:
    if sys.platform == "win32":
        import ctypes

        remote = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _REMOTE
        return folder.anchor if remote or is_share(str(folder)) else None
    if not sees_networks():
        return None
    return network_type(str(folder), _MOUNTS.read_text("utf-8", "surrogateescape"))


def _names_above(folder: Path) -> set[str]:
    """The names that begin with . or _ in the folder and those above it, where listable."""
    names: set[str] = set()
    for place in (folder, *folder.parents):
        try:
            names.update(one.name for one in place.iterdir() if one.name.startswith((".", "_")))
        except OSError:
            continue
    return names


def move(folder: Path, data_key: bytes | None, target: Path) -> None:
    """Moves a workspace, which this process must not have open; a failure leaves it as it was.

    While nobody else can write, a copy is made beside the target, compared with the original, and
    renamed to the target in one step. Only then a note in the old folder, whose files stay, points
    to it.
    """
    _check_target(folder, target)
    driver = connect(folder / DATABASE, data_key)
    try:
        take_alone(driver)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".deplacement-", dir=target.parent) as work:
            draft = Path(work) / "espace"
            draft.mkdir(mode=0o700)
            _copy_database(driver, data_key, draft / DATABASE)
            _copy_files(folder, draft)
            with _room(target):
                rename(draft, target)
                try:
                    sync_folder(target.parent)
                    point(folder, target)
                except BaseException:
                    (folder / MOVED).unlink(missing_ok=True)
                    shutil.rmtree(target)
                    raise
    finally:
        driver.close()


def clear(folder: Path) -> None:
    """Removes the old files of a workspace that moved; the note that tells its place stays."""
    for path in list(_files(folder)):
        path.unlink()
    for place in sorted((one for one in folder.rglob("*") if one.is_dir()), reverse=True):
        place.rmdir()


def _check_target(folder: Path, target: Path) -> None:
    if not target.is_absolute():
        raise UserError(f"« {target} » n'est pas un chemin complet : choisissez le dossier.")
    if target.resolve().is_relative_to(folder.resolve()):
        raise UserError(
            f"« {target} » est dans le dossier à déplacer : choisissez un autre endroit."
        )
    if target.exists() and not _is_free(target, folder):
        raise UserError(f"« {target} » n'est pas un dossier vide : choisissez-en un autre.")


def _is_free(target: Path, folder: Path) -> bool:
    """Whether a folder is empty, or holds only the note that this workspace moved away from it."""
    if not target.is_dir():
        return False
    names = {one.name for one in target.iterdir()}
    if names != {MOVED}:
        return not names
    try:
        return present(target).resolve() == folder.resolve()
    except Astray:
        return False


@contextmanager
def _room(target: Path) -> Iterator[None]:
    """Removes a free folder, to make room for its replacement; on a failure its note is back."""
    note = target / MOVED
    said = note.read_bytes() if note.exists() else None
    note.unlink(missing_ok=True)
    if target.exists():
        target.rmdir()
    try:
        yield
    except BaseException:
        if said is not None:
            target.mkdir(mode=0o700)
            write_new(note, said)
        raise


def _copy_database(driver: Any, data_key: bytes | None, copy: Path) -> None:
    """Copies through SQLite: opening and closing the locked file otherwise would drop the lock."""
    writer = connect(copy, data_key)
    try:
        driver.backup(writer)
        same = _content(driver) == _content(writer)
    finally:
        writer.close()
    _check_copy(DATABASE, same)
    sync_file(copy)


def _copy_files(folder: Path, draft: Path) -> None:
    for source in _files(folder):
        if source.parent == folder and source.name.startswith(DATABASE):
            continue
        copy = draft / source.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
        sync_file(copy)
        _check_copy(source.name, _sha256(source) == _sha256(copy))
    for place in (draft, *(one for one in draft.rglob("*") if one.is_dir())):
        sync_folder(place)


def _check_copy(name: str, same: bool) -> None:
    if not same:
        raise StorageError(
            f"La copie de « {name} » diffère de l'original, rien n'a été déplacé :"
            " vérifiez le disque choisi."
        )


def _content(driver: Any) -> bytes:
    """A digest of every row of every table, those of the search index included."""
    digest = hashlib.sha256()
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    for (name,) in sorted(driver.execute(tables).fetchall()):
        digest.update(name.encode())
        for row in driver.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - a name of the schema
            digest.update(repr(row).encode())
    return digest.digest()


def _files(folder: Path) -> Iterator[Path]:
    return (one for one in sorted(folder.rglob("*")) if one.is_file() and one.name != MOVED)


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def point(folder: Path, target: Path) -> None:
    """Writes in the old folder, in one step, the note of where the workspace is now."""
    with replacing(folder / MOVED) as note:
        note.write(msgspec.json.encode({"to": str(target.resolve())}))
