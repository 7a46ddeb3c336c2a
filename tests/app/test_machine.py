"""What runs low on the laptop: its batteries as Linux and Windows tell of them, its disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.machine import (
    LOW_BYTES,
    Battery,
    Supplies,
    linux_battery,
    supplies,
    windows_battery,
)

ATTRIBUTES = st.dictionaries(
    st.sampled_from(["type", "scope", "status", "capacity", "energy_full", "charge_full"]),
    st.sampled_from(["Battery", "Mains", "Device", "Discharging", "Charging"])
    | st.integers(-5, 10**8).map(str)
    | st.text(max_size=5),
)


def laptop(percent: int, *, size: int = 0, status: str = "Discharging") -> dict[str, str]:
    made = {"type": "Battery", "status": status, "capacity": str(percent)}
    return made | ({"energy_full": str(size)} if size else {})


@given(st.lists(ATTRIBUTES, max_size=5))
def test_whatever_the_system_writes_gives_a_charge_or_none(devices: list[dict[str, str]]) -> None:
    found = linux_battery(devices)
    assert found is None or 0 <= found.percent <= 100


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 10**8)), min_size=1, max_size=4))
def test_several_batteries_count_by_what_they_hold(batteries: list[tuple[int, int]]) -> None:
    found = linux_battery([laptop(percent, size=size) for percent, size in batteries])
    held = sum(percent * size for percent, size in batteries)
    assert found == Battery(held // sum(size for _, size in batteries), discharging=True)


def test_a_mouse_and_the_mains_are_no_battery_of_the_laptop() -> None:
    mouse = laptop(5) | {"scope": "Device"}
    mains = {"type": "Mains", "online": "1"}
    assert linux_battery([mouse, mains]) is None
    assert linux_battery([mouse, laptop(80, status="Charging")]) == Battery(80, discharging=False)


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_windows_tells_of_a_battery_only_where_there_is_one(
    line: int, flags: int, percent: int
) -> None:
    found = windows_battery(line, flags, percent)
    assert (found is None) == (flags >= 128 or percent == 255)
    if found is not None:
        assert 0 <= found.percent <= 100
        assert found.discharging == (line == 0)


@pytest.mark.parametrize(
    ("battery", "free", "words"),
    [
        (Battery(14, discharging=True), LOW_BYTES, "Batterie 14 %"),
        (Battery(14, discharging=False), LOW_BYTES, ""),
        (Battery(20, discharging=True), LOW_BYTES, ""),
        (Battery(19, discharging=True), 420_000_000, "Batterie 19 %, 420 Mo libres"),
        (None, 3, "0 Mo libres"),
        (None, LOW_BYTES, ""),
    ],
)
def test_only_what_runs_low_is_said(battery: Battery | None, free: int, words: str) -> None:
    assert Supplies(battery, free).shortage == words


def test_this_machine_tells_what_it_has(tmp_path: Path) -> None:
    found = supplies(tmp_path)
    assert found.free_bytes


def test_a_folder_that_is_gone_has_no_room_to_tell(tmp_path: Path) -> None:
    found = supplies(tmp_path / "parti")
    assert found.free_bytes is None
    assert "libres" not in found.shortage
