"""`kill -9` of the central while a batch is under way: the same bytes again have one effect."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import httpx2
import msgspec
import pytest

from app.central.database import in_folder, open_database
from app.clock import now
from app.sync.protocol import Capabilities, Feed, SyncResponse
from tests.app.central.laptop import Laptop, op
from tests.app.central.place import Place, new_place
from tests.central_server import Central

OPS = 2_000


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return new_place(tmp_path, "--data", str(tmp_path / "central"))


def _laptop(place: Place, url: str, space: str) -> Laptop:
    database = open_database(in_folder(place.folder / "central"))
    central = Central(url, place.folder / "ca.pem", database, now)
    enrolment = central.enrol(central.facilitator(space))
    database.close()
    client = place.client(url, enrolment.token)
    answer = client.get("/v1/capabilities")
    capabilities = msgspec.json.decode(answer.content, type=Capabilities)
    return Laptop(client, capabilities, enrolment, {})


@pytest.mark.parametrize("part", [0.0, 0.1, 0.3, 0.6, 0.9, 1.1])
def test_a_central_that_is_killed_loses_no_answered_change_and_takes_none_twice(
    place: Place, part: float
) -> None:
    space = place.run("commission", "add", "--name", "Beaune", "--department", "21")["id"]
    with place.serve() as (process, url):
        lea = _laptop(place, url, space)
        first = lea.request(space, *(op("need", title="Avant") for _ in range(OPS)))
        answer = lea.post(first)
        assert answer.status_code == 200
        usual = answer.elapsed.total_seconds()
        body = lea.request(space, *(op("need", title="Pendant") for _ in range(OPS)))
        killer = threading.Timer(usual * part, process.kill)
        killer.start()
        with suppress(httpx2.TransportError):
            lea.post(body)
        killer.join()
        process.wait()
        lea.client.close()
    with place.serve() as (_, url), place.client(url, lea.enrolment.token) as client:
        again = [client.post("/v1/sync", content=body, headers={"Content-Type": "application/json"})
                 for _ in range(2)]  # fmt: skip
        assert again[0].content == again[1].content
        results = msgspec.json.decode(again[0].content, type=SyncResponse).results
        assert {one.status for one in results} == {"accepted"}
        assert [one.seq for one in results] == list(range(OPS + 2, 2 * OPS + 2))
        feed = client.get(f"/v1/spaces/{space}/changes", params={"limit": 10 * OPS})
        page = msgspec.json.decode(feed.content, type=Feed)
        assert (len(page.records), page.seq) == (2 * OPS + 1, 2 * OPS + 1)
        assert {one.revision for one in page.records} == {1}
