"""Snapshots read what units of work read, at one moment, without SQLAlchemy."""

from __future__ import annotations

from typing import Any

import pytest

from app.bootstrap import Services
from app.errors import StorageError, UserError
from app.services.changes import Change


@pytest.fixture
def need_id(services: Services, commission_id: str) -> str:
    fields = {"title": "Sauvegarder", "theme": "backup"}
    return services.records.create("need", fields, commission_id).id


def test_a_snapshot_reads_what_a_unit_of_work_reads(
    services: Services, commission_id: str, need_id: str
) -> None:
    gone = services.records.create("need", {"title": "Retiré"}, commission_id).id
    services.records.delete(gone)
    workspace = services.workspace
    with workspace.snapshot() as records, workspace.reading() as unit:
        asked: dict[str, Any]
        for asked in (
            {}, {"space": None}, {"space": commission_id}, {"kind": "need"},
            {"kind": "need", "space": commission_id, "deleted": True},
            {"kind": "need", "pointing": ("theme", "backup")},
            {"kind": "need", "pointing": ("theme", "")},
        ):  # fmt: skip
            assert list(records.select(**asked)) == list(unit.select(**asked))
        assert records.get(need_id) == unit.get(need_id)
        assert records.get(gone) is None
        stored = unit.stored(gone)
        assert stored is not None
        assert records.envelope(gone) == stored.envelope
        wanted = [need_id, gone, commission_id, "absent"]
        assert records.get_many(wanted) == unit.get_many(wanted)
        assert records.pointing_to("backup", "gdpr") == unit.pointing_to("backup", "gdpr")
        assert records.setting("absent", 3) == 3


def test_what_points_to_an_id_is_found_without_reading_all_of_its_kind(
    services: Services, commission_id: str
) -> None:
    needs = [Change("need", {"title": "Un site"}, None, commission_id) for _ in range(500)]
    services.records.put([*needs, Change("need", {"theme": "backup"}, None, commission_id)])
    workspace = services.workspace
    with workspace.snapshot() as records, workspace.reading() as unit:
        row: Any = records.rows("SELECT 1")
        for reader, driver in (
            (records, row.connection),
            (unit, unit.connection.connection.driver_connection),
        ):
            steps: list[None] = []
            driver.set_progress_handler(lambda to=steps: to.append(None), 1)
            found = list(reader.select("need", pointing=("theme", "backup")))
            driver.set_progress_handler(None, 1)
            assert len(found) == 1
            assert len(steps) < 500


def test_what_is_written_meanwhile_is_not_seen(services: Services, need_id: str) -> None:
    with services.workspace.snapshot() as records:
        before = records.get(need_id)
        services.records.update(need_id, {"title": "Sauvegarder ailleurs"})
        assert records.get(need_id) == before
    with services.workspace.snapshot() as records:
        assert records.get(need_id) != before


def test_a_fault_of_the_file_is_a_sentence(services: Services) -> None:
    with (
        pytest.raises(StorageError, match="commissions doctor --repair"),
        services.workspace.snapshot() as records,
    ):
        list(records.rows("SELECT absent FROM record"))
    assert services.records.list("theme")


def test_a_snapshot_under_way_does_not_keep_a_file_that_was_let_go_of(
    services: Services, need_id: str
) -> None:
    with services.workspace.snapshot() as records:
        assert records.get(need_id)
        services.workspace.let_go()
    # the last connection takes the log with it
    names = sorted(path.name for path in services.workspace.folder.glob("commissions.db*"))
    assert names == ["commissions.db"]


def test_a_list_read_halfway_leaves_nothing_open(services: Services, need_id: str) -> None:
    with services.workspace.snapshot() as records:
        assert next(records.select())
    services.records.update(need_id, {"title": "Après"})
    with pytest.raises(UserError, match="Aucun enregistrement"):
        services.records.get("absent")
