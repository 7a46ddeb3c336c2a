"""What works from every page: undo, redo and the search of everything."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.domain.records import reference_id
from app.domain.wording import plain
from app.services.attachments import File
from app.services.changes import Change
from app.storage.workspace import Workspace
from tests.ui.acting import dialog, field, undo, visit
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.spoken import unspoken
from tests.ui.world import World
from tests.workspaces import new_workspace
from ui.announcing import Announcer
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.search import MOST, SearchDialog
from ui.dialogs.trash import TrashDialog
from ui.keys import words_of
from ui.models.hits import HIT, HitWords
from ui.pages.meeting.page import MeetingPage
from ui.pages.need import NeedPage
from ui.pages.page import NEW
from ui.tasks import FINDING
from ui.theme import Theme, font
from ui.widgets.fields import Tick
from ui.widgets.hit_delegate import laid_out
from ui.window.main_window import MainWindow
from ui.window.places import EVERYWHERE, home_of


@pytest.fixture
def make_workspace() -> Callable[..., Workspace]:
    return new_workspace


class Strays(QObject):
    """Notes each widget that is shown as a window of its own, but for one."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.window, self.found = window, list[str]()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and watched is not self.window
        if shown and isinstance(watched, QWidget) and watched.isWindow():
            self.found.append(type(watched).__name__)
        return False


def test_a_page_is_made_without_a_window_beside_that_would_take_the_keyboard(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str, qapp: QApplication
) -> None:
    window.open_on(services)
    settle(window, qtbot)
    strays = Strays(window)
    qapp.installEventFilter(strays)
    try:
        for place in EVERYWHERE:
            window.go(place)
            settle(window, qtbot)
    finally:
        qapp.removeEventFilter(strays)
    assert strays.found == []
    assert window.isActiveWindow()


@contextmanager
def store_asked_here() -> Iterator[list[str]]:
    """The functions that ask the store on the thread of the window, which would wait for it."""
    doors, asking = {Workspace.unit.__code__, Workspace.snapshot.__code__}, list[str]()

    def notice(frame: FrameType, event: str, given: object) -> None:
        if event == "call" and frame.f_code in doors and frame.f_back is not None:
            asking.append(frame.f_back.f_code.co_qualname)

    sys.setprofile(notice)  # of this thread alone
    try:
        yield asking
    finally:
        sys.setprofile(None)


def test_the_thread_of_the_window_never_asks_the_store(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    made = {kind: world.make(kind, title="Fibre").id for kind in ("need", "watch_note", "solution")}
    made |= {"meeting": meeting.id, "organisation": reference_id("organisation", "21716")}
    world.services.meetings.open(meeting.id)
    with store_asked_here() as asking:
        for place in EVERYWHERE:
            opened.go(place, made.get(place, ""))
            settle(opened, qtbot)
            for tabs in opened.pages[place].findChildren(QTabWidget):
                for number in range(tabs.count()):
                    tabs.setCurrentIndex(number)
                    settle(opened, qtbot)
        page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
        page.tabs.setCurrentWidget(page.hold)
        qtbot.keyClicks(page.hold.item.notes, "La fibre arrive.")
        undo = opened.actions_.undo
        qtbot.waitUntil(lambda: "Notes" in undo.text())
        opened.go("home")
        qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: "Notes" not in undo.text())
        qtbot.keyClick(opened, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        search = dialog(SearchDialog, opened, qtbot)
        qtbot.keyClicks(search.line, "fib")
        qtbot.waitUntil(lambda: search.results.count() > 0)
        search.close()
    assert asking == []


def test_undo_is_named_in_the_menu_and_takes_the_last_operation_back(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un"})
    services.records.update(need.id, {"title": "Deux"})
    window.open_on(services)
    undo, redo = window.actions_.undo, window.actions_.redo
    qtbot.waitUntil(lambda: undo.text() == "Annuler : Modification du besoin « Deux »")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: redo.text() == "Rétablir : Modification du besoin « Un »")
    assert undo.text() == "Annuler : Ajout du besoin « Un »"
    assert services.records.get(need.id).fields.title == "Un"
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not redo.isEnabled())
    assert services.records.get(need.id).fields.title == "Deux"


def test_what_was_undone_is_told_until_something_else_is_done(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Fibre")
    world.services.records.update(need.id, {"title": "Fibre optique"})
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    for one in (opened.actions_.undo, opened.actions_.redo):
        one.trigger()
        settle(opened, qtbot)
    assert plain(opened.banner.text()).startswith("Rétabli : modification du besoin")
    assert opened.banner.isVisible()
    type_text(field(page.form, "title"), "La ")
    qtbot.waitUntil(lambda: not opened.banner.isVisible())


def test_what_is_undone_is_said_where_the_record_in_sight_goes_with_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Fibre")
    visit(opened, "need", NeedPage, qtbot, need.id)
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: opened.place == "needs")
    settle(opened, qtbot)
    assert plain(opened.banner.text()).startswith("Annulé : ajout du besoin")


def test_a_title_keeps_its_ampersand_in_menus_and_beside_a_tick(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("need", title="Eau & assainissement")
    opened.spread(frozenset({"need"}))
    settle(opened, qtbot)
    undo = opened.actions_.undo
    assert undo.text() == "Annuler : Ajout du besoin « Eau && assainissement »"
    assert words_of(undo)[0] == "Annuler : Ajout du besoin « Eau & assainissement »"
    tick = Tick("Eau & assainissement")
    qtbot.addWidget(tick)
    spoken = QAccessible.queryAccessibleInterface(tick)
    assert spoken.text(QAccessible.Text.Name) == "Eau & assainissement"


def test_notes_just_typed_are_what_the_menu_takes_back(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.open(meeting.id)
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    qtbot.keyClicks(page.hold.item.notes, "La fibre arrive.")
    undo = opened.actions_.undo
    qtbot.waitUntil(lambda: undo.text() == "Annuler : Notes « Ouverture »")


def test_words_not_yet_stored_are_what_is_taken_back(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Fibre")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    qtbot.keyClicks(page.form.field("words"), "Des mots")
    opened.actions_.undo.trigger()
    settle(opened, qtbot)
    assert world.get(need).words == ""
    opened.actions_.redo.trigger()
    settle(opened, qtbot)
    assert world.get(need).words == "Des mots"


def test_what_can_be_taken_back_no_more_leaves_the_menu_to_what_came_before(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Fibre")
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    world.services.records.update(need.id, {"title": "La fibre"})
    world.services.meetings.convene(meeting.id)
    opened.spread(frozenset())
    settle(opened, qtbot)
    qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(opened, qtbot)
    assert "elle ne redevient pas prévue" in plain(opened.banner.text())
    assert plain(opened.actions_.undo.text()) == "Annuler : Modification du besoin « La fibre »"


def test_a_meeting_opened_by_mistake_is_planned_again_at_ctrl_z(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    page.hold.conductor.open.trigger()
    if page.findChildren(ConfirmDialog):  # far from half past six
        dialog(ConfirmDialog, opened, qtbot).confirm.click()
    settle(opened, qtbot)
    assert "Séance ouverte" in plain(page.hold.conductor.standing.text())
    undo(opened, qtbot)
    settle(opened, qtbot)
    assert page.hold.conductor.standing.text() == "La séance n'est pas ouverte"
    assert plain(opened.banner.text()) == "Annulé : ouverture de la séance."
    assert page.hold.conductor.open.isVisible()


def test_what_was_taken_back_before_a_change_stays_so_once_that_change_is_done_again(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    kept = services.records.create("need", {"title": "Gardé"})
    services.records.delete(kept.id)
    window.open_on(services)
    settle(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    services.records.update(kept.id, {"title": "Changé"})
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        settle(window, qtbot)
    assert services.records.get(kept.id).fields.title == "Changé"
    assert not window.actions_.redo.isEnabled()


def test_operations_of_several_pages_are_taken_back_and_done_again_by_keys_alone(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    for number in range(6):
        services.records.create("need", {"title": f"Besoin {number}"})
        services.records.create("meeting", {"title": f"Séance {number}"})
    window.open_on(services)
    settle(window, qtbot)
    for place in ("needs", "meetings", "needs"):
        window.go(place)
        settle(window, qtbot)
    for key, left in ((Qt.Key.Key_Z, 0), (Qt.Key.Key_Y, 6)):
        for _ in range(12):
            qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        settle(window, qtbot)
        assert len(services.records.list("need")) == left
        assert len(services.records.list("meeting")) == left


def test_ctrl_k_finds_a_commune_and_enter_goes_there(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    window.open_on(services)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.findChild(SearchDialog) is not None)
    dialog = window.findChild(SearchDialog)
    assert isinstance(dialog, SearchDialog)
    qtbot.keyClicks(dialog.line, "etang vergy")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    assert dialog.results.item(0).text().startswith("L'Étang-Vergy (21)\nCollectivité")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.place == "organisation")


def test_enter_goes_to_what_the_words_now_typed_find_not_to_what_was_listed(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    ids = [
        services.records.create("need", {"title": title}, commission_id).id
        for title in ("Serveur", "Fibre")
    ]
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, "serveur")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    disk = Event()
    window.tasks.run(disk.wait, lane=FINDING)  # the index is slow to answer
    dialog.line.setText("fibre")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    disk.set()
    settle(window, qtbot)
    assert window.where().record_id == ids[1]


def test_the_result_that_an_arrow_went_to_is_meant_as_others_are_found(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    for title in ("Serveur", "Serveur", "Fibre"):
        services.records.create("need", {"title": title}, commission_id)
    dialog = opened_search(qtbot, window, services)

    def go_down_while_searching(words: str) -> str:
        disk = Event()
        window.tasks.run(disk.wait, lane=FINDING)
        dialog.line.setText(words)
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            qtbot.keyClick(dialog.line, key)
        meant = str(dialog.results.currentItem().data(Qt.ItemDataRole.UserRole))
        disk.set()
        settle(window, qtbot)
        return meant

    dialog.line.setText("serveu")
    qtbot.waitUntil(lambda: dialog.results.count() == 2)
    go_down_while_searching("fibre")  # which is not there any more
    assert dialog.isVisible() and dialog.results.count() == 1
    dialog.line.setText("serveu")
    qtbot.waitUntil(lambda: dialog.results.count() == 2)
    meant = go_down_while_searching("serveur")
    assert window.where().record_id == meant


def test_ctrl_k_finds_what_can_be_done_before_what_is_about_it(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    services.records.create("need", {"title": "Nouveau serveur"}, commission_id)
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, "nouveau")
    qtbot.waitUntil(lambda: dialog.results.count() == 2)
    texts = [dialog.results.item(row).text().partition("\n") for row in range(2)]
    assert texts[0] == ("Nouveau besoin", "\n", "Commande")
    assert texts[1][0] == "Nouveau serveur"
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.place == "need")
    settle(window, qtbot)
    page = window.pages["need"]
    assert isinstance(page, NeedPage) and page.where()[0] in ("", NEW)


def test_a_command_has_its_keys_and_a_bounded_search_finds_none(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, "co")
    qtbot.waitUntil(lambda: dialog.results.count() > 0)
    assert "Commande" not in dialog.results.item(0).text()  # too few letters for one
    qtbot.keyClicks(dialog.line, "rbeille")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    assert dialog.results.item(0).text() == "Corbeille\nCommande"
    dialog.kinds.set_value("watch_note")
    dialog.kinds.edited.emit()
    qtbot.waitUntil(lambda: dialog.results.count() == 0)
    dialog.kinds.set_value("")
    dialog.kinds.edited.emit()
    dialog.line.setText("synchronisation")
    qtbot.waitUntil(lambda: dialog.results.count() == 2)
    texts = [dialog.results.item(row).text() for row in range(2)]
    assert texts == [
        "Aller à la synchronisation\nCommande · F9",
        "Synchronisation\nCommande · Ctrl+7",
    ]
    dialog.line.setText("corbeille")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(TrashDialog) is not None)


def test_what_cannot_be_done_now_is_no_command(
    qtbot: QtBot, opened: MainWindow, world: World
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Tour de table")
    world.services.meetings.open(meeting.id)
    visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    found = [one.words for one in opened.searching.commands()]
    assert "Clore la séance" in found and "Ouvrir la séance" not in found  # it is open
    assert "Rétablir" not in found  # nothing was taken back


def test_how_much_is_found_is_said_and_each_result_that_an_arrow_chooses(
    qtbot: QtBot, window: MainWindow, services: Services, heard: list[str]
) -> None:
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, "etang")
    qtbot.waitUntil(lambda: dialog.results.count() > 1)
    qtbot.waitUntil(lambda: heard == [f"{dialog.results.count()} résultats"])
    qtbot.keyClick(dialog.line, Qt.Key.Key_Down)
    assert heard[1] == plain(dialog.results.item(1).text()).replace("\n", ", ")
    dialog.line.setText("zzzzzz")
    qtbot.waitUntil(lambda: heard[2:] == ["Rien ne correspond à ces mots."])
    dialog.line.setText("etang")
    qtbot.waitUntil(dialog.results.isVisible)
    dialog.line.clear()
    qtbot.waitUntil(lambda: not dialog.results.isVisible())
    announcer = dialog.line.findChild(Announcer)
    assert isinstance(announcer, Announcer)
    assert not announcer.isActive()  # nothing more is said of what is no longer looked for


def test_it_is_said_that_more_is_found_than_can_be_listed(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str, heard: list[str]
) -> None:
    titles = ["Fibre", *["Fibre locale"] * MOST]
    services.records.put([Change("need", {"title": one}, None, commission_id) for one in titles])
    dialog = opened_search(qtbot, window, services)
    dialog.line.setText("fibre")
    more = "Plus de 50 résultats : ajoutez un mot pour trouver les autres."
    qtbot.waitUntil(lambda: heard == [more])
    assert dialog.results.count() == MOST
    assert dialog.note.isVisible() and plain(dialog.note.text()) == more
    dialog.line.setText("fibre locale")
    qtbot.waitUntil(lambda: heard[1:] == ["50 résultats"])
    assert dialog.results.count() == MOST and not dialog.note.isVisible()


def test_a_decision_says_at_which_meeting_and_too_many_words_are_said_to_be(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    make = services.records.create
    meeting = make("meeting", {"title": "Hiver", "starts_at": "2026-01-22T18:30:00+01:00"}).id
    item = make("agenda_item", {"meeting_id": meeting, "title": "Solutions"}).id
    make("decision", {"agenda_item_id": item, "text": "La sauvegarde du GIP est retenue."})
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, "retenue")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    said = plain(dialog.results.item(0).text()).split("\n")[1]
    assert said == "Décision, séance du 22 janvier 2026"
    dialog.line.setText("que fut-il dit de la sauvegarde")
    qtbot.waitUntil(dialog.note.isVisible)
    assert (
        plain(dialog.note.text()) == "Rien ne contient tous ces mots : n'en gardez qu'un ou deux."
    )


def opened_search(qtbot: QtBot, window: MainWindow, services: Services) -> SearchDialog:
    window.open_on(services)
    qtbot.waitUntil(lambda: not window.tasks.busy)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.findChild(SearchDialog) is not None)
    dialog = window.findChild(SearchDialog)
    assert isinstance(dialog, SearchDialog)
    qtbot.waitUntil(lambda: not window.tasks.busy)
    return dialog


def test_a_file_that_is_its_own_owner_leads_nowhere_in_particular(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Fibre"}).id
    kept = services.attachments.keep(need, File("a.txt", "text/plain", b"a"), "Pièce jointe").id
    services.records.update(kept, {"owner_id": kept})
    assert home_of(services.records, kept) == ("home", "")


@pytest.mark.parametrize("typed", ["devis", "2027-14", "erratum"])
def test_what_belongs_to_a_record_is_found_and_leads_to_its_page(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str, typed: str
) -> None:
    make = services.records.create
    need = make("need", {"title": "Fibre"}).id
    services.attachments.keep(need, File("devis.txt", "text/plain", b"essai"), "Pièce jointe")
    solution = make("solution", {"title": "Relais"}).id
    who = reference_id("organisation", "21716")
    act = {"solution_id": solution, "organisation_id": who, "act_reference": "Acte 2027-14"}
    make("commitment", act)
    meeting = make("meeting", {"title": "Printemps"}).id
    minutes = make("minutes", {"meeting_id": meeting}).id
    make("minutes", {"addendum_to_id": minutes, "text": "Erratum."})
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, typed)
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    owner = {"devis": need, "2027-14": solution, "erratum": meeting}[typed]
    qtbot.waitUntil(lambda: window.where().record_id == owner)


def test_the_search_is_narrowed_to_a_kind_a_commission_and_days(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    other = services.records.create("commission", {"name": "Autre"}, None).id
    for space in (commission_id, other):
        services.records.create("need", {"title": "Vougeot sans fibre"}, space)
    dialog = opened_search(qtbot, window, services)
    assert dialog.commission.isVisible()
    qtbot.keyClicks(dialog.line, "vougeot")
    qtbot.waitUntil(lambda: dialog.results.count() == 3)
    dialog.kinds.set_value("need need_group need_digest")
    dialog.kinds.edited.emit()
    qtbot.waitUntil(lambda: dialog.results.count() == 2)
    dialog.commission.set_value(other)
    dialog.commission.edited.emit()
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    assert not clipped(dialog)
    assert not unspoken(dialog)
    qtbot.keyClicks(dialog.last_day.line, "01/01/2000")
    qtbot.waitUntil(lambda: dialog.results.count() == 0)
    assert dialog.note.isVisible()


def test_the_words_found_are_marked(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    services.records.create("need", {"title": "Serveur", "words": "Plus une sauvegarde [sic]"})
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, "sauvegardes serveur")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    words = dialog.results.item(0).data(HIT)
    assert words.below == "Besoin · Plus une sauvegarde [sic]"
    assert [words.below[begin:end] for begin, end in words.spans] == ["sauvegarde"]


def test_the_words_found_are_marked_after_a_picture_too(theme: Theme) -> None:
    below = "Besoin · 😀 Le budget"
    (mark,) = laid_out(HitWords("Serveur", below, ((14, 20),)), 400).formats()
    assert (mark.start, mark.length) == (15, len("budget"))


def test_a_person_found_is_told_with_the_commune(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    home = {"organisation_id": reference_id("organisation", "21716")}
    services.records.create("person", {"last_name": "Prunellier", "role": "maire", **home})
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, "prunellier")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    assert dialog.results.item(0).data(HIT).below.startswith("Personne, Vougeot · ")


def test_a_record_found_by_its_title_alone_takes_no_more_room_than_its_words(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    services.records.create("need", {"title": "Serveur"})
    services.records.create("need", {"title": "Ordinateur", "words": "Un serveur lent. " * 30})
    dialog = opened_search(qtbot, window, services)
    hint = dialog.note.text()
    qtbot.keyClicks(dialog.line, "serveur")
    qtbot.waitUntil(lambda: dialog.results.count() == 2)
    tall = {
        dialog.results.item(row).data(HIT).title: dialog.results.visualItemRect(
            dialog.results.item(row)
        ).height()
        for row in range(2)
    }
    assert tall["Ordinateur"] - tall["Serveur"] >= font("caption").pixelSize()
    dialog.line.clear()
    qtbot.waitUntil(lambda: dialog.results.count() == 0)
    assert dialog.note.text() == hint


def test_a_decision_that_is_found_opens_its_meeting(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    meeting = services.records.create("meeting", {"title": "Séance"})
    item = services.records.create("agenda_item", {"meeting_id": meeting.id, "title": "Point"})
    services.records.create("decision", {"agenda_item_id": item.id, "text": "Quodlibet"})
    dialog = opened_search(qtbot, window, services)
    qtbot.keyClicks(dialog.line, "quodli")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.place == "meeting")
