"""Attachments and frozen PDFs: uploads that resume, files that are read by ranges."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from litestar import MediaType, Response, head, patch, post
from litestar.params import FromPath
from litestar.response import Stream

from app.central import blobs
from app.central.access import Caller
from app.central.blobs import Blob
from app.central.bodies import (
    Call,
    Packed,
    answer,
    as_caller,
    check_bearer,
    known_etags,
    office,
    received,
    received_as,
    unpack,
)
from app.central.methods import read
from app.central.office import Office
from app.central.problems import Refused, not_found
from app.domain.validation import is_id
from app.domain.values import SHA256
from app.sync.protocol import FILE_TYPE, Upload, UploadRequest

_WINDOW = 4 << 20  # bytes of a file in memory at once


@post("/v1/uploads")
async def begin(request: Call) -> Response[bytes]:
    check_bearer(request)
    upload = await as_caller(request, _begin, await received_as(request, UploadRequest))
    headers = {"Location": f"/v1/uploads/{upload.id}", "Upload-Offset": str(upload.offset)}
    return await answer(request, upload, status=201, headers=headers)


def _begin(office: Office, who: Caller, asked: UploadRequest) -> Upload:
    with office.database.writing() as connection:
        return blobs.begin(connection, who, asked, office.limits.blob, office.clock())


@head("/v1/uploads/{upload_id:str}")
async def progress(request: Call, upload_id: FromPath[str]) -> Response[None]:
    upload = await as_caller(request, _find, upload_id)
    return Response(None, headers=_offsets(upload), media_type=MediaType.TEXT)  # in JSON: « null »


def _find(office: Office, who: Caller, upload_id: str) -> Upload:
    if not is_id(upload_id):
        raise not_found()
    with office.database.reading() as connection:
        return blobs.find(connection, who, upload_id)


@patch("/v1/uploads/{upload_id:str}")
async def append(request: Call, upload_id: FromPath[str]) -> Response[None]:
    check_bearer(request)
    offset = request.headers.get("upload-offset", "")
    if not re.fullmatch(r"[0-9]{1,15}", offset):
        detail = "L'en-tête Upload-Offset doit être un nombre d'octets."
        raise Refused("shape", detail, field="Upload-Offset")
    sent = await received(request, office(request).limits.chunk)
    upload = await as_caller(request, _append, upload_id, int(offset), sent)
    return Response(None, status_code=204, headers=_offsets(upload))


def _append(office: Office, who: Caller, upload_id: str, offset: int, sent: Packed) -> Upload:
    if not is_id(upload_id):
        raise not_found()
    content = unpack(sent, office.limits.chunk)
    with office.database.writing() as connection:
        upload = blobs.append(connection, who, upload_id, offset, content)
    if upload is None:
        raise Refused(
            "digest-mismatch", "Le fichier reçu n'est pas celui annoncé : renvoyez-le en entier."
        )
    return upload


def _offsets(upload: Upload) -> dict[str, str]:
    return {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.size),
        "Cache-Control": "no-store",
    }


@read("/v1/blobs/{digest:str}")
async def content(request: Call, digest: FromPath[str]) -> Response[bytes] | Stream:
    served = office(request)
    blob = await as_caller(request, _readable, digest)
    etag = f'"{blob.sha256}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Cache-Control": "private, immutable",
        "Content-Disposition": "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    if not known_etags(request).isdisjoint({etag, "*"}):
        return Response(b"", status_code=304, headers=headers)
    by_range = request.method == "GET" and request.headers.get("if-range", etag) == etag
    start, end, status = _range(request.headers.get("range") if by_range else None, blob.size)
    headers["Content-Length"] = str(end - start)
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{blob.size}"
    if request.method == "HEAD":
        return Response(b"", status_code=status, headers=headers, media_type=FILE_TYPE)
    return Stream(
        _windows(served, blob, start, end),
        status_code=status,
        headers=headers,
        media_type=FILE_TYPE,
    )


def _readable(office: Office, who: Caller, digest: str) -> Blob:
    if not SHA256.match(digest):
        raise not_found()
    with office.database.reading() as connection:
        return blobs.readable(connection, who, digest)


async def _windows(office: Office, blob: Blob, start: int, end: int) -> AsyncIterator[bytes]:
    for at in range(start, end, _WINDOW):
        yield await office.run(_window, office, blob, at, min(at + _WINDOW, end))


def _window(office: Office, blob: Blob, start: int, end: int) -> bytes:
    with office.database.reading() as connection:
        return blobs.read(connection, blob, start, end)


def _range(header: str | None, size: int) -> tuple[int, int, int]:
    """(start, end, status) of a Range header (RFC 9110): one range; several mean the whole."""
    asked = (header or "").replace(" ", "").lower()
    found = re.fullmatch(r"bytes=([0-9]{0,15})-([0-9]{0,15})", asked)
    if found is None or found.groups() == ("", ""):
        return 0, size, 200
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1 if last else size, size)
    if last and first and int(last) < int(first):
        return 0, size, 200
    if start >= end:
        raise Refused("range", headers={"Content-Range": f"bytes */{size}"})
    return start, end, 206
