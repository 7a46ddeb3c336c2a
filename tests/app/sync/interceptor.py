"""A proxy that breaks TLS: it answers CONNECT under its own certificates, reads and forwards."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from urllib.parse import urlsplit

import trustme

from tests.central_server import Central


class Interceptor:
    """What the proxy was asked in the clear, and what it read of what TLS should have hidden."""

    def __init__(self, central: Central) -> None:
        self.central = central
        self.authority = trustme.CA()
        self.port = 0
        self.asked = b""
        self.read = b""

    def handle(self, line: socket.socket) -> None:
        """One connection, from its CONNECT to its end."""
        self.asked += _until_blank(line)
        host = self.asked.split()[1].rpartition(b":")[0].decode().strip("[]")
        line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(host).configure_cert(context)
        with suppress(OSError), context.wrap_socket(line, server_side=True) as opened:
            self._forward(opened)

    def _forward(self, opened: ssl.SSLSocket) -> None:
        """One request and its answer: enough for a call."""
        request = _until_blank(opened)
        self.read += request
        address = urlsplit(self.central.url)
        context = ssl.create_default_context(cafile=str(self.central.authority))
        plain = socket.create_connection((address.hostname or "", address.port or 0))
        with context.wrap_socket(plain, server_hostname=address.hostname) as upstream:
            upstream.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            while part := upstream.recv(1 << 16):
                opened.sendall(part)


def _until_blank(line: socket.socket) -> bytes:
    """What comes up to the blank line that ends a request's head, or to the end."""
    head = b""
    while b"\r\n\r\n" not in head and (part := line.recv(1 << 16)):
        head += part
    return head


@contextmanager
def intercepting(central: Central) -> Iterator[Interceptor]:
    """An interceptor before a central, on a free port of the loopback."""
    interceptor = Interceptor(central)

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            interceptor.handle(self.request)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        interceptor.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield interceptor
        server.shutdown()
        thread.join()
