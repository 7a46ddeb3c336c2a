"""Many at once: no seq is skipped or given twice, no reader misses a change, no op is lost."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Engine, event, update

from app.central import access, accounts, devices, pace
from app.central.problems import Refused
from app.central.schema import spaces
from app.clock import new_id
from app.sync.protocol import CHUNK_TYPE, Op
from tests.app.central.conftest import Enrol
from tests.app.central.laptop import Laptop, op
from tests.central_server import Central

WRITERS, BATCHES, OPS = 6, 6, 5


def _together(*works: Callable[[], Any]) -> list[Any]:
    """The outcomes of works that all begin at one moment, in threads."""
    gate = threading.Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result() for one in [pool.submit(begin, work) for work in works]]


def _write(one: Laptop, space: str) -> list[tuple[str, int]]:
    """(id, seq) of what a laptop writes in small batches."""
    given = []
    for _ in range(BATCHES):
        ops = [op("need", title="Un besoin") for _ in range(OPS)]
        for change, result in zip(ops, one.send(space, *ops), strict=True):
            assert result.seq is not None
            given.append((change.id, result.seq))
    return given


def _follow(one: Laptop, space: str, written: threading.Event) -> list[str]:
    """The ids that a reader sees by going on from each page's seq, until the writers are done."""
    seen: list[str] = []
    while True:
        last = written.is_set()
        page = one.exchange(after={space: one.after[space]}).changes[space]
        seen += [record.id for record in page.records]
        if last and not page.records:
            return seen


def test_no_reader_skips_a_change_whatever_the_order_of_commits(
    site: Central, enrol: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reader asks without pause: the slower the disk is to commit, the more often.
    monkeypatch.setattr(pace, "BURST", 1_000_000)
    space = site.commission()
    writers = [enrol(space) for _ in range(WRITERS)]
    reader = enrol(space)
    total = WRITERS * BATCHES * OPS
    delays = random.Random(7)  # commits come in an order of their own

    def linger(_connection: object) -> None:
        threading.Event().wait(delays.random() / 200)

    event.listen(Engine, "commit", linger)
    written = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(_follow, reader, space, written)
        try:
            pairs = _together(*(lambda one=one: _write(one, space) for one in writers))
        finally:
            event.remove(Engine, "commit", linger)
            written.set()
        seen = following.result()
    given = [pair for some in pairs for pair in some]
    assert sorted(seq for _, seq in given) == list(range(2, total + 2))
    assert sorted(seen) == sorted([space, *(record_id for record_id, _ in given)])
    assert len(set(seen)) == len(seen)


def test_a_batch_is_judged_only_once_the_one_before_it_in_its_space_is_committed(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    lea = access.caller(site.database, enrol(space).enrolment.token, site.clock())
    begun = threading.Event()

    def begin() -> int:
        begun.set()
        with site.database.writing() as connection:
            return access.lock_space(connection, lea, space, site.clock())

    with ThreadPoolExecutor(1) as pool:
        with site.database.writing() as connection:
            seq = access.lock_space(connection, lea, space, site.clock())
            second = pool.submit(begin)
            begun.wait()
            wait([second], timeout=1)  # for an answer that should not come yet
            counter = update(spaces).where(spaces.c.space == space)
            connection.execute(counter.values(seq=seq + OPS))
        assert second.result() == seq + OPS


def test_one_of_two_changes_of_a_record_wins_and_the_other_is_told(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    laptops = [enrol(space) for _ in range(4)]
    need = op("need", title="Un site")
    laptops[0].send(space, need)
    for revision in range(1, 6):
        change = {one.enrolment.device_id: op("need", need.id, revision, title=new_id())
                  for one in laptops}  # fmt: skip
        outcomes = _together(
            *(lambda one=one: one.send(space, change[one.enrolment.device_id])[0]  # noqa: B023 - called at once
              for one in laptops)
        )  # fmt: skip
        assert sorted(one.status for one in outcomes) == ["accepted"] + ["stale"] * 3
        assert {one.revision for one in outcomes} == {revision + 1, None}


def test_two_spaces_that_make_a_record_of_one_id_at_once_never_share_it(
    site: Central, enrol: Enrol
) -> None:
    spaces = [site.commission(f"Commission {name}") for name in ("A", "B")]
    laptops = [enrol(space) for space in spaces]
    for one in laptops:
        one.exchange()

    def linger(_connection: object) -> None:
        threading.Event().wait(0.02)  # both are judged before either is written for good

    event.listen(Engine, "commit", linger)
    try:
        for _ in range(4):
            record_id = new_id()
            statuses = _together(
                *(lambda one=one, space=space: one.send(
                      space, op("need", record_id, title=space))[0].status  # noqa: B023 - called at once
                  for one, space in zip(laptops, spaces, strict=True))
            )  # fmt: skip
            assert sorted(statuses) == ["accepted", "refused"]
            for one, space, status in zip(laptops, spaces, statuses, strict=True):
                pages = one.client.get(f"/v1/spaces/{space}/changes").json()["records"]
                titles = [page["fields"]["title"] for page in pages if page["id"] == record_id]
                assert titles == ([space] if status == "accepted" else [])
    finally:
        event.remove(Engine, "commit", linger)


def test_one_batch_sent_twice_at_once_has_one_effect(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    clients = [site.client(lea.enrolment.token) for _ in range(2)]
    twins = [Laptop(client, lea.capabilities, lea.enrolment, lea.after) for client in clients]
    for _ in range(5):
        body = lea.request(space, *(op("need", title="Un site") for _ in range(20)))
        first, second = _together(*(lambda one=one: one.post(body) for one in twins))  # noqa: B023 - called at once
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json()["receipt"] == second.json()["receipt"]
    for client in clients:
        client.close()
    assert lea.client.get(f"/v1/spaces/{space}/changes").json()["seq"] == 101


def test_two_laptops_may_open_the_same_space_at_once(site: Central, enrol: Enrol) -> None:
    facilitator = site.facilitator(create=True)
    laptops = [enrol(facilitator=facilitator) for _ in range(2)]
    space = new_id()

    def open_space(one: Laptop) -> str:
        commission = Op(op_id=new_id(), kind="commission", id=space, fields={"name": "La mienne"})
        answer = one.post(one.request(space, commission))
        return str(answer.json()["results"][0]["status"]) if answer.status_code == 200 else "404"

    statuses = _together(*(lambda one=one: open_space(one) for one in laptops))
    assert sorted(statuses)[-1] in {"accepted", "stale"}
    assert statuses.count("accepted") == 1


def test_a_batch_that_opens_a_space_finds_it_open_to_its_twin_alone(
    site: Central, enrol: Enrol
) -> None:
    lea, noe = enrol(create=True), enrol(create=True)
    early = [access.caller(site.database, one.enrolment.token, site.clock()) for one in (lea, noe)]
    space = new_id()
    commission = Op(op_id=new_id(), kind="commission", id=space, fields={"name": "La mienne"})
    lea.exchange(space, commission)
    with site.database.writing() as connection:
        assert access.lock_space(connection, early[0], space, site.clock()) == 1
        with pytest.raises(Refused, match="not-found"):
            access.lock_space(connection, early[1], space, site.clock())


def test_laptops_that_finish_the_same_file_at_once_are_all_told_so(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    laptops = [enrol(space) for _ in range(4)]
    headers = {"Content-Type": CHUNK_TYPE, "Upload-Offset": "0"}
    for number in range(5):
        content = f"tableau {number}".encode() * 20_000
        asked = {"space": space, "sha256": sha256(content).hexdigest(), "size": len(content)}
        ids = [one.client.post("/v1/uploads", json=asked).json()["id"] for one in laptops]
        answers = _together(
            *(lambda one=one, where=f"/v1/uploads/{upload}": one.client.patch(
                  where, content=content, headers=headers)  # noqa: B023 - called at once
              for one, upload in zip(laptops, ids, strict=True))
        )  # fmt: skip
        assert [answer.status_code for answer in answers] == [204] * len(laptops)


def test_a_code_is_spent_once_by_whoever_comes_first(site: Central) -> None:
    code = site.code(site.facilitator())

    def trade() -> int:
        with site.client() as client:
            asked = {"code": code, "device_name": "essai"}
            return client.post("/v1/enrolments", json=asked).status_code

    assert sorted(_together(*[trade] * 4)) == [201, 403, 403, 403]


def test_codes_that_are_tried_at_once_are_as_few_as_one_after_another(site: Central) -> None:
    def guess(number: int) -> int:
        with site.client() as client:
            asked = {"code": f"FAUX-{number}", "device_name": "essai"}
            return client.post("/v1/enrolments", json=asked).status_code

    statuses = _together(*(partial(guess, number) for number in range(3 * devices.TRIES)))
    assert statuses.count(403) == devices.TRIES
    assert statuses.count(429) == 2 * devices.TRIES


def test_the_day_of_use_is_noted_once_by_calls_that_come_together(
    site: Central, enrol: Enrol
) -> None:
    lea = enrol()

    def call() -> int:
        with site.client(lea.enrolment.token) as client:
            return client.get("/v1/devices/self").status_code

    assert _together(*[call] * 8) == [200] * 8
    noted = [one.event for one in accounts.trail(site.database, date.min)]
    assert noted.count("used") == 1


def test_digests_are_written_once_by_readers_who_come_together(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    laptops = [enrol(space) for _ in range(4)]
    writer = enrol(space)
    writer.after.pop("region")
    writer.send(space, *(op("need", title=str(n)) for n in range(50)))
    seen = _together(*(lambda one=one: one.exchange() for one in laptops))
    seqs = {response.changes["region"].seq for response in seen}
    assert seqs == {50}
