"""Full-text search over everything, best first, with the words found marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, text, update

from app.domain.records import LABELS, Envelope
from app.domain.search_text import searchable, stem, words
from app.services.translation import translated
from app.storage.tables import record
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace

_SKIPPED = frozenset({"conflict", "attendance", "proxy", "convocation", "briefing"})
_BATCH = 2000
MARKS = ("[", "]")
"""What stands around a found word in a snippet."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One record found; the snippet has its found words between MARKS."""

    kind: str
    id: str
    title: str
    snippet: str
    commission_id: str | None = None


class Search:
    """Searches the workspace; what was written since the last time is indexed first."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def find(
        self,
        typed: str,
        *,
        kinds: Sequence[str] = (),
        commission_id: str | None = None,
        limit: int = 50,
    ) -> list[Hit]:
        """The live records that hold every typed word, whole, by its beginning or by its stem."""
        wanted = words(typed)
        return self._run(_match(wanted), wanted, kinds, commission_id, limit) if wanted else []

    def find_any(self, stems: Sequence[str], *, kinds: Sequence[str], limit: int) -> list[Hit]:
        """The live records that hold any of the stems, those that hold most of them first."""
        match = " OR ".join(f'stems : "{stem}"' for stem in stems)
        return self._run(match, list(stems), kinds, None, limit) if stems else []

    def _run(
        self,
        match: str,
        wanted: list[str],
        kinds: Sequence[str],
        commission_id: str | None,
        limit: int,
    ) -> list[Hit]:
        self.index_pending()
        query = _QUERY
        parameters: dict[str, Any] = {"match": match, "limit": limit}
        if kinds:
            query += " AND record.kind IN :kinds"
            parameters["kinds"] = list(kinds)
        if commission_id is not None:
            query += " AND record.commission_id = :space"
            parameters["space"] = commission_id
        statement = text(f"{query} ORDER BY bm25(search, 8.0, 2.0, 1.0), record.n LIMIT :limit")
        if kinds:
            statement = statement.bindparams(bindparam("kinds", expanding=True))
        with translated(self.workspace), self.workspace.reading() as unit:
            rows = unit.connection.execute(statement, parameters).all()
        return [_hit(row, wanted) for row in rows]

    def index_pending(self) -> None:
        """Brings the index up to date with the records written since the last time."""
        with self.workspace.reading() as unit:
            query = select(record.c.n).where(record.c.indexed == 0).limit(1)
            if unit.connection.execute(query).first() is None:
                return
        with translated(self.workspace), self.workspace.unit() as unit:
            while _index_some(unit):
                pass
            unit.commit()


_QUERY = (
    "SELECT record.kind, record.id, record.commission_id, record.fields FROM search"
    " JOIN record ON record.n = search.rowid WHERE search MATCH :match AND record.deleted = 0"
)


def _match(wanted: list[str]) -> str:
    """The FTS5 expression: every word, by its beginning or by its stem."""
    return " AND ".join(
        f'({{title words}} : "{word}" * OR stems : "{stem(word)}")' for word in wanted
    )


def _index_some(unit: UnitOfWork) -> bool:
    query = select(record.c.n, record.c.kind, record.c.deleted, record.c.fields)
    rows = unit.connection.execute(query.where(record.c.indexed == 0).limit(_BATCH)).all()
    if not rows:
        return False
    numbers = [(row.n,) for row in rows]
    entries = []
    for row in rows:
        if row.deleted or row.kind in _SKIPPED:
            continue
        title, body = searchable(msgspec.json.decode(row.fields))
        title_words, body_words = words(title), words(body)
        stems = " ".join(dict.fromkeys(stem(word) for word in (*title_words, *body_words)))
        entries.append((row.n, " ".join(title_words), " ".join(body_words), stems))
    run = unit.connection.exec_driver_sql
    run("DELETE FROM search WHERE rowid = ?", numbers)
    if entries:
        run("INSERT INTO search (rowid, title, words, stems) VALUES (?, ?, ?, ?)", entries)
    first_to_last = record.c.n.in_([row.n for row in rows])
    unit.connection.execute(update(record).where(first_to_last).values(indexed=1))
    return True


def _hit(row: Any, wanted: list[str]) -> Hit:
    fields = msgspec.json.decode(row.fields)
    title, body = searchable(fields)
    return Hit(
        kind=row.kind,
        id=row.id,
        commission_id=row.commission_id,
        title=title_of(row.kind, fields) or LABELS[row.kind],
        snippet=_snippet(f"{title}\n{body}", wanted),
    )


def title_of(kind: str, fields: dict[str, Any]) -> str:
    """The words that name a record in a list; a commune's name goes with its department."""
    if kind == "person":
        return f"{fields['first_name']} {fields['last_name']}".strip()
    if kind == "organisation" and fields["department"]:
        return f"{fields['name']} ({fields['department']})"
    for name in ("title", "name", "label", "question", "text"):
        if fields.get(name):
            return str(fields[name])
    return ""


_SHOWN = re.compile(r"[^\W_]+")


def _snippet(full: str, wanted: list[str], width: int = 160) -> str:
    """A stretch of the text around the first word found, with the found words marked."""
    stems = {stem(word) for word in wanted}
    found = [
        match.span()
        for match in _SHOWN.finditer(full)
        if any(
            part.startswith(tuple(wanted)) or stem(part) in stems for part in words(match.group())
        )
    ]
    start = max(0, (found[0][0] if found else 0) - width // 3)
    start = full.find(" ", start) + 1 if start else 0
    end = min(len(full), start + width)
    pieces = []
    place = start
    for begin, finish in found:
        if begin >= place and finish <= end:
            pieces += [full[place:begin], MARKS[0], full[begin:finish], MARKS[1]]
            place = finish
    pieces.append(full[place:end])
    text_found = " ".join("".join(pieces).split())
    return f"{'…' if start else ''}{text_found}{'…' if end < len(full) else ''}"


def described(envelope: Envelope) -> str:
    """The French kind and the words that name a record: « besoin « Sauvegarde » »."""
    title = title_of(envelope.kind, envelope.fields)
    return f"{LABELS[envelope.kind]} « {title[:80]} »" if title else LABELS[envelope.kind]
