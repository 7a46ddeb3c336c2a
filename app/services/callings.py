"""What records are called where they are listed: those without a title, by what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.names import commission_names
from app.domain.records import Envelope
from app.domain.titles import LONGEST, label_for, label_of, title_of
from app.domain.validation import readable, typed
from app.domain.wording import shortened
from app.storage import sync_state
from app.storage.unit_of_work import UnitOfWork

ABOUT = {
    "conflict": "record_id", "attendance": "person_id", "convocation": "person_id",
    "proxy": "giver_entry_id", "roster_entry": "organisation_id", "commitment": "organisation_id",
    "briefing": "watch_note_id", "ballot": "agenda_item_id", "minutes": "meeting_id",
    "solution_tally": "solution_id",
}  # fmt: skip
"""The field that says what a record without a title is about."""

_AT_ONCE = 1000  # records held in memory to be named

STEPS = 3
"""The records to follow to a title: a conflict's proxy, its seat, the seat's commune."""


def called(unit: UnitOfWork, found: Iterable[Envelope]) -> dict[str, str]:
    """The words for each, by id: « siège « Vougeot (21) » », « conflit, besoin « Fibre » »."""
    records = list(found)
    titles = titles_of(unit, records)
    return {one.id: _words(one, shortened(titles[one.id], LONGEST)) for one in records}


def called_by_id(unit: UnitOfWork, ids: Sequence[str]) -> dict[str, str]:
    """The words for the records of these ids that are here, deleted or not."""
    names: dict[str, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        found = sync_state.stored_many(unit, ids[start : start + _AT_ONCE])
        names |= called(unit, [stored.envelope for stored in found.values()])
    return names


def commissions(unit: UnitOfWork) -> dict[str, str]:
    """The names of the commissions where there are several; none for one alone, never named."""
    names = commission_names(map(typed, unit.select("commission")))
    return names if len(names) > 1 else {}


def within(name: str, commission: str) -> str:
    """A name followed by the commission that it is of: « besoin « Fibre » (Beaune) »."""
    return f"{name} ({commission})" if commission else name


def _words(record: Envelope, title: str) -> str:
    label = label_for(record)
    if record.kind == "conflict":
        label += f", {label_of(readable(record)['record_kind'])}"
    return f"{label} « {title} »" if title else label


def titles_of(unit: UnitOfWork, found: Sequence[Envelope], steps: int = STEPS) -> dict[str, str]:
    """The title of each, by id: its own, or that of what it is about."""
    titles = {one.id: title_of(one.kind, one.fields) for one in found}
    about = {
        one.id: target
        for one in found
        if not titles[one.id]
        and one.kind in ABOUT
        and (target := readable(one).get(ABOUT[one.kind]))
    }
    if about and steps:
        there = sync_state.stored_many(unit, set(about.values()))
        reached = titles_of(unit, [stored.envelope for stored in there.values()], steps - 1)
        titles |= {one: reached[target] for one, target in about.items() if target in reached}
    return titles
