"""Names chosen among many: those of one spelling, and those offered anew meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.refusals import Refusal
from tests.ui.acting import CONTROL, activate
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.widgets.pick import Option, PickField, PicksField
from ui.words.persons import person_options

DOWN, TAB, RETURN, ESCAPE = Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape
TWINS = [Option("a", "Luc Besson"), Option("b", "Luc Besson"), Option("c", "Roy")]


def shown(field: QWidget, qtbot: QtBot) -> QWidget:
    """A window with a field before another one, and the keyboard in it."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(field)
    layout.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.show()
    activate(window)
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return window


def keys(field: QWidget, qtbot: QtBot, *pressed: Qt.Key) -> None:
    for key in pressed:
        qtbot.keyClick(QApplication.activePopupWidget() or field, key)


@pytest.fixture
def picked(qtbot: QtBot) -> Iterator[PickField]:
    made = PickField(TWINS)
    window = shown(made, qtbot)
    yield made
    window.close()


def test_of_two_that_bear_one_name_the_one_chosen_stays(picked: PickField, qtbot: QtBot) -> None:
    for one in ("a", "b"):
        picked.set_value(one)
        assert picked.value() == one
    for leaving in (RETURN, TAB):
        for downs, one in ((2, "a"), (3, "b")):
            picked.set_value(None)
            keys(picked, qtbot, *[DOWN] * downs, leaving)
            assert (picked.text(), picked.value()) == ("Luc Besson", one)
            assert QApplication.activePopupWidget() is None
            picked.setFocus()
    picked.set_value(None)
    for typed in ("luc besson", "luc"):
        picked.setText(typed)
        with pytest.raises(Refusal, match="plusieurs noms de la liste"):
            picked.value()


def test_of_two_that_bear_one_name_escape_leaves_the_one_there_was(
    picked: PickField, qtbot: QtBot
) -> None:
    picked.set_value("a")
    keys(picked, qtbot, DOWN, DOWN, DOWN, ESCAPE)
    assert picked.value() == "a"


def test_a_name_taken_off_is_not_chosen_any_more(picked: PickField, qtbot: QtBot) -> None:
    cross = picked.findChild(QToolButton)
    assert cross is not None

    def by_keys() -> None:
        qtbot.keyClick(picked, Qt.Key.Key_A, CONTROL)
        qtbot.keyClick(picked, Qt.Key.Key_Delete)

    for empty in (by_keys, lambda: qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)):
        picked.set_value("b")
        empty()
        assert picked.value() is None
        picked.completer().popup().hide()
        type_text(picked, "Luc Besson")
        with pytest.raises(Refusal, match="plusieurs noms de la liste"):
            picked.value()
        picked.completer().popup().hide()


def test_a_name_chosen_takes_the_words_that_it_is_offered_by(picked: PickField) -> None:
    told_apart = [Option("a", "Luc Besson (Agey)"), Option("b", "Luc Besson (Ahuy)")]
    picked.set_value("b")
    picked.offer(told_apart)
    assert (picked.text(), picked.value()) == ("Luc Besson (Ahuy)", "b")
    picked.setText("bess")
    picked.offer(TWINS)
    assert picked.text() == "bess"
    picked.set_value("c")
    picked.offer(told_apart)
    assert picked.text() == "Roy"
    with pytest.raises(Refusal, match="pas dans la liste"):
        picked.value()
    picked.set_value(None)
    for words in ("", "Sans titre"):
        picked.offer([Option("d", words)])
        assert (picked.text(), picked.value()) == ("", None)


def test_the_second_of_one_name_is_not_taken_for_the_first_chosen(qtbot: QtBot) -> None:
    picks = PicksField(TWINS)
    window = shown(picks, qtbot)
    keys(picks.line, qtbot, DOWN, DOWN, RETURN)
    qtbot.waitUntil(lambda: picks.value() == ["a"])
    type_text(picks.line, "Luc Besson")
    with pytest.raises(Refusal, match="plusieurs noms de la liste"):
        picks.value()
    picks.line.completer().popup().hide()
    picks.line.set_value(None)
    keys(picks.line, qtbot, DOWN, DOWN, DOWN, RETURN)
    qtbot.waitUntil(lambda: picks.value() == ["a", "b"])
    window.close()


def test_what_was_chosen_is_there_again_once_it_is_offered_again(qtbot: QtBot) -> None:
    picks = PicksField(TWINS)
    window = shown(picks, qtbot)
    picks.set_value(["a", "c"])
    picks.offer(TWINS[:2])
    assert picks.value() == picks.chosen() == ["a"]
    keys(picks.line, qtbot, DOWN, DOWN, DOWN, RETURN)
    qtbot.waitUntil(lambda: picks.value() == ["a", "b"])
    picks.offer(TWINS)
    assert sorted(picks.value()) == ["a", "b", "c"]
    window.close()


def test_the_list_is_made_when_the_keyboard_comes_and_again_of_what_is_offered_then(
    qtbot: QtBot,
) -> None:
    field = PickField([Option("a", "Agencourt")])
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(QLineEdit())
    layout.addWidget(field)
    qtbot.addWidget(window)
    window.show()
    activate(window)
    assert not field.completer()
    field.setFocus()
    field.offer([Option("b", "Beaune"), Option("c", "Beaulieu")])
    qtbot.keyClicks(field, "beau")
    popup = field.completer().popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    assert popup.model().rowCount() == 2
    keys(field, qtbot, DOWN, RETURN)
    assert field.value() == "b"


def test_a_press_before_the_window_has_the_keyboard_shows_the_choices(qtbot: QtBot) -> None:
    field = PickField([Option("a", "Agencourt")])
    window = shown(field, qtbot)
    over = QWidget()
    qtbot.addWidget(over)
    over.show()
    activate(over)
    field.offer([Option("b", "Beaune")])
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    popup = field.completer().popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    assert popup.model().rowCount() == 1
    popup.hide()
    window.close()


def test_a_commune_named_whole_is_not_one_whose_name_holds_it(qtbot: QtBot) -> None:
    towns = ("Arnay-sous-Vitteaux (21)", "Massingy-lès-Vitteaux (21)", "Vitteaux (21)")
    field = PickField([Option(town[:3], town) for town in towns])
    qtbot.addWidget(field)
    for typed, found in (("Vitteaux", "Vit"), ("vitteaux (21)", "Vit"), ("massingy", "Mas")):
        field.setText(typed)
        assert field.value() == found
    field.setText("vittea")
    with pytest.raises(Refusal, match="désigne plusieurs noms"):
        field.value()
    field.offer([Option("39", "Champagney (39)"), Option("70", "Champagney (70)")])
    field.setText("Champagney")
    with pytest.raises(Refusal, match="désigne plusieurs noms"):
        field.value()


def test_people_stand_in_the_order_of_the_alphabet_accents_aside(world: World) -> None:
    for first in ("Éric", "Zoé"):
        world.make("person", first_name=first, last_name="Aubry")
    people = [one.words for one in person_options(world.services, world.commission_id)]
    names = [one.split()[0] for one in people]
    assert names == ["Anne", "Claire", "Éric", "Jean", "Luc", "Paul", "Zoé"]


def test_a_name_typed_whole_in_a_list_is_taken_as_the_keyboard_goes_on(qtbot: QtBot) -> None:
    picks = PicksField([Option("a", "Vougeot"), Option("b", "Arcenant")])
    window = shown(picks, qtbot)
    type_text(picks.line, "Voug")
    with qtbot.waitSignal(picks.edited):
        keys(picks.line, qtbot, TAB)
    assert (picks.chosen(), picks.line.text()) == (["a"], "")
    window.close()


def test_escape_gives_back_no_words_of_a_record_that_was_left(qtbot: QtBot) -> None:
    pick = PickField([Option("a", "Vougeot"), Option("b", "Arcenant")])
    window = shown(pick, qtbot)
    type_text(pick, "Voug")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    pick.set_value("b")
    keys(pick, qtbot, ESCAPE)
    assert (pick.text(), pick.value()) == ("Arcenant", "b")
    window.close()
