"""Dialogs and errors: what is refused stays on screen with its sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QHelpEvent, QKeySequence
from PySide6.QtPrintSupport import QPageSetupDialog, QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QScrollBar,
    QToolButton,
    QToolTip,
    QTreeView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.refusals import Refusal
from app.domain.wording import plain
from app.errors import UserError
from tests.ui.acting import activate, double_click, shown
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.spoken import unspoken
from tests.ui.world import World
from ui import errors
from ui.actions import REDO
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.dialogs.reading import ReadingDialog
from ui.dialogs.search import SearchDialog
from ui.tasks import Tasks
from ui.theme import TEXT_SCALES, Theme
from ui.widgets.banner import Banner
from ui.widgets.buttons import button, icon_button
from ui.widgets.dates import DateField, InstantField
from ui.widgets.fields import Choice, LongField, NumberField, TextField
from ui.widgets.form import Form
from ui.widgets.line import Line
from ui.widgets.pick import Option, PicksField
from ui.widgets.rows_field import RowsField
from ui.widgets.scroll import Scroll
from ui.widgets.ticks import TickList
from ui.window.main_window import MainWindow


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def dialog(save: Callable[[dict[str, Any]], object], tasks: Tasks, parent: QWidget) -> FormDialog:
    form = Form(1)
    form.add("name", "Nom", TextField(), required="Donnez un nom à la commune.")
    form.add("population", "Habitants", NumberField())
    made = FormDialog("Nouvelle commune", form, save, tasks, parent)
    made.open()
    made.activateWindow()
    activate(made)
    return made


def test_values_are_saved_and_the_dialog_closes(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    made = dialog(lambda values: values, tasks, parent)
    type_text(made.form.field("name"), "Vougeot")
    type_text(made.form.field("population"), "1 150")
    with qtbot.waitSignal(made.saved) as saved:
        qtbot.keyClick(made.form.field("population"), Qt.Key.Key_Return)
    assert saved.args[0] == {"name": "Vougeot", "population": 1150}


def test_an_empty_required_field_and_a_wrong_number_are_said_beside_the_field(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    made = dialog(lambda values: values, tasks, parent)
    type_text(made.form.field("population"), "beaucoup")
    qtbot.mouseClick(made.confirm, Qt.MouseButton.LeftButton)
    assert made.isVisible()
    assert "Donnez un nom à la commune." in shown(made)
    assert "Écrivez un nombre entier, en chiffres." in shown(made)
    qtbot.waitUntil(made.form.field("name").hasFocus)
    type_text(made.form.field("name"), "V")
    assert "Donnez un nom" not in shown(made)


def test_what_is_wrong_with_the_field_that_has_the_keyboard_is_said(
    tasks: Tasks, parent: QWidget, qtbot: QtBot, heard: list[str]
) -> None:
    made = dialog(lambda values: values, tasks, parent)
    qtbot.keyClick(made.form.field("name"), Qt.Key.Key_Return)
    assert heard == ["Nom, Donnez un nom à la commune."]
    made.confirm.setFocus()
    qtbot.keyClick(made.confirm, Qt.Key.Key_Return)
    assert len(heard) == 1  # the field that takes the keyboard is read with its sentence


def test_cells_pasted_in_one_line_are_one_line(qtbot: QtBot) -> None:
    line = TextField()
    qtbot.addWidget(line)
    QGuiApplication.clipboard().setText("Mairie\r\n1 place\vde l'Église\r\n")
    line.paste()
    assert line.value() == "Mairie 1 place de l'Église"


@pytest.mark.parametrize("keys", REDO)
@pytest.mark.parametrize("kind", [TextField, LongField])
def test_words_undone_come_back_by_the_keys_that_the_help_tells_on_every_system(
    kind: type[TextField | LongField], keys: str, qtbot: QtBot
) -> None:
    field = kind()
    qtbot.addWidget(field)
    field.show()
    type_text(field, "Vougeot")
    QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.Undo))
    assert field.value() == ""
    QTest.keySequence(field, QKeySequence(keys))
    assert field.value() == "Vougeot"


def form_of(lines: int) -> Form:
    form = Form(1)
    for place in range(lines):
        form.add(f"line{place}", f"Ligne {place}", TextField())
    return form


def test_a_form_taller_than_the_screen_keeps_its_buttons_and_shows_what_is_wrong(
    theme: Theme, tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    theme.set_scale(2.0)
    form = form_of(12)
    form.add("name", "Nom", TextField(), required="Donnez un nom à la commune.")
    made = FormDialog("Nouvelle commune", form, lambda values: values, tasks, parent)
    made.open()
    made.activateWindow()
    activate(made)
    assert made.height() <= made.screen().availableSize().height()
    assert made.rect().contains(made.confirm.geometry())
    sealed = FormDialog("Commune", form_of(12), lambda values: values, tasks, parent)
    sealed.seal("Ceci ne se modifie plus, et cette phrase prend deux lignes en grand texte. " * 2)
    sealed.open()
    activate(sealed)
    assert sealed.height() < sealed.screen().availableSize().height()
    assert sealed.rect().contains(sealed.cancel.geometry())
    sealed.reject()
    activate(made)
    last = form.field("name")
    assert last.visibleRegion().isEmpty()
    qtbot.mouseClick(made.confirm, Qt.MouseButton.LeftButton)
    (said,) = [one for one in form.findChildren(QLabel) if one.text().startswith("Donnez")]
    qtbot.waitUntil(lambda: said.visibleRegion().boundingRect() == said.rect())


def test_a_dialog_takes_the_height_that_its_form_gains_and_gives_it_back(
    theme: Theme, tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    rows = RowsField("Palier", "Ajouter un palier", lambda: form_of(2))
    form = Form(1)
    form.add("tiers", "Paliers", rows)
    form.set_values({"tiers": [{}]})
    made = FormDialog("Offre", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)
    at_first = made.height()
    qtbot.mouseClick(rows.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: made.height() > at_first)
    qtbot.waitUntil(lambda: form.visibleRegion().boundingRect() == form.rect())
    rows.set_value([{}])
    qtbot.waitUntil(lambda: made.height() == at_first)
    made.resize(made.width(), at_first + 300)  # as the user wants it
    for tiers in ([{}, {}], [{}]):
        rows.set_value(tiers)
        qtbot.waitUntil(
            lambda tiers=tiers: (made.sizeHint().height() > at_first) == (tiers != [{}])
        )
        QApplication.processEvents()
    assert made.height() == at_first + 300


def test_a_dialog_that_the_user_made_smaller_stays_so(
    theme: Theme, tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    rows = RowsField("Palier", "Ajouter un palier", lambda: form_of(2))
    form = Form(1)
    form.add("tiers", "Paliers", rows)
    form.set_values({"tiers": [{}] * 3})
    made = FormDialog("Offre", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)
    whole = made.sizeHint().height()
    made.resize(made.width(), made.minimumSizeHint().height())
    small = made.height()
    assert small < whole
    rows.set_value([{}] * 2)
    qtbot.waitUntil(lambda: made.sizeHint().height() < whole)
    QApplication.processEvents()
    assert made.height() == small


def test_what_a_row_lacks_takes_the_keyboard_when_the_form_is_refused(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    def tier() -> Form:
        made = Form(1)
        made.add("price", "Prix", TextField(), required="Écrivez le prix.")
        return made

    rows = RowsField("Palier", "Ajouter un palier", tier)
    form = Form(1)
    form.add("tiers", "Paliers", rows)
    form.set_values({"tiers": [{"price": "400"}, {}, {}]})
    made = FormDialog("Offre", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)
    qtbot.mouseClick(made.confirm, Qt.MouseButton.LeftButton)
    assert made.focusWidget() is rows.rows[1].form.field("price")
    for row in rows.rows[1:]:
        row.form.set_values({"price": "300"})
    made.confirm.setFocus()
    assert form.say_error("tiers", "Le prix ne baisse pas.")  # of no row in particular
    assert made.focusWidget() is rows.add


def test_a_column_that_is_pasted_is_undone_and_done_again_as_one_and_loses_no_word(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    def tier() -> Form:
        made = Form(2)
        made.add("price", "Prix", TextField())
        made.add("words", "Mots", TextField())
        return made

    rows = RowsField("Palier", "Ajouter un palier", tier)
    form = Form(1)
    form.add("tiers", "Paliers", rows)
    form.set_values({"tiers": [{"price": "400"}, {"price": "300"}]})
    made = FormDialog("Offre", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)

    def line(rank: int, name: str = "price") -> TextField:
        found = rows.rows[rank].form.field(name)
        assert isinstance(found, TextField)
        return found

    def prices() -> list[str]:
        return [line(rank).text() for rank in range(len(rows.rows))]

    line(0).selectAll()
    type_text(line(0), "500")
    QGuiApplication.clipboard().setText("4\n3\n2\n1\n")
    qtbot.keyClick(line(0), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    line(2).setFocus()
    qtbot.keyClick(line(2), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert prices() == ["500", "300"]
    assert made.focusWidget() is line(0)
    QTest.keySequence(line(0), QKeySequence(QKeySequence.StandardKey.Redo))
    assert prices() == ["4", "3", "2", "1"]
    type_text(line(3, "words"), "dit au téléphone")
    qtbot.keyClick(line(1), Qt.Key.Key_0)
    qtbot.keyClick(line(1), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert prices() == ["4", "3", "2", "1"]  # what was typed since goes first, alone
    qtbot.keyClick(line(1), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert prices() == ["500", "300", ""]
    assert line(2, "words").text() == "dit au téléphone"


@pytest.mark.parametrize(
    ("pasted", "cells"),
    [
        ("Anne Roy\nPaul Martin\nLuc Petit\n", ["Anne Roy", "Paul Martin", "Luc Petit"]),
        ("Prix\n400\n300\n", ["400", "300"]),
        ("400\n300\n", ["400", "300"]),
    ],
)
def test_a_column_is_pasted_whole_but_for_the_title_of_its_numbers(
    qtbot: QtBot, pasted: str, cells: list[str]
) -> None:
    def signer() -> Form:
        made = Form(1)
        made.add("name", "Nom", TextField())
        return made

    rows = RowsField("Signature", "Ajouter une signature", signer)
    qtbot.addWidget(rows)
    rows.set_value([{}])
    QGuiApplication.clipboard().setText(pasted)
    field = rows.rows[0].form.field("name")
    assert isinstance(field, TextField)
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [row["name"] for row in rows.value()] == cells


def test_once_a_row_is_taken_off_what_has_the_keyboard_is_in_sight(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    rows = RowsField("Palier", "Ajouter un palier", lambda: form_of(4))
    form = Form(1)
    form.add("tiers", "Paliers", rows)
    form.set_values({"tiers": [{}] * 6})
    made = FormDialog("Offre", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)
    first = rows.rows[0].findChild(QToolButton)
    assert first is not None
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: rows.add.visibleRegion().boundingRect() == rows.add.rect())


def test_a_form_that_the_screen_has_room_for_is_seen_whole(
    theme: Theme, tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    form = form_of(8)
    made = FormDialog("Nouvelle commune", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)
    assert made.height() > made.screen().availableSize().height() * 2 / 3  # where Qt stops
    qtbot.waitUntil(lambda: form.visibleRegion().boundingRect() == form.rect())


def test_the_room_left_in_a_form_goes_to_its_long_text_and_its_lines_stay_close(
    qtbot: QtBot,
) -> None:
    form = Form(1)
    form.add("replaces", "Ce qu'il remplace", TextField())
    form.add("text", "Texte", LongField(lines=3))
    form.add("reason", "Motif", TextField())
    qtbot.addWidget(form)
    form.resize(500, form.sizeHint().height() + 200)
    form.show()
    tops = [form.field(name).mapTo(form, QPoint()).y() for name in form.names()]
    assert tops[1] - tops[0] < form.sizeHint().height() / 2
    assert form.field("text").height() > form.field("text").sizeHint().height() + 150


def test_a_long_text_that_wraps_is_seen_whole_whatever_else_grows(qtbot: QtBot) -> None:
    form = Form(2)
    form.add("text", "Texte", LongField(lines=2), whole=True)
    form.add("answer", "Réponse", LongField(lines=2))
    form.set_values({"text": "Chaque nuit, les dossiers de la mairie sont copiés. " * 6})
    column = Scroll()
    column.column.addWidget(form)
    column.column.addStretch()
    qtbot.addWidget(column)
    column.resize(500, 200)
    column.show()
    text = form.field("text")
    assert isinstance(text, LongField)
    qtbot.waitUntil(lambda: text.verticalScrollBar().maximum() == 0)
    assert text.document().size().height() > 3
    column.resize(400, 200)
    qtbot.waitUntil(lambda: text.document().size().height() > 5)
    qtbot.waitUntil(lambda: text.verticalScrollBar().maximum() == 0)


def test_the_long_paragraphs_of_a_text_count_before_they_are_seen(qtbot: QtBot) -> None:
    text = LongField(lines=10)
    qtbot.addWidget(text)
    text.resize(480, 100)
    text.show()
    said = "Chaque nuit, les dossiers de la mairie sont copiés dans deux centres. " * 4
    text.set_value("\n".join([said] * 6))
    asked = text.sizeHint()
    text.resize(480, 600)
    text.grab()
    assert text.document().lastBlock().lineCount() > 1
    assert text.sizeHint() == asked


def sees_the_caret(text: LongField) -> bool:
    return text.viewport().visibleRegion().contains(text.cursorRect().center())


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_line_being_written_stays_in_sight_as_its_field_grows(
    scale: float, theme: Theme, tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    theme.set_scale(scale)
    form = Form(2)
    for name in ("first", "second", "third"):
        form.add(name, name, LongField(), whole=True)
    made = FormDialog("Longs textes", form, lambda values: None, tasks, parent)
    made.open()
    activate(made)
    made.begin_at("third")
    text = form.field("third")
    assert isinstance(text, LongField)
    qtbot.waitUntil(lambda: sees_the_caret(text))
    for number in range(20):
        type_text(text, f"ligne {number}")
        qtbot.keyClick(text, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: sees_the_caret(text))
    for bar in made.findChildren(QScrollBar):
        bar.setValue(0)  # the eye goes back to the first field, and the keys stay where they were
    type_text(text, "fin")
    qtbot.waitUntil(lambda: sees_the_caret(text))
    assert made.frameGeometry().bottom() <= made.screen().availableGeometry().bottom()
    qtbot.keyClick(text, Qt.Key.Key_Tab)
    assert not text.hasFocus()


def test_a_tall_form_stays_on_the_screen_when_a_sentence_comes(
    theme: Theme, tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    def fail(values: dict[str, Any]) -> object:
        raise UserError("L'espace de travail est en lecture seule. " * 3)

    form = form_of(8)
    made = FormDialog("Nouvelle commune", form, fail, tasks, parent)
    made.open()
    made.move(0, made.screen().availableGeometry().bottom() - made.frameGeometry().height())
    made.confirm.click()
    qtbot.waitUntil(made.banner.isVisible)

    def shows_all() -> bool:
        inside = made.rect().contains(made.confirm.geometry())
        return inside and made.screen().availableGeometry().contains(made.frameGeometry())

    qtbot.waitUntil(shows_all)


def test_words_typed_are_given_up_only_after_a_question(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    made = dialog(lambda values: values, tasks, parent)
    type_text(made.form.field("name"), "Vougeot")
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    question = made.findChild(ConfirmDialog)
    assert question is not None and made.isVisible()
    assert question.cancel.text() == "Continuer la saisie"
    question.cancel.click()
    assert made.form.values() == {"name": "Vougeot", "population": None}
    made.close()
    questions = [one for one in made.findChildren(ConfirmDialog) if one.isVisible()]
    assert made.isVisible() and len(questions) == 1
    questions[0].confirm.click()
    qtbot.waitUntil(lambda: not made.isVisible())


def test_a_form_with_nothing_written_closes_without_a_question(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    made = dialog(lambda values: values, tasks, parent)
    made.form.set_values({"name": "Vougeot", "population": 190})
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not made.isVisible())


def test_the_keyboard_begins_in_the_first_field_and_every_field_has_a_name(
    tasks: Tasks, parent: QWidget
) -> None:
    form = Form(1)
    form.add("starts_at", "Date et heure", InstantField())
    made = FormDialog("Nouvelle séance", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)
    instant = form.field("starts_at")
    assert isinstance(instant, InstantField)
    assert made.focusWidget() is instant.day.line
    assert instant.day.line.accessibleName() == "Date et heure"
    assert instant.hour.accessibleName() == "Heure : Date et heure"
    assert unspoken(made) == []


def test_a_day_is_chosen_on_the_calendar_by_keys(parent: QWidget, qtbot: QtBot) -> None:
    field = DateField()
    field.setParent(parent)
    field.set_value("2027-03-19")
    field.show()
    qtbot.keyClick(field.calendar, Qt.Key.Key_Space)
    turns = QApplication.activePopupWidget().findChildren(QToolButton)
    assert {one.accessibleName() for one in turns} >= {"Mois précédent", "Mois suivant"}
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(QApplication.activePopupWidget().focusWidget(), key)
    assert field.value() == "2027-03-27"
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_long_names_chosen_make_a_form_no_wider(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    long = "Marie-Bénédicte de La Roche-Vanneau, première adjointe (Saint-Germain-de-Modéon)"
    form = Form(2)
    form.add("chair", "Présidence", TextField())
    form.add("secretaries", "Secrétariat", PicksField([Option("one", long)]))
    form.set_values({"secretaries": ["one"]})
    made = FormDialog("Modifier la séance", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)
    qtbot.waitUntil(lambda: form.width() <= made.width())


LONG_TITLE = "Convention-cadre relative à la mise à disposition mutualisée d'un délégué " * 2


def test_a_choice_among_long_words_keeps_the_dialog_around_it_on_the_screen(
    world: World, tasks: Tasks, parent: QWidget
) -> None:
    reading = ReadingDialog("Historique", "De quoi", parent)
    reading.reading_head.addWidget(Choice([(1, LONG_TITLE)]))
    form = Form(1)
    form.add("meeting", "Séance", Choice([(1, LONG_TITLE)]))
    asking = FormDialog("Informer de cette note", form, lambda values: values, tasks, parent)
    searching = SearchDialog(world.services.search, tasks, parent)
    searching.offer_commissions({"one": LONG_TITLE, "two": "Montbard"}, None)
    for made in (reading, asking, searching):
        made.open()
        activate(made)
        assert made.width() <= made.screen().availableSize().width()
        for choice in made.findChildren(Choice):
            assert choice.mapTo(made, choice.rect().bottomRight()).x() < made.width()


def test_a_choice_that_is_cut_is_whole_in_its_tip_and_in_its_list(
    theme: Theme, qtbot: QtBot
) -> None:
    choice = Choice([(1, "Séance"), (2, "Séance de la commission numérique locale de mars")])
    qtbot.addWidget(choice)
    choice.resize(160, choice.sizeHint().height())
    choice.show()
    for value, tip in ((1, ""), (2, choice.itemText(1))):
        choice.set_value(value)
        QApplication.sendEvent(choice, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), QPoint(5, 5)))
        qtbot.waitUntil(lambda tip=tip: QToolTip.text() == tip)
    choice.showPopup()
    assert choice.view().viewport().width() >= choice.view().sizeHintForColumn(0)
    choice.hidePopup()


def test_a_choice_that_is_cut_ends_by_an_ellipsis(theme: Theme, qtbot: QtBot) -> None:
    cut = "Séance de la commission numérique locale de mars"
    shown = []
    for words in (cut, "Séance de la c…"):
        choice = Choice([(1, words)])
        qtbot.addWidget(choice)
        choice.resize(160, choice.sizeHint().height())
        shown.append(choice.grab().toImage())
    assert shown[0] == shown[1]


@pytest.mark.parametrize("scale", TEXT_SCALES)
def test_a_choice_as_wide_as_it_asks_to_be_shows_its_words_whole(
    theme: Theme, qtbot: QtBot, scale: float
) -> None:
    theme.set_scale(scale)
    for words in ("Beaune", "19 h 30", "Informées ou non", "les deux tiers, plus un"):
        choice, whole = Choice([(1, words)]), QComboBox()
        whole.addItem(words)
        for field in (choice, whole):
            qtbot.addWidget(field)
            field.resize(choice.sizeHint())
        assert choice.grab().toImage() == whole.grab().toImage()


def test_a_notice_is_spoken_by_screen_readers_and_a_fault_with_its_field(
    tasks: Tasks, parent: QWidget, qtbot: QtBot, heard: list[str]
) -> None:
    banner = Banner()
    banner.setParent(parent)
    banner.say("L'espace de travail est en lecture seule.", "danger")
    assert heard == ["L'espace de travail est en lecture seule."]
    made = dialog(lambda values: values, tasks, parent)
    qtbot.mouseClick(made.confirm, Qt.MouseButton.LeftButton)
    assert made.form.field("name").accessibleDescription() == "Donnez un nom à la commune."
    type_text(made.form.field("name"), "V")
    assert made.form.field("name").accessibleDescription() == ""


def test_what_must_be_filled_says_so_beforehand(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    form = Form()
    form.add("name", "Nom", TextField(), required="Donnez un nom.", hint="Celui de la mairie")
    form.add("email", "Courriel", TextField())
    assert [one.text() for one in form.findChildren(QLabel) if one.buddy()] == [
        "Nom (obligatoire)",
        "Courriel",
    ]
    assert form.field("name").accessibleName() == "Nom (obligatoire)"
    assert form.field("name").accessibleDescription() == "Celui de la mairie"
    assert form.field("email").accessibleDescription() == ""


def test_a_rule_that_refuses_a_field_speaks_under_that_field(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    def refuse(values: dict[str, Any]) -> None:
        raise UserError("Commune 0198, champ « name » : …") from Refusal(
            "ce nom est déjà pris.", field="name"
        )

    made = dialog(refuse, tasks, parent)
    type_text(made.form.field("name"), "Vougeot")
    qtbot.mouseClick(made.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Ce nom est déjà pris." in shown(made))
    assert not made.banner.isVisible()
    assert made.confirm.isEnabled()


def test_another_error_shows_across_the_dialog(tasks: Tasks, parent: QWidget, qtbot: QtBot) -> None:
    def refuse(values: dict[str, Any]) -> None:
        raise UserError("L'espace de travail est en lecture seule.")

    made = dialog(refuse, tasks, parent)
    type_text(made.form.field("name"), "Vougeot")
    qtbot.mouseClick(made.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(made.banner.isVisible)
    assert made.banner.text() == "L'espace de travail est en lecture seule."
    assert made.focusWidget() is made.confirm


def test_a_question_is_answered_no_by_enter_and_yes_only_by_choice(
    parent: QWidget, qtbot: QtBot
) -> None:
    answered: list[bool] = []
    first = ConfirmDialog(
        "Supprimer", "Supprimer ?", "Supprimer", lambda: answered.append(True), parent
    )
    first.open()
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert answered == []
    second = ConfirmDialog(
        "Supprimer", "Supprimer ?", "Supprimer", lambda: answered.append(True), parent
    )
    second.open()
    qtbot.mouseClick(second.confirm, Qt.MouseButton.LeftButton)
    assert answered == [True]


@pytest.mark.parametrize("words", [1, 16, 24])
def test_a_question_is_seen_whole_however_long(
    opened: MainWindow, qtbot: QtBot, words: int
) -> None:
    asked = ConfirmDialog("Ouvrir", "L'horloge retarde. " * words, "Ouvrir", bool, opened)
    asked.open()
    settle(opened, qtbot)
    assert clipped(asked) == []


def test_a_fault_of_ours_is_a_sentence_with_details_to_copy(parent: QWidget, qtbot: QtBot) -> None:
    banner = Banner()
    banner.setParent(parent)
    try:
        {}["besoin"]
    except KeyError as error:
        errors.tell(error, banner, parent)
    fault = parent.findChild(errors.UnexpectedDialog)
    assert fault.isVisible()
    assert "Traceback" not in shown(fault)
    qtbot.mouseClick(fault.copy, Qt.MouseButton.LeftButton)
    assert "KeyError" in QGuiApplication.clipboard().text()
    fault.accept()


def test_the_details_of_a_fault_carry_nothing_of_what_was_written(
    parent: QWidget, qtbot: QtBot
) -> None:
    try:
        try:
            int("Zébulonnet")
        except ValueError as error:
            raise KeyError("Zébulonnet") from error
    except KeyError as error:
        errors.tell(error, Banner(), parent)
    fault = parent.findChild(errors.UnexpectedDialog)
    details = fault.details.toPlainText()
    assert "bulonnet" not in details
    assert "KeyError ← ValueError" in details
    assert "test_the_details_of_a_fault" in details
    fault.accept()


def test_standard_buttons_speak_french(qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Annuler"


def test_qt_s_own_dialogs_speak_french_to_the_last_word(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "Séances").mkdir()
    files = QFileDialog(None, "Enregistrer", str(tmp_path))
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    printing, paper = QPrintDialog(), QPageSetupDialog()
    for one in (files, printing, paper):
        qtbot.addWidget(one)
    files.show()
    said = {one.text() for made in (files, printing, paper) for one in made.findChildren(QLabel)}
    assert {
        "&Regarder dans :", "&Type de fichiers :", "&Série de pages :", "&Ordre des pages :",
        "&Pages par feuille :",
    } <= said  # fmt: skip
    tree = files.findChild(QTreeView, "treeView")
    assert isinstance(tree, QTreeView)
    rows = tree.model()
    qtbot.waitUntil(lambda: rows.rowCount(tree.rootIndex()) == 1)
    assert rows.index(0, 2, tree.rootIndex()).data() == "Dossier"


def test_enter_presses_the_button_that_has_the_keyboard(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    pressed: list[object] = []
    made = dialog(pressed.append, tasks, parent)
    made.form.set_values({"name": "Vougeot"})
    icon = icon_button("search", "Chercher", lambda: pressed.append("icon"))
    line = Line("Saulieu")
    line.clicked.connect(lambda: pressed.append("line"))
    made.layout_.addWidget(icon)
    made.layout_.addWidget(line)
    for one in (icon, line, made.cancel):
        one.setFocus()
        qtbot.keyClick(one, Qt.Key.Key_Return)
    assert pressed == ["icon", "line"]
    assert not made.isVisible()


def test_what_a_line_cuts_is_whole_in_its_tip_and_a_screen_reader_says_it_once(
    qtbot: QtBot,
) -> None:
    line = Line("Approuver", "Avis favorable à l'unanimité (12 pour)", "Vote")
    qtbot.addWidget(line)
    QApplication.sendEvent(line, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), QPoint(5, 5)))
    assert plain(QToolTip.text()) == "Approuver\nAvis favorable à l'unanimité (12 pour)"
    spoken = QAccessible.queryAccessibleInterface(line)
    assert spoken.text(QAccessible.Text.Name) == (
        "Approuver, Avis favorable à l'unanimité (12 pour), Vote"
    )
    assert spoken.text(QAccessible.Text.Description) == ""


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down])
def test_enter_and_down_in_the_filter_of_a_list_go_into_it_and_save_nothing(
    key: Qt.Key, tasks: Tasks, parent: QWidget, qtbot: QtBot, heard: list[str]
) -> None:
    ticks = TickList([Option("a", "Agencourt"), Option("m", "Messanges"), Option("v", "Vougeot")])
    form = Form(1)
    form.add("towns", "Collectivités", ticks)
    form.set_values({"towns": ["a", "m", "v"]})
    saved: list[Any] = []
    made = FormDialog("Informer", form, saved.append, tasks, parent)
    made.open()
    activate(made)
    ticks.list.setCurrentRow(0)
    ticks.filter.setFocus()
    qtbot.keyClicks(ticks.filter, "voug")
    qtbot.waitUntil(lambda: heard[-1:] == ["1 ligne"])
    qtbot.keyClick(ticks.filter, key)
    qtbot.waitUntil(ticks.list.hasFocus)
    qtbot.keyClick(ticks.list, Qt.Key.Key_Space)
    assert ticks.value() == ["a", "m"]
    assert made.isVisible() and not tasks.busy and not saved
    ticks.filter.setText("zzz")
    qtbot.keyClick(ticks.list, Qt.Key.Key_Space)  # on no line
    assert ticks.value() == ["a", "m"]


def test_enter_that_takes_a_name_does_not_save_the_dialog_too(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    picks = PicksField([Option("a", "Agencourt"), Option("v", "Vougeot")])
    form = Form(1)
    form.add("towns", "Collectivités", picks)
    made = FormDialog("Vote", form, lambda values: values, tasks, parent)
    made.open()
    activate(made)
    qtbot.keyClicks(picks.line, "voug")
    qtbot.keyClick(picks.line, Qt.Key.Key_Return)
    assert picks.chosen() == ["v"]
    assert made.isVisible() and not tasks.busy
    with qtbot.waitSignal(made.saved):
        qtbot.keyClick(picks.line, Qt.Key.Key_Return)


def test_tab_goes_through_what_is_read_before_the_buttons_below_it(
    parent: QWidget, qtbot: QtBot
) -> None:
    made = ReadingDialog("Corbeille", "", parent)
    made.open()
    activate(made)
    ask = icon_button("search", "Voir au central", lambda: None)
    made.foot.insertWidget(0, ask)
    late = icon_button("undo-2", "Rétablir", lambda: None)
    made.column.addWidget(late)
    qtbot.waitUntil(late.isVisible)
    late.setFocus()
    qtbot.keyClick(late, Qt.Key.Key_Tab)
    assert ask.hasFocus()


def test_page_down_reads_on_where_there_are_words_alone(parent: QWidget, qtbot: QtBot) -> None:
    made = ReadingDialog("Accusé de réception", "Le central tient ceci.", parent)
    for number in range(60):
        made.say(f"Besoin {number}")
    made.open()
    activate(made)
    bar = made.reading.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.keyClick(made.close_button, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    qtbot.keyClick(made.close_button, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_nothing_is_typed_or_given_up_in_a_dialog_while_its_words_are_stored(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    disk, full = Event(), UserError("Le disque est plein.")

    def save(values: dict[str, Any]) -> object:
        disk.wait()
        raise full

    made = dialog(save, tasks, parent)
    name = made.form.field("name")
    type_text(name, "Vougeot")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    type_text(name, " et Gilly")
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    made.close()
    assert (made.isVisible(), made.form.values()) == (True, {"name": "Vougeot", "population": None})
    assert made.focusWidget() is name and not parent.findChildren(ConfirmDialog)
    disk.set()
    qtbot.waitUntil(lambda: "Le disque est plein." in shown(made))
    type_text(name, " et Gilly")
    assert made.form.values() == {"name": "Vougeot et Gilly", "population": None}


def test_a_button_and_a_line_clicked_twice_in_a_row_do_once_what_they_say(qtbot: QtBot) -> None:
    done: list[str] = []
    made, line = button("Ajouter", lambda: done.append("ajouter")), Line("Devis.pdf")
    line.clicked.connect(lambda: done.append("ouvrir"))
    for one in (made, line):
        qtbot.addWidget(one)
        one.show()
        double_click(one, qtbot)
    assert done == ["ajouter", "ouvrir"]
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert done[2:] == ["ajouter"]


def test_a_double_click_takes_off_one_line_not_the_one_that_comes_in_its_place(
    qtbot: QtBot,
) -> None:
    rows = RowsField("Palier", "Ajouter un palier", lambda: form_of(1))
    rows.set_value([{"line0": word} for word in "abcd"])
    picks = PicksField([Option(word, word) for word in "abcd"])
    picks.set_value(list("abcd"))
    pages: list[str] = []
    turn = icon_button("chevron-down", "Page suivante", lambda: pages.append("suivante"))
    column = QVBoxLayout(whole := QWidget())
    for one in (turn, rows, picks):
        column.addWidget(one)
    column.addStretch()
    qtbot.addWidget(whole)
    whole.resize(400, 900)
    whole.show()
    activate(whole)
    for name in (turn.toolTip(), "Supprimer : Palier 1", "Retirer a"):
        (pressed,) = (one for one in whole.findChildren(QToolButton) if one.toolTip() == name)
        place = pressed.mapTo(whole, pressed.rect().center())
        for play in (qtbot.mouseClick, qtbot.mouseDClick, qtbot.mouseRelease):
            under = whole.childAt(place)
            assert isinstance(under, QToolButton)
            play(under, Qt.MouseButton.LeftButton)
            QApplication.processEvents()
    assert [row["line0"] for row in rows.value()] == picks.value() == ["b", "c", "d"]
    assert pages == ["suivante"] * 2  # pressed fast on purpose


def test_a_dialog_asked_for_again_before_it_is_there_opens_once(
    tasks: Tasks, parent: QWidget, qtbot: QtBot
) -> None:
    given_up: list[str] = []
    first = dialog(lambda values: None, tasks, parent)
    type_text(first.form.field("name"), "Vougeot")
    again = FormDialog("Nouvelle commune", Form(1), lambda values: None, tasks, parent)
    again.rejected.connect(lambda: given_up.append("again"))
    again.open()
    other = ConfirmDialog("Abandonner", "Tout sera perdu.", "Abandonner", list, parent)
    other.open()
    assert (first.isVisible(), other.isVisible(), given_up) == (True, True, ["again"])
    qtbot.waitUntil(lambda: parent.findChildren(FormDialog) == [first])
