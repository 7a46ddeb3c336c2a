"""The agenda templates that a commission may choose among: those shipped, and its own.

Its own are JSON attachments of the commission's record: they reach its other laptops, its backups
and its archive as every attachment does, and need no kind of record of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.domain import agenda_templates
from app.domain.agenda_templates import Template
from app.domain.media_types import AGENDA
from app.domain.records import Commission, Record
from app.domain.validation import readable
from app.errors import UserError
from app.paths import resources
from app.services.attachments import Attachments, File
from app.services.meetings import Meetings
from app.services.translation import translated
from app.storage import blobs
from app.storage.unit_of_work import UnitOfWork


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A template to choose; `attachment_id` names the commission's own, "" one that is shipped."""

    template: Template
    attachment_id: str = ""


class AgendaTemplates:
    """Lists, saves and forgets templates."""

    def __init__(self, meetings: Meetings, attachments: Attachments) -> None:
        self._meetings = meetings
        self._attachments = attachments
        self._records = meetings.records
        self._workspace = meetings.workspace

    def choices(self, commission_id: str) -> Sequence[Choice]:
        """The commission's own templates, the last made first, then its profile's and the other.

        One whose bytes have not reached this laptop yet, or are no template, is left out.
        """
        commission: Record[Commission] = self._records.get(commission_id)
        profile = commission.fields.profile
        names = sorted(("commission", "deliberative"), key=lambda name: name != profile)
        return [*self._own(commission_id), *(Choice(template=_shipped(name)) for name in names)]

    def usual(self, commission_id: str) -> Template:
        """What a new meeting gets: the commission's own template, else that of its profile."""
        return self.choices(commission_id)[0].template

    def save(self, meeting_id: str, name: str = "") -> Choice:
        """Keeps a meeting's agenda as a template; one of the same name is replaced.

        UserError when the agenda has no item.
        """
        file = self._meetings.file(meeting_id)
        label = name.strip() or file.commission.fields.name.strip() or "Ordre du jour habituel"
        template = agenda_templates.saved(label, file.items)
        if not template.items:
            raise UserError("L'ordre du jour est vide : ajoutez-y des points avant d'en garder.")
        former = [one for one in self._own(file.commission.id) if one.template.name == label]
        kept = self._attachments.keep(
            file.commission.id,
            File(f"{label}.json", AGENDA, agenda_templates.written(template)),
            "Modèle d'ordre du jour",
            former[0].attachment_id if former else None,
        )
        return Choice(template=template, attachment_id=kept.id)

    def forget(self, attachment_id: str) -> None:
        """Deletes a template of the commission's own."""
        self._records.delete(attachment_id, label="Suppression d'un modèle d'ordre du jour")

    def _own(self, commission_id: str) -> list[Choice]:
        with translated(self._workspace), self._workspace.reading() as unit:
            return own(unit, commission_id)


def own(unit: UnitOfWork, commission_id: str) -> list[Choice]:
    """The commission's own templates that this laptop can read, the last made first."""
    choices = []
    for one in unit.select("attachment", pointing=("owner_id", commission_id)):
        fields = readable(one)
        if fields["media_type"] == AGENDA:
            template = agenda_templates.read(blobs.content(unit, fields["sha256"] or "") or b"")
            if template is not None:
                choices.append(Choice(template=template, attachment_id=one.id))
    return choices[::-1]


def _shipped(name: str) -> Template:
    template = agenda_templates.read((resources() / "templates" / f"{name}.json").read_bytes())
    assert template is not None
    return template
