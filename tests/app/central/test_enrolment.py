"""Codes, tokens, devices: enrolled, rotated, signed out, revoked."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, update

from app.central import accounts
from app.central.schema import devices, facilitators
from app.clock import stamp
from app.domain.records import SCHEMA
from app.errors import UserError
from app.sync import protocol
from tests.app.central.conftest import Enrol
from tests.app.central.laptop import Laptop, deletion, laptop, op, problem
from tests.app.central.test_exchange import writes
from tests.central_server import Central, start_central
from tests.conftest import FakeClock


def _enrol(site: Central, code: str) -> tuple[int, str, str | None]:
    """The status, the problem's name and Retry-After of an enrolment by a code."""
    with site.client() as client:
        answer = client.post("/v1/enrolments", json={"code": code, "device_name": "essai"})
    name = "" if answer.status_code == 201 else problem(answer).name
    return answer.status_code, name, answer.headers.get("Retry-After")


def _status(one: Laptop) -> int:
    return one.client.get("/v1/devices/self").status_code


def test_a_code_gives_a_token_the_account_and_the_commissions_granted(site: Central) -> None:
    dijon, beaune = site.commission("Dijon"), site.commission("Beaune")
    site.commission("Pas la sienne")
    facilitator = site.facilitator(dijon, beaune, email="lea@example.org")
    enrolment = site.enrol(facilitator, "portable de Léa")
    assert [one.name for one in enrolment.spaces] == ["Beaune", "Dijon"]
    assert enrolment.facilitator == protocol.Facilitator(
        id=facilitator, name="Léa Martin", email="lea@example.org", role="facilitator", create=False
    )
    assert len(enrolment.token) >= 43  # 256 bits
    with site.client(enrolment.token) as client:
        shown = msgspec.json.decode(client.get("/v1/devices/self").content, type=protocol.Device)
    assert (shown.device_id, shown.device_name) == (enrolment.device_id, "portable de Léa")
    assert shown.last_used_on == "2027-03-19"
    assert shown.spaces == enrolment.spaces


def test_a_gip_sees_every_commission(site: Central) -> None:
    site.commission("Étaules")
    site.commission("Beaune")
    site.commission("Fixin")
    enrolment = site.enrol(site.facilitator(role="gip"))
    assert [one.name for one in enrolment.spaces] == ["Beaune", "Étaules", "Fixin"]
    with site.client(enrolment.token) as client:
        assert client.get("/v1/devices/self").json()["facilitator"]["role"] == "gip"


def test_a_commission_named_otherwise_by_a_newer_program_shuts_nobody_out(
    site: Central, enrol: Enrol
) -> None:
    beaune, dijon = site.commission("Beaune"), site.commission("Dijon")
    named = op("commission", beaune, 1, name={"fr": "Beaune"})
    [result] = enrol(beaune).exchange(beaune, named, schema=SCHEMA + 1).results
    assert result.status == "accepted"
    granted = site.enrol(site.facilitator(role="gip")).spaces
    assert [(one.space, one.name) for one in granted] == [(beaune, ""), (dijon, "Dijon")]


def test_a_commission_that_is_deleted_is_not_offered(site: Central, enrol: Enrol) -> None:
    kept, gone = site.commission(), site.commission()
    facilitator = site.facilitator(kept, gone)
    [result] = enrol(facilitator=facilitator).send(gone, deletion("commission", gone, 1))
    assert result.status == "accepted"
    assert [one.space for one in site.enrol(facilitator).spaces] == [kept]


@pytest.mark.parametrize("between", ["-", " ", "", " – "])
def test_a_code_serves_once_however_it_is_typed(site: Central, between: str) -> None:
    code = site.code(site.facilitator())
    assert _enrol(site, f" {code.lower().replace('-', between)}\n")[0] == 201
    assert _enrol(site, code)[:2] == (403, "code-refused")


def test_a_code_lives_seven_days(site: Central, clock: FakeClock) -> None:
    facilitator = site.facilitator()
    first, second = site.code(facilitator), site.code(facilitator)
    clock.forward(days=7, seconds=-1)
    assert _enrol(site, first)[0] == 201
    clock.forward(seconds=1)
    assert _enrol(site, second)[:2] == (403, "code-refused")


def test_a_code_that_expired_is_none_to_void(site: Central, clock: FakeClock) -> None:
    facilitator = site.facilitator()
    site.code(facilitator)
    clock.forward(days=7)
    with site.database.writing() as connection, pytest.raises(UserError, match="Aucun code"):
        accounts.void_codes(connection, clock(), facilitator)


def test_after_ten_failures_an_address_waits_an_hour(site: Central, clock: FakeClock) -> None:
    code = site.code(site.facilitator())
    for _ in range(10):
        assert _enrol(site, "FAUX")[0] == 403
        clock.forward(minutes=1)
    assert _enrol(site, code) == (429, "too-many-tries", str(50 * 60))
    clock.forward(minutes=50, seconds=-0.5)
    assert _enrol(site, code) == (429, "too-many-tries", "1")
    clock.forward(seconds=0.5)
    assert _enrol(site, code)[0] == 201


def test_failures_of_a_clock_that_was_ahead_hold_nobody_up(site: Central, clock: FakeClock) -> None:
    clock.forward(days=400)
    statuses = [_enrol(site, "FAUX")[0] for _ in range(11)]
    assert statuses[-2:] == [403, 429]
    clock.forward(days=-400)
    assert _enrol(site, site.code(site.facilitator()))[0] == 201


@pytest.mark.parametrize(
    ("trusted", "status"), [("127.0.0.1", 403), ("192.0.2.9", 429), (None, 429)]
)
def test_a_proxy_is_believed_about_the_address_only_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: str | None, status: int
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    if trusted:
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", trusted)
    with start_central(tmp_path) as served, served.client() as client:
        for caller in range(11):
            answer = client.post(
                "/v1/enrolments",
                json={"code": "FAUX", "device_name": "essai"},
                headers={"X-Forwarded-For": f"198.51.100.{caller}"},
            )
    assert answer.status_code == status


def test_a_rotated_token_replaces_the_former_at_its_first_use(site: Central, enrol: Enrol) -> None:
    noe, lea = enrol(), enrol()
    lost = lea.client.post("/v1/devices/self/token").json()["token"]
    fresh = lea.client.post("/v1/devices/self/token").json()["token"]
    assert _status(lea) == 200
    with site.client(lost) as client:
        assert client.get("/v1/devices/self").status_code == 401
    with site.client(fresh) as client:
        for _ in range(2):
            answer = client.get("/v1/devices/self")
            assert answer.status_code == 200
            assert answer.json()["device_id"] == lea.enrolment.device_id
    assert (_status(lea), _status(noe)) == (401, 200)


def test_a_fresh_token_outlives_a_new_day_s_use_of_the_former_one(
    site: Central, enrol: Enrol, clock: FakeClock
) -> None:
    lea = enrol()
    fresh = lea.client.post("/v1/devices/self/token").json()["token"]
    clock.forward(days=1)
    assert _status(lea) == 200
    with site.client(fresh) as client:
        assert client.get("/v1/devices/self").status_code == 200


def test_the_first_use_of_a_fresh_token_is_the_last_write_of_the_day_and_no_other_use(
    site: Central, enrol: Enrol
) -> None:
    fresh = enrol().client.post("/v1/devices/self/token").json()["token"]
    with site.client(fresh) as client:
        client.get("/v1/devices/self")
        with site.database.reading() as connection:
            before = writes(site, connection)
        assert client.get("/v1/devices/self").status_code == 200
    with site.database.reading() as connection:
        assert writes(site, connection) == before
    told = accounts.trail(site.database, site.clock().date())
    assert [one.event for one in told].count("used") == 1


def test_a_device_that_signs_out_is_refused_at_its_next_call(site: Central, enrol: Enrol) -> None:
    facilitator = site.facilitator()
    lea, hers = enrol(facilitator=facilitator), enrol(facilitator=facilitator)
    assert lea.client.delete("/v1/devices/self").status_code == 204
    assert _status(hers) == 200
    answer = lea.client.get("/v1/devices/self")
    assert (answer.status_code, problem(answer).name) == (401, "sign-in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_device_enrolled_while_its_account_was_closed_is_refused(site: Central) -> None:
    facilitator = site.facilitator()
    one = laptop(site, facilitator=facilitator)
    with site.database.writing() as connection:  # the device was not there yet to be revoked
        of_account = facilitators.c.id == facilitator
        connection.execute(update(facilitators).where(of_account).values(revoked_at="2027"))
    with closing(one.client):
        assert _status(one) == 401


def test_a_revoked_account_is_refused_on_every_call(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    facilitator = site.facilitator(commission)
    lea, noe = enrol(commission, facilitator=facilitator), enrol(commission)
    code, others = site.code(facilitator), site.code(site.facilitator())
    with site.database.writing() as connection:
        accounts.revoke_facilitator(connection, site.clock(), facilitator)
        listed = {one.id: one for one in accounts.list_facilitators(connection)}
    assert (listed[facilitator].revoked, listed[facilitator].devices) == (True, 0)
    answer = lea.post(lea.request(commission, op("need", title="Trop tard")))
    assert problem(answer).name == "sign-in"
    assert _status(lea) == 401
    assert _enrol(site, code)[0] == 403
    assert (_status(noe), _enrol(site, others)[0]) == (200, 201)
    with pytest.raises(UserError, match="révoqué"):
        site.code(facilitator)


def test_a_device_that_signed_out_keeps_its_instant_once_its_account_is_closed(
    site: Central, enrol: Enrol, clock: FakeClock
) -> None:
    facilitator, left = site.facilitator(), clock()
    assert enrol(facilitator=facilitator).client.delete("/v1/devices/self").status_code == 204
    clock.forward(days=1)
    with site.database.writing() as connection:
        accounts.revoke_facilitator(connection, clock(), facilitator)
        assert connection.execute(select(devices.c.revoked_at)).scalar_one() == stamp(left)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic bGVhOm1vdA=="])
def test_whoever_has_no_token_is_nobody(central: Central, header: str) -> None:
    with central.client() as client:
        headers = {"Authorization": header} if header else {}
        answer = client.get("/v1/spaces/region/changes", headers=headers)
        sync = client.post("/v1/sync", content=b"x" * 100, headers=headers)
    assert (answer.status_code, problem(answer).name) == (401, "sign-in")
    assert sync.status_code == 401


def test_the_day_of_use_is_noted_once_a_day(site: Central, enrol: Enrol, clock: FakeClock) -> None:
    lea = enrol()
    clock.forward(days=3)
    assert lea.client.get("/v1/devices/self").json()["last_used_on"] == "2027-03-22"


def test_no_secret_lies_in_the_database(central: Central, tmp_path: Path) -> None:
    code = central.code(central.facilitator())
    lea = laptop(central)
    with closing(lea.client):
        rotated = lea.client.post("/v1/devices/self/token").json()["token"]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("central.sqlite*"))
    assert lea.enrolment.device_id.encode() in kept
    for secret in (code, lea.enrolment.token, rotated):
        assert secret.encode() not in kept


def test_the_trail_of_access_says_what_happened(central: Central) -> None:
    commission = central.commission()
    lea = laptop(central, commission)
    with closing(lea.client):
        lea.client.post("/v1/devices/self/token")
        lea.client.delete("/v1/devices/self")
    _enrol(central, "FAUX")
    with central.database.reading() as connection:
        events = connection.exec_driver_sql("SELECT event FROM audit ORDER BY id").scalars().all()
    assert events == [
        "commission-added",
        "facilitator-added",
        "granted",
        "code-made",
        "enrolled",
        "used",
        "token-rotated",
        "signed-out",
        "code-refused",
    ]


def test_the_trail_tells_who_wrote_from_which_device_where_and_how_much(
    site: Central, enrol: Enrol, clock: FakeClock
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    clock.forward(days=1)
    lea.send(commission, op("need", title="Un site"), op("need", title="La fibre"))
    lea.pull()
    told = accounts.trail(site.database, date(2027, 3, 20))
    assert accounts.trail(site.database, date(2027, 3, 21)) == []
    assert {(one.event, one.facilitator, one.device, one.space, one.changes) for one in told} == {
        ("used", "Léa Martin", "portable", None, 0),
        ("wrote", "Léa Martin", "portable", commission, 2),
    }
    assert [one.event for one in told] == ["wrote", "used"]  # of a day, then at an hour of it
    assert {one.at[:10] for one in told} == {"2027-03-20"}
    clock.forward(days=365)
    lea.pull()  # the day after is the last that is kept
    left = [one.event for one in accounts.trail(site.database, date.min)]
    assert left == ["wrote", "used", "used"]
