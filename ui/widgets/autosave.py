"""Text that saves itself as it is typed: nobody looks for a button, and no word is lost."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from ui import errors
from ui.tasks import Tasks

AFTER_LAST_KEY = 200
"""Milliseconds of rest before a save, so that it is durable within 300."""

WHILE_TYPING = 800
"""Milliseconds that typing may go on without a save, so that one is durable each second."""

RETRY = 3_000


class Saving(Enum):
    """What became of the words typed last."""

    SAVED = "saved"
    BEGUN = "begun"
    """Not to be stored before their line or card is confirmed, or their field can be read."""
    PENDING = "pending"
    FAILED = "failed"


class Autosave(QObject):
    """Saves the value of something edited: soon after the last edit, and at least each second.

    A save that failed is tried again until it succeeds, the words staying on screen; `failed` tells
    the first failure, then each for another reason, and `failure` is the last one until then. A
    value whose record was deleted meanwhile is tried no more: `orphaned` carries it.
    """

    state_changed = Signal(object)
    saved = Signal()
    failed = Signal(object)
    orphaned = Signal(str)

    def __init__(
        self, read: Callable[[], str], save: Callable[[str], object], tasks: Tasks, parent: QObject
    ) -> None:
        """`read` is called on the GUI thread; `save` takes its value off that thread."""
        super().__init__(parent)
        self._read = read
        self._save = save
        self._tasks = tasks
        self._handed: str | None = read()
        self._under_way = 0
        self._is_left = False
        self.failure: Exception | None = None
        self.state = Saving.SAVED
        self._rest = self._timer(AFTER_LAST_KEY)
        self._limit = self._timer(WHILE_TYPING)

    def loaded(self) -> None:
        """Takes the present value as the one that is stored."""
        self._handed = self._read()
        self._stop()
        self._tell(Saving.SAVED)

    def edited(self) -> None:
        """To be called at each edit."""
        if self.state is Saving.SAVED:
            self._tell(Saving.PENDING)
        self._rest.start(AFTER_LAST_KEY)
        if not self._limit.isActive():
            self._limit.start()

    def flush(self) -> None:
        """Hands the present value to the store now, as when the page is left."""
        self._stop()
        value = self._read()
        if value == self._handed:
            self._settle()
            return
        self._handed = value
        self._under_way += 1
        self._tasks.run(lambda: self._save(value), self._on_saved, self._on_failed, self)

    def let_go(self) -> None:
        """Ends once the present value is stored, whatever its editor shows from now on.

        A failure is told once more, as the words are out of sight by now.
        """
        value = self._read()
        self.failure = None
        self._read = lambda: value
        self._is_left = True
        self.flush()

    @property
    def value(self) -> str:
        """The value that the store should hold."""
        return self._read()

    def _on_saved(self, result: object) -> None:
        self._under_way -= 1
        self._settle()
        self.saved.emit()

    def _on_failed(self, error: Exception) -> None:
        self._under_way -= 1
        if errors.is_of_deleted(error):
            self._give_up()
            return
        self._handed = None
        if self.state is not Saving.FAILED or str(error) != str(self.failure):
            self.failure = error
            self._tell(Saving.FAILED)
            self.failed.emit(error)
        self._rest.start(RETRY)

    def _give_up(self) -> None:
        """Stops trying to store words whose record was deleted."""
        self._handed = self._read()
        if not self._under_way:
            self.orphaned.emit(self._handed)
            self._settle()

    @property
    def settled(self) -> bool:
        """Whether the store holds the present value: no edit and no save is waiting."""
        return not self._under_way and self._read() == self._handed

    def _settle(self) -> None:
        if self.settled:
            self._stop()
            self._tell(Saving.SAVED)
            if self._is_left:
                self.deleteLater()

    def _tell(self, state: Saving) -> None:
        if state is Saving.SAVED:
            self.failure = None
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self.flush)
        return timer

    def _stop(self) -> None:
        self._rest.stop()
        self._limit.stop()


def worst(states: set[Saving]) -> Saving:
    """The state to show for several autosaves together."""
    order = (Saving.FAILED, Saving.PENDING, Saving.BEGUN)
    return next((one for one in order if one in states), Saving.SAVED)
