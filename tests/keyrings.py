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


@contextmanager
def no_keyring() -> Iterator[None]:
    """A system without a keyring."""
    with other_keyring(fail.Keyring()):
        yield
