"""What is kept about a person: read, handed over, or erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.formatted_text import unmarked
from app.domain.personal_data import Erasure, Register, Trace
from app.domain.titles import label_of
from app.domain.wording import capitalised, count, day_and_hour, listed, shortened
from ui.dialogs.reading import ReadingDialog, StoringDialog
from ui.saving import save_document
from ui.tasks import LONG, Tasks
from ui.widgets.buttons import button
from ui.widgets.text import clear
from ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.documents.document import Document

_PARTS = (
    ("points", "Ce qui désigne cette personne"),
    ("names", "Ce qui la nomme"),
    ("may_name", "Ce qui est peut-être d'un autre : même nom, ancien nom, adresse partagée"),
)
_SHOWN = 200

_WARNING = {
    False: "Les changements ne pourront pas être annulés.",
    True: (
        "Les changements partiront à la prochaine synchronisation, comme les autres. Ils ne"
        " pourront pas être annulés."
    ),
}
_DONE = {
    False: "Cette personne est effacée sur cet ordinateur.",
    True: (
        "Cette personne est effacée sur cet ordinateur ; le central et les autres l'apprendront à"
        " la prochaine synchronisation."
    ),
}
"""What is said before and after an erasure; the key tells whether a sync takes it elsewhere."""


class PersonalDataDialog(StoringDialog):
    """The register of a person; `erased` follows an erasure, and carries the sentence to show."""

    erased = Signal(str)

    def __init__(
        self, person_id: str, services: Services, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__("Données personnelles", "Lecture de l'espace de travail…", tasks, parent)
        self._person_id = person_id
        self._services = services
        self.report = button("Relevé (PDF)…", self._on_report, icon="file-text")
        self.data = button("Données (JSON)…", self._on_data, icon="download")
        self.erase = button("Effacer cette personne…", self._on_erase, kind="danger")
        self._making = Waiting(self.report, self.data)
        for place, one in enumerate((self.erase, self.report, self.data)):
            self.foot.insertWidget(place, one)
        self._read()

    def _read(self) -> None:
        self._tasks.run(
            lambda: self._services.personal_data.register(self._person_id),
            self._show,
            self.fail,
            self,
            lane=LONG,
        )

    def _show(self, register: Register) -> None:
        clear(self.column)
        found = count(len(register.traces), "mention")
        others = (
            f" Une fiche du même nom, dans {listed(register.elsewhere)}, a son registre à part."
            if register.elsewhere
            else ""
        )
        self.sentence.setText(
            f"{register.name} : sa fiche, et {found} dans l'espace de travail.{others} Avant de"
            " remettre un relevé, vérifiez que ses phrases ne disent rien d'un autre (RGPD,"
            " art. 15, § 4)."
        )
        for how, heading in _PARTS:
            traces = [one for one in register.traces if one.how == how]
            if traces:
                self.head(heading)
            for trace in traces:
                self.say(_named(trace), _told(trace))
        self.column.addStretch()

    def _on_report(self) -> None:
        self._save(lambda: self._services.personal_data.report(self._person_id))

    def _on_data(self) -> None:
        self._save(lambda: self._services.personal_data.archive(self._person_id))

    def _save(self, make: Callable[[], Document]) -> None:
        def save(made: Document) -> None:
            self._making.end()
            save_document(made, self._tasks, self, self.tell, self.fail)

        def failed(error: Exception) -> None:
            self._making.end()
            self.fail(error)

        self._making.begin()
        self._tasks.run(make, save, failed, self, lane=LONG)

    def _on_erase(self) -> None:
        self._tasks.run(
            lambda: self._services.erasures.preview(self._person_id),
            self._ask,
            self.fail,
            self,
            lane=LONG,
        )

    def _ask(self, erasure: Erasure) -> None:
        dialog = ErasureDialog(erasure, self)
        done = _DONE[erasure.is_shared]
        dialog.accepted.connect(lambda: self._erase(done))
        dialog.open()

    def _erase(self, done: str) -> None:
        self.store(
            lambda: self._services.erasures.erase(self._person_id),
            lambda result: self._on_erased(done),
        )

    def _on_erased(self, done: str) -> None:
        self.erased.emit(done)
        self.accept()


class ErasureDialog(ReadingDialog):
    """What an erasure would change and what would stay, with the reason; writes nothing."""

    def __init__(self, erasure: Erasure, parent: QWidget | None = None) -> None:
        super().__init__(
            f"Effacer {erasure.name}",
            _WARNING[erasure.is_shared],
            parent,
            close="Annuler",
        )
        self.confirm = button("Effacer définitivement", self.accept, kind="danger")
        self.foot.addWidget(self.confirm)
        self.head("Ce qui change")
        for edit in erasure.edits:
            kind = capitalised(label_of(edit.kind)) + (" de la corbeille" if edit.deleted else "")
            after = _words(edit.after) or "(vide)"
            self.say(
                f"{kind}, {edit.field.lower()} : {after}",
                f"Avant : {_words(edit.before)}",
            )
        self.say("L'historique de ces fiches et l'index de recherche de cet ordinateur.")
        self.head("Ce qui reste, et pourquoi")
        for kept in erasure.kept:
            self.say(kept.title, kept.reason)
        if erasure.doubtful:
            self.head("À relire vous-même : même nom, ancien nom ou adresse partagée")
        for trace in erasure.doubtful:
            self.say(_named(trace), _words(trace.text))
        self.column.addStretch()
        self.close_button.setFocus()


def _words(text: str) -> str:
    return shortened(unmarked(text), _SHOWN)


def _told(trace: Trace) -> str:
    """The words of a trace, then when they were last written on this laptop, and by whom."""
    written = f"Écrit le {day_and_hour(trace.at)} par {trace.author}." if trace.at else ""
    return "\n".join(one for one in (_words(trace.text), written) if one)


def _named(trace: Trace) -> str:
    return f"{capitalised(label_of(trace.kind))} « {trace.title} », {trace.field.lower()}"
