"""What was kept longer than its term: proposed to the user, purged once ticked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial

import msgspec

from app.domain.dates import PARIS, day, local_day
from app.domain.erasure import is_erased
from app.domain.records import SCHEMA, Envelope
from app.domain.refusals import Refusal
from app.domain.retention_terms import Due, Expired, Term, months_before
from app.domain.titles import label_of
from app.domain.validation import readable, references, typed
from app.domain.wording import capitalised
from app.errors import UserError
from app.services import guards
from app.services.erasure import Erasures
from app.services.personal_data import PersonalData
from app.services.terms import terms
from app.services.translation import of_record, translated
from app.storage.meeting_ties import frozen_minutes
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace


class Retention:
    """Proposes what to purge, and purges only what was ticked."""

    def __init__(self, data: PersonalData, erasures: Erasures, workspace: Workspace) -> None:
        self._data = data
        self._erasures = erasures
        self._workspace = workspace

    def due(self) -> Sequence[Due]:
        """Each term with what it proposes today; what frozen minutes hold is not proposed."""
        return [Due(term=term, expired=tuple(self._expired(term))) for term in terms()]

    def purge(self, record_ids: Collection[str]) -> None:
        """Deletes what was ticked in one operation that can be undone, then erases the persons.

        An erasure cannot be undone. UserError names a record that something holds, or whose term
        does not run any more: then nothing is purged.
        """
        label = "Purge des données échues"
        with translated(self._workspace), self._workspace.unit(label, undoable=True) as unit:
            found = [one for record_id in record_ids if (one := unit.get(record_id)) is not None]
            due = {envelope.id for term in terms() for _, envelope in self._found(unit, term)}
            for envelope in found:
                if envelope.id not in due:
                    raise UserError(
                        f"{self._named(envelope)} n'est plus à purger, rien n'a été changé :"
                        " rouvrez cette liste."
                    )
            persons = [one.id for one in found if not _deleted(unit, one)]
            unit.commit()
        if persons:
            self._erasures.erase(*persons)

    def _expired(self, term: Term) -> Iterator[Expired]:
        with self._workspace.reading() as unit:
            found = sorted(self._found(unit, term), key=lambda one: (one[0], one[1].id))
        for since, envelope in found:
            yield Expired(record_id=envelope.id, title=self._named(envelope), since=since)

    def _found(self, unit: UnitOfWork, term: Term) -> Iterator[tuple[date, Envelope]]:
        """What a term proposes today, each with the day that it ran from."""
        limit = months_before(self._workspace.clock().date(), term.months)
        frozen = cache(partial(frozen_minutes, unit))  # they hold all the records of a meeting
        for envelope in unit.select(term.kind):
            if frozen(readable(envelope).get("meeting_id")):
                continue
            since = _since(unit, envelope)
            if since is not None and since < limit and _may_go(unit, envelope, term):
                yield since, envelope

    def _named(self, envelope: Envelope) -> str:
        title = self._data.title(envelope)
        if envelope.kind == "convocation" and (whom := envelope.fields["person_id"]):
            title = f"{title}, {self._data.said('convocation', 'person_id', whom)}"
        label = capitalised(label_of(envelope.kind))
        return title if envelope.kind == "person" else f"{label} : {title}"


def _deleted(unit: UnitOfWork, envelope: Envelope) -> bool:
    """Deletes a record and gives True; False for a person, who is to be erased instead."""
    if envelope.kind == "person":
        return False
    after = msgspec.structs.replace(envelope, deleted=True)
    with of_record(label_of(envelope.kind), envelope.id):
        guards.check_change(unit, envelope, after)
        unit.save(after)
    return True


def _may_go(unit: UnitOfWork, envelope: Envelope, term: Term) -> bool:
    if term.action == "erase":
        return not is_erased(envelope.fields)
    try:
        guards.check_change(unit, envelope, msgspec.structs.replace(envelope, deleted=True))
    except Refusal:
        return False
    return True


def _since(unit: UnitOfWork, envelope: Envelope) -> date | None:
    """The day that a record's term runs from; None while it does not run.

    A newer program alone knows the term of what it made.
    """
    if envelope.schema > SCHEMA:
        return None
    if envelope.kind == "person":
        return _last_seen(unit, envelope)
    if envelope.kind == "convocation":
        return _day_of_meeting(unit, envelope.fields["meeting_id"])
    if envelope.fields["status"] != "resolved":
        return None
    sides = (envelope.fields[side]["at"] for side in ("mine", "theirs"))
    return max((local_day(at) for at in sides if at), default=_born(envelope))


def _last_seen(unit: UnitOfWork, person: Envelope) -> date | None:
    """The last day on which something concerned a person; None while they have a seat."""
    days = [_born(person)]
    for _, envelope in unit.pointing_to(person.id):
        if envelope.kind == "roster_entry":
            until = typed(envelope).fields.until
            if until is None:
                return None
            days.append(day(until))
        elif envelope.kind == "meeting":
            days.append(_day_of_meeting(unit, envelope.id) or _born(envelope))
        else:
            found = {one.field: one.target for one in references(envelope.kind, envelope.fields)}
            meeting_id = found.get("meeting_id") or found.get("raised_at_meeting_id")
            days.append(_day_of_meeting(unit, meeting_id) or _born(envelope))
    return max(days)


def _day_of_meeting(unit: UnitOfWork, meeting_id: str | None) -> date | None:
    meeting = unit.get(meeting_id) if meeting_id else None
    if meeting is None or meeting.kind != "meeting":
        return None
    starts_at = typed(meeting).fields.starts_at
    return local_day(starts_at) if starts_at else None


def _born(envelope: Envelope) -> date:
    """The day in the record's UUIDv7 (RFC 9562 §5.7); an id of another form never grows old."""
    if envelope.id[14] != "7":
        return date.max
    milliseconds = int(envelope.id.replace("-", "")[:12], 16)
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(PARIS).date()
