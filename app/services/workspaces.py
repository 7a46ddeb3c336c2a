"""Making workspaces, protecting them, saving and restoring them."""

from __future__ import annotations

import csv
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from app.clock import new_id, now
from app.domain.wording import agree, count, listed
from app.errors import AppError, Damaged, UserError
from app.paths import resources
from app.storage import backup, keyrings, location, protection, workspace
from app.storage.copies import protect_copies
from app.storage.faults import french_storage_errors
from app.storage.protection import Protection
from app.storage.workspace import Workspace

if TYPE_CHECKING:
    from app.documents.document import Document, Letterhead

Lock = Protection
"""A protection that was chosen, with its recovery code to show; for whoever makes workspaces."""

CHANGED = (
    "La protection de l'espace de travail est changée. Les copies déjà faites ailleurs, sur une clé"
    " USB par exemple, s'ouvrent toujours comme avant : supprimez-les si vous ne le voulez plus."
)
"""What is told of a change of protection."""

UNCHANGED = "L'espace de travail a déjà cette protection : rien n'a changé."
"""What is told of a protection asked for that was there already."""

RENEWED = (
    "Le code de secours est changé. L'ancien ouvre encore les copies déjà faites, ici et ailleurs :"
    " gardez sa fiche sous clé tant qu'elles existent."
)
"""What is told of a new recovery code."""

_UNTIED = (
    "Ni trousseau de clés ni phrase de passe : le rattachement au central n'est plus gardé,"
    " demandez un nouveau code au GIP."
)


class Changed(NamedTuple):
    """A change of protection: what it is now, a new recovery code if any, what it cost, and what to
    tell of it.
    """

    mode: str
    code: str | None
    warning: str
    told: str = CHANGED


class Restored(NamedTuple):
    """A restored backup: the protection chosen for it (None: it keeps its own), where the workspace
    replaced was set aside, and what it cost.
    """

    mode: str | None
    replaced: Path | None
    warning: str


Show = Callable[[str], object]
"""Hands a recovery code over to the user, before anything is written."""


def _to_the_caller(code: str) -> None:
    """Shows nothing: the caller reads the code in the value given back."""


def departments() -> dict[str, str]:
    """The region's departments: their names by code."""
    path = resources() / "territory" / "departements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["nom"] for row in csv.DictReader(file)}


def check_departments(codes: Sequence[str]) -> None:
    """UserError when a code is not one of the region's departments."""
    known = departments()
    for code in codes:
        if code not in known:
            raise UserError(
                f"« {code} » n'est pas un département de la région : choisissez parmi"
                f" {', '.join(known)}."
            )


def choose(mode: str, passphrase: str | None, name: str) -> Protection:
    """Prepares the protection of a new workspace."""
    return protection.choose(_mode(mode), passphrase, workspace=name)


def check_protection(mode: str, passphrase: str | None) -> None:
    """UserError when nothing can be protected so on this computer."""
    forget(choose(mode, passphrase, new_id()))


def check_free(folder: Path) -> None:
    """UserError when a new workspace cannot be made in this folder."""
    workspace.check_free(folder)


def recovery_sheet(code: str, name: str, folder: Path, letterhead: Letterhead | None) -> Document:
    """The code on paper, made in memory; `name` is what the user calls the workspace."""
    from app.documents.document import Letterhead
    from app.documents.recovery_sheet import recovery_sheet as sheet

    return sheet(code, name, f"{socket.gethostname()}, {folder}", letterhead or Letterhead(), now())


def create(folder: Path, lock: Protection) -> Workspace:
    """Makes the workspace that `choose` prepared, once its recovery code has been handed over."""
    return workspace.create(folder, lock)


def forget(lock: Protection) -> None:
    """Takes back what `choose` put in the keyring for a workspace that was not made."""
    if lock.new_entry:
        keyrings.forget_secret(lock.header.workspace)


def protect(
    folder: Path,
    mode: str,
    passphrase: str | None,
    new_passphrase: str | None,
    show: Show = _to_the_caller,
) -> Changed:
    """Changes the protection.

    `show` hands a new code over; when it raises, nothing changes.
    """
    workspace.check_present(folder)
    with french_storage_errors(folder):
        data_key = protection.unlock(folder, passphrase)
        present = protection.read_header(folder)
        if mode != "passphrase" and mode == present.mode:
            left = apply(folder, data_key, Protection(present, data_key))  # copies to protect too
            return Changed(mode, None, left, UNCHANGED)
        return _change(folder, data_key, mode, new_passphrase, show)


def unlock(
    folder: Path,
    code: str,
    mode: str | None,
    new_passphrase: str | None,
    show: Show = _to_the_caller,
) -> Changed:
    """Opens by the recovery code and protects anew."""
    workspace.check_present(folder)
    with french_storage_errors(folder):
        data_key = protection.unlock_with_code(folder, code)
        then = mode or protection.read_header(folder).mode
        return _change(folder, data_key, then, new_passphrase, show)


def _change(
    folder: Path, data_key: bytes | None, mode: str, passphrase: str | None, show: Show
) -> Changed:
    lock = prepare(folder, data_key, mode, passphrase)
    try:
        if lock.recovery_code is not None:
            show(lock.recovery_code)
        warning = apply(folder, data_key, lock)
    except BaseException:
        give_up(folder, lock)
        raise
    return Changed(mode, lock.recovery_code, warning)


def prepare(folder: Path, data_key: bytes | None, mode: str, passphrase: str | None) -> Protection:
    """The next protection of a workspace, with a recovery code to show when it takes a new one.

    Writes nothing but the keyring's entry. StorageError while another program has it open and the
    database must be rewritten; nothing of this process may have it open either.
    """
    former = protection.read_header(folder)
    if mode == "none" or data_key is None:
        workspace.check_alone(folder, data_key)
    lock = protection.choose(
        _mode(mode),
        passphrase,
        workspace=former.workspace,
        data_key=data_key,
        option="--new-passphrase-file",
    )
    if lock.data_key is None or former.recovery is None:
        return lock
    header = msgspec.structs.replace(lock.header, recovery=former.recovery)
    return Protection(header, lock.data_key, new_entry=lock.new_entry)


def renew_code(folder: Path, data_key: bytes | None) -> Protection:
    """The present protection with another recovery code; written by `apply`."""
    if data_key is None:
        raise UserError(protection.UNPROTECTED)
    return protection.renewed(protection.read_header(folder), data_key)


def apply(folder: Path, data_key: bytes | None, lock: Protection) -> str:
    """Writes a prepared protection: wraps the data key anew, or encrypts under another.

    The copies that are clear are encrypted too, and those that the keyring opens come under a
    passphrase. The keyring's key stays: a copy in another folder of this computer may open by it.

    Gives what to tell where the token of the central has no place any more, or copies could not
    follow, "" otherwise. No connection may be open on the workspace.
    """
    warning, change = "", (protection.read_header(folder).mode, lock.header.mode)
    if data_key is not None and (lock.data_key is None or change == ("passphrase", "keyring")):
        from app.sync.credentials import take_out

        moved = take_out(folder, data_key)
        warning = "" if moved or lock.data_key is not None else _UNTIED
    if lock.data_key == data_key:
        protection.write_header(folder, lock)
    else:
        workspace.encrypt_anew(folder, data_key, lock)
    left = () if lock.data_key is None else protect_copies(folder, lock)
    return f"{warning} {_unprotected(left)}".strip()


def _unprotected(copies: Sequence[Path]) -> str:
    if not copies:
        return ""
    number, names = len(copies), listed([f"« {copy} »" for copy in copies])
    bare = count(number, "copie n'est pas protégée", "copies ne sont pas protégées")
    them = agree(number, "la", "les")
    return (
        f"{bare} ainsi, d'autres peuvent {them} lire : {names}. Supprimez-{them}, ou libérez de la"
        " place, puis protégez de nouveau."
    )


def give_up(folder: Path, lock: Protection) -> None:
    """Takes back what `prepare` put in the keyring for a protection that was not written."""
    try:
        written = protection.read_header(folder) == lock.header
    except Damaged:
        written = False
    if not written:
        forget(lock)


def _mode(mode: str) -> protection.Mode:
    if mode not in ("keyring", "passphrase", "none"):
        raise UserError(f"La protection « {mode} » n'existe pas.")
    return mode  # type: ignore[return-value]  # narrowed just above


def save(folder: Path, passphrase: str | None, target: Path | None) -> Path:
    """A consistent copy of the workspace; gives the file written."""
    workspace.check_present(folder)
    with french_storage_errors(folder):
        data_key = protection.unlock(folder, passphrase)
    file = target or backup.default_target(folder)
    with french_storage_errors(file.parent, folder):
        backup.write_backup(folder, data_key, file)
    return file


def restore(folder: Path, file: Path, passphrase: str | None) -> Restored:
    """Restores a backup.

    An unprotected one comes under the protection of the workspace replaced, if that can be opened.
    """
    with french_storage_errors(folder):
        try:
            key = protection.unlock(folder, passphrase)
        except AppError:
            key = None
        with protecting_anew(folder, None, None, key) as (protect, notes):
            done = backup.restore(folder, file, passphrase, key, protect_anew=protect)
    return Restored(None, done.replaced, " ".join([*notes, *still_there(done.left)]))


def restore_by_code(
    folder: Path,
    file: Path,
    code: str,
    mode: str | None = None,
    new_passphrase: str | None = None,
    *,
    passphrase: str | None = None,
) -> Restored:
    """Restores a backup of another computer by its recovery code, protected anew in one step.

    Without a `mode` the keyring protects it; on a computer that has none the copy keeps its
    protection, for `unlock` to renew. `passphrase` opens the workspace replaced.
    """
    if mode is None and keyrings.usable():
        mode = "keyring"
    with (
        protecting_anew(folder, mode, new_passphrase) as (protect, notes),
        french_storage_errors(folder),
    ):
        done = backup.restore(folder, file, passphrase, code=code, protect_anew=protect)
    return Restored(mode, done.replaced, " ".join([*notes, *still_there(done.left)]))


def still_there(left: Path | None) -> Sequence[str]:
    """What is told of the folder that a restore could not remove."""
    if left is None:
        return ()
    return (
        f"Le dossier « {left} », où est l'état d'avant, n'a pas pu être retiré : supprimez-le.",
    )


@contextmanager
def protecting_anew(
    folder: Path, mode: str | None, passphrase: str | None, present_key: bytes | None = None
) -> Iterator[tuple[Callable[[Path, bytes | None], bytes | None], list[str]]]:
    """Gives the function that changes the protection of a restored copy, before this is in place.

    What that costs is added to the list given with it.
    Without a `mode` it stays as it is, except that an unprotected copy comes under the protection
    of the workspace that it replaces, whose key is given. What it put in the keyring is taken back
    on a failure.
    """
    locks: list[Protection] = []
    notes: list[str] = []

    def protect_anew(work: Path, data_key: bytes | None) -> bytes | None:
        if mode is not None:
            locks.append(prepare(work, data_key, mode, passphrase))
        elif data_key is None and present_key is not None:
            present, came = protection.read_header(folder), protection.read_header(work)
            locks.append(protection.passed_on(present, present_key, came.workspace))
        else:
            return data_key
        if warning := apply(work, data_key, locks[0]):
            notes.append(warning)
        return locks[0].data_key

    try:
        yield protect_anew, notes
    except BaseException:
        for lock in locks:
            give_up(folder, lock)
        raise


def is_free(folder: Path) -> bool:
    """Whether a workspace can be made in a folder: it is new or empty."""
    try:
        workspace.check_free(folder)
    except UserError:
        return False
    return True


def is_one(folder: Path) -> bool:
    """Whether a folder is a workspace."""
    return workspace.exists(folder)


def protection_of(folder: Path) -> str:
    """The protection of a workspace."""
    workspace.check_present(folder)
    with french_storage_errors(folder):
        return protection.read_header(folder).mode


def mode_of(file: Path) -> str:
    """The protection of a backup; "" when that cannot be read."""
    return backup.mode_of(file)


def point_to(folder: Path, usual: Path) -> None:
    """Makes whoever looks for a workspace in the usual folder find it in another."""
    usual.mkdir(parents=True, exist_ok=True)
    location.point(usual, folder)


def bare_code(typed: str) -> str:
    """The characters of a typed recovery code, without what stands between them."""
    return protection.bare_code(typed)


def normal_code(typed: str, *, whole: bool) -> str:
    """A recovery code, or its beginning, in groups; UserError names the group at fault."""
    return protection.normal_code(typed, whole=whole)
