"""Real laptops and a real central under a random evening: no word that nobody dropped is lost.

Each edit writes a word of its own. A word may only vanish because somebody who saw it replaced it,
deleted its record, or decided a conflict against it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.central import backup
from app.domain.records import Envelope
from app.errors import SyncError
from app.sync.merge import DELETED, unit_fields
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import (
    Act,
    Answer,
    Heard,
    cut_after,
    cut_before,
    cut_within,
    faithful,
    meddling,
    saying,
)
from tests.central_server import start_central

_WORD = re.compile(r"mot\d+x")
_LAPTOPS = st.integers(0, 2)
_PLACES = st.integers(0, 9)
_FAULTS = st.lists(
    st.sampled_from([faithful, cut_before, cut_after, cut_within, saying(503), saying(413)]),
    max_size=4,
)


def words_in(value: Any) -> set[str]:
    return set(_WORD.findall(msgspec.json.encode(value).decode()))


class Evening(RuleBasedStateMachine):
    """Three laptops of one commission write, break their lines, decide, and sync."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.central = self.stack.enter_context(start_central(folder / "central"))
        self.meddler = self.stack.enter_context(meddling(self.central))
        self.laptops = [
            Laptop(folder / name, self.central, self.meddler)
            for name in ("anne", "benoit", "chloe")
        ]
        self.written: set[str] = set()
        self.dropped: set[str] = set()
        self.count = 0
        self.copied = False
        facilitator = self.central.facilitator(self.central.commission())
        for one in self.laptops:
            one.enrol(facilitator)
            one.sync()

    def teardown(self) -> None:
        try:
            self.calm_down()
        finally:
            for one in self.laptops:
                one.services.close()
            self.stack.close()

    # What people do

    @rule(who=_LAPTOPS)
    def raise_a_need(self, who: int) -> None:
        self.laptops[who].put("need", title=self.new_word())

    @rule(who=_LAPTOPS)
    def group(self, who: int) -> None:
        notes = "\n".join(f"Phrase {n} {self.new_word()}." for n in range(3))
        self.laptops[who].put("need_group", title=self.new_word(), notes=notes)

    @rule(who=_LAPTOPS, which=_PLACES, name=st.sampled_from(["title", "words", "reason"]))
    def edit(self, who: int, which: int, name: str) -> None:
        self.change(who, "need", which, lambda fields: {name: self.new_word()})

    @rule(who=_LAPTOPS, which=_PLACES, place=_PLACES, how=st.sampled_from(["add", "replace"]))
    def take_notes(self, who: int, which: int, place: int, how: str) -> None:
        def noted(fields: dict[str, Any]) -> dict[str, Any]:
            lines = fields["notes"].split("\n")
            at = place % len(lines)
            lines[at : at + (how == "replace")] = [f"Noté {self.new_word()}."]
            return {"notes": "\n".join(lines)}

        self.change(who, "need_group", which, noted)

    @rule(who=_LAPTOPS, which=_PLACES)
    def delete(self, who: int, which: int) -> None:
        laptop = self.laptops[who]
        record = self.pick(laptop, "need", which)
        if record is not None:
            laptop.services.records.delete(record.id)
            self.dropped |= words_in(record.fields)

    @rule(who=_LAPTOPS, which=_PLACES, keep=st.sampled_from(["mine", "theirs"]))
    def decide(self, who: int, which: int, keep: str) -> None:
        laptop = self.laptops[who]
        found = list(laptop.services.conflicts.open())
        if not found:
            return
        conflict = found[which % len(found)]
        fields = conflict.fields
        seen = laptop.stored(fields["record_id"]).envelope.fields
        dropped = words_in([fields["mine"], fields["theirs"]])
        if fields["unit"] == DELETED:
            dropped = words_in(seen) if fields[keep]["value"] else set()
        else:
            held = {name: seen[name] for name in unit_fields("need", fields["unit"], None)
                    } if fields["unit"] not in ("status",) else seen  # fmt: skip
            dropped |= words_in(held)
        laptop.services.conflicts.resolve(conflict.id, keep)
        self.dropped |= dropped

    # What networks and centrals do

    @rule(who=_LAPTOPS, faults=_FAULTS)
    def sync(self, who: int, faults: list[Act]) -> None:
        self.meddler.next(*faults)
        try:
            self.laptops[who].sync(accept_deletions=True)
        except SyncError as error:
            assert faults, error
        self.meddler.next()

    @rule(who=_LAPTOPS, which=_PLACES)
    def edit_during_a_sync(self, who: int, which: int) -> None:
        def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
            self.edit(who, which, "title")
            answer = forward()
            self.edit(who, which, "words")
            return answer

        self.sync(who, [meanwhile])

    @rule(who=_LAPTOPS, other=_LAPTOPS)
    def overtake(self, who: int, other: int) -> None:
        """Another laptop syncs between the central's work and its reply."""

        def overtaken(_: Heard, forward: Callable[[], Answer]) -> Answer:
            answer = forward()
            if other != who:
                self.laptops[other].sync(accept_deletions=True)
            return answer

        self.sync(who, [overtaken])

    # What must be true

    @invariant()
    def every_edit_waits_or_was_sent(self) -> None:
        for one in self.laptops:
            with one.services.workspace.reading() as unit:
                for stored in unit.edited():
                    base = stored.base
                    assert base is None or stored.envelope.kind == "conflict" or base

    def calm_down(self) -> None:
        self.meddler.next()
        for _ in range(3):
            for one in self.laptops:
                before = len(self.meddler.calls())
                one.sync(accept_deletions=True)
                assert len(self.meddler.calls()) - before < 12
        states = [self.common(one.state()) for one in self.laptops]
        assert states[0] == states[1] == states[2]
        for one, state in zip(self.laptops, states, strict=True):
            assert one.services.sync.status().pending == 0
            kept = words_in([e.fields for e in state.values() if self.counts(e)])
            assert self.written - self.dropped <= kept, self.written - self.dropped - kept

    def common(self, state: dict[str, Envelope]) -> dict[str, Envelope]:
        """The part of a laptop's state that must be the same on all."""
        return state

    @staticmethod
    def counts(record: Envelope) -> bool:
        """Whether a record shows its words: it lives, and is no conflict decided already."""
        return not record.deleted and record.fields.get("status") != "resolved"

    # Help

    def new_word(self) -> str:
        self.count += 1
        word = f"mot{self.count}x"
        self.written.add(word)
        return word

    def pick(self, laptop: Laptop, kind: str, which: int) -> Any:
        found = list(laptop.services.records.envelopes(kind))
        return found[which % len(found)] if found else None

    def change(
        self, who: int, kind: str, which: int, fields: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> None:
        laptop = self.laptops[who]
        record = self.pick(laptop, kind, which)
        if record is None:
            return
        changed = fields(record.fields)
        laptop.put(kind, record.id, **changed)
        before = words_in({name: record.fields[name] for name in changed})
        self.dropped |= before - words_in(changed)


class EveningOfARestore(Evening):
    """The same while the central goes back to a copy; what it forgot comes from the laptops."""

    @rule()
    def copy(self) -> None:
        file = self.folder / "copie"
        backup.save(self.central.database, file, self.central.clock())
        self.copied = True

    @precondition(lambda self: self.copied)
    @rule()
    def restore(self) -> None:
        backup.restore(self.central.database, self.folder / "copie")

    def common(self, state: dict[str, Envelope]) -> dict[str, Envelope]:
        """A deletion that the central forgot is known to those laptops only that had heard of it;
        revisions count anew."""
        return {
            record.id: msgspec.structs.replace(record, revision=0)
            for record in state.values()
            if not record.deleted
        }


_BUDGET = settings(
    max_examples=max(5, settings.default.max_examples // 5),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestEvening = Evening.TestCase
TestEvening.settings = _BUDGET
TestEveningOfARestore = EveningOfARestore.TestCase
TestEveningOfARestore.settings = _BUDGET
