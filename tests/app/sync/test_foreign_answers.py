"""Answers that our central cannot have given: nothing is applied, nothing is deleted."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import new_id
from app.errors import SyncError
from app.sync.compression import decompress
from app.sync.transport import MAX_ANSWER
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler, saying

Pair = tuple[Laptop, Laptop]
JSON = {"Content_Type": "application/json"}
PROBLEM = {"Content_Type": "application/problem+json"}

FOREIGN = {
    "captive portal": saying(200, b"<html><h1>Wifi gratuit</h1>", Content_Type="text/html"),
    "captive portal that calls itself JSON": saying(200, b"<html>Wifi</html>", **JSON),
    "empty": saying(200, b"", **JSON),
    "nothing at all": saying(204),
    "redirect": saying(302, b"", Location="https://example.org/v1/sync"),
    "redirect for good": saying(308, b"", Location="https://example.org/v1/sync"),
    "another service": saying(200, b'{"ok": true}', **JSON),
    "a list": saying(200, b"[]", **JSON),
    "null": saying(200, b"null", **JSON),
    "half of a JSON": saying(200, b'{"epoch": "', **JSON),
    "not UTF-8": saying(200, b'{"epoch": "\xff"}', **JSON),
    "deeply nested": saying(200, b"[" * 100_000, **JSON),
    "another's refusal": saying(403, b"Forbidden", Content_Type="text/html"),
    "a refusal in JSON": saying(400, b'{"error": "no"}', **JSON),
    "another's problem": saying(404, b'{"type": "about:blank", "title": "No"}', **PROBLEM),
    "a problem that is none": saying(404, b"{}", **PROBLEM),
    "a sign-in page": saying(401, b"<html>", Content_Type="text/html"),
    "an unknown coding": saying(200, b"x", Content_Encoding="br", **JSON),
    "a damaged zstd": saying(200, b"(\xb5/\xfd" + b"x" * 40, Content_Encoding="zstd", **JSON),
    "a gzip bomb": saying(
        200, gzip.compress(b" " * (MAX_ANSWER + 1)), Content_Encoding="gzip", **JSON
    ),
}


def contents(laptop: Laptop) -> dict[str, list[Any]]:
    """All that a sync may change in a workspace, but for the outbox."""
    with laptop.services.workspace.reading() as unit:
        return {
            table: list(map(tuple, unit.connection.exec_driver_sql(f"SELECT * FROM {table}")))
            for table in ("record", "link", "history", "cursor", "receipt", "receipt_line")
        }


@pytest.fixture
def waiting(troubled: Pair) -> Laptop:
    """A laptop with something to send, and something of another's to take in."""
    anne, benoit = troubled
    benoit.put("need", title="Site")
    benoit.sync()
    anne.put("need", title="Fibre")
    return anne


def test_a_foreign_server_changes_nothing(waiting: Laptop, meddler: Meddler) -> None:
    before = contents(waiting)
    for name, act in FOREIGN.items():
        meddler.next(act, act, act)
        with pytest.raises(SyncError) as caught:
            waiting.sync()
        assert caught.value.kind == "not_ours", name
        assert "notre serveur" in str(caught.value), name
        assert contents(waiting) == before, name
    meddler.next()
    report = waiting.sync()
    assert (len(report.sent), len(report.received)) == (1, 1)


def changing(change: Callable[[dict[str, Any]], object]) -> Any:
    """An act that changes the central's answer, decoded."""

    def act(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        coding = answer.headers.get("content-encoding", "")
        body = decompress(answer.body, coding, MAX_ANSWER) if coding else answer.body
        document = json.loads(body)
        change(document)
        return Answer(200, json.dumps(document).encode(), {"Content-Type": "application/json"})

    return act


def page(document: dict[str, Any]) -> dict[str, Any]:
    """The page of the commission, with the need of the other laptop."""
    found: dict[str, Any] = next(p for s, p in document["changes"].items() if s != "region")
    return found


FORGED: dict[str, Callable[[dict[str, Any]], object]] = {
    "another epoch": lambda d: d.update(epoch="autre"),
    "no result": lambda d: d.update(results=[]),
    "a result too many": lambda d: d["results"].append(d["results"][0]),
    "a result of another op": lambda d: d["results"][0].update(op_id=new_id()),
    "no receipt": lambda d: d.update(receipt=None),
    "a receipt of another batch": lambda d: d["receipt"].update(batch_id=new_id()),
    "a receipt of another space": lambda d: d["receipt"].update(space="region"),
    "a receipt of another key": lambda d: d["receipt"].update(key_id="autre"),
    "a receipt of another record": lambda d: d["receipt"]["lines"][0].update(id=new_id()),
    "a receipt of another revision": lambda d: d["receipt"]["lines"][0].update(revision=9),
    "a receipt of other words": lambda d: d["receipt"]["lines"][0].update(sha256="0" * 64),
    "a receipt without lines": lambda d: d["receipt"].update(lines=[]),
    "a signature of nobody": lambda d: d["receipt"].update(signature="AAAA"),
    "no signature": lambda d: d["receipt"].update(signature=""),
    "a place beyond the receipt": lambda d: d["results"][0].update(receipt=7),
    "no place in the receipt": lambda d: d["results"][0].pop("receipt"),
    "a revision that the receipt denies": lambda d: d["results"][0].update(revision=5),
    "no space": lambda d: d.update(changes={}),
    "a space not asked for": lambda d: d["changes"].update({new_id(): page(d)}),
    "a record of another space": lambda d: page(d)["records"][0].update(commission_id=new_id()),
    "a record of the region": lambda d: page(d)["records"][0].update(commission_id=None),
    "a record without fields": lambda d: page(d)["records"][0].pop("fields"),
    "a record of an unknown kind": lambda d: page(d)["records"][0].update(kind="licorne"),
    "a field of another type": lambda d: page(d)["records"][0]["fields"].update(severity="grave"),
    "an identifier that is none": lambda d: page(d)["records"][0].update(id="../../etc"),
    "a revision that is none": lambda d: page(d)["records"][0].update(revision=0),
    "a cursor that goes back": lambda d: page(d).update(seq=0),
    "a cursor that stays": lambda d: page(d).update(seq=1, more=True),
}


def test_a_forged_answer_changes_nothing(waiting: Laptop, meddler: Meddler) -> None:
    before = contents(waiting)
    for name, change in FORGED.items():
        meddler.next(changing(change))
        with pytest.raises(SyncError) as caught:
            assert not waiting.sync(), name
        assert caught.value.kind == "not_ours", name
        assert contents(waiting) == before, name
    meddler.next()
    assert len(waiting.sync().sent) == 1


_SHARED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)


@_SHARED
@given(share=st.floats(0, 0.999))
def test_a_truncated_answer_changes_nothing(
    waiting: Laptop, meddler: Meddler, share: float
) -> None:
    def truncated(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        return Answer(answer.status, answer.body[: int(len(answer.body) * share)], answer.headers)

    before = contents(waiting)
    meddler.next(truncated)
    with pytest.raises(SyncError) as caught:
        waiting.sync()
    assert caught.value.kind == "not_ours"
    assert contents(waiting) == before


@_SHARED
@given(body=st.binary(max_size=300), status=st.sampled_from([200, 201, 400, 403, 404, 409, 418]))
def test_any_other_bytes_change_nothing(
    waiting: Laptop, meddler: Meddler, body: bytes, status: int
) -> None:
    before = contents(waiting)
    meddler.next(saying(status, body, Content_Type="application/json"))
    with pytest.raises(SyncError) as caught:
        waiting.sync()
    assert caught.value.kind == "not_ours"
    assert contents(waiting) == before
