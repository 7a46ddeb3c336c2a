"""Which of the commissions of a workspace the window shows, kept from one opening to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.domain.search_text import fold
from app.domain.wording import listed
from app.errors import Absent

if TYPE_CHECKING:
    from app.domain.records import Commission, Record
    from app.services.records import Records
    from ui.tasks import Task
    from ui.window.main_window import MainWindow

KEPT = "window.commission"
"""The setting of the workspace that names the commission shown last."""


class Commissions(QObject):
    """Keeps every page on one commission, and turns them all to another."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.known: Mapping[str, str] = {}  # their names by id, in French alphabetical order
        self.shown_id: str | None = None
        self.undone = ""  # what was told last of an operation undone or redone
        window.navigation.commission_chosen.connect(self.turn)

    def take(self, found: Sequence[Record[Commission]], wished: object = None) -> None:
        """Stays on the commission shown, under its present name; else shows `wished`, or the first.

        `found` is in the order in which the commissions were made.
        """
        from app.domain.names import commission_names  # not needed for the first frame

        named = sorted(found, key=lambda one: (fold(one.fields.name), one.id))
        self.known = commission_names(named)
        there = [one.id for one in found]
        left = [one for one in (self.shown_id, wished, *there) if one in there]
        shown_id = str(left[0]) if left else None
        if shown_id == self.shown_id:
            self._name()
        else:
            self._show(shown_id)

    @property
    def others(self) -> Mapping[str, str]:
        """The names, by id, of the commissions not shown."""
        return {one: name for one, name in self.known.items() if one != self.shown_id}

    def tell_of(self, done: str, what: str, spaces: Collection[str], itself: bool) -> None:
        """Says what was just undone or redone, naming its commissions if it touched one not shown.

        `itself` says that a commission's own record was among them: where that is not the one
        shown, `what` already names it.
        """
        names = [f"« {name} »" for one, name in self.known.items() if one in spaces]
        where = "la commission" if len(names) == 1 else "les commissions"
        told = self.others.keys().isdisjoint(spaces) or (itself and self.shown_id not in spaces)
        place = "" if told else f" dans {where} {listed(names)}"
        self._window.banner.say(f"{done}{place} : {what}.")
        self.undone = self._window.banner.text()

    def turn(self, commission_id: str | None, then: Callable[[], object] = lambda: None) -> None:
        """Turns to a commission, asking first about input that only a button would store.

        `then` follows: at once where the commission is shown already, or is not known here.
        """
        window = self._window
        services = window.services
        if services is None or commission_id == self.shown_id or commission_id not in self.known:
            then()
            return
        from ui.dialogs.dialog import ConfirmDialog  # not needed for the first frame

        settings = services.settings

        def go() -> None:
            self._show(commission_id)
            window.tasks.run(lambda: settings.set(KEPT, commission_id))
            then()

        if losses := window.flush():
            ConfirmDialog("Changer de commission", losses, "Changer quand même", go, window).open()
        else:
            go()

    def reach(self, record_id: str, then: Callable[[], object]) -> Task | None:
        """Turns to the commission of a record, then calls `then`; the region's turns nothing.

        Returns the task that looks for the commission; None where there is nothing to look for.
        """
        services = self._window.services
        if services is None or len(self.known) < 2 or not record_id:
            then()
            return None
        records = services.records
        return self._window.tasks.run(
            lambda: _space(records, record_id), lambda space: self.turn(space, then), owner=self
        )

    def _show(self, commission_id: str | None) -> None:
        """Turns every page to a commission; a page that loses its record gives way to its list."""
        from ui.window.page_memory import recall_choices  # not needed for the first frame

        window = self._window
        self.shown_id = commission_id
        self._name()
        for page in window.pages.values():
            page.set_commission(commission_id)
            recall_choices(page, window.preferences)
        here = window.where().place
        if window.place in window.pages and here != window.place:
            window.go(here)

    def _name(self) -> None:
        """Shows the names of the commissions, in the window's title too, as the narrow navigation
        shows none.
        """
        several = len(self.known) > 1
        name = self.known.get(self.shown_id or "", "") if several else ""
        self._window.navigation.show_commissions(self.known, self.shown_id)
        for page in self._window.pages.values():
            page.offer_commissions(self.known)
        self._window.actions_.commission.setVisible(several)
        program = QGuiApplication.applicationDisplayName()
        self._window.setWindowTitle(" – ".join(filter(None, (name, program))))


def _space(records: Records, record_id: str) -> str | None:
    """The commission that a record belongs to; None for the region, and for no record."""
    try:
        return records.envelope(record_id, deleted=True).commission_id
    except Absent:
        return None
