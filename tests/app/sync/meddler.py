"""A real HTTPS server between a laptop and the central, which cuts, answers for it, or changes.

It stands for what networks do: lost replies, captive portals, proxies that break what they carry.
"""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import trustme

from tests.central_server import Central


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `cut` is how many bytes of the body go out before the line breaks."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass(frozen=True)
class Heard:
    """A request as it came."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Broken(Exception):
    """The line to the central broke before the whole request was through."""


Act = Callable[[Heard, Callable[..., Answer]], "Answer | None"]
"""Answers a request; the second argument forwards it to the central, or only a `share` of its body
(Broken then). None breaks the line."""


def faithful(_: Heard, forward: Callable[[], Answer]) -> Answer:
    return forward()


def cut_before(_: Heard, forward: Callable[[], Answer]) -> None:
    """The request never reaches the central."""


def cut_in_body(_: Heard, forward: Callable[..., Answer]) -> None:
    """The central hears half of the request."""
    with suppress(Broken):
        forward(share=0.5)


def twice(_: Heard, forward: Callable[[], Answer]) -> Answer:
    """A proxy sends the request again by itself."""
    forward()
    return forward()


def cut_after(_: Heard, forward: Callable[[], Answer]) -> None:
    """The central does it, its reply is lost."""
    forward()


def cut_within(_: Heard, forward: Callable[[], Answer]) -> Answer:
    """The central does it, its reply breaks off."""
    answer = forward()
    return replace(answer, cut=len(answer.body) // 2)


def saying(status: int, body: bytes = b"", **headers: str) -> Act:
    """Answers in the place of the central."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _heard, _forward: Answer(status, body, named)


class Meddler:
    """Forwards to the central, but for the acts lined up for the next calls of a path."""

    def __init__(self, central: Central, url: str, authority: str) -> None:
        self.central = central
        self.url = url
        self.authority = authority
        self.heard: list[Heard] = []
        self.connections = 0
        self.acts: list[Act] = []
        self.only = "/v1/sync"
        self.always: Act | None = None  # for every call that no act is lined up for
        self.failures: list[BaseException] = []  # of acts, and of the server's threads
        self._upstream: httpx2.Client | None = None
        self._one_upstream = threading.Lock()  # a delayed call may be forwarded beside another

    def next(self, *acts: Act, only: str = "/v1/sync") -> None:
        """Lines up acts for the next calls whose path is `only`."""
        self.acts = list(acts)
        self.only = only

    def calls(self, path: str = "/v1/sync") -> list[Heard]:
        return [heard for heard in self.heard if heard.path == path]

    def turn_to(self, central: Central) -> None:
        """Forwards to another central from now on."""
        self.close()
        self.central = central

    def close(self) -> None:
        """Closes the connection to the central."""
        with self._one_upstream:
            if self._upstream is not None:
                self._upstream.close()
            self._upstream = None

    def act(self, heard: Heard) -> Answer | None:
        self.heard.append(heard)
        act = self.acts.pop(0) if self.acts and heard.path == self.only else self.always or faithful
        try:
            return act(heard, lambda share=1.0: self.forward(heard, share))
        except httpx2.TransportError:  # no central there
            return None
        except Exception as error:  # noqa: BLE001 - raised again in the test's own thread
            self.failures.append(error)
            return None

    def forward(self, heard: Heard, share: float = 1.0) -> Answer:
        """The central's answer to a request, or Broken once a share of its body has left."""
        with self._one_upstream:
            if self._upstream is None:
                self._upstream = self.central.client()
            upstream = self._upstream
        skipped = ("host", "connection")
        sent = {name: value for name, value in heard.headers.items() if name.lower() not in skipped}
        body = heard.body if share == 1.0 else _broken(heard.body, share)
        with upstream.stream(heard.method, heard.path, headers=sent, content=body) as answer:
            body = b"".join(answer.iter_raw())
            kept = (
                "content-type", "content-encoding", "content-range", "retry-after", "upload-offset",
            )  # fmt: skip
            back = {name: value for name, value in answer.headers.items() if name.lower() in kept}
            return Answer(answer.status_code, body, back)


def _broken(body: bytes, share: float) -> Iterator[bytes]:
    yield body[: int(len(body) * share)]
    raise Broken


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    meddler: Meddler

    def setup(self) -> None:
        super().setup()
        self.meddler.connections += 1
        assert isinstance(self.server, _Server)
        self.server.lines.append(self.connection)

    def _any(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        if len(body) < size:  # the laptop hung up
            self.close_connection = True
            return
        answer = self.meddler.act(Heard(self.command, self.path, body, dict(self.headers.items())))
        if answer is None:
            self._break()
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: answer.cut])
        if answer.cut is not None:
            self._break()

    do_GET = do_POST = do_DELETE = do_HEAD = do_PATCH = _any

    def _break(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, meddler: Meddler, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.meddler = meddler
        self.lines: list[socket.socket] = []

    def hang_up(self) -> None:
        """Ends the lines that a test which failed left open: closing waits for their threads."""
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):  # lines that the laptop drops
            self.meddler.failures.append(error)


def certificate_for(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """A server's TLS context with a certificate of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@contextmanager
def https(context: ssl.SSLContext | None, meddler: Meddler) -> Iterator[int]:
    """Serves the meddler on a free port of the loopback; without a context, plain HTTP.

    What an act raised is raised at the end.
    """
    handler = type("Handler", (_Handler,), {"meddler": meddler})
    server = _Server(meddler, ("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.hang_up()
        server.server_close()
        for failure in meddler.failures:
            raise failure


@contextmanager
def meddling(central: Central) -> Iterator[Meddler]:
    """A meddler before a central, with an authority of its own."""
    authority = trustme.CA()
    meddler = Meddler(central, "", authority.cert_pem.bytes().decode())
    with (
        closing(meddler),
        https(certificate_for(authority, "127.0.0.1"), meddler) as port,
    ):
        meddler.url = f"https://127.0.0.1:{port}"
        yield meddler
