"""The words by which a record of any kind is called in lists and in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.records import LABELS, Envelope


def title_of(kind: str, fields: Mapping[str, Any]) -> str:
    """The words that name a record in a list; a commune's name goes with its department."""
    if kind == "person":
        return f"{fields['first_name']} {fields['last_name']}".strip()
    if kind == "organisation" and fields["department"]:
        return f"{fields['name']} ({fields['department']})"
    for name in ("title", "name", "label", "question", "text"):
        if fields.get(name):
            return str(fields[name])
    return ""


def described(envelope: Envelope) -> str:
    """The French kind and the words that name a record: « besoin « Sauvegarde » »."""
    title = title_of(envelope.kind, envelope.fields)
    return f"{LABELS[envelope.kind]} « {title[:80]} »" if title else LABELS[envelope.kind]


def named(record: Envelope) -> str:
    """As `described`, whatever the schema that the record comes from."""
    try:
        return described(record)
    except (KeyError, TypeError):
        return f"un enregistrement d'une version plus récente ({record.kind})"
