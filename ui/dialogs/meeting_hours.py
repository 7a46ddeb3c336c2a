"""The hours of a meeting: to correct them, and to close a meeting that was left open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain import shifting
from app.domain.dates import local_day
from app.domain.meeting_file import MeetingFile
from app.domain.records import Meeting
from app.domain.refusals import Refusal
from app.domain.wording import day_and_hour, long_day
from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.widgets.dates import HourField, InstantField
from ui.widgets.fields import Tick
from ui.widgets.form import Form
from ui.widgets.text import Label, label
from ui.words.typed_dates import closing_of, hour_of

ALL = "L'horloge se trompait : décaler toutes les heures de la séance avec l'ouverture"
UNMOVED = "Donnez le jour et l'heure où la séance s'est vraiment ouverte."
MIDNIGHT = "Passé minuit, c'est le lendemain."


class MeetingHoursDialog(FormDialog):
    """Corrects the hour of a meeting's opening and, once it is over, of its closing.

    Where the laptop's clock was wrong, it can instead shift every hour noted by as much as the
    opening, showing the former and new hours first.
    """

    def __init__(
        self,
        file: MeetingFile,
        now: str,
        save: Callable[[str, str | None], object],
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        shift: Callable[[str], object],
    ) -> None:
        meeting = file.meeting.fields
        known = meeting.closed_at

        def store(hours: dict[str, Any]) -> object:
            opened_at = _as_known(hours["opened_at"], meeting.opened_at)
            if hours["all"]:
                if opened_at == meeting.opened_at:
                    raise Refusal(UNMOVED, field="opened_at")
                return shift(opened_at)
            typed = hours.get("closed_at")
            return save(opened_at, closing_of(typed, known, (opened_at, now)))

        form = Form(2)
        needed = "Donnez le jour et l'heure de l'ouverture."
        form.add("opened_at", "Ouverte le", InstantField(), required=needed)
        if meeting.status != "open":
            needed = "Donnez l'heure de la clôture."
            form.add("closed_at", "Close à", HourField(), hint=_hint(meeting), required=needed)
        form.add("all", "", Tick(ALL), whole=True)
        self._file = file
        self.preview: Label = label("", wrap=True)
        super().__init__("Heures de la séance", form, store, tasks, parent)
        self.layout_.addWidget(self.preview)
        values = {"opened_at": meeting.opened_at, "closed_at": hour_of(known)}
        form.set_values(values | {"all": _is_astray(meeting)})
        form.editor("opened_at").edited.connect(self._show)
        form.editor("all").edited.connect(self._show)
        self._show()

    @property
    def moves_all(self) -> bool:
        """Whether every hour is to be shifted with the opening."""
        return bool(self.form.editor("all").value())

    def seal(self, sentence: str) -> None:
        """Makes frozen hours read-only, and shows that of the closing with them."""
        super().seal(sentence)
        self.form.set_values({"all": False})
        self.form.show_row("all", shown=False)
        self._show()

    def _show(self) -> None:
        """Previews the shift of every hour, which leaves the closing no field of its own."""
        if "closed_at" in self.form.names():
            self.form.show_row("closed_at", shown=not self.moves_all)
        said = "\n".join(self._told()) if self.moves_all else ""
        self.preview.setText(said)
        self.preview.setVisible(bool(said))

    def _on_failed(self, error: Exception) -> None:
        """Hides the preview where it says the same as the refusal under the field."""
        super()._on_failed(error)
        self.preview.setVisible(self.preview.text() not in ("", UNMOVED))

    def _told(self) -> Sequence[str]:
        try:
            typed = self.form.editor("opened_at").value()
        except Refusal:  # half typed
            return ()
        opened_at = typed and _as_known(typed, self._file.meeting.fields.opened_at)
        told = shifting.told(self._file, shifting.shifted(self._file, opened_at)) if typed else ()
        return told or (UNMOVED,)


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
        """`held` are the opening and the present instant.

        `last` is the last instant noted, proposed as the closing; `more` tells what else the
        closing does.
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
    """The instant typed; the one known, to the second, if its day and minute were typed."""
    same = known and (local_day(typed), hour_of(typed)) == (local_day(known), hour_of(known))
    return known if known and same else typed


def _is_astray(meeting: Meeting) -> bool:
    """Whether a meeting was opened on another day than planned; not when over without closing."""
    opened_at, planned = meeting.opened_at, meeting.starts_at
    whole = meeting.status == "open" or meeting.closed_at is not None
    return bool(whole and opened_at and planned and local_day(opened_at) != local_day(planned))


def _hint(meeting: Meeting) -> str:
    """Says which day the closing is on, since only its hour is typed."""
    opened_at, closed_at = meeting.opened_at, meeting.closed_at
    if opened_at and closed_at and local_day(closed_at) != local_day(opened_at):
        return f"Notée le {long_day(local_day(closed_at))}. {MIDNIGHT}"
    return MIDNIGHT
