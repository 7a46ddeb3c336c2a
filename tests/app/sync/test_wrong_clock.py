"""Laptops whose clock is years off: their words are worth those of the others, and it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.clock import now
from app.domain.wording import plain
from tests.app.sync.conftest import Laptop

TEN_YEARS = timedelta(days=3653)


def set_off(laptop: Laptop, lapse: timedelta) -> None:
    laptop.services.workspace.clock = lambda: now() + lapse


@pytest.mark.parametrize("lapse", [TEN_YEARS, -TEN_YEARS])
def test_no_word_wins_or_is_lost_for_a_clock_ten_years_off(
    pair: tuple[Laptop, Laptop], lapse: timedelta
) -> None:
    anne, benoit = pair
    merged, disputed, gone = (anne.put("need", title=title) for title in ("Fibre", "Site", "2G"))
    anne.sync()
    benoit.sync()
    set_off(anne, lapse)
    anne.put("need", merged, title="Fibre au bourg")
    benoit.put("need", merged, severity=3)
    anne.put("need", disputed, title="Site d'Anne")
    benoit.put("need", disputed, title="Site de Benoît")
    benoit.services.records.delete(gone)
    benoit.sync()
    report = anne.sync()
    benoit.sync()
    for one in (anne, benoit):
        assert (one.get(merged)["title"], one.get(merged)["severity"]) == ("Fibre au bourg", 3)
        assert one.get(disputed)["title"] == "Site de Benoît"
        (conflict,) = one.services.conflicts.open()
        assert conflict.fields["mine"]["value"] == "Site d'Anne"
        assert one.stored(gone).envelope.deleted
    assert plain(report.clock).startswith("L'horloge de cet ordinateur dit le ")
    assert anne.state() == benoit.state()
    anne.services.conflicts.resolve(conflict.id, "mine")
    anne.sync()
    benoit.sync()
    assert benoit.get(disputed)["title"] == "Site d'Anne"
    assert anne.services.sync.status().signed_in and not anne.services.sync.status().pending


def test_a_clock_that_agrees_with_the_central_is_not_spoken_of(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, _ = pair
    for lapse, said in ((timedelta(minutes=4), False), (timedelta(minutes=-6), True)):
        set_off(anne, lapse)
        report = anne.sync()
        assert bool(report.clock) is said and report.warns is said and report.is_bare
