"""Whatever a newer program made of a record, or mad values do, every page shows the rest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.domain.records import KINDS, SCHEMA
from tests.app.domain.builders import uid
from tests.conftest import FakeClock
from tests.mad import madden
from tests.newer import MEETING, NEXT, furnish, of_kind, outgrow
from tests.ui.acting import clear_filter, visit
from tests.ui.conftest import settle
from tests.workspaces import light_workspace
from ui.errors import UnexpectedDialog
from ui.pages.list_page import ListPage
from ui.window.main_window import MainWindow
from ui.window.places import EVERYWHERE

ABOUT = {
    "meeting": (MEETING, NEXT),
    "need": ("need",),
    "watch_note": ("watch_note",),
    "solution": ("solution",),
    "organisation": (uid("organisation 1"),),
}
"""What the places show that show one record: an id, or the kind of the only one."""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds every kind of record."""
    folder = tmp_path_factory.mktemp("garni") / "espace"
    services = Services(light_workspace(folder, clock=FakeClock()))
    services.settings.sign_changes()
    furnish(services)
    services.close()
    return folder


@pytest.fixture
def services(furnished: Path, tmp_path: Path) -> Iterator[Services]:
    shutil.copytree(furnished, tmp_path / "espace")
    opened = open_services(tmp_path / "espace", clock=FakeClock())
    yield opened
    opened.close()


def everywhere(services: Services) -> list[tuple[str, str]]:
    """Each place, once for each record that it may show."""
    ids = {kind: of_kind(services, kind)[0].id for kind in ("need", "watch_note", "solution")}
    return [
        (place, ids.get(about, about)) for place in EVERYWHERE for about in ABOUT.get(place, ("",))
    ]


@pytest.mark.parametrize("change", [outgrow, madden])
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_opens_on_a_record_that_a_newer_program_wrote_or_a_mad_one(
    window: MainWindow,
    services: Services,
    kind: str,
    change: Callable[..., Iterator[str]],
    qtbot: QtBot,
) -> None:
    places = everywhere(services)
    window.open_on(services)
    settle(window, qtbot)
    # Every place once a kind: of the four ways of either change, each in its turn.
    first = list(KINDS).index(kind) + (4 if change is madden else 0)
    for turn, way in enumerate(change(services, kind), first):
        window.spread(frozenset())
        for place, record_id in places[turn % 8 :: 8]:
            window.go(place, record_id)
            settle(window, qtbot)
            for tabs in window.pages[place].findChildren(QTabWidget):
                for number in range(tabs.count()):
                    tabs.setCurrentIndex(number)
                    settle(window, qtbot)
            assert window.findChildren(UnexpectedDialog) == [], (way, place)


@pytest.mark.parametrize(
    ("place", "choice"),
    [
        ("meetings", "meeting.status"), ("needs", "need.status"), ("watch", "watch_note.level"),
        ("solutions", "solution.status"), ("organisations", "organisation.kind"),
        ("organisations", "organisation.membership"), ("actions", "action.status"),
    ],
)  # fmt: skip
def test_a_filter_never_takes_what_cannot_be_read_for_the_first_of_its_choices(
    window: MainWindow, services: Services, place: str, choice: str, qtbot: QtBot
) -> None:
    kind, field = choice.split(".")
    with services.workspace.unit("Nouvelle version") as unit:
        for one in of_kind(services, kind):
            fields = one.fields | {field: "neuf"}
            unit.receive(msgspec.structs.replace(one, schema=SCHEMA + 1, fields=fields))
        unit.commit()
    window.open_on(services)
    settle(window, qtbot)
    page = visit(window, place, ListPage, qtbot)
    panel = page.panel
    every = panel.table.rows.rowCount()
    assert every == len(of_kind(services, kind))
    default = getattr(KINDS[kind](), field)
    (offered,) = [one for one in panel.choices if one.findData(default) >= 0]
    offered.setCurrentIndex(offered.findData(default))
    assert panel.table.rows.rowCount() == 0
    clear_filter(panel)
    assert panel.table.rows.rowCount() == every
