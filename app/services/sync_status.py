"""How the workspace stands towards its central; nothing is asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from app.domain.names import commission_names
from app.domain.records import REGION
from app.domain.validation import typed
from app.services import endings
from app.services.endings import Ending
from app.storage import sync_state
from app.storage.unit_of_work import UnitOfWork
from app.sync import link as ties
from app.sync import receipt_book
from app.sync.files import count_to_fetch, to_send
from app.sync.spaces import closed


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How the workspace stands towards its central; `url` is "" when it has none.

    `commissions` names those of `commission_ids`, in the same order; `kept_here` those
    that no central knows of, and that no sync sends. `signed_in` is false where a new code is
    needed: there is no token, or the central no longer accepts it. With `silent_keyring` the token
    is in the system's keyring, which does not answer: locked, or not there in this session.
    `waiting` gives, by the name of a commission ("" for the region), how many of its records are to
    be sent, if any; `closed` does so for those no longer open to the account, even with none.
    `pending` counts the records to send, `to_resend` those whose receipt a restore of the central
    made void; `files` counts the files still to send, of records that the central has, and
    `files_coming` those still to receive. `last` is the last sync that did something, `fault` one
    that failed since.
    """

    url: str = ""
    facilitator: str = ""
    commission_ids: tuple[str, ...] = ()
    commissions: tuple[str, ...] = ()
    kept_here: tuple[str, ...] = ()
    waiting: tuple[tuple[str, int], ...] = ()
    closed: tuple[tuple[str, int], ...] = ()
    signed_in: bool = False
    silent_keyring: bool = False
    pending: int = 0
    to_resend: int = 0
    files: int = 0
    files_coming: int = 0
    last: Ending | None = None
    fault: Ending | None = None


def status_of(unit: UnitOfWork) -> Status:
    """The status, except what depends on the token."""
    link = ties.load(unit)
    if link is None:
        return Status(pending=sync_state.count_all_edited(unit))
    commissions = list(unit.select("commission"))
    names = commission_names(map(typed, commissions))
    waiting = _waiting(unit, (*link.spaces, REGION), names)
    return Status(
        url=link.url,
        facilitator=link.facilitator.name,
        commission_ids=link.spaces,
        commissions=tuple(names.get(space, "") for space in link.spaces),
        kept_here=tuple(
            names[one.id] for one in commissions if one.revision == 0 and one.id not in link.spaces
        ),
        waiting=tuple(one for one in waiting if one[1]),
        closed=_waiting(unit, closed(unit, link), names),
        pending=sum(number for _, number in waiting),
        to_resend=receipt_book.count_void(unit),
        files=len(to_send(unit)),
        files_coming=count_to_fetch(unit),
        last=endings.done(unit),
        fault=endings.fault(unit),
    )


def _waiting(
    unit: UnitOfWork, spaces: Sequence[str], names: Mapping[str, str]
) -> tuple[tuple[str, int], ...]:
    """The name of each space, and how many of its records are to be sent."""
    return tuple((names.get(one, ""), sync_state.count_to_tell(unit, [one])) for one in spaces)
