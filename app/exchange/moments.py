"""Dates and times as tables say them: in ISO 8601, as the French write them, as a spreadsheet
counts them.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from app.domain.dates import PARIS
from app.domain.refusals import Refusal
from app.domain.search_text import fold
from app.domain.wording import MONTHS

_SHOWN = 60  # characters of a cell that a refusal quotes
_EARLIEST, _LATEST = 1900, 2200  # CONTRACTS §2

_PIVOT = 50
"""The first year of the last century among those of two digits, as for Windows and Excel: laws are
of 78, deadlines of 35.
"""

_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2}(?!\d))(.*)\Z", re.DOTALL)
_NAMED = re.compile(
    r"(?:[a-z]+\.? )?(\d{1,2}|1er)[ -]([a-z]{3,})\.?[ -](\d{4}|\d{2}(?!\d))(.*)\Z", re.DOTALL
)
_COUNTED = re.compile(r"(\d{5})(?:[.,](\d+))?\Z")
_FIRST = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet, for dates after February 1900, to which it gives 29 days."""


def read_day(text: str) -> str:
    """The ISO date of « 19/03/2027 », « 19-mars-27 », « 1er avril 2027 » or « 46465 »; that of
    Europe/Paris for an instant with an offset.
    """
    moment = _moment(text)
    if moment is None:
        raise Refusal(f"« {text[:_SHOWN]} » n'est pas une date telle que 19/03/2027.")
    day = _possible(text, moment)
    return (day.astimezone(PARIS) if day.tzinfo else day).date().isoformat()


def read_instant(text: str) -> str:
    """The ISO instant of such a day and its time, in Europe/Paris unless it has an offset."""
    moment = _moment(text)
    if moment is None:
        raise Refusal(f"« {text[:_SHOWN]} » n'est pas un instant tel que 19/03/2027 18:30.")
    return text if moment.tzinfo else _possible(text, moment).replace(tzinfo=PARIS).isoformat()


def _possible(text: str, moment: datetime) -> datetime:
    if not _EARLIEST <= moment.year <= _LATEST:
        raise Refusal(
            f"« {text[:_SHOWN]} » n'est pas entre {_EARLIEST} et {_LATEST} : corrigez l'année."
        )
    return moment


def _moment(text: str) -> datetime | None:
    """The date, with its time when there is one."""
    try:
        counted = _COUNTED.match(text)
        if counted is not None:
            part = float(f"0.{counted[2] or 0}")
            return _FIRST + timedelta(days=int(counted[1]), seconds=round(86_400 * part))
        found, month = _FIGURES.match(text), 0
        if found is not None:
            month = int(found[2])
        elif found := _NAMED.match(fold(text)):
            month = _month(found[2])
        if found is None:
            return datetime.fromisoformat(text)
        year = int(found[3])
        if len(found[3]) == 2:
            year += 1900 if year >= _PIVOT else 2000
        midnight = date(year, month, int(found[1].removesuffix("er"))).isoformat()
        clock = fold(found[4]).strip(" t,a").replace(" ", "").replace("h", ":").rstrip(":")
        return datetime.fromisoformat(f"{midnight}T{clock}" if clock else midnight)
    except ValueError:
        return None


def _month(word: str) -> int:
    """The only month that begins so: « mars », « févr », « juil »; ValueError for none."""
    (number,) = (rank for rank, each in enumerate(MONTHS, 1) if fold(each).startswith(word))
    return number
