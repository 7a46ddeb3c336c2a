"""How far a day is, in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.wording import plain
from ui.words.days import distance

TODAY = date(2027, 5, 11)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "aujourd'hui"),
        (1, "demain"),
        (-1, "hier"),
        (14, "dans 14 jours"),
        (59, "dans 59 jours"),
        (60, "dans 2 mois"),
        (89, "dans 3 mois"),
        (272, "dans 9 mois"),
        (-365, "il y a 12 mois"),
        (-630, "il y a 21 mois"),
        (-752, "il y a 2 ans"),
        (365 * 3, "dans 3 ans"),
    ],
)
def test_a_far_day_is_told_in_months_then_in_years(days: int, said: str) -> None:
    assert plain(distance(TODAY + timedelta(days=days), TODAY)) == said
