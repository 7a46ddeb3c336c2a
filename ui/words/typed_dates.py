"""Dates and hours as people type them in French, read without fuss."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from app.domain import dates
from app.domain.dates import PARIS, local_day
from app.domain.refusals import Refusal
from app.domain.search_text import fold
from app.domain.wording import MONTHS, WEEKDAYS, hour, long_day, short_day

Held = Callable[[], tuple[str, str]]
"""Gives the first and the last instant that an hour may be; the last may be the present one."""

_WORDS = {"aujourd'hui": 0, "demain": 1, "après-demain": 2}
_MONTHS = tuple(fold(month) for month in MONTHS)
_NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30,
}  # fmt: skip
_LEAD = re.compile(r"^(?:(?:avant|pour|au plus tard|d'ici(?: à)?) )?(?:le |la |au )?")
_IN = re.compile(
    rf"(?:dans|sous|d'ici(?: à)?) (\d{{1,3}}|{'|'.join(_NUMBERS)}) (jour|semaine|mois|an)s?"
)
_ON_WEEKDAY = re.compile(rf"({'|'.join(WEEKDAYS)}) (.*\d.*)")
_END = re.compile(
    r"(?:a la )?fin (?:du mois|(?P<month>[a-z]+)(?: (?P<year>\d{4}))?)(?P<next> prochain)?"
)
_NAMED = re.compile(r"(\d{1,2}|1er) ([a-z]+)(?: (\d{4}))?")
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_HOUR = re.compile(r"(\d{1,2})(?:\s*(?:h|:)\s*(\d{2})?|(\d{2}))?")
_HALF_A_DAY = timedelta(hours=12)


def read_day(text: str, today: date) -> date | None:
    """The day of « 30/06/27 », « lundi 30 juin », « lundi », « dans 15 jours », « fin du mois ».

    None when empty. A day without a year is the next one to come. Raises Refusal for what is no
    date, and for a date that is another day of the week.
    """
    words = " ".join(text.lower().replace("’", "'").split())
    if not words:
        return None
    try:
        return _distant(words, today) or _near(_LEAD.sub("", words, count=1), today)
    except Refusal:
        raise
    except (ValueError, OverflowError):
        raise Refusal(f"« {text.strip()} » n'est pas une date du calendrier.") from None


def _near(words: str, today: date) -> date | None:
    """A day that is named or written, not counted as in « dans 15 jours »."""
    if found := _ON_WEEKDAY.fullmatch(words):
        return _checked(found[1], read_day(found[2], today))
    if words in _WORDS:
        return today + timedelta(days=_WORDS[words])
    weekday = words.removesuffix(" prochain")
    if weekday in WEEKDAYS:
        ahead = (WEEKDAYS.index(weekday) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    return _end_of_month(fold(words), today) or _named(fold(words), today) or _written(words, today)


def _checked(weekday: str, day: date | None) -> date | None:
    if day is not None and WEEKDAYS[day.weekday()] != weekday:
        raise Refusal(f"Le {short_day(day)} est un {WEEKDAYS[day.weekday()]} : corrigez le jour.")
    return day


def _distant(words: str, today: date) -> date | None:
    found = _IN.fullmatch(words)
    if found is None:
        return None
    number = _NUMBERS.get(found[1]) or int(found[1])
    if found[2] in ("jour", "semaine"):
        return today + timedelta(days=number * (7 if found[2] == "semaine" else 1))
    return _in_month(today, number * (12 if found[2] == "an" else 1), today.day)


def _in_month(today: date, months: int, day: int) -> date:
    """The day of this number, or the last one there is, in the month so many months from today."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))


def _end_of_month(words: str, today: date) -> date | None:
    """The day of « fin du mois », « fin du mois prochain », « fin juin », « fin juin 2028 »."""
    found = _END.fullmatch(words)
    if found is None:
        return None
    if found["month"] is None:
        return _in_month(today, 1 if found["next"] else 0, 31)
    if found["month"] not in _MONTHS:
        return None
    month = _MONTHS.index(found["month"]) + 1
    if found["year"]:
        return _in_month(date(int(found["year"]), month, 1), 0, 31)
    return _in_month(today, (month - today.month) % 12, 31)


def _named(words: str, today: date) -> date | None:
    """« 30 juin », « 1er mars 2028 »."""
    found = _NAMED.fullmatch(words)
    if found is None or found[2] not in _MONTHS:
        return None
    day, month = int(found[1].removesuffix("er")), _MONTHS.index(found[2]) + 1
    return date(int(found[3]), month, day) if found[3] else _next(day, month, today)


def _written(words: str, today: date) -> date:
    iso = _ISO.fullmatch(words)
    if iso is not None:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _DAY.fullmatch(words)
    if found is None:
        raise Refusal(f"« {words} » n'est pas une date : écrivez par exemple 30/06/2027.")
    day, month = int(found[1]), int(found[2])
    if found[3]:
        return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, day)
    return _next(day, month, today)


def _next(day: int, month: int, today: date) -> date:
    """The next day of this number and month to come, today included."""
    for year in range(today.year, today.year + 9):
        if month == 2 and day == 29 and not calendar.isleap(year):
            continue
        if date(year, month, day) >= today:
            return date(year, month, day)
    return date(today.year, month, day)


def read_hour(text: str) -> time | None:
    """The hour of « 18 h 30 », « 18h », « 18:30 », « 1830 »; None if empty, Refusal if no hour."""
    words = text.strip().lower()
    if not words:
        return None
    if words.isdigit() and len(words) == 3:
        words = f"0{words}"
    found = _HOUR.fullmatch(words)
    if found is not None and int(found[1]) < 24 and int(found[2] or found[3] or 0) < 60:
        return time(int(found[1]), int(found[2] or found[3] or 0))
    raise Refusal("Cette heure n'est pas lisible : écrivez par exemple 18 h 30.")


def hour_of(instant: str | None) -> time | None:
    """The hour and minute, in Europe/Paris, of an ISO instant; None for none."""
    if not instant:
        return None
    return dates.instant(instant).astimezone(PARIS).time().replace(second=0, microsecond=0)


def instant_of(
    typed: time | None, known: str | None, held: tuple[str, str], field: str
) -> str | None:
    """The instant of an hour typed: `known` itself if that is its hour, else one in the meeting.

    `held` are the instants of the meeting's opening and end; an hour outside them is a Refusal
    about `field`. An hour more than half a day before the opening is one of the next day.
    """
    if typed is None:
        return None
    if typed == hour_of(known):
        return known
    first, last = held
    begins = dates.instant(first).astimezone(PARIS)
    found = datetime.combine(begins.date(), typed, PARIS)
    if begins - found > _HALF_A_DAY:
        found += timedelta(days=1)  # the meeting went on past midnight
    for one in held:
        if typed == hour_of(one) and found.date() == local_day(one):
            return one
    if not begins <= found <= dates.instant(last):
        day = local_day(last)
        ended = f" le {long_day(day)}" if day != begins.date() else ""
        raise Refusal(
            f"donnez une heure de la séance, entre {hour(first)} et {hour(last)}{ended}.",
            field=field,
        )
    return found.isoformat()


def beginning_of(
    typed: time | None, known: str | None, held: tuple[str, str], closed_at: str | None, field: str
) -> str | None:
    """As `instant_of`, for a vote or the start of an item, which need people in the room.

    What was noted before the opening, in its minute, is put at the opening; what is not before the
    closing, in the minute of that, when nobody is in any more, at the second before it.
    """
    found = instant_of(typed, known, held, field)
    if found is None:
        return None
    moment, opening = dates.instant(found), dates.instant(held[0])
    if moment < opening and typed == hour_of(held[0]):
        return held[0]
    if not closed_at or moment < dates.instant(closed_at) or typed != hour_of(closed_at):
        return found
    return max(dates.instant(closed_at) - timedelta(seconds=1), opening).isoformat()


def closing_of(typed: time | None, known: str | None, held: tuple[str, str]) -> str | None:
    """As `instant_of`, for the closing, put at the end of the minute typed: what was noted during
    that minute belongs to the meeting.
    """
    found = instant_of(typed, known, held, "closed_at")
    if found is None or found == known:
        return found
    over = dates.instant(found).replace(second=59, microsecond=0)
    return min(over, dates.instant(held[1])).isoformat()


def written_day(iso: str | None) -> str:
    """« 30/06/2027 » of an ISO date; empty for none."""
    return date.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""


def written_day_of(instant: str | None) -> str:
    """« 30/06/2027 » of the day on which an ISO instant falls in Europe/Paris; empty for none."""
    return local_day(instant).strftime("%d/%m/%Y") if instant else ""


def written_hour(instant: str | None) -> str:
    """« 18 h 30 » of an ISO instant, in Europe/Paris; empty for none."""
    if not instant:
        return ""
    moment = datetime.fromisoformat(instant).astimezone(PARIS)
    return f"{moment.hour} h {moment.minute:02}"
