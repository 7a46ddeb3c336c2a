"""The keyring of the tests' session, and systems whose keyring is another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
import secretstorage
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, fail
from secretstorage.defines import SS_PATH, SS_PREFIX
from secretstorage.util import DBusAddressWrapper


@contextmanager
def other_keyring(backend: KeyringBackend) -> Iterator[None]:
    """Another keyring in the place of the system's."""
    former = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(former)


class Introduced(SecretService.Keyring):
    """The keyring of the tests' session, called by a method first on each connection.

    GNOME's daemon may die of a connection whose first call reads a property, as keyring's does,
    while it serves another: 103 times in 100,000 connections of three programs, never in as many
    that began by a method.
    """

    preferred_collection: str

    def get_preferred_collection(self) -> secretstorage.Collection:
        bus = secretstorage.dbus_init()
        DBusAddressWrapper(SS_PATH, f"{SS_PREFIX}Service", bus).call("ReadAlias", "s", "default")
        return secretstorage.Collection(bus, self.preferred_collection)


class Silent(KeyringBackend):
    """A keyring that takes what it is given and gives nothing back; `held` is what it kept."""

    priority = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.held.pop((service, username), None)


class Losing(Silent):
    """A keyring that loses the first secret it is given, and gives the others back."""

    _lost = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self._lost:
            super().set_password(service, username, password)
        self._lost = True


@contextmanager
def no_keyring() -> Iterator[None]:
    """A system without a keyring."""
    with other_keyring(fail.Keyring()):
        yield
