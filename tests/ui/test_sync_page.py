"""Synchronisation in the window, with a real central and a second laptop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.storage import protection
from app.storage.workspace import create
from tests.central_server import Central, central
from ui.dialogs.conflict import ConflictDialog, marked
from ui.main_window import MainWindow
from ui.pages.sync import SyncPage
from ui.widgets.line import Line

__all__ = ["central"]


@pytest.fixture
def page(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> Iterator[SyncPage]:
    window.place = "sync"
    window.open_on(services)
    qtbot.waitUntil(lambda: "sync" in window.pages and not window.tasks.busy)
    made = window.pages["sync"]
    assert isinstance(made, SyncPage)
    yield made
    services.sync.close()


def tie(qtbot: QtBot, page: SyncPage, central: Central, facilitator_id: str) -> None:
    """Enrols as the user does, by the form."""
    page.tie.form.set_values(
        {
            "url": central.url,
            "code": central.code(facilitator_id),
            "ca": str(central.authority),
            "upload": True,
        }
    )
    page.tie.confirm.click()
    qtbot.waitUntil(page.start.isEnabled, timeout=20_000)


def exchange(qtbot: QtBot, page: SyncPage) -> None:
    page.setFocus()
    with qtbot.waitSignal(page.told, timeout=20_000):
        page.start.trigger()
    qtbot.waitUntil(lambda: page.start.isEnabled() and not page.tasks.busy, timeout=20_000)


def texts(page: SyncPage) -> list[str]:
    return [line.accessibleName() for line in page.conflicts.findChildren(Line)]


def test_a_laptop_is_tied_sends_its_work_and_decides_a_conflict(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central, tmp_path: Path
) -> None:
    facilitator = central.facilitator(create=True)
    need = services.records.create("need", {"title": "Sauvegarde", "words": "Tout est perdu"})
    tie(qtbot, page, central, facilitator)
    exchange(qtbot, page)
    assert services.sync.status().pending == 0
    assert services.records.get(need.id).revision == 1

    other = Services(create(tmp_path / "autre", protection.choose("none", workspace="autre")))
    other.settings.set("author_name", "Paul Roy")
    other.sync.enrol(central.url, central.code(facilitator), central.authority.read_text())
    other.sync.run()
    other.records.update(need.id, {"words": "Tout est retrouvé"})
    other.sync.run()
    other.sync.close()
    other.close()

    services.records.update(need.id, {"words": "Tout est cassé"})
    exchange(qtbot, page)
    qtbot.waitUntil(lambda: len(texts(page)) == 1)
    page.conflicts.findChildren(Line)[0].click()
    dialog = page.findChild(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    dialog.mine.click()
    qtbot.waitUntil(lambda: not page.conflicts.isVisible())
    assert services.records.get(need.id).fields.words == "Tout est cassé"


def test_a_wrong_code_is_said_and_nothing_is_tied(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central
) -> None:
    page.tie.form.set_values(
        {"url": central.url, "code": "XXXX-XXXX-XXXX-XXXX", "ca": str(central.authority)}
    )
    page.tie.confirm.click()
    qtbot.waitUntil(lambda: page.tie.banner.text() != "", timeout=20_000)
    assert services.sync.status().url == ""


def test_the_words_that_differ_are_marked_and_markup_is_shown_as_it_is() -> None:
    mine, theirs = marked("un <b>mot</b>\nici", "un autre mot\nici")
    assert "&lt;b&gt;mot&lt;/b&gt;" in mine
    assert mine.count("<span") == theirs.count("<span") == 1
    assert mine.endswith("<br>ici")
