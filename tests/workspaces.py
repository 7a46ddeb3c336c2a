"""New workspaces for the tests: copies of one made once, for its territory takes long to write."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

import keyring
from keyring.backends import null

from app.bootstrap import Services
from app.clock import Clock, new_id, now
from app.domain.records import reference_id
from app.storage import protection
from app.storage.database import connect
from app.storage.rows import Stored, stored_of
from app.storage.tables import IS_EDITED, STORED
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import DATABASE, Workspace, create, open_workspace
from app.sync import link as ties
from app.sync.link import Link
from app.sync.protocol import Facilitator, PublicKey

PASSPHRASE = "quatre mots bien choisis"

FEW = ("21716", "21001", "21407", "21517", "21017")
"""Vougeot, Agencourt, Messanges, Quincey and Arcenant, which most tests name."""


def new_workspace(folder: Path, name: str = "essai", clock: Clock = now) -> Workspace:
    """What `create` makes without protection; `name` is its entry in the keyring."""
    return _copied(_model(), folder, name, clock)


def light_workspace(folder: Path, name: str = "essai", clock: Clock = now) -> Workspace:
    """As `new_workspace`, with the communes of `FEW` alone."""
    return _copied(_light_model(), folder, name, clock)


def tie(services: Services, role: Literal["facilitator", "gip"]) -> None:
    """Ties the workspace to a central that nobody asks anything, by an account of this role."""
    link = Link(
        url="https://gip",
        key=PublicKey(key_id="1", public_key=""),
        epoch="1",
        device_id=new_id(),
        facilitator=Facilitator(id=new_id(), name="Léa Martin", email="", role=role, create=False),
        role=role,
    )
    with services.workspace.unit() as unit:
        ties.save(unit, link)
        unit.commit()


def edited(unit: UnitOfWork) -> list[Stored]:
    """The records edited here since the central last acknowledged them."""
    return [stored_of(row) for row in unit.connection.execute(STORED.where(IS_EDITED))]


def faults_of_rows(unit: UnitOfWork) -> list[tuple[str, int]]:
    """What no record may be like, with its number: each has its content, and a base where edits
    stand on what the central holds, and there alone."""
    return [tuple(row) for row in unit.connection.exec_driver_sql(_FAULTS)]


_FAULTS = """
    SELECT 'without content', n FROM record WHERE n NOT IN (SELECT n FROM content)
    UNION SELECT 'content alone', n FROM content WHERE n NOT IN (SELECT n FROM record)
    UNION SELECT 'base alone', n FROM base WHERE n NOT IN (SELECT n FROM record)
    UNION SELECT 'base without edits', base.n FROM base JOIN record USING (n) WHERE edits = 0
    UNION SELECT 'edits without base', n FROM record
        WHERE edits > 0 AND revision > 0 AND n NOT IN (SELECT n FROM base)
"""


def _copied(model: Path, folder: Path, name: str, clock: Clock) -> Workspace:
    shutil.copytree(model, folder)
    protection.write_header(folder, protection.choose("none", workspace=name))
    return open_workspace(folder, clock=clock)


@contextmanager
def cheap_passphrases() -> Iterator[None]:
    """Passphrases that are quick to guess, where workspaces are opened some thousand times."""
    dear, protection._COST = protection._COST, {"n": 2, "r": 8, "p": 1}
    try:
        yield
    finally:
        protection._COST = dear


@contextmanager
def holding_tokens(folder: Path) -> Iterator[Callable[..., Workspace]]:
    """Makes light workspaces under PASSPHRASE in a run that would outlive a real keyring's daemon:
    there is no keyring, and so a token is kept inside its workspace.
    """
    model = folder / "model"

    def make(folder: Path, _name: str = "", clock: Clock = now) -> Workspace:
        shutil.copytree(model, folder)
        return open_workspace(folder, PASSPHRASE, clock)

    with ExitStack() as stack:
        stack.callback(keyring.set_keyring, keyring.get_keyring())
        keyring.set_keyring(null.Keyring())
        stack.enter_context(cheap_passphrases())
        lock = protection.choose("passphrase", PASSPHRASE, workspace="modele")
        create(model, lock).close()
        lighten(model, lock.data_key)
        yield make


def lighten(folder: Path, key: bytes | None = None, *, communes: Sequence[str] = FEW) -> None:
    """Leaves few communes of a workspace, for what is done to it thousands of times."""
    driver = connect(folder / DATABASE, key)
    driver.execute(
        f"DELETE FROM record WHERE kind = 'organisation' AND id NOT IN"
        f" ({','.join('?' * len(communes))})",
        [reference_id("organisation", code) for code in communes],
    )
    for table, number in (("content", "n"), ("search", "rowid")):
        if driver.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
            driver.execute(f"DELETE FROM {table} WHERE {number} NOT IN (SELECT n FROM record)")
    driver.execute("VACUUM")
    driver.close()


@cache
def _model() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="commissions-")) / "modele"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    create(folder, protection.choose("none", workspace="modele")).close()
    return folder


@cache
def _light_model() -> Path:
    folder = _model().with_name("leger")
    shutil.copytree(_model(), folder)
    lighten(folder)
    return folder
