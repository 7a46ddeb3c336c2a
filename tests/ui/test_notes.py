"""Notes: bold, lists, hours and phrases by the keyboard, and plain text in the record."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.errors import StorageError, UserError
from tests.app.documents import reading
from tests.ui.acting import activate, press, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.pages.meeting.page import MeetingPage
from ui.pages.settings import SettingsPage
from ui.tasks import Tasks
from ui.theme import colour
from ui.widgets.autosave import Autosave, Saving
from ui.widgets.notes import NotesEditor
from ui.window.main_window import MainWindow

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def notes(opened: MainWindow, world: World, qtbot: QtBot) -> NotesEditor:
    """The notes of the only item of an open meeting, with the keyboard."""
    meeting = world.meeting(days=0)
    item = world.item(meeting, "Tour de table", "need")
    world.services.meetings.open(meeting.id)
    world.services.agenda.start(item.id)
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    QTest.keyClick(opened, KEY.Key_F3)
    return page.hold.item.notes


def stored(world: World) -> str:
    return str(world.services.records.list("agenda_item")[0].fields.notes)


def test_keys_make_words_bold_and_lists_in_plain_text(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    type_text(notes, "Il manque un devis")
    QTest.keyClick(notes, KEY.Key_G, CTRL)
    type_text(notes, "")
    QTest.keyClick(notes, KEY.Key_End)
    type_text(notes, "\n")
    QTest.keyClick(notes, KEY.Key_L, CTRL)
    type_text(notes, "- pour la cantine")
    QTest.keyClick(notes, KEY.Key_Return)
    type_text(notes, "pour l'école")
    QTest.keyClick(notes, KEY.Key_Return)
    QTest.keyClick(notes, KEY.Key_Return)
    opened.pages["meeting"].flush()
    settle(opened, qtbot)
    assert stored(world) == "Il manque un **devis**\n- pour la cantine\n- pour l'école\n"


def test_what_another_program_copies_is_pasted_as_lines_of_words_alone(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("Sauvegarde\vpartagée\r\n\x07•\tdevis\x00")
    QTest.keyClick(notes, KEY.Key_V, CTRL)
    opened.pages["meeting"].flush()
    settle(opened, qtbot)
    assert notes.toPlainText() == stored(world) == "Sauvegarde\npartagée\n•\tdevis"
    QTest.keyClick(notes, KEY.Key_Z, CTRL)
    assert notes.toPlainText() == ""


def test_bold_words_look_bold_and_their_marks_stay_pale(notes: NotesEditor) -> None:
    type_text(notes, "😀 un **mot**")
    formats = notes.document().firstBlock().layout().formats()
    bold = [one for one in formats if one.format.fontWeight() == QFont.Weight.Bold]
    assert [(one.start, one.length) for one in bold] == [(8, 3)]
    pale = [one for one in formats if one.format.foreground().color() == colour("muted")]
    assert [(one.start, one.length) for one in pale] == [(6, 2), (11, 2)]


def test_showing_formatted_notes_leaves_nothing_to_save(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    item = world.services.records.list("agenda_item")[0]
    world.services.records.update(item.id, {"notes": "**Gras**\n- liste"})
    opened.spread(frozenset({"agenda_item"}))
    settle(opened, qtbot)
    assert notes.toPlainText() == "**Gras**\n- liste"
    assert {one.state for one in opened.findChildren(Autosave)} == {Saving.SAVED}


def in_sight(notes: NotesEditor) -> str:
    """What the notes begin with on screen."""
    place = notes.cursorForPosition(QPoint(0, 1)).position()
    return notes.toPlainText()[place : place + 20]


def test_what_a_sync_brings_leaves_the_words_in_sight_where_they_are(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    lines = [f"Ligne {number}, où il est dit quelque chose." for number in range(80)]
    lines[40] = " ".join(f"Mot{number}" for number in range(400))
    type_text(notes, "\n".join(lines))
    opened.pages["meeting"].flush()
    settle(opened, qtbot)
    notes.moveCursor(QTextCursor.MoveOperation.Up)
    for line in (40, 43):  # the long one, then in it
        notes.verticalScrollBar().setValue(line)
    seen = in_sight(notes)
    assert seen in lines[40]
    (item,) = world.services.records.list("agenda_item")
    came = "\n".join(["Venu d'ailleurs.", *lines[:30], "Venu aussi.", *lines[30:]])
    world.services.records.update(item.id, {"notes": came})
    opened.spread(frozenset({"agenda_item"}))
    qtbot.waitUntil(lambda: notes.toPlainText() == came)
    assert notes.textCursor().block().text() == lines[78]
    assert in_sight(notes) == seen


def test_a_key_writes_the_hour(notes: NotesEditor) -> None:
    QTest.keyClick(notes, KEY.Key_Colon, CTRL)
    QTest.keyClick(notes, KEY.Key_H, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert notes.toPlainText() == "18 h 18 h "


def test_the_first_words_of_a_phrase_and_a_key_write_it_whole(
    notes: NotesEditor, opened: MainWindow, qtbot: QtBot
) -> None:
    type_text(notes, "Après échange, la comm")
    QTest.keyClick(notes, KEY.Key_I, CTRL)
    settle(opened, qtbot)
    assert notes.toPlainText() == "Après échange, la commission prend acte. "


def test_phrases_are_chosen_by_a_digit_and_edited_in_the_settings(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    settings = visit(opened, "settings", SettingsPage, qtbot)
    settings.tabs.setCurrentIndex(1)
    settings.phrases.form.set_values({"lines": "Un.\n\n  Deux & trois.  "})
    press(settings.phrases, "Enregistrer", qtbot)
    settle(opened, qtbot)
    assert world.services.settings.get("note_phrases") == ["Un.", "Deux & trois."]
    opened.go("meeting")
    settle(opened, qtbot)
    activate(opened)
    QTest.keyClick(opened, KEY.Key_F3)
    QTest.keyClick(notes, KEY.Key_I, CTRL)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in notes.findChildren(QMenu)))
    QTest.keyClick(next(one for one in notes.findChildren(QMenu) if one.isVisible()), KEY.Key_2)
    assert notes.toPlainText() == "Deux & trois. "


def test_the_minutes_print_what_the_keys_made(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    type_text(notes, "**Gras** <b>\n- un")
    opened.pages["meeting"].flush()
    settle(opened, qtbot)
    meeting = world.services.records.list("meeting")[0]
    data = world.services.documents.make("minutes", meeting.id).data
    assert "LBody: un" in reading.listing(data)
    assert "P: Gras <b>" in reading.listing(data)


def test_a_meeting_that_is_left_lets_go_of_its_notes_once_they_are_stored(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    second = world.meeting("Une autre", days=0)
    world.item(second, "Un autre point")
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    first, state = page.meeting_id, weakref.ref(page.hold.state)
    for number, meeting_id in enumerate([second.id, first] * 3):
        type_text(notes, str(number))
        visit(opened, "meeting", MeetingPage, qtbot, meeting_id)
        page.tabs.setCurrentWidget(page.hold)
        settle(opened, qtbot)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert len(notes.findChildren(Autosave)) == 1
    said = sorted(one.fields.notes for one in world.services.records.list("agenda_item"))
    assert said == ["024", "135"]
    gc.collect()
    assert state() is None


def test_an_item_that_is_left_keeps_nothing_of_what_was_read_of_the_others(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    first = notes.item_id
    item = world.item(world.services.records.get(page.meeting_id), "Un autre point")
    page.refresh()
    settle(opened, qtbot)
    state = weakref.ref(page.hold.state)
    page.hold.go_to(item.id)
    page.refresh()
    settle(opened, qtbot)
    gc.collect()
    assert state() is None
    page.hold.go_to(first)
    assert notes.item_id == first


def test_a_sheet_that_is_left_waits_until_its_words_are_stored(tasks: Tasks, qtbot: QtBot) -> None:
    refused, kept = [StorageError("Le disque est plein.")], list[str]()

    def save(item_id: str, text: str, over: str, burst: str) -> None:
        if refused:
            raise refused.pop()
        kept.append(text)

    notes = NotesEditor(save, tasks)
    qtbot.addWidget(notes)
    notes.show_item("un", "")
    type_text(notes, "Des mots")
    notes.forget()
    assert notes.toPlainText() == ""
    qtbot.waitUntil(lambda: not refused and not tasks.busy)
    assert len(notes.findChildren(Autosave)) == 1  # which tries again
    qtbot.waitUntil(lambda: kept == ["Des mots"] and not notes.findChildren(Autosave))


def test_words_of_another_day_are_taken_back_apart(tasks: Tasks, qtbot: QtBot) -> None:
    bursts: list[str] = []
    for day in range(2):
        notes = NotesEditor(lambda item_id, text, over, burst: bursts.append(burst), tasks)
        qtbot.addWidget(notes)
        notes.show_item("un", "Hier. " * day)
        type_text(notes, "Des mots")
        notes.forget()
        qtbot.waitUntil(lambda: not tasks.busy)
    assert len(bursts) == len(set(bursts)) == 2


def test_no_word_is_taken_before_there_is_an_item_to_keep_it(tasks: Tasks, qtbot: QtBot) -> None:
    kept: list[str] = []
    notes = NotesEditor(lambda item_id, text, over, burst: kept.append(text), tasks)
    qtbot.addWidget(notes)
    for item_id in ("un", "deux"):
        qtbot.keyClicks(notes, "Le fax")
        notes.stamp("18 h 30")
        assert notes.toPlainText() == ""
        notes.show_item(item_id, "")
        qtbot.keyClicks(notes, "La fibre")
        notes.forget()
    qtbot.waitUntil(lambda: kept == ["La fibre", "La fibre"] and not tasks.busy)


def test_words_that_the_store_refused_are_in_the_notes_again_as_their_item_comes_back(
    tasks: Tasks, qtbot: QtBot
) -> None:
    refusals, kept = [UserError("Le procès-verbal est gelé.")], list[str]()

    def save(item_id: str, text: str, over: str, burst: str) -> None:
        if refusals:
            raise refusals[0]
        kept.append(text)

    notes = NotesEditor(save, tasks)
    qtbot.addWidget(notes)
    notes.show_item("un", "Dit.")
    notes.moveCursor(QTextCursor.MoveOperation.End)
    type_text(notes, " Des mots")
    notes.forget()
    notes.show_item("deux", "")
    qtbot.waitUntil(lambda: not tasks.busy)
    notes.forget()
    notes.show_item("un", "Dit.")
    assert notes.toPlainText() == "Dit. Des mots"
    refusals.clear()
    type_text(notes, "!")
    qtbot.waitUntil(lambda: len(kept) == 1 and not tasks.busy)
    notes.forget()
    qtbot.waitUntil(lambda: not notes.findChildren(Autosave))
    notes.show_item("un", "Dit autrement.")
    assert notes.toPlainText() == "Dit autrement."
