"""Undo gives back what was, redo what was done, whatever came between: a sync, a freeze, a name
erased.

What was received from others is never taken back: what would is refused, and left. So is what the
rules no longer allow, as in a meeting convened since.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from app.bootstrap import open_services
from app.clock import new_id, now
from app.domain.records import Envelope
from app.errors import UserError
from app.storage.rows import links_of, stored_of
from app.storage.search_index import bring_up
from app.storage.tables import STORED
from app.storage.workspace import Workspace
from tests.app.sync.conftest import Laptop, enrolled
from tests.central_server import Central, start_central
from tests.conftest import FakeClock
from tests.properties.deeds import COMMUNES, WORDS, Deeds, deed, names
from tests.workspaces import PASSPHRASE, faults_of_rows, holding_tokens

WHICH = st.integers(0, 11)
_IS_LONG = settings.default.max_examples >= 5000  # the soak
_SHARES = 4 if _IS_LONG else 1
_BUDGET = settings(
    max_examples=250 if _IS_LONG else 4,
    stateful_step_count=50 if _IS_LONG else 25,
    suppress_health_check=list(HealthCheck),
)
_BARRED = ("ne redevient pas prévue", "ne se supprime plus")  # of a meeting once it is convened
_INDEX = "SELECT rowid, title, words, stems FROM search ORDER BY rowid"

State = dict[str, Envelope]
Change = tuple[Envelope | None, Envelope | None]


@dataclass
class Step:
    """An operation that may be undone: what each record was and became.

    `met` once something else may have changed what it is about.
    """

    number: int
    name: str
    changes: dict[str, Change]
    met: bool = False


class Undoing(RuleBasedStateMachine):
    """Two laptops of one facilitator; what the first does is undone and done again."""

    central: ClassVar[Central]
    folder: ClassVar[Path]
    make_workspace: ClassVar[Callable[..., Workspace]]

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock(now())
        self.words = 0
        self.done: list[Step] = []
        self.undone: list[Step] = []
        self.erased: list[str] = []
        folder = self.folder / new_id()
        self.anne, self.benoit = enrolled(
            self.central, self._laptop(folder / "anne"), self._laptop(folder / "benoit")
        )
        self.space = self.anne.services.records.list("commission")[0].id
        self._furnish()
        for one in (self.anne, self.benoit):
            one.sync()
        self.first = self._next(0)

    def _laptop(self, folder: Path) -> Laptop:
        folder.parent.mkdir(exist_ok=True)

        make = partial(self.make_workspace, clock=self.clock)
        return Laptop(folder, self.central, make_workspace=make)

    def _furnish(self) -> None:
        services = self.anne.services
        for number, commune in enumerate(COMMUNES):
            person = services.records.create("person", {"last_name": f"Nom{number}"}, self.space).id
            seat = {"organisation_id": commune, "titular_person_id": person, "from": "2020-01-01"}
            services.records.create("roster_entry", seat, self.space)
        for title in ("Tenue", "À venir"):
            when = {"title": title, "starts_at": self.clock().isoformat()}
            services.preparation.compose(services.records.create("meeting", when, self.space).id)
        held = services.records.list("meeting", self.space)[0].id
        services.meetings.open(held)
        services.meetings.close(held)
        for kind in ("need", "need", "solution", "watch_note"):
            services.records.create(kind, {"title": self.word()}, self.space)

    def word(self) -> str:
        self.words += 1
        return f"Mot{self.words}"

    # What is done

    @rule(name=st.sampled_from([*names()]), which=WHICH, other=WHICH)
    def do(self, name: str, which: int, other: int) -> None:
        self.clock.forward(minutes=1)
        services, before = self.anne.services, self._state()
        steps = self._next(0), self._next(1)
        try:
            deed(Deeds(services, self.space, which, other, self.word()), name)
        except (UserError, LookupError):
            assert self._state() == before
            assert (self._next(0), self._next(1)) == steps
            return
        changes = _between(before, self._state())
        if not changes:
            assert self._next(0) == steps[0]
        elif self._next(0) == steps[0]:  # words that go on from those typed last
            assert name == "type_on"
            former = self.done[-1].changes
            for record_id, (was, is_) in changes.items():
                former[record_id] = (former.get(record_id, (was,))[0], is_)
        else:
            assert self._next(1) == 0  # it ends the redo
            self.undone = []
            self.done.append(Step(self._next(0), name, changes))

    @rule(side=st.integers(0, 1), times=st.integers(1, 4))
    def turn(self, side: int, times: int) -> None:
        for _ in range(times):
            self._turn(side)

    @rule()
    def turn_all(self) -> None:
        """As far back as one can, and forth again."""
        count = len(self.done)
        for side in (0, 1):
            for _ in range(count):
                self._turn(side)

    def _turn(self, side: int) -> None:
        self.clock.forward(minutes=1)
        stacks = (self.done, self.undone) if side == 0 else (self.undone, self.done)
        number = self._next(side)
        if not stacks[0]:
            assert number == (self.first if side == 0 else 0)
            return
        step, before, undo = stacks[0].pop(), self._state(), self.anne.services.undo
        assert step.number == number
        try:
            (undo.undo, undo.redo)[side]()
        except UserError as error:
            assert self._state() == before
            assert step.met or any(words in str(error) for words in _BARRED), (step, error)
            self._meet()
            return
        stacks[1].append(step)
        changed = _between(before, self._state())
        if not step.met:
            assert changed.keys() <= step.changes.keys()
            for record_id, sides in step.changes.items():
                assert _alike(self._state()[record_id], sides[side]), (step, record_id)
        for record_id in changed:
            self._check_others_words(record_id)
        assert self._next(1 - side) == step.number
        self._check_rows()

    # What comes between

    def _meet(self) -> None:
        for step in (*self.done, *self.undone):
            step.met = True

    @rule()
    def reopen(self) -> None:
        steps = self._next(0), self._next(1)
        folder = self.anne.services.workspace.folder
        self.anne.services.close()
        self.anne._work_on(open_services(folder, PASSPHRASE, self.clock))
        assert (self._next(0), self._next(1)) == steps

    @rule()
    def sync(self) -> None:
        before = self._state()
        self.anne.sync(accept_deletions=True)
        if self._state() != before:
            self._meet()

    @rule(
        name=st.sampled_from(
            ["edit", "delete", "decide", "take_part", "mark", "attach", "type_on"]
        ),
        which=WHICH,
        other=WHICH,
    )
    def receive(self, name: str, which: int, other: int) -> None:
        """The other laptop does something, which comes here."""
        self.benoit.sync(accept_deletions=True)
        with suppress(UserError, LookupError):
            deed(Deeds(self.benoit.services, self.space, which, other, self.word()), name)
        self.benoit.sync(accept_deletions=True)
        self.sync()

    @rule(
        name=st.sampled_from(["edit", "type_on", "raise_a_need", "go_back"]),
        which=WHICH,
        other=WHICH,
    )
    def overtake(self, name: str, which: int, other: int) -> None:
        """The other laptop writes over what was just done here, which is then undone."""
        self.do(name, which, other)
        if not self.done:
            return
        self.sync()
        self.benoit.sync(accept_deletions=True)
        about = [*self.done[-1].changes]
        with suppress(UserError):
            record = self.benoit.services.records.envelope(about[which % len(about)])
            name = WORDS.get(record.kind, "title")
            self.benoit.services.records.update(record.id, {name: self.word()})
        self.benoit.sync(accept_deletions=True)
        self.sync()
        self._turn(0)

    @rule(which=WHICH, keep=st.sampled_from(["mine", "theirs", "both"]))
    def settle_a_conflict(self, which: int, keep: str) -> None:
        conflicts = self.anne.services.conflicts
        found = conflicts.open()
        if found:
            with suppress(UserError):
                conflicts.resolve(found[which % len(found)].id, keep)
                self._meet()
                self.done, self.undone, self.first = [], [], self._next(0)

    @rule(which=WHICH)
    def freeze(self, which: int) -> None:
        self._beside(lambda deeds: deeds.services.minutes.freeze(deeds.pick("meeting").id), which)

    @rule(which=WHICH)
    def erase(self, which: int) -> None:
        """Nothing that is undone brings a name back."""

        def erase(deeds: Deeds) -> None:
            person = deeds.pick("person")
            deeds.services.erasures.erase(person.id)
            self.erased.append(f'"{person.fields["last_name"]}"')

        self._beside(erase, which)
        with self.anne.services.workspace.reading() as unit:
            told = "SELECT operation FROM history WHERE changes != '{}'"
            left = set(unit.connection.exec_driver_sql(told).scalars())
        for steps in (self.done, self.undone):
            steps[:] = [step for step in steps if step.number in left]

    def _beside(self, act: Callable[[Deeds], object], which: int) -> None:
        """Does what cannot be undone, and is passed over."""
        number = self._next(0)
        with suppress(UserError, LookupError):
            act(Deeds(self.anne.services, self.space, which, 0, ""))
            self._meet()
        assert self._next(0) <= number

    # What is true

    def _state(self) -> State:
        with self.anne.services.workspace.reading() as unit:
            rows = [stored_of(row).envelope for row in unit.connection.execute(STORED)]
        return {one.id: msgspec.structs.replace(one, revision=0) for one in rows}

    def _next(self, side: int) -> int:
        undo = self.anne.services.undo
        step = undo.next_undo() if side == 0 else undo.next_redo()
        assert step is None or step.label
        return step.operation if step else 0

    def _check_others_words(self, record_id: str) -> None:
        """What was just changed by undo or redo was last written here."""
        last, *past = self.anne.services.records.history(record_id)
        for name in last.changes.keys() - {"deleted"}:
            wrote = next((one for one in past if name in one.changes), None)
            assert wrote is None or wrote.device, (record_id, name)

    def _check_rows(self) -> None:
        with self.anne.services.workspace.reading() as unit:
            assert faults_of_rows(unit) == []
            links = unit.connection.exec_driver_sql("SELECT source, field, target FROM link").all()
            rows = map(stored_of, unit.connection.execute(STORED).all())
            assert sorted(map(tuple, links)) == sorted(
                one for row in rows for one in links_of(row.n, row.envelope)
            )

    def teardown(self) -> None:
        with ExitStack() as stack:
            for one in (self.anne, self.benoit):
                stack.callback(one.services.close)
            while self.done:
                self._turn(0)
            self._check_index()
            held = repr(self._state())
            assert not any(name in held for name in self.erased)
            for one in (self.anne, self.benoit) * 2:
                one.sync(accept_deletions=True)
            states = [one.state() for one in (self.anne, self.benoit)]
            alive, theirs = ([one for one in held.values() if not one.deleted] for held in states)
            assert sorted(alive, key=_id) == sorted(theirs, key=_id)
            with self.anne.services.workspace.reading() as unit:
                left = unit.connection.exec_driver_sql("SELECT id FROM record WHERE edits > 0")
                assert left.all() == []

    def _check_index(self) -> None:
        self.anne.services.search.index_pending()
        with self.anne.services.workspace.unit() as unit:
            run = unit.connection.exec_driver_sql
            kept = run(_INDEX).all()
            run("DELETE FROM search")
            run("UPDATE record SET indexed = 0")
            while bring_up(unit):
                pass
            assert run(_INDEX).all() == kept


def _id(envelope: Envelope) -> str:
    return envelope.id


def _between(before: State, after: State) -> dict[str, Change]:
    """What changed, as it was and became."""
    return {
        one: (before.get(one), after.get(one)) for one in after if before.get(one) != after.get(one)
    }


def _alike(one: Envelope, other: Envelope | None) -> bool:
    """Whether two states of a record are the same; not made yet is as deleted."""
    return one.deleted if other is None else one == other


@pytest.mark.parametrize("share", range(_SHARES))
def test_what_is_undone_and_done_again_is_as_it_was(tmp_path: Path, share: int) -> None:
    """The shares of a long run are each of other gestures, so that no core waits for one."""
    Undoing.folder = tmp_path
    with (
        holding_tokens(tmp_path) as make,
        start_central(tmp_path / "central") as Undoing.central,
    ):
        Undoing.make_workspace = staticmethod(make)
        run_state_machine_as_test(Undoing, settings=_BUDGET)
