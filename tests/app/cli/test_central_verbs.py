"""`central`'s administration: accounts, commissions, grants, codes, copies."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any, get_args

import pytest

from app.central import accounts, database, devices, migration, schema
from app.central.problems import Refused
from app.cli.central import EVENTS
from app.clock import now
from app.domain.wording import short_day
from app.sync.protocol import EnrolmentRequest
from tests.app.cli.conftest import Runner

Verb = Callable[..., Any]
PERSON = ("--name", "Léa Martin", "--email", "lea@example.org")


@pytest.fixture
def data(tmp_path: Path) -> tuple[str, str]:
    return "--data", str(tmp_path / "central")


@pytest.fixture
def central(bare: Runner, data: tuple[str, str]) -> Verb:
    """Runs a verb of `central` on one folder; gives its JSON document."""
    return lambda *verb: bare.json("central", *verb, *data)


def test_accounts_are_added_granted_listed_and_revoked(
    central: Verb, bare: Runner, data: tuple[str, str]
) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    gip = central(
        "facilitator", "add", "--name", "Agent", "--email", "gip@example.org", "--role", "gip",
        "--create",
    )["id"]  # fmt: skip
    beaune = central("commission", "add", "--name", "Beaune", "--department", "21", "71")["id"]
    assert central("grant", "--facilitator", lea, "--commission", beaune) == {"id": beaune}
    central("facilitator", "revoke", gip)
    assert central("facilitator", "list") == [
        {
            "id": lea,
            "name": "Léa Martin",
            "email": "lea@example.org",
            "role": "facilitator",
            "create": False,
            "revoked": False,
            "devices": 0,
            "commission_ids": [beaune],
        },
        {
            "id": gip,
            "name": "Agent",
            "email": "gip@example.org",
            "role": "gip",
            "create": True,
            "revoked": True,
            "devices": 0,
            "commission_ids": [],
        },
    ]
    assert bare("central", "facilitator", "list", *data).out.splitlines() == [
        f"{lea}  Léa Martin <lea@example.org>, animateur, 0 ordinateur, « Beaune »",
        f"{gip}  Agent <gip@example.org>, GIP, révoqué",
    ]
    anne = central("facilitator", "add", "--name", "Anne", "--email", "a@example.org", "--create")
    (told,) = bare("central", "facilitator", "list", *data).out.splitlines()[2:]
    assert told.startswith(anne["id"])
    assert told.endswith(", 0 ordinateur, aucune commission, peut envoyer sa commission")


def test_a_device_is_listed_with_its_last_day_and_revoked_alone(
    central: Verb, bare: Runner, data: tuple[str, str]
) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    opened = database.open_database(database.in_folder(Path(data[1])))
    for name in ("portable", "fixe"):
        code = central("code", "--facilitator", lea)["code"]
        devices.enrol(opened, EnrolmentRequest(code=code, device_name=name), "127.0.0.1", now())
    listed = central("device", "list")
    lost = next(one for one in listed if one["name"] == "portable")
    assert {one["facilitator_id"] for one in listed} == {lea}
    assert lost.keys() == {
        "id", "name", "facilitator_id", "facilitator", "enrolled_at", "last_used_on", "revoked",
    }  # fmt: skip
    for _ in range(2):  # again, it stays so
        assert central("device", "revoke", lost["id"]) == {"id": lost["id"]}
    with opened.writing() as connection:
        connection.execute(schema.devices.update().values(last_used_on="2027-03-19"))
    opened.close()
    shown = bare("central", "device", "list", *data).out
    enrolled = short_day(now().date())
    assert f"portable, Léa Martin, rattaché le {enrolled}, révoqué\n" in shown
    assert f"fixe, Léa Martin, rattaché le {enrolled}, dernier usage le 19 mars 2027\n" in shown
    assert central("facilitator", "list")[0]["devices"] == 1
    events = [one["event"] for one in central("audit")]
    assert events.count("device-revoked") == 1


def test_commissions_are_listed_and_one_is_withdrawn(
    central: Verb, bare: Runner, data: tuple[str, str]
) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    made = {
        name: central("commission", "add", "--name", name, "--department", "21")["id"]
        for name in ("Semur", "Beaune")
    }
    assert central("commission", "list") == [
        {"id": made[name], "name": name, "departments": ["21"], "records": 1, "deleted": False}
        for name in ("Beaune", "Semur")
    ]
    assert "Beaune (21), 1 enregistrement\n" in bare("central", "commission", "list", *data).out
    both = ("--facilitator", lea, "--commission", made["Beaune"])
    central("grant", *both)
    assert central("grant", "--withdraw", *both) == {"id": made["Beaune"]}
    assert central("facilitator", "list")[0]["commission_ids"] == []
    assert "pas ouverte" in bare.refused("central", "grant", "--withdraw", *both, *data)
    assert "withdrawn" in [one["event"] for one in central("audit")]


def test_no_commission_is_said_to_be_closed_to_an_account_of_the_gip_to_which_all_are_open(
    central: Verb, bare: Runner, data: tuple[str, str]
) -> None:
    gip = central("facilitator", "add", *PERSON, "--role", "gip")["id"]
    made = central("commission", "add", "--name", "Semur", "--department", "21")["id"]
    both = ("--facilitator", gip, "--commission", made)
    central("grant", *both)
    assert "facilitator revoke" in bare.refused("central", "grant", "--withdraw", *both, *data)
    assert "withdrawn" not in [one["event"] for one in central("audit")]


def test_a_department_given_twice_is_kept_once_where_it_was_given_first(
    central: Verb,
) -> None:
    central("commission", "add", "--name", "Semur", "--department", "71", "21", "71")
    assert central("commission", "list")[0]["departments"] == ["71", "21"]


def test_a_commission_is_listed_whatever_a_newer_program_made_of_it(
    central: Verb, bare: Runner, data: tuple[str, str]
) -> None:
    central("commission", "add", "--name", "Semur", "--department", "21")
    opened = database.open_database(database.in_folder(Path(data[1])))
    with opened.writing() as connection:
        newer = {"fields": b'{"departments":"21"}', "schema": 99, "deleted": True}
        connection.execute(schema.records.update().values(newer))
    opened.close()
    (listed,) = central("commission", "list")
    assert (listed["name"], listed["departments"], listed["deleted"]) == ("", [], True)
    assert "supprimée" in bare("central", "commission", "list", *data).out


def test_a_name_that_a_laptop_gave_on_two_lines_is_listed_on_one(
    central: Verb, bare: Runner, data: tuple[str, str]
) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    space = central("commission", "add", "--name", "Nuits", "--department", "21")["id"]
    central("grant", "--facilitator", lea, "--commission", space)
    opened = database.open_database(database.in_folder(Path(data[1])))
    with opened.writing() as connection:
        connection.execute(schema.records.update().values(fields=b'{"name":"Pays\\nde Nuits"}'))
    opened.close()
    for listed in ("facilitator", "commission"):
        (line,) = bare("central", listed, "list", *data).out.splitlines()
        assert "Pays de Nuits" in line


@pytest.mark.parametrize(
    "password", ["SEC@RET", "SEC@RET/x", "SEC@RET?x", "SEC@RET:x", "S/C@R/x?RET"]
)
def test_no_part_of_a_password_is_shown(bare: Runner, password: str) -> None:
    url = f"postgresql://gip:{password}@127.0.0.1:1/base"
    refused = bare.refused("central", "facilitator", "list", "--database", url)
    assert "%40" in refused
    assert "RET" not in refused


def test_a_host_that_no_machine_can_have_is_said(bare: Runner) -> None:
    url = "postgresql://gip@base..example.org/central"
    assert "pas valable" in bare.refused("central", "facilitator", "list", "--database", url)


@pytest.mark.parametrize("mode", [None, 0o644, 0o000])
def test_a_file_of_passwords_that_would_be_passed_over_is_named(
    bare: Runner, tmp_path: Path, mode: int | None
) -> None:
    file = tmp_path / "pgpass"
    if mode is not None:
        file.write_text("*:*:*:*:secret")
        file.chmod(mode)
    url = f"postgresql://gip@127.0.0.1:1/base?passfile={file}"
    refused = bare.refused("central", "facilitator", "list", "--database", url)
    passed_over = mode != 0o000 or os.geteuid() != 0  # root reads what nobody may
    assert (f"« {file} » ne peut servir" in refused) is passed_over


@pytest.mark.parametrize("name", ["a?b", "a%41", "a@b@c", "é #"])
def test_a_central_is_in_the_folder_named_whatever_its_name(
    bare: Runner, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    bare("central", "facilitator", "add", *PERSON, "--data", str(folder))
    assert (folder / database.FILE).stat().st_size > 0
    assert list(tmp_path.iterdir()) == [folder]


def test_a_code_is_read_aloud_without_doubt(central: Verb) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    codes = {central("code", "--facilitator", lea)["code"] for _ in range(5)}
    assert len(codes) == 5
    for code in codes:
        assert re.fullmatch("[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){3}", code)


def test_a_code_given_to_the_wrong_hands_is_taken_back(
    central: Verb, bare: Runner, data: tuple[str, str]
) -> None:
    lea, max_ = (central("facilitator", "add", *PERSON)["id"] for _ in range(2))
    lost, kept = (central("code", "--facilitator", one)["code"] for one in (lea, max_))
    assert central("code", "--facilitator", lea, "--withdraw") == {"id": lea}
    opened = database.open_database(database.in_folder(Path(data[1])))
    for one in (lost, kept):
        request = EnrolmentRequest(code=one, device_name="portable")
        with pytest.raises(Refused) if one == lost else nullcontext():
            devices.enrol(opened, request, "127.0.0.1", now())
    opened.close()
    assert [one["devices"] for one in central("facilitator", "list")] == [0, 1]
    again = bare.refused("central", "code", "--facilitator", lea, "--withdraw", *data)
    assert "device revoke" in again
    assert [one["event"] for one in central("audit")].count("codes-voided") == 1


def test_each_renewed_key_is_another(central: Verb) -> None:
    central("facilitator", "add", *PERSON)
    first, second = central("renew-key")["key_id"], central("renew-key")["key_id"]
    assert first != second


def test_a_copy_comes_back_under_another_epoch(
    central: Verb, bare: Runner, tmp_path: Path, data: tuple[str, str]
) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    file = str(tmp_path / "copie")
    assert central("backup", "--out", file) == {"file": file}
    central("facilitator", "revoke", lea)
    first, second = central("restore", file), central("restore", file)
    assert first["epoch"] != second["epoch"]
    assert [one["event"] for one in central("audit")] == ["facilitator-added", "restored"]
    assert central("facilitator", "list")[0]["revoked"] is False
    assert "restauré" in bare("central", "restore", file, *data).out


def test_a_copy_is_verified_without_a_central(central: Verb, bare: Runner, tmp_path: Path) -> None:
    central("facilitator", "add", *PERSON)
    central("commission", "add", "--name", "Beaune", "--department", "21")
    file = tmp_path / "copie"
    central("backup", "--out", str(file))
    words = "elle tient 1 compte, 1 enregistrement et 0 fichier joint."
    assert words in bare("central", "verify", str(file)).out
    document = json.loads(bare("central", "verify", str(file), "--json").out)
    assert document["rows"].items() >= {"facilitators": 1, "records": 1, "audit": 2}.items()
    whole = file.read_bytes()
    for damaged in (whole[:-40], whole[:90] + b"?" + whole[91:], b""):
        file.write_bytes(damaged)
        assert "pas une sauvegarde entière" in bare.refused("central", "verify", str(file))


def test_a_copy_of_an_older_program_leaves_it_the_way_back(
    central: Verb, bare: Runner, tmp_path: Path, data: tuple[str, str]
) -> None:
    def known() -> str | None:
        with closing(database.open_database(url)) as opened, opened.reading() as connection:
            return migration.version(connection)

    url = database.in_folder(Path(data[1]))
    with closing(database.open_database(url)) as opened, opened.writing() as connection:
        migration.upgrade(connection, "0001")
    central("backup", "--out", str(tmp_path / "copie"))
    assert bare.json("central", "verify", str(tmp_path / "copie"))["schema"] == known() == "0001"
    assert central("facilitator", "list") == []
    assert known() == migration.HEAD


def test_no_copy_is_made_of_a_newer_program_s_central(
    bare: Runner, central: Verb, tmp_path: Path, data: tuple[str, str]
) -> None:
    """It would leave out, without a word, what this program knows nothing of."""
    central("facilitator", "add", *PERSON)
    url = database.in_folder(Path(data[1]))
    with closing(database.open_database(url)) as opened, opened.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    out = tmp_path / "copie"
    assert "plus récente" in bare.refused("central", "backup", "--out", str(out), *data)
    assert not out.exists()


def test_a_copy_never_takes_the_place_of_the_central(
    bare: Runner, central: Verb, data: tuple[str, str]
) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    for name in (database.FILE, f"{database.FILE}-wal"):
        out = str(Path(data[1]) / name)
        assert "d'un central" in bare.refused("central", "backup", "--out", out, *data)
    assert [one["id"] for one in central("facilitator", "list")] == [lea]


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (("grant", "--facilitator", "x", "--commission", "y"), "Aucun animateur"),
        (("code", "--facilitator", "x"), "Aucun animateur"),
        (("facilitator", "revoke", "x"), "Aucun animateur"),
        (("device", "revoke", "x"), "Aucun ordinateur"),
        (("restore", "absent"), "ne peut être lu"),
        (("commission", "add", "--name", "Nord", "--department", "99"), "pas un département"),
        (("commission", "add", "--name", "a\tb\x07", "--department", "21"), "U+0007"),
        (("commission", "add", "--name", "Pays de\nNuits", "--department", "21"), "sur une ligne"),
        (("facilitator", "add", "--name", "Léa\tM.", "--email", "l@example.org"), "sur une ligne"),
        (("commission", "add", "--name", " ", "--department", "21"), "sans nom"),
        (("facilitator", "add", "--name", "", "--email", "lea@example.org"), "sans nom"),
        (("facilitator", "add", "--name", "L\x07a", "--email", "lea@example.org"), "U+0007"),
        (("facilitator", "add", "--name", "Léa", "--email", "lea"), "nom@gip.fr"),
    ],
)
def test_what_cannot_be_done_is_said(
    bare: Runner, central: Verb, data: tuple[str, str], verb: tuple[str, ...], words: str
) -> None:
    central("facilitator", "add", *PERSON)
    assert words in bare.refused("central", *verb, *data)


@pytest.mark.parametrize(
    "verb",
    [
        ("facilitator", "list"),
        ("facilitator", "revoke", "x"),
        ("device", "list"),
        ("device", "revoke", "x"),
        ("commission", "list"),
        ("grant", "--facilitator", "x", "--commission", "y"),
        ("code", "--facilitator", "x"),
        ("renew-key",),
        ("audit",),
        ("backup", "--out", "copie"),
    ],
)
def test_a_verb_for_a_central_makes_none(
    bare: Runner, data: tuple[str, str], verb: tuple[str, ...]
) -> None:
    assert "ne contient pas de central" in bare.refused("central", *verb, *data)
    assert not Path(data[1]).exists()


def test_a_file_that_is_no_copy_begins_no_central(
    bare: Runner, data: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "copie"
    file.write_bytes(b"autre chose")
    assert "sauvegarde entière" in bare.refused("central", "restore", str(file), *data)
    assert not Path(data[1]).exists()


def test_what_the_database_refuses_is_said(
    bare: Runner, central: Verb, data: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    central("facilitator", "add", *PERSON)
    monkeypatch.setattr(database, "_WAIT", 0)
    verb = ("central", "facilitator", "add", *PERSON, *data)
    held = database.open_database(database.in_folder(Path(data[1])))
    with held.writing():  # as another process may
        assert "rien d'autre ne l'occupe" in bare.refused(*verb)
    held.close()
    (Path(data[1]) / database.FILE).write_bytes(b"autre chose" * 1000)
    assert "pas abîmée" in bare.refused(*verb)


def test_a_commission_is_granted_only_where_it_is(
    bare: Runner, central: Verb, data: tuple[str, str]
) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    sentence = bare.refused("central", "grant", "--facilitator", lea, "--commission", "y", *data)
    assert "commission list" in sentence


@pytest.mark.parametrize(
    "verb",
    [
        ("facilitator", "list"),
        ("facilitator", "list", "--data", "a", "--database", "b"),
        ("serve", "--data", "a"),
        ("serve", "--data", "a", "--cert", "c", "--key", "k", "--port", "65536"),
        ("serve", "--data", "a", "--cert", "c", "--key", "k", "--port", "-1"),
        ("serve", "--data", "a", "--cert", "c", "--key", "k", "--host", ""),
        ("facilitator", "add", "--data", "a", *PERSON, "--role", "maire"),
        ("commission", "add", "--data", "a", "--name", "Beaune"),
        ("audit", "--data", "a", "--since", "hier"),
        ("facilitator", "add", "--data", "", *PERSON),
        ("facilitator", "list", "--database", ""),
    ],
)
def test_a_wrong_use_exits_with_2(bare: Runner, verb: tuple[str, ...]) -> None:
    assert bare("central", *verb).status == 2


def test_for_people_the_words_are_plain(bare: Runner, central: Verb, data: tuple[str, str]) -> None:
    lea = central("facilitator", "add", *PERSON)["id"]
    shown = bare("central", "facilitator", "list", *data)
    assert shown.out == (
        f"{lea}  Léa Martin <lea@example.org>, animateur, 0 ordinateur, aucune commission\n"
    )
    central("facilitator", "add", "--name", "Agent", "--email", "gip@example.org", "--role", "gip")
    listed = bare("central", "facilitator", "list", *data).out
    assert "GIP, 0 ordinateur, toutes les commissions\n" in listed
    revoked = bare("central", "facilitator", "revoke", lea, *data)
    assert revoked.out == "L'accès est révoqué dès le prochain appel.\n"
    assert "révoqué" in bare("central", "facilitator", "list", *data).out


def test_the_trail_of_access_is_shown(central: Verb, bare: Runner, data: tuple[str, str]) -> None:
    central("facilitator", "add", *PERSON)
    assert "  compte ouvert  Léa Martin, -\n" in bare("central", "audit", *data).out
    (told,) = central("audit")
    assert (told["event"], told["facilitator"], told["changes"]) == (
        "facilitator-added", "Léa Martin", 0,
    )  # fmt: skip
    assert central("audit", "--since", "2999-01-01") == []


def test_every_event_of_the_trail_has_its_words() -> None:
    assert EVENTS.keys() == set(get_args(accounts.Event))
