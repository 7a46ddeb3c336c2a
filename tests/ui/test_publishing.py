"""A commission's solution published for the whole region, from the GIP's window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.clock import new_id
from app.domain.records import reference_id
from app.domain.wording import plain
from tests.ui.acting import CONTROL, activate, column, dialog, pick, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.test_for_the_region import receive
from tests.ui.test_solutions_page import TWO_TIERS
from tests.ui.world import World
from tests.workspaces import tie
from ui.dialogs.publication import PublicationDialog
from ui.pages.solution import ABOUT, PARTICIPANTS, SolutionPage
from ui.pages.solutions import SolutionsPage
from ui.widgets.line import Line
from ui.window.main_window import MainWindow

VOUGEOT = reference_id("organisation", "21716")


@pytest.fixture
def gip(world: World) -> World:
    tie(world.services, "gip")
    return world


def offered(page: SolutionPage) -> bool:
    return page.publishing.isVisible() and page.publish.isEnabled()


def test_the_gip_publishes_a_solution_by_its_keys_and_goes_from_one_to_the_other(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    own = gip.make("solution", title="Sauvegarde", status="favourable", plan=TWO_TIERS)
    page = visit(opened, "solution", SolutionPage, qtbot, own.id)
    assert offered(page)
    activate(opened)
    qtbot.keyClick(page, Qt.Key.Key_R, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    question = dialog(PublicationDialog, page, qtbot)
    assert not question.form.isVisible()
    assert "Les besoins et leurs mots restent" in plain(shown(question))
    press(question, "Publier", qtbot)
    settle(opened, qtbot)
    (copy,) = gip.services.records.list("solution", None)
    assert copy.fields.plan == TWO_TIERS
    assert "« Sauvegarde » est publiée pour toute la région." in plain(opened.banner.text())
    assert not offered(page)
    assert "Le GIP a publié cette solution pour toute la région" in plain(page.seal.text())
    press(page.seal, "La voir", qtbot)
    settle(opened, qtbot)
    assert opened.where().record_id == copy.id
    assert not offered(page)
    assert "Celle de la commission y est comptée" in plain(page.seal.text())
    page.tabs.setCurrentIndex(ABOUT)
    (line,) = page.origins.findChildren(Line)
    assert plain(line.accessibleName()) == "Commission de la Côte, Avis favorable"
    line.click()
    settle(opened, qtbot)
    assert opened.where().record_id == own.id
    opened.actions_.undo.trigger()
    settle(opened, qtbot)
    assert offered(page)
    assert not page.seal.isVisible()


def test_a_solution_like_one_of_the_region_is_named_and_may_be_published_as_that_one(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    there = gip.services.records.create("solution", {"title": "Sauvegarde mutualisée"}, None)
    own = gip.make("solution", title="Une sauvegarde mutualisée")
    page = visit(opened, "solution", SolutionPage, qtbot, own.id)
    page.publish.trigger()
    question = dialog(PublicationDialog, page, qtbot)
    assert "« Sauvegarde mutualisée » lui ressemble" in plain(shown(question))
    pick(question.form.field("same_as"), there.id)  # type: ignore[arg-type]  # a choice
    press(question, "Publier", qtbot)
    settle(opened, qtbot)
    assert gip.get(there).origin_ids == (own.id,)
    assert "comme « Sauvegarde mutualisée »" in plain(opened.banner.text())


def test_an_answer_is_dated_from_the_day_that_it_is_typed(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    dated = gip.make("solution", title="Fibre", answered_on="2027-01-04")
    old = gip.make("solution", title="Coffre", answer="Vu.")
    for record, on in ((gip.make("solution", title="Vélo"), "2027-03-19"), (dated, "2027-01-04")):
        page = visit(opened, "solution", SolutionPage, qtbot, record.id)
        page.tabs.setCurrentIndex(ABOUT)
        answer = page.form.field("answer")
        answer.setFocus()
        qtbot.keyClicks(answer, "Ouvert en mai")
        page.flush()
        settle(opened, qtbot)
        assert (gip.get(record).answer, gip.get(record).answered_on) == ("Ouvert en mai", on)
    page = visit(opened, "solution", SolutionPage, qtbot, old.id)
    page.form.field("title").setFocus()
    gip.services.records.update(old.id, {"answer": "Vu et revu."})
    opened.spread(frozenset({"solution"}))
    settle(opened, qtbot)
    assert page.form.editor("answer").value() == "Vu et revu."
    assert page.form.editor("answered_on").value() is None


def test_what_the_service_refuses_is_said_in_the_dialog(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    own = gip.make("solution", title="Fibre", status="refused")
    page = visit(opened, "solution", SolutionPage, qtbot, own.id)
    page.publish.trigger()
    question = dialog(PublicationDialog, page, qtbot)
    press(question, "Publier", qtbot)
    qtbot.waitUntil(question.banner.isVisible)
    assert "« Fibre » est refusée" in plain(question.banner.text())


def test_a_facilitator_reads_who_proposed_it_and_how_many_take_part_and_publishes_nothing(
    world: World, opened: MainWindow, qtbot: QtBot
) -> None:
    records = world.services.records
    own = world.make("solution", title="Sauvegarde", plan=TWO_TIERS)
    fields = {"title": "Sauvegarde", "plan": TWO_TIERS, "origin_ids": [own.id, new_id(), new_id()]}
    copy = records.create("solution", fields, None)
    records.update(own.id, {"published_as_id": copy.id})
    receive(world.services, "solution_tally", solution_id=copy.id, participants=7)
    tie(world.services, "facilitator")
    page = visit(opened, "solution", SolutionPage, qtbot, copy.id)
    assert not offered(page)
    assert "Dans la région : 7 participants" in plain(shown(page.said))
    page.tabs.setCurrentIndex(ABOUT)
    assert "Et 2 autres commissions." in plain(shown(page.origins))
    page = visit(opened, "solution", SolutionPage, qtbot, own.id)
    page.tabs.setCurrentIndex(PARTICIPANTS)
    assert "Dans la région : 7 participants" in plain(shown(page.said))
    assert "Le GIP a publié cette solution" in plain(page.seal.text())
    assert not offered(page)
    assert not page.origins.isVisible()
    listed = visit(opened, "solutions", SolutionsPage, qtbot)
    scope = listed.table.rows.columnCount() - 1
    assert sorted(column(listed.table, scope)) == ["Publiée", "Région"]


def test_a_commission_that_is_not_here_is_counted_and_not_named(
    world: World, opened: MainWindow, qtbot: QtBot
) -> None:
    fields = {"title": "Sauvegarde", "origin_ids": [new_id()]}
    copy = world.services.records.create("solution", fields, None)
    page = visit(opened, "solution", SolutionPage, qtbot, copy.id)
    page.tabs.setCurrentIndex(ABOUT)
    assert "1 commission de la région." in plain(shown(page.origins))


def test_a_need_of_another_commission_is_answered_by_what_its_solution_was_published_as(
    world: World, opened: MainWindow, qtbot: QtBot
) -> None:
    elsewhere = new_id()
    fields = {"title": "Parapheur partagé", "origin_ids": [elsewhere]}
    world.services.records.create("solution", fields, None)
    digest = receive(
        world.services, "need_digest", title="Signer", organisation_ids=[VOUGEOT],
        solution_id=elsewhere,
    )  # fmt: skip
    opened.searching.go_to(digest)
    settle(opened, qtbot)
    assert "La solution « Parapheur partagé » y répond." in plain(opened.banner.text())
