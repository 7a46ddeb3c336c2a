"""Where two lineages of a central part, and where the histories of one record fork."""

from __future__ import annotations

from app.sync.ancestry import Fork, fork, parting
from app.sync.protocol import Epoch, Revision

FIRST = Epoch(epoch="a")
SECOND = Epoch(epoch="b", after={"x": 50})
EARLIER = Epoch(epoch="c", after={"x": 40, "y": 7})
THIRD = Epoch(epoch="d", after={"x": 60})


def test_histories_part_where_the_restored_copy_ends() -> None:
    assert parting([FIRST], [FIRST, SECOND], "x") == 50
    assert parting([FIRST], [FIRST, SECOND, THIRD], "x") == 50
    assert parting([FIRST, SECOND], [FIRST, SECOND, THIRD], "x") == 60


def test_a_laptop_s_own_restore_parts_nothing() -> None:
    assert parting([FIRST, SECOND], [FIRST, SECOND], "x") > 10**9


def test_two_copies_of_one_epoch_part_where_the_shorter_ends() -> None:
    assert parting([FIRST, SECOND], [FIRST, EARLIER], "x") == 40
    assert parting([FIRST, EARLIER], [FIRST, SECOND], "x") == 40


def test_a_space_younger_than_a_copy_has_nothing_in_common() -> None:
    assert parting([FIRST], [FIRST, SECOND], "y") == 0
    assert parting([FIRST, SECOND], [FIRST, EARLIER], "y") == 0


def test_foreign_or_unknown_lineages_have_nothing_in_common() -> None:
    assert parting([], [FIRST, SECOND], "x") == 0
    assert parting([SECOND], [EARLIER], "x") == 0


def test_a_record_forks_after_the_last_revision_of_before_the_parting() -> None:
    revisions = [_revision(3, seq=61), _revision(2, seq=50), _revision(1, seq=4)]
    assert fork(revisions, 50) == Fork(2, "s2")
    assert fork(revisions, 49) == Fork(1, "s1")
    assert fork(revisions, 3) == Fork()


def _revision(number: int, seq: int) -> Revision:
    return Revision(
        revision=number, seq=seq, at="2027-03-19T18:00:00+01:00", author="Léa", device="portable",
        deleted=False, fields=("title",), sha256=f"s{number}",
    )  # fmt: skip
