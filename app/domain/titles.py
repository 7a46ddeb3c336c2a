"""The words by which a record of any kind is called in lists and in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.formatted_text import unmarked
from app.domain.records import LABELS, Envelope
from app.domain.wording import shortened

LONGEST = 80
"""Letters of a title in a sentence."""

_NAMING = ("title", "name", "label", "question", "text")


def label_of(kind: str) -> str:
    """The French word of a kind; a newer program's may be unknown here."""
    return LABELS.get(kind) or f"enregistrement d'une version plus récente ({kind})"


def title_of(kind: str, fields: Mapping[str, Any]) -> str:
    """The words that name a record in a list; a commune's name goes with its department."""
    if kind == "person":
        return f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()
    if kind == "organisation" and fields.get("department"):
        return f"{fields.get('name', '')} ({fields['department']})"
    for name in _NAMING:
        if words := fields.get(name):
            return unmarked(str(words)) if name == "text" else str(words)
    return ""


def label_for(envelope: Envelope) -> str:
    """The French word for a record: minutes that add to others are an « additif »."""
    adds = envelope.kind == "minutes" and envelope.fields.get("addendum_to_id")
    return "additif" if adds else label_of(envelope.kind)


def described(envelope: Envelope) -> str:
    """The French kind and the words that name a record: « besoin « Sauvegarde » ».

    Its fields may be of a newer schema.
    """
    label = label_for(envelope)
    title = shortened(title_of(envelope.kind, envelope.fields), LONGEST)
    return f"{label} « {title} »" if title else label
