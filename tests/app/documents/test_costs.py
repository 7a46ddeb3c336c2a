"""What the cost annex says in words beside its tables."""

from __future__ import annotations

from app.documents.charts import MOST_BARS, Pair, share_bars


def test_a_chart_is_told_with_the_right_agreement() -> None:
    def told(*alone: int) -> str:
        return share_bars([Pair(f"Commune {own}", 2, own) for own in alone]).alt

    assert "1 paierait plus ensemble que seule." in told(1, 9)
    assert "2 paieraient plus ensemble que seules." in told(0, 1)
    assert "aucune ne paierait plus ensemble que seule." in told(9)


def test_where_buying_alone_costs_all_the_same_the_chart_shows_those_who_pay_the_most() -> None:
    cheap = [Pair(f"Commune {number}", 100, 5000) for number in range(MOST_BARS)]
    drawing = share_bars([*cheap, Pair("Laignes", 900, 5000)]).drawing
    told = [getattr(one, "text", "") for one in drawing.contents]
    assert "Laignes" in told
    assert "Commune 27" not in told
