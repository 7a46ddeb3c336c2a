"""The OpenAPI document says what the routes are, and the routes answer what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from app.central.application import ROUTES
from app.sync.protocol import CHUNK_TYPE
from tests.app.central.laptop import laptop, op
from tests.central_server import Central

HOOKS = "tests.app.central.schemathesis_hooks"
ROOT = Path(__file__).parents[3]


def _document(central: Central) -> dict[str, Any]:
    with central.client() as client:
        found: dict[str, Any] = client.get("/v1/openapi.json").json()
    return found


def test_every_route_is_described_and_every_description_is_a_route(central: Central) -> None:
    described = {
        (method.upper(), re.sub(r"{\w+}", "{}", path))
        for path, operations in _document(central)["paths"].items()
        for method in operations
    }
    routed = {
        (method, re.sub(r"{\w+:str}", "{}", path))
        for handler in ROUTES
        for path in handler.paths
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert described == routed


def test_every_reference_of_the_document_is_found(central: Central) -> None:
    document = _document(central)
    with central.client() as client:
        named = set(
            re.findall(r'"#/components/schemas/(\w+)"', client.get("/v1/openapi.json").text)
        )
    assert named == set(document["components"]["schemas"])
    assert "urn:commissions:problem:" in document["info"]["description"]


def _schemathesis(
    central: Central, folder: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """A run with every check; nothing of it is written but in the folder."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{central.url}/v1/openapi.json"]
    command += ["--tls-verify", str(central.authority), "--checks", "all", "--no-color"]
    command += ["--phases", "examples,coverage,fuzzing", "--seed", "1"]
    command += ["--max-examples", "300" if settings.default.max_examples >= 1_000 else "15"]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, *options],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )


@pytest.mark.parametrize("role", ["facilitator", "gip"])
def test_no_answer_is_outside_the_document(central: Central, tmp_path: Path, role: str) -> None:
    space = central.commission()
    lea = laptop(central, space, role=role)
    need = op("need", title="Un site")
    lea.send(space, need)
    lea.client.close()
    known = {"space": space, "record_id": need.id}
    values = "\n".join(f'"path.{name}" = "{value}"' for name, value in known.items())
    (tmp_path / "schemathesis.toml").write_text(f"[parameters]\n{values}\n")
    run = _schemathesis(
        central, tmp_path, "-H", f"Authorization: Bearer {lea.enrolment.token}",
        # These two would end or replace the token that the run is made with.
        "--exclude-method", "DELETE", "--exclude-path", "/v1/devices/self/token",
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


def test_whoever_has_no_token_gets_no_answer_outside_the_document(
    central: Central, tmp_path: Path
) -> None:
    run = _schemathesis(central, tmp_path)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


def test_the_document_names_the_header_that_says_how_to_go_on(central: Central) -> None:
    space, content = central.commission(), b"tableau blanc"
    lea = laptop(central, space)
    digest = sha256(content).hexdigest()
    lea.send(space, op("attachment", sha256=digest, size=len(content)))
    asked = {"space": space, "sha256": digest, "size": len(content)}
    upload = lea.client.post("/v1/uploads", json=asked).headers["Location"]
    piece = {"Content-Type": CHUNK_TYPE, "Upload-Offset": "0"}
    lea.client.patch(upload, content=content, headers=piece)
    answers = [
        (lea.client.patch(upload, content=b"x", headers=piece), "/v1/uploads/{upload_id}"),
        (lea.client.get(f"/v1/blobs/{digest}", headers={"Range": "bytes=99-"}),
         "/v1/blobs/{sha256}"),
    ]  # fmt: skip
    with central.client() as nobody:
        answers.append((nobody.get("/v1/devices/self"), "/v1/devices/self"))
    lea.client.close()
    paths, said = _document(central)["paths"], list[tuple[int, str]]()
    for answer, path in answers:
        described = paths[path][answer.request.method.lower()]["responses"]
        for name in described[str(answer.status_code)]["headers"]:
            said.append((answer.status_code, f"{name}: {answer.headers[name]}"))
    assert said == [
        (409, f"Upload-Offset: {len(content)}"),
        (416, f"Content-Range: bytes */{len(content)}"),
        (401, "WWW-Authenticate: Bearer"),
    ]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/devices/self", "DELETE, GET, HEAD, OPTIONS"),
        ("/v1/health", "GET, HEAD, OPTIONS"),
        ("/v1/blobs/abc", "GET, HEAD, OPTIONS"),
        ("/v1/sync", "OPTIONS, POST"),
        ("/v1/sync/", "OPTIONS, POST"),
        ("/v1//sync", "OPTIONS, POST"),
    ],
)
def test_an_address_names_its_methods(central: Central, path: str, allowed: str) -> None:
    with central.client() as client:
        asked, refused = client.options(path), client.request("TRACE", path)
    assert (asked.status_code, asked.headers["Allow"]) == (204, allowed)
    assert (refused.status_code, refused.headers["Allow"]) == (405, allowed)
