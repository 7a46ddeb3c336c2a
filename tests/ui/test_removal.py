"""A computer that is given back: the workspace is erased from the settings, its name once typed."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.ui.acting import dialog, press, shown, visit
from tests.ui.conftest import settle
from ui.dialogs.removal import RemovalDialog
from ui.main_window import MainWindow
from ui.pages.settings import SettingsPage
from ui.widgets.fields import Tick


def test_the_workspace_is_erased_once_its_name_is_typed_and_its_work_given_up(
    opened: MainWindow, qtbot: QtBot
) -> None:
    services = opened.services
    assert services is not None
    folder, name = services.workspace.folder, services.safety.name()
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.location)
    press(page.location, "Effacer de cet ordinateur…", qtbot)
    asked = dialog(RemovalDialog, page, qtbot)
    tick = asked.form.field("unsent")
    assert isinstance(tick, Tick)
    assert tick.isVisible() and "modifications" in tick.text()
    asked.form.set_values({"name": "Autre"})
    asked.confirm.click()
    qtbot.waitUntil(lambda: f"Écrivez « {name} » pour l'effacer." in shown(asked))
    asked.form.set_values({"name": name})
    asked.confirm.click()
    qtbot.waitUntil(lambda: "synchronisez d'abord" in shown(asked))
    asked.form.set_values({"unsent": True})
    asked.confirm.click()
    qtbot.waitUntil(lambda: "est effacé de cet ordinateur" in opened.opening.sentence.text())
    settle(opened, qtbot)
    assert not folder.exists()
    press(opened.opening, "Fermer", qtbot)
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert not folder.exists()
