"""Préparer: the agenda is written, reordered and convened."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.records import AgendaItem, Record
from app.domain.wording import plain
from tests.ui.acting import activate, dialog, field, press, shown
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.agenda_item import AgendaItemDialog
from ui.dialogs.convocations import ConvocationsDialog
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.dialogs.document import DocumentDialog
from ui.models.agenda import AgendaModel
from ui.pages.meeting.agenda_card import read_line
from ui.pages.meeting.page import MeetingPage
from ui.pages.meeting.prepare import PrepareTab
from ui.tasks import Tasks
from ui.widgets.line import Line
from ui.widgets.proposals import SHOWN
from ui.window.main_window import MainWindow


def prepare(window: MainWindow, meeting: Record[AgendaItem], qtbot: QtBot) -> PrepareTab:
    window.go("meeting", meeting.id)
    settle(window, qtbot)
    page = window.pages["meeting"]
    assert isinstance(page, MeetingPage)
    return page.prepare


def titles(tab: PrepareTab) -> list[str]:
    return [row.title for row in tab.agenda.list.agenda.rows]


def test_the_usual_agenda_is_composed_in_one_click(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    tab = prepare(opened, world.meeting(), qtbot)
    qtbot.mouseClick(tab.agenda.empty.offer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(titles(tab)) == 5)
    assert titles(tab)[0] == "Ouverture et appel"
    assert titles(tab)[-1] == "Questions diverses"
    assert opened.focusWidget() is tab.agenda.list  # it is touched up next


def test_the_agenda_and_what_stands_for_an_empty_one_are_never_there_at_once(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    card = prepare(opened, meeting, qtbot).agenda
    together = []

    class Watcher(QObject):
        def eventFilter(self, shown: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show:
                together.append((card.list.isVisible(), card.empty.isVisible()))
            return False

    watcher = Watcher()
    for one in (card.list, card.empty):
        one.installEventFilter(watcher)
    item = world.item(meeting, "Ouverture et appel", "opening")
    opened.spread(frozenset())
    settle(opened, qtbot)
    world.services.records.delete(item.id)
    opened.spread(frozenset())
    settle(opened, qtbot)
    assert together == [(True, False), (False, True)]


def test_the_usual_agenda_carries_over_what_the_last_meeting_did_not_reach(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    last = world.meeting("Réunion de janvier", days=-40)
    world.item(last, "Ouverture", "opening")
    world.item(last, "L'offre de sauvegarde", "solution")
    world.services.meetings.open(last.id, "2027-01-15T18:30:00+01:00")
    world.services.meetings.close(last.id, "2027-01-15T20:00:00+01:00")
    tab = prepare(opened, world.meeting(), qtbot)
    qtbot.mouseClick(tab.agenda.empty.offer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(titles(tab)) == 8)
    assert "Approbation du procès-verbal de la séance du 15 janvier 2027" in titles(tab)
    assert titles(tab)[-2] == "L'offre de sauvegarde"


def test_an_item_is_added_with_its_duration_in_one_line(
    opened: MainWindow, world: World, heard: list[str], qtbot: QtBot
) -> None:
    meeting = world.meeting()
    tab = prepare(opened, meeting, qtbot)
    type_text(tab.agenda.line, "Tour de table, 30")
    qtbot.keyClick(tab.agenda.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(tab) == ["Tour de table"])
    (item,) = world.services.records.list("agenda_item", meeting_id=meeting.id)
    assert item.fields.planned_minutes == 30
    assert tab.agenda.total.text() == "1 point. Fin prévue à 19\u00a0h (30\u00a0min)"
    assert tab.agenda.line.text() == ""
    assert heard == ["Point ajouté : Tour de table"]


def test_alt_and_an_arrow_moves_an_item_and_the_keyboard_follows_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    for title in ("Un", "Deux", "Trois"):
        world.item(meeting, title, planned_minutes=10)
    tab = prepare(opened, meeting, qtbot)
    tab.agenda.list.setCurrentIndex(tab.agenda.list.agenda.index(2))
    qtbot.keyClick(tab.agenda.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: titles(tab) == ["Un", "Trois", "Deux"])
    qtbot.keyClick(tab.agenda.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: titles(tab) == ["Trois", "Un", "Deux"])
    assert [row.at for row in tab.agenda.list.agenda.rows] == ["18 h 30", "18 h 40", "18 h 50"]
    qtbot.keyClick(tab.agenda.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: titles(tab) == ["Un", "Trois", "Deux"])


def test_each_of_two_quick_keys_moves_an_item(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    for title in "ABC":
        world.item(meeting, title)
    tab = prepare(opened, meeting, qtbot)
    tab.agenda.list.setCurrentIndex(tab.agenda.list.agenda.index(0))
    for key, expected in (("Down", "BCA"), ("Down", "BCA"), ("Up", "ABC")):
        for _ in range(2):
            step = getattr(Qt.Key, f"Key_{key}")
            qtbot.keyClick(tab.agenda.list, step, Qt.KeyboardModifier.AltModifier)
        settle(opened, qtbot)
        assert "".join(titles(tab)) == expected


@pytest.mark.parametrize("drop", [(0, 3, "BCA"), (2, 0, "CAB"), (0, 2, "BAC"), (1, 2, "ABC")])
def test_an_item_dropped_between_two_others_is_put_there(
    opened: MainWindow, world: World, qtbot: QtBot, drop: tuple[int, int, str]
) -> None:
    dragged, onto, expected = drop
    meeting = world.meeting()
    for title in "ABC":
        world.item(meeting, title)
    tab = prepare(opened, meeting, qtbot)
    model = tab.agenda.list.agenda
    data = model.mimeData([model.index(dragged)])
    model.dropMimeData(data, Qt.DropAction.MoveAction, onto, 0, model.index(-1))
    settle(opened, qtbot)
    assert "".join(titles(tab)) == expected


def test_enter_opens_an_item_to_change_it(opened: MainWindow, world: World, qtbot: QtBot) -> None:
    note = world.make("watch_note", title="Facturation électronique")
    meeting = world.meeting()
    item = world.item(meeting, "Veille", "watch")
    tab = prepare(opened, meeting, qtbot)
    tab.agenda.list.select(item.id)
    qtbot.keyClick(tab.agenda.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tab.findChild(AgendaItemDialog) is not None)
    dialog = tab.findChild(AgendaItemDialog)
    assert dialog is not None
    activate(dialog)
    type_text(dialog.form.field("planned_minutes"), "20")
    type_text(dialog.form.field("linked_id"), "facturation")
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: world.get(item).planned_minutes == 20)
    settle(opened, qtbot)
    assert world.get(item).linked_id == note.id
    assert "Facturation électronique" in tab.agenda.list.agenda.rows[0].detail


def test_of_two_notes_of_one_title_an_item_keeps_its_own_as_its_duration_changes(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    notes = [world.make("watch_note", title="RGAA", deadline_on=on) for on in ("2027-06-30", None)]
    items = [world.item(meeting, "RGAA", "watch", linked_id=note.id) for note in notes]
    tab = prepare(opened, meeting, qtbot)
    for item, words in zip(items, ("échéance le 30/06/2027", "sans date"), strict=True):
        tab.edit_item(item.id)
        asked = dialog(AgendaItemDialog, tab, qtbot)
        assert asked.form.field("linked_id").text() == f"Veille : RGAA ({words})"
        type_text(asked.form.field("planned_minutes"), "20")
        qtbot.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda item=item: world.get(item).planned_minutes == 20)
        settle(opened, qtbot)
    assert [world.get(item).linked_id for item in items] == [note.id for note in notes]


@pytest.mark.parametrize("by", ["meeting", "minutes"])
def test_an_approval_stays_that_of_its_minutes_as_its_duration_changes(
    opened: MainWindow, world: World, qtbot: QtBot, by: str
) -> None:
    former = world.meeting("Réunion de janvier", days=-60)
    for step in ("open", "close"):
        getattr(world.services.meetings, step)(former.id, "2027-01-18T18:00:00+01:00")
    minutes = world.services.minutes.freeze(former.id)
    about = former.id if by == "meeting" else minutes.record.id
    meeting = world.meeting()
    item = world.item(meeting, "Approbation", "approval", linked_id=about)
    tab = prepare(opened, meeting, qtbot)
    tab.edit_item(item.id)
    asked = dialog(AgendaItemDialog, tab, qtbot)
    named = "Procès-verbal de la séance du 18 janvier 2027"
    assert plain(asked.form.field("linked_id").text()) == named
    type_text(asked.form.field("planned_minutes"), "5")
    qtbot.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: world.get(item).planned_minutes == 5)
    assert world.get(item).linked_id == about


def test_an_item_added_below_what_is_in_sight_comes_into_sight(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    for number in range(12):
        world.item(meeting, f"Point {number}")
    tab = prepare(opened, meeting, qtbot)
    type_text(tab.agenda.line, "Budget primitif, 30")
    qtbot.mouseClick(tab.agenda.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(tab)[-1] == "Budget primitif")
    settle(opened, qtbot)
    listed = tab.agenda.list
    assert listed.viewport().rect().contains(listed.visualRect(listed.agenda.index(12)))


def test_an_item_typed_stands_where_its_kind_goes_and_the_next_is_typed_at_once(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    world.item(meeting, "Questions diverses")
    tab = prepare(opened, meeting, qtbot)
    card = tab.agenda
    card.line.setFocus()
    for typed, kind in (("Logo", "misc"), ("Budget", "decision"), ("Affiches", "misc")):
        card.kind.set_value(kind)
        type_text(card.line, typed)
        qtbot.keyClick(card.line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda typed=typed: typed in titles(tab))
        assert opened.focusWidget() is card.line
    known = ["Ouverture", "Budget", "Logo", "Affiches", "Questions diverses"]
    assert titles(tab) == known
    qtbot.keyClick(card.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: titles(tab) == [one for one in known if one != "Affiches"])


def test_an_item_typed_before_the_meeting_is_read_keeps_its_words(
    world: World, tasks: Tasks, qtbot: QtBot
) -> None:
    tab = PrepareTab(world.services, tasks)
    qtbot.addWidget(tab)
    type_text(tab.agenda.line, "Budget, 30")
    qtbot.mouseClick(tab.agenda.add_button, Qt.MouseButton.LeftButton)
    assert tab.agenda.line.text() == "Budget, 30"


def test_before_the_convocation_delete_removes_and_afterwards_it_withdraws(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    first, second = world.item(meeting, "Un"), world.item(meeting, "Deux")
    tab = prepare(opened, meeting, qtbot)
    tab.agenda.list.select(first.id)
    for _ in range(2):
        qtbot.keyClick(tab.agenda.list, Qt.Key.Key_Delete)
    settle(opened, qtbot)
    assert titles(tab) == ["Deux"]
    assert tab.agenda.list.current() == tab.agenda.list.agenda.rows[0]  # the next in its place
    assert "Ctrl+Z" in opened.banner.text()
    world.services.meetings.convene(meeting.id)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    tab.agenda.list.select(second.id)
    qtbot.keyClick(tab.agenda.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(world.get(second).withdrawn))
    settle(opened, qtbot)
    assert tab.agenda.list.agenda.rows[0].withdrawn
    assert tab.agenda.total.text() == ""


def test_convening_numbers_the_agenda_and_notes_who_was_written_to(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=11, place="Mairie de Vougeot")
    item = world.item(meeting, "Ouverture", "opening")
    tab = prepare(opened, meeting, qtbot)
    assert tab.convocations.deadline.text() == (
        "À envoyer au plus tard le vendredi 26 mars 2027 (3\u00a0jours francs)."
    )
    assert tab.convocations.recipients.text() == "5 membres par lettre"
    qtbot.mouseClick(tab.convocations.convene, Qt.MouseButton.LeftButton)
    question = tab.findChild(ConfirmDialog)
    assert question is not None
    assert "l'envoi à 5 membres est noté, et il vous reste à le faire." in shown(question)
    qtbot.mouseClick(question.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.get(meeting).status == "convened")
    settle(opened, qtbot)
    assert "Imprimez les lettres, dans « Documents »." in shown(opened.banner)
    assert world.get(item).number == "1"
    assert tab.convocations.chip.text() == "Envoi noté"
    assert not tab.convocations.convene.isVisible()


def test_what_keeps_a_meeting_from_being_convened_in_time_is_said(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=1)
    tab = prepare(opened, meeting, qtbot)
    assert not tab.convocations.convene.isEnabled()
    assert shown(tab.convocations).count("Composez d'abord l'ordre du jour.") == 1
    world.item(meeting, "Ouverture", "opening")
    opened.spread(frozenset({"agenda_item"}))
    settle(opened, qtbot)
    assert tab.convocations.convene.isEnabled()
    assert "« Modifier », en haut, change la date, ou l'urgence." in shown(tab.convocations)
    everybody = [one.person.id for one in world.services.convocations.of(meeting.id).waiting]
    world.services.records.update(meeting.id, {"starts_at": None, "ends_at": None})
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    assert "« Modifier », en haut, donne la date." in shown(tab.convocations)
    world.services.undo.undo()
    world.services.convocations.note_sent(meeting.id, everybody, at="2027-03-15T09:00")
    opened.spread(frozenset({"convocation"}))
    settle(opened, qtbot)
    assert "Trop tard" not in shown(tab.convocations)
    assert "change la date" not in shown(tab.convocations)


def test_convocations_that_would_name_no_place_are_told_before_they_leave(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    tab = prepare(opened, meeting, qtbot)
    assert "Le lieu manque aux convocations" in shown(tab.convocations)
    world.services.records.update(meeting.id, {"place": "Mairie de Vougeot"})
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    assert "Le lieu manque" not in shown(tab.convocations)


def test_an_item_added_after_the_convocation_is_numbered_bis(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.convene(meeting.id)
    tab = prepare(opened, meeting, qtbot)
    type_text(tab.agenda.line, "Une question arrivée tard")
    qtbot.mouseClick(tab.agenda.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(titles(tab)) == 2)
    assert tab.agenda.list.agenda.rows[1].number == "1 bis"
    assert tab.agenda.list.agenda.rows[1].added


def test_an_added_item_is_noted_as_notified_from_its_menu(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.convene(meeting.id)
    added = world.services.agenda.add(meeting.id, {"title": "Arrivé tard"})
    tab = prepare(opened, meeting, qtbot)
    listed = tab.agenda.list
    listed.menu_requested.emit(listed.agenda.rows[1], listed.mapToGlobal(listed.rect().center()))
    menu = the_menu(tab, qtbot)
    menu.actions()[-1].trigger()
    menu.close()
    qtbot.waitUntil(lambda: world.get(added).notified_at == "2027-03-19T18:00:00+01:00")


def test_the_agenda_is_a_sound_model(opened: MainWindow, world: World, qtbot: QtBot) -> None:
    meeting = world.meeting()
    world.item(meeting, "Un")
    tab = prepare(opened, meeting, qtbot)
    model = AgendaModel()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(model, fatal)
    rows = list(tab.agenda.list.agenda.rows)
    model.set_rows(rows)
    model.set_rows(rows * 1)
    model.set_rows([])
    assert tester.model() is model


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("", None),
        ("Divers", {"title": "Divers"}),
        ("Tour de table, 30", {"title": "Tour de table", "planned_minutes": 30}),
        ("Devis, relances, 5 min", {"title": "Devis, relances", "planned_minutes": 5}),
        ("Budget 2027", {"title": "Budget 2027"}),
    ],
)
def test_a_line_is_read_as_a_title_and_minutes(typed: str, fields: object) -> None:
    assert read_line(typed) == fields


def test_a_paper_of_the_meeting_is_read_in_one_click(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    tab = prepare(opened, meeting, qtbot)
    line = next(
        one for one in tab.papers.findChildren(Line) if "Ordre du jour" in one.accessibleName()
    )
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    dialog = tab.findChild(DocumentDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.pane.document.pageCount() == 1)
    assert dialog.pane.made is not None
    assert "ordre-du-jour" in dialog.pane.made.file_name
    dialog.close()


@pytest.mark.parametrize("asked", ["Invitation", "Courriel"])
def test_a_file_of_the_meeting_is_saved_where_the_user_says(
    opened: MainWindow, world: World, qtbot: QtBot, saved_file: Path, asked: str
) -> None:
    begins = {"Invitation": b"BEGIN:VCALENDAR", "Courriel": b""}[asked]
    meeting = world.meeting()
    for commune in ("Quincey", "Arcenant"):
        world.services.records.update(world.persons[commune], {"email": f"{commune}@mairie.fr"})
    world.item(meeting, "Ouverture", "opening")
    tab = prepare(opened, meeting, qtbot)
    line = next(one for one in tab.papers.findChildren(Line) if asked in one.accessibleName())
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(saved_file.exists)
    settle(opened, qtbot)
    assert saved_file.read_bytes().startswith(begins)
    assert opened.banner.text().startswith("Enregistré dans")
    assert ("copie cachée (Cci)" in opened.banner.text()) == (asked == "Courriel")


def test_the_email_is_offered_where_it_convenes_somebody_and_a_nameless_letter_is_told(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    world.services.records.update(world.seats["Arcenant"], {"titular_person_id": None})
    tab = prepare(opened, meeting, qtbot)
    line = next(one for one in tab.papers.findChildren(Line) if "Courriel" in one.accessibleName())
    assert line.isHidden()
    assert "4 membres par lettre\nArcenant ne nomme personne : sa lettre part" in shown(
        tab.convocations
    )
    world.services.records.update(world.persons["Quincey"], {"email": "mairie@quincey.example"})
    opened.spread(frozenset({"person"}))
    settle(opened, qtbot)
    qtbot.waitUntil(line.isVisible)
    qtbot.mouseClick(tab.convocations.detail, Qt.MouseButton.LeftButton)
    dialog = tab.findChild(ConvocationsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 4)
    assert "Arcenant ne nomme personne" in dialog.deadline.text()
    qtbot.keyClick(dialog.list, Qt.Key.Key_C)
    qtbot.waitUntil(dialog.banner.isVisible)
    assert "n'a pas de courriel" in dialog.banner.text()
    dialog.close()


def test_a_place_that_takes_no_file_is_said_in_a_sentence(
    opened: MainWindow, world: World, qtbot: QtBot, saved_file: Path
) -> None:
    saved_file.mkdir()
    tab = prepare(opened, world.meeting(), qtbot)
    line = next(
        one for one in tab.papers.findChildren(Line) if "Invitation" in one.accessibleName()
    )
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(opened.banner.isVisible)
    assert "n'est pas un fichier" in opened.banner.text()


def test_what_the_last_meeting_left_is_proposed_with_its_reason_and_taken_in_a_click(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    last = world.meeting("Réunion de janvier", days=-40)
    world.item(last, "L'offre de sauvegarde", "solution")
    world.services.meetings.open(last.id, "2027-01-15T18:30:00+01:00")
    world.services.meetings.close(last.id, "2027-01-15T20:00:00+01:00")
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    tab = prepare(opened, meeting, qtbot)
    qtbot.waitUntil(tab.proposals.isVisible)
    line = next(
        one
        for one in tab.proposals.findChildren(Line)
        if one.accessibleName().startswith("L'offre de sauvegarde, Non abordé")
    )
    line.click()
    qtbot.waitUntil(lambda: "L'offre de sauvegarde" in titles(tab))
    qtbot.mouseClick(tab.proposals.every, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.proposals.isVisible())


def test_the_proposals_that_are_not_shown_yet_are_counted(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for number in range(SHOWN + 2):
        world.make("watch_note", title=f"Texte {number}", deadline_on="2027-06-30")
    tab = prepare(opened, world.meeting(), qtbot)
    said = "… et {}, que « Tout ajouter » ajoute aussi."
    assert said.format("2 autres") in shown(tab.proposals)
    tab.proposals.findChildren(Line)[0].click()
    settle(opened, qtbot)
    assert said.format("1 autre") in shown(tab.proposals)
    tab.proposals.findChildren(Line)[0].click()
    settle(opened, qtbot)
    assert len(tab.proposals.findChildren(Line)) == SHOWN
    assert "autre" not in shown(tab.proposals)


def test_a_proposal_clicked_twice_is_added_once(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("watch_note", title="RGPD", deadline_on="2027-06-30")
    tab = prepare(opened, world.meeting(), qtbot)
    (line,) = tab.proposals.findChildren(Line)
    line.click()
    line.click()
    settle(opened, qtbot)
    assert titles(tab) == ["RGPD"]


def test_nothing_proposed_to_another_meeting_can_be_added_to_this_one(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("watch_note", title="RGPD", deadline_on="2027-06-30")
    tab = prepare(opened, world.meeting(), qtbot)
    assert tab.proposals.isVisible()
    following, held = world.meeting("La suivante"), threading.Event()
    opened.go("meeting", following.id)
    opened.tasks.run(held.wait)  # the meeting is being read; its proposals will be after that
    qtbot.waitUntil(lambda: tab.meeting_id == following.id)
    hidden = tab.proposals.isHidden()
    held.set()
    settle(opened, qtbot)
    assert hidden
    assert tab.proposals.isVisible()


def test_an_agenda_is_kept_as_a_template_and_used_again(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Un point bien à nous")
    tab = prepare(opened, meeting, qtbot)
    qtbot.mouseClick(tab.agenda.templates, Qt.MouseButton.LeftButton)
    menu = the_menu(tab, qtbot)
    menu.actions()[-1].trigger()
    menu.close()
    qtbot.waitUntil(opened.banner.isVisible)
    tab = prepare(opened, world.meeting("Une autre"), qtbot)
    qtbot.mouseClick(tab.agenda.templates, Qt.MouseButton.LeftButton)
    menu = the_menu(tab, qtbot)
    menu.actions()[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: "Un point bien à nous" in titles(tab))
    qtbot.mouseClick(tab.agenda.templates, Qt.MouseButton.LeftButton)
    menu = the_menu(tab, qtbot)
    next(one for one in menu.actions() if one.text().startswith("Oublier")).trigger()
    menu.close()
    settle(opened, qtbot)
    own = world.services.agenda_templates.choices(world.commission_id)
    assert not any(one.attachment_id for one in own)


def the_menu(tab: PrepareTab, qtbot: QtBot) -> QMenu:
    """The menu that is open."""
    qtbot.waitUntil(lambda: any(one.isVisible() for one in tab.findChildren(QMenu)))
    return next(one for one in tab.findChildren(QMenu) if one.isVisible())


def test_the_channel_and_the_sending_of_each_member_are_noted_by_keys(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    tab = prepare(opened, meeting, qtbot)
    qtbot.mouseClick(tab.convocations.detail, Qt.MouseButton.LeftButton)
    dialog = tab.findChild(ConvocationsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 5)
    qtbot.keyClick(dialog.list, Qt.Key.Key_M)
    settle(opened, qtbot)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.model.recipients[0].sent_at is not None)
    (sent,) = world.services.records.list("convocation", meeting_id=meeting.id)
    assert (sent.fields.channel, sent.fields.sent_at) == ("hand", "2027-03-19T18:00:00+01:00")
    qtbot.mouseClick(dialog.sent, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.sent.isEnabled())
    dialog.close()
    settle(opened, qtbot)
    assert tab.convocations.chip.text() == "Envoi noté"


def test_noting_the_sendings_is_the_act_that_the_convocations_offer_first(
    convening: ConvocationsDialog,
) -> None:
    kinds = [one.property("kind") for one in (convening.close_button, convening.sent)]
    assert kinds == ["plain", "primary"]
    assert convening.close_button.x() < convening.sent.x()
    assert not convening.sent.isDefault()  # Enter notes one sending, from its line


def test_a_sending_is_taken_back_by_delete_once_confirmed(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    tab = prepare(opened, meeting, qtbot)
    qtbot.mouseClick(tab.convocations.detail, Qt.MouseButton.LeftButton)
    dialog = tab.findChild(ConvocationsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 5)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.model.recipients[0].sent_at is not None)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in dialog.findChildren(ConfirmDialog)))
    question = dialog.findChildren(ConfirmDialog)[0]
    press(question, "Effacer l'envoi", qtbot)
    qtbot.waitUntil(lambda: dialog.model.recipients[0].sent_at is None)
    assert not world.services.records.list("convocation", meeting_id=meeting.id)
    dialog.close()


class Mailer(QObject):
    """The user's mail program, as the system hands addresses to one."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url)


@pytest.fixture
def mailer() -> Iterator[Mailer]:
    taking = Mailer()
    QDesktopServices.setUrlHandler("mailto", taking, "take")
    yield taking
    QDesktopServices.unsetUrlHandler("mailto")


@pytest.fixture
def convening(opened: MainWindow, world: World, qtbot: QtBot) -> Iterator[ConvocationsDialog]:
    world.services.records.update(world.persons["Agencourt"], {"email": "anne@agencourt.fr"})
    meeting = world.meeting(place="Vougeot")
    world.item(meeting, "Sauvegarde & réseau", "solution")
    tab = prepare(opened, meeting, qtbot)
    qtbot.mouseClick(tab.convocations.detail, Qt.MouseButton.LeftButton)
    dialog = tab.findChild(ConvocationsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 5)
    yield dialog
    dialog.close()


def test_a_key_opens_the_mail_program_on_a_message_to_the_member(
    convening: ConvocationsDialog, mailer: Mailer, qtbot: QtBot
) -> None:
    qtbot.keyClick(convening.list, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: bool(mailer.opened))
    asked = parse_qs(mailer.opened[0].query(QUrl.ComponentFormattingOption.FullyEncoded))
    assert mailer.opened[0].path() == "anne@agencourt.fr"
    assert asked["subject"][0].startswith("Convocation : Commission de la Côte")
    assert "1. Sauvegarde & réseau\r\n" in asked["body"][0]


def test_the_words_that_windows_would_cut_are_copied_to_be_pasted_in_the_message(
    convening: ConvocationsDialog, mailer: Mailer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.dialogs.convocations.LONGEST", 300)
    qtbot.keyClick(convening.list, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: bool(mailer.opened))
    assert list(parse_qs(mailer.opened[0].query())) == ["subject"]
    assert "1. Sauvegarde & réseau\n" in QGuiApplication.clipboard().text()
    assert "collez-le (Ctrl+V)" in convening.banner.text()


def test_a_sending_asked_for_twice_in_a_row_is_noted_once(
    convening: ConvocationsDialog, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for _ in range(2):
        qtbot.keyClick(convening.list, Qt.Key.Key_Return)
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", True
    )
    settle(opened, qtbot)
    QApplication.sendEvent(convening.list, held)
    for _ in range(2):
        convening.sent.click()
    settle(opened, qtbot)
    assert len(world.services.records.list("convocation")) == 5
    qtbot.keyClick(convening.list, Qt.Key.Key_Return)  # another letter, another day
    settle(opened, qtbot)
    assert len(world.services.records.list("convocation")) == 6


def test_sendings_noted_once_the_meeting_is_opened_are_asked_their_day(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.open(meeting.id)
    tab = prepare(opened, meeting, qtbot)
    qtbot.mouseClick(tab.convocations.detail, Qt.MouseButton.LeftButton)
    convening = dialog(ConvocationsDialog, tab, qtbot)
    qtbot.waitUntil(lambda: convening.model.rowCount() == 5)
    qtbot.mouseClick(convening.sent, Qt.MouseButton.LeftButton)
    asked = dialog(FormDialog, convening, qtbot)
    type_text(field(asked.form, "day").line, "20/03/2027")
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "le jour où elle est partie" in asked.banner.text())
    field(asked.form, "day").set_value("2027-03-12")
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not convening.sent.isEnabled())
    sent = world.services.records.list("convocation", meeting_id=meeting.id)
    assert {one.fields.sent_at for one in sent} == {"2027-03-12T00:00:00+01:00"}
    convening.close()


def test_a_channel_chosen_is_counted_behind_however_soon_the_list_closes(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    tab = prepare(opened, meeting, qtbot)
    assert "5 membres par lettre" in shown(tab.convocations)
    qtbot.mouseClick(tab.convocations.detail, Qt.MouseButton.LeftButton)
    convening = dialog(ConvocationsDialog, tab, qtbot)
    qtbot.waitUntil(lambda: convening.model.rowCount() == 5)
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    qtbot.keyClick(convening.list, Qt.Key.Key_M)
    convening.close()
    disk.set()
    settle(opened, qtbot)
    assert "4 membres par lettre" in shown(tab.convocations)
