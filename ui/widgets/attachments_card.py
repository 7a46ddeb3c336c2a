"""The files kept with a record: added by a button, dropped or pasted, looked at, saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.documents.document import Document
from app.domain.wording import count, size
from ui.actions import make_action
from ui.saving import save_document
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.buttons import button, icon_button
from ui.widgets.line import Line
from ui.widgets.plain_edit import copied
from ui.widgets.section import Section
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.domain.records import Attachment, Record
    from app.services.attachments import Held


class AttachmentsCard(Section):
    """`told`, `failed` and `changed` are for the page around it, which then shows it anew.

    A file is shown from the workspace itself: no copy of it is left elsewhere in clear.
    """

    told = Signal(str, str)
    failed = Signal(object)
    changed = Signal()

    def __init__(self, services: Services, tasks: Tasks, page: QWidget) -> None:
        super().__init__("Pièces jointes")
        self._services = services
        self._tasks = tasks
        self._owner_id = ""
        self._sealed = False
        self._removed: set[str] = set()  # ids of the files removed but still in sight
        self.paste = make_action(page, "Coller", self.take_copied, "Ctrl+V")
        self.paste.setAutoRepeat(False)  # the picture would be kept as often as the keys repeat
        tip = f"Ou collez une image ou un fichier copié ({chord('Ctrl+V')}), ou déposez un fichier"
        self.add_file = button("Ajouter…", self.ask_files, kind="quiet", icon="plus", tip=tip)
        self.addAction(self.paste)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.add_beside(self.add_file)
        self.hide()

    def show_owner(self, record_id: str, *, shown: bool = True, sealed: bool = False) -> None:
        """Turns to a record; to one that is `sealed`, files are neither added nor removed."""
        self._owner_id = record_id
        self._sealed = sealed
        self.paste.setEnabled(shown and not sealed)
        self.add_file.setHidden(sealed)
        self.setAcceptDrops(not sealed)
        self.setVisible(shown)
        if shown:
            self._tasks.run(
                lambda: (record_id, self._services.attachments.of(record_id)),
                self._show,
                self.failed.emit,
                self,
            )

    def _show(self, found: tuple[str, Sequence[Held]]) -> None:
        owner_id, held = found
        if owner_id != self._owner_id:
            return
        self._removed.clear()
        self.clear()
        self.setVisible(bool(held) or not self._sealed)
        for one in held:
            self.add(self._line(one))
        if not held and not self._sealed:
            self.say(
                "Photos, devis, courriers : déposez-les ici, collez-les"
                f" ({chord('Ctrl+V')}) ou ajoutez-les."
            )

    def _line(self, held: Held) -> QWidget:
        fields = held.record.fields
        detail = size(fields.size) if held.here else f"{size(fields.size)}, à recevoir"
        line = Line(fields.name, detail)
        line.clicked.connect(partial(self._on_opened, held))
        line.setEnabled(held.here)
        save = icon_button("save", f"Enregistrer « {fields.name} »", partial(self._on_save, held))
        save.setEnabled(held.here)
        holder = QWidget()
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, Space.S, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(line, 1)
        layout.addWidget(save)
        if not self._sealed:
            name = f"Retirer « {fields.name} »"
            act = partial(self._on_remove, held)
            layout.addWidget(icon_button("x", name, act, takes_off=True))
        return holder

    # Adding

    def ask_files(self) -> None:
        """Asks for files, and keeps them with the record."""
        names, _ = QFileDialog.getOpenFileNames(self, "Joindre des fichiers")
        self.take([Path(name) for name in names])

    def take(self, files: Sequence[Path]) -> None:
        """Keeps files with the record, all or none."""
        owner_id = self._owner_id
        if files:
            self._keep(lambda: self._services.attachments.add(owner_id, files))

    def take_copied(self) -> None:
        """Keeps the files on the clipboard, else its picture: a photo, a screenshot."""
        held, owner_id = copied(), self._owner_id
        if files := _files(held):
            self.take(files)
            return
        image = QImage(held.imageData()) if held.hasImage() else QImage()
        if image.isNull():
            self.told.emit("Rien à joindre : copiez d'abord une image ou un fichier.", "warning")
            return
        self._keep(lambda: [self._services.attachments.paste(owner_id, _png(image))])

    def _keep(self, work: Callable[[], Sequence[Record[Attachment]]]) -> None:
        self._tasks.run(work, self._on_kept, self.failed.emit, self)

    def _on_kept(self, kept: Sequence[Record[Attachment]]) -> None:
        """Says what was kept: the card may be out of sight, or an older refusal still shown."""
        self.changed.emit()
        one = f"« {kept[0].fields.name} » est"
        said = one if len(kept) == 1 else f"{count(len(kept), 'fichier')} sont"
        self.told.emit(f"{said} dans les pièces jointes.", "success")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take(_files(event.mimeData()))
        event.acceptProposedAction()

    # Opening, saving, removing

    def _on_opened(self, held: Held) -> None:
        self._read(held, lambda document: self._open(held, document))

    def _open(self, held: Held, document: Document) -> None:
        from ui.dialogs.attachment import open_attachment

        if not open_attachment(
            held.record.fields.name, document, self._services, self._tasks, self
        ):
            self._save(document)

    def _on_save(self, held: Held) -> None:
        self._read(held, self._save)

    def _save(self, document: Document) -> None:
        save_document(
            document,
            self._tasks,
            self,
            lambda sentence: self.told.emit(sentence, "success"),
            self.failed.emit,
        )

    def _on_remove(self, held: Held) -> None:
        """Removes a file without asking, and only once: Ctrl+Z brings it back."""
        record = held.record
        if record.id in self._removed:
            return
        self._removed.add(record.id)

        def failed(error: Exception) -> None:
            self._removed.discard(record.id)
            self.failed.emit(error)

        self._tasks.run(
            lambda: self._services.attachments.remove(record.id),
            lambda done: self._on_removed(record.fields.name),
            failed,
            self,
        )

    def _on_removed(self, name: str) -> None:
        self.changed.emit()
        self.told.emit(
            f"« {name} » est retiré des pièces jointes. {chord('Ctrl+Z')} le fait revenir.",
            "success",
        )

    def _read(self, held: Held, then: Callable[[Document], object]) -> None:
        fields = held.record.fields

        def read() -> Document:
            data = self._services.attachments.content(held.record.id)
            return Document(data, fields.media_type, fields.name)

        self._tasks.run(read, then, self.failed.emit, self)


def _files(data: QMimeData) -> list[Path]:
    """The files of this computer alone: a picture dragged from a web page has a web address."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
