"""A region made once and copied for each evening: a central, five laptops enrolled and level."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import keyring
import msgspec
import trustme
from keyring.backends import null

from app.bootstrap import Services
from app.central import accounts
from app.central.database import Database, in_folder, open_database
from app.central.schema import devices, grants
from app.clock import now
from app.domain.records import Envelope
from app.services.sync import Sync
from app.storage import protection
from app.storage.rows import stored_of
from app.storage.tables import STORED, record
from app.storage.workspace import create, open_workspace
from app.sync import link as ties
from app.sync.link import Link
from app.sync.protocol import Limits
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Meddler, meddling
from tests.central_server import Central
from tests.properties.killable_central import KillableCentral, Nursery
from tests.workspaces import PASSPHRASE, cheap_passphrases, lighten

NAMES = ("anne", "benoit", "chloe", "denis", "gip")
LIMITS = Limits(ops=30, page=6, chunk=16_000)
"""Small, so that an evening has batches, pages and uploads in several parts; a meeting's records,
which go together, fit in one batch."""

PARAGRAPHS = 3
NOTES = "\n".join(f"Phrase.\nTrait {n}." for n in range(PARAGRAPHS))
"""Paragraphs that may change, each followed by a line that stays."""

COMMUNES = ("21716", *(f"21{100 + n}" for n in range(10)))
"""Vougeot, and those that needs, seats and intentions name."""

_MEMORY = Path("/dev/shm")


def years(count: int) -> timedelta:
    """So many years."""
    return timedelta(days=365.25 * count)


class Device(Laptop):
    """A laptop over a workspace that exists, whose clock may be years off."""

    def __init__(self, folder: Path, central: Central, meddler: Meddler, ahead: int) -> None:
        self.folder, self.ahead, self.central = folder, ahead, central
        self.url, self.authority = meddler.url, meddler.authority
        self.has_gone_back = False
        self.start()

    def _opened(self) -> Services:
        workspace = open_workspace(self.folder, PASSPHRASE, lambda: now() + years(self.ahead))
        services = Services(workspace)
        services.__dict__["sync"] = Sync(workspace, pause=self.waits.append)
        return services

    @contextmanager
    def beside(self) -> Iterator[Services]:
        """Another program on the workspace, for a while."""
        with closing(self._opened()) as services:
            yield services

    def start(self) -> None:
        """Starts the program."""
        self.waits: list[float] = []
        self.services = self._opened()
        self.services.settings.sign_changes()

    def restart(self) -> None:
        """Ends the program and starts it again."""
        self.services.close()
        self.start()

    def put(self, kind: str, /, record_id: str | None = None, **fields: Any) -> str:
        """As on other laptops; what is made is of the first commission, or of its owner's."""
        if record_id is not None or kind in ("organisation", "attachment"):
            return super().put(kind, record_id, **fields)
        first = self.services.records.list("commission")[0].id
        return self.services.records.create(kind, fields, first).id

    @property
    def _copy(self) -> Path:
        return self.folder.with_suffix(".copie")

    def save_a_copy(self) -> None:
        """Keeps a copy to go back to, in the place of the one before."""
        self._copy.unlink(missing_ok=True)
        self.services.backups.save(self._copy)

    def go_back(self) -> None:
        """Goes back to the last copy."""
        self.services.backups.restore(self._copy)
        self.has_gone_back = True

    @property
    def link(self) -> Link:
        """The tie to the central."""
        with self.services.workspace.reading() as unit:
            found = ties.load(unit)
        assert found is not None
        return found

    def known(self) -> dict[str, Envelope]:
        """Everything that the central knows of, deleted records included."""
        with self.services.workspace.reading() as unit:
            rows = unit.connection.execute(STORED.where(record.c.revision > 0))
            found = [stored_of(row).envelope for row in rows]
        return {one.id: one for one in found}


class Region:
    """The central and the laptops of one evening at a time, over a line that can be troubled."""

    def __init__(self, copy_postgresql: Callable[[str, str], str] | None = None) -> None:
        """`copy_postgresql(name, model)` gives the URL of a new database; None is for SQLite."""
        self._copy_postgresql = copy_postgresql
        self._stack = ExitStack()
        self._stack.callback(keyring.set_keyring, keyring.get_keyring())
        keyring.set_keyring(null.Keyring())  # tokens are copied with workspaces
        self._stack.enter_context(cheap_passphrases())
        memory = _MEMORY if _MEMORY.is_dir() else None
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(dir=memory)))
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.folder / "authority.pem")
        certificate = authority.issue_cert("127.0.0.1")
        certificate.private_key_pem.write_to_path(self.folder / "key.pem")
        certificate.cert_chain_pems[0].write_to_path(self.folder / "certificate.pem")
        self._turn = Lock()
        self._nursery = Nursery()
        self._stack.callback(self._nursery.close)
        self._process: KillableCentral | None = None
        self._accounts: dict[str, str] = {}
        self.ahead = self._evenings = 0
        self.evening = self.folder / "model"
        self._database = self._new_database()
        self.central = self._started()
        self.meddler = self._stack.enter_context(meddling(self.central))
        self._make_model()

    def close(self) -> None:
        """Ends everything."""
        self._stack.close()

    # The central

    @property
    def database(self) -> Database:
        """What the central holds."""
        return self.central.database

    def _new_database(self) -> str:
        if self._copy_postgresql is not None:
            model = "template1" if self.evening.name == "model" else "model"
            return self._copy_postgresql("model" if model == "template1" else "evening", model)
        url = in_folder(self.evening / "central")
        if self.evening.name != "model":
            shutil.copy(self.folder / "model/central/central.sqlite", self.evening / "central")
        return url

    def _started(self, fatal: int | None = None) -> Central:
        """The central serving, from the database as it is, until a fatal point if one is named."""
        self.evening.mkdir(exist_ok=True)
        self._process = self._nursery.start(
            database=self._database,
            certificate=str(self.folder / "certificate.pem"),
            key=str(self.folder / "key.pem"),
            journal=str(self.journal),
            limits=msgspec.to_builtins(LIMITS),
            years=self.ahead,
            fatal=fatal,
        )
        database = open_database(self._database)
        return Central(self._process.url, self.folder / "authority.pem", database, self.clock)

    @property
    def journal(self) -> Path:
        """Where the central writes its journal."""
        return self.evening / "journal"

    def clock(self) -> datetime:
        """The central's time."""
        return now() + years(self.ahead)

    @property
    def serves(self) -> bool:
        """Whether the central is alive."""
        assert self._process is not None
        return self._process.is_alive()

    def kill(self, fatal: int | None = None) -> None:
        """`kill -9` of the central, which is started again at once, until a point if one is named.

        See `tests.faults.points`.
        """
        with self._turn:  # two requests on their way may both be fatal
            assert self._process is not None
            self._process.kill()
            self._start_again(fatal)

    def restart(self, ahead: int) -> None:
        """Stops the central in order and starts it again, its clock so many years ahead."""
        assert self._process is not None
        self._process.stop()
        self.ahead = ahead
        self._start_again()

    def _start_again(self, fatal: int | None = None) -> None:
        self.database.close()
        self.central = self._started(fatal)
        self.meddler.turn_to(self.central)

    def end(self) -> None:
        """Ends the central of an evening."""
        assert self._process is not None
        self._process.kill()  # half as long as in order
        self.database.close()
        self.meddler.close()

    # The evening

    def begin(self, ahead: list[int]) -> list[Device]:
        """A fresh copy of everything; gives a laptop for each number of years its clock is off."""
        if self._evenings:
            shutil.rmtree(self.evening)
        self._evenings += 1
        self.ahead = 0
        self.evening = self.folder / str(self._evenings)
        self._database = self._new_database()
        self.central = self._started()
        self.meddler.turn_to(self.central)
        self.meddler.next()
        self.meddler.heard.clear()
        return [self._copied(name, one) for name, one in zip(NAMES, ahead, strict=False)]

    def _copied(self, name: str, ahead: int) -> Device:
        shutil.copytree(self.folder / "model" / name, self.evening / name)
        return Device(self.evening / name, self.central, self.meddler, ahead)

    def expire(self, device: Device) -> None:
        """Ends the token of a laptop."""
        of_device = devices.update().where(devices.c.id == device.link.device_id)
        with self.database.writing() as connection:
            connection.execute(of_device.values(revoked_at="2026-01-01"))

    def enrol_again(self, device: Device) -> None:
        """Gives a laptop whose token ended a new code, and its commissions with it."""
        self.open_commissions(device)
        device.central = self.central
        device.enrol(self._accounts[device.folder.name], adopt=self.space)

    def spaces_of(self, device: Device) -> tuple[str, ...]:
        """The commissions of whose laptop it is; the first is everybody's."""
        is_lea_s = device.folder.name in NAMES[:2]
        return (self.space,) if is_lea_s else (self.space, self.other)

    def close_a_commission(self, device: Device, which: int) -> None:
        """Withdraws one from whose laptop it is; the GIP's stay open to it."""
        spaces = self.spaces_of(device)
        account = self._accounts[device.folder.name]
        of_account = grants.c.facilitator_id == account
        closed = grants.c.space == spaces[which % len(spaces)]
        with self.database.writing() as connection:
            connection.execute(grants.delete().where(of_account, closed))

    def open_commissions(self, device: Device) -> None:
        """Gives them back."""
        account = self._accounts[device.folder.name]
        with self.database.writing() as connection:
            for space in self.spaces_of(device):
                accounts.grant(connection, self.clock(), account, space)

    # The model

    def _make_model(self) -> None:
        self.space = space = self.central.commission()
        self.other = self.central.commission("Commission de l'Auxois")
        lea = self.central.facilitator(space)
        marc = self.central.facilitator(space, self.other, name="Marc")
        gip = self.central.facilitator(name="GIP", role="gip")
        self._accounts = dict(zip(NAMES, (lea, lea, marc, marc, gip), strict=True))
        laptops = {name: self._new_device(name) for name in NAMES}
        for name, one in laptops.items():
            for wanted in self.spaces_of(one):
                one.enrol(self._accounts[name], adopt=wanted)
            one.sync()
        _furnish(laptops["anne"])
        for one in [*laptops.values()] * 2:
            one.sync()
        for one in laptops.values():
            one.services.close()
        assert self._process is not None
        self._process.stop()
        self.end()

    def _new_device(self, name: str) -> Device:
        lock = protection.choose("passphrase", PASSPHRASE, workspace=name)
        create(self.evening / name, lock).close()
        lighten(self.evening / name, lock.data_key, communes=COMMUNES)
        return Device(self.evening / name, self.central, self.meddler, 0)


def _furnish(laptop: Laptop) -> None:
    """What there is to change when the evening begins."""
    for number in range(2):
        laptop.put("need", title=f"Besoin {number}")
    laptop.put("need_group", title="Groupe", notes=NOTES)
    laptop.put("solution", title="Solution", description="Une phrase.")
    meeting = laptop.put(
        "meeting", title="Printemps", place="Vougeot", starts_at="2027-03-19T18:30:00+01:00"
    )
    for number in range(3):
        fields = {"title": f"Point {number}", "kind": "need"}
        item = laptop.services.agenda.add(meeting, fields).id
    laptop.put("need", title="Besoin de la séance", raised_at_meeting_id=meeting)
    laptop.put("action", text="Demander un devis.", agenda_item_id=item)
    person = laptop.put("person", last_name="Roux", first_name="Jean")
    laptop.put("attendance", meeting_id=meeting, person_id=person, status="absent")
