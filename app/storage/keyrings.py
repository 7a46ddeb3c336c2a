"""Secrets in the system's keyring; a backend counts only once it gave back what it was given."""

from __future__ import annotations

import secrets

from app.errors import UserError

SERVICE = "commissions-numeriques"


def usable() -> bool:
    """Whether the system's keyring stores, gives back and forgets a probe."""
    import keyring
    from keyring.backends import fail, null
    from keyring.errors import KeyringError

    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring):
        return False
    name, probe = f"essai-{secrets.token_hex(8)}", secrets.token_hex(16)
    try:
        keyring.set_password(SERVICE, name, probe)
        found = keyring.get_password(SERVICE, name)
        keyring.delete_password(SERVICE, name)
    except (KeyringError, RuntimeError, OSError):
        return False
    return found == probe


def store_secret(name: str, secret: str) -> None:
    """Keeps a secret; UserError names the other ways of protection when there is no keyring."""
    if not usable():
        raise UserError(
            "Aucun trousseau de clés utilisable sur ce système : choisissez une phrase de passe"
            " (--protect passphrase --passphrase-file FICHIER) ou renoncez à la protection"
            " (--protect none)."
        )
    import keyring

    keyring.set_password(SERVICE, name, secret)


def read_secret(name: str) -> str | None:
    """A secret kept before; None when it is not there or when there is no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name)
    except (KeyringError, RuntimeError, OSError):
        return None


def forget_secret(name: str) -> None:
    """Removes a secret, if it is there."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, name)
    except (KeyringError, RuntimeError, OSError):
        return
