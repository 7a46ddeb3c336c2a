"""Writes files whole or not at all: a draft beside the file takes its place once it is durable."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.errors import UserError
from app.paths import is_there

DRAFTS = ".ecriture-"
"""How the names of the folders begin in which drafts are written."""

DATABASE = "commissions.db"
HEADER = "protection.json"
_CENTRAL = "central.sqlite"
_LIVED_IN = frozenset(
    {HEADER, *(f"{name}{log}" for name in (DATABASE, _CENTRAL) for log in ("", "-wal", "-shm"))}
)
"""The files that make up a workspace or a central, in its folder."""

_DAY = 86_400
_WAITS = (0.05, 0.1, 0.2, 0.4)
"""Seconds to wait between the tries of a renaming that is refused."""
_BUSY = "file is busy"


@contextmanager
def replacing(target: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """A stream whose content becomes the file `target` at the end, or not at all.

    `private` makes it readable by its owner alone. UserError when it cannot be written; a former
    file then stays as it was.
    """
    try:
        target = place_of(target)
        with drafting(target) as draft:
            if private:
                make_private(draft)
            with draft.open("wb") as stream:
                yield stream
            stand_for(draft, target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(
                f"Le disque de « {target} » est plein, rien n'a été écrit :"
                " libérez de la place puis recommencez."
            ) from error
        if error.errno == errno.EFBIG:
            raise UserError(too_large(target)) from error
        raise UserError(
            f"Le fichier « {target} » ne peut être écrit : vérifiez que le dossier existe et que"
            " vous pouvez y écrire."
        ) from error


def too_large(place: Path) -> str:
    """The sentence for a disk that takes no file as large as the one to write there."""
    return (
        f"Le disque de « {place} » n'accepte pas un fichier aussi grand, rien n'a été écrit :"
        " une clé USB en FAT32 s'arrête à 4 Go, choisissez un autre disque."
    )


def place_of(target: Path) -> Path:
    """The path to write for a file named by the user, with a symbolic link followed.

    UserError when it is no regular file, or one that a workspace or a central is made of.
    """
    if target.exists() and not target.is_file():
        raise UserError(
            f"« {target} » n'est pas un fichier : donnez le nom d'un fichier, à créer ou à"
            " remplacer."
        )
    place = Path(os.path.realpath(target)) if target.is_symlink() else target
    here = any((place.parent / name).exists() for name in (HEADER, _CENTRAL))
    if here and place.name.casefold() in _LIVED_IN:
        raise UserError(
            f"« {target} » est un fichier d'un espace de travail ou d'un central, rien n'a été"
            " écrit : donnez un autre nom."
        )
    return place


@contextmanager
def drafting(target: Path) -> Iterator[Path]:
    """The path of a draft of `target`, in a folder beside it that is removed at the end."""
    with tempfile.TemporaryDirectory(
        prefix=DRAFTS, dir=target.parent, ignore_cleanup_errors=True
    ) as work:
        yield Path(work) / target.name


def forget_drafts(folder: Path) -> None:
    """Removes the drafts that a killed program left, once they are a day old."""
    for draft in folder.glob(f"{DRAFTS}*"):
        if time.time() - draft.stat().st_mtime > _DAY:
            shutil.rmtree(draft, ignore_errors=True)


def make_private(path: Path) -> None:
    """Makes or empties a file; a new one is for its owner alone, whatever the umask."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))


def write_new(path: Path, content: bytes) -> None:
    """Writes a new file, for its owner alone; on OSError (it may exist already) none is left."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError:
        path.unlink()
        raise


def stand_for(draft: Path, target: Path) -> None:
    """As `take_place`, for a file of the user's; UserError when it may not be replaced."""
    try:
        take_place(draft, target)
    except PermissionError as error:
        if error.strerror != _BUSY:
            raise UserError(
                f"« {target} » est verrouillé ou appartient à un autre compte, rien n'a été écrit :"
                " demandez le droit de le remplacer, ou donnez un autre nom."
            ) from error
        raise UserError(
            f"« {target} » est ouvert dans un autre programme, rien n'a été écrit : fermez-le puis"
            " recommencez, ou donnez un autre nom."
        ) from error


def rename(source: Path, target: Path) -> None:
    """Renames a file or a folder; PermissionError (« file is busy ») while a program holds it.

    Windows refuses while any program has it open; an antivirus soon lets go, so a few tries are
    made. Elsewhere a refusal is about rights, which no waiting gives.
    """
    for wait in (*_WAITS, None):
        try:
            source.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) is None:
                raise
            if wait is None:
                names = str(source), None, str(target)
                raise PermissionError(error.errno, _BUSY, *names) from error
            time.sleep(wait)
        else:
            return


def take_place(draft: Path, target: Path) -> None:
    """Gives a draft the name `target`, durably; on OSError the former file, if any, is put back."""
    sync_file(draft)
    former = draft.with_name(f"{draft.name}.avant")
    existed = target.exists()
    with suppress(OSError):  # no target, or a file system without hard links: nothing to put back
        os.link(target, former)
    rename(draft, target)
    try:
        sync_folder(target.parent)
    except OSError:
        if former.exists():
            former.replace(target)
        elif not existed:
            target.unlink()
        raise
    with suppress(OSError):  # the new file is in place, which is what was asked
        former.unlink(missing_ok=True)


def writable(folder: Path) -> bool:
    """Whether this process may make files in a folder that exists."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def sync_file(path: Path) -> None:
    """Makes a file's content durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes a rename in the folder durable, where the platform can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def content(source: Path, most: int) -> bytes:
    """A file's bytes; UserError when it cannot be read or holds more than `most`."""
    try:
        with source.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise _unread(source) from error
    if len(data) > most:
        raise UserError(
            f"Le fichier « {source} » dépasse {most >> 20} Mo : coupez-le en plusieurs."
        )
    return data


@contextmanager
def opened(source: Path) -> Iterator[IO[bytes]]:
    """A file opened for reading; UserError when it cannot be read."""
    try:
        with source.open("rb") as stream:
            yield stream
    except OSError as error:
        raise _unread(source) from error


def _unread(source: Path) -> UserError:
    """The error for a file that cannot be read."""
    if is_there(source) and source.is_dir():
        return UserError(f"« {source} » est un dossier : choisissez les fichiers qu'il contient.")
    return UserError(
        f"Le fichier « {source} » ne peut être lu :"
        " vérifiez son nom, et qu'aucun autre programme ne le retient."
    )
