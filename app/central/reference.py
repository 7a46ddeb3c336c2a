"""The shipped records of the territory, to which the first edit of each applies."""

from __future__ import annotations

from functools import cache
from typing import Any

from app.territory import territory


@cache
def _all() -> dict[str, dict[str, Any]]:
    return {record.id: record.fields for record in territory()}


def shipped(record_id: str) -> dict[str, Any] | None:
    """The fields of a reference record as every laptop has them at revision 0."""
    return _all().get(record_id)
