"""A thief finds no name in any file of a protected workspace, the program running or not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from app.bootstrap import Services
from app.services import workspaces
from app.storage import protection
from app.storage.workspace import create

PASSPHRASE = "quatre mots bien choisis"
NAMES = [f"Zorvalenne{number:02}" for number in range(50)]


def fill(services: Services, names: Iterator[str], place: Path) -> dict[str, str]:
    """Plants each name in a field; gives a record of each kind that has a page, by the page."""
    put = services.records.create
    put("commission", {"name": next(names), "notes": next(names)}, None)
    services.settings.set("operator_address", next(names))
    services.settings.set("author_name", next(names))
    person = put("person", {"first_name": next(names), "last_name": next(names),
                            "email": f"{next(names)}@exemple.fr", "role": next(names)})  # fmt: skip
    commune = services.records.list("organisation", insee_code="21716")[0].id
    notes = {"email": f"{next(names)}@exemple.fr", "address": next(names), "notes": next(names)}
    services.records.update(commune, notes)
    meeting = put("meeting", {"title": next(names), "place": next(names),
                              "starts_at": "2027-03-19T18:30:00+01:00"})  # fmt: skip
    item = put("agenda_item", {"meeting_id": meeting.id, "title": next(names),
                               "notes": next(names), "presenter": next(names)})  # fmt: skip
    put("decision", {"agenda_item_id": item.id, "text": next(names)})
    put("action", {"agenda_item_id": item.id, "text": next(names), "owner": next(names)})
    put("ballot", {"agenda_item_id": item.id, "question": next(names)})
    need = put("need", {"title": next(names), "words": next(names),
                        "speaker_person_id": person.id, "organisation_ids": [commune]})  # fmt: skip
    note = put("watch_note", {"title": next(names), "body": next(names), "todo": next(names)})
    solution = put("solution", {"title": next(names), "description": next(names),
                                "provider": next(names)})  # fmt: skip
    joined = place / "pièce jointe.txt"
    joined.write_text(next(names), "utf-8")
    services.attachments.add(need.id, [joined])
    joined.unlink()
    for name in names:
        services.records.update(need.id, {"words": name})  # the history keeps each
    services.records.delete(put("person", {"last_name": NAMES[-1]}).id)
    return {"organisation": commune, "meeting": meeting.id, "need": need.id,
            "watch_note": note.id, "solution": solution.id}  # fmt: skip


def found(folder: Path) -> list[tuple[str, str]]:
    """The planted names in the files of a folder, as bytes of any encoding a program may use."""
    return [
        (str(path.relative_to(folder)), name)
        for path in folder.rglob("*")
        if path.is_file()
        for content in [path.read_bytes()]
        for name in NAMES
        if name.encode() in content or name.encode("utf-16-le") in content
    ]


def test_no_name_is_in_any_file_of_a_protected_workspace(tmp_path: Path) -> None:
    folder = tmp_path / "espace"
    for name in ("maison", "temporaire"):
        (tmp_path / name).mkdir()
    lock = protection.choose("passphrase", PASSPHRASE, workspace="essai")
    services = Services(create(folder, lock))
    services.settings.sign_changes()
    pages = fill(services, iter(NAMES), tmp_path)
    assert {hit.id for hit in services.search.find(NAMES[-1])} == {pages["need"]}
    assert found(tmp_path) == []
    services.close()
    workspaces.save(folder, PASSPHRASE, tmp_path / "clé" / "copie")
    environment = os.environ | {
        "HOME": str(tmp_path / "maison"),
        "XDG_CONFIG_HOME": str(tmp_path / "maison"),
        "XDG_CACHE_HOME": str(tmp_path / "maison"),
        "TMPDIR": str(tmp_path / "temporaire"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    with (tmp_path / "journal").open("wb") as log, subprocess.Popen(
        [sys.executable, "-m", "tests.window_visitor", str(folder), PASSPHRASE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment, text=True,
    ) as window:  # fmt: skip
        assert window.stdin is not None and window.stdout is not None
        assert window.stdout.readline()
        for line in ["needs", "settings"] + [f"{page} {pages[page]}" for page in pages]:
            window.stdin.write(f"{line}\n")
            window.stdin.flush()
            assert window.stdout.readline()
        assert found(tmp_path) == []
        window.stdin.close()
        assert window.wait() == 0
    assert found(tmp_path) == []
    assert list((folder / "sauvegardes").iterdir())
    workspaces.protect(folder, "none", PASSPHRASE, None)
    assert {name for _, name in found(tmp_path)} == set(NAMES), "the search itself finds nothing"
