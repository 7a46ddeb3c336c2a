"""Suites à donner: the actions of every commission in one list, for whoever holds several."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.domain.records import reference_id
from app.domain.wording import plain
from app.exchange import xlsx_file
from tests.ui.acting import CONTROL, activate, column, dialog, field, list_all, pick, press, visit
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.test_exporting import choose
from tests.ui.test_several_commissions import reopened
from tests.ui.world import World
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.models.actions import ActionColumn
from ui.pages.actions import ActionsPage
from ui.pages.home import HomePage
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

COMMISSION, STATE = (
    list(ActionColumn).index(one) for one in (ActionColumn.COMMISSION, ActionColumn.STATE)
)
VOUGEOT = reference_id("organisation", "21716")


def decide(world: World, title: str, *actions: tuple[str, str, str | None]) -> str:
    """A meeting that decided these actions: what, who, by when; gives its id."""
    meeting = world.meeting(title, days=-30)
    item = world.item(meeting, "Suites")
    for text, owner, due_on in actions:
        world.make("action", agenda_item_id=item.id, text=text, owner=owner, due_on=due_on)
    return str(meeting.id)


@pytest.fixture
def other(world: World) -> World:
    """A second commission; of the four actions of both, two are late (it is 19 March 2027)."""
    made = world.services.records.create("commission", {"name": "Éclaireurs de l'Auxois"}, None).id
    auxois = World(world.services, made, {}, {})
    decide(
        world, "Réunion de la Côte",
        ("Envoyer le modèle", "Paul Roy", "2027-03-10"), ("Relire la charte", "", None),
    )  # fmt: skip
    decide(
        auxois, "Réunion de l'Auxois",
        ("Chiffrer la fibre", "Anne Petit", "2027-03-01"),
        ("Visiter Semur", "Anne Petit", "2027-04-15"),
    )  # fmt: skip
    return auxois


def test_who_has_one_commission_sees_no_list_of_actions(opened: MainWindow, qtbot: QtBot) -> None:
    page = visit(opened, "home", HomePage, qtbot)
    assert page.follow_up.isVisible()
    assert not page.whole_list.isVisible()


def test_the_home_page_leads_to_the_list_and_back(several: MainWindow, qtbot: QtBot) -> None:
    home = visit(several, "home", HomePage, qtbot)
    button = home.whole_list
    assert button.visibleRegion().boundingRect() == button.rect()
    assert button.mapTo(home, QPoint()).y() < home.follow_up.mapTo(home, QPoint()).y()
    press(home, "Toutes les suites à donner", qtbot)
    settle(several, qtbot)
    page = several.pages["actions"]
    assert isinstance(page, ActionsPage)
    assert several.navigation.entries["home"].isChecked()
    assert column(page.table) == ["Envoyer le modèle", "Relire la charte"]
    assert page.table.isColumnHidden(COMMISSION)
    qtbot.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    settle(several, qtbot)
    assert several.place == "home"


def test_the_late_ones_come_first_each_with_who_and_of_which_commission_and_meeting(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    records = other.services.records
    (one,) = [one for one in records.list("action") if one.fields.text == "Visiter Semur"]
    records.update(one.id, {"owner_organisation_id": VOUGEOT})
    page = list_all(several, "actions", ActionsPage, qtbot)
    cote, auxois, day = "Commission de la Côte", "Éclaireurs de l'Auxois", date(2027, 2, 17)
    assert page.table.seen() == [
        ["Chiffrer la fibre", auxois, "Anne Petit", date(2027, 3, 1), "En retard", day],
        ["Envoyer le modèle", cote, "Paul Roy", date(2027, 3, 10), "En retard", day],
        ["Visiter Semur", auxois, "Anne Petit, Vougeot", date(2027, 4, 15), "À faire", day],
        ["Relire la charte", cote, "", "", "À faire", day],
    ]


def test_what_is_filtered_stays_from_one_opening_to_the_next(
    several: MainWindow, world: World, preferences: Preferences, qtbot: QtBot
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    pick(page.panel.choices[0], "open")
    assert len(column(page.table)) == 4
    page.panel.filter.setText("anne")
    assert column(page.table) == ["Chiffrer la fibre", "Visiter Semur"]
    pick(page.panel.choices[0], "late")
    assert column(page.table) == ["Chiffrer la fibre"]
    several.close()
    with reopened(world.services, preferences, qtbot) as made:
        again = visit(made, "actions", ActionsPage, qtbot)
        assert column(again.table) == ["Chiffrer la fibre", "Envoyer le modèle"]


def test_what_is_copied_and_exported_says_of_which_commission_each_is(
    several: MainWindow, qtbot: QtBot, saved_file: Path
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    choose(page, "Copier la liste")
    lines = [one.split("\t") for one in QGuiApplication.clipboard().text().splitlines()]
    assert lines[:2] == [
        ["Suite à donner", "Commission", "Responsable", "Échéance", "État", "Séance"],
        [
            "Chiffrer la fibre", "Éclaireurs de l'Auxois", "Anne Petit", "01/03/2027",
            "En retard", "17/02/2027",
        ],
    ]  # fmt: skip
    choose(page, "Exporter la liste…")
    settle(several, qtbot)
    sheet = xlsx_file.read(saved_file.with_name("choisi.bin.xlsx").read_bytes())
    assert [list(sheet.headings), list(sheet.rows[0].cells)] == lines[:2]
    written = load_workbook(saved_file.with_name("choisi.bin.xlsx")).active
    assert written["D2"].value == datetime(2027, 3, 1)  # a date, that a spreadsheet sorts


def test_those_chosen_are_noted_as_done_today_in_the_commission_of_each(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    page.table.setFocus()
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_T, CONTROL)
    settle(several, qtbot)
    found = world.services.records.list("action")
    assert {(one.fields.status, one.fields.closed_on) for one in found} == {("done", "2027-03-19")}
    assert set(column(page.table, STATE)) == {"Faite"}
    assert not page.end.isEnabled()
    assert plain(several.banner.text()) == ("4 suites sont notées comme faites, Ctrl+Z les rouvre.")
    several.actions_.undo.trigger()
    settle(several, qtbot)
    assert column(page.table, STATE) == ["En retard", "En retard", "À faire", "À faire"]
    assert plain(several.banner.text()) == (
        "Annulé dans les commissions « Commission de la Côte » et « Éclaireurs de l'Auxois » :"
        " suites faites."
    )


def test_one_that_is_closed_already_keeps_the_day_it_was(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    records = world.services.records
    (dropped,) = [one for one in records.list("action") if one.fields.text == "Relire la charte"]
    records.update(dropped.id, {"status": "dropped", "closed_on": "2027-03-02"})
    page = list_all(several, "actions", ActionsPage, qtbot)
    page.table.selectAll()
    page.end.trigger()
    settle(several, qtbot)
    kept = records.get(dropped.id).fields
    assert (kept.status, kept.closed_on) == ("dropped", "2027-03-02")
    assert plain(several.banner.text()).startswith("3 suites sont notées")


def test_those_closed_elsewhere_since_they_were_shown_keep_the_day_they_were(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    records = world.services.records
    first, *others = records.list("action")
    closed = {"status": "done", "closed_on": "2027-03-02"}
    records.update(first.id, closed)  # a sync, say, of which the list knows nothing yet
    page.table.selectAll()
    page.end.trigger()
    settle(several, qtbot)
    assert records.get(first.id).fields.closed_on == "2027-03-02"
    assert plain(several.banner.text()).startswith("3 suites sont notées")
    for one in others:
        records.update(one.id, {"status": "open", "closed_on": None})
    several.spread(frozenset({"action"}))
    settle(several, qtbot)
    for one in others:
        records.update(one.id, closed)
    page.table.selectAll()
    page.end.trigger()
    settle(several, qtbot)
    assert {one.fields.closed_on for one in records.list("action")} == {"2027-03-02"}
    assert plain(several.banner.text()) == "Rien n'est changé : un autre les avait déjà notées."
    assert set(column(page.table, STATE)) == {"Faite"}
    records.update(first.id, {"status": "open", "closed_on": None})
    several.spread(frozenset({"action"}))
    settle(several, qtbot)
    records.update(first.id, closed)
    page.table.selectAll()
    page.end.trigger()
    settle(several, qtbot)
    assert plain(several.banner.text()) == "Rien n'est changé : un autre l'avait déjà notée."


def test_one_closed_elsewhere_while_it_is_asked_about_keeps_the_day_it_was(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    asked = dialog(FormDialog, page, qtbot)
    records = world.services.records
    (shown,) = [one for one in records.list("action") if one.fields.text == "Chiffrer la fibre"]
    records.update(shown.id, {"status": "done", "closed_on": "2027-03-02"})
    asked.form.editor("status").set_value("done")
    asked.form.editor("outcome").set_value("Chiffrée")
    asked.confirm.click()
    qtbot.waitUntil(lambda: records.get(shown.id).fields.outcome == "Chiffrée")
    settle(several, qtbot)
    assert records.get(shown.id).fields.closed_on == "2027-03-02"


def test_enter_asks_what_became_of_one_and_leaves_the_commission_shown(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    asked = dialog(FormDialog, page, qtbot)
    field(asked.form, "status").set_value("dropped")
    qtbot.keyClicks(field(asked.form, "outcome"), "Trop cher")
    press(asked, "Enregistrer", qtbot)
    settle(several, qtbot)
    assert several.commission_id == world.commission_id
    assert column(page.table, STATE) == ["En retard", "À faire", "À faire", "Abandonnée"]
    (kept,) = [one for one in other.services.records.list("action", other.commission_id)
               if one.fields.status == "dropped"]  # fmt: skip
    assert (kept.fields.outcome, kept.fields.closed_on) == ("Trop cher", "2027-03-19")


def test_the_meeting_that_decided_one_opens_in_its_commission(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_O, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    settle(several, qtbot)
    (meeting,) = other.services.records.list("meeting", other.commission_id)
    assert several.where().place == "meeting"
    assert (several.where().record_id, several.commission_id) == (meeting.id, other.commission_id)


def test_the_list_stays_as_another_commission_is_turned_to(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    page = visit(several, "actions", ActionsPage, qtbot)
    several.commissions.turn(other.commission_id)
    settle(several, qtbot)
    assert (several.place, several.where().place) == ("actions", "actions")
    assert column(page.table) == ["Chiffrer la fibre", "Visiter Semur"]


def test_those_deleted_of_several_commissions_come_back_at_once(
    several: MainWindow, qtbot: QtBot
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    page.table.selectAll()
    page.remove.trigger()
    asked = dialog(ConfirmDialog, page, qtbot)
    assert asked.windowTitle() == "Supprimer 4 suites à donner"
    press(asked, "Supprimer", qtbot)
    activate(several)
    settle(several, qtbot)
    assert column(page.table) == []
    assert not page.empty.offer.isVisible()
    several.actions_.undo.trigger()
    settle(several, qtbot)
    assert len(column(page.table)) == 4


def test_nothing_is_made_from_the_list(several: MainWindow, world: World, qtbot: QtBot) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    settle(several, qtbot)
    assert several.place == "actions"
    assert len(world.services.records.list("action")) == 4


@pytest.mark.parametrize("scale", [1.0, 1.3, 2.0])
def test_the_page_fits_at_every_size_of_text(
    several: MainWindow, qtbot: QtBot, scale: float
) -> None:
    page = list_all(several, "actions", ActionsPage, qtbot)
    several.theme.set_scale(scale)
    settle(several, qtbot)
    assert clipped(page) == []
    home = visit(several, "home", HomePage, qtbot)
    assert clipped(home) == []
    several.theme.set_scale(1.0)
