"""What replaces the database's file waits until no other program has it open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.bootstrap import Services, open_services
from app.services import workspaces

PASSPHRASE = "quatre mots bien choisis"


def run(folder: Path, *verb: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "--workspace", str(folder), *verb],
        capture_output=True,
        text=True,
        check=False,
    )


def test_neither_protect_nor_restore_replaces_the_file_that_a_window_writes_to(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    folder = services.workspace.folder
    secret, saved = tmp_path / "phrase", tmp_path / "copie.sauvegarde"
    secret.write_text(PASSPHRASE)
    assert run(folder, "backup", "--out", str(saved)).returncode == 0
    services.records.create("person", {"last_name": "Martin"})
    for verb in (
        ("protect", "passphrase", "--new-passphrase-file", str(secret)),
        ("restore", str(saved)),
    ):
        refused = run(folder, *verb)
        assert refused.returncode == 1
        assert "est ouvert dans une fenêtre ou un autre programme" in refused.stderr
        assert refused.stderr.count("\n") == 1
        assert "Code de secours" not in refused.stderr
    services.records.create("person", {"last_name": "Roy"})
    services.close()
    again = open_services(folder)
    assert [one.fields.last_name for one in again.records.list("person")] == ["Martin", "Roy"]
    again.close()


def test_a_command_line_reads_and_writes_beside_an_open_window(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    change = tmp_path / "change.json"
    change.write_text('{"kind": "person", "fields": {"last_name": "Besson"}}')
    assert run(services.workspace.folder, "records", "put", str(change)).returncode == 0
    (person,) = services.records.list("person")
    assert person.fields.last_name == "Besson"


def test_both_go_on_once_the_window_is_closed(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    folder, saved = services.workspace.folder, tmp_path / "copie.sauvegarde"
    services.close()
    assert run(folder, "backup", "--out", str(saved)).returncode == 0
    workspaces.protect(folder, "passphrase", None, PASSPHRASE)
    assert run(folder, "restore", str(saved)).returncode == 0
    again = open_services(folder)
    assert len(again.records.list("commission")) == 1
    again.close()
