"""Whatever a newer program made of a record, a sync takes it in."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from app.bootstrap import Services, open_services
from app.clock import new_id
from app.domain.records import KINDS, SCHEMA
from app.services.sync_report import report_of
from app.sync import link as ties
from app.sync.conflicts import conflict, settle_deletions
from app.sync.intake import Intake
from app.sync.merge import DELETED, Clash
from app.sync.outcome import Outcome
from tests.app.sync.conftest import Laptop
from tests.newer import furnish, grown, of_kind, ways_of
from tests.workspaces import light_workspace


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("garni") / "espace"
    services = Services(light_workspace(folder))
    furnish(services)
    services.close()
    return folder


@pytest.mark.parametrize("edited", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_newer_program_wrote_is_taken_in_and_carried_as_it_is(
    furnished: Path, tmp_path: Path, kind: str, edited: bool
) -> None:
    for place, odd in enumerate(ways_of(kind).values()):
        folder = tmp_path / str(place)
        shutil.copytree(furnished, folder)
        services = open_services(folder)
        incoming = [grown(one, odd) for one in of_kind(services, kind)]
        with services.workspace.unit() as unit:
            if not edited:
                unit.connection.exec_driver_sql("UPDATE record SET edits = 0")
                unit.connection.exec_driver_sql("DELETE FROM base")
            link, outcome = ties.load(unit), Outcome()
            assert link is not None
            intake = Intake(unit, link, outcome)
            intake.settle(intake.changes(incoming))
            intake.finish()
            unit.commit()
        with services.workspace.reading() as unit:
            assert report_of(unit, outcome, services.records)
        if not edited:
            assert of_kind(services, kind) == incoming
        services.close()


def test_a_conflict_that_a_newer_program_made_of_a_deletion_is_left_to_it(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, _ = pair
    need = anne.services.records.envelope(anne.put("need", title="Fibre"))
    clash = Clash(DELETED, base=False, mine=True, theirs=False)
    made = conflict(need, clash, 1, ("Anne", ""), ("Benoît", ""))
    newer = msgspec.structs.replace(made, id=new_id(), schema=SCHEMA + 1, revision=1)
    with anne.services.workspace.unit() as unit:
        unit.save(made)
        unit.receive_new([newer])
        settle_deletions(unit, [need.id])
        unit.commit()
    assert anne.get(made.id)["status"] == "resolved"
    assert anne.services.records.envelope(newer.id) == newer
