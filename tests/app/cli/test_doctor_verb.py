"""`backup`, `restore` and `doctor` from the command line."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.bootstrap import open_services
from app.clock import now
from app.storage import migration
from app.storage.backup import read_backup
from tests.app.cli.conftest import Runner
from tests.keyrings import no_keyring

PERSON = {"kind": "person", "fields": {"last_name": "Garrot"}}
FROZEN = Path(__file__).parents[2] / "databases"


def put(run: Runner, title: str) -> str:
    need = f'{{"kind": "need", "fields": {{"title": "{title}"}}}}'
    return str(run.json("records", "put", "-", stdin=need)[0]["id"])


def spoil(folder: Path, text: bytes) -> None:
    """Zeroes the page of a database where a text is first found."""
    path = folder / "commissions.db"
    content = bytearray(path.read_bytes())
    start = content.index(text) // 4096 * 4096
    content[start : start + 4096] = bytes(4096)
    path.write_bytes(content)


def test_a_clock_behind_the_last_change_is_told(run: Runner) -> None:
    put(run, "Fibre")
    found = {one["check"]: one for one in run.json("doctor")["findings"]}
    assert found["clock"]["ok"]
    ahead = open_services(run.folder, clock=lambda: now() + timedelta(days=400))
    ahead.records.create("need", {"title": "Serveur"})
    ahead.close()
    told = run("doctor", "--json")
    assert told.status == 3
    found = {one["check"]: one for one in told.document["findings"]}
    assert "avant le dernier changement fait ici" in found["clock"]["sentence"]


def test_a_damaged_workspace_is_told_then_repaired_with_what_is_lost(run: Runner) -> None:
    kept = put(run, "Fibre")
    run.json("backup")
    assert run.json("doctor")["ok"]
    later = put(run, "Serveur")
    spoil(run.folder, b'"title":"Serveur"')
    told = run("doctor", "--json")
    assert (told.status, told.err) == (3, "")
    assert not told.document["ok"]
    assert "doctor --repair" in told.document["findings"][0]["sentence"]
    done = run("doctor", "--repair", "--json")
    assert (done.status, done.err) == (0, "")
    assert done.document["lost"] == []
    assert (Path(done.document["aside"]) / "commissions.db").is_file()
    titles = {one["id"]: one["fields"]["title"] for one in run.json("records", "list", "need")}
    assert titles == {kept: "Fibre", later: "Serveur"}


def test_what_is_lost_is_named_and_needs_the_user(run: Runner) -> None:
    put(run, "Fibre")
    run.json("backup")
    later = put(run, "Serveur")
    while b'"title":["","Serveur"]' in (run.folder / "commissions.db").read_bytes():
        spoil(run.folder, b'"title":["","Serveur"]')
    spoil(run.folder, b'"title":"Serveur"')
    done = run("doctor", "--repair", "--json")
    assert done.status == 3
    lost = done.document["lost"][0]
    assert (lost["kind"], lost["id"]) == ("need", later)
    assert lost["sentence"].startswith("Perdu : besoin")
    assert run("doctor").status == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("commissions-2027-03-19.sauvegarde", "la copie du vendredi 19 mars 2027"),
        ("commissions-2027-02-30.sauvegarde", "« commissions-2027-02-30.sauvegarde »"),
    ],
)
def test_a_copy_on_a_stick_is_drawn_on_where_nothing_here_is_left(
    run: Runner, tmp_path: Path, name: str, words: str
) -> None:
    need = put(run, "Fibre")
    stick = tmp_path / "clé"
    stick.mkdir()
    run.json("backup", "--out", str(stick / name))
    (run.folder / "commissions.db").unlink()
    assert "la reconstruit de la dernière copie" in run.refused("records", "list", "need")
    assert "n'est pas un dossier vide" in run.refused("new", "--protect", "none")
    told = run("doctor")
    assert told.status == 3
    assert "désignez son dossier" in told.out
    assert "désignez son dossier" in run.refused("doctor", "--repair")
    assert "n'existe pas" in run.refused("doctor", "--repair", "--from", str(tmp_path / "tiroir"))
    done = run("doctor", "--repair", "--from", str(stick))
    assert (done.status, done.err) == (3, "")
    assert f"reconstruite à partir de {words}" in done.out
    assert f"Ce qui a été écrit après {words} est perdu" in done.out
    assert [one["id"] for one in run.json("records", "list", "need")] == [need]
    assert run.json("doctor")["ok"]


@pytest.mark.parametrize(
    ("free", "words"),
    [
        (42 << 20, "Il ne reste que 44,0 Mo sur le disque : libérez de la place."),
        (700_000_000, "Il reste 700,0 Mo sur le disque."),
        (212_340_000_000, "Il reste 212,3 Go sur le disque."),
    ],
)
def test_what_is_left_of_the_disk_is_told_in_its_own_unit(
    run: Runner, monkeypatch: pytest.MonkeyPatch, free: int, words: str
) -> None:
    usage = shutil.disk_usage(run.folder)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert words in run("doctor").out


def test_nothing_to_repair_is_said(run: Runner) -> None:
    done = run("doctor", "--repair")
    assert (done.status, done.err) == (0, "")
    assert "La base est intacte." in done.out
    assert "n'existe pas" in run.refused("doctor", "--from", str(run.folder / "tiroir"))


@pytest.mark.parametrize("schema", migration.KNOWN)
def test_a_workspace_of_a_former_schema_is_well_before_it_is_brought_up_to_date(
    bare: Runner, schema: str
) -> None:
    bare.folder.mkdir()
    read_backup(FROZEN / f"{schema}.sauvegarde", bare.folder)
    before = (bare.folder / "commissions.db").read_bytes()
    for verb in ((), ("--repair",)):
        found = bare.json("doctor", *verb)
        assert (found["ok"], found["aside"], found["lost"]) == (True, None, [])
        assert (bare.folder / "commissions.db").read_bytes() == before
    (said,) = (one["sentence"] for one in found["findings"] if one["check"] == "versions")
    assert ("sera mis à jour" in said) == (schema != migration.HEAD)


@pytest.mark.parametrize("damaged", [False, True])
def test_a_workspace_of_a_newer_program_is_left_to_it(run: Runner, damaged: bool) -> None:
    put(run, "Fibre")
    run.json("backup")
    path = run.folder / "commissions.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.execute("ALTER TABLE content RENAME TO words")
    if damaged:
        spoil(run.folder, b'"title":"Fibre"')
        said = run.refused("doctor", "--repair")
    else:
        told = run("doctor", "--repair", "--json")
        assert (told.status, told.document["aside"]) == (3, None)
        (said,) = (one["sentence"] for one in told.document["findings"] if not one["ok"])
    assert "vient d'une version plus récente du programme" in said
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_workspace_that_is_open_elsewhere_is_not_replaced(run: Runner) -> None:
    put(run, "Fibre")
    file = run.json("backup")["file"]
    services = open_services(run.folder)
    services.records.list("need")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app", "restore", file, "--workspace", str(run.folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert "est ouvert" in done.stderr
        assert services.records.list("need")[0].fields.title == "Fibre"
    finally:
        services.close()
    assert run("restore", file).status == 0


def test_who_was_erased_since_a_copy_is_erased_again(run: Runner, tmp_path: Path) -> None:
    named = run.json("records", "put", "-", stdin=json.dumps([PERSON, PERSON]))
    file = run.json("backup")["file"]
    assert run.json("restore", file)["erased_again"] == 0
    with closing(open_services(run.folder)) as services:
        for one in named:
            services.erasures.erase(one["id"])
    restored = run("restore", file)
    assert (restored.status, restored.err) == (0, "")
    assert "2 personnes effacées depuis cette copie le sont de nouveau." in restored.out
    assert b"Garrot" not in (run.folder / "commissions.db").read_bytes()
    assert run.json("restore", file)["erased_again"] == 2

    spoil(run.folder, b"SQLite format 3")
    unread = run("restore", file)
    assert unread.status == 0
    assert "effacez-les de nouveau" in unread.out
    assert run.json("restore", file)["erased_again"] == 0  # the copy names both


def test_who_was_erased_since_a_copy_is_erased_again_by_a_code(
    bare: Runner, tmp_path: Path
) -> None:
    (tmp_path / "phrase").write_text("quatre mots bien choisis\n")
    phrase = ("--passphrase-file", str(tmp_path / "phrase"))
    kept = ("--recovery-file", str(tmp_path / "code"))
    assert (
        bare("new", "--commission", "Auxois", "--protect", "passphrase", *phrase, *kept).status == 0
    )
    (person,) = bare.json("records", "put", "-", *phrase, stdin=json.dumps(PERSON))
    file = bare.json("backup", *phrase)["file"]
    with closing(open_services(bare.folder, "quatre mots bien choisis")) as services:
        services.erasures.erase(person["id"])
    code = (tmp_path / "code").read_text()
    new = ("--protect", "passphrase", "--new-passphrase-file", str(tmp_path / "phrase"))
    again = bare.json("restore", file, "--code", *new, *phrase, stdin=code)
    assert again["erased_again"] == 1
    with no_keyring():
        locked = bare("restore", file, "--code", *phrase, stdin=code)
    assert locked.status == 3
    assert "effacez-les de nouveau" in locked.out


def test_a_clear_copy_over_what_does_not_open_is_said_to_be_unprotected(
    run: Runner, tmp_path: Path
) -> None:
    (tmp_path / "phrase").write_text("quatre mots bien choisis\n")
    phrase = ("--passphrase-file", str(tmp_path / "phrase"))
    file = run.json("backup", "--out", str(tmp_path / "copie"))["file"]
    assert "protégé" not in run("restore", file).out
    run.json(
        "protect", "passphrase", "--new-passphrase-file", str(tmp_path / "phrase"),
        "--recovery-file", str(tmp_path / "code"),
    )  # fmt: skip
    assert "protégé" not in run("restore", file, *phrase).out
    assert "--passphrase-file" in run.refused("records", "list", "need")
    assert "Il n'est pas protégé" in run("restore", file).out
    assert run.json("records", "list", "need") == []


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END", "endommagée"),
        ("CREATE VIEW v AS SELECT * FROM record", "endommagée"),
        ("DROP TABLE outbox", "endommagée"),
        ("DROP TABLE alembic_version", "endommagée"),
        ("DELETE FROM alembic_version", "endommagée"),
        ("UPDATE alembic_version SET version_num = '9999'", "plus récente"),
    ],
)
def test_a_copy_that_someone_altered_is_not_restored(
    run: Runner, tmp_path: Path, statement: str, word: str
) -> None:
    put(run, "Fibre")
    copy = Path(run.json("backup")["file"])
    with zipfile.ZipFile(copy) as made:
        made.extractall(tmp_path)
    with closing(sqlite3.connect(tmp_path / "commissions.db")) as database, database:
        database.execute(statement)
    with zipfile.ZipFile(copy, "w") as altered:
        for name in ("commissions.db", "protection.json"):
            altered.write(tmp_path / name, name)
    line = run.refused("restore", str(copy))
    assert line.startswith(f"La copie « {copy} »")
    assert word in line
    assert run.json("records", "list", "need")[0]["fields"]["title"] == "Fibre"


def test_a_folder_given_for_a_copy_is_called_a_folder(run: Runner, tmp_path: Path) -> None:
    line = run.refused("restore", str(tmp_path))
    assert line == f"« {tmp_path} » est un dossier : choisissez la copie qu'il contient."


def test_an_older_copy_that_someone_altered_is_refused_by_its_name_too(
    run: Runner, tmp_path: Path
) -> None:
    copy = tmp_path / "ancienne.sauvegarde"
    with zipfile.ZipFile(FROZEN / "0001.sauvegarde") as made:
        made.extractall(tmp_path)
    with closing(sqlite3.connect(tmp_path / "commissions.db")) as database, database:
        database.execute("DROP TABLE record")
    with zipfile.ZipFile(copy, "w") as altered:
        for name in ("commissions.db", "protection.json"):
            altered.write(tmp_path / name, name)
    line = run.refused("restore", str(copy))
    assert line.startswith(f"La copie « {copy} » est endommagée")
