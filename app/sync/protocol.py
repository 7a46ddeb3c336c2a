"""The wire of the sync, version 1 (CONTRACTS §5): what laptop and central say to each other.

Every call's bodies, the limits, and the digest of a record; pure code that both sides share.
Fields that a reader does not know are ignored, so that additive fields need no gate.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec

from app.domain.canonical import canonical
from app.domain.records import MOST_SCHEMA, Envelope

API_VERSION = 1
JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"
FILE_TYPE = "application/octet-stream"
CHUNK_TYPE = "application/offset+octet-stream"
NO_REVISION = 2**53 - 1
"""The base revision of ops sent only to learn whether the central remembers them: it answers
« stale » to those that it does not."""
PROBLEM_BASE = "urn:commissions:problem:"
"""How the `type` of every problem begins; the problem's name follows."""

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KIND = "[a-z][a-z_]{0,63}"
_END = "$(?!\\n)"  # the end of the text: in Python « $ » also matches before a final line feed
Uuid = Annotated[str, msgspec.Meta(pattern=f"^{_UUID}{_END}")]
Space = Annotated[str, msgspec.Meta(pattern=f"^(region|{_UUID}){_END}")]
Sha256 = Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{64}}{_END}")]
Whole = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Schema = Annotated[int, msgspec.Meta(ge=1, le=MOST_SCHEMA)]
Kind = Annotated[str, msgspec.Meta(pattern=f"^{_KIND}{_END}")]
Named = Annotated[str, msgspec.Meta(pattern=f"^[^\\x00-\\x1f\\x7f-\\x9f]{{1,200}}{_END}")]
Instant = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]


class Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A body, or a part of one; a member that has its default value may be left out."""


# What the central can do


class Versions(Wire, frozen=True):
    """The versions that the central speaks, both ends included."""

    min: int
    max: int


class Limits(Wire, frozen=True, omit_defaults=False):
    """The bounds that the central keeps; sizes are bytes.

    `body` bounds a body as it travels, `decoded_body` once decompressed; `chunk` one PATCH of an
    upload; `ops` a batch; `page` the records of one page of changes; `blob` an attachment.
    """

    body: int = 16 << 20
    decoded_body: int = 32 << 20
    ops: int = 10_000
    page: int = 10_000
    page_bytes: int = 2 << 20
    chunk: int = 8 << 20
    blob: int = 50 << 20


class PublicKey(Wire, frozen=True):
    """An Ed25519 key that signs receipts: 32 raw bytes in base64url without padding.

    A key that was renewed is endorsed by the one before it; see `app.sync.receipts.successor`.
    """

    key_id: str
    public_key: str
    endorsed_by: str = ""
    endorsement: str = ""


class Capabilities(Wire, frozen=True):
    """`former_keys` are those that signed before `key`, the newest first."""

    api: Versions
    schema: Versions
    limits: Limits
    epoch: str
    key: PublicKey
    former_keys: tuple[PublicKey, ...] = ()


# Who is there


def code_given(typed: str) -> str:
    """A one-time code in the form given out, whatever the case and separators it is typed with."""
    letters = "".join(filter(str.isalnum, typed.upper()))
    return "-".join(re.findall(".{1,4}", letters))


class EnrolmentRequest(Wire, frozen=True):
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    device_name: Named


class Facilitator(Wire, frozen=True, omit_defaults=False):
    """The account of a device; `create` is the right to upload a commission of one's own."""

    id: str
    name: str
    email: str
    role: Literal["facilitator", "gip"]
    create: bool

    @property
    def may_open(self) -> bool:
        """Whether the account may open the space of a commission of its own."""
        return self.create or self.role == "gip"


class GrantedSpace(Wire, frozen=True):
    """A commission that the account may read and write; `space` is the commission's id."""

    space: str
    name: str


class Epoch(Wire, frozen=True):
    """A period of the central's history, begun by its creation or a restore; `after` gives the seq
    of each space at that moment."""

    epoch: str
    after: dict[str, Whole] = {}


class Enrolment(Wire, frozen=True):
    """The answer to a code; `epochs` are all those of the central, the present one last."""

    token: str
    device_id: str
    facilitator: Facilitator
    spaces: tuple[GrantedSpace, ...]
    epochs: tuple[Epoch, ...] = ()


class Device(Wire, frozen=True, omit_defaults=False):
    """A device; `last_used_on` is a day, noted at most once a day; `epochs` as in an enrolment."""

    device_id: str
    device_name: str
    enrolled_at: Instant
    last_used_on: str | None
    facilitator: Facilitator
    spaces: tuple[GrantedSpace, ...]
    epochs: tuple[Epoch, ...] = ()


class NewToken(Wire, frozen=True):
    """A fresh token; the former one stays valid until this one is first used."""

    token: str


# The exchange


class Op(Wire, frozen=True, gc=False):
    """One change of one record: `fields` holds the changed fields only, or `deleted` is true.

    A record that was deleted lives again when an op with fields is accepted on it. `schema` is
    that of the record when it differs from the batch's.
    """

    op_id: Uuid
    kind: Kind
    id: Uuid
    base_revision: Annotated[Whole, msgspec.Meta(extra_json_schema={"default": 0})] = msgspec.field(
        default_factory=int  # always sent: a plain default of 0 would be left out
    )
    fields: dict[str, Any] = {}
    deleted: bool = False
    group: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    schema: Schema | None = None


class SyncRequest(Wire, frozen=True, omit_defaults=False):
    """One exchange; `batch_id` and `space` may be null when there are no ops.

    `after` gives for each space to pull the seq up to which the device has everything. A `schema`
    below the central's least may pull, and not send.
    """

    epoch: Annotated[str, msgspec.Meta(max_length=64)]
    schema: Annotated[int, msgspec.Meta(ge=0, le=MOST_SCHEMA)]
    batch_id: Uuid | None = None
    space: Space | None = None
    ops: tuple[Op, ...] = ()
    after: dict[Space, Whole] = {}


class _UnseenOp(Op, frozen=True, gc=False):
    op_id: str
    kind: str
    id: str


class _UnseenRequest(SyncRequest, frozen=True, omit_defaults=False):
    ops: tuple[_UnseenOp, ...] = ()


_decode_unseen = msgspec.json.Decoder(_UnseenRequest).decode
_are_ids = re.compile(f"(?:{_UUID})*").fullmatch
_is_kind = re.compile(_KIND).fullmatch


def seen_whole(body: bytes) -> SyncRequest | None:
    """Decodes a request, checking the ids of all its ops in one match; None when in doubt.

    Checking each id by its type's pattern would take longer than all the rest of the decoding.
    """
    try:
        request = _decode_unseen(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    ids = [one for op in request.ops for one in (op.id, op.op_id)]
    alike = {36}.issuperset(map(len, ids)) and _are_ids("".join(ids))
    return request if alike and all(map(_is_kind, {op.kind for op in request.ops})) else None


class Problem(Wire, frozen=True):
    """A problem of RFC 9457; `detail` is a French sentence.

    `field` names the field at fault, `epoch` the central's when it is another than the request's.
    """

    type: str
    title: str
    status: int | None = None
    detail: str = ""
    field: str = ""
    epoch: str = ""

    @property
    def name(self) -> str:
        """The problem's name: the last part of its type."""
        return re.split("[:/#]", self.type)[-1]


class Result(Wire, frozen=True, gc=False):
    """What became of one op.

    accepted, duplicate: `revision`, `seq`, and `receipt`, the place of its line in the batch's
    receipt; a duplicate gives those of the first time. In a first freeze, an op that replaced other
    words than its base brings the replaced record along as `record`, and an op that changes nothing
    leaves the record at its revision.
    stale: `record` is the current record, null when the central holds none.
    refused: `problem`, and `record` when the central holds one.
    """

    op_id: str
    status: Literal["accepted", "duplicate", "stale", "refused"]
    revision: int | None = None
    seq: int | None = None
    receipt: int | None = None
    record: Envelope | None = None
    problem: Problem | None = None


class ReceiptLine(msgspec.Struct, frozen=True, gc=False):
    """What the central holds after one op; the members are in the order of RFC 8785."""

    id: str
    revision: int
    seq: int
    sha256: str


class Receipt(Wire, frozen=True):
    """The central's proof that it holds a batch's records; see `app.sync.receipts`."""

    space: str
    epoch: str
    batch_id: str
    key_id: str
    lines: tuple[ReceiptLine, ...]
    signature: str


class Page(Wire, frozen=True, omit_defaults=False):
    """Changed records of a space in the order of seq; the device has everything up to `seq`."""

    records: tuple[Envelope, ...]
    seq: int
    more: bool


class SyncResponse(Wire, frozen=True, omit_defaults=False):
    """`receipt` is null when no op was accepted; a batch's own changes do not come back.

    `also_open`, when changes were asked for, are the other commissions granted to a facilitator.
    """

    epoch: str
    results: tuple[Result, ...] = ()
    receipt: Receipt | None = None
    changes: dict[str, Page] = {}
    also_open: tuple[str, ...] = ()


class Feed(Wire, frozen=True, omit_defaults=False):
    """A page of one space's changes, as `GET /v1/spaces/{space}/changes` gives it."""

    epoch: str
    records: tuple[Envelope, ...]
    seq: int
    more: bool


# History and files


class Revision(Wire, frozen=True, omit_defaults=False):
    """One accepted change: `fields` names those that it changed; `sha256`, that of the receipt's
    line, is the digest of the record after the change."""

    revision: int
    seq: int
    at: Instant
    author: str
    device: str
    deleted: bool
    fields: tuple[str, ...]
    sha256: str = ""


class Revisions(Wire, frozen=True, omit_defaults=False):
    """A record's accepted changes, the newest first; `more` when older ones were left out."""

    id: str
    revisions: tuple[Revision, ...]
    more: bool


class UploadRequest(Wire, frozen=True):
    """A file to send; `space` is that of the record that will name it by its sha256.

    Each space keeps its own copy of a file, so that nobody can read another space's by naming its
    digest.
    """

    space: Space
    sha256: Sha256
    size: Whole


class Upload(Wire, frozen=True, omit_defaults=False):
    """An upload of which `offset` bytes have arrived; complete once whole and its digest right."""

    id: str
    space: str
    sha256: str
    size: int
    offset: int
    complete: bool


class Health(Wire, frozen=True):
    status: Literal["ready"]


def problem_type(name: str) -> str:
    """The stable `type` of a problem from its name, such as `epoch-changed`."""
    return PROBLEM_BASE + name


class Form(msgspec.Struct, frozen=True, gc=False):
    """What a receipt's sha256 covers of a record: all but the revision; `fields` are complete.

    The members are in the order of RFC 8785, and `fields` already have its form.
    """

    commission_id: str | None
    deleted: bool
    fields: msgspec.Raw
    id: str
    kind: str
    schema: int

    def digest(self) -> str:
        """The SHA-256 in hexadecimal."""
        return sha256(_encode(self)).hexdigest()


_encode = msgspec.json.Encoder().encode


def digest(record: Envelope) -> str:
    """The SHA-256, in hexadecimal, that a receipt's line gives for this state of a record."""
    fields = msgspec.Raw(canonical(record.fields))
    return Form(
        record.commission_id, record.deleted, fields, record.id, record.kind, record.schema
    ).digest()
