"""Backups that the program makes by itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bootstrap import Services, open_services
from app.domain.retention import kept
from app.errors import StorageError
from app.services import workspaces
from tests.conftest import FakeClock

TODAY = date(2027, 3, 19)


def test_a_year_of_days_leaves_seven_days_four_weeks_and_six_months() -> None:
    days = [TODAY - timedelta(days=back) for back in range(365)]
    assert sorted(kept(days, TODAY), reverse=True) == [
        *(TODAY - timedelta(days=back) for back in range(7)),
        date(2027, 3, 7),
        date(2027, 2, 28),
        date(2027, 1, 31),
        date(2026, 12, 31),
        date(2026, 11, 30),
        date(2026, 10, 31),
    ]


@given(st.sets(st.dates(date(2026, 1, 1), date(2027, 3, 19)), min_size=1))
def test_the_latest_copy_always_stays_and_few_are_kept(days: set[date]) -> None:
    stay = kept(days, TODAY)
    assert max(days) in stay
    assert stay <= days
    assert len(stay) <= 7 + 4 + 6
    assert kept(stay, TODAY) == stay


def test_the_first_start_of_a_day_makes_one_copy_that_gives_everything_back(
    services: Services, commission_id: str, clock: FakeClock, tmp_path: Path
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    file = services.backups.daily()
    assert file is not None
    assert services.backups.daily() is None
    clock.forward(days=1)
    assert services.backups.daily() is not None
    assert list(services.backups.days()) == [date(2027, 3, 20), date(2027, 3, 19)]
    workspaces.restore(tmp_path / "ailleurs", file, None)
    elsewhere = open_services(tmp_path / "ailleurs")
    assert elsewhere.records.envelope(need.id) == services.records.envelope(need.id)
    elsewhere.close()


def test_the_second_folder_gets_the_copy_and_its_absence_is_said(
    services: Services, commission_id: str, clock: FakeClock, tmp_path: Path
) -> None:
    stick = tmp_path / "clé usb"
    services.settings.set("backup_folder", str(stick))
    with pytest.raises(StorageError, match="clé USB"):
        services.backups.daily()
    stick.mkdir()
    clock.forward(days=1)
    services.backups.daily()
    assert [path.name for path in stick.iterdir()] == ["commissions-2027-03-20-jour.sauvegarde"]
