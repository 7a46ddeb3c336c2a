"""A damaged workspace: what a repair would lose, the repair, and its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from app.domain.wording import count
from app.errors import Locked
from ui import errors
from ui.tasks import LONG, Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.fields import TextField
from ui.widgets.flow import Flow
from ui.widgets.form import Form
from ui.widgets.scroll import scrolled
from ui.widgets.section import Section
from ui.widgets.text import label
from ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.doctor import Repair
    from app.services.losses import Lost

SHOWN = 100


class Mending(QWidget):
    """Reads first and says what would be lost; changes nothing before the button is pressed.

    `opened` carries the services once the user goes on. `look` tells what a repair would lose,
    `mend` repairs, `reopen` opens the workspace again; they take the passphrase typed here, and the
    first two also the folder of copies chosen here.
    """

    opened = Signal(object)

    def __init__(
        self,
        look: Callable[[str | None, Path | None], Sequence[Lost]],
        mend: Callable[[str | None, Path | None], Repair | None],
        reopen: Callable[[str | None], Services],
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._look = look
        self._mend = mend
        self._reopen = reopen
        self._tasks = tasks
        self.banner = Banner()
        self.title = label("L'espace de travail est endommagé", "title")
        self.sentence = label("Lecture de ce qui reste lisible…", "lead", wrap=True)
        self.working = QProgressBar()
        self.lost = Section("Ce qui manque")
        self.losses = scrolled(self.lost)
        self.copy = button("Copier la liste", self._on_copy, kind="quiet", icon="copy")
        self._sentences: list[str] = []
        self.secret = TextField()
        self.form = _passphrase_form(self.secret)
        self.read = button("Lire", self._on_read, kind="primary")
        self.search = button("Chercher des copies ailleurs…", self._on_search, icon="search")
        self._elsewhere: Path | None = None
        self.repair = button("Réparer", self._on_repair, kind="primary", icon="shield")
        self._waiting = Waiting(self.repair, self.read, self.search)
        self.go_on = button("Ouvrir l'espace de travail", self._on_go_on, kind="primary")
        self._build()
        self._on_read()

    def _build(self) -> None:
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        self.working.setAccessibleName("Lecture en cours")
        ways = Flow()
        for way in (self.repair, self.read, self.search, self.go_on):
            way.hide()
            ways.addWidget(way)
        self.lost.add_beside(self.copy)
        self.losses.hide()
        self.form.hide()
        self.secret.returnPressed.connect(self.read.click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XXL, Space.XL, Space.XXL, Space.XL)
        layout.setSpacing(Space.L)
        for widget in (self.title, self.banner, self.sentence, self.form, self.working):
            layout.addWidget(widget)
        layout.addLayout(ways)
        self.losses.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # words alone: keys scroll them
        self.losses.setProperty("read", True)
        self.losses.setAccessibleName("Ce qui manque")
        layout.addWidget(self.losses, 1)
        layout.addStretch()

    def _run(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        self.working.show()
        self._tasks.run(work, done, self._on_failed, self, lane=LONG)

    def _given(self) -> tuple[str | None, Path | None]:
        return self.secret.text() or None, self._elsewhere

    def _on_read(self) -> None:
        given = self._given()
        self.banner.hide()
        self._waiting.begin()
        self._run(lambda: self._look(*given), self._on_looked)

    def _on_search(self) -> None:
        """Looks for copies in a folder that the workspace does not name, such as on a stick."""
        folder = QFileDialog.getExistingDirectory(self, "Dossier des copies")
        if folder:
            self._elsewhere = Path(folder)
            self._on_read()

    def _on_looked(self, lost: Sequence[Lost]) -> None:
        self.working.hide()
        self._waiting.end()
        self.form.hide()
        self.read.hide()
        self.search.show()
        self.sentence.show()
        self.sentence.setText(
            f"{_summed(lost)} La réparation reconstruit la base à partir de ce qui s'y lit encore,"
            " de la dernière copie et de l'historique ; les fichiers d'à présent sont gardés."
        )
        self._show_lost(lost)
        self.repair.show()
        self.repair.setFocus()

    def _on_repair(self) -> None:
        self._waiting.begin()
        self.search.hide()
        self.banner.hide()
        given = self._given()
        self._run(lambda: self._mend(*given), self._on_mended)

    def _on_mended(self, repair: Repair | None) -> None:
        self.working.hide()
        self.repair.hide()
        lost = repair.lost if repair else ()
        self.title.setText("L'espace de travail est réparé")
        told = repair.sentence if repair else "La base est intacte."
        self.sentence.setText(f"{_summed(lost)} {told}")
        self._show_lost(lost)
        self.go_on.show()
        self.go_on.setFocus()

    def _on_go_on(self) -> None:
        self.go_on.setEnabled(False)
        secret, _ = self._given()
        self._run(lambda: self._reopen(secret), self.opened.emit)

    def _on_failed(self, error: Exception) -> None:
        self.working.hide()
        self._waiting.end()
        self.go_on.setEnabled(True)
        self.search.setVisible(self.go_on.isHidden())
        if isinstance(error, Locked) and error.by == "passphrase":
            self.sentence.setText("Une copie peut le réparer : écrivez sa phrase de passe.")
            self.sentence.show()
            self.form.show()
            self.read.show()
            self.secret.setFocus()
            if not self.secret.text():
                return
        elif self.repair.isHidden() and self.go_on.isHidden():
            self.sentence.hide()
            self.search.setFocus()
        errors.tell(error, self.banner, self)

    def _on_copy(self) -> None:
        """Gives the whole list, of which the page shows the first lines."""
        QGuiApplication.clipboard().setText("\n".join(self._sentences))
        lines = count(len(self._sentences), "ligne")
        self.banner.say(f"{lines} dans le presse-papiers.", "success")

    def _show_lost(self, lost: Sequence[Lost]) -> None:
        self._sentences = [one.sentence for one in lost]
        self.lost.clear()
        self.lost.say_first(self._sentences, SHOWN)
        self.losses.setVisible(bool(lost))


def _passphrase_form(secret: TextField) -> Form:
    secret.setEchoMode(TextField.EchoMode.Password)
    form = Form(columns=1)
    form.add("secret", "Phrase de passe", secret)
    return form


def _summed(lost: Sequence[Lost]) -> str:
    return "Il manque ce qui est dit ci-dessous." if lost else "Rien n'est perdu."
