"""Memberships: free for small communes, else by the latest scale that the workspace holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Services
from app.domain import validation
from app.domain.records import Envelope, FeeScale, Organisation, reference_id
from app.errors import UserError
from app.exchange import archive
from app.services.memberships import Fee


def scale(services: Services, year: int, cents: int) -> FeeScale:
    rows = [{"kind": "commune", "population_from": 500, "amount_cents": cents}]
    fields = {"code": f"essai-{year}", "year": year, "rows": rows}
    made: FeeScale = services.records.create("fee_scale", fields).fields
    return made


def test_a_commune_below_500_inhabitants_pays_nothing_even_without_a_scale(
    services: Services,
) -> None:
    fee = services.memberships.fee(Organisation(population=499))
    assert fee == Fee(free=True, cents=0, scale=None)


def test_the_latest_year_holds_whatever_the_order_in_which_scales_came(services: Services) -> None:
    latest = scale(services, 2027, 30_000)
    scale(services, 2026, 25_000)
    fee = services.memberships.fee(Organisation(population=500))
    assert fee == Fee(free=False, cents=30_000, scale=latest)


def test_two_fees_of_one_number_of_inhabitants_are_refused_but_an_archive_that_has_them_is_read(
    services: Services, tmp_path: Path
) -> None:
    rows = [{"population_from": 500, "amount_cents": cents} for cents in (20_000, 25_000)]
    with pytest.raises(UserError, match=r"Barème.*rows\[1\].*lignes 1 et 2 partent de 500"):
        services.records.create("fee_scale", {"code": "double", "rows": rows})
    kept = Envelope(
        kind="fee_scale",
        id=reference_id("fee_scale", "double"),
        fields=validation.complete("fee_scale", {"code": "double", "rows": rows}),
    )
    path = tmp_path / "archive.json"
    entries = [archive.Entry(kept)]
    path.write_bytes(b"".join(archive.encode(entries, "2027-03-19T18:30:00+01:00")))
    services.imports.archive(path)
    changed = services.records.update(kept.id, {"year": 2027, "rows": rows})
    assert (changed.fields.year, len(changed.fields.rows)) == (2027, 2)


def test_a_conflict_whose_versions_both_have_two_fees_of_one_number_is_decided_once_mended(
    services: Services,
) -> None:
    def rows(*cents: int) -> list[dict[str, Any]]:
        one = {"kind": "commune", "population_from": 500}
        return [one | {"amount_cents": amount} for amount in cents]

    record_id = reference_id("fee_scale", "2027")
    mine, theirs = rows(1, 2), rows(1, 3)
    with services.workspace.unit("Synchronisation") as unit:
        held = validation.complete("fee_scale", {"code": "2027", "rows": theirs})
        unit.receive(Envelope(kind="fee_scale", id=record_id, fields=held))
        unit.commit()
    side = {"author": "Anne", "at": None}
    fields = {"record_kind": "fee_scale", "record_id": record_id, "unit": "rows", "base": [],
              "mine": side | {"value": mine}, "theirs": side | {"value": theirs}}  # fmt: skip
    conflict = services.records.create("conflict", fields).id
    for keep in ("mine", "both"):
        with pytest.raises(UserError, match="changez ou retirez l'une des deux"):
            services.conflicts.resolve(conflict, keep)
    services.records.update(record_id, {"rows": rows(3)})
    services.conflicts.resolve(conflict, "mine")
    assert services.conflicts.open() == []
    assert [one.amount_cents for one in services.records.get(record_id).fields.rows] == [3]


def test_no_fee_is_told_without_a_scale_or_a_population_or_for_a_kind_that_it_leaves_out(
    services: Services,
) -> None:
    fee = services.memberships.fee
    assert fee(Organisation(population=500)).cents is None
    scale(services, 2027, 30_000)
    assert fee(Organisation()).cents is None
    assert fee(Organisation(kind="epci", population=9_000)).cents is None
