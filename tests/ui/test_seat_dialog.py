"""A seat is filled in at one go: who is to sit is added from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.records import reference_id
from app.storage.workspace import Workspace
from tests.ui.acting import CONTROL, activate, dialog, field, lines, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from tests.workspaces import new_workspace
from ui.dialogs.person import PersonDialog
from ui.dialogs.seat import SeatDialog
from ui.pages.organisation import OrganisationPage
from ui.widgets.line import Line
from ui.window.main_window import MainWindow

VOUGEOT = reference_id("organisation", "21716")
SAULIEU = reference_id("organisation", "21584")
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def make_workspace() -> Callable[..., Workspace]:
    return new_workspace


def ask(window: MainWindow, qtbot: QtBot) -> tuple[OrganisationPage, SeatDialog]:
    page = visit(window, "organisation", OrganisationPage, qtbot, SAULIEU)
    qtbot.keyClick(page, Qt.Key.Key_S, CONTROL | SHIFT)
    return page, dialog(SeatDialog, page, qtbot)


def test_who_is_to_sit_is_added_from_the_seat_and_what_was_filled_in_stays(
    opened: MainWindow, qtbot: QtBot
) -> None:
    page, seat = ask(opened, qtbot)
    starts: Any = field(seat.form, "from")
    type_text(starts.line, "01/01/2027")
    type_text(field(seat.form, "titular_person_id"), "Zoé de La Tour")
    press(seat, "Nouveau titulaire…", qtbot)
    asked = dialog(PersonDialog, seat, qtbot)
    names = [field(asked.form, name).text() for name in ("first_name", "last_name")]
    assert names == ["Zoé", "de La Tour"]
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    titular: Any = field(seat.form, "titular_person_id")
    qtbot.waitUntil(lambda: bool(lines(page.persons)) and titular.value() is not None)
    assert lines(page.persons) == ["Zoé de La Tour"]
    activate(seat)
    qtbot.keyClick(seat, Qt.Key.Key_P, CONTROL | SHIFT)
    asked = dialog(PersonDialog, seat, qtbot)
    type_text(field(asked.form, "last_name"), "Petit")
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    alternate: Any = field(seat.form, "alternate_person_id")
    qtbot.waitUntil(lambda: alternate.text() == "Petit")
    qtbot.mouseClick(seat.confirm, Qt.MouseButton.LeftButton)
    said = "Zoé de La Tour, Suppléance : Petit, depuis le 01/01/2027, Vote"
    qtbot.waitUntil(lambda: lines(page.seats) == [said])


def test_who_sits_is_replaced_by_a_person_added_there(opened: MainWindow, qtbot: QtBot) -> None:
    page, seat = ask(opened, qtbot)
    titular: Any = field(seat.form, "titular_person_id")
    for name in ("Petit", "Roy"):
        activate(seat)
        press(seat, "Nouveau titulaire…", qtbot)
        asked = dialog(PersonDialog, seat, qtbot)
        assert "Nouveau titulaire" in shown(asked)
        type_text(field(asked.form, "last_name"), name)
        qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda name=name: titular.text() == name)
    assert field(seat.form, "alternate_person_id").text() == ""
    qtbot.mouseClick(seat.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [one.split(",")[0] for one in lines(page.seats)] == ["Roy"])
    [line] = [one for one in page.seats.findChildren(Line) if one.isVisible()]
    line.click()
    seat = dialog(SeatDialog, page, qtbot)
    asked_day = "Remplacement à partir du"
    assert asked_day not in shown(seat)
    titular = field(seat.form, "titular_person_id")
    type_text(titular, "Petit")
    assert asked_day in shown(seat)
    titular.selectAll()
    type_text(titular, "Roy")
    assert asked_day not in shown(seat)
    titular.selectAll()
    qtbot.keyClick(titular, Qt.Key.Key_Delete)
    assert asked_day in shown(seat)


def renew(window: MainWindow, world: World, qtbot: QtBot, day: str | None = None) -> SeatDialog:
    """Has somebody else sit for Vougeot, from today on unless a day is typed."""
    successor = world.make(
        "person", organisation_id=VOUGEOT, first_name="Karine", last_name="Bouillot"
    )
    page = visit(window, "organisation", OrganisationPage, qtbot, VOUGEOT)
    line = next(one for one in page.seats.findChildren(Line) if one.isVisible())
    line.click()
    seat = dialog(SeatDialog, page, qtbot)
    seat.form.set_values({"titular_person_id": successor.id})
    field(seat.form, "titular_person_id").edited.emit()
    if day is not None:
        starts: Any = field(seat.form, "renewed_on")
        starts.line.clear()
        type_text(starts.line, day)
    qtbot.mouseClick(seat.confirm, Qt.MouseButton.LeftButton)
    return seat


def test_who_is_replaced_stays_in_the_meetings_held_before(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    held = world.meeting("Séance d'avant", days=-30)
    renew(opened, world, qtbot)
    page: Any = opened.pages["organisation"]
    said = [
        "Karine Bouillot, depuis le 19/03/2027, Vote",
        "Paul Roy, prend fin le 19/03/2027, Hors mandat",
    ]
    qtbot.waitUntil(lambda: lines(page.seats) == said)
    convened = [
        [one.name for one in world.services.convocations.of(meeting.id).recipients]
        for meeting in (held, world.meeting("Séance d'après", days=30))
    ]
    assert ["Paul Roy" in names for names in convened] == [True, False]
    assert ["Karine Bouillot" in names for names in convened] == [False, True]
    world.services.undo.undo()
    world.services.undo.undo()
    seats = world.services.records.list("roster_entry", organisation_id=VOUGEOT)
    assert [one.fields.until for one in seats] == [None]


def test_without_a_day_the_seat_is_corrected_and_one_outside_its_term_is_refused(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.update(world.seats["Vougeot"], {"from": "2027-01-01"})
    held = world.meeting("Séance d'avant", days=-30)
    sheet = world.services.attendance.mark(held.id, world.seats["Vougeot"], "excused")
    seat = renew(opened, world, qtbot, "01/01/2027")
    qtbot.waitUntil(lambda: "Choisissez un jour où le siège est occupé." in shown(seat))
    starts: Any = field(seat.form, "renewed_on")
    starts.line.clear()
    qtbot.mouseClick(seat.confirm, Qt.MouseButton.LeftButton)
    page: Any = opened.pages["organisation"]
    qtbot.waitUntil(lambda: lines(page.seats) == ["Karine Bouillot, depuis le 01/01/2027, Vote"])
    (moved,) = world.services.records.list("attendance", meeting_id=held.id)
    (corrected,) = world.services.records.list("roster_entry", organisation_id=VOUGEOT)
    assert moved.id == sheet.id
    assert moved.fields.person_id == corrected.fields.titular_person_id != sheet.fields.person_id


def test_a_day_half_typed_keeps_nothing_from_being_stored_once_nobody_is_replaced(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = visit(opened, "organisation", OrganisationPage, qtbot, VOUGEOT)
    next(one for one in page.seats.findChildren(Line) if one.isVisible()).click()
    seat = dialog(SeatDialog, page, qtbot)
    titular: Any = field(seat.form, "titular_person_id")
    titular.selectAll()
    qtbot.keyClick(titular, Qt.Key.Key_Delete)
    starts: Any = field(seat.form, "renewed_on")
    starts.line.clear()
    type_text(starts.line, "31/02")
    type_text(titular, "Roy")
    assert not starts.isVisible()
    field(seat.form, "voting").click()
    qtbot.mouseClick(seat.confirm, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    assert not world.services.records.get(world.seats["Vougeot"]).fields.voting


def test_a_person_added_stays_when_the_seat_is_given_up(opened: MainWindow, qtbot: QtBot) -> None:
    page, seat = ask(opened, qtbot)
    press(seat, "Nouveau titulaire…", qtbot)
    asked = dialog(PersonDialog, seat, qtbot)
    type_text(field(asked.form, "last_name"), "Petit")
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lines(page.persons) == ["Petit"])
    activate(seat)
    qtbot.mouseClick(seat.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not seat.isVisible())
    assert lines(page.seats) == []


def test_the_only_person_of_an_organisation_without_a_seat_is_proposed(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    person = world.make("person", organisation_id=SAULIEU, first_name="Zoé", last_name="Petit")
    page, seat = ask(opened, qtbot)
    assert field(seat.form, "titular_person_id").value() == person.id
    qtbot.mouseClick(seat.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lines(page.seats) == ["Zoé Petit, Vote"])
    activate(opened)
    qtbot.keyClick(page, Qt.Key.Key_S, CONTROL | SHIFT)
    assert field(dialog(SeatDialog, page, qtbot).form, "titular_person_id").value() is None
