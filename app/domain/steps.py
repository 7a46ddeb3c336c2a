"""The steps of a meeting: planned, convened, open, closed, approved; and what bars each."""

from __future__ import annotations

from typing import Any

from app.domain import convocations, forbidden, meeting_check, wording
from app.domain.attendance import opening, seconds
from app.domain.dates import local_day
from app.domain.field_words import VALUES
from app.domain.findings import Finding
from app.domain.meeting_state import MeetingState
from app.domain.records import Meeting
from app.domain.refusals import Refusal

ORDER = ("planned", "convened", "open", "closed", "approved")


def convene(state: MeetingState, at: str) -> dict[str, Any]:
    """The fields to set on a meeting whose convocations, but for those sent, leave at an instant.

    Refusal after the opening and, in profile `deliberative`, without a date or when too few clear
    days are left.
    """
    _refuse_after(state, "convened", "être convoquée")
    if _is(state, "convened"):
        return {}
    refuse_undated(state)
    last = convocations.last_sending(state.file, local_day(at))
    if state.profile == "deliberative" and (sentence := forbidden.late_sending(state, last)):
        way = "" if state.file.meeting.fields.emergency else ", ou convoquez-la en urgence"
        words = f"{sentence[:1].lower()}{sentence[1:-1]} : reportez la séance{way}."
        raise _refusal(state, words, "starts_at")
    return {"status": "convened"}


def refuse_undated(state: MeetingState) -> None:
    """Refusal when there is no day to convene for, which profile `deliberative` asks."""
    if state.profile == "deliberative" and state.file.meeting.fields.starts_at is None:
        raise _refusal(
            state, "la séance n'a pas de date : fixez-la avant de la convoquer.", "starts_at"
        )


def open_(state: MeetingState, at: str) -> dict[str, Any]:
    """The fields to set on a meeting that opens.

    Refusal once it is closed or, in profile `deliberative`, when it was never convened.
    """
    _refuse_after(state, "open", "être ouverte")
    if state.profile == "deliberative" and _is(state, "planned"):
        raise _refusal(
            state, "la séance n'est pas convoquée : convoquez-la avant de l'ouvrir.", "status"
        )
    return _timed(state, "open", "opened_at", at)


def close(state: MeetingState, at: str) -> dict[str, Any]:
    """The fields to set on a meeting that closes; Refusal when it is not open, or opened later."""
    _refuse_after(state, "closed", "être close")
    fields = state.file.meeting.fields
    if not _is(state, "open", "closed"):
        raise _refusal(
            state, "la séance n'est pas ouverte : ouvrez-la avant de la clore.", "status"
        )
    if fields.opened_at and seconds(fields.closed_at or at) < seconds(fields.opened_at):
        raise _refusal(
            state, "la clôture de la séance précède son ouverture : corrigez l'heure.", "closed_at"
        )
    return _timed(state, "closed", "closed_at", at)


def freeze(state: MeetingState) -> list[Finding]:
    """What the minutes still lack; profile `commission` may freeze them all the same.

    Refusal when the meeting is not closed, when its minutes are frozen already or, in profile
    `deliberative`, when anything is missing.
    """
    if state.file.frozen_minutes:
        raise _refusal(state, "le procès-verbal de la séance est déjà gelé.", "status")
    if not _is(state, "closed", "approved"):
        raise _refusal(
            state,
            "la séance n'est pas close : clôturez-la avant de geler son procès-verbal.",
            "status",
        )
    missing = meeting_check.findings(state)
    if missing and state.profile == "deliberative":
        others = wording.count(len(missing) - 1, "autre point", "autres points")
        more = f" (et {others})" if len(missing) > 1 else ""
        what = missing[0].what.removesuffix(".")
        raise Refusal(
            f"le procès-verbal est incomplet, il ne peut être gelé : {what}{more}.",
            field=missing[0].field,
            record_id=missing[0].record_id,
        )
    return missing


def approve(state: MeetingState) -> dict[str, Any]:
    """The fields to set on a meeting whose minutes are approved; Refusal before their freeze."""
    if state.file.frozen_minutes is None:
        raise _refusal(
            state, "le procès-verbal n'est pas gelé : gelez-le avant de l'approuver.", "status"
        )
    return {} if _is(state, "approved") else {"status": "approved"}


def may_approve(one: Meeting, held: Meeting) -> bool:
    """Whether a meeting may approve the minutes of another: it is opened by now, and after it."""
    at, former = opening(one), opening(held)
    later = at is not None and (former is None or seconds(at) > seconds(former))
    return later and ORDER.index(one.status) >= ORDER.index("open")


def _is(state: MeetingState, *statuses: str) -> bool:
    return state.file.meeting.fields.status in statuses


def _timed(state: MeetingState, status: str, field: str, at: str) -> dict[str, Any]:
    """The new status and its instant; an instant already recorded is kept."""
    fields = state.file.meeting.fields
    changes: dict[str, Any] = {} if fields.status == status else {"status": status}
    if getattr(fields, field) is None:
        changes[field] = at
    return changes


def _refuse_after(state: MeetingState, status: str, deed: str) -> None:
    now = state.file.meeting.fields.status
    if ORDER.index(now) > ORDER.index(status):
        word = VALUES["meeting"]["status"][now]
        raise _refusal(state, f"la séance est {word}, elle ne peut plus {deed}.", "status")


def _refusal(state: MeetingState, sentence: str, field: str) -> Refusal:
    return Refusal(sentence, field=field, record_id=state.file.meeting.id)
