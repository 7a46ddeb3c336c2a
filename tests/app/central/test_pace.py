"""A laptop that runs wild is slowed down, and nobody else."""

from __future__ import annotations

from contextlib import closing

import pytest

from app.central import pace
from app.central.pace import BURST, PER_SECOND, Pace
from app.central.problems import Refused
from tests.app.central.laptop import laptop, problem
from tests.central_server import Central


def test_a_device_has_its_calls_again_with_time() -> None:
    now = [0.0]
    counted = Pace(lambda: now[0])
    for _ in range(BURST):
        counted.count("anne")
    with pytest.raises(Refused):
        counted.count("anne")
    counted.count("benoit")
    now[0] += 1
    for _ in range(PER_SECOND):
        counted.count("anne")
    with pytest.raises(Refused):
        counted.count("anne")


def test_a_device_that_goes_on_too_fast_keeps_the_calls_that_the_time_gives() -> None:
    now = [0.0]
    counted = Pace(lambda: now[0])
    for _ in range(BURST):
        counted.count("anne")
    refused = 0
    for _ in range(128):  # in one second
        now[0] += 1 / 128
        try:
            counted.count("anne")
        except Refused:
            refused += 1
    assert refused == 128 - PER_SECOND


def test_a_device_saves_up_no_more_calls_than_a_burst() -> None:
    now = [0.0]
    counted = Pace(lambda: now[0])
    counted.count("anne")
    now[0] += 3600
    for _ in range(BURST):
        counted.count("anne")
    with pytest.raises(Refused):
        counted.count("anne")


def test_the_devices_that_called_longest_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "BURST", 1)
    monkeypatch.setattr(pace, "_MOST_DEVICES", 2)
    counted = Pace(lambda: 0.0)
    for name in ("anne", "benoit", "claire", "anne"):
        counted.count(name)
    with pytest.raises(Refused):
        counted.count("claire")


def test_a_device_that_is_refused_is_not_forgotten_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "BURST", 1)
    monkeypatch.setattr(pace, "_MOST_DEVICES", 2)
    counted = Pace(lambda: 0.0)
    for name in ("anne", "benoit"):
        counted.count(name)
    with pytest.raises(Refused):
        counted.count("anne")
    counted.count("claire")
    with pytest.raises(Refused):
        counted.count("anne")


def test_too_many_calls_are_told_when_to_come_back(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "BURST", 3)
    monkeypatch.setattr(pace, "PER_SECOND", 0)
    lea, marc = laptop(central), laptop(central)
    with closing(lea.client), closing(marc.client):
        answers = [lea.client.get("/v1/devices/self") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert problem(answers[3]).name == "too-many-calls"
        assert answers[3].headers["Retry-After"] == "1"
        assert marc.client.get("/v1/devices/self").status_code == 200
        assert lea.client.get("/v1/capabilities").status_code == 200
