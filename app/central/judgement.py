"""What becomes of each op of a batch: accepted, duplicate, stale or refused (CONTRACTS §5).

Pure over the records it is handed: the batch loads them before and writes the outcome after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

import msgspec

from app.central.access import Caller
from app.central.digests import matters
from app.central.freezes import Find, Freezes, meeting_of
from app.central.held import Held
from app.central.problems import of_an_op
from app.central.reference import shipped
from app.central.rights import objection
from app.central.traces import Trace
from app.domain.canonical import canonical
from app.domain.files import NAMING, named_by
from app.domain.records import REGION, SCHEMA, Envelope
from app.domain.refusals import Refusal, UnknownField
from app.domain.validation import complete_form
from app.sync.protocol import NO_REVISION, Op, Problem, ReceiptLine, Result

_names = msgspec.json.Encoder().encode


class _Change(msgspec.Struct, gc=False):
    """An op that may be accepted: the record before it and after it, its seq not given yet."""

    op: Op
    before: Held | None
    after: Held
    changed: Sequence[str]
    freezes: str | None


_Outcome = _Change | Trace | Result


class Judgement:
    """Judges the ops of one batch in their order; groups stand or fall together."""

    def __init__(
        self,
        who: Caller,
        space: str,
        schema: int,
        at: str,
        *,
        seq: int,
        held: dict[str, Held],
        seen: dict[tuple[str, str], Trace],
        replaced: Mapping[str, Envelope],
        freezes: Freezes,
    ) -> None:
        self.seq = seq
        self.written: dict[str, Held] = {}
        self.traces: list[Trace] = []
        self.lines: list[ReceiptLine] = []
        self.derives = False  # whether something in the region follows from what was written
        self.files: list[tuple[str, str]] = []  # (sha256, record id) that a record now names
        self.freezes = freezes
        self._who, self._space, self._schema, self._at = who, space, schema, at
        self._held, self._seen, self._replaced = held, seen, replaced
        self._told: dict[str, str] = {}  # the record of each op_id

    def judge(self, ops: Sequence[Op]) -> list[Result]:
        """The result of each op, in the order of the ops."""
        results: dict[int, Result] = {}
        groups = _groups(ops)
        for place, op in enumerate(ops):
            if op.group is None:
                results[place] = self._judge_one(op)
            elif place == groups[op.group][0]:
                places = groups[op.group]
                unit = [ops[one] for one in places]
                results.update(zip(places, self._judge_once(unit), strict=True))
        return [results[place] for place in range(len(ops))]

    def _judge_one(self, op: Op) -> Result:
        outcome = self._consider(op, {})
        if _is_late(outcome):
            outcome = self._settle(outcome, self._frozen_first([op]), self._held.get)
        return outcome if isinstance(outcome, Result) else self._accept(op, outcome)

    def _judge_once(self, ops: Sequence[Op]) -> list[Result]:
        """The results of a group, in which a repeated op gets the answer of its first one."""
        firsts: dict[tuple[str, str], Op] = {}
        for op in ops:
            firsts.setdefault((op.id, op.op_id), op)
        given = dict(zip(firsts, self._judge_unit([*firsts.values()]), strict=True))
        return [_given(given[op.id, op.op_id], first=op is firsts[op.id, op.op_id]) for op in ops]

    def _judge_unit(self, ops: Sequence[Op]) -> list[Result]:
        draft: dict[str, Held] = {}
        outcomes: list[_Outcome] = []
        freezing = set[str]()  # the meetings that the ops before freeze
        for op in ops:
            outcome = self._consider(op, draft)
            if isinstance(outcome, _Change) and outcome.freezes in freezing:
                outcome = _refused(op, of_an_op("frozen", _FROZEN), outcome.before)
            if isinstance(outcome, _Change):
                draft[op.id] = outcome.after
                if outcome.freezes is not None:
                    freezing.add(outcome.freezes)
            outcomes.append(outcome)
        frozen, find = self._frozen_first(ops), (self._held | draft).get
        again = _comes_again(ops, outcomes)
        outcomes = [
            self._settle(one, frozen, find)
            if _is_late(one) and not (again and _changes_nothing(one))
            else one
            for one in outcomes
        ]
        accepted = [one for one in outcomes if not isinstance(one, Result)]
        if len(accepted) < len(ops):
            return self._fail(ops, outcomes)
        with_minutes = any(op.kind == "minutes" for op in ops)
        return [
            self._leave(one) if with_minutes and _changes_nothing(one) else self._accept(op, one)
            for op, one in zip(ops, accepted, strict=True)
        ]

    def _frozen_first(self, ops: Sequence[Op]) -> set[str]:
        """The meetings that these ops freeze; `_objection` refuses to freeze one a second time."""
        of_minutes = (op for op in ops if op.kind == "minutes")
        found = (self.freezes.meeting_frozen_by(op, self._held.get(op.id)) for op in of_minutes)
        return {one for one in found if one is not None}

    def _settle(self, late: _Change, frozen: set[str], find: Find) -> _Change | Result:
        """A late change is stale, unless its meeting is one that these ops freeze (`frozen`)."""
        op, before = late.op, late.before
        states = [late.after] if before is None else [before, late.after]
        asks = op.base_revision == NO_REVISION
        settled = frozen and not asks and all(meeting_of(one, find) in frozen for one in states)
        return late if settled else _stale(op, before)

    def _consider(self, op: Op, draft: dict[str, Held]) -> _Outcome:
        if self._told.setdefault(op.op_id, op.id) != op.id:
            return _refused(op, of_an_op("shape", _TWICE, "op_id"))
        before = draft.get(op.id) or self._held.get(op.id)
        if before is not None:
            if before.space != self._space:
                return _refused(op, of_an_op("not-found", _ELSEWHERE))
            seen = self._seen.get((op.id, op.op_id))
            if seen is not None:
                return seen
        try:
            change = self._apply(op, before)
        except Refusal as refusal:
            return _refused(op, of_an_op("shape", refusal.sentence, refusal.field), before)
        problem = self._objection(change)
        if problem is not None:
            return _refused(op, problem, before)
        return change

    def _objection(self, change: _Change) -> Problem | None:
        why_not = objection(self._who, change.after, change.changed)
        if why_not:
            return of_an_op("forbidden", why_not)
        return of_an_op("frozen", _FROZEN) if self._is_frozen(change) else None

    def _is_frozen(self, change: _Change) -> bool:
        if change.freezes is not None and self.freezes.minutes_of(change.freezes) is not None:
            return True  # a second freeze of the meeting
        return self.freezes.forbids(change.before, change.after, change.changed, self._held.get)

    def _apply(self, op: Op, before: Held | None) -> _Change:
        """The change that an op makes to a record; Refusal when the result is not of its kind."""
        if before is not None and before.kind != op.kind:
            raise Refusal("Le genre d'un enregistrement ne change pas.", field="kind")
        if op.deleted and op.fields:
            raise Refusal("Une suppression ne porte pas de champs.", field="fields")
        schema, revision = op.schema or self._schema, 1
        if before is None:
            base = (shipped(op.id) or {}) if self._space == REGION else {}
            was = False
        else:
            schema, revision = max(schema, before.schema), before.revision + 1
            base, was = before.values(), before.deleted
        form = _form(op, base, schema)
        gone = op.deleted or (was and not op.fields)  # only an op with fields revives
        after = Held(self._space, op.id, op.kind, schema, revision, 0, gone, form)
        changed = _changed(op, base, after, was=was)
        return _Change(op, before, after, changed, self.freezes.meeting_frozen_by(op, before))

    def _accept(self, op: Op, outcome: _Change | Trace) -> Result:
        place = len(self.lines)
        if isinstance(outcome, Trace):
            self.lines.append(_line(outcome))
            return Result(
                op_id=op.op_id,
                status="duplicate",
                revision=outcome.revision,
                seq=outcome.seq,
                receipt=place,
                record=self._replaced.get(op.op_id),
            )
        trace = self._take(outcome)
        self.lines.append(_line(trace))
        before = outcome.before
        replaced = before is not None and before.revision != op.base_revision
        return Result(
            op_id=op.op_id,
            status="accepted",
            revision=trace.revision,
            seq=trace.seq,
            receipt=place,
            record=before.envelope() if before is not None and replaced else None,
        )

    def _leave(self, change: _Change) -> Result:
        """Leaves at its revision a record that comes with a freeze and is the same here already."""
        op, held = change.op, change.before
        assert held is not None
        self.lines.append(ReceiptLine(held.id, held.revision, held.seq, held.digest()))
        return Result(
            op_id=op.op_id,
            status="accepted",
            revision=held.revision,
            seq=held.seq,
            receipt=len(self.lines) - 1,
            record=held.envelope() if held.revision != op.base_revision else None,
        )

    def _take(self, change: _Change) -> Trace:
        """Gives the change its seq and makes it the record's state for the ops that follow."""
        op, after = change.op, change.after
        self.seq += 1
        after.seq = self.seq
        trace = Trace(
            after.space,
            after.seq,
            after.id,
            after.revision,
            op.op_id,
            self._who.device_id,
            self._at,
            after.deleted,
            _names(change.changed).decode(),
            after.digest(),
        )
        self.traces.append(trace)
        self._held[after.id] = self.written[after.id] = after
        self._seen[after.id, op.op_id] = trace
        if change.freezes is not None:
            self.freezes.add(change.freezes, after.id)
        if not self.derives:
            self.derives = matters(after.kind, change.changed, created=change.before is None)
        if after.kind in NAMING and (file := named_by(after.kind, after.values())):
            self.files.append((file, after.id))
        return trace

    def _fail(self, ops: Sequence[Op], outcomes: Sequence[_Outcome]) -> list[Result]:
        """Accepts nothing of a group: it is refused if one of its ops is, else it is stale.

        Each answer has the record as it stands, without what the group would have made of it.
        """
        failed = [outcome for outcome in outcomes if isinstance(outcome, Result)]
        refused = any(result.status == "refused" for result in failed)
        results = []
        for op, outcome in zip(ops, outcomes, strict=True):
            if isinstance(outcome, Result) and outcome.problem is not None:
                held = self._held.get(op.id) if outcome.record is not None else None
                results.append(_refused(op, outcome.problem, held))
            elif refused:
                results.append(_refused(op, of_an_op("group", _GROUP), self._held.get(op.id)))
            else:
                results.append(_stale(op, self._held.get(op.id)))
        return results


_UNKNOWN = (
    "Le central, d'une version plus ancienne, n'a pas ce champ : tout partira une fois que le GIP"
    " l'aura mis à jour."
)
_ELSEWHERE = "Cet enregistrement n'existe pas, ou ne vous est pas ouvert."
_FROZEN = "Le procès-verbal de la séance est gelé : corrigez-le par un additif."
_TWICE = "Ce numéro de changement est déjà celui d'un autre enregistrement."
_GROUP = "Un autre changement fait en même temps est refusé."


def _groups(ops: Sequence[Op]) -> dict[str, list[int]]:
    """The places of the ops of each group, which stand or fall together."""
    groups: dict[str, list[int]] = {}
    for place, op in enumerate(ops):
        if op.group is not None:
            groups.setdefault(op.group, []).append(place)
    return groups


def _form(op: Op, base: dict[str, Any], schema: int) -> bytes:
    """The record's canonical fields once the op is applied; unchecked in a newer schema."""
    try:
        if schema > SCHEMA:
            return canonical({**base, **op.fields})
        return complete_form(op.kind, op.fields, base)
    except UnknownField as refusal:
        raise Refusal(_UNKNOWN, field=refusal.field) from refusal
    except Refusal:
        raise
    except (ValueError, RecursionError) as error:
        raise Refusal("une valeur ne peut être écrite exactement.", field="fields") from error


def _changed(op: Op, base: dict[str, Any], after: Held, *, was: bool) -> Sequence[str]:
    if not base and not op.deleted:
        return tuple(op.fields)
    fields = after.values()
    changed = [name for name in op.fields if base.get(name) != fields.get(name)]
    return [*changed, "deleted"] if was != after.deleted else changed


def _comes_again(ops: Sequence[Op], outcomes: Sequence[_Outcome]) -> bool:
    """Whether the group was accepted before, as the trace of its minutes shows."""
    pairs = zip(ops, outcomes, strict=True)
    return any(op.kind == "minutes" and isinstance(one, Trace) for op, one in pairs)


def _is_late(outcome: _Outcome) -> TypeGuard[_Change]:
    """Whether a change stands on another revision than the central holds."""
    if not isinstance(outcome, _Change):
        return False
    return outcome.op.base_revision != (outcome.before.revision if outcome.before else 0)


def _changes_nothing(outcome: _Outcome) -> TypeGuard[_Change]:
    return isinstance(outcome, _Change) and outcome.before is not None and not outcome.changed


def _given(result: Result, *, first: bool) -> Result:
    if first or result.status != "accepted":
        return result
    return msgspec.structs.replace(result, status="duplicate")


def _line(trace: Trace) -> ReceiptLine:
    return ReceiptLine(trace.id, trace.revision, trace.seq, trace.sha256)


def _stale(op: Op, current: Held | None) -> Result:
    record = current.envelope() if current else None
    return Result(op_id=op.op_id, status="stale", record=record)


def _refused(op: Op, problem: Problem, current: Held | None = None) -> Result:
    record = current.envelope() if current else None
    return Result(op_id=op.op_id, status="refused", problem=problem, record=record)
