"""Which proxies count at an instant, and why the others do not (CGCT L2121-20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from app.domain import dates, wording
from app.domain.attendance import Room, seconds
from app.domain.names import Names
from app.domain.records import Proxy, Record


class ProxyState(msgspec.Struct, frozen=True):
    """Whether a proxy counts; `reason` says in French why it does not, empty when it does."""

    id: str
    counts: bool
    reason: str = ""


def judge(
    proxies: Sequence[Record[Proxy]], room: Room, at: str | None, per_holder: int, names: Names
) -> tuple[ProxyState, ...]:
    """The state of each proxy in the room at an instant, in the order given.

    Of those that otherwise count, the earliest received prevail, then by id: at most `per_holder`
    for one holder, and one for one giver, who has a single vote.
    """
    reasons = {proxy.id: _hindrance(proxy.fields, room, at, names) for proxy in proxies}
    held: Counter[str | None] = Counter()
    given: set[str | None] = set()
    for proxy in sorted((p for p in proxies if not reasons[p.id]), key=_received):
        holder, giver = proxy.fields.holder_entry_id, proxy.fields.giver_entry_id
        if giver in given:
            reasons[proxy.id] = f"un autre pouvoir {names.of_seat(giver)}, reçu avant, compte déjà"
        elif held[holder] >= per_holder:
            reasons[proxy.id] = f"{names.seat(holder)} ne peut détenir {_limit(per_holder)}"
        else:
            held[holder] += 1
            given.add(giver)
    return tuple(ProxyState(p.id, not reasons[p.id], reasons[p.id]) for p in proxies)


def counting(proxies: Iterable[Record[Proxy]], states: Iterable[ProxyState]) -> dict[str, str]:
    """The holder's entry by the giver's, for the proxies that count."""
    valid = {state.id for state in states if state.counts}
    return {
        proxy.fields.giver_entry_id: proxy.fields.holder_entry_id
        for proxy in proxies
        if proxy.id in valid and proxy.fields.giver_entry_id and proxy.fields.holder_entry_id
    }


def _received(proxy: Record[Proxy]) -> tuple[float, str]:
    return seconds(proxy.fields.received_at or "1900-01-01T00:00:00+00:00"), proxy.id


def _hindrance(proxy: Proxy, room: Room, at: str | None, names: Names) -> str:
    return _untimely(proxy, at) or _misplaced(proxy, room, names)


def _untimely(proxy: Proxy, at: str | None) -> str:
    """Why the proxy is not in force at the instant: received_at ≤ at < revoked_at."""
    if at is None:
        return "l'heure de la séance n'est pas connue"
    if proxy.received_at is None:
        return "l'heure de sa réception n'est pas notée"
    if seconds(at) < seconds(proxy.received_at):
        return f"reçu plus tard, {_when(proxy.received_at, at)}"
    if proxy.revoked_at and seconds(proxy.revoked_at) <= seconds(at):
        return f"révoqué {_when(proxy.revoked_at, at)}"
    return ""


def _when(instant: str, at: str) -> str:
    """« à 18 h 40 » on the day of the meeting, « le lundi 15 mars 2027 à 9 h » otherwise."""
    if dates.local_day(instant) == dates.local_day(at):
        return f"à {wording.hour(instant)}"
    return f"le {wording.day_and_hour(instant)}"


def _limit(per_holder: int) -> str:
    if per_holder == 0:
        return "aucun pouvoir"
    return "qu'un pouvoir" if per_holder == 1 else f"que {per_holder} pouvoirs"


def _misplaced(proxy: Proxy, room: Room, names: Names) -> str:
    """Why the room keeps the proxy from counting: the giver must be out, and the holder in."""
    giver, holder = proxy.giver_entry_id or "", proxy.holder_entry_id or ""
    if not giver or not holder:
        return f"ce pouvoir ne dit pas {'qui le donne' if not giver else 'à qui il est donné'}"
    for entry_id in (giver, holder):
        if entry_id not in room.seats:
            return f"{names.seat(entry_id)} n'a pas de siège ce jour-là"
    if giver in room.occupants:
        return f"le siège {names.of_seat(giver)} est occupé et reprend son vote"
    if holder not in room.occupants:
        return f"{names.seat(holder)} n'est pas dans la salle"
    for entry_id in (giver, holder):
        if entry_id in room.excluded:
            return f"{names.seat(entry_id)} ne peut prendre part à ce point"
    return ""
