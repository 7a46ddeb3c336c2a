"""Spelling: unknown words underlined as one types, put right by the menu or by F7."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QTextCharFormat, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QToolTip
from pytestqt.qtbot import QtBot

from tests.ui.acting import activate, dialog, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui import theme
from ui.dialogs.dialog import ConfirmDialog
from ui.pages.meeting.page import MeetingPage
from ui.pages.need import NeedPage
from ui.pages.settings import SettingsPage
from ui.theme import Mode
from ui.widgets.fields import LongField, Tick
from ui.widgets.line import Line
from ui.widgets.notes import NotesEditor
from ui.widgets.plain_edit import PlainEdit
from ui.widgets.spelling_menu import NONE
from ui.window.main_window import MainWindow
from ui.window.spelling import AHEAD

KEY = Qt.Key
WAVE = QTextCharFormat.UnderlineStyle.SpellCheckUnderline


@pytest.fixture
def notes(opened: MainWindow, world: World, qtbot: QtBot) -> Iterator[NotesEditor]:
    """The notes of an item under way, with the keyboard, once the dictionary is there."""
    meeting = world.meeting(days=0)
    item = world.item(meeting, "Tour de table", "need")
    world.item(meeting, "Solutions")
    world.services.meetings.open(meeting.id)
    world.services.agenda.start(item.id)
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    activate(opened)
    QTest.keyClick(opened, KEY.Key_F3)
    editor = page.hold.item.notes
    qtbot.waitUntil(lambda: editor.lexicon is not None)
    yield editor
    QToolTip.hideText()


def underlined(editor: QPlainTextEdit) -> list[str]:
    """The words that bear a wave, in the order of the text."""
    found, block = list[str](), editor.document().firstBlock()
    while block.isValid():
        text, end = block.text().encode("utf-16-le"), -1
        for one in block.layout().formats():
            if one.format.underlineStyle() == WAVE:
                part = text[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le")
                found[-1:] = [found[-1] + part] if one.start == end else [*found[-1:], part]
                end = one.start + one.length
        block = block.next()
    return found


def menu(qtbot: QtBot) -> QMenu:
    """The menu that is open."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    opened = QApplication.activePopupWidget()
    assert isinstance(opened, QMenu)
    return opened


def ways(opened: QMenu) -> list[str]:
    texts = (one.text() for one in opened.actions() if not one.isSeparator())
    return [text.partition("\t")[0].replace("&", "") for text in texts]


def choose(opened: QMenu, words: str) -> None:
    action = next(one for one in opened.actions() if one.text().startswith(words))
    opened.setActiveAction(action)
    QTest.keyClick(opened, KEY.Key_Return)


def test_the_dictionary_is_there_before_anybody_writes(opened: MainWindow, qtbot: QtBot) -> None:
    page = visit(opened, "settings", SettingsPage, qtbot)
    activate(opened)
    text = page.dictionary.form.field("lines")
    assert isinstance(text, LongField)
    qtbot.wait(AHEAD)
    settle(opened, qtbot)
    assert not text.hasFocus()
    text.setFocus()
    assert text.lexicon is not None


def test_an_unknown_word_is_underlined_once_it_is_left(notes: NotesEditor) -> None:
    type_text(notes, "😀 Un **budgget")
    assert underlined(notes) == []
    type_text(notes, "** partagé, RGPD, 27e")
    assert underlined(notes) == ["budgget"]
    formats = notes.document().firstBlock().layout().formats()
    bold = [one.format for one in formats if one.format.fontWeight() == QFont.Weight.Bold]
    assert {one.underlineStyle() for one in bold} == {WAVE}  # both looks at once
    type_text(notes, " numerique")
    QTest.keyClick(notes, KEY.Key_Home)
    assert underlined(notes) == ["budgget", "numerique"]


def test_a_word_being_written_is_marked_when_the_keyboard_leaves(
    notes: NotesEditor, opened: MainWindow
) -> None:
    type_text(notes, "Un budgget")
    QTest.keyClick(opened, KEY.Key_F2)
    assert underlined(notes) == ["budgget"]


def test_names_of_the_workspace_are_known(notes: NotesEditor, world: World) -> None:
    type_text(notes, "Agencourt le demande. Durantton aussi. Mme Durantton insiste. \n")
    assert underlined(notes) == ["Durantton"]  # as it opens a sentence; within one it is a name


def test_names_that_another_program_wrote_are_known(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    type_text(notes, "Durantton refuse. ")
    assert underlined(notes) == ["Durantton"]
    world.make("person", first_name="Maëlle", last_name="Durantton")
    opened.spread(frozenset())
    QTest.keyClick(opened, KEY.Key_F2)
    notes.setFocus()
    qtbot.waitUntil(lambda: underlined(notes) == [])


def test_underlines_take_the_colour_of_the_theme(
    notes: NotesEditor, opened: MainWindow, qtbot: QtBot
) -> None:
    card = visit(opened, "settings", SettingsPage, qtbot).dictionary
    words = card.form.field("lines")
    assert isinstance(words, LongField)
    words.setFocus()
    words.setPlainText("pictobuss")
    qtbot.waitUntil(lambda: underlined(words) == ["pictobuss"])

    def colours() -> set[str]:
        formats = words.document().firstBlock().layout().formats()
        return {one.format.underlineColor().name() for one in formats}

    for mode in (Mode.DARK, Mode.LIGHT):
        opened.theme.set_mode(mode)
        qtbot.waitUntil(lambda: colours() == {QColor(theme.colour("danger")).name()})


def test_f7_goes_from_word_to_word_and_puts_each_right(
    notes: NotesEditor, qtbot: QtBot, heard: list[str]
) -> None:
    type_text(notes, "Le numerique des communnes. \nUn budgget. ")
    QTest.keyClick(notes, KEY.Key_F7)
    assert notes.textCursor().selectedText() == "numerique"
    assert ways(menu(qtbot))[0] == "numérique" and "Mot suivant" in ways(menu(qtbot))
    QTest.keyClick(menu(qtbot), KEY.Key_Return)
    QTest.keyClick(notes, KEY.Key_F7)
    assert notes.textCursor().selectedText() == "communnes"
    choose(menu(qtbot), "Mot suivant")
    assert notes.textCursor().selectedText() == "budgget"
    choose(menu(qtbot), "budget")
    assert notes.toPlainText() == "Le numérique des communnes. \nUn budget. "
    QTest.keyClick(notes, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "budgget" in notes.toPlainText()
    QTest.keyClick(notes, KEY.Key_Y, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(notes, KEY.Key_F7)  # from the beginning again
    assert notes.textCursor().selectedText() == "communnes"
    choose(menu(qtbot), "communes")
    QTest.keyClick(notes, KEY.Key_F7)
    assert QApplication.activePopupWidget() is None
    assert heard[-1] == NONE


def test_f7_passes_over_no_word_that_follows_another(notes: NotesEditor, qtbot: QtBot) -> None:
    type_text(notes, "Le budgget numerique communnal. ")
    found = list[str]()
    for _ in range(3):
        QTest.keyClick(notes, KEY.Key_F7)
        menu(qtbot).close()
        found.append(notes.textCursor().selectedText())
    assert found == ["budgget", "numerique", "communnal"]


def test_f7_pressed_on_goes_on_and_leaves_one_menu_alone(notes: NotesEditor, qtbot: QtBot) -> None:
    type_text(notes, "Le numerique des communnes. ")
    QTest.keyClick(notes, KEY.Key_F7)
    first = menu(qtbot)
    notes.spelling.go_on()
    assert notes.textCursor().selectedText() == "communnes"
    assert menu(qtbot) is not first
    choose(menu(qtbot), "communes")
    assert QApplication.activePopupWidget() is None


def test_a_text_changed_elsewhere_while_the_menu_is_open_takes_no_word_from_it(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    type_text(notes, "Le numerique. ")
    opened.pages["meeting"].flush()
    settle(opened, qtbot)
    QTest.keyClick(notes, KEY.Key_F7)
    world.services.records.update(notes.item_id, {"notes": "Rien."})
    opened.spread(frozenset())
    settle(opened, qtbot)
    QTest.keyClick(menu(qtbot), KEY.Key_Return)
    assert notes.toPlainText() == "Rien."
    type_text(notes, "Le numerique. ")
    QTest.keyClick(notes, KEY.Key_F7)
    notes.show_item("another", "Le numerique. ")
    QTest.keyClick(menu(qtbot), KEY.Key_Return)
    assert notes.toPlainText() == "Le numerique. "


def test_words_copied_with_their_accents_apart_are_known(notes: NotesEditor) -> None:
    QApplication.clipboard().setText(unicodedata.normalize("NFD", "Déjà numérisé. "))
    notes.paste()
    assert notes.toPlainText() == "Déjà numérisé. "
    assert underlined(notes) == []


def test_the_menu_of_a_word_stands_before_the_editor_s_own(
    notes: NotesEditor, qtbot: QtBot
) -> None:
    type_text(notes, "Le numerique avance. ")
    cursor = notes.textCursor()
    cursor.setPosition(5)
    notes.setTextCursor(cursor)
    place = notes.cursorRect(cursor).center()
    where = notes.viewport().mapToGlobal(place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, where)
    QApplication.sendEvent(notes.viewport(), event)
    found = ways(menu(qtbot))
    assert found[:2] == ["numérique", "Ajouter « numerique » au dictionnaire"]
    assert "Tout sélectionner" in found
    choose(menu(qtbot), "numérique")
    assert notes.toPlainText() == "Le numérique avance. "
    cursor.setPosition(1)
    notes.setTextCursor(cursor)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, where)
    QApplication.sendEvent(notes.viewport(), event)
    assert ways(menu(qtbot))[0] == "Annuler"  # a word that is known: the editor's menu alone
    menu(qtbot).close()


def test_a_word_added_is_known_in_every_text_and_after_the_window_is_closed(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    type_text(notes, "Le pictobus passe. ")
    QTest.keyClick(notes, KEY.Key_F7)
    choose(menu(qtbot), "Ajouter")
    qtbot.waitUntil(lambda: underlined(notes) == [])
    settle(opened, qtbot)
    assert world.services.spelling.words() == ["pictobus"]
    need = world.make("need", title="Transport")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    activate(opened)
    words = page.form.field("words")
    assert isinstance(words, LongField)
    words.setFocus()
    type_text(words, "Le pictobus et le pictocar ")
    qtbot.waitUntil(lambda: underlined(words) == ["pictocar"])


def test_the_notes_of_another_item_are_looked_at_as_they_are_shown(notes: NotesEditor) -> None:
    first = notes.item_id
    type_text(notes, "Un budgget. ")
    notes.show_item("another", "Une mutualisation numerique. ")
    assert underlined(notes) == ["numerique"]
    notes.show_item(first, "Un budgget. ")
    assert underlined(notes) == ["budgget"]
    notes.show_item("another", "Une mutualisation numerique. ")
    type_text(notes, "Bonjjour ")
    assert underlined(notes) == ["Bonjjour", "numerique"]


def test_words_are_taken_back_in_the_settings(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.spelling.keep(["pictobus", "pictocar"])
    page = visit(opened, "settings", SettingsPage, qtbot)
    card = page.dictionary
    words = card.form.field("lines")
    assert isinstance(words, LongField)
    qtbot.waitUntil(lambda: words.toPlainText() == "pictobus\npictocar")
    words.setPlainText("pictocar\n\n mutualib ")
    press(card, "Enregistrer", qtbot)
    settle(opened, qtbot)
    assert world.services.spelling.words() == ["mutualib", "pictocar"]
    opened.go("meeting")
    notes.setFocus()
    type_text(notes, "Le pictobus, le pictocar. ")
    qtbot.waitUntil(lambda: underlined(notes) == ["pictobus"])


def test_a_word_learned_elsewhere_stays_as_the_words_written_meanwhile_are_kept(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.spelling.keep(["pictobus", "pictocar"])
    card = visit(opened, "settings", SettingsPage, qtbot).dictionary
    words = card.form.field("lines")
    assert isinstance(words, LongField)
    words.setPlainText("pictocar\nmutualib")
    world.services.spelling.add("téléservice")
    press(card, "Enregistrer", qtbot)
    settle(opened, qtbot)
    kept = ["mutualib", "pictocar", "téléservice"]
    assert world.services.spelling.words() == words.toPlainText().split("\n") == kept


def test_a_text_that_is_looked_at_and_left_was_not_edited(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.spelling.keep(["pictobus"])
    card = visit(opened, "settings", SettingsPage, qtbot).dictionary
    words = card.form.field("lines")
    assert isinstance(words, LongField)
    qtbot.waitUntil(lambda: words.toPlainText() == "pictobus")
    words.setPlainText("pictobuss")
    card.touched, edits = False, list[str]()
    words.edited.connect(lambda: edits.append(words.toPlainText()))
    words.setFocus()
    qtbot.waitUntil(lambda: underlined(words) == ["pictobuss"])
    words.moveCursor(QTextCursor.MoveOperation.End)
    assert (card.touched, edits) == (False, [])
    type_text(words, " un budgget")
    assert edits[::10] == ["pictobuss ", "pictobuss un budgget"] and len(edits) == 11
    card.confirm.setFocus()
    assert underlined(words) == ["pictobuss", "budgget"]
    assert len(edits) == 11


def test_nothing_is_underlined_for_who_does_not_wish_it(
    notes: NotesEditor, opened: MainWindow, qtbot: QtBot
) -> None:
    type_text(notes, "Un budgget. ")
    page = visit(opened, "settings", SettingsPage, qtbot)
    wish = page.looks.form.field("spelling")
    assert isinstance(wish, Tick)
    wish.click()
    opened.go("meeting")
    notes.setFocus()
    assert underlined(notes) == []
    QTest.keyClick(notes, KEY.Key_F7)
    assert QApplication.activePopupWidget() is None
    assert notes.textCursor().selectedText() == ""


def test_another_window_s_text_is_left_to_it(notes: NotesEditor, qtbot: QtBot) -> None:
    other = PlainEdit()
    qtbot.addWidget(other)
    other.show()
    activate(other)
    qtbot.waitUntil(other.isActiveWindow)
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert other.spelled_by is None and notes.spelled_by is not None


def test_a_text_that_is_only_read_is_not_looked_at(notes: NotesEditor, qtbot: QtBot) -> None:
    type_text(notes, "Un budgget. ")
    assert underlined(notes) == ["budgget"]
    notes.lock(locked=True)
    qtbot.waitUntil(lambda: underlined(notes) == [])  # once what was typed is stored
    QTest.keyClick(notes, KEY.Key_F7)
    assert QApplication.activePopupWidget() is None
    notes.lock(locked=False)
    assert underlined(notes) == ["budgget"]


def named(page: MeetingPage) -> list[str]:
    """What the end of the meeting says of its words."""
    card = page.conclude.spelling
    return [one.accessibleName() for one in card.findChildren(Line)] if card.isVisible() else []


def test_before_the_freeze_unknown_words_are_named_and_lead_to_their_field(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    type_text(notes, "Le budgget des communnes. Le budgget. ")
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    world.make("decision", agenda_item_id=notes.item_id, text="Avis numerique")
    opened.spread(frozenset({"decision"}))
    page.tabs.setCurrentWidget(page.conclude)
    in_notes = "Point 1 (Tour de table), notes : « budgget » et « communnes »."
    in_decision = "Point 1 (Tour de table), décision : « numerique »."
    qtbot.waitUntil(lambda: named(page) == [in_notes, in_decision])
    page.conclude.spelling.findChildren(Line)[0].click()
    assert page.tabs.currentWidget() is page.hold
    notes.setPlainText("Le budget des communes.")
    page.tabs.setCurrentWidget(page.conclude)
    qtbot.waitUntil(lambda: named(page) == [in_decision])
    world.services.meetings.close(page.meeting_id)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    press(page.conclude, "Geler le procès-verbal", qtbot)
    asked = dialog(ConfirmDialog, page, qtbot)
    assert "Des mots du procès-verbal sont inconnus du dictionnaire." in shown(asked)
    asked.reject()
    opened.preferences.spelling = False
    page.tabs.setCurrentWidget(page.hold)
    page.tabs.setCurrentWidget(page.conclude)
    settle(opened, qtbot)
    assert named(page) == []


def test_no_word_is_named_once_the_minutes_are_frozen(
    notes: NotesEditor, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    type_text(notes, "Le budgget. ")
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    page.tabs.setCurrentWidget(page.conclude)
    qtbot.waitUntil(lambda: len(named(page)) == 1)
    before = page.conclude.state
    assert before is not None
    world.services.meetings.close(page.conclude.meeting_id)
    world.services.minutes.freeze(page.conclude.meeting_id)
    opened.spread(frozenset({"meeting", "minutes"}))
    qtbot.waitUntil(lambda: named(page) == [])
    after = page.conclude.state
    assert after is not None and after is not before
    page.conclude.hand(before)  # what is found in it arrives once the minutes are frozen
    page.conclude.hand(after)
    settle(opened, qtbot)
    assert named(page) == []
