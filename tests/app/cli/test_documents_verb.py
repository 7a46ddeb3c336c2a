"""`documents …` and `meeting freeze`: papers from the command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from app.services.documents import TITLES
from tests.app.cli.conftest import Runner
from tests.app.documents import reading
from tests.app.domain.builders import Scene, uid
from tests.workspaces import new_workspace


@pytest.fixture
def run(bare: Runner) -> Runner:
    """Verbs on a new workspace that holds one closed meeting, complete."""
    new_workspace(bare.folder).close()
    scene = Scene(3)
    scene.present(1, 2)
    scene.absent(3)
    scene.item()
    envelopes = [
        {"kind": one.kind, "id": one.id, "commission_id": one.commission_id, "fields": one.fields}
        for one in scene.envelopes()
    ]
    bare.json("records", "put", "-", stdin=msgspec.json.encode(envelopes).decode())
    return bare


MEETING = uid("meeting")


@pytest.mark.parametrize("kind", TITLES)
def test_the_help_says_whose_identifier_makes_a_document(
    run: Runner, tmp_path: Path, kind: str
) -> None:
    shown = run("documents", kind, "--help").out
    made = run("documents", kind, MEETING, "--out", str(tmp_path / "papier"))
    assert ("d'une séance" in shown) == (made.status != 1)
    assert re.search(r"^  ID +d'une? \w", shown, re.MULTILINE)


def test_a_document_is_written_where_asked(run: Runner, tmp_path: Path) -> None:
    out = tmp_path / "ordre du jour.pdf"
    outcome = run("documents", "agenda", MEETING, "--out", str(out))
    assert (outcome.status, outcome.err) == (0, "")
    assert reading.faults(out.read_bytes()) == []


def test_a_path_ending_in_eml_makes_a_draft(run: Runner, tmp_path: Path) -> None:
    out = tmp_path / "brouillon.eml"
    document = run.json("documents", "invitation", MEETING, "--out", str(out))
    assert document["media_type"] == "message/rfc822"
    assert b"X-Unsent: 1" in out.read_bytes()


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [("invitation", "séance.PDF", ".ics"), ("agenda", "séance.ics", ".pdf"),
     ("minutes", "pv.docx", ".pdf")],
)  # fmt: skip
def test_a_path_that_tells_another_format_is_refused(
    run: Runner, tmp_path: Path, kind: str, wrong: str, right: str
) -> None:
    refused = run.refused("documents", kind, MEETING, "--out", str(tmp_path / wrong))
    assert f"donnez-lui un nom qui finit par {right}, ou par .eml" in refused
    assert list(tmp_path.glob("*.*")) == []


@pytest.mark.parametrize("name", ["papier", "séance du 19.03", "séance.2027"])
def test_a_path_that_tells_no_format_is_the_user_s_own(
    run: Runner, tmp_path: Path, name: str
) -> None:
    run.json("documents", "agenda", MEETING, "--out", str(tmp_path / name))
    assert (tmp_path / name).read_bytes().startswith(b"%PDF")


def test_a_character_without_glyph_is_named_and_the_document_made(
    run: Runner, tmp_path: Path
) -> None:
    change = {"kind": "meeting", "id": MEETING, "fields": {"place": "Salle 😀"}}
    run.json("records", "put", "-", stdin=json.dumps(change))
    out = tmp_path / "pv.pdf"
    outcome = run("documents", "minutes", MEETING, "--out", str(out))
    assert outcome.status == 3
    assert outcome.err == (
        "La police n'a pas de dessin pour ce caractère, remplacez-le : « 😀 » (U+1F600).\n"
    )
    assert reading.faults(out.read_bytes()) == []


def test_frozen_minutes_are_verified_to_the_byte(run: Runner, tmp_path: Path) -> None:
    minutes = run.json("meeting", "freeze", MEETING)
    out = tmp_path / "pv.pdf"
    run.json("documents", "minutes", MEETING, "--out", str(out))
    found = run.json("documents", "verify", str(out))
    assert found["frozen"] is True
    assert found["meeting_id"] == MEETING
    assert found["pdf_sha256"] == minutes["fields"]["pdf_sha256"]
    out.write_bytes(out.read_bytes() + b"\n")
    outcome = run("documents", "verify", str(out), "--json")
    assert (outcome.status, outcome.document) == (1, {"frozen": False})
    assert outcome.err.count("\n") == 1


def test_freezing_with_gaps_exits_with_3_and_names_them(run: Runner) -> None:
    change = {"kind": "meeting", "id": MEETING, "fields": {"place": ""}}
    run.json("records", "put", "-", stdin=json.dumps(change))
    outcome = run("meeting", "freeze", MEETING)
    assert outcome.status == 3
    assert outcome.err == "Séance : le lieu manque.\n"
    assert "déjà gelé" in run.refused("meeting", "freeze", MEETING)


def test_an_addendum_freezes_by_its_id(run: Runner, tmp_path: Path) -> None:
    minutes_id = run.json("meeting", "freeze", MEETING)["id"]
    change = {"kind": "minutes", "commission_id": uid("commission"),
              "fields": {"addendum_to_id": minutes_id, "text": "Lire « Anne »."}}  # fmt: skip
    (made,) = run.json("records", "put", "-", stdin=json.dumps(change))
    frozen = run.json("meeting", "freeze", made["id"])
    assert frozen["fields"]["number"] == 1
    out = tmp_path / "additif.pdf"
    run.json("documents", "addendum", made["id"], "--out", str(out))
    assert run.json("documents", "verify", str(out))["minutes_id"] == made["id"]


def test_what_cannot_be_done_is_one_sentence(run: Runner, tmp_path: Path) -> None:
    out = str(tmp_path / "pv.pdf")
    assert "Aucune séance" in run.refused("documents", "minutes", uid("nothing"), "--out", out)
    missing = str(tmp_path / "absent" / "pv.pdf")
    assert "ne peut être écrit" in run.refused("documents", "agenda", MEETING, "--out", missing)
    assert "ne peut être lu" in run.refused("documents", "verify", missing)
    unread = run("documents", "verify", missing, "--json")
    assert (unread.status, unread.document) == (1, {"frozen": False})
    assert unread.err.count("\n") == 1
    assert not Path(out).exists()


def test_a_document_is_made_without_what_only_writing_needs(run: Runner, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from app.cli import main\n"
        f"main(['documents', 'minutes', {MEETING!r}, '--out', sys.argv[1],"
        " '--workspace', sys.argv[2]])\n"
        "print({'sqlalchemy', 'email', 'icalendar', 'asyncio', 'PIL._imaging'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "pv.pdf"), str(run.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"
