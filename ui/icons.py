"""Icons of the Lucide set, tinted by colour role as they are painted, sharp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImageReader, QPainter, QPixmap

from app.paths import resources
from ui import theme


def icon(name: str, role: str = "text", checked: str = "") -> QIcon:
    """The icon of that name in resources/icons, in the colour of `role` in whatever theme is shown.

    `checked` is the role used while its button is checked. Raises FileNotFoundError for a name not
    shipped.
    """
    return QIcon(_TintedEngine(_source(name), role, checked or role))


class _TintedEngine(QIconEngine):
    """Renders an SVG in the present colour of a role; disabled icons are pale."""

    def __init__(self, source: str, role: str, checked: str) -> None:
        super().__init__()
        self._source = source
        self._role = role
        self._checked = checked

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        side = min(rect.width(), rect.height())
        corner = QPoint(
            rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2
        )
        painter.drawPixmap(corner, self._picture(side, mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._picture(min(size.width(), size.height()), mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        return self._picture(min(size.width(), size.height()), mode, state, scale)

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._source, self._role, self._checked)

    def _picture(self, size: int, mode: QIcon.Mode, state: QIcon.State, ratio: float) -> QPixmap:
        role = self._checked if state is QIcon.State.On else self._role
        if mode is QIcon.Mode.Disabled:
            role = "outline"
        return _render(self._source, theme.colour(role).name(), size, ratio)


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def _render(source: str, colour: str, size: int, ratio: float) -> QPixmap:
    drawing = QBuffer()
    drawing.setData(QByteArray(source.replace("currentColor", colour).encode()))
    drawing.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(drawing, QByteArray(b"svg"))
    side = max(round(size * ratio), 1)
    reader.setScaledSize(QSize(side, side))
    reader.setBackgroundColor(Qt.GlobalColor.transparent)
    picture = QPixmap.fromImage(reader.read())
    picture.setDevicePixelRatio(ratio)
    return picture
