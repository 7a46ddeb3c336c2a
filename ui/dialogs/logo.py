"""A logo, chosen among the files of the computer and seen before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from ui import errors, theme
from ui.dialogs.dialog import Delete, FormDialog, Save
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.waiting import Waiting

HEIGHT = 72


class LogoField(QWidget):
    """Holds the bytes of a PNG, shown on the white of paper."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._data = b""
        self.picture = QLabel("Aucun logo")
        self.choose = button("Choisir une image…", icon="upload")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedSize(QSize(theme.px(3 * HEIGHT), theme.px(HEIGHT + 16)))
        self.picture.setStyleSheet("background: white; color: #56625D;")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.L)
        layout.addWidget(self.picture)
        layout.addWidget(self.choose)
        layout.addStretch()
        self.setFocusProxy(self.choose)

    def value(self) -> bytes:
        return self._data

    def set_value(self, value: bytes | None) -> None:
        self._data = value or b""
        shown = QPixmap()
        if self._data and shown.loadFromData(self._data):
            size = self.picture.size() - QSize(16, 16)
            keep, smooth = (
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self.picture.setPixmap(shown.scaled(size, keep, smooth))
        else:
            self.picture.setText("Aucun logo")


class LogoDialog(FormDialog):
    """Keeps a logo, or takes it off the papers."""

    def __init__(
        self,
        title: str,
        logo: tuple[bytes, str],
        read: Callable[[Path], bytes],
        save: Save,
        tasks: Tasks,
        *,
        parent: QWidget,
        delete: Delete | None = None,
    ) -> None:
        """`logo` is the picture kept and what it shows, in words.

        `read` gives the picture of a file as a clean PNG, off the GUI thread.
        """
        self.logo = LogoField()
        form = Form(1)
        form.add(
            "logo",
            "Image",
            self.logo,
            hint="PNG ou JPEG, de 4 Mo au plus ; il s'imprime sur 14 mm de haut.",
            required="Choisissez une image.",
        )
        form.add(
            "words",
            "Ce qu'il montre",
            TextField("Blason de la communauté de communes"),
            hint="Lu à haute voix à qui ne le voit pas ; vide : le nom de qui il représente.",
        )
        super().__init__(title, form, save, tasks, parent, delete=delete)
        self.delete.setText("Retirer le logo")
        self._read = read
        self._reading = Waiting(self.confirm, self.logo.choose)
        self._kept = logo[0]
        form.set_values({"logo": logo[0], "words": logo[1]})
        self.logo.choose.clicked.connect(lambda checked=False: self._on_choose())

    def is_written(self) -> bool:
        """Counts a newly chosen picture as written: it took time to find."""
        return super().is_written() or self.logo.value() != self._kept

    def _on_choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Choisir un logo", "", "Images (*.png *.jpg *.jpeg)"
        )
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Reads and shows the picture of a file; the dialog's main button stores it."""
        self._reading.begin()
        self._tasks.run(lambda: self._read(path), self._on_read, self._on_unread, self)

    def _on_read(self, data: bytes) -> None:
        self._reading.end()
        self.banner.hide()
        self.logo.set_value(data)
        self.logo.edited.emit()

    def _on_unread(self, error: Exception) -> None:
        self._reading.end()
        errors.tell(error, self.banner, self)
