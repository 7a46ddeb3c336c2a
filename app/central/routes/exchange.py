"""The exchange, the feed of a space, the history of a record."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Annotated, NamedTuple

from litestar import Response, post
from litestar.params import FromPath, FromQuery, QueryParameter

from app.central import batches, digests, feed, traces
from app.central.access import Caller
from app.central.bodies import (
    Call,
    Packed,
    accepted_coding,
    answer,
    as_caller,
    check_bearer,
    check_json,
    decoded,
    known_etags,
    office,
    pack,
    received,
    unpack,
)
from app.central.lineage import epoch_of, reached
from app.central.methods import read
from app.central.office import Office
from app.central.problems import Refused, not_found
from app.domain.records import REGION
from app.domain.validation import is_id
from app.sync.protocol import Feed, Revisions, SyncRequest, seen_whole

_PAUSE = 3.0
"""Seconds to wait before tidying, so that the batches which follow the first go before it."""


@post("/v1/sync", status_code=200)
async def sync(request: Call) -> Response[bytes]:
    check_bearer(request)
    check_json(request)
    served = office(request)
    sent = await received(request, served.limits.body)
    content, to_tidy = await as_caller(request, _exchange, sent, accepted_coding(request))
    if to_tidy:
        _tidy_soon(served)
    return await answer(request, content)


def _exchange(office: Office, who: Caller, sent: Packed, coding: str) -> tuple[Packed, bool]:
    body = unpack(sent, office.limits.decoded_body)
    request = seen_whole(body) or decoded(body, SyncRequest)
    content, to_tidy = batches.exchange(office, who, request, body)
    return pack(content, coding), to_tidy


def _tidy_soon(served: Office) -> None:
    served.is_to_tidy = True
    if served.tidying is None or served.tidying.done():
        served.tidying = asyncio.create_task(_tidy(served))


async def _tidy(served: Office) -> None:
    """Does the work that no laptop waits for, once for all the batches of a few seconds.

    When the central is busy or stops, a later exchange has it done.
    """
    with suppress(Refused):
        while served.is_to_tidy:
            await asyncio.sleep(_PAUSE)
            served.is_to_tidy = False
            for work in (traces.spread_one, digests.catch_up):
                while await served.run(work, served.database):
                    pass
            if served.database.dialect == "sqlite":
                await served.run(served.database.shorten_log)


@read("/v1/spaces/{space:str}/changes")
async def changes(
    request: Call,
    space: FromPath[str],
    after: FromQuery[str] = "0",
    limit: FromQuery[str] = str(2**31),
    epoch: Annotated[str, QueryParameter(max_length=64)] = "",
) -> Response[bytes]:
    bounds = _whole("after", after, 0, 2**53 - 1), _whole("limit", limit, 1, 2**31)
    asked = _Asked(space, *bounds, epoch, known_etags(request))
    etag, page = await as_caller(request, _changes, asked)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if page is None:
        return Response(b"", status_code=304, headers=headers)
    return await answer(request, page, headers=headers)


def _whole(name: str, text: str, least: int, most: int) -> int:
    """A number of the query, of ASCII digits alone: Python would also read « 1_0 »."""
    number = int(text) if re.fullmatch("[0-9]{1,16}", text) else -1
    if not least <= number <= most:
        raise Refused("malformed", f"« {name} » est un nombre de {least} à {most}.", field=name)
    return number


class _Asked(NamedTuple):
    """A request for a page of changes; `known` are the ETags that the client has."""

    space: str
    after: int
    limit: int
    epoch: str
    known: frozenset[str]


def _changes(office: Office, who: Caller, asked: _Asked) -> tuple[str, Feed | None]:
    """The ETag (epoch and seq) and the page; no page when the client has that state already."""
    who.require(asked.space)
    if asked.space == REGION:
        digests.catch_up(office.database)
    with office.database.reading() as connection:
        current, seqs = reached(connection, (asked.space,))
        batches.check_epoch(asked.epoch or current, current)
        upto = seqs[asked.space]
        etag = _etag(current, upto)
        if not asked.known.isdisjoint({etag, "*"}):
            return etag, None
        count = min(asked.limit, office.limits.page)
        stretch = feed.Stretch(asked.space, asked.after, upto)
        page, _ = feed.page(connection, stretch, count, office.limits.page_bytes)
        batches.check_epoch(current, epoch_of(connection))  # a copy may be restored meanwhile
        body = Feed(epoch=current, records=page.records, seq=page.seq, more=page.more)
        return _etag(current, page.seq), body


def _etag(epoch: str, seq: int) -> str:
    return f'"{epoch}.{seq}"'


@read("/v1/records/{record_id:str}/revisions")
async def revisions(request: Call, record_id: FromPath[str]) -> Response[bytes]:
    return await answer(request, await as_caller(request, _revisions, record_id))


def _revisions(office: Office, who: Caller, record_id: str) -> Revisions:
    if not is_id(record_id):
        raise not_found()
    return feed.history(office.database, who, record_id)
