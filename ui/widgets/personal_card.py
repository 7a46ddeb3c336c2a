"""The settings' card of personal data: what is kept about someone, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.domain.retention_terms import Due
from app.domain.wording import count
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.personal_data import PersonalDataDialog
from ui.dialogs.retention import RetentionDialog
from ui.tasks import LONG, Tasks
from ui.widgets.buttons import button
from ui.widgets.pick import Option
from ui.widgets.settings_card import SettingsCard
from ui.widgets.text import label
from ui.words.persons import person_options

if TYPE_CHECKING:
    from app.bootstrap import Services


class PersonalCard(SettingsCard):
    """`changed` follows an erasure or a purge; its empty set stands for any kind of record."""

    changed = Signal(object)
    failed = Signal(object)
    told = Signal(str)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(
            "Données personnelles",
            "Ce qui est gardé d'une personne se lit, se remet à qui le demande et s'efface ; ce"
            " qui a dépassé sa durée vous est proposé.",
        )
        self.services = services
        self.tasks = tasks
        self.due = label("", wrap=True)
        self.due.hide()
        self.inside.insertWidget(self.inside.indexOf(self.banner), self.due)
        self.choose = button("Données d'une personne…", self._on_choose, icon="users")
        self.terms = button("Durées de conservation…", self._on_terms, icon="calendar-clock")
        self.add_button(self.terms)
        self.add_button(self.choose)

    def refresh(self) -> None:
        """Says how much has been kept longer than its term, if anything."""
        self.tasks.run(
            self.services.retention.due, self._show_due, self.failed.emit, self, lane=LONG
        )

    def _show_due(self, found: Sequence[Due]) -> None:
        number = sum(len(one.expired) for one in found)
        one, many = "donnée a dépassé sa durée", "données ont dépassé leur durée"
        self.due.setText(f"{count(number, one, many)} de conservation.")
        self.due.setVisible(number > 0)

    def _on_choose(self) -> None:
        self.tasks.run(
            lambda: person_options(self.services, "*"), self._ask, self.failed.emit, self
        )

    def _ask(self, options: Sequence[Option]) -> None:
        dialog = ChooseDialog(
            "Données d'une personne", "Personne", options, str, self.tasks, parent=self
        )
        dialog.saved.connect(self._open)
        dialog.open()

    def _open(self, person_id: str) -> None:
        dialog = PersonalDataDialog(person_id, self.services, self.tasks, self)
        dialog.erased.connect(lambda said: self.changed.emit(frozenset()))
        dialog.erased.connect(self.told)
        dialog.open()

    def _on_terms(self) -> None:
        dialog = RetentionDialog(self.services, self.tasks, self)
        dialog.purged.connect(lambda: self.changed.emit(frozenset()))
        dialog.open()
