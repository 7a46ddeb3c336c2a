"""The central's own description, an OpenAPI 3.1 document made from the wire's structs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import msgspec

from app.central.problems import KINDS
from app.sync import protocol as wire
from app.sync.protocol import CHUNK_TYPE, FILE_TYPE, JSON_TYPE, PROBLEM_TYPE, Limits

Schema = dict[str, Any]

_UUID: Schema = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
}
_WHOLE: Schema = {"type": "integer", "minimum": 0}
_TEXT: Schema = {"type": "string"}
_DIGEST = ("sha256", "path", _TEXT | {"pattern": "^[0-9a-f]{64}$"}, True)
_ALWAYS = ("malformed", "internal", "busy")
_SIGNED_IN = ("sign-in", "too-many-calls")
_WITH_BODY = ("timeout", "too-large", "media-type", "shape")
_OF_ERRORS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


@dataclass(frozen=True)
class _Operation:
    """One call; `answers` maps a status to what comes with it: a struct, a media type, nothing."""

    method: str
    path: str
    summary: str
    answers: dict[int, Any]
    body: Any = None
    open_to_all: bool = False
    problems: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str, Schema, bool], ...] = ()  # name, place, schema, required
    headers: dict[int, tuple[str, ...]] = field(default_factory=dict)


_OPERATIONS = (
    _Operation(
        "get",
        "/v1/capabilities",
        "Versions, limits, epoch, and the public key that signs receipts",
        {200: wire.Capabilities},
        open_to_all=True,
    ),
    _Operation("get", "/v1/health", "Alive and ready", {200: wire.Health}, open_to_all=True),
    _Operation("get", "/v1/openapi.json", "This document", {200: JSON_TYPE}, open_to_all=True),
    _Operation(
        "get",
        "/v1/metrics",
        "Figures for Prometheus, for the role gip",
        {200: "text/plain"},
        problems=("forbidden",),
    ),
    _Operation(
        "post",
        "/v1/enrolments",
        "Trades a one-time code for a token",
        {201: wire.Enrolment},
        body=wire.EnrolmentRequest,
        open_to_all=True,
        problems=("code-refused", "too-many-tries"),
    ),
    _Operation("get", "/v1/devices/self", "The calling device", {200: wire.Device}),
    _Operation("delete", "/v1/devices/self", "Signs the calling device out", {204: None}),
    _Operation(
        "post",
        "/v1/devices/self/token",
        "A fresh token; the former one is valid until it is first used",
        {201: wire.NewToken},
    ),
    _Operation(
        "post",
        "/v1/sync",
        "One exchange: the ops of one space, and the changes of every space named",
        {200: wire.SyncResponse},
        body=wire.SyncRequest,
        problems=("not-found", "epoch-changed", "client-outdated", "batch-reused"),
    ),
    _Operation(
        "get",
        "/v1/spaces/{space}/changes",
        "A page of a space's changes after a cursor",
        {200: wire.Feed, 304: None},
        problems=("not-found", "epoch-changed"),
        parameters=(
            ("space", "path", _TEXT, True),
            ("after", "query", _WHOLE | {"maximum": 2**53 - 1}, False),
            ("limit", "query", _WHOLE | {"minimum": 1, "maximum": 2**31}, False),
            ("epoch", "query", _TEXT | {"maxLength": 64}, False),
            ("If-None-Match", "header", _TEXT, False),
        ),
        headers={200: ("ETag",), 304: ("ETag",)},
    ),
    _Operation(
        "get",
        "/v1/records/{record_id}/revisions",
        "A record's history: who, when, which fields",
        {200: wire.Revisions},
        problems=("not-found",),
        parameters=(("record_id", "path", _UUID, True),),
    ),
    _Operation(
        "post",
        "/v1/uploads",
        "Begins to send a file",
        {201: wire.Upload},
        body=wire.UploadRequest,
        problems=("not-found", "digest-mismatch"),
        headers={201: ("Location", "Upload-Offset")},
    ),
    _Operation(
        "head",
        "/v1/uploads/{upload_id}",
        "How far an upload has come",
        {200: None},
        problems=("not-found",),
        parameters=(("upload_id", "path", _UUID, True),),
        headers={200: ("Upload-Offset", "Upload-Length")},
    ),
    _Operation(
        "patch",
        "/v1/uploads/{upload_id}",
        "Sends the next bytes of a file",
        {204: None},
        body=CHUNK_TYPE,
        problems=("not-found", "upload-offset", "digest-mismatch"),
        parameters=(
            ("upload_id", "path", _UUID, True),
            ("Upload-Offset", "header", _WHOLE | {"maximum": 10**15 - 1}, True),
        ),
        headers={204: ("Upload-Offset", "Upload-Length"), 409: ("Upload-Offset",)},
    ),
    _Operation(
        "get",
        "/v1/blobs/{sha256}",
        "A file that a readable record names, whole or a range of it",
        {200: FILE_TYPE, 206: FILE_TYPE, 304: None},
        problems=("not-found", "range"),
        parameters=(
            _DIGEST,
            ("If-None-Match", "header", _TEXT, False),
            ("Range", "header", _TEXT, False),
            ("If-Range", "header", _TEXT, False),
        ),
        headers={
            200: ("Accept-Ranges", "ETag"),
            206: ("Accept-Ranges", "ETag", "Content-Range"),
            304: ("ETag",),
            416: ("Content-Range",),
        },
    ),
    _Operation(
        "head",
        "/v1/blobs/{sha256}",
        "The size of a file that a readable record names",
        {200: None, 304: None},
        problems=("not-found",),
        parameters=(_DIGEST, ("If-None-Match", "header", _TEXT, False)),
        headers={200: ("Accept-Ranges", "ETag"), 304: ("ETag",)},
    ),
)


_HEADS = tuple(
    replace(operation, method="head", answers=dict.fromkeys(operation.answers))
    for operation in _OPERATIONS
    if operation.method == "get"
)
"""The HEAD of every GET, answered without a body; one of `_OPERATIONS` replaces it."""


@lru_cache(maxsize=4)
def document(limits: Limits) -> bytes:
    """The document in JSON; the limits are those that this central keeps."""
    structs = [
        shape
        for operation in _OPERATIONS
        for shape in (*operation.answers.values(), operation.body)
        if isinstance(shape, type)
    ]
    structs = [*dict.fromkeys(structs), wire.Problem]
    _, components = msgspec.json.schema_components(
        structs, ref_template="#/components/schemas/{name}"
    )
    _refine(components, limits)
    paths: dict[str, Schema] = {}
    for operation in (*_HEADS, *_OPERATIONS):
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Commissions numériques locales : le central",
                "version": str(wire.API_VERSION),
                "description": _introduction(limits),
            },
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _refine(components: dict[str, Schema], limits: Limits) -> None:
    """Adds what the structs cannot say: limits, and that ops come with a batch and a space."""
    components["UploadRequest"]["properties"]["size"]["maximum"] = limits.blob
    request = components["SyncRequest"]
    request["properties"]["ops"]["maxItems"] = limits.ops
    request["anyOf"] = [
        {"properties": {"ops": {"maxItems": 0}}},
        {
            "required": ["batch_id", "space"],
            "properties": {"batch_id": {"type": "string"}, "space": {"type": "string"}},
        },
    ]


def _introduction(limits: Limits) -> str:
    names = ", ".join(f"`{name}` ({kind.status})" for name, kind in KINDS.items())
    return (
        "The sync protocol, version 1. HTTPS only; bodies are JSON, compressed with zstd or gzip."
        f" A body is at most {limits.body} bytes as it travels and {limits.decoded_body} once"
        f" decompressed, a batch {limits.ops} ops, a file {limits.blob} bytes. Of a member named"
        " twice in an object the last counts, in what is kept as in its receipt. Every error is a"
        f" problem of RFC 9457 whose type is `{wire.PROBLEM_BASE}` and one of: {names}."
    )


def _described(operation: _Operation) -> Schema:
    described: Schema = {
        "summary": operation.summary,
        "operationId": f"{operation.method}_{operation.path[4:].translate(_PLAIN)}",
        "security": [] if operation.open_to_all else [{"token": []}],
        "responses": _responses(operation),
    }
    if operation.parameters:
        described["parameters"] = [
            {"name": name, "in": place, "required": required, "schema": schema}
            for name, place, schema, required in operation.parameters
        ]
    if operation.body is not None:
        described["requestBody"] = {
            "required": operation.body != CHUNK_TYPE,  # a piece may be empty
            "content": _content(operation.body),
        }
    return described


_PLAIN = str.maketrans({"/": "_", "{": "", "}": "", ".": "_"})


def _responses(operation: _Operation) -> Schema:
    responses: Schema = {}
    for status, shape in operation.answers.items():
        responses[str(status)] = {"description": operation.summary}
        if shape is not None:
            responses[str(status)]["content"] = _content(shape)
    for name in (
        *_ALWAYS,
        *(() if operation.open_to_all else _SIGNED_IN),
        *(_WITH_BODY if operation.body is not None else ()),
        *operation.problems,
    ):
        kind = KINDS[name]
        known = responses.setdefault(
            str(kind.status),
            {"description": "", "content": {PROBLEM_TYPE: {"schema": _ref("Problem")}}},
        )
        known["description"] = ", ".join(filter(None, (known["description"], f"`{name}`")))
        if operation.method == "head":
            del known["content"]
    for code, response in responses.items():
        if names := (_OF_ERRORS | operation.headers).get(int(code)):
            response["headers"] = {
                name: {"required": True, "schema": _WHOLE if name == "Retry-After" else _TEXT}
                for name in names
            }
    return responses


def _content(shape: Any) -> Schema:
    if isinstance(shape, type):
        return {JSON_TYPE: {"schema": _ref(shape.__name__)}}
    schema: Schema = {"type": "object"} if shape == JSON_TYPE else {}
    return {shape: {"schema": schema}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
