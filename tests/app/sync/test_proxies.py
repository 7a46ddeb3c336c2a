"""The proxy that a computer's settings name: taken, passed by, or said to be in the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
import trustme

from app.errors import SyncError
from app.sync.client import Central as Client
from tests.app.sync.interceptor import intercepting
from tests.app.sync.meddler import Meddler, certificate_for, https
from tests.central_server import Central

HOST = "127.0.0.1"
ELSEWHERE = "https://central.invalid"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@contextmanager
def answering(status: str) -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that gives that answer to all; with its port, what it heard."""
    heard: list[bytes] = []

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            heard.append(self.request.recv(1 << 16))
            self.request.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    with ThreadingTCPServer((HOST, 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1], heard
        server.shutdown()
        thread.join()


def fault_of_a_call() -> SyncError:
    with pytest.raises(SyncError) as caught, Client(ELSEWHERE, token="secret") as client:
        client.device()
    return caught.value


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("403 Forbidden", "ne laisse pas passer vers « central.invalid »"),
        ("407 Proxy Authentication Required", "demande un mot de passe"),
        ("503 Service Unavailable", "ne joint pas « central.invalid »"),
    ],
)
def test_a_proxy_that_lets_nothing_pass_is_named_with_what_there_is_to_do(
    monkeypatch: pytest.MonkeyPatch, status: str, words: str
) -> None:
    with answering(status) as (port, heard):
        monkeypatch.setenv("https_proxy", f"http://lea:motdepasse@{HOST}:{port}")
        fault = fault_of_a_call()
    assert fault.kind == "offline"
    assert f"« {HOST} »" in fault.sentence
    assert words in fault.sentence
    assert "motdepasse" not in fault.sentence
    assert len(heard) == 1
    assert heard[0].startswith(b"CONNECT central.invalid:443 ")
    assert b"secret" not in heard[0]


def test_a_proxy_out_of_reach_is_not_taken_for_the_central(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://{HOST}:9")
    fault = fault_of_a_call()
    assert fault.kind == "offline"
    assert f"« {HOST} », que nomment les réglages" in fault.sentence


def test_a_proxy_of_https_is_blamed_for_its_own_certificate(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Meddler(central, "", "")
    with https(certificate_for(trustme.CA(), HOST), proxy) as port:
        monkeypatch.setenv("https_proxy", f"https://{HOST}:{port}")
        fault = fault_of_a_call()
    assert fault.kind == "offline"
    assert f"« {HOST} », que nomment les réglages" in fault.sentence
    assert "certificat reconnu" in fault.sentence
    assert proxy.heard == []


def test_a_proxy_called_by_https_that_speaks_http_is_blamed_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering("400 Bad Request") as (port, _):
        monkeypatch.setenv("https_proxy", f"https://{HOST}:{port}")
        assert f"« {HOST} », que nomment les réglages" in fault_of_a_call().sentence


def test_a_proxy_is_named_as_the_settings_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://forêt.invalid:9")
    assert "« forêt.invalid », que nomment les réglages" in fault_of_a_call().sentence


@pytest.mark.parametrize(
    "setting",
    [
        "socks://127.0.0.1:1080/",  # as GNOME writes it
        "socks5://127.0.0.1:1080",
        "ftp://127.0.0.1:21",
        "http://127.0.0.1:port",
        "http://lea:mot#de:passe@127.0.0.1:3128",
        "http://",
        "http://mandataire..exemple.fr:3128",
    ],
)
def test_a_setting_that_names_no_usable_proxy_is_said(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("all_proxy", setting)
    fault = fault_of_a_call()
    assert fault.kind == "offline"
    assert "que ce programme ne peut prendre" in fault.sentence
    assert "passe@" not in fault.sentence


def test_a_setting_for_other_traffic_is_of_no_account(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    with intercepting(central) as proxy:
        monkeypatch.setenv("https_proxy", f"{HOST}:{proxy.port}")
        monkeypatch.setenv("all_proxy", "socks://127.0.0.1:1080/")
        pem = proxy.authority.cert_pem.bytes().decode()
        with Client(ELSEWHERE, ca=pem) as client:
            assert client.capabilities().api.max >= 1


def test_a_central_of_ipv6_is_asked_of_a_proxy_between_brackets(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    with intercepting(central) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{HOST}:{proxy.port}")
        pem = proxy.authority.cert_pem.bytes().decode()
        with Client("https://[2001:db8::1]:8443", ca=pem) as client:
            assert client.capabilities().api.max >= 1
    assert proxy.asked.startswith(b"CONNECT [2001:db8::1]:8443 ")
    assert b"\r\nHost: [2001:db8::1]:8443\r\n" in proxy.read


@pytest.mark.parametrize("spared", ["central.invalid", ".invalid", "*"])
def test_a_central_that_the_settings_spare_is_called_straight(
    monkeypatch: pytest.MonkeyPatch, spared: str
) -> None:
    with answering("403 Forbidden") as (port, heard):
        monkeypatch.setenv("https_proxy", f"http://{HOST}:{port}")
        monkeypatch.setenv("no_proxy", spared)
        fault = fault_of_a_call()
    assert "« central.invalid » ne peut être joint" in fault.sentence
    assert heard == []


def test_a_central_on_this_machine_is_called_straight(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://{HOST}:9")
    with Client(central.url, ca=central.authority.read_text()) as client:
        assert client.capabilities().api.max >= 1
