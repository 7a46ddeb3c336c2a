"""The limit of a sync on this machine: its records over HTTPS once, written in one transaction.

No protocol: encode, compress, one POST over TLS on the loopback; another process decompresses,
decodes and writes all rows (WAL, synchronous=FULL), and answers. The way back is a GET of the same
rows, which the client writes in its turn.
"""

from __future__ import annotations

import multiprocessing
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
from sqlcipher3 import dbapi2

from app.domain.records import Envelope
from app.sync.compression import compress, decompress
from tests.app.central.place import new_place

_TABLE = """
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS record
        (id TEXT PRIMARY KEY, kind TEXT, revision INTEGER, seq INTEGER, fields BLOB);
    CREATE UNIQUE INDEX IF NOT EXISTS feed ON record (seq);
"""
_UPSERT = """
    INSERT INTO record VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, seq = excluded.seq, fields = excluded.fields
"""
_MOST = 1 << 30


class _Row(msgspec.Struct):
    """A record whose fields stay as they came."""

    id: str
    kind: str
    fields: msgspec.Raw


class _Store:
    """Rows in one table, written in one transaction a batch."""

    def __init__(self, path: Path) -> None:
        self._driver = dbapi2.connect(path, isolation_level=None)
        self._driver.executescript(_TABLE)
        self.seq = 0

    def take(self, body: bytes) -> None:
        """Writes the records of a compressed body."""
        found = msgspec.json.decode(decompress(body, "zstd", _MOST), type=list[_Row])
        rows = [
            (one.id, one.kind, 1, seq, bytes(one.fields))
            for seq, one in enumerate(found, self.seq + 1)
        ]
        self._driver.execute("BEGIN IMMEDIATE")
        self._driver.executemany(_UPSERT, rows)
        self._driver.execute("COMMIT")
        self.seq += len(rows)

    def since(self, seq: int) -> bytes:
        """The records written after a seq, compressed."""
        query = "SELECT id, kind, fields FROM record WHERE seq > ? ORDER BY seq"
        found = [
            _Row(one, kind, msgspec.Raw(fields))
            for one, kind, fields in self._driver.execute(query, (seq,))
        ]
        return compress(msgspec.json.encode(found), "zstd")


class Limit:
    """The client's side: what a sync cannot be faster than."""

    def __init__(self, connection: HTTPSConnection, folder: Path) -> None:
        self._connection = connection
        self._store = _Store(folder / "client.sqlite")

    def send(self, records: Sequence[Envelope]) -> None:
        """The records up."""
        self._call("POST", "/", compress(msgspec.json.encode(records), "zstd"))

    def fetch(self) -> None:
        """Down, what the client does not hold yet."""
        self._store.take(self._call("GET", f"/{self._store.seq}"))

    def _call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self._connection.request(method, path, body)
        return self._connection.getresponse().read()


@contextmanager
def limit(folder: Path) -> Iterator[Limit]:
    """A bare server in another process and a client with its connection open."""
    folder.mkdir()
    new_place(folder, "", "")
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    server = spawn.Process(target=_serve, args=(folder, theirs))
    server.start()
    trusting = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    connection = HTTPSConnection("127.0.0.1", ours.recv(), context=trusting)
    connection.connect()
    try:
        yield Limit(connection, folder)
    finally:
        connection.close()
        server.terminate()
        server.join()


def _serve(folder: Path, told: Connection) -> None:
    store = _Store(folder / "server.sqlite")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def log_message(self, *_: Any) -> None:
            return

        def do_POST(self) -> None:
            store.take(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(b"{}")

        def do_GET(self) -> None:
            self._answer(store.since(int(self.path[1:])))

        def _answer(self, body: bytes) -> None:
            self.send_response_only(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        told.send(server.server_port)
        server.serve_forever()
