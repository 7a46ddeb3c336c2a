"""The backups that the program makes by itself, and those that it can go back to."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from app.domain.retention import kept
from app.errors import StorageError
from app.services.settings import Settings
from app.storage import backup
from app.storage.files import replacing
from app.storage.replacement import FOLDER
from app.storage.workspace import Workspace, french_storage_errors

_DAILY = "jour"


class Backups:
    """Copies of the open workspace, under its own protection."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self._workspace = workspace
        self._settings = settings

    def save(self, target: Path) -> Path:
        """A consistent copy in the file named; gives the file."""
        with french_storage_errors(target.parent):
            backup.write_backup(self._workspace.folder, self._workspace.data_key, target)
        return target

    def daily(self) -> Path | None:
        """The copy of a day's first start, old ones removed; None when today's is there.

        It also goes to the second folder of the settings; StorageError when that one is not there.
        """
        today = self._workspace.clock().date()
        target = self._of(today)
        if target.exists():
            return None
        self.save(target)
        self._remove_old(today)
        self._copy_elsewhere(target)
        return target

    def days(self) -> Sequence[date]:
        """The days of which a copy is kept, latest first."""
        found = (self._workspace.folder / FOLDER).glob(f"commissions-*-{_DAILY}.sauvegarde")
        return sorted((_day(path) for path in found), reverse=True)

    def _of(self, day: date) -> Path:
        return backup.default_target(self._workspace.folder, _DAILY, day)

    def _remove_old(self, today: date) -> None:
        days = self.days()
        stay = kept(days, today)
        for day in days:
            if day <= today and day not in stay:
                self._of(day).unlink()

    def _copy_elsewhere(self, file: Path) -> None:
        named = self._settings.get("backup_folder")
        if not named:
            return
        if not Path(named).is_dir():
            raise StorageError(
                f"Le second dossier de sauvegarde « {named} » n'est pas là :"
                " branchez la clé USB ou changez-le dans les réglages."
            )
        with file.open("rb") as source, replacing(Path(named) / file.name) as copy:
            shutil.copyfileobj(source, copy)


def _day(path: Path) -> date:
    return date.fromisoformat(path.name[len("commissions-") : len("commissions-") + 10])
