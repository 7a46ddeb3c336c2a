"""One conflict: its two versions side by side, what differs marked, and the choice to make."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.wording import of
from ui import errors
from ui.dialogs.dialog import Dialog, abandon, fit
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.plain_edit import PlainEdit
from ui.widgets.scroll import page_through
from ui.widgets.text import label
from ui.widgets.versions import Marked, marked
from ui.widgets.waiting import Still, Waiting

if TYPE_CHECKING:
    from app.services.conflict_words import SideBySide


NOTHING = "(rien)"
SHORT = 300
"""The characters of both versions together up to which a tall dialog would be mostly empty."""
FROZEN = (
    "Le procès-verbal de la séance est gelé et ne change plus : ce qu'il ne dit pas de la version"
    " gardée ira dans un projet d'additif."
)


class ConflictDialog(Dialog):
    """`decided` carries what to keep (mine, theirs, both, edited) and the text when edited.

    The dialog stays open until `accept`, or shows why when the decision was refused (`refuse`).
    """

    decided = Signal(str, str)

    def __init__(self, conflict: SideBySide, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conflict = conflict
        self.mine = button(self._keeping("mine"), lambda: self._on_side("mine"))
        self.theirs = button(self._keeping("theirs"), lambda: self._on_side("theirs"))
        self.both = button("Garder les deux", lambda: self._on_side("both"))
        self.edit = button("Écrire une autre version", self._on_edit, icon="pencil")
        self.keep_text = button("Garder ce texte", self._on_text, kind="primary")
        self.cancel = button("Décider plus tard", self.reject)
        self.text = PlainEdit(conflict.theirs)
        self.banner = Banner()
        self._waiting = Waiting(self.mine, self.theirs, self.both, self.keep_text)
        self._still = Still(self)
        self._build()
        self.cancel.setFocus()  # a second Enter must decide nothing

    def _build(self) -> None:
        conflict = self._conflict
        self.setWindowTitle("Deux versions")
        words = conflict.mine + conflict.theirs
        fit(self, 900, 560 if len(words) > SHORT or "\n" in words else 360)
        self.mine.setAccessibleName(f"{self.mine.text()}, celle {of(conflict.mine_by)}")
        self.theirs.setAccessibleName(f"{self.theirs.text()}, celle {of(conflict.theirs_by)}")
        self.text.setAccessibleName("Une autre version")
        mine, theirs = marked(conflict.mine, conflict.theirs, by_line=not conflict.editable)
        sides = QHBoxLayout()
        sides.setSpacing(Space.L)
        sides.addWidget(_version(conflict.mine_by, conflict.mine, mine, self.mine), 1)
        sides.addWidget(_version(conflict.theirs_by, conflict.theirs, theirs, self.theirs), 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self.edit)
        buttons.addStretch()
        for widget in (self.cancel, self.both, self.keep_text):
            buttons.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.L)
        layout.addWidget(label(conflict.subject, "section", wrap=True))
        layout.addWidget(self.banner)
        if conflict.frozen:
            layout.addWidget(label(FROZEN, wrap=True))
        layout.addLayout(sides, 1)
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        self.edit.setVisible(conflict.editable)
        self.both.setVisible(conflict.both)
        self.text.hide()
        self.keep_text.hide()

    def _keeping(self, side: str) -> str:
        """The words of the button that keeps a side; keeping the side that deleted deletes."""
        gone = self._conflict.gone
        return "Garder cette version" if not gone else "Supprimer" if side == gone else "Garder"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Both versions scroll together."""
        if not page_through(event, *self.findChildren(QScrollArea)):
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Decides later, but asks first where a text was written; not while it is being stored."""
        leave = super().reject
        if not self._still.on:
            self._unless_written(lambda: leave())  # noqa: PLW0108 - bound, Qt would come back here

    def _unless_written(self, act: Callable[[], object]) -> None:
        """Does what discards the text written here, asking first if there is any."""
        if self.text.document().isModified():
            abandon(self, act)
        else:
            act()

    def _on_side(self, keep: str) -> None:
        self._unless_written(lambda: self._decide(keep))

    def _on_edit(self) -> None:
        """Opens a third text, which starts from the central's."""
        self.text.show()
        self.keep_text.show()
        self.edit.hide()
        fit(self, 900, 560)
        self.text.setFocus()

    def _on_text(self) -> None:
        self._decide("edited", self.text.toPlainText())

    def _decide(self, keep: str, text: str = "") -> None:
        self._waiting.begin()
        self._still.begin()
        self.decided.emit(keep, text)

    def accept(self) -> None:
        self._still.end()
        super().accept()

    def refuse(self, error: Exception) -> None:
        """Says why the decision was refused, and lets another one be made."""
        self._still.end()
        self._waiting.end()
        errors.tell(error, self.banner, self)


def _version(by: str, text: str, rich: str, keep: QWidget) -> QFrame:
    """A card with one version under its author, and the button that keeps it."""
    words = Marked(rich or NOTHING)
    words.setAlignment(Qt.AlignmentFlag.AlignTop)
    words.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    words.setAccessibleName(f"{by} : {text or NOTHING}")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # so that a third text, being written below, gets half of the height
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
    area.setWidget(words)
    frame = QFrame()
    frame.setProperty("surface", "card")
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
    inside.setSpacing(Space.M)
    inside.addWidget(label(by, "strong", wrap=True))
    inside.addWidget(area, 1)
    inside.addWidget(keep, 0, Qt.AlignmentFlag.AlignLeft)
    return frame
