"""The members to convene as a list: by which channel, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from app.domain.convocations import Recipient
from app.domain.dates import local_day
from app.domain.wording import short_day
from ui.models.lines import LINE, ListLine
from ui.models.rows import ROW, Index

CHANNELS = {"letter": "Lettre", "email": "Courriel", "hand": "En main propre"}
"""The French word of each way to convene."""


class RecipientsModel(QAbstractListModel):
    """One member a line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.recipients: Sequence[Recipient] = ()

    def set_recipients(self, recipients: Sequence[Recipient]) -> None:
        """Replaces all; the model is reset only when the persons differ."""
        same = [r.person.id for r in recipients] == [r.person.id for r in self.recipients]
        if same:
            self.recipients = recipients
            if recipients:
                self.dataChanged.emit(self.index(0), self.index(len(recipients) - 1))
            return
        self.beginResetModel()
        self.recipients = recipients
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.recipients)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        recipient = self.recipients[index.row()]
        line = line_of(recipient)
        answers = {
            ROW: recipient,
            LINE: line,
            Qt.ItemDataRole.DisplayRole: line.words,
            Qt.ItemDataRole.AccessibleTextRole: f"{line.words}, {line.detail}, {line.chip}",
        }
        return answers.get(role)


def line_of(recipient: Recipient) -> ListLine:
    """« Anne Martin », « Agencourt · Courriel », and when the convocation was sent."""
    parts = [recipient.organisation, CHANNELS[recipient.channel]]
    if not recipient.entry_id:
        parts.append("ne siège plus")
    detail = " · ".join(part for part in parts if part)
    if recipient.sent_at is None:
        return ListLine(recipient.name, detail, "À envoyer", "info")
    again = [one.fields.sent_at for one in recipient.sent[1:] if one.fields.sent_at]
    if again:
        detail += f" · de nouveau le {short_day(local_day(again[-1]))}"
    when = f"Envoyée le {short_day(local_day(recipient.sent_at))}"
    return ListLine(recipient.name, detail, when, "success")
