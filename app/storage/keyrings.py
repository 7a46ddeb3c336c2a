"""Secrets in the system's keyring; a secret counts as kept only once it was read back."""

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
    """Stores a secret; gives whether the system's keyring gives it back.

    It is stored again once if not: GNOME's keyring may lose one while it forgets another.
    """
    import keyring

    for _ in range(2):
        _asked(lambda: keyring.set_password(APPLICATION, name, secret))
        if read_secret(name) == secret:
            return True
    return False


def store_secret(name: str, secret: str, option: str = "--passphrase-file") -> None:
    """Stores a secret; UserError names the other protections when there is no keyring.

    `option` is the command-line option that gives a passphrase.
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
    """A stored secret; None when it is not there, or there is no keyring."""
    return told(name)[0]


def told(name: str) -> tuple[str | None, bool]:
    """A stored secret if it is there, and whether the keyring answered at all.

    It does not where it stays locked, or in a session that has none.
    """
    import keyring

    answer = _asked(lambda: (keyring.get_password(APPLICATION, name),))
    return (None, False) if answer is None else (answer[0], True)


def forget_secret(name: str) -> None:
    """Removes a secret, if it is there."""
    import keyring

    _asked(lambda: keyring.delete_password(APPLICATION, name))


def _asked(call: Callable[[], T]) -> T | None:
    """What the keyring answers; None when it fails.

    It is asked twice, as the system restarts a dead keyring at the next call. Any exception is
    caught, as backends let through those of their libraries (SecretStorage and others).
    """
    for _ in range(2):
        try:
            return call()
        except Exception:  # noqa: BLE001, S112 - of any backend's
            continue
    return None
