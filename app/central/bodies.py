"""Bodies of requests and answers: bounded, decompressed, decoded; encoded, compressed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import msgspec
from litestar import Request, Response

from app.central.access import Caller, sign_in
from app.central.office import Office
from app.central.problems import Refused
from app.domain.type_errors import in_french
from app.sync import compression
from app.sync.protocol import JSON_TYPE

Q = ParamSpec("Q")
T = TypeVar("T")
Call = Request[Any, Any, Any]

SECONDS_TO_SEND = 60
SLOWEST = 32 << 10
"""A body has a minute to arrive, and one more second per SLOWEST bytes (256 kbit/s)."""

_COMPRESSED_ASIDE = 256 << 10  # bytes from which compressing would hold up the other requests


_FROM_A_STRANGER = 64 << 10
"""Bytes read, or decompressed, of a body whose sender is not known yet."""


class Packed(NamedTuple):
    """The bytes of a body as sent, and their content coding, empty for none."""

    body: bytes
    coding: str


def office(request: Call) -> Office:
    """The central that the application was made with."""
    served: Office = request.app.state.office
    return served


async def as_caller(
    request: Call,
    work: Callable[Concatenate[Office, Caller, Q], T],
    *args: Q.args,
    **kwargs: Q.kwargs,
) -> T:
    """Runs blocking work for the signed-in caller; Refused (401) when nobody is signed in."""
    served, authorization = office(request), request.headers.get("authorization")
    return await served.run(lambda: work(served, served.caller(authorization), *args, **kwargs))


async def received(request: Call, limit: int) -> Packed:
    """The request's body as it travels, at most `limit` bytes.

    Nothing of a large one is read before its sender is signed in.
    """
    coding = request.headers.get("content-encoding", "identity").lower()
    if coding not in (*compression.CODINGS, "identity"):
        raise Refused(
            "media-type",
            f"La compression « {coding[:20]} » n'est pas admise.",
            headers={"Accept-Encoding": ", ".join(compression.CODINGS)},
        )
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isdigit() else limit
    if size > limit:
        raise _too_large(limit)
    if size > _FROM_A_STRANGER:
        await office(request).run(office(request).caller, request.headers.get("authorization"))
    try:
        async with asyncio.timeout(SECONDS_TO_SEND + size // SLOWEST):
            body = await _read(request, limit)
    except TimeoutError as error:
        raise Refused("timeout", "La requête a tardé : elle est abandonnée.") from error
    return Packed(body, "" if coding == "identity" else coding)


async def _read(request: Call, limit: int) -> bytes:
    body = bytearray()
    while True:
        message = await request.receive()
        if message["type"] != "http.request":
            raise Refused("malformed", "La requête a été coupée.")
        body += message["body"]
        if len(body) > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return bytes(body)


async def received_as(request: Call, shape: type[T]) -> T:
    """The request's small JSON body as a struct; Refused when it is none, or of another shape."""
    check_json(request)
    limit = min(office(request).limits.body, _FROM_A_STRANGER)
    return decoded(unpack(await received(request, limit), limit), shape)


def check_bearer(request: Call) -> None:
    """Refused (401) before the body is read when the request names no token at all."""
    if not request.headers.get("authorization", "").lower().startswith("bearer "):
        raise sign_in()


def check_json(request: Call) -> None:
    """Refused (415) when the body calls itself something else than JSON."""
    said = request.headers.get("content-type", JSON_TYPE).partition(";")[0].strip().lower()
    if said != JSON_TYPE:
        raise Refused("media-type", f"Le corps doit être de type {JSON_TYPE}.")


def decoded(body: bytes, shape: type[T]) -> T:
    """A JSON body as a struct; Refused when it is no JSON, or of another shape."""
    try:
        try:
            return msgspec.json.decode(body, type=shape)
        except msgspec.ValidationError:
            return msgspec.convert(_whole(msgspec.json.decode(body)), shape)
    except msgspec.ValidationError as error:
        field = in_french(error).field
        raise Refused("shape", "Le corps n'a pas la forme attendue.", field=field) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("malformed", "Le corps n'est pas du JSON valide.") from error


def _whole(value: Any) -> Any:
    """The value with each 3.0 made 3: one number in JSON, but msgspec refuses 3.0 as an int."""
    if isinstance(value, dict):
        return {key: _whole(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_whole(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def known_etags(request: Call) -> frozenset[str]:
    """The ETags of an If-None-Match (RFC 9110), weak ones as if they were strong; or `*`."""
    header = request.headers.get("if-none-match", "")
    return frozenset({"*"} if header.strip() == "*" else re.findall('"[^"]*"', header))


def _too_large(limit: int) -> Refused:
    return Refused("too-large", f"Le corps dépasse {limit} octets.")


def pack(content: bytes, coding: str) -> Packed:
    """Compresses an answer when the client accepts a coding and the answer is long enough."""
    if not coding or len(content) < compression.WORTH_IT:
        return Packed(content, "")
    return Packed(compression.compress(content, coding), coding)


def unpack(packed: Packed, limit: int) -> bytes:
    """Decompresses a body to at most `limit` bytes; a large one in a thread, its sender known.

    Few bytes can make many: decompressed for anyone, they would hold up the other requests.
    """
    if not packed.coding:
        return packed.body
    try:
        return compression.decompress(packed.body, packed.coding, limit)
    except compression.TooLarge as error:
        raise _too_large(limit) from error
    except compression.Damaged as error:
        raise Refused("malformed", "Le corps compressé est illisible.") from error


async def answer(
    request: Call,
    content: bytes | msgspec.Struct | Packed,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    """A JSON answer, compressed as the client accepts when that is worth it."""
    if not isinstance(content, Packed):
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        if len(body) >= _COMPRESSED_ASIDE:
            content = await office(request).run(pack, body, accepted_coding(request))
        else:
            content = pack(body, accepted_coding(request))
    headers = {"Vary": "Accept-Encoding", **(headers or {})}
    if content.coding:
        headers["Content-Encoding"] = content.coding
    return Response(content.body, status_code=status, headers=headers, media_type=JSON_TYPE)


def accepted_coding(request: Call) -> str:
    """The first of our codings that the client accepts, empty when it accepts none."""
    header = request.headers.get("accept-encoding", "")
    offered = {}
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        offered[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((coding for coding in compression.CODINGS if offered.get(coding)), "")
