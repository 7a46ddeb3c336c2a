"""What the GIP publishes for the whole region, beside what is one commission's."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.clock import new_id
from app.domain.records import Envelope, reference_id
from app.domain.validation import defaults
from app.domain.wording import plain, whole
from app.errors import UserError
from tests.positions import take_part
from tests.ui.acting import activate, column, dialog, list_all, press, shown, visit
from tests.ui.conftest import in_the_whole_territory, settle
from tests.ui.test_exporting import choose
from tests.ui.test_solutions_page import TWO_TIERS
from tests.ui.world import World
from tests.workspaces import tie
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.import_table import ImportDialog
from ui.dialogs.meeting import MeetingDialog
from ui.models.solutions import SolutionColumn
from ui.models.watch import WatchColumn
from ui.pages.list_page import ListPage
from ui.pages.record_page import RecordPage
from ui.pages.settings import SettingsPage
from ui.pages.solution import ABOUT, SolutionPage
from ui.pages.solutions import SolutionsPage
from ui.pages.watch import WatchPage
from ui.pages.watch_note import WatchNotePage
from ui.widgets.line import Line
from ui.window.main_window import MainWindow

VOUGEOT = reference_id("organisation", "21716")


@pytest.fixture
def gip(world: World) -> World:
    """The commission in a workspace tied by an account of the GIP."""
    tie(world.services, "gip")
    return world


def type_title(window: MainWindow, place: str, words: str, qtbot: QtBot) -> RecordPage:
    """Types the title of the record that was just asked for, and waits until it is stored."""
    settle(window, qtbot)
    page = window.pages[place]
    assert isinstance(page, RecordPage)
    title = page.form.field("title")
    assert isinstance(title, QLineEdit)
    qtbot.keyClicks(title, words)
    page.flush()
    settle(window, qtbot)
    return page


class Listed(NamedTuple):
    """A list of what the GIP publishes: where it is, and its two buttons."""

    place: str
    kind: str
    page: type[ListPage]
    shared: str
    own: str


LISTS = pytest.mark.parametrize(
    "case",
    [
        Listed("watch", "watch_note", WatchPage, "Note pour la région", "Nouvelle note"),
        Listed(
            "solutions", "solution", SolutionsPage, "Solution pour la région", "Nouvelle solution"
        ),
    ],
    ids=["watch", "solutions"],
)


@LISTS
def test_the_gip_publishes_for_the_region_by_a_button_of_its_own_and_reads_where_it_goes(
    gip: World, opened: MainWindow, qtbot: QtBot, case: Listed
) -> None:
    press(visit(opened, case.place, case.page, qtbot), case.shared, qtbot)
    made = type_title(opened, case.kind, "Partout", qtbot)
    assert "pour toute la région" in plain(shown(made.seal))
    settle(opened, qtbot)
    alone = visit(opened, case.place, case.page, qtbot)
    assert column(alone.table) and alone.table.isColumnHidden(alone.table.rows.columnCount() - 1)
    press(visit(opened, case.place, case.page, qtbot), case.own, qtbot)
    made = type_title(opened, case.kind, "Ici", qtbot)
    assert not made.seal.isVisible()
    spaces = {one.fields.title: one.commission_id for one in gip.services.records.list(case.kind)}
    assert spaces == {"Partout": None, "Ici": gip.commission_id}
    listed = visit(opened, case.place, case.page, qtbot)
    scope = listed.table.rows.columnCount() - 1
    assert not listed.table.isColumnHidden(scope)
    titles = column(listed.table, list(listed.columns).index(listed.columns["TITLE"]))
    assert dict(zip(titles, column(listed.table, scope), strict=True)) == {
        "Partout": "Région", "Ici": ""
    }  # fmt: skip


@LISTS
def test_a_facilitator_is_not_offered_what_the_gip_alone_publishes(
    world: World, opened: MainWindow, qtbot: QtBot, case: Listed
) -> None:
    tie(world.services, "facilitator")
    listed = visit(opened, case.place, case.page, qtbot)
    assert not listed.sharing.isVisible()
    assert not listed.share.isEnabled()


def test_before_the_gip_deletes_what_it_published_it_reads_that_nobody_keeps_it(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    note = gip.services.records.create("watch_note", {"title": "Partout"}, None)
    own = gip.make("watch_note", title="Ici")

    def asked(page: QWidget) -> str:
        found = dialog(ConfirmDialog, page, qtbot)
        words = plain(shown(found))
        found.reject()
        settle(opened, qtbot)
        return words

    for record, everywhere in ((note, True), (own, False)):
        page = visit(opened, "watch_note", RecordPage, qtbot, record.id)
        page.ask_removal()
        assert ("toutes les commissions" in asked(page)) is everywhere
    listed = visit(opened, "watch", WatchPage, qtbot)
    listed.table.selectAll()
    listed.ask_removal()
    assert "toutes les commissions" in asked(listed)


@in_the_whole_territory
def test_without_a_commission_the_gip_writes_for_the_region(
    services: Services, window: MainWindow, qtbot: QtBot
) -> None:
    tie(services, "gip")
    window.open_on(services)
    settle(window, qtbot)
    press(visit(window, "watch", WatchPage, qtbot), "Nouvelle note", qtbot)
    type_title(window, "watch_note", "Partout", qtbot)
    (note,) = services.records.list("watch_note")
    assert note.commission_id is None
    page = visit(window, "watch_note", WatchNotePage, qtbot, note.id)
    number = plain(whole(len(services.records.list("organisation"))))
    assert f"Concernées dans la région {number} collectivités." in plain(shown(page.reach))


@in_the_whole_territory
def test_without_a_commission_a_facilitator_reads_how_many_a_note_concerns_in_the_region(
    services: Services, window: MainWindow, qtbot: QtBot
) -> None:
    fields = {"title": "Archives", "audience": {"kinds": ["epci"]}}
    note = services.records.create("watch_note", fields, None)
    number = len(services.watch.audience(note.id))
    tie(services, "facilitator")
    window.open_on(services)
    settle(window, qtbot)
    page = visit(window, "watch_note", WatchNotePage, qtbot, note.id)
    assert f"Concernées dans la région {number} collectivités." in plain(shown(page.reach))


@pytest.mark.parametrize(
    ("place", "words"),
    [("needs", "Nouveau besoin"), ("meetings", "Nouvelle séance"), ("watch", "Nouvelle note")],
)
def test_what_needs_a_commission_is_not_begun_without_one(
    services: Services, window: MainWindow, qtbot: QtBot, place: str, words: str
) -> None:
    window.open_on(services)
    settle(window, qtbot)
    press(visit(window, place, ListPage, qtbot), words, qtbot)
    settle(window, qtbot)
    assert window.place == place
    assert window.findChildren(MeetingDialog) == []
    assert "Il faut d'abord une commission" in plain(window.banner.text())


def test_a_solution_of_the_region_that_communes_take_part_in_is_withdrawn_and_not_deleted(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    records, solutions = gip.services.records, gip.services.solutions
    shared = records.create("solution", {"title": "Sauvegarde"}, None)
    take_part(solutions, shared.id, VOUGEOT, "committed", commission_id=gip.commission_id)
    page = visit(opened, "solution", SolutionPage, qtbot, shared.id)
    for _ in range(2):
        page.ask_removal()
        dialog(ConfirmDialog, page, qtbot).confirm.click()
        settle(opened, qtbot)
        assert opened.where().record_id == shared.id
        assert "1 collectivité de la région a dit où elle en est" in plain(opened.banner.text())
        assert "« Refusée »" in plain(opened.banner.text())
        opened.banner.hide()
    listed = visit(opened, "solutions", SolutionsPage, qtbot)
    listed.table.selectRow(0)
    listed.ask_removal()
    dialog(ConfirmDialog, listed, qtbot).confirm.click()
    settle(opened, qtbot)
    assert "« Refusée »" in plain(opened.banner.text())
    assert len(records.list("commitment")) == 1
    take_part(solutions, shared.id, VOUGEOT, None, commission_id=gip.commission_id)
    solutions.delete([shared.id])
    assert records.list("solution") == []


def test_a_solution_of_the_region_offers_no_need_of_a_commission_which_it_cannot_name(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    need = gip.make("need", title="Fibre")
    shared = gip.services.records.create("solution", {"title": "Partout"}, None)
    own = gip.make("solution", title="Ici")
    for record, named in ((shared, False), (own, True)):
        page = visit(opened, "solution", SolutionPage, qtbot, record.id)
        page.tabs.setCurrentIndex(ABOUT)
        settle(opened, qtbot)
        assert page.form.field("need_ids").isVisible() is named
        assert ("sa fiche dit que celle-ci y répond" in plain(shown(page.needs))) is not named
    gip.services.records.update(need.id, {"status": "answered", "solution_id": shared.id})
    page = visit(opened, "solution", SolutionPage, qtbot, shared.id)
    assert [one.accessibleName() for one in page.needs.findChildren(Line)] == [
        "Fibre, Commission de la Côte, Une solution y répond"
    ]


def receive(services: Services, kind: str, **fields: object) -> str:
    """A record that the central alone writes, as it sends it; its id."""
    sent = Envelope(kind=kind, id=new_id(), fields=defaults(kind) | fields)
    with services.workspace.unit() as unit:
        unit.receive_new([sent])
        unit.commit()
    return sent.id


def test_who_takes_part_in_commissions_that_are_not_here_counts_for_the_gip(
    services: Services, window: MainWindow, qtbot: QtBot
) -> None:
    tie(services, "gip")
    shared = services.records.create("solution", {"title": "Partout", "plan": TWO_TIERS}, None)
    receive(services, "solution_tally", solution_id=shared.id, participants=7)
    window.open_on(services)
    settle(window, qtbot)
    listed = visit(window, "solutions", SolutionsPage, qtbot)
    assert column(listed.table, list(SolutionColumn).index(SolutionColumn.PARTICIPANTS)) == ["7"]
    page = visit(window, "solution", SolutionPage, qtbot, shared.id)
    page.tabs.setCurrentWidget(page.participants)
    settle(window, qtbot)
    assert "Dans la région : 7 participants." in plain(page.progress.text())
    assert "dans leur commission" in plain(page.participants.empty.sentence.text())
    with pytest.raises(UserError, match="7 collectivités de la région ont dit"):
        services.solutions.delete([shared.id])


@in_the_whole_territory
def test_the_gip_reads_how_many_a_note_concerns_in_the_whole_region(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    audience = {"kinds": ["epci"]}
    fields = {"title": "Archives", "audience": audience}
    shared = gip.services.records.create("watch_note", fields, None)
    own = gip.make("watch_note", title="Ici", audience=audience)
    number = len(gip.services.watch.audience(shared.id))
    assert number > 1
    for record, told in ((shared, True), (own, False)):
        page = visit(opened, "watch_note", WatchNotePage, qtbot, record.id)
        words = plain(page.reach.note.text())
        assert (f"Dans la région : {number} collectivités." in words) is told


@in_the_whole_territory
def test_the_gip_reads_who_was_told_of_a_note_in_all_its_commissions(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    records, watch = gip.services.records, gip.services.watch
    other = records.create("commission", {"name": "Commission de l'Auxois"}, None).id
    semur = reference_id("organisation", "21603")
    records.create("roster_entry", {"organisation_id": semur}, other)
    note = records.create("watch_note", {"title": "Partout"}, None)
    watch.tell(note.id, [VOUGEOT], commission_id=gip.commission_id)
    watch.tell(note.id, [VOUGEOT, semur], commission_id=other)
    opened.spread(frozenset())
    settle(opened, qtbot)
    told = list(WatchColumn).index(WatchColumn.TOLD)
    assert column(visit(opened, "watch", WatchPage, qtbot).table, told) == ["1 sur 5"]
    assert column(list_all(opened, "watch", WatchPage, qtbot).table, told) == ["2 sur 6"]
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    words = plain(page.reach.note.text())
    assert words.startswith("5 collectivités, dont 1 informée. Dans la région : ")
    assert words.endswith(" collectivités, dont 2 informées.")


def test_a_paper_of_a_commission_is_not_asked_for_in_vain_without_one(
    services: Services, window: MainWindow, qtbot: QtBot
) -> None:
    window.open_on(services)
    settle(window, qtbot)
    press(visit(window, "watch", WatchPage, qtbot), "Bulletin de veille", qtbot)
    assert "Il faut d'abord une commission" in plain(window.banner.text())


def test_a_facilitator_reads_that_the_gip_withdrew_a_solution(
    world: World, opened: MainWindow, qtbot: QtBot
) -> None:
    records = world.services.records
    fields = {"title": "Sauvegarde", "status": "refused", "answer": "Sans suite."}
    withdrawn = records.create("solution", fields, None)
    offered = records.create("solution", {"title": "Parapheur"}, None)
    tie(world.services, "facilitator")
    for record, takes_part in ((withdrawn, False), (offered, True)):
        page = visit(opened, "solution", SolutionPage, qtbot, record.id)
        words = plain(page.seal.text())
        assert ("peuvent y prendre part" in words) is takes_part
        assert ("ne la propose plus" in words) is not takes_part


def test_a_note_that_communes_were_told_of_is_replaced_and_not_deleted(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    note = gip.services.records.create("watch_note", {"title": "Accessibilité"}, None)
    gip.services.watch.tell(note.id, [VOUGEOT], commission_id=gip.commission_id)
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    page.ask_removal()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    settle(opened, qtbot)
    assert opened.where().record_id == note.id
    assert "« Remplacée par »" in plain(opened.banner.text())
    assert "retirez d'abord les informations données" in plain(opened.banner.text())
    next(one for one in page.briefings.findChildren(QToolButton) if one.isVisible()).click()
    settle(opened, qtbot)
    gip.services.watch.delete([note.id])
    assert gip.services.records.list("watch_note") == []


def test_a_note_that_another_replaces_is_said_so_and_asks_for_nobody_to_be_told(
    world: World, opened: MainWindow, qtbot: QtBot
) -> None:
    records = world.services.records
    new = records.create("watch_note", {"title": "De 2027"}, None)
    old = records.create("watch_note", {"title": "De 2026", "superseded_by_id": new.id}, None)
    tie(world.services, "facilitator")
    listed = visit(opened, "watch", WatchPage, qtbot)
    told = list(WatchColumn).index(WatchColumn.TOLD)
    assert sorted(column(listed.table, told)) == ["0 sur 5", "Remplacée"]
    to_tell = listed.panel.choices[-1]
    to_tell.set_value(True)
    to_tell.edited.emit()
    assert column(listed.table, told) == ["0 sur 5"]
    for record, replaced in ((old, True), (new, False)):
        page = visit(opened, "watch_note", WatchNotePage, qtbot, record.id)
        assert ("a remplacé cette note" in plain(page.seal.text())) is replaced


def test_a_need_of_another_commission_that_was_found_is_told_with_what_is_known_of_it(
    world: World, opened: MainWindow, qtbot: QtBot
) -> None:
    shared = world.services.records.create("solution", {"title": "Parapheur"}, None)
    known = {"title": "Signer", "theme": "acts", "organisation_ids": [VOUGEOT]}
    for also, end in (
        ({}, "."),
        ({"solution_id": shared.id}, ". La solution « Parapheur » y répond."),
    ):
        digest = receive(world.services, "need_digest", **known, **also)
        opened.searching.go_to(digest)
        settle(opened, qtbot)
        assert opened.place == "needs"
        assert plain(opened.banner.text()) == (
            f"« Signer », besoin d'une autre commission, pour Vougeot{end}"
        )


def test_a_facilitator_is_not_asked_for_an_offer_that_the_gip_is_to_make(
    world: World, opened: MainWindow, qtbot: QtBot
) -> None:
    shared = world.services.records.create("solution", {"title": "Parapheur"}, None)
    own = world.make("solution", title="Ici")
    tie(world.services, "facilitator")
    for record, asked in ((shared, False), (own, True)):
        page = visit(opened, "solution", SolutionPage, qtbot, record.id)
        words = plain(f"{shown(page.said)} {shown(page.plan)}")
        assert (words.count("Saisissez une offre"), page.plan.empty.offer.isVisible()) == (
            2 if asked else 0, asked
        )  # fmt: skip
        assert words.count("pas mis d'offre") == (0 if asked else 2)


@pytest.mark.parametrize(
    ("offered", "place"),
    [("Ajouter une commission", "sync"), ("Créer la commission", "settings")],
)
def test_the_first_step_without_a_commission_is_not_the_same_for_the_gip(
    services: Services, window: MainWindow, qtbot: QtBot, offered: str, place: str
) -> None:
    tie(services, "gip" if place == "sync" else "facilitator")
    window.open_on(services)
    settle(window, qtbot)
    press(window, offered, qtbot)
    settle(window, qtbot)
    assert window.place == place
    if place == "settings":
        activate(window)
        page = window.pages[place]
        assert isinstance(page, SettingsPage)
        assert window.focusWidget() is page.commission.form.field("name")


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The table of notes that the user chooses in the system's dialog."""
    path = tmp_path / "notes.csv"
    path.write_text("Titre;Niveau\nRGAA;obligation\n", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(path), ""))
    return path


def importing(window: MainWindow, qtbot: QtBot) -> ImportDialog:
    page = visit(window, "watch", WatchPage, qtbot)
    choose(page, "Importer un tableau…")
    found = dialog(ImportDialog, page, qtbot)
    settle(window, qtbot)
    return found


@pytest.mark.parametrize("shared", [True, False])
def test_the_gip_says_whether_a_table_of_notes_is_for_the_whole_region(
    gip: World, opened: MainWindow, qtbot: QtBot, notes: Path, shared: bool
) -> None:
    found = importing(opened, qtbot)
    assert found.region.isVisible()
    if shared:
        found.region.click()
        qtbot.waitUntil(found.take.isEnabled)
    press(found, "Importer 1 ligne", qtbot)
    settle(opened, qtbot)
    (note,) = gip.services.records.list("watch_note")
    assert note.commission_id == (None if shared else gip.commission_id)


def test_of_several_commissions_the_one_that_a_table_goes_to_is_named_unless_it_is_the_regions(
    gip: World, opened: MainWindow, qtbot: QtBot, notes: Path
) -> None:
    gip.services.records.create("commission", {"name": "Commission de l'Auxois"}, None)
    opened.spread(frozenset())
    settle(opened, qtbot)
    found = importing(opened, qtbot)
    assert "Les lignes vont dans la commission « Commission de la Côte »." in plain(shown(found))
    found.region.click()
    assert not found.where.isVisible()
    found.region.click()
    assert found.where.isVisible()


def test_a_facilitator_is_not_asked_whether_a_table_is_for_the_whole_region(
    world: World, opened: MainWindow, qtbot: QtBot, notes: Path
) -> None:
    tie(world.services, "facilitator")
    assert not importing(opened, qtbot).region.isVisible()


def test_without_a_commission_a_table_of_notes_is_for_the_region_where_the_gip_takes_it_in(
    services: Services, window: MainWindow, qtbot: QtBot, notes: Path
) -> None:
    tie(services, "gip")
    window.open_on(services)
    settle(window, qtbot)
    found = importing(window, qtbot)
    assert (found.region.value(), found.region.isEnabled()) == (True, False)
    press(found, "Importer 1 ligne", qtbot)
    settle(window, qtbot)
    (note,) = services.records.list("watch_note")
    assert note.commission_id is None


def test_without_a_commission_nobody_else_takes_in_a_table_of_notes(
    services: Services, window: MainWindow, qtbot: QtBot, notes: Path
) -> None:
    window.open_on(services)
    settle(window, qtbot)
    choose(visit(window, "watch", WatchPage, qtbot), "Importer un tableau…")
    settle(window, qtbot)
    assert window.findChildren(ImportDialog) == []
    assert "Il faut d'abord une commission" in plain(window.banner.text())
