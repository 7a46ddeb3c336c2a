"""How far a day is, in words and in tone."""

from __future__ import annotations

from datetime import date

SOON = 7


def distance(day: date, today: date) -> str:
    """« aujourd'hui », « demain », « dans 5 jours », « hier », « il y a 6 jours »."""
    days = (day - today).days
    near = {0: "aujourd'hui", 1: "demain", -1: "hier"}
    if days in near:
        return near[days]
    return f"dans {days} jours" if days > 0 else f"il y a {-days} jours"


def due_tone(day: date, today: date) -> str:
    """The tone of a chip for something due on a day: late, soon, or in its time."""
    if day < today:
        return "danger"
    return "warning" if (day - today).days <= SOON else "neutral"
