"""Files kept with a record: photos of a whiteboard, quotes, letters.

Their bytes lie in the workspace by their SHA-256, and travel with a sync after their record.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.domain import dates, validation, wording
from app.domain.media_types import kind_of
from app.domain.records import Attachment, Record
from app.domain.search_text import fold
from app.errors import UserError
from app.services import guards
from app.services.changes import Change
from app.services.records import Records
from app.services.translation import translated
from app.storage import blobs, files
from app.storage.unit_of_work import UnitOfWork

MOST = 50 << 20
"""The largest file, in bytes, that the central takes.

Users are told « 50 Mo », counted as Windows does (1 024 × 1 024 bytes each), so that a file which
any system shows as 50 Mo is taken.
"""

OWN = "application/vnd.commissions."
"""The beginning of the media types of files that the program keeps for itself, as templates."""


class File(NamedTuple):
    """A file to keep."""

    name: str
    media_type: str
    data: bytes


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment, and whether its bytes have reached this laptop."""

    record: Record[Attachment]
    here: bool


class Attachments:
    """Keeps files with the records that they belong to."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._workspace = records.workspace

    def of(self, owner_id: str) -> Sequence[Held]:
        """The files of a record by name, but for those that the program keeps for itself."""
        found: Sequence[Record[Attachment]] = self._records.list("attachment", owner_id=owner_id)
        shown = [one for one in found if not one.fields.media_type.startswith(OWN)]
        with translated(self._workspace), self._workspace.reading() as unit:
            here = set(blobs.held(unit, [one.fields.sha256 or "" for one in shown]))
        held = [Held(record=one, here=one.fields.sha256 in here) for one in shown]
        return sorted(held, key=lambda one: (fold(one.record.fields.name), one.record.id))

    def add(self, owner_id: str, sources: Sequence[Path]) -> Sequence[Record[Attachment]]:
        """Keeps files with a record, all or none; UserError for an empty or too large one."""
        read = [File(source.name, kind_of(source.name), _content(source)) for source in sources]
        with self._writing("Ajout d'une pièce jointe") as unit:
            kept = [self._write(unit, owner_id, file) for file in read]
            unit.commit()
        return kept

    def paste(self, owner_id: str, image: bytes) -> Record[Attachment]:
        """Keeps a pasted PNG, named after the day and hour; UserError if too large."""
        if len(image) > MOST:
            raise UserError(
                f"L'image copiée dépasse {MOST >> 20} Mo : ajoutez plutôt le fichier de la photo."
            )
        file = File(self._name_of_pasted(owner_id), "image/png", image)
        return self.keep(owner_id, file, "Ajout d'une pièce jointe")

    def _name_of_pasted(self, owner_id: str) -> str:
        """« Image du 19 mars 2027 à 18 h 05.png », with a number if that name is taken."""
        now = self._workspace.clock().isoformat()
        day = wording.short_day(dates.local_day(now))
        stem = wording.plain(f"Image du {day} à {wording.hour(now)}")
        known = {one.fields.name for one in self._records.list("attachment", owner_id=owner_id)}
        numbered = (f"{stem} ({number}).png" for number in itertools.count(2))
        names = itertools.chain([f"{stem}.png"], numbered)
        return next(name for name in names if name not in known)

    def keep(
        self, owner_id: str, file: File, label: str, replaced: str | None = None
    ) -> Record[Attachment]:
        """Keeps a file with a record, in the place of the attachment `replaced` if one is named."""
        with self._writing(label) as unit:
            kept = self._write(unit, owner_id, file, replaced)
            unit.commit()
        return kept

    @contextmanager
    def _writing(self, label: str) -> Iterator[UnitOfWork]:
        with (
            translated(self._workspace),
            self._workspace.unit(label, undoable=True) as unit,
        ):
            yield unit

    def _write(
        self, unit: UnitOfWork, owner_id: str, file: File, replaced: str | None = None
    ) -> Record[Attachment]:
        fields = {
            "owner_id": owner_id,
            "name": file.name,
            "media_type": file.media_type,
            "size": len(file.data),
            "sha256": blobs.keep(unit, file.data),
        }
        written = self._records.write(unit, Change("attachment", fields, replaced))
        guards.check_written(unit, [written.id])
        return validation.typed(written)

    def content(self, attachment_id: str) -> bytes:
        """The bytes of an attachment; UserError while they have not reached this laptop."""
        attachment: Record[Attachment] = self._records.get(attachment_id)
        with translated(self._workspace), self._workspace.reading() as unit:
            data = blobs.content(unit, attachment.fields.sha256 or "")
        if data is None:
            raise UserError(
                f"Le fichier « {attachment.fields.name} » n'est pas encore sur cet ordinateur :"
                " synchronisez, ou importez l'archive .zip qui le contient."
            )
        return data

    def remove(self, attachment_id: str) -> None:
        """Takes a file away from its record; undoing brings it back."""
        self._records.delete(attachment_id, label="Retrait d'une pièce jointe")


def _content(source: Path) -> bytes:
    data = files.content(source, MOST)
    if not data:
        raise UserError(f"Le fichier « {source.name} » est vide : choisissez-en un autre.")
    return data
