"""Dates and hours as people type them in French, read without fuss."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta

from app.domain.dates import PARIS, local_day
from app.domain.refusals import Refusal

_WORDS = {"aujourd'hui": 0, "demain": 1, "après-demain": 2}
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_IN = re.compile(r"dans (\d{1,3}|un|une) (jour|semaine|mois|an)s?")
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_HOUR = re.compile(r"(\d{1,2})(?:\s*(?:h|:)\s*(\d{2})?|(\d{2}))?")


def read_day(text: str, today: date) -> date | None:
    """The day of « 30/06 », « 30/06/27 », « demain », « lundi », « dans 15 jours »; None if empty.

    A day without a year is the next one to come. Raises Refusal for what is no date.
    """
    words = " ".join(text.lower().replace("’", "'").split())
    if not words:
        return None
    if words in _WORDS:
        return today + timedelta(days=_WORDS[words])
    if words in _WEEKDAYS:
        ahead = (_WEEKDAYS.index(words) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    try:
        return _distant(words, today) or _written(words, today)
    except (ValueError, OverflowError):
        raise Refusal(f"« {text.strip()} » n'est pas une date du calendrier.") from None


def _distant(words: str, today: date) -> date | None:
    found = _IN.fullmatch(words)
    if found is None:
        return None
    number = 1 if found[1] in ("un", "une") else int(found[1])
    if found[2] in ("jour", "semaine"):
        return today + timedelta(days=number * (7 if found[2] == "semaine" else 1))
    months = today.year * 12 + today.month - 1 + number * (12 if found[2] == "an" else 1)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))


def _written(words: str, today: date) -> date:
    iso = _ISO.fullmatch(words)
    if iso is not None:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _DAY.fullmatch(words)
    if found is None:
        raise Refusal("Cette date n'est pas lisible : écrivez par exemple 30/06/2027.")
    day, month = int(found[1]), int(found[2])
    if found[3]:
        return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, day)
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
