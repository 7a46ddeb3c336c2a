"""Systems whose keyring is not the one of the tests' session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail


@contextmanager
def other_keyring(backend: KeyringBackend) -> Iterator[None]:
    """Another keyring in the place of the system's."""
    former = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(former)


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
