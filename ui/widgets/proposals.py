"""What could be added to an agenda, each with the reason; a click adds it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.domain.carry_over import Proposal
from app.domain.wording import count
from ui.widgets.buttons import button
from ui.widgets.line import Line
from ui.widgets.section import Section

SHOWN = 6
"""How many proposals stand on screen at a time; the others come as these are taken."""


class Proposals(Section):
    """`taken` carries the proposals to add."""

    taken = Signal(object)

    def __init__(self) -> None:
        super().__init__("À mettre à l'ordre du jour")
        self.heading.setWordWrap(True)
        self.every = button("Tout ajouter", self._on_every, kind="quiet")
        self._found: Sequence[Proposal] = ()
        self.add_beside(self.every)
        self.hide()

    def show_proposals(self, found: Sequence[Proposal]) -> None:
        """Shows the first proposals and counts the others; nothing at all when there is none."""
        self._found = found
        self.clear()
        for proposal in found[:SHOWN]:
            line = Line(proposal.fields["title"], proposal.why, most_lines=2)
            line.clicked.connect(lambda checked=False, one=proposal: self.taken.emit([one]))
            self.add(line)
        if others := len(found[SHOWN:]):
            self.say(f"… et {count(others, 'autre')}, que « Tout ajouter » ajoute aussi.")
        self.setVisible(bool(found))

    def _on_every(self) -> None:
        self.taken.emit(list(self._found))
