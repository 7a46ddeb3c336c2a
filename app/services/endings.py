"""How exchanges with the central ended, kept so that the next start still knows.

Each news of it is an operation, so that another window on the same workspace hears of it
(`neighbours`), even when records have only been sent.
"""

from __future__ import annotations

import msgspec

from app.domain.refusals import Refusal
from app.domain.wording import capitalised
from app.errors import SyncError
from app.services.translation import translated
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync.faults import Rejected

_DONE, _FAULT = "last_done", "last_fault"
_LABEL = "Synchronisation"


class Ending(msgspec.Struct, frozen=True):
    """When an exchange ended, and how, in words that name no record, for it may be erased later.

    `kind` is that of the central's refusal, if one made the exchange fail.
    """

    at: str
    said: str
    kind: str = ""


def done(unit: UnitOfWork) -> Ending | None:
    """The last exchange that was carried through and did something."""
    return _kept(unit, _DONE)


def fault(unit: UnitOfWork) -> Ending | None:
    """The last exchange that failed, unless one was carried through since."""
    return _kept(unit, _FAULT)


def is_turned_away(unit: UnitOfWork) -> bool:
    """Whether the central no longer accepted this laptop's token when it was last asked."""
    found = fault(unit)
    return found is not None and found.kind == "sign_in"


def note_done(workspace: Workspace, ending: Ending, *, moved: bool) -> None:
    """Keeps that an exchange was carried through, which ends the fault before it.

    One that `moved` nothing and says the same as the one before it is no news.
    """
    with translated(workspace), workspace.unit(_LABEL) as unit:
        before = done(unit)
        if moved or fault(unit) is not None or before is None or before.said != ending.said:
            unit.tell()
        ties.keep(unit, _DONE, ending)
        ties.drop(unit, _FAULT)
        unit.commit()


def note_fault(workspace: Workspace, error: SyncError) -> None:
    """Keeps why an exchange failed, in the words for the window.

    The same failure again, as each minute without a network, is no news.
    """
    cause = error.__cause__
    said = cause.sentence if isinstance(cause, Refusal) else error.sentence
    kind = error.kind if isinstance(error, Rejected) else ""
    ending = Ending(workspace.clock().isoformat(), capitalised(said), kind)
    with translated(workspace), workspace.unit(_LABEL) as unit:
        before = fault(unit)
        if before is None or before.said != ending.said:
            unit.tell()
        ties.keep(unit, _FAULT, ending)
        unit.commit()


def forget_fault(workspace: Workspace) -> None:
    """Drops the fault kept: the central answers, or there is no central any more."""
    with translated(workspace), workspace.reading() as unit:
        if fault(unit) is None:
            return
    with translated(workspace), workspace.unit(_LABEL) as unit:
        ties.drop(unit, _FAULT)
        unit.tell()
        unit.commit()


def _kept(unit: UnitOfWork, name: str) -> Ending | None:
    found = ties.kept(unit, name)
    return None if found is None else msgspec.convert(found, Ending)
