"""What a process does before it serves, so that no laptop waits for it to get ready.

It answers one request of its own and takes a batch that it rolls back, so that the imports, the
statements and the caches of every kind of record are ready.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast

import msgspec
from litestar import Litestar
from litestar.types import Message, Scope

from app.central import batches
from app.central.access import Caller
from app.central.lineage import epoch_of
from app.central.office import Office
from app.central.problems import Refused
from app.clock import new_id
from app.domain.records import KINDS, SCHEMA
from app.sync.protocol import Op, SyncRequest, seen_whole


async def rehearse(app: Litestar) -> None:
    """Does both once; gives up the batch when others keep the database busy."""
    await app(_a_request(), _receive, _send)
    office: Office = app.state.office
    with suppress(Refused):
        await office.run(_take_and_undo, office)


def _a_request() -> Scope:
    """An exchange of somebody unknown, which is refused."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/v1/sync",
        "raw_path": b"/v1/sync",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer -")],
        "client": None,
        "server": None,
    }
    return cast(Scope, scope)


async def _receive() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(_: Message) -> None:
    pass


class _Undone(Exception):
    """Ends the transaction of the batch."""


def _take_and_undo(office: Office) -> None:
    with suppress(_Undone), office.database.writing() as connection:
        epoch = epoch_of(connection)
        batch = batches.batch_of(office, _somebody(epoch), _a_batch(epoch), digest="")
        batch.answer(connection)
        raise _Undone


def _a_batch(epoch: str) -> SyncRequest:
    """A batch that opens a space, with a record of each kind."""
    space = new_id()
    ids = {kind: new_id() for kind in KINDS} | {"commission": space}
    ops = tuple(Op(op_id=new_id(), kind=kind, id=one) for kind, one in ids.items())
    request = SyncRequest(epoch=epoch, schema=SCHEMA, batch_id=new_id(), space=space, ops=ops)
    seen = seen_whole(msgspec.json.encode(request))
    assert seen is not None
    return seen


def _somebody(epoch: str) -> Caller:
    return Caller(
        device_id=new_id(),
        device_name="",
        enrolled_at="",
        last_used_on=None,
        facilitator_id=new_id(),
        name="",
        email="",
        role="facilitator",
        may_create=True,
        spaces={},
        behind=False,
        epoch=epoch,
    )
