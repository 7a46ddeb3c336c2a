"""The state of a meeting, as `meeting check` prints it (CONTRACTS §1)."""

from __future__ import annotations

import msgspec

from app.domain import forbidden, minutes, notice
from app.domain.findings import Finding
from app.domain.meeting_state import MeetingState
from app.domain.proxies import ProxyState
from app.domain.quorum import Quorum
from app.domain.records import AgendaItem, Ballot, Record


class Missing(msgspec.Struct, frozen=True):
    """What is missing or forbidden, in plain French, and the record to mend."""

    what: str
    record_id: str


class BallotCheck(msgspec.Struct, frozen=True):
    """A ballot judged when it was held."""

    id: str
    quorum: Quorum
    proxies: tuple[ProxyState, ...]
    adopted: bool
    sentence: str


class ItemCheck(msgspec.Struct, frozen=True):
    """An item of the agenda judged when it started."""

    id: str
    number: str
    quorum: Quorum
    proxies: tuple[ProxyState, ...]
    ballots: tuple[BallotCheck, ...]


class MeetingCheck(msgspec.Struct, frozen=True):
    """Everything that the rules say of a meeting; `latest_sending_on` is a local date."""

    meeting_id: str
    latest_sending_on: str | None
    items: tuple[ItemCheck, ...]
    missing: tuple[Missing, ...]


def check(state: MeetingState) -> MeetingCheck:
    """The state of a meeting from its records alone."""
    file = state.file
    latest = notice.latest_sending(file.commission.fields, file.meeting.fields)
    return MeetingCheck(
        file.meeting.id,
        latest.isoformat() if latest else None,
        tuple(_item(state, item) for item in file.items),
        tuple(Missing(finding.what, finding.record_id) for finding in findings(state)),
    )


def findings(state: MeetingState) -> list[Finding]:
    """What the minutes lack, then what the rules forbid, each with the field to mend."""
    return minutes.checklist(state) + forbidden.findings(state)


def _item(state: MeetingState, item: Record[AgendaItem]) -> ItemCheck:
    moment = state.item(item)
    return ItemCheck(
        item.id,
        item.fields.number,
        moment.quorum,
        moment.proxies,
        tuple(_ballot(state, ballot) for ballot in state.ballots_of.get(item.id, ())),
    )


def _ballot(state: MeetingState, ballot: Record[Ballot]) -> BallotCheck:
    moment = state.ballot(ballot)
    return BallotCheck(
        ballot.id, moment.quorum, moment.proxies, state.adopts(ballot), state.result(ballot)
    )
