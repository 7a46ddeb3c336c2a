"""The traces of a large batch, kept in one row until somebody looks for them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from app.central import accounts, backup, traces
from app.central.database import in_folder, open_database
from app.central.routes import exchange
from app.central.schema import bulk_revisions, revisions
from app.clock import now
from app.sync.protocol import Op, Revisions
from tests.app.central.conftest import Enrol, await_its_turn
from tests.app.central.laptop import Laptop, deletion, op
from tests.central_server import Central


@pytest.fixture(autouse=True)
def no_quiet_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tidied by itself while a test looks."""
    monkeypatch.setattr(exchange, "_PAUSE", 3_600)


PATIENCE = 20  # seconds for what is done in a quiet moment


def _needs(count: int = traces.MANY) -> list[Op]:
    return [op("need", title=f"Besoin {n}") for n in range(count)]


def _waiting(site: Central) -> int:
    with site.database.reading() as connection:
        query = select(func.count()).select_from(bulk_revisions)
        return int(connection.execute(query).scalar_one())


def _history(one: Laptop, record_id: str) -> list[tuple[int, tuple[str, ...], bool]]:
    answer = one.client.get(f"/v1/records/{record_id}/revisions")
    found = msgspec.json.decode(answer.content, type=Revisions).revisions
    return [(each.revision, each.fields, each.deleted) for each in found]


def test_a_few_have_a_row_each_at_once(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    enrol(commission).send(commission, *_needs(traces.MANY - 1))
    assert _waiting(site) == 0


def test_the_history_of_a_record_tells_a_large_batch_before_any_quiet_moment(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea, needs = enrol(commission), _needs()
    lea.send(commission, *needs)
    lea.send(commission, op("need", needs[0].id, 1, words="Nous avons tout perdu en mars."))
    lea.send(commission, *(deletion("need", one.id, 1) for one in needs[1:]), *_needs(1))
    assert _waiting(site) == 1  # the first one's were looked through for what comes again
    assert _history(lea, needs[0].id) == [(2, ("words",), False), (1, ("title",), False)]
    assert _history(lea, needs[-1].id) == [(2, ("deleted",), True), (1, ("title",), False)]
    assert _waiting(site) == 0


def test_what_comes_again_in_another_batch_has_the_answer_of_its_first_time(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea, needs = enrol(commission), _needs()
    first = lea.send(commission, *needs)
    again = lea.send(commission, *needs[:5])
    assert {one.status for one in again} == {"duplicate"}
    assert [(one.revision, one.seq) for one in again] == [
        (one.revision, one.seq) for one in first[:5]
    ]


def test_what_comes_again_while_another_spreads_them_has_the_answer_of_its_first_time(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea, needs = enrol(commission), _needs()
    first = lea.send(commission, *needs)
    with ThreadPoolExecutor(1) as pool:
        with site.database.writing() as connection:
            assert traces.remembered(connection, commission, [(needs[0].id, needs[0].op_id)])
            again = pool.submit(lea.send, commission, *needs[:5])
            await_its_turn(site.database, again)
        found = [(one.status, one.revision, one.seq) for one in again.result()]
    assert found == [("duplicate", one.revision, one.seq) for one in first[:5]]


def test_the_trail_of_access_counts_them(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    enrol(commission).send(commission, *_needs())
    told = accounts.trail(site.database, site.clock().date())
    assert [one.changes for one in told if one.event == "wrote"] == [traces.MANY]


def test_a_copy_taken_meanwhile_has_them(site: Central, enrol: Enrol, tmp_path: Path) -> None:
    commission = site.commission()
    lea, needs = enrol(commission), _needs()
    lea.send(commission, *needs)
    backup.save(site.database, tmp_path / "copie", now())
    with closing(open_database(in_folder(tmp_path / "ailleurs"))) as other:
        backup.restore(other, tmp_path / "copie")
        traces.spread(other, commission)
        with other.reading() as connection:
            query = select(revisions.c.op_id).where(revisions.c.device_id.is_not(None))
            found = connection.execute(query.order_by(revisions.c.seq)).scalars().all()
    assert found == [one.op_id for one in needs]


def test_they_are_spread_once_by_all_who_begin_together(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    for _ in range(3):
        lea.send(commission, *_needs())
    with ThreadPoolExecutor(4) as pool:
        works = (partial(traces.spread, site.database, commission), partial(_spread_all, site))
        for done in [pool.submit(work) for work in works * 2]:
            done.result()
    with site.database.reading() as connection:
        seqs = select(revisions.c.seq).where(revisions.c.space == commission)
        found = connection.execute(seqs.order_by(revisions.c.seq)).scalars().all()
    assert found == list(range(1, 3 * traces.MANY + 2))


def _spread_all(site: Central) -> None:
    while traces.spread_one(site.database):
        pass


def test_they_are_spread_in_the_first_quiet_moment(
    site: Central, enrol: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_PAUSE", 0)
    commission = site.commission()
    enrol(commission).send(commission, *_needs())
    until = time.monotonic() + PATIENCE
    while _waiting(site) > 0:
        assert time.monotonic() < until
