"""How far a day is, in words and in tone."""

from __future__ import annotations

from datetime import date

from app.domain.wording import count

SOON = 7
_IN_DAYS = 60
"""Shorter distances are told in days; then, below `_IN_MONTHS`, in months; then in years."""
_IN_MONTHS = 24
_YEAR = 365.25


def distance(day: date, today: date) -> str:
    """« aujourd'hui », « demain », « dans 5 jours », « il y a 6 jours », « il y a 2 ans »."""
    days = (day - today).days
    near = {0: "aujourd'hui", 1: "demain", -1: "hier"}
    return near.get(days) or f"{'dans' if days > 0 else 'il y a'} {_lapse(abs(days))}"


def _lapse(days: int) -> str:
    """« 5 jours », « 9 mois », « 2 ans »: rounded to the month, then to the year."""
    months = round(days * 12 / _YEAR)
    if days < _IN_DAYS:
        return count(days, "jour")
    if months < _IN_MONTHS:
        return count(months, "mois", "mois")
    return count(round(days / _YEAR), "an")


def due_tone(day: date, today: date) -> str:
    """The tone of a chip for something due on a day: late, soon, or in its time."""
    if day < today:
        return "danger"
    return "warning" if (day - today).days <= SOON else "neutral"
