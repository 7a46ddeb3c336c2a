"""The files that records name: attachments, frozen PDFs, papers as they were sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.values import SHA256

NAMING = {"attachment": "sha256", "minutes": "pdf_sha256", "convocation": "document_sha256"}
"""The field of each kind of record that names a file by its SHA-256."""

OF_A_FILE = ("sha256", "size", "media_type")
"""The fields of an attachment that describe its file: a conflict keeps all from one version."""


def named_by(kind: str, fields: Mapping[str, Any]) -> str:
    """The SHA-256 of the file that a record names; "" when it names none in a form known here."""
    digest = fields.get(NAMING.get(kind, ""))
    return digest if isinstance(digest, str) and SHA256.match(digest) else ""
