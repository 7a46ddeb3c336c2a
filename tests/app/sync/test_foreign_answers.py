"""Answers that our central cannot have given: nothing is applied, nothing is deleted."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.central.schema import records, revisions
from app.central.signing import NEWEST_KEY, Signer, signer
from app.clock import new_id
from app.domain.records import reference_id
from app.errors import SyncError
from app.sync import link as ties
from app.sync import transport
from app.sync.compression import decompress
from app.sync.protocol import PublicKey, Receipt
from app.sync.receipts import encode, endorsement
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


_ALL = (
    "SELECT * FROM record WHERE revision > 0 OR edits > 0",
    "SELECT count(*), sum(deleted), max(n) FROM record",
    "SELECT count(*), sum(source) FROM link",
    *(f"SELECT * FROM {table}" for table in ("history", "cursor", "receipt", "annulled")),
)


def contents(laptop: Laptop) -> list[list[Any]]:
    """All that a sync may change in a workspace, but for the outbox."""
    with laptop.services.workspace.reading() as unit:
        return [list(map(tuple, unit.connection.exec_driver_sql(query))) for query in _ALL]


def refused(laptop: Laptop, meddler: Meddler, act: Any, before: list[list[Any]], name: str) -> None:
    """Syncs over an act that makes the central another: said, and nothing changed."""
    meddler.next(act, act, act)
    with pytest.raises(SyncError) as caught:
        assert not laptop.sync(), name
    assert caught.value.kind == "not_ours", name
    assert "notre serveur" in str(caught.value), name
    assert contents(laptop) == before, name


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
        refused(waiting, meddler, act, before, name)
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


def in_its_place(document: dict[str, Any], record_id: str = "", **others: Any) -> None:
    """Has the answer say that what was sent replaced some other record."""
    (line,) = document["receipt"]["lines"]
    (known,) = page(document)["records"]
    record = known | {"id": record_id or line["id"]} | others
    document["results"][0].update(record=record)


TOWN = reference_id("organisation", "21017")

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
    "a place before the receipt": lambda d: d["results"][0].update(receipt=-1),
    "no place in the receipt": lambda d: d["results"][0].pop("receipt"),
    "a revision that the receipt denies": lambda d: d["results"][0].update(revision=5),
    "a place in the feed that the receipt denies": lambda d: d["results"][0].update(seq=900),
    "another record in its place": lambda d: in_its_place(d, page(d)["records"][0]["id"]),
    "one of another kind in its place": lambda d: in_its_place(d, kind="need_group"),
    "one of the region in its place": lambda d: in_its_place(d, commission_id=None),
    "no space": lambda d: d.update(changes={}),
    "a space not asked for": lambda d: d["changes"].update({new_id(): page(d)}),
    "a record of another space": lambda d: page(d)["records"][0].update(commission_id=new_id()),
    "a record of the region": lambda d: page(d)["records"][0].update(commission_id=None),
    "a record without fields": lambda d: page(d)["records"][0].pop("fields"),
    "a record of an unknown kind": lambda d: page(d)["records"][0].update(kind="licorne"),
    "a field of another type": lambda d: page(d)["records"][0]["fields"].update(severity="grave"),
    "an identifier that is none": lambda d: page(d)["records"][0].update(id="../../etc"),
    "a revision that is none": lambda d: page(d)["records"][0].update(revision=0),
    "a record twice": lambda d: page(d)["records"].append(page(d)["records"][0]),
    "a record that is another's here": lambda d: page(d)["records"][0].update(id=TOWN),
    "a record of another kind than here": lambda d: page(d)["records"][0].update(
        id=page(d)["records"][0]["commission_id"]
    ),
    "a cursor that goes back": lambda d: page(d).update(seq=0),
    "a cursor that stays": lambda d: page(d).update(seq=1, more=True),
}


def test_a_forged_answer_changes_nothing(waiting: Laptop, meddler: Meddler) -> None:
    before = contents(waiting)
    for name, change in FORGED.items():
        refused(waiting, meddler, changing(change), before, name)
    meddler.next()
    assert len(waiting.sync().sent) == 1


def test_a_key_put_among_the_former_ones_signs_nothing(waiting: Laptop, meddler: Meddler) -> None:
    foreign = Ed25519PrivateKey.generate()
    signer = Signer("autre", foreign)
    public = {"key_id": "autre", "public_key": encode(foreign.public_key().public_bytes_raw())}

    def sign(document: dict[str, Any]) -> None:
        given = msgspec.convert(document["receipt"], Receipt)
        forged = signer.receipt(given.space, given.epoch, given.batch_id, given.lines)
        document["receipt"] = msgspec.to_builtins(forged)

    changed = {
        "/v1/sync": changing(sign),
        "/v1/capabilities": changing(lambda d: d.setdefault("former_keys", []).append(public)),
    }
    meddler.always = lambda heard, forward: changed[heard.path](heard, forward)
    before = contents(waiting)
    with pytest.raises(SyncError, match="clé inconnue"):
        waiting.sync()
    assert contents(waiting) == before


def test_a_receipt_of_another_epoch_proves_nothing(waiting: Laptop, meddler: Meddler) -> None:
    with meddler.central.database.reading() as connection:
        pinned = signer(connection, connection.execute(NEWEST_KEY).scalar_one())

    def sign(document: dict[str, Any]) -> None:
        given = msgspec.convert(document["receipt"], Receipt)
        signed = pinned.receipt(given.space, "autre", given.batch_id, given.lines)
        document["receipt"] = msgspec.to_builtins(signed)

    before = contents(waiting)
    refused(waiting, meddler, changing(sign), before, "another epoch")
    meddler.next()
    assert len(waiting.sync().sent) == 1


@pytest.mark.parametrize("edited", [False, True], ids=["unedited", "edited"])
def test_a_deletion_that_comes_without_fields_takes_none_away(
    troubled: Pair, meddler: Meddler, *, edited: bool
) -> None:
    anne, benoit = troubled
    need = benoit.put("need", title="Site", words="Lent.")
    benoit.sync()
    anne.sync()
    never_seen = benoit.put("need", title="Wifi")
    benoit.sync()
    for gone in (need, never_seen):
        benoit.services.records.delete(gone)
    benoit.sync()
    if edited:
        anne.put("need", need, words="Très lent.")

    def bare(document: dict[str, Any]) -> None:
        if "changes" not in document:  # who wrote the need in conflict
            return
        for record in page(document)["records"]:
            if record["deleted"]:
                record["fields"] = {}

    meddler.always = changing(bare)
    report = anne.sync()
    found = anne.stored(need).envelope
    assert (found.deleted, found.fields["title"]) == (not edited, "Site")
    assert len(report.conflicts) == edited
    assert anne.stored(never_seen).envelope.deleted


def test_a_key_by_the_name_of_the_pinned_one_endorses_none(
    waiting: Laptop, meddler: Meddler
) -> None:
    with waiting.services.workspace.reading() as unit:
        pinned = ties.kept(unit, "key")["key_id"]
    false, foreign = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    newest = _public(foreign, key_id="autre", endorsed_by=pinned)
    signed = encode(false.sign(endorsement(newest, pinned)))
    newest = msgspec.structs.replace(newest, endorsement=signed)
    keys = {"key": newest, "former_keys": [_public(false, key_id=pinned)]}

    def sign(document: dict[str, Any]) -> None:
        given = msgspec.convert(document["receipt"], Receipt)
        forged = Signer("autre", foreign).receipt(
            given.space, given.epoch, given.batch_id, given.lines
        )
        document["receipt"] = msgspec.to_builtins(forged)

    changed = {
        "/v1/sync": changing(sign),
        "/v1/capabilities": changing(lambda d: d.update(msgspec.to_builtins(keys))),
    }
    meddler.always = lambda heard, forward: changed[heard.path](heard, forward)
    before = contents(waiting)
    with pytest.raises(SyncError, match="clé inconnue"):
        waiting.sync()
    assert contents(waiting) == before


def _public(key: Ed25519PrivateKey, **others: str) -> PublicKey:
    return PublicKey(public_key=encode(key.public_key().public_bytes_raw()), **others)


@pytest.mark.parametrize(
    "act",
    [FOREIGN["captive portal"], saying(202, b"{}", **JSON)],
    ids=["captive portal", "another status"],
)
def test_nobody_is_signed_out_by_a_foreign_server(
    waiting: Laptop, meddler: Meddler, act: Any
) -> None:
    meddler.next(act, only="/v1/devices/self")
    with pytest.raises(SyncError, match="notre serveur"):
        waiting.services.sync.sign_out()
    assert waiting.services.sync.status().signed_in
    meddler.next()
    assert len(waiting.sync().sent) == 1


def test_a_receipt_of_a_former_batch_is_none_of_this_one(waiting: Laptop, meddler: Meddler) -> None:
    answers: list[dict[str, Any]] = []
    meddler.next(changing(answers.append))
    (line,) = waiting.sync().sent
    waiting.put("need", line.id, title="La fibre")
    before = contents(waiting)
    again = ("revision", "seq", "receipt")
    (former,) = answers[0]["results"]

    def replayed(answer: dict[str, Any]) -> None:
        answer["receipt"] = answers[0]["receipt"]
        answer["results"][0].update({name: former[name] for name in again})

    refused(waiting, meddler, changing(replayed), before, "replayed")
    meddler.next()
    waiting.sync()
    assert waiting.stored(line.id).envelope.revision == 2


@pytest.mark.parametrize("of_another", ["id", "kind", "commission_id"])
def test_a_change_that_comes_too_late_meets_no_record_but_its_own(
    troubled: Pair, meddler: Meddler, of_another: str
) -> None:
    anne, benoit = troubled
    need, other = (anne.put("need", title=title) for title in ("Fibre", "Site"))
    for one in (anne, benoit):
        one.sync()
    benoit.put("need", need, title="Le réseau")
    benoit.sync()
    anne.put("need", need, words="Rien.")
    before = contents(anne)
    value = {"id": other, "kind": "need_group", "commission_id": None}[of_another]

    def swapped(answer: dict[str, Any]) -> None:
        for result in answer["results"]:
            result["record"][of_another] = value

    refused(anne, meddler, changing(swapped), before, "another record")
    meddler.next()
    anne.sync()
    assert (anne.get(need)["title"], anne.get(other)["title"]) == ("Le réseau", "Site")


def _told_twice(laptop: Laptop) -> tuple[str, dict[str, Any]]:
    """A need that the central has at its second revision, and the record at its first."""
    need = laptop.put("need", title="Fibre")
    laptop.sync()
    first = msgspec.to_builtins(laptop.stored(need).envelope)
    laptop.put("need", need, title="La fibre")
    laptop.sync()
    return need, first


def test_a_central_that_went_back_without_a_word_is_not_asked_for_ever(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    need, _ = _told_twice(anne)
    anne.put("need", need, words="Rien.")
    before, asked = contents(anne), len(meddler.calls())

    def put_back(revision: int) -> None:
        """By hand, in the same epoch."""
        with anne.central.database.writing() as connection:
            of_need = records.update().where(records.c.id == need)
            connection.execute(of_need.values(revision=revision))

    def patient(_: Heard, forward: Callable[[], Answer]) -> Answer:
        if len(meddler.calls()) - asked > 3:
            put_back(2)  # whoever asks on is answered at last
        return forward()

    put_back(1)
    meddler.next(*[patient] * 5)
    with pytest.raises(SyncError, match="plus récent"):
        anne.sync()
    assert len(meddler.calls()) - asked == 1
    assert contents(anne) == before


def test_an_older_state_that_comes_late_takes_no_word_back(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    _, older = _told_twice(anne)
    anne.put("need", title="Site")
    before = contents(anne)
    late = changing(lambda answer: page(answer)["records"].append(older))
    refused(anne, meddler, late, before, "an older state")


@pytest.mark.parametrize("told", [None, 1], ids=["nothing", "what was known"])
def test_a_change_is_not_sent_for_ever_to_a_central_that_finds_it_late_without_a_reason(
    troubled: Pair, meddler: Meddler, told: int | None
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")
    record = None
    if told is not None:
        anne.sync()
        record = msgspec.to_builtins(anne.stored(need).envelope)
        anne.put("need", need, title="La fibre")
    before, asked = contents(anne), len(meddler.calls())

    def late(answer: dict[str, Any]) -> None:
        if len(meddler.calls()) - asked > 3:
            return  # whoever asks on is answered at last
        results = [{"op_id": one["op_id"], "status": "stale"} for one in answer["results"]]
        answer.update(receipt=None, results=[one | {"record": record} for one in results])

    refused(anne, meddler, changing(late), before, "late without a reason")
    assert len(meddler.calls()) - asked == 1


def test_what_a_central_lost_without_a_word_is_sent_anew_and_whole(troubled: Pair) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    anne.sync()
    with anne.central.database.writing() as connection:
        for table in (records, revisions):
            connection.execute(table.delete().where(table.c.id == need))
    anne.put("need", need, words="Rien.")
    anne.sync()
    benoit.sync()
    assert (benoit.get(need)["title"], benoit.get(need)["words"]) == ("Fibre", "Rien.")


@pytest.mark.parametrize(
    "act",
    [
        saying(200, b" " * (1 << 21), **JSON),
        saying(200, gzip.compress(b" " * (1 << 21)), Content_Encoding="gzip", **JSON),
    ],
    ids=["as it travels", "decompressed"],
)
def test_an_answer_without_an_end_is_not_read_to_it(
    waiting: Laptop, meddler: Meddler, monkeypatch: pytest.MonkeyPatch, act: Any
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 1 << 20)
    meddler.next(act)
    with pytest.raises(SyncError, match="démesurée"):
        waiting.sync()


MEDIA = ("application/json", "application/problem+json", "text/html", "application/octet-stream")
OTHERS: tuple[Any, ...] = (["autre"], {"autre": 1}, "autre", -0.5)
"""Values of other types, one of which at least a member never has."""

OPTIONAL = {"deleted", "schema", "also_open"}
"""Members that may be left out of an answer, beside those that are null."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a document, those that a list of plain values holds aside."""
    members: Any = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        members = enumerate(value)
    for name, member in members:
        yield (*path, name)
        yield from places(member, (*path, name))


def mutations(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(name, act) for every member of an answer, left out or of another type."""
    for path in places(document):
        *above, last = path
        value = _at(document, path)
        for other in OTHERS:
            if type(other) is not type(value) and not _may_be(path, value, other):
                yield f"{path}: {other}", changing(_set(path, other))
        needed = isinstance(last, str) and "fields" not in above and last not in OPTIONAL
        if needed and value is not None:
            yield f"without {path}", changing(lambda d, p=path: _at(d, p[:-1]).__delitem__(p[-1]))


def _at(document: Any, path: Sequence[Any]) -> Any:
    for name in path:
        document = document[name]
    return document


def _set(path: Sequence[Any], other: Any) -> Callable[[dict[str, Any]], object]:
    return lambda document: _at(document, path[:-1]).__setitem__(path[-1], other)


def _may_be(path: Sequence[Any], value: Any, other: Any) -> bool:
    """Whether an absent field may be this text, which is not known from the answer alone."""
    return value is None and isinstance(other, str) and "fields" in path


def test_an_answer_with_a_member_lacking_or_of_another_type_changes_nothing(
    waiting: Laptop, meddler: Meddler
) -> None:
    seen: list[dict[str, Any]] = []

    def looking(heard: Heard, forward: Callable[[], Answer]) -> Answer:
        answer: Answer = changing(seen.append)(heard, forward)
        return replace(answer, cut=0)

    meddler.next(looking, looking, looking)
    with pytest.raises(SyncError):
        waiting.sync()
    before = contents(waiting)
    tried = 0
    for name, act in mutations(seen[-1]):
        refused(waiting, meddler, act, before, name)
        tried += 1
    assert tried >= 200
    meddler.next()
    assert len(waiting.sync().sent) == 1


def grow(value: Any) -> None:
    """Adds a member to every object inside a document, as a later central may."""
    for member in value.values() if isinstance(value, dict) else value:
        if isinstance(member, dict | list):
            grow(member)
    if isinstance(value, dict) and not value.keys() & {"region"}:  # the pages go by space
        value["new"] = {"of": ["a later central"]}


def test_members_of_a_later_central_are_passed_over(waiting: Laptop, meddler: Meddler) -> None:
    meddler.always = changing(grow)
    report = waiting.sync()
    assert (len(report.sent), len(report.received)) == (1, 1)


def many(examples: int) -> settings:
    """So many of the thousand variants that this module tries."""
    shared = [HealthCheck.function_scoped_fixture]
    return settings(suppress_health_check=shared, max_examples=examples)


@many(350)
@given(share=st.floats(0, 0.999))
def test_a_truncated_answer_changes_nothing(
    waiting: Laptop, meddler: Meddler, share: float
) -> None:
    def truncated(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        return Answer(answer.status, answer.body[: int(len(answer.body) * share)], answer.headers)

    refused(waiting, meddler, truncated, contents(waiting), str(share))


@many(420)
@given(
    body=st.binary(max_size=300),
    status=st.sampled_from([200, 201, 204, 206, 301, 400, 403, 404, 409, 418, 422]),
    headers=st.fixed_dictionaries(
        {"Content_Type": st.sampled_from(MEDIA)},
        optional={"Content_Encoding": st.sampled_from(["zstd", "gzip", "br"])},
    ),
)
def test_any_other_bytes_change_nothing(
    waiting: Laptop, meddler: Meddler, body: bytes, status: int, headers: dict[str, str]
) -> None:
    act = saying(status, body, **headers)
    refused(waiting, meddler, act, contents(waiting), f"{status} {headers} {body!r}")
