"""Servers that are not to be believed: refused with a sentence before any byte of a request."""

from __future__ import annotations

import socket
import ssl
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.central.accounts import list_facilitators, revoke_facilitator
from app.central.schema import signing_keys
from app.central.signing import make_key
from app.errors import SyncError
from app.sync.client import Central as Client
from app.sync.trust import tls_context
from tests.app.sync.conftest import Laptop
from tests.app.sync.interceptor import intercepting
from tests.app.sync.meddler import Meddler, certificate_for, https, saying
from tests.central_server import Central

HOST = "127.0.0.1"
PEM = serialization.Encoding.PEM


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    return serving(folder, key, issued(HOST, key, HOST).sign(key, hashes.SHA256()))


def of_a_bare_authority(folder: Path) -> ssl.SSLContext:
    """Leaves the authority's certificate in « authority.pem », as `openssl req -x509` makes it."""
    above, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = (
        issued("Autorité", above, "Autorité")
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(above, hashes.SHA256())
    )
    (folder / "authority.pem").write_bytes(authority.public_bytes(PEM))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    certificate = issued(HOST, key, "Autorité").add_extension(names, critical=False)
    return serving(folder, key, certificate.sign(above, hashes.SHA256()))


def issued(subject: str, key: ec.EllipticCurvePrivateKey, issuer: str) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def serving(
    folder: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> ssl.SSLContext:
    private = key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + certificate.public_bytes(PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def expired(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    authority.issue_cert(HOST, not_after=yesterday).configure_cert(context)
    return context


def old_protocol(authority: trustme.CA) -> ssl.SSLContext:
    context = certificate_for(authority, HOST)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


CASES: dict[str, tuple[Callable[[trustme.CA, Path], ssl.SSLContext | None], str, str]] = {
    "self-signed": (lambda ca, folder: self_signed(folder), "certificate", "aucune autorité"),
    "unknown authority": (
        lambda ca, folder: certificate_for(trustme.CA(), HOST), "certificate", "autorité",
    ),
    "another host": (
        lambda ca, folder: certificate_for(ca, "example.org"), "certificate", "n'est pas celui",
    ),
    "expired": (lambda ca, folder: expired(ca), "certificate", "vérifiez la date"),
    "TLS 1.1": (lambda ca, folder: old_protocol(ca), "certificate", "TLS 1.2"),
    "plain HTTP": (lambda ca, folder: None, "not_ours", "notre serveur"),
}  # fmt: skip


@pytest.mark.parametrize("named", [True, False], ids=["named authority", "system's store"])
@pytest.mark.parametrize("case", CASES)
def test_no_byte_of_a_request_reaches_a_server_not_to_be_believed(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, named: bool
) -> None:
    made, kind, words = CASES[case]
    authority = trustme.CA()
    pem = authority.cert_pem.bytes().decode()
    put_in_the_store(authority, tmp_path, monkeypatch)
    meddler = Meddler(central, "", pem)
    with https(made(authority, tmp_path), meddler) as port:
        client = Client(f"https://{HOST}:{port}", ca=pem if named else None, token="secret")
        with client, pytest.raises(SyncError) as caught:
            client.device()
    assert caught.value.kind == kind
    assert words in caught.value.sentence
    portal = case not in ("expired", "TLS 1.1")
    assert ("s'identifier, faites-le dans un navigateur" in caught.value.sentence) is portal
    assert meddler.heard == []


def put_in_the_store(authority: trustme.CA, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the system's store hold an authority alone."""
    authority.cert_pem.write_to_path(folder / "store.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "store.pem"))


def test_an_authority_of_the_system_s_store_is_believed_unnamed(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    put_in_the_store(authority, tmp_path, monkeypatch)
    with (
        closing(Meddler(central, "", "")) as meddler,
        https(certificate_for(authority, HOST), meddler) as port,
        Client(f"https://{HOST}:{port}") as client,
    ):
        assert client.capabilities().api.max >= 1


@pytest.mark.parametrize("named", [True, False], ids=["named authority", "system's store"])
def test_tls_1_1_is_refused_where_the_system_would_still_speak_it(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    """Debian's OpenSSL refuses it by itself; others may not."""
    authority = trustme.CA()
    pem = authority.cert_pem.bytes().decode()
    put_in_the_store(authority, tmp_path, monkeypatch)
    context = tls_context(pem if named else None)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with (
        https(old_protocol(authority), Meddler(central, "", pem)) as port,
        socket.create_connection((HOST, port)) as line,
        pytest.raises(ssl.SSLError, match="PROTOCOL"),
    ):
        context.wrap_socket(line, server_hostname=HOST)


def test_a_server_that_wants_a_certificate_of_us_is_told_at_once(central: Central) -> None:
    authority = trustme.CA()
    pem = authority.cert_pem.bytes().decode()
    context = certificate_for(authority, HOST)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    meddler = Meddler(central, "", pem)
    with https(context, meddler) as port:
        client = Client(f"https://{HOST}:{port}", ca=pem, token="secret")
        with client, pytest.raises(SyncError, match="exige de cet ordinateur") as caught:
            client.device()
    assert caught.value.kind == "certificate"
    assert (meddler.connections, meddler.heard) == (1, [])


ELSEWHERE = "https://central.exemple.fr"


@pytest.mark.parametrize("named", [True, False], ids=["named authority", "system's store"])
def test_a_proxy_that_breaks_tls_reads_no_byte_of_a_request(
    central: Central, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    pem = central.authority.read_text() if named else None
    with intercepting(central) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{HOST}:{proxy.port}")
        client = Client(ELSEWHERE, ca=pem, token="secret")
        with client, pytest.raises(SyncError) as caught:
            client.device()
    assert caught.value.kind == "certificate"
    assert "rien n'a été envoyé" in caught.value.sentence
    assert proxy.asked.startswith(b"CONNECT central.exemple.fr:443 ")
    assert b"secret" not in proxy.asked
    assert proxy.read == b""


def test_a_proxy_whose_authority_is_named_would_read_all(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    with intercepting(central) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{HOST}:{proxy.port}")
        pem = proxy.authority.cert_pem.bytes().decode()
        with Client(ELSEWHERE, ca=pem) as client:
            assert client.capabilities().api.max >= 1
    assert proxy.read.startswith(b"GET /v1/capabilities ")


def test_an_authority_made_by_openssl_is_believed_on_every_python(
    central: Central, tmp_path: Path
) -> None:
    """It says nothing of the use of its key, which 3.13 asks for unless told otherwise."""
    context = of_a_bare_authority(tmp_path)
    pem = (tmp_path / "authority.pem").read_text()
    with (
        closing(Meddler(central, "", pem)) as meddler,
        https(context, meddler) as port,
        Client(f"https://{HOST}:{port}", ca=pem) as client,
    ):
        assert client.capabilities().api.max >= 1


def test_without_a_named_authority_the_system_decides(central: Central) -> None:
    with Client(central.url) as client, pytest.raises(SyncError) as caught:
        client.capabilities()
    assert caught.value.kind == "certificate"


@pytest.mark.parametrize(
    "url",
    [
        "http://central.exemple.fr",
        "http://127.0.0.1:8000",
        "central.exemple.fr",
        "ftp://central.exemple.fr",
        "https://",
        "https://moi:secret@central.exemple.fr",
        "https://central.exemple.fr/?a=1",
        "https://central.exemple.fr:99999",
        "https://[::1",
        "https://central..exemple.fr",
        "https://exämple..fr",
        f"https://{'a' * 300}",
        "https://.",
        "https://\u00ad",
        f"https://central.exemple.fr/{'a' * 70_000}",
        "",
    ],
)
def test_only_a_plain_https_address_is_a_central(url: str) -> None:
    with pytest.raises(SyncError):
        Client(url)


@pytest.mark.parametrize(
    "url", ["https://central.exemple.fr\u200b/", "\ufeffhttps://central.\texemple.fr"]
)
def test_what_a_paste_brings_along_unseen_is_no_part_of_an_address(url: str) -> None:
    with closing(Client(url)) as client:
        assert client.url == "https://central.exemple.fr"


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTPS://Central.Exemple.fr:443/", "https://central.exemple.fr"),
        ("https://central.exemple.fr:8443/Dijon/", "https://central.exemple.fr:8443/Dijon"),
        ("https://[2001:DB8::443]:443", "https://[2001:db8::443]"),
    ],
)
def test_an_address_has_one_form_however_it_was_typed(url: str, same: str) -> None:
    with closing(Client(url)) as client:
        assert client.url == same


@pytest.mark.parametrize("text", ["bonjour", "bien reçu"])
def test_an_authority_that_is_no_certificate_is_refused(text: str) -> None:
    with pytest.raises(SyncError, match="PEM"):
        Client("https://central.exemple.fr", ca=text)


def test_nobody_there_is_being_offline(laptop: Callable[..., Laptop], central: Central) -> None:
    anne = laptop("anne")
    anne.url = "https://127.0.0.1:9"
    with pytest.raises(SyncError) as caught:
        anne.services.sync.enrol(anne.url, "CODE", anne.authority)
    assert caught.value.kind == "offline"


def test_the_token_never_follows_a_redirection(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, _ = troubled
    before = len(meddler.heard)
    meddler.next(saying(307, b"", Location=f"{meddler.url}/ailleurs"))
    with pytest.raises(SyncError, match="autre adresse"):
        anne.sync()
    assert [heard.path for heard in meddler.heard[before:]] == ["/v1/sync"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirection_leads_to_another_host(central: Central, status: int) -> None:
    authority = trustme.CA()
    pem = authority.cert_pem.bytes().decode()
    other, meddler = (Meddler(central, "", pem) for _ in range(2))
    context = certificate_for(authority, HOST, "localhost")
    with https(context, other) as elsewhere, https(context, meddler) as port:
        there = f"https://localhost:{elsewhere}/v1/devices/self"
        meddler.next(saying(status, b"", Location=there), only="/v1/devices/self")
        client = Client(f"https://{HOST}:{port}", ca=pem, token="secret")
        with client, pytest.raises(SyncError, match="autre adresse") as caught:
            client.device()
    assert caught.value.kind == "not_ours"
    assert (len(meddler.heard), other.connections) == (1, 0)


def test_a_revoked_laptop_keeps_its_work_and_hands_it_over_in_a_file(
    central: Central, pair: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    with central.database.writing() as connection:
        (account,) = list_facilitators(connection)
        revoke_facilitator(connection, central.clock(), account.id)
    with pytest.raises(SyncError) as caught:
        anne.sync()
    assert caught.value.kind == "sign_in"
    assert anne.stored(need).edits == 1
    anne.services.exports.archive(tmp_path / "travail.zip")
    benoit.services.imports.archive(tmp_path / "travail.zip")
    assert benoit.get(need)["title"] == "Fibre"


def test_a_renewed_key_is_followed_along_its_endorsements(
    central: Central, troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, _ = troubled
    for _ in range(2):
        with central.database.writing() as connection:
            newest = make_key(connection, central.clock())
    need = anne.put("need", title="Fibre")
    anne.sync()
    proof = anne.services.receipts.proof(need)
    assert proof is not None
    assert proof.receipt.key_id == newest
    asked = len(meddler.calls("/v1/capabilities"))
    anne.put("need", need, title="La fibre")
    assert [line.id for line in anne.sync().sent] == [need]
    assert len(meddler.calls("/v1/capabilities")) == asked


def test_a_key_that_nothing_endorses_signs_nothing(
    central: Central, pair: tuple[Laptop, Laptop]
) -> None:
    anne, _ = pair
    with central.database.writing() as connection:
        make_key(connection, central.clock())
        connection.execute(signing_keys.update().values(endorsement="AAAA"))
    need = anne.put("need", title="Fibre")
    with pytest.raises(SyncError, match="clé inconnue"):
        anne.sync()
    assert anne.stored(need).edits == 1
    anne.enrol(list_of(central)[0])  # a new code pins the new key
    assert [line.id for line in anne.sync().sent] == [need]


def list_of(central: Central) -> list[str]:
    with central.database.reading() as connection:
        return [account.id for account in list_facilitators(connection)]
