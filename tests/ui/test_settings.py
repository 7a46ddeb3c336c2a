"""Réglages: what each card keeps, the looks, the protection and the backups."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.errors import Locked
from ui.dialogs.protection import ProtectionDialog
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.main_window import MainWindow
from ui.pages.settings import SettingsPage
from ui.theme import Mode
from ui.widgets.fields import Choice
from ui.widgets.settings_card import SettingsCard


@pytest.fixture
def page(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> Iterator[SettingsPage]:
    services.settings.set("author_name", "Anne Martin")
    window.open_on(services)
    window.place = "settings"
    qtbot.waitUntil(lambda: "settings" in window.pages)
    made = window.pages["settings"]
    assert isinstance(made, SettingsPage)
    qtbot.waitUntil(lambda: text(made.commission, "name").text() != "" and not window.tasks.busy)
    yield made
    window.theme.set_mode(Mode.SYSTEM)


def text(card: SettingsCard, name: str) -> QLineEdit:
    field = card.form.field(name)
    assert isinstance(field, QLineEdit)
    return field


def test_the_name_that_signs_changes_is_kept(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    assert text(page.names, "author_name").text() == "Anne Martin"
    text(page.names, "author_name").clear()
    qtbot.keyClicks(text(page.names, "author_name"), "Paul Roy")
    with qtbot.waitSignal(page.names.saved):
        qtbot.mouseClick(page.names.confirm, Qt.MouseButton.LeftButton)
    assert services.settings.get("author_name") == "Paul Roy"
    assert services.workspace.author.name == "Paul Roy"


def test_the_commissions_rules_are_kept_and_a_wrong_department_is_said(
    qtbot: QtBot, page: SettingsPage, services: Services, commission_id: str
) -> None:
    qtbot.keyClicks(text(page.commission, "notice_days"), "5")
    text(page.commission, "departments").setText("21 99")
    page.commission.confirm.click()
    qtbot.waitUntil(lambda: "n'est pas un département" in page.commission.banner.text())
    assert services.records.get(commission_id).fields.notice_days is None
    text(page.commission, "departments").setText("21 58")
    with qtbot.waitSignal(page.commission.saved):
        page.commission.confirm.click()
    fields = services.records.get(commission_id).fields
    assert (fields.notice_days, fields.departments) == (5, ("21", "58"))


def test_the_looks_change_at_once_and_are_remembered(
    page: SettingsPage, window: MainWindow
) -> None:
    mode = page.looks.form.field("mode")
    assert isinstance(mode, Choice)
    mode.set_value("dark")
    mode.edited.emit()
    assert window.theme.mode is Mode.DARK
    assert window.preferences.mode is Mode.DARK


def test_the_protection_changes_while_the_workspace_is_open(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    qtbot.mouseClick(page.protect, Qt.MouseButton.LeftButton)
    dialog = page.findChild(ProtectionDialog)
    assert isinstance(dialog, ProtectionDialog)
    dialog.form.set_values({"mode": "passphrase", "passphrase": "quatre mots bien choisis"})
    dialog.confirm.click()
    qtbot.waitUntil(dialog.confirm.isEnabled)
    assert services.safety.mode() == "none"
    dialog.form.set_values({"again": "quatre mots bien choisis"})
    dialog.confirm.click()
    qtbot.waitUntil(lambda: page.findChild(RecoveryCodeDialog) is not None)
    assert services.records.update(need.id, {"title": "Encore"}).fields.title == "Encore"
    with pytest.raises(Locked):
        open_services(services.workspace.folder)
    again = open_services(services.workspace.folder, "quatre mots bien choisis")
    assert again.records.get(need.id).fields.title == "Encore"
    again.close()


def test_examining_says_that_all_is_well(qtbot: QtBot, page: SettingsPage) -> None:
    with qtbot.waitSignal(page.told, timeout=10_000) as told:
        qtbot.mouseClick(page.examine, Qt.MouseButton.LeftButton)
    assert told.args is not None
    assert "La base est intacte." in told.args[0]
