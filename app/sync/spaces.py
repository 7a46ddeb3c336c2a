"""The commissions that this laptop syncs, and those that it still holds but may no longer sync."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from app.clock import IdMaker
from app.storage import sync_state
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync import outbox
from app.sync.client import Central
from app.sync.link import Link
from app.sync.protocol import Device


def closed(unit: UnitOfWork, link: Link) -> list[str]:
    """The commissions here that the central knows, but that are no longer synced."""
    known = [one.id for one in unit.select("commission") if one.revision]
    return [one for one in known if one not in link.spaces]


def closed_with_work(unit: UnitOfWork, link: Link | None) -> list[str]:
    """Those of the `closed` commissions in which something waits to be sent."""
    found = closed(unit, link) if link is not None else []
    return [space for space in found if sync_state.count_to_tell(unit, [space])]


def hold(unit: UnitOfWork, spaces: Sequence[str]) -> None:
    """Adds these spaces to those synced; those that missed a comparison make up for it first."""
    link = ties.load(unit)
    assert link is not None
    held = tuple(dict.fromkeys((*link.spaces, *spaces)))
    comparing = link.comparing or not link.missed.keys().isdisjoint(spaces)
    ties.save(unit, msgspec.structs.replace(link, spaces=held, comparing=comparing))


def take_back(workspace: Workspace, link: Link, opened: Collection[str], label: str) -> bool:
    """Syncs again the commissions here that are among those `opened`; gives whether any is.

    What waits there is then sent, and what others wrote meanwhile is pulled.
    """
    if not opened:
        return False
    with workspace.reading() as unit:
        here = {one.id for one in unit.select("commission")}.difference(link.spaces)
        again = [space for space in opened if space in here]
    if again:
        with workspace.unit(label) as unit:
            hold(unit, again)
            for space in again:
                ties.move_cursor(unit, space, 0)
            unit.commit()
    return bool(again)


def lose(
    workspace: Workspace, ids: IdMaker, central: Central, spaces: Sequence[str], label: str
) -> Sequence[str]:
    """Stops syncing those of these spaces that are no longer open to the account; gives them."""
    device = central.device()
    granted = {one.space for one in device.spaces}
    # A deleted commission is not granted, but still open: what is written in it can bring it back.
    lost: Sequence[str] = [s for s in spaces if s not in granted and not central.knows(s)]
    with workspace.unit(label) as unit:
        lost = close(unit, ids, device, lost)
        unit.commit()
    return lost


def close(unit: UnitOfWork, ids: IdMaker, device: Device, lost: Sequence[str]) -> Sequence[str]:
    """Takes these spaces out of those synced; `device` tells how the account now stands.

    Gives them; none when another program has tied the workspace anew, as `device` is the former.
    """
    here = ties.load(unit)  # another program may have adopted one meanwhile
    assert here is not None
    if here.device_id != device.device_id:
        return ()
    left = msgspec.structs.replace(
        here,
        facilitator=device.facilitator,
        role=device.facilitator.role,
        spaces=tuple(s for s in here.spaces if s not in lost),
    )
    ties.save(unit, left)
    outbox.let_go(unit, left, ids, set(lost))
    return lost
