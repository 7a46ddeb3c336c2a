"""Going back to a copy, and repairing, with the window open: nothing typed is lost on the way."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event
from typing import NamedTuple, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.domain.wording import plain
from app.services import workspaces
from app.services.backups import Opening
from app.storage import protection
from tests.keyrings import no_keyring
from tests.ui.acting import choose_passphrase, dialog, field, press, shown, visit
from tests.ui.conftest import in_the_whole_territory, settle
from tests.ui.keyboard import type_text
from tests.ui.test_focus_rings import LEAST, ringed
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.restore import RestoreDialog
from ui.pages.mending import Mending
from ui.pages.needs import NeedsPage
from ui.pages.settings import SettingsPage
from ui.tasks import LONG
from ui.widgets.line import Line
from ui.window import start
from ui.window.main_window import MainWindow

PASSPHRASE = "quatre mots bien choisis"


@pytest.fixture
def copy(services: Services, commission_id: str) -> Path:
    """A copy made before a need changed its title and another came."""
    need = services.records.create("need", {"title": "Fibre"})
    file = services.backups.save()
    services.records.update(need.id, {"title": "La fibre"})
    services.records.create("need", {"title": "Serveur"})
    return file


@pytest.fixture
def page(window: MainWindow, services: Services, copy: Path, qtbot: QtBot) -> SettingsPage:
    window.resize(1366, 768)
    window.open_on(services)
    settle(window, qtbot)
    return visit(window, "settings", SettingsPage, qtbot)


class Copied(NamedTuple):
    """The copy of a computer that is lost, the name of its workspace, and its recovery code."""

    file: Path
    workspace: str
    code: str


@pytest.fixture
def copied(tmp_path: Path) -> Copied:
    lock = workspaces.choose("keyring", None, "ordinateur-volé")
    assert lock.recovery_code is not None
    services = Services(workspaces.create(tmp_path / "perdu", lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    file = services.backups.save(tmp_path / "clé" / "copie.sauvegarde")
    services.close()
    workspaces.forget(lock)
    return Copied(file, lock.header.workspace, lock.recovery_code)


def line(page: SettingsPage, words: str) -> Line:
    return next(one for one in page.backups.findChildren(Line) if words in one.accessibleName())


def titles(services: Services | None) -> list[str]:
    assert services is not None
    return sorted(one.fields.title for one in services.records.list("need"))


def test_a_copy_is_gone_back_to_by_the_keyboard_and_the_former_state_stays_at_hand(
    page: SettingsPage, window: MainWindow, qtbot: QtBot
) -> None:
    asked = line(page, "Copie demandée")
    assert "sans protection" in asked.accessibleName()
    asked.setFocus()
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    qtbot.keyClick(asked, Qt.Key.Key_Space)
    question = dialog(RestoreDialog, page, qtbot)
    qtbot.waitUntil(question.confirm.isEnabled)
    told = shown(question)
    assert "besoin « Serveur » et besoin « La fibre »" in told
    assert "2 modifications faites depuis" in told
    qtbot.waitUntil(question.cancel.hasFocus)  # Enter once too often replaces nothing
    qtbot.keyClick(question.cancel, Qt.Key.Key_Tab)
    qtbot.keyClick(question.confirm, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.services is not None and "settings" in window.pages)
    settle(window, qtbot)
    assert titles(window.services) == ["Fibre"]
    assert "est revenu à la copie choisie" in window.banner.text()
    again = window.pages["settings"]
    assert isinstance(again, SettingsPage)
    assert again is not page
    assert line(again, "Faite avant un retour")
    assert window.services is not None
    window.services.records.create("need", {"title": "La suite"})
    visit(window, "needs", NeedsPage, qtbot)


def test_going_back_says_who_was_erased_again(
    page: SettingsPage, window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    for name in ("Fusain", "Orme"):
        services.records.create("person", {"last_name": name})
    file = services.backups.save()
    for person in services.records.list("person"):
        services.erasures.erase(person.id)
    page._restore(file, Opening())
    told = "2 personnes effacées depuis cette copie le sont de nouveau."
    qtbot.waitUntil(lambda: told in window.banner.text())
    settle(window, qtbot)


def test_a_copy_is_looked_for_among_files(
    page: SettingsPage, copied: Copied, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.show_card(page.backups)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: ("", ""))
    press(page.backups, "Restaurer un fichier…", qtbot)
    assert page.findChild(RestoreDialog) is None
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(copied.file), ""))
    press(page.backups, "Restaurer un fichier…", qtbot)
    question = dialog(RestoreDialog, page, qtbot)
    qtbot.waitUntil(field(question.form, "code").isVisible)


def test_one_operation_is_taken_back_at_a_time_once_the_files_were_replaced(
    page: SettingsPage, window: MainWindow, qtbot: QtBot
) -> None:
    window.maintenance.work("Un instant…", lambda task: ["C'est fait."])
    qtbot.waitUntil(lambda: window.banner.text() == "C'est fait.")
    settle(window, qtbot)
    services = window.services
    assert services is not None
    before = titles(services)
    for title in ("La suite", "La fin"):
        services.records.create("need", {"title": title})
    visit(window, "needs", NeedsPage, qtbot)
    window.spread(frozenset({"need"}))
    undo = window.actions_.undo
    qtbot.waitUntil(lambda: undo.text() == "Annuler : Ajout du besoin « La fin »")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert undo.text() == "Annuler : Ajout du besoin « La suite »"
    assert titles(services) == sorted([*before, "La suite"])


def test_a_copy_that_is_damaged_is_refused_and_the_window_goes_on(
    page: SettingsPage, window: MainWindow, copy: Path, qtbot: QtBot
) -> None:
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 0xFF
    copy.write_bytes(content)
    page.backups.restore_requested.emit(copy)
    question = dialog(RestoreDialog, page, qtbot)
    qtbot.waitUntil(question.banner.isVisible)
    assert "endommagée" in question.banner.text()
    assert not question.confirm.isEnabled()
    question.reject()
    page._restore(copy, Opening())
    qtbot.waitUntil(lambda: "endommagée" in window.banner.text())
    settle(window, qtbot)
    assert titles(window.services) == ["La fibre", "Serveur"]


@pytest.mark.parametrize("ending", [".zip", ".json"])
def test_an_archive_taken_for_a_copy_is_said_to_be_imported(
    page: SettingsPage, services: Services, tmp_path: Path, qtbot: QtBot, ending: str
) -> None:
    archive = tmp_path / f"tout{ending}"
    services.exports.archive(archive)
    page.backups.restore_requested.emit(archive)
    question = dialog(RestoreDialog, page, qtbot)
    qtbot.waitUntil(question.banner.isVisible)
    assert plain(question.banner.text()).endswith(
        " n'est pas une copie : si c'est une archive, « commissions import » la reprend, sinon"
        " choisissez un autre fichier."
    )
    assert not question.confirm.isEnabled()


def test_a_copy_under_another_passphrase_asks_for_it(
    page: SettingsPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "autre"
    lock = workspaces.choose("passphrase", PASSPHRASE, "autre")
    workspaces.create(other, lock).close()
    file = workspaces.save(other, PASSPHRASE, tmp_path / "autre.sauvegarde")
    page.backups.restore_requested.emit(file)
    question = dialog(RestoreDialog, page, qtbot)
    qtbot.waitUntil(question.secret.isVisible)
    question.secret.setText(PASSPHRASE)
    question.confirm.click()
    qtbot.waitUntil(lambda: question.confirm.text() == "Restaurer")
    question.confirm.click()
    qtbot.waitUntil(lambda: window.services is not None and "settings" in window.pages)
    settle(window, qtbot)
    assert window.services is not None
    assert window.services.safety.mode() == "passphrase"
    assert titles(window.services) == []


def test_the_copy_of_a_lost_computer_is_gone_back_to_by_its_code(
    page: SettingsPage, window: MainWindow, copied: Copied, qtbot: QtBot
) -> None:
    page.backups.restore_requested.emit(copied.file)
    question = dialog(RestoreDialog, page, qtbot)
    code = field(question.form, "code")
    qtbot.waitUntil(code.isVisible)
    assert "commissions" not in shown(question)
    qtbot.keyClicks(code, protection.new_recovery_code())
    qtbot.keyClick(code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Le code de secours n'est pas le bon" in shown(question))
    code.clear()
    qtbot.keyClicks(code, copied.code)
    choose_passphrase(question.form, "trop court", qtbot)
    question.confirm.click()
    qtbot.waitUntil(lambda: "Il faut au moins 12 caractères." in shown(question))
    choose_passphrase(question.form, PASSPHRASE, qtbot)
    question.confirm.click()
    qtbot.waitUntil(lambda: question.confirm.text() == "Restaurer")
    told = shown(question)
    assert "vient d'un autre espace de travail, qui prendrait la place de celui-ci" in told
    assert re.search("modifications? faites? ici ser", told)
    question.confirm.click()
    qtbot.waitUntil(lambda: window.services is not None and "settings" in window.pages)
    settle(window, qtbot)
    assert "est revenu à la copie choisie" in window.banner.text()
    assert window.services is not None
    assert [one.fields.name for one in window.services.records.list("commission")] == ["Auxois"]
    space = window.services.workspace
    assert space.name == protection.read_header(space.folder).workspace == copied.workspace
    window.services.close()
    open_services(space.folder, PASSPHRASE).close()


def test_a_lost_passphrase_gives_way_to_the_code_of_the_copy(
    page: SettingsPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "autre"
    lock = workspaces.choose("passphrase", PASSPHRASE, "autre-phrase")
    workspaces.create(other, lock).close()
    file = workspaces.save(other, PASSPHRASE, tmp_path / "autre.sauvegarde")
    page.backups.restore_requested.emit(file)
    question = dialog(RestoreDialog, page, qtbot)
    qtbot.waitUntil(question.secret.isVisible)
    question.secret.setText("une autre phrase")
    question.confirm.click()
    qtbot.waitUntil(lambda: "n'est pas la bonne" in shown(question))
    assert "commissions" not in shown(question)
    press(question, "J'ai perdu la phrase de passe", qtbot)
    assert not question.secret.isVisible()
    assert lock.recovery_code is not None
    with no_keyring():
        qtbot.keyClicks(field(question.form, "code"), lock.recovery_code)
        question.confirm.click()
        qtbot.waitUntil(lambda: "Aucun trousseau de clés utilisable" in shown(question))
    field(question.form, "mode").set_value("none")
    question.confirm.click()
    qtbot.waitUntil(lambda: question.confirm.text() == "Restaurer")
    question.confirm.click()
    qtbot.waitUntil(lambda: window.services is not None and "settings" in window.pages)
    settle(window, qtbot)
    assert window.services is not None
    assert window.services.safety.mode() == "none"


def test_a_copy_is_made_when_asked_and_the_missing_stick_is_said_gently(
    page: SettingsPage, window: MainWindow, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    page.show_card(page.backups)
    page.backups.form.set_values({"backup_folder": str(tmp_path / "clé")})
    with qtbot.waitSignal(page.backups.saved):
        page.backups.confirm.click()
    press(page, "Faire une copie maintenant", qtbot)
    qtbot.waitUntil(lambda: "n'est pas là" in plain(window.banner.text()))
    (tmp_path / "clé").mkdir()
    settle(window, qtbot)
    press(page, "Faire une copie maintenant", qtbot)
    qtbot.waitUntil(lambda: "ici et dans" in window.banner.text())
    assert len(list((tmp_path / "clé").iterdir())) == 1


def test_a_second_folder_without_its_whole_path_is_refused(
    page: SettingsPage, services: Services, qtbot: QtBot
) -> None:
    page.show_card(page.backups)
    page.backups.form.set_values({"backup_folder": "~/sauvegardes"})
    page.backups.confirm.click()
    qtbot.waitUntil(lambda: "pas un chemin complet" in plain(page.backups.banner.text()))
    assert services.settings.get("backup_folder") == ""


def test_a_second_folder_that_is_looked_for_is_kept_at_once(
    page: SettingsPage, services: Services, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page.show_card(page.backups)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: str(tmp_path))
    with qtbot.waitSignal(page.backups.saved):
        press(page.backups, "Choisir…", qtbot)
    assert services.settings.get("backup_folder") == str(tmp_path)
    assert page.unsaved() == ""


@in_the_whole_territory
def test_a_damage_found_in_the_settings_is_repaired_there(
    page: SettingsPage, window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    services.workspace.close()
    spoil(services.workspace.folder, b'"title":"Serveur"')
    window.go("needs")
    qtbot.waitUntil(lambda: "« Vérifier l'espace de travail »" in plain(window.banner.text()))
    window.go("settings")
    page.show_card(page.backups)
    press(page, "Vérifier l'espace de travail", qtbot)
    qtbot.waitUntil(lambda: window.findChild(Mending) is not None)
    assert "commissions doctor" not in window.banner.text()
    mending = cast(Mending, window.findChild(Mending))
    _through(mending, qtbot)
    qtbot.waitUntil(lambda: "settings" in window.pages)
    settle(window, qtbot)
    assert titles(window.services) == ["La fibre", "Serveur"]


def test_a_workspace_too_damaged_to_open_is_repaired_at_the_start(
    window: MainWindow, services: Services, copy: Path, qtbot: QtBot
) -> None:
    folder = services.workspace.folder
    services.close()
    content = bytearray((folder / "commissions.db").read_bytes())
    content[:4096] = bytes(4096)
    (folder / "commissions.db").write_bytes(content)
    start.open_in(window, folder, None)
    qtbot.waitUntil(lambda: window.findChild(Mending) is not None)
    _through(cast(Mending, window.findChild(Mending)), qtbot)
    qtbot.waitUntil(lambda: "home" in window.pages)
    settle(window, qtbot)
    assert titles(window.services) == ["La fibre", "Serveur"]
    assert window.services is not None
    window.services.close()


def _without_database(window: MainWindow, services: Services, qtbot: QtBot) -> Mending:
    """What the window shows as it opens a workspace whose database is gone."""
    folder = services.workspace.folder
    services.close()
    (folder / "commissions.db").unlink()
    start.open_in(window, folder, None)
    qtbot.waitUntil(lambda: window.findChild(Mending) is not None)
    mending = cast(Mending, window.findChild(Mending))
    qtbot.waitUntil(mending.repair.isVisible)
    return mending


def test_a_database_that_is_gone_comes_back_at_the_start_and_no_empty_one_is_made(
    window: MainWindow, services: Services, copy: Path, qtbot: QtBot
) -> None:
    mending = _without_database(window, services, qtbot)
    assert "Ce qui a été écrit après la copie du" in shown(mending)
    assert ringed(mending.losses) >= LEAST
    press(mending, "Copier la liste", qtbot)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Ce qui a été écrit après la copie du")
    assert mending.banner.text() == "1 ligne dans le presse-papiers."
    _repair(mending, qtbot)
    qtbot.waitUntil(lambda: "home" in window.pages)
    settle(window, qtbot)
    assert titles(window.services) == ["Fibre"]
    assert window.services is not None
    window.services.close()


def test_a_copy_is_fetched_from_a_stick_when_the_workspace_no_longer_knows_of_it(
    window: MainWindow,
    services: Services,
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    folder = services.workspace.folder
    stick = folder.parent / "clé"
    services.close()
    workspaces.protect(folder, "passphrase", None, PASSPHRASE)
    (folder / "sauvegardes").rename(stick)
    (folder / "protection.json").unlink()
    start.open_in(window, folder, None)
    qtbot.waitUntil(lambda: window.findChild(Mending) is not None)
    mending = cast(Mending, window.findChild(Mending))
    qtbot.waitUntil(mending.search.isVisible)
    assert mending.banner.text().endswith("désignez son dossier.")
    assert not mending.repair.isVisible()
    assert mending.focusWidget() is mending.search
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *given: str(stick))
    qtbot.mouseClick(mending.search, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(mending.secret.isVisible)
    assert mending.sentence.isVisible()
    assert "écrivez sa phrase de passe" in mending.sentence.text()
    qtbot.keyClicks(mending.secret, "une autre phrase")
    qtbot.keyClick(mending.secret, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "n'est pas la bonne" in mending.banner.text())
    mending.secret.setText(PASSPHRASE)
    qtbot.mouseClick(mending.read, Qt.MouseButton.LeftButton)
    _through(mending, qtbot)
    qtbot.waitUntil(lambda: "home" in window.pages)
    settle(window, qtbot)
    assert titles(window.services) == ["La fibre", "Serveur"]
    assert window.services is not None
    window.services.close()


def test_nothing_is_repaired_while_copies_are_looked_for_elsewhere(
    window: MainWindow,
    services: Services,
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    mending = _without_database(window, services, qtbot)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *given: str(copy.parent))
    disk = Event()
    window.tasks.run(disk.wait, lane=LONG)  # the stick is slow to answer
    for way in (mending.search, mending.repair):
        qtbot.mouseClick(way, Qt.MouseButton.LeftButton)
    disk.set()
    qtbot.waitUntil(lambda: not window.tasks.busy)
    assert mending.repair.isVisible() and not mending.go_on.isVisible()
    _repair(mending, qtbot)
    qtbot.waitUntil(lambda: "home" in window.pages)
    settle(window, qtbot)
    assert window.services is not None
    window.services.close()


def _through(mending: Mending, qtbot: QtBot) -> None:
    qtbot.waitUntil(mending.repair.isVisible)
    assert "Rien n'est perdu. La" in shown(mending)
    _repair(mending, qtbot)


def _repair(mending: Mending, qtbot: QtBot) -> None:
    qtbot.mouseClick(mending.repair, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(mending.go_on.isVisible)
    assert "est reconstruite" in " ".join(one.text() for one in mending.findChildren(QLabel))
    qtbot.keyClick(mending.go_on, Qt.Key.Key_Space)


def spoil(folder: Path, text: bytes) -> None:
    """Zeroes the page of a database where a text is first found."""
    path = folder / "commissions.db"
    content = bytearray(path.read_bytes())
    start_ = content.index(text) // 4096 * 4096
    content[start_ : start_ + 4096] = bytes(4096)
    path.write_bytes(content)


def test_what_is_half_typed_is_asked_about_before_the_pages_are_left(
    page: SettingsPage, window: MainWindow, qtbot: QtBot
) -> None:
    operator = field(page.names.form, "operator_name")
    type_text(operator, "GIP ")
    assert window.navigation.saved.text() == "Saisie en cours…"
    page.backups.repair_requested.emit()
    question = dialog(ConfirmDialog, window, qtbot)
    assert "Des réglages ont été changés" in shown(question)
    question.cancel.click()
    window.maintenance.work("Un instant…", lambda task: ["C'est fait."])
    question = dialog(ConfirmDialog, window, qtbot)
    question.cancel.click()
    settle(window, qtbot)
    assert operator.isVisible() and operator.value().startswith("GIP ")
    page.names.confirm.click()
    qtbot.waitUntil(lambda: not page.unsaved())
    assert window.navigation.saved.text() == "Tout est enregistré"
    window.maintenance.work("Un instant…", lambda task: ["C'est fait."])
    qtbot.waitUntil(lambda: window.banner.text() == "C'est fait.")
    settle(window, qtbot)
