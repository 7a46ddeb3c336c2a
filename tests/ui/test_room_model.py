"""The rows of the room that rules alone decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics

from app.domain.meeting_state import MeetingState
from app.domain.records import Interval
from app.domain.wording import plain
from tests.app.domain.builders import Scene, at, uid
from ui.models.agenda import AgendaRow
from ui.models.lines import ListLine
from ui.models.room import RoomModel, seat_rows
from ui.pages.meeting.deeds import stays_of
from ui.theme import Theme, font, px
from ui.widgets.line_delegate import HEIGHT, chip_area


def test_a_seat_without_a_vote_shows_whether_its_holder_is_there() -> None:
    scene = Scene(2)
    for name in ("venu", "parti", "attendu"):
        scene.seat(name, voting=False)
    scene.present("venu")
    scene.present("parti", until="18:45")
    rows = {row.town: row.standing for row in seat_rows(MeetingState(scene.file()), at("19:00"))}
    assert rows["Commune venu"] == "Présent"
    assert rows["Commune parti"] == "Parti à 18 h 45"
    assert rows["Commune attendu"] == "À pointer"


def test_a_row_is_spoken_with_all_that_is_seen_of_it() -> None:
    scene = Scene(1)
    scene.seat("observatrice", voting=False)
    scene.present("observatrice")
    _, row = seat_rows(MeetingState(scene.file()), at("19:00"))
    assert row.spoken == ("Titulaire observatrice, Commune observatrice, sans voix, Présent")
    item = AgendaRow(
        id="", number="4 bis", title="Fibre", detail="Divers", at="19 h 05", minutes=20, spent=25,
        progress="current", withdrawn=False, added=True,
    )  # fmt: skip
    assert item.spoken == "4 bis, Fibre, Divers, 19 h 05, 25 sur 20 min, en cours, ajouté"


def test_a_name_keeps_its_line_where_its_state_lacks_room_beside_it(theme: Theme) -> None:
    theme.set_scale(2.0)
    area, height = QRect(0, 0, 330, px(HEIGHT)), QFontMetrics(font("body")).height()
    for name, beside in (("Al Roy", True), ("Bernard de Montgolfier", False)):
        chip = chip_area(area, ListLine(name, "Vougeot", "À pointer"))
        assert (chip.top() < height) is beside, name
        assert area.contains(chip)


def test_who_the_letters_begin_answers_before_who_only_holds_them() -> None:
    scene = Scene(4)
    towns = ["Courcelles-lès-Semur", "Massingy-lès-Semur", "Semur-en-Auxois", "Vitteaux"]
    names = ["Anne Roussemur", "Luc Moreau", "Alain Durand", "Paul Semur"]
    rows = seat_rows(MeetingState(scene.file()), at("19:00"))
    room = RoomModel()
    room.set_rows(
        [
            replace(row, town=town, name=name)
            for row, town, name in zip(rows, towns, names, strict=True)
        ]
    )
    for letters in ("Semur", "semur ", " semur"):
        room.filter_by(letters)
        assert [row.town for row in room.rows] == [towns[2], towns[3], towns[0], towns[1]]
    room.filter_by("")
    assert [row.town for row in room.rows] == towns


def test_the_alternate_of_a_vacant_seat_stands_in_for_nobody() -> None:
    scene = Scene(1)
    scene.seat(2, alternate=True, titular_person_id=None)
    first, vacant = seat_rows(MeetingState(scene.file()), at("19:00"))
    assert vacant.as_alternate.reason == "siège sans titulaire"
    assert vacant.name == "Siège sans titulaire"
    assert first.titular


def test_the_stays_are_found_whoever_sat_and_whatever_became_of_the_seat() -> None:
    scene = Scene(1)
    scene.seat(2, titular_person_id=None)
    scene.seat(3, alternate=True, voting=False)
    scene.sheet(2, "present", (None, "19:10"))
    scene.sheet(3, "excused")
    scene.sheet(3, "present", ("18:45", None), role="alternate")
    state = MeetingState(scene.file())
    for hour in ("18:50", "20:00"):
        rows = {row.id: row for row in seat_rows(state, at(hour))}
        found = [stays_of(state, rows[uid(f"seat {seat}")]) for seat in (1, 2, 3)]
        assert found == [
            (uid("titular 1"), ()),
            (uid("titular 2"), (Interval(left=at("19:10")),)),
            (uid("alternate 3"), (Interval(arrived=at("18:45")),)),
        ]


def test_a_seat_says_of_its_proxies_why_the_one_that_stands_does_not_count() -> None:
    scene = Scene(3)
    scene.present(2)
    scene.present(3, until="19:00")
    scene.proxy(1, to=3, received="18:40")
    scene.proxy(1, to=2, received="18:30", revoked="18:35")
    (row, *_) = seat_rows(MeetingState(scene.file()), at("19:10"))
    assert row.reason == "pouvoir sans effet : Titulaire 3 (Commune 3) n'est pas dans la salle"
    scene = Scene(3)
    scene.present(2, 3)
    scene.proxy(1, to=2, received="18:40", revoked="18:45")
    scene.proxy(1, to=3, received="18:30", revoked="18:35")
    (row, *_) = seat_rows(MeetingState(scene.file()), at("19:10"))
    assert plain(row.reason) == "pouvoir sans effet : révoqué à 18 h 45"


def test_who_is_out_at_an_instant_shows_what_came_before_it_else_the_arrival() -> None:
    scene = Scene(2)
    scene.sheet(1, "present", ("18:50", "19:00"), ("19:30", "20:10"))
    state = MeetingState(scene.file())
    standings = {
        hour: plain(seat_rows(state, at(hour))[0].standing) for hour in ("18:40", "19:10", "20:20")
    }
    assert standings == {
        "18:40": "Arrivé à 18 h 50", "19:10": "Parti à 19 h", "20:20": "Parti à 20 h 10",
    }  # fmt: skip


def test_who_is_in_at_an_instant_is_told_by_the_stay_that_holds_it_from_all_their_lines() -> None:
    scene = Scene(2)
    scene.seat(3, voting=False)
    scene.sheet(1, "present", (None, "19:00"), ("20:00", None))
    scene.sheet(2, "present", ("20:05", None))
    first = Interval(arrived=at("18:40"), left=at("19:00"))
    scene.add("attendance", meeting_id=scene.meeting_id, roster_entry_id=uid("seat 2"),
              status="present", intervals=(first,))  # fmt: skip
    scene.sheet(3, "present", (None, "19:00"), ("20:00", None))
    state = MeetingState(scene.file())
    told = {
        hour: [plain(f"{row.standing} {row.reason}") for row in seat_rows(state, at(hour))]
        for hour in ("18:45", "19:30", "20:10")
    }
    assert told == {
        "18:45": ["Présent ", "Présent depuis 18 h 40", "Présent "],
        "19:30": ["Parti à 19 h ", "Parti à 19 h ", "Parti à 19 h "],
        "20:10": ["Présent depuis 20 h", "Présent depuis 20 h 05", "Présent depuis 20 h"],
    }


def test_a_seat_without_a_vote_names_who_sits_there_so_that_each_key_means_them() -> None:
    scene = Scene(1)
    scene.seat(2, voting=False, alternate=True)
    scene.absent(2)
    scene.sheet(2, "present", (None, "19:00"), role="alternate")
    state = MeetingState(scene.file())
    row = seat_rows(state, at("18:45"))[1]
    assert (row.name, row.standing) == ("Suppléant 2", "Suppléant")
    assert row.deputy_id == uid("alternate 2") and row.allows("present") and row.allows("leave")
    row = seat_rows(state, at("19:10"))[1]
    assert (row.name, plain(row.standing)) == ("Titulaire 2", "Parti à 19 h")
    assert row.allows("alternate") and not row.allows("leave")


def test_a_seat_is_still_to_be_called_while_its_alternate_alone_is_excused() -> None:
    scene = Scene(1)
    scene.seat(2, alternate=True)
    scene.sheet(2, "excused", role="alternate")
    row = seat_rows(MeetingState(scene.file()), at("19:00"))[1]
    assert (row.standing, row.is_waiting) == ("À pointer", True)
    scene.absent(2)
    row = seat_rows(MeetingState(scene.file()), at("19:00"))[1]
    assert (row.standing, row.is_waiting) == ("Absent", False)


@pytest.mark.parametrize(("status", "said"), [("excused", "Excusé"), ("absent", "Absent")])
def test_a_guest_whom_an_import_notes_absent_is_told_so(status: str, said: str) -> None:
    scene = Scene(1)
    scene.add("attendance", meeting_id=scene.meeting_id, person_id=uid("inès"), status=status)
    *_, guest = seat_rows(MeetingState(scene.file()), at("19:00"))
    assert (guest.standing, guest.where, guest.has_left) == (said, "out", False)


def test_a_deed_that_would_change_nothing_is_not_allowed() -> None:
    scene = Scene(3)
    scene.seat(4, alternate=True)
    scene.present(1)
    scene.absent(2)
    scene.add("attendance", "guest", meeting_id=scene.meeting_id, person_id=uid("titular 3"))
    rows = seat_rows(MeetingState(scene.file()), at("19:00"))
    deeds = ("present", "alternate", "leave", "excused", "exclude")
    allowed = {row.town or "": [deed for deed in deeds if row.allows(deed)] for row in rows[:4]}
    assert allowed == {
        "Commune 1": ["leave", "excused", "exclude"],
        "Commune 2": ["present", "excused", "exclude"],
        "Commune 3": ["present", "excused"],
        "Commune 4": ["present", "alternate", "excused"],
    }
    assert [deed for deed in (*deeds, "absent", "correct") if rows[4].allows(deed)] == [
        "leave",
        "absent",
        "correct",
    ]
