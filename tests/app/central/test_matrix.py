"""Every call of the OpenAPI document, by every role, on one's own space, another's and none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from app.central import accounts, openapi
from app.central.schema import devices, facilitators, grants, records
from app.clock import new_id
from app.domain.records import KINDS
from app.sync.protocol import CHUNK_TYPE, Limits
from tests.app.central.laptop import Laptop, laptop, op, problem
from tests.central_server import Central, start_central

CONTENT = b"tableau blanc"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
TWICE = hashlib.sha256(CONTENT * 2).hexdigest()
DOCUMENT: dict[str, Any] = json.loads(openapi.document(Limits()))
CALLS = [
    (method, path) for path, methods in DOCUMENT["paths"].items() for method in sorted(methods)
]
SECURED = [one for one in CALLS if DOCUMENT["paths"][one[1]][one[0]]["security"]]
OF_AN_OBJECT = [one for one in SECURED if "404" in DOCUMENT["paths"][one[1]][one[0]]["responses"]]
LAST = ("delete", "/v1/devices/self")
EXTRA: dict[str, Any] = {
    "role": "gip", "is_gip": True, "create": True, "facilitator_id": new_id(), "revision": 99,
    "device_id": new_id(), "seq": 99, "author": "Autre", "spaces": [new_id()],
}  # fmt: skip
"""Members that no body has, but for the space of another, which each test adds."""


@dataclass(frozen=True)
class Objects:
    """What calls name: a space, and a record, a file and an upload of its."""

    space: str
    record_id: str
    sha256: str
    upload_id: str


@dataclass
class Site:
    """A central with two facilitators, each alone in a space, and the GIP."""

    central: Central
    lea: Laptop
    marc: Laptop
    gip: Laptop
    objects: Objects  # Léa's

    def who(self, name: str) -> Laptop:
        found: Laptop = getattr(self, name)
        return found

    def rights(self) -> list[Any]:
        """The accounts and what is granted to them, the day of their last use aside."""
        columns = [one for one in devices.c if one.name != "last_used_on"]
        with self.central.database.reading() as connection:
            tables = (select(facilitators), select(grants), select(*columns))
            return [sorted(map(repr, connection.execute(one).all())) for one in tables]

    def held(self) -> dict[str, Any]:
        with self.central.database.reading() as connection:
            return {row.id: row for row in connection.execute(select(records))}


@pytest.fixture
def site(central: Central) -> Iterator[Site]:
    with _peopled(central) as made:
        yield made


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all the calls after which it must be as it was."""
    with start_central(tmp_path_factory.mktemp("calm")) as served, _peopled(served) as made:
        yield made


@contextmanager
def _peopled(central: Central) -> Iterator[Site]:
    mine, other = central.commission(), central.commission("Autre")
    lea, marc = laptop(central, mine), laptop(central, other)
    gip = laptop(central, role="gip")
    yield Site(central, lea, marc, gip, _objects(lea, mine))
    for one in (lea, marc, gip):
        one.client.close()


def _objects(one: Laptop, space: str) -> Objects:
    """A need with its photo, and an upload that has not come whole."""
    need = op("need", title="Secret")
    photo = op("attachment", owner_id=need.id, name="photo.jpg", size=len(CONTENT), sha256=DIGEST)
    one.send(space, need, photo)
    asked = {"space": space, "sha256": DIGEST, "size": len(CONTENT)}
    whole = one.client.post("/v1/uploads", json=asked).json()["id"]
    headers = {"Content-Type": CHUNK_TYPE, "Upload-Offset": "0"}
    one.client.patch(f"/v1/uploads/{whole}", content=CONTENT, headers=headers)
    begun = one.client.post("/v1/uploads", json=asked | {"sha256": TWICE, "size": 2 * len(CONTENT)})
    return Objects(space, need.id, DIGEST, begun.json()["id"])


def _nothing() -> Objects:
    return Objects(new_id(), new_id(), "1" * 64, new_id())


def ask(
    one: Laptop,
    call: tuple[str, str],
    about: Objects,
    *,
    token: str | None = None,
    extra: dict[str, Any] | None = None,
    query: dict[str, str] | None = None,
) -> httpx2.Response:
    """Makes a call of the document about some objects; `extra` goes into every object of a body."""
    method, path = call
    operation = DOCUMENT["paths"][path][method]
    headers = {} if token is None else {"Authorization": f"Bearer {token}" if token else ""}
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", getattr(about, name))
        elif parameter["required"]:
            headers[name] = "0"
    content = None
    for media, described in operation.get("requestBody", {}).get("content", {}).items():
        headers["Content-Type"] = media
        name = described["schema"].get("$ref", CHUNK_TYPE).rpartition("/")[2]
        content = _body(name, one, about, extra or {})
    return one.client.request(method, path, content=content, headers=headers, params=query)


def _body(name: str, one: Laptop, about: Objects, extra: dict[str, Any]) -> bytes:
    """A body of the document, by the name of its schema."""
    change = {"op_id": new_id(), "kind": "need", "id": new_id(), "fields": {"title": "Autre"}}
    bodies: dict[str, Any] = {
        "SyncRequest": {
            "epoch": one.capabilities.epoch, "schema": 1, "batch_id": new_id(),
            "space": about.space, "ops": [change | extra], "after": {about.space: 0},
        },
        "UploadRequest": {"space": about.space, "sha256": "2" * 64, "size": 9},
        "EnrolmentRequest": {"code": "AAAA-AAAA", "device_name": "portable"},
    }  # fmt: skip
    return CONTENT if name not in bodies else json.dumps(extra | bodies[name]).encode()


def _names(calls: list[tuple[str, str]]) -> Any:
    return pytest.mark.parametrize("call", calls, ids=" ".join)


@_names(SECURED)
@pytest.mark.parametrize("token", ["", "inconnu", "x" * 5000])
def test_whoever_has_no_token_of_the_central_is_asked_to_sign_in(
    calm: Site, call: tuple[str, str], token: str
) -> None:
    rights, held = calm.rights(), calm.held()
    for about in (calm.objects, _nothing()):
        answer = ask(calm.lea, call, about, token=token)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert (calm.rights(), calm.held()) == (rights, held)


def test_a_revoked_device_is_refused_at_its_next_call_whatever_it_is(site: Site) -> None:
    for name in ("lea", "gip"):
        one = site.who(name)
        with site.central.database.writing() as connection:
            facilitator = one.enrolment.facilitator.id
            accounts.revoke_facilitator(connection, site.central.clock(), facilitator)
        before = site.held()
        assert {ask(one, call, site.objects).status_code for call in SECURED} == {401}
        assert site.held() == before


@_names(OF_AN_OBJECT)
def test_anothers_object_is_the_same_404_as_none(calm: Site, call: tuple[str, str]) -> None:
    rights, held = calm.rights(), calm.held()
    for extra in ({}, EXTRA | {"commission_id": calm.objects.space}):
        anothers = ask(calm.marc, call, calm.objects, extra=extra)
        none = ask(calm.marc, call, _nothing(), extra=extra)
        assert (anothers.status_code, anothers.content) == (404, none.content)
        if call[0] != "head":
            assert problem(anothers).name == "not-found"
    assert (calm.rights(), calm.held()) == (rights, held)


@_names(OF_AN_OBJECT)
def test_its_facilitator_and_the_gip_reach_an_object(site: Site, call: tuple[str, str]) -> None:
    assert ask(site.lea, call, site.objects).status_code < 300
    # An upload is the device's that began it.
    expected = 404 if "{upload_id}" in call[1] else 200
    assert ask(site.gip, call, site.objects).status_code // 100 == expected // 100


@_names([one for one in SECURED if one not in OF_AN_OBJECT and one != LAST])
def test_the_gip_alone_is_let_into_what_the_document_forbids_to_some(
    site: Site, call: tuple[str, str]
) -> None:
    forbidden = "403" in DOCUMENT["paths"][call[1]][call[0]]["responses"]
    answer = ask(site.lea, call, site.objects)
    assert answer.status_code == 403 if forbidden else answer.status_code < 300
    assert ask(site.gip, call, site.objects).status_code < 300


@_names([one for one in CALLS if one != LAST])
def test_fields_that_no_call_has_change_nothing(site: Site, call: tuple[str, str]) -> None:
    foreign = site.central.commission("Troisième")
    extra = EXTRA | {"commission_id": foreign, "facilitator_id": site.gip.enrolment.facilitator.id}
    plain = ask(site.lea, call, site.objects)
    before, held = site.rights(), site.held()
    query = {name: str(value) for name, value in extra.items()}
    answer = ask(site.lea, call, site.objects, extra=extra, query=query)
    repeated = call[0] == "patch"  # the bytes have come by then
    assert answer.status_code == (409 if repeated else plain.status_code)
    if call[1] != "/v1/devices/self/token":
        assert site.rights() == before
    new = [row for row in site.held().values() if row.id not in held]
    assert {row.space for row in new} <= {site.objects.space}
    assert {row.revision for row in new} <= {1}


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_gets_into_anothers_space_by_its_fields(calm: Site, kind: str) -> None:
    space = calm.objects.space
    before = [row for row in calm.held().values() if row.space == space]
    for name, value in {"role": "gip", "commission_id": space, "space": space}.items():
        fields = {name: value}
        own = calm.marc.enrolment.spaces[0].space
        [result] = calm.marc.send(own, op(kind, **fields))
        is_a_field = name in KINDS[kind].__struct_encode_fields__
        assert (result.status == "refused") != is_a_field, (name, result)
        assert calm.marc.post(calm.marc.request(space, op(kind, **fields))).status_code == 404
    assert [row for row in calm.held().values() if row.space == space] == before
