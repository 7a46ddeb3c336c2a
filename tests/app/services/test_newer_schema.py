"""Whatever a newer program made of a record, or mad values do, all that reads it here goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from app.bootstrap import Services, open_services
from app.domain.document_kinds import KINDS as PAPERS
from app.domain.records import KINDS
from app.errors import AppError, StorageError, UserError
from app.services import conflict_words, history_words
from app.services.documents import TITLES
from app.services.overview import others, overview
from app.services.turnouts import turnouts
from tests.app.domain.builders import COMMISSION, uid
from tests.conftest import FakeClock
from tests.mad import madden
from tests.newer import MEETING, NEXT, furnish, of_kind, outgrow
from tests.workspaces import light_workspace


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds every kind of record."""
    folder = tmp_path_factory.mktemp("garni") / "espace"
    services = Services(light_workspace(folder, clock=FakeClock()))
    services.settings.sign_changes()
    furnish(services)
    assert all(of_kind(services, kind) for kind in KINDS)
    services.close()
    return folder


@pytest.fixture
def services(furnished: Path, tmp_path: Path) -> Iterator[Services]:
    shutil.copytree(furnished, tmp_path / "espace")
    opened = open_services(tmp_path / "espace", clock=FakeClock())
    yield opened
    opened.close()


def readings(
    services: Services, kind: str, folder: Path, turn: int
) -> Iterator[Callable[[], object]]:
    """All that pages, lists, tables and previews read, and what is done to such records.

    Of the papers, which take longest, a quarter: the others in the next turns.
    """
    make, records, personal = services.documents.make, services.records, services.personal_data
    yield services.sync.departure
    yield services.sync.may_start_alone
    yield lambda: conflict_words.side_by_side(records, services.conflicts)
    yield lambda: overview(records, services.watch, COMMISSION, date(2027, 3, 19))
    yield lambda: others(records, "", date(2027, 3, 19))
    yield lambda: turnouts(records)
    yield services.undo.next_undo
    yield services.trash.list
    yield services.retention.due
    yield lambda: services.watch.progress(COMMISSION)
    yield lambda: services.needs.alike("une sauvegarde perdue, tout est perdu")
    yield lambda: services.search.find("sauvegarde")
    yield lambda: (services.region.themes(), services.region.scales())
    yield lambda: services.safety.recovery_sheet("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA")
    yield lambda: services.exports.archive(folder / "tout.zip", history=True)
    yield lambda: services.imports.archive(folder / "tout.zip", dry_run=True)
    for one in {kind, "organisation", "need"}:
        yield lambda one=one: records.list(one)
        yield lambda one=one: services.exports.table(folder / "table.csv", one)
    for meeting in (MEETING, NEXT):
        yield lambda meeting=meeting: services.meetings.check(meeting)
        yield lambda meeting=meeting: services.follow_ups.of(meeting)
        yield lambda meeting=meeting: services.preparation.proposals(meeting)
        yield lambda meeting=meeting: services.convocations.of(meeting)
        yield lambda meeting=meeting: services.documents.convocation_draft(meeting)
    held = [of_kind(services, one)[-1:] for one in ("solution", "minutes")]
    about = [MEETING, COMMISSION, *(one.id for found in held for one in found)]
    for paper, record_id in [*product(TITLES, about)][turn % 4 :: 4]:
        yield lambda paper=paper, record_id=record_id: make(paper, record_id)
    for paper in [*PAPERS][turn % 4 :: 4]:
        yield lambda paper=paper: services.compositions.preview(
            COMMISSION, services.paper_looks.draft(paper, COMMISSION).template
        )
    person = uid("titular 1")
    yield lambda: (personal.report(person), personal.archive(person))
    yield lambda: services.erasures.preview(person)
    for note in of_kind(services, "watch_note"):
        yield lambda note=note: services.watch.audience(note.id)
    for solution in of_kind(services, "solution"):
        yield lambda solution=solution: services.solutions.sheet(solution.id)
    for one in of_kind(services, kind)[:3]:
        yield lambda one=one: history_words.story(records, one.id)
        yield lambda one=one: history_words.parts(records, one.id)
        yield lambda one=one: personal.title(one)
        yield lambda one=one: services.attachments.of(one.id)
        yield lambda one=one: services.conflicts.resolve(one.id, "mine")
        yield lambda one=one: records.update(one.id, {})
        yield lambda one=one: records.delete(one.id)
        yield lambda one=one: records.restore(one.id)


@pytest.mark.parametrize("change", [outgrow, madden])
@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_a_newer_program_wrote_or_a_mad_one_breaks_nothing(
    services: Services, tmp_path: Path, kind: str, change: Callable[..., Iterator[str]]
) -> None:
    for turn, way in enumerate(change(services, kind), start=list(KINDS).index(kind)):
        for reading in readings(services, kind, tmp_path, turn):
            try:
                reading()
            except AppError as error:
                assert not isinstance(error, StorageError), way


def test_a_conflict_over_a_newer_record_is_not_shown_nor_decided_here(
    services: Services,
) -> None:
    def shown() -> int:
        return len(conflict_words.side_by_side(services.records, services.conflicts))

    assert shown() == 5
    for way, left in zip(outgrow(services, "conflict"), (0, 4, 0, 0), strict=True):
        assert shown() == left, way
        for one in services.conflicts.open():
            with pytest.raises(UserError, match="version plus récente"):
                services.conflicts.resolve(one.id, "mine")
