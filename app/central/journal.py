"""The journal of the central: one JSON line a request, without personal data.

A line names the route, never the address called, the caller, a record, or a word of a body.
"""

from __future__ import annotations

import logging
import sys
import time
from asyncio import CancelledError
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar.types import ASGIApp, Message, Receive, Send

_log = logging.getLogger("commissions.central")


class _Line(logging.Formatter):
    """A record of the journal as one JSON line."""

    def format(self, record: logging.LogRecord) -> str:
        known: dict[str, Any] = getattr(record, "known", {})
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), **known}
        return msgspec.json.encode(line).decode()


def open_journal() -> None:
    """Sends the journal, and what the libraries have to say, to the standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    logging.getLogger().handlers = [handler]  # from the libraries, warnings and above
    _log.setLevel(logging.INFO)


def journalled(app: ASGIApp) -> ASGIApp:
    """The application, with a line in the journal for each request that it answers."""

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        seen: dict[str, float] = {"status": 0, "bytes": 0}

        def elapsed() -> float:
            return round((time.perf_counter() - began) * 1000, 1)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            elif message["type"] == "http.response.body":
                seen["bytes"] += len(message["body"])
            await send(message)
            seen["ms"] = elapsed()  # nobody waits for what is done after the answer

        try:
            with suppress(CancelledError):  # the grace of a stop is over: the line tells as much
                await app(scope, receive, sent)
        finally:
            known = {
                "method": scope["method"],
                "route": scope.get("path_template", ""),
                "ms": elapsed(),
                **seen,
            }
            _log.info("request", extra={"known": known})

    return answer
