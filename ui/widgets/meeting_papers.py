"""The papers of a meeting to come: read, printed or sent in one click each."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.domain.document_kinds import KINDS
from ui.widgets.line import Line
from ui.widgets.section import Section

PAPERS = (
    ("agenda", "Un PDF, à joindre ou à afficher"),
    ("convocations", "Une lettre par membre à convoquer sur papier"),
    ("attendance-sheet", "À faire signer dans la salle"),
)
FILES = (
    ("invitation", "Invitation", "Un fichier .ics pour les agendas"),
    ("draft", "Courriel", "Un brouillon .eml, les membres en copie cachée"),
)


class MeetingPapers(Section):
    """`paper_asked` carries the kind and the title of a PDF, `file_asked` the kind of a file."""

    paper_asked = Signal(str, str)
    file_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("Documents")
        self._files: dict[str, Line] = {}
        for kind, detail in PAPERS:
            title = KINDS[kind].label
            line = Line(title, detail)
            line.clicked.connect(
                lambda checked=False, kind=kind, title=title: self.paper_asked.emit(kind, title)
            )
            self.add(line)
        for kind, title, detail in FILES:
            line = self._files[kind] = Line(title, detail)
            line.clicked.connect(lambda checked=False, kind=kind: self.file_asked.emit(kind))
            self.add(line)

    def offer_draft(self, *, offered: bool) -> None:
        """Shows the e-mail draft where some member is to be convened by e-mail."""
        self._files["draft"].setVisible(offered)
