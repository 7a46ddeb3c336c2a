"""Real laptops and a real central under random evenings: nothing that was typed is ever lost.

Two to five laptops of three accounts and two commissions edit, delete, attach, reorder, decide,
freeze, erase persons, carry archives by hand and sync, from two programs at once too, while the
line breaks at every phase, requests come twice, late and out of order, the central is killed,
restarted under another clock and restored from an older copy, laptops go back to a copy, and tokens
end.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.central import backup, traces
from app.central.blobs import Blob, read
from app.central.lineage import epoch_of
from app.central.schema import batches, records, revisions, spaces
from app.central.schema import blobs as central_blobs
from app.domain.canonical import canonical
from app.domain.files import NAMING
from app.domain.ownership import owner_id
from app.domain.records import CENTRAL_ONLY, REGION, Envelope
from app.errors import SyncError, UserError
from app.storage import blobs
from app.sync import link as ties
from app.sync.frozen import minutes_of_the_central
from tests.app.sync.meddler import (
    Act,
    Answer,
    Heard,
    cut_after,
    cut_before,
    cut_in_body,
    cut_within,
    faithful,
    saying,
    twice,
)
from tests.central_server import start_postgresql
from tests.properties.erasures import Erasures
from tests.properties.gestures import WHICH, WHO, YEARS
from tests.properties.ledger import history_words, words_in
from tests.properties.region import NAMES, PARAGRAPHS, Device, Region
from tests.workspaces import faults_of_rows

_IS_LONG = settings.default.max_examples >= 1_000
_SHARES = 4 if _IS_LONG else 1
_BUDGET = settings(
    max_examples=285 if _IS_LONG else 5,  # a tenth of these are short
    stateful_step_count=50 if _IS_LONG else 25,
    suppress_health_check=list(HealthCheck),
)
_FAULTS: dict[str, Act] = {
    "none": faithful,
    "cut before": cut_before,
    "cut in the body": cut_in_body,
    "cut after": cut_after,
    "cut within the reply": cut_within,
    "twice": twice,
    "503": saying(503),
}
_BY_THE_CENTRAL = (
    "killed before", "killed meanwhile", "killed after",
    "restored before", "restored after", "late", "413",
)  # fmt: skip
_TROUBLE = st.lists(st.sampled_from([*_FAULTS, *_BY_THE_CENTRAL]), max_size=4)
_ENDLESS = 500  # requests of one sync, whatever happens
_GOES_BACK = st.sampled_from(["nobody", "central", "laptop"])  # both might lose a word for good
_MOST_REQUESTS = 90  # of a sync without faults, its files aside: pages and batches hold but few


class Evening(Erasures):
    """One evening: the gestures, the troubles on the way, and what must be true."""

    @initialize(clocks=st.lists(YEARS, min_size=2, max_size=len(NAMES)), goes_back=_GOES_BACK)
    def begin(self, clocks: list[int], goes_back: str) -> None:
        self.meet(clocks)
        if goes_back == "laptop":
            for one in self.devices:
                one.save_a_copy()
        self.goes_back, self.copied, self.restored = goes_back, False, False
        self.late: list[Heard] = []
        self.expired: list[Device] = []  # whose token ended, now or before a restore
        self.turned_away: set[bytes] = set()  # too large, or for a commission that was withdrawn
        self.heard_before = 0  # requests before the last sync
        self.region.meddler.always = self.patiently

    def teardown(self) -> None:
        if not hasattr(self, "devices"):
            return
        try:
            self.end_well()
        finally:
            for one in self.devices:
                one.services.close()
            self.region.end()

    # What networks and centrals do

    @rule(who=WHO, faults=_TROUBLE, accepted=st.booleans())
    def sync(self, who: int, faults: list[str], accepted: bool = True) -> None:
        self.sync_through(who, [self.act(fault) for fault in faults], accepted)

    def sync_through(self, who: int, acts: list[Act], accepted: bool = True) -> None:
        device = self.devices[who % len(self.devices)]
        self.heard_before = len(self.region.meddler.heard)
        self.region.meddler.next(*acts)
        try:
            device.sync(accept_deletions=accepted)
        except SyncError as error:
            assert acts or device in self.expired, error
            assert "plus ancien" not in str(error), error  # the central never goes back
            self.come_back(device, error)
        self.region.meddler.next()
        assert len(self.region.meddler.heard) - self.heard_before < _ENDLESS
        self.ledger.note(device, on_purpose=False)
        self.no_cursor_is_past_what_is_lacking(device)

    def patiently(self, heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
        """Carries what is asked, and breaks the line of a sync that would not end."""
        if len(self.region.meddler.heard) - self.heard_before > _ENDLESS:
            return None
        answer = forward()
        if answer.status == 404:
            self.turned_away.add(heard.body)
        return answer

    def come_back(self, device: Device, error: SyncError) -> None:
        """A token that ended takes no work along, and a new code lets the laptop in again.

        A restored central may have forgotten that code.
        """
        if error.kind == "sign_in":
            assert device in self.expired, error
            before, open_before = device.services.sync.status().pending, device.link.spaces
            self.region.enrol_again(device)
            regained = device.link.spaces != open_before
            assert device.services.sync.status().pending == before or regained

    def act(self, fault: str) -> Act:
        region = self.region

        def late(heard: Heard, _: Callable[..., Answer]) -> None:
            self.late.append(heard)

        def killed(heard: Heard, forward: Callable[..., Answer]) -> None:
            if fault == "killed meanwhile":
                killer = Timer(self.chance.random() / 100, region.kill)
                killer.start()
                with suppress(Exception):
                    forward()
                killer.join()
            else:
                if fault == "killed after":
                    forward()
                region.kill()

        def restored(_: Heard, forward: Callable[..., Answer]) -> Answer:
            answer = forward() if fault == "restored after" else None
            self.bring_the_copy_back()
            return answer or forward()

        def too_large(heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
            # A proxy refuses for their size the bytes that it sees, not those that it let through.
            known = sum(one.body == heard.body for one in region.meddler.heard) > 1
            if not known:
                self.turned_away.add(heard.body)
            return (faithful if known else saying(413))(heard, forward)

        others = {
            "late": late,
            "restored before": restored,
            "restored after": restored,
            "413": too_large,
        }
        return _FAULTS.get(fault) or others.get(fault) or killed

    @precondition(lambda self: self.late)
    @rule(which=WHICH)
    def deliver_late(self, which: int) -> None:
        """A request that a proxy kept comes after those that followed it."""
        self.region.meddler.forward(self.late.pop(which % len(self.late)))

    @rule(who=WHO, faults=_TROUBLE)
    def erase_whom_the_deleted_names(self, who: int, faults: list[str]) -> None:
        """The central holds as deleted what names somebody who is then erased."""
        device, name = self.devices[who % len(self.devices)], self.word()
        person = device.put("person", first_name=self.word(), last_name=name)
        need = device.put("need", title=f"Mme {name} : {self.word()}.")
        self.sync_through(who, [])
        with self.acting(who):
            device.services.records.delete(need)
        self.sync_through(who, [])
        with self.acting(who):
            self.erase(device, device.services.records.envelope(person))
        self.sync(who, faults)

    @rule(who=WHO, which=WHICH)
    def edit_during_a_sync(self, who: int, which: int) -> None:
        def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
            self.edit(who, which, "title")
            answer = forward()
            self.edit(who, which, "words")
            self.rewrite_a_paragraph(who, which % PARAGRAPHS)
            return answer

        self.sync_through(who, [meanwhile])

    @rule(who=WHO, other=WHO)
    def overtake(self, who: int, other: int) -> None:
        """Another laptop syncs between the central's work and its reply."""
        count = len(self.devices)

        def overtaken(_: Heard, forward: Callable[..., Answer]) -> Answer:
            answer = forward()
            if other % count != who % count:
                with suppress(SyncError):
                    self.devices[other % count].sync(accept_deletions=True)
                self.ledger.note(self.devices[other % count], on_purpose=False)
            return answer

        self.sync_through(who, [overtaken])

    @rule(who=WHO, which=WHICH, at=st.integers(0, 3))
    def sync_beside(self, who: int, which: int, at: int) -> None:
        """A command syncs the workspace of a window while an answer is on its way to that."""
        device = self.devices[who % len(self.devices)]

        def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
            answer = forward()
            with device.beside() as other:
                for name in ("title", "words"):
                    self.edit(who, which, name)
                    with suppress(SyncError):
                        other.sync.run(accept_deletions=which % 2 == 0)
            self.ledger.note(device, on_purpose=False)
            return answer

        self.sync_through(who, [*[faithful] * at, meanwhile])

    @rule(who=WHO)
    def end_a_token(self, who: int) -> None:
        self.expired.append(self.devices[who % len(self.devices)])
        self.region.expire(self.expired[-1])

    @rule(who=WHO, which=WHICH)
    def close_a_commission(self, who: int, which: int) -> None:
        """It is withdrawn from somebody, whose laptop keeps what it has."""
        self.region.close_a_commission(self.devices[who % len(self.devices)], which)

    @rule(who=WHO)
    def open_the_commissions_again(self, who: int) -> None:
        device = self.devices[who % len(self.devices)]
        self.region.open_commissions(device)
        self.take_back(device)

    def take_back(self, device: Device) -> None:
        """Takes the commissions that were withdrawn from a laptop and are open to it again."""
        for space in self.region.spaces_of(device):
            if space in device.link.spaces:
                continue
            try:
                device.services.sync.enrol(device.url, ca=device.authority, adopt=space)
            except UserError:  # it asks for a code
                assert device in self.expired
                self.region.enrol_again(device)
                device.services.sync.enrol(device.url, ca=device.authority, adopt=space)

    @rule(ahead=YEARS)
    def restart_the_central(self, ahead: int) -> None:
        self.region.restart(ahead)

    @precondition(lambda self: self.goes_back == "central")
    @rule()
    def copy_the_central(self) -> None:
        backup.save(self.region.database, self.region.evening / "copie", self.region.clock())
        self.copied = True

    @precondition(lambda self: self.copied)
    @rule()
    def restore_the_central(self) -> None:
        self.bring_the_copy_back()

    def bring_the_copy_back(self) -> None:
        """Restores the central from its last copy, if there is one."""
        if self.copied:
            backup.restore(self.region.database, self.region.evening / "copie")
            self.restored = True

    @precondition(lambda self: self.goes_back == "laptop")
    @rule(who=WHO)
    def copy_a_laptop(self, who: int) -> None:
        self.devices[who % len(self.devices)].save_a_copy()

    @precondition(lambda self: self.goes_back == "laptop")
    @rule(who=WHO)
    def go_back_to_the_copy(self, who: int) -> None:
        """What the central has not heard of since the copy is lost with what was there."""
        device = self.devices[who % len(self.devices)]
        device.go_back()
        self.expired.append(device)  # a later token may have taken the place of the copy's
        known = words_in([json.loads(row.fields) for row in self.held().values()])
        self.ledger.go_back(device, known)

    # What must be true

    def no_cursor_is_past_what_is_lacking(self, device: Device) -> None:
        with self.region.database.reading() as connection:
            epoch = epoch_of(connection)
            held = connection.execute(select(records)).all()
        link = device.link
        if link.epoch != epoch or link.comparing:
            return
        known = device.known()
        with device.services.workspace.reading() as unit:
            cursors = ties.cursors(unit, link)
        for row in held:
            if row.seq <= cursors.get(row.space, 0):
                assert row.id in known, (row.kind, row.seq, cursors)
                assert known[row.id].revision == row.revision, (row.kind, row.seq, cursors)

    def end_well(self) -> None:
        """The faults stop; everything comes together, and stays."""
        self.calm_down()
        self.spread_traces()
        held = self.held()
        for one in self.devices:
            self.check_level(one, held)
            self.check_words(one, held)
            self.check_erased(one, held)
            self.check_ties(one)
            self.check_conflicts(one)
            self.check_files(one)
            self.check_idle(one)
        self.check_files_of_the_central(held)
        self.check_operations(held)
        self.check_replays()
        self.check_journal()

    def calm_down(self) -> None:
        self.region.meddler.next()
        for one in self.devices:
            self.region.open_commissions(one)
        for _ in range(4):
            for one in self.devices:
                self.take_back(one)
                before = self.heard_before = len(self.region.meddler.heard)
                try:
                    one.sync(accept_deletions=True)
                except SyncError as error:
                    self.come_back(one, error)
                    one.sync(accept_deletions=True)
                asked = [heard.path[:20] for heard in self.region.meddler.heard[before:]]
                of_files = sum(path.startswith(("/v1/upload", "/v1/blobs")) for path in asked)
                compared = len(one.known()) if self.restored else 0  # each is asked about once
                assert len(asked) - of_files < _MOST_REQUESTS + compared, Counter(asked)
                self.ledger.note(one, on_purpose=False)

    def held(self) -> dict[str, Any]:
        with self.region.database.reading() as connection:
            return {row.id: row for row in connection.execute(select(records))}

    def check_level(self, one: Device, held: dict[str, Any]) -> None:
        """Devices and central are equal in canonical JSON.

        A deletion carries no fields: what was typed just before it stays on its laptop, where it
        can be brought back. One that a restored central forgot is known to those only that had
        heard of it.
        """
        status = one.services.sync.status()
        assert (status.pending, status.to_resend) == (0, 0)
        with one.services.workspace.reading() as unit:
            assert faults_of_rows(unit) == []
        known = one.known()
        spaces_here = (REGION, *one.link.spaces)
        held = {row.id: row for row in held.values() if row.space in spaces_here}
        if self.restored:
            known = {record.id: record for record in known.values() if not record.deleted}
            held = {row.id: row for row in held.values() if not row.deleted}
        assert known.keys() == held.keys()
        for record in known.values():
            row = held[record.id]
            assert record.revision == row.revision, record.kind
            assert (record.kind, record.schema, record.deleted, record.space) == (
                row.kind, row.schema, row.deleted, row.space,
            )  # fmt: skip
            same = record.deleted or canonical(record.fields) == row.fields
            assert same, (record.kind, record.fields, row.fields)

    def check_words(self, one: Device, held: dict[str, Any]) -> None:
        visible = words_in([e.fields for e in one.known().values() if _is_seen(e)])
        spaces_here = (REGION, *one.link.spaces)
        others = (row for row in held.values() if row.space not in spaces_here)
        visible |= words_in([json.loads(row.fields) for row in others])
        gone = self.ledger.dropped | self.ledger.taken_away
        lost = self.ledger.written.keys() - gone - visible
        assert not lost, lost
        if not one.has_gone_back:
            mine = {word for word, who in self.ledger.written.items() if who is one}
            lost = mine - history_words(one) - self.ledger.taken_away
            assert not lost, lost

    def check_erased(self, one: Device, held: dict[str, Any]) -> None:
        """Nothing names who was erased, but for what was written later and what minutes hold."""
        sides = [(record.kind, record.fields) for record in one.known().values()]
        sides += [(row.kind, json.loads(row.fields)) for row in held.values()]
        excused = words_in([fields for kind, fields in sides if kind == "minutes"])
        erased = self.ledger.erased - self.ledger.named_since - excused
        left = [(kind, fields) for kind, fields in sides if words_in(fields) & erased]
        assert not left, (erased, left)

    def check_ties(self, one: Device) -> None:
        """Nothing stands on a record that is gone, where nobody would see it.

        But for what came before the freeze of a meeting that knew nothing of it: the addendum has
        its words, and nothing moves it any more.
        """
        known = {record.id: record for record in one.known().values() if not record.deleted}
        with one.services.workspace.reading() as unit:
            for record in known.values():
                owner = owner_id(record)
                seen = owner is None or owner in known
                assert seen or minutes_of_the_central(unit, record) is not None, record

    def check_conflicts(self, one: Device) -> None:
        """Edits that do not overlap never conflict; a restore leaves no common past to know it."""
        if self.restored or any(other.has_gone_back for other in self.devices):
            return
        for record in one.known().values():
            unit = record.fields.get("unit")
            if record.kind == "conflict" and unit != "number":
                assert self.ledger.may_conflict(record.fields["record_id"], unit), record.fields

    def check_files(self, one: Device) -> None:
        for record in one.known().values():
            digest = record.fields.get(NAMING.get(record.kind, ""))
            if digest and not record.deleted:
                with one.services.workspace.reading() as unit:
                    content = blobs.content(unit, digest)
                assert content is not None, record.kind
                assert hashlib.sha256(content).hexdigest() == digest

    def check_files_of_the_central(self, held: dict[str, Any]) -> None:
        with self.region.database.reading() as connection:
            kept = {
                (row.space, row.sha256): row.upload_id
                for row in connection.execute(select(central_blobs))
            }
            for row in held.values():
                digest = json.loads(row.fields).get(NAMING.get(row.kind, ""))
                if digest and not row.deleted:
                    file = Blob(digest, 1 << 30, kept[row.space, digest])
                    content = read(connection, file, 0, file.size)
                    assert hashlib.sha256(content).hexdigest() == digest

    def check_idle(self, one: Device) -> None:
        """Nothing to do: one request, and not a byte written."""
        before = len(self.region.meddler.heard), self.written_so_far(one)
        one.sync()
        assert (len(self.region.meddler.heard) - 1, self.written_so_far(one)) == before

    def written_so_far(self, one: Device) -> Any:
        files = sorted(one.folder.glob("commissions.db*"))
        with self.region.database.reading() as connection:
            central = [
                connection.execute(select(func.count()).select_from(table)).scalar()
                for table in (batches, revisions)
            ]
        return [
            (path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files
        ], central

    def check_operations(self, held: dict[str, Any]) -> None:
        """An op has at most one revision, and each revision that people made has its trace."""
        query = select(revisions.c.op_id).group_by(revisions.c.op_id).having(func.count() > 1)
        traced = select(revisions.c.id, revisions.c.revision)
        with self.region.database.reading() as connection:
            assert not connection.execute(query).all()
            found = sorted(map(tuple, connection.execute(traced)))
        assert found == sorted(
            (row.id, revision)
            for row in held.values()
            if row.kind not in CENTRAL_ONLY
            for revision in range(1, row.revision + 1)
        )

    def check_replays(self) -> None:
        """Whatever was sent, sent again in any order, changes nothing.

        But for what was turned away, which may well be taken another time, and for what never came
        through before its laptop went back: it comes for the first time.
        """
        heard = [
            one for one in self.region.meddler.heard
            if one.method not in ("GET", "HEAD") and one.body not in self.turned_away
        ]  # fmt: skip
        if any(one.has_gone_back for one in self.devices):
            self.send_again(heard)
        before = self.everything_held()
        self.send_again(heard)
        assert self.everything_held() == before

    def send_again(self, heard: list[Heard]) -> None:
        self.chance.shuffle(heard)
        for one in heard:
            self.region.meddler.forward(one)

    def spread_traces(self) -> None:
        """What the central does by itself in a quiet moment: here it has come."""
        while traces.spread_one(self.region.database):
            pass

    def everything_held(self) -> list[Any]:
        self.spread_traces()
        tables = (
            records,
            revisions,
            central_blobs,
            select(spaces.c.space, spaces.c.seq).subquery(),
        )
        with self.region.database.reading() as connection:
            return [sorted(map(repr, connection.execute(select(one)).all())) for one in tables]

    def check_journal(self) -> None:
        """No token, and not a word of anybody, is in the central's journal."""
        journal = self.region.journal.read_text()
        assert not words_in(journal)
        for heard in self.region.meddler.heard:
            token = heard.headers.get("Authorization", "Bearer \0").removeprefix("Bearer ")
            assert token not in journal


def _is_seen(record: Envelope) -> bool:
    """Whether a record shows its words: it lives, and is no conflict decided already."""
    return not record.deleted and record.fields.get("status") != "resolved"


def _sqlite() -> Iterator[Region]:
    region = Region()
    yield region
    region.close()


def _postgresql() -> Iterator[Region]:
    with start_postgresql() as new_database:
        region = Region(new_database)
        yield region
        region.close()


@pytest.mark.parametrize("share", range(_SHARES))
@pytest.mark.parametrize("made", [_sqlite, _postgresql])
def test_nothing_is_lost_in_an_evening(made: Callable[[], Iterator[Region]], share: int) -> None:
    """The shares of a long run are each of other evenings, so that no core waits for one."""
    with contextmanager(made)() as Evening.region:
        run_state_machine_as_test(Evening, settings=_BUDGET)
