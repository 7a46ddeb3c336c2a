"""What the GIP publishes for the whole region, beside what is one commission's."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from app.bootstrap import Services
from app.domain.wording import plain
from app.storage.tables import central_link
from tests.ui.acting import column, dialog, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.world import World
from ui.dialogs.dialog import ConfirmDialog
from ui.main_window import MainWindow
from ui.pages.meetings import MeetingsPage
from ui.pages.needs import NeedsPage
from ui.pages.record_page import RecordPage
from ui.pages.solutions import SolutionsPage
from ui.pages.watch import WatchPage


def tie(services: Services, role: str) -> None:
    """Ties the workspace to a central, by an account of this role."""
    with services.workspace.unit() as unit:
        for name, value in (("url", '"https://gip"'), ("role", f'"{role}"')):
            unit.connection.execute(insert(central_link).values(name=name, value=value))
        unit.commit()


@pytest.fixture
def gip(world: World) -> World:
    """The commission in a workspace tied by an account of the GIP."""
    tie(world.services, "gip")
    return world


def type_title(window: MainWindow, place: str, words: str, qtbot: QtBot) -> RecordPage:
    """Types the title of the record that was just asked for, and waits until it is stored."""
    settle(window, qtbot)
    page = window.pages[place]
    assert isinstance(page, RecordPage)
    title = page.form.field("title")
    assert isinstance(title, QLineEdit)
    qtbot.keyClicks(title, words)
    page.flush()
    settle(window, qtbot)
    return page


PAGES = pytest.mark.parametrize(
    ("place", "kind", "page", "words", "own"),
    [
        ("watch", "watch_note", WatchPage, "Note pour la région", "Nouvelle note"),
        ("solutions", "solution", SolutionsPage, "Solution pour la région", "Nouvelle solution"),
    ],
)


@PAGES
def test_the_gip_publishes_for_the_region_by_a_button_of_its_own_and_reads_where_it_goes(
    gip: World, opened: MainWindow, qtbot: QtBot, place: str, kind: str,
    page: type[WatchPage | SolutionsPage], words: str, own: str,
) -> None:  # fmt: skip
    press(visit(opened, place, page, qtbot), words, qtbot)
    made = type_title(opened, kind, "Partout", qtbot)
    assert "pour toute la région" in plain(shown(made.seal))
    press(visit(opened, place, page, qtbot), own, qtbot)
    made = type_title(opened, kind, "Ici", qtbot)
    assert not made.seal.isVisible()
    spaces = {one.fields.title: one.commission_id for one in gip.services.records.list(kind)}
    assert spaces == {"Partout": None, "Ici": gip.commission_id}
    listed = visit(opened, place, page, qtbot)
    scope = listed.table.rows.columnCount() - 1
    titles = column(listed.table, list(listed.columns).index(listed.columns["TITLE"]))
    assert dict(zip(titles, column(listed.table, scope), strict=True)) == {
        "Partout": "Région", "Ici": ""
    }  # fmt: skip


@PAGES
def test_a_facilitator_is_not_offered_what_the_gip_alone_publishes(
    world: World, opened: MainWindow, qtbot: QtBot, place: str, kind: str,
    page: type[WatchPage | SolutionsPage], words: str, own: str,
) -> None:  # fmt: skip
    tie(world.services, "facilitator")
    listed = visit(opened, place, page, qtbot)
    assert not listed.sharing.isVisible()
    assert not listed.share.isEnabled()


def test_before_the_gip_deletes_what_it_published_it_reads_that_nobody_keeps_it(
    gip: World, opened: MainWindow, qtbot: QtBot
) -> None:
    note = gip.services.records.create("watch_note", {"title": "Partout"}, None)
    own = gip.make("watch_note", title="Ici")

    def asked(page: QWidget) -> str:
        found = dialog(ConfirmDialog, page, qtbot)
        words = plain(shown(found))
        found.reject()
        settle(opened, qtbot)
        return words

    for record, everywhere in ((note, True), (own, False)):
        page = visit(opened, "watch_note", RecordPage, qtbot, record.id)
        page.ask_removal()
        assert ("toutes les commissions" in asked(page)) is everywhere
    listed = visit(opened, "watch", WatchPage, qtbot)
    listed.table.selectAll()
    listed.ask_removal()
    assert "toutes les commissions" in asked(listed)


def test_without_a_commission_the_gip_writes_for_the_region(
    services: Services, window: MainWindow, qtbot: QtBot
) -> None:
    tie(services, "gip")
    window.open_on(services)
    settle(window, qtbot)
    press(visit(window, "watch", WatchPage, qtbot), "Nouvelle note", qtbot)
    type_title(window, "watch_note", "Partout", qtbot)
    (note,) = services.records.list("watch_note")
    assert note.commission_id is None


@pytest.mark.parametrize(
    ("place", "page", "words"),
    [
        ("needs", NeedsPage, "Nouveau besoin"),
        ("meetings", MeetingsPage, "Nouvelle séance"),
        ("watch", WatchPage, "Nouvelle note"),
    ],
)
def test_what_needs_a_commission_is_not_begun_without_one(
    services: Services, window: MainWindow, qtbot: QtBot, place: str,
    page: type[NeedsPage | MeetingsPage | WatchPage], words: str,
) -> None:  # fmt: skip
    window.open_on(services)
    settle(window, qtbot)
    press(visit(window, place, page, qtbot), words, qtbot)
    settle(window, qtbot)
    assert window.place == place
    assert window.findChildren(ConfirmDialog) == []
    assert "Il faut d'abord une commission" in plain(window.banner.text())
