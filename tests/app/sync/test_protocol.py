"""The wire's pure parts: digests, receipts, compression."""

import hashlib
import os
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.canonical import canonical
from app.domain.records import Envelope
from app.sync import compression, protocol, receipts

SPACE = "0198a000-0000-7000-8000-000000000001"
RECORD = "0198a000-0000-7000-8000-000000000002"
LINES = (protocol.ReceiptLine(id=RECORD, revision=3, seq=17, sha256="ab" * 32),)


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def _public(key: Ed25519PrivateKey) -> protocol.PublicKey:
    return protocol.PublicKey(
        key_id="k1", public_key=receipts.encode(key.public_key().public_bytes_raw())
    )


def _receipt(key: Ed25519PrivateKey) -> protocol.Receipt:
    signed = receipts.statement(SPACE, "e1", RECORD, "k1", LINES)
    return protocol.Receipt(
        space=SPACE,
        epoch="e1",
        batch_id=RECORD,
        key_id="k1",
        lines=LINES,
        signature=receipts.encode(key.sign(signed)),
    )


def test_a_digest_covers_all_of_a_record_but_its_revision() -> None:
    record = Envelope(kind="need", id=RECORD, commission_id=SPACE, fields={"title": "Été", "b": 1})
    form = canonical(
        {
            "kind": "need",
            "id": RECORD,
            "schema": 1,
            "deleted": False,
            "commission_id": SPACE,
            "fields": {"title": "Été", "b": 1},
        }
    )
    assert protocol.digest(record) == hashlib.sha256(form).hexdigest()
    assert protocol.digest(msgspec.structs.replace(record, revision=9)) == protocol.digest(record)
    for change in ({"deleted": True}, {"commission_id": None}, {"schema": 2}, {"fields": {}}):
        other = msgspec.structs.replace(record, **change)
        assert protocol.digest(other) != protocol.digest(record)


def test_what_is_signed_is_the_canonical_form_of_the_receipt(key: Ed25519PrivateKey) -> None:
    members = msgspec.to_builtins(_receipt(key))
    del members["signature"]
    assert receipts.statement(SPACE, "e1", RECORD, "k1", LINES) == canonical(members)


def test_a_receipt_is_valid_as_signed_and_in_no_other_form(key: Ed25519PrivateKey) -> None:
    receipt = _receipt(key)
    assert receipts.is_valid(receipt, _public(key))
    assert not receipts.is_valid(receipt, _public(Ed25519PrivateKey.generate()))
    forged = protocol.ReceiptLine(id=RECORD, revision=4, seq=17, sha256="ab" * 32)
    for change in (
        {"space": RECORD},
        {"epoch": "e2"},
        {"batch_id": SPACE},
        {"key_id": "k2"},
        {"lines": (forged,)},
        {"lines": LINES * 2},
        {"signature": ""},
        {"signature": "é"},
    ):
        assert not receipts.is_valid(msgspec.structs.replace(receipt, **change), _public(key))


def _renewed(before: Ed25519PrivateKey, name: str, after: str, key: Ed25519PrivateKey) -> Any:
    """The public half of `key`, named `after`, endorsed by `before`, named `name`."""
    bare = msgspec.structs.replace(_public(key), key_id=after)
    signature = receipts.encode(before.sign(receipts.endorsement(bare, name)))
    return msgspec.structs.replace(bare, endorsed_by=name, endorsement=signature)


def _capabilities(key: protocol.PublicKey, *former: protocol.PublicKey) -> protocol.Capabilities:
    one = protocol.Versions(min=1, max=1)
    return protocol.Capabilities(
        api=one, schema=one, limits=protocol.Limits(), epoch="e1", key=key, former_keys=former
    )


def test_a_renewed_key_is_followed_along_its_endorsements_and_no_other_way() -> None:
    first, second, third = (Ed25519PrivateKey.generate() for _ in range(3))
    old = _public(first)
    newer, newest = _renewed(first, "k1", "k2", second), _renewed(second, "k2", "k3", third)
    assert receipts.successor(old, _capabilities(old)) == old
    assert receipts.successor(old, _capabilities(newest, newer, old)) == newest
    assert receipts.successor(newer, _capabilities(newest, newer, old)) == newest
    forged = _renewed(third, "k2", "k3", third)
    for capabilities in (
        _capabilities(newest, old),
        _capabilities(newest),
        _capabilities(forged, newer, old),
        _capabilities(_public(second)),
        _capabilities(msgspec.structs.replace(newest, endorsed_by="k3"), newest),
        _capabilities(newest, _renewed(third, "k3", "k2", second), newest),  # one another's
    ):
        assert receipts.successor(old, capabilities) is None


def test_a_response_survives_its_own_encoding(key: Ed25519PrivateKey) -> None:
    response = protocol.SyncResponse(
        epoch="e1",
        results=(
            protocol.Result(op_id=RECORD, status="accepted", revision=3, seq=17, receipt=0),
            protocol.Result(
                op_id=SPACE, status="stale", record=Envelope(kind="need", id=RECORD, revision=2)
            ),
        ),
        receipt=_receipt(key),
        changes={"region": protocol.Page(records=(), seq=4, more=False)},
    )
    again = msgspec.json.decode(msgspec.json.encode(response), type=protocol.SyncResponse)
    assert again == response


@pytest.mark.parametrize("coding", compression.CODINGS)
@settings(max_examples=50)
@given(body=st.binary(max_size=300), times=st.integers(1, 2000))
def test_a_body_comes_back_whole_within_its_limit(coding: str, body: bytes, times: int) -> None:
    whole = body * times
    packed = compression.compress(whole, coding)
    assert compression.decompress(packed, coding, len(whole)) == whole
    if whole:
        with pytest.raises(compression.TooLarge):
            compression.decompress(packed, coding, len(whole) - 1)


@pytest.mark.parametrize("coding", compression.CODINGS)
def test_a_damaged_body_is_refused(coding: str) -> None:
    packed = compression.compress(os.urandom(5000), coding)
    for damaged in (packed[:-1], packed + b"x", packed + packed, b"", b"<html>", packed[1:]):
        with pytest.raises(compression.Damaged):
            compression.decompress(damaged, coding, 100_000)


def _op(**members: Any) -> dict[str, Any]:
    return {"op_id": SPACE, "kind": "need", "id": RECORD, "fields": {"title": "Été"}} | members


def _request(*ops: dict[str, Any]) -> bytes:
    return msgspec.json.encode(
        {"epoch": "e1", "schema": 1, "batch_id": RECORD, "space": SPACE, "ops": ops}
    )


def test_a_request_seen_whole_is_the_one_that_the_types_give() -> None:
    body = _request(_op(), _op(id=SPACE, base_revision=4), _op(kind="agenda_item", deleted=True))
    seen = protocol.seen_whole(body)
    assert msgspec.json.encode(seen) == msgspec.json.encode(
        msgspec.json.decode(body, type=protocol.SyncRequest)
    )
    assert isinstance(seen, protocol.SyncRequest)
    assert all(isinstance(op, protocol.Op) for op in seen.ops)
    assert protocol.seen_whole(_request()) is not None


@pytest.mark.parametrize(
    "ops",
    [
        [_op(id=RECORD.upper())],
        [_op(op_id="")],
        [_op(), _op(op_id=f"{RECORD}{SPACE}")],
        [_op(id=RECORD[:-1]), _op(id=f"{RECORD[-1]}{RECORD}")],  # 72 good characters in all
        [_op(id=f"{RECORD}\n")],
        [_op(kind="Need")],
        [_op(), _op(kind="need\n")],
        [_op(kind="a" * 65)],
        [_op(base_revision=-1)],
        [{"kind": "need", "id": RECORD}],
    ],
)
def test_a_request_whose_ids_or_kinds_may_be_wrong_is_not_seen_as_good(
    ops: list[dict[str, Any]],
) -> None:
    assert protocol.seen_whole(_request(*ops)) is None
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(_request(*ops), type=protocol.SyncRequest)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a":' * 100_000])
def test_what_is_no_request_is_not_seen_as_one(body: bytes) -> None:
    assert protocol.seen_whole(body) is None
