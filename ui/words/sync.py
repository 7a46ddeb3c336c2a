"""What is said of how the workspace stands with the central, and of a sync once it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain import wording

if TYPE_CHECKING:
    from app.domain.records import Commission, Record
    from app.services.sync_report import Line, Report
    from app.services.sync_status import Status


def standing(status: Status) -> str:
    """How the workspace stands, in one line that begins with what there is to do."""
    if not status.url:
        return "Cet ordinateur n'est rattaché à aucun central."
    barred = "Trousseau de clés à déverrouiller" if status.silent_keyring else "Accès à renouveler"
    parts = [] if status.signed_in else [barred]
    parts.append(to_send(status.pending, status.files) or "Rien à envoyer")
    if kept := sum(number for _, number in status.closed):
        parts.append(f"{wording.count(kept, 'modification')} {wording.agree(kept, 'retenue')} ici")
    if status.to_resend:
        parts.append(f"{wording.count(status.to_resend, 'modification')} à renvoyer")
    if status.files_coming:
        parts.append(f"{wording.count(status.files_coming, 'fichier')} à recevoir")
    return " · ".join(parts)


def to_send(pending: int, files: int) -> str:
    """« 12 modifications et 1 fichier à envoyer »; nothing for none."""
    counts = ((pending, "modification"), (files, "fichier"))
    said = " et ".join(wording.count(number, word) for number, word in counts if number)
    return f"{said} à envoyer" if said else ""


def spaces(commissions: Sequence[Record[Commission]]) -> dict[str, str]:
    """The name of each space where there are several commissions to tell apart, else none."""
    from app.domain.names import commission_names  # not needed for the first frame
    from app.domain.records import REGION

    if len(commissions) < 2:
        return {}
    return {REGION: "Région"} | commission_names(commissions)


def shares(status: Status) -> list[str]:
    """How much is to be sent of each commission, where there are several."""
    if len(status.commission_ids) < 2 or not status.waiting:
        return []
    counts = [f"{name or 'Région'} : {number}" for name, number in status.waiting]
    return [" · ".join(counts)]


def cut_off(status: Status) -> list[str]:
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


STAYS_HERE = "la commission ne vous est plus ouverte, votre choix restera sur cet ordinateur"
"""Said of a conflict in a commission that is closed to the user, before it is decided."""


def decided(*, closed: bool) -> str:
    """What becomes of a conflict decided in a commission that is `closed` to the user, or not."""
    if closed:
        return "C'est décidé sur cet ordinateur ; rien ne part de cette commission, voyez le GIP."
    return "C'est décidé ; la prochaine synchronisation le dira au central."


def exchanged(report: Report) -> Sequence[Line]:
    """The lines of what a sync did, those that the user should see first at the top."""
    return [*report.refused, *report.merged, *report.received, *report.sent]


def tone(report: Report, lines: Sequence[Line]) -> str:
    """The tone of the banner that shows the summary; `lines` are those of `exchanged`."""
    if report.warns:
        return "warning"
    return "info" if report.files_left or (report.notes and not lines) else "success"


def summary(report: Report) -> str:
    """What was exchanged, then what the user has to see to: the first note, or the files that were
    left, and the clock.
    """
    asked = report.notes[0] if report.asks else report.files_left
    return " ".join(filter(None, (report.counted, asked, report.clock)))
