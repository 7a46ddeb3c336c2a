"""What changed in the room between two moments, in words: the quorum, then the proxies."""

from __future__ import annotations

from app.domain import wording
from app.domain.meeting_state import MeetingState, Moment


def news(state: MeetingState, before: Moment, after: Moment) -> list[str]:
    """The sentences to say at once when the room goes from one moment to another.

    `state` is the meeting's state after the change: it knows every proxy of `after`.
    """
    return [*_quorum(before, after), *_proxies(state, before, after)]


def _quorum(before: Moment, after: Moment) -> list[str]:
    if before.quorum.reached == after.quorum.reached:
        return []
    sentence = after.quorum.sentence
    return [sentence if after.quorum.reached else sentence.replace("non atteint", "perdu", 1)]


def _proxies(state: MeetingState, before: Moment, after: Moment) -> list[str]:
    """« Le pouvoir de Jean Roy (Gilly) ne compte plus : Anne Petit (Vougeot) n'est pas… »."""
    known = {proxy.id for proxy in before.proxies}
    counted = {proxy.id for proxy in before.proxies if proxy.counts}
    givers = {proxy.id: proxy.fields.giver_entry_id for proxy in state.file.proxies}
    found = []
    for proxy in after.proxies:
        name = f"Le pouvoir {state.names.of_seat(givers[proxy.id])}"
        if proxy.counts and proxy.id not in counted:
            found.append(f"{name} compte")
        elif not proxy.counts and (proxy.id in counted or proxy.id not in known):
            no_more = "plus" if proxy.id in known else "pas"
            found.append(f"{name} ne compte {no_more} : {proxy.reason}")
    return found


def reconvening(state: MeetingState) -> str:
    """Why a reconvened meeting still needs its ordinary quorum; empty when it does not."""
    earliest = state.reconvening_from
    if earliest is None or state.is_late_enough:
        return ""
    return (
        f"Séance reconvoquée trop tôt : il fallait attendre le {wording.long_day(earliest)},"
        " le quorum ordinaire s'applique"
    )
