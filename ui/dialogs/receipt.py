"""One receipt of the central: the proof of what it holds, to be read, copied or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.documents.document import Document
from app.domain.wording import capitalised, count, day_and_hour
from ui.dialogs.reading import ReadingDialog
from ui.saving import save_document
from ui.tasks import Tasks
from ui.widgets.buttons import button

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.receipts import Held, Shown


class ReceiptDialog(ReadingDialog):
    """Reads a receipt, and saves it as the central signed it."""

    def __init__(
        self, shown: Shown, services: Services, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__("Accusé de réception", _received(shown), parent)
        self._shown = shown
        self._services = services
        self._tasks = tasks
        self.save = button("Enregistrer…", self._on_save, icon="save")
        self.foot.insertWidget(0, self.save)
        for one in shown.held:
            self.say(capitalised(one.name), _standing(one))
        self.column.addStretch()

    def _on_save(self) -> None:
        shown = self._shown

        def read() -> Document:
            data = self._services.receipts.file(shown.batch_id)
            name = f"accuse-{shown.received_at[:10]}-{shown.batch_id[-6:]}.json"
            return Document(data, "application/json", name)

        self._tasks.run(read, self._save, self.fail, self)

    def _save(self, document: Document) -> None:
        save_document(document, self._tasks, self, self.tell, self.fail)


def _received(shown: Shown) -> str:
    held = count(len(shown.held), "enregistrement")
    return (
        f"{shown.central} tient {held} depuis le {day_and_hour(shown.received_at)}. La signature"
        f" a été vérifiée à l'arrivée, avec la clé {shown.key_id}."
    )


def _standing(held: Held) -> str:
    state = "perdu par une restauration du central, à renvoyer" if held.void else "reçu"
    return f"Révision {held.revision}, {state}. Empreinte {held.sha256[:16]}…"
