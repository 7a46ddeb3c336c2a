"""Attachments and frozen PDFs, kept by the SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import insert, select

from app.storage.tables import blob
from app.storage.unit_of_work import UnitOfWork


def keep(unit: UnitOfWork, content: bytes) -> str:
    """Stores bytes, unless they are held already; gives their SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not held(unit, [sha256]):
        values = {"sha256": sha256, "size": len(content), "content": content}
        unit.connection.execute(insert(blob).values(values))
    return sha256


def held(unit: UnitOfWork, wanted: Iterable[str]) -> list[str]:
    """Which of these SHA-256 the workspace holds, in their order."""
    found = (
        unit.connection.execute(select(blob.c.sha256).where(blob.c.sha256 == each)).scalar()
        for each in dict.fromkeys(wanted)
    )
    return [each for each in found if each is not None]


def size(unit: UnitOfWork, sha256: str) -> int | None:
    """How many bytes this SHA-256 stands for; None when the workspace does not hold them."""
    found: int | None = unit.connection.execute(
        select(blob.c.size).where(blob.c.sha256 == sha256)
    ).scalar()
    return found


def content(unit: UnitOfWork, sha256: str) -> bytes | None:
    """The bytes of this SHA-256; None when the workspace does not hold them."""
    value = unit.connection.execute(select(blob.c.content).where(blob.c.sha256 == sha256)).scalar()
    return None if value is None else bytes(value)
