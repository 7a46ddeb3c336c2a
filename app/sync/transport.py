"""The line to the central: one open HTTPS connection, every failure a `SyncError`."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property, partial
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlsplit

import httpcore2
import httpx2
import msgspec

from app import __version__
from app.errors import SyncError
from app.sync.compression import CODINGS, Damaged, TooLarge, decompress
from app.sync.faults import Busy, Cut, Lost, Passing, Rejected, cancelled_by_user, not_ours, offline
from app.sync.protocol import FILE_TYPE, JSON_TYPE, PROBLEM_BASE, PROBLEM_TYPE, Problem
from app.sync.route import mistrusted, proxy_to, refusal, unreached
from app.sync.trust import certificate_wanted, checked_url, tls_context, tls_fault

Progress = Callable[[int, int], None]
"""Called with how many bytes of a body were sent or received, and how many there are."""

MAX_ANSWER = 64 << 20
"""The most bytes in an answer, both as it travels and decompressed; ours never gives more."""

_TIMEOUT = {"connect": 10.0, "read": 60.0, "write": 60.0, "pool": 60.0}  # seconds
_KEPT_OPEN = 5.0  # seconds that a connection may lie idle: later, what stands between may drop it
_CHUNK = 64 << 10
_TRIES = 3
_PARTIAL = 206
_LARGE = 413
_BY_A_PROXY = {_LARGE: "too-large", 415: "media-type"}
"""The problem to assume for a status that a proxy, which knows none of ours, answers alone."""

_UNKNOWN = 401
_BY_STATUS = frozenset({_UNKNOWN, _LARGE, 422})
_BY_NAME = frozenset({"epoch-changed", "client-outdated"})
"""The problems recognised by status, or by name, whatever their type begins with."""

SMALL = 8 << 10
"""The size in bytes of a request that any server in front of a central should let through."""

_TOO_LARGE = "Un serveur placé devant le central refuse un envoi de cette taille : prévenez le GIP."
_EVEN_SMALL = (
    "Un serveur placé devant le central refuse même les petits envois : prévenez le GIP, la taille"
    " qu'il permet est à relever."
)

_LONGEST_WAIT = 30.0
_DAY = 24 * 3600.0  # the longest Retry-After that is believed
_FAULTS = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
)
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_T = TypeVar("_T")


def _unheard(_done: int, _total: int) -> None:
    return


@dataclass(frozen=True)
class Reply:
    """A good answer: its headers, named in small letters, and its body decompressed."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class _Call:
    """A call whose answer has begun to come: its method, the bytes sent, and the answer."""

    method: str
    size: int
    answer: httpcore2.Response

    @cached_property
    def headers(self) -> dict[str, str]:
        """The answer's headers, named in small letters; several of one name as one list."""
        named: dict[str, str] = {}
        for raw_name, raw_value in self.answer.headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            named[name] = f"{named[name]}, {value}" if name in named else value
        return named

    def header(self, name: str) -> str:
        """The value of a header, named in small letters; "" without it."""
        return self.headers.get(name, "")


class Transport:
    """Sends requests to one central; `pause(seconds)` waits before a call is made again.

    `sending` and `receiving` are called with the progress of a body (not for a small answer),
    `has_left` when the last byte of a body has left.
    """

    def __init__(
        self,
        url: str,
        *,
        ca: str | None = None,
        token: str | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = checked_url(url)
        self.host = urlsplit(self.url).hostname or ""
        self.sending: Progress = _unheard
        self.receiving: Progress = _unheard
        self.has_left: Callable[[], object] = lambda: None
        self.cancelled = cancelled
        self._pause = pause
        self._told_at: tuple[datetime, float] | None = None  # the last Date, and time.monotonic()
        self._sockets: list[socket.socket] = []
        self._tunnelled = False  # by the proxy, during the last call
        self._closed = False
        self._proxy = proxy_to(self.url)
        self._address = httpx2.URL(self.url)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls_context(ca), proxy=self._proxy, keepalive_expiry=_KEPT_OPEN
        )
        self._headers = {
            "Host": self._address.netloc.decode("ascii"),
            "User-Agent": f"commissions-numeriques/{__version__}",
            "Accept": f"{JSON_TYPE}, {PROBLEM_TYPE}, {FILE_TYPE}",
            "Accept-Encoding": ", ".join(CODINGS),
        }
        if token is not None:
            self.sign_in(token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection."""
        self._closed = True
        self._pool.close()

    def hang_up(self) -> None:
        """Ends at once, from any thread, a call that waits for its answer; the call then fails as
        cancelled if `cancelled` says so, else as lost.

        A connection that is still being made is not ended, but has a short timeout.
        """
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _note_socket(self, own: list[socket.socket], event: str, told: Mapping[str, Any]) -> None:
        if event == "proxy.start_tls.started":  # with the central: any TLS with the proxy is made
            self._tunnelled = True
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        made: socket.socket = told["return_value"].get_extra_info("socket")
        if "connect_tcp" in event:  # the handshake takes over the original: keep a duplicate
            made = made.dup()
            own.append(made)
        self._sockets = [*(one for one in self._sockets if one.fileno() != -1), made]
        if self.cancelled():  # `hang_up` came before this socket existed
            self.hang_up()

    def sign_in(self, token: str) -> None:
        """Uses the token for the calls to come."""
        self._headers["Authorization"] = f"Bearer {token}"

    @property
    def present(self) -> datetime | None:
        """The present instant by the central's clock (Date of its last good answer), or None."""
        if self._told_at is None:
            return None
        told, then = self._told_at
        return told + timedelta(seconds=time.monotonic() - then)

    def _note_time(self, told: str) -> None:
        try:
            at = parsedate_to_datetime(told)
        except ValueError:  # none, or no date
            return
        if at.tzinfo is not None:
            self._told_at = at, time.monotonic()

    def decoded(self, body: bytes, answer: type[_T]) -> _T:
        """A JSON body decoded as an `answer`; SyncError when it is not one."""
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise not_ours("réponse illisible") from error

    def again(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Reply:
        """As `once`, but after a passing fault the call is made again with the same bytes."""
        for tries in range(1, _TRIES + 1):
            try:
                return self.once(method, path, body, headers)
            except Passing as fault:
                if tries == _TRIES:
                    raise
                self.wait(fault, tries)
        raise AssertionError("unreachable")

    def wait(self, fault: Passing, tries: int) -> None:
        """Waits before a call is made again, longer at each try, with random jitter.

        Raises the fault when it asks for too long a wait.
        """
        if fault.wait > _LONGEST_WAIT:
            raise fault
        if self.cancelled():
            raise cancelled_by_user()
        self._pause(fault.wait + random.uniform(0, 0.4) * tries)  # noqa: S311 - jitter, no secret

    def once(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        into: bytearray | None = None,
    ) -> Reply:
        """Makes one call; gives its answer.

        `into` receives the body as it comes, so that what arrived before a fault is not lost. It is
        emptied first, unless the answer goes on from there.
        """
        named = self._headers | (headers or {})
        if body:
            named = {"Content-Type": JSON_TYPE} | named
        if body or method in ("POST", "PATCH"):
            named |= {"Content-Length": str(len(body))}
        parts = bytearray() if into is None else into
        if self.cancelled():
            raise cancelled_by_user()
        own: list[socket.socket] = []
        self._tunnelled = False
        try:
            with self._pool.stream(
                method,
                self._url(path),
                headers=[(name.encode(), value.encode()) for name, value in named.items()],
                content=self._sent(body) if body else None,
                extensions={
                    "timeout": _TIMEOUT,
                    "trace": partial(self._note_socket, own),
                    "sni_hostname": self._address.raw_host.decode("ascii"),
                },
            ) as response:
                call = _Call(method, len(body), response)
                self._check(call)
                self._note_time(call.header("date"))
                if response.status != _PARTIAL:
                    parts.clear()
                self._receive(call, parts)
        except _FAULTS as error:
            if self.cancelled():
                raise cancelled_by_user() from error
            raise self._transport_fault(error, reached=bool(own)) from error
        finally:
            for one in own:
                one.close()
            if self._closed:  # `close` came while the connection was being made
                for one in self._sockets:
                    one.close()
        if into is not None:
            return Reply(call.headers, b"")
        return Reply(call.headers, _plain(call, bytes(parts)))

    def _url(self, path: str) -> httpcore2.URL:
        """The address of a call; what a server put in `path` is quoted."""
        base = self._address
        is_bracketed = self._proxy is not None and b":" in base.raw_host  # a CONNECT has it as is
        return httpcore2.URL(
            scheme=base.raw_scheme,
            host=b"[%b]" % base.raw_host if is_bracketed else base.raw_host,
            port=base.port,
            target=base.raw_path.rstrip(b"/") + quote(path).encode("ascii"),
        )

    def _sent(self, body: bytes) -> Iterator[bytes]:
        for start in range(0, len(body), _CHUNK):
            if self.cancelled():
                raise cancelled_by_user()
            yield body[start : start + _CHUNK]
            self.sending(min(start + _CHUNK, len(body)), len(body))
        self.has_left()

    def _receive(self, call: _Call, parts: bytearray) -> None:
        announced = call.header("content-length")
        total = int(announced) if announced.isascii() and announced.isdecimal() else 0
        came = 0
        for part in call.answer.iter_stream():
            parts += part
            came += len(part)
            if total >= _CHUNK:
                self.receiving(min(came, total), total)
            if len(parts) > MAX_ANSWER:
                raise not_ours("réponse démesurée")
            if self.cancelled():
                raise cancelled_by_user()

    def _check(self, call: _Call) -> None:
        """SyncError unless the status and the type are those of a good answer."""
        status = call.answer.status
        media = call.header("content-type").split(";")[0].strip().lower()
        if 300 <= status < 400:
            raise not_ours("il renvoie vers une autre adresse")
        if status >= 400:
            raise self._refusal(call, status, media)
        without_body = status == 204 or call.method == "HEAD"
        if status not in (200, 201, 204, _PARTIAL) or not (
            without_body or media in (JSON_TYPE, FILE_TYPE)
        ):
            raise not_ours("ce n'est pas une réponse de central")

    def _refusal(self, call: _Call, status: int, media: str) -> SyncError:
        problem = None
        if media == PROBLEM_TYPE and call.method != "HEAD":
            body = bytearray()
            self._receive(call, body)
            problem = self.decoded(_plain(call, bytes(body)), Problem)
        if status in _AGAIN:
            return Busy(status, _seconds(call.header("retry-after")), problem)
        name = "not-found" if call.method == "HEAD" else _BY_A_PROXY.get(status)
        if problem is None and name:
            said = _too_large(call.size) if status == _LARGE else ""
            problem = Problem(f"{PROBLEM_BASE}{name}", title=f"réponse {status}", detail=said)
        if problem is None or not (
            problem.type.startswith(PROBLEM_BASE)
            or status in _BY_STATUS
            or problem.name in _BY_NAME
        ):
            return not_ours(f"réponse {status}")
        problem = msgspec.structs.replace(problem, status=status)
        kind = "sign_in" if status == _UNKNOWN else _KINDS.get(problem.name, "refused")
        return Rejected(kind, problem)

    def _transport_fault(self, error: Exception, *, reached: bool) -> SyncError:
        """What a failed call means; `reached`: a connection was made, if only to a proxy."""
        is_unmade = isinstance(error, httpcore2.ConnectError | httpcore2.ConnectTimeout)
        # Later, what else TLS tells is that of a cut.
        fault = (tls_fault if is_unmade else certificate_wanted)(error, self.host)
        if fault is not None:
            return mistrusted(self._proxy) if self._proxy and not self._tunnelled else fault
        if isinstance(error, httpcore2.RemoteProtocolError) and "disconnected" not in str(error):
            return Cut()
        if self._proxy and isinstance(error, httpcore2.ProxyError):
            return refusal(self._proxy, self.host, str(error))
        if is_unmade:
            if self._proxy and not reached:
                return unreached(self._proxy)
            return offline(f"« {self.host} » ne peut être joint")
        return Lost(self.host)


def _too_large(size: int) -> str:
    return _TOO_LARGE if size > SMALL else _EVEN_SMALL


def _plain(call: _Call, body: bytes) -> bytes:
    """The body, decompressed."""
    coding = call.header("content-encoding").strip().lower()
    if coding in ("", "identity"):
        return body
    if coding not in CODINGS:
        raise not_ours("compression inconnue")
    try:
        return decompress(body, coding, MAX_ANSWER)
    except TooLarge as error:
        raise not_ours("réponse démesurée") from error
    except Damaged as error:
        raise not_ours("réponse abîmée") from error


_KINDS = {
    "client-outdated": "outdated",
    "busy": "busy",
    "too-many-tries": "busy",
}


def _seconds(text: str) -> float | None:
    """The seconds of a Retry-After; None when it gives a date, or is missing."""
    return min(float(text), _DAY) if text.isascii() and text.isdecimal() else None
