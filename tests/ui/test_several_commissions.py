"""Several commissions in one workspace: the window shows one at a time, and turns to another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.domain.records import reference_id
from app.domain.wording import plain
from tests.app.documents import reading
from tests.ui.acting import CONTROL, clear_filter, column, dialog, press, shown, visit
from tests.ui.clipping import clipped, is_read_whole
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.spoken import unspoken
from tests.ui.world import World
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.document import DocumentDialog
from ui.dialogs.need_capture import NeedCaptureDialog
from ui.dialogs.search import SearchDialog
from ui.dialogs.template_editor import TemplateEditor
from ui.dialogs.trash import TrashDialog
from ui.pages.home import HomePage
from ui.pages.list_page import ListPage
from ui.pages.meeting.page import MeetingPage
from ui.pages.need import NeedPage
from ui.pages.needs import NeedsPage
from ui.pages.organisation import OrganisationPage
from ui.pages.settings import SettingsPage
from ui.pages.solution import SolutionPage
from ui.pages.watch_note import WatchNotePage
from ui.widgets.autosave import Saving
from ui.widgets.line import Line
from ui.window import start
from ui.window.commissions import KEPT
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

VOUGEOT = reference_id("organisation", "21716")
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def other(world: World) -> World:
    """A second commission in the workspace, with a meeting, a need and a person of its own."""
    records = world.services.records
    made = records.create("commission", {"name": "Éclaireurs de l'Auxois"}, None).id
    return World(world.services, made, {}, {})


def turn(window: MainWindow, other: World, qtbot: QtBot) -> None:
    """Chooses a commission in the menu of the navigation."""
    name = other.services.records.get(other.commission_id).fields.name
    menu = offered(window, qtbot)
    (action,) = [one for one in menu.actions() if one.text() == name]
    action.trigger()
    menu.close()
    settle(window, qtbot)


def offered(window: MainWindow, qtbot: QtBot) -> QMenu:
    """The menu of the commissions, open."""
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_C, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: len(menus(window)) == 1)
    return menus(window)[0]


def menus(window: MainWindow) -> list[QMenu]:
    return [one for one in window.navigation.findChildren(QMenu) if one.isVisible()]


def test_with_a_single_commission_the_name_leads_nowhere(opened: MainWindow) -> None:
    assert opened.navigation.name.isVisible()
    assert not opened.navigation.chooser.isVisible()
    assert not opened.actions_.commission.isVisible()


def test_the_name_is_a_button_that_offers_the_commissions_as_french_sorts_them(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    for name in ("École & mairie", "Zone rurale", "Eau"):
        world.services.records.create("commission", {"name": name}, None)
    several.spread(frozenset())
    settle(several, qtbot)
    chooser = several.navigation.chooser
    assert not several.navigation.name.isVisible()
    assert chooser.accessibleName() == "Commission : Commission de la Côte. Changer de commission"
    assert not clipped(several.navigation)
    assert not unspoken(several.navigation)
    chooser.setFocus()
    qtbot.keyClick(chooser, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(menus(several)) == 1)
    actions = menus(several)[0].actions()
    assert [one.text() for one in actions] == [
        "Commission de la Côte", "Eau", "Éclaireurs de l'Auxois", "École && mairie", "Zone rurale"
    ]  # fmt: skip
    assert [one.text() for one in actions if one.isChecked()] == ["Commission de la Côte"]
    assert menus(several)[0].activeAction() is actions[0]
    menus(several)[0].close()


def test_tab_stops_at_the_name(several: MainWindow, qtbot: QtBot) -> None:
    several.navigation.menu_button.setFocus()
    qtbot.keyClick(several, Qt.Key.Key_Tab, SHIFT)
    assert several.navigation.chooser.hasFocus()


def test_in_the_narrow_navigation_the_menu_and_the_keys_still_lead_to_the_others(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    several.resize(800, 600)
    settle(several, qtbot)
    assert not several.navigation.chooser.isVisible()
    assert not several.navigation.name.isVisible()
    assert several.actions_.commission in several.navigation.menu.actions()
    turn(several, other, qtbot)
    assert several.commission_id == other.commission_id


def test_the_title_of_the_window_names_the_commission_shown_at_every_size_of_text(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    program = "Commissions numériques locales"
    assert several.windowTitle() == f"Commission de la Côte – {program}"
    several.theme.set_scale(2.0)
    turn(several, other, qtbot)
    assert several.windowTitle() == f"Éclaireurs de l'Auxois – {program}"
    world.services.records.delete(other.commission_id, cascade=True)
    several.spread(frozenset())
    settle(several, qtbot)
    assert several.windowTitle() == program
    several.theme.set_scale(1.0)


def test_the_window_stays_as_tall_as_its_screen_at_every_size_of_text(
    several: MainWindow, world: World, qtbot: QtBot
) -> None:
    long = (
        "Commission numérique de la communauté de communes de Gevrey-Chambertin et de"
        " Nuits-Saint-Georges"
    )
    world.services.records.update(world.commission_id, {"name": long})
    several.spread(frozenset())
    settle(several, qtbot)
    several.navigation.show_pending(128)
    several.navigation.show_shortage("Batterie à 9 % : branchez le portable. Disque presque plein.")
    for scale in (1.3, 1.5, 1.0, 1.3, 2.0):
        several.theme.set_scale(scale)
        assert several.navigation.minimumSizeHint().height() <= 768  # before Qt lays it out anew
        settle(several, qtbot)
        assert (several.width(), several.height()) == (1366, 768)
    several.theme.set_scale(1.0)


def elsewhere(window: MainWindow) -> list[str]:
    """What the home page says of the other commissions."""
    page = window.pages["home"]
    assert isinstance(page, HomePage)
    found = [one for one in page.elsewhere.findChildren(Line) if one.isVisible()]
    return [plain(one.accessibleName()) for one in found]


def test_with_a_single_commission_the_home_page_speaks_of_no_other(opened: MainWindow) -> None:
    assert elsewhere(opened) == []
    assert "Vos autres commissions" not in shown(opened.pages["home"])


def test_the_home_page_says_what_is_to_be_done_before_the_meetings_of_the_others_and_leads_there(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    records = other.services.records
    third = World(other.services, records.create("commission", {"name": "Zone"}, None).id, {}, {})
    several.spread(frozenset())
    settle(several, qtbot)
    assert elsewhere(several) == [
        "Éclaireurs de l'Auxois, Aucune séance prévue", "Zone, Aucune séance prévue"
    ]  # fmt: skip
    convened = third.meeting("Convoquée", days=2, status="convened")
    third.item(convened, "Point")
    third.meeting("Laissée", days=-40, status="open", opened_at="2027-02-07T18:30:00+01:00")
    third.meeting("Oubliée", days=-30, status="convened")
    held = other.meeting("Tenue", days=-40, status="closed")
    told = other.item(held, "Point")
    other.make("action", agenda_item_id=told.id, text="Un devis", due_on="2027-03-01")
    late = other.meeting("Tardive", days=3)
    several.spread(frozenset())
    settle(several, qtbot)
    assert elsewhere(several) == [
        "Zone, 21 mars 2027 · 1 séance non close · 1 séance non ouverte, Dans 2 jours",
        "Éclaireurs de l'Auxois, 22 mars 2027 · convocations en retard · ordre du jour vide"
        " · 1 suite en retard · 1 procès-verbal à conclure, Dans 3 jours",
    ]
    records.update(late.id, {"starts_at": "2027-04-08T18:30:00+02:00"})
    several.spread(frozenset())
    settle(several, qtbot)
    said = "8 avril 2027 · à convoquer au plus tard dans 16 jours · ordre du jour vide"
    assert said in elsewhere(several)[1]
    (line,) = [
        one for one in several.pages["home"].findChildren(Line)
        if one.accessibleName().startswith("Zone")
    ]  # fmt: skip
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    settle(several, qtbot)
    assert (several.place, several.commission_id) == ("home", third.commission_id)
    assert len(elsewhere(several)) == 2


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_all_that_is_to_be_done_for_another_commission_is_read_whole(
    several: MainWindow, other: World, qtbot: QtBot, scale: float
) -> None:
    told = other.item(other.meeting("Tenue", days=-40, status="closed"), "Point")
    other.make("action", agenda_item_id=told.id, text="Un devis", due_on="2027-03-01")
    other.meeting("Laissée", days=-40, status="open", opened_at="2027-02-07T18:30:00+01:00")
    other.meeting("Future", days=20)
    several.theme.set_scale(scale)
    several.spread(frozenset())
    settle(several, qtbot)
    (line,) = several.pages["home"].elsewhere.findChildren(Line)
    assert line.accessibleName().count(" · ") == 5
    assert is_read_whole(line)


def test_the_home_page_tells_commissions_of_one_name_apart(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    for one, department in ((world, "21"), (other, "58")):
        fields = {"name": "Morvan", "departments": [department]}
        world.services.records.update(one.commission_id, fields)
    several.spread(frozenset())
    settle(several, qtbot)
    assert elsewhere(several) == ["Morvan (58), Aucune séance prévue"]
    assert "Morvan (21)" in shown(several.pages["home"])


def test_of_many_others_the_home_page_names_the_nearest_and_leads_to_all_of_them(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    for number in range(6):
        other.services.records.create("commission", {"name": f"Zone {number}"}, None)
    other.meeting()
    several.spread(frozenset())
    settle(several, qtbot)
    nearest = elsewhere(several)
    assert (len(nearest), nearest[-1]) == (6, "Voir 2 autres commissions")
    assert nearest[0].startswith("Éclaireurs de l'Auxois")
    page = several.pages["home"]
    (more,) = [one for one in page.findChildren(Line) if one.accessibleName() == nearest[-1]]
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    settle(several, qtbot)
    listed = several.pages["commissions"]
    assert isinstance(listed, ListPage)
    assert (several.place, len(column(listed.table))) == ("commissions", 8)


def test_what_is_taken_back_is_said_with_its_commission_where_that_is_out_of_sight(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Fibre")
    world.services.records.update(need.id, {"title": "Fibre optique"})
    several.spread(frozenset())
    turn(several, other, qtbot)
    several.actions_.undo.trigger()
    settle(several, qtbot)
    assert world.get(need).title == "Fibre"
    assert plain(several.banner.text()) == (
        "Annulé dans la commission « Commission de la Côte » : modification du besoin"
        " « Fibre optique »."
    )
    several.actions_.redo.trigger()
    settle(several, qtbot)
    assert plain(several.banner.text()).startswith("Rétabli dans la commission « Commission de la")
    turn(several, world, qtbot)
    several.banner.leave()
    several.actions_.undo.trigger()
    settle(several, qtbot)
    assert world.get(need).title == "Fibre"
    assert plain(several.banner.text()) == "Annulé : modification du besoin « Fibre optique »."
    assert several.banner.isVisible()


def test_a_commission_out_of_sight_that_is_taken_back_itself_is_named_once(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.services.records.create("commission", {"name": "Beaune"}, None)
    opened.spread(frozenset())
    settle(opened, qtbot)
    for gesture, done in ((opened.actions_.undo, "Annulé"), (opened.actions_.redo, "Rétabli")):
        gesture.trigger()
        settle(opened, qtbot)
        said = f"{done} : ajout de la commission « Beaune »."
        assert plain(opened.banner.text()) == said
    assert made.id in opened.commissions.others
    opened.banner.leave()
    world.services.records.update(world.commission_id, {"name": "Côte"})
    opened.actions_.undo.trigger()
    settle(opened, qtbot)
    assert opened.commissions.known[world.commission_id] == "Commission de la Côte"
    assert plain(opened.banner.text()) == "Annulé : modification de la commission « Côte »."


def test_the_trash_names_the_commission_of_what_comes_from_another(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    for one, title in ((world, "Ici"), (other, "Ailleurs")):
        one.services.records.delete(one.make("need", title=title).id)
    several.actions_.trash.trigger()
    trash = dialog(TrashDialog, several, qtbot)
    qtbot.waitUntil(lambda: "Besoin « Ici »" in shown(trash))
    said = plain(shown(trash))
    assert "Besoin « Ailleurs » Éclaireurs de l'Auxois · Supprimé le" in said
    assert "Besoin « Ici » Supprimé le" in said
    trash.reject()


def test_every_page_shows_the_commission_that_was_chosen(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    for one, words in ((world, "Côte"), (other, "Auxois")):
        one.meeting(f"Séance {words}")
        one.make("need", title=f"Besoin {words}", status="raised")
        one.make("solution", title=f"Solution {words}")
        one.make("watch_note", title=f"Note {words}", deadline_on="2027-06-01")
        one.make("person", organisation_id=VOUGEOT, last_name=f"Personne {words}")
    several.spread(frozenset())
    lists = ("meetings", "needs", "solutions", "watch")
    for place in lists:
        assert listed_in(several, place, qtbot) == said_of("Côte", place)
    visit(several, "organisation", OrganisationPage, qtbot, VOUGEOT)
    settings = visit(several, "settings", SettingsPage, qtbot)
    turn(several, other, qtbot)
    for place in lists:
        assert listed_in(several, place, qtbot) == said_of("Auxois", place)
    home = visit(several, "home", HomePage, qtbot)
    lines = " ".join(
        one.accessibleName()
        for one in home.findChildren(Line)
        if one.isVisible() and not home.elsewhere.isAncestorOf(one)
    )
    assert "Besoin Auxois" in lines
    assert "Note Auxois" in lines
    assert "Côte" not in lines + shown(home)
    assert several.navigation.name.text() == "Éclaireurs de l'Auxois"
    several.go("settings")
    settle(several, qtbot)
    assert settings.commission.form.values()["name"] == "Éclaireurs de l'Auxois"
    page = visit(several, "organisation", OrganisationPage, qtbot, VOUGEOT)
    assert page.view is not None
    assert [one.fields.last_name for one in page.view.persons] == ["Personne Auxois"]


def listed_in(window: MainWindow, place: str, qtbot: QtBot) -> list[str]:
    page = visit(window, place, ListPage, qtbot)
    return column(page.table, {"meetings": 2, "watch": 1}.get(place, 0))


def said_of(words: str, place: str) -> list[str]:
    first = {"meetings": "Séance", "needs": "Besoin", "solutions": "Solution", "watch": "Note"}
    return [f"{first[place]} {words}"]


@pytest.mark.parametrize(
    "places", [("meeting", "meetings"), ("need", "needs"), ("watch_note", "watch")]
)
def test_turning_leaves_a_record_of_the_former_commission_for_its_list(
    several: MainWindow, world: World, other: World, qtbot: QtBot, places: tuple[str, str]
) -> None:
    place, within = places
    record = world.make(place, title="Ici")
    several.go(place, record.id)
    settle(several, qtbot)
    turn(several, other, qtbot)
    assert several.place == within
    several.go(place)
    assert several.where().record_id == ""
    turn(several, world, qtbot)
    several.go(place, record.id)
    settle(several, qtbot)
    assert several.where().record_id == record.id


@pytest.mark.parametrize("kind", ["organisation", "solution", "watch_note"])
def test_turning_stays_on_a_record_of_the_region(
    several: MainWindow, other: World, qtbot: QtBot, kind: str
) -> None:
    record_id = VOUGEOT
    if kind != "organisation":
        record_id = other.services.records.create(kind, {"title": "Partout"}, None).id
    several.go(kind, record_id)
    settle(several, qtbot)
    turn(several, other, qtbot)
    assert (several.place, several.where().record_id) == (kind, record_id)
    assert several.commission_id == other.commission_id


def test_words_being_typed_are_stored_where_they_were_typed(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Fibre")
    page = visit(several, "need", NeedPage, qtbot, need.id)
    words = page.form.field("words")
    words.setFocus()
    qtbot.keyClicks(words, "Rien ne passe")
    several.commissions.turn(other.commission_id)
    settle(several, qtbot)
    assert world.get(need).words == "Rien ne passe"
    note = world.services.records.create("watch_note", {"title": "Partout"}, None)
    told = visit(several, "watch_note", WatchNotePage, qtbot, note.id)
    qtbot.keyClicks(told.form.field("body"), "Pour tous")
    several.commissions.turn(world.commission_id)
    settle(several, qtbot)
    assert world.get(note).body == "Pour tous"
    assert world.services.records.list("need", other.commission_id) == []


def test_each_commission_keeps_what_was_chosen_to_filter_its_needs_and_none_what_was_typed(
    several: MainWindow, world: World, other: World, preferences: Preferences, qtbot: QtBot
) -> None:
    world.make("need", title="Fibre", status="qualified")
    world.make("need", title="Fibre noire")
    other.make("need", title="Sauvegarde")
    page = visit(several, "needs", NeedsPage, qtbot)
    page.table.selectRow(0)
    page.panel.filter.setText("fibre")
    choose(page, "qualified")
    turn(several, other, qtbot)
    assert column(page.table) == ["Sauvegarde"]
    assert page.table.chosen() == []
    turn(several, world, qtbot)
    assert (column(page.table), page.panel.filter.text()) == (["Fibre"], "")
    turn(several, other, qtbot)
    several.close()
    with reopened(other.services, preferences, qtbot) as made:
        again = visit(made, "needs", NeedsPage, qtbot)
        assert again.panel.choices[0].currentText() == "Tous les états"
        assert column(again.table) == ["Sauvegarde"]
        turn(made, world, qtbot)
        assert column(again.table) == ["Fibre"]
        clear_filter(again.panel)
        turn(made, other, qtbot)
        turn(made, world, qtbot)
        assert sorted(column(again.table)) == ["Fibre", "Fibre noire"]


def test_what_filtered_a_list_at_the_last_start_filters_no_other_commission(
    several: MainWindow, world: World, other: World, preferences: Preferences, qtbot: QtBot
) -> None:
    other.make("need", title="Sauvegarde")
    choose(visit(several, "needs", NeedsPage, qtbot), "qualified")
    several.close()
    with reopened(other.services, preferences, qtbot) as made:
        turn(made, other, qtbot)
        page = visit(made, "needs", NeedsPage, qtbot)
        assert page.panel.choices[0].currentText() == "Tous les états"
        assert column(page.table) == ["Sauvegarde"]


def choose(page: NeedsPage, status: str) -> None:
    """Filters the needs by a status, as the user does."""
    choice = page.panel.choices[0]
    choice.set_value(status)
    choice.edited.emit()


def test_what_is_found_in_another_commission_says_which(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    for one in (world, other):
        one.make("need", title="Fibre")
    several.actions_.search.trigger()
    found = dialog(SearchDialog, several, qtbot)

    def results(typed: str) -> set[str]:
        found.line.setText(typed)
        settle(several, qtbot)
        return {found.results.item(row).text() for row in range(found.results.count())}

    assert results("fibre") == {"Fibre\nBesoin", "Fibre\nBesoin · Éclaireurs de l'Auxois"}
    assert results("éclaireurs") == {"Éclaireurs de l'Auxois\nCommission"}
    assert results("vougeot") == {"Vougeot (21)\nCollectivité · 21716 212107163"}


def test_a_need_alike_said_in_another_commission_names_it_while_one_is_noted(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    for one in (world, other):
        one.make("need", title="Sauvegarde distante", words="Le serveur a brûlé.")
    meeting = world.meeting()
    world.item(meeting, "Tour de table", started_at=world.services.workspace.clock().isoformat())
    page = visit(several, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentWidget(page.hold)
    settle(several, qtbot)
    page.hold.noting.ask_need()
    capture = dialog(NeedCaptureDialog, page, qtbot)
    qtbot.keyClicks(capture.form.field("words"), "Une sauvegarde distante")
    qtbot.waitUntil(lambda: len(capture.alike.findChildren(Line)) == 2)
    assert {one.accessibleName() for one in capture.alike.findChildren(Line)} == {
        "Sauvegarde distante, Le serveur a brûlé.",
        "Sauvegarde distante, Éclaireurs de l'Auxois · Le serveur a brûlé.",
    }
    capture.reject()


def test_rules_not_saved_are_asked_about_and_never_go_to_the_other_commission(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    page = visit(several, "settings", SettingsPage, qtbot)
    page.show_card(page.commission)
    name = page.commission.form.field("name")
    name.setFocus()
    qtbot.keyClicks(name, " et d'ailleurs")
    several.commissions.turn(other.commission_id)
    dialog(ConfirmDialog, several, qtbot).reject()
    settle(several, qtbot)
    assert several.commission_id != other.commission_id
    several.commissions.turn(other.commission_id)
    dialog(ConfirmDialog, several, qtbot).confirm.click()
    settle(several, qtbot)
    assert page.commission.form.values()["name"] == "Éclaireurs de l'Auxois"
    assert page.unsaved() == ""


def test_lines_begun_in_a_commission_that_another_program_removes_are_offered_to_be_copied(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Calendrier")
    page = visit(several, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentWidget(page.prepare)
    type_text(page.prepare.agenda.line, "Tour de table")
    page.tabs.setCurrentWidget(page.hold)
    settle(several, qtbot)
    page.hold.item.decision.trigger()
    type_text(page.hold.item.quick.line, "Deux serveurs")
    elsewhere = open_services(world.services.workspace.folder)
    elsewhere.records.delete(world.commission_id, cascade=True)
    elsewhere.close()
    assert several.background is not None
    several.background.workspace_watch.look()
    qtbot.waitUntil(lambda: several.commissions.shown_id == other.commission_id)
    press(several.refusal, "Copier ces mots", qtbot)
    words = QGuiApplication.clipboard().text().splitlines()
    assert sorted(words) == ["Deux serveurs", "Tour de table"]
    assert not several.flush() and several.place != "meeting"


def test_a_line_begun_in_a_meeting_is_asked_about_and_goes_into_no_other(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    page = visit(several, "meeting", MeetingPage, qtbot, world.meeting().id)
    page.prepare.agenda.line.setText("Divers")
    several.commissions.turn(other.commission_id)
    dialog(ConfirmDialog, several, qtbot).confirm.click()
    settle(several, qtbot)
    there = other.meeting()
    visit(several, "meeting", MeetingPage, qtbot, there.id)
    assert page.prepare.agenda.line.text() == ""


def test_what_is_made_goes_to_the_commission_shown(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    turn(several, other, qtbot)
    page = visit(several, "need", NeedPage, qtbot, "new")
    qtbot.keyClicks(page.form.field("title"), "Fibre")
    page.flush()
    settle(several, qtbot)
    note = world.services.records.create("watch_note", {"title": "Partout"}, None)
    told = visit(several, "watch_note", WatchNotePage, qtbot, note.id)
    world.services.watch.tell(note.id, [VOUGEOT], commission_id=world.commission_id)
    several.spread(frozenset())
    settle(several, qtbot)
    assert told.view is not None
    assert told.view.briefings == []
    made = world.services.records.list("need")
    assert [one.commission_id for one in made] == [other.commission_id]


def test_a_region_s_note_is_told_to_those_of_the_commission_shown(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    note = world.services.records.create("watch_note", {"title": "Partout"}, None)
    other.make("roster_entry", organisation_id=VOUGEOT)
    turn(several, other, qtbot)
    page = visit(several, "watch_note", WatchNotePage, qtbot, note.id)
    page.ask_whom_to_tell()
    asked = next(
        one for one in page.findChildren(QPushButton) if one.text() == "Noter l'information"
    )
    asked.click()
    settle(several, qtbot)
    (briefing,) = world.services.watch.told(note.id)
    assert briefing.commission_id == other.commission_id


def test_only_what_a_record_may_name_is_offered_beside_it(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Sauvegarde distante")
    solution = world.make("solution", title="Relais ici")
    note = world.make("watch_note", title="Note ici")
    there = other.make("need", title="Sauvegarde distante des mairies")
    other.make("solution", title="Relais là-bas")
    other.make("watch_note", title="Note là-bas")
    needs = visit(several, "need", NeedPage, qtbot, need.id)
    assert needs.view is not None
    assert [one.words for one in needs.view.solutions] == ["Relais ici"]
    solutions = visit(several, "solution", SolutionPage, qtbot, solution.id)
    assert solutions.view is not None
    assert [one.id for one in solutions.view.needs] == [need.id]
    watch = visit(several, "watch_note", WatchNotePage, qtbot, note.id)
    assert watch.view is not None
    assert watch.view.others == []
    visit(several, "need", NeedPage, qtbot, need.id)
    qtbot.waitUntil(lambda: len(needs.alike.findChildren(Line)) == 1)
    (line,) = needs.alike.findChildren(Line)
    assert line.accessibleName() == "Sauvegarde distante des mairies, Éclaireurs de l'Auxois"
    line.click()
    settle(several, qtbot)
    assert several.where().record_id == there.id
    assert several.commission_id == other.commission_id


def goes_to(window: MainWindow, record_id: str, qtbot: QtBot) -> tuple[str, str]:
    """What is shown after a record was found."""
    window.searching.go_to(record_id)
    settle(window, qtbot)
    return window.place, window.commission_id or ""


def test_a_record_found_turns_the_window_to_its_commission_and_the_region_s_to_none(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    meeting = other.meeting("Ailleurs")
    item = other.item(meeting, "Point")
    decision = other.make("decision", agenda_item_id=item.id, text="Décidé")
    person = other.make("person", organisation_id=VOUGEOT, last_name="Petit")
    assert goes_to(several, decision.id, qtbot) == ("meeting", other.commission_id)
    assert several.pages["meeting"].where()[0] == meeting.id
    assert goes_to(several, VOUGEOT, qtbot) == ("organisation", other.commission_id)
    assert goes_to(several, world.meeting().id, qtbot) == ("meeting", world.commission_id)
    assert goes_to(several, person.id, qtbot) == ("organisation", other.commission_id)
    assert goes_to(several, world.commission_id, qtbot) == ("settings", world.commission_id)


def test_of_two_places_asked_for_the_last_one_stays(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    several.go("need", other.make("need", title="Fibre").id)
    several.go("solutions")
    settle(several, qtbot)
    assert (several.place, several.commission_id) == ("solutions", world.commission_id)


@contextmanager
def reopened(services: Services, preferences: Preferences, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window of the next start on the same workspace."""
    made = start.window(preferences)
    made.show()
    made.open_on(services)
    settle(made, qtbot)
    yield made
    made.close()
    for one in (made, made.theme):
        one.deleteLater()


def test_a_commission_without_a_name_is_found_in_the_menu_and_in_the_search(
    several: MainWindow, other: World, qtbot: QtBot
) -> None:
    other.services.records.update(other.commission_id, {"name": ""})
    several.spread(frozenset())
    settle(several, qtbot)
    menu = offered(several, qtbot)
    assert "Sans nom" in [one.text() for one in menu.actions()]
    menu.close()
    several.actions_.search.trigger()
    choice = dialog(SearchDialog, several, qtbot).commission
    assert [choice.itemText(row) for row in range(1, choice.count())] == [
        "Sans nom", "Commission de la Côte"
    ]  # fmt: skip


def test_a_commission_that_went_while_the_menu_was_open_is_not_turned_to(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    menu = offered(several, qtbot)
    (action,) = [one for one in menu.actions() if not one.isChecked()]
    other.services.records.delete(other.commission_id, cascade=True)
    several.spread(frozenset())
    settle(several, qtbot)
    action.trigger()
    menu.close()
    settle(several, qtbot)
    assert several.commission_id == world.commission_id
    assert not several.banner.isVisible()


def test_the_next_start_shows_the_same_commission(
    several: MainWindow, other: World, preferences: Preferences, qtbot: QtBot
) -> None:
    turn(several, other, qtbot)
    assert other.services.settings.get(KEPT) == other.commission_id
    several.close()
    with reopened(other.services, preferences, qtbot) as made:
        assert made.commission_id == other.commission_id


def test_after_a_crash_the_record_and_its_commission_are_both_there(
    several: MainWindow, other: World, preferences: Preferences, qtbot: QtBot
) -> None:
    need = other.make("need", title="Fibre")
    several.go("need", need.id)
    settle(several, qtbot)
    assert several.resuming.session is not None
    several.resuming.session.note()
    other.services.settings.set(KEPT, "")
    with reopened(other.services, preferences, qtbot) as made:
        assert made.commission_id == other.commission_id
        assert made.where().record_id == need.id
        assert made.banner.isVisible()


def test_a_commission_deleted_elsewhere_leaves_the_first_one_left(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    need = other.make("need", title="Fibre")
    several.go("need", need.id)
    settle(several, qtbot)
    other.services.records.delete(other.commission_id, cascade=True)
    several.spread(frozenset())
    settle(several, qtbot)
    assert several.commission_id == world.commission_id
    assert several.place == "needs"
    assert several.navigation.name.isVisible()
    assert not several.actions_.commission.isVisible()


def test_a_paper_about_the_region_follows_the_commission_shown(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    for one, words in ((world, "Côte"), (other, "Auxois")):
        one.make("watch_note", title=f"Note {words}")
    turn(several, other, qtbot)
    page = visit(several, "organisation", OrganisationPage, qtbot, VOUGEOT)
    page.show_bulletin()
    paper = dialog(DocumentDialog, page, qtbot)
    qtbot.waitUntil(lambda: paper.pane.made is not None)
    assert paper.pane.made is not None
    said = reading.text(paper.pane.made.data)
    assert "Note Auxois" in said
    assert "Note Côte" not in said
    paper.pane.model_button.click()
    editor = dialog(TemplateEditor, paper, qtbot)
    assert editor._commission_id == other.commission_id
    editor.list.select(1)
    editor.editor.heading.setText("À lire")
    editor.editor.heading.edited.emit()
    editor.confirm.click()
    qtbot.waitUntil(lambda: "modèle" in several.actions_.undo.text().casefold())
    paper.reject()


def test_a_solution_keeps_its_needs_when_that_of_another_commission_is_opened(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Sauvegarde hors site")
    solution = world.make("solution", title="Sauvegarde", need_ids=[need.id])
    theirs = other.make("solution", title="Messagerie")
    visit(several, "solution", SolutionPage, qtbot, solution.id)
    turn(several, other, qtbot)
    page = visit(several, "solution", SolutionPage, qtbot, theirs.id)
    assert page.header.title.text() == "Messagerie"
    assert page.form.autosave.state is Saving.SAVED
    assert world.get(solution).need_ids == (need.id,)


def test_a_need_keeps_its_meeting_when_that_of_another_commission_is_opened(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    need = world.make("need", title="Sauvegarde hors site", raised_at_meeting_id=meeting.id)
    theirs = other.make("need", title="Messagerie")
    visit(several, "need", NeedPage, qtbot, need.id)
    turn(several, other, qtbot)
    page = visit(several, "need", NeedPage, qtbot, theirs.id)
    assert page.header.title.text() == "Messagerie"
    assert world.get(need).raised_at_meeting_id == meeting.id
