"""One receipt of the central: the proof of what it holds, to be read, copied or kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.documents.document import Document
from app.domain.wording import count, day_and_hour
from ui import errors
from ui.dialogs.dialog import fit
from ui.saving import save_document
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.scroll import Scroll
from ui.widgets.text import label

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.receipts import Held, Shown


class ReceiptDialog(QDialog):
    """Reads a receipt, and saves it as the central signed it."""

    def __init__(
        self, shown: Shown, services: Services, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._services = services
        self._tasks = tasks
        self.banner = Banner()
        self.save = button("Enregistrer…", self._on_save, icon="save")
        self.close_button = button("Fermer", self.accept, kind="primary")
        self._build()

    def _build(self) -> None:
        shown = self._shown
        self.setWindowTitle("Accusé de réception")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 640, 520)
        held = Scroll()
        for one in shown.held:
            held.column.addWidget(_held(one))
        held.column.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self.save)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.M)
        layout.addWidget(label("Accusé de réception", "section"))
        layout.addWidget(label(_received(shown), wrap=True))
        layout.addWidget(
            label(
                f"Signature vérifiée à l'arrivée, avec la clé {shown.key_id}.", "muted", wrap=True
            )
        )
        layout.addWidget(self.banner)
        layout.addWidget(held, 1)
        layout.addLayout(buttons)
        self.close_button.setDefault(True)

    def _on_save(self) -> None:
        batch_id = self._shown.batch_id
        self._tasks.run(
            lambda: Document(
                self._services.receipts.file(batch_id),
                "application/json",
                f"accuse-{self._shown.received_at[:10]}-{batch_id[-6:]}.json",
            ),
            self._save,
            self._on_failed,
            self,
        )

    def _save(self, document: Document) -> None:
        save_document(document, self._tasks, self, self.banner.say, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        errors.tell(error, self.banner, self)


def _received(shown: Shown) -> str:
    held = count(len(shown.held), "enregistrement")
    return f"{shown.central} tient {held} depuis le {day_and_hour(shown.received_at)}."


def _held(held: Held) -> QWidget:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(label(held.name[:1].upper() + held.name[1:], wrap=True))
    state = "perdu par une restauration du central, à renvoyer" if held.void else "reçu"
    layout.addWidget(
        label(f"Révision {held.revision}, {state}. Empreinte {held.sha256[:16]}…", "caption")
    )
    return holder
