"""The copies of the open workspace: made by the program or asked for, listed, and gone back to."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from app.domain.dates import PARIS
from app.domain.retention import kept
from app.domain.titles import described
from app.errors import StorageError, UserError
from app.paths import is_there
from app.services.settings import Settings
from app.services.translation import translated
from app.services.workspaces import protecting_anew, still_there
from app.storage import backup, files, protection
from app.storage.faults import french_storage_errors
from app.storage.files import DATABASE, replacing
from app.storage.past import since
from app.storage.replacement import FOLDER
from app.storage.workspace import Workspace

if TYPE_CHECKING:
    from app.services.erasure import Erasures

_DAILY = "jour"
_NAME = re.compile(
    r"commissions-(\d{4}-\d\d-\d\d)(?:-(\d{6}))?(?:-([a-z]+(?:-[a-z]+)*))?(?:-\d{1,4}(?:-bis)?)?"
    r"\.sauvegarde"
)
_AT_START = "000000"

Told = Callable[[str, float], None]
"""Is given words on what is under way, and the share of it that is done, from 0 to 1."""


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that can be gone back to; `size` in bytes.

    `reason` is "jour", "avant-restauration", "avant-migration", or "" for one asked for; `at` its
    day, with the hour where that is known (midnight else); `here` tells the workspace's own folder
    from the second one; `mode` is the protection, "" when the file is damaged.
    """

    file: Path
    at: datetime
    reason: str
    size: int
    mode: str
    here: bool


class Return(NamedTuple):
    """A return to a copy: the copy of what it replaced (None where there is none), how many erased
    persons it had brought back, who were erased again, and what else is to be told of it.
    """

    replaced: Path | None
    erased: int
    notes: Sequence[str]


class Distance(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy holds, and what was done here after it.

    `last_at` is the instant of its last change ("" without any), `records` how many live ones it
    holds besides the reference, `changes` how many were made since, and `changed` names what they
    are about, last changed first. `foreign` is true for the copy of another workspace.
    """

    foreign: bool
    last_at: str
    records: int
    changes: int
    changed: Sequence[str]


@dataclass(frozen=True, repr=False)
class Opening:
    """What opens a copy that the key of the workspace does not: its passphrase, or its code.

    What its recovery code opens is given the protection `mode` in the same step, by
    `new_passphrase` where the mode is "passphrase".
    """

    passphrase: str | None = None
    code: str | None = None
    mode: str | None = None
    new_passphrase: str | None = None


_BY_ITSELF = Opening()

UNHEARD = "Si des personnes ont été effacées depuis cette copie, effacez-les de nouveau."
"""Told when what is replaced could not tell whom to erase again."""


class Backups:
    """Copies of the open workspace, under its own protection."""

    def __init__(self, workspace: Workspace, settings: Settings, erasures: Erasures) -> None:
        self._workspace = workspace
        self._settings = settings
        self._erasures = erasures

    # Making them

    def save(self, target: Path | None = None) -> Path:
        """A consistent copy in the file named, or among the others; gives the file."""
        file = target or backup.default_target(self._workspace.folder)
        with french_storage_errors(file.parent, self._workspace.folder):
            backup.write_backup(self._workspace.folder, self._workspace.data_key, file)
        return file

    def daily(self) -> Path | None:
        """Makes the copy of the day and removes old ones; None when today's exists already."""
        today = self._workspace.clock().date()
        target = self._of(today)
        if target.exists():
            return None
        for folder in (self._workspace.folder, target.parent):
            files.forget_drafts(folder)
        self.save(target)
        _remove_old(dict(_days(target.parent)), today)
        return target

    def keep_up(self) -> str:
        """Makes the copy of the day here and in the second folder; gives what to tell, once a day.

        A second folder that cannot be reached gets its copy at a later start.
        """
        made = self.daily()
        named = self._settings.get("backup_folder")
        if not named:
            return ""
        if not _reached(named):
            return f"{_away(named)}, la copie y ira à la prochaine ouverture." if made else ""
        today = self._workspace.clock().date()
        there = self._days_in(Path(named))
        if today not in there:
            copy = _free(Path(named) / self._of(today).name)
            _carry(self._of(today), copy)
            _remove_old(there | {today: copy}, today)
        return ""

    def save_now(self) -> str:
        """A copy here and in the second folder; gives the sentence that says where."""
        file = self.save()
        named = self._settings.get("backup_folder")
        if not named:
            return "La copie est faite."
        if not _reached(named):
            return f"{_away(named)} puis refaites une copie."
        _carry(file, Path(named) / file.name)
        return f"La copie est faite, ici et dans « {named} »."

    # Finding them

    def copies(self) -> Sequence[Copy]:
        """The copies here and in the second folder, latest first.

        Those of other workspaces, as on a stick that several laptops share, are left out.
        """
        named = self._settings.get("backup_folder")
        found = list(_copies(self._workspace.folder / FOLDER, here=True))
        if named and _reached(named):
            away = _copies(Path(named), here=False)
            found += [copy for copy in away if not copy.mode or self._is_ours(copy.file)]
        return sorted(found, key=lambda one: (one.at, one.here), reverse=True)

    def compare(self, file: Path, opening: Opening = _BY_ITSELF) -> Distance:
        """What was done here since a copy; UserError or Locked when it cannot be opened."""
        space = self._workspace
        with (
            french_storage_errors(file.parent),
            tempfile.TemporaryDirectory(prefix="commissions-") as work,
        ):
            key = backup.open_backup(
                file, Path(work), opening.passphrase, space.data_key, code=opening.code
            )
            foreign = protection.read_header(Path(work)).workspace != space.name
            with translated(space), space.reading() as unit:
                found = since(unit, Path(work) / DATABASE, key)
        return Distance(
            foreign=foreign,
            last_at=found.last_at,
            records=found.records,
            changes=found.changes,
            changed=[described(envelope) for envelope in found.changed],
        )

    # Going back to one

    def restore(
        self,
        file: Path,
        opening: Opening = _BY_ITSELF,
        told: Told = lambda words, share: None,
    ) -> Return:
        """Goes back to a copy while the workspace is open, and erases again those erased since.

        Nothing else in this program may read or write meanwhile. A failure leaves all as it was,
        except a failure to erase again, which says so.
        """
        space = self._workspace
        try:
            erased = self._erasures.known()
        except StorageError:
            erased = None  # a copy is the way out of damage
        told("Copie de l'état actuel, puis retour à la copie choisie", 0.1)
        key, mode, words = space.data_key, opening.mode, opening.new_passphrase
        with (
            protecting_anew(space.folder, mode, words, key) as (protect, notes),
            french_storage_errors(space.folder),
        ):
            space.let_go()
            try:
                done = backup.restore(
                    space.folder,
                    file,
                    opening.passphrase,
                    key,
                    code=opening.code,
                    protect_anew=protect,
                )
                key = done.data_key
                space.name = protection.read_header(space.folder).workspace
            finally:
                space.turn_to(key)
        told("Ouverture", 0.9)
        notes += still_there(done.left)
        if erased is None:
            return Return(done.replaced, 0, [*notes, UNHEARD])
        return Return(done.replaced, self._erasures.renew(erased), notes)

    def _of(self, day: date) -> Path:
        return backup.default_target(self._workspace.folder, _DAILY, day)

    def _days_in(self, folder: Path) -> dict[date, Path]:
        """The daily copies of this workspace in a folder where others' may be."""
        return {day: file for day, file in _days(folder) if self._is_ours(file)}

    def _is_ours(self, file: Path) -> bool:
        header = backup.header_of(file)
        return header is not None and header.workspace == self._workspace.name


def _reached(folder: str) -> bool:
    """Whether a folder is there; one on a server that is down, or refuses, is not."""
    return is_there(Path(folder)) and Path(folder).is_dir()


def _away(folder: str) -> str:
    return (
        f"La copie est faite sur cet ordinateur seulement : le second dossier « {folder} » n'est"
        " pas là. Branchez la clé USB"
    )


def _carry(file: Path, target: Path) -> None:
    """Copies a copy to the second folder; UserError says that it is on this computer only."""
    try:
        with file.open("rb") as source, replacing(target, private=True) as copy:
            shutil.copyfileobj(source, copy)
    except UserError as error:
        here = "La copie est faite sur cet ordinateur seulement."
        raise UserError(f"{here} {error.sentence}") from error


def _free(target: Path) -> Path:
    """The name of a copy, or the next one where another workspace has it."""
    names = chain([target], (target.with_stem(f"{target.stem}-{number}") for number in count(2)))
    return next(one for one in names if not one.exists())


def _days(folder: Path) -> Iterator[tuple[date, Path]]:
    for file, at, reason in _dated(folder):
        if reason == _DAILY:
            yield at.date(), file


def _remove_old(copies: Mapping[date, Path], today: date) -> None:
    stay = kept(copies, today)
    for day, file in copies.items():
        if day <= today and day not in stay:
            file.unlink()


def _copies(folder: Path, *, here: bool) -> Iterator[Copy]:
    for file, at, reason in _dated(folder):
        yield Copy(
            file=file,
            at=at,
            reason=reason.removesuffix("-bis"),
            size=file.stat().st_size,
            mode=backup.mode_of(file),
            here=here,
        )


def _dated(folder: Path) -> Iterator[tuple[Path, datetime, str]]:
    """The copies in a folder, each with the instant and the reason in its name."""
    for file in folder.glob("commissions-*.sauvegarde"):
        if found := _NAME.fullmatch(file.name):
            stamp = found[1] + (found[2] or _AT_START)
            try:
                at = datetime.strptime(stamp, "%Y-%m-%d%H%M%S").replace(tzinfo=PARIS)
            except ValueError:  # named by hand, after a day that no calendar has
                continue
            yield file, at, found[3] or ""
