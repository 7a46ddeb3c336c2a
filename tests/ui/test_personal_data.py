"""What is kept about a person, on screen: read, saved, erased; and what is past its term."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.dates import PARIS
from app.domain.erasure import ERASED
from app.domain.wording import day_and_hour, plain
from tests.app.documents import reading
from tests.central_server import Central, central
from tests.conftest import FakeClock
from tests.ui.acting import dialog, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.world import World
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.person import PersonDialog
from ui.dialogs.personal_data import ErasureDialog, PersonalDataDialog
from ui.dialogs.retention import RetentionDialog
from ui.pages.organisation import OrganisationPage
from ui.pages.settings import SettingsPage
from ui.window.main_window import MainWindow
from ui.words.persons import person_options

__all__ = ["central"]


def test_a_person_is_erased_from_their_organisations_page_once_the_effects_are_read(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    paul = world.services.records.get(world.persons["Vougeot"])
    need = world.make("need", title="Serveur", words="Selon Paul Roy, il tombe.")
    gone = world.make("need", title="Site de Paul Roy")
    world.services.records.delete(gone.id)
    page = visit(opened, "organisation", OrganisationPage, qtbot, paul.fields.organisation_id)
    page.ask_person(paul)
    asked = dialog(PersonDialog, page, qtbot)
    assert "de préférence celui du mandat" in shown(asked)
    press(asked, "Données personnelles…", qtbot)
    register = dialog(PersonalDataDialog, page, qtbot)
    qtbot.waitUntil(lambda: "Selon Paul Roy, il tombe." in shown(register))
    assert "Paul Roy : sa fiche, et 3 mentions" in shown(register)
    assert "ne disent rien d'un autre (RGPD, art. 15, § 4)" in shown(register)
    assert f"Écrit le {day_and_hour(world.services.workspace.clock().isoformat())} par" in shown(
        register
    )
    assert "Besoin « Site de Paul Roy (supprimé) », titre" in shown(register)
    opened.theme.set_scale(2.0)
    assert register.minimumSizeHint().width() <= opened.width()
    opened.theme.set_scale(1.0)
    register.erase.click()
    preview = dialog(ErasureDialog, register, qtbot)
    qtbot.waitUntil(lambda: f"Selon {ERASED}, il tombe." in shown(preview))
    assert "Les copies" in shown(preview)
    assert "Ce qui est sorti du programme" in shown(preview)
    assert "Siège, titulaire : (vide)" in shown(preview)
    assert f"Besoin de la corbeille, titre : Site de {ERASED}" in shown(preview)
    assert "synchronisation" not in shown(preview)
    assert preview.close_button.hasFocus()
    assert world.get(need).words == "Selon Paul Roy, il tombe."
    qtbot.mouseClick(preview.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.get(need).words == f"Selon {ERASED}, il tombe.")
    settle(opened, qtbot)
    assert world.get(paul).last_name == ERASED
    assert opened.banner.text() == "Cette personne est effacée sur cet ordinateur."


def test_the_register_shows_notes_without_what_formats_them(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    notes = "**Il faut agir. Paul Roy insiste.** On passe."
    world.item(world.meeting(), "Divers", notes=notes)
    register = register_of_paul(opened, world, qtbot)
    qtbot.waitUntil(lambda: "Paul Roy insiste." in shown(register))
    assert "*" not in shown(register)
    paper = world.services.personal_data.report(world.persons["Vougeot"])
    assert "*" not in reading.text(paper.data)
    register.erase.click()
    preview = dialog(ErasureDialog, register, qtbot)
    qtbot.waitUntil(lambda: f"{ERASED} insiste." in shown(preview))
    assert "*" not in shown(preview)


def test_escape_in_the_preview_erases_nothing(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    paul = world.services.records.get(world.persons["Vougeot"])
    page = visit(opened, "organisation", OrganisationPage, qtbot, paul.fields.organisation_id)
    page.show_data(paul.id)
    register = dialog(PersonalDataDialog, page, qtbot)
    register.erase.click()
    preview = dialog(ErasureDialog, register, qtbot)
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    settle(opened, qtbot)
    assert world.get(paul).last_name == "Roy"


def register_of_paul(opened: MainWindow, world: World, qtbot: QtBot) -> PersonalDataDialog:
    """What is kept of Paul Roy, found from the settings."""
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.personal.choose.click()
    asked = dialog(ChooseDialog, page, qtbot)
    asked.form.set_values({"chosen": world.persons["Vougeot"]})
    asked.confirm.click()
    return dialog(PersonalDataDialog, page, qtbot)


def test_a_persons_data_are_found_from_the_settings_and_saved(
    opened: MainWindow, world: World, qtbot: QtBot, saved_file: Path
) -> None:
    register = register_of_paul(opened, world, qtbot)
    for way, beginning in ((register.report, b"%PDF"), (register.data, b"{")):
        way.click()
        qtbot.waitUntil(lambda: "Enregistré" in register.banner.text())
        settle(opened, qtbot)
        assert saved_file.read_bytes().startswith(beginning)


def test_a_person_known_to_several_commissions_is_told_apart_by_them(world: World) -> None:
    records, paul = world.services.records, world.persons["Vougeot"]
    other = records.create("commission", {"name": "Commission de l'Auxois"}, None)
    twin = records.create("person", records.envelope(paul).fields, other.id)
    said = {one.id: one.words for one in person_options(world.services, "*")}
    assert said[paul] == "Paul Roy, Commission de la Côte, maire (Vougeot)"
    assert said[twin.id] == "Paul Roy, Commission de l'Auxois, maire (Vougeot)"
    assert sum("Commission" in words for words in said.values()) == 2
    assert [one.words for one in person_options(world.services, other.id)] == [
        "Paul Roy, maire (Vougeot)"
    ]


def test_what_is_kept_of_somebody_of_this_name_in_another_commission_is_said_to_be_apart(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    records, paul = world.services.records, world.persons["Vougeot"]
    other = records.create("commission", {"name": "Commission de l'Auxois"}, None)
    records.create("person", records.envelope(paul).fields, other.id)
    register = register_of_paul(opened, world, qtbot)
    apart = "Une fiche du même nom, dans « Commission de l'Auxois », a son registre à part."
    qtbot.waitUntil(lambda: apart in plain(shown(register)))
    register.erase.click()
    preview = dialog(ErasureDialog, register, qtbot)
    assert "Une fiche du même nom dans « Commission de l'Auxois »" in plain(shown(preview))


def test_a_register_asked_for_twice_is_saved_once(
    opened: MainWindow,
    world: World,
    qtbot: QtBot,
    saved_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def choose(*args: object) -> tuple[str, str]:
        asked.append(str(saved_file))
        return asked[-1], ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    register = register_of_paul(opened, world, qtbot)
    settle(opened, qtbot)
    register.report.setFocus()
    for _ in range(2):
        register.report.click()
    settle(opened, qtbot)
    assert len(asked) == 1 and register.report.hasFocus()


def test_an_erasure_from_the_settings_says_when_the_others_learn_of_it(
    opened: MainWindow, world: World, central: Central, qtbot: QtBot
) -> None:
    code = central.code(central.facilitator(create=True))
    world.services.sync.enrol(central.url, code, central.authority.read_text(), upload=True)
    register = register_of_paul(opened, world, qtbot)
    register.erase.click()
    preview = dialog(ErasureDialog, register, qtbot)
    assert "partiront à la prochaine synchronisation" in shown(preview)
    preview.confirm.click()
    qtbot.waitUntil(lambda: "l'apprendront à la prochaine" in opened.banner.text())
    assert world.services.records.get(world.persons["Vougeot"]).fields.last_name == ERASED


def test_what_is_past_its_term_is_ticked_and_purged(
    opened: MainWindow, world: World, qtbot: QtBot, clock: FakeClock
) -> None:
    retired = world.make("person", first_name="Ondine", last_name="Petit")
    clock.instant = datetime(2032, 1, 1, 9, 0, tzinfo=PARIS)
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.personal)
    past = "1 donnée a dépassé sa durée de conservation."
    qtbot.waitUntil(lambda: past in shown(page.personal))
    press(page.personal, "Durées de conservation…", qtbot)
    proposed = dialog(RetentionDialog, page, qtbot)
    qtbot.waitUntil(lambda: list(proposed.ticks) == [retired.id])
    assert not proposed.purge.isEnabled()
    qtbot.keyClick(proposed.ticks[retired.id], Qt.Key.Key_Space)
    proposed.purge.click()
    qtbot.waitUntil(lambda: not proposed.ticks)
    assert world.get(retired).last_name == ERASED
    qtbot.waitUntil(lambda: not page.personal.due.isVisible())


def test_many_proofs_past_their_term_are_ticked_at_once(
    opened: MainWindow, world: World, qtbot: QtBot, clock: FakeClock
) -> None:
    meeting = world.meeting(days=1)
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.convene(meeting.id)
    clock.instant = datetime(2029, 1, 1, 9, 0, tzinfo=PARIS)
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.personal)
    press(page.personal, "Durées de conservation…", qtbot)
    proposed = dialog(RetentionDialog, page, qtbot)
    qtbot.waitUntil(lambda: len(proposed.ticks) == len(world.seats))
    kept = "À supprimer 12 mois après la séance, sauf si son procès-verbal est gelé : elles restent"
    qtbot.waitUntil(lambda: f"{kept} alors avec lui." in plain(shown(proposed)))
    assert "avec les preuves d'envoi de leurs convocations" in shown(proposed)
    press(proposed, "Cocher les 5", qtbot)
    proposed.purge.click()
    qtbot.waitUntil(lambda: not proposed.ticks)
    assert world.services.records.list("convocation") == []


def test_an_erasure_that_is_refused_can_be_asked_again_and_is_not_left_under_way(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    register = register_of_paul(opened, world, qtbot)
    register.erase.click()
    preview = dialog(ErasureDialog, register, qtbot)
    for gone in (world.seats["Vougeot"], world.persons["Vougeot"]):  # elsewhere, meanwhile
        world.services.records.delete(gone)
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    preview.confirm.click()
    qtbot.keyClick(register, Qt.Key.Key_Escape)
    register.close()
    assert register.isVisible()
    disk.set()
    settle(opened, qtbot)
    assert "n'est plus ici" in register.banner.text()
    assert register.isVisible() and register.erase.isEnabled() and register.report.isEnabled()
    qtbot.keyClick(register, Qt.Key.Key_Escape)
    assert not register.isVisible()


def test_a_purge_under_way_is_not_left_and_happens_once(
    opened: MainWindow, world: World, qtbot: QtBot, clock: FakeClock
) -> None:
    retired = world.make("person", first_name="Ondine", last_name="Petit")
    clock.instant = datetime(2032, 1, 1, 9, 0, tzinfo=PARIS)
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.personal)
    press(page.personal, "Durées de conservation…", qtbot)
    proposed = dialog(RetentionDialog, page, qtbot)
    qtbot.waitUntil(lambda: list(proposed.ticks) == [retired.id])
    proposed.ticks[retired.id].click()
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    for _ in range(2):
        qtbot.mouseClick(proposed.purge, Qt.MouseButton.LeftButton)
    qtbot.keyClick(proposed, Qt.Key.Key_Escape)
    assert proposed.isVisible()
    disk.set()
    settle(opened, qtbot)
    assert proposed.banner.text() == "Ce qui était coché est purgé."
    assert not (page.personal.due.isVisible() or proposed.purge.isEnabled())
