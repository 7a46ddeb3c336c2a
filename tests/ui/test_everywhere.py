"""What works from every page: undo, redo and the search of everything."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from ui.dialogs.search import SearchDialog
from ui.main_window import MainWindow


def test_undo_is_named_in_the_menu_and_takes_the_last_operation_back(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un"}, label="Nouveau besoin")
    services.records.update(need.id, {"title": "Deux"}, label="Changer le titre")
    window.open_on(services)
    qtbot.waitUntil(lambda: window.actions_.undo.text() == "Annuler : Changer le titre")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.actions_.redo.text() == "Rétablir : Changer le titre")
    assert services.records.get(need.id).fields.title == "Un"
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not window.actions_.redo.isEnabled())
    assert services.records.get(need.id).fields.title == "Deux"


def test_ctrl_k_finds_a_commune_and_enter_goes_there(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    window.open_on(services)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.findChild(SearchDialog) is not None)
    dialog = window.findChild(SearchDialog)
    assert isinstance(dialog, SearchDialog)
    qtbot.keyClicks(dialog.line, "etang vergy")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    assert dialog.results.item(0).text().startswith("L'Étang-Vergy (21)\nCollectivité")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.place == "organisation")
