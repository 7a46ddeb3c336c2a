"""Files kept with a record: their bytes, their limits, undo, and what has not come yet."""

from __future__ import annotations

import mimetypes
from pathlib import Path

import pytest

from app.bootstrap import Services
from app.errors import UserError
from app.services.attachments import MOST, File
from app.sync.protocol import Limits
from tests.app.domain.builders import COMMISSION
from tests.app.services.staging import planned, stage


@pytest.fixture
def meeting_id(services: Services) -> str:
    return stage(services, planned(items=1))


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def names(services: Services, owner_id: str) -> list[str]:
    return [one.record.fields.name for one in services.attachments.of(owner_id)]


def test_files_are_kept_in_the_space_of_their_owner(
    services: Services, meeting_id: str, tmp_path: Path
) -> None:
    photo = written(tmp_path, "Tableau.JPG", b"\xff\xd8\xff")
    quote = written(tmp_path, "Évaluation.pdf", b"%PDF-")
    kept = services.attachments.add(meeting_id, [photo, quote])
    assert names(services, meeting_id) == ["Évaluation.pdf", "Tableau.JPG"]
    assert [one.fields.media_type for one in kept] == ["image/jpeg", "application/pdf"]
    assert {one.commission_id for one in kept} == {COMMISSION}
    assert services.attachments.content(kept[0].id) == b"\xff\xd8\xff"


def test_what_a_file_is_does_not_depend_on_the_programs_of_the_computer(
    services: Services, meeting_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mimetypes.init()
    known = {".csv": "application/vnd.ms-excel", ".docx": "application/x-zip-compressed"}
    # as the registry of Windows may have it
    for ending, kind in known.items():
        monkeypatch.setitem(mimetypes.types_map, ending, kind)
    files = [written(tmp_path, name, b"a") for name in ("a.csv", "b.docx", "c.inconnu")]
    assert mimetypes.guess_type("a.csv")[0] == "application/vnd.ms-excel"
    kept = services.attachments.add(meeting_id, files)
    assert [one.fields.media_type for one in kept] == [
        "text/csv",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/octet-stream",
    ]


def test_one_step_back_takes_away_all_that_was_added_together(
    services: Services, meeting_id: str, tmp_path: Path
) -> None:
    services.attachments.add(
        meeting_id, [written(tmp_path, "a.txt", b"a"), written(tmp_path, "b.txt", b"b")]
    )
    services.undo.undo()
    assert not names(services, meeting_id)
    services.undo.redo()
    assert names(services, meeting_id) == ["a.txt", "b.txt"]


def test_a_file_removed_comes_back_with_its_bytes(services: Services, meeting_id: str) -> None:
    kept = services.attachments.keep(meeting_id, File("a.txt", "text/plain", b"a"), "Ajout")
    services.attachments.remove(kept.id)
    assert not names(services, meeting_id)
    services.undo.undo()
    assert services.attachments.content(kept.id) == b"a"


def test_an_empty_or_too_large_file_is_refused_and_nothing_is_kept(
    services: Services, meeting_id: str, tmp_path: Path
) -> None:
    good = written(tmp_path, "bon.txt", b"bon")
    large = tmp_path / "grand.bin"
    with large.open("wb") as stream:
        stream.truncate(MOST + 1)
    for bad, said in ((written(tmp_path, "vide.txt", b""), "est vide"), (large, "50 Mo")):
        with pytest.raises(UserError, match=said):
            services.attachments.add(meeting_id, [good, bad])
    assert not names(services, meeting_id)


def test_the_largest_file_that_is_kept_is_the_largest_that_the_central_takes() -> None:
    assert Limits().blob == MOST


def test_a_file_of_no_record_is_refused(services: Services, meeting_id: str) -> None:
    lost = services.ids()
    with pytest.raises(UserError):
        services.attachments.keep(lost, File("a.txt", "text/plain", b"a"), "Ajout")
    assert not services.records.list("attachment")


def test_what_has_not_come_yet_is_named_and_said(services: Services, meeting_id: str) -> None:
    services.records.create(
        "attachment",
        {"owner_id": meeting_id, "name": "photo.jpg", "size": 3, "sha256": "0" * 64},
    )
    held = services.attachments.of(meeting_id)
    assert [one.here for one in held] == [False]
    with pytest.raises(UserError, match="synchronisez"):
        services.attachments.content(held[0].record.id)


def test_the_templates_of_the_program_are_not_shown_among_the_files(
    services: Services, meeting_id: str
) -> None:
    services.agenda_templates.save(meeting_id)
    assert services.records.list("attachment")
    assert not names(services, COMMISSION)


def test_a_pasted_picture_too_large_is_refused(services: Services, meeting_id: str) -> None:
    with pytest.raises(UserError, match="dépasse 50 Mo"):
        services.attachments.paste(meeting_id, bytes(MOST + 1))
    assert not names(services, meeting_id)
