"""Dates and hours as people type them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.domain.refusals import Refusal
from tests.ui.keyboard import type_text
from ui.widgets.dates import InstantField
from ui.words.typed_dates import (
    beginning_of,
    closing_of,
    instant_of,
    read_day,
    read_hour,
    written_day,
)

FRIDAY = date(2027, 3, 19)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("30/06", date(2027, 6, 30)),
        ("1/3", date(2028, 3, 1)),
        ("29/02", date(2028, 2, 29)),
        ("30/06/27", date(2027, 6, 30)),
        ("30-06-2028", date(2028, 6, 30)),
        ("2027-06-30", date(2027, 6, 30)),
        ("aujourd’hui", FRIDAY),
        ("Demain", date(2027, 3, 20)),
        ("lundi", date(2027, 3, 22)),
        ("vendredi", date(2027, 3, 26)),
        ("dans 15 jours", date(2027, 4, 3)),
        ("dans une semaine", date(2027, 3, 26)),
        ("dans 2 mois", date(2027, 5, 19)),
        ("dans un an", date(2028, 3, 19)),
        ("vendredi prochain", date(2027, 3, 26)),
        ("fin du mois", date(2027, 3, 31)),
        ("à la fin du mois prochain", date(2027, 4, 30)),
        ("fin février", date(2028, 2, 29)),
        ("fin mars 2029", date(2029, 3, 31)),
        ("30 juin", date(2027, 6, 30)),
        ("le 1er Août", date(2027, 8, 1)),
        ("29 fevrier", date(2028, 2, 29)),
        ("18 mars", date(2028, 3, 18)),
        ("19 mars", FRIDAY),
        ("3 mai 2026", date(2026, 5, 3)),
        ("lundi 3 mai", date(2027, 5, 3)),
        ("le vendredi 30/06/28", date(2028, 6, 30)),
        ("avant le 30 juin", date(2027, 6, 30)),
        ("d’ici à la fin du mois", date(2027, 3, 31)),
        ("d’ici quinze jours", date(2027, 4, 3)),
        ("dans deux semaines", date(2027, 4, 2)),
        ("sous 0 jour", FRIDAY),
        ("pour lundi prochain", date(2027, 3, 22)),
        ("au plus tard le 1er mai", date(2027, 5, 1)),
        ("", None),
    ],
)
def test_a_day_is_understood_as_it_is_said(typed: str, day: date | None) -> None:
    assert read_day(typed, FRIDAY) == day


def test_a_month_from_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert read_day("dans 1 mois", date(2027, 1, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mardi 3 mai", "Le 3 mai 2027 est un lundi : corrigez le jour."),
        ("avant", "« avant » n'est pas une date : écrivez par exemple 30/06/2027."),
        ("lundi 31/02", "« 31/02 » n'est pas une date du calendrier."),
    ],
)
def test_what_is_no_day_is_said(typed: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_day(typed, FRIDAY)
    assert refused.value.sentence == said


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_a_sentence(text: str) -> None:
    try:
        day = read_day(text, FRIDAY)
    except Refusal as refusal:
        assert refusal.sentence.endswith(".")
    else:
        assert day is None or isinstance(day, date)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_written_day_is_read_back(day: date) -> None:
    assert read_day(written_day(day.isoformat()), FRIDAY) == day


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("18 h 30", time(18, 30)),
        ("18h30", time(18, 30)),
        ("18h", time(18)),
        ("18", time(18)),
        ("18:05", time(18, 5)),
        ("1830", time(18, 30)),
        ("930", time(9, 30)),
        ("", None),
    ],
)
def test_an_hour_is_understood_as_it_is_typed(typed: str, hour: time | None) -> None:
    assert read_hour(typed) == hour


@pytest.mark.parametrize("typed", ["25 h", "18 h 60", "midi", "12345"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_hour(typed)


LEFT_OPEN = ("2027-03-18T18:00:12+01:00", "2027-03-19T19:10:00+01:00")


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        (time(18), LEFT_OPEN[0]),
        (time(18, 1), "2027-03-18T18:01:00+01:00"),
        (time(23, 30), "2027-03-18T23:30:00+01:00"),
        (time(0, 10), "2027-03-19T00:10:00+01:00"),
        (time(17, 30), None),
        (time(12), None),
        (None, None),
    ],
)
def test_an_hour_of_a_meeting_left_open_is_of_the_nearer_day(
    typed: time | None, instant: str | None
) -> None:
    if typed and not instant:
        with pytest.raises(Refusal, match="entre 18 h et 19 h 10 le vendredi 19 mars 2027"):
            instant_of(typed, None, LEFT_OPEN, "left")
    else:
        assert instant_of(typed, None, LEFT_OPEN, "left") == instant


CLOSED = ("2027-03-18T18:00:12+01:00", "2027-03-18T22:10:40+01:00")


@pytest.mark.parametrize(
    ("closed_at", "held_at"),
    [
        (CLOSED[1], "2027-03-18T22:10:39+01:00"),
        ("2027-03-18T22:10:00+01:00", "2027-03-18T22:09:59+01:00"),
        (CLOSED[0], CLOSED[0]),
        (None, CLOSED[1]),
    ],
)
def test_a_vote_at_the_minute_of_the_closing_is_held_before_the_room_empties(
    closed_at: str | None, held_at: str
) -> None:
    held = (CLOSED[0], closed_at or CLOSED[1])
    typed = time(18) if closed_at == CLOSED[0] else time(22, 10)
    assert beginning_of(typed, None, held, closed_at, "held_at") == held_at


@pytest.mark.parametrize(
    ("typed", "known", "begins"),
    [
        (time(18), "2027-03-18T18:00:02+01:00", CLOSED[0]),
        (time(17, 59), "2027-03-18T17:59:58+01:00", "2027-03-18T17:59:58+01:00"),
        (time(22, 10), "2027-03-18T22:10:50+01:00", "2027-03-18T22:10:39+01:00"),
        (time(22, 10), "2027-03-18T22:10:05+01:00", "2027-03-18T22:10:05+01:00"),
    ],
)
def test_a_start_noted_out_of_the_meeting_in_its_first_or_last_minute_is_put_in_it(
    typed: time, known: str, begins: str
) -> None:
    assert beginning_of(typed, known, CLOSED, CLOSED[1], "started_at") == begins


def test_an_hour_of_the_present_minute_on_another_day_is_of_the_day_of_the_meeting() -> None:
    assert instant_of(time(19, 10), None, LEFT_OPEN, "left") == "2027-03-18T19:10:00+01:00"


@pytest.mark.parametrize(
    ("typed", "known", "instant"),
    [
        (time(22, 10), LEFT_OPEN[1], "2027-03-18T22:10:59+01:00"),
        (time(0, 30), LEFT_OPEN[1], "2027-03-19T00:30:59+01:00"),
        (time(19, 10), LEFT_OPEN[1], LEFT_OPEN[1]),
        (time(19, 10), None, "2027-03-18T19:10:59+01:00"),
        (None, None, None),
    ],
)
def test_a_closing_is_the_end_of_the_minute_typed(
    typed: time | None, known: str | None, instant: str | None
) -> None:
    assert closing_of(typed, known, LEFT_OPEN) == instant


def test_a_meeting_that_closes_in_the_present_minute_closes_now() -> None:
    assert closing_of(time(22, 10), None, CLOSED) == CLOSED[1]


def test_an_instant_carries_the_offset_of_its_season(qtbot: QtBot) -> None:
    field = InstantField()
    qtbot.addWidget(field)
    type_text(field.day.line, "19/03/2027")
    type_text(field.hour, "18h30")
    assert field.value() == "2027-03-19T18:30:00+01:00"
    field.day.set_value("2027-07-01")
    assert field.value() == "2027-07-01T18:30:00+02:00"


def test_half_an_instant_is_refused_with_what_is_missing(qtbot: QtBot) -> None:
    field = InstantField()
    qtbot.addWidget(field)
    type_text(field.day.line, "19/03/2027")
    with pytest.raises(Refusal, match="heure"):
        field.value()


def test_the_hour_and_the_calendar_of_an_instant_say_whose_they_are(qtbot: QtBot) -> None:
    field = InstantField()
    qtbot.addWidget(field)
    field.setAccessibleName("Début")
    assert field.hour.accessibleName() == "Heure : Début"
    assert field.day.calendar.accessibleName().endswith(" : Début")
