"""Where the minutes stand: to complete, to freeze, frozen, approved."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.domain import clock_doubts
from app.domain.dates import local_day
from app.domain.meeting_state import MeetingState
from app.domain.records import Minutes, Record
from app.domain.wording import day_and_hour, short_day
from ui.dialogs.dialog import FormDialog
from ui.widgets.buttons import button
from ui.widgets.chip import Chip
from ui.widgets.section import Section
from ui.widgets.text import Label, label

FROZEN = "Le procès-verbal est gelé : une erreur se corrige par un additif, à l'onglet Conclure."
"""Why a dialog about a meeting changes nothing more."""


class MinutesCard(Section):
    """Says what comes next for the minutes, and asks for their freeze."""

    freeze_asked = Signal()
    hours_asked = Signal()

    def __init__(self) -> None:
        super().__init__("Procès-verbal")
        self.chip = Chip()
        self.words: Label = label("", wrap=True)
        self.fingerprint: Label = label("", "caption", wrap=True, copyable=True)
        self.freeze = button(
            "Geler le procès-verbal", self.freeze_asked.emit, kind="primary", icon="stamp"
        )
        self.hours = button(
            "Corriger les heures", self.hours_asked.emit, kind="quiet", icon="pencil"
        )
        self.add_beside(self.chip)
        self.hold(self.words)
        self.hold(self.fingerprint)
        self.offer(self.freeze, self.hours)

    def show_state(self, state: MeetingState, gaps: int, *, bars: bool) -> None:
        """Shows the step that the minutes are at.

        `gaps` counts what they lack; `bars` tells whether that forbids freezing them.
        """
        minutes = state.file.frozen_minutes
        words, chip, tone = _standing(state, minutes, gaps, bars=bars)
        self.words.setText(words)
        self.chip.set(chip, tone)
        digest = minutes.fields.content_sha256 if minutes else None
        self.fingerprint.setText(f"Empreinte {digest[:16]}…" if digest else "")
        self.fingerprint.setToolTip(digest or "")
        self.fingerprint.setVisible(bool(digest))
        closed = state.file.meeting.fields.status == "closed"
        self.freeze.setVisible(minutes is None and closed)
        self.freeze.setEnabled(not bars)
        self.hours.setVisible(minutes is None and closed)


def seal_frozen(dialog: FormDialog, state: MeetingState) -> None:
    """Makes a dialog read-only where the minutes are frozen."""
    if state.file.frozen_minutes is not None:
        dialog.seal(FROZEN)


def _standing(
    state: MeetingState, minutes: Record[Minutes] | None, gaps: int, *, bars: bool
) -> tuple[str, str, str]:
    """The sentence to say, and the words and tone of the chip."""
    status = state.file.meeting.fields.status
    if minutes is not None and minutes.fields.frozen_at:
        when = short_day(local_day(minutes.fields.frozen_at))
        if status == "approved":
            return f"Gelé le {when}, puis approuvé.", "Approuvé", "success"
        return (
            f"Gelé le {when}. La prochaine séance s'ouvre sur son approbation.",
            "Gelé",
            "info",
        )
    if status != "closed":
        return (
            "Il se complète à mesure, et se gèle une fois la séance close.",
            "En cours",
            "neutral",
        )
    meeting = state.file.meeting.fields
    ended = f"Séance close le {day_and_hour(meeting.closed_at)}. " if meeting.closed_at else ""
    ended += clock_doubts.after_opening(meeting.opened_at, meeting.starts_at)
    if bars:
        return (
            f"{ended}Complétez le procès-verbal : il ne se gèle qu'entier.",
            "À compléter",
            "warning",
        )
    if gaps:
        return f"{ended}Complétez le procès-verbal, puis gelez-le.", "À compléter", "warning"
    return f"{ended}Relisez le procès-verbal, puis gelez-le.", "À geler", "accent"
