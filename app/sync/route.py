"""The way to a central: direct, or through the HTTP proxy that the system's settings name."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from app.errors import SyncError

_ASKS_WHO = "407"


def proxy_to(url: str) -> httpcore2.Proxy | None:
    """The proxy to an address, None without one; SyncError when it is of a kind we cannot use.

    The environment names it, else the system; hosts that these exempt are reached directly.
    """
    host = urlsplit(url).hostname or ""
    named = getproxies()
    text = named.get("https") or named.get("all")
    if not text or _is_loopback(host) or proxy_bypass(host):
        return None
    try:
        read = httpx2.Proxy(text if "://" in text else f"http://{text}")
        read.url.raw_host.decode("ascii").encode("idna")  # as whoever looks the host up does
    except (ValueError, httpx2.InvalidURL) as error:
        raise _unusable() from error
    place = read.url
    if place.scheme not in ("http", "https") or not place.host:
        raise _unusable()
    address = httpcore2.URL(
        scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=b"/"
    )
    return httpcore2.Proxy(address, auth=read.raw_auth)


def _unusable() -> SyncError:
    """The error for a proxy of another kind; its address may hold a password, so is not quoted."""
    return SyncError(
        "offline",
        "Les réglages réseau de cet ordinateur nomment un serveur mandataire (proxy) que ce"
        " programme ne peut prendre : rien n'est perdu, demandez à votre service informatique"
        " l'adresse d'un mandataire HTTP.",
    )


def unreached(proxy: httpcore2.Proxy) -> SyncError:
    """The error for a proxy that cannot be reached itself."""
    return SyncError(
        "offline",
        f"Le serveur mandataire (proxy) « {_name(proxy)} », que nomment les réglages réseau de"
        " cet ordinateur, ne peut être joint : rien n'est perdu, réessayez sur son réseau, ou"
        " faites corriger ces réglages.",
    )


def mistrusted(proxy: httpcore2.Proxy) -> SyncError:
    """The error for a proxy of HTTPS whose own TLS fails, by its certificate or for want of any."""
    return SyncError(
        "offline",
        f"Le serveur mandataire (proxy) « {_name(proxy)} », que nomment les réglages réseau de"
        " cet ordinateur, ne s'ouvre pas en HTTPS avec un certificat reconnu : rien n'est perdu,"
        " demandez à votre service informatique de voir ce certificat, ou ces réglages.",
    )


def refusal(proxy: httpcore2.Proxy, host: str, answer: str) -> SyncError:
    """The error for a proxy's refusal of a call to `host`; `answer` is its status and reason."""
    named = f"Le serveur mandataire (proxy) « {_name(proxy)} »"
    if answer.startswith("5"):
        said = f"{named} ne joint pas « {host} » : rien n'est perdu, réessayez bientôt."
    elif answer.startswith(_ASKS_WHO):
        said = (
            f"{named} demande un mot de passe que les réglages réseau de cet ordinateur ne donnent"
            " pas : rien n'est perdu, demandez à votre service informatique d'ouvrir"
            f" « {host} » sans mot de passe, ou réessayez par un autre réseau."
        )
    else:
        said = (
            f"{named} ne laisse pas passer vers « {host} » : rien n'est perdu, demandez à votre"
            " service informatique d'ouvrir cette adresse, ou réessayez par un autre réseau."
        )
    return SyncError("offline", said)


def _name(proxy: httpcore2.Proxy) -> str:
    return httpx2.URL(host=proxy.url.host.decode("ascii")).host


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
