"""A laptop reduced to its wire: what it sends and what comes back, nothing merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2
import msgspec

from app.clock import new_id
from app.domain.records import Envelope
from app.sync import protocol, receipts
from app.sync.protocol import Capabilities, Op, Problem, Result, SyncRequest, SyncResponse
from tests.central_server import Central

JSON = {"Content-Type": "application/json"}


@dataclass
class Laptop:
    """An enrolled device; `after` holds its cursors, moved by each exchange."""

    client: httpx2.Client
    capabilities: Capabilities
    enrolment: protocol.Enrolment
    after: dict[str, int] = field(default_factory=lambda: {"region": 0})

    @property
    def key(self) -> protocol.PublicKey:
        return self.capabilities.key

    def request(self, space: str | None = None, *ops: Op, **changes: Any) -> bytes:
        """The bytes of an exchange."""
        request = SyncRequest(
            epoch=self.capabilities.epoch,
            schema=1,
            batch_id=new_id() if ops else None,
            space=space,
            ops=ops,
            after=self.after,
        )
        return msgspec.json.encode(msgspec.structs.replace(request, **changes))

    def post(self, body: bytes, **headers: str) -> httpx2.Response:
        return self.client.post("/v1/sync", content=body, headers=JSON | headers)

    def exchange(self, space: str | None = None, *ops: Op, **changes: Any) -> SyncResponse:
        """One exchange that succeeds; every receipt is checked, and the cursors move on."""
        answer = self.post(self.request(space, *ops, **changes))
        assert answer.status_code == 200, answer.text[:500]
        response = msgspec.json.decode(answer.content, type=SyncResponse)
        if response.receipt is not None:
            assert receipts.is_valid(response.receipt, self.key)
        self.after |= {name: page.seq for name, page in response.changes.items()}
        return response

    def send(self, space: str, *ops: Op) -> list[Result]:
        return list(self.exchange(space, *ops).results)

    def pull(self) -> dict[str, Envelope]:
        """What the others changed since the last exchange, by id."""
        response = self.exchange()
        return {one.id: one for page in response.changes.values() for one in page.records}


def laptop(
    central: Central, *spaces: str, facilitator: str | None = None, **account: Any
) -> Laptop:
    """A laptop of a new facilitator to whom these commissions are granted."""
    enrolment = central.enrol(facilitator or central.facilitator(*spaces, **account))
    client = central.client(enrolment.token)
    capabilities = msgspec.json.decode(client.get("/v1/capabilities").content, type=Capabilities)
    after = {"region": 0} | {one.space: 0 for one in enrolment.spaces}
    return Laptop(client, capabilities, enrolment, after)


def op(kind: str, record_id: str = "", base: int = 0, /, **fields: Any) -> Op:
    """A change of the named fields; a new record without an id."""
    return Op(
        op_id=new_id(), kind=kind, id=record_id or new_id(), base_revision=base, fields=fields
    )


def deletion(kind: str, record_id: str, base: int) -> Op:
    return Op(op_id=new_id(), kind=kind, id=record_id, base_revision=base, deleted=True)


def grouped(*ops: Op) -> list[Op]:
    """The ops as one group."""
    name = new_id()
    return [msgspec.structs.replace(one, group=name) for one in ops]


def problem(answer: httpx2.Response) -> Problem:
    """The problem of an answer that is one."""
    assert answer.headers.get("Content-Type") == protocol.PROBLEM_TYPE, answer.text
    found = msgspec.json.decode(answer.content, type=Problem)
    assert found.status == answer.status_code
    return found
