"""Giving a computer back: the open workspace is erased from it, once its name was typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from app.domain.refusals import Refusal
from app.domain.search_text import spaced
from app.domain.wording import agree, count, listed
from app.services.safety import Safety
from app.services.settings import Settings
from app.storage import removal, sync_state
from app.storage.faults import french_storage_errors
from app.storage.workspace import Workspace, check_alone
from app.sync import link as ties
from app.sync.files import to_send

if TYPE_CHECKING:
    from app.services.sync import Sync

REVOKE = "Le central n'a pas pu être prévenu : demandez au GIP de fermer l'accès de cet ordinateur."


class Stakes(msgspec.Struct, frozen=True, kw_only=True):
    """What is at stake: the `name` to type, and how many records and files are here alone.

    `elsewhere` is the second folder of copies, which stay; "" without one. `has_key` says whether
    the keyring opens it, `is_tied` whether it has a central.
    """

    name: str
    records: int
    files: int
    elsewhere: str
    has_key: bool
    is_tied: bool

    @property
    def unsent(self) -> str:
        """« 12 modifications et 1 fichier »; nothing where the central has everything."""
        counts = ((self.records, "modification"), (self.files, "fichier"))
        return " et ".join(count(number, word) for number, word in counts if number)


class Removal:
    """Erases the open workspace from this computer; its services are of no use afterwards."""

    def __init__(
        self, workspace: Workspace, safety: Safety, settings: Settings, sync: Sync
    ) -> None:
        self._workspace = workspace
        self._safety = safety
        self._settings = settings
        self._sync = sync

    def stakes(self) -> Stakes:
        """What the user is to know before."""
        with self._workspace.reading() as unit:
            spaces = [None, *(one.id for one in unit.select("commission", deleted=True))]
            records, files = sync_state.count_to_tell(unit, spaces), len(to_send(unit))
            is_tied = ties.load(unit) is not None
        return Stakes(
            name=self._safety.name(),
            records=records,
            files=files,
            elsewhere=self._settings.get("backup_folder"),
            has_key=self._safety.mode() == "keyring",
            is_tied=is_tied,
        )

    def check(self, name: str, *, unsent: bool) -> Stakes:
        """Refusal unless `name` is the workspace's, and all is sent or may be lost (`unsent`)."""
        stakes = self.stakes()
        if spaced(name) != spaced(stakes.name):
            raise Refusal(f"écrivez « {stakes.name} » pour l'effacer.", field="name")
        if stakes.unsent and not unsent:
            number = stakes.records + stakes.files
            stay = f"{agree(number, 'reste', 'restent')} à envoyer : synchronisez d'abord"
            if not stakes.is_tied:
                stay = (
                    f"{agree(number, 'est', 'sont')} ici seulement : copiez d'abord l'espace de"
                    " travail dans un fichier"
                )
            raise Refusal(f"{stakes.unsent} {stay}, ou cochez pour tout effacer.", field="unsent")
        return stakes

    def remove(self, name: str, *, unsent: bool) -> Sequence[str]:
        """Erases it, this computer leaving the central where it can; gives the sentences to tell:
        after the first, what is still to be seen to.

        Refusal as `check`, StorageError while another program has the workspace open; it then
        stays.
        """
        stakes, space = self.check(name, unsent=unsent), self._workspace
        with self._safety.closed():
            check_alone(space.folder, space.data_key)
        told = ["L'espace de travail est effacé de cet ordinateur."]
        if not self._sync.take_leave():
            told.append(REVOKE)
        space.close()
        with french_storage_errors(space.folder):
            left = removal.remove(space.folder, space.data_key)
        if left:
            names = listed([f"« {one} »" for one in left])
            told.append(
                f"Le dossier « {space.folder} » garde ce qui n'est pas du programme : {names}."
            )
        if stakes.elsewhere:
            told.append(f"Les copies de « {stakes.elsewhere} » y sont encore.")
        return told
