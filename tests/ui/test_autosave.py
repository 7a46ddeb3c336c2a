"""Text that saves itself: soon after the last key, and before anything is left."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Semaphore

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.errors import StorageError
from tests.ui.keyboard import type_text
from ui.tasks import Tasks
from ui.widgets.autosave import AFTER_LAST_KEY, WHILE_TYPING, Autosave, Saving


class Bench:
    """A text edit, its autosave, and what reached the store."""

    def __init__(self, tasks: Tasks) -> None:
        self.edit = QPlainTextEdit()
        self.stored: list[str] = []
        self.turns = Semaphore(100)  # how many saves the disk lets through
        self.broken = False
        self.fault = "Le disque est plein."
        self.autosave = Autosave(self.edit.toPlainText, self.save, tasks, self.edit)
        self.edit.textChanged.connect(self.autosave.edited)

    def save(self, text: str) -> None:
        if self.broken:
            raise StorageError(self.fault)
        self.turns.acquire()
        self.stored.append(text)


@pytest.fixture
def bench(tasks: Tasks, qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(tasks)
    qtbot.addWidget(made.edit)
    yield made


def test_what_is_typed_is_stored_without_being_asked(bench: Bench, qtbot: QtBot) -> None:
    type_text(bench.edit, "Le maire demande")
    assert bench.autosave.state is Saving.PENDING
    qtbot.waitUntil(lambda: bench.autosave.state is Saving.SAVED)
    assert bench.stored[-1] == "Le maire demande"


def test_typing_that_never_rests_is_stored_meanwhile(bench: Bench, qtbot: QtBot) -> None:
    def another_key() -> bool:
        type_text(bench.edit, "x")
        return bool(bench.stored)

    qtbot.waitUntil(another_key)
    assert bench.autosave.state is Saving.PENDING
    assert bench.edit.toPlainText().startswith(bench.stored[0])


def test_nothing_is_said_to_be_saved_before_the_last_word_is(bench: Bench, qtbot: QtBot) -> None:
    bench.turns = Semaphore(0)
    for words in ("Un", " deux"):
        type_text(bench.edit, words)
        bench.autosave.flush()
    with qtbot.waitSignal(bench.autosave.saved):
        bench.turns.release()
    assert (bench.stored, bench.autosave.state) == (["Un"], Saving.PENDING)
    with qtbot.waitSignal(bench.autosave.saved):
        bench.turns.release()
    assert (bench.stored, bench.autosave.state) == (["Un", "Un deux"], Saving.SAVED)


def test_the_delays_keep_the_promise_of_300_milliseconds_and_a_second() -> None:
    assert AFTER_LAST_KEY <= 250
    assert WHILE_TYPING <= 900


def test_a_burst_is_one_save_and_an_unchanged_text_none(bench: Bench, qtbot: QtBot) -> None:
    bench.edit.setPlainText("abc")
    bench.edit.setPlainText("abcd")
    qtbot.waitUntil(lambda: bench.stored == ["abcd"])
    bench.autosave.flush()
    qtbot.waitUntil(lambda: bench.autosave.state is Saving.SAVED)
    assert bench.stored == ["abcd"]


def test_leaving_hands_over_the_last_words_at_once(
    bench: Bench, tasks: Tasks, qtbot: QtBot
) -> None:
    type_text(bench.edit, "dernier mot")
    bench.autosave.flush()
    assert tasks.finish()
    assert bench.stored == ["dernier mot"]


def test_a_failure_is_told_once_and_the_words_are_saved_when_it_ends(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.broken = True
    with qtbot.waitSignal(bench.autosave.failed) as heard:
        type_text(bench.edit, "à ne pas perdre")
    assert str(heard.args[0]) == "Le disque est plein."
    assert bench.autosave.state is Saving.FAILED
    bench.broken = False
    bench.autosave.flush()
    qtbot.waitUntil(lambda: bench.autosave.state is Saving.SAVED)
    assert bench.stored == ["à ne pas perdre"]


def test_another_failure_is_told_in_its_turn(bench: Bench, qtbot: QtBot) -> None:
    bench.broken = True
    with qtbot.waitSignal(bench.autosave.failed):
        type_text(bench.edit, "à ne pas perdre")
    bench.fault = "Le dossier n'est plus là."
    with qtbot.waitSignal(bench.autosave.failed) as heard:
        bench.autosave.flush()
    assert str(heard.args[0]) == "Le dossier n'est plus là."


def test_a_text_loaded_is_not_a_text_typed(bench: Bench, tasks: Tasks) -> None:
    bench.edit.setPlainText("venu du disque")
    bench.autosave.loaded()
    bench.autosave.flush()
    tasks.finish()
    assert bench.stored == []
