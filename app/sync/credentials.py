"""Where the token lives: the system's keyring, a protected workspace, or this process only.

After a renewal the former token is kept too: it stays valid until the new one is first used, and is
valid again if the central is restored from an older backup.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from sqlalchemy import delete, select, update

from app.domain.refusals import Refusal
from app.errors import SyncError
from app.storage import keyrings
from app.storage.database import open_engine
from app.storage.protection import read_header
from app.storage.rows import encode
from app.storage.tables import central_link
from app.storage.workspace import DATABASE, Workspace
from app.sync import link as ties
from app.sync.client import Central

_T = TypeVar("_T")
Place = Literal["keyring", "workspace", "process"]

RENEWED_AFTER = timedelta(days=30)
"""How long a token serves before a sync asks for another."""

_PLACE, _TOKEN, _SINCE = "token_place", "token", "token_since"


class Credentials:
    """The token of one workspace; kept in memory while this object lives.

    `is_silent`: the keyring that holds the token did not answer when it was last asked for it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.is_silent = False
        self._token: str | None = None
        self._device: str | None = None  # whose token it is, if known
        self._since: datetime | None = None  # since when the token serves, once it was looked up

    def keep(self, token: str, device_id: str | None = None) -> Place:
        """Keeps the token, of a device if named, in the best place there is; gives which one."""
        header = read_header(self.workspace.folder)
        place: Place = "process"
        if _in_keyring(header.workspace, token):
            place = "keyring"
        elif header.mode == "passphrase":
            place = "workspace"
        with self.workspace.unit("Rattachement au central") as unit:
            ties.keep(unit, _PLACE, place)
            ties.keep(unit, _SINCE, self.workspace.clock().isoformat())
            if place == "workspace":
                ties.keep(unit, _TOKEN, token)
            else:
                ties.drop(unit, _TOKEN)
            unit.commit()
        self._token, self._device = token, device_id
        return place

    def token(self, device_id: str | None = None) -> str | None:
        """The token; None when there is none, and a new code is needed.

        One of another device than the one named is of a tie that another program has replaced.
        """
        if device_id is not None and self._device not in (None, device_id):
            self._token = None
        if self._token is None:
            with self.workspace.reading() as unit:
                self._device = ties.kept(unit, "device_id")
            self._token = next(iter(self._kept()), None)
        return self._token

    def required(self, device_id: str) -> str:
        """The token of a device; SyncError tells how to get one where there is none."""
        token = self.token(device_id)
        if token is not None:
            return token
        self.check_answered()
        raise SyncError(
            "sign_in",
            "Cet ordinateur n'est plus rattaché au central : demandez un code au GIP, puis relancez"
            " « commissions enrol » ; rien n'est perdu.",
        ) from Refusal(
            "cet ordinateur n'est plus rattaché au central : demandez un code au GIP, puis"
            " rattachez-le à la page « Synchronisation » ; rien n'est perdu."
        )

    def check_answered(self) -> None:
        """SyncError where there is no token because the keyring that holds it does not answer."""
        if self.is_silent:
            raise SyncError(
                "keyring",
                "Le trousseau de clés de ce système ne répond pas, et l'accès au central y est :"
                " déverrouillez-le, puis recommencez ; rien n'est perdu.",
            )

    def _kept(self) -> list[str]:
        """The token and the former one, as they are stored now."""
        with self.workspace.reading() as unit:
            place, kept = ties.kept(unit, _PLACE), ties.kept(unit, _TOKEN)
        self.is_silent = False
        if place == "keyring":
            entry = _entry(read_header(self.workspace.folder).workspace)
            kept, answered = keyrings.told(entry)
            self.is_silent = not answered
        return kept.split() if kept and place != "process" else []

    def _others(self) -> list[str]:
        """The stored tokens to try when the central refuses `token()`.

        Another window may have renewed it, or the central may be back at an older backup.
        """
        return [one for one in self._kept() if one != self._token]

    def is_old(self) -> bool:
        """Whether the token is due for renewal, by the clock here, and a new one can be stored."""
        if self._since is not None and self._is_young(self._since):
            return False
        with self.workspace.reading() as unit:
            place, since = ties.kept(unit, _PLACE), ties.kept(unit, _SINCE)
        if place == "process":
            return False
        self._since = datetime.fromisoformat(since) if since else None
        if self._since is not None and self._is_young(self._since):
            return False
        return place != "keyring" or keyrings.usable()

    def _is_young(self, since: datetime) -> bool:
        return timedelta() <= self.workspace.clock() - since < RENEWED_AFTER

    def renew(self, token: str) -> None:
        """Stores a new token where the present one is; the present one is kept as the former."""
        former = [one for one in self._kept() if one != token][:1]
        both = " ".join([token, *former])
        with self.workspace.unit("Renouvellement du jeton") as unit:
            if ties.kept(unit, _PLACE) == "keyring":
                name = _entry(read_header(self.workspace.folder).workspace)
                keyrings.store_secret(name, both)
            else:
                ties.keep(unit, _TOKEN, both)
            ties.keep(unit, _SINCE, self.workspace.clock().isoformat())
            unit.commit()
        self._token = token

    def let_in(self, central: Central, work: Callable[[], _T]) -> _T:
        """Does work that needs to be signed in; a refusal is final once every token was tried."""
        try:
            return work()
        except SyncError as error:
            others = self._others() if error.kind == "sign_in" else []
            for token in others:
                central.sign_in(token)
                try:
                    outcome = work()
                except SyncError as again:
                    if again.kind != "sign_in":
                        raise
                else:
                    self.renew(token)
                    return outcome
            if self._token is not None:
                central.sign_in(self._token)  # the next work tries it first again
            raise

    def forget(self) -> None:
        """Removes the token from wherever it is."""
        keyrings.forget_secret(_entry(read_header(self.workspace.folder).workspace))
        with self.workspace.unit("Rattachement au central") as unit:
            ties.drop(unit, _PLACE)
            ties.drop(unit, _TOKEN)
            ties.drop(unit, _SINCE)
            unit.commit()
        self._token = self._since = None
        self.is_silent = False


def take_out(folder: Path, data_key: bytes | None) -> bool:
    """Moves the token to the keyring from a workspace about to leave its passphrase or be clear.

    Where there is no keyring it stays, for what is written without a key to leave it out: False is
    given, as a new code will be needed then. No connection may be open on the workspace.
    """
    engine = open_engine(folder / DATABASE, data_key)
    try:
        with engine.begin() as connection:
            of_token = central_link.c.name == _TOKEN
            value = connection.execute(select(central_link.c.value).where(of_token)).scalar()
            if value is None:
                return True
            if not _in_keyring(read_header(folder).workspace, msgspec.json.decode(value)):
                return False
            connection.execute(delete(central_link).where(of_token))
            of_place = update(central_link).where(central_link.c.name == _PLACE)
            connection.execute(of_place.values(value=encode("keyring")))
            return True
    finally:
        engine.dispose()


def _in_keyring(workspace: str, token: str) -> bool:
    """Puts a token in the keyring; False, and removed from there, if it cannot be read back."""
    held = keyrings.holds(_entry(workspace), token)
    if not held:
        keyrings.forget_secret(_entry(workspace))
    return held


def _entry(workspace: str) -> str:
    return f"{workspace}:central"
