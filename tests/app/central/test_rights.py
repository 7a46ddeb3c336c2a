"""What a caller may write where (CONTRACTS §2, Spaces), change by change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import pytest

from app.central.access import Caller
from app.central.held import Held
from app.central.rights import objection
from app.domain.records import REGION, SCHEMA, reference_id
from tests.app.domain.builders import COMMISSION, uid

VOUGEOT = reference_id("organisation", "21716")
OURS = {"record_kind": "organisation"}
GIP_ALONE, GIP_DELETED = "Seul le GIP modifie", "Le GIP a supprimé cette collectivité"
OF_A_COMMISSION, OF_THE_REGION = "celui d'une commission", "commun à la région"


def said(
    role: str,
    space: str,
    kind: str,
    changed: Collection[str],
    fields: dict[str, Any] | None = None,
    *,
    record_id: str = uid("record"),
    revision: int = 1,
    deleted: bool = False,
    schema: int = SCHEMA,
) -> str:
    caller = Caller(
        device_id="d", device_name="", enrolled_at="", last_used_on=None, facilitator_id="f",
        name="", email="", role=role, may_create=False, spaces={}, behind=False, epoch="",
    )  # fmt: skip
    form = msgspec.json.encode(fields or {})
    after = Held(space, record_id, kind, schema, revision, 0, deleted, form)
    return objection(caller, after, set(changed))


@pytest.mark.parametrize(
    ("kind", "changed", "more", "why_not"),
    [
        ("organisation", ["email", "notes"], {"record_id": VOUGEOT}, ""),
        ("organisation", ["email", "name"], {"record_id": VOUGEOT}, GIP_ALONE),
        ("organisation", ["email"], {}, GIP_ALONE),
        ("organisation", ["email"], {"revision": 2}, ""),
        ("organisation", ["email", "deleted"], {"revision": 2}, GIP_DELETED),
        ("organisation", ["deleted"], {"revision": 2, "deleted": True}, GIP_ALONE),
        ("watch_note", ["title"], {}, GIP_ALONE),
        ("watch_note", ["deleted"], {}, GIP_ALONE),
        ("solution", ["title"], {"revision": 2}, GIP_ALONE),
        ("theme", ["label"], {"revision": 2}, GIP_ALONE),
        ("conflict", ["record_kind", "unit"], {"fields": OURS}, ""),
        ("conflict", ["status"], {"fields": OURS, "revision": 2}, ""),
        ("conflict", ["record_kind"], {"fields": OURS, "revision": 2}, GIP_ALONE),
        ("conflict", ["record_kind"], {"fields": {"record_kind": "solution"}}, GIP_ALONE),
        ("hologram", ["colour"], {"fields": OURS}, GIP_ALONE),
    ],
)
def test_a_facilitator_writes_in_the_region_how_to_reach_its_organisations(
    kind: str, changed: list[str], more: dict[str, Any], why_not: str
) -> None:
    found = said("facilitator", REGION, kind, changed, **more)
    assert found.startswith(why_not) and bool(found) is bool(why_not)
    assert said("gip", REGION, kind, changed, **more) == ""


@pytest.mark.parametrize(
    ("kind", "more"), [("organisation", {"record_id": VOUGEOT}), ("conflict", {"fields": OURS})]
)
def test_what_the_central_cannot_check_reaches_the_region_from_the_gip_alone(
    kind: str, more: dict[str, Any]
) -> None:
    newer = {"schema": SCHEMA + 1, **more}
    assert said("facilitator", REGION, kind, ["email"], **newer).startswith("Le central, d'une")
    assert said("gip", REGION, kind, ["email"], **newer) == ""
    assert said("facilitator", COMMISSION, "need", ["title"], schema=SCHEMA + 1) == ""


def test_the_region_holds_nothing_of_a_commission_be_it_the_gip_s() -> None:
    for kind in ("need", "person", "meeting", "commission", "commitment"):
        assert OF_A_COMMISSION in said("gip", REGION, kind, ["notes"])
    for kind in ("watch_note", "solution", "attachment", "conflict"):
        assert said("gip", REGION, kind, ["notes"]) == ""


@pytest.mark.parametrize("role", ["facilitator", "gip"])
def test_a_commission_holds_nothing_of_the_region(role: str) -> None:
    for kind in ("need", "solution", "watch_note", "attachment", "conflict", "hologram"):
        assert said(role, COMMISSION, kind, ["title"]) == ""
    for kind in ("organisation", "theme", "fee_scale"):
        assert OF_THE_REGION in said(role, COMMISSION, kind, ["label"])
    assert "de la région" in said(role, COMMISSION, "need", ["title"], record_id=VOUGEOT)
    assert said(role, COMMISSION, "commission", ["name"], record_id=COMMISSION) == ""
    assert "celui de son espace" in said(role, COMMISSION, "commission", ["name"])


@pytest.mark.parametrize("space", [REGION, COMMISSION])
@pytest.mark.parametrize("kind", ["need_digest", "solution_tally"])
def test_the_central_alone_tells_of_needs_and_of_who_takes_part(space: str, kind: str) -> None:
    assert said("gip", space, kind, ["title"]).startswith("Le central écrit seul")
