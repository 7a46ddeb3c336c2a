"""The health of a workspace, and the repair of a damaged database, with what is lost by name."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection

from app import __version__
from app.clock import now
from app.domain import clock_doubts
from app.domain.wording import count, size
from app.errors import Damaged, StorageError, SyncError, UserError
from app.services import losses
from app.services.losses import Lost, copy_words
from app.services.neighbours import Neighbours
from app.storage import (
    health,
    keyrings,
    location,
    migration,
    protection,
    repair,
    replacement,
    workspace,
)
from app.storage.database import is_damage
from app.storage.faults import french_storage_errors, is_full, storage_error
from app.storage.files import DATABASE
from app.storage.repair import Rebuilt, Unlock
from app.storage.unit_of_work import Author, UnitOfWork
from app.storage.workspace import Workspace
from app.sync import files
from app.sync import link as ties

if TYPE_CHECKING:
    from app.services.sync import Sync

_LITTLE_SPACE = 200 * 1024 * 1024
_ALONE = "L'espace de travail n'est rattaché à aucun central."


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    check: str
    ok: bool
    sentence: str


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """What a repair did: where the damaged files are now, the copy it drew on, what is lost.

    `unread` is true when nothing of the damaged database could be read: the copy gave everything.
    """

    aside: Path | None
    copy: Path | None
    lost: Sequence[Lost]
    unread: bool

    @property
    def sentence(self) -> str:
        """What was done, in one sentence."""
        drawn = [] if self.unread else ["de ce qui s'y lisait encore"]
        drawn += [f"de {copy_words(self.copy)}"] if self.copy else []
        kept = f" ; les fichiers endommagés sont gardés dans « {self.aside} »" if self.aside else ""
        return f"La base est reconstruite à partir {' et '.join(drawn)}{kept}."


def examine(folder: Path, data_key: bytes | None, *, opened: bool = True) -> list[Finding]:
    """Looks at all that can be looked at without the central; changes nothing.

    `opened` tells that this process has the workspace open.
    """
    faults = health.faults(folder / DATABASE, data_key, opened=opened)
    if is_full(folder) and faults and not any(map(is_damage, faults)):
        raise storage_error(faults[0], folder)  # it could not be read: nothing tells it is damaged
    return [
        _database(len(faults)),
        _disk(folder),
        _place(folder),
        _keyring(folder),
        _versions(migration.HEAD if faults else migration.version(folder / DATABASE, data_key)),
    ]


def doctor(
    folder: Path, passphrase: str | None, elsewhere: Path | None = None
) -> tuple[list[Finding], list[Lost]]:
    """The findings, the central being called too, and what a repair would lose; changes no record.

    A fault that keeps the workspace from opening is a finding too, except a missing passphrase or
    key. `elsewhere` as for `mend`.
    """
    _check_there(elsewhere)
    with french_storage_errors(folder):
        try:
            workspace.check_present(folder)
            data_key = protection.unlock(folder, passphrase)
            with french_storage_errors(folder):
                findings = examine(folder, data_key, opened=False)
                sound = findings[0].ok
                ours = sound and migration.version(folder / DATABASE, data_key) == migration.HEAD
        except StorageError as error:
            findings, ours = [_unopened(error)], False
    if findings[0].ok:
        return [*findings, *(_central(folder, data_key) if ours else [])], []
    try:
        return findings, losable(folder, passphrase, elsewhere=elsewhere)
    except Damaged as error:
        return [_unopened(error), *findings[1:]], []


def losable(
    folder: Path,
    passphrase: str | None,
    known: bytes | None = None,
    elsewhere: Path | None = None,
) -> list[Lost]:
    """What a repair would lose; nothing changes. The arguments are those of `mend`."""
    _check_there(elsewhere)
    unlock = _unlocking(passphrase, known)
    with french_storage_errors(folder), repair.examined(folder, unlock, elsewhere) as patient:
        return losses.told(patient.told(), patient.found)


def mend(
    folder: Path,
    passphrase: str | None,
    known: bytes | None = None,
    elsewhere: Path | None = None,
) -> Repair | None:
    """Repairs a damaged workspace that nobody has open; None when there is nothing to repair.

    `known` is the key, where it was open; `elsewhere` a folder of copies to look into besides, as
    on a stick, or one copy. StorageError or Locked when it cannot be done, UserError when it is a
    newer program's, everything then staying as it was.
    """
    _check_there(elsewhere)
    unlock = _unlocking(passphrase, known)
    with french_storage_errors(folder):
        replacement.finish(folder)
        if _is_well(folder, unlock):
            return None
        with repair.examined(folder, unlock, elsewhere) as patient:
            done = patient.rebuild(_tie_again)
            lost = losses.told(done, patient.found)
    return Repair(aside=done.aside, copy=done.copy, lost=lost, unread=done.unread)


def _check_there(elsewhere: Path | None) -> None:
    if elsewhere is not None and not elsewhere.exists():
        raise UserError(
            f"« {elsewhere} » n'existe pas : branchez le disque ou la clé USB, ou vérifiez le nom."
        )


def _unlocking(passphrase: str | None, known: bytes | None) -> Unlock:
    def unlock(folder: Path) -> bytes | None:
        if known is None:
            return protection.unlock(folder, passphrase)
        protection.read_header(folder)
        return known

    return unlock


def _is_well(folder: Path, unlock: Unlock) -> bool:
    try:
        workspace.check_present(folder)
        data_key = unlock(folder)
    except StorageError:
        return False
    return not health.faults(folder / DATABASE, data_key, opened=False)


def _tie_again(connection: Connection, rebuilt: Rebuilt) -> None:
    """Makes the next sync ask for the files that are gone and, if need be, compare everything."""
    unit = UnitOfWork(connection, now, Author("", ""), "", undoable=False)
    link = ties.load(unit)
    if link is None:
        return
    files.ask_again(unit, rebuilt.lost_files)
    if rebuilt.to_compare:
        ties.save(unit, msgspec.structs.replace(link, comparing=True))


def _unopened(error: StorageError) -> Finding:
    return Finding(check="integrity", ok=False, sentence=error.sentence)


def _database(faults: int) -> Finding:
    if faults:
        sentence = (
            f"La base est endommagée ({count(faults, 'défaut')}) :"
            " « commissions doctor --repair » la reconstruit en gardant les fichiers d'à présent."
        )
        return Finding(check="integrity", ok=False, sentence=sentence)
    return Finding(check="integrity", ok=True, sentence="La base est intacte.")


def _versions(found: str) -> Finding:
    """The program's version, and whether it knows the schema of the workspace."""
    from sqlcipher3 import dbapi2

    ours = f"{__version__}, schéma {migration.HEAD}"
    if found not in migration.KNOWN:
        sentence = (
            f"L'espace de travail, du schéma {found}, vient d'une version plus récente du programme"
            f" que celle-ci ({ours}) : mettez le programme à jour."
        )
        return Finding(check="versions", ok=False, sentence=sentence)
    former = f" ; l'espace de travail, du schéma {found}, sera mis à jour à son ouverture"
    sentence = (
        f"Programme {ours}, SQLite {dbapi2.sqlite_version}{former * (found != migration.HEAD)}."
    )
    return Finding(check="versions", ok=True, sentence=sentence)


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    if free < _LITTLE_SPACE:
        sentence = f"Il ne reste que {size(free)} sur le disque : libérez de la place."
        return Finding(check="disk", ok=False, sentence=sentence)
    return Finding(check="disk", ok=True, sentence=f"Il reste {size(free)} sur le disque.")


def _place(folder: Path) -> Finding:
    if found := location.hazard(folder):
        return Finding(check="place", ok=False, sentence=found.sentence)
    sentence = "L'espace de travail n'est ni sur le réseau ni dans un dossier synchronisé."
    if not location.sees_networks():
        sentence = (
            "L'espace de travail n'est pas dans un dossier synchronisé ; s'il est sur le réseau,"
            " cet ordinateur ne le dit pas : gardez-le sur son disque."
        )
    return Finding(check="place", ok=True, sentence=sentence)


def _keyring(folder: Path) -> Finding:
    mode = protection.read_header(folder).mode
    if mode == "none":
        sentence = "L'espace de travail n'est pas protégé : les réglages le protègent."
        return Finding(check="keyring", ok=True, sentence=sentence)
    usable = keyrings.usable()
    if usable or mode == "passphrase":
        word = "répond" if usable else "n'est pas disponible, la phrase de passe suffit"
        return Finding(check="keyring", ok=True, sentence=f"Le trousseau du système {word}.")
    sentence = "Le trousseau du système ne répond pas : gardez le code de secours à portée."
    return Finding(check="keyring", ok=False, sentence=sentence)


def _central(folder: Path, data_key: bytes | None) -> list[Finding]:
    """Whether the central answers, and what it and the last change say of the clock."""
    from app.services.sync import Sync

    space = workspace.Workspace(folder, None, now, data_key)
    sync = Sync(space)
    try:
        return [_answer(sync), _clock(space, sync.clock_doubt())]
    except StorageError as error:
        return [Finding(check="central", ok=False, sentence=error.sentence)]
    finally:
        sync.close()
        space.close()


def _answer(sync: Sync) -> Finding:
    try:
        url = sync.call()
    except SyncError as error:
        return Finding(check="central", ok=False, sentence=error.sentence)
    sentence = f"Le central « {url} » répond." if url else _ALONE
    return Finding(check="central", ok=True, sentence=sentence)


def _clock(space: Workspace, doubt: str) -> Finding:
    doubt = doubt or clock_doubts.against_written(space.clock(), Neighbours(space).last_at())
    said = doubt or "Rien ne contredit l'horloge de cet ordinateur."
    return Finding(check="clock", ok=not doubt, sentence=said)
