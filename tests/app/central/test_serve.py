"""`central serve` as an operator runs it: a process, its signals, its files, its TLS."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from app.central import serve
from app.central.database import in_folder, open_database
from app.central.serve import Site, _listening, _Server
from app.clock import new_id
from app.sync.protocol import CHUNK_TYPE
from tests.app.central.laptop import laptop, op
from tests.app.central.place import PATIENCE, ROOT, Place, new_place
from tests.central_server import Central, start_central


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return new_place(tmp_path, "--data", str(tmp_path / "central"))


@pytest.fixture
def either(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Place:
    """A place on SQLite or on PostgreSQL."""
    if database == "sqlite":
        return new_place(tmp_path, "--data", str(tmp_path / "central"))
    new_database: Callable[[str], str] = request.getfixturevalue("postgresql")
    return new_place(tmp_path, "--database", new_database(new_id()))


def _end(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str]:
    """The exit status and the journal of a process that is asked to end."""
    process.send_signal(how)
    _, journal = process.communicate(timeout=PATIENCE)
    return process.returncode, journal


@pytest.mark.parametrize(
    ("database", "workers", "how"),
    [
        ("sqlite", "1", signal.SIGTERM),
        ("sqlite", "2", signal.SIGINT),
        ("postgresql", "1", signal.SIGINT),
        ("postgresql", "2", signal.SIGTERM),
    ],
)
def test_it_prints_its_url_serves_and_stops_in_order(
    either: Place, workers: str, how: signal.Signals
) -> None:
    facilitator = either.run("facilitator", "add", "--name", "Léa", "--email", "lea@example.org")
    commission = either.run("commission", "add", "--name", "Beaune", "--department", "21", "71")
    given = ["--facilitator", facilitator["id"]]
    either.run("grant", *given, "--commission", commission["id"])
    code = either.run("code", *given)["code"]
    with either.serve("--workers", workers) as (process, url), either.client(url) as client:
        assert urlsplit(url).scheme == "https"
        answer = client.post("/v1/enrolments", json={"code": code, "device_name": "portable"})
        assert answer.status_code == 201
        token = answer.json()["token"]
        for _ in range(6):
            with either.client(url, token) as other:
                assert other.get("/v1/devices/self").json()["spaces"] == [
                    {"space": commission["id"], "name": "Beaune"}
                ]
        copied = either.run("backup", "--out", str(either.folder / "copie"))
        assert Path(copied["file"]).stat().st_size > 0
        status, journal = _end(process, how)
    assert status == 0
    lines = [json.loads(line) for line in journal.splitlines()]
    assert {"method": "POST", "route": "/v1/enrolments", "status": 201}.items() <= lines[0].items()
    for secret in (
        code,
        token,
        "portable",
        "Léa",
        "lea@example.org",
        "127.0.0.1",
        commission["id"],
    ):
        assert secret not in journal


def test_a_worker_that_is_killed_is_replaced_and_none_outlives_the_supervisor(
    place: Place,
) -> None:
    with place.serve("--workers", "2") as (process, url):
        children = _children(process.pid)
        assert len(children) == 2
        os.kill(children[0], signal.SIGKILL)
        with place.client(url) as client:
            while len(set(_children(process.pid)) - set(children)) == 0:
                assert client.get("/v1/health").status_code == 200
        survivors = _children(process.pid)
        process.kill()
        _, journal = process.communicate(timeout=PATIENCE)
        while any(_alive(child) for child in survivors):
            assert process.returncode is not None
    ended = next(line for line in journal.splitlines() if "worker ended" in line)
    assert json.loads(ended)["event"] == "worker ended with -9, replaced"


def test_a_worker_that_cannot_be_replaced_says_why_and_ends_the_others(place: Place) -> None:
    with place.serve("--workers", "2") as (process, _):
        (place.folder / "cert.pem").write_text("à demi remplacé")
        os.kill(_children(process.pid)[0], signal.SIGKILL)
        _, journal = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    ended, why = (json.loads(line)["event"] for line in journal.splitlines())
    assert ended == "worker ended with -9, replaced"
    assert "vérifiez les deux fichiers" in why


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_order_while_its_workers_begin(place: Place, how: signal.Signals) -> None:
    """The signal goes to the workers too, as systemd and a terminal send it."""
    cert, key = str(place.folder / "cert.pem"), str(place.folder / "key.pem")
    command = place.command("serve", "--port", "0", "--workers", "2", "--cert", cert, "--key", key)
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        while len(_children(process.pid)) < 2:
            assert process.poll() is None
        os.killpg(process.pid, how)
        url, journal = process.communicate(timeout=PATIENCE)
    assert (process.returncode, url, journal) == (0, "", "")


def test_a_stop_that_comes_before_the_server_listens_to_signals_is_heard(place: Place) -> None:
    serves = (
        "import signal, sys\n"
        "from pathlib import Path\n"
        "from app.central import serve\n"
        "from app.central.database import in_folder\n"
        "class Asked(serve._Server):\n"
        "    def run(self, sockets):\n"
        "        signal.raise_signal(signal.SIGTERM)\n"
        "        super().run(sockets)\n"
        "    async def on_tick(self, counter):\n"
        "        raise RuntimeError('it goes on')\n"
        "serve._Server = Asked\n"
        "folder = Path(sys.argv[1])\n"
        "site = serve.Site(in_folder(folder), folder / 'cert.pem', folder / 'key.pem')\n"
        "sys.exit(serve.serve(site, 1, lambda _url: None))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", serves, str(place.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_a_stop_cuts_the_requests_that_outlast_its_grace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One whose body never comes to its end, and one whose client reads no more of the answer."""
    monkeypatch.setattr(serve, "_GRACE", 0)
    content = os.urandom(12 << 20)  # more than the system takes in the client's place
    digest = hashlib.sha256(content).hexdigest()
    with ThreadPoolExecutor() as aside, ExitStack() as ends, ExitStack() as lines:
        central = ends.enter_context(start_central(tmp_path))
        space = central.commission()
        lea = laptop(central, space)
        lines.enter_context(closing(lea.client))
        asked = {"space": space, "sha256": digest, "size": len(content)}
        where = lea.client.post("/v1/uploads", json=asked).headers["Location"]
        for at in range(0, len(content), 4 << 20):
            headers = {"Content-Type": CHUNK_TYPE, "Upload-Offset": str(at)}
            lea.client.patch(where, content=content[at : at + (4 << 20)], headers=headers)
        lea.send(space, op("attachment", owner_id=space, name="plan.pdf", sha256=digest))
        token = lea.client.headers["Authorization"]
        for head, first in (
            ("POST /v1/enrolments HTTP/1.1\r\nContent-Length: 9\r\nExpect: 100-continue", b"100"),
            (f"GET /v1/blobs/{digest} HTTP/1.1\r\nAuthorization: {token}", b"200"),
        ):
            line = lines.enter_context(_line(central))
            line.sendall(f"{head}\r\nHost: central\r\n\r\n".encode())
            assert line.recv(12).endswith(first)
        caplog.clear()
        caplog.set_level(logging.WARNING, "uvicorn.error")
        caplog.set_level(logging.INFO, "commissions.central")
        aside.submit(ends.close).result(PATIENCE)
    cancelled, *requests = caplog.records
    assert cancelled.getMessage().startswith("Cancel 2 running task(s)")
    assert [one.getMessage() for one in requests] == ["request", "request"]
    assert {one.__dict__["known"]["status"] for one in requests} == {0, 200}


def _line(central: Central) -> ssl.SSLSocket:
    """A connection whose client takes little at a time."""
    address = urlsplit(central.url)
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 10)
    plain.connect((address.hostname, address.port))
    context = ssl.create_default_context(cafile=str(central.authority))
    return context.wrap_socket(plain, server_hostname=address.hostname)


def test_what_a_library_says_is_a_line_of_the_journal_too() -> None:
    """psycopg warns of a connection that a failing database broke, SQLAlchemy traces it."""
    says = (
        "import logging; from app.central.journal import open_journal; open_journal()\n"
        "logging.getLogger('psycopg').warning('error ignored: %s', 'pipeline aborted')\n"
        "try: 1 / 0\n"
        "except ArithmeticError: logging.getLogger('sqlalchemy.pool').exception('not reset')\n"
        "logging.getLogger('psycopg').info('connected')\n"
        "logging.getLogger('commissions.central').info('request')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", says], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told = [json.loads(line)["event"] for line in run.stderr.splitlines()]
    assert told == ["error ignored: pipeline aborted", "not reset", "request"]


def _children(pid: int) -> list[int]:
    """The workers of a supervisor; the resource tracker that Python starts beside them is none."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found if b"spawn_main" in _command(int(one))]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # gone before, or while, it is read
        return b""


def _alive(pid: int) -> bool:
    return b"spawn_main" in _command(pid)


def test_all_workers_are_asked_to_stop_before_any_is_waited_for() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.app.central.together"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert run.stdout.split() == ["together", "together"], run.stderr


def test_its_files_are_its_owners_alone(place: Place) -> None:
    with place.serve() as (_, url), place.client(url) as client:
        assert client.get("/v1/health").status_code == 200
        data = place.folder / "central"
        assert data.stat().st_mode & 0o777 == 0o700
        modes = {path.name: path.stat().st_mode & 0o777 for path in data.iterdir()}
    assert set(modes) == {"central.sqlite", "central.sqlite-wal", "central.sqlite-shm"}
    assert set(modes.values()) == {0o600}


def _connect(url: str, context: ssl.SSLContext) -> str:
    """The TLS version that a handshake ends with."""
    address = urlsplit(url)
    assert address.hostname is not None
    with (
        socket.create_connection((address.hostname, address.port or 0)) as plain,
        context.wrap_socket(plain, server_hostname=address.hostname) as secure,
    ):
        return str(secure.version())


def test_tls_is_1_2_or_later_and_plain_http_gets_nothing(place: Place) -> None:
    with place.serve() as (_, url):
        context = ssl.create_default_context(cafile=str(place.folder / "ca.pem"))
        assert _connect(url, context) == "TLSv1.3"
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        assert _connect(url, context) == "TLSv1.2"
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        with pytest.warns(DeprecationWarning):
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.raises(ssl.SSLError):
            _connect(url, old)
        with pytest.raises(httpx2.RemoteProtocolError), httpx2.Client() as plain:
            plain.get(url.replace("https", "http") + "/v1/health")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--cert", "absent.pem"), "« absent.pem » n'existe pas"),
        (("--key", "."), "« . » n'est pas lisible par le compte"),
        (("--workers", "0"), "au moins un processus"),
        (("--host", "192.0.2.1"), "adresse est celle de la machine"),
        (("--host", "forêt..example.org"), "adresse est celle de la machine"),
    ],
)
def test_what_keeps_it_from_serving_is_said_in_one_line(
    place: Place, options: tuple[str, ...], words: str
) -> None:
    with place.serve(*options) as (process, url):
        _, journal = process.communicate(timeout=PATIENCE)
    assert (process.returncode, url) == (1, "")
    assert journal.count("\n") == 1
    assert words in journal


def test_a_port_that_another_holds_is_said(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with place.serve("--port", port) as (process, url):
            _, journal = process.communicate(timeout=PATIENCE)
    assert (process.returncode, url) == (1, "")
    assert "arrêtez ce qui l'occupe" in journal


def test_a_key_of_another_certificate_is_refused(place: Place) -> None:
    trustme.CA().issue_cert("127.0.0.1").private_key_pem.write_to_path(place.folder / "key.pem")
    assert "ne vont pas ensemble" in _refused(place)


def test_a_key_under_a_passphrase_is_refused_and_nobody_asked(place: Place) -> None:
    key = place.folder / "key.pem"
    plain = load_pem_private_key(key.read_bytes(), None)
    locked = BestAvailableEncryption(b"quatre mots bien choisis")
    key.write_bytes(plain.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    with place.serve() as (process, url):
        _, journal = process.communicate(timeout=PATIENCE)
    assert (process.returncode, url) == (1, "")
    assert "fermée par une phrase de passe" in journal


def test_a_certificate_that_has_expired_is_refused(place: Place) -> None:
    past = trustme.CA().issue_cert(
        "127.0.0.1", not_after=datetime(2020, 12, 31, 23, 30, tzinfo=UTC)
    )
    assert "a expiré le 1er janvier 2021" in _refused_with(place, past)


def test_a_certificate_that_is_not_valid_yet_is_refused(place: Place) -> None:
    to_come = trustme.CA().issue_cert("127.0.0.1", not_before=datetime(2090, 1, 1, tzinfo=UTC),
                                      not_after=datetime(2091, 1, 1, tzinfo=UTC))  # fmt: skip
    assert "n'est valable qu'à partir du 1er janvier 2090" in _refused_with(place, to_come)


def test_a_certificate_in_a_form_of_openssl_alone_is_refused(place: Place) -> None:
    path = place.folder / "cert.pem"
    path.write_text(path.read_text().replace("CERTIFICATE-----", "TRUSTED CERTIFICATE-----"))
    assert "Traceback" not in (journal := _refused(place))
    assert str(path) in journal


def _refused_with(place: Place, certificate: trustme.LeafCert) -> str:
    certificate.private_key_pem.write_to_path(place.folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(place.folder / "cert.pem")
    return _refused(place)


def _refused(place: Place) -> str:
    with place.serve() as (process, url):
        _, journal = process.communicate(timeout=PATIENCE)
    assert (process.returncode, url) == (1, "")
    return str(journal)


def test_json_gives_the_url_alone(place: Place) -> None:
    with place.serve("--json") as (_, line):
        assert json.loads(line).keys() == {"url"}


class _Faulty(_Server):
    """A server whose heart stops."""

    async def on_tick(self, counter: int) -> bool:
        raise RuntimeError(f"tick {counter}")


def test_a_fault_of_the_server_itself_is_not_kept_quiet(place: Place) -> None:
    url = in_folder(place.folder / "central")
    site = Site(url, place.folder / "cert.pem", place.folder / "key.pem")
    with _listening(site) as listener, closing(open_database(url)) as database:
        server = _Faulty(site, database, lambda: None)
        with pytest.raises(RuntimeError, match="tick 0"):
            server.run([listener])
