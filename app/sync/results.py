"""Applies the results of a batch to the records sent, inside one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from app.domain.files import NAMING
from app.domain.titles import Called
from app.domain.validation import defaults
from app.storage import sync_state
from app.storage.sync_state import Acknowledgement
from app.sync import link as ties
from app.sync import receipt_book
from app.sync.faults import reason
from app.sync.intake import Intake
from app.sync.late import FROZEN, stays_refused
from app.sync.outbox import Batch
from app.sync.protocol import Op, Problem, Result, SyncResponse, problem_type
from app.sync.sides import known_form

_UNSAID = Problem(problem_type("refused"), title="sans dire pourquoi")
_IN_AN_ADDENDUM = " Un projet d'additif en garde les mots."


class Results:
    """Applies results; its `intake` merges what the central holds otherwise."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.unit, self.link, self.outcome = intake.unit, intake.link, intake.outcome

    def take(self, batch: Batch, response: SyncResponse, at: str) -> set[str]:
        """Applies the results of a batch; gives the ids of the records that were refused."""
        taken = []
        self.intake.standing.hear_of(
            one.record for one in response.results if one.record is not None
        )
        for op, edits, result in zip(batch.request.ops, batch.edits, response.results, strict=True):
            if result.status in ("accepted", "duplicate"):
                taken.append((op, edits, result))
            elif result.status == "stale" and not self.link.comparing:
                self._stale(op, result)
        self._acknowledge(taken, batch.names)
        self.intake.standing.look_again()
        if response.receipt is not None:
            receipt_book.keep(self.unit, response.receipt, at)
        self._pass_over_ours(batch, [result.seq or 0 for _, _, result in taken])
        return self._refuse(zip(batch.request.ops, response.results, batch.edits, strict=True))

    def _pass_over_ours(self, batch: Batch, seqs: Sequence[int]) -> None:
        """Moves the cursor past our own changes, if nobody else's lie between them.

        A space without a cursor was just opened, by this batch or another's: it gets one, and so is
        pulled from then on.
        """
        if batch.space in batch.request.after:
            return  # the page of the answer moves it
        here = ties.cursors(self.unit, self.link).get(batch.space, 0)
        fresh = sorted(seq for seq in seqs if seq > here)
        alone = fresh == list(range(here + 1, here + 1 + len(fresh)))
        ties.move_cursor(self.unit, batch.space, fresh[-1] if fresh and alone else here)

    def _refuse(self, answered: Iterable[tuple[Op, Result, int]]) -> set[str]:
        """Notes the refused records, and gives their ids.

        Ops late for a freeze go to `Late`; they are noted only if a record that outlives the
        meeting did not pass, and the rest of their group is not. A record that a freeze took along
        unedited is passed over: it may be late for the freeze of another meeting.
        """
        refused = [
            (op, result, result.problem or _UNSAID, edits)
            for op, result, edits in answered
            if result.status == "refused"
        ]
        late_groups = {op.group for op, _, problem, _ in refused if problem.name == FROZEN} - {None}
        told = set()
        for op, result, problem, edits in refused:
            if not edits:
                continue
            late = problem.name == FROZEN
            if late:
                self.intake.late.add(op, result.record and known_form(result.record))
            if stays_refused(op, result) if late else op.group not in late_groups:
                kept = _IN_AN_ADDENDUM if late else ""
                self.outcome.refused[op.id] = (op.kind, f"{reason(problem)}{kept}")
                told.add(op.id)
        return told

    def _acknowledge(
        self, taken: Sequence[tuple[Op, int, Result]], names: Mapping[str, Called]
    ) -> None:
        replaced = [(op, self.unit.stored(op.id), r) for op, _, r in taken if r.record is not None]
        ops: dict[str, Op] = {}  # each record's last op, with the fields of an earlier op added
        known: dict[str, Acknowledgement] = {}
        for op, edits, result in taken:
            whole, counted = op, edits
            if (before := ops.get(op.id)) is not None:
                whole = msgspec.structs.replace(op, fields=before.fields | op.fields)
                counted += known[op.id].edits_sent
            ops[op.id] = whole
            known[op.id] = Acknowledgement(op.id, result.revision or 0, counted)
        self.outcome.kept |= sync_state.brought_back(self.unit, ops)
        edited = sync_state.acknowledge(self.unit, [*known.values()])
        for stored in edited:  # again, while the batch was on its way
            op = ops[stored.envelope.id]
            base = stored.base if stored.base is not None else defaults(op.kind)
            self.unit.put_base(stored.n, base | op.fields, deleted=op.deleted)
        sent = [op for op, edits, _ in taken if edits or _opens(op)]
        self.outcome.note_sent(sent, names)
        if self.outcome.numbered:
            ties.keep(self.unit, ties.NUMBERED, sorted(self.outcome.numbered))
        for op in (op for op, _, _ in taken if op.kind in NAMING):
            self.intake.files.to_send(op)
            if op.kind == "minutes" and op.fields.get("frozen_at"):
                self.intake.afterwords.froze(op.id)
        for op, former, result in replaced:
            if former is not None and result.record is not None:
                theirs = known_form(result.record, former)
                self.intake.replaced.take(op, former, theirs, result.revision or 0)

    def _stale(self, op: Op, result: Result) -> None:
        stored = self.unit.stored(op.id)
        if stored is None:
            return
        if result.record is None:
            sync_state.count_as_new(self.unit, [op.id])
        else:
            self.intake.meet(stored, known_form(result.record, stored))


def _opens(op: Op) -> bool:
    """Whether an op opens a space, maybe again: then its record need not have been edited."""
    return op.kind == "commission" and op.base_revision == 0
