"""Which addresses and certificates the client accepts, and what it says of the others."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import httpx2

from app.errors import SyncError

_EXPIRED, _NOT_YET, _SELF_SIGNED, _WRONG_HOST = {10}, {9}, {18, 19}, {62, 64}
_INTERRUPTED = ("EOF", "RESET", "SHUTDOWN")

SIGN_IN = "Si ce réseau demande de s'identifier, faites-le dans un navigateur, puis recommencez"
"""What to try first when another server answers: it is often the portal of a public wifi."""


def checked_url(url: str) -> str:
    """The address of a central, in one form; SyncError unless it is https:// and bare."""
    text = "".join(filter(str.isprintable, url)).strip()  # a paste brings invisible ones
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port  # an impossible port raises
        httpx2.URL(text)
        (host or "").encode("idna")  # as whoever looks the host up does
    except (ValueError, httpx2.InvalidURL) as error:
        raise _bad_address(url) from error
    if parts.scheme == "http":
        raise SyncError(
            "certificate",
            f"L'adresse « {url} » n'est pas chiffrée : celle du central commence par https://,"
            " rien n'a été envoyé.",
        )
    if parts.scheme != "https" or not host or parts.username or parts.query or parts.fragment:
        raise _bad_address(url)
    place = parts.netloc.lower().removesuffix(":443")
    return parts._replace(netloc=place).geturl().rstrip("/")


def _bad_address(url: str) -> SyncError:
    return SyncError(
        "refused",
        f"« {url[:200]} » n'est pas l'adresse d'un central : elle a la forme"
        " https://central.exemple.fr.",
    )


def tls_context(ca: str | None) -> ssl.SSLContext:
    """TLS 1.2 at least, verified by the authority given (PEM), else by the system's store."""
    context: ssl.SSLContext
    if ca is None:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        try:
            context = ssl.create_default_context(cadata=ca)
        except (ssl.SSLError, TypeError, ValueError) as error:
            raise SyncError(
                "certificate",
                "Le fichier du certificat n'est pas au format PEM : demandez-le au GIP.",
            ) from error
        # Python 3.13 asks more of an authority than browsers do, and than what openssl makes has.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def tls_fault(error: BaseException, host: str) -> SyncError | None:
    """What a failed TLS handshake means; None when TLS is not the cause."""
    fault = _cause(error)
    if fault is None:
        return None
    if isinstance(fault, ssl.SSLCertVerificationError):
        reason = _reason(fault.verify_code, host)
        if fault.verify_code in (*_EXPIRED, *_NOT_YET):
            return SyncError(
                "certificate",
                f"{reason}, rien n'a été envoyé : vérifiez la date et l'heure de cet ordinateur ;"
                " si elles sont justes, prévenez le GIP.",
            )
        return SyncError(
            "certificate",
            f"{reason}, rien n'a été envoyé. {SIGN_IN} ; sinon, prévenez le GIP.",
        )
    if isinstance(fault, ssl.SSLEOFError) or any(word in str(fault) for word in _INTERRUPTED):
        return None
    if "PROTOCOL" in str(fault) or "HANDSHAKE" in str(fault):
        return SyncError(
            "certificate",
            f"« {host} » ne propose pas de connexion assez sûre (TLS 1.2 au moins) :"
            " rien n'a été envoyé, prévenez le GIP.",
        )
    return SyncError(
        "not_ours",
        f"« {host} » ne répond pas en HTTPS, ce n'est pas notre serveur : rien n'a été envoyé."
        f" {SIGN_IN} ; sinon, vérifiez l'adresse.",
    )


def certificate_wanted(error: BaseException, host: str) -> SyncError | None:
    """The error for a server that wants a certificate of us, which TLS 1.3 tells once the handshake
    is over for us; None for any other fault.
    """
    fault = _cause(error)
    if fault is None or "TLSV13_ALERT_CERTIFICATE_REQUIRED" not in str(fault):
        return None
    return SyncError(
        "certificate",
        f"« {host} » exige de cet ordinateur un certificat, que ce programme ne sait pas présenter"
        " : rien n'est perdu, prévenez le GIP.",
    )


def _cause(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _reason(code: int, host: str) -> str:
    if code in _EXPIRED:
        return f"Le certificat de « {host} » est périmé"
    if code in _NOT_YET:
        return f"Le certificat de « {host} » n'est pas encore valable"
    if code in _SELF_SIGNED:
        return f"Le certificat de « {host} » n'est signé par aucune autorité reconnue"
    if code in _WRONG_HOST:
        return f"Le certificat présenté n'est pas celui de « {host} »"
    return f"Le certificat de « {host} » ne vient pas d'une autorité reconnue"
