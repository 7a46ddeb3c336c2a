"""Séances: meetings are made, changed, found and deleted by keyboard and by mouse."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.records import SCHEMA, reference_id
from app.domain.wording import plain
from tests.ui import acting
from tests.ui.acting import activate, column, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.meeting import MeetingDialog
from ui.dialogs.person import PersonDialog
from ui.models.meetings import MeetingColumn
from ui.pages.home import HomePage
from ui.pages.meeting.page import MeetingPage
from ui.pages.meetings import MeetingsPage
from ui.pages.page import Page
from ui.widgets.dates import InstantField
from ui.widgets.pick import PickField, PicksField
from ui.window.main_window import MainWindow


def meetings(window: MainWindow, qtbot: QtBot) -> MeetingsPage:
    window.go("meetings")
    settle(window, qtbot)
    page = window.pages["meetings"]
    assert isinstance(page, MeetingsPage)
    return page


def dialog(page: MeetingsPage, qtbot: QtBot) -> MeetingDialog:
    qtbot.waitUntil(lambda: page.findChild(MeetingDialog) is not None)
    found = page.findChild(MeetingDialog)
    assert found is not None
    activate(found)
    return found


def test_an_empty_list_offers_to_prepare_the_first_meeting(
    opened: MainWindow, qtbot: QtBot
) -> None:
    page = meetings(opened, qtbot)
    assert page.empty.isVisible()
    qtbot.mouseClick(page.empty.offer, Qt.MouseButton.LeftButton)
    assert dialog(page, qtbot).isVisible()


def test_what_a_sync_brings_while_a_meeting_is_being_changed_stays(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    hours = {"starts_at": "2027-06-01T16:30:00Z", "ends_at": "2027-06-01T18:30:00Z"}
    later = {"starts_at": "2027-06-02T17:00:00Z", "ends_at": "2027-06-02T19:00:00Z"}
    meeting = world.make("meeting", title="Réunion", place="Mairie", **hours)
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.edit.trigger()
    qtbot.waitUntil(lambda: page.findChild(MeetingDialog) is not None)
    asked = page.findChild(MeetingDialog)
    assert asked is not None
    type_text(asked.form.field("title"), "Grande réunion")
    came = {"place": "Salle des fêtes", "number": 4} | later
    world.services.records.update(meeting.id, came)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    kept = world.get(meeting)
    assert (kept.title, kept.place, kept.number) == ("Grande réunion", "Salle des fêtes", 4)
    assert (kept.starts_at, kept.ends_at) == tuple(later.values())


def test_a_meeting_whose_minutes_are_frozen_is_not_changed_from_the_list(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.services.meetings.open(meeting.id)
    world.services.meetings.close(meeting.id)
    world.services.minutes.freeze(meeting.id)
    page = visit(opened, "meetings", MeetingsPage, qtbot)
    page.table.select_where(meeting.id)
    page.edit.trigger()
    changed = acting.dialog(MeetingDialog, page, qtbot)
    assert "se corrige par un additif" in shown(changed)
    assert changed.windowTitle() == "Séance"
    assert "Modifier" not in shown(changed)
    assert not changed.confirm.isVisible()
    changed.reject()


def test_a_meeting_saved_as_it_is_shown_keeps_every_field(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    people = list(world.persons.values())
    meeting = world.make(
        "meeting", number=4, title="Réunion", place="Mairie", emergency=True,
        emergency_reason="Panne", chair_person_id=people[0], secretary_ids=people[1:3],
        starts_at="2027-06-01T16:30:00Z", ends_at="2027-06-01T18:30:00Z",
    )  # fmt: skip
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.edit.trigger()
    qtbot.waitUntil(lambda: page.findChild(MeetingDialog) is not None)
    asked = page.findChild(MeetingDialog)
    assert asked is not None
    empty = [name for name in asked.form.names() if not asked.form.editor(name).value()]
    assert empty == [], "give this field a value in the meeting above"
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    assert world.get(meeting) == meeting.fields


def test_a_meeting_held_without_a_date_says_when_it_opened(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.make("meeting", title="Impromptue")
    world.item(meeting, "Ouverture")
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    assert page.header.subtitle.text() == "Date à fixer"
    world.services.meetings.open(meeting.id)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    assert plain(page.header.subtitle.text()) == "Vendredi 19 mars 2027 à 18 h"
    assert column(meetings(opened, qtbot).table) == ["19/03/2027"]
    home = visit(opened, "home", HomePage, qtbot)
    assert "Vendredi 19 mars 2027 à 18 h" in shown(home)


def test_a_meeting_is_made_by_the_keyboard_and_opened(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meetings(opened, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    shown = dialog(page, qtbot)
    type_text(shown.form.field("title"), "Réunion de printemps")
    starts = shown.form.field("starts_at")
    assert isinstance(starts, InstantField)
    type_text(starts.day.line, "30/03/27")
    type_text(starts.hour, "18h30")
    type_text(shown.form.field("ends_at"), "20h")
    type_text(shown.form.field("chair_person_id"), "martin")
    qtbot.keyClick(shown, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: opened.place == "meeting")
    (made,) = world.services.records.list("meeting")
    assert made.fields.title == "Réunion de printemps"
    assert made.fields.starts_at == "2027-03-30T18:30:00+02:00"
    assert made.fields.ends_at == "2027-03-30T20:00:00+02:00"
    assert made.fields.chair_person_id == world.persons["Agencourt"]
    assert made.commission_id == world.commission_id


def test_an_end_past_midnight_is_of_the_next_day_and_one_before_the_start_is_refused(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meetings(opened, qtbot)
    page.add_one()
    shown = dialog(page, qtbot)
    title, ends = (shown.form.field(name) for name in ("title", "ends_at"))
    type_text(title, "Réunion de printemps")
    shown.form.set_values({"starts_at": "2027-03-30T20:30:00+02:00"})
    type_text(ends, "18h")
    shown.confirm.click()
    settle(opened, qtbot)
    assert ends.property("invalid") is True
    assert world.services.records.list("meeting") == []
    ends.selectAll()
    type_text(ends, "0h30")
    shown.confirm.click()
    qtbot.waitUntil(lambda: opened.place == "meeting")
    (made,) = world.services.records.list("meeting")
    assert made.fields.ends_at == "2027-03-31T00:30:00+02:00"


def test_a_meeting_without_a_title_is_refused_beside_the_field(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meetings(opened, qtbot)
    page.add_one()
    shown = dialog(page, qtbot)
    qtbot.mouseClick(shown.confirm, Qt.MouseButton.LeftButton)
    assert shown.isVisible()
    assert world.services.records.list("meeting") == []


def test_an_emergency_without_a_reason_is_refused(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meetings(opened, qtbot)
    page.add_one()
    shown = dialog(page, qtbot)
    type_text(shown.form.field("title"), "Panne du réseau")
    qtbot.keyClick(shown.form.field("emergency"), Qt.Key.Key_Space)
    qtbot.mouseClick(shown.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.form.field("emergency_reason").property("invalid") is True)
    assert world.services.records.list("meeting") == []


def test_the_reason_of_an_emergency_is_asked_for_where_there_is_one(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meetings(opened, qtbot)
    page.add_one()
    shown = dialog(page, qtbot)
    assert not shown.form.field("emergency_reason").isVisible()
    qtbot.keyClick(shown.form.field("emergency"), Qt.Key.Key_Space)
    assert shown.form.field("emergency_reason").isVisible()


def test_who_keeps_the_minutes_is_added_from_the_meeting(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meetings(opened, qtbot)
    page.add_one()
    shown = dialog(page, qtbot)
    type_text(shown.form.field("title"), "Réunion de mars")
    secretaries = shown.form.field("secretary_ids")
    assert isinstance(secretaries, PicksField)
    type_text(secretaries.line, "Hélène Perrin")
    press(shown, "Nouvelle personne…", qtbot)
    asked = acting.dialog(PersonDialog, shown, qtbot)
    type_text(asked.form.field("organisation_id"), "Vougeot (21)")
    asked.confirm.click()
    qtbot.waitUntil(lambda: secretaries.chosen() != [])
    activate(shown)
    qtbot.mouseClick(shown.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.place == "meeting")
    (made,) = world.services.records.list("meeting")
    (secretary,) = made.fields.secretary_ids
    person = world.services.records.get(secretary).fields
    vougeot = reference_id("organisation", "21716")
    assert (person.first_name, person.last_name) == ("Hélène", "Perrin")
    assert person.organisation_id == vougeot


def test_a_person_added_goes_to_the_line_that_names_them(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meetings(opened, qtbot)
    page.add_one()
    shown = dialog(page, qtbot)
    chair, secretaries = (shown.form.field(one) for one in ("chair_person_id", "secretary_ids"))
    assert isinstance(chair, PickField)
    assert isinstance(secretaries, PicksField)
    for line, name in (
        (secretaries.line, "Hélène Perrin"),
        (secretaries.line, "Luc Morel"),
        (chair, "Paul Dubois"),
    ):
        activate(shown)
        type_text(line, name)
        press(shown, "Nouvelle personne…", qtbot)
        with qtbot.waitSignal(shown.person_added):
            acting.dialog(PersonDialog, shown, qtbot).confirm.click()
    values = shown.form.editor("chair_person_id").value(), *secretaries.value()
    names = [world.services.records.get(one).fields.last_name for one in values]
    assert names == ["Dubois", "Perrin", "Morel"]


def test_the_particulars_of_a_meeting_are_shown_and_changed(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting("Réunion de mars", place="Vougeot")
    page = meetings(opened, qtbot)
    page.table.select_where(meeting.id)
    qtbot.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    shown = dialog(page, qtbot)
    place = shown.form.field("place")
    assert isinstance(place, QLineEdit)
    assert place.text() == "Vougeot"
    place.clear()
    type_text(place, "Mairie d'Agencourt")
    qtbot.mouseClick(shown.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.get(meeting).place == "Mairie d'Agencourt")
    settle(opened, qtbot)
    assert page.table.current().meeting.fields.place == "Mairie d'Agencourt"


@pytest.mark.parametrize("place", ["meetings", "meeting"])
def test_a_convened_meeting_that_moves_says_to_tell_the_members_wherever_it_is_changed(
    opened: MainWindow, world: World, qtbot: QtBot, place: str
) -> None:
    meeting = world.meeting("Réunion de mars", place="Vougeot")
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.convene(meeting.id)
    page = visit(opened, place, Page, qtbot, meeting.id)
    if isinstance(page, MeetingsPage):
        page.table.select_where(meeting.id)
    assert isinstance(page, MeetingsPage | MeetingPage)
    page.edit.trigger()
    form = acting.dialog(MeetingDialog, page, qtbot)
    field = form.form.field("place")
    field.clear()
    type_text(field, "Quincey")
    qtbot.mouseClick(form.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.get(meeting).place == "Quincey")
    settle(opened, qtbot)
    assert "ne disent pas le nouveau lieu" in plain(opened.banner.text())


def test_a_meeting_is_deleted_only_after_the_question_and_takes_its_agenda_along(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    page = meetings(opened, qtbot)
    page.table.select_where(meeting.id)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    question = page.findChild(ConfirmDialog)
    assert question is not None
    assert world.get(meeting)
    qtbot.mouseClick(question.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.services.records.list("meeting") == [])
    assert world.services.records.list("agenda_item") == []
    qtbot.waitUntil(page.empty.isVisible)


def test_what_can_be_done_to_a_meeting_is_in_its_menu(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    page = meetings(opened, qtbot)
    offered = {one.text().split("\t")[0]: one for one in page.table.actions()}
    assert list(offered) == ["Ouvrir", "Modifier", "Copier", "Historique", "Supprimer", "Trier par"]
    page.table.setFocus()  # which selects the first row
    assert [row.id for row in page.table.chosen()] == [meeting.id]
    assert all(one.isEnabled() for one in offered.values())
    offered["Modifier"].trigger()
    assert dialog(page, qtbot).form.field("title").text() == "Réunion de mars"


def test_what_is_done_is_done_to_the_selected_meeting_wherever_the_keyboard_is(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.meeting("Réunion de mars", 1)
    june = world.meeting("Réunion de juin", 90)
    page = meetings(opened, qtbot)
    view, left = page.table, Qt.MouseButton.LeftButton
    first, second = (view.visualRect(view.rows.index(row, 0)).center() for row in (0, 1))
    qtbot.mouseClick(view.viewport(), left, pos=first)
    for _ in ("chosen too", "no longer"):
        qtbot.mouseClick(view.viewport(), left, Qt.KeyboardModifier.ControlModifier, second)
    assert [row.id for row in view.chosen()] == [june.id]
    page.edit.trigger()
    shown = dialog(page, qtbot)
    assert shown.form.field("title").text() == "Réunion de juin"
    shown.reject()
    page.open.trigger()
    qtbot.waitUntil(lambda: opened.where().record_id == june.id)


def test_nothing_is_done_to_a_meeting_that_the_filter_hides(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.meeting("Réunion de mars", 1)
    world.meeting("Réunion de juin", 90)
    page = meetings(opened, qtbot)
    acts = (page.open, page.edit, page.look_back, page.remove)
    page.table.selectAll()
    page.panel.filter.setText("mars")
    assert [row.title for row in page.table.chosen()] == ["Réunion de mars"]
    assert all(one.isEnabled() for one in acts)
    page.panel.filter.setText("juin")
    assert page.table.chosen() == []
    assert not any(one.isEnabled() for one in acts)


def test_a_meeting_is_found_by_its_month_its_weekday_and_its_number(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("meeting", title="Printemps", number=4, starts_at="2027-03-30T18:30:00+02:00")
    world.make("meeting", title="Hiver", number=9, starts_at="2027-12-16T18:30:00+01:00")
    world.make("meeting", title="À fixer")
    page = visit(opened, "meetings", MeetingsPage, qtbot)
    for typed, found in (
        ("mars 2027", "Printemps"), ("jeu", "Hiver"), ("4", "Printemps"), ("décembre", "Hiver"),
    ):  # fmt: skip
        page.panel.filter.setText(typed)
        settle(opened, qtbot)
        assert column(page.table, list(MeetingColumn).index(MeetingColumn.TITLE)) == [found]


def test_a_meeting_without_a_date_comes_before_those_held_already(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("meeting", title="Hiver", starts_at="2027-12-16T18:30:00+01:00")
    world.make("meeting", title="À fixer")
    page = visit(opened, "meetings", MeetingsPage, qtbot)
    titles = list(MeetingColumn).index(MeetingColumn.TITLE)
    assert column(page.table, titles) == ["À fixer", "Hiver"]


def test_a_meeting_is_opened_by_enter(opened: MainWindow, world: World, qtbot: QtBot) -> None:
    meeting = world.meeting()
    page = meetings(opened, qtbot)
    page.table.select_where(meeting.id)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.place == "meeting"


def test_a_meeting_is_left_by_the_key_that_leaves_any_record(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = visit(opened, "meeting", MeetingPage, qtbot, world.meeting().id)
    qtbot.keyClick(page.prepare.agenda.line, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert opened.place == "meetings"


def test_a_meeting_that_a_newer_program_made_is_listed_with_what_can_be_read(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.meeting("Réunion de mars")
    later = world.meeting("Réunion de juin", days=90)
    envelope = world.services.records.envelope(later.id)
    postponed = envelope.fields | {"status": "postponed", "place": {"lat": 47.1}}
    with world.services.workspace.unit("Nouvelle version") as unit:
        unit.save(msgspec.structs.replace(envelope, schema=SCHEMA + 1, fields=postponed))
        unit.commit()
    page = meetings(opened, qtbot)
    assert column(page.table, 2) == ["Réunion de juin", "Réunion de mars"]
    status = list(MeetingColumn).index(MeetingColumn.STATUS)
    assert column(page.table, status) == ["Version plus récente", "Prévue"]
    assert (
        visit(opened, "meeting", MeetingPage, qtbot, later.id).chip.text() == "Version plus récente"
    )
