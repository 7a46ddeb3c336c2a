"""The open workspace's protection and health."""

from __future__ import annotations

from collections.abc import Sequence

from app.services import workspaces
from app.services.workspaces import Finding
from app.storage import protection
from app.storage.workspace import Workspace, french_storage_errors


class Safety:
    """Who may open the workspace, and whether its files are well."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def mode(self) -> str:
        """The present protection: keyring, passphrase or none."""
        return protection.read_header(self._workspace.folder).mode

    def protect(self, mode: str, passphrase: str | None = None) -> str | None:
        """Changes the protection while the workspace is open; gives a new recovery code, if any.

        StorageError when another program has the workspace open; it then stays as it was.
        """
        space = self._workspace
        if mode == self.mode() != "passphrase":
            return None
        with french_storage_errors(space.folder):
            space.engine.dispose()
            lock = workspaces.protect_anew(space.folder, space.data_key, mode, passphrase)
            space.turn_to(lock.data_key)
        return lock.recovery_code

    def examine(self) -> Sequence[Finding]:
        """What `doctor` finds."""
        return workspaces.examine(self._workspace.folder, self._workspace.data_key)
