"""`enrol`, `sync` and `conflicts` from the command line, against a real central."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_services
from app.central import accounts
from tests.app.cli.conftest import Runner
from tests.central_server import Central, central
from tests.keyrings import no_keyring

__all__ = ["central"]

PASSPHRASE = "une phrase de passe assez longue"
Make = Callable[[str], Runner]


class WithPassphrase(Runner):
    """Verbs on a workspace that keeps its token inside."""

    def __call__(self, *argv: str, stdin: str = "") -> Any:
        file = self.folder.with_suffix(".phrase")
        return super().__call__(*argv, "--passphrase-file", str(file), stdin=stdin)

    def put(self, kind: str, record_id: str | None = None, **fields: Any) -> str:
        record = {"kind": kind, "fields": fields} | ({"id": record_id} if record_id else {})
        (written,) = self.json("records", "put", "-", stdin=json.dumps(record))
        return str(written["id"])

    def field(self, record_id: str, name: str) -> Any:
        return self.json("records", "show", record_id)["fields"][name]


@pytest.fixture(autouse=True)
def without_keyring() -> Iterator[None]:
    with no_keyring():
        yield


@pytest.fixture
def laptop(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], WithPassphrase]:
    def make(name: str) -> WithPassphrase:
        run = WithPassphrase(tmp_path / name, capfdbinary, monkeypatch)
        run.folder.with_suffix(".phrase").write_text(PASSPHRASE)
        recovery = str(tmp_path / f"{name}.secours")
        run.json("new", "--protect", "passphrase", "--recovery-file", recovery)
        return run

    return make


def enrol(run: Runner, central: Central, facilitator: str, *options: str) -> Any:
    code = central.code(facilitator)
    return run.json("enrol", central.url, "--code", code, "--ca", str(central.authority), *options)


def test_two_workspaces_meet_over_a_central(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    commission = central.commission()
    facilitator = central.facilitator(commission)
    anne, benoit = laptop("anne"), laptop("benoit")
    for one in (anne, benoit):
        enrolled = enrol(one, central, facilitator)
        assert enrolled["commission_ids"] == [commission]
        assert enrolled["facilitator"]["name"] == "Léa Martin"
        one.json("sync")
    need = anne.put("need", title="Fibre", words="On n'a rien.")
    assert [line["id"] for line in anne.json("sync", "--preview")["sent"]] == [need]
    report = anne.json("sync")
    assert set(report) == {"sent", "received", "merged", "conflicts", "refused"}
    assert report["sent"] == [
        {"kind": "need", "id": need, "sentence": "Envoyé : besoin « Fibre »."}
    ]
    assert anne("sync").out == "0 envoyé, 0 reçu, 0 réuni, 0 conflit, 0 refusé.\n"
    assert [line["id"] for line in benoit.json("sync")["received"]] == [need]
    anne.put("need", need, title="La fibre", severity=3)
    benoit.put("need", need, title="Le réseau")
    anne.json("sync")
    outcome = benoit("sync", "--json")
    assert outcome.status == 3
    (line,) = outcome.document["conflicts"]
    (conflict,) = benoit.json("conflicts")
    assert (conflict["id"], conflict["kind"]) == (line["id"], "conflict")
    assert conflict["fields"]["mine"]["value"] == "Le réseau"
    assert benoit("conflicts", "resolve", line["id"], "--keep", "both").status == 1
    done = benoit.json("conflicts", "resolve", line["id"], "--keep", "mine")
    assert done["fields"]["status"] == "resolved"
    assert benoit.json("conflicts") == []
    benoit.json("sync")
    anne.json("sync")
    assert (anne.field(need, "title"), anne.field(need, "severity")) == ("Le réseau", 3)


def test_a_commission_that_no_central_knows_is_said_to_stay_here(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    anne = laptop("anne")
    enrol(anne, central, central.facilitator(central.commission("Beaune"), create=True))
    anne.json("sync")
    assert anne("sync").err == ""
    anne.put("commission", name="Auxois")
    for options in ((), ("--preview",)):
        assert anne("sync", *options).err.splitlines() == [
            "La commission « Auxois » n'est pas au central, rien n'en part : « commissions enrol"
            f" {central.url} --upload » l'y envoie si votre compte en a le droit."
        ]
    anne.json("enrol", central.url, "--upload")
    assert anne("sync").err == ""


def test_a_preview_says_what_waits_in_a_commission_that_is_closed_to_the_account(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    anne, commission = laptop("anne"), central.commission("Beaune")
    facilitator = central.facilitator(commission)
    enrol(anne, central, facilitator)
    anne.json("sync")
    with central.database.writing() as connection:
        accounts.withdraw(connection, central.clock(), facilitator, commission)
    anne.put("need", title="Fibre")
    assert anne("sync").status == 3
    told = anne("sync", "--preview")
    assert (told.out, told.err.splitlines()) == (
        "0 à envoyer, 0 reçu, 0 réuni, 0 conflit, 0 refusé.\n",
        [
            "La commission « Beaune » ne vous est plus ouverte au central : 1 modification y"
            " attend, rien n'en part. Voyez avec le GIP."
        ],
    )


def test_the_files_that_went_and_came_are_counted(
    central: Central, laptop: Callable[[str], WithPassphrase], tmp_path: Path
) -> None:
    facilitator = central.facilitator(central.commission())
    anne, benoit = laptop("anne"), laptop("benoit")
    for one in (anne, benoit):
        enrol(one, central, facilitator)
    need = anne.put("need", title="Fibre")
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-")
    services = open_services(anne.folder, PASSPHRASE)
    services.attachments.add(need, [tmp_path / "plan.pdf"])
    services.close()
    assert "1 fichier envoyé." in anne("sync").out.splitlines()
    assert "1 fichier reçu." in benoit("sync").out.splitlines()


def test_a_sync_ends_what_an_erasure_left_until_the_central_was_told(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    anne = laptop("anne")
    enrol(anne, central, central.facilitator(central.commission()))
    person = anne.put("person", last_name="Zébulonnet")
    anne.json("sync")
    services = open_services(anne.folder, PASSPHRASE)
    services.erasures.erase(person)
    with services.workspace.reading() as unit:
        assert unit.setting("erasures_untold") == [person]
    services.close()
    anne.json("sync")
    services = open_services(anne.folder, PASSPHRASE)
    with services.workspace.reading() as unit:
        assert unit.setting("erasures_untold") == []
    services.close()


def test_the_doctor_calls_the_central_as_this_laptop(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    def found() -> tuple[int, dict[str, Any]]:
        told = anne("doctor", "--json")
        (one,) = [one for one in told.document["findings"] if one["check"] == "central"]
        return told.status, one

    anne, facilitator = laptop("anne"), central.facilitator(central.commission())
    status, told = found()
    assert (status, told["ok"]) == (0, True)
    assert "n'est rattaché à aucun central" in told["sentence"]
    enrol(anne, central, facilitator)
    status, told = found()
    assert (status, told["ok"]) == (0, True)
    assert f"Le central « {central.url} » répond" in told["sentence"]
    with central.database.writing() as connection:
        accounts.revoke_facilitator(connection, central.clock(), facilitator)
    status, told = found()
    assert (status, told["ok"]) == (3, False)
    assert "code" in told["sentence"]


def test_deletions_to_confirm_exit_with_3(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    facilitator = central.facilitator(central.commission())
    anne, benoit = laptop("anne"), laptop("benoit")
    for one in (anne, benoit):
        enrol(one, central, facilitator)
        one.json("sync")
    needs = [anne.put("need", title=f"Besoin {n}") for n in range(6)]
    anne.json("sync")
    benoit.json("sync")
    for need in needs:
        anne("records", "delete", need)
    anne.json("sync")
    outcome = benoit("sync", "--json")
    assert outcome.status == 3
    assert "--accept-deletions" in outcome.err
    assert len(benoit.json("records", "list", "need")) == 6
    benoit.json("sync", "--accept-deletions")
    assert benoit.json("records", "list", "need") == []


def test_several_grants_are_listed_and_one_is_adopted_after(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    first, second = central.commission("Beaune"), central.commission("Auxois")
    code = central.code(central.facilitator(first, second))
    anne = laptop("anne")
    options = ("enrol", central.url, "--code", code, "--ca", str(central.authority))
    sentence = anne.refused(*options)
    assert first in sentence
    assert second in sentence
    assert anne.json(*options, "--adopt", second)["commission_ids"] == [second]


def test_the_code_is_read_from_the_standard_input(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    code = central.code(central.facilitator(central.commission()))
    anne = laptop("anne")
    outcome = anne("enrol", central.url, "--ca", str(central.authority), stdin=f"{code}\n")
    assert outcome.status == 0, outcome.err


def test_a_protection_that_leaves_the_token_no_place_says_so_at_once(
    central: Central, laptop: Callable[[str], WithPassphrase]
) -> None:
    anne = laptop("anne")
    enrol(anne, central, central.facilitator(central.commission()))
    assert "le rattachement au central n'est plus gardé" in anne("protect", "none").err
    assert "demandez un code au GIP" in anne.refused("sync")
    assert laptop("benoit")("protect", "none").err == ""  # it had none


def test_without_a_place_for_the_token_the_command_says_so(central: Central, run: Runner) -> None:
    code = central.code(central.facilitator(central.commission()))
    outcome = run("enrol", central.url, "--code", code, "--ca", str(central.authority))
    assert outcome.status == 0
    assert "ne vaut que pour cette commande" in outcome.err
    assert "code" in run.refused("sync")


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://127.0.0.1:1", "https://"), ("n'importe quoi", "central"),
     ("https://127.0.0.1:9", "ne peut être joint")],
)  # fmt: skip
def test_an_address_that_is_no_central_is_one_sentence(run: Runner, url: str, words: str) -> None:
    assert words in run.refused("enrol", url, "--code", "ABCD")
    assert "rattaché à aucun central" in run.refused("sync")


def test_a_wrong_code_is_one_sentence(central: Central, run: Runner) -> None:
    options = ("--code", "FAUX", "--ca", str(central.authority))
    assert "code" in run.refused("enrol", central.url, *options)


def test_an_unknown_authority_is_one_sentence(central: Central, run: Runner) -> None:
    assert "autorité" in run.refused("enrol", central.url, "--code", "ABCD")
    assert "ne peut être lu" in run.refused(
        "enrol", central.url, "--code", "ABCD", "--ca", "/nulle/part"
    )
