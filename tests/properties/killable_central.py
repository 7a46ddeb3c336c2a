"""A central in a process of its own that starts in milliseconds, so that it can be killed often.

Run as a module, this is the process that they are forked from: everything is imported there once.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from app.clock import now
from app.sync.protocol import Limits
from tests.faults.points import watch_central

ROOT = Path(__file__).parents[2]


class Nursery:
    """The process that centrals are forked from."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.properties.killable_central"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, **order: Any) -> KillableCentral:
        """A central that serves by an order, whose parts `_serve` names."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        ready = json.loads(self._process.stdout.readline())
        return KillableCentral(ready["pid"], ready["url"])

    def close(self) -> None:
        """Ends the process; what it forked is to be stopped before."""
        self._process.communicate()


class KillableCentral:
    """A central that serves."""

    def __init__(self, pid: int, url: str) -> None:
        self.url = url
        self._pid = pid
        self._ended = os.pidfd_open(pid)

    def is_alive(self) -> bool:
        """Whether nothing ended it yet."""
        return self._ended >= 0 and not select.select([self._ended], [], [], 0)[0]

    def kill(self) -> None:
        """`kill -9`, whatever is under way."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stops in order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._ended < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._ended, how)
        select.select([self._ended], [], [])
        os.close(self._ended)
        self._ended = -1


def _serve(order: dict[str, Any]) -> int:
    """Serves by an order: database, certificate, key, journal, limits, years ahead, fatal point.

    A batch is large early, so that its traces wait in one row as those of a first upload do.
    """
    from app.central import traces
    from app.central.serve import Site, serve

    traces.MANY = 3
    points = watch_central(order["fatal"]) if order["fatal"] is not None else None
    journal = os.open(order["journal"], os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(journal, sys.stderr.fileno())
    ahead = timedelta(days=365.25 * order["years"])
    site = Site(
        database_url=order["database"],
        certificate=Path(order["certificate"]),
        key=Path(order["key"]),
        clock=lambda: now() + ahead,
        limits=msgspec.convert(order["limits"], Limits),
    )

    def ready(url: str) -> None:
        sys.stdout.write(json.dumps({"pid": os.getpid(), "url": url}) + "\n")
        sys.stdout.flush()
        if points is not None:
            points.begin()

    return serve(site, 1, ready)


def main() -> None:
    import psycopg  # noqa: F401 - there for each fork

    import app.central.serve  # noqa: F401 - as well

    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os._exit(_serve(json.loads(line)))


if __name__ == "__main__":
    main()
