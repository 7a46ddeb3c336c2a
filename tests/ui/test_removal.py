"""A computer that is given back: the workspace is erased from the settings, its name once typed."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.removal import Stakes
from tests.ui.acting import dialog, press, shown, visit
from tests.ui.conftest import settle
from ui import theme
from ui.dialogs.removal import RemovalDialog
from ui.pages.settings import SettingsPage
from ui.tasks import Tasks
from ui.widgets.fields import Tick
from ui.window.main_window import MainWindow


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
    assert "seront effacés. Cela ne s'annule pas." in shown(asked)  # no key, and no central
    asked.form.set_values({"name": "Autre"})
    asked.confirm.click()
    qtbot.waitUntil(lambda: f"Écrivez « {name} » pour l'effacer." in shown(asked))
    asked.form.set_values({"name": name})
    qtbot.keyClick(asked.form.field("name"), Qt.Key.Key_Return)
    settle(opened, qtbot)
    assert "copiez d'abord l'espace" not in shown(asked) and asked.isVisible()
    asked.confirm.click()
    qtbot.waitUntil(lambda: "copiez d'abord l'espace" in shown(asked))
    wrong = tick.grab().toImage()
    across = {wrong.pixelColor(x, tick.height() // 2).name() for x in range(tick.width())}
    assert theme.colour("danger").name() in across  # around the box, and not around the words
    assert wrong.pixelColor(tick.width() - 1, tick.height() // 2) != theme.colour("danger")
    waiting = opened.opening.picture.grab().toImage()
    asked.form.set_values({"unsent": True})
    asked.confirm.click()
    qtbot.waitUntil(lambda: "est effacé de cet ordinateur" in opened.opening.sentence.text())
    settle(opened, qtbot)
    assert not folder.exists()
    assert opened.opening.picture.grab().toImage() != waiting
    press(opened.opening, "Fermer", qtbot)
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert not folder.exists()


def test_an_erasure_that_leaves_something_to_see_to_does_not_look_finished(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    services = opened.services
    assert services is not None
    services.settings.set("backup_folder", str(tmp_path))
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.location)
    press(page.location, "Effacer de cet ordinateur…", qtbot)
    asked = dialog(RemovalDialog, page, qtbot)
    asked.form.set_values({"name": services.safety.name(), "unsent": True})
    asked.confirm.click()
    qtbot.waitUntil(lambda: "y sont encore" in opened.opening.sentence.text())
    settle(opened, qtbot)
    shown_as = opened.opening.picture.grab().toImage()
    places = itertools.product(range(shown_as.width()), range(shown_as.height()))
    colours = {shown_as.pixelColor(*place).name() for place in places}
    assert theme.colour("warning").name() in colours
    opened.close()


@pytest.mark.parametrize(
    ("has_key", "is_tied", "said"),
    [
        (False, True, "seront effacés et le central refusera cet ordinateur. Cela"),
        (
            True,
            True,
            "effacés, la clé quittera le trousseau et le central refusera cet ordinateur.",
        ),
        (True, False, "seront effacés et la clé quittera le trousseau. Cela"),
    ],
)
def test_only_what_there_is_is_said_to_go(
    qtbot: QtBot, tasks: Tasks, has_key: bool, is_tied: bool, said: str
) -> None:
    stakes = Stakes(
        name="L'Auxois", records=0, files=0, elsewhere="", has_key=has_key, is_tied=is_tied
    )
    asked = RemovalDialog(stakes, lambda values: None, tasks)
    qtbot.addWidget(asked)
    asked.show()
    assert said in shown(asked)
