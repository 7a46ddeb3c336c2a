"""Attachments and frozen PDFs on their way: sent and fetched after the records that name them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from app.domain.files import NAMING, named_by
from app.domain.records import Envelope
from app.storage import blobs, sync_state
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync.client import Central
from app.sync.faults import Rejected, detail, not_ours
from app.sync.protocol import Limits, Op

_TO_SEND, _TO_FETCH = "files_to_send", "files_to_fetch"
_LABEL = "Fichiers"


class Waiting:
    """Gathers the files that an answer leaves to send or to fetch, and stores their list.

    To send: {"SPACE/SHA256": id of the upload under way, or ""}; to fetch: [SHA256].
    """

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit
        self._send: dict[str, str] = {}
        self._fetch: list[str] = []

    def to_send(self, named: Op | Envelope) -> None:
        """Lists the file of a record that the central now holds: to send, or to fetch if not here.

        If the central has the file already, that costs a call but no bytes. The file of a record
        deleted here meanwhile goes too, as the record may come back.
        """
        if named.kind not in NAMING or named.deleted:
            return
        stored = self.unit.stored(named.id)
        digest = "" if stored is None else _named_by(stored.envelope)
        if stored is None or not digest:
            return
        if blobs.held(self.unit, [digest]):
            self._send[f"{stored.envelope.space}/{digest}"] = ""
        else:
            self._fetch.append(digest)

    def to_fetch(self, records: Iterable[Envelope]) -> None:
        """Lists to fetch the files, not yet here, that live records of the central name."""
        for record in records:
            digest = _named_by(record)
            if digest and not record.deleted and not blobs.held(self.unit, [digest]):
                self._fetch.append(digest)

    def __bool__(self) -> bool:
        """Whether any file was listed."""
        return bool(self._send or self._fetch)

    def write(self) -> None:
        """Adds the files listed to those that wait already."""
        if self._send:
            ties.keep(self.unit, _TO_SEND, self._send | (ties.kept(self.unit, _TO_SEND) or {}))
        if self._fetch:
            known = ties.kept(self.unit, _TO_FETCH) or []
            ties.keep(self.unit, _TO_FETCH, list(dict.fromkeys([*known, *self._fetch])))


def ask_again(unit: UnitOfWork, lost: Iterable[str]) -> None:
    """Has the next sync fetch files whose bytes are lost here, if the central knows a record naming
    them; `lost` are their SHA-256.
    """
    gone = set(lost)
    waiting = Waiting(unit)
    for kind in NAMING if gone else ():
        known = (record for record in unit.select(kind) if record.revision)
        waiting.to_fetch(record for record in known if _named_by(record) in gone)
    waiting.write()


def are_waiting(kept: ties.Kept) -> bool:
    """Whether files wait to be sent or fetched."""
    return bool(ties.value_of(kept, _TO_SEND) or ties.value_of(kept, _TO_FETCH))


def to_send(unit: UnitOfWork) -> set[str]:
    """The SHA-256 of the files still to send, whose records the central has."""
    return set(map(_digest, ties.kept(unit, _TO_SEND) or {}))


def count_to_fetch(unit: UnitOfWork) -> int:
    """How many files are still to fetch."""
    return len(ties.kept(unit, _TO_FETCH) or [])


def naming_to_send(unit: UnitOfWork) -> Sequence[Envelope]:
    """For each file to send, one live record that names it, if any still does."""
    wanted = to_send(unit)
    found: dict[str, Envelope] = {}
    for kind in NAMING if wanted else ():
        for record in unit.select(kind):
            if _named_by(record) in wanted:
                found.setdefault(_named_by(record), record)
    return list(found.values())


def naming(unit: UnitOfWork, digest: str) -> Envelope | None:
    """A live record that names a file, if any still does."""
    records = (record for kind in NAMING for record in unit.select(kind))
    return next((record for record in records if _named_by(record) == digest), None)


def _digest(place: str) -> str:
    """The SHA-256 in "SPACE/SHA256"."""
    return place.rpartition("/")[2]


def _named_by(record: Envelope) -> str:
    return named_by(record.kind, record.fields)


class Carrier:
    """Sends and fetches the files that wait, one at a time, resuming uploads cut short.

    `refused` gives, by SHA-256, the central's sentence about each file that it refused; `sent` and
    `fetched` count the files transferred.
    """

    def __init__(self, workspace: Workspace, central: Central, limits: Limits) -> None:
        self.workspace = workspace
        self.central = central
        self.limits = limits
        self.refused: dict[str, str] = {}
        self.sent = 0
        self.fetched = 0

    def left(self) -> int:
        """How many files still wait, those refused aside."""
        with self.workspace.reading() as unit:
            waiting = [*map(_digest, self._to_send(unit)), *self._to_fetch(unit)]
        return sum(digest not in self.refused for digest in waiting)

    def carry(self) -> None:
        """Sends, then fetches; SyncError when the line breaks.

        A file that the central refuses does not hold up the others; it stays listed as long as a
        record names it.
        """
        with self.workspace.reading() as unit:
            to_send, to_fetch = self._to_send(unit), self._to_fetch(unit)
        for place, upload_id in to_send.items():
            with self._refusable(_digest(place)):
                self._send(place, upload_id)
            if _digest(place) in self.refused and not self._is_named(_digest(place)):
                del self.refused[_digest(place)]
                self._forget_sent(place)
        for digest in to_fetch:
            with self._refusable(digest):
                self._fetch(digest)

    @contextmanager
    def _refusable(self, digest: str) -> Iterator[None]:
        """Notes that the central refuses a file, and goes on; other problems are raised."""
        try:
            yield
        except Rejected as rejected:
            if rejected.kind != "refused":
                raise
            self.refused[digest] = detail(rejected.problem) or rejected.problem.title

    def _is_named(self, digest: str) -> bool:
        """Whether a record names a file: a live one, or one whose deletion is still to be sent."""
        with self.workspace.reading() as unit:
            edited = sync_state.edited_ids(unit)
            records = (one for kind in NAMING for one in unit.select(kind, deleted=True))
            return any(
                _named_by(one) == digest for one in records if not one.deleted or one.id in edited
            )

    def _send(self, place: str, upload_id: str) -> None:
        digest = _digest(place)
        with self.workspace.reading() as unit:
            content = blobs.content(unit, digest)
        if content is not None and len(content) > self.limits.blob:
            self.refused[digest] = f"Le central prend au plus {self.limits.blob >> 20} Mo."
            return
        if content is not None:
            self.sent += self._upload(place, content, upload_id)
        self._forget_sent(place)

    def _fetch(self, digest: str) -> None:
        content = self._fetched(digest)
        with self.workspace.unit(_LABEL) as unit:
            if content is not None:
                blobs.keep(unit, content)
            if content is not None or naming(unit, digest) is None:
                ties.keep(unit, _TO_FETCH, [d for d in self._to_fetch(unit) if d != digest])
                unit.commit()
                self.fetched += content is not None

    def _upload(self, place: str, content: bytes, upload_id: str) -> bool:
        """Uploads a file; False when the central has it already."""
        space, _, digest = place.partition("/")
        offset = self._resumed(upload_id)
        if offset is None:
            upload = self.central.begin_upload(space, digest, len(content))
            if upload.complete:
                return False
            upload_id, offset = upload.id, upload.offset
            self._note(place, upload_id)
        if offset > len(content):
            raise not_ours("envoi au-delà de sa fin")
        while offset < len(content):
            piece = content[offset : offset + self.limits.chunk]
            came = self.central.append(upload_id, offset, piece)
            if not offset < came <= offset + len(piece):
                raise not_ours("envoi qui n'avance pas")
            offset = came
        return True

    def _resumed(self, upload_id: str) -> int | None:
        """The offset reached by an upload begun earlier; None when the central no longer has it."""
        if not upload_id:
            return None
        try:
            return self.central.upload_offset(upload_id)
        except Rejected:
            return None

    def _fetched(self, digest: str) -> bytes | None:
        """A file with its digest checked; None when the central does not hold it yet."""
        try:
            content = self.central.download(digest)
        except Rejected as rejected:
            if rejected.problem.name != "not-found":
                raise
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def _note(self, place: str, upload_id: str) -> None:
        with self.workspace.unit(_LABEL) as unit:
            ties.keep(unit, _TO_SEND, self._to_send(unit) | {place: upload_id})
            unit.commit()

    def _forget_sent(self, place: str) -> None:
        with self.workspace.unit(_LABEL) as unit:
            left = {one: upload for one, upload in self._to_send(unit).items() if one != place}
            ties.keep(unit, _TO_SEND, left)
            unit.commit()

    @staticmethod
    def _to_send(unit: UnitOfWork) -> dict[str, str]:
        return dict(ties.kept(unit, _TO_SEND) or {})

    @staticmethod
    def _to_fetch(unit: UnitOfWork) -> list[str]:
        return list(ties.kept(unit, _TO_FETCH) or [])
