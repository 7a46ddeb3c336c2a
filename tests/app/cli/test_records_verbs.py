"""`new`, `records` and `search` from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.domain.records import reference_id
from tests.app.cli.conftest import Runner
from tests.keyrings import no_keyring

WAY = "la corbeille le rend, ou « commissions records restore »."
DELETED = f"cet enregistrement est supprimé ; {WAY}"

NEED_ID = "0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa"


def put(run: Runner, *records: dict[str, object]) -> list[dict[str, object]]:
    answer: list[dict[str, object]] = run.json("records", "put", "-", stdin=json.dumps(records))
    return answer


def test_the_value_of_an_option_is_no_verb(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run.folder.rename("demo")
    Path("backup").write_text("\n")
    words = ("--workspace", "demo", "--passphrase-file", "backup", "records", "list", "theme")
    assert main([*words, "--json"]) == 0


def test_new_makes_a_workspace_and_its_commission(bare: Runner) -> None:
    made = bare.json(
        "new", "--protect", "none", "--commission", "Auxois", "--department", "21", "58",
        "--profile", "deliberative",
    )  # fmt: skip
    assert made["workspace"] == str(bare.folder)
    (commission,) = bare.json("records", "list", "commission")
    assert commission["id"] == commission["commission_id"] == made["commission_id"]
    assert commission["fields"]["departments"] == ["21", "58"]
    assert commission["fields"]["profile"] == "deliberative"
    assert "contient déjà" in bare.refused("new", "--protect", "none")


def test_new_takes_a_department_once_and_no_blank_name(bare: Runner) -> None:
    for blank in ("", "  "):
        assert bare("new", "--protect", "none", "--commission", blank).status == 2
    words = ("--department", "21", "58", "21", "--department", "58")
    bare.json("new", "--protect", "none", "--commission", " Auxois ", *words)
    (commission,) = bare.json("records", "list", "commission")
    assert commission["fields"]["name"] == "Auxois"
    assert commission["fields"]["departments"] == ["21", "58"]


def test_a_refusal_says_what_to_do(bare: Runner) -> None:
    bare.json("new", "--protect", "none")

    def said(kind: str, **rest: str) -> str:
        return bare.refused(
            "records", "put", "-", stdin=json.dumps({"kind": kind, "fields": {}} | rest)
        )

    assert "ne compte aucune commission : créez-en une" in said("need")
    assert said("need", id="x").startswith("Besoin, champ « id » : « x » n'est pas")
    assert "« commission_id » doit être un identifiant" in said("need", commission_id="")
    unsaid = said("conflict", commission_id=NEED_ID)
    assert "champ « record_kind » : un conflit dit de quoi il est" in unsaid
    assert "« commission_id » : ce genre" in said("organisation", commission_id=NEED_ID)
    assert "« commission_id » : une commission" in said("commission", commission_id=NEED_ID)
    shown = bare("records", "put", "--help").out
    assert "positional" not in shown
    assert "\narguments :" in shown


def test_new_without_a_keyring_or_a_place_for_the_code_writes_nothing(
    bare: Runner, tmp_path: Path
) -> None:
    with no_keyring():
        assert "passphrase" in bare.refused("new")
    (tmp_path / "phrase").write_text("quatre mots bien choisis\n")
    words = ("new", "--protect", "passphrase", "--passphrase-file", str(tmp_path / "phrase"))
    assert "--recovery-file" in bare.refused(*words)
    assert not bare.folder.exists()
    assert bare(*words, "--recovery-file", str(tmp_path / "code")).status == 0
    assert "--passphrase-file" in bare.refused("records", "list", "theme")
    phrase = ("--passphrase-file", str(tmp_path / "phrase"))
    assert len(bare.json(*phrase, "records", "list", "theme")) == 12
    code = (tmp_path / "code").read_text()
    copy = bare.json(*phrase, "backup", "--out", str(tmp_path / "copie"))["file"]
    with no_keyring():
        restored = bare("restore", copy, "--code", stdin=code)
    assert restored.status == 3
    assert "commissions unlock passphrase --new-passphrase-file" in restored.out
    assert bare("unlock", "none", stdin=code).status == 0
    assert len(bare.json("records", "list", "theme")) == 12


def test_a_new_passphrase_is_not_taken_by_a_workspace_that_its_keyring_protects(
    bare: Runner, tmp_path: Path
) -> None:
    (tmp_path / "phrase").write_text("quatre mots bien choisis\n")
    assert bare("new", "--recovery-file", str(tmp_path / "code")).status == 0
    new = ("--new-passphrase-file", str(tmp_path / "phrase"))
    code = (tmp_path / "code").read_text()
    misused = bare("unlock", *new, stdin=code)
    assert (misused.status, misused.out) == (2, "")
    assert "non « keyring »" in misused.err
    assert bare("unlock", "passphrase", *new, stdin=code).status == 0


def test_protecting_names_its_own_option_and_hands_the_code_over(
    run: Runner, tmp_path: Path
) -> None:
    words = ("--new-passphrase-file", str(tmp_path / "phrase"))
    (tmp_path / "phrase").write_text("quatre mots bien choisis\n")
    refused = run.refused("protect", "passphrase", "--passphrase-file", str(tmp_path / "phrase"))
    assert "donnez-la avec --new-passphrase-file FICHIER" in refused
    with no_keyring():
        assert "« passphrase », avec --new-passphrase-file" in run.refused("protect", "keyring")
    made = run("protect", "passphrase", *words, "--recovery-file", str(tmp_path / "code"))
    assert (made.status, made.err) == (0, "")
    assert "--passphrase-file" in run.refused("records", "list", "theme")
    assert run("unlock", *words, stdin=(tmp_path / "code").read_text()).status == 0


def test_a_protection_that_is_there_already_is_not_said_to_change(bare: Runner) -> None:
    bare("new", "--protect", "none")
    there = "L'espace de travail a déjà cette protection : rien n'a changé.\n"
    assert bare("protect", "none").out == there
    assert bare("protect", "keyring").out != there
    assert bare("protect", "keyring").out == there


def test_a_copy_comes_back_by_its_code_in_one_step(bare: Runner, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("quatre mots bien choisis\n")
    phrase = ("--passphrase-file", str(tmp_path / "phrase"))
    made = bare(
        "new", "--protect", "passphrase", *phrase, "--recovery-file", str(tmp_path / "code")
    )
    assert made.status == 0
    (tmp_path / "fausse").write_text("une tout autre phrase\n")
    wrong = bare.refused("records", "list", "theme", "--passphrase-file", str(tmp_path / "fausse"))
    assert "n'est pas la bonne" in wrong
    assert "si elle est perdue, « commissions unlock » ouvre avec le code de secours" in wrong
    code = (tmp_path / "code").read_text()
    copy = bare.json(*phrase, "backup", "--out", str(tmp_path / "copie"))["file"]
    elsewhere = Runner(tmp_path / "ailleurs", bare._capture, bare._patch)
    assert "restore --code" in elsewhere.refused("restore", copy)
    assert "groupe n° 2 " in elsewhere.refused("restore", copy, "--code", stdin=f"{code[:8]}?")
    assert elsewhere("restore", copy, "--protect", "none").status == 2
    restored = elsewhere("restore", copy, "--code", stdin=code)
    assert (restored.status, restored.err) == (0, "")
    assert "trousseau de cet ordinateur" in restored.out
    assert len(elsewhere.json("records", "list", "theme")) == 12
    ways = ("--protect", "passphrase", "--new-passphrase-file", str(tmp_path / "fausse"))
    assert elsewhere("restore", copy, "--code", *ways, stdin=code).status == 0
    new = ("--passphrase-file", str(tmp_path / "fausse"))
    assert len(elsewhere.json("records", "list", "theme", *new)) == 12


def test_a_copy_goes_to_a_folder_that_is_there(run: Runner, tmp_path: Path) -> None:
    refused = run.refused("backup", "--out", str(tmp_path / "clé" / "copie"))
    assert "n'existe pas : branchez le disque ou la clé USB" in refused
    assert not (tmp_path / "clé").exists()


def test_a_title_of_several_lines_stands_on_one(run: Runner) -> None:
    put(run, {"kind": "need", "fields": {"title": "Fibre\nà Vougeot"}})
    assert run("records", "list", "need").out.endswith("  Fibre à Vougeot\n")


def test_put_gives_the_envelopes_in_order_and_list_filters(run: Runner) -> None:
    first, second = put(
        run,
        {"kind": "need", "id": NEED_ID, "fields": {"title": "Sauvegarde", "severity": 3}},
        {"kind": "person", "fields": {"last_name": "Roy", "phone": "21"}},
    )
    assert (first["id"], first["revision"], second["kind"]) == (NEED_ID, 0, "person")
    assert run.json("records", "list", "need", "--where", "severity=3") == [first]
    assert run.json("records", "list", "need", "--where", "severity=2") == []
    assert run.json("records", "list", "person", "--where", "phone=21") == [second]
    again = put(run, {"kind": "need", "id": NEED_ID, "fields": {"theme": "backup"}})
    assert again[0]["fields"] == first["fields"] | {"theme": "backup"}  # type: ignore[operator]  # JSON


@pytest.mark.parametrize(("kind", "value"), [("theme", {"label": "Écran"}), ("fee_scale", {})])
def test_a_theme_and_a_scale_take_their_id_from_their_code(
    run: Runner, kind: str, value: dict[str, object]
) -> None:
    code = {"code": "écran-2027"}
    decomposed = {"code": "e\u0301cran-2027"}
    made, again, other = put(
        run,
        {"kind": kind, "fields": decomposed},
        {"kind": kind, "fields": code | value},
        {"kind": kind, "fields": {}},
    )
    assert made["id"] == again["id"] == reference_id(kind, "écran-2027")
    assert other["id"] != made["id"]
    run.json("records", "delete", str(made["id"]))
    said = run.refused("records", "put", "-", stdin=json.dumps({"kind": kind, "fields": code}))
    assert f"{made['id']} : {DELETED}" in said
    run.json("records", "restore", str(made["id"]))
    put(run, {"kind": kind, "id": made["id"], "fields": {"code": "tableau"}})
    (fresh,) = put(run, {"kind": kind, "fields": code})
    assert fresh["id"] != made["id"]
    assert run.json("records", "show", str(made["id"]))["fields"]["code"] == "tableau"


def test_a_deleted_record_is_said_to_be_so_by_every_verb_that_needs_it(run: Runner) -> None:
    (meeting,) = put(run, {"kind": "meeting", "fields": {"title": "Séance"}})
    meeting_id = str(meeting["id"])
    run.json("records", "delete", meeting_id)
    change = json.dumps({"kind": "meeting", "id": meeting_id, "fields": {"place": "Mairie"}})
    said = {
        run.refused("records", "delete", meeting_id),
        run.refused("records", "put", "-", stdin=change),
        run.refused("meeting", "check", meeting_id),
        run.refused("meeting", "open", meeting_id),
        run.refused("documents", "agenda", meeting_id, "--out", "ordre.pdf"),
    }
    assert said == {f"Séance {meeting_id} : {DELETED}"}
    assert run.json("records", "show", meeting_id)["deleted"] is True
    run.json("records", "restore", meeting_id)
    assert run.json("records", "show", meeting_id)["deleted"] is False


def test_conditions_hold_together_and_a_text_is_found_among_others(run: Runner) -> None:
    def found(kind: str, *conditions: str) -> int:
        words = [word for condition in conditions for word in ("--where", condition)]
        return len(run.json("records", "list", kind, *words))

    put(run, {"kind": "need", "fields": {"title": "École", "severity": 3}})
    put(run, {"kind": "need", "fields": {"title": "École", "severity": 2}})
    assert found("commission", "departments=21") == 1
    assert found("commission", 'departments=["21"]') == 1
    assert found("commission", "departments=2") == 0
    assert found("need", "title=E\u0301cole") == 2
    put(run, {"kind": "need", "fields": {"title": "Fibre", "words": "Été\r\nhiver"}})
    assert found("need", "words=E\u0301te\u0301\r\nhiver") == 1
    put(run, {"kind": "organisation", "fields": {"name": "Eau", "services": ["École", "Été"]}})
    assert found("organisation", 'services=["E\\u0301cole", "E\\u0301te\\u0301"]') == 1
    assert found("need", "severity=2", "severity=3") == 0
    assert found("need", "severity=3", "title=École") == 1
    put(run, {"kind": "need", "fields": {"title": "Un", "severity": 1}})
    assert found("need", "title=Un", "severity=1") == 1
    assert found("need", "title=Un", "severity=true") == found("theme", "active=1") == 0
    (commission,) = run.json("records", "list", "commission")
    here = f"commission_id={commission['id']}"
    assert found("need", here, "commission_id=null") == found("need", "commission_id=", here) == 0
    assert found("need", here, here) == 4
    assert found("need", "title=" + "[" * 3000) == 0


def test_options_stand_before_or_after_the_verb(run: Runner) -> None:
    outcome = run("--json", "records", "list", "theme")
    assert len(outcome.document) == 12


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"kind": "need",', "n'est pas du JSON valide"),
        ('[{"kind": "need"}]', "« fields » manque"),
        ('[{"kind": "need", "fields": {}, "colour": 1}]', "« colour » n'existe pas"),
        ("[3]", "il faut un objet"),
        (
            '[{"kind": "nothing", "fields": {}}]',
            "le genre « nothing » n'existe pas : choisissez parmi organ",
        ),
        ('[{"kind": "need", "id": "x", "fields": {}}]', "champ « id »"),
        ('[{"kind": "need", "fields": {"theme": "zz"}}]', "champ « theme »"),
        ('[{"kind": "need", "fields": {"title": "a\\u0000b"}}]', "U+0000"),
        ('[{"kind": "need", "fields": {"title": "\\ud800"}}]', "moitié de caractère"),
        ('[{"kind": "need", "fields": {"title": "A", "title": "B"}}]', "figure deux fois"),
        ('[{"kind": "need", "fields": {"severity": NaN}}]', "n'est pas un nombre"),
    ],
)
def test_bad_input_gets_one_sentence_and_changes_nothing(run: Runner, text: str, said: str) -> None:
    good = '{"kind": "need", "fields": {"title": "Bon"}}'
    listed = text if not text.startswith("[") else f"[{good}, {text[1:]}"
    assert said in run.refused("records", "put", "-", stdin=listed)
    assert run.json("records", "list", "need") == []


def test_delete_restore_and_history(run: Runner) -> None:
    put(run, {"kind": "need", "id": NEED_ID, "fields": {"title": "Un"}})
    put(run, {"kind": "need", "id": NEED_ID, "fields": {"title": "Deux"}})
    run.json("records", "delete", NEED_ID)
    shown = run.json("records", "show", NEED_ID, "--history")
    assert shown["deleted"] is True
    assert [sorted(entry["changes"]) for entry in shown["history"]] == [
        ["deleted"], ["title"], ["title"],
    ]  # fmt: skip
    first = shown["history"][-1]["change"]
    restored = run.json("records", "restore", NEED_ID, "--at", str(first))
    assert (restored["deleted"], restored["fields"]["title"]) == (False, "Un")
    assert "Aucun enregistrement" in run.refused("records", "delete", "rien")


def test_a_referred_organisation_cannot_be_deleted(run: Runner) -> None:
    vougeot = reference_id("organisation", "21716")
    put(run, {"kind": "need", "id": NEED_ID, "fields": {"organisation_ids": [vougeot]}})
    assert NEED_ID in run.refused("records", "delete", vougeot)


def test_wrong_usage_exits_with_2_in_french(run: Runner) -> None:
    for argv in (["records"], ["records", "list"], ["nothing"], ["search", "a", "b"]):
        outcome = run(*argv)
        assert (outcome.status, outcome.out) == (2, "")
        assert "voyez" in outcome.err
    assert "« --json » ne prend pas de valeur" in run("records", "list", "need", "--json=1").err


def test_help_has_a_space_before_its_colons(bare: Runner) -> None:
    for verb in ([], ["records", "list"]):
        shown = bare(*verb, "--help").out
        assert shown.startswith("usage : commissions")
        assert "\noptions communes :\n" in shown
        assert not [line for line in shown.splitlines() if line.endswith(":") and line[-2] != " "]


def test_the_search_is_narrowed_by_options(run: Runner) -> None:
    put(run, {"kind": "need", "id": NEED_ID, "fields": {"title": "Vougeot sans fibre"}})
    assert [one["id"] for one in run.json("search", "vougeot", "--kind", "need")] == [NEED_ID]
    assert run.json("search", "vougeot", "--kind", "need", "--until", "1999-12-31") == []
    assert run("search", "vougeot", "--from", "hier").status == 2
    assert run("search", "vougeot", "--kind", "idea").status == 2


def test_the_command_runs_as_a_process_with_the_variable(run: Runner) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "app", "search", "vougeot", "--json"],
        env=os.environ | {"COMMISSIONS_WORKSPACE": str(run.folder)},
        capture_output=True,
        check=True,
    )
    (hit,) = [one for one in json.loads(answer.stdout) if one["title"] == "Vougeot (21)"]
    assert set(hit) == {"kind", "id", "title", "snippet"}
    assert "[Vougeot]" in hit["snippet"]


def test_a_condition_without_its_value_is_a_wrong_usage(run: Runner) -> None:
    misused = run("records", "list", "need", "--where", "title")
    assert (misused.status, misused.out) == (2, "")
    assert "« --where » : « title »" in misused.err


@pytest.mark.parametrize("name", ["Auxois\x07", "A" * 100_001])
def test_new_with_a_name_that_is_refused_writes_nothing(bare: Runner, name: str) -> None:
    line = bare.refused("new", "--protect", "none", "--commission", name)
    assert "Commission, champ « name »" in line
    assert not bare.folder.exists()


def test_a_broken_reference_of_a_list_is_named_by_its_place(run: Runner) -> None:
    good = {"kind": "need", "fields": {"title": "Fibre"}}
    broken = {"kind": "need", "fields": {"speaker_person_id": NEED_ID}}
    line = run.refused("records", "put", "-", stdin=json.dumps([good, broken]))
    assert line.startswith("Enregistrement n° 2, besoin, champ « speaker_person_id »")
    alone = run.refused("records", "put", "-", stdin=json.dumps(broken))
    assert alone.startswith("Besoin, champ « speaker_person_id »")
    assert run.json("records", "list", "need") == []


def test_a_change_that_never_was_is_not_brought_back(run: Runner) -> None:
    (need,) = put(run, {"kind": "need", "fields": {"title": "Fibre"}})
    line = run.refused("records", "restore", str(need["id"]), "--at", "999")
    assert "999" in line
    assert "--history" in line


@pytest.mark.parametrize("when", ["jadis", "9" * 5000, "١"])
def test_a_time_that_is_none_brings_nothing_back(run: Runner, when: str) -> None:
    untouched = reference_id("organisation", "21716")
    line = run.refused("records", "restore", untouched, "--at", when)
    assert "ni un numéro de modification ni un instant" in line
    assert "--history" in line


def test_a_search_gives_all_that_it_finds(run: Runner) -> None:
    put(run, *({"kind": "need", "fields": {"title": f"Fibre {n}"}} for n in range(120)))
    assert len(run.json("search", "fibre", "--kind", "need")) == 120
