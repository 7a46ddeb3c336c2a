"""Attachments and frozen PDFs: sent in pieces, checked whole, kept by digest within their space.

A file counts once all of it has come and its SHA-256 is the one announced; it can be read only
through a record that names it. Each space keeps its own files, so that a record which names a
digest never opens another space's file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, select, update

from app.central.access import Caller
from app.central.bulk import insert_many
from app.central.problems import Refused, not_found
from app.central.schema import blob_names, blobs, chunks, uploads
from app.clock import new_id, stamp
from app.sync.protocol import Upload, UploadRequest

ABANDONED_AFTER = timedelta(days=7)
"""How long an upload that is not finished is kept."""

_PIECE = 1 << 20  # bytes in one row


@dataclass(frozen=True)
class Blob:
    """A whole file that the caller may read."""

    sha256: str
    size: int
    upload_id: str


def begin(
    connection: Connection, who: Caller, request: UploadRequest, limit: int, now: datetime
) -> Upload:
    """A new upload, complete at once when the space already holds the file or it is empty."""
    who.require(request.space)
    if request.size > limit:
        raise Refused("shape", f"Une pièce jointe compte au plus {limit >> 20} Mo.", field="size")
    _forget_abandoned(connection, now)
    upload_id = new_id()
    held = connection.execute(_blob(request.space, request.sha256)).first()
    row = {
        "id": upload_id,
        "device_id": who.device_id,
        "space": request.space,
        "sha256": request.sha256,
        "size": request.size,
        "received": request.size if held else 0,
        "begun_at": stamp(now),
    }
    if held and held.size != request.size:
        raise Refused("digest-mismatch", "La taille annoncée n'est pas celle de ce fichier.")
    connection.execute(uploads.insert(), row)
    if not held and request.size == 0 and not _finish(connection, find(connection, who, upload_id)):
        raise Refused("digest-mismatch", "Un fichier vide n'a pas cette empreinte.")
    return find(connection, who, upload_id)


def find(connection: Connection, who: Caller, upload_id: str) -> Upload:
    """The device's upload in a space still open to it; Refused (404) for any other."""
    query = select(uploads).where(uploads.c.id == upload_id, uploads.c.device_id == who.device_id)
    row = connection.execute(query).first()
    if row is None:
        raise not_found()
    who.require(row.space)
    return Upload(
        id=row.id,
        space=row.space,
        sha256=row.sha256,
        size=row.size,
        offset=row.received,
        complete=connection.execute(_blob(row.space, row.sha256)).first() is not None,
    )


def append(
    connection: Connection, who: Caller, upload_id: str, offset: int, content: bytes
) -> Upload | None:
    """Adds bytes to an upload; None when all have come and their digest is not the one announced.

    Refused when `offset` is not where the upload stands, with the right one in a header.
    """
    connection.execute(  # one PATCH at a time
        select(uploads.c.id).where(uploads.c.id == upload_id).with_for_update()
    )
    upload = find(connection, who, upload_id)
    if offset != upload.offset:
        raise Refused(
            "upload-offset",
            f"L'envoi en est à l'octet {upload.offset}.",
            headers={"Upload-Offset": str(upload.offset)},
        )
    received = offset + len(content)
    if received > upload.size:
        raise Refused("too-large", "Il vient plus d'octets que la taille annoncée.")
    pieces = [
        {"upload_id": upload_id, "start": offset + at, "content": content[at : at + _PIECE]}
        for at in range(0, len(content), _PIECE)
    ]
    if pieces:
        connection.execute(chunks.insert(), pieces)
    connection.execute(update(uploads).where(uploads.c.id == upload_id).values(received=received))
    upload = find(connection, who, upload_id)
    if received == upload.size and not upload.complete and not _finish(connection, upload):
        return None
    return find(connection, who, upload_id)


def _finish(connection: Connection, upload: Upload) -> bool:
    """Makes the content a file of its space; if its digest is wrong, drops the upload: False."""
    digest = sha256()
    for piece in _pieces(connection, upload.id, 0, upload.size):
        digest.update(piece)
    if digest.hexdigest() != upload.sha256:
        _forget(connection, [upload.id])
        return False
    row = {
        "space": upload.space,
        "sha256": upload.sha256,
        "size": upload.size,
        "upload_id": upload.id,
    }
    connection.execute(blobs.insert(), row)
    return True


def name_files(connection: Connection, space: str, files: Sequence[tuple[str, str]]) -> None:
    """Notes that records of a space name files: (sha256, record id)."""
    if files:
        names = ("sha256", "space", "record_id")
        rows = [(digest, space, record_id) for digest, record_id in files]
        insert_many(connection, "blob_names", names, rows, " ON CONFLICT DO NOTHING")


def readable(connection: Connection, who: Caller, digest: str) -> Blob:
    """The whole file of that digest, named by a record that the caller may read; else 404."""
    query = select(blobs, blob_names.c.record_id).join_from(
        blobs,
        blob_names,
        (blobs.c.sha256 == blob_names.c.sha256) & (blobs.c.space == blob_names.c.space),
    )
    for row in connection.execute(query.where(blobs.c.sha256 == digest)):
        if row.space in who.spaces:
            return Blob(row.sha256, row.size, row.upload_id)
    raise not_found()


def read(connection: Connection, blob: Blob, start: int, end: int) -> bytes:
    """The bytes of a file in [start, end)."""
    return b"".join(_pieces(connection, blob.upload_id, start, end))


def _pieces(connection: Connection, upload_id: str, start: int, end: int) -> Iterator[bytes]:
    query = (
        select(chunks.c.start, chunks.c.content)
        .where(
            chunks.c.upload_id == upload_id,
            chunks.c.start > start - _PIECE,
            chunks.c.start < end,
        )
        .order_by(chunks.c.start)
    )
    for at, content in connection.execute(query.execution_options(yield_per=4)):
        piece = content[max(0, start - at) : end - at]
        if piece:
            yield piece


def _blob(space: str, digest: str) -> Select[Any]:
    return select(blobs).where(blobs.c.space == space, blobs.c.sha256 == digest)


def _forget_abandoned(connection: Connection, now: datetime) -> None:
    """Drops the old unfinished uploads, except one that is receiving bytes at this moment."""
    old = select(uploads.c.id).where(
        uploads.c.begun_at < stamp(now - ABANDONED_AFTER),
        ~exists().where(blobs.c.upload_id == uploads.c.id),
    )
    held = connection.execute(old.with_for_update(skip_locked=True)).scalars().all()
    if held:  # looked at again: one may have become a file's content before it was held
        still = connection.execute(old.where(uploads.c.id.in_(held)))
        _forget(connection, still.scalars().all())


def _forget(connection: Connection, ids: Sequence[str]) -> None:
    if ids:
        connection.execute(delete(chunks).where(chunks.c.upload_id.in_(ids)))
        connection.execute(delete(uploads).where(uploads.c.id.in_(ids)))
