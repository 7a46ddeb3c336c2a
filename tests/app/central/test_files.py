"""Attachments: sent in pieces, resumed, checked, read by ranges through a readable record."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from app.central import access, accounts, blobs
from app.central.schema import chunks
from app.clock import new_id
from app.sync.protocol import CHUNK_TYPE, Limits
from tests.app.central.conftest import Enrol
from tests.app.central.laptop import Laptop, laptop, op, problem
from tests.central_server import Central, start_central
from tests.conftest import FakeClock

CONTENT = os.urandom(2_500_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def _begin(one: Laptop, space: str, content: bytes = CONTENT, **changes: object) -> httpx2.Response:
    asked = {
        "space": space,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    return one.client.post("/v1/uploads", json=asked | changes)


def _patch(one: Laptop, where: str, offset: int, piece: bytes) -> httpx2.Response:
    headers = {"Content-Type": CHUNK_TYPE, "Upload-Offset": str(offset)}
    return one.client.patch(where, content=piece, headers=headers)


def _send(one: Laptop, space: str) -> None:
    where = _begin(one, space).headers["Location"]
    assert _patch(one, where, 0, CONTENT).status_code == 204


def _attach(one: Laptop, space: str, digest: str = DIGEST) -> None:
    attachment = op("attachment", owner_id=space, name="plan.pdf", sha256=digest)
    assert one.send(space, attachment)[0].status == "accepted"


def test_a_file_sent_in_pieces_is_read_whole_and_by_ranges(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea, noe = enrol(space), enrol(space)
    where = _begin(lea, space).headers["Location"]
    for start in range(0, len(CONTENT), 1_100_000):
        answer = _patch(lea, where, start, CONTENT[start : start + 1_100_000])
        assert answer.status_code == 204, answer.text
    assert answer.headers["Upload-Offset"] == str(len(CONTENT))
    _attach(lea, space)
    path = f"/v1/blobs/{DIGEST}"
    whole = noe.client.get(path)
    assert (whole.status_code, whole.content == CONTENT) == (200, True)
    for headers in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=2500000-"}):
        size = noe.client.head(path, headers=headers)
        assert (size.status_code, size.headers["Content-Length"]) == (200, str(len(CONTENT)))
    for wanted, start, end in [
        ("bytes=0-0", 0, 1),
        ("Bytes=0-0", 0, 1),
        ("bytes=1048570-1048580", 1048570, 1048581),
        ("bytes=1048575-1048576", 1048575, 1048577),
        ("bytes=2400000-", 2400000, len(CONTENT)),
        ("bytes=-7", len(CONTENT) - 7, len(CONTENT)),
        ("bytes=5-99999999", 5, len(CONTENT)),
    ]:
        part = noe.client.get(path, headers={"Range": wanted})
        assert (part.status_code, part.content == CONTENT[start:end]) == (206, True)
        assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"


def test_a_range_of_another_file_than_the_one_held_is_the_whole_file(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    lea = enrol(space)
    _send(lea, space)
    _attach(lea, space)
    for held, status in ((f'"{DIGEST}"', 206), (f'W/"{DIGEST}"', 200), ('"another"', 200)):
        headers = {"Range": "bytes=0-9", "If-Range": held}
        assert lea.client.get(f"/v1/blobs/{DIGEST}", headers=headers).status_code == status


def test_a_file_that_the_client_holds_is_not_sent_again(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    _send(lea, space)
    _attach(lea, space)
    for call in (lea.client.get, lea.client.head):
        for held, status in ((f'W/"{DIGEST}"', 304), ("*", 304), ('"another"', 200)):
            answer = call(f"/v1/blobs/{DIGEST}", headers={"If-None-Match": held})
            assert (answer.status_code, answer.headers["ETag"]) == (status, f'"{DIGEST}"')
            assert status == 200 or answer.content == b""


@pytest.mark.parametrize("wanted", ["bytes=2500000-", "bytes=-0"])
def test_a_range_outside_the_file_is_a_problem(central: Central, wanted: str) -> None:
    space = central.commission()
    lea = laptop(central, space)
    _send(lea, space)
    _attach(lea, space)
    answer = lea.client.get(f"/v1/blobs/{DIGEST}", headers={"Range": wanted})
    lea.client.close()
    assert (answer.status_code, problem(answer).name) == (416, "range")
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_a_piece_of_nothing_leaves_an_upload_where_it_stands(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    where = _begin(lea, space).headers["Location"]
    assert _patch(lea, where, 0, b"").status_code == 204
    assert _patch(lea, where, 0, CONTENT).status_code == 204


def test_a_record_may_name_its_file_again(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    attachment = op("attachment", owner_id=space, name="plan.pdf", sha256=DIGEST)
    renamed = op("attachment", attachment.id, 1, name="plan du site.pdf")
    assert [one.status for one in lea.send(space, attachment, renamed)] == ["accepted"] * 2


def test_an_upload_resumes_where_it_stands(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    where = _begin(lea, space).headers["Location"]
    _patch(lea, where, 0, CONTENT[:1000])
    wrong = _patch(lea, where, 0, CONTENT[:1000])
    assert (wrong.status_code, problem(wrong).name) == (409, "upload-offset")
    assert wrong.headers["Upload-Offset"] == "1000"
    stands = lea.client.head(where).headers
    assert (stands["Upload-Offset"], stands["Upload-Length"]) == ("1000", str(len(CONTENT)))
    assert stands["Content-Length"] == "0"
    assert _patch(lea, where, 1000, CONTENT[1000:]).status_code == 204


def test_a_file_counts_only_once_it_is_whole_and_its_digest_right(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    lea = enrol(space)
    where = _begin(lea, space).headers["Location"]
    _patch(lea, where, 0, CONTENT[:-1])
    _attach(lea, space)
    assert lea.client.get(f"/v1/blobs/{DIGEST}").status_code == 404
    wrong = _patch(lea, where, len(CONTENT) - 1, bytes([CONTENT[-1] ^ 1]))
    assert (wrong.status_code, problem(wrong).name) == (422, "digest-mismatch")
    assert lea.client.head(where).status_code == 404
    assert lea.client.get(f"/v1/blobs/{DIGEST}").status_code == 404


def test_a_file_is_read_only_through_a_record_that_names_it(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    _send(lea, space)
    assert lea.client.get(f"/v1/blobs/{DIGEST}").status_code == 404
    _attach(lea, space)
    assert lea.client.get(f"/v1/blobs/{DIGEST}").status_code == 200


def test_naming_the_digest_of_anothers_file_opens_nothing(site: Central, enrol: Enrol) -> None:
    here, there = site.commission(), site.commission("Ailleurs")
    lea, noe = enrol(here), enrol(there)
    _send(lea, here)
    _attach(lea, here)
    _attach(noe, there)
    assert noe.client.get(f"/v1/blobs/{DIGEST}").status_code == 404
    assert _begin(noe, there).json()["complete"] is False


def test_a_file_that_anothers_record_names_is_not_read_by_whoever_sent_it(
    site: Central, enrol: Enrol
) -> None:
    here, there = site.commission(), site.commission("Ailleurs")
    lea, noe = enrol(here), enrol(there)
    _send(lea, here)
    _attach(noe, there)
    assert lea.client.get(f"/v1/blobs/{DIGEST}").status_code == 404


def test_a_file_that_the_space_holds_need_not_be_sent_again(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea, noe = enrol(space), enrol(space)
    _send(lea, space)
    again = _begin(noe, space).json()
    assert (again["complete"], again["offset"]) == (True, len(CONTENT))


def test_a_file_that_the_space_holds_has_one_size(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    _send(lea, space)
    answer = _begin(lea, space, size=len(CONTENT) + 1)
    assert problem(answer).name == "digest-mismatch"


def test_two_laptops_may_send_one_file_at_a_time(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea, noe = enrol(space), enrol(space)
    first, second = (_begin(one, space).headers["Location"] for one in (lea, noe))
    assert _patch(lea, first, 0, CONTENT).status_code == 204
    assert _patch(noe, second, 0, CONTENT).status_code == 204
    _attach(lea, space)
    assert noe.client.get(f"/v1/blobs/{DIGEST}").content == CONTENT


def test_an_empty_file_is_whole_at_once(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    assert _begin(lea, space, b"").json()["complete"] is True
    digest = hashlib.sha256(b"").hexdigest()
    _attach(lea, space, digest)
    answer = lea.client.get(f"/v1/blobs/{digest}")
    assert (answer.status_code, answer.content) == (200, b"")
    other = _begin(lea, space, b"", sha256=DIGEST)
    assert (other.status_code, problem(other).name) == (422, "digest-mismatch")


@pytest.mark.parametrize(
    ("kind", "field"),
    [("minutes", "pdf_sha256"), ("convocation", "document_sha256"), ("attachment", "sha256")],
)
def test_every_kind_that_names_a_file_opens_it(central: Central, kind: str, field: str) -> None:
    space = central.commission()
    lea = laptop(central, space)
    _send(lea, space)
    lea.send(space, op(kind, **{field: DIGEST}))
    assert lea.client.head(f"/v1/blobs/{DIGEST}").status_code == 200
    lea.client.close()


def test_what_no_database_can_look_up_is_not_found(site: Central, enrol: Enrol) -> None:
    lea, nowhere = enrol(), "/v1/uploads/%00"
    answers = [
        lea.client.head(nowhere),
        _patch(lea, nowhere, 0, b"x"),
        lea.client.head("/v1/blobs/%00"),
    ]
    assert [one.status_code for one in answers] == [404, 404, 404]


def test_an_upload_is_its_devices_own(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    where = _begin(enrol(space), space).headers["Location"]
    noe = enrol(space)
    assert noe.client.head(where).status_code == 404
    assert _patch(noe, where, 0, b"x").status_code == 404
    assert _patch(noe, f"/v1/uploads/{new_id()}", 0, b"x").status_code == 404


def test_an_upload_goes_no_further_in_a_space_that_was_closed(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    where = _begin(lea, space).headers["Location"]
    facilitator = lea.enrolment.facilitator.id
    with site.database.writing() as connection:
        accounts.withdraw(connection, site.clock(), facilitator, space)
    assert lea.client.head(where).status_code == 404
    assert problem(_patch(lea, where, 0, CONTENT)).name == "not-found"
    with site.database.writing() as connection:
        accounts.grant(connection, site.clock(), facilitator, space)
    assert _patch(lea, where, 0, CONTENT).status_code == 204


def test_the_sizes_are_bounded(tmp_path: Path) -> None:
    with start_central(tmp_path, limits=Limits(blob=1000, chunk=400)) as served:
        space = served.commission()
        lea = laptop(served, space)
        refused = problem(_begin(lea, space))
        assert (refused.name, refused.field) == ("shape", "size")
        where = _begin(lea, space, b"a" * 1000).headers["Location"]
        assert problem(_patch(lea, where, 0, b"a" * 401)).name == "too-large"
        assert _patch(lea, where, 0, b"a" * 400).status_code == 204
        assert _patch(lea, where, 400, b"a" * 400).status_code == 204
        assert problem(_patch(lea, where, 800, b"a" * 201)).name == "too-large"
        lea.client.close()


def test_an_abandoned_upload_is_forgotten_and_a_finished_one_is_not(
    site: Central, enrol: Enrol, clock: FakeClock
) -> None:
    space = site.commission()
    lea = enrol(space)
    _send(lea, space)
    _attach(lea, space)
    abandoned = _begin(lea, space, b"jamais fini").headers["Location"]
    _patch(lea, abandoned, 0, b"jamais")
    clock.forward(days=blobs.ABANDONED_AFTER.days)
    _begin(lea, space, b"autre")
    assert lea.client.head(abandoned).headers["Upload-Offset"] == "6"
    clock.forward(seconds=1)
    _begin(lea, space, b"autre")
    assert lea.client.head(abandoned).status_code == 404
    with site.database.reading() as connection:
        assert b"jamais" not in connection.execute(select(chunks.c.content)).scalars().all()
    assert lea.client.get(f"/v1/blobs/{DIGEST}").content == CONTENT


def test_an_old_upload_that_goes_on_is_not_forgotten_at_that_moment(
    site: Central, enrol: Enrol, clock: FakeClock
) -> None:
    space = site.commission()
    lea, noe = enrol(space), enrol(space)
    where, half = _begin(lea, space).headers["Location"], len(CONTENT) // 2
    _patch(lea, where, 0, CONTENT[:half])
    clock.forward(days=blobs.ABANDONED_AFTER.days + 1)
    who = access.caller(site.database, lea.enrolment.token, site.clock())
    with ThreadPoolExecutor(1) as pool:
        with site.database.writing() as connection:
            sent = blobs.append(connection, who, Path(where).name, half, CONTENT[half:])
            forgetting = pool.submit(_begin, noe, space, b"autre")
            wait([forgetting], timeout=0.5)  # on SQLite it awaits its turn
        assert forgetting.result().status_code == 201
    assert sent is not None
    assert sent.complete
    _attach(lea, space)
    assert noe.client.get(f"/v1/blobs/{DIGEST}").content == CONTENT


@pytest.mark.parametrize(
    ("headers", "status", "name"),
    [
        ({"Content-Encoding": "br", "Upload-Offset": "0"}, 415, "media-type"),
        ({}, 422, "shape"),
        ({"Upload-Offset": "-1"}, 422, "shape"),
    ],
)
def test_a_piece_says_where_it_goes(
    central: Central, headers: dict[str, str], status: int, name: str
) -> None:
    space = central.commission()
    lea = laptop(central, space)
    where = _begin(lea, space).headers["Location"]
    answer = lea.client.patch(where, content=b"x", headers=headers)
    lea.client.close()
    assert (answer.status_code, problem(answer).name) == (status, name)


def test_a_piece_is_bytes_whatever_its_type(central: Central) -> None:
    space = central.commission()
    lea = laptop(central, space)
    where = _begin(lea, space).headers["Location"]
    said = ({}, {"Content-Type": "application/octet-stream"}, {"Content-Type": "image/png"})
    for at, headers in enumerate(said):
        piece, offset = CONTENT[at : at + 1], {"Upload-Offset": str(at)}
        assert lea.client.patch(where, content=piece, headers=offset | headers).is_success
    lea.client.close()
