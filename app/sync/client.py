"""The calls of the protocol, version 1, to one central (CONTRACTS §5)."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from app.errors import SyncError
from app.sync.compression import FALLBACK, compress, decompress
from app.sync.faults import Cut, Lost, Passing, Rejected, not_ours
from app.sync.protocol import (
    CHUNK_TYPE,
    FILE_TYPE,
    Capabilities,
    Device,
    Enrolment,
    EnrolmentRequest,
    NewToken,
    Revisions,
    SyncResponse,
    Upload,
    UploadRequest,
)
from app.sync.transport import Transport

_UNSUPPORTED = 415
_LARGEST = 1 << 30  # the most bytes in a batch of our own, decompressed
_PATIENCE = 3  # tries in a row of a transfer that get no byte further
_T = TypeVar("_T")


class Central(Transport):
    """One central, with the calls that a laptop may make."""

    def capabilities(self) -> Capabilities:
        """What the central can do, and the key that signs its receipts."""
        return self._get("/v1/capabilities", Capabilities)

    def enrol(self, code: str, device_name: str) -> Enrolment:
        """Trades the one-time code for a token; never retried, as the code may be used up."""
        body = msgspec.json.encode(EnrolmentRequest(code=code, device_name=device_name[:200]))
        try:
            reply = self.once("POST", "/v1/enrolments", body)
        except (Lost, Cut) as fault:
            raise SyncError(
                "offline",
                f"La réponse de « {self.host} » au code s'est perdue : réessayez avec le même"
                " code ; s'il n'est plus valable, il a servi, demandez-en un autre au GIP.",
            ) from fault
        return self.decoded(reply.body, Enrolment)

    def device(self) -> Device:
        """This device, its account and the spaces granted."""
        return self._get("/v1/devices/self", Device)

    def sign_out(self) -> None:
        """Revokes this device's token."""
        self.again("DELETE", "/v1/devices/self")

    def rotate(self) -> str:
        """A fresh token; the former one stays valid until it is first used."""
        return self.decoded(self.again("POST", "/v1/devices/self/token").body, NewToken).token

    def exchange(self, body: bytes, coding: str) -> SyncResponse:
        """Makes one exchange; gives the central's answer, decoded."""
        return self.decoded(self.answer(body, coding), SyncResponse)

    def answer(self, body: bytes, coding: str) -> bytes:
        """Makes one exchange; gives the answer's bytes. After a lost reply, a 5xx or a 429 the same
        bytes are sent again.

        A central or a proxy that refuses their coding (415) gets them in gzip: the central knows a
        batch by its bytes once decompressed.
        """
        headers = {"Content-Encoding": coding} if coding else {}
        try:
            reply = self.again("POST", "/v1/sync", body, headers)
        except Rejected as rejected:
            if rejected.problem.status != _UNSUPPORTED:
                raise
            if coding in ("", FALLBACK):
                raise not_ours(f"réponse {_UNSUPPORTED}") from rejected
            plain = decompress(body, coding, _LARGEST)
            return self.answer(compress(plain, FALLBACK), FALLBACK)
        return reply.body

    def revisions(self, record_id: str) -> Revisions:
        """The accepted changes of a record with their authors, the newest first."""
        return self._get(f"/v1/records/{record_id}/revisions", Revisions)

    def knows(self, record_id: str, field: str = "") -> bool:
        """Whether the central holds a record, deleted or not, that we may read.

        With `field`, whether one of the record's changes set that field.
        """
        try:
            found = self.revisions(record_id).revisions
        except Rejected as rejected:
            if rejected.problem.name != "not-found":
                raise
            return False
        return not field or any(field in one.fields for one in found)

    def begin_upload(self, space: str, sha256: str, size: int) -> Upload:
        """A new upload of a file, complete at once when the space holds it already."""
        body = msgspec.json.encode(UploadRequest(space=space, sha256=sha256, size=size))
        return self.decoded(self.again("POST", "/v1/uploads", body).body, Upload)

    def upload_offset(self, upload_id: str) -> int:
        """How many bytes of an upload the central has."""
        return _offset(self.again("HEAD", f"/v1/uploads/{upload_id}").headers.get(_OFFSET.lower()))

    def append(self, upload_id: str, offset: int, content: bytes) -> int:
        """Sends more of an upload; gives how many bytes the central has.

        After a passing fault it first asks how far the upload got, and sends these bytes again
        only if none of them arrived.
        """
        headers = {_OFFSET: str(offset), "Content-Type": CHUNK_TYPE}
        for tries in range(1, _PATIENCE + 1):
            try:
                reply = self.once("PATCH", f"/v1/uploads/{upload_id}", content, headers)
            except Passing as fault:
                if tries == _PATIENCE:
                    raise
                self.wait(fault, tries)
            else:
                return _offset(reply.headers.get(_OFFSET.lower()))
            if (came := self.upload_offset(upload_id)) != offset:
                return came
        raise AssertionError("unreachable")

    def download(self, sha256: str) -> bytes:
        """A file's bytes, resumed where the line broke; the caller checks their digest."""
        content = bytearray()
        furthest, patience = 0, _PATIENCE
        while True:
            wanted = {"Accept-Encoding": "identity"}
            if content:
                wanted["Range"] = f"bytes={len(content)}-"
            try:
                reply = self.once("GET", f"/v1/blobs/{sha256}", headers=wanted, into=content)
            except Passing as fault:
                patience = _PATIENCE if len(content) > furthest else patience - 1
                furthest = max(furthest, len(content))
                if not patience:
                    raise
                self.wait(fault, _PATIENCE - patience)
                continue
            if reply.headers.get("content-type", "").split(";")[0] != FILE_TYPE:
                raise not_ours("ce n'est pas un fichier")
            return bytes(content)

    def _get(self, path: str, answer: type[_T]) -> _T:
        return self.decoded(self.again("GET", path).body, answer)


_OFFSET = "Upload-Offset"


def _offset(text: str | None) -> int:
    if text is None or not re.fullmatch("[0-9]{1,15}", text):
        raise not_ours("envoi sans position")
    return int(text)
