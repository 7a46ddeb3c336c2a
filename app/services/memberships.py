"""Memberships: whether an organisation's is free, and else its fee by the latest scale."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.domain.membership import fee_cents, is_free
from app.domain.records import FeeScale, Organisation, Record
from app.services.records import Records


class Fee(msgspec.Struct, frozen=True, kw_only=True):
    """What membership costs a year: `cents` is None when the scale or the population is silent.

    `scale` is the latest fee scale, None when the workspace holds none.
    """

    free: bool
    cents: int | None
    scale: FeeScale | None


class Memberships:
    """What the window asks about organisations as members."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def fee(self, organisation: Organisation) -> Fee:
        """The yearly fee of an organisation, whether or not it is a member."""
        scale = self._latest_scale()
        if is_free(organisation):
            return Fee(free=True, cents=0, scale=scale)
        cents = fee_cents(organisation, scale) if scale is not None else None
        return Fee(free=False, cents=cents, scale=scale)

    def _latest_scale(self) -> FeeScale | None:
        scales: Sequence[Record[FeeScale]] = self._records.list("fee_scale")
        return max(
            (one.fields for one in scales), key=lambda one: (one.year or 0, one.code), default=None
        )
