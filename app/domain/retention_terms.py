"""How long what concerns persons is kept: terms that are data, and the day on which each ends."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal

import msgspec


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule of resources/retention: `erase` makes anonymous, `delete` deletes.

    `since` says in words what the months run from; `source` where the term comes from.
    """

    kind: Literal["person", "convocation", "conflict"]
    months: int
    since: str
    action: Literal["erase", "delete"]
    title: str
    source: str


class Expired(msgspec.Struct, frozen=True, kw_only=True):
    """A record kept longer than its term; `since` is the day that the term ran from."""

    record_id: str
    title: str
    since: date


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A term with the records that it proposes to purge, oldest first."""

    term: Term
    expired: tuple[Expired, ...]


def months_before(today: date, months: int) -> date:
    """The same day some months earlier, or the last of that month."""
    count = today.year * 12 + today.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
