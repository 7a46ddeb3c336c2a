"""More than one batch can hold: they go in a row, each made while the one before is on its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Event, Lock

import msgspec
import pytest

from app.central import backup
from app.clock import new_id
from app.domain.records import REGION
from app.errors import SyncError
from app.services.changes import Change
from app.sync import client, outbox, receipt_book
from app.sync.compression import decompress
from app.sync.faults import Rejected
from app.sync.protocol import Limits, SyncRequest
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import (
    Act,
    Answer,
    Heard,
    Meddler,
    cut_after,
    cut_before,
    faithful,
    saying,
)
from tests.app.sync.test_foreign_answers import changing
from tests.central_server import Central, start_central

Pair = tuple[Laptop, Laptop]
BATCH, RECORDS = 10, 35


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    """A central that takes few changes at once."""
    with start_central(tmp_path / "central", limits=Limits(ops=BATCH)) as served:
        yield served


def _needs(laptop: Laptop) -> list[str]:
    return [laptop.put("need", title=f"Besoin {number}") for number in range(RECORDS)]


def _decoded(body: bytes) -> SyncRequest:
    plain = body if body[:1] == b"{" else decompress(body, "zstd", 1 << 20)
    return msgspec.json.decode(plain, type=SyncRequest)


def requests(meddler: Meddler, since: int) -> list[SyncRequest]:
    """The exchanges heard, decoded."""
    return [_decoded(heard.body) for heard in meddler.calls()[since:]]


def to_the_batch_of(record: str, act: Act) -> Act:
    """Does this to the batch that carries a record, whichever of two at once comes first."""

    def chosen(heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
        carried = {op.id for op in _decoded(heard.body).ops}
        return (act if record in carried else faithful)(heard, forward)

    return chosen


@contextmanager
def meddled(meddler: Meddler, act: Act, *, beyond: int) -> Iterator[None]:
    """Does this to every exchange beyond the first ones."""
    meddler.next(*[faithful] * beyond)
    meddler.always = act
    yield
    meddler.next()
    meddler.always = None


def _level(*laptops: Laptop) -> None:
    for one in laptops * 2:
        one.sync()
    states = [one.state() for one in laptops]
    assert all(state == states[0] for state in states)


def test_each_change_goes_once_and_what_was_sent_does_not_come_back(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    before = len(meddler.calls())
    report = anne.sync()
    assert ([line.id for line in report.sent], report.received) == (ids, [])
    heard = requests(meddler, before)
    heard[:4] = sorted(heard[:4], key=lambda one: ids.index(one.ops[0].id))  # two at once travel
    assert [len(one.ops) for one in heard[:5]] == [BATCH, BATCH, BATCH, RECORDS % BATCH, 0]
    assert [op.id for one in heard for op in one.ops] == ids
    space = anne.stored(ids[0]).envelope.space
    *in_a_row, last = (one.after.get(space) for one in heard[:5])
    assert in_a_row == [None] * 4, "each would be given back what follows it on the way"
    with anne.services.workspace.reading() as unit:
        proofs = [receipt_book.proof_of(unit, one) for one in ids]
    taken = [proof.line.seq for proof in proofs if proof is not None]
    assert last == max(taken) or taken != sorted(taken)  # of two at once, the later one came first
    assert sorted(taken) == [*range(min(taken), min(taken) + RECORDS)]
    assert {anne.stored(one).envelope.revision for one in ids} == {1}
    _level(anne, benoit)


def test_a_deletion_goes_once_whatever_follows_it(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    gone = [anne.put("need", title=f"Erreur {number}") for number in range(3)]
    _level(anne, benoit)
    for one in gone:
        anne.services.records.delete(one)
    ids = _needs(anne)
    before = len(meddler.calls())
    anne.sync()
    left = Counter(op.id for one in requests(meddler, before) for op in one.ops)
    assert left == Counter([*gone, *ids])
    _level(anne, benoit)


def test_what_another_laptop_changes_between_two_batches_is_taken_in(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    found: list[str] = []

    def overtaken(_: Heard, forward: Callable[[], Answer]) -> Answer:
        found.append(benoit.put("need", title="Entre deux"))
        benoit.sync()
        return forward()

    meddler.next(faithful, overtaken)
    report = anne.sync()
    assert [line.id for line in report.received] == found
    assert [line.id for line in report.sent] == ids
    _level(anne, benoit)


@pytest.mark.parametrize("place", range(4))
def test_a_batch_whose_reply_is_lost_loses_and_doubles_nothing(
    troubled: Pair, meddler: Meddler, place: int
) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    with meddled(meddler, cut_after, beyond=place), pytest.raises(SyncError):
        anne.sync()
    changed = {ids[0], ids[place * BATCH]}
    for one in changed:
        anne.put("need", one, title="Après la coupure")
    before = len(meddler.calls())
    report = anne.sync()
    left = Counter(op.id for one in requests(meddler, before) for op in one.ops)
    assert {left[one] for one in ids[place * BATCH :] if one not in changed} == {1}
    assert (report.conflicts, anne.services.sync.status().pending) == ([], 0)
    revisions = {one: anne.stored(one).envelope.revision for one in ids}
    assert revisions == {one: 2 if one in changed else 1 for one in ids}
    _level(anne, benoit)


@pytest.mark.parametrize("place", range(4))
def test_a_forged_answer_in_a_row_is_not_believed(
    troubled: Pair, meddler: Meddler, place: int
) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    unsigned = changing(lambda answer: answer["receipt"].update(signature="AAAA"))
    with (
        meddled(meddler, to_the_batch_of(ids[place * BATCH], unsigned), beyond=0),
        pytest.raises(SyncError) as caught,
    ):
        anne.sync()
    assert caught.value.kind == "not_ours"
    denied = ids[place * BATCH : (place + 1) * BATCH]
    assert {anne.stored(one).envelope.revision for one in denied} == {0}
    assert all(anne.services.receipts.proof(one) is None for one in denied)
    anne.sync()
    assert {anne.stored(one).envelope.revision for one in ids} == {1}
    _level(anne, benoit)


@pytest.mark.parametrize("place", range(4))
def test_a_sync_that_ends_with_a_batch_made_ahead_takes_in_what_others_did(
    troubled: Pair, meddler: Meddler, place: int
) -> None:
    anne, benoit = troubled
    _needs(anne)
    with meddled(meddler, cut_after, beyond=place), pytest.raises(SyncError):
        anne.sync()
    elsewhere = benoit.put("need", title="D'ailleurs")
    benoit.sync()
    assert [line.id for line in anne.sync().received] == [elsewhere]


@pytest.mark.parametrize("place", range(3))
def test_two_batches_are_on_their_way_at_once(troubled: Pair, meddler: Meddler, place: int) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    both_here = Barrier(2, timeout=10)

    def together(heard: Heard, forward: Callable[[], Answer]) -> Answer:
        carried = {op.id for op in _decoded(heard.body).ops}
        if not carried.isdisjoint({ids[place * BATCH], ids[(place + 1) * BATCH]}):
            both_here.wait()
        return forward()

    with meddled(meddler, together, beyond=0):
        report = anne.sync()
    assert [line.id for line in report.sent] == ids
    assert not both_here.broken
    _level(anne, benoit)


def test_answers_are_taken_in_the_order_of_their_batches(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    third_answered = Event()

    def last(_: Heard, forward: Callable[[], Answer]) -> Answer:
        assert third_answered.wait(10)
        return forward()

    def first(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        third_answered.set()
        return answer

    meddler.next(faithful, last, first)
    before = len(meddler.calls())
    report = anne.sync()
    assert [line.id for line in report.sent] == ids
    assert report.received == []
    assert {anne.stored(one).envelope.revision for one in ids} == {1}
    asked = [one.after for one in requests(meddler, before) if not one.ops]
    assert asked, "what comes after the second is asked for: no cursor passes a change"
    _level(anne, benoit)


@pytest.mark.parametrize("act", [cut_before, cut_after])
def test_one_batch_of_two_that_is_lost_loses_and_doubles_nothing(
    troubled: Pair, meddler: Meddler, act: Act
) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    answered_third = Event()

    def lose_the_second(heard: Heard, forward: Callable[[], Answer]) -> Answer | None:
        carried = {op.id for op in _decoded(heard.body).ops}
        if ids[BATCH] in carried:
            assert answered_third.wait(10)
            return act(heard, forward)
        answer = forward()
        if ids[2 * BATCH] in carried:
            answered_third.set()
        return answer

    with meddled(meddler, lose_the_second, beyond=0), pytest.raises(SyncError):
        anne.sync()
    elsewhere = benoit.put("need", title="D'ailleurs")
    benoit.sync()
    anne.put("need", ids[-1], title="Après la coupure")
    report = anne.sync()
    assert ([line.id for line in report.received], report.conflicts) == ([elsewhere], [])
    assert anne.services.sync.status().pending == 0
    assert [anne.stored(one).envelope.revision for one in ids] == [1] * (RECORDS - 1) + [2]
    _level(anne, benoit)


class _Crowd:
    """Tells how many exchanges were under way at once at the most."""

    def __init__(self, waiting_for: int = 2) -> None:
        self.most = 0
        self._waiting_for = waiting_for
        self._here, self._turn, self._another = 0, Lock(), Event()

    def __call__(self, _: Heard, forward: Callable[[], Answer]) -> Answer:
        with self._turn:
            self._here += 1
            self.most = max(self.most, self._here)
            if self._here == self._waiting_for:
                self._another.set()
        self._another.wait(0.2)
        try:
            return forward()
        finally:
            with self._turn:
                self._here -= 1


def test_a_batch_that_asks_for_changes_goes_alone(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    one = anne.put("need", title="Seul à partir")
    with meddled(meddler, cut_before, beyond=0), pytest.raises(SyncError):
        anne.sync()
    ids = [one, *_needs(anne)]
    crowd, before = _Crowd(), len(meddler.calls())
    meddler.next(crowd, crowd)
    report = anne.sync()
    assert ([line.id for line in report.sent], report.received) == (ids, [])
    assert [bool(asks.after) for asks in requests(meddler, before)[:2]] == [True, False]
    assert crowd.most == 1
    _level(anne, benoit)


@pytest.fixture
def to_open_again(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], tmp_path: Path
) -> Laptop:
    """A laptop whose two commissions, of several batches, are younger than its central is now."""
    anne = laptop("anne", meddler)
    anne.enrol(central.facilitator(create=True))
    backup.save(central.database, tmp_path / "copie", central.clock())
    for name in ("Auxois", "Morvan"):
        space = anne.put("commission", name=name)
        for number in range(RECORDS):
            anne.services.records.create("need", {"title": f"Besoin {number}"}, space)
    anne.services.sync.enrol(anne.url, upload=True)
    anne.sync()
    backup.restore(central.database, tmp_path / "copie")
    return anne


@pytest.mark.parametrize("place", range(2))
def test_a_batch_that_opens_its_space_goes_alone(
    to_open_again: Laptop, meddler: Meddler, place: int
) -> None:
    space = to_open_again.services.sync.status().commission_ids[place]
    crowd, before = _Crowd(), len(meddler.calls())

    def opening(heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
        batches = [one for one in requests(meddler, before) if one.space == space]
        its_own = heard.path == "/v1/sync" and _decoded(heard.body).space == space
        return (crowd if its_own and len(batches) <= 2 else faithful)(heard, forward)

    with meddled(meddler, opening, beyond=0):
        to_open_again.sync()
    first, *others = (one for one in requests(meddler, before) if one.space == space)
    assert ([op.id for op in first.ops], space in first.after) == ([space], False)
    assert (crowd.most, len(others)) == (1, 4)
    assert to_open_again.services.sync.status().pending == 0


@pytest.mark.parametrize("place", range(2))
def test_a_batch_that_opens_its_space_and_is_too_large_still_comes_first(
    to_open_again: Laptop, meddler: Meddler, place: int
) -> None:
    spaces = to_open_again.services.sync.status().commission_ids
    refused: list[Heard] = []

    def too_large(heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
        if refused or spaces[place] not in {op.id for op in _decoded(heard.body).ops}:
            return forward()
        refused.append(heard)
        return saying(413)(heard, forward)

    meddler.next(*[too_large] * 20)
    to_open_again.sync()
    assert refused
    status = to_open_again.services.sync.status()
    assert (status.commission_ids, status.pending) == (spaces, 0)


def test_what_others_did_is_asked_for_before_a_row_lest_the_row_come_back(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    anne.put("need", title="Premier")
    _level(anne, benoit)
    found = benoit.put("need", title="D'ailleurs")
    benoit.sync()
    ids = _needs(anne)
    before = len(meddler.calls())
    report = anne.sync()
    assert ([line.id for line in report.received], len(report.sent)) == ([found], RECORDS)
    space = anne.stored(found).envelope.space
    first, *_, last = requests(meddler, before)
    with anne.services.workspace.reading() as unit:
        proofs = [receipt_book.proof_of(unit, one) for one in ids]
    taken = [proof.line.seq for proof in proofs if proof is not None]
    assert first.ops and first.after
    assert last.after[space] == max(taken) or taken != sorted(taken)  # one overtook the other
    _level(anne, benoit)


def test_a_row_that_goes_to_the_region_asks_for_what_the_region_holds(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    gip = laptop("gip", meddler)
    gip.enrol(central.facilitator(name="GIP", role="gip"), adopt=central.commission())
    for number in range(RECORDS):
        gip.services.records.create("watch_note", {"title": f"Note {number}"}, None)
    before = len(meddler.calls())
    assert len(gip.sync().sent) == RECORDS
    first, *_ = requests(meddler, before)
    assert (len(first.ops), first.space, REGION in first.after) == (BATCH, REGION, True)


def test_a_row_that_meets_what_another_laptop_filled_the_space_with_asks_for_it_then(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    commission = benoit.services.sync.status().commission_ids[0]
    ids = [new_id() for _ in range(RECORDS)]
    for laptop, field in ((anne, "words"), (benoit, "title")):
        made = [Change("need", {field: f"{field} {one}"}, one, commission) for one in ids]
        laptop.services.records.put(made)
    benoit.sync()
    before = len(meddler.calls())
    report = anne.sync()
    asked = [bool(one.after) for one in requests(meddler, before)]
    assert (asked[:4], any(asked)) == ([False] * 4, True)
    assert {line.id for line in report.merged} == {*ids}
    for one in ids:
        assert (anne.get(one)["words"], anne.get(one)["title"]) == (f"words {one}", f"title {one}")
    _level(anne, benoit)


def test_no_more_than_two_batches_are_on_their_way(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    _needs(anne)
    crowd = _Crowd(waiting_for=3)
    with meddled(meddler, crowd, beyond=1):
        anne.sync()
    assert crowd.most == 2
    _level(anne, benoit)


def test_what_goes_together_overtakes_nothing(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    for _ in range(4):
        meeting = anne.put("meeting", title="Séance")
        for number in range(1, 6):
            anne.put("agenda_item", meeting_id=meeting, title=f"Point {number}")
        anne.services.meetings.convene(meeting, "2027-03-01T10:00:00+01:00")
    crowd = _Crowd()
    before = len(meddler.calls())
    with meddled(meddler, crowd, beyond=0):
        anne.sync()
    batches = [one.ops for one in requests(meddler, before) if one.ops]
    assert sum(any(op.group for op in ops) for ops in batches) == 4
    assert crowd.most == 1
    _level(anne, benoit)


@pytest.mark.parametrize("place", range(4))
def test_a_batch_too_large_for_the_central_goes_in_parts(
    troubled: Pair, meddler: Meddler, place: int
) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    meddler.next(*[faithful] * place, saying(413))
    report = anne.sync()
    assert sorted(line.id for line in report.sent) == sorted(ids)
    assert {anne.stored(one).envelope.revision for one in ids} == {1}
    _level(anne, benoit)


def test_an_edit_of_what_is_on_its_way_follows_by_itself(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    ids = _needs(anne)

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        for one in ids[::7]:
            anne.put("need", one, words="Écrit pendant l'envoi.")
        return forward()

    meddler.next(meanwhile)
    report = anne.sync()
    assert (report.conflicts, report.merged) == ([], [])
    assert {anne.get(one)["words"] for one in ids[::7]} == {"Écrit pendant l'envoi."}
    _level(anne, benoit)


def test_a_change_that_meets_another_in_a_batch_made_ahead_is_merged(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    ids = _needs(anne)
    _level(anne, benoit)
    for one in ids:
        anne.put("need", one, severity=3)
    benoit.put("need", ids[-1], words="D'ailleurs.")
    benoit.sync()
    report = anne.sync()
    assert [line.id for line in report.merged] == [ids[-1]]
    assert (anne.get(ids[-1])["severity"], anne.get(ids[-1])["words"]) == (3, "D'ailleurs.")
    _level(anne, benoit)


def test_the_first_batch_is_small_and_each_that_follows_up_to_twice_as_large(
    troubled: Pair, meddler: Meddler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_FIRST_BYTES", 1_000)
    monkeypatch.setattr(outbox, "MOST_BYTES", 3_500)
    anne, benoit = troubled
    ids = _needs(anne)
    before = len(meddler.calls())
    anne.sync()
    heard = [one for one in requests(meddler, before) if one.ops]
    made = sorted(heard, key=lambda one: one.batch_id or "")  # two at once may overtake each other
    sent = [one.ops for one in made]
    sizes = [sum(len(msgspec.json.encode(op)) for op in ops) for ops in sent]
    allowed = [1_000, 2_000, 3_500]
    assert len(sizes) > len(allowed)
    assert all(a < b for a, b in pairwise(sizes[: len(allowed)]))
    assert all(size <= most for size, most in zip(sizes, allowed + [3_500] * 99, strict=False))
    assert [op.id for ops in sent for op in ops] == ids
    _level(anne, benoit)


def test_that_a_body_has_left_is_told_after_its_last_byte(central: Central) -> None:
    heard: list[object] = []
    with client.Central(central.url, ca=central.authority.read_text()) as line:
        line.sending = lambda done, total: heard.append(total - done)
        line.has_left = lambda: heard.append("left")
        with pytest.raises(Rejected):
            line.once("POST", "/v1/devices/self/token", b"{}" + b" " * 100_000)
    assert heard == [100_002 - (64 << 10), 0, "left"]
