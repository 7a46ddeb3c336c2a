"""What contradicts the clock of a laptop: each function gives a sentence, or "" for no doubt."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain import dates
from app.domain.wording import day_and_hour, hour, short_day

SLACK = timedelta(minutes=5)
"""A clock that is off by less does no harm and is not worth a sentence."""

_USUAL = timedelta(minutes=45)
"""How long before or after the hour announced a meeting may well open."""


def against_central(now: datetime, told: datetime) -> str:
    """What to say when the clock disagrees with the time that the central told."""
    if abs(now - told) < SLACK:
        return ""
    here, there = _both(now, told)
    return (
        f"L'horloge de cet ordinateur dit {here}, celle du central {there} : mettez-la à l'heure."
    )


def against_written(now: datetime, last_at: str) -> str:
    """What to say when the clock is behind the last change made here, at `last_at` ("": none)."""
    if not last_at or dates.instant(last_at) - now < SLACK:
        return ""
    here, there = _both(now, dates.instant(last_at))
    return (
        f"L'horloge de cet ordinateur dit {here}, avant le dernier changement fait ici, {there} :"
        " vérifiez-la avant d'ouvrir une séance."
    )


def before_opening(now: datetime, starts_at: str | None, keys: str) -> str:
    """What to say when a meeting is about to open far from its planned start.

    `keys` is the shortcut by which the hours can be corrected afterwards.
    """
    if starts_at is None:
        return ""
    planned = dates.instant(starts_at)
    same_day = dates.local_day(starts_at) == dates.local_day(now.isoformat())
    if same_day and abs(now - planned) < _USUAL:
        return ""
    here, there = _both(now, planned)
    there = there if there.startswith("le ") else f"à {there}"
    return (
        f"Elle est prévue {there}, et l'horloge de cet ordinateur dit {here} : c'est cette heure"
        " qui sera notée. Si elle est fausse, mettez l'horloge à l'heure avant, ou décalez toutes"
        f" les heures après ({keys}). La séance se prépare sans l'ouvrir."
    )


def after_opening(opened_at: str | None, starts_at: str | None) -> str:
    """What to say once a meeting was opened on another day than planned; ends with a space."""
    if not opened_at or not starts_at:
        return ""
    held, planned = dates.local_day(opened_at), dates.local_day(starts_at)
    if held == planned:
        return ""
    return (
        f"Elle s'est ouverte le {short_day(held)}, prévue le {short_day(planned)} : si l'horloge se"
        " trompait, corrigez les heures. "
    )


def _both(here: datetime, there: datetime) -> tuple[str, str]:
    """Two instants told apart: by the hour on one day, else by the day too."""
    texts = here.isoformat(), there.isoformat()
    same = dates.local_day(texts[0]) == dates.local_day(texts[1])
    first, second = (hour(one) if same else f"le {day_and_hour(one)}" for one in texts)
    return first, second
