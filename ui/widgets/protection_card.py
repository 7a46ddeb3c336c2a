"""Who may open the workspace, and the ways to change it: the code is shown before it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from app.services.workspaces import CHANGED, RENEWED, UNCHANGED
from ui.dialogs.protection import PROTECTIONS, ProtectionDialog
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.tasks import Tasks
from ui.widgets.buttons import button
from ui.widgets.settings_card import SettingsCard
from ui.widgets.text import label
from ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.workspaces import Lock


class ProtectionCard(SettingsCard):
    """Changes the protection in two steps: what is prepared counts once the code is noted."""

    told = Signal(str, str)
    failed = Signal(object)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__("Protection", "")
        self.services = services
        self.tasks = tasks
        self._mode = "none"
        self.sentence = label("", wrap=True)
        self.working = QProgressBar()
        self.change = button("Changer la protection…", self._on_change, icon="key-round")
        self.renew = button("Nouveau code de secours…", self._on_renew, icon="lock")
        self._waiting = Waiting(self.change, self.renew)
        self._assemble()

    def _assemble(self) -> None:
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        self.working.setAccessibleName("Chiffrement en cours")
        self.working.hide()
        self.inside.insertWidget(1, self.sentence)
        self.inside.insertWidget(2, self.working)
        self.add_button(self.renew)
        self.add_button(self.change)

    def refresh(self) -> None:
        """Reads the present protection."""
        self.tasks.run(self.services.safety.mode, self._show, self.failed.emit, self)

    def _show(self, mode: str) -> None:
        self._mode = mode
        words = dict(PROTECTIONS)[mode].removesuffix(" (conseillé)")
        self.sentence.setText(f"{words}.")
        self.renew.setVisible(mode != "none")

    def _on_change(self) -> None:
        dialog = ProtectionDialog(self._mode, self.services.safety.prepare, self.tasks, self)
        dialog.saved.connect(self._on_prepared)
        dialog.open()

    def _on_renew(self) -> None:
        self.tasks.run(
            self.services.safety.renew_code,
            lambda lock: self._on_prepared(lock, RENEWED),
            self.failed.emit,
            self,
        )

    def _on_prepared(self, lock: Lock | None, words: str = CHANGED) -> None:
        """Shows the new code, if there is one, before anything is written."""
        if lock is None:
            return
        if words == CHANGED and lock.header.mode == self._mode == "keyring":
            words = UNCHANGED
        if lock.recovery_code is None:
            self._apply(lock, words)
            return
        code = lock.recovery_code
        dialog = RecoveryCodeDialog(
            code, lambda: self.services.safety.recovery_sheet(code), self.tasks, self
        )
        dialog.accepted.connect(lambda: self._apply(lock, words))
        dialog.rejected.connect(lambda: self._give_up(lock))
        dialog.open()

    def _apply(self, lock: Lock, words: str) -> None:
        self.working.show()
        self._waiting.begin()
        self.tasks.run(
            lambda: self.services.safety.apply(lock),
            lambda warning: self._done(words, warning),
            self._fail,
            self,
        )

    def _give_up(self, lock: Lock) -> None:
        self.tasks.run(lambda: self.services.safety.give_up(lock), None, self.failed.emit, self)

    def _done(self, words: str, warning: str) -> None:
        self._end()
        self.refresh()
        self.told.emit(f"{warning} {words}".strip(), "warning" if warning else "success")

    def _fail(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self.working.hide()
        self._waiting.end()
