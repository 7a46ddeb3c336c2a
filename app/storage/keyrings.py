"""Secrets in the system's keyring; a backend counts only once it gave back what it was given."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

from app.domain.refusals import Refusal
from app.errors import UserError
from app.paths import APPLICATION

T = TypeVar("T")


def usable() -> bool:
    """Whether the system's keyring stores, gives back and forgets a probe."""
    name = f"essai-{secrets.token_hex(8)}"
    held = holds(name, secrets.token_hex(16))
    forget_secret(name)
    return held


def holds(name: str, secret: str) -> bool:
    """Keeps a secret, and tells whether the system's keyring gives it back.

    It is given twice at the most: GNOME's may lose what it takes as it forgets something else.
    """
    import keyring

    for _ in range(2):
        _asked(lambda: keyring.set_password(APPLICATION, name, secret))
        if read_secret(name) == secret:
            return True
    return False


def store_secret(name: str, secret: str, option: str = "--passphrase-file") -> None:
    """Keeps a secret; UserError names the other ways of protection when there is no keyring.

    `option` is what gives a passphrase on the command line.
    """
    if not holds(name, secret):
        raise UserError(
            "Aucun trousseau de clés utilisable sur ce système : choisissez une phrase de passe"
            f" (« passphrase », avec {option} FICHIER) ou renoncez à la protection (« none »)."
        ) from Refusal(
            "aucun trousseau de clés utilisable sur cet ordinateur : choisissez une phrase de"
            " passe.",
            field="mode",
        )


def read_secret(name: str) -> str | None:
    """A secret kept before; None when it is not there or when there is no keyring."""
    import keyring

    return _asked(lambda: keyring.get_password(APPLICATION, name))


def forget_secret(name: str) -> None:
    """Removes a secret, if it is there."""
    import keyring

    _asked(lambda: keyring.delete_password(APPLICATION, name))


def _asked(call: Callable[[], T]) -> T | None:
    """What the keyring answers; None when it cannot.

    It is asked twice: the system starts again, at the next call, a keyring that died. Backends
    raise what the libraries under them do, SecretStorage's errors among others.
    """
    for _ in range(2):
        try:
            return call()
        except Exception:  # noqa: BLE001, S112 - of any backend's
            continue
    return None
