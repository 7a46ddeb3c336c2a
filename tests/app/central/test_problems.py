"""Every error is a problem of RFC 9457; bodies are bounded, compressed both ways."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from app.central import bodies, database, heads, office
from app.clock import new_id
from app.sync import compression
from app.sync.protocol import JSON_TYPE, PROBLEM_TYPE, Limits, Problem, SyncResponse
from tests.app.central.laptop import JSON, laptop, op, problem
from tests.central_server import Central, start_central

PATIENCE = 10  # seconds


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/", 404, "not-found"),
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1/sync", 405, "method-not-allowed"),
        ("PUT", "/v1/enrolments", 405, "method-not-allowed"),
        ("GET", "/v1/uploads/../../etc/passwd", 404, "not-found"),
        ("GET", "/v1/records/pas-un-uuid/revisions", 404, "not-found"),
        ("GET", "/v1/spaces/region/changes?after=-1", 400, "malformed"),
        ("GET", "/v1/spaces/region/changes?after=x", 400, "malformed"),
        ("GET", "/v1/spaces/region/changes?after=1e3", 400, "malformed"),
        ("GET", "/v1/spaces/region/changes?after=9007199254740992", 400, "malformed"),
        ("GET", "/v1/spaces/region/changes?limit=0", 400, "malformed"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    central: Central, method: str, path: str, status: int, name: str
) -> None:
    lea = laptop(central)
    answer = lea.client.request(method, path)
    lea.client.close()
    assert (answer.status_code, problem(answer).name) == (status, name)


def _ops(*members: dict[str, str]) -> bytes:
    """A request whose ops are good but for these members."""
    ops = [{"op_id": new_id(), "kind": "need", "id": new_id()} | one for one in members]
    return msgspec.json.encode({"epoch": "e", "schema": 1, "ops": ops})


@pytest.mark.parametrize(
    ("body", "status", "name", "field"),
    [
        (b"", 400, "malformed", ""),
        (b"{", 400, "malformed", ""),
        (b"\xff\xfe", 400, "malformed", ""),
        (b'{"epoch": "\xff", "schema": 1}', 400, "malformed", ""),
        (b'{"a":' * 100_000, 400, "malformed", ""),
        (b"[]", 422, "shape", ""),
        (b"{}", 422, "shape", "epoch"),
        (b'{"epoch": 3, "schema": 1}', 422, "shape", "epoch"),
        (b'{"epoch": "e", "schema": -1}', 422, "shape", "schema"),
        (b'{"epoch": "e", "schema": 1, "after": {"ailleurs": 1}}', 422, "shape", "after"),
        (b'{"epoch": "e", "schema": 1, "ops": [{"op_id": "x"}]}', 422, "shape", "ops[0].op_id"),
        (b'{"epoch": "e", "schema": 1, "ops": [{}]}', 422, "shape", "ops[0].op_id"),
        (_ops({}, {"id": "0198A000"}), 422, "shape", "ops[1].id"),
        (_ops({}, {}, {"kind": "Need"}), 422, "shape", "ops[2].kind"),
    ],
)
def test_a_body_that_is_no_request_is_a_problem(
    central: Central, body: bytes, status: int, name: str, field: str
) -> None:
    lea = laptop(central)
    answer = lea.post(body)
    lea.client.close()
    found = problem(answer)
    assert (answer.status_code, found.name) == (status, name)
    assert found.field.startswith(field)


@pytest.mark.parametrize("path", ["/v1/enrolments", "/v1/uploads"])
def test_text_that_is_no_utf_8_is_malformed(central: Central, path: str) -> None:
    lea = laptop(central)
    headers = {"Content-Type": "application/json"}
    body = b'{"code": "\xff", "device_name": "a", "space": "\xff"}'
    answer = lea.client.post(path, content=body, headers=headers)
    lea.client.close()
    assert (answer.status_code, problem(answer).name) == (400, "malformed")


def test_ops_without_a_batch_or_a_space_are_refused(central: Central) -> None:
    space = central.commission()
    lea = laptop(central, space)
    for changes in ({"batch_id": None}, {"space": None}):
        request = msgspec.json.decode(lea.request(space, op("need"))) | changes
        answer = lea.post(msgspec.json.encode(request))
        assert (answer.status_code, problem(answer).name) == (422, "shape")
    lea.client.close()


def test_another_type_or_coding_of_body_is_refused(central: Central) -> None:
    lea = laptop(central)
    answers = [
        lea.post(lea.request(), **{"Content-Type": "text/xml"}),
        lea.post(lea.request(), **{"Content-Encoding": "br"}),
    ]
    lea.client.close()
    assert [(one.status_code, problem(one).name) for one in answers] == [(415, "media-type")] * 2
    assert answers[1].headers["Accept-Encoding"] == "zstd, gzip"


@pytest.mark.parametrize("coding", compression.CODINGS)
def test_a_compressed_exchange_is_the_same_exchange(central: Central, coding: str) -> None:
    space = central.commission()
    lea = laptop(central, space)
    body = lea.request(space, *(op("need", title="Un site", words="m" * 500) for _ in range(20)))
    plain = lea.post(body, **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    packed = compression.compress(body, coding)
    with lea.client.stream(
        "POST",
        "/v1/sync",
        content=packed,
        headers=JSON | {"Content-Encoding": coding, "Accept-Encoding": f"{coding}, br;q=0.5"},
    ) as answer:
        raw = b"".join(answer.iter_raw())
    lea.client.close()
    assert answer.headers["Content-Encoding"] == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert compression.decompress(raw, coding, 1 << 20) == plain.content
    assert len(msgspec.json.decode(plain.content, type=SyncResponse).results) == 20


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, zstd", "zstd"),
        ("gzip, zstd;q=0", "gzip"),
        ("gzip;q=0, zstd; q=0.000", ""),
        ("br", ""),
        ("", ""),
        ("GZIP;q=0.5", "gzip"),
    ],
)
def test_the_answer_is_compressed_as_the_client_accepts(
    central: Central, header: str, coding: str
) -> None:
    with (
        central.client() as client,
        client.stream("GET", "/v1/openapi.json", headers={"Accept-Encoding": header}) as answer,
    ):
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("Content-Encoding", "") == coding
    assert raw


@pytest.mark.parametrize("coding", compression.CODINGS)
def test_a_damaged_compressed_body_is_malformed(central: Central, coding: str) -> None:
    lea = laptop(central)
    packed = compression.compress(lea.request(), coding)
    for damaged in (packed[:-3], packed + b"x", b"", b"<html>"):
        answer = lea.post(damaged, **{"Content-Encoding": coding})
        assert (answer.status_code, problem(answer).name) == (400, "malformed")
    lea.client.close()


def test_bodies_are_bounded_as_they_travel_and_once_decompressed(tmp_path: Path) -> None:
    with start_central(tmp_path, limits=Limits(body=2000, decoded_body=5000)) as served:
        lea = laptop(served)
        bomb = compression.compress(b" " * 5_000_000, "zstd")
        assert len(bomb) < 2000
        answers = [
            lea.post(b" " * 2001),
            lea.client.post("/v1/sync", content=iter([b" " * 1500] * 2), headers=JSON),
            lea.post(bomb, **{"Content-Encoding": "zstd"}),
            lea.client.post("/v1/enrolments", content=b" " * 2001, headers=JSON),
        ]
        fits = lea.post(lea.request().ljust(2000))
        lea.client.close()
    assert {(one.status_code, problem(one).name) for one in answers} == {(413, "too-large")}
    assert fits.status_code == 200


def test_a_body_that_does_not_come_is_not_waited_for(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SECONDS_TO_SEND", 0)
    monkeypatch.setattr(bodies, "SLOWEST", 1 << 30)
    assert _answer_without_a_body(central, 100) == 408


def test_a_body_announced_too_large_is_not_waited_for(central: Central) -> None:
    assert _answer_without_a_body(central, 1 << 40) == 413


@pytest.mark.parametrize("path", ["/v1/sync", "/v1/uploads"])
def test_whoever_has_no_token_is_not_listened_to(central: Central, path: str) -> None:
    assert _answer_without_a_body(central, 100, path) == 401


@pytest.mark.parametrize("announced", ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
def test_a_large_body_of_a_stranger_is_not_waited_for(central: Central, announced: str) -> None:
    with _connected(central) as secure:
        head = f"POST /v1/sync HTTP/1.1\r\nHost: central\r\n{announced}"
        secure.sendall(f"{head}\r\nAuthorization: Bearer inconnu\r\n\r\n".encode())
        assert secure.recv(65536).split()[1] == b"401"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/v1/sync", Limits().decoded_body + 1, 401), ("/v1/enrolments", 1 << 20, 413)],
)
def test_what_a_stranger_packed_is_not_made_large(
    central: Central, path: str, size: int, status: int
) -> None:
    bomb = compression.compress(b" " * size, "zstd")
    with central.client("inconnu") as stranger:
        answer = stranger.post(path, content=bomb, headers=JSON | {"Content-Encoding": "zstd"})
    assert answer.status_code == status


def _answer_without_a_body(central: Central, announced: int, path: str = "/v1/enrolments") -> int:
    """The status of the problem told to a request whose body of that length never leaves."""
    with _connected(central) as secure:
        length = f"Content-Length: {announced}"
        head = f"POST {path} HTTP/1.1\r\nHost: central\r\n{length}\r\n\r\n"
        secure.sendall(head.encode())
        answer = secure.recv(65536)
    assert b"content-type: application/problem+json" in answer
    return int(answer.split()[1])


@contextmanager
def _connected(central: Central) -> Iterator[ssl.SSLSocket]:
    """A connection to say over it what a client does not."""
    context = ssl.create_default_context(cafile=str(central.authority))
    address = urlsplit(central.url)
    assert address.hostname is not None
    with (
        socket.create_connection((address.hostname, address.port or 0), PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=address.hostname) as secure,
    ):
        yield secure


_BEGUN = b"GET /v1/health HTTP/1.1\r\nHost: central\r\n"


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (_BEGUN + b"X: ", b"a" * 4096),
        (_BEGUN, b"X: a\r\n" * 512),
        (b"GET /", b"a" * 4096),
        (_BEGUN + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: a\r\n" * 512),
    ],
)
def test_a_connection_ends_whose_head_does_not(central: Central, begun: bytes, more: bytes) -> None:
    with _connected(central) as secure, suppress(ConnectionError, ssl.SSLError):
        secure.sendall(begun)
        for _ in range(1000):
            secure.sendall(more)
        while secure.recv(65536):  # a TimeoutError if it is left open
            pass


@pytest.mark.parametrize(
    "head",
    [
        b"bonjour\r\n\r\n",
        b"FOO /v1/health HTTP/1.1\r\n\r\n",
        b"GET /v1/health HTTP/9.9\r\n\r\n",
        _BEGUN + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n",
        _BEGUN + b"X: " + b"a" * (heads.MOST + 1),
    ],
)
def test_a_head_that_is_no_request_is_a_problem_too(central: Central, head: bytes) -> None:
    with _connected(central) as secure:
        secure.sendall(head)
        answer = HTTPResponse(secure)
        answer.begin()
        found = msgspec.json.decode(answer.read(), type=Problem)
    assert (answer.status, answer.getheader("Content-Type")) == (400, PROBLEM_TYPE)
    assert (found.name, found.status) == ("malformed", 400)
    assert "en-tête" in found.detail


def test_a_long_head_and_a_body_of_many_parts_pass(central: Central) -> None:
    lea = laptop(central)
    body = lea.request() + b" " * 300_000
    headers = JSON | {"X-Long": "a" * 40_000}
    pieces = (body[at : at + 1000] for at in range(0, len(body), 1000))
    answers = [
        lea.client.post("/v1/sync", content=pieces, headers=headers),
        *(lea.client.get("/v1/health", headers=headers) for _ in range(2)),
    ]
    lea.client.close()
    assert [one.status_code for one in answers] == [200] * 3


@pytest.mark.parametrize("said", [b"", _BEGUN])
def test_a_head_that_does_not_come_is_not_waited_for(
    central: Central, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(heads, "SECONDS", 0.1)
    with _connected(central) as secure:
        secure.sendall(said)
        assert secure.recv(65536) == b""


def test_blank_lines_after_an_answer_do_not_hold_the_connection(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _connected(central) as secure:
        secure.sendall(_BEGUN + b"\r\n")
        assert secure.recv(65536).startswith(b"HTTP/1.1 200")
        monkeypatch.setattr(heads, "SECONDS", 0.1)
        secure.sendall(b"\r\n")
        secure.settimeout(5)
        while secure.recv(65536):  # a TimeoutError if it is left open
            pass


@pytest.mark.parametrize(
    ("bound", "before", "said"),
    [("SECONDS", "", _BEGUN), ("IDLE", "Content-Length: 1000\r\n", b"{}")],
    ids=["a head that does not end", "a part of a body answered already"],
)
def test_a_connection_that_served_once_is_not_kept_for_what_is_no_request(
    central: Central, monkeypatch: pytest.MonkeyPatch, bound: str, before: str, said: bytes
) -> None:
    with _connected(central) as secure:
        secure.sendall(_BEGUN + before.encode() + b"\r\n")
        assert b" 200 OK" in _read_answer(secure)
        monkeypatch.setattr(heads, bound, 0.1)
        secure.sendall(said)
        assert secure.recv(65536) == b""


def test_a_body_may_take_longer_than_a_head_and_a_long_one_longer_still(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "SECONDS", 1)
    monkeypatch.setattr(bodies, "SECONDS_TO_SEND", 0.1)
    monkeypatch.setattr(bodies, "SLOWEST", 10)
    with _connected(central) as secure:
        secure.sendall(
            b"POST /v1/enrolments HTTP/1.1\r\nHost: central\r\nExpect: 100-continue\r\n"
            b"Content-Length: 100\r\n\r\n"
        )
        assert secure.recv(65536).startswith(b"HTTP/1.1 100 ")
        time.sleep(1.2)
        secure.sendall(b"{}".ljust(100))
        assert secure.recv(65536).startswith(b"HTTP/1.1 422 ")


def _read_answer(secure: ssl.SSLSocket) -> bytes:
    """A whole answer of the central's health."""
    answer = b""
    while not answer.endswith(b"}"):
        answer += secure.recv(65536)
    return answer


def test_a_full_queue_tells_the_client_to_come_back(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "QUEUE", 0)
    with central.client() as client:
        answer = client.get("/v1/health")
    assert (answer.status_code, problem(answer).name) == (503, "busy")
    assert answer.headers["Retry-After"] == "2"


def test_a_database_that_another_process_holds_tells_the_client_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database, "_WAIT", 0.01)
    with start_central(tmp_path) as served:
        space = served.commission()
        lea = laptop(served, space)
        body = lea.request(space, op("need", title="Un site"))
        with served.database.engine.connect() as other:
            other.info["begin"] = "IMMEDIATE"
            other.begin()
            answer = lea.post(body)
        again = lea.post(body)
        lea.client.close()
    assert (answer.status_code, problem(answer).name) == (503, "busy")
    assert answer.headers["Retry-After"]
    assert "database refuses: database is locked" in caplog.text
    assert again.status_code == 200


def test_a_database_that_may_only_be_read_tells_the_client_to_come_back(
    tmp_path: Path, postgresql: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    name = new_id()
    with start_central(tmp_path, postgresql(name)) as served:
        space = served.commission()
        lea = laptop(served, space)
        body = lea.request(space, op("need", title="Un site"))
        with served.database.writing() as connection:  # as a replica does, for whoever connects now
            for statement in (
                f'ALTER DATABASE "{name}" SET default_transaction_read_only = on',
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            ):
                connection.exec_driver_sql(statement)
        answer = lea.post(body)
        lea.client.close()
    assert (answer.status_code, problem(answer).name) == (503, "busy")
    assert "read-only transaction" in caplog.text


def test_a_fault_of_ours_shows_no_trace(
    central: Central, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Secret de Léa")

    monkeypatch.setattr("app.central.routes.exchange.batches.exchange", fail)
    lea = laptop(central)
    answer = lea.post(lea.request())
    lea.client.close()
    assert (answer.status_code, problem(answer).name) == (500, "internal")
    assert "prévenez le GIP" in problem(answer).detail
    assert "Secret" not in answer.text
    assert "Secret" not in caplog.text
    assert "fault RuntimeError at" in caplog.text


def test_health_and_capabilities_ask_for_no_token(central: Central) -> None:
    with central.client() as client:
        assert client.get("/v1/health").json() == {"status": "ready"}
        answer = client.get("/v1/capabilities")
    assert answer.headers["Content-Type"] == JSON_TYPE
    found = answer.json()
    assert found["api"] == {"min": 1, "max": 1}
    assert found["schema"] == {"min": 1, "max": 1}
    assert found["limits"]["blob"] == 50 << 20


@pytest.mark.parametrize("path", ["/v1/health", "/v1/capabilities", "/v1/openapi.json"])
def test_a_head_tells_of_an_answer_what_a_get_would_without_the_answer(
    central: Central, path: str
) -> None:
    plain = {"Accept-Encoding": "identity"}
    with central.client() as client:
        head, whole = client.head(path, headers=plain), client.get(path, headers=plain)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))
