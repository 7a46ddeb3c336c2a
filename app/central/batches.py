"""One exchange: a batch of ops of one space in one transaction, then the changes asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, and_, bindparam, delete, exists, func, select, update

from app.central import feed, held, traces
from app.central.access import Caller, lock_space
from app.central.blobs import name_files
from app.central.digests import keep_up
from app.central.freezes import FROZEN_IN, Freezes, owners
from app.central.judgement import Judgement
from app.central.lineage import EPOCH, epoch_of, reached
from app.central.office import Office
from app.central.problems import Refused, not_found
from app.central.schema import batches, spaces
from app.central.signing import NEWEST_KEY, signer
from app.central.traces import Trace
from app.clock import stamp
from app.domain.records import REGION, Envelope
from app.domain.wording import count
from app.sqlite import Ready
from app.sync.protocol import Page, Result, SyncRequest

MIN_SCHEMA = 1
"""The oldest schema whose changes are taken; an older client pulls and keeps its outbox."""

KEPT_FOR = timedelta(days=60)
"""How long a batch's answer is replayed; the ops themselves are remembered for ever."""


_BEGIN_BY = 8
"""Divides the bytes of a page for a laptop that has nothing yet."""


class Answer(msgspec.Struct):
    """The answer stored of a batch, whose own changes have the seqs in (first_seq, last_seq]."""

    first_seq: int = 0
    last_seq: int = 0
    results: msgspec.Raw = msgspec.Raw(b"[]")
    receipt: msgspec.Raw = msgspec.Raw(b"null")


class _Told(msgspec.Struct):
    """A stored Answer, decoded for its results alone."""

    results: tuple[Result, ...]


class _Known(NamedTuple):
    """The row of `_KNOWN`: what a batch must know before it is judged.

    `in_bulk` says that some traces of the space have no row of their own yet, `freezes` that some
    of its meetings are frozen, `outdated` that some answers are no longer to be kept; SQLite gives
    0 or 1. `digest` is that of the same batch sent before, None if it was not; only with one has it
    an `answer`.
    """

    epoch: str
    key_id: str
    in_bulk: bool
    freezes: bool
    outdated: bool
    digest: str | None
    answer: bytes


class _Response(msgspec.Struct):
    """A SyncResponse whose results and receipt are already encoded."""

    epoch: str
    results: msgspec.Raw
    receipt: msgspec.Raw
    changes: dict[str, Page]
    also_open: Sequence[str]


class Exchanged(NamedTuple):
    """The encoded answer to one `POST /v1/sync`.

    `to_tidy` says that work is left: the database grew, or digests are still to be written.
    """

    content: bytes
    to_tidy: bool


def exchange(office: Office, who: Caller, request: SyncRequest, body: bytes) -> Exchanged:
    """Takes the request's batch and gives the changes asked for; `body` is its exact bytes."""
    opened = request.space if request.ops else None  # checked with the batch
    if not {*request.after, request.space} <= {*who.spaces, opened, None}:
        raise not_found()
    check_epoch(request.epoch, who.epoch)
    answer, pending, to_tidy = Answer(), who.behind, bool(request.ops)
    if request.ops:
        batch = batch_of(office, who, request, sha256(body).hexdigest())
        with office.database.writing() as connection:
            answer, derives = batch.answer(connection)
        pending |= derives
    seqs = who.spaces
    if opened is not None:
        seqs = seqs | {opened: max(answer.last_seq, seqs.get(opened, 0))}
    if REGION in request.after and pending:
        to_tidy |= keep_up(office.database)
        with office.database.reading() as connection:
            epoch, seqs = reached(connection, request.after)
        check_epoch(request.epoch, epoch)
    changes = _changes(office, request, answer, seqs)
    unasked = who.spaces.keys() - {REGION, *changes} if changes and not who.is_gip else ()
    response = _Response(request.epoch, answer.results, answer.receipt, changes, sorted(unasked))
    return Exchanged(msgspec.json.encode(response), to_tidy)


def check_epoch(theirs: str, ours: str) -> None:
    """Refused (409) when a client speaks of a history that a restore has ended."""
    if theirs != ours:
        raise Refused(
            "epoch-changed",
            "Le central a été restauré d'une sauvegarde : vos données vont être comparées.",
            epoch=ours,
        )


def batch_of(office: Office, who: Caller, request: SyncRequest, digest: str) -> Batch:
    """The batch of a request with ops; Refused if incomplete, too large or of too old a schema."""
    if request.space is None or request.batch_id is None:
        raise Refused("shape", "Un lot a un identifiant et un espace.", field="batch_id")
    if len(request.ops) > office.limits.ops:
        most = count(office.limits.ops, "changement")
        raise Refused("too-large", f"Un lot compte au plus {most}.", field="ops")
    if request.schema < MIN_SCHEMA:
        raise Refused(
            "client-outdated",
            "Votre programme est trop ancien pour envoyer ses changements : mettez-le à jour.",
        )
    return Batch(who, request, request.space, request.batch_id, digest, office.clock())


@dataclass(frozen=True)
class Batch:
    """A batch to be written to its space; every step runs in one write transaction."""

    who: Caller
    request: SyncRequest
    space: str
    batch_id: str
    digest: str
    now: datetime

    def answer(self, connection: Connection) -> tuple[Answer, bool]:
        """The answer stored when the batch first came, or the one made and stored now.

        The second value says whether digests or tallies are now to be derived from the batch.
        """
        seq = lock_space(connection, self.who, self.space, self.now)
        of = {"of_space": self.space, "of_device": self.who.device_id, "of_batch": self.batch_id}
        limit = {"limit": stamp(self.now - KEPT_FOR)}
        known = _Known(*_KNOWN.rows(connection, of | limit)[0])
        check_epoch(self.request.epoch, known.epoch)
        if known.digest is not None:
            return self._stored(known), False
        judgement = self._judgement(connection, seq, known)
        results = judgement.judge(self.request.ops)
        if seq == 0 and self.space != REGION and self.space not in judgement.written:
            raise not_found()  # a space begins with its commission
        answer = Answer(
            first_seq=seq,
            last_seq=judgement.seq,
            results=msgspec.Raw(msgspec.json.encode(results)),
            receipt=self._receipt(connection, judgement, known.key_id),
        )
        self._save(connection, judgement)
        if known.outdated:
            _FORGET.write(connection, limit)
        self._store(connection, answer)
        return answer, judgement.derives

    def _stored(self, known: _Known) -> Answer:
        if known.digest != self.digest:
            raise Refused(
                "batch-reused", "Ce lot a déjà été envoyé avec un autre contenu.", field="batch_id"
            )
        return msgspec.json.decode(known.answer, type=Answer)

    def _judgement(self, connection: Connection, seq: int, before: _Known) -> Judgement:
        """The judgement, with all that it needs to know read in a few queries."""
        ops, freezes = self.request.ops, Freezes(connection, self.space, has_any=before.freezes)
        known = held.load(connection, (op.id for op in ops))
        again = [(op.id, op.op_id) for op in ops if op.id in known]
        minutes = {(op.id, op.op_id) for op in ops if op.kind == "minutes"}
        if freezes or minutes:
            known |= held.load(connection, owners(ops, known.values()) - known.keys())
        seen = traces.remembered(connection, self.space, again, in_bulk=before.in_bulk)
        return Judgement(
            self.who,
            self.space,
            self.request.schema,
            stamp(self.now),
            seq=seq,
            held=known,
            seen=seen,
            replaced=_replaced(connection, [seen[one] for one in minutes & seen.keys()]),
            freezes=freezes,
        )

    def _receipt(self, connection: Connection, judgement: Judgement, key_id: str) -> msgspec.Raw:
        receipt = None
        if judgement.lines:
            receipt = signer(connection, key_id).receipt(
                self.space, self.request.epoch, self.batch_id, judgement.lines
            )
        return msgspec.Raw(msgspec.json.encode(receipt))

    def _save(self, connection: Connection, judgement: Judgement) -> None:
        if not judgement.traces:
            return
        written = list(judgement.written.values())
        held.save(connection, written)
        traces.keep(connection, judgement.traces)
        judgement.freezes.save(connection)
        name_files(connection, self.space, judgement.files)
        last = {"of_space": self.space, "seq": judgement.seq}
        if judgement.derives:
            before = {"before": judgement.traces[0].seq - 1}
            _COUNT_AS_PENDING.write(connection, last | before)
        else:
            _COUNT.write(connection, last)

    def _store(self, connection: Connection, answer: Answer) -> None:
        row = {
            "device_id": self.who.device_id,
            "batch_id": self.batch_id,
            "digest": self.digest,
            "answer": msgspec.json.encode(answer),
            "at": stamp(self.now),
        }
        _STORE.write(connection, row)


# Built once: building a statement takes longer than judging a small batch. All that a batch must
# know before it is judged is read at once: each statement costs more than what it reads.
_former = batches.alias()
_KNOWN = Ready(
    select(
        EPOCH.scalar_subquery().label("epoch"),
        NEWEST_KEY.scalar_subquery().label("key_id"),
        traces.IN_BULK.label("in_bulk"),
        FROZEN_IN.label("freezes"),
        exists().where(_former.c.at < bindparam("limit")).label("outdated"),
        batches.c.digest,
        batches.c.answer,
    )
    .select_from(spaces)
    .outerjoin(
        batches,
        and_(
            batches.c.device_id == bindparam("of_device"),
            batches.c.batch_id == bindparam("of_batch"),
        ),
    )
    .where(spaces.c.space == bindparam("of_space"))
)
_ANSWERS = select(batches.c.answer).where(
    batches.c.device_id.in_(bindparam("devices", expanding=True)),
    batches.c.at.in_(bindparam("instants", expanding=True)),  # the same as their changes'
)
_STORE = Ready(batches.insert())
_FORGET = Ready(delete(batches).where(batches.c.at < bindparam("limit")))
_SET = update(spaces).where(spaces.c.space == bindparam("of_space")).values(seq=bindparam("seq"))
_SET_PENDING = _SET.values(pending=func.coalesce(spaces.c.pending, bindparam("before")))
_COUNT, _COUNT_AS_PENDING = Ready(_SET), Ready(_SET_PENDING)


def _replaced(connection: Connection, freezes: Collection[Trace]) -> dict[str, Envelope]:
    """By op_id, the records that these freezes replaced, as their first answer gave them.

    That answer may never have arrived, and the laptop has to keep the words of those records.
    """
    if not freezes:
        return {}
    found = {
        "devices": list({trace.device_id for trace in freezes}),
        "instants": list({trace.at for trace in freezes}),
    }
    answers = connection.execute(_ANSWERS, found).scalars()
    told = (one for answer in answers for one in msgspec.json.decode(answer, type=_Told).results)
    return {one.op_id: one.record for one in told if one.record}


def _changes(
    office: Office, request: SyncRequest, answer: Answer, seqs: Mapping[str, int]
) -> dict[str, Page]:
    """The others' changes in every space named, within the bytes of one page in all.

    A laptop that has nothing yet gets a smaller page, to store it while the next one comes. Refused
    (409) when a copy was restored before all was read: `seqs` are those of the request's epoch.
    """
    own = {request.space: (answer.first_seq, answer.last_seq)}
    asked = [
        feed.Stretch(space, after, seqs[space], *own.get(space, ()))
        for space, after in request.after.items()
    ]
    if all(stretch.is_bare for stretch in asked):
        return {stretch.space: stretch.end for stretch in asked}
    pages: dict[str, Page] = {}
    begins = not any(request.after.values())
    limits = office.limits
    room = limits.page_bytes // _BEGIN_BY if begins else limits.page_bytes
    with office.database.reading() as connection:
        for stretch in asked:
            pages[stretch.space], used = feed.page(connection, stretch, limits.page, room)
            room -= used
        check_epoch(request.epoch, epoch_of(connection))
    return pages
