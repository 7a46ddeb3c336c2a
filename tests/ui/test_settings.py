"""Réglages: what each card keeps, the looks, the protection and the backups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.domain.wording import plain
from app.errors import Locked, UserError
from app.services import workspaces
from app.storage.keyrings import read_secret
from app.storage.protection import unlock_with_code
from app.sync.credentials import Credentials
from tests.central_server import Central, central
from tests.keyrings import no_keyring
from tests.ui.acting import choose_passphrase, shown, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.logo import LogoDialog
from ui.dialogs.protection import ProtectionDialog
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.dialogs.region import FeeScaleDialog, ThemeDialog
from ui.dialogs.template_editor import TemplateEditor
from ui.errors import DELETED
from ui.pages.settings import SettingsPage
from ui.theme import Mode
from ui.widgets.fields import Choice
from ui.widgets.line import Line
from ui.widgets.scroll import Bounded
from ui.widgets.section import Section
from ui.widgets.settings_card import SettingsCard
from ui.window.main_window import MainWindow

__all__ = ["central"]

D = TypeVar("D", bound=QDialog)


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


def test_a_record_that_the_settings_show_is_found_on_its_card(
    qtbot: QtBot, page: SettingsPage, window: MainWindow, services: Services, commission_id: str
) -> None:
    (theme, *_) = services.records.list("theme")
    for record_id, card in ((commission_id, page.commission), (theme.id, page.themes)):
        window.searching.go_to(record_id)
        settle(window, qtbot)
        assert card.isVisible()


def test_words_typed_in_a_card_outlive_a_change_elsewhere_and_are_asked_about_at_the_end(
    qtbot: QtBot, page: SettingsPage, window: MainWindow, services: Services
) -> None:
    name, address = (text(page.names, one) for one in ("author_name", "operator_address"))
    qtbot.keyClicks(address, "1 rue de la Paix")
    services.settings.set("author_name", "Paul Roy")
    window.spread(frozenset())
    settle(window, qtbot)
    assert (name.text(), address.text()) == ("Anne Martin", "1 rue de la Paix")
    window.close()
    question = window.findChild(ConfirmDialog)
    assert question is not None and window.isVisible()
    question.reject()
    with qtbot.waitSignal(page.names.saved):
        qtbot.mouseClick(page.names.confirm, Qt.MouseButton.LeftButton)
    services.settings.set("author_name", "Paul Roy")
    window.spread(frozenset())
    settle(window, qtbot)
    assert name.text() == "Paul Roy"
    assert page.unsaved() == ""


def test_the_notice_that_the_rules_give_is_said_as_they_are_chosen_and_once_kept(
    qtbot: QtBot, page: SettingsPage, services: Services, window: MainWindow, commission_id: str
) -> None:
    page.show_card(page.commission)
    form = page.commission.form
    assert "vide : 3, selon la règle" in shown(page)
    for name, value, days in (
        ("profile", "deliberative", 3),
        ("body_kind", "epci", 5),
        ("body_kind", "", 3),
    ):
        form.editor(name).set_value(value)
        form.editor(name).edited.emit()
        assert f"vide : {days}, selon la règle" in shown(page)
    qtbot.keyClicks(text(page.commission, "body_population"), "3500")
    assert "vide : 5, selon la règle" in shown(page)
    services.records.update(commission_id, {"body_population": 100})
    page.commission.touched = False
    window.spread(frozenset({"commission"}))
    settle(window, qtbot)
    assert "vide : 3, selon la règle" in shown(page)


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


def test_rules_that_no_list_has_are_shown_and_kept(
    qtbot: QtBot, page: SettingsPage, services: Services, window: MainWindow, commission_id: str
) -> None:
    held = {"quorum_fraction": "3/5", "body_kind": "EPCI", "profile": "deliberative"}
    services.records.update(commission_id, held)
    window.spread(frozenset())
    settle(window, qtbot)
    page.show_card(page.commission)
    quorum, body = (page.commission.form.field(name) for name in ("quorum_fraction", "body_kind"))
    assert isinstance(quorum, Choice) and isinstance(body, Choice)
    assert (quorum.currentText(), body.currentText()) == ("3/5", "EPCI")
    assert "vide : 5, selon la règle" in shown(page)
    qtbot.keyClicks(text(page.commission, "name"), "Bis ")
    with qtbot.waitSignal(page.commission.saved):
        page.commission.confirm.click()
    fields = services.records.get(commission_id).fields
    assert fields.name.startswith("Bis ")
    assert {name: getattr(fields, name) for name in held} == held


def test_the_looks_change_at_once_and_are_remembered(
    page: SettingsPage, window: MainWindow
) -> None:
    mode = page.looks.form.field("mode")
    assert isinstance(mode, Choice)
    mode.set_value("dark")
    mode.edited.emit()
    assert window.theme.mode is Mode.DARK
    assert window.preferences.mode is Mode.DARK


def test_the_code_is_shown_before_the_protection_changes_in_the_open_workspace(
    qtbot: QtBot, page: SettingsPage, services: Services, saved_file: Path
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    qtbot.mouseClick(page.protection.change, Qt.MouseButton.LeftButton)
    dialog = page.findChild(ProtectionDialog)
    assert isinstance(dialog, ProtectionDialog)
    assert not dialog.form.field("again").isVisible()
    choose_passphrase(dialog.form, "quatre mots bien choisis", qtbot)
    dialog.confirm.click()
    code = opened(page, RecoveryCodeDialog, qtbot)
    assert services.safety.mode() == "none"
    code.save_sheet.click()
    qtbot.waitUntil(lambda: "Enregistré" in code.banner.text())
    assert saved_file.read_bytes().startswith(b"%PDF")
    code.copy.click()
    assert code.banner.text() == "Le code est dans le presse-papiers."
    code.noted.click()
    with qtbot.waitSignal(page.protection.told):
        code.confirm.click()
    assert services.records.update(need.id, {"title": "Encore"}).fields.title == "Encore"
    with pytest.raises(Locked):
        open_services(services.workspace.folder)
    again = open_services(services.workspace.folder, "quatre mots bien choisis")
    assert again.records.get(need.id).fields.title == "Encore"
    again.close()


def test_a_protection_that_leaves_the_token_no_place_says_so_at_once(
    qtbot: QtBot, page: SettingsPage, services: Services, window: MainWindow
) -> None:
    by_passphrase = services.safety.prepare("passphrase", "quatre mots bien choisis")
    assert by_passphrase is not None
    services.safety.apply(by_passphrase)
    with no_keyring():
        assert Credentials(services.workspace).keep("un-jeton-de-256-bits") == "workspace"
        settle(window, qtbot)
        page.protection.change.click()
        dialog = opened(page, ProtectionDialog, qtbot)
        dialog.form.set_values({"mode": "none"})
        dialog.confirm.click()
        qtbot.waitUntil(lambda: window.banner.text() != "")
    assert "le rattachement au central n'est plus gardé" in plain(window.banner.text())


def test_a_copy_on_a_stick_keeps_the_former_protection_as_is_said(
    qtbot: QtBot, page: SettingsPage, services: Services, window: MainWindow, tmp_path: Path
) -> None:
    by_keyring = services.safety.prepare("keyring")
    assert by_keyring is not None
    services.safety.apply(by_keyring)
    copy = services.backups.save(tmp_path / "clé" / "copie.sauvegarde")
    by_passphrase = services.safety.prepare("passphrase", "quatre mots bien choisis")
    assert by_passphrase is not None
    page.protection._on_prepared(by_passphrase)
    qtbot.waitUntil(lambda: "changée" in window.banner.text())
    said = plain(window.banner.text())
    assert "copies déjà faites ailleurs, sur une clé USB par exemple" in said
    assert "s'ouvrent toujours comme avant" in said
    workspaces.restore(tmp_path / "ailleurs", copy, None)
    workspaces.forget(by_keyring)


def test_what_a_sync_brings_to_the_rules_being_changed_stays(
    qtbot: QtBot, page: SettingsPage, services: Services, commission_id: str
) -> None:
    qtbot.keyClicks(text(page.commission, "notice_days"), "5")
    services.records.update(commission_id, {"proxies_per_holder": 2})
    page.refresh()
    qtbot.waitUntil(lambda: not page.tasks.busy)
    with qtbot.waitSignal(page.commission.saved):
        page.commission.confirm.click()
    qtbot.keyClicks(text(page.commission, "name"), " !")  # before what is kept is shown
    qtbot.waitUntil(lambda: not page.tasks.busy)
    with qtbot.waitSignal(page.commission.saved):
        page.commission.confirm.click()
    fields = services.records.get(commission_id).fields
    assert (fields.notice_days, fields.proxies_per_holder) == (5, 2)
    assert "!" in fields.name


def test_a_double_click_makes_one_commission(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    window.open_on(services)
    settle(window, qtbot)
    page = visit(window, "settings", SettingsPage, qtbot)
    page.show_card(page.commission)
    text(page.commission, "name").setText("Éclaireurs de l'Auxois")
    text(page.commission, "departments").setText("21")
    for _ in range(2):
        qtbot.mouseClick(page.commission.confirm, Qt.MouseButton.LeftButton)
    settle(window, qtbot)
    assert len(services.records.list("commission")) == 1


def test_a_code_given_up_changes_nothing_and_leaves_no_key_behind(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    page.protection.change.click()
    dialog = opened(page, ProtectionDialog, qtbot)
    dialog.form.set_values({"mode": "keyring"})
    dialog.confirm.click()
    code = opened(page, RecoveryCodeDialog, qtbot)
    assert read_secret("essai") is not None
    code.cancel.click()
    qtbot.waitUntil(lambda: not page.tasks.busy)
    assert read_secret("essai") is None
    assert services.safety.mode() == "none"
    assert services.records.list("commission")


def test_a_new_code_replaces_the_former_once_it_is_noted(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    former = services.safety.prepare("passphrase", "quatre mots bien choisis")
    assert former is not None
    assert former.recovery_code is not None
    services.safety.apply(former)
    page.show_card(page.protection)
    page.refresh()
    qtbot.waitUntil(page.protection.renew.isVisible)
    page.protection.renew.click()
    code = opened(page, RecoveryCodeDialog, qtbot)
    new = code.code.text().replace("\n", "  ").replace("  ", "-")
    folder = services.workspace.folder
    assert unlock_with_code(folder, former.recovery_code)
    code.noted.click()
    with qtbot.waitSignal(page.protection.told) as told:
        code.confirm.click()
    assert "L'ancien ouvre encore les copies déjà faites" in told.args[0]
    assert opens(folder, new)
    assert not opens(folder, former.recovery_code)


def opens(folder: Path, code: str) -> bool:
    try:
        return bool(unlock_with_code(folder, code))
    except Locked:
        return False


def test_examining_says_that_all_is_well(qtbot: QtBot, page: SettingsPage) -> None:
    with qtbot.waitSignal(page.told) as told:
        qtbot.mouseClick(page.backups.examine, Qt.MouseButton.LeftButton)
    assert told.args is not None
    assert "La base est intacte." in told.args[0]
    assert "SQLite" not in told.args[0]


def test_a_theme_is_added_taken_out_of_the_lists_and_deleted(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    page.themes.add_one.click()
    dialog = page.findChild(ThemeDialog)
    assert isinstance(dialog, ThemeDialog)
    dialog.form.set_values({"label": "Vidéoprotection"})
    dialog.confirm.click()
    qtbot.waitUntil(lambda: "Vidéoprotection" in lines(page.themes))
    (theme,) = services.records.list("theme", code="videoprotection")
    line(page.themes, "Vidéoprotection").click()
    dialog = opened(page, ThemeDialog, qtbot)
    dialog.form.set_values({"active": False})
    dialog.confirm.click()
    qtbot.waitUntil(lambda: "Vidéoprotection, Retiré des listes" in lines(page.themes))
    line(page.themes, "Vidéoprotection, Retiré des listes").click()
    opened(page, ThemeDialog, qtbot).delete.click()
    qtbot.waitUntil(lambda: len(lines(page.themes)) == 12)
    assert theme.id not in {one.id for one in services.records.list("theme")}


def test_a_theme_that_is_used_is_not_deleted_and_one_alike_or_of_signs_alone_is_refused(
    qtbot: QtBot, page: SettingsPage, services: Services, commission_id: str
) -> None:
    services.records.create("need", {"title": "Serveur", "theme": "backup"})
    line(page.themes, "Sauvegarde").click()
    dialog = opened(page, ThemeDialog, qtbot)
    dialog.delete.click()
    qtbot.waitUntil(lambda: "Serveur" in dialog.banner.text())
    dialog.reject()
    with pytest.raises(UserError, match="existe déjà"):
        services.region.add_theme({"label": "Backup"})
    with pytest.raises(UserError, match="au moins une lettre ou un chiffre"):
        services.region.add_theme({"label": "—"})


def test_a_theme_that_was_deleted_and_is_added_again_is_to_be_brought_back(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    theme = services.region.add_theme({"label": "La fibre"})
    services.records.delete(theme.id)
    page.themes.add_one.click()
    dialog = opened(page, ThemeDialog, qtbot)
    dialog.form.set_values({"label": "La fibre"})
    dialog.confirm.click()
    qtbot.waitUntil(lambda: dialog.banner.text().replace("\xa0", " ") == DELETED)


def test_a_scale_of_fees_is_entered_in_euros(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    page.scales.add_one.click()
    dialog = opened(page, FeeScaleDialog, qtbot)
    rows = [{"kind": "commune", "population_from": 500, "amount_cents": 25050}]
    dialog.form.set_values({"year": 2027, "rows": rows})
    held = dialog.findChild(Bounded)
    assert held is not None
    qtbot.waitUntil(lambda: 0 < held.held.width() <= held.viewport().width())
    dialog.confirm.click()
    qtbot.waitUntil(lambda: lines(page.scales) == ["Barème 2027, 1 ligne"])
    (scale,) = services.region.scales()
    assert (scale.fields.code, scale.fields.rows[0].amount_cents) == ("2027", 25050)


def test_a_fee_that_is_there_twice_is_refused_under_its_line(
    qtbot: QtBot, page: SettingsPage, services: Services
) -> None:
    page.scales.add_one.click()
    dialog = opened(page, FeeScaleDialog, qtbot)
    rows = [
        {"kind": "commune", "population_from": 0, "amount_cents": cents} for cents in (100, 200)
    ]
    dialog.form.set_values({"year": 2027, "rows": rows})
    dialog.confirm.click()
    twice = dialog.form.field("rows").rows[1].form.field("population_from")
    qtbot.waitUntil(lambda: twice.property("invalid") is True)
    assert "Les lignes 1 et 2 partent de 0 habitant" in shown(dialog)
    assert dialog.focusWidget() is twice
    assert services.region.scales() == []


def test_once_enrolled_a_facilitator_reads_what_the_region_shares_and_is_told_why(
    qtbot: QtBot, page: SettingsPage, services: Services, central: Central
) -> None:
    services.region.add_scale({"year": 2027, "rows": []})
    code = central.code(central.facilitator(create=True))
    services.sync.enrol(central.url, code, central.authority.read_text(), upload=True)
    page.refresh()
    page.themes.add_one.click()
    dialog = opened(page, ThemeDialog, qtbot)
    assert "Seul le GIP change les thèmes" in dialog.banner.text()
    type_text(dialog.form.field("label"), "Vidéoprotection")
    assert dialog.form.editor("label").value() == ""
    assert not dialog.confirm.isEnabled()
    dialog.reject()
    line(page.themes, "Sauvegarde").click()
    dialog = opened(page, ThemeDialog, qtbot)
    assert not dialog.confirm.isEnabled()
    assert not dialog.delete.isVisible()
    assert dialog.windowTitle() == "Thème"
    dialog.reject()
    qtbot.waitUntil(lambda: lines(page.scales) == ["Barème 2027, 0 ligne"])
    line(page.scales, "Barème 2027, 0 ligne").click()
    scale = opened(page, FeeScaleDialog, qtbot)
    assert scale.windowTitle() == "Barème 2027"
    assert "Modifier" not in shown(scale)


def lines(section: Section) -> list[str]:
    return [one.accessibleName() for one in section.findChildren(Line)]


def line(section: Section, words: str) -> Line:
    return next(one for one in section.findChildren(Line) if one.accessibleName() == words)


def opened(page: SettingsPage, kind: type[D], qtbot: QtBot) -> D:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.findChildren(kind)))
    return next(one for one in page.findChildren(kind) if one.isVisible())


def line_of(page: SettingsPage, words: str) -> Line:
    return next(
        one for one in page.papers.findChildren(Line) if one.accessibleName().startswith(words)
    )


def test_a_logo_is_chosen_seen_kept_and_taken_off(
    qtbot: QtBot, page: SettingsPage, services: Services, commission_id: str, tmp_path: Path
) -> None:
    picture = QImage(300, 100, QImage.Format.Format_RGB32)
    picture.fill(0x1D5F66)
    picture.save(str(tmp_path / "blason.png"))
    (tmp_path / "faux.png").write_bytes(b"rien")
    qtbot.mouseClick(line_of(page, "Logo de la commission"), Qt.MouseButton.LeftButton)
    dialog = opened(page, LogoDialog, qtbot)
    dialog.take(tmp_path / "faux.png")
    qtbot.waitUntil(lambda: "PNG ou JPEG" in dialog.banner.text())
    dialog.take(tmp_path / "blason.png")
    qtbot.waitUntil(lambda: not dialog.logo.picture.pixmap().isNull())
    words = dialog.form.field("words")
    assert isinstance(words, QLineEdit)
    words.setText("Blason du Morvan")
    picture.fill(0x7A1F1F)
    picture.save(str(tmp_path / "autre.png"))
    dialog.take(tmp_path / "autre.png")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert "sera perdu" in shown(opened(dialog, ConfirmDialog, qtbot))
    opened(dialog, ConfirmDialog, qtbot).cancel.click()
    dialog.confirm.click()  # the other picture is still being read
    assert not dialog._still.on
    qtbot.waitUntil(dialog.confirm.isEnabled)
    dialog.confirm.click()
    qtbot.waitUntil(lambda: "Blason du Morvan" in line_of(page, "Logo de la c").accessibleName())
    logo = services.paper_looks.logo(commission_id)
    assert logo is not None
    assert logo.words == "Blason du Morvan"
    assert logo.data == services.paper_looks.picture_of(tmp_path / "autre.png")
    line_of(page, "Logo de la commission").click()
    with qtbot.waitSignal(page.told) as told:
        opened(page, LogoDialog, qtbot).delete.click()
    assert told.args is not None
    assert told.args[0] == "Le logo est retiré ; Ctrl+Z le fait revenir."
    qtbot.waitUntil(lambda: services.paper_looks.logo(commission_id) is None)


def test_a_template_is_opened_from_the_settings(
    qtbot: QtBot, page: SettingsPage, services: Services, commission_id: str
) -> None:
    line_of(page, "Modèle : relevé de décisions").click()
    editor = opened(page, TemplateEditor, qtbot)
    editor.list.select(1)
    qtbot.keyClick(editor.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    editor.confirm.click()
    qtbot.waitUntil(lambda: "decisions" in services.paper_looks.own_kinds(commission_id))
    qtbot.waitUntil(
        lambda: "Modèle de la commission" in line_of(page, "Modèle : relevé").accessibleName()
    )


def test_what_was_read_before_a_card_is_kept_is_not_shown_over_it(
    qtbot: QtBot, page: SettingsPage, window: MainWindow, services: Services
) -> None:
    name, disk = text(page.names, "author_name"), Event()
    window.tasks.run(disk.wait)
    page.refresh()
    name.clear()
    qtbot.keyClicks(name, "Paul Roy")
    page.names.confirm.click()
    disk.set()
    settle(window, qtbot)
    assert (name.text(), services.settings.get("author_name")) == ("Paul Roy", "Paul Roy")


def test_the_window_stays_where_a_card_is_refused_as_it_closes(
    page: SettingsPage, window: MainWindow
) -> None:
    text(page.commission, "departments").setText("21 99")
    page.commission.confirm.click()
    assert not window.close() and window.isVisible()
    assert "n'est pas un département" in page.commission.banner.text()
