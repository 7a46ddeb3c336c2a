"""The needs, and the meetings, of every commission of a workspace in one list."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.domain.records import reference_id
from app.domain.wording import plain
from app.exchange import xlsx_file
from tests.app.documents import reading
from tests.ui.acting import (
    CONTROL,
    activate,
    clear_filter,
    column,
    dialog,
    field,
    list_all,
    pick,
    press,
    shown,
    undo,
    visit,
)
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.test_exporting import choose
from tests.ui.test_several_commissions import reopened
from tests.ui.world import World
from tests.workspaces import tie
from ui.dialogs.answer import answers
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.dialogs.document import DocumentDialog
from ui.dialogs.import_table import ImportDialog
from ui.dialogs.meeting import MeetingDialog
from ui.models.meetings import MeetingColumn
from ui.models.needs import NeedColumn
from ui.pages.list_page import ListPage
from ui.pages.meetings import MeetingsPage
from ui.pages.need import NeedPage
from ui.pages.needs import NeedsPage
from ui.pages.solutions import SolutionsPage
from ui.pages.watch import WatchPage
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

COMMISSION = list(NeedColumn).index(NeedColumn.COMMISSION)
VOUGEOT = reference_id("organisation", "21716")


@pytest.fixture
def other(world: World) -> World:
    """A second commission, with two needs where the first has one."""
    made = world.services.records.create("commission", {"name": "Éclaireurs de l'Auxois"}, None).id
    auxois = World(world.services, made, {}, {})
    world.make("need", title="Fibre", theme="network_equipment", status="qualified", severity=4)
    meeting = auxois.meeting("Réunion de l'Auxois")
    auxois.make(
        "need", title="Sauvegarde", theme="backup", organisation_ids=[VOUGEOT],
        raised_at_meeting_id=meeting.id,
    )  # fmt: skip
    auxois.make("need", title="Antivirus", theme="cybersecurity", status="qualified")
    return auxois


def test_who_has_one_commission_is_asked_nothing(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("need", title="Fibre")
    page = visit(opened, "needs", NeedsPage, qtbot)
    assert not page.panel.reach.isVisible()
    assert page.table.isColumnHidden(COMMISSION)


def test_only_lists_that_differ_from_one_commission_to_another_are_offered_whole(
    several: MainWindow, qtbot: QtBot
) -> None:
    for place, kind, offered in (
        ("needs", NeedsPage, True),
        ("meetings", MeetingsPage, True),
        ("watch", WatchPage, True),
        ("solutions", SolutionsPage, False),
    ):
        page: ListPage = visit(several, place, kind, qtbot)
        assert page.panel.reach.isVisible() is offered


def test_the_needs_of_every_commission_stand_in_one_list_each_with_its_commission(
    several: MainWindow, qtbot: QtBot
) -> None:
    page = visit(several, "needs", NeedsPage, qtbot)
    assert (column(page.table), page.table.isColumnHidden(COMMISSION)) == (["Fibre"], True)
    list_all(several, "needs", NeedsPage, qtbot)
    assert dict(zip(column(page.table), column(page.table, COMMISSION), strict=True)) == {
        "Sauvegarde": "Éclaireurs de l'Auxois",
        "Fibre": "Commission de la Côte",
        "Antivirus": "Éclaireurs de l'Auxois",
    }
    assert not page.table.isColumnHidden(COMMISSION)
    row = next(one for one in page.table.rows.sourceModel().rows if one.title == "Sauvegarde")
    assert (row.communes, bool(row.raised_at)) == (["Vougeot"], True)
    pick(page.panel.reach, None)
    settle(several, qtbot)
    assert (column(page.table), page.table.isColumnHidden(COMMISSION)) == (["Fibre"], True)


def test_the_list_of_all_is_filtered_and_sorted_by_commission_too(
    several: MainWindow, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.table.set_order(COMMISSION, down=True)
    assert column(page.table, COMMISSION) == [
        "Éclaireurs de l'Auxois", "Éclaireurs de l'Auxois", "Commission de la Côte"
    ]  # fmt: skip
    page.panel.filter.setText("auxois")
    assert sorted(column(page.table)) == ["Antivirus", "Sauvegarde"]
    pick(page.panel.choices[0], "qualified")
    assert column(page.table) == ["Antivirus"]
    assert page.panel.count.text() == "1 sur 3"
    clear_filter(page.panel)
    assert len(column(page.table)) == 3


def test_what_is_copied_and_exported_says_of_which_commission_each_need_is(
    several: MainWindow, qtbot: QtBot, saved_file: Path
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.table.set_order(0)
    choose(page, "Copier la liste")
    lines = [one.split("\t") for one in QGuiApplication.clipboard().text().splitlines()]
    wanted = [
        ["Besoin", "Commission"], ["Antivirus", "Éclaireurs de l'Auxois"],
        ["Fibre", "Commission de la Côte"], ["Sauvegarde", "Éclaireurs de l'Auxois"],
    ]  # fmt: skip
    assert [line[:2] for line in lines] == wanted
    choose(page, "Exporter la liste…")
    settle(several, qtbot)
    sheet = xlsx_file.read(saved_file.with_name("choisi.bin.xlsx").read_bytes())
    assert [list(sheet.headings[:2]), *(list(row.cells[:2]) for row in sheet.rows)] == wanted


def test_the_file_of_a_list_of_all_bears_the_name_of_no_commission(
    several: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def ask(*args: str) -> tuple[str, str]:
        offered.append(Path(args[2]).name)
        return "", ""

    monkeypatch.setattr("ui.saving.QFileDialog.getSaveFileName", ask)
    choose(list_all(several, "needs", NeedsPage, qtbot), "Exporter la liste…")
    settle(several, qtbot)
    assert offered == ["besoins.xlsx"]


def test_a_need_opens_in_its_commission_and_the_list_of_all_is_as_it_was_on_the_way_back(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.panel.filter.setFocus()
    page.panel.filter.setText("a")
    pick(page.panel.choices[0], "qualified")
    pick(page.panel.choices[1], "cybersecurity")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    settle(several, qtbot)
    assert (several.place, several.commission_id) == ("need", other.commission_id)
    assert several.navigation.chooser.accessibleName().startswith("Commission : Éclaireurs")
    several.go("needs")
    settle(several, qtbot)
    assert [choice.value() for choice in page.panel.choices] == ["qualified", "cybersecurity"]
    assert (page.panel.filter.text(), column(page.table)) == ("a", ["Antivirus"])
    assert [row.title for row in page.table.chosen()] == ["Antivirus"]


def test_asking_for_the_others_too_keeps_the_filters_and_the_next_start_keeps_both(
    several: MainWindow, world: World, preferences: Preferences, qtbot: QtBot
) -> None:
    page = visit(several, "needs", NeedsPage, qtbot)
    pick(page.panel.choices[0], "qualified")
    list_all(several, "needs", NeedsPage, qtbot)
    assert sorted(column(page.table)) == ["Antivirus", "Fibre"]
    several.close()
    with reopened(world.services, preferences, qtbot) as made:
        again = visit(made, "needs", NeedsPage, qtbot)
        assert again.panel.reach.value() is True
        assert sorted(column(again.table)) == ["Antivirus", "Fibre"]


def test_what_is_made_from_the_list_of_all_goes_to_the_commission_shown(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    settle(several, qtbot)
    made = several.pages["need"]
    assert isinstance(made, NeedPage)
    qtbot.keyClicks(made.form.field("title"), "Wifi")
    made.flush()
    settle(several, qtbot)
    (stored,) = [one for one in world.services.records.list("need") if one.fields.title == "Wifi"]
    assert stored.commission_id == world.commission_id


def test_needs_of_several_commissions_make_no_group_and_what_can_answer_them_is_told(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.table.selectAll()
    page.group.trigger()
    settle(several, qtbot)
    assert page.findChildren(FormDialog) == []
    assert "Un groupe réunit des besoins d'une même commission" in plain(several.banner.text())
    page.panel.filter.setText("auxois")
    page.table.selectAll()
    page.group.trigger()
    asked = dialog(FormDialog, page, qtbot)
    assert asked.windowTitle() == "Regrouper 2 besoins"
    press(asked, "Regrouper", qtbot)
    settle(several, qtbot)
    rows = page.table.rows.sourceModel().rows
    assert {one.title: one.group for one in rows} == {
        "Sauvegarde": "Sauvegarde", "Antivirus": "Sauvegarde", "Fibre": ""
    }  # fmt: skip
    (group,) = other.services.records.list("need_group")
    assert group.commission_id == other.commission_id


def test_one_solution_is_chosen_for_the_needs_of_several_commissions(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    records = world.services.records
    shared = records.create("solution", {"title": "Sauvegarde partagée"}, None)
    before = {one.id: one.fields.status for one in records.list("need")}
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.table.selectAll()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_R, CONTROL)
    asked = dialog(FormDialog, page, qtbot)
    asked.form.set_values({"solution_id": shared.id})
    press(asked, "Enregistrer", qtbot)
    settle(several, qtbot)
    assert {one.fields.solution_id for one in records.list("need")} == {shared.id}
    assert "Une solution répond à 3 besoins" in plain(several.banner.text())
    undo(several, qtbot)
    settle(several, qtbot)
    assert {one.id: one.fields.status for one in records.list("need")} == before


def test_needs_are_offered_the_solutions_that_may_answer_all_of_them(
    world: World, other: World
) -> None:
    records = world.services.records
    for fields in ({"title": "Partout"}, {"title": "Retirée", "status": "refused"}):
        records.create("solution", fields, None)
    world.make("solution", title="Ici")
    needs = records.list("need")
    here = [one.id for one in needs if one.commission_id == world.commission_id]
    for chosen, offered in ((here, {"Partout", "Ici"}), ([one.id for one in needs], {"Partout"})):
        found = answers(world.services, chosen)
        assert ({one.words for one in found.solutions}, found.shared) == (offered, False)


def test_the_gip_makes_one_solution_for_the_region_of_the_needs_chosen(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    tie(world.services, "gip")
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.table.selectAll()
    page.answer.trigger()
    press(dialog(FormDialog, page, qtbot), "Nouvelle solution pour la région", qtbot)
    settle(several, qtbot)
    assert several.place == "solution"
    (made,) = world.services.records.list("solution")
    assert made.commission_id is None
    assert {one.fields.solution_id for one in world.services.records.list("need")} == {made.id}


def test_the_state_of_needs_is_of_what_is_listed(several: MainWindow, qtbot: QtBot) -> None:
    page = visit(several, "needs", NeedsPage, qtbot)
    for reach, whose, with_template in (
        (None, {"Fibre"}, True),
        (True, {"Fibre", "Sauvegarde", "Antivirus"}, False),
    ):
        pick(page.panel.reach, reach)
        settle(several, qtbot)
        page.report.trigger()
        paper = dialog(DocumentDialog, page, qtbot)
        settle(several, qtbot)
        assert paper.pane.made is not None
        said = reading.text(paper.pane.made.data)
        assert {one for one in ("Fibre", "Sauvegarde", "Antivirus") if one in said} == whose
        assert paper.pane.model_button.isVisible() is with_template
        paper.reject()
        settle(several, qtbot)


def test_a_commission_renamed_or_gone_is_followed(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    world.services.records.update(other.commission_id, {"name": ""})
    several.spread(frozenset({"commission"}))
    settle(several, qtbot)
    assert set(column(page.table, COMMISSION)) == {"Sans nom", "Commission de la Côte"}
    world.services.records.delete(other.commission_id, cascade=True)
    several.spread(frozenset({"commission"}))
    settle(several, qtbot)
    assert (column(page.table), page.panel.reach.isVisible()) == (["Fibre"], False)
    assert page.table.isColumnHidden(COMMISSION)


def test_the_list_of_meetings_follows_a_commission_renamed(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    page = visit(several, "meetings", MeetingsPage, qtbot)
    pick(page.panel.reach, True)
    settle(several, qtbot)
    world.services.records.update(other.commission_id, {"name": "Auxois"})
    several.spread(frozenset({"commission"}))
    settle(several, qtbot)
    commission = list(MeetingColumn).index(MeetingColumn.COMMISSION)
    assert column(page.table, commission) == ["Auxois"]


def test_the_list_of_all_meetings_says_who_came_and_where_the_quorum_was_missed(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    for title, present, days in (("Mai", 3, -60), ("Juin", 2, -40)):
        meeting = world.meeting(title, days=days)
        services = world.services
        services.meetings.open(meeting.id, meeting.fields.starts_at)
        for number, (town, seat) in enumerate(world.seats.items()):
            world.make(
                "attendance", meeting_id=meeting.id, roster_entry_id=seat,
                person_id=world.persons[town], status="present" if number < present else "excused",
            )  # fmt: skip
    page = visit(several, "meetings", MeetingsPage, qtbot)
    turnout = list(MeetingColumn).index(MeetingColumn.TURNOUT)
    assert page.table.isColumnHidden(turnout)
    pick(page.panel.reach, True)
    settle(several, qtbot)
    page.table.set_order(turnout, down=True)
    title = list(MeetingColumn).index(MeetingColumn.TITLE)
    said = dict(zip(column(page.table, title), column(page.table, turnout), strict=True))
    assert said == {
        "Mai": "3 sur 5", "Juin": "2 sur 5, sans quorum", "Réunion de l'Auxois": ""
    }  # fmt: skip
    page.panel.filter.setText("sans quorum")
    assert column(page.table, title) == ["Juin"]
    late = next(
        one for one in world.services.records.list("attendance", meeting_id=meeting.id)
        if one.fields.status == "excused"
    )  # fmt: skip
    begins = meeting.fields.starts_at or ""
    arrived = {"arrived": f"{begins[:11]}23:00:00{begins[19:]}", "left": None}
    world.services.records.update(late.id, {"status": "present", "intervals": [arrived]})
    several.spread(frozenset({"attendance"}))
    settle(several, qtbot)
    assert column(page.table, turnout) == ["2 sur 5, sans quorum, 1 en retard"]
    world.services.records.update(late.id, {"intervals": []})
    several.spread(frozenset({"attendance"}))
    settle(several, qtbot)
    assert column(page.table, title) == []


def test_a_meeting_of_another_commission_is_changed_among_its_own_people(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    other.make("person", organisation_id=VOUGEOT, last_name="Petit")
    page = visit(several, "meetings", MeetingsPage, qtbot)
    pick(page.panel.reach, True)
    settle(several, qtbot)
    assert column(page.table, list(MeetingColumn).index(MeetingColumn.TITLE)) == [
        "Réunion de l'Auxois"
    ]
    page.table.selectRow(0)
    page.edit.trigger()
    asked = dialog(MeetingDialog, page, qtbot)
    chair = field(asked.form, "chair_person_id")
    chair.setFocus()
    offered = chair.completer().model()
    assert [offered.index(row, 0).data() for row in range(offered.rowCount())] == [
        "Petit (Vougeot)"
    ]
    asked.reject()


def test_a_screen_reader_hears_what_the_choice_is_of(several: MainWindow, qtbot: QtBot) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    spoken = QAccessible.queryAccessibleInterface(page.panel.reach)
    names = [one.text(QAccessible.Text.Name) for one, _ in spoken.relations()]
    assert names == ["Commissions"]


@pytest.mark.parametrize("scale", [1.0, 1.3, 2.0])
def test_the_choice_fits_at_every_size_of_text(
    several: MainWindow, qtbot: QtBot, scale: float
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    several.theme.set_scale(scale)
    settle(several, qtbot)
    assert clipped(page) == []
    assert page.panel.reach.y() == page.panel.choices[0].y()
    several.theme.set_scale(1.0)


def test_what_is_all_of_one_other_commission_says_so_in_the_list_of_all(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    for need in world.services.records.list("need", world.commission_id):
        world.services.records.delete(need.id)
    page = list_all(several, "needs", NeedsPage, qtbot)
    assert column(page.table, COMMISSION) == ["Éclaireurs de l'Auxois"] * 2
    assert not page.table.isColumnHidden(COMMISSION)
    meetings = visit(several, "meetings", MeetingsPage, qtbot)
    pick(meetings.panel.reach, True)
    settle(several, qtbot)
    assert meetings.table.headings()[3] == "Commission"


def test_what_is_deleted_of_several_commissions_at_once_comes_back_at_once(
    several: MainWindow, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.table.selectAll()
    page.remove.trigger()
    press(dialog(ConfirmDialog, page, qtbot), "Supprimer", qtbot)
    settle(several, qtbot)
    assert column(page.table) == []
    for gesture, done, left in (
        (several.actions_.undo, "Annulé", 3),
        (several.actions_.redo, "Rétabli", 0),
    ):
        gesture.trigger()
        settle(several, qtbot)
        assert len(column(page.table)) == left
        assert plain(several.banner.text()) == (
            f"{done} dans les commissions « Commission de la Côte » et « Éclaireurs de l'Auxois » :"
            " suppression de 3 besoins."
        )


def test_a_need_of_another_commission_that_is_deleted_is_left_for_the_list_of_all(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.table.set_order(0)
    page.table.setFocus()
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    settle(several, qtbot)
    need = several.pages["need"]
    assert isinstance(need, NeedPage)
    need.remove.trigger()
    press(dialog(ConfirmDialog, need, qtbot), "Supprimer", qtbot)
    activate(several)
    settle(several, qtbot)
    assert (several.place, several.commission_id) == ("needs", other.commission_id)
    assert page.table.hasFocus()
    assert column(page.table) == ["Fibre", "Sauvegarde"]
    assert [row.title for row in page.table.chosen()] == ["Fibre"]
    several.actions_.undo.trigger()
    settle(several, qtbot)
    assert column(page.table) == ["Antivirus", "Fibre", "Sauvegarde"]
    assert [row.title for row in page.table.chosen()] == ["Fibre"]


def test_a_table_imported_from_the_list_of_all_goes_to_the_commission_shown(
    several: MainWindow,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    path = tmp_path / "besoins.csv"
    path.write_text("Titre\nWifi\n", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(path), ""))
    page = list_all(several, "needs", NeedsPage, qtbot)
    choose(page, "Importer un tableau…")
    asked = dialog(ImportDialog, page, qtbot)
    settle(several, qtbot)
    assert "Les lignes vont dans la commission « Commission de la Côte »." in plain(shown(asked))
    asked.take.click()
    settle(several, qtbot)
    assert len(column(page.table)) == 4
    (made,) = [one for one in world.services.records.list("need") if one.fields.title == "Wifi"]
    assert made.commission_id == world.commission_id


def test_where_one_commission_is_left_its_list_is_a_list_of_one_until_another_comes(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    several.commissions.turn(other.commission_id)
    world.services.records.delete(other.commission_id, cascade=True)
    several.spread(frozenset({"commission"}))
    settle(several, qtbot)
    assert (page.listed_id, column(page.table)) == (world.commission_id, ["Fibre"])
    several.actions_.undo.trigger()
    settle(several, qtbot)
    assert (page.panel.reach.isVisible(), len(column(page.table))) == (True, 3)
    assert not page.table.isColumnHidden(COMMISSION)


def test_what_is_filtered_in_the_list_of_all_is_not_what_another_commission_is_filtered_by(
    several: MainWindow, other: World, preferences: Preferences, qtbot: QtBot
) -> None:
    page = list_all(several, "needs", NeedsPage, qtbot)
    pick(page.panel.choices[0], "qualified")
    several.commissions.turn(other.commission_id)
    settle(several, qtbot)
    assert page.panel.choices[0].value() == "qualified"
    name = f"{page.table.objectName()}.0"
    assert preferences.choice(None, name) == "qualified"
    assert preferences.choice(other.commission_id, name) is None


def test_a_list_of_all_that_is_read_again_stays_where_it_was(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    for number in range(60):
        other.make("need", title=f"Poste {number:02}")
    page = list_all(several, "needs", NeedsPage, qtbot)
    page.table.set_order(0)
    page.table.select_where("Poste 40", "title")
    before = page.table.verticalScrollBar().value()
    assert before > 0
    several.spread(frozenset())
    settle(several, qtbot)
    assert page.table.verticalScrollBar().value() == before
    assert [row.title for row in page.table.chosen()] == ["Poste 40"]


def test_without_a_commission_no_list_of_all_is_offered(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    window.open_on(services)
    settle(window, qtbot)
    for place, kind in (("needs", NeedsPage), ("meetings", MeetingsPage)):
        page: ListPage = visit(window, place, kind, qtbot)
        assert not page.panel.reach.isVisible()
        assert column(page.table) == []
