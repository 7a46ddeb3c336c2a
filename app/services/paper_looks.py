"""How a commission's papers look: the templates that they follow, the logo that they bear.

A commission's own are attachments of its record, and so reach its other laptops, its backups and
its archive; the operator's logo is a setting of the workspace.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.documents.document import Letterhead
from app.documents.templates import shipped
from app.domain import document_templates
from app.domain.document_kinds import KINDS
from app.domain.document_templates import Template
from app.domain.media_types import LOGO, TEMPLATE
from app.domain.records import Attachment, Commission, Record
from app.domain.refusals import Refusal
from app.errors import UserError
from app.services.changes import Change
from app.services.letterheads import Logo, letterhead, operator_logo, unfit
from app.services.records import Records
from app.services.settings import Settings
from app.services.translation import translated
from app.storage import files


@dataclass(frozen=True)
class Draft:
    """A template to edit, with every part: those that it leaves out come last, marked not shown.

    `fault` says what is wrong with the kept template; the shipped one then takes its place here.
    """

    template: Template
    shipped: Template
    fault: str = ""


class PaperLooks:
    """Reads and keeps looks; a `commission_id` of None stands for the operator's own."""

    def __init__(self, records: Records, settings: Settings) -> None:
        self._records, self._settings = records, settings
        self._workspace = records.workspace

    # Templates

    def template(self, kind: str, commission_id: str | None) -> Template:
        """The template that papers of a kind follow in a commission.

        One whose bytes have not reached this laptop yet gives way to the shipped one. UserError
        with the place of the fault when it is broken.
        """
        data = self._content(self._own(commission_id, TEMPLATE, KINDS[kind].label))
        if data is None:
            return shipped(kind)
        try:
            return document_templates.read(kind, data)
        except Refusal as refusal:
            raise UserError(
                f"{refusal.sentence.rstrip('.')} ; corrigez ce modèle, ou rétablissez celui qui est"
                " livré, dans Réglages, Commission."
            ) from refusal

    def draft(self, kind: str, commission_id: str) -> Draft:
        """What an editor opens on."""
        usual, fault = shipped(kind), ""
        try:
            kept = self.template(kind, commission_id)
        except UserError as error:
            kept, fault = usual, str(error)
        return Draft(document_templates.completed(kept, usual), usual, fault)

    def own_kinds(self, commission_id: str) -> frozenset[str]:
        """The kinds of which a commission has its own template."""
        names = {one.fields.name for one in self._kept(commission_id, TEMPLATE)}
        return frozenset(kind for kind, rules in KINDS.items() if rules.label in names)

    def save(self, commission_id: str, template: Template) -> None:
        """Keeps a template as the commission's own; UserError with the place of a fault."""
        try:
            data = document_templates.written(document_templates.checked(template))
        except Refusal as refusal:
            raise UserError(refusal.sentence) from refusal
        name = KINDS[template.kind].label
        self._keep(commission_id, TEMPLATE, name, data, "Modification d'un modèle")

    def reset(self, kind: str, commission_id: str) -> None:
        """Goes back to the shipped template."""
        label = "Retour au modèle livré"
        self._forget(commission_id, TEMPLATE, KINDS[kind].label, label)

    # Letterheads

    def letterhead(self, commission_id: str | None) -> Letterhead:
        """The operator's name and address, with the commission's logo if it has one.

        UserError when the logo is no picture.
        """
        return letterhead(self._settings, self.logo(commission_id) if commission_id else None)

    def logo(self, commission_id: str | None) -> Logo | None:
        """A commission's logo, or the operator's."""
        if commission_id is None:
            return operator_logo(self._settings)
        found = self._own(commission_id, LOGO)
        content = self._content(found)
        if found is None or content is None:
            return None
        return Logo(content, found.fields.name)

    def picture_of(self, path: Path) -> bytes:
        """The picture of a file as a clean PNG; UserError when it is none, or too large."""
        from app.documents.pdf.picture import MOST_BYTES, as_logo

        try:
            return as_logo(files.content(path, MOST_BYTES))
        except ValueError as error:
            raise UserError(unfit(error)) from error

    def set_logo(
        self, commission_id: str | None, data: bytes, words: str = "", *, over: Logo | None = None
    ) -> None:
        """Keeps a picture as a logo; `words` say what it shows, by default whose it is.

        `over` is the logo as it was shown: its picture or its words, if given back unchanged, leave
        what others wrote since. UserError when it is no PNG or JPEG, or too large.
        """
        from app.documents.pdf.picture import as_logo

        now = self.logo(commission_id)
        if over is not None and now is not None:
            data = now.data if data == over.data else data
            words = now.words if words == over.words else words
        try:
            picture = as_logo(data)
        except ValueError as error:
            raise UserError(unfit(error)) from error
        if commission_id is None:
            self._settings.set("operator_logo", base64.b64encode(picture).decode())
            self._settings.set("operator_logo_words", words.strip())
            return
        commission: Record[Commission] = self._records.get(commission_id)
        name = words.strip() or commission.fields.name.strip() or "Logo de la commission"
        self._keep(commission_id, LOGO, name, picture, "Logo de la commission", renamed=True)

    def remove_logo(self, commission_id: str | None) -> None:
        """Leaves the papers without this logo."""
        if commission_id is None:
            self._settings.set("operator_logo", "")
            self._settings.set("operator_logo_words", "")
        else:
            self._forget(commission_id, LOGO, None, "Retrait du logo")

    # Attachments

    def _own(
        self, commission_id: str | None, media_type: str, name: str | None = None
    ) -> Record[Attachment] | None:
        """The last attachment of a type, and of a name if one is given."""
        if commission_id is None:
            return None
        kept = self._kept(commission_id, media_type, name)
        return max(kept, key=lambda one: one.id, default=None)

    def _kept(
        self, commission_id: str, media_type: str, name: str | None = None
    ) -> list[Record[Attachment]]:
        """As `_own`, all of them: two laptops may each have kept one."""
        found: Sequence[Record[Attachment]] = self._records.list(
            "attachment", owner_id=commission_id, media_type=media_type
        )
        return [one for one in found if name is None or one.fields.name == name]

    def _content(self, attachment: Record[Attachment] | None) -> bytes | None:
        if attachment is None:
            return None
        with self._workspace.snapshot() as records:
            return records.blob(attachment.fields.sha256 or "")

    def _keep(
        self, commission_id: str, media_type: str, name: str, data: bytes, label: str,
        *, renamed: bool = False,
    ) -> None:  # fmt: skip
        from app.storage import blobs

        former = self._own(commission_id, media_type, None if renamed else name)
        attachment_id = former.id if former else self._records.ids()
        with translated(self._workspace), self._workspace.unit(label, undoable=True) as unit:
            fields = {
                "owner_id": commission_id,
                "name": name,
                "media_type": media_type,
                "size": len(data),
                "sha256": blobs.keep(unit, data),
            }
            self._records.write(unit, Change("attachment", fields, attachment_id))
            unit.commit()

    def _forget(self, commission_id: str, media_type: str, name: str | None, label: str) -> None:
        kept = self._kept(commission_id, media_type, name)
        self._records.delete_all([one.id for one in kept], label=label)
