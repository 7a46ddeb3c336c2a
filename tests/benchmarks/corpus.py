"""What the laptops of the sync's measures hold: records of about 0.9 KB, in the kinds of a meeting.

Their words are drawn at random, so that they compress as prose does and no better.
"""

from __future__ import annotations

import random
from itertools import cycle, islice

from app.clock import new_id
from app.services.changes import Change

CHANGED = 100
"""Records touched by what is measured as « 100 modifications »."""

_LONG_TEXTS = {
    "agenda_item": "notes",
    "need": "words",
    "watch_note": "body",
    "solution": "description",
    "decision": "text",
    "action": "text",
}
_UNTITLED = ("decision", "action")
_SYLLABLES = (
    "ba", "co", "di", "fe", "gu", "la", "mi", "no", "pa", "re", "si", "tu", "ve", "zo", "ran",
    "tel", "mon", "dur", "cha", "prin",
)  # fmt: skip


class Corpus:
    """Draws records and edits, the same ones each time."""

    def __init__(self) -> None:
        self._draw = random.Random(7)
        self._words = [
            "".join(self._draw.choice(_SYLLABLES) for _ in range(self._draw.randint(1, 4)))
            for _ in range(3000)
        ]

    def text(self, words: int = 96) -> str:
        """A sentence without sense."""
        return " ".join(self._draw.choices(self._words, k=words)) + "."

    def records(self, space: str, count: int) -> list[Change]:
        """A meeting with an item, and what refers to them: `count` records in all."""
        meeting, item = new_id(), new_id()
        owners = {
            "agenda_item": {"meeting_id": meeting},
            "need": {"agenda_item_id": item},
            "decision": {"agenda_item_id": item},
            "action": {"agenda_item_id": item},
        }
        made = [
            Change("meeting", {"title": self.text(6)}, meeting, space),
            Change("agenda_item", {"title": self.text(6), "meeting_id": meeting}, item, space),
        ]
        for kind in islice(cycle(_LONG_TEXTS), count - len(made)):
            fields = {_LONG_TEXTS[kind]: self.text(), **owners.get(kind, {})}
            if kind not in _UNTITLED:
                fields["title"] = self.text(6)
            made.append(Change(kind, fields, new_id(), space))
        return made

    def edits(self, records: list[Change], times: int) -> list[Change]:
        """One more sentence in CHANGED of the records; others each time, as far as there are."""
        start = 2 + times % ((len(records) - 2) // CHANGED) * CHANGED
        return [self._longer(one) for one in records[start : start + CHANGED]]

    def _longer(self, record: Change) -> Change:
        name = _LONG_TEXTS[record.kind]
        return Change(
            record.kind, {name: f"{record.fields[name]} {self.text(12)}"}, record.record_id
        )
