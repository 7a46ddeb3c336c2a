"""The full-text index of the records: brought up to date in batches, then asked for the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, select, update

from app.domain.dates import PARIS
from app.domain.search_text import joined, searchable, stem, words
from app.storage.tables import IS_UNINDEXED, record
from app.storage.unit_of_work import UnitOfWork

_BATCH = 2000
_LEFT_OUT = frozenset({"conflict", "attendance", "proxy", "convocation", "briefing"})
_SCORE = "bm25(search, 8.0, 2.0, 1.0)"
_DAYS = {"meeting": "starts_at", "watch_note": "published_on", "minutes": "frozen_at"}
"""The field that says of what day a record is; that of others is the day they were made."""

_FIRST = (
    "WITH first AS MATERIALIZED ({} LIMIT :limit)"
    " SELECT record.kind, record.id, record.commission_id, record.fields"
    " FROM first JOIN record ON record.n = first.n ORDER BY first.score, first.n"
)
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True)
class Within:
    """Among which records to look: of some kinds, of a commission, of the days from-to, or all."""

    kinds: Sequence[str] = ()
    commission_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None

    def conditions(self) -> tuple[list[str], dict[str, Any]]:
        """The conditions in SQL on the table `record`, and their parameters."""
        said: list[str] = []
        given: dict[str, Any] = {}
        if self.kinds:
            given |= {f"kind{rank}": kind for rank, kind in enumerate(self.kinds)}
            said.append(f"record.kind IN ({', '.join(f':{name}' for name in given)})")
        if self.commission_id is not None:
            said.append("record.commission_id = :space")
            given["space"] = self.commission_id
        if self.first_day or self.last_day:
            first, last = self.first_day or _EARLIEST, self.last_day or _LATEST
            said.append(_DAY_CONDITION)
            given |= {"first": first.isoformat(), "last": last.isoformat()}
            given |= {"made_first": _made(first), "made_last": _made(last + timedelta(days=1))}
        return said, given


_DAY_CONDITION = (
    "CASE record.kind "
    + " ".join(
        f"WHEN '{kind}' THEN substr(json_extract(record.fields, '$.{field}'), 1, 10)"
        " BETWEEN :first AND :last"
        for kind, field in _DAYS.items()
    )
    + " ELSE substr(record.id, 15, 1) = '7' AND record.id >= :made_first"
    " AND record.id < :made_last END"
)


def _made(day: date) -> str:
    """The beginning of the UUIDv7 of what is made from a day on (RFC 9562 §5.7)."""
    instant = datetime.combine(day, time(), PARIS).timestamp()
    milliseconds = f"{max(0, round(instant * 1000)):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}"


def find(
    unit: UnitOfWork, match: str, within: Within, limit: int, *, ranked: bool
) -> Sequence[Row[Any]]:
    """(kind, id, commission_id, fields) of what an FTS5 expression finds: the best, or the newest.

    Ranking reads all that is found, where the newest are the first met.
    """
    found, given = _found(match, within)
    order = f"{_SCORE}, search.rowid" if ranked else "search.rowid DESC"
    score = _SCORE if ranked else "-search.rowid"
    first = " ".join(("SELECT search.rowid AS n,", score, "AS score", found, "ORDER BY", order))
    statement = _FIRST.format(first)
    return unit.connection.exec_driver_sql(statement, given | {"limit": limit}).all()


def exceeds(unit: UnitOfWork, match: str, within: Within, number: int) -> bool:
    """Whether more records than a number are found; counts no further."""
    found, given = _found(match, within)
    counted = " ".join(("SELECT count(*) FROM (SELECT 1", found, "LIMIT :enough)"))
    run = unit.connection.exec_driver_sql
    return int(run(counted, given | {"enough": number + 1}).scalar_one()) > number


def _found(match: str, within: Within) -> tuple[str, dict[str, Any]]:
    """Where what is found is read, in SQL, and the parameters."""
    said, given = within.conditions()
    given |= {"match": match}
    if not said:
        return "FROM search WHERE search MATCH :match", given
    joined_to = "FROM search CROSS JOIN record ON record.n = search.rowid WHERE search MATCH :match"
    return " AND ".join((joined_to, *said)), given


def behind(unit: UnitOfWork) -> bool:
    """Whether records were written since the index was last brought up to date."""
    query = "SELECT 1 FROM record WHERE indexed = 0 LIMIT 1"
    return unit.connection.exec_driver_sql(query).first() is not None


def bring_up(unit: UnitOfWork) -> int:
    """Indexes a batch of what was written; gives how many records, 0 when none was left."""
    query = select(record.c.n, record.c.kind, record.c.deleted, record.c.fields)
    rows = unit.connection.execute(query.where(IS_UNINDEXED).limit(_BATCH)).all()
    if not rows:
        return 0
    entries = [
        (row.n, *_entry(msgspec.json.decode(row.fields)))
        for row in rows
        if not row.deleted and row.kind not in _LEFT_OUT
    ]
    run = unit.connection.exec_driver_sql
    run("DELETE FROM search WHERE rowid = ?", [(row.n,) for row in rows])
    if entries:
        run("INSERT INTO search (rowid, title, words, stems) VALUES (?, ?, ?, ?)", entries)
    done = update(record).where(record.c.n.in_([row.n for row in rows])).values(indexed=1)
    unit.connection.execute(done)
    return len(rows)


def _entry(fields: dict[str, Any]) -> tuple[str, str, str]:
    """The words of the title and of the body, and the stems of both."""
    title, body = searchable(fields)
    title_words, body_words = words(title), words(body)
    stems = dict.fromkeys(stem(word) for word in (*title_words, *body_words))
    return " ".join(title_words + joined(title)), " ".join(body_words), " ".join(stems)


def tidy(unit: UnitOfWork) -> None:
    """Makes one piece of the index, after many records: it is found in faster."""
    unit.connection.exec_driver_sql("INSERT INTO search (search) VALUES ('optimize')")
