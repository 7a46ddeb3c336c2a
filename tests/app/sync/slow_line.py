"""A slow line between a laptop and the central: bytes go through as they are, or wait."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Lock, Thread
from typing import Literal
from urllib.parse import urlsplit

from tests.central_server import Central

Way = Literal["up", "down"]

_BUFFER = 64 << 10
"""What the system may keep of a line that is held, in bytes: else it swallows a whole batch."""


class SlowLine:
    """Carries connections to a central; `hold` stops one way of them after so many bytes."""

    def __init__(self, central: Central) -> None:
        self.url = ""
        self.held = Event()
        self._to = urlsplit(central.url)
        self._free = Event()
        self._way: Way | None = None
        self._left = 0
        self._lock = Lock()

    def hold(self, way: Way, after: int = 0) -> None:
        """Lets so many more bytes go one way, then none until `release`; `held` tells that."""
        with self._lock:
            self.held.clear()
            self._free.clear()
            self._way, self._left = way, after

    def release(self) -> None:
        with self._lock:
            self._way = None
        self._free.set()

    def carry(self, line: socket.socket) -> None:
        """One connection, both ways, until either side ends it."""
        with socket.create_connection((self._to.hostname or "", self._to.port or 0)) as central:
            up = Thread(target=self._pump, args=("up", line, central))
            up.start()
            self._pump("down", central, line)
            up.join()

    def _pump(self, way: Way, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(16 << 10):
                self._wait(way, len(part))
                target.sendall(part)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _wait(self, way: Way, size: int) -> None:
        with self._lock:
            self._left -= size if way == self._way else 0
            waits = way == self._way and self._left < 0
        if waits:
            self.held.set()
            self._free.wait()


@contextmanager
def slowed(central: Central) -> Iterator[SlowLine]:
    """A line to a central, on a free port of the loopback."""
    line = SlowLine(central)

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            line.carry(self.request)

    class Server(ThreadingTCPServer):
        def server_bind(self) -> None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            super().server_bind()

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        line.url = f"https://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield line
        finally:
            line.release()
            server.shutdown()
            thread.join()
