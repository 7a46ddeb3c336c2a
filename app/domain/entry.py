"""A change entered in a meeting: what follows from it by the rules, and what they refuse of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from app.domain import agenda, ballots, forbidden, minutes_content, steps
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.names import item_name
from app.domain.records import AgendaItem, Ballot, Record, RosterEntry
from app.domain.refusals import Refusal

Named = Mapping[str, Collection[str]]
"""The fields that an entry names, by record id."""

Changes = dict[str, dict[str, Any]]
"""The fields to set, by record id."""

_COUNTED = ("for_count", "against_count", "abstain_count", "blank_count", "chair_vote")
VOTES = frozenset({*_COUNTED, "votes"})
"""The fields of a ballot that tell votes."""


def brought_along(before: MeetingFile | None, after: MeetingFile, named: Named) -> Changes:
    """The fields that follow from an entry: the agenda's numbers, the counts of a roll call.

    `before` is None when the entry makes the meeting, or restores it with the numbers it had. A
    field that the entry names stays as it was entered; `refuse` then says whether it may.
    """
    changes = _numbers(before, after, named)
    state, former = MeetingState(after), _followed(before)
    for ballot in after.ballots:
        if ballot.fields.method == "roll_call" and (ballot.id in named or ballot.id in former):
            derived = _derived(state, ballot)
            changes[ballot.id] = {
                name: getattr(derived, name)
                for name in _COUNTED
                if name not in named.get(ballot.id, ())
                and getattr(derived, name) != getattr(ballot.fields, name)
            }
    return {record_id: fields for record_id, fields in changes.items() if fields}


def _derived(state: MeetingState, ballot: Record[Ballot]) -> Ballot:
    return ballots.derived(ballot.fields, state.chair_seat(state.ballot(ballot)))


def _followed(before: MeetingFile | None) -> set[str]:
    """The ids of the roll calls that held what follows from the names and the chair's seat, and so
    must follow a change of these.
    """
    if before is None:
        return set()
    state = MeetingState(before)
    named = (one for one in before.ballots if one.fields.method == "roll_call")
    return {one.id for one in named if _derived(state, one) == one.fields}


def _numbers(before: MeetingFile | None, after: MeetingFile, named: Named) -> Changes:
    if after.meeting.fields.status == "planned":
        return {}
    if before is None or before.meeting.fields.status == "planned":
        numbers = agenda.numbers_at_convening(after.items)
        numbered = {item.id for item in after.items if before is None and item.fields.number}
        return {
            item.id: {"number": numbers[item.id]}
            for item in after.items
            if item.id not in numbered
            and "number" not in named.get(item.id, ())
            and item.fields.number != numbers[item.id]
        }
    return _added_numbers(before, after)


def _added_numbers(before: MeetingFile, after: MeetingFile) -> Changes:
    """« 4 bis »… for the items added since the numbers were fixed."""
    known = {item.id for item in before.items}
    fixed = any(item.fields.original and item.fields.number for item in before.items)
    items = list(after.items)
    changes: Changes = {}
    for place, item in enumerate(items):
        if item.id in known or not _is_added(item, fixed):
            continue
        number = item.fields.number or agenda.added_number(items, item.id)
        fields = msgspec.structs.replace(item.fields, original=False, number=number)
        items[place] = msgspec.structs.replace(item, fields=fields)
        changes[item.id] = {"original": False, "number": number}
    return changes


def _is_added(item: Record[AgendaItem], fixed: bool) -> bool:
    """Whether a new item comes after the numbers were fixed: by its `original`, else its number."""
    number = item.fields.number
    return not item.fields.original or (fixed and (not number or agenda.is_added_number(number)))


def refuse(
    before: MeetingFile | None,
    after: MeetingFile,
    *,
    imported: bool = False,
    untold: bool = False,
) -> None:
    """Refusal, with the record and the field, when the rules do not let the entry in.

    What stood before the entry, or in frozen minutes, is no reason to refuse it. An import is
    spared what the profile `deliberative` alone forbids. `untold` says that the entry undoes what
    no other laptop knows: an opening without convocation may then be taken back.
    """
    judged = forbidden.in_both_profiles if imported else forbidden.findings
    state = MeetingState(after)
    if before is not None:
        if not imported:
            _refuse_steps(before, state, untold)  # first: a return to planned takes numbers away
        _refuse_agenda(before, after)
        _refuse_secrets(before, after)
        if not imported:
            _refuse_numbers(before, after)
    sealed = minutes_content.sealed(after)
    found = [finding for finding in judged(state) if finding.record_id not in sealed]
    former = list(judged(MeetingState(before))) if before and found else []
    stood = {(one.record_id, one.field): one.gap for one in former}
    for finding in found:
        if finding.gap > stood.get((finding.record_id, finding.field), -1):
            itself = not finding.instead or _is_entered(before, after, finding.record_id)
            what = finding.what if itself else finding.instead
            what += _way_to_replace(before, after)
            raise Refusal(what, field=finding.field, record_id=finding.record_id)


def _is_entered(before: MeetingFile | None, after: MeetingFile, record_id: str) -> bool:
    """Whether an entry makes or changes a ballot."""
    former = {one.id: one.fields for one in before.ballots} if before else {}
    return any(one.id == record_id and one.fields != former.get(one.id) for one in after.ballots)


def _way_to_replace(before: MeetingFile | None, after: MeetingFile) -> str:
    """How a seat changes hands without a change to the meetings before; empty when none does."""
    former = {one.id: _holders(one.fields) for one in before.roster} if before else {}
    current = {one.id: _holders(one.fields) for one in after.roster if one.id in former}
    if former.items() >= current.items():
        return ""
    return (
        " Pour un remplacement, donnez-en le jour : ce siège finit ce jour-là, un autre y commence."
    )


def _holders(seat: RosterEntry) -> tuple[str | None, str | None]:
    return seat.titular_person_id, seat.alternate_person_id


def _refuse_steps(before: MeetingFile, after: MeetingState, untold: bool) -> None:
    """Refuses a status that the steps bar, and a return to planned once the numbers are known."""
    was, status = before.meeting.fields.status, after.file.meeting.fields.status
    if was == status:
        return
    if status == "planned":
        _refuse_planned(before, untold)
        return
    if status == "approved":
        steps.approve(after)
    elif status == "convened":
        steps.refuse_undated(after)
    elif was == "planned":
        steps.open_(MeetingState(before), "")


def _refuse_planned(before: MeetingFile, untold: bool) -> None:
    """Refuses a return to planned, except to undo an opening unknown elsewhere, no item added."""
    if before.meeting.fields.status == "convened":
        told = "la séance est convoquée, elle ne redevient pas prévue ; supprimez-la si elle n'a"
        told += " pas lieu."
    elif untold and all(item.fields.original for item in before.items):
        return
    else:
        told = (
            "la séance a été ouverte et les numéros de son ordre du jour sont donnés, elle ne"
            " redevient pas prévue : tenez-la le jour venu, puis corrigez son heure d'ouverture."
        )
    raise Refusal(told, field="status", record_id=before.meeting.id)


def _refuse_numbers(before: MeetingFile, after: MeetingFile) -> None:
    """No item takes the number of another."""
    former = {item.id: item.fields.number for item in before.items}
    fresh = [item for item in after.items if item.fields.number not in ("", former.get(item.id))]
    for item in fresh:
        other = next(
            (o for o in after.items if o.fields.number == item.fields.number and o is not item),
            None,
        )
        if other is not None:
            raise Refusal(
                f"le numéro « {item.fields.number} » est déjà celui d'un autre point ; laissez-le"
                " vide, il se donne de lui-même.",
                field="number",
                record_id=item.id,
            )


def _refuse_agenda(before: MeetingFile, after: MeetingFile) -> None:
    """Once convened, or opened, an item is neither deleted nor renumbered."""
    status = before.meeting.fields.status
    if status == "planned":
        return
    begun = "la séance est convoquée" if status == "convened" else "la séance a été ouverte"
    is_planned_again = after.meeting.fields.status == "planned"
    current = {item.id: item.fields for item in after.items}
    for item in before.items:
        fields = current.get(item.id)
        if fields is None:
            raise Refusal(
                f"{item_name(item)} : {begun}, un point ne se supprime plus ; marquez-le retiré.",
                record_id=item.id,
            )
        if item.fields.number not in ("", fields.number) and not is_planned_again:
            raise Refusal(
                f"{item_name(item)} : {begun}, les numéros ne changent plus.",
                field="number",
                record_id=item.id,
            )
        if item.fields.original != fields.original:
            raise Refusal(
                f"{item_name(item)} : un point est d'origine ou ajouté selon qu'il précède la"
                " convocation ; cela ne se change pas.",
                field="original",
                record_id=item.id,
            )


def _refuse_secrets(before: MeetingFile, after: MeetingFile) -> None:
    """A secret ballot is entered once; its method is locked, so that no name is ever stored."""
    current = {ballot.id: ballot.fields for ballot in after.ballots}
    for ballot in before.ballots:
        fields = current.get(ballot.id)
        if fields and (ballots.is_entered(ballot.fields) or ballot.fields.chair_vote):
            _refuse_secret(ballot, fields)


def _refuse_secret(before: Record[Ballot], after: Ballot) -> None:
    methods = {before.fields.method, after.method}
    if len(methods) == 2 and "secret" in methods:
        raise names_were_kept(before)
    if after.method == "secret" and ballots.entered_tally(before.fields) != ballots.entered_tally(
        after
    ):
        raise Refusal(
            "un scrutin secret se saisit une seule fois : supprimez ce vote et saisissez-en un"
            " autre.",
            field="for_count",
            record_id=before.id,
        )


def names_were_kept(ballot: Record[Ballot]) -> Refusal:
    """The refusal to make a ballot secret, or no longer secret, after votes were entered: what the
    history keeps of them would betray it.
    """
    return Refusal(
        "le mode d'un vote ne devient plus ou ne cesse plus d'être secret une fois des voix"
        " saisies, même effacées depuis : supprimez ce vote et saisissez-en un autre.",
        field="method",
        record_id=ballot.id,
    )


def with_changes(file: MeetingFile, changes: Changes) -> MeetingFile:
    """The file as it stands once the fields brought along are set."""
    return replace(
        file,
        items=tuple(_set(item, changes) for item in file.items),
        ballots=tuple(_set(ballot, changes) for ballot in file.ballots),
    )


def _set(record: Any, changes: Changes) -> Any:
    fields = changes.get(record.id)
    if not fields:
        return record
    return msgspec.structs.replace(record, fields=msgspec.structs.replace(record.fields, **fields))
