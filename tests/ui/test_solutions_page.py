"""Solutions: proposed, priced, and shared between those who are ticked."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from app.domain import validation
from app.domain.cost_plan import read_terms
from app.domain.cost_terms import terms
from app.domain.records import Envelope, Record, reference_id
from app.domain.wording import plain
from app.storage.tables import central_link
from tests.app.documents.reading import text
from tests.positions import take_part
from tests.ui.acting import CONTROL, column, dialog, shown
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.cost_plan import OfferDialog, TermsDialog
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.dialogs.document import DocumentDialog
from ui.models.solutions import solution_rows
from ui.models.table import TableModel
from ui.pages.solution import ABOUT, COMPARISON, PARTICIPANTS, PLAN, SolutionPage
from ui.pages.solutions import SolutionsPage
from ui.widgets.column_widths import LEAST_WIDTH
from ui.widgets.fields import LongField, TextField
from ui.widgets.rows_field import RowsField
from ui.window.main_window import MainWindow

VOUGEOT = reference_id("organisation", "21716")
AGENCOURT = reference_id("organisation", "21001")

TWO_TIERS: dict[str, Any] = {
    "years": 2,
    "vat_rate": "0.20",
    "key": {"kind": "equal"},
    "offers": [
        {
            "id": "A",
            "supplier": "GIP",
            "tiers": [
                {"from_participants": 1, "yearly_cents": 60000},
                {"from_participants": 3, "yearly_cents": 30000},
            ],
        }
    ],
}


def solutions(window: MainWindow, qtbot: QtBot) -> SolutionsPage:
    window.go("solutions")
    settle(window, qtbot)
    page = window.pages["solutions"]
    assert isinstance(page, SolutionsPage)
    return page


def solution(window: MainWindow, qtbot: QtBot, record_id: str = "new") -> SolutionPage:
    window.go("solution", record_id)
    settle(window, qtbot)
    page = window.pages["solution"]
    assert isinstance(page, SolutionPage)
    return page


def cells(page: SolutionPage, town: str) -> list[str]:
    """The visible cells of a commune, after its name."""
    rows = page.participants.table.rows
    number = next(n for n in range(rows.rowCount()) if rows.index(n, 1).data() == town)
    found = [str(rows.index(number, column).data()) for column in range(2, rows.columnCount())]
    return [plain(one) for one in found]


def press_on(page: SolutionPage, town: str, key: Qt.Key, *modifiers: Any) -> None:
    page.participants.table.select_where(town, "title")
    page.participants.table.setFocus()
    QTest.keyClick(page.participants.table, key, *modifiers)


def said(world: World) -> dict[str, str]:
    """What each organisation said, as it is stored."""
    return {
        one.fields.organisation_id or "": one.fields.intention
        for one in world.services.records.list("commitment")
    }


@pytest.fixture
def priced(world: World) -> Record[Any]:
    return world.make("solution", title="Sauvegarde partagée", plan=TWO_TIERS)


def test_an_empty_list_teaches_and_opens_a_new_solution_that_saves_itself(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = solutions(opened, qtbot)
    assert page.empty.isVisible()
    qtbot.mouseClick(page.empty.offer, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    made: Any = opened.pages["solution"]
    assert made.tabs.currentIndex() == ABOUT
    assert not made.tabs.isTabEnabled(PARTICIPANTS)
    type_text(made.form.field("title"), "Coffre-fort")
    qtbot.waitUntil(lambda: bool(world.services.records.list("solution")))
    qtbot.waitUntil(lambda: made.tabs.isTabEnabled(PARTICIPANTS))
    (stored,) = world.services.records.list("solution")
    assert (stored.fields.title, stored.commission_id) == ("Coffre-fort", world.commission_id)


def test_the_list_counts_participants_and_needs(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    need = world.make("need", title="Sauvegarde")
    world.services.records.update(priced.id, {"need_ids": [need.id]})
    take_part(world.services.solutions, priced.id, VOUGEOT, "interested")
    other = reference_id("organisation", "21001")
    take_part(world.services.solutions, priced.id, other, "declined")
    rows = solutions(opened, qtbot).table.rows
    shown = [rows.index(0, column).data() for column in range(rows.columnCount())]
    assert shown == ["Sauvegarde partagée", "", "Service du GIP", "1", "1", "À l'étude", ""]


def test_the_list_reads_no_position_on_what_another_commission_proposes(
    world: World, priced: Record[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    records, solutions = world.services.records, world.services.solutions
    elsewhere = records.create("commission", {"name": "Ailleurs"}, None).id
    other = records.create("solution", {"title": "D'ailleurs"}, elsewhere)
    shared = records.create("solution", {"title": "Sauvegarde régionale"}, None)
    for one in (priced, other, shared):
        take_part(solutions, one.id, VOUGEOT, "interested", commission_id=world.commission_id)
    take_part(solutions, shared.id, AGENCOURT, "committed", commission_id=elsewhere)
    read, typed = list[str](), validation.typed

    def noted(envelope: Envelope) -> Record[Any]:
        read.append(envelope.kind)
        return typed(envelope)

    monkeypatch.setattr(validation, "typed", noted)
    rows = solution_rows(world.services, world.commission_id)
    assert [row.participants for row in rows] == [1, 2]
    assert read.count("commitment") == 3


def test_a_tick_by_space_shares_the_cost_at_once_and_is_stored(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    assert page.tabs.currentIndex() == PARTICIPANTS
    assert "Cochez les communes" in page.progress.text()
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    press_on(page, "Agencourt", Qt.Key.Key_Space)
    assert cells(page, "Vougeot") == [
        "Intéressée", "", "600,00 €", "720,00 €", "1 200,00 €", "600,00 €", "50,0 %", "Y gagne",
    ]  # fmt: skip
    assert plain(page.headline.text()) == (
        "2 participants : 300 € HT par an pour Agencourt, au lieu de 600 € seule"
    )
    assert "Encore 1 commune et le prix moyen passe de 300 € à 100 €" in plain(page.progress.text())
    qtbot.waitUntil(lambda: list(said(world).values()) == ["interested"] * 2)
    settle(opened, qtbot)
    assert cells(page, "Vougeot")[0] == "Intéressée"


def test_a_second_space_takes_the_tick_back(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    take_part(world.services.solutions, priced.id, VOUGEOT, "interested", units=4)
    page = solution(opened, qtbot, priced.id)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(world) == {})
    settle(opened, qtbot)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})
    assert world.services.solutions.commitments(priced.id)[0].fields.units_ == 4


def test_what_a_sync_brings_stays_as_a_position_or_an_offer_is_being_written(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    solutions = world.services.solutions
    take_part(solutions, priced.id, VOUGEOT, "interested", units=4)
    page = solution(opened, qtbot, priced.id)
    row = next(one for one in page.taking_part.standings if one.id == VOUGEOT)
    page.participants.edited.emit(row)
    asked = dialog(FormDialog, page, qtbot)
    take_part(solutions, priced.id, VOUGEOT, "committed", units=5)
    opened.spread(frozenset({"commitment"}))
    settle(opened, qtbot)
    type_text(asked.form.field("alone_cents"), "700")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    settle(opened, qtbot)
    (kept,) = solutions.commitments(priced.id)
    assert (kept.fields.intention, kept.fields.units_, kept.fields.alone_cents) == (
        "committed", 5, 70000,
    )  # fmt: skip
    plan = world.get(priced).plan
    page.plan.offer_requested.emit("")
    asked = dialog(OfferDialog, page, qtbot)
    came = {"id": "Z", "supplier": "Serein", "tiers": [{"from_participants": 1}]}
    solutions.save_plan(priced.id, plan | {"offers": [*plan["offers"], came]})
    type_text(asked.form.field("supplier"), "Vigie")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    settle(opened, qtbot)
    suppliers = [one["supplier"] for one in world.get(priced).plan["offers"]]
    assert {"Serein", "Vigie"} <= set(suppliers)
    assert len(suppliers) == len(plan["offers"]) + 2


def test_one_undo_takes_back_what_was_ticked_at_once_and_says_so(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})
    press_on(page, "Vougeot", Qt.Key.Key_A, CONTROL)
    QTest.keyClick(page.participants.table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(said(world)) == 5)
    settle(opened, qtbot)
    QTest.keyClick(page.participants.table, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})
    settle(opened, qtbot)
    assert "Annulé : position de 4 collectivités." in plain(opened.banner.text())
    assert cells(page, "Agencourt")[0] == ""


def test_what_was_read_before_a_tick_does_not_take_it_away(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    shown, rows = list[bool](), page.participants.table.rows

    def note(*_: object) -> None:
        shown.append(any(one.takes_part for one in page.taking_part.standings))

    page.refresh()
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    for told in (rows.modelReset, rows.layoutChanged, rows.dataChanged):
        told.connect(note)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})
    settle(opened, qtbot)
    assert shown
    assert all(shown)


def test_a_tick_on_a_solution_deleted_meanwhile_leads_back_to_the_list(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    world.services.solutions.delete([priced.id])
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not page.isVisible())
    assert opened.banner.text()
    assert said(world) == {}


def test_what_was_selected_is_selected_again_at_once(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    table = page.participants.table
    table.selectAll()
    changed = list[object]()
    table.selectionModel().selectionChanged.connect(lambda now, was: changed.append(now))
    page.participants.show_standings(page.taking_part.standings, page.costs)
    assert [row.title for row in table.chosen()] == column(table, 1)
    assert len(table.chosen()) == 5
    assert len(changed) <= 2  # the row of the keyboard, then all of them, be they hundreds


def test_nothing_is_compared_before_it_is_looked_at(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    settle(opened, qtbot)
    assert page.comparison.keys.total == 0
    page.tabs.setCurrentIndex(COMPARISON)
    assert column(page.comparison.keys) == ["Vougeot"]
    page.tabs.setCurrentIndex(PARTICIPANTS)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    settle(opened, qtbot)
    page.tabs.setCurrentIndex(COMPARISON)
    assert "Cochez les communes intéressées" in shown(page.comparison)


def test_who_declined_stays_out_of_what_is_ticked_together_and_is_ticked_alone(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    press_on(page, "Vougeot", Qt.Key.Key_D, CONTROL)
    for ticked in (4, 0):
        press_on(page, "Vougeot", Qt.Key.Key_A, CONTROL)
        QTest.keyClick(page.participants.table, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda ticked=ticked: [*said(world).values()].count("interested") == ticked)
        settle(opened, qtbot)
        assert said(world)[VOUGEOT] == "declined"
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})


def test_typing_a_name_goes_to_it(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    table = page.participants.table
    type_text(table, "vou")
    assert [row.title for row in table.chosen()] == ["Vougeot"]
    QTest.keyClick(table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})


def test_where_nothing_can_be_compared_the_comparison_says_why(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("solution", title="Coffre", plan=TWO_TIERS | {"key": {"kind": "usage"}})
    page = solution(opened, qtbot, made.id)
    page.tabs.setCurrentIndex(COMPARISON)
    assert "Cochez les communes intéressées" in shown(page.comparison)
    page.tabs.setCurrentIndex(PARTICIPANTS)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    page.tabs.setCurrentIndex(COMPARISON)
    assert "saisissez les unités de chacun, ou choisissez une autre clé" in shown(page.comparison)


def test_a_click_on_the_box_ticks_and_keys_commit_or_decline(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    table = page.participants.table
    table.select_where("Vougeot", "title")
    box = table.visualRect(table.currentIndex().siblingAtColumn(0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert cells(page, "Vougeot")[0] == "Intéressée"
    press_on(page, "Vougeot", Qt.Key.Key_E, CONTROL)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "committed"})
    press_on(page, "Vougeot", Qt.Key.Key_D, CONTROL)
    assert cells(page, "Vougeot")[0] == "Ne participe pas"
    assert page.costs is None
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "declined"})


def test_whoever_would_pay_more_together_is_flagged(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    press_on(page, "Agencourt", Qt.Key.Key_Space)
    press_on(page, "Vougeot", Qt.Key.Key_Return)
    asked = dialog(FormDialog, page, qtbot)
    type_text(asked.form.field("alone_cents"), "1 20x")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    assert asked.isVisible()
    asked.form.field("alone_cents").clear()
    type_text(asked.form.field("alone_cents"), "400,50")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: cells(page, "Vougeot")[-1] == "Paie plus")
    assert cells(page, "Vougeot")[4:7] == ["400,50 €", "-199,50 €", "-49,8 %"]
    assert "contre 200 € seule" in plain(page.headline.text())
    assert "Vougeot paierait plus ensemble que seule" in page.progress.text()


def test_a_first_offer_is_typed_in_euros_and_its_tiers_are_checked(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("solution", title="Coffre")
    page = solution(opened, qtbot, made.id)
    assert page.tabs.currentIndex() == PLAN
    qtbot.mouseClick(page.plan.empty.offer, Qt.MouseButton.LeftButton)
    asked = dialog(OfferDialog, page, qtbot)
    assert "un poste, une boîte aux lettres électronique" in shown(asked)
    type_text(asked.form.field("supplier"), "Serein Numérique")
    tiers: RowsField = asked.form.field("tiers")
    type_text(tiers.rows[0].form.field("yearly_cents"), "1 200,50")
    qtbot.mouseClick(tiers.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tiers.rows[1].isVisible)
    qtbot.waitUntil(lambda: clipped(asked) == [])  # the others leave the new one its room
    type_text(tiers.rows[1].form.field("from_participants"), "1")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    wanted = "Chaque palier part de plus de participants que le précédent."
    start = tiers.rows[1].form.field("from_participants")
    qtbot.waitUntil(lambda: start.property("invalid") is True)
    assert wanted in [one.text() for one in tiers.rows[1].findChildren(QWidget) if _text(one)]
    type_text(start, "0")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: world.get(made).plan is not None)
    (offer,) = world.get(made).plan["offers"]
    assert offer == {
        "id": "A",
        "supplier": "Serein Numérique",
        "tiers": [{"from_participants": 1, "yearly_cents": 120050}, {"from_participants": 10}],
    }


def test_a_column_of_a_quote_goes_down_the_tiers_and_adds_those_that_lack(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("solution", title="Coffre")
    page = solution(opened, qtbot, made.id)
    qtbot.mouseClick(page.plan.empty.offer, Qt.MouseButton.LeftButton)
    asked = dialog(OfferDialog, page, qtbot)
    type_text(asked.form.field("supplier"), "Serein Numérique")
    tiers: RowsField = asked.form.field("tiers")
    for name, cells_copied in (
        ("from_participants", "À partir de\r\n1\r\n10\r\n25\r\n"),
        ("yearly_per_participant_cents", "1 200,50 €\r\ngratuit\r\n800,5\r\n"),
    ):
        QGuiApplication.clipboard().setText(cells_copied)
        qtbot.keyClick(tiers.rows[0].form.field(name), Qt.Key.Key_V, CONTROL)
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    wrong = tiers.rows[1].form.field("yearly_per_participant_cents")
    qtbot.waitUntil(lambda: wrong.property("invalid") is True)
    QGuiApplication.clipboard().setText("900\t1000\n700\t800\n")
    wrong.selectAll()
    qtbot.keyClick(wrong, Qt.Key.Key_V, CONTROL)
    assert wrong.text() == "900\t1000\n700\t800\n"  # which the field refuses
    wrong.selectAll()
    QGuiApplication.clipboard().setText("900\n700\n")
    qtbot.keyClick(wrong, Qt.Key.Key_V, CONTROL)
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: world.get(made).plan is not None)
    assert world.get(made).plan["offers"][0]["tiers"] == [
        {"from_participants": 1, "yearly_per_participant_cents": 120050},
        {"from_participants": 10, "yearly_per_participant_cents": 90000},
        {"from_participants": 25, "yearly_per_participant_cents": 70000},
    ]


def _text(one: QWidget) -> str:
    return one.text() if hasattr(one, "text") else ""


def test_the_rules_ask_for_what_the_key_needs(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    page.tabs.setCurrentIndex(PLAN)
    assert "Règles de répartition" in shown(page.plan)
    assert "Clé de répartition" in shown(page.plan)
    qtbot.mouseClick(page.plan.change, Qt.MouseButton.LeftButton)
    asked = dialog(TermsDialog, page, qtbot)
    assert not asked.form.field("fixed_share").isVisible()
    asked.kind.set_value("mixed")
    qtbot.waitUntil(asked.form.field("fixed_share").isVisible)
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: asked.form.field("fixed_share").property("invalid") is True)
    type_text(asked.form.field("fixed_share"), "30")
    type_text(asked.form.field("subsidy_cents"), "1 500")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    mixed = {"kind": "mixed", "fixed_share": "0.3"}
    qtbot.waitUntil(lambda: world.get(priced).plan["key"] == mixed)
    assert world.get(priced).plan["subsidy_cents"] == 150000
    assert world.get(priced).plan["offers"] == TWO_TIERS["offers"]


def test_the_strata_of_a_key_are_said_in_good_french() -> None:
    strata = [{"from": 0, "weight": "1"}, {"from": 500, "weight": "2.5"}]
    plan = read_terms(TWO_TIERS | {"key": {"kind": "strata", "strata": strata}})
    assert dict(terms(plan))["Strates"] == "dès 0 habitant : 1 ; dès 500 habitants : 2,5"


def test_a_long_description_is_read_whole(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    said = "Chaque nuit, les dossiers de la mairie sont copiés dans deux centres. " * 4
    world.services.records.update(priced.id, {"description": f"{said}\n\nPrix fictifs."})
    page = solution(opened, qtbot, priced.id)
    page.tabs.setCurrentIndex(page.tabs.count() - 1)
    settle(opened, qtbot)
    text = page.form.field("description")
    assert isinstance(text, LongField)
    assert text.isVisible()
    qtbot.waitUntil(lambda: text.document().size().height() > 4)
    qtbot.waitUntil(lambda: text.verticalScrollBar().maximum() == 0)


def test_the_keyboard_comes_back_in_sight_to_a_tab_whose_contents_went_meanwhile(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    take_part(world.services.solutions, priced.id, VOUGEOT, "interested")
    page = solution(opened, qtbot, priced.id)
    plan, compared = page.plan, page.comparison.offers
    for tab, left, offers in ((PLAN, plan.add, None), (PLAN, plan.empty.offer, TWO_TIERS),
                              (COMPARISON, compared, None)):  # fmt: skip
        page.tabs.setCurrentIndex(tab)
        left.setFocus()
        page.tabs.setCurrentIndex(ABOUT)
        world.services.records.update(priced.id, {"plan": offers})
        opened.spread(frozenset({"solution"}))
        settle(opened, qtbot)
        page.tabs.setCurrentIndex(tab)
        here = QApplication.focusWidget()
        assert here is not None and here.isVisible() and page.tabs.isAncestorOf(here)


def test_the_keys_stand_side_by_side(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    press_on(page, "Agencourt", Qt.Key.Key_Space)
    page.tabs.setCurrentIndex(COMPARISON)
    keys = page.comparison.keys
    assert [keys.isColumnHidden(column) for column in range(1, 7)] == [
        False, False, True, False, True, False,
    ]  # fmt: skip
    for table in (page.comparison.offers, keys):  # with every column, on a small laptop's screen
        model = table.rows.sourceModel()
        assert isinstance(model, TableModel)
        taken = sum(one.width or LEAST_WIDTH for one in model.columns)
        assert taken <= table.viewport().width()
    assert sum(row.shares["equal"] for row in model.rows) == 120000


def test_a_document_has_the_words_just_typed_even_if_they_wait_to_be_stored(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    page.tabs.setCurrentIndex(ABOUT)
    disk = Event()
    opened.tasks.run(disk.wait)
    type_text(page.form.field("title"), " mutualisée")
    QTest.keyClick(page, Qt.Key.Key_P, CONTROL)
    paper = dialog(DocumentDialog, page, qtbot)
    disk.set()
    qtbot.waitUntil(lambda: paper.pane.made is not None)
    assert paper.pane.made is not None
    assert "mutualisée" in text(paper.pane.made.data)


def test_a_commune_that_left_and_still_takes_part_is_named(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})
    world.services.records.update(VOUGEOT, {"membership": "left", "left_on": "2026-12-31"})
    page.on_changed(frozenset({"organisation"}))
    settle(opened, qtbot)
    assert "Prend part sans plus être adhérente : Vougeot." in plain(page.progress.text())
    QTest.keyClick(page, Qt.Key.Key_P, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    paper = dialog(DocumentDialog, page, qtbot)
    qtbot.waitUntil(lambda: paper.pane.made is not None)
    assert plain(paper.banner.text()) == (
        "Prend part sans plus être adhérente : Vougeot. Le dossier a son projet de délibération :"
        " si elle n'a plus de conseil, notez qu'elle ne participe pas."
    )


@pytest.mark.parametrize("status", ["unfavourable", "refused"])
def test_nobody_is_urged_to_join_what_was_turned_down(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot, status: str
) -> None:
    need = world.make("need", title="Sauvegarde", organisation_ids=[AGENCOURT])
    world.services.records.update(priced.id, {"need_ids": [need.id], "status": "proposed"})
    page = solution(opened, qtbot, priced.id)
    asked = "Cochez les communes intéressées"
    assert asked in page.progress.text()
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Encore 2 communes" in plain(page.progress.text()))
    assert "sans s'être prononcée" in page.progress.text()
    world.services.records.update(priced.id, {"status": status})
    page.on_changed(frozenset({"solution"}))
    settle(opened, qtbot)
    said_now = plain(page.progress.text())
    assert "Encore" not in said_now
    assert "sans s'être prononcée" not in said_now
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Personne n'y prend part" in page.progress.text())


def test_what_was_turned_down_is_listed_last(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for title, status in (
        ("Antivirus", "refused"),
        ("Sites", "in_service"),
        ("Postes", "proposed"),
        ("Coffre", "unfavourable"),
        ("Messagerie", "proposed"),
    ):
        world.make("solution", title=title, status=status)
    listed = column(solutions(opened, qtbot).table, 0)
    assert " ".join(listed) == "Messagerie Postes Sites Coffre Antivirus"


def test_who_raised_the_same_need_is_named_until_they_answer(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    need = world.make("need", title="Sauvegarde", organisation_ids=[VOUGEOT])
    world.services.records.update(priced.id, {"need_ids": [need.id]})
    page = solution(opened, qtbot, priced.id)
    assert cells(page, "Vougeot")[-1] == "Même besoin"
    assert "A exprimé le même besoin sans s'être prononcée : Vougeot." in plain(
        page.progress.text()
    )
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})
    settle(opened, qtbot)
    assert "même besoin" not in page.progress.text()


def published(world: World) -> Record[Any]:
    """A solution that the GIP published for the region, on a laptop tied to its central."""
    fields = {"title": "Sauvegarde régionale", "plan": TWO_TIERS}
    shared = world.services.records.create("solution", fields, None)
    with world.services.workspace.unit() as unit:
        unit.connection.execute(insert(central_link).values(name="url", value='"https://gip"'))
        unit.commit()
    return shared


def test_the_solutions_of_the_region_are_listed_and_marked_and_stay_the_gip_s(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    world.services.records.create("commission", {"name": "Ailleurs"}, None)
    elsewhere = world.services.records.list("commission")[-1].id
    world.services.records.create("solution", {"title": "D'ailleurs"}, elsewhere)
    page = solutions(opened, qtbot)
    scope = page.table.rows.columnCount() - 1
    assert page.table.isColumnHidden(scope)
    shared = published(world)
    opened.spread(frozenset({"solution"}))
    settle(opened, qtbot)
    assert not page.table.isColumnHidden(scope)
    assert column(page.table) == ["Sauvegarde partagée", "Sauvegarde régionale"]
    assert column(page.table, scope) == ["", "Région"]
    page.panel.filter.setText("region")
    assert column(page.table) == ["Sauvegarde régionale"]
    page.table.selectRow(0)
    page.ask_removal()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    settle(opened, qtbot)
    assert "GIP" in opened.banner.text()
    assert world.get(shared).title == "Sauvegarde régionale"
    page.panel.filter.clear()
    page.add_one()
    settle(opened, qtbot)
    made = opened.pages["solution"]
    assert isinstance(made, SolutionPage)
    type_text(made.form.field("title"), "Coffre-fort")
    settle(opened, qtbot)
    made.flush()
    settle(opened, qtbot)
    (stored,) = world.services.records.list("solution", world.commission_id, title="Coffre-fort")
    assert stored.commission_id == world.commission_id


def test_a_solution_of_the_gip_is_only_read_but_communes_take_part_in_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    shared = published(world)
    page = solution(opened, qtbot, shared.id)
    title = page.form.field("title")
    assert isinstance(title, TextField) and title.isReadOnly()
    assert not page.form.field("theme").isEnabled()
    assert not page.plan.add.isEnabled()
    press_on(page, "Vougeot", Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: said(world) == {VOUGEOT: "interested"})
    (made,) = world.services.records.list("commitment")
    assert made.commission_id == world.commission_id


def test_what_costs_the_same_is_said_so_and_units_are_asked_where_a_price_goes_by_them(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    tier = {"from_participants": 1, "yearly_per_participant_cents": 9000}
    plan = TWO_TIERS | {"offers": [{"id": "A", "supplier": "GIP", "tiers": [tier]}]}
    made = world.make("solution", title="Signature", plan=plan)
    take_part(world.services.solutions, made.id, VOUGEOT, "interested")
    page = solution(opened, qtbot, made.id)
    said = "1 participant : 90 € HT par an pour Vougeot, le même prix que seule"
    assert plain(page.headline.text()) == said
    for by, wanted in (("participant", False), ("unit", True)):
        tier = {"from_participants": 1, f"yearly_per_{by}_cents": 9000}
        page.services.solutions.save_plan(
            made.id, plan | {"offers": [{"id": "A", "tiers": [tier]}]}
        )
        page.refresh()
        settle(opened, qtbot)
        page.participants.edited.emit(page.taking_part.standings[0])
        asked = dialog(FormDialog, page, qtbot)
        assert asked.form.field("units").isVisible() is wanted
        assert asked.form.field("units" if wanted else "alone_cents").hasFocus()
        asked.reject()
