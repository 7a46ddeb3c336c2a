"""The commissions that proposed a solution of the region."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal

from app.domain.wording import count
from app.services.publications import Publication
from ui.widgets.line import Line
from ui.widgets.section import Section
from ui.words.choices import tone_of, words_of


class OriginsCard(Section):
    """Leads to the solution of each commission here, and counts the others; hidden for none."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__("Proposée par")

    def show_origins(self, title: str, publication: Publication, names: Mapping[str, str]) -> None:
        """Says what each commission called it, where that is not `title`; `names` are those of the
        commissions here, by id.
        """
        origins, elsewhere = publication.origins, publication.elsewhere
        self.clear()
        self.setVisible(bool(origins or elsewhere))
        for one in origins:
            name = names.get(one.commission_id or "", "")
            called = one.fields.title if one.fields.title != title else ""
            line = Line(name, called, words_of(one, "status"), tone_of(one, "status"))
            line.clicked.connect(lambda checked=False, own_id=one.id: self.opened.emit(own_id))
            self.add(line)
        if elsewhere and origins:
            self.say(f"Et {count(elsewhere, 'autre commission', 'autres commissions')}.")
        elif elsewhere:
            self.say(f"{count(elsewhere, 'commission')} de la région.")
