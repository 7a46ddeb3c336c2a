"""Switches one safeguard of the sync off, for a run of pytest that loads this as a plugin.

The variable WITHOUT names it. What a safeguard is worth shows by the test that fails without it.
Each is switched off by a patch, which fails once what it names is there no more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import msgspec
from pytest import MonkeyPatch

from app.central import access, batches, blobs
from app.storage import sync_state
from app.storage.rows import Stored
from app.storage.unit_of_work import UnitOfWork
from app.sync import comparison
from app.sync.files import Carrier


def edit_counter(patch: MonkeyPatch) -> None:
    """An acknowledgement clears every edit, those made while it was on its way too."""
    acknowledge = sync_state.acknowledge

    def clear_all(unit: UnitOfWork, known: Sequence[sync_state.Acknowledgement]) -> list[Stored]:
        return acknowledge(unit, [msgspec.structs.replace(one, edits_sent=2**40) for one in known])

    patch.setattr(sync_state, "acknowledge", clear_all)


def epoch(patch: MonkeyPatch) -> None:
    """A restored central takes what speaks of the history that the restore ended."""
    patch.setattr(batches, "check_epoch", lambda _theirs, _ours: None)


def parting(patch: MonkeyPatch) -> None:
    """What a restored central holds always counts as laid on what the laptop knows."""
    patch.setattr(comparison, "parting", lambda _ours, _theirs, _space: 2**53)


def stored_answer(patch: MonkeyPatch) -> None:
    """The central forgets what it answered to a batch."""
    patch.setattr(batches.Batch, "_store", lambda _self, _connection, _answer: None)


def batch_digest(patch: MonkeyPatch) -> None:
    """Another content under a known batch's name gets that batch's answer."""
    patch.setattr(batches, "sha256", lambda _body: _AnyDigest())


def counter_row_lock(patch: MonkeyPatch) -> None:
    """Two batches of one space are judged at once."""
    patch.setattr(access, "_LOCKED", access._SEQ)


def base_copy(patch: MonkeyPatch) -> None:
    """The state that edits stand on is not kept: a merge sees defaults under both sides."""
    patch.setattr(UnitOfWork, "put_base", lambda _self, _n, _fields, *, deleted: None)


def file_digest_on_the_laptop(patch: MonkeyPatch) -> None:
    """A file is kept whatever its bytes."""
    patch.setattr(Carrier, "_fetched", lambda self, digest: self.central.download(digest))


def file_digest_at_the_central(patch: MonkeyPatch) -> None:
    """An upload counts whatever its bytes."""
    patch.setattr(blobs, "sha256", _AnyDigest)


class _AnyDigest(str):
    """Equal to every digest."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def hexdigest(self) -> _AnyDigest:
        return self

    def update(self, _content: bytes) -> None:
        return


SAFEGUARDS: dict[str, tuple[Callable[[MonkeyPatch], None], str]] = {
    "edit counter": (
        edit_counter,
        "app/sync/test_lost_replies.py::test_an_edit_during_a_sync_is_kept_and_sent_next",
    ),
    "file digest on the laptop": (
        file_digest_on_the_laptop,
        "app/sync/test_files.py::test_a_file_of_another_digest_is_never_kept",
    ),
    "base copy": (
        base_copy,
        "app/sync/test_between_laptops.py::test_notes_written_in_two_paragraphs_are_one_text",
    ),
    "epoch": (
        epoch,
        "app/sync/test_restored_central.py::test_two_histories_after_a_restore_lose_no_word",
    ),
    "parting": (
        parting,
        "app/sync/test_restored_central.py::"
        "test_a_longer_history_after_a_restore_takes_no_word_of_the_shorter_one",
    ),
    "stored answer": (
        stored_answer,
        "app/central/test_exchange.py::"
        "test_the_same_bytes_sent_again_get_the_same_answer_and_change_nothing[sqlite]",
    ),
    "batch digest": (
        batch_digest,
        "app/central/test_exchange.py::test_a_batch_id_with_other_bytes_is_refused[sqlite]",
    ),
    "counter row lock": (
        counter_row_lock,
        "app/central/test_concurrency.py::"
        "test_a_batch_is_judged_only_once_the_one_before_it_in_its_space_is_committed[postgresql]",
    ),
    "file digest at the central": (
        file_digest_at_the_central,
        "app/central/test_files.py::"
        "test_a_file_counts_only_once_it_is_whole_and_its_digest_right[sqlite]",
    ),
}
"""Each safeguard: how it is switched off, and the test under `tests` that then fails."""

if "WITHOUT" in os.environ:
    SAFEGUARDS[os.environ["WITHOUT"]][0](MonkeyPatch())
