"""The hours of a meeting: corrected once noted, and asked for when it was left open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.dates import local_day
from app.domain.records import Meeting
from app.domain.wording import day_and_hour, long_day
from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.typed_dates import closing_of, hour_of
from ui.widgets.dates import HourField, InstantField
from ui.widgets.form import Form
from ui.widgets.text import label

MIDNIGHT = "Passé minuit, c'est le lendemain."


class MeetingHoursDialog(FormDialog):
    """Corrects when a meeting was opened and, once it is, closed."""

    def __init__(
        self,
        meeting: Meeting,
        now: str,
        save: Callable[[str, str | None], object],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        known = meeting.closed_at

        def store(hours: dict[str, Any]) -> object:
            opened_at = _as_known(hours["opened_at"], meeting.opened_at)
            typed = hours.get("closed_at")
            return save(opened_at, closing_of(typed, known, (opened_at, now)))

        form = Form(2)
        needed = "Donnez le jour et l'heure de l'ouverture."
        form.add("opened_at", "Ouverte le", InstantField(), required=needed)
        if meeting.status != "open":
            needed = "Donnez l'heure de la clôture."
            form.add("closed_at", "Close à", HourField(), hint=_hint(meeting), required=needed)
        super().__init__("Heures de la séance", form, store, tasks, parent)
        form.set_values({"opened_at": meeting.opened_at, "closed_at": hour_of(known)})


class LateClosingDialog(FormDialog):
    """Asks when a meeting that was left open ended."""

    def __init__(
        self,
        held: tuple[str, str],
        last: str | None,
        save: Callable[[str], object],
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        more: str = "",
    ) -> None:
        """`held` are the opening and the present instant; `last`, the last one noted, is proposed.

        `more` tells what else a closing does.
        """

        def store(hours: dict[str, Any]) -> object:
            return save(closing_of(hours["closed_at"], None, held) or held[1])

        form = Form(2)
        proposed = "La dernière heure notée est proposée. " if last else ""
        hint = f"{proposed}Vide : maintenant."
        form.add("closed_at", "Terminée à", HourField(), hint=hint, whole=True)
        form.set_values({"closed_at": hour_of(last)})
        super().__init__("Clore la séance", form, store, tasks, parent, confirm="Clore la séance")
        question = (
            f"Elle est ouverte depuis le {day_and_hour(held[0])} : s'est-elle terminée"
            f" maintenant ? Les points en cours se terminent avec elle.{more}"
        )
        self.layout_.insertWidget(0, label(question, wrap=True))


def _as_known(typed: str, known: str | None) -> str:
    """The instant typed; the one known, to the second, where its day and its minute are typed."""
    same = known and (local_day(typed), hour_of(typed)) == (local_day(known), hour_of(known))
    return known if known and same else typed


def _hint(meeting: Meeting) -> str:
    """What tells the day of the closing, an hour alone being typed."""
    opened_at, closed_at = meeting.opened_at, meeting.closed_at
    if opened_at and closed_at and local_day(closed_at) != local_day(opened_at):
        return f"Notée le {long_day(local_day(closed_at))}. {MIDNIGHT}"
    return MIDNIGHT
