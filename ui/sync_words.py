"""What is said of the tie to the central, and of a sync once it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.records import REGION

if TYPE_CHECKING:
    from app.domain.records import Commission, Record
    from app.services.sync import Status
    from app.services.sync_report import Line, Named, Report


def standing(status: Status) -> str:
    """How the workspace stands, in one line that begins with what there is to do."""
    if not status.url:
        return "Cet ordinateur n'est rattaché à aucun central."
    parts = [] if status.signed_in else ["Accès à renouveler"]
    waiting = wording.count(status.pending, "modification") if status.pending else "Rien"
    parts.append(f"{waiting} à envoyer")
    if kept := sum(number for _, number in status.closed):
        parts.append(f"{wording.count(kept, 'modification')} {wording.agree(kept, 'retenue')} ici")
    if status.to_resend:
        parts.append(f"{wording.count(status.to_resend, 'modification')} à renvoyer")
    if status.last_sync_at:
        parts.append(f"dernier échange le {wording.day_and_hour(status.last_sync_at)}")
    return " · ".join(parts)


def spaces(commissions: Sequence[Record[Commission]]) -> dict[str, str]:
    """What each space is called where there are several commissions; else nothing is to be said."""
    if len(commissions) < 2:
        return {}
    return {REGION: "Région"} | {one.id: one.fields.name or "Sans nom" for one in commissions}


def shares(status: Status) -> list[str]:
    """How much is to be sent of each commission, where there are several."""
    if len(status.commission_ids) < 2 or not status.waiting:
        return []
    counts = [f"{name or 'Région'} : {number}" for name, number in status.waiting]
    return [" · ".join(counts)]


def apart(status: Status) -> list[str]:
    """The commissions from which nothing leaves, and why."""
    said = [
        f"La commission « {name} » n'est pas au central : rien n'en part."
        for name in status.kept_here
    ]
    for name, number in status.closed:
        verb = wording.agree(number, "attend", "attendent")
        there = f" {wording.count(number, 'modification')} y {verb}." if number else ""
        said.append(
            f"La commission « {name} » ne vous est plus ouverte : rien n'en part et rien n'y"
            f" arrive.{there} Voyez avec le GIP."
        )
    return said


def tone(report: Report, lines: Sequence[Line]) -> str:
    """Which look the banner has that says the summary; `lines` tell what was exchanged."""
    if report.needs_user:
        return "warning"
    return "info" if report.notes and not lines else "success"


def summary(report: Report) -> str:
    """« 12 modifications envoyées, 3 reçues, 1 conflit à départager. », then the first of the notes
    if the user has to see to one.
    """
    counts = (
        (report.sent, "envoyée"),
        (report.received, "reçue"),
        (report.merged, "réunie"),
        (report.refused, "refusée"),
    )
    parts: list[str] = []
    for number, word in ((len(lines), word) for lines, word in counts if lines):
        said = "" if parts else f"{wording.agree(number, 'modification')} "
        parts.append(f"{wording.whole(number)} {said}{wording.agree(number, word)}")
    if report.conflicts:
        parts.append(f"{wording.count(len(report.conflicts), 'conflit')} à départager")
    if report.deletions:
        parts.append(asked(report.deletions))
    nothing = "Rien n'a été échangé." if report.notes else "Tout est à jour."
    said = f"{', '.join(parts)}." if parts else nothing
    return f"{said} {report.notes[0]}" if report.asks else said


def asked(deletions: Sequence[Named]) -> str:
    """« 26 suppressions attendent votre accord »."""
    number = len(deletions)
    verb = wording.agree(number, "attend", "attendent")
    return f"{wording.count(number, 'suppression')} {verb} votre accord"
