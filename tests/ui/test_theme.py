"""The one visual system: legible in both themes, and alive to changes."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPalette, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QCalendarWidget,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.paths import resources
from tests.ui.acting import activate
from ui import icons
from ui.theme import (
    DARK,
    DARK_HIGH,
    LIGHT,
    LIGHT_HIGH,
    Colours,
    Mode,
    Theme,
    colours,
    dress,
    font,
    px,
)
from ui.widgets.buttons import button
from ui.widgets.chip import Chip
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, LongField, TextField, Tick
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField, PicksField
from ui.widgets.text import Elided, restyle

ROOT = Path(__file__).parents[2]
HIGH = (LIGHT_HIGH, DARK_HIGH)
EVERY = pytest.mark.parametrize(
    "shown", (LIGHT, DARK, *HIGH), ids=["light", "dark", "light high", "dark high"]
)
SURFACES = ("ground", "side", "surface", "raised", "accent_soft")
INKS = ("text", "muted", "accent", "danger", "warning", "success", "info")
TONES = ("accent", "danger", "warning", "success", "info")
PAIRS = (
    [(ink, surface) for ink in INKS for surface in SURFACES]
    + [(tone, f"{tone}_soft") for tone in TONES]
    + [("text", f"{tone}_soft") for tone in TONES]
    + [
        ("text", "neutral_soft"),
        ("muted", "neutral_soft"),
        ("on_accent", "accent"),
        ("on_accent", "accent_strong"),
        ("ground", "text"),
    ]
)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@EVERY
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_every_ink_is_legible_on_every_ground_it_is_used_on(
    shown: Colours, ink: str, ground: str
) -> None:
    least = 7 if shown in HIGH else 4.5
    assert contrast(getattr(shown, ink), getattr(shown, ground)) >= least


@EVERY
@pytest.mark.parametrize("ground", SURFACES)
def test_the_bounds_of_controls_stand_out(shown: Colours, ground: str) -> None:
    assert contrast(shown.outline, getattr(shown, ground)) >= 3


@pytest.mark.parametrize("shown", HIGH, ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "side", "surface"])
def test_lines_stand_out_where_more_contrast_is_asked_for(shown: Colours, ground: str) -> None:
    assert contrast(shown.line, getattr(shown, ground)) >= 3


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["surface", "raised"])
def test_a_chip_without_a_tone_stands_out_from_its_line_under_the_pointer_too(
    theme: Theme, qtbot: QtBot, mode: Mode, ground: str
) -> None:
    theme.set_mode(mode)
    chip = Chip()
    qtbot.addWidget(chip)
    chip.set("Prévue")
    chip.resize(chip.sizeHint())
    edge = chip.grab().toImage().pixelColor(px(5), chip.height() // 2)
    assert contrast(edge.name(), getattr(colours(), ground)) >= 1.1


def drawn(image: QImage) -> float:
    """The contrast of a picture's ink with the ground that most of it is."""
    points = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    ground = Counter(point.name() for point in points).most_common(1)[0][0]
    return max(contrast(name, ground) for name in {point.name() for point in points})


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK], ids=["light", "dark"])
def test_every_day_of_the_calendar_and_both_its_arrows_are_legible(
    theme: Theme, qtbot: QtBot, mode: Mode
) -> None:
    theme.set_mode(mode)
    field = DateField()
    qtbot.addWidget(field)
    field.set_value("2026-11-12")
    field.show()
    field.calendar.click()
    calendar = QApplication.activePopupWidget().findChild(QCalendarWidget)
    assert isinstance(calendar, QCalendarWidget)
    arrows = [one for one in calendar.findChildren(QToolButton) if one.accessibleName()]
    assert len(arrows) == 2
    assert min(drawn(one.grab().toImage()) for one in arrows) >= 3
    (days,) = calendar.findChildren(QTableView)
    model, seen = days.model(), days.viewport().grab().toImage()
    shown = [model.index(r, c) for r in range(model.rowCount()) for c in range(7)]
    boxes = [days.visualRect(one) for one in shown]
    assert min(drawn(seen.copy(box)) for box in boxes if box.isValid()) >= 4.5
    QApplication.activePopupWidget().close()


def test_the_chosen_mode_is_what_is_on_screen(theme: Theme) -> None:
    theme.set_mode(Mode.DARK)
    assert colours() is DARK
    theme.set_mode(Mode.LIGHT)
    assert colours() is LIGHT


def test_the_window_follows_a_system_that_turns_dark_unless_told_otherwise(
    theme: Theme, qapp: QApplication
) -> None:
    turned, scheme = qapp.styleHints().colorSchemeChanged, Qt.ColorScheme
    turned.emit(scheme.Dark)
    assert colours() is DARK
    turned.emit(scheme.Light)
    assert colours() is LIGHT
    theme.set_mode(Mode.LIGHT)
    turned.emit(scheme.Dark)
    assert colours() is LIGHT


def test_the_window_follows_a_system_that_asks_for_more_contrast(
    theme: Theme, qapp: QApplication
) -> None:
    hints = qapp.styleHints()
    asked, wishes = hints.accessibility().contrastPreferenceChanged, Qt.ContrastPreference
    theme.set_mode(Mode.DARK)
    asked.emit(wishes.HighContrast)
    assert colours() is DARK_HIGH
    theme.set_mode(Mode.LIGHT)
    assert colours() is LIGHT_HIGH
    asked.emit(wishes.NoPreference)
    assert colours() is LIGHT


def test_text_is_set_in_the_shipped_font(theme: Theme) -> None:
    assert "Source Sans 3" in QFontDatabase.families()
    assert QApplication.font().family() == "Source Sans 3"


def test_the_size_of_text_steps_within_its_bounds_and_everything_follows(theme: Theme) -> None:
    assert px(100) == 100
    for _ in range(20):
        theme.step_scale(1)
    assert theme.scale == 2.0
    assert px(100) == 200
    assert font("title").pixelSize() == 54
    for _ in range(20):
        theme.step_scale(-1)
    assert theme.scale == 0.9


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_an_icon_is_drawn_at_the_screens_own_resolution(theme: Theme, ratio: float) -> None:
    picture = icons.icon("house").pixmap(QSize(20, 20), ratio)
    assert picture.width() == round(20 * ratio)
    assert picture.devicePixelRatio() == ratio


def test_an_icon_takes_the_new_colour_when_the_theme_changes(theme: Theme) -> None:
    icon = icons.icon("minus", "accent")

    def ink() -> set[str]:
        image = icon.pixmap(QSize(48, 48), 1.0).toImage()
        points = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
        return {point.name().upper() for point in points if point.alpha() == 255}

    theme.set_mode(Mode.LIGHT)
    assert LIGHT.accent in ink()
    theme.set_mode(Mode.DARK)
    assert DARK.accent in ink()
    assert LIGHT.accent not in ink()


def test_a_name_that_is_no_icon_is_said_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("licorne")


def test_the_stylesheet_is_whole_for_every_mode_and_size(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    button = QPushButton("Essai")
    qtbot.addWidget(button)
    for mode in (Mode.LIGHT, Mode.DARK):
        for scale in (0.9, 2.0):
            theme.set_mode(mode)
            theme.set_scale(scale)
            assert "$" not in button.styleSheet()
            assert not button.grab().isNull()


def test_what_a_field_asks_for_is_legible_before_it_is_filled(theme: Theme, qtbot: QtBot) -> None:
    for made in (QLineEdit(), QPlainTextEdit()):
        qtbot.addWidget(made)
        for mode in (Mode.LIGHT, Mode.DARK):
            theme.set_mode(mode)
            made.ensurePolished()
            shown = made.palette().color(QPalette.ColorRole.PlaceholderText)
            assert shown == QColor(colours().muted)


def test_a_field_where_nothing_can_be_typed_asks_for_nothing(theme: Theme, qtbot: QtBot) -> None:
    form = Form(1)
    qtbot.addWidget(form)
    dress(form)
    asking = {"line": TextField("Titre"), "text": LongField("Ce qui change")}
    asking |= {"one": PickField([], "Une commune"), "several": PicksField([], "Une autre")}
    for name, field in asking.items():
        form.add(name, "", field)
    form.show()

    def ask() -> set[str]:
        """The fields whose words to ask are seen, unlike those of a field that has none."""
        lines = {name: getattr(field, "line", field) for name, field in asking.items()}
        seen = {name: line.grab().toImage() for name, line in lines.items()}
        words = {name: line.placeholderText() for name, line in lines.items()}
        for line in lines.values():
            line.setPlaceholderText("")
        bare = {name: line.grab().toImage() for name, line in lines.items()}
        for name, line in lines.items():
            line.setPlaceholderText(words[name])
        return {name for name in lines if seen[name] != bare[name]}

    for locked in (False, True, False):
        form.lock(locked=locked)
        assert ask() == (set() if locked else set(asking))


@pytest.mark.parametrize("scale", [0.9, 1.0, 1.25, 2.0])
def test_the_words_of_a_form_begin_one_under_the_other(
    theme: Theme, qtbot: QtBot, scale: float
) -> None:
    theme.set_scale(scale)
    form = QWidget()
    qtbot.addWidget(form)
    fields = QLineEdit("Hameau"), _text(), Choice([(1, "Hameau")])
    chosen = PicksField([Option("h", "Hameau")])
    chosen.set_value(["h"])
    column = QVBoxLayout(form)
    for field in (*fields, chosen):
        column.addWidget(field)
    form.show()
    activate(form)
    begins = set()
    for focused in fields:
        focused.setFocus()
        begins |= {_first_ink(field.grab().toImage()) for field in fields}
    row = chosen.findChild(Elided).parentWidget()
    begins.add(_first_ink(row.grab().toImage()))
    assert len(begins) == 1


def _text() -> QPlainTextEdit:
    field = QPlainTextEdit("Hameau")
    field.moveCursor(QTextCursor.MoveOperation.End)  # where the caret does not count
    return field


FIELDS: dict[Callable[[], QWidget], int] = {
    partial(QLineEdit, "Hameau"): 5,
    _text: 5,
    partial(Choice, [(1, "Hameau")]): 5,
    partial(Tick, "Hameau"): 23,
}
"""What makes a field, and how far from its left its border ends, or the box of a tick."""


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("make", FIELDS)
def test_nothing_moves_when_a_field_is_refused_or_focused(
    theme: Theme, qtbot: QtBot, scale: float, make: Callable[[], QWidget]
) -> None:
    theme.set_scale(scale)
    page = QWidget()
    qtbot.addWidget(page)
    field, other = make(), QLineEdit()
    column = QVBoxLayout(page)
    for one in (field, other):
        column.addWidget(one)
    page.show()
    activate(page)
    looks = []
    for focused in (field, other):
        focused.setFocus()
        for refused in (False, True):
            restyle(field, "invalid", refused)
            QApplication.processEvents()
            begins = _first_ink(field.grab().toImage(), FIELDS[make])
            looks.append((field.sizeHint(), other.pos(), begins))
    assert looks == looks[:1] * len(looks)


def _first_ink(picture: QImage, after: int = 5) -> int:
    """The first column of words, right of the field's border."""
    ground = picture.pixelColor(px(after), picture.height() // 2)
    inside = range(px(8), picture.height() - px(8))
    columns = range(px(after), picture.width())
    return next(x for x in columns if any(picture.pixelColor(x, y) != ground for y in inside))


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_a_scroll_bar_stands_out(theme: Theme, qtbot: QtBot, mode: Mode) -> None:
    theme.set_mode(mode)
    bar = QScrollBar()
    qtbot.addWidget(bar)
    bar.resize(12, 200)
    handle = bar.grab().toImage().pixelColor(6, 16).name()
    for ground in ("ground", "side", "surface", "raised"):
        assert contrast(handle, getattr(colours(), ground)) >= 3


def test_a_button_that_does_nothing_looks_so_whatever_its_kind(theme: Theme, qtbot: QtBot) -> None:
    for kind in ("plain", "primary", "quiet", "link"):
        made = button("Reprendre", kind=kind)
        qtbot.addWidget(made)
        able = made.grab().toImage()
        made.setEnabled(False)
        assert made.grab().toImage() != able, kind


def named_icons() -> set[str]:
    """Every icon that the window's sources name, as a first argument or by the word `icon`."""
    takers = {"icon", "icon_button", "Picture", "EmptyState"}
    found = set()
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            named = [word.value for word in node.keywords if word.arg == "icon"]
            named += node.args[:1] if called in takers else []
            named += node.args[2:3] if called == "Place" else []
            found |= {one.value for one in named if isinstance(one, ast.Constant)}
    return {name for name in found if isinstance(name, str) and name}


SHIPPED = {path.stem for path in (resources() / "icons").glob("*.svg")}


def test_every_icon_that_is_named_is_shipped() -> None:
    named = named_icons()
    assert {"house", "plus", "coins"} <= named
    assert named - SHIPPED == set()


def test_every_icon_that_is_shipped_is_spoken_of() -> None:
    spoken = {
        node.value
        for path in (ROOT / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
    }
    assert SHIPPED - spoken == set()
