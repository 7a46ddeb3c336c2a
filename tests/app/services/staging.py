"""Putting a scene of the domain's builders into a real workspace."""

from __future__ import annotations

from app.bootstrap import Services
from app.services.changes import Change
from tests.app.domain.builders import Scene


def stage(services: Services, scene: Scene) -> str:
    """Writes every record of the scene at once; the meeting's id."""
    services.records.put(
        Change(one.kind, one.fields, one.id, one.commission_id) for one in scene.envelopes()
    )
    return scene.meeting_id


def planned(seats: int = 3, items: int = 0, **options: object) -> Scene:
    """A meeting to come, its items without number or time."""
    times = {"status": "planned", "opened_at": None, "closed_at": None}
    scene = Scene(seats, **(times | options))
    for name in range(1, items + 1):
        scene.item(name, number="", started=None)
    return scene
