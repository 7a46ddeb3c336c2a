"""Tying a workspace to a central, and the commission it then holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
import trustme
from sqlalchemy import delete

from app.bootstrap import Services
from app.central import accounts, backup, signing
from app.central.schema import grants, signing_keys
from app.domain.refusals import Refusal
from app.errors import SeveralCommissions, StorageError, SyncError, UserError
from app.services import workspaces
from app.services.backups import Opening
from app.storage import files, keyrings, protection
from app.storage.workspace import open_workspace
from app.sync import link as ties
from app.sync.credentials import Credentials
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Meddler, cut_after, cut_before, cut_within
from tests.app.sync.test_foreign_answers import changing
from tests.central_server import Central, start_central
from tests.keyrings import Silent, no_keyring, other_keyring

Make = Callable[..., Laptop]
PHRASE = "une phrase de passe assez longue"


def test_a_code_given_is_used_though_the_token_is_good(central: Central, laptop: Make) -> None:
    anne, commission = laptop("anne"), central.commission()
    lea = central.code(central.facilitator(commission))
    anne.services.sync.enrol(anne.url, lea, anne.authority)
    with pytest.raises(SyncError, match="pas valable"):
        anne.services.sync.enrol(anne.url, "AAAA-BBBB-CCCC-DDDD")
    anne.sync()
    paul = central.code(central.facilitator(commission, name="Paul Durand", create=True))
    local = anne.services.records.create("commission", {"name": "Essai"}, None).id
    done = anne.services.sync.enrol(anne.url, paul, upload=True)
    assert (done.facilitator.name, local in done.commission_ids) == ("Paul Durand", True)
    again = anne.services.sync.enrol(
        anne.url, f" {paul.lower()}".replace("-", " "), adopt=commission
    )
    assert again.facilitator.name == anne.services.sync.status().facilitator == "Paul Durand"
    anne.sync()


def test_a_single_commission_is_adopted_and_known_by_its_name(
    central: Central, laptop: Make
) -> None:
    commission = central.commission("Commission de Beaune")
    anne = laptop("anne")
    anne.enrol(central.facilitator(commission))
    status = anne.services.sync.status()
    assert (status.commission_ids, status.facilitator) == ((commission,), "Léa Martin")
    assert anne.get(commission)["name"] == "Commission de Beaune"
    need = anne.put("need", title="Fibre")
    anne.sync()
    assert anne.stored(need).envelope.commission_id == commission
    assert anne.get(commission)["departments"] == ["21"]


def test_an_account_of_the_gip_is_told_where_what_it_writes_goes(
    central: Central, laptop: Make
) -> None:
    commission = central.commission("Commission de Beaune")
    gip, anne = laptop("gip"), laptop("anne")
    code = central.code(central.facilitator(role="gip"))
    (note,) = gip.services.sync.enrol(gip.url, code, gip.authority).notes
    assert "« Commission de Beaune », sauf les notes" in note
    note_id = gip.put("watch_note", title="Facture électronique")
    assert gip.services.records.envelope(note_id).commission_id == commission
    code = central.code(central.facilitator(commission))
    assert anne.services.sync.enrol(anne.url, code, anne.authority).notes == []


def test_the_adopted_commission_replaces_one_that_nobody_touched(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    local = anne.services.records.create("commission", {"name": "Essai"}, None).id
    adopted = central.commission()
    anne.enrol(central.facilitator(adopted))
    assert [one.id for one in anne.services.records.list("commission")] == [adopted]
    anne.sync()
    assert local not in anne.state()


def test_a_commission_with_work_in_it_stays_beside_the_adopted_one(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    local = anne.services.records.create("commission", {"name": "Essai"}, None).id
    need = anne.put("need", title="Fibre")
    adopted = central.commission()
    anne.enrol(central.facilitator(adopted))
    report = anne.sync()
    assert {one.id for one in anne.services.records.list("commission")} == {local, adopted}
    assert report.sent == []
    assert anne.stored(need).edits == 1


def test_a_commission_renamed_here_stays_beside_the_adopted_one(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    local = anne.services.records.create("commission", {"name": "Essai"}, None).id
    anne.put("commission", local, name="Commission de Beaune")
    anne.enrol(central.facilitator(central.commission("Dijon")))
    assert anne.get(local)["name"] == "Commission de Beaune"


def test_commissions_adopted_one_after_the_other_are_there_before_any_sync(
    central: Central, laptop: Make
) -> None:
    anne, spaces = laptop("anne"), {central.commission(name) for name in ("Beaune", "Dijon")}
    account = central.facilitator(*spaces)
    for space in spaces:
        anne.enrol(account, adopt=space)
    assert {one.id for one in anne.services.records.envelopes("commission")} == spaces


def test_several_commissions_are_listed_and_one_is_adopted_without_another_code(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    first, second = central.commission("Beaune"), central.commission("Auxois")
    with pytest.raises(UserError) as caught:
        anne.enrol(central.facilitator(first, second))
    assert f"{first} (Beaune)" in caught.value.sentence
    assert f"{second} (Auxois)" in caught.value.sentence
    done = anne.services.sync.enrol(anne.url, adopt=second)
    assert list(done.commission_ids) == [second]
    done = anne.services.sync.enrol(anne.url)
    assert list(done.commission_ids) == [second, first]
    anne.sync()
    assert anne.get(first)["name"] == "Beaune"


def test_one_sync_brings_a_commission_adopted_while_a_batch_waits(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    beaune, dijon = (central.commission(name) for name in ("Beaune", "Dijon"))
    facilitator = central.facilitator(beaune)
    anne, benoit = laptop("anne", meddler), laptop("benoit")
    benoit.enrol(central.facilitator(dijon))
    there = benoit.put("need", title="Là-bas")
    benoit.sync()
    anne.enrol(facilitator)
    anne.sync()
    anne.put("need", title="Fibre")
    meddler.next(*[cut_before] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    with central.database.writing() as connection:
        accounts.grant(connection, central.clock(), facilitator, dijon)
    anne.services.sync.enrol(anne.url, adopt=dijon)
    assert there in {line.id for line in anne.sync().received}
    assert anne.get(there)["title"] == "Là-bas"


def test_a_commission_that_is_not_granted_cannot_be_adopted(central: Central, laptop: Make) -> None:
    anne = laptop("anne")
    mine, other = central.commission("Beaune"), central.commission("Auxois")
    with pytest.raises(UserError, match="ne vous est pas ouverte"):
        anne.enrol(central.facilitator(mine), adopt=other)


def test_the_local_commission_is_sent_with_the_right_to(central: Central, laptop: Make) -> None:
    anne, benoit = laptop("anne"), laptop("benoit")
    local = anne.services.records.create("commission", {"name": "Auxois"}, None).id
    need = anne.put("need", title="Fibre")
    anne.enrol(central.facilitator(create=True), upload=True)
    benoit.enrol(central.facilitator(local, name="Paul Durand"))
    assert need in {line.id for line in anne.sync().sent}
    benoit.sync()
    assert benoit.get(local)["name"] == "Auxois"
    assert benoit.get(need)["title"] == "Fibre"


def test_the_first_sync_goes_by_the_line_of_the_enrolment(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne = laptop("anne", meddler)
    anne.put("commission", name="Auxois")
    anne.enrol(central.facilitator(create=True), upload=True)
    anne.put("need", title="Fibre")
    anne.sync()
    assert meddler.connections == 1


def test_another_authority_given_without_a_code_is_the_one_from_then_on(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    anne.enrol(central.facilitator(central.commission()))
    renewed = trustme.CA().cert_pem.bytes().decode() + anne.authority
    anne.services.sync.enrol(anne.url, ca=renewed)
    anne.services.sync.enrol(anne.url)
    with anne.services.workspace.reading() as unit:
        link = ties.load(unit)
    assert link is not None
    assert link.ca == renewed


def test_a_commission_counts_as_sent_by_no_receipt_but_a_signed_one(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne = laptop("anne", meddler)
    local = anne.services.records.create("commission", {"name": "Auxois"}, None).id
    meddler.next(changing(lambda answer: answer["receipt"].update(signature="AAAA")))
    with pytest.raises(SyncError, match="notre serveur"):
        anne.enrol(central.facilitator(create=True), upload=True)
    assert anne.stored(local).envelope.revision == 0
    anne.services.sync.enrol(anne.url, upload=True)
    anne.sync()
    assert anne.stored(local).envelope.revision == 1


def test_sending_a_commission_takes_the_right_to(central: Central, laptop: Make) -> None:
    anne = laptop("anne")
    anne.services.records.create("commission", {"name": "Auxois"}, None)
    with pytest.raises(UserError, match="pas le droit"):
        anne.enrol(central.facilitator(), upload=True)


def test_there_must_be_a_commission_to_send(central: Central, laptop: Make) -> None:
    with pytest.raises(UserError, match="aucune commission"):
        laptop("anne").enrol(central.facilitator(create=True), upload=True)


def test_a_wrong_code_changes_nothing(central: Central, laptop: Make) -> None:
    anne = laptop("anne")
    central.facilitator(central.commission())
    with pytest.raises(SyncError, match="code"):
        anne.services.sync.enrol(anne.url, "FAUX-FAUX", anne.authority)
    assert anne.services.sync.status().url == ""


def test_an_address_with_a_path_too_many_is_to_be_looked_at(central: Central, laptop: Make) -> None:
    anne = laptop("anne")
    code = central.code(central.facilitator(central.commission()))
    with pytest.raises(SyncError, match="Rien à cette adresse : vérifiez"):
        anne.services.sync.enrol(f"{anne.url}/foo", code, anne.authority)


def test_a_code_serves_once(central: Central, laptop: Make) -> None:
    facilitator = central.facilitator(central.commission())
    code = central.code(facilitator)
    anne, benoit = laptop("anne"), laptop("benoit")
    anne.services.sync.enrol(anne.url, code, anne.authority)
    with pytest.raises(SyncError, match="code"):
        benoit.services.sync.enrol(benoit.url, code, benoit.authority)


def test_a_code_is_never_sent_again_after_a_lost_reply(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne = laptop("anne", meddler)
    facilitator = central.facilitator(central.commission())
    for broken in (cut_after, cut_within):
        meddler.next(broken, only="/v1/enrolments")
        with pytest.raises(SyncError, match="s'il n'est plus valable, il a servi") as caught:
            anne.enrol(facilitator)
        assert caught.value.kind == "offline"
    assert len(meddler.calls("/v1/enrolments")) == 2
    anne.enrol(facilitator)
    anne.sync()


def test_without_a_code_the_user_is_told(central: Central, laptop: Make) -> None:
    anne = laptop("anne")
    with pytest.raises(UserError, match="code"):
        anne.services.sync.enrol(anne.url, None, anne.authority)


def test_no_code_is_asked_for_while_the_central_cannot_be_reached(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne = laptop("anne", meddler)
    anne.enrol(central.facilitator(central.commission()))
    meddler.next(*[cut_before] * 3, only="/v1/devices/self")
    with pytest.raises(SyncError):
        anne.services.sync.enrol(anne.url)


def test_a_central_whose_key_none_before_endorses_is_tied_to_by_a_new_code(
    central: Central, laptop: Make
) -> None:
    anne, account = laptop("anne"), central.facilitator(central.commission())
    anne.enrol(account)
    with central.database.writing() as connection:
        connection.execute(delete(signing_keys))
        signing.make_key(connection, central.clock())
    with pytest.raises(UserError, match="Il faut un code"):
        anne.services.sync.enrol(anne.url)
    anne.enrol(account)
    need = anne.put("need", title="Fibre")
    assert [line.id for line in anne.sync().sent] == [need]


def test_a_workspace_has_one_central(
    central: Central, meddler: Meddler, laptop: Make, tmp_path: Path
) -> None:
    anne = laptop("anne")
    anne.enrol(central.facilitator(central.commission()))
    with start_central(tmp_path / "other") as other:
        meddler.turn_to(other)
        code = other.code(other.facilitator(other.commission()))
        with pytest.raises(UserError, match="déjà rattaché"):
            anne.services.sync.enrol(meddler.url, code, meddler.authority)
        meddler.turn_to(central)
    assert [heard.path for heard in meddler.heard] == ["/v1/capabilities"]
    anne.sync()


def test_a_central_that_changes_address_is_known_by_its_key_and_asks_for_a_code(
    central: Central, meddler: Meddler, laptop: Make, tmp_path: Path
) -> None:
    anne, copy = laptop("anne"), tmp_path / "copie"
    facilitator = central.facilitator(central.commission())
    anne.enrol(facilitator)
    known = anne.put("need", title="Site")
    anne.sync()
    backup.save(central.database, copy, central.clock())
    with start_central(tmp_path / "other") as other:
        backup.restore(other.database, copy)
        with other.database.writing() as connection:
            signing.make_key(connection, other.clock())
        meddler.turn_to(other)
        with pytest.raises(UserError, match="Il faut un code"):
            anne.services.sync.enrol(meddler.url, ca=meddler.authority)
        assert meddler.heard == []
        with pytest.raises(SyncError, match="autorité"):
            anne.services.sync.enrol(meddler.url, other.code(facilitator))
        waiting = anne.put("need", title="Fibre")
        anne.services.sync.enrol(meddler.url, other.code(facilitator), meddler.authority)
        assert anne.services.sync.status().url == meddler.url
        assert [line.id for line in anne.sync().sent] == [waiting]
        assert anne.stored(known).envelope.revision == 1
        meddler.close()


def test_without_a_central_there_is_nothing_to_sync(laptop: Make) -> None:
    with pytest.raises(UserError, match="rattaché à aucun central"):
        laptop("anne").sync()


def test_a_signed_out_laptop_comes_back_with_a_new_code_and_its_work(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    facilitator = central.facilitator(central.commission())
    anne.enrol(facilitator)
    need = anne.put("need", title="Fibre")
    anne.services.sync.sign_out()
    assert not anne.services.sync.status().signed_in
    with pytest.raises(SyncError) as caught:
        anne.sync()
    assert caught.value.kind == "sign_in"
    anne.enrol(facilitator)
    assert [line.id for line in anne.sync().sent] == [need]


def test_a_commission_that_is_closed_to_the_account_is_let_go_of_with_what_waited_for_it(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne = laptop("anne", meddler)
    commission = central.commission()
    facilitator = central.facilitator(commission)
    anne.enrol(facilitator)
    anne.sync()
    need = anne.put("need", title="Fibre")
    meddler.next(cut_after, cut_after, cut_after)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    with central.database.writing() as connection:
        connection.execute(grants.delete())
    (note,) = anne.sync().notes
    assert "ne vous est plus ouverte" in note
    assert anne.services.sync.status().commission_ids == ()
    assert anne.get(need)["title"] == "Fibre"
    assert anne.sync().notes == [note]  # as long as something waits
    with central.database.writing() as connection:
        accounts.grant(connection, central.clock(), facilitator, commission)
    anne.services.sync.enrol(anne.url)
    assert anne.sync().conflicts == []
    assert anne.services.sync.status().pending == 0


def test_a_commission_opened_again_is_taken_back_by_the_next_sync_with_what_waited(
    central: Central, laptop: Make
) -> None:
    anne, benoit = laptop("anne"), laptop("benoit")
    commission = central.commission("Commission de Beaune")
    facilitator = central.facilitator(commission)
    for one in (anne, benoit):
        one.enrol(facilitator if one is anne else central.facilitator(commission))
        one.sync()
    with central.database.writing() as connection:
        accounts.withdraw(connection, central.clock(), facilitator, commission)
    (note,) = anne.sync().notes
    assert note.startswith("La commission « Commission de Beaune » ne vous est plus ouverte")
    assert anne.sync().notes == []
    anne.services.records.delete(anne.put("need", title="Erreur"))
    assert anne.sync().notes == []
    assert anne.services.sync.status().closed == (("Commission de Beaune", 0),)
    need = anne.put("need", title="Fibre")
    assert anne.services.sync.status().closed == (("Commission de Beaune", 1),)
    report = anne.sync()
    assert (report.notes, report.sent, report.needs_user) == ([note], [], True)
    other = benoit.put("need", title="Site")
    benoit.sync()
    with central.database.writing() as connection:
        accounts.grant(connection, central.clock(), facilitator, commission)
    report = anne.sync()
    assert ([one.id for one in report.sent], [one.id for one in report.received]) == (
        [need], [other],
    )  # fmt: skip
    assert (report.notes, report.needs_user) == ([], False)
    assert anne.services.sync.status().closed == ()


def test_a_commission_opened_again_is_taken_back_though_nothing_waited_in_it(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne, benoit = laptop("anne", meddler), laptop("benoit")
    commission = central.commission("Commission de Beaune")
    facilitator = central.facilitator(commission)
    for one in (anne, benoit):
        one.enrol(facilitator if one is anne else central.facilitator(commission))
        one.sync()
    with central.database.writing() as connection:
        accounts.withdraw(connection, central.clock(), facilitator, commission)
    anne.sync()
    benoit.put("need", title="Site")
    benoit.sync()
    other = central.commission("Commission de Dijon")  # open, and never taken up here
    with central.database.writing() as connection:
        accounts.grant(connection, central.clock(), facilitator, other)
    before = len(meddler.heard)
    assert anne.sync().received == []
    assert len(meddler.heard) == before + 1
    with central.database.writing() as connection:
        accounts.grant(connection, central.clock(), facilitator, commission)
    assert [one.sentence for one in anne.sync().received] == ["Reçu : besoin « Site »."]
    status = anne.services.sync.status()
    assert (status.closed, status.commission_ids) == ((), (commission,))
    before = len(meddler.heard)
    anne.sync()
    assert len(meddler.heard) == before + 1


def test_an_account_of_the_gip_takes_back_what_was_closed_to_the_one_before(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    closed, other = central.commission("Beaune"), central.commission("Dijon")
    lea = central.facilitator(closed)
    anne.enrol(lea)
    anne.sync()
    need = anne.put("need", title="Fibre")
    with central.database.writing() as connection:
        accounts.withdraw(connection, central.clock(), lea, closed)
    assert len(anne.sync().notes) == 1
    anne.enrol(central.facilitator(name="GIP", role="gip"), adopt=other)
    assert anne.services.sync.status().commission_ids == (closed, other)
    report = anne.sync()
    assert ([line.id for line in report.sent], report.notes) == ([need], [])


def test_a_choice_stays_to_be_made_though_one_of_the_commissions_is_taken_back(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    closed, other = central.commission("Beaune"), central.commission("Dijon")
    anne.enrol(central.facilitator(closed))
    anne.enrol(central.facilitator())
    with pytest.raises(SeveralCommissions) as error:
        anne.enrol(central.facilitator(name="GIP", role="gip"))
    assert {space for space, _ in error.value.commissions} == {closed, other}
    assert anne.services.sync.status().commission_ids == (closed,)


@pytest.mark.parametrize("role", ["facilitator", "gip"])
def test_a_commission_from_an_archive_that_the_account_holds_is_sent_adopted_or_chosen(
    central: Central, laptop: Make, tmp_path: Path, role: Literal["facilitator", "gip"]
) -> None:
    anne, archive = laptop("anne"), tmp_path / "archive.json"
    account = central.facilitator(role=role, create=role != "gip")
    held = anne.put("commission", name="Beaune")
    anne.enrol(account, upload=True)
    anne.sync()
    anne.services.exports.archive(archive)
    uploads, adopts, chooses = (laptop(name) for name in ("benoit", "chloe", "denis"))
    untouched = adopts.put("commission", name="Ma commission")
    for one in (uploads, adopts, chooses):
        one.services.imports.archive(archive)
    uploads.enrol(account, upload=True)
    adopts.enrol(account)
    for one in (uploads, adopts):
        one.sync()
        assert one.services.sync.status().commission_ids == (held,)
    assert adopts.stored(untouched).envelope.deleted
    other = central.commission("Dijon")
    if role != "gip":
        with central.database.writing() as connection:
            accounts.grant(connection, central.clock(), account, other)
    with pytest.raises(SeveralCommissions):
        chooses.enrol(account)


def test_what_waits_is_counted_by_commission_and_for_the_region(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    beaune, dijon = central.commission("Beaune"), central.commission("Dijon")
    account = central.facilitator(beaune, dijon)
    for one in (beaune, dijon):
        anne.enrol(account, adopt=one)
    anne.sync()
    for title in ("Site", "Fibre"):
        anne.services.records.create("need", {"title": title}, dijon)
    assert anne.services.sync.status().waiting == (("Dijon", 2),)
    commune = anne.services.records.list("organisation", kind="commune")[0].id
    anne.put("organisation", commune, phone="03 80 00 00 00")
    status = anne.services.sync.status()
    assert (status.waiting, status.pending) == ((("Dijon", 2), ("", 1)), 3)
    anne.services.records.update(beaune, {"name": ""})
    assert anne.services.sync.status().waiting == (("Sans nom", 1), ("Dijon", 2), ("", 1))
    anne.services.records.update(beaune, {"name": "Dijon", "departments": ["58"]})
    status = anne.services.sync.status()
    assert status.waiting == (("Dijon (58)", 1), ("Dijon (21)", 2), ("", 1))
    assert status.commissions == ("Dijon (58)", "Dijon (21)")


def test_a_token_without_a_place_is_nowhere_on_the_disk(central: Central, laptop: Make) -> None:
    anne = laptop("anne")
    credentials = Credentials(anne.services.workspace)
    place = credentials.keep("un-jeton-de-256-bits")
    assert place in ("process", "keyring")
    files = [path.read_bytes() for path in anne.services.workspace.folder.iterdir()]
    assert not any(b"un-jeton-de-256-bits" in content for content in files)
    assert credentials.token() == "un-jeton-de-256-bits"
    credentials.forget()
    assert Credentials(anne.services.workspace).token() is None
    assert keyrings.read_secret(_entry(anne.services.workspace.folder)) is None


def _entry(folder: Path) -> str:
    """The name of a workspace's token in the keyring."""
    return f"{protection.read_header(folder).workspace}:central"


@pytest.fixture
def without_keyring() -> Iterator[None]:
    with no_keyring():
        yield


@pytest.mark.usefixtures("without_keyring")
def test_a_workspace_protected_by_a_passphrase_keeps_its_token_inside(laptop: Make) -> None:
    anne = laptop("anne")
    folder = anne.services.workspace.folder
    anne.services.workspace.close()
    workspaces.protect(folder, "passphrase", None, PHRASE)
    opened = open_workspace(folder, PHRASE)
    assert protection.read_header(folder).mode == "passphrase"
    assert Credentials(opened).keep("un-jeton-de-256-bits") == "workspace"
    assert Credentials(opened).token() == "un-jeton-de-256-bits"
    opened.close()
    files = [path.read_bytes() for path in folder.iterdir() if path.is_file()]
    assert not any(b"un-jeton-de-256-bits" in content for content in files)


def test_a_token_that_finds_a_keyring_leaves_none_inside_the_workspace(laptop: Make) -> None:
    anne = laptop("anne")
    folder = anne.services.workspace.folder
    anne.services.workspace.close()
    workspaces.protect(folder, "passphrase", None, PHRASE)
    opened = open_workspace(folder, PHRASE)
    with no_keyring():
        assert Credentials(opened).keep("premier-jeton") == "workspace"
    assert Credentials(opened).keep("second-jeton") == "keyring"
    with opened.reading() as unit:
        assert ties.kept(unit, "token") is None
    opened.close()


@pytest.fixture
def inside(laptop: Make) -> tuple[Path, str]:
    """A workspace whose passphrase alone keeps its token, and its recovery code."""
    anne = laptop("anne")
    folder = anne.services.workspace.folder
    anne.services.workspace.close()
    code = workspaces.protect(folder, "passphrase", None, PHRASE).code
    assert code is not None
    with no_keyring():
        opened = open_workspace(folder, PHRASE)
        assert Credentials(opened).keep("un-jeton-de-256-bits") == "workspace"
    opened.close()
    return folder, code


@pytest.mark.usefixtures("without_keyring")
def test_a_protection_that_could_not_be_left_keeps_the_token(inside: tuple[Path, str]) -> None:
    folder, _ = inside
    in_the_way = folder / "commissions.db.new"  # a full disk makes the rewriting fail too
    in_the_way.mkdir()
    with pytest.raises(StorageError):
        workspaces.protect(folder, "none", PHRASE, None)
    in_the_way.rmdir()
    assert _token(folder, PHRASE) == "un-jeton-de-256-bits"
    assert "un nouveau code au GIP" in workspaces.protect(folder, "none", PHRASE, None).warning
    assert _token(folder, None) is None
    assert b"un-jeton-de-256-bits" not in (folder / "commissions.db").read_bytes()


@pytest.mark.usefixtures("without_keyring")
def test_a_token_is_never_written_in_clear_even_for_a_moment(
    inside: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = inside

    def die(draft: Path) -> None:
        assert b"un-jeton-de-256-bits" not in draft.read_bytes()
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(files, "sync_file", die)
        with pytest.raises(KeyboardInterrupt):
            workspaces.protect(folder, "none", PHRASE, None)
    assert _token(folder, PHRASE) == "un-jeton-de-256-bits"


@pytest.mark.usefixtures("without_keyring")
def test_a_copy_that_comes_back_unprotected_says_that_its_token_is_gone(
    inside: tuple[Path, str], tmp_path: Path
) -> None:
    folder, code = inside
    copy = workspaces.save(folder, PHRASE, tmp_path / "copie.sauvegarde")
    done = workspaces.restore_by_code(tmp_path / "ailleurs", copy, code, "none")
    assert "un nouveau code au GIP" in done.warning
    assert _token(tmp_path / "ailleurs", None) is None


@pytest.mark.usefixtures("without_keyring")
def test_a_return_to_a_copy_left_unprotected_says_that_its_token_is_gone(
    inside: tuple[Path, str], services: Services
) -> None:
    folder, code = inside
    copy = workspaces.save(folder, PHRASE, None)
    (said,) = services.backups.restore(copy, Opening(code=code, mode="none")).notes
    assert "un nouveau code au GIP" in said


def _token(folder: Path, passphrase: str | None) -> str | None:
    opened = open_workspace(folder, passphrase)
    found = Credentials(opened).token()
    opened.close()
    return found


@pytest.mark.parametrize("then", ["keyring", "none"])
def test_a_token_moves_with_the_protection_and_is_forgotten_wherever_it_is(
    laptop: Make, then: str
) -> None:
    anne = laptop("anne")
    folder = anne.services.workspace.folder
    anne.services.workspace.close()
    workspaces.protect(folder, "passphrase", None, PHRASE)
    with no_keyring():
        opened = open_workspace(folder, PHRASE)
        Credentials(opened).keep("un-jeton-de-256-bits")
        Credentials(opened).forget()
        assert Credentials(opened).token() is None
        assert Credentials(opened).keep("un-autre-jeton") == "workspace"
        opened.close()
    workspaces.protect(folder, then, PHRASE, None)
    opened = open_workspace(folder)
    with opened.reading() as unit:
        assert ties.kept(unit, "token") is None
    assert Credentials(opened).token() == "un-autre-jeton"
    Credentials(opened).forget()
    assert keyrings.read_secret(_entry(folder)) is None
    opened.close()


@pytest.mark.usefixtures("without_keyring")
def test_a_token_never_stays_in_a_workspace_that_is_protected_no_longer(laptop: Make) -> None:
    anne = laptop("anne")
    folder = anne.services.workspace.folder
    anne.services.workspace.close()
    workspaces.protect(folder, "passphrase", None, PHRASE)
    opened = open_workspace(folder, PHRASE)
    Credentials(opened).keep("un-jeton-de-256-bits")
    opened.close()
    workspaces.protect(folder, "none", PHRASE, None)
    files = [path.read_bytes() for path in folder.iterdir() if path.is_file()]
    assert not any(b"un-jeton-de-256-bits" in content for content in files)
    opened = open_workspace(folder)
    assert Credentials(opened).token() is None
    opened.close()


def test_a_token_that_the_keyring_does_not_give_back_is_not_left_in_it(laptop: Make) -> None:
    anne = laptop("anne")
    folder = anne.services.workspace.folder
    anne.services.workspace.close()
    workspaces.protect(folder, "passphrase", None, PHRASE)
    silent = Silent()
    with other_keyring(silent):
        opened = open_workspace(folder, PHRASE)
        assert Credentials(opened).keep("un-jeton-de-256-bits") == "workspace"
        assert silent.held == {}
        opened.close()
        workspaces.protect(folder, "none", PHRASE, None)
        assert silent.held == {}
        opened = open_workspace(folder)
        assert Credentials(opened).token() is None
        assert Credentials(opened).keep("un-autre-jeton") == "process"
        assert silent.held == {}
        opened.close()


def test_a_new_account_lets_go_of_the_commissions_of_the_former(
    central: Central, laptop: Make
) -> None:
    anne = laptop("anne")
    former, later = central.commission("Dijon"), central.commission("Beaune")
    anne.enrol(central.facilitator(former))
    anne.sync()
    anne.enrol(central.facilitator(later, name="Paul"))
    assert anne.services.sync.status().commission_ids == (later,)
    commune = anne.services.records.list("organisation", kind="commune")[0].id
    anne.put("organisation", commune, phone="03 80 00 00 00")
    assert [line.id for line in anne.sync().sent] == [commune]
    assert anne.services.sync.status().pending == 0


def test_access_lost_while_a_batch_waits_stops_nothing_else(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne = laptop("anne", meddler)
    kept, lost = central.commission("Dijon"), central.commission("Beaune")
    account = central.facilitator(kept, lost)
    anne.enrol(account, adopt=kept)
    anne.enrol(account, adopt=lost)
    anne.sync()
    need = anne.services.records.create("need", {"title": "Fibre"}, kept).id
    meddler.next(cut_before, cut_before, cut_before, cut_before, cut_before)
    with pytest.raises(SyncError):
        anne.sync()
    with central.database.writing() as connection:
        connection.execute(grants.delete().where(grants.c.space == lost))
    meddler.next()
    assert [line.id for line in anne.sync().sent] == [need]


def test_what_waits_leaves_under_an_account_that_has_not_all_the_commissions_of_the_former(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne, spaces = laptop("anne", meddler), [central.commission(name) for name in ("Beaune", "Lux")]
    account = central.facilitator(*spaces)
    for space in spaces:
        anne.enrol(account, adopt=space)
    anne.sync()
    need = anne.services.records.create("need", {"title": "Fibre"}, spaces[0]).id
    meddler.next(*[cut_before] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    anne.enrol(central.facilitator(spaces[0], name="Paul Durand"))
    assert [line.id for line in anne.sync().sent] == [need]


def test_a_laptop_that_is_given_back_leaves_the_central(central: Central, laptop: Make) -> None:
    anne = laptop("anne")
    anne.enrol(central.facilitator(central.commission()))
    need, removal = anne.put("need", title="Fibre"), anne.services.removal
    assert (removal.stakes().unsent, removal.stakes().is_tied) == ("1 modification", True)
    with pytest.raises(Refusal, match="1 modification reste à envoyer : synchronisez d'abord"):
        removal.check(removal.stakes().name, unsent=False)
    assert [line.id for line in anne.sync().sent] == [need]
    assert removal.stakes().unsent == ""
    token = Credentials(anne.services.workspace).token()
    name = protection.read_header(folder := anne.services.workspace.folder).workspace
    told = removal.remove(removal.stakes().name, unsent=False)
    assert told == ["L'espace de travail est effacé de cet ordinateur."]
    assert not folder.exists()
    assert keyrings.read_secret(f"{name}:central") is None
    with central.client(token) as client:
        assert client.get("/v1/devices/self").status_code == 401


def test_a_laptop_that_is_given_back_without_a_network_says_what_to_ask_the_gip(
    central: Central, meddler: Meddler, laptop: Make
) -> None:
    anne = laptop("anne", meddler)
    anne.enrol(central.facilitator(central.commission()))
    anne.sync()
    name = protection.read_header(folder := anne.services.workspace.folder).workspace
    meddler.always = cut_before
    told = anne.services.removal.remove(anne.services.removal.stakes().name, unsent=False)
    assert "demandez au GIP de fermer l'accès de cet ordinateur" in told[1]
    assert not folder.exists()
    assert keyrings.read_secret(f"{name}:central") is None
