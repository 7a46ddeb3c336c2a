"""The demonstration, run as a user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.services.demonstration.papers import PAPERS
from ui.window.places import PLACES

BESIDE = "mes notes.txt"
FORMER = (
    "espace/commissions.db", "espace/protection.json", "central/central.db",
    "documents/ancien.pdf", "captures/ancienne.png", "summary.json", BESIDE,
)  # fmt: skip


def demo(out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "app", "demo", "--out", str(out), *words]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a demonstration was played before."""
    folder = tmp_path_factory.mktemp("demonstration") / "out"
    for name in FORMER:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("d'avant", "utf-8")
    (folder / ".demonstration").touch()
    return folder


@pytest.fixture(scope="module")
def summary(out: Path) -> dict[str, Any]:
    done = demo(out, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(out: Path, *words: str) -> Any:
    """The JSON document of a verb on the demonstration's workspace."""
    command = [sys.executable, "-m", "app", "--workspace", str(out / "espace"), "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_summary_on_the_standard_output_is_the_one_left_in_the_folder(
    out: Path, summary: dict[str, Any]
) -> None:
    assert json.loads((out / "summary.json").read_text("utf-8")) == summary


def test_the_meeting_is_complete_and_its_ballots_say_how_they_ended(
    summary: dict[str, Any],
) -> None:
    assert summary["missing"] == []
    assert summary["ballots"] == [
        "Avis favorable à l'unanimité des membres présents ou représentés (10 pour)",
        "Avis favorable à l'unanimité des suffrages exprimés (9 pour, 1 abstention)",
        "Avis favorable (8 pour, 1 contre, 1 abstention)",
    ]


def test_two_laptops_merge_what_differs_and_keep_both_sides_of_what_collides(
    out: Path, summary: dict[str, Any]
) -> None:
    met = summary["syncs"]["rencontre"]
    assert (met["merged"], met["conflicts"], met["refused"]) == (1, 1, 0)
    (conflict,) = run(out, "conflicts")
    sides = {conflict["fields"][side]["author"] for side in ("mine", "theirs")}
    assert sides == {"Camille Héron", "Noé Martinet"}
    assert conflict["fields"]["unit"] == "place"


def test_everything_sent_was_acknowledged_the_convocations_with_the_freeze(
    out: Path, summary: dict[str, Any]
) -> None:
    sent = summary["syncs"]["seance"]
    assert (sent["merged"], sent["conflicts"], sent["refused"]) == (0, 0, 0)
    for kind, count in (("need", 9), ("convocation", 26), ("minutes", 2)):
        held = run(out, "records", "list", kind)
        assert len(held) == count
        assert all(one["revision"] > 0 for one in held)


def test_every_kind_of_paper_is_written_and_the_minutes_are_the_frozen_bytes(
    out: Path, summary: dict[str, Any]
) -> None:
    papers = {name: out / path for name, path in summary["documents"].items()}
    assert len(set(papers.values())) == len(PAPERS)
    for path in papers.values():
        head = path.read_bytes()[:15]
        assert head.startswith(b"%PDF-" if path.suffix == ".pdf" else b"BEGIN:VCALENDAR"), path
    for key in ("seance", "precedente"):
        assert run(out, "documents", "verify", str(papers[f"minutes {key}"]))["frozen"] is True
    meetings = {
        one["id"]: one["fields"]["status"] for one in run(out, "records", "list", "meeting")
    }
    assert sorted(meetings.values()) == ["approved", "closed", "planned"]
    assert meetings[summary["meeting_id"]] == "closed"


def test_each_page_has_its_picture_in_both_themes(out: Path, summary: dict[str, Any]) -> None:
    taken = [out / name for name in summary["screenshots"]]
    assert len(taken) >= 2 * (len(PLACES) + 1)
    assert all(path.stat().st_size > 10_000 for path in taken)


def test_nothing_of_the_former_demonstration_stays_but_what_was_put_beside(
    out: Path, summary: dict[str, Any]
) -> None:
    left = [name for name in FORMER if (out / name).is_file()]
    assert [name for name in left if (out / name).read_text("latin-1") == "d'avant"] == [BESIDE]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "espace").mkdir()
    (tmp_path / "espace" / "lettre.txt").write_text("à garder")
    done = demo(tmp_path, "--no-window")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "contient autre chose" in done.stderr
    assert (tmp_path / "espace" / "lettre.txt").read_text() == "à garder"
