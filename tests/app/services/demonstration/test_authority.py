from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from app.clock import now
from app.services.demonstration import authority


def shake_hands(files: authority.Authority, context: ssl.SSLContext, name: str) -> None:
    """One TLS handshake over loopback between a server with these files and a client."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            try:
                server.wrap_socket(connection, server_side=True).close()
            except (ssl.SSLError, ConnectionError):
                connection.close()  # the client would not have it, and says so on its side

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            with (
                socket.create_connection(listener.getsockname()) as raw,
                context.wrap_socket(raw, server_hostname=name),
            ):
                pass
        finally:
            thread.join()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_client_that_trusts_the_authority_accepts_the_loopback(name: str, tmp_path: Path) -> None:
    files = authority.make(tmp_path, now())
    shake_hands(files, ssl.create_default_context(cafile=str(files.ca)), name)


def test_a_client_that_does_not_trust_it_refuses(tmp_path: Path) -> None:
    files = authority.make(tmp_path / "one", now())
    other = authority.make(tmp_path / "other", now())
    context = ssl.create_default_context(cafile=str(other.ca))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(files, context, "127.0.0.1")


def test_the_certificate_is_for_the_loopback_alone(tmp_path: Path) -> None:
    files = authority.make(tmp_path, now())
    context = ssl.create_default_context(cafile=str(files.ca))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(files, context, "central.example")


def test_the_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    files = authority.make(tmp_path, now())
    assert files.key.stat().st_mode & 0o077 == 0
