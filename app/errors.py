"""The errors of the product: each carries one French sentence that says what to do."""

from __future__ import annotations

from collections.abc import Sequence


class AppError(Exception):
    """Base of the product's own errors; `str(error)` is a French sentence for the user."""

    @property
    def sentence(self) -> str:
        return str(self)


class UserError(AppError):
    """The request cannot be carried out as asked; the sentence says what to do."""


class Absent(UserError):
    """No live record has this id: it never existed, or was deleted."""


class SeveralCommissions(UserError):
    """The account may open several commissions: the user has to choose one of these (id, name)."""

    def __init__(self, sentence: str, commissions: Sequence[tuple[str, str]]) -> None:
        super().__init__(sentence)
        self.commissions = commissions


class NoWorkspace(UserError):
    """The folder holds no workspace yet: make one, or choose another folder."""


class Locked(UserError):
    """The workspace does not open with what was given.

    `by` says what opens it: "passphrase", or "recovery" when the keyring has lost its key.
    """

    def __init__(self, sentence: str, by: str) -> None:
        super().__init__(sentence)
        self.by = by


class Astray(UserError):
    """The workspace moved, and its new place is unknown or cannot be reached."""


class StorageError(AppError):
    """The workspace's files cannot be read or written; nothing was half done."""


class Damaged(StorageError):
    """The database is damaged, missing or no database at all: a repair can rebuild it."""


class SyncError(AppError):
    """An exchange with the central failed; local work is untouched.

    `kind` is one of: offline, certificate, not_ours, sign_in, keyring, busy, outdated, refused,
    cancelled.
    """

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
