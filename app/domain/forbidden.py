"""What the rules forbid in a meeting: refused where it is entered, reported where it is found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from app.domain import ballots, notice, wording
from app.domain.attendance import seconds
from app.domain.dates import local_day
from app.domain.findings import Finding
from app.domain.meeting_state import MeetingState
from app.domain.names import item_name
from app.domain.records import Ballot, Convocation, Record

_METHODS = {"secret": "au scrutin secret", "roll_call": "au scrutin public, par appel nominal"}


def findings(state: MeetingState) -> list[Finding]:
    """What the records of the meeting hold although its profile forbids it."""
    found = list(in_both_profiles(state))
    if state.profile == "deliberative":
        found += in_deliberative(state)
    return found


def in_both_profiles(state: MeetingState) -> Iterator[Finding]:
    """More votes than the room has, a roll call whose totals are not those of its names, a secret
    ballot that keeps names or the chair's vote.
    """
    for ballot in state.file.ballots:
        yield from _room(state, ballot)
        yield from _roll_call(state, ballot)
        yield from _secret(state, ballot)


def in_deliberative(state: MeetingState) -> Iterator[Finding]:
    """What the rules of municipal councils forbid (CGCT L2121-10 to L2121-26)."""
    yield from _convened_late(state)
    for ballot in state.file.ballots:
        yield from _not_notified(state, ballot)
        if ballots.is_held(ballot.fields):
            yield from _without_quorum(state, ballot)
            yield from _method(state, ballot)


def _convened_late(state: MeetingState) -> Iterator[Finding]:
    """The first sending to each person is the one that counts: a later one tells of a change."""
    for first, *_ in sendings(state):
        person = first.fields.person_id
        whose = f" {wording.of(state.names.person(person))}" if person else ""
        if sentence := late_sending(state, local_day(first.fields.sent_at or ""), whose):
            yield Finding(sentence, first.id, "sent_at")


def sendings(state: MeetingState) -> Collection[Sequence[Record[Convocation]]]:
    """The convocations that left, for each person they left for, earliest first."""
    found: dict[str, list[Record[Convocation]]] = {}
    sent = [one for one in state.file.convocations if one.fields.sent_at]
    for one in sorted(sent, key=lambda one: seconds(one.fields.sent_at or "")):
        found.setdefault(one.fields.person_id or one.id, []).append(one)
    return found.values()


def late_sending(state: MeetingState, on: date, whose: str = "") -> str:
    """Why convocations, or the one of somebody (« de Paul Roy », after a space), may not leave on a
    day; empty when they may.
    """
    commission, meeting = state.file.commission.fields, state.file.meeting.fields
    latest = notice.latest_sending(commission, meeting)
    if latest is None or on <= latest:
        return ""
    days = wording.count(
        notice.clear_days(commission, meeting.emergency), "jour franc", "jours francs"
    )
    return (
        f"Convocation{whose} : il faut {days} avant la séance, l'envoi devait partir au plus tard"
        f" le {wording.long_day(latest)}."
    )


def _name(state: MeetingState, ballot: Record[Ballot]) -> str:
    item = state.items.get(ballot.fields.agenda_item_id or "")
    return f"{item_name(item)}, vote" if item else "Vote"


def _room(state: MeetingState, ballot: Record[Ballot]) -> Iterator[Finding]:
    entered = ballots.entered_tally(ballot.fields).entered
    if ballot.fields.method == "roll_call":
        entered = max(entered, len(ballot.fields.votes))
    electorate = len(state.ballot(ballot).voters(ballot.fields))
    if entered > electorate:
        noun = wording.count(entered, "voix", "voix")
        name = _name(state, ballot)
        way = "l'heure de ce vote, ou supprimez-le pour le saisir à nouveau ensuite"
        if ballot.fields.method != "secret":
            way = "les voix ou l'heure de ce vote"
        yield Finding(
            f"{name} : {noun} pour {electorate} dans la salle, pouvoirs compris ; corrigez les voix"
            " ou les présences.",
            ballot.id,
            "for_count",
            entered - electorate,
            f"{name} : il y aurait {noun} pour {electorate} dans la salle, pouvoirs compris ;"
            f" corrigez d'abord {way}, puis faites ce changement.",
        )


def _roll_call(state: MeetingState, ballot: Record[Ballot]) -> Iterator[Finding]:
    fields = ballot.fields
    derived = ballots.derived(fields, state.chair_seat(state.ballot(ballot)))
    told = fields.chair_vote not in (None, derived.chair_vote)
    if told or ballots.entered_tally(fields) != ballots.entered_tally(derived):
        yield Finding(
            f"{_name(state, ballot)} : les totaux ou la voix du président ne sont pas ceux des"
            " votes nominatifs ; corrigez l'un ou l'autre.",
            ballot.id,
            "votes",
        )


def _secret(state: MeetingState, ballot: Record[Ballot]) -> Iterator[Finding]:
    fields = ballot.fields
    if fields.method == "secret" and (fields.votes or fields.chair_vote):
        yield Finding(
            f"{_name(state, ballot)} : un scrutin secret ne garde ni votes nominatifs ni voix du"
            " président ; n'en saisissez que les totaux.",
            ballot.id,
            "votes" if fields.votes else "chair_vote",
        )


def _not_notified(state: MeetingState, ballot: Record[Ballot]) -> Iterator[Finding]:
    item = state.items.get(ballot.fields.agenda_item_id or "")
    if item is None or item.fields.original:
        return
    at = ballot.fields.held_at or state.ballot(ballot).at
    notified = item.fields.notified_at
    if notified is None or (at is not None and seconds(notified) > seconds(at)):
        yield Finding(
            f"{_name(state, ballot)} : ce point a été ajouté après la convocation sans être notifié"
            " aux membres ; il ne peut pas être mis aux voix.",
            ballot.id,
            "agenda_item_id",
        )


def _without_quorum(state: MeetingState, ballot: Record[Ballot]) -> Iterator[Finding]:
    quorum = state.ballot(ballot).quorum
    if not quorum.reached:
        standing = quorum.sentence[:1].lower() + quorum.sentence[1:]
        yield Finding(
            f"{_name(state, ballot)} : {standing} ; sans quorum, le vote ne peut pas avoir lieu.",
            ballot.id,
            "held_at",
            quorum.needed - quorum.present,
            f"{_name(state, ballot)} : {standing} ; ce vote aurait lieu sans quorum, corrigez"
            " d'abord son heure ou supprimez-le, puis faites ce changement.",
        )


def _method(state: MeetingState, ballot: Record[Ballot]) -> Iterator[Finding]:
    required = ballots.method_required(ballot.fields, state.ballot(ballot).room)
    if required is None or ballot.fields.method == required:
        return
    asked = ballots.secret_requested(ballot.fields, state.ballot(ballot).room)
    if required == "secret" and not asked:
        why = "une nomination se vote au scrutin secret, sauf renoncement unanime"
    else:
        share = "le tiers" if required == "secret" else "le quart"
        why = f"{share} des membres présents demande un vote {_METHODS[required]}"
    yield Finding(
        f"{_name(state, ballot)} : {why} ; changez le mode de scrutin.", ballot.id, "method"
    )
