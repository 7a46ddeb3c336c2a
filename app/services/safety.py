"""The open workspace's protection and health."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.locations import Hazard
from app.domain.search_text import words
from app.domain.validation import readable
from app.errors import UserError
from app.services import doctor, workspaces
from app.services.doctor import Finding
from app.services.letterheads import letterhead
from app.services.settings import Settings
from app.services.workspaces import Lock
from app.storage import location, protection
from app.storage.faults import french_storage_errors
from app.storage.workspace import Workspace

if TYPE_CHECKING:
    from app.documents.document import Document


class Safety:
    """Who may open the workspace, and whether its files are well."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def mode(self) -> str:
        """The present protection: keyring, passphrase or none."""
        return protection.read_header(self._workspace.folder).mode

    def prepare(self, mode: str, passphrase: str | None = None) -> Lock | None:
        """The next protection, for `apply` once its recovery code was shown; None if none is left.

        StorageError when another program has the workspace open.
        """
        space = self._workspace
        if mode == "none" and space.data_key is None:
            return None
        with self.closed():
            return workspaces.prepare(space.folder, space.data_key, mode, passphrase)

    def renew_code(self) -> Lock:
        """The present protection under another recovery code, for `apply` once it was shown."""
        return workspaces.renew_code(self._workspace.folder, self._workspace.data_key)

    def apply(self, lock: Lock) -> str:
        """Writes a prepared protection while the workspace is open; else it stays as it was.

        Gives what to tell of it besides, if anything.
        """
        space = self._workspace
        with self.closed():
            warning = workspaces.apply(space.folder, space.data_key, lock)
            space.data_key = lock.data_key
        return warning

    def give_up(self, lock: Lock) -> None:
        """Forgets a prepared protection."""
        workspaces.give_up(self._workspace.folder, lock)

    def recovery_sheet(self, code: str) -> Document:
        """A recovery code on paper, under the name of the workspace."""
        settings = Settings(self._workspace)
        return workspaces.recovery_sheet(
            code, self.name(), self._workspace.folder, letterhead(settings)
        )

    def name(self) -> str:
        """What the user calls the workspace: the first name of a commission that has words."""
        with self._workspace.reading() as unit:
            names = [readable(one)["name"] for one in unit.select("commission")]
        return next(filter(words, names), "Espace de travail")

    def hazard(self) -> Hazard | None:
        """What makes the workspace's folder an unsafe place for it; None when nothing does."""
        return location.hazard(self._workspace.folder)

    def move(self, target: Path, *, keep: bool) -> Path:
        """Moves the open workspace to a new or empty folder; gives the folder.

        UserError for a folder that is not empty, or is no safer; the workspace then stays.
        """
        if worse := location.hazard(target.parent):
            raise UserError(
                f"« {target} » ne convient pas non plus ({worse.by}) : choisissez un dossier du"
                " disque de cet ordinateur, hors de tout dossier synchronisé."
            )
        space, former = self._workspace, self._workspace.folder
        with self.closed():
            location.move(former, space.data_key, target)
            space.folder = target
        if not keep:
            with french_storage_errors(former):
                location.clear(former)
        return target

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Closes every connection of this program to the workspace for the time of the block."""
        space = self._workspace
        with french_storage_errors(space.folder):
            space.let_go()
            try:
                yield
            finally:
                space.turn_to(space.data_key)

    def examine(self) -> Sequence[Finding]:
        """What `doctor` finds here, without calling the central."""
        return doctor.examine(self._workspace.folder, self._workspace.data_key)
