"""`export` and `import` from the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.app.cli.conftest import Runner


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where files are exchanged."""
    path = tmp_path / "fichiers"
    path.mkdir()
    return path


def a_need(run: Runner, title: str) -> str:
    record = {"kind": "need", "fields": {"title": title}}
    (written,) = run.json("records", "put", "-", stdin=json.dumps(record))
    return str(written["id"])


@pytest.mark.parametrize("name", ["tout.json", "tout.zip"])
def test_an_archive_goes_out_and_comes_back(run: Runner, folder: Path, name: str) -> None:
    need_id = a_need(run, "Sauvegarde")
    path = str(folder / name)
    assert run.json("export", "--out", path)["out"] == path
    need = run.json("records", "show", need_id)
    run.json("records", "delete", need_id)
    report = run.json("import", path, "--dry-run")
    assert [one["id"] for one in report["changed"]] == [need_id]
    assert "besoin « Sauvegarde » : modification." in run("import", path).out
    assert run.json("records", "show", need_id) == need
    report = run.json("import", path)
    assert list(report) == ["created", "changed", "skipped", "refused"]
    assert report["changed"] == report["refused"] == []


def test_an_archive_that_lacks_files_says_so(run: Runner, folder: Path) -> None:
    digests = [letter * 64 for letter in "ab"]
    need_id = a_need(run, "Sauvegarde")
    files = [
        {"kind": "attachment", "id": f"01900000-0000-7000-8000-00000000000{n}",
         "fields": {"owner_id": need_id, "name": "devis.pdf", "sha256": digest}}
        for n, digest in enumerate(digests)
    ]  # fmt: skip
    whole = json.loads(Path(run.json("export", "--out", str(folder / "a.json"))["out"]).read_text())
    like = next(one for one in whole["records"] if one["id"] == need_id)
    whole["records"] += [like | one for one in files]
    (folder / "b.json").write_text(json.dumps(whole))
    run.json("import", str(folder / "b.json"))
    outcome = run("export", "--out", str(folder / "c.zip"))
    assert outcome.status == 0
    assert "Il manque à l'archive 2 fichiers que ses enregistrements nomment" in outcome.err
    assert "synchronisez, ou importez l'archive" in outcome.err
    assert run("export", "--out", str(folder / "c.json")).err == ""
    for one in files:  # of what is deleted, no sync would ever bring the file
        assert run("records", "delete", one["id"]).status == 0
    assert run("export", "--history", "--out", str(folder / "d.zip")).err == ""


def test_a_table_with_a_refused_line_is_not_taken_in_and_its_lines_are_kept_apart(
    run: Runner, folder: Path
) -> None:
    table, bad, good = folder / "besoins.csv", folder / "refusés.csv", folder / "bons.csv"
    table.write_bytes("Intitulé,Note\nÉcole,4\nMairie,quatre\n".encode("cp1252"))
    words = ("import", str(table), "--kind", "need", "--map", "severity=Note")
    tried = run(*words, "--dry-run", "--json")
    assert tried.status == 3
    assert [one["sentence"] for one in tried.document["created"]] == [
        "Ligne 2 : besoin « École » : création."
    ]
    outcome = run(*words, "--refused", str(bad), "--accepted", str(good), "--json")
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1
    assert "Rien n'a été importé" in outcome.err
    assert outcome.document["created"] == []
    (refused,) = outcome.document["refused"]
    assert refused == {
        "kind": "need",
        "id": "",
        "sentence": "Ligne 3, colonne B (« Note ») : « quatre » n'est pas un nombre entier, ni"
        " léger, gênant, grave, bloquant.",
    }
    assert run.json("records", "list", "need") == []
    assert bad.read_text("utf-8-sig").splitlines()[1].startswith("Mairie;quatre;Ligne 3")
    run.json("import", str(good), "--kind", "need", "--map", "severity=Note")
    assert [one["fields"]["title"] for one in run.json("records", "list", "need")] == ["École"]


def test_titulars_and_deputies_of_a_table_sit_where_it_is_asked(run: Runner, folder: Path) -> None:
    table = folder / "délégués.csv"
    table.write_text("Commune;Titulaire;Suppléant\nVougeot;ROY Zoé;PETIT Ali\n", "utf-8")
    report = run.json("import", str(table), "--kind", "person", "--seats")
    assert [one["kind"] for one in report["created"]] == ["person", "person"]
    (seat,) = run.json("records", "list", "roster_entry")
    held = [seat["fields"][f"{place}_person_id"] for place in ("titular", "alternate")]
    assert held == [one["id"] for one in report["created"]]
    misused = run("import", str(table), "--kind", "need", "--seats")
    assert (misused.status, "--kind person" in misused.err) == (2, True)


def test_a_refused_table_is_told_in_one_line_whatever_its_name(run: Runner, folder: Path) -> None:
    table = folder / "deux\nlignes.csv"
    table.write_text("Titre;Gravité\nA;9\n", "utf-8")
    outcome = run("import", str(table), "--kind", "need")
    assert (outcome.status, outcome.err.count("\n")) == (1, 1)
    assert "deux lignes.csv" in outcome.err


def test_tables_go_out_with_semicolons_or_commas(run: Runner, folder: Path) -> None:
    a_need(run, "=1+1")
    path = folder / "besoins.csv"
    run.json("export", "--out", str(path), "--kind", "need")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfIdentifiant;Titre;")
    assert ";'=1+1;" in path.read_text("utf-8-sig")
    run.json("export", "--out", str(path), "--kind", "need", "--comma")
    assert path.read_text("utf-8-sig").startswith("Identifiant,Titre,")


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--out", "tout.pdf"),
        ("export", "--out", "besoins.csv"),
        ("export", "--out", "besoins.xlsx", "--kind", "need", "--history"),
        ("import", "besoins.csv"),
        ("import", "tout.zip", "--kind", "need"),
        ("import", "tout"),
        ("export",),
        ("export", "--out", "-"),
        ("backup", "--out", "-"),
        ("documents", "agenda", "ID", "--out", "-"),
        ("central", "backup", "--data", "x", "--out", "-"),
        ("import", "besoins.csv", "--kind", "need", "--refused", "-"),
        ("import", "besoins.csv", "--kind", "need", "--refused", "./besoins.csv"),
        ("import", "besoins.csv", "--kind", "need", "--refused", "ici/../besoins.csv"),
        ("import", "besoins.csv", "--kind", "need", "--refused", "x.csv", "--accepted", "x.csv"),
        ("new", "--recovery-file", "-"),
        ("new", "--department", "21"),
        ("new", "--profile", "commission"),
        ("protect", "none", "--new-passphrase-file", "phrase"),
        ("unlock", "keyring", "--new-passphrase-file", "phrase"),
        ("restore", "copie", "--code", "--protect", "none", "--new-passphrase-file", "phrase"),
        ("restore", "copie", "--code", "--new-passphrase-file", "phrase"),
        ("sync", "--preview", "--accept-deletions"),
        ("import", "tout.json", "--refused", "refus.csv"),
        ("demo", "--no-window", "--out", "-"),
    ],
)
def test_a_wrong_usage_exits_with_2_and_a_sentence(run: Runner, words: tuple[str, ...]) -> None:
    outcome = run(*words)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("commissions")
    assert outcome.err.count("\n") == 1
    assert not Path("-").exists()


def test_a_heading_that_stands_twice_is_said(run: Runner, folder: Path) -> None:
    path = folder / "besoins.csv"
    path.write_text("Titre;Refrain;TITRE;Note;Note\nFibre;Vite;Débit;1;2\n", "utf-8")
    for options in (["--dry-run"], []):
        done = run("import", str(path), "--kind", "need", *options, "--json")
        assert done.err.splitlines() == [
            "Plusieurs colonnes s'appellent « TITRE » : une seule est lue.",
            "3 colonnes ne sont pas lues : « Refrain », « Note », « Note ».",
        ]
        assert len(done.document["created"]) == 1
    assert [one["fields"]["title"] for one in run.json("records", "list", "need")] == ["Fibre"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{", ("ligne 1",)),
        ("a.json", b"[]", ("pas une archive",)),
        ("a.zip", b"PK", ("zip",)),
        ("a.csv", b"Machin\nTruc\n", ("--kind", "need", "--map")),
        ("a.csv", b"Titre\nTruc\n", ("--kind", "idea", "idea")),
        ("a.xlsx", b"Titre", ("--kind", "need", "XLSX")),
        ("a.ods", b"Titre", ("--kind", "need", "ODS")),
        ("a.xls", b"Titre", ("--kind", "need", "enregistrez-le au format .xlsx")),
    ],
)
def test_a_file_that_is_refused_gives_one_line(
    run: Runner, folder: Path, name: str, content: bytes, words: tuple[str, ...]
) -> None:
    path = folder / name
    path.write_bytes(content)
    *options, part = words
    assert part in run.refused("import", str(path), *options)
    assert run.json("records", "list", "need") == []


def test_a_correspondence_without_its_column_is_a_wrong_usage(run: Runner, folder: Path) -> None:
    misused = run("import", str(folder / "a.csv"), "--kind", "need", "--map", "title")
    assert (misused.status, misused.out) == (2, "")
    assert "« --map » : « title »" in misused.err


def test_two_columns_for_one_field_are_a_wrong_usage(run: Runner, folder: Path) -> None:
    table = folder / "besoins.csv"
    table.write_text("Court;Long\nÉcole;École du bourg\n", "utf-8")
    maps = ("--map", "title=Court", "--map", "title=Long")
    misused = run("import", str(table), "--kind", "need", *maps)
    assert (misused.status, misused.out, misused.err.count("\n")) == (2, "", 1)
    assert "« --map » dit deux fois d'où vient « title »" in misused.err
    assert run.json("records", "list", "need") == []


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--out", "besoins.csv"),
        ("export", "--out", "besoins.xlsx", "--kind", "need", "--history"),
        ("export", "--out", "besoins.doc"),
        ("import", "archive.json", "--kind", "need"),
        ("import", "archive.zip", "--map", "title=Titre"),
        ("import", "besoins.csv"),
        ("import", "besoins.ods"),
        ("export", "--out", "besoins.ods", "--kind", "need"),
    ],
)
def test_a_file_and_options_that_do_not_go_together_are_a_wrong_usage(
    run: Runner, words: tuple[str, ...]
) -> None:
    misused = run(*words)
    assert (misused.status, misused.out) == (2, "")
    assert f"voyez « commissions {words[0]} --help »" in misused.err


@pytest.mark.parametrize(
    ("words", "endings"),
    [
        (("import", "besoins.fods", "--kind", "need"), ".json, .zip, .csv, .xlsx ou .ods ;"),
        (("export", "--out", "besoins.ods"), ".json, .zip, .csv ou .xlsx ;"),
    ],
)
def test_a_file_of_no_known_ending_is_told_those_that_are(
    run: Runner, words: tuple[str, ...], endings: str
) -> None:
    assert f"doit finir par {endings}" in run(*words).err


@pytest.mark.parametrize("name", ["commissions.db", "commissions.db-wal", "protection.json"])
def test_a_file_in_which_a_workspace_lives_is_never_written_over(
    run: Runner, folder: Path, name: str
) -> None:
    here = run.folder
    before = {each: each.read_bytes() for each in here.iterdir() if each.is_file()}
    (folder / "lien.sauvegarde").symlink_to(here / name)
    for out in (here / name, folder / "lien.sauvegarde"):
        assert "est un fichier d'un espace de travail" in run.refused("backup", "--out", str(out))
    assert {each: each.read_bytes() for each in here.iterdir() if each.is_file()} == before
    assert run("backup", "--out", str(folder / name)).status == 0


@pytest.mark.parametrize("words", [("export",), ("backup",)])
def test_what_is_no_file_is_never_replaced_and_a_link_is_followed(
    run: Runner, folder: Path, words: tuple[str, ...]
) -> None:
    os.mkfifo(folder / "tube.json")
    (folder / "vers le tube.json").symlink_to("tube.json")
    (folder / "dossier.json").mkdir()
    for name in ("tube.json", "vers le tube.json", "dossier.json"):
        path = str(folder / name)
        assert f"« {path} » n'est pas un fichier" in run.refused(*words, "--out", path)
    assert (folder / "tube.json").is_fifo()
    assert run(*words, "--out", "").status == 2
    for name in ("vrai.json", "futur.json"):
        (folder / "lien.json").unlink(missing_ok=True)
        (folder / "lien.json").symlink_to(name)
        assert run(*words, "--out", str(folder / "lien.json")).status == 0
        assert (folder / "lien.json").is_symlink()
        assert (folder / name).stat().st_size > 100


def test_a_sentence_is_plain_where_it_quotes_and_a_record_is_as_it_was_typed(
    run: Runner, folder: Path
) -> None:
    title, reason = "L’eau\u202f: « tarifs\u00a0»", "l’usage"
    fields = {"title": title, "reason": reason}
    (need,) = run.json(
        "records", "put", "-", stdin=json.dumps([{"kind": "need", "fields": fields}])
    )
    assert (need["fields"]["title"], need["fields"]["reason"]) == (title, reason)
    shown = run.json("records", "show", need["id"], "--history")
    assert shown["history"][0]["changes"]["reason"] == ["", reason]
    run.json("export", "--out", str(folder / "tout.json"))
    run.json("records", "delete", need["id"])
    (change,) = run.json("import", str(folder / "tout.json"))["changed"]
    assert "« L'eau : « tarifs » »" in change["sentence"]
    assert run.json("search", "tarifs")[0]["title"] == title
