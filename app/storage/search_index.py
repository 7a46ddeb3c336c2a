"""The full-text index of the records: brings it up to date in batches, and searches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from app.domain.dates import PARIS, later
from app.domain.search_text import joined, searchable, stem, words
from app.storage.rows import decoded_object

if TYPE_CHECKING:
    from app.storage.snapshot import Snapshot
    from app.storage.unit_of_work import UnitOfWork

_BATCH = 2000
_LEFT_OUT = frozenset({"conflict", "attendance", "proxy", "convocation", "briefing"})
_DAYS = {"meeting": "starts_at", "watch_note": "published_on", "minutes": "frozen_at"}
"""The field that gives a record's day, by kind; other records have the day when they were made."""

_BEST = (
    "WITH first AS MATERIALIZED"
    " (SELECT search.rowid AS n, bm25(search, 8.0, 2.0, 1.0) AS score {} ORDER BY score, n LIMIT ?)"
    " SELECT record.kind, record.id, record.commission_id, content.fields"
    " FROM first JOIN record ON record.n = first.n JOIN content ON content.n = first.n"
    " ORDER BY first.score, first.n"
)
_NEWEST = "SELECT json_group_array(n) FROM (SELECT search.rowid AS n {} ORDER BY n DESC LIMIT ?)"
_LISTED = (
    "SELECT record.kind, record.id, record.commission_id, content.fields"
    " FROM json_each(?) AS listed JOIN record ON record.n = listed.value"
    " JOIN content ON content.n = record.n ORDER BY record.n DESC"
)
_MEETINGS = (
    "SELECT record.kind, record.id, record.commission_id, content.fields"
    " FROM record JOIN content ON content.n = record.n"
)
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 12, 31)


class Found(NamedTuple):
    """What is read of a record that the search found."""

    kind: str
    id: str
    commission_id: str | None
    fields: str


@dataclass(frozen=True)
class Within:
    """Which records to search: of some kinds, of a commission, between two days; all by default.

    `without` are the ids of records to leave out.
    """

    kinds: Sequence[str] = ()
    commission_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    without: frozenset[str] = frozenset()

    def conditions(self) -> tuple[list[str], list[str]]:
        """SQL conditions on a record and its content, and their values in order."""
        said: list[str] = []
        values: list[str] = []
        if self.kinds:
            said.append(f"record.kind IN ({', '.join('?' for _ in self.kinds)})")
            values += self.kinds
        if self.commission_id is not None:
            said.append("record.commission_id = ?")
            values.append(self.commission_id)
        if self.first_day or self.last_day:
            first, last = self.first_day or _EARLIEST, self.last_day or _LATEST
            said.append(_DAY_CONDITION)
            values += [first.isoformat(), last.isoformat()] * len(_DAYS)
            values += [_made(first), _made(later(last, days=1))]
        if self.without:
            said.append("record.id NOT IN (SELECT value FROM json_each(?))")
            values.append(msgspec.json.encode(list(self.without)).decode())
        return said, values


_DAY_CONDITION = (
    "CASE record.kind "
    + " ".join(
        f"WHEN '{kind}' THEN substr(json_extract(content.fields, '$.{field}'), 1, 10)"
        " BETWEEN ? AND ?"
        for kind, field in _DAYS.items()
    )
    + " ELSE substr(record.id, 15, 1) = '7' AND record.id >= ? AND record.id < ? END"
)


def _made(day: date) -> str:
    """How the first UUIDv7 of a day begins (RFC 9562 §5.7)."""
    instant = datetime.combine(day, time(), PARIS).timestamp()
    milliseconds = f"{max(0, round(instant * 1000)):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}"


def best(records: Snapshot, matches: Sequence[str], within: Within, limit: int) -> list[Found]:
    """What FTS5 expressions find, ranked by bm25: all that the first finds comes first, and so on.

    Ranking reads all that an expression finds, so the next one is used only if results are lacking.
    """
    found: dict[str, Found] = {}
    for match in matches:
        if len(found) < limit:
            source, values = _found(match, within)
            for row in map(Found._make, records.rows(_BEST.format(source), *values, limit)):
                found.setdefault(row.id, row)
    return list(found.values())[:limit]


def newest(
    records: Snapshot, match: str, within: Within, limit: int, *, beyond: int
) -> list[Found]:
    """The newest of what an FTS5 expression finds, if that is more than `beyond`; else nothing."""
    source, values = _found(match, within)
    ((listed,),) = records.rows(_NEWEST.format(source), *values, max(beyond + 1, limit))
    numbers = msgspec.json.decode(listed)
    if len(numbers) <= beyond:
        return []
    shown = msgspec.json.encode(numbers[:limit]).decode()
    return list(map(Found._make, records.rows(_LISTED, shown)))


def meetings(records: Snapshot, within: Within) -> list[Found]:
    """Every live meeting among these records."""
    said, values = within.conditions()
    where = " AND ".join(("record.kind = 'meeting' AND record.deleted = 0", *said))
    return list(map(Found._make, records.rows(f"{_MEETINGS} WHERE {where}", *values)))


def _found(match: str, within: Within) -> tuple[str, list[str]]:
    """The FROM and WHERE clauses of a search, and their values in order."""
    said, values = within.conditions()
    if not said:
        return "FROM search WHERE search MATCH ?", [match]
    joined_to = (
        "FROM search CROSS JOIN record ON record.n = search.rowid"
        " CROSS JOIN content ON content.n = search.rowid WHERE search MATCH ?"
    )
    return " AND ".join((joined_to, *said)), [match, *values]


def behind(records: Snapshot) -> bool:
    """Whether records were written since the index was last brought up to date."""
    return any(records.rows("SELECT 1 FROM record WHERE indexed = 0 LIMIT 1"))


_TO_INDEX = (
    "SELECT record.n, kind, deleted, fields FROM record JOIN content ON content.n = record.n"
    " WHERE indexed = 0 ORDER BY record.n LIMIT ?"
)


def bring_up(unit: UnitOfWork) -> int:
    """Indexes a batch of the records written since; gives how many, 0 when none was left."""
    run = unit.connection.exec_driver_sql
    rows = run(_TO_INDEX, (_BATCH,)).all()
    if not rows:
        return 0
    entries = [
        (n, *_entry(decoded_object(fields)))
        for n, kind, deleted, fields in rows
        if not deleted and kind not in _LEFT_OUT
    ]
    run("DELETE FROM search WHERE rowid = ?", [(row.n,) for row in rows])
    if entries:
        run("INSERT INTO search (rowid, title, words, stems) VALUES (?, ?, ?, ?)", entries)
    run("UPDATE record SET indexed = 1 WHERE indexed = 0 AND n <= ?", (rows[-1].n,))
    return len(rows)


def _entry(fields: dict[str, Any]) -> tuple[str, str, str]:
    """The words of the title and of the body, and the stems of both."""
    title, body = searchable(fields)
    title_words, body_words = words(title), words(body)
    stems = dict.fromkeys(map(stem, (*title_words, *body_words)))
    return " ".join(title_words + joined(title)), " ".join(body_words), " ".join(stems)


def tidy(unit: UnitOfWork) -> None:
    """Merges the index into one piece after many additions, which makes searching faster."""
    unit.connection.exec_driver_sql("INSERT INTO search (search) VALUES ('optimize')")
