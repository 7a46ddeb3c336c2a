"""Where the token lives: the system's keyring, a protected workspace, or this process only."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import delete, select, update

from app.storage import keyrings
from app.storage.database import open_engine
from app.storage.protection import read_header
from app.storage.tables import central_link
from app.storage.unit_of_work import encode
from app.storage.workspace import DATABASE, Workspace
from app.sync import link as ties

Place = Literal["keyring", "workspace", "process"]

_PLACE, _TOKEN = "token_place", "token"


class Credentials:
    """The token of one workspace; kept in memory while this object lives."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._token: str | None = None

    def keep(self, token: str) -> Place:
        """Keeps the token in the best place there is; gives which one."""
        header = read_header(self.workspace.folder)
        place: Place = "process"
        if keyrings.usable():
            keyrings.store_secret(_entry(header.workspace), token)
            place = "keyring"
        elif header.mode == "passphrase":
            place = "workspace"
        with self.workspace.unit("Rattachement au central") as unit:
            ties.keep(unit, _PLACE, place)
            if place == "workspace":
                ties.keep(unit, _TOKEN, token)
            else:
                ties.drop(unit, _TOKEN)
            unit.commit()
        self._token = token
        return place

    def token(self) -> str | None:
        """The token; None when it has to be asked for again, by a new code."""
        if self._token is None:
            with self.workspace.reading() as unit:
                place, inside = ties.kept(unit, _PLACE), ties.kept(unit, _TOKEN)
            if place == "workspace":
                self._token = inside
            elif place == "keyring":
                header = read_header(self.workspace.folder)
                self._token = keyrings.read_secret(_entry(header.workspace))
        return self._token

    def forget(self) -> None:
        """Removes the token from wherever it is."""
        keyrings.forget_secret(_entry(read_header(self.workspace.folder).workspace))
        with self.workspace.unit("Rattachement au central") as unit:
            ties.drop(unit, _PLACE)
            ties.drop(unit, _TOKEN)
            unit.commit()
        self._token = None


def take_out(folder: Path, data_key: bytes | None) -> None:
    """Takes the token out of a workspace that a passphrase is about to protect no longer.

    It goes to the system's keyring, else it is forgotten and a new code will be asked for. No
    connection may be open on the workspace.
    """
    engine = open_engine(folder / DATABASE, data_key)
    try:
        with engine.begin() as connection:
            of_token = central_link.c.name == _TOKEN
            value = connection.execute(select(central_link.c.value).where(of_token)).scalar()
            if value is None:
                return
            place: Place = "process"
            if keyrings.usable():
                name = _entry(read_header(folder).workspace)
                keyrings.store_secret(name, msgspec.json.decode(value))
                place = "keyring"
            connection.execute(delete(central_link).where(of_token))
            of_place = update(central_link).where(central_link.c.name == _PLACE)
            connection.execute(of_place.values(value=encode(place)))
    finally:
        engine.dispose()


def _entry(workspace: str) -> str:
    return f"{workspace}:central"
