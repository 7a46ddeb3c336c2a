"""The heads of requests: bounded in size and in time, for the server itself bounds neither.

Otherwise anyone who can connect, even without a token, could fill the memory with headers or keep
a connection for ever by never sending a request.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.central.problems import problem
from app.sync.protocol import PROBLEM_TYPE

MOST = 64 << 10
"""The bytes of a head, or of what stands around the chunks of a body, give or take one read."""

SECONDS = 15
"""How long a head may take to arrive, counted from the connection or from its own first byte."""

IDLE = 75
"""Seconds that a connection stays open without a new request, even if an answered body goes on."""

_UNREADABLE = f"La requête n'est pas du HTTP/1.1, ou son en-tête dépasse {MOST} octets."


class BoundedHeads(HttpToolsProtocol):
    """A connection that is closed when the head of a request does not end."""

    _deadline: TimerHandle | None = None
    _came = 0  # bytes since the last end of a head or part of a body
    _in_body = False  # a head ended, its request has not

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._close_in(SECONDS)

    def data_received(self, data: bytes) -> None:
        if self.cycle is None or self.cycle.response_complete:
            # Blank lines, or the rest of a body answered early: uvicorn stops timing them.
            self._close_in(IDLE if self._in_body else SECONDS)
        self._came += len(data)
        super().data_received(data)
        if self._came > MOST and not self.transport.is_closing():
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        self._came = 0
        self._in_body = True
        self._forget_deadline()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._came = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._came = 0
        self._in_body = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answers what is not HTTP, or too large a head, with a problem, and closes."""
        body = msgspec.json.encode(problem("malformed", _UNREADABLE))
        headers = [
            *self.server_state.default_headers,
            (b"content-type", PROBLEM_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        lines = [name + b": " + value for name, value in headers]
        self.transport.write(STATUS_LINE[400] + b"\r\n".join([*lines, b"", body]))
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_deadline()
        super().connection_lost(exc)

    def _close_in(self, seconds: float) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
