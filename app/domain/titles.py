"""The words by which a record of any kind is called in lists and in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.domain.formatted_text import unmarked
from app.domain.media_types import AGENDA, LOGO, TEMPLATE
from app.domain.records import LABELS, Envelope
from app.domain.wording import count, shortened

LONGEST = 80
"""Letters of a title in a sentence."""

_KEPT = 4 * LONGEST  # letters of a title that are kept, of which a sentence shows `LONGEST`

_PLURALS = {
    "procès-verbal": "procès-verbaux",
    "pièce jointe": "pièces jointes",
    "solution mutualisée": "solutions mutualisées",
}
"""The kinds whose plural is more than an s at the end of the first word."""

_OWN = {
    AGENDA: "modèle d'ordre du jour", TEMPLATE: "modèle de document", LOGO: "logo",
}  # fmt: skip
"""What the program keeps as attachments, which nobody attached."""

_NAMING = ("title", "name", "label", "question", "text")


class Called(msgspec.Struct, frozen=True, gc=False):
    """How a record is called, « besoin « Sauvegarde » »; only composed when it is shown."""

    label: str
    title: str

    def __str__(self) -> str:
        return f"{self.label} « {shortened(self.title, LONGEST)} »"


def label_of(kind: str) -> str:
    """The French word of a kind; a newer program's may be unknown here."""
    return LABELS.get(kind) or f"enregistrement d'une version plus récente ({kind})"


def title_of(kind: str, fields: Mapping[str, Any]) -> str:
    """The words that name a record in a list; a commune's name goes with its department."""
    if kind == "person":
        return f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()
    if kind == "organisation" and fields.get("department"):
        return f"{fields.get('name', '')} ({fields['department']})"
    if kind == "fee_scale":
        return str(fields.get("year") or fields.get("code", ""))
    for name in _NAMING:
        if words := fields.get(name):
            return unmarked(str(words)) if name == "text" else str(words)
    return ""


def printed_title(title: str) -> str:
    """A title as papers print it; without one, words that say so."""
    return title.strip() or "(sans titre)"


def label_for(envelope: Envelope) -> str:
    """The French word for a record: minutes that add to others are an « additif »."""
    if envelope.kind == "minutes" and envelope.fields.get("addendum_to_id"):
        return "additif"
    own = _OWN.get(str(envelope.fields.get("media_type")))
    return own if own and envelope.kind == "attachment" else label_of(envelope.kind)


def counted(number: int, word: str) -> str:
    """« 3 points de l'ordre du jour »: so many records of a kind, given by its French word."""
    first, _, rest = word.partition(" ")
    return count(number, word, _PLURALS.get(word) or f"{first}s {rest}".rstrip())


def described(envelope: Envelope, number: int = 1) -> str:
    """The French kind and the words that name a record: « besoin « Sauvegarde » ».

    Its fields may be of a newer schema. With a `number` above 1 it stands for so many records that
    are called alike: « 3 informations ».
    """
    label = label_for(envelope)
    if number > 1:
        label = counted(number, label)
    called = titled(envelope, label)
    return label if called is None else str(called)


def titled(envelope: Envelope, label: str = "") -> Called | None:
    """As `described`, under that label if one is given; None for a record without a title."""
    title = title_of(envelope.kind, envelope.fields)[:_KEPT]  # lest a long text stay in memory
    return Called(label or label_for(envelope), title) if title.strip() else None
