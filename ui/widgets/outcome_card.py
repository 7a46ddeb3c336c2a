"""What the last exchange with the central did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.wording import day_and_hour
from ui.widgets.section import Section
from ui.words.sync import exchanged

if TYPE_CHECKING:
    from app.services.endings import Ending
    from app.services.sync_report import Report


class OutcomeCard(Section):
    """Tells the last exchange record by record while its `report` is held, else in a sentence."""

    def __init__(self) -> None:
        super().__init__("Dernier échange")
        self.heading.setWordWrap(True)
        self.report: Report | None = None

    def show_last(self, last: Ending | None, most: int) -> None:
        """Tells the last exchange, naming at most `most` of its records.

        What the user has to decide is shown elsewhere, until it is decided.
        """
        report = self.report
        at = max(last.at if last else "", report.at if report else "")
        self.setVisible(bool(at))
        self.call(f"Dernier échange, {day_and_hour(at)}" if at else "Dernier échange")
        self.clear()
        if report is not None and report.at == at:
            self._tell(report, most)
        elif last is not None:
            self.say(last.said)

    def _tell(self, report: Report, most: int) -> None:
        lines = exchanged(report)
        self.say_first([line.sentence for line in lines], most)
        if report.carried:
            self.say(f"{report.carried}.")
        done = lines or report.carried
        if not (done or report.conflicts or report.deletions or report.notes):
            self.say("Rien à échanger : tout est à jour.")
        if report.asked:
            self.say(f"{report.asked} : synchronisez pour les revoir.")
        for note in report.warnings:
            self.say(note)
