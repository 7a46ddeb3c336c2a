"""Tab goes through a window as it is laid out, whatever was made first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.records import reference_id
from app.storage import protection
from app.storage.workspace import create
from tests.ui.acting import CONTROL, activate, dialog, visit
from tests.ui.conftest import settle
from tests.ui.world import World
from tests.workspaces import cheap_passphrases
from ui.dialogs.dialog import FormDialog
from ui.dialogs.seat import SeatDialog
from ui.pages.home import HomePage
from ui.pages.meeting.page import MeetingPage
from ui.pages.needs import NeedsPage
from ui.pages.organisation import OrganisationPage
from ui.tasks import Tasks
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.rows_field import RowsField
from ui.window import start
from ui.window.main_window import MainWindow


def focused() -> QWidget:
    """What has the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def walk(qtbot: QtBot, window: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[str]:
    """The names of what Tab stops at, until it comes back to what has the keyboard."""
    first = QApplication.focusWidget()
    names = []
    while True:
        qtbot.keyClick(QApplication.focusWidget() or window, key)
        here = focused()
        names.append(here.accessibleName())
        if here is first:
            return names


def tier() -> Form:
    form = Form(2)
    form.add("price", "Prix", TextField())
    form.add("people", "Participants", TextField())
    return form


def test_rows_added_late_come_before_the_buttons_and_forwards_is_backwards_reversed(
    tasks: Tasks, qtbot: QtBot
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    rows = RowsField("Palier", "Ajouter un palier", tier)
    form = Form(1)
    form.add("name", "Fournisseur", TextField())
    form.add("tiers", "Paliers", rows)
    form.set_values({"tiers": [{}, {}]})
    dialog = FormDialog("Offre", form, lambda values: values, tasks, parent)
    dialog.offer("Historique", lambda: None)
    dialog.open()
    activate(dialog)
    expected = [
        "Supprimer : Palier 1", "Prix, Palier 1", "Participants, Palier 1",
        "Supprimer : Palier 2", "Prix, Palier 2", "Participants, Palier 2",
        "Ajouter un palier", "Historique", "Annuler", "Enregistrer", "Fournisseur",
    ]  # fmt: skip
    assert walk(qtbot, dialog) == expected
    backwards = walk(qtbot, dialog, Qt.Key.Key_Backtab)
    assert backwards == [*reversed(expected[:-1]), "Fournisseur"]


def test_what_a_form_scrolled_away_comes_into_sight_with_the_keyboard(
    tasks: Tasks, qtbot: QtBot
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    form = Form(1)
    for number in range(30):
        form.add(f"line{number}", f"Ligne {number}", TextField())
    dialog = FormDialog("Long", form, lambda values: values, tasks, parent)
    dialog.open()
    activate(dialog)
    dialog.confirm.setFocus()
    for _ in range(2):
        qtbot.keyClick(focused(), Qt.Key.Key_Backtab)
    last = form.field("line29")
    assert last.hasFocus() and not last.visibleRegion().isEmpty()


def test_a_seat_is_given_by_a_few_keys_card_after_card(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    vougeot = reference_id("organisation", "21716")
    page = visit(opened, "organisation", OrganisationPage, qtbot, vougeot)
    plain, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    for modifiers, stop in (
        (plain, page.form.field("name").accessibleName()),
        (plain, "Ajouter un siège"),
        (plain, "Ajouter une personne"),
        (shift, "Ajouter un siège"),
    ):
        qtbot.keyClick(focused(), Qt.Key.Key_F8, modifiers)
        assert focused().accessibleName() == stop
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    dialog(SeatDialog, page, qtbot)


def test_coming_back_from_a_record_comes_back_to_its_row(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for title in ("Fibre", "Sauvegarde"):
        world.make("need", title=title)
    table = visit(opened, "needs", NeedsPage, qtbot).table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    left = table.current()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    settle(opened, qtbot)
    assert opened.place == "need"
    qtbot.keyClick(focused(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    settle(opened, qtbot)
    assert focused() is table
    assert table.current().id == left.id


def test_a_screen_reader_hears_of_the_row_alone_as_a_list_is_come_back_to(
    opened: MainWindow, world: World, qapp: QApplication, qtbot: QtBot
) -> None:
    world.make("need", title="Fibre")
    table = visit(opened, "needs", NeedsPage, qtbot).table
    table.setFocus()
    visit(opened, "home", HomePage, qtbot)
    passed: list[QWidget] = []
    listening = qapp.focusChanged.connect(lambda old, now: passed.append(now))
    opened.go("needs")
    settle(opened, qtbot)
    qapp.disconnect(listening)
    assert [one for one in passed if one is not None] == [table]


def test_a_place_of_the_navigation_is_one_of_several_to_a_screen_reader(
    opened: MainWindow, qtbot: QtBot
) -> None:
    spoken = QAccessible.queryAccessibleInterface(opened.navigation.entries["home"])
    assert spoken.role() is QAccessible.Role.RadioButton
    assert spoken.state().checked


def test_tab_stops_in_the_navigation_where_the_user_is_and_arrows_go_on(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    visit(opened, "needs", NeedsPage, qtbot)
    opened.navigation.menu_button.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused().accessibleName() == "Besoins"
    qtbot.keyClick(focused(), Qt.Key.Key_Down)
    assert focused().accessibleName() == "Veille"
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert opened.place == "watch"


def test_enter_goes_to_what_is_to_be_sent(opened: MainWindow, qtbot: QtBot) -> None:
    opened.navigation.show_pending(3)
    opened.navigation.pending.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert opened.place == "sync"


def test_the_choices_of_a_list_follow_its_filter_and_precede_its_rows(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("need", title="Fibre")
    page = visit(opened, "needs", NeedsPage, qtbot)
    page.panel.filter.setFocus()
    names = walk(qtbot, opened)
    assert names[:4] == [
        "Tous les états", "Tous les thèmes",
        "Trier, exporter, importer, copier la liste", "Besoins",
    ]  # fmt: skip


def test_the_first_start_begins_in_its_form_and_ends_with_its_buttons(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    start.open_in(window, tmp_path / "espace", None)
    settle(window, qtbot)
    assert focused().accessibleName() == "Nom de la commission (obligatoire)"
    assert walk(qtbot, window)[:6] == [
        "Département", "Genre d'assemblée", "Votre nom (obligatoire)", "Protection en cas de vol",
        "J'ai un code du GIP…", "J'ai une copie et son code de secours…",
    ]  # fmt: skip


def test_a_locked_workspace_takes_its_passphrase_at_once(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with cheap_passphrases():
        lock = protection.choose("passphrase", passphrase="douze lettres au moins", workspace="x")
        create(tmp_path / "espace", lock).close()
        start.open_in(window, tmp_path / "espace", None)
        settle(window, qtbot)
        qtbot.keyClicks(focused(), "douze lettres au moins")
        qtbot.keyClick(focused(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.services is not None)
        settle(window, qtbot)


def test_ctrl_tab_turns_the_tabs_of_a_page_from_what_stands_around_them_too(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    for around in (page.showing.button, opened.navigation.entries["meetings"]):
        around.setFocus()
        qtbot.keyClick(around, Qt.Key.Key_Tab, CONTROL)
        assert page.tabs.currentIndex() == 1
        around.setFocus()
        qtbot.keyClick(around, Qt.Key.Key_Backtab, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        assert page.tabs.currentIndex() == 0
    visit(opened, "home", HomePage, qtbot)
    qtbot.keyClick(opened.navigation.entries["home"], Qt.Key.Key_Tab, CONTROL)
