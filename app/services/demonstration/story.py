"""The demonstration's scripts: keys become ids, and times told from a meeting become instants.

See resources/demo/README.md for how a script is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec

from app.clock import new_id
from app.domain.dates import PARIS
from app.domain.records import reference_id
from app.paths import resources
from app.services.changes import Change

_TOLD = re.compile(
    r"(?P<day>precedente|seance|prochaine)(?P<shift>[+-]\d+)?( (?P<hour>\d\d:\d\d))?"
)
_THURSDAY = 3


@dataclass(frozen=True)
class Calendar:
    """The days of the three meetings."""

    precedente: date
    seance: date
    prochaine: date

    @classmethod
    def before(cls, today: date) -> Calendar:
        """The meeting played is on the latest Thursday that is at least two days before today."""
        meeting = today - timedelta(days=2)
        meeting -= timedelta(days=(meeting.weekday() - _THURSDAY) % 7)
        return cls(meeting - timedelta(weeks=9), meeting, meeting + timedelta(weeks=8))

    def told(self, text: str) -> str | None:
        """« seance 18:42 » as an instant, « seance+21 » as a date; None for any other text."""
        found = _TOLD.fullmatch(text)
        if found is None:
            return None
        day: date = getattr(self, found["day"]) + timedelta(days=int(found["shift"] or 0))
        if found["hour"] is None:
            return day.isoformat()
        return datetime.combine(day, time.fromisoformat(found["hour"]), PARIS).isoformat()


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One moment of a script: records to write, a verb on a meeting, or a note to tell.

    A step with `pause` has a picture taken once its records are written.
    """

    at: str
    region: bool = False
    records: tuple[dict[str, Any], ...] = ()
    from_: str = msgspec.field(default="", name="from")
    verb: str = ""
    tell: str = ""
    meeting: str = ""
    pause: bool = False
    in_: str = msgspec.field(default="", name="in")


class Story:
    """The scripts, with the ids that their keys stand for on every laptop."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._known: dict[str, str] = {}
        self._folder: Path = resources() / "demo"

    def steps(self, script: str) -> Sequence[Step]:
        """The moments of a script in their order, their times still as written."""
        return msgspec.json.decode((self._folder / script).read_bytes(), type=list[Step])

    def id_of(self, key: str) -> str:
        """The id of « @key »: the organisation's for a code, else one made at first sight."""
        name = key.removeprefix("@")
        if name.isdigit():
            return reference_id("organisation", name)
        return self._known.setdefault(name, new_id())

    def instant(self, step: Step) -> datetime:
        """When a step happens."""
        told = self.calendar.told(step.at)
        if told is None:
            raise ValueError(step.at)
        return datetime.fromisoformat(told)

    def changes(self, step: Step) -> list[Change]:
        """The records of a step, those of the file that it names among them."""
        records = list(step.records)
        if step.from_:
            records += msgspec.json.decode((self._folder / step.from_).read_bytes())
        return [
            Change(
                one["kind"],
                self._real(one["fields"]),
                self._record_id(one),
                None if step.region else "",
            )
            for one in records
        ]

    def _record_id(self, record: dict[str, Any]) -> str | None:
        if record["kind"] == "fee_scale":
            return reference_id("fee_scale", record["fields"]["code"])
        return self.id_of(record["key"]) if "key" in record else None

    def _real(self, value: Any) -> Any:
        """The value with its keys and times made real, at any depth."""
        if isinstance(value, dict):
            return {self._real(name): self._real(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self._real(member) for member in value]
        if not isinstance(value, str):
            return value
        if value.startswith("@"):
            return self.id_of(value)
        return self.calendar.told(value) or value
