"""A search result as its list shows it: a title, and a line with the words found marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.domain.snippets import MARKS
from app.domain.titles import label_of
from app.domain.wording import capitalised, short_day

if TYPE_CHECKING:
    from app.services.search import Hit

HIT = Qt.ItemDataRole.UserRole + 4
"""The role under which an item gives its HitWords to the delegate."""

_MARKED = re.compile("(.*?)".join(MARKS))


@dataclass(frozen=True)
class HitWords:
    """The title of a record found, the line below it, and the spans of that line to mark."""

    title: str
    below: str
    spans: tuple[tuple[int, int], ...]


def hit_words(hit: Hit, commission: str) -> HitWords:
    """A hit's title, and below it its kind, its meeting, its commission if given, and what was
    found besides the title.
    """
    pieces, spans, place = [], [], 0
    for number, piece in enumerate(_MARKED.split(hit.snippet)):
        if number % 2:
            spans.append((place, place + len(piece)))
        pieces.append(piece)
        place += len(piece)
    found = "".join(pieces)
    name = hit.title.partition(" (")[0]
    skipped = len(name) if found.startswith(name) else 0
    skipped += len(found[skipped:]) - len(found[skipped:].lstrip())
    head = " · ".join(filter(None, (_kind(hit), commission)))
    rest = found[skipped:]
    below = f"{head} · {rest}" if rest else head
    shift = len(below) - len(rest) - skipped
    return HitWords(
        title=hit.title,
        below=below,
        spans=tuple((begin + shift, end + shift) for begin, end in spans if begin >= skipped),
    )


def _kind(hit: Hit) -> str:
    """« Décision, séance du 22 janvier 2026 », « Personne, Vougeot »."""
    kind = ", ".join(filter(None, (capitalised(label_of(hit.kind)), hit.place)))
    if hit.meeting_on is None:
        return kind
    meeting = f"du {short_day(hit.meeting_on)}"
    return f"{kind} {meeting}" if hit.kind == "meeting" else f"{kind}, séance {meeting}"
