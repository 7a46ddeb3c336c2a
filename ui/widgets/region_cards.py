"""The cards of what the region shares: the themes of needs, and the scales of fees."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal

from app.domain.records import FeeScale, Record, Theme
from app.domain.wording import count
from ui.widgets.buttons import button
from ui.widgets.line import Line
from ui.widgets.section import Section


class ThemesCard(Section):
    """`opened` carries the theme to change, or None for a new one."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__("Thèmes des besoins")
        self.add_one = button("Nouveau thème", lambda: self.opened.emit(None), icon="plus")
        self.add_beside(self.add_one)

    def show_themes(self, themes: Sequence[Record[Theme]]) -> None:
        self.clear()
        for theme in themes:
            line = Line(
                theme.fields.label or "Sans nom",
                chip="" if theme.fields.active else "Retiré des listes",
            )
            line.clicked.connect(partial(self.opened.emit, theme))
            self.add(line)


class ScalesCard(Section):
    """`opened` carries the scale to change, or None for a new one."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__("Barèmes des cotisations")
        self.add_one = button("Nouveau barème", lambda: self.opened.emit(None), icon="plus")
        self.add_beside(self.add_one)

    def show_scales(self, scales: Sequence[Record[FeeScale]]) -> None:
        self.clear()
        for scale in scales:
            line = Line(scale_name(scale.fields), count(len(scale.fields.rows), "ligne"))
            line.clicked.connect(partial(self.opened.emit, scale))
            self.add(line)
        if not scales:
            self.say("Un barème donne la cotisation de chaque collectivité ; l'adhésion reste"
                     " gratuite pour les communes de moins de 500 habitants.")  # fmt: skip


def scale_name(scale: FeeScale) -> str:
    """« Barème 2027 », with its code where that says more."""
    if not scale.year:
        return f"Barème « {scale.code} »"
    also = "" if scale.code == str(scale.year) else f", « {scale.code} »"
    return f"Barème {scale.year}{also}"
