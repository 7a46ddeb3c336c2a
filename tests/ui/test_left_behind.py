"""What is typed as the user turns to another record stays with the one it was typed in."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.domain.records import Record
from app.domain.wording import plain
from tests.ui.acting import activate, dialog, field, press, shown, undo, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.dialog import ConfirmDialog
from ui.errors import ABSENT
from ui.pages.meeting.page import MeetingPage
from ui.pages.need import NeedPage
from ui.pages.page import NEW
from ui.pages.solution import SolutionPage
from ui.pages.watch_note import WatchNotePage
from ui.window.keeping import COPIED, ORPHANED
from ui.window.main_window import MainWindow


def frozen_need(world: World) -> Record[Any]:
    """A need said at a meeting whose minutes are frozen: its words take none more."""
    meeting = world.meeting(days=0)
    item = world.item(meeting, "Besoins", "need")
    need = world.make(
        "need",
        title="Un",
        words="Une clé",
        agenda_item_id=item.id,
        raised_at_meeting_id=meeting.id,
    )
    services = world.services
    services.meetings.open(meeting.id)
    services.meetings.close(meeting.id)
    services.minutes.freeze(meeting.id)
    return need


def test_words_typed_at_once_in_a_new_need_are_not_those_of_the_one_shown_before(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Sauvegarde", words="Une clé USB")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    opened.go("need", NEW)
    assert page.form.field("words").hasFocus()
    type_text(page.form.field("words"), "Le fax")
    disk.set()
    settle(opened, qtbot)
    qtbot.waitUntil(lambda: page.form.autosave.settled)
    assert world.get(need).words == "Une clé USB"
    words = {one.fields.words for one in world.services.records.list("need")}
    assert words == {"Une clé USB", "Le fax"}
    assert page.form.names() and field(page.form, "theme").count() > 1  # offered meanwhile


def test_nothing_is_typed_in_a_page_before_its_first_record_is_read(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Sauvegarde", words="Une clé USB")
    meeting = world.meeting(days=3)
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    opened.go("need", need.id)
    page = opened.pages["need"]
    assert isinstance(page, NeedPage)
    words = page.form.field("words")
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    awaited = [page.hasFocus()]
    lent = [one.isEnabled() for one in (words, page.remove, page.look_back)]
    opened.go("meeting", meeting.id)
    held = opened.pages["meeting"]
    assert isinstance(held, MeetingPage)
    awaited.append(held.hasFocus())
    lent.append(held.prepare.agenda.line.isEnabled())
    disk.set()
    settle(opened, qtbot)
    assert all(awaited) and not any(lent)
    assert held.prepare.agenda.line.hasFocus()
    visit(opened, "need", NeedPage, qtbot, need.id)
    assert words.isEnabled() and page.remove.isEnabled() and page.look_back.isEnabled()


def test_words_that_frozen_minutes_refuse_wait_in_their_need_and_the_way_back_is_offered(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need, other = frozen_need(world), world.make("need", title="Deux")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    words = field(page.form, "words")
    type_text(words, "!")
    opened.go("need", other.id)
    settle(opened, qtbot)
    assert opened.keeping.unsaved()
    assert "gelé" not in shown(page.form)
    assert "vous attend dans sa fiche" in plain(opened.refusal.text())
    press(opened.refusal, "Y revenir", qtbot)
    settle(opened, qtbot)
    assert page.record_id == need.id and words.value() == "!Une clé"
    qtbot.waitUntil(lambda: "gelé" in shown(page.form))
    qtbot.keyClick(words, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not opened.keeping.unsaved())
    assert world.get(need).words == "Une clé"


def test_the_window_stays_where_the_last_words_are_refused_as_it_closes(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    frozen = frozen_need(world)
    page = visit(opened, "need", NeedPage, qtbot, frozen.id)
    type_text(field(page.form, "words"), "!")
    assert not opened.close()
    assert opened.isVisible()
    question = dialog(ConfirmDialog, opened, qtbot)
    assert "n'ont pas pu être enregistrés" in shown(question)
    assert opened.refusal.isHidden() and "en haut" not in shown(question)  # it is below the field
    question.cancel.click()
    assert field(page.form, "words").value() == "!Une clé"


def test_the_pages_stay_where_the_last_words_are_refused_as_they_are_to_be_left(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    frozen = frozen_need(world)
    page = visit(opened, "need", NeedPage, qtbot, frozen.id)
    type_text(field(page.form, "words"), "!")
    opened.maintenance.work("Un instant…", lambda task: ["C'est fait."])
    question = dialog(ConfirmDialog, opened, qtbot)
    assert "n'ont pas pu être enregistrés" in shown(question)
    question.confirm.click()
    qtbot.waitUntil(lambda: opened.banner.text() == "C'est fait.")
    settle(opened, qtbot)


def test_a_day_that_is_none_waits_in_its_record_and_the_way_back_is_offered(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    one, other = (world.make("watch_note", title=title) for title in ("RGAA", "NIS 2"))
    page = visit(opened, "watch_note", WatchNotePage, qtbot, one.id)
    due = field(page.form, "applies_from")
    type_text(due.line, "31/02")
    opened.go("watch_note", other.id)
    settle(opened, qtbot)
    assert due.line.text() == ""
    assert "vous attend dans sa fiche" in plain(opened.refusal.text())
    assert not opened.close()
    question = dialog(ConfirmDialog, opened, qtbot)
    assert "« 31/02 »" in shown(question)
    question.cancel.click()
    press(opened.refusal, "Y revenir", qtbot)
    settle(opened, qtbot)
    assert due.line.text() == "31/02" and "date du calendrier" in shown(page.form)
    due.line.clear()
    assert not opened.keeping.unsaved()


def test_a_line_refused_once_its_item_is_left_waits_there_and_the_way_back_is_offered(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting, other = world.meeting(days=0), world.meeting("Réunion d'avril")
    items = [world.item(meeting, title) for title in ("Ouverture", "Calendrier")]
    world.item(other, "Ailleurs")
    world.services.meetings.open(meeting.id)
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    quick = page.hold.item.quick
    for item, words in zip(items, ("Deux serveurs.", "Un fax"), strict=True):
        page.hold.go_to(item.id)
        page.hold.item.decision.trigger()
        assert quick.line.text() == ""
        type_text(quick.line, words)
    world.services.meetings.close(meeting.id)
    world.services.minutes.freeze(meeting.id)  # elsewhere: they take no word more
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    qtbot.keyClick(quick.line, Qt.Key.Key_Return)
    page.hold.go_to(items[0].id)
    disk.set()
    settle(opened, qtbot)
    assert quick.line.text() == "Deux serveurs."
    opened.go("meeting", other.id)
    settle(opened, qtbot)
    page.tabs.setCurrentWidget(page.hold)
    assert (page.meeting_id, quick.line.text()) == (other.id, "")
    assert "vous attend au point « Calendrier »" in plain(opened.refusal.text())
    assert all(f"« {words} »" in page.unsaved() for words in ("Deux serveurs.", "Un fax"))
    press(opened.refusal, "Y revenir", qtbot)
    settle(opened, qtbot)
    assert page.meeting_id == meeting.id and page.tabs.currentWidget() is page.hold
    assert page.hold.item_id == items[1].id and quick.line.text() == "Un fax"
    assert quick.isVisible() and quick.line.hasFocus()
    for item, words in zip(items, ("Deux serveurs.", "Un fax"), strict=True):
        page.hold.go_to(item.id)
        assert quick.isVisible() and quick.line.text() == words


def test_what_is_half_typed_in_one_meeting_is_not_read_in_another(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    one, other = world.meeting(), world.meeting("Réunion d'avril")
    page = visit(opened, "meeting", MeetingPage, qtbot, one.id)
    line = page.prepare.agenda.line
    type_text(line, "Tour de table")
    type_text(page.hold.room.call, "Vou")
    visit(opened, "meeting", MeetingPage, qtbot, other.id)
    assert (line.text(), page.hold.room.call.text()) == ("", "")
    visit(opened, "meeting", MeetingPage, qtbot, one.id)
    assert line.text() == "Tour de table"


def test_what_is_done_while_the_next_record_is_being_read_is_done_to_the_one_in_sight(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    one, other = (world.make("solution", title=title) for title in ("Coffre", "Fax"))
    page = visit(opened, "solution", SolutionPage, qtbot, one.id)
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    opened.go("solution", other.id)
    page.participants.said.emit(page.taking_part.standings[:1], "interested")
    page.remove.trigger()
    question = dialog(ConfirmDialog, opened, qtbot)
    assert "« Coffre »" in plain(shown(question))
    disk.set()
    settle(opened, qtbot)
    services = world.services
    assert len(services.solutions.commitments(one.id)) == 1
    assert not services.solutions.commitments(other.id)
    question.confirm.click()
    settle(opened, qtbot)
    assert [kept.id for kept in services.records.list("solution")] == [other.id]
    assert page.record_id == other.id and page.isVisible()


def test_words_of_a_record_deleted_elsewhere_are_told_once_and_offered_to_be_copied(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Un", words="Une clé")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    world.services.records.delete(need.id)
    type_text(field(page.form, "words"), "Le fax. ")
    qtbot.waitUntil(lambda: opened.refusal.accessibleName() == ORPHANED)
    assert page.form.autosave.settled
    assert opened.navigation.saved.text() == "Non enregistré"
    opened.spread(frozenset({"need"}))
    settle(opened, qtbot)
    assert not page.isVisible() and opened.refusal.accessibleName() == ORPHANED
    assert not opened.close()
    question = dialog(ConfirmDialog, opened, qtbot)
    assert "« Le fax. Une clé »" in shown(question)
    question.cancel.click()
    press(opened.refusal, "Copier ces mots", qtbot)
    assert QGuiApplication.clipboard().text() == "Le fax. Une clé"
    assert opened.banner.accessibleName() == COPIED and not opened.keeping.unsaved()
    assert opened.navigation.saved.text() == "Tout est enregistré"


def test_what_is_refused_of_another_record_is_told_though_words_are_offered(
    opened: MainWindow, world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.txt"
    photo.write_text("Le fax", "utf-8")
    need, other = (world.make("need", title=title) for title in ("Un", "Deux"))
    world.services.attachments.add(other.id, [photo])
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    world.services.records.delete(need.id)
    type_text(field(page.form, "words"), "Le fax. ")
    qtbot.waitUntil(lambda: opened.refusal.accessibleName() == ORPHANED)
    visit(opened, "need", NeedPage, qtbot, other.id)
    [held] = world.services.attachments.of(other.id)
    world.services.attachments.remove(held.record.id)  # elsewhere, meanwhile
    [removing] = (
        one
        for one in page.attachments.findChildren(QToolButton)
        if one.accessibleName() == "Retirer « photo.txt »"
    )
    qtbot.mouseClick(removing, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.banner.accessibleName() == ABSENT)
    assert "« Le fax. »" in plain(opened.keeping.unsaved())


def test_words_of_a_record_left_then_deleted_elsewhere_are_tried_no_more(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need, other = world.make("need", title="Un"), world.make("need", title="Deux")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    opened.tasks.run(lambda: world.services.records.delete(need.id))
    opened.go("need", other.id)
    type_text(field(page.form, "words"), "Le fax")
    disk.set()
    settle(opened, qtbot)
    qtbot.waitUntil(lambda: opened.refusal.accessibleName() == ORPHANED)
    assert page.record_id == other.id and "« Le fax »" in plain(opened.keeping.unsaved())


def test_notes_and_lines_begun_of_a_meeting_deleted_elsewhere_are_offered_to_be_copied(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Calendrier")
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    type_text(page.prepare.agenda.line, "Tour de table")
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    world.services.records.delete(meeting.id, cascade=True)
    type_text(page.hold.item.notes, "Mardi")
    qtbot.waitUntil(lambda: opened.refusal.accessibleName() == ORPHANED)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    assert opened.place == "meetings" and page.where() == ("", "")
    press(opened.refusal, "Copier ces mots", qtbot)
    assert set(QGuiApplication.clipboard().text().splitlines()) == {"Mardi", "Tour de table"}
    assert not opened.flush() and not opened.keeping.unsaved()


def test_what_cannot_be_read_in_any_form_of_a_record_goes_with_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note, other = (world.make("watch_note", title=title) for title in ("RGAA", "NIS 2"))
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    type_text(page.audience.population_to, "mille")
    opened.go("watch_note", other.id)
    settle(opened, qtbot)
    assert "« mille »" in plain(opened.keeping.unsaved())
    world.services.records.delete(note.id)
    opened.go("watch_note", note.id)
    settle(opened, qtbot)
    assert not opened.keeping.unsaved()


def test_the_last_words_of_every_form_are_stored_before_their_record_is_deleted(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    type_text(page.audience.population_to, "300")
    page.remove.trigger()
    dialog(ConfirmDialog, opened, qtbot).confirm.click()
    settle(opened, qtbot)
    assert not opened.banner.isVisible()
    world.services.records.restore(note.id)
    assert world.get(note).audience.population_to == 300


def test_why_notes_are_refused_stands_by_what_is_told_since_until_they_are_wiped_out(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting, need = world.meeting(days=0), world.make("need", title="Fibre")
    first, item = (world.item(meeting, title) for title in ("Ouverture", "Calendrier"))
    world.services.meetings.open(meeting.id)
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.hold.go_to(item.id)
    notes = page.hold.item.notes
    world.services.meetings.close(meeting.id)
    world.services.minutes.freeze(meeting.id)  # elsewhere: they take no word more
    type_text(notes, "Mardi")
    qtbot.waitUntil(opened.refusal.isVisible)
    world.services.records.update(need.id, {"title": "La fibre"})
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: "Annulé" in opened.banner.text())
    assert opened.banner.isVisible() and opened.refusal.isVisible()
    assert "gelé" in shown(opened.refusal) and "vous attend" not in shown(opened.refusal)
    assert not any(one.isVisible() for one in opened.refusal.findChildren(QPushButton))
    page.hold.go_to(first.id)
    for leave in (
        lambda: page.tabs.setCurrentWidget(page.conclude),
        lambda: visit(opened, "need", NeedPage, qtbot, need.id),
    ):
        leave()
        settle(opened, qtbot)
        assert "vous attend au point « Calendrier »" in shown(opened.refusal)
        assert not opened.banner.isVisible()
        press(opened.refusal, "Y revenir", qtbot)
        settle(opened, qtbot)
        assert page.hold.item_id == item.id and notes.hasFocus()
    assert notes.toPlainText() == "Mardi" and not notes.isReadOnly()
    notes.selectAll()
    qtbot.keyClick(notes, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not opened.refusal.isVisible())
    assert opened.navigation.saved.text() == "Tout est enregistré"
    assert notes.isReadOnly()


def test_the_foot_says_that_a_refused_line_is_not_stored_until_it_is_noted_or_wiped_out(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Calendrier")
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    quick, foot = page.hold.item.quick, opened.navigation.saved
    page.hold.item.action.trigger()
    type_text(quick.line, "Un devis ; Anne ; le 31/02")
    assert foot.text() == "Saisie en cours…"
    qtbot.keyClick(quick.line, Qt.Key.Key_Return)
    assert foot.text() == "Non enregistré"  # the line itself says why
    assert not opened.refusal.isVisible()
    qtbot.keyClick(quick.line, Qt.Key.Key_Escape)
    assert "date du calendrier" in shown(opened.refusal)
    page.hold.item.action.trigger()
    assert not opened.refusal.isVisible()
    opened.go("home")
    settle(opened, qtbot)
    assert "date du calendrier" in shown(opened.refusal)
    assert "vous attend au point « Calendrier »" in shown(opened.refusal)
    press(opened.refusal, "Y revenir", qtbot)
    settle(opened, qtbot)
    assert not opened.refusal.isVisible() and "31/02" in quick.line.text()
    quick.line.clear()
    assert foot.text() == "Tout est enregistré"
    world.services.meetings.open(meeting.id)
    world.services.meetings.close(meeting.id)
    world.services.minutes.freeze(meeting.id)
    for line, ask in ((quick.line, page.hold.item.decision), (page.prepare.agenda.line, None)):
        page.tabs.setCurrentWidget(page.hold if ask else page.prepare)
        if ask is not None:
            ask.trigger()
        type_text(line, "Deux serveurs.")
        qtbot.keyClick(line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: foot.text() == "Non enregistré")
        assert line.text() == "Deux serveurs." and "gelé" in shown(opened.refusal)
        opened.go("home")
        settle(opened, qtbot)
        assert opened.refusal.isVisible() and foot.text() == "Non enregistré"
        opened.go("meeting", meeting.id)
        settle(opened, qtbot)
        line.clear()
        assert not opened.refusal.isVisible() and foot.text() == "Tout est enregistré"


def test_the_foot_says_nothing_saved_of_a_line_begun_until_it_is_noted_or_wiped_out(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting, other = world.meeting(days=0), world.meeting("Réunion d'avril")
    world.item(meeting, "Calendrier")
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    foot, line, quick = opened.navigation.saved, page.prepare.agenda.line, page.hold.item.quick
    page.tabs.setCurrentWidget(page.prepare)
    type_text(line, "Tour de table")
    assert foot.text() == "Saisie en cours…"
    visit(opened, "meeting", MeetingPage, qtbot, other.id)
    assert foot.text() == "Saisie en cours…"
    visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentWidget(page.prepare)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    settle(opened, qtbot)
    assert foot.text() == "Tout est enregistré"
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    page.hold.item.decision.trigger()
    type_text(quick.line, "Deux serveurs")
    qtbot.keyClick(quick.line, Qt.Key.Key_Escape)
    assert foot.text() == "Saisie en cours…"
    page.hold.item.decision.trigger()
    quick.line.clear()
    assert foot.text() == "Tout est enregistré"


def test_what_a_field_refuses_is_said_from_elsewhere_and_the_foot_counts_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    due, foot = field(page.form, "applies_from"), opened.navigation.saved
    activate(opened)
    due.line.setFocus()
    type_text(due.line, "31/02")
    qtbot.waitUntil(lambda: foot.text() == "Saisie en cours…")  # it may go on
    page.form.field("title").setFocus()
    qtbot.waitUntil(lambda: foot.text() == "Non enregistré")
    assert not opened.refusal.isVisible()  # it is said below the field
    opened.go("home")
    settle(opened, qtbot)
    assert "date du calendrier" in shown(opened.refusal) and foot.text() == "Non enregistré"
    press(opened.refusal, "Y revenir", qtbot)
    settle(opened, qtbot)
    assert not opened.refusal.isVisible() and "date du calendrier" in shown(page.form)
    due.line.selectAll()
    qtbot.keyClick(due.line, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: foot.text() == "Tout est enregistré")
    type_text(due.line, "31/0")
    qtbot.waitUntil(lambda: foot.text() == "Saisie en cours…")
    type_text(due.line, "3/2027")
    qtbot.waitUntil(lambda: foot.text() == "Tout est enregistré")
    assert world.services.records.get(note.id).fields.applies_from == "2027-03-31"
