"""Agenda templates: what a meeting leaves behind, and what a file may hold."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from app.domain.agenda_templates import GENERIC, read, saved, written
from app.domain.records import ItemKind
from app.paths import resources
from tests.app.domain.builders import Scene, uid


def test_a_saved_agenda_keeps_what_comes_back_at_each_meeting() -> None:
    scene = Scene()
    scene.item("Appel", kind="opening", planned_minutes=5)
    scene.item("Approbation du PV du 3 mai", kind="approval", planned_minutes=5)
    scene.item("2G", kind="watch", linked_id=uid("note 1"), planned_minutes=10)
    scene.item("Facture", kind="watch", linked_id=uid("note 2"), planned_minutes=15)
    scene.item("Parti", kind="misc", withdrawn=True)
    scene.item("Budget", kind="decision")
    template = saved("Nos séances", scene.file().items)
    assert template.name == "Nos séances"
    assert [(one.kind, one.title, one.minutes) for one in template.items] == [
        ("opening", "Sujet Appel", 5),
        ("approval", "Approbation du dernier procès-verbal", 5),
        ("watch", "Veille réglementaire", 25),
        ("decision", "Sujet Budget", None),
    ]


def test_a_template_written_is_read_back() -> None:
    scene = Scene()
    scene.item("Été")
    template = saved("Modèle", scene.file().items)
    assert read(written(template)) == template
    assert b"\n" in written(template)


@pytest.mark.parametrize("name", ["commission", "deliberative"])
def test_a_shipped_template_opens_by_the_roll_call_and_has_durations(name: str) -> None:
    template = read((resources() / "templates" / f"{name}.json").read_bytes())
    assert template is not None
    assert template.items[0].kind == "opening"
    assert {"approval", "follow_up", "watch", "need", "solution"} <= {
        one.kind for one in template.items
    }
    assert all(one.minutes for one in template.items)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b'{"name": "x"}', b"\xff", b'{"name": "x", "items": [{"kind": "party"}]}',
        json.dumps({"name": "x", "items": [{"kind": "misc", "title": "\u0007"}]}).encode(),
        json.dumps({"name": "x", "items": [{"kind": "misc", "title": "", "minutes": -1}]}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_template_is_none(data: bytes) -> None:
    assert read(data) is None


def test_each_kind_of_item_has_a_usual_title() -> None:
    assert set(GENERIC) == set(get_args(ItemKind))
