"""Frozen papers: the content in canonical form, its fingerprint, and the PDF that carries both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.documents.addendum import addendum
from app.documents.document import Document, Letterhead
from app.documents.minutes import minutes
from app.documents.seal import Seal
from app.domain import minutes_content
from app.domain.canonical import canonical
from app.domain.document_templates import Template
from app.domain.follow_up import Became
from app.domain.meeting_file import MeetingFile
from app.domain.records import Minutes, Need, Record


@dataclass(frozen=True)
class Sealed:
    """What a freeze keeps: the content, the SHA-256 of its canonical form, and the PDF's own."""

    content: dict[str, Any]
    content_sha256: str
    document: Document
    pdf_sha256: str


def sealed_minutes(
    file: MeetingFile, letterhead: Letterhead, frozen_at: datetime,
    became: Sequence[Became[Need]] = (), template: Template | None = None,
) -> Sealed:  # fmt: skip
    """The minutes of a meeting, frozen at an instant; the PDF's dates are that instant."""
    content = minutes_content.content(file, frozen_at.isoformat())
    seal = seal_of(content, frozen_at)
    document = minutes(file, letterhead, frozen_at, seal=seal, became=became, template=template)
    return Sealed(content, seal.sha256, document, fingerprint(document.data))


def sealed_addendum(
    file: MeetingFile, correction: Record[Minutes], corrected: Record[Minutes],
    letterhead: Letterhead, frozen_at: datetime, *,
    template: Template | None = None,
) -> Sealed:  # fmt: skip
    """An addendum, frozen; its content is the archive of its own record."""
    content = minutes_content.archive([correction], frozen_at.isoformat())
    seal = seal_of(content, frozen_at)
    document = addendum(
        file, correction, corrected, letterhead, frozen_at, seal=seal, template=template
    )
    return Sealed(content, seal.sha256, document, fingerprint(document.data))


def seal_of(content: dict[str, Any], frozen_at: datetime) -> Seal:
    """The canonical bytes of a content (RFC 8785) with their SHA-256."""
    data = canonical(content)
    return Seal(frozen_at.isoformat(), data, fingerprint(data))


def fingerprint(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
