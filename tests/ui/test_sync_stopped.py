"""A sync stopped from the window while the line is slow, in each of its phases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.domain.wording import plain
from app.services.changes import Change
from app.services.sync import UNCONFIRMED
from app.sync.enrolment import ACCESS_KEPT, CODE_SENT, UNCHANGED
from app.sync.protocol import Limits
from tests.app.sync.meddler import Answer, Heard, Meddler, meddling
from tests.app.sync.slow_line import SlowLine, Way, slowed
from tests.app.sync.test_restored_central import Copies
from tests.central_server import Central, central, clock
from tests.ui.acting import dialog, shown
from tests.ui.conftest import settle
from tests.ui.test_sync_page import page
from tests.workspaces import new_workspace
from ui.dialogs.dialog import ConfirmDialog
from ui.making import make
from ui.pages.sync import ALL_THERE, SyncPage
from ui.window.main_window import MainWindow

__all__ = ["central", "clock", "page"]

STOPPED = "La synchronisation est arrêtée ; ce qui était fait le reste."
LETTERS = [chr(one) for one in range(0x4E00, 0x9F00)]
MUCH = 8
"""Texts of the greatest length: together more than the line keeps of what is sent."""


@dataclass(frozen=True)
class Office:
    """The window's laptop behind a slow line, another one of the same account, their central."""

    here: Services
    other: Services
    line: SlowLine
    copies: Copies

    def write(self, services: Services) -> None:
        """Long needs that no compression shortens much."""
        draw = random.Random(MUCH)
        texts = ["".join(draw.choices(LETTERS, k=90_000)) for _ in range(MUCH)]
        services.records.put([Change("need", {"title": "Long", "words": one}) for one in texts])

    def state(self, services: Services) -> dict[str, Any]:
        """What the central counts of the records of a laptop."""
        with services.workspace.reading() as unit:
            found = unit.select(deleted=True)
            return {one.id: one for one in found if one.revision}


@pytest.fixture
def office(
    qtbot: QtBot, page: SyncPage, window: MainWindow, central: Central, tmp_path: Path
) -> Iterator[Office]:
    """Two laptops that are level."""
    with ExitStack() as stack:
        line = stack.enter_context(slowed(central))
        account = central.facilitator(create=True)
        here, authority = page.services, central.authority.read_text()
        here.records.create("need", {"title": "Messagerie"})
        here.sync.enrol(line.url, central.code(account), authority, upload=True)
        other = Services(new_workspace(tmp_path / "autre", "autre"))
        stack.callback(other.close)
        stack.callback(here.sync.close)
        here.sync.run()
        other.sync.enrol(central.url, central.code(account), authority)
        stack.callback(other.sync.close)
        other.sync.run()
        window.spread(frozenset())
        settle(window, qtbot)
        yield Office(here, other, line, Copies(central, tmp_path / "copie"))


def connecting(office: Office) -> tuple[Way, int]:
    office.here.records.create("need", {"title": "Fibre"})
    office.here.sync.close()
    return "up", 0


def sending(office: Office) -> tuple[Way, int]:
    office.write(office.here)
    return "up", 300_000


def receiving(office: Office) -> tuple[Way, int]:
    office.write(office.other)
    office.other.sync.run()
    return "down", 300_000


def comparing(office: Office) -> tuple[Way, int]:
    office.write(office.other)
    office.other.sync.run()
    office.here.sync.run()
    office.copies.save()
    office.here.records.create("need", {"title": "Fibre"})
    office.here.sync.run()
    office.copies.restore()
    return "down", 300_000


def sending_a_file(office: Office, size: int = 2 << 20) -> tuple[Way, int]:
    need = office.here.records.create("need", {"title": "Tableau blanc"})
    photo = random.Random(MUCH).randbytes(size)
    file = office.copies.file.with_name("photo.jpg")
    file.write_bytes(photo)
    office.here.attachments.add(need.id, [file])
    return "up", 300_000


def receiving_a_file(office: Office) -> tuple[Way, int]:
    sending_a_file(replace(office, here=office.other))
    office.other.sync.run()
    return "down", 300_000


def test_a_file_whose_sending_was_stopped_is_said_to_be_sent_only_once_it_is(
    qtbot: QtBot, page: SyncPage, window: MainWindow, office: Office
) -> None:
    office.line.hold(*sending_a_file(office, 2 * Limits().chunk))
    page.exchange()
    qtbot.waitUntil(office.line.held.is_set)
    page.stop.click()
    qtbot.waitUntil(lambda: plain(page.header.subtitle.text()) == "1 fichier à envoyer")
    named = "À envoyer Fichier : pièce jointe « photo.jpg »."
    qtbot.waitUntil(lambda: shown(page.leaving) == named)
    pending = window.navigation.pending
    qtbot.waitUntil(lambda: pending.isVisible() and "1 fichier" in plain(pending.text()))
    office.line.release()
    settle(window, qtbot)
    page.exchange()
    qtbot.waitUntil(lambda: plain(window.banner.text()) == "1 fichier envoyé.")
    settle(window, qtbot)
    qtbot.waitUntil(lambda: ALL_THERE in shown(page.leaving))
    assert "1 fichier envoyé." in shown(page.outcome)
    assert "tout est à jour" not in shown(page.outcome)
    assert office.other.sync.run().files_received == 1


def test_a_slow_line_keeps_no_paper_waiting_and_what_is_to_be_sent_counted(
    qtbot: QtBot, page: SyncPage, window: MainWindow, office: Office
) -> None:
    office.line.hold(*sending(office))
    page.exchange()
    qtbot.waitUntil(office.line.held.is_set)
    made: list[str] = []
    make(window.tasks, lambda: "papier", made.append, window.tell_error, window)
    qtbot.waitUntil(lambda: made == ["papier"])
    office.here.records.create("need", {"title": "Fibre"})
    window.spread(frozenset({"need"}))
    number = f"{office.here.sync.status().pending} modifications"
    qtbot.waitUntil(lambda: number in plain(window.navigation.pending.text()))
    assert page.running.isVisible()
    office.line.release()
    qtbot.waitUntil(lambda: not page.running.isVisible())
    settle(window, qtbot)


def test_a_window_closed_during_a_sync_goes_at_once_and_sends_the_rest_the_next_time(
    qtbot: QtBot, page: SyncPage, window: MainWindow, office: Office
) -> None:
    office.line.hold(*sending(office))
    page.exchange()
    qtbot.waitUntil(office.line.held.is_set)
    gone: list[bool] = []
    seen = Timer(0.2, lambda: (gone.append(window.isHidden()), office.line.release()))
    seen.start()
    assert window.close()
    seen.join()
    assert gone == [True]
    assert office.here.sync.status().pending > 0
    office.here.sync.run()
    office.other.sync.run()
    assert office.here.sync.status().pending == 0
    assert office.state(office.here) == office.state(office.other)


@pytest.mark.parametrize("leave", ["stop", "close"])
def test_nobody_waits_for_a_central_that_does_not_answer(
    qtbot: QtBot, page: SyncPage, window: MainWindow, office: Office, leave: str
) -> None:
    need = office.here.records.create("need", {"title": "Fibre"})
    office.line.hold("down")
    page.exchange()
    qtbot.waitUntil(office.line.held.is_set)
    late = Timer(20, office.line.release)
    late.start()
    if leave == "close":
        assert window.close()
    else:
        page.stop.click()
        qtbot.waitUntil(lambda: not window.tasks.busy)
        assert plain(window.banner.text()) == STOPPED
    assert late.is_alive()
    late.cancel()
    office.line.release()
    office.here.sync.run()
    office.other.sync.run()
    assert office.other.records.get(need.id).fields.title == "Fibre"


def test_a_window_closes_though_the_central_does_not_answer_the_end_of_the_tie(
    qtbot: QtBot, page: SyncPage, window: MainWindow, office: Office
) -> None:
    office.line.hold("down")
    page.tie.end.click()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    qtbot.waitUntil(office.line.held.is_set)
    late = Timer(20, office.line.release)
    late.start()
    assert window.close()
    assert late.is_alive()
    late.cancel()


class Silence:
    """A central that answers no more from some call on, having heard it or not."""

    def __init__(self, meddler: Meddler, path: str, *, hears: bool) -> None:
        self.reached, self.over = Event(), Event()

        def act(_: Heard, forward: Callable[[], Answer]) -> None:
            if hears:
                forward()
            self.reached.set()
            self.over.wait()

        meddler.next(act, only=path)


CODE = "/v1/enrolments"
TIED = "avec la commission « Nuits »."
STOPS = {
    "before the code": ("/v1/capabilities", False, UNCHANGED, TIED),
    "the code unheard": (CODE, False, CODE_SENT, TIED),
    "the code heard": (CODE, True, CODE_SENT, "Ce code n'est pas valable"),
    "after the code": ("/v1/devices/self", True, ACCESS_KEPT, TIED),
}


@pytest.mark.parametrize("case", STOPS)
def test_a_tie_to_a_central_that_does_not_answer_is_stopped_and_tried_again(
    qtbot: QtBot, page: SyncPage, central: Central, case: str
) -> None:
    path, hears, said, then = STOPS[case]
    with meddling(central) as meddler:
        authority = central.authority.with_name("between.pem")
        authority.write_text(meddler.authority)
        code = central.code(central.facilitator(central.commission("Nuits")))
        page.tie.form.set_values({"url": meddler.url, "code": code, "ca": str(authority)})
        silence = Silence(meddler, path, hears=hears)
        page.tie.tie.setFocus()
        page.tie.tie.click()
        qtbot.waitUntil(silence.reached.is_set)
        late = Timer(20, silence.over.set)
        late.start()
        qtbot.waitUntil(page.tie.progress.isVisible)
        assert not page.tie.tie.isEnabled()
        page.tie.progress.cancel.setFocus()
        page.tie.progress.cancel.click()
        assert page.tie.tie.isEnabled() and page.tie.tie.hasFocus()
        qtbot.waitUntil(lambda: plain(page.tie.banner.text()) == said)
        assert late.is_alive() and not page.tie.progress.isVisible()
        late.cancel()
        silence.over.set()
        qtbot.waitUntil(lambda: not page.tasks.busy)
        again = page.tie.more if page.services.sync.status().signed_in else page.tie.tie
        assert again.isVisible()
        again.click()
        qtbot.waitUntil(lambda: then in shown(page))
        qtbot.waitUntil(lambda: not page.tasks.busy)
        page.services.sync.close()


def test_a_tie_that_waits_for_a_sync_is_stopped_without_it(
    qtbot: QtBot, page: SyncPage, window: MainWindow, office: Office
) -> None:
    need = office.here.records.create("need", {"title": "Fibre"})
    office.line.hold("down")
    page.exchange()
    qtbot.waitUntil(office.line.held.is_set)
    page.tie.more.click()
    page.tie.stop()
    office.line.release()
    settle(window, qtbot)
    assert office.here.records.get(need.id).revision == 1
    assert plain(page.tie.banner.text()) == UNCHANGED


def test_the_end_of_a_tie_that_the_central_does_not_confirm_is_stopped(
    qtbot: QtBot, page: SyncPage, window: MainWindow, office: Office
) -> None:
    office.line.hold("down")
    page.tie.end.click()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    qtbot.waitUntil(office.line.held.is_set)
    qtbot.waitUntil(page.tie.progress.isVisible)
    late = Timer(20, office.line.release)
    late.start()
    page.tie.progress.cancel.click()
    qtbot.waitUntil(lambda: plain(window.banner.text()) == UNCONFIRMED)
    assert late.is_alive() and page.tie.end.isEnabled()
    late.cancel()
    office.line.release()
    page.tie.end.click()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    qtbot.waitUntil(page.tie.form.isVisible)


DOING = {
    connecting: "Connexion au central",
    sending: "Envoi",
    receiving: "Réception",
    comparing: "Réception",
    sending_a_file: "Envoi",
    receiving_a_file: "Réception",
}
"""What the window says of each phase, to begin with."""


@pytest.mark.parametrize("phase", DOING)
def test_a_sync_stopped_in_any_phase_says_so_once_and_the_next_ends_level(
    qtbot: QtBot,
    page: SyncPage,
    window: MainWindow,
    office: Office,
    phase: Callable[[Office], tuple[Way, int]],
) -> None:
    office.line.hold(*phase(office))
    page.exchange()
    qtbot.waitUntil(office.line.held.is_set)
    qtbot.waitUntil(lambda: page.doing.text().startswith(DOING[phase]))
    page.stop.click()
    assert plain(window.banner.text()) == STOPPED
    assert page.start.isEnabled()
    assert not page.running.isVisible()
    office.line.release()
    settle(window, qtbot)
    assert plain(window.banner.text()) == STOPPED
    page.exchange()
    qtbot.waitUntil(page.outcome.isVisible)
    settle(window, qtbot)
    assert window.banner.property("tone") == "success"
    office.other.sync.run()
    assert office.here.sync.status().pending == 0
    assert office.state(office.here) == office.state(office.other)
