"""The client of the central: one open HTTPS connection, every failure one French sentence."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from app import __version__
from app.errors import SyncError
from app.sync.compression import CODINGS, Damaged, TooLarge, decompress
from app.sync.protocol import (
    JSON_TYPE,
    PROBLEM_BASE,
    PROBLEM_TYPE,
    Capabilities,
    Device,
    Enrolment,
    EnrolmentRequest,
    Feed,
    NewToken,
    Problem,
    Revisions,
    SyncResponse,
)
from app.sync.trust import checked_url, tls_context, tls_fault

Progress = Callable[[int, int], None]
"""Told how many bytes of a body have left, of how many."""

MAX_ANSWER = 64 << 20
"""Bytes of an answer, as it travels and decompressed; a longer one is not our server's."""

_TIMEOUT = httpx2.Timeout(60.0, connect=10.0)
_CHUNK = 64 << 10
_TRIES = 3
_TOO_LARGE = 413
_LONGEST_WAIT = 30.0
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_T = TypeVar("_T")


class Rejected(SyncError):
    """The central answered with a problem of its own (RFC 9457)."""

    def __init__(self, kind: str, problem: Problem) -> None:
        detail = " ".join(problem.detail.split())[:300]
        super().__init__(kind, detail or f"Le central refuse la demande : {problem.title}.")
        self.problem = problem


def not_ours(why: str) -> SyncError:
    """The sentence for an answer that our central cannot have given."""
    return SyncError(
        "not_ours",
        f"Ce n'est pas notre serveur qui a répondu ({why}), rien n'a été modifié :"
        " vérifiez l'adresse et le réseau, puis recommencez.",
    )


def cancelled_by_user() -> SyncError:
    """The sentence for an exchange that the user stopped."""
    return SyncError(
        "cancelled", "La synchronisation est interrompue : elle reprendra où elle en était."
    )


class Central:
    """Calls to one central; `pause(seconds)` waits before a call is made again."""

    def __init__(
        self,
        url: str,
        *,
        ca: str | None = None,
        token: str | None = None,
        progress: Progress = lambda _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = checked_url(url)
        self.host = urlsplit(self.url).hostname or ""
        self.progress = progress
        self.cancelled = cancelled
        self._pause = pause
        self._client = httpx2.Client(
            verify=tls_context(ca),
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=not _is_loopback(self.host),
            headers={
                "User-Agent": f"commissions-numeriques/{__version__}",
                "Accept": f"{JSON_TYPE}, {PROBLEM_TYPE}",
                "Accept-Encoding": ", ".join(CODINGS),
            },
        )
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
        self._client.close()

    def sign_in(self, token: str) -> None:
        """Uses the token for the calls to come."""
        self._client.headers["Authorization"] = f"Bearer {token}"

    # The calls

    def capabilities(self) -> Capabilities:
        """What the central can do, and the key that signs its receipts."""
        return self._get("/v1/capabilities", Capabilities)

    def enrol(self, code: str, device_name: str) -> Enrolment:
        """Trades the one-time code for a token; never made again, for the code is spent."""
        body = msgspec.json.encode(EnrolmentRequest(code=code, device_name=device_name[:200]))
        return self._read(self._once("POST", "/v1/enrolments", body), Enrolment)

    def device(self) -> Device:
        """This device, its account and the spaces granted."""
        return self._get("/v1/devices/self", Device)

    def sign_out(self) -> None:
        """Revokes this device's token."""
        self._again("DELETE", "/v1/devices/self")

    def rotate(self) -> str:
        """A fresh token; the former one stays valid until it is first used."""
        return self._read(self._again("POST", "/v1/devices/self/token"), NewToken).token

    def exchange(self, body: bytes, coding: str) -> SyncResponse:
        """One exchange, the same bytes again after a lost reply, a 5xx or a 429."""
        return self._read(self._again("POST", "/v1/sync", body, coding), SyncResponse)

    def changes(self, space: str, after: int) -> Feed:
        """A page of a space's changes, to read only."""
        return self._get(f"/v1/spaces/{space}/changes?after={after}", Feed)

    def revisions(self, record_id: str) -> Revisions:
        """Who changed a record, the newest first."""
        return self._get(f"/v1/records/{record_id}/revisions", Revisions)

    def _get(self, path: str, answer: type[_T]) -> _T:
        return self._read(self._again("GET", path), answer)

    def _read(self, body: bytes, answer: type[_T]) -> _T:
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise not_ours("réponse illisible") from error

    # The transport

    def _again(self, method: str, path: str, body: bytes = b"", coding: str = "") -> bytes:
        """The answer's body; a call that may have been lost is made again with the same bytes."""
        for tries in range(1, _TRIES + 1):
            try:
                return self._once(method, path, body, coding)
            except _Busy as busy:
                if tries == _TRIES or busy.wait > _LONGEST_WAIT:
                    raise
                self._wait(busy.wait, tries)
            except _Lost:
                if tries == _TRIES:
                    raise
                self._wait(0.0, tries)
        raise AssertionError("unreachable")

    def _wait(self, least: float, tries: int) -> None:
        if self.cancelled():
            raise cancelled_by_user()
        self._pause(least + random.uniform(0, 0.4) * tries)  # noqa: S311 - jitter, no secret

    def _once(self, method: str, path: str, body: bytes = b"", coding: str = "") -> bytes:
        headers = {"Content-Type": JSON_TYPE, "Content-Length": str(len(body))} if body else {}
        if coding:
            headers["Content-Encoding"] = coding
        content = self._sent(body) if body else None
        try:
            with self._stream(method, path, headers, content) as response:
                return self._checked(response)
        except httpx2.HTTPError as error:
            raise self._transport_fault(error) from error

    def _stream(
        self, method: str, path: str, headers: dict[str, str], content: Iterator[bytes] | None
    ) -> AbstractContextManager[httpx2.Response]:
        return self._client.stream(method, self.url + path, headers=headers, content=content)

    def _sent(self, body: bytes) -> Iterator[bytes]:
        for start in range(0, len(body), _CHUNK):
            if self.cancelled():
                raise cancelled_by_user()
            yield body[start : start + _CHUNK]
            self.progress(min(start + _CHUNK, len(body)), len(body))

    def _checked(self, response: httpx2.Response) -> bytes:
        """The body of a good answer; SyncError for any other."""
        status = response.status_code
        media = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        if 300 <= status < 400:
            raise not_ours("il renvoie vers une autre adresse")
        if status >= 400:
            raise self._refusal(response, status, media)
        if status == 204:
            return b""
        if status not in (200, 201) or media != JSON_TYPE:
            raise not_ours("ce n'est pas une réponse de central")
        return self._body(response)

    def _refusal(self, response: httpx2.Response, status: int, media: str) -> SyncError:
        problem = None
        if media == PROBLEM_TYPE:
            problem = self._read(self._body(response), Problem)
        if status in _AGAIN:
            return _Busy(_seconds(response.headers.get("Retry-After", "")), problem)
        if problem is None and status == _TOO_LARGE:  # by a proxy on the way
            problem = Problem(type=f"{PROBLEM_BASE}too-large", title="Envoi trop grand", status=413)
        if problem is None or not problem.type.startswith(PROBLEM_BASE):
            return not_ours(f"réponse {status}")
        problem = msgspec.structs.replace(problem, status=status)
        return Rejected(_KINDS.get(problem.name, "refused"), problem)

    def _body(self, response: httpx2.Response) -> bytes:
        parts, size = [], 0
        for part in response.iter_raw():
            size += len(part)
            if size > MAX_ANSWER:
                raise not_ours("réponse démesurée")
            if self.cancelled():
                raise cancelled_by_user()
            parts.append(part)
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        whole = b"".join(parts)
        if not coding or coding == "identity":
            return whole
        if coding not in CODINGS:
            raise not_ours("compression inconnue")
        try:
            return decompress(whole, coding, MAX_ANSWER)
        except TooLarge as error:
            raise not_ours("réponse démesurée") from error
        except Damaged as error:
            raise not_ours("réponse abîmée") from error

    def _transport_fault(self, error: httpx2.HTTPError) -> SyncError:
        fault = tls_fault(error, self.host)
        if fault is not None:
            return fault
        if isinstance(error, httpx2.RemoteProtocolError) and "disconnected" not in str(error):
            return not_ours("réponse tronquée")
        if isinstance(error, httpx2.ProxyError):
            return _offline("Le serveur mandataire du réseau refuse la connexion")
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return _offline(f"« {self.host} » ne peut être joint")
        return _Lost("offline", _offline(f"« {self.host} » ne répond plus").sentence)


_KINDS = {
    "sign-in": "sign_in",
    "client-outdated": "outdated",
    "busy": "busy",
    "too-many-tries": "busy",
}


def _offline(why: str) -> SyncError:
    return SyncError(
        "offline", f"{why} : vos modifications sont gardées, réessayez avec un réseau."
    )


class _Lost(SyncError):
    """The connection broke once made: the call may or may not have been heard."""


class _Busy(SyncError):
    """The central asks to come back in `wait` seconds."""

    def __init__(self, wait: float, problem: Problem | None) -> None:
        detail = " ".join(problem.detail.split())[:300] if problem else ""
        super().__init__(
            "busy",
            detail or "Le central est occupé : vos modifications sont gardées, réessayez bientôt.",
        )
        self.wait = wait


def _seconds(text: str) -> float:
    """The seconds of a Retry-After; a date, or nothing, counts as one second."""
    return float(text) if text.isascii() and text.isdecimal() else 1.0


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
