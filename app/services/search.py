"""Full-text search over everything, best first, with the words found marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from operator import attrgetter
from typing import Any

import msgspec

from app.domain.dates import local_day
from app.domain.meeting_names import calling, is_called_so
from app.domain.records import reference_id
from app.domain.search_text import BODIES, TITLES, said, stem, words
from app.domain.snippets import snippet
from app.domain.titles import label_of, title_of
from app.services.translation import translated
from app.storage import search_index
from app.storage.search_index import Found, Within
from app.storage.snapshot import Snapshot
from app.storage.workspace import Workspace

_BEGINNING = 3
"""Words of this many letters or more have their matches ranked, up to _MOST_RANKED records."""

_MOST_RANKED = 20_000
_MOST_RANKED_SHORT = 2_000
"""The same for words of fewer letters; beyond, the most recent come first."""

_MANY = 50_000
"""After this many records indexed at once, the index is merged into one piece; after fewer, several
pieces are searched nearly as fast."""

_TOP = "SELECT coalesce(max(n), 0) FROM record"
_IDS = "SELECT id FROM record WHERE kind = ?"

_TIES = ("meeting_id", "raised_at_meeting_id")
_BEGINS = ("starts_at", "opened_at")
_HOME = "organisation_id"
_NUMBER = "number"
_TEXTS = msgspec.json.Decoder(
    msgspec.defstruct(
        "Texts",
        [
            (name, Any, "")
            for name in dict.fromkeys(
                (*TITLES, *BODIES, "department", "agenda_item_id", _HOME, *_TIES, *_BEGINS, _NUMBER)
            )
        ],
    )
)
"""Reads the fields that are shown and leaves the others, such as the content of minutes, aside."""
_OF_THESE = (
    " FROM json_each(?) AS these JOIN record ON record.id = these.value"
    " JOIN content ON content.n = record.n"
)
_ITEMS = f"SELECT record.id, json_extract(content.fields, '$.meeting_id'){_OF_THESE}"
_PLACES = f"SELECT record.id, json_extract(content.fields, '$.name'){_OF_THESE}"
_MEETINGS = (
    "SELECT record.id, coalesce(json_extract(content.fields, '$.starts_at'),"
    f" json_extract(content.fields, '$.opened_at')){_OF_THESE}"
)

_titles, _bodies = attrgetter(*TITLES), attrgetter(*BODIES)


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One record found; the snippet has its found words between MARKS.

    `meeting_on` is the day of the meeting that it is, or that it is part of; `place` the name of
    the organisation that a person is of.
    """

    kind: str
    id: str
    title: str
    snippet: str
    commission_id: str | None = None
    meeting_on: date | None = None
    place: str = ""


class Search:
    """Searches the workspace; what was written since the last time is indexed first."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._rarities: dict[str, bool] = {}
        self._echoes: tuple[int, frozenset[str]] = (-1, frozenset())  # of so many records

    def find(
        self,
        typed: str,
        *,
        kinds: Sequence[str] = (),
        commission_id: str | None = None,
        first_day: date | None = None,
        last_day: date | None = None,
        limit: int = 50,
    ) -> list[Hit]:
        """The live records that hold every typed word, whole, by its beginning or by its stem.

        The meetings that the words name by their number or their date come first, then the records
        whose title holds them all, the best of each part ahead; the most recent where too many are
        found. The days, both included, are those of meetings, of the publication of watch notes,
        and of the creation of other records.
        """
        wanted = words(typed)
        if not wanted:
            return []
        match, titled, called = _match(wanted), _titled(wanted), calling(typed)
        with self._reading() as records:
            echoes = self._echoes_in(records)
            within = Within(kinds, commission_id, first_day, last_day, echoes)
            found = self._newest(records, wanted, match, within, limit)
            if not found:
                found = search_index.best(records, (titled, match), within, limit)
            if called:
                first = {one.id: one for one in _called(records, called, within)}
                found = list((first | {one.id: one for one in found}).values())[:limit]
            texts = [_TEXTS.decode(one.fields) for one in found]
            days = _meeting_days(records, found, texts)
            places = _places(records, found, texts)
        return [
            _hit(one, text, wanted, on, place)
            for one, text, on, place in zip(found, texts, days, places, strict=True)
        ]

    def find_any(self, stems: Sequence[str], *, kinds: Sequence[str], limit: int) -> list[Hit]:
        """The live records that hold any of the stems, those that hold most of them first."""
        if not stems:
            return []
        match = " OR ".join(f'stems : "{stem}"' for stem in stems)
        with self._reading() as records:
            within = Within(kinds, without=self._echoes_in(records))
            found = search_index.best(records, (match,), within, limit)
        return [_hit(one, _TEXTS.decode(one.fields), stems) for one in found]

    def _echoes_in(self, records: Snapshot) -> frozenset[str]:
        """The digests that the central made of needs that are here: they tell nothing more."""
        ((top,),) = records.rows(_TOP)
        if self._echoes[0] != top:
            known = {str(one) for (one,) in records.rows(_IDS, "need_digest")}
            needs = records.rows(_IDS, "need") if known else iter(())
            own = {reference_id("need_digest", one) for (one,) in needs}
            self._echoes = top, frozenset(known & own)
        return self._echoes[1]

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        """A snapshot of the records, with an index that holds all that they do."""
        with self.workspace.snapshot() as records:
            if not search_index.behind(records):
                yield records
                return
        self.index_pending()
        with self.workspace.snapshot() as records:
            yield records

    def _newest(
        self, records: Snapshot, wanted: list[str], match: str, within: Within, limit: int
    ) -> list[Found]:
        """The newest records found, where there are too many to rank; else nothing.

        Mostly the beginning of one word tells that they are few: it is counted only once while the
        rest of the word is typed.
        """
        long = [word for word in wanted if len(word) >= _BEGINNING]
        if any(self._rare(records, word[:_BEGINNING]) for word in long):
            return []
        beyond = _MOST_RANKED if long else _MOST_RANKED_SHORT
        return search_index.newest(records, match, within, limit, beyond=beyond)

    def _rare(self, records: Snapshot, beginning: str) -> bool:
        if beginning not in self._rarities:
            match = f'"{beginning}" *'
            many = search_index.newest(records, match, Within(), 1, beyond=_MOST_RANKED)
            self._rarities[beginning] = not many
        return self._rarities[beginning]

    def index_pending(self) -> None:
        """Brings the index up to date with the records written since the last time.

        Batch by batch, so that nobody who writes waits for long.
        """
        indexed = 0
        with translated(self.workspace):
            while True:
                with self.workspace.unit() as unit:
                    done = search_index.bring_up(unit)
                    if not done and indexed >= _MANY:
                        search_index.tidy(unit)
                    unit.commit()
                if not done:
                    break
                indexed += done
        if indexed:
            self._rarities.clear()

    def forget(self) -> None:
        """Removes from the index the words that no record holds any more."""
        self.index_pending()
        with translated(self.workspace), self.workspace.unit() as unit:
            search_index.tidy(unit)
            unit.commit()


def _called(records: Snapshot, called: Sequence[str], within: Within) -> Iterator[Found]:
    """The meetings that words name by their number or their date, the latest first."""
    found: list[tuple[date, Found]] = []
    for one in search_index.meetings(records, within):
        texts = _TEXTS.decode(one.fields)
        day = _day(_text(texts, *_BEGINS))
        if is_called_so(called, getattr(texts, _NUMBER), day):
            found.append((day or date.min, one))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return (one for _, one in found)


def _match(wanted: list[str]) -> str:
    """The FTS5 expression: every word, by its beginning or by its stem."""
    return " AND ".join(map(_alternatives, wanted))


def _titled(wanted: list[str]) -> str:
    """The FTS5 expression: every word in the title, by its beginning."""
    return " AND ".join(f'title : "{word}" *' for word in wanted)


def _alternatives(word: str) -> str:
    """The FTS5 expression for a word: its beginning, or its stem if that is not the word itself."""
    by_beginning = f'{{title words}} : "{word}" *'
    stemmed = stem(word)
    return by_beginning if stemmed == word else f'({by_beginning} OR stems : "{stemmed}")'


def _meeting_days(
    records: Snapshot, found: Sequence[Found], texts: Sequence[Any]
) -> list[date | None]:
    """The day of the meeting that each is, or is part of; None for what is of none, or undated."""
    items = _answers(records, _ITEMS, [_text(one, "agenda_item_id") for one in texts])
    meetings = [items.get(_text(one, "agenda_item_id")) or _text(one, *_TIES) for one in texts]
    begins = _answers(records, _MEETINGS, meetings)
    return [
        _day(_text(text, *_BEGINS) if one.kind == "meeting" else begins.get(meeting))
        for one, text, meeting in zip(found, texts, meetings, strict=True)
    ]


def _places(records: Snapshot, found: Sequence[Found], texts: Sequence[Any]) -> list[str]:
    """The name of the organisation that each person is of; empty for what is none."""
    homes = [
        _text(text, _HOME) if one.kind == "person" else ""
        for one, text in zip(found, texts, strict=True)
    ]
    names = _answers(records, _PLACES, homes)
    return [str(names.get(home) or "") for home in homes]


def _text(texts: Any, *names: str) -> str:
    """The first of these fields that holds something; a newer program's may hold anything."""
    values = (getattr(texts, name) for name in names)
    return next((value for value in values if value and isinstance(value, str)), "")


def _day(instant: Any) -> date | None:
    """The local day of an instant; None for what a newer program may have put in its place."""
    try:
        return local_day(instant) if instant and isinstance(instant, str) else None
    except ValueError:
        return None


def _answers(records: Snapshot, query: str, ids: Sequence[str]) -> dict[str, Any]:
    """What a query says of each of these records, nothing being asked where there is none."""
    asked = list(set(filter(None, ids)))
    return dict(records.rows(query, msgspec.json.encode(asked).decode())) if asked else {}


def _hit(
    row: Found,
    texts: Any,
    wanted: Sequence[str],
    meeting_on: date | None = None,
    place: str = "",
) -> Hit:
    title, body = " ".join(said(_titles(texts))), "\n".join(said(_bodies(texts)))
    return Hit(
        kind=row.kind,
        id=row.id,
        commission_id=row.commission_id,
        title=title_of(row.kind, msgspec.structs.asdict(texts)) or label_of(row.kind),
        snippet=snippet(f"{title}\n{body}", wanted),
        meeting_on=meeting_on,
        place=place,
    )
