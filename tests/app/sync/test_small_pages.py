"""What others did comes in several pages: a sync takes them all in and ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.sync.protocol import Limits
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler
from tests.central_server import Central, start_central

MOST = 30
"""Requests that these syncs need at the very most."""


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    """A central whose pages hold little."""
    with start_central(tmp_path / "central", limits=Limits(page=2)) as served:
        yield served


def test_words_too_late_for_minutes_that_come_after_a_deletion_do_not_hold_the_sync_up(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Erreur")
    meeting = anne.put(
        "meeting", title="Printemps", place="Vougeot", starts_at="2027-03-19T18:30:00+01:00"
    )
    item = anne.services.agenda.add(meeting, {"title": "Besoins", "kind": "need"}).id
    anne.sync()
    benoit.sync()
    services = benoit.services
    services.records.delete(need)
    benoit.sync()
    services.meetings.convene(meeting, "2027-03-01T10:00:00+01:00")
    services.meetings.open(meeting, "2027-03-19T18:30:00+01:00")
    services.meetings.close(meeting, "2027-03-19T20:00:00+01:00")
    minutes = services.minutes.freeze(meeting).record.id
    benoit.sync()
    anne.put("agenda_item", item, notes="Dit par Anne.")
    meddler.always = _until(len(meddler.heard) + MOST, meddler)
    anne.sync()
    (addendum,) = [
        one for one in anne.services.records.envelopes("minutes") if one.fields["addendum_to_id"]
    ]
    assert addendum.fields["addendum_to_id"] == minutes
    assert "Dit par Anne." in addendum.fields["text"]
    assert anne.services.sync.status().pending == 0
    assert anne.stored(need).envelope.deleted


def _until(most: int, meddler: Meddler) -> Callable[[Heard, Callable[..., Answer]], Answer | None]:
    """Breaks the line once too many requests were heard."""
    return lambda _, forward: forward() if len(meddler.heard) <= most else None
