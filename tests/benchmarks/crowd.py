"""200 laptops at one moment, 100 changes each, on PostgreSQL with two worker processes."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

import msgspec
from sqlalchemy import func, select

from app.central.schema import records
from app.clock import new_id
from app.services.changes import Change
from app.sync.protocol import Op, SyncResponse
from tests.app.central.laptop import Laptop, laptop
from tests.benchmarks.corpus import CHANGED, Corpus
from tests.benchmarks.measure import Measure, timed
from tests.benchmarks.site import central_apart
from tests.central_server import Central, start_postgresql

LAPTOPS = 200


def main() -> Iterator[Measure]:
    with _central() as central, ExitStack() as closing:
        before = _held(central)
        spaces = [central.commission() for _ in range(LAPTOPS)]
        crowd = [laptop(central, space) for space in spaces]
        for one in crowd:
            closing.callback(one.client.close)
        times, statuses, accepted = _at_once(crowd, spaces)
        held = _held(central) - before - LAPTOPS  # each commission is a record too
    sent = LAPTOPS * CHANGED
    yield Measure("200 portables à la fois, 100 modifications, médiane", median(times))
    yield Measure("  99e centile", quantiles(times, n=100)[98], limit=5000)
    yield Measure("  réponses 5xx", sum(status >= 500 for status in statuses), "", limit=0)
    yield Measure("  modifications perdues", sent - min(accepted, held), "", limit=0)


@contextmanager
def _central() -> Iterator[Central]:
    with tempfile.TemporaryDirectory() as folder, start_postgresql() as new_database:
        url = new_database(new_id())
        with central_apart(Path(folder), "--workers", "2", database_url=url) as central:
            yield central


def _held(central: Central) -> int:
    """How many records the central holds in the spaces of commissions."""
    query = select(func.count()).select_from(records).where(records.c.space != "region")
    with central.database.reading() as connection:
        return connection.execute(query).scalar_one()


def _op(record: Change) -> Op:
    return Op(op_id=new_id(), kind=record.kind, id=record.record_id, fields=record.fields)


def _at_once(crowd: list[Laptop], spaces: list[str]) -> tuple[list[float], list[int], int]:
    """The milliseconds and the status of each answer, and how many changes were accepted."""
    corpus, gate = Corpus(), threading.Barrier(len(crowd))
    bodies = [
        one.request(space, *map(_op, corpus.records(space, CHANGED)))
        for one, space in zip(crowd, spaces, strict=True)
    ]
    answers = []

    def send(one: Laptop, body: bytes) -> float:
        gate.wait()
        return timed(lambda: answers.append(one.post(body)))

    with ThreadPoolExecutor(len(crowd)) as pool:
        times = list(pool.map(send, crowd, bodies))
    responses = [msgspec.json.decode(one.content, type=SyncResponse) for one in answers]
    accepted = sum(result.status == "accepted" for one in responses for result in one.results)
    return times, [one.status_code for one in answers], accepted
