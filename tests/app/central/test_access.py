"""Who may read and write what: every call, every role, every space."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from app.central.access import caller
from app.central.lineage import begin_epoch, reached
from app.central.schema import spaces
from app.clock import new_id
from app.domain.records import KINDS, REGION, reference_id
from app.sqlite import Ready
from app.sync.protocol import Op
from app.territory import territory
from tests.app.central.conftest import Enrol
from tests.app.central.laptop import Laptop, deletion, laptop, op, problem
from tests.central_server import Central

VOUGEOT = reference_id("organisation", "21716")
SHARED = {"watch_note", "solution", "attachment", "conflict"}
REGIONAL = {kind for kind, cls in KINDS.items() if cls.regional}


def _outcome(one: Laptop, space: str, change: Op) -> str:
    """`accepted`, or the name of the problem."""
    [result] = one.send(space, change)
    return result.problem.name if result.problem else result.status


@pytest.mark.parametrize("exists", [True, False])
def test_anothers_space_is_the_same_404_as_none_on_every_call(
    central: Central, exists: bool
) -> None:
    mine, other = central.commission(), central.commission("Autre")
    owner, lea = laptop(central, other), laptop(central, mine)
    need = op("need", title="Secret")
    owner.send(other, need)
    space, record = (other, need.id) if exists else (new_id(), new_id())
    upload = owner.client.post(
        "/v1/uploads", json={"space": other, "sha256": "0" * 64, "size": 9}
    ).json()["id"]
    upload = upload if exists else new_id()
    chunk = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    answers = [
        lea.client.get(f"/v1/spaces/{space}/changes"),
        lea.client.get(f"/v1/records/{record}/revisions"),
        lea.post(lea.request(after={space: 0})),
        lea.post(lea.request(space)),
        lea.post(lea.request(space, after={space: 0})),
        lea.post(lea.request(space, op("need", title="Intrus"))),
        lea.client.post("/v1/uploads", json={"space": space, "sha256": "0" * 64, "size": 9}),
        lea.client.patch(f"/v1/uploads/{upload}", content=b"x", headers=chunk),
        lea.client.get(f"/v1/blobs/{'0' * 64}"),
    ]
    for one in (owner, lea):
        one.client.close()
    assert {(one.status_code, problem(one).name, problem(one).detail) for one in answers} == {
        (404, "not-found", "Cet objet n'existe pas, ou ne vous est pas ouvert.")
    }


def test_a_record_of_another_space_is_as_if_it_did_not_exist(site: Central, enrol: Enrol) -> None:
    mine, other = site.commission(), site.commission("Autre")
    need = op("need", title="Secret")
    enrol(other).send(other, need)
    [result] = enrol(mine).send(mine, op("need", need.id, 1, title="Pris"))
    assert result.problem is not None
    assert (result.problem.name, result.record) == ("not-found", None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ["facilitator", "gip"])
def test_each_kind_is_written_where_it_lives_by_who_may(
    central: Central, role: str, kind: str
) -> None:
    commission = central.commission()
    one = laptop(central, commission, role=role)
    own = (commission, 1) if kind == "commission" else ()
    in_space = _outcome(one, commission, op(kind, *own))
    in_region = _outcome(one, REGION, op(kind))
    one.client.close()
    central_only = kind in {"need_digest", "solution_tally"}
    assert in_space == ("forbidden" if kind in REGIONAL else "accepted")
    allowed = role == "gip" and (kind in REGIONAL or kind in SHARED) and not central_only
    assert in_region == ("accepted" if allowed else "forbidden")


def test_a_commission_takes_no_id_of_the_region(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    assert _outcome(enrol(commission), commission, op("need", VOUGEOT, title="Pris")) == "forbidden"
    assert _outcome(enrol(role="gip"), REGION, op("organisation", VOUGEOT, name="V")) == "accepted"


def test_a_commission_is_its_space(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    assert _outcome(enrol(commission), commission, op("commission", name="B")) == "forbidden"


OF_AN_ORGANISATION: dict[str, Any] = {
    "kind": "epci", "insee_code": "21000", "siren": "200000000", "name": "Vougeot-les-Vignes",
    "department": "71", "epci_siren": "200000001", "population": 12, "population_year": 2001,
    "membership": "member", "member_category": "communes", "member_since": "2020-01-01",
    "left_on": "2021-01-01", "services": ["websites"], "email": "mairie@example.org",
    "phone": "03 80 00 00 00", "address": "1, place de l'Église", "notes": "Fermée le mercredi",
}  # fmt: skip


@pytest.mark.parametrize("field", KINDS["organisation"].__struct_encode_fields__)
def test_a_facilitator_edits_five_fields_of_a_shipped_organisation(
    central: Central, field: str
) -> None:
    value = OF_AN_ORGANISATION[field]
    open_to_facilitators = field in {"email", "phone", "address", "services", "notes"}
    shipped = next(one for one in territory() if one.id == VOUGEOT)
    lea, gip = laptop(central), laptop(central, role="gip")
    outcome = _outcome(lea, REGION, op("organisation", VOUGEOT, **{field: value}))
    assert outcome == ("accepted" if open_to_facilitators else "forbidden")
    seen = gip.pull().get(VOUGEOT)
    if open_to_facilitators:
        assert seen is not None
        assert seen.fields == {**shipped.fields, field: value}
        whole = {**shipped.fields, field: value, "notes": "Tous les champs viennent"}
        assert _outcome(lea, REGION, op("organisation", VOUGEOT, 1, **whole)) == "accepted"
    else:
        assert seen is None
    for one in (lea, gip):
        one.client.close()


def test_a_facilitator_edits_those_fields_of_an_organisation_that_the_gip_added(
    site: Central, enrol: Enrol
) -> None:
    added = op("organisation", kind="syndicat", name="SIVOM des Vignes")
    assert _outcome(enrol(role="gip"), REGION, added) == "accepted"
    lea = enrol()
    phone = op("organisation", added.id, 1, phone="03 80 00 00 00")
    assert _outcome(lea, REGION, phone) == "accepted"
    assert _outcome(lea, REGION, op("organisation", added.id, 2, name="SIVOM")) == "forbidden"


def test_a_facilitator_deletes_nothing_of_the_region(site: Central, enrol: Enrol) -> None:
    lea = enrol()
    assert _outcome(lea, REGION, op("organisation", VOUGEOT, email="a@example.org")) == "accepted"
    assert _outcome(lea, REGION, deletion("organisation", VOUGEOT, 1)) == "forbidden"


@pytest.mark.parametrize(
    ("over", "outcome"), [("organisation", "accepted"), ("theme", "forbidden")]
)
def test_a_conflict_over_an_organisation_lives_in_the_region(
    site: Central, enrol: Enrol, over: str, outcome: str
) -> None:
    conflict = op("conflict", record_kind=over, record_id=VOUGEOT, unit="email")
    assert _outcome(enrol(), REGION, conflict) == outcome


def test_a_conflict_over_something_else_is_not_taken_over_by_its_fields(
    site: Central, enrol: Enrol
) -> None:
    conflict = op("conflict", record_kind="watch_note", record_id=new_id(), unit="title")
    assert _outcome(enrol(role="gip"), REGION, conflict) == "accepted"
    taken = op("conflict", conflict.id, 1, record_kind="organisation", record_id=VOUGEOT)
    assert _outcome(enrol(), REGION, taken) == "forbidden"


def test_a_gip_writes_in_every_space(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    solution = op("solution", title="Un site pour tous")
    assert _outcome(enrol(commission), commission, solution) == "accepted"
    answer = op("solution", solution.id, 1, answer="Oui", status="adopted")
    assert _outcome(enrol(role="gip"), commission, answer) == "accepted"


def test_a_grant_opens_and_shows_a_space_at_once(site: Central, enrol: Enrol) -> None:
    from app.central import accounts

    commission = site.commission()
    lea = enrol()
    assert lea.client.get(f"/v1/spaces/{commission}/changes").status_code == 404
    with site.database.writing() as connection:
        facilitator = lea.enrolment.facilitator.id
        accounts.grant(connection, site.clock(), facilitator, commission)
        accounts.grant(connection, site.clock(), facilitator, commission)
    assert lea.client.get(f"/v1/spaces/{commission}/changes").status_code == 200


def test_an_exchange_names_the_commissions_open_to_a_facilitator_that_it_does_not_ask_for(
    site: Central, enrol: Enrol
) -> None:
    here, there, _ = site.commission(), site.commission("Ailleurs"), site.commission("À d'autres")
    lea = enrol(here, there)
    assert lea.exchange().also_open == ()
    del lea.after[there]
    assert lea.exchange(here, op("need", title="Fibre")).also_open == (there,)
    del lea.after[here]
    assert set(lea.exchange().also_open) == {here, there}
    assert enrol(role="gip").exchange().also_open == ()
    lea.after.clear()
    assert lea.exchange(here, op("need", title="Site")).also_open == ()


def test_the_metrics_are_for_the_gip(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea, gip = enrol(commission), enrol(role="gip")
    lea.send(commission, op("need", title="Un site"))
    answer: Any = lea.client.get("/v1/metrics")
    assert problem(answer).name == "forbidden"
    answer = gip.client.get("/v1/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert "# TYPE commissions_changes_total counter" in lines
    assert "commissions_records 3" in lines
    assert "commissions_devices 2" in lines
    (size,) = (line for line in lines if line.startswith("commissions_database_bytes "))
    assert int(size.split()[1]) > 100_000


@pytest.mark.parametrize("role", ["facilitator", "gip"])
def test_a_caller_knows_one_state_whatever_is_restored_meanwhile(
    site: Central, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = site.enrol(site.facilitator(role=role)).token
    with site.database.reading() as connection:
        states = [reached(connection)]

    read = Ready.rows

    def restored(*asked: Any) -> Any:
        """Once the first query is answered, the central goes on from another past."""
        monkeypatch.undo()
        found = read(*asked)
        with site.database.writing() as connection:
            connection.execute(update(spaces).values(seq=spaces.c.seq + 7))
            begin_epoch(connection)
            states.append(reached(connection))
        return found

    monkeypatch.setattr(Ready, "rows", restored)
    who = caller(site.database, token, site.clock())
    assert len(states) == 2
    assert (who.epoch, who.spaces) in states
