"""The one visual system: colour roles, type scale, spacing, palette, stylesheet and font.

What is on screen now is read back from the application's own palette and font, so that a widget
painting itself needs no theme handed to it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import Enum
from functools import cache
from string import Template

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.paths import resources

FAMILY = "Source Sans 3"
BODY_PX = 15
_WIDTHS, _DRESSED, _SHEET = "widths", "dressed", "sheet"  # names of Qt properties set here


@dataclass(frozen=True)
class Colours:
    """Colours by role, as `#RRGGBB`.

    `text`, `muted`, `accent` and the four tones are legible (≥ 4.5:1) on `ground`, `side`,
    `surface`, `raised`, `accent_soft`, and each tone on its own `_soft`; `outline` bounds controls
    (≥ 3:1), `line` separates, `neutral_soft` is the ground of a chip in `muted` and of what is
    under the pointer.
    """

    name: str
    ground: str
    side: str
    surface: str
    raised: str
    line: str
    outline: str
    text: str
    muted: str
    accent: str
    accent_strong: str
    on_accent: str
    accent_soft: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    info: str
    info_soft: str
    neutral_soft: str


LIGHT = Colours(
    name="light",
    ground="#F5F6F4", side="#ECEEEB", surface="#FFFFFF", raised="#F3F5F4",
    line="#DFE3E0", outline="#7C8681", text="#1C2522", muted="#56625D",
    accent="#1D5F66", accent_strong="#164B51", on_accent="#FFFFFF", accent_soft="#DFEDEC",
    danger="#A5301F", danger_soft="#FBE9E5", warning="#7A4F00", warning_soft="#FAF0D7",
    success="#226A3C", success_soft="#E2F2E6", info="#2B578F", info_soft="#E6EEF8",
    neutral_soft="#DFE3E0",
)  # fmt: skip

DARK = Colours(
    name="dark",
    ground="#141A19", side="#101514", surface="#1C2322", raised="#252D2C",
    line="#313B39", outline="#768480", text="#E7ECEA", muted="#A3AFAB",
    accent="#74C3C4", accent_strong="#93D6D6", on_accent="#0B2022", accent_soft="#1F3B3D",
    danger="#F3958A", danger_soft="#43231F", warning="#E9BD66", warning_soft="#3B2F16",
    success="#86CF9C", success_soft="#1D3827", info="#9CC1F0", info_soft="#20324A",
    neutral_soft="#313B39",
)  # fmt: skip


LIGHT_HIGH = replace(
    LIGHT,
    ground="#FFFFFF", side="#FFFFFF", raised="#F0F0F0",
    line="#949494", outline="#595959", text="#000000", muted="#000000",
    accent="#0A474D", accent_strong="#00292D", accent_soft="#CFE7E5",
    danger="#7A1A0D", warning="#573800", success="#0E4A25", info="#143B6B",
    neutral_soft="#DADADA",
)  # fmt: skip

DARK_HIGH = replace(
    DARK,
    ground="#000000", side="#000000", surface="#000000", raised="#181818",
    line="#606060", outline="#A0A0A0", text="#FFFFFF", muted="#FFFFFF",
    accent="#8FE3E3", accent_strong="#B8F2F2", on_accent="#000000", accent_soft="#0F3638",
    danger="#FFB8AD", warning="#FFD98A", success="#A6EBBB", info="#BCD9FF",
    neutral_soft="#363636",
)  # fmt: skip
"""For a system that asks for more contrast: text at 7:1, lines at the 3:1 of outlines."""

_BY_GROUND = {shown.ground: shown for shown in (LIGHT, DARK, LIGHT_HIGH, DARK_HIGH)}
_BY_ROLE = {ground: asdict(shown) for ground, shown in _BY_GROUND.items()}


class Space:
    """Distances between things, in pixels before the screen's own scale."""

    XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 32


TYPE = {"caption": 13, "body": BODY_PX, "strong": BODY_PX, "lead": 17, "section": 19, "title": 27}
"""Sizes of text by role, in pixels at a text size of 100 %."""

BOLD = frozenset({"strong", "section", "title"})
TEXT_SCALES = (0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)


class Mode(Enum):
    """Which of light and dark is shown."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def colours() -> Colours:
    """The colours on screen now."""
    ground = QGuiApplication.palette().color(QPalette.ColorRole.Window).name().upper()
    return _BY_GROUND.get(ground, LIGHT)


def colour(role: str) -> QColor:
    """A role's colour on screen now; a KeyError names an unknown role."""
    return QColor(_BY_ROLE[colours().ground][role])


def text_scale() -> float:
    """The size of text chosen by the user, 1.0 being normal."""
    pixels = QApplication.font().pixelSize()
    return pixels / BODY_PX if pixels > 0 else 1.0


def px(size: float) -> int:
    """A length that follows the size of text (row heights, columns, icons)."""
    return round(size * text_scale())


def dress(window: QWidget) -> None:
    """Gives a window without parent the stylesheet, now and whenever the theme changes.

    A stylesheet of the application itself would be applied to a widget again each time that it, or
    one of its ancestors, is given a parent while a page is built.
    """
    application = QApplication.instance()
    assert application is not None  # no widget exists without one
    window.setProperty(_DRESSED, True)
    window.setStyleSheet(application.property(_SHEET))


def set_widths(widget: QWidget, *, least: int | None = None, most: int | None = None) -> None:
    """Bounds a widget's width, in pixels at a text size of 100 %; the bounds follow that size."""
    widget.setProperty(_WIDTHS, [least, most])
    _measure(widget)


def _measure(widget: QWidget) -> None:
    least, most = widget.property(_WIDTHS)
    if least is not None:
        widget.setMinimumWidth(px(least))
    if most is not None:
        widget.setMaximumWidth(px(most))


def font(role: str) -> QFont:
    """The font of a role of the type scale, for what is painted by hand."""
    return QFont(_font(role, text_scale()))  # a copy: the caller may change it


@cache
def _font(role: str, scale: float) -> QFont:
    result = QFont(FAMILY)
    result.setPixelSize(round(TYPE[role] * scale))
    result.setBold(role in BOLD)
    return result


class Theme(QObject):
    """Dresses the application, and follows the system's light, dark and high contrast."""

    changed = Signal()

    def __init__(
        self, application: QApplication, mode: Mode = Mode.SYSTEM, scale: float = 1.0
    ) -> None:
        super().__init__(application)
        self._application = application
        self._hints = application.styleHints()
        self._wishes = self._hints.accessibility()
        self._contrast = self._wishes.contrastPreference()
        self._sheet = _dressing_room()
        self.scale = _offered(scale)
        self.set_mode(mode)
        self._hints.colorSchemeChanged.connect(self._on_scheme)
        self._wishes.contrastPreferenceChanged.connect(self._on_contrast)

    def set_mode(self, mode: Mode) -> None:
        """Shows light, dark, or what the system shows."""
        self.mode = mode
        if mode is Mode.SYSTEM:
            self._hints.unsetColorScheme()
        else:
            dark = mode is Mode.DARK
            self._hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        self._on_scheme(self._hints.colorScheme())

    def set_scale(self, scale: float) -> None:
        """Sets the size of all text, bounded to the scales offered."""
        self.scale = _offered(scale)
        self._apply()

    def step_scale(self, direction: int) -> None:
        """Goes to the next larger (1) or smaller (-1) size of text."""
        nearest = min(range(len(TEXT_SCALES)), key=lambda i: abs(TEXT_SCALES[i] - self.scale))
        self.set_scale(TEXT_SCALES[min(max(nearest + direction, 0), len(TEXT_SCALES) - 1)])

    def _apply(self) -> None:
        shown = self._shown()
        self._application.setPalette(_palette(shown))
        self._application.setFont(_font("body", self.scale))
        sheet = self._sheet.substitute(_values(shown, self.scale))
        if sheet != self._application.property(_SHEET):  # applying it to all windows takes a while
            self._application.setProperty(_SHEET, sheet)
            for widget in self._application.allWidgets():
                if widget.property(_DRESSED):
                    widget.setStyleSheet(sheet)
                if widget.property(_WIDTHS) is not None:
                    _measure(widget)
        self.changed.emit()

    def _on_scheme(self, shown: Qt.ColorScheme) -> None:
        self._scheme = shown
        self._apply()

    def _on_contrast(self, wished: Qt.ContrastPreference) -> None:
        self._contrast = wished
        self._apply()

    def _shown(self) -> Colours:
        dark = self.mode is Mode.DARK
        if self.mode is Mode.SYSTEM:
            dark = self._scheme is Qt.ColorScheme.Dark
        if self._contrast is Qt.ContrastPreference.HighContrast:
            return DARK_HIGH if dark else LIGHT_HIGH
        return DARK if dark else LIGHT


@cache
def _dressing_room() -> Template:
    """Sets the application's style and fonts, once; gives the template of the stylesheet."""
    QDir.addSearchPath("style", str(resources() / "style"))
    for name in ("Regular", "Bold", "It", "BoldIt"):
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"SourceSans3-{name}.ttf"))
    QApplication.setStyle("Fusion")
    return Template((resources() / "style" / "window.qss").read_text("utf-8"))


def _offered(scale: float) -> float:
    """The scale, kept between the smallest and the largest offered."""
    return min(max(scale, TEXT_SCALES[0]), TEXT_SCALES[-1])


def _palette(shown: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for target, source in {
        role.Window: shown.ground,
        role.WindowText: shown.text,
        role.Base: shown.surface,
        role.AlternateBase: shown.raised,
        role.Text: shown.text,
        role.PlaceholderText: shown.muted,
        role.Button: shown.surface,
        role.ButtonText: shown.text,
        role.ToolTipBase: shown.text,
        role.ToolTipText: shown.ground,
        role.Highlight: shown.accent,
        role.HighlightedText: shown.on_accent,
        role.Accent: shown.accent,
        role.Link: shown.accent,
        role.LinkVisited: shown.accent,
        role.Mid: shown.outline,
        role.Dark: shown.outline,
        role.Light: shown.raised,
        role.Midlight: shown.line,
        role.Shadow: shown.line,
    }.items():
        palette.setColor(target, QColor(source))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(shown.outline))
    return palette


def _values(shown: Colours, scale: float) -> dict[str, str]:
    sizes = {f"size_{role}": f"{round(size * scale)}px" for role, size in TYPE.items()}
    lengths = {f"px{n}": f"{round(n * scale)}px" for n in (6, 10, 12, 14, 16, 18, 20, 22, 28)}
    inner = {f"inner{n}": f"{round(n * scale) - 1}px" for n in (6, 10, 14)}
    # To the padding of a field Qt adds 2 px before its words, 4 in a text of several lines, and
    # nothing in a list nor in a label, which has no border either: with these, the words of a form
    # begin one under the other.
    before = round(10 * scale) + 2
    leads = {"lead_list": f"{before}px", "inner_list": f"{before - 1}px"}
    leads["lead_label"] = f"{before + 1}px"
    leads |= {"lead_text": f"{before - 4}px", "inner_text": f"{before - 5}px"}
    inner["inner_tick"] = f"{round(16 * scale) - 2}px"
    return {**asdict(shown), **sizes, **lengths, **inner, **leads}
