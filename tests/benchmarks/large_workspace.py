"""A workspace of any size, alike at each making: commissions, their meetings and what came of them.

Usage: python -m tests.benchmarks.large_workspace FOLDER [RECORDS] [PASSPHRASE]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from app.bootstrap import Services
from app.clock import new_id
from app.domain.records import Envelope
from app.domain.validation import complete
from app.services import workspaces
from app.territory import THEMES, territory

COMMISSIONS = 10
FIRST = date(2021, 1, 11)
WORDS = (
    "sauvegarde mairie débit école tablettes secrétaire serveur panne accès internet courriel acte"
    " délibération messagerie site formation agents marché parapheur signature télétransmission"
    " comptable flux logiciel licence imprimante commune conseil panneau antivirus hameçonnage"
)


def large_workspace(folder: Path, records: int, passphrase: str | None = None) -> None:
    """Makes the workspace: so many records besides the territory's, searched words indexed.

    Its commissions have equal shares, a meeting of some sixty records a month.
    """
    mode = "none" if passphrase is None else "passphrase"
    services = Services(workspaces.create(folder, workspaces.choose(mode, passphrase, folder.name)))
    with services.workspace.unit() as unit:
        unit.receive_new(islice(_everything(), records))
        unit.commit()
    services.search.index_pending()
    services.close()


def _everything() -> Iterator[Envelope]:
    chance = random.Random(1828)
    communes = [one.id for one in territory() if one.fields.get("insee_code")]
    commissions = [_Commission(number, chance, communes) for number in range(COMMISSIONS)]
    for one in commissions:
        yield from one.roster()
    for month in range(10_000):
        for one in commissions:
            yield from one.meeting(month)


class _Commission:
    """One commission's records, in the order in which they come to be."""

    def __init__(self, number: int, chance: random.Random, communes: list[str]) -> None:
        self.id = new_id()
        self.number = number
        self.chance = chance
        self.communes = chance.sample(communes, 20)
        self.persons = [new_id() for _ in self.communes]
        self.seats = [new_id() for _ in self.communes]

    def record(self, kind: str, record_id: str = "", /, **fields: Any) -> Envelope:
        whole = complete(kind, fields)
        return Envelope(
            kind=kind, id=record_id or new_id(), commission_id=self.id, fields=whole, revision=1
        )

    def text(self, words: int) -> str:
        return " ".join(self.chance.choices(WORDS.split(), k=words)).capitalize()

    def roster(self) -> Iterator[Envelope]:
        yield self.record("commission", self.id, name=f"Commission n° {self.number + 1}")
        for commune, person, seat in zip(self.communes, self.persons, self.seats, strict=True):
            yield self.record("person", person, last_name=self.text(1), organisation_id=commune)
            of = {"organisation_id": commune, "titular_person_id": person}
            yield self.record("roster_entry", seat, **of)

    def meeting(self, month: int) -> Iterator[Envelope]:
        day = FIRST + timedelta(days=28 * (month % 120))
        meeting = new_id()
        at = f"{day}T18:00:00+01:00"
        yield self.record(
            "meeting", meeting, number=month + 1, title=self.text(4), starts_at=at,
            opened_at=at, closed_at=f"{day}T20:00:00+01:00", status="approved",
        )  # fmt: skip
        for seat, person in zip(self.seats, self.persons, strict=True):
            of = {"meeting_id": meeting, "roster_entry_id": seat, "person_id": person}
            yield self.record("attendance", status="present", **of)
        for rank in range(8):
            yield from self.item(meeting, rank, day)
        yield self.record(
            "watch_note", title=self.text(6), body=self.text(80), published_on=str(day),
            deadline_on=str(day + timedelta(days=300)), level="attention",
        )  # fmt: skip

    def item(self, meeting: str, rank: int, day: date) -> Iterator[Envelope]:
        item = new_id()
        yield self.record(
            "agenda_item", item, meeting_id=meeting, rank=f"{rank:02}", number=str(rank + 1),
            kind="need", title=self.text(5), notes=self.text(60),
            started_at=f"{day}T18:10:00+01:00",
        )  # fmt: skip
        yield self.record("decision", agenda_item_id=item, text=self.text(12))
        yield self.record(
            "action", agenda_item_id=item, text=self.text(8), due_on=str(day + timedelta(days=60)),
            status="open" if self.chance.random() < 0.05 else "done",
        )  # fmt: skip
        theme = self.chance.choice(list(THEMES))
        yield self.record(
            "need", title=self.text(5), words=self.text(40), theme=theme, agenda_item_id=item,
            raised_at_meeting_id=meeting, speaker_person_id=self.chance.choice(self.persons),
            organisation_ids=self.chance.sample(self.communes, 2),
            status="raised" if self.chance.random() < 0.05 else "served",
        )  # fmt: skip


if __name__ == "__main__":
    place, *rest = sys.argv[1:]
    large_workspace(Path(place), int(rest[0]) if rest else 50_000, *rest[1:])
