"""Synchronisation in the window, with a real central and a second laptop."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.central import accounts
from app.central.schema import grants
from app.clock import now
from app.domain.wording import plain
from app.errors import SyncError, UserError
from app.services.conflict_words import SideBySide
from app.services.endings import Ending, note_done
from app.services.sync_report import Line as Told
from app.services.sync_report import Report
from app.services.sync_status import Status
from app.sync import link as ties
from app.sync.protocol import Receipt
from app.sync.receipts import is_valid
from tests.app.services.test_personal_data import NAME, holding
from tests.app.sync.meddler import Answer, Heard, meddling, saying
from tests.central_server import Central, central, clock, start_central
from tests.conftest import FakeClock
from tests.keyrings import no_keyring
from tests.ui.acting import dialog, field, shown, visit
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.workspaces import new_workspace
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.conflict import ConflictDialog
from ui.dialogs.departure import DeletionsDialog, DepartureDialog
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.history import HistoryDialog
from ui.dialogs.receipt import ReceiptDialog
from ui.pages.need import NeedPage
from ui.pages.sync import ALL_THERE, SyncPage
from ui.theme import DARK, LIGHT, Mode, Theme
from ui.widgets.line import Line
from ui.widgets.outcome_card import OutcomeCard
from ui.widgets.section import Section
from ui.widgets.versions import Marked, marked
from ui.window.auto_sync import EVERY, AutoSync
from ui.window.main_window import MainWindow
from ui.window.places import EVERYWHERE
from ui.words.sync import standing, summary

__all__ = ["central", "clock"]


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
    page.tie.tie.click()
    qtbot.waitUntil(page.start.isEnabled)


def exchange(qtbot: QtBot, page: SyncPage) -> None:
    """Synchronises, and agrees to what leaves when it is shown first."""
    page.setFocus()
    told: list[str] = []

    def hear(words: str, tone: str) -> None:
        told.append(words)

    page.told.connect(hear)
    page.start.trigger()
    qtbot.waitUntil(lambda: bool(told) or page.findChild(DepartureDialog) is not None)
    if not told:
        dialog(DepartureDialog, page, qtbot).send.click()
        qtbot.waitUntil(lambda: bool(told))
    page.told.disconnect(hear)
    qtbot.waitUntil(page.start.isEnabled)
    settle(page.window(), qtbot)


def lines_of(section: QWidget) -> list[str]:
    return [plain(line.accessibleName()) for line in section.findChildren(Line)]


def texts(page: SyncPage) -> list[str]:
    return [line.accessibleName() for line in page.conflicts.findChildren(Line)]


def write_elsewhere(central: Central, facilitator_id: str, folder: Path, need_id: str) -> None:
    """Has another laptop of the same account write the words of a need, and send them."""
    other = Services(new_workspace(folder / "autre", "autre"))
    other.settings.set("author_name", "Paul Roy")
    other.sync.enrol(central.url, central.code(facilitator_id), central.authority.read_text())
    other.sync.run()
    other.records.update(need_id, {"words": "Tout est retrouvé"})
    other.sync.run()
    other.sync.close()
    other.close()


def test_a_laptop_is_tied_sends_its_work_and_decides_a_conflict(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central, tmp_path: Path
) -> None:
    facilitator = central.facilitator(create=True)
    need = services.records.create("need", {"title": "Sauvegarde", "words": "Tout est perdu"})
    tie(qtbot, page, central, facilitator)
    exchange(qtbot, page)
    assert services.sync.status().pending == 0
    assert services.records.get(need.id).revision == 1

    write_elsewhere(central, facilitator, tmp_path, need.id)
    services.records.update(need.id, {"words": "Tout est cassé"})
    exchange(qtbot, page)
    qtbot.waitUntil(lambda: len(texts(page)) == 1)
    assert "À départager" not in shown(page.outcome)
    assert "Envoyé : conflit, besoin « Sauvegarde »." in shown(page.outcome)
    page.conflicts.findChildren(Line)[0].click()
    question = dialog(ConflictDialog, page, qtbot)
    spoken = [one.accessibleName() for one in question.findChildren(QLabel)]
    assert any(re.fullmatch("Léa Martin, .* : Tout est cassé", one) for one in spoken)
    question.edit.click()
    question.text.setPlainText("x" * 100_001)
    question.keep_text.click()
    qtbot.waitUntil(question.banner.isVisible)
    assert "compte 100\u00a0001 caractères" in question.banner.text()
    assert question.text.hasFocus()
    question.mine.click()
    qtbot.waitUntil(lambda: not page.conflicts.isVisible())
    assert services.records.get(need.id).fields.words == "Tout est cassé"


@pytest.fixture
def tied(qtbot: QtBot, page: SyncPage, central: Central, services: Services) -> SyncPage:
    """The page of a laptop that has made its first exchange of the day."""
    services.records.create("need", {"title": "Messagerie"})
    tie(qtbot, page, central, central.facilitator(create=True))
    exchange(qtbot, page)
    return page


def test_open_conflicts_are_counted_on_every_page_and_lead_to_where_they_are_decided(
    qtbot: QtBot, page: SyncPage, window: MainWindow, services: Services
) -> None:
    foot = window.navigation.conflicts
    needs = [services.records.create("need", {"title": title}).id for title in ("Un", "Deux")]
    conflicts = [
        services.records.create(
            "conflict",
            {
                "record_kind": "need", "record_id": need_id, "unit": "title", "base": "",
                "mine": {"value": "A", "author": "Anne", "at": None},
                "theirs": {"value": "B", "author": "Paul", "at": None},
            },
        ).id
        for need_id in needs
    ]  # fmt: skip
    window.go("home")
    assert not foot.isVisible()
    window.spread(frozenset())
    qtbot.waitUntil(lambda: foot.text() == "2 conflits\nà départager")
    assert foot.isVisible()
    foot.click()
    settle(window, qtbot)
    assert window.place == "sync"
    assert len(texts(page)) == 2
    for conflict_id in conflicts:
        services.conflicts.resolve(conflict_id, "theirs")
    window.spread(frozenset())
    qtbot.waitUntil(lambda: not foot.isVisible())


def test_enter_in_the_code_ties_the_computer(
    qtbot: QtBot, page: SyncPage, central: Central
) -> None:
    facilitator = central.facilitator(create=True)
    values = {"url": central.url, "ca": str(central.authority), "upload": True}
    page.tie.form.set_values(values)
    code = field(page.tie.form, "code")
    type_text(code, central.code(facilitator))
    qtbot.keyClick(code, Qt.Key.Key_Return)
    qtbot.waitUntil(page.start.isEnabled)
    assert not page.tie.form.isVisible()


def test_what_asks_something_of_the_user_is_told_after_what_was_exchanged() -> None:
    sent = [Told(kind="need", id="x", said="Envoyé.")]
    notes = ["Ce programme est trop ancien.", "Il reste un fichier."]
    assert summary(Report(sent=sent, notes=notes)) == "1 modification envoyée."
    asking = summary(Report(sent=sent, notes=notes, asks=True))
    assert asking == "1 modification envoyée. Ce programme est trop ancien."


def test_a_clock_that_differs_from_the_central_is_told_after_each_exchange_and_noted_of_none(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services, clock: FakeClock
) -> None:
    last = services.sync.status().last
    clock.forward(hours=1)
    exchange(qtbot, tied)
    doubt = "L'horloge de cet ordinateur dit "
    said = plain(window.banner.text())
    assert said.startswith(f"Tout est à jour. {doubt}") and said.endswith(" : mettez-la à l'heure.")
    assert doubt in shown(tied.outcome)
    assert services.sync.status().last == last
    services.records.create("need", {"title": "Fibre"})
    exchange(qtbot, tied)
    assert plain(window.banner.text()).startswith(f"1 modification envoyée. {doubt}")
    clock.forward(hours=-1)
    exchange(qtbot, tied)
    assert doubt not in plain(window.banner.text()) and doubt not in shown(tied.outcome)


def test_nothing_is_said_to_be_at_the_central_while_a_commission_is_closed(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    with central.database.writing() as connection:
        connection.execute(grants.delete())
    exchange(qtbot, tied)
    assert "ne vous est plus ouverte au central" in shown(tied.outcome)
    assert "tout est à jour" not in shown(tied.outcome)
    said = plain(window.banner.text())
    assert said.startswith("Rien n'a été échangé. La commission « Commission de l'Auxois » ne vous")
    qtbot.waitUntil(lambda: ALL_THERE in shown(tied.leaving))
    never = "ne vous est plus ouverte : rien n'en part et rien n'y arrive."
    qtbot.waitUntil(lambda: f"{never} Voyez avec le GIP." in shown(tied.leaving))
    services.records.create("need", {"title": "Fibre"})
    exchange(qtbot, tied)
    waits = f"{never} 1 modification y attend. Voyez avec le GIP."
    qtbot.waitUntil(lambda: waits in shown(tied.leaving))
    kept = "Rien à envoyer · 1 modification retenue ici"
    assert plain(tied.header.subtitle.text()).startswith(kept)
    assert ALL_THERE not in shown(tied.leaving)


def test_a_conflict_in_a_closed_commission_is_decided_here_alone_until_it_is_given_back(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central, tmp_path: Path
) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    facilitator = central.facilitator(create=True)
    need = services.records.create("need", {"title": "Sauvegarde", "words": "Tout est perdu"})
    tie(qtbot, page, central, facilitator)
    exchange(qtbot, page)
    write_elsewhere(central, facilitator, tmp_path, need.id)
    services.records.update(need.id, {"words": "Tout est cassé"})
    exchange(qtbot, page)
    stays = "La commission ne vous est plus ouverte, votre choix restera sur cet ordinateur"
    qtbot.waitUntil(lambda: len(texts(page)) == 1)
    assert stays not in texts(page)[0]
    with central.database.writing() as connection:
        connection.execute(grants.delete())
    exchange(qtbot, page)
    qtbot.waitUntil(lambda: stays in texts(page)[0])
    page.conflicts.findChildren(Line)[0].click()
    dialog(ConflictDialog, page, qtbot).mine.click()
    qtbot.waitUntil(lambda: not page.conflicts.isVisible())
    assert plain(window.banner.text()) == (
        "C'est décidé sur cet ordinateur ; rien ne part de cette commission, voyez le GIP."
    )
    assert services.records.get(need.id).fields.words == "Tout est cassé"
    settle(window, qtbot)
    assert services.sync.status().pending == 0
    (commission,) = services.records.list("commission")
    with central.database.writing() as connection:
        accounts.grant(connection, now(), facilitator, commission.id)
    exchange(qtbot, page)
    settle(window, qtbot)
    assert services.sync.status().closed == ()
    assert services.records.get(need.id).fields.words == "Tout est cassé"
    (conflict,) = services.records.envelopes("conflict")
    assert (conflict.fields["kept"], texts(page)) == ("mine", [])


def test_why_an_exchange_did_not_succeed_stays_on_the_page_until_one_does(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    url = services.sync.status().url
    services.records.create("need", {"title": "Fibre"})
    tied.refresh()
    settle(window, qtbot)
    for quiet in (False, True):
        point(services, "https://localhost:9")
        tied.exchange(quiet=quiet)
        qtbot.waitUntil(lambda: tied.start.isEnabled() and not tied.tasks.busy)
        window.go("home")
        window.go("sync")
        settle(window, qtbot)
        assert not window.banner.isVisible()
        assert "n'a pas abouti" in shown(tied.fault)
        assert "« localhost » ne peut être joint : rien n'est perdu" in shown(tied.fault)
        assert re.match("Dernier échange, .* h.* Envoyé : besoin", shown(tied.outcome))
        point(services, url)
        exchange(qtbot, tied)
        assert not tied.fault.isVisible()


def test_the_next_start_still_shows_how_the_last_exchange_ended_and_the_fault_that_stands(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    url, space = services.sync.status().url, services.sync.status().commission_ids[0]
    at = services.sync.status().last
    point(services, "https://localhost:9")
    tied.exchange(quiet=True)
    settle(window, qtbot)
    again = SyncPage(services, window.tasks)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(again.fault.isVisible)
    assert "« localhost » ne peut être joint : rien n'est perdu" in shown(again.fault)
    assert at is not None and services.sync.status().last == at
    sent = "Dernier échange, .* [0-9]+ modifications? envoyées?[.]"
    qtbot.waitUntil(lambda: bool(re.fullmatch(sent, shown(again.outcome))))
    point(services, url)
    services.sync.enrol(central.url, adopt=space)  # tied anew: it says nothing of that
    again.refresh()
    qtbot.waitUntil(lambda: not again.fault.isVisible())
    services.records.create("need", {"title": "Fibre"})
    services.sync.run_noted()  # from the command line
    again.refresh()
    qtbot.waitUntil(lambda: shown(again.outcome).endswith(" 1 modification envoyée."))


def test_all_that_stands_is_read_at_twice_the_size_in_the_narrowest_window(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services
) -> None:
    window.theme.set_scale(2.0)
    window.resize(window.minimumSizeHint())
    point(services, "https://localhost:9")
    tied.exchange(quiet=True)
    qtbot.waitUntil(tied.fault.isVisible)
    status = Status(url="x", pending=1200, closed=(("Beaune", 12),), to_resend=340)
    tied.header.say("Synchronisation", standing(status))
    assert tied.header.subtitle.wordWrap()
    qtbot.waitUntil(lambda: clipped(tied) == [])
    assert tied.fault.heading.visibleRegion().boundingRect().width() == tied.fault.heading.width()
    window.theme.set_scale(1.0)


def point(services: Services, url: str) -> None:
    """Has the laptop look for its central at another address."""
    services.sync.close()
    with services.workspace.unit("Adresse") as unit:
        ties.keep(unit, "url", url)
        unit.commit()


def test_with_several_commissions_the_page_says_which_everything_is_of(
    qtbot: QtBot, tied: SyncPage, services: Services, central: Central, tmp_path: Path
) -> None:
    (here,) = services.sync.status().commission_ids
    assert "Auxois" not in shown(tied.leaving) + " ".join(lines_of(tied.receipts))
    there = central.commission("Beaune")
    with central.database.writing() as connection:
        accounts.grant(connection, now(), tie_of(services).facilitator.id, there)
    services.sync.enrol(central.url, adopt=there)
    exchange(qtbot, tied)
    for space, titles in ((here, ("Fibre",)), (there, ("Site", "Copies"))):
        for title in titles:
            services.records.create("need", {"title": title}, space)
    tied.refresh()
    name = services.records.get(here).fields.name
    qtbot.waitUntil(lambda: f"{name} : 1 · Beaune : 2" in shown(tied.leaving))
    exchange(qtbot, tied)
    said = [f"1 enregistrement au central, {name}", "2 enregistrements au central, Beaune"]
    qtbot.waitUntil(
        lambda: sorted(one.split(" · ")[0] for one in lines_of(tied.receipts)[:2]) == said
    )
    site = services.records.list("need", there, title="Site")[0].id
    other = Services(new_workspace(tmp_path / "autre", "autre"))
    code = central.code(central.facilitator(there))
    other.sync.enrol(central.url, code, central.authority.read_text())
    other.sync.run()
    other.records.update(site, {"words": "Tout est retrouvé"})
    other.sync.run()
    other.sync.close()
    other.close()
    services.records.update(site, {"words": "Tout est cassé"})
    exchange(qtbot, tied)
    qtbot.waitUntil(lambda: bool(lines_of(tied.conflicts)))
    assert lines_of(tied.conflicts)[0].endswith(", Beaune, Départager")


def test_the_keyboard_ties_once_exchanges_and_is_never_lost(
    qtbot: QtBot, qapp: QApplication, page: SyncPage, central: Central, window: MainWindow
) -> None:
    facilitator = central.facilitator(name="Anne Martin", create=True)
    page.tie.form.set_values({"url": central.url, "ca": str(central.authority), "upload": True})
    page.tie.tie.setFocus()
    qtbot.keyClick(page.tie.tie, Qt.Key.Key_Return)
    qtbot.waitUntil(page.tie.banner.isVisible)
    assert page.tie.banner.text() == (
        "Il faut un code pour se rattacher au central\u00a0: demandez-le au GIP."
    )
    assert page.tie.tie.hasFocus()
    page.tie.form.set_values({"code": central.code(facilitator)})
    for _ in range(2):
        qtbot.keyClick(page.tie.tie, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.start.isEnabled() and not page.tasks.busy)
    assert window.banner.text().startswith("Cet ordinateur est rattaché")
    assert not page.tie.banner.isVisible()
    assert page.go.hasFocus()
    assert shown(page).count("au nom d'Anne Martin") == 1
    with qtbot.waitSignal(qapp.focusChanged, check_params_cb=lambda _, now: now is page.stop):
        qtbot.keyClick(page.go, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.start.isEnabled() and not page.tasks.busy)
    assert page.go.hasFocus()


def test_a_commission_left_out_of_the_tie_is_never_said_to_be_at_the_central(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central, window: MainWindow
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    code = central.code(central.facilitator(create=True))
    page.tie.form.set_values({"url": central.url, "code": code, "ca": str(central.authority)})
    page.tie.tie.click()
    qtbot.waitUntil(lambda: page.start.isEnabled() and not page.tasks.busy)
    assert "Auxois » reste sur cet ordinateur" in plain(window.banner.text())
    assert "Auxois » n'est pas au central : rien n'en part." in shown(page.leaving)
    assert "Tout ce que vous avez écrit est au central." not in shown(page)
    page.tie.send.click()
    qtbot.waitUntil(lambda: not page.tie.send.isVisible() and not page.tasks.busy)
    exchange(qtbot, page)
    assert services.records.get(need.id).revision == 1
    all_there = "À envoyer Tout ce que vous avez écrit est au central."
    qtbot.waitUntil(lambda: shown(page.leaving) == all_there)


def test_an_exchange_leaves_no_word_of_a_person_erased(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    person = services.records.create("person", {"first_name": "Ondine", "last_name": NAME})
    exchange(qtbot, tied)
    services.erasures.erase(person.id)
    tied.refresh()
    qtbot.waitUntil(lambda: not tied.tasks.busy)
    assert holding(services.workspace.folder)
    exchange(qtbot, tied)
    assert holding(services.workspace.folder) == []


def pressed(qtbot: QtBot, page: SyncPage) -> DepartureDialog:
    """What is shown when « Synchroniser » is pressed."""
    page.start.trigger()
    return dialog(DepartureDialog, page, qtbot)


def test_the_first_exchange_of_a_day_is_seen_before_anything_leaves(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    services.records.create("need", {"title": "Sauvegarde"})
    services.workspace.clock = lambda: now() + timedelta(days=1)
    tied.refresh()
    asked = pressed(qtbot, tied)
    assert "Ajouté (1) Besoin « Sauvegarde »" in shown(asked)
    asked.close_button.click()
    assert services.sync.status().pending == 1
    exchange(qtbot, tied)
    assert services.sync.status().pending == 0


def test_later_the_same_day_only_a_deletion_is_seen_first(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    tied.refresh()
    qtbot.waitUntil(lambda: "Ajout : besoin « Sauvegarde »." in shown(tied.leaving))
    with qtbot.waitSignal(tied.told):
        tied.start.trigger()
    qtbot.waitUntil(tied.start.isEnabled)
    services.records.delete(need.id)
    asked = pressed(qtbot, tied)
    assert "Supprimé (1) Besoin « Sauvegarde »" in shown(asked)
    assert asked.close_button.isDefault()
    asked.reject()


def test_the_page_stays_at_its_top_when_what_leaves_was_seen_first(
    qtbot: QtBot, page: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    for number in range(20):
        services.records.create("need", {"title": f"Besoin {number}"})
    window.resize(1000, 500)
    tie(qtbot, page, central, central.facilitator(create=True))
    page.go.setFocus()
    page.go.click()
    dialog(DepartureDialog, page, qtbot).send.click()
    assert window.focusWidget() is page.stop
    qtbot.waitUntil(lambda: page.start.isEnabled() and not page.tasks.busy)
    assert window.focusWidget() is page.go
    assert page.findChildren(QScrollArea)[0].verticalScrollBar().value() == 0
    assert plain(window.banner.text()) == "20 modifications envoyées."
    assert page.header.subtitle.text().startswith("Rien à envoyer")


def test_deletions_made_elsewhere_wait_for_an_accord_and_are_all_named(
    qtbot: QtBot, tied: SyncPage, services: Services, central: Central, tmp_path: Path
) -> None:
    window = tied.window()
    assert isinstance(window, MainWindow)
    gone = [services.records.create("need", {"title": f"Besoin {n}"}) for n in range(26)]
    exchange(qtbot, tied)
    (space,) = services.sync.status().commission_ids
    other = Services(new_workspace(tmp_path / "autre", "autre"))
    other.sync.enrol(
        central.url, central.code(central.facilitator(space)), central.authority.read_text()
    )
    other.sync.run()
    for need in gone:
        other.records.delete(need.id)
    other.sync.run()
    other.sync.close()
    other.close()
    exchange(qtbot, tied)
    asked = dialog(DeletionsDialog, tied, qtbot)
    assert "À supprimer (26)" in shown(asked)
    assert all(f"Besoin « Besoin {n} »" in shown(asked) for n in range(26))
    assert asked.close_button.hasFocus()
    asked.close_button.click()
    assert plain(window.banner.text()) == "26 suppressions attendent votre accord."
    assert "26 suppressions attendent votre accord : synchronisez" in shown(tied.outcome)
    assert "à jour" not in shown(tied)
    assert len(services.records.list("need")) == 27
    exchange(qtbot, tied)
    dialog(DeletionsDialog, tied, qtbot).delete.click()
    qtbot.waitUntil(lambda: len(services.records.list("need")) == 1)
    qtbot.waitUntil(lambda: tied.start.isEnabled() and not tied.tasks.busy)


def test_a_receipt_is_shown_and_saved_as_it_was_signed(
    qtbot: QtBot, tied: SyncPage, services: Services, saved_file: Path
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    exchange(qtbot, tied)
    qtbot.waitUntil(lambda: len(tied.receipts.findChildren(Line)) == 3)
    tied.receipts.findChildren(Line)[0].click()
    receipt = dialog(ReceiptDialog, tied, qtbot)
    assert "Besoin « Sauvegarde »" in shown(receipt)
    assert "Révision 1, reçu." in shown(receipt)
    receipt.save.click()
    qtbot.waitUntil(saved_file.exists)
    qtbot.waitUntil(lambda: "Enregistré" in receipt.banner.text())
    kept = msgspec.json.decode(saved_file.read_bytes(), type=Receipt)
    proof = services.receipts.proof(need.id)
    assert proof is not None
    assert kept == proof.receipt
    assert is_valid(kept, tie_of(services).key)


def test_the_history_of_a_record_says_that_the_central_received_it_and_shows_the_receipt(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    def history() -> HistoryDialog:
        asked = HistoryDialog("Besoin", need, services, tied.tasks, tied)
        asked.open()
        qtbot.waitUntil(lambda: "Créé" in shown(asked))
        return asked

    need = services.records.create("need", {"title": "Sauvegarde"}).id
    before = history()
    assert not (before.arrival.isVisible() or before.receipt.isVisible())
    before.reject()
    exchange(qtbot, tied)
    after = history()
    assert after.arrival.text().startswith("Reçu par le central le ")
    assert after.arrival.text().endswith(", révision 1.")
    after.receipt.click()
    assert "Besoin « Sauvegarde »" in shown(dialog(ReceiptDialog, after, qtbot))
    after.reject()
    services.records.update(need, {"title": "Copies"})
    edited = history()
    assert plain(edited.arrival.text()).endswith(" ; ce qui a changé depuis n'est pas encore reçu.")
    edited.reject()


def test_the_history_at_the_central_says_who_wrote_elsewhere(
    qtbot: QtBot, page: SyncPage, services: Services, tmp_path: Path
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    with start_central(tmp_path / "passing") as passing:
        tie(qtbot, page, passing, passing.facilitator(create=True))
        exchange(qtbot, page)
        (space,) = services.sync.status().commission_ids
        other = Services(new_workspace(tmp_path / "autre", "autre"))
        code = passing.code(passing.facilitator(space, name="Paul Roy"))
        other.sync.enrol(passing.url, code, passing.authority.read_text())
        other.sync.run()
        other.records.update(need.id, {"words": "Tout est perdu", "severity": 4})
        other.sync.run()
        other.sync.close()
        other.close()
        exchange(qtbot, page)
        asked = HistoryDialog("Besoin", need.id, services, page.tasks, page)
        asked.open()
        qtbot.waitUntil(asked.ask.isVisible)
        assert "Paul Roy" not in shown(asked)
        asked.ask.click()
        qtbot.waitUntil(lambda: "Paul Roy" in shown(asked))
        assert "Paroles et gravité" in shown(asked)
        assert "Créé" in shown(asked)
        asked.ask.click()
        qtbot.waitUntil(lambda: "Paul Roy" not in shown(asked))
    asked.ask.click()
    qtbot.waitUntil(asked.banner.isVisible)
    assert "réessayez avec un réseau" in asked.banner.text()
    asked.reject()


def tie_of(services: Services) -> ties.Link:
    with services.workspace.reading() as unit:
        link = ties.load(unit)
    assert link is not None
    return link


def test_what_is_said_under_the_wish_follows_it(qtbot: QtBot, tied: SyncPage) -> None:
    assert "réseau" not in tied.by_itself.hint.text()
    assert "Synchroniser" in tied.by_itself.hint.text()
    for value in ("between_meetings", "always"):
        wish(qtbot, tied, value)
        assert tied.by_itself.hint.text().startswith("Dès qu'un réseau est là")
    tied.refresh()
    qtbot.waitUntil(lambda: not tied.tasks.busy)
    assert tied.by_itself.hint.text().startswith("Dès qu'un réseau est là")
    wish(qtbot, tied, "no")
    assert "réseau" not in tied.by_itself.hint.text()


def wish(qtbot: QtBot, page: SyncPage, value: str) -> None:
    page.by_itself.wish.set_value(value)
    page.by_itself.wish.edited.emit()
    qtbot.waitUntil(lambda: page.services.settings.get("sync_by_itself") == value)


def test_it_starts_alone_only_when_the_user_wishes_and_never_with_a_deletion(
    qtbot: QtBot, window: MainWindow, tied: SyncPage, services: Services
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    assert not services.sync.may_start_alone()
    wish(qtbot, tied, "between_meetings")
    assert window.background is not None
    window.background.auto_sync.look()
    qtbot.waitUntil(lambda: services.sync.status().pending == 0)
    services.records.delete(need.id)
    assert not services.sync.may_start_alone()


@pytest.mark.parametrize(("waiting", "after"), [((1, 0), 1), ((0, 1), EVERY), ((0, 0), EVERY)])
def test_each_minute_it_looks_for_changes_alone_and_else_at_its_own_pace(
    qtbot: QtBot, window: MainWindow, tied: SyncPage, waiting: tuple[int, int], after: int
) -> None:
    """A file may be one that the central refuses."""
    wish(qtbot, tied, "always")
    auto = AutoSync(tied.services, tied.tasks)
    due: list[int] = []
    minutes: list[int] = []
    auto.due.connect(lambda: due.append(len(minutes)))
    auto.note_pending(*waiting)
    timer = auto.findChild(QTimer)
    assert timer is not None
    for minute in range(EVERY):
        minutes.append(minute)
        timer.timeout.emit()
        settle(window, qtbot)
    assert due[0] == after


def test_it_does_not_start_alone_during_a_meeting_unless_asked(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    fields = {"title": "Conseil", "starts_at": "2027-03-19T18:30:00+01:00"}
    meeting = services.records.create("meeting", fields)
    wish(qtbot, tied, "between_meetings")
    assert services.sync.may_start_alone()
    services.records.update(
        meeting.id, {"status": "open", "opened_at": "2027-03-19T18:30:00+01:00"}
    )
    assert not services.sync.may_start_alone()
    tied.refresh()
    waits = "La séance « Conseil » est ouverte : rien ne part tout seul avant sa clôture."
    qtbot.waitUntil(lambda: plain(tied.by_itself.hint.text()) == waits)
    wish(qtbot, tied, "always")
    assert services.sync.may_start_alone()
    qtbot.waitUntil(lambda: tied.by_itself.hint.text().startswith("Dès qu'un réseau est là"))


def test_it_starts_alone_when_a_network_comes_back(
    qtbot: QtBot, window: MainWindow, tied: SyncPage, services: Services
) -> None:
    assert QNetworkInformation.loadDefaultBackend()
    network, reachability = QNetworkInformation.instance(), QNetworkInformation.Reachability
    assert window.background is not None
    timer = window.background.auto_sync.findChild(QTimer)
    assert timer is not None
    timer.stop()  # which would look for a network each minute, told of none
    services.records.create("need", {"title": "Sauvegarde"})
    wish(qtbot, tied, "between_meetings")
    for reached in (reachability.Disconnected, reachability.Site, reachability.Online):
        assert services.sync.status().pending == 1
        network.reachabilityChanged.emit(reached)
        settle(window, qtbot)
    qtbot.waitUntil(lambda: services.sync.status().pending == 0)


def test_what_waits_to_be_sent_is_told_on_every_page(
    qtbot: QtBot, window: MainWindow, tied: SyncPage, services: Services
) -> None:
    foot = window.navigation.pending
    assert not foot.isVisible()
    for number in range(12):
        services.records.create("need", {"title": f"Besoin {number}"})
    window.spread(frozenset())
    qtbot.waitUntil(lambda: foot.text() == "12 modifications\nà envoyer")
    for place in EVERYWHERE:
        window.go(place)
        settle(window, qtbot)
        assert foot.text() == "12 modifications\nà envoyer", place
        assert foot.visibleRegion().boundingRect() == foot.rect(), place
    foot.click()
    settle(window, qtbot)
    assert window.place == "sync"
    exchange(qtbot, tied)
    qtbot.waitUntil(lambda: not foot.isVisible())


def test_an_exchange_that_started_alone_says_nothing_when_there_is_no_network(
    qtbot: QtBot, page: SyncPage, tmp_path: Path
) -> None:
    with start_central(tmp_path / "passing") as passing:
        tie(qtbot, page, passing, passing.facilitator(create=True))
    heard: list[Exception] = []
    page.failed.connect(heard.append)
    page.exchange_quietly()
    qtbot.waitUntil(lambda: page.start.isEnabled() and not page.tasks.busy)
    assert not heard
    page.exchange()
    qtbot.waitUntil(lambda: len(heard) == 1)


def test_a_key_that_the_keyring_lost_is_told_without_a_word_of_the_command_line(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services
) -> None:
    services.sync.close()
    services.sync._credentials.forget()
    tied.exchange()
    qtbot.waitUntil(lambda: "n'est plus rattaché" in window.banner.text())
    assert "à la page « Synchronisation »" in plain(window.banner.text())
    assert "commissions enrol" not in window.banner.text()


def test_a_warning_of_an_exchange_that_started_alone_goes_once_one_succeeds(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services
) -> None:
    services.sync.close()
    token = services.sync._credentials.token()
    assert token is not None
    services.sync._credentials.forget()
    tied.exchange_quietly()
    qtbot.waitUntil(lambda: "n'est plus rattaché" in window.banner.text())
    services.sync._credentials.keep(token)
    tied.exchange_quietly()
    qtbot.waitUntil(lambda: "n'est plus rattaché" not in window.banner.text())
    assert window.banner.property("tone") == "success"


def tie_to_one_of_two(qtbot: QtBot, page: SyncPage, central: Central) -> tuple[str, str]:
    """Ties the laptop to one commission; its id, and that of another that may be added."""
    beaune, nuits = central.commission("Beaune"), central.commission("Nuits")
    code = central.code(central.facilitator(beaune, nuits))
    page.tie.form.set_values({"url": central.url, "code": code, "ca": str(central.authority)})
    page.tie.tie.click()
    asked = dialog(ChooseDialog, page, qtbot)
    asked.form.set_values({"chosen": nuits})
    asked.confirm.click()
    qtbot.waitUntil(page.tie.more.isVisible)
    return nuits, beaune


def test_one_of_several_commissions_is_chosen_and_another_added_later(
    qtbot: QtBot, page: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    nuits, beaune = tie_to_one_of_two(qtbot, page, central)
    assert services.sync.status().commission_ids == (nuits,)
    assert "avec la commission « Nuits »." in shown(page)
    qtbot.waitUntil(lambda: window.commission_id == nuits)
    page.tie.more.click()
    qtbot.waitUntil(lambda: services.sync.status().commission_ids == (nuits, beaune))
    qtbot.waitUntil(lambda: "avec les commissions « Nuits » et « Beaune »." in shown(page))
    qtbot.waitUntil(lambda: window.commission_id == beaune)
    assert plain(window.banner.text()).endswith("Ctrl+Maj+C mène d'une commission à l'autre.")
    assert window.place == "sync"


def test_all_the_commissions_of_an_account_are_taken_in_at_once(
    qtbot: QtBot, page: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    spaces = [central.commission(name) for name in ("Beaune", "Dijon", "Nuits")]
    code = central.code(central.facilitator(*spaces))
    page.tie.form.set_values({"url": central.url, "code": code, "ca": str(central.authority)})
    page.tie.tie.click()
    asked = dialog(ChooseDialog, page, qtbot)
    qtbot.keyClicks(asked.form.field("chosen"), "toutes (3)")
    asked.confirm.click()
    qtbot.waitUntil(lambda: sorted(services.sync.status().commission_ids) == sorted(spaces))
    qtbot.waitUntil(lambda: window.commission_id == services.sync.status().commission_ids[0])
    assert plain(window.banner.text()).endswith(
        "Synchronisez pour recevoir ce qu'elles contiennent."
        " Ctrl+Maj+C mène d'une commission à l'autre."
    )


def test_of_commissions_of_which_some_could_not_be_taken_in_it_says_which_and_shows_the_first(
    qtbot: QtBot, page: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    names = ("Beaune", "Dijon", "Nuits", "Saulieu")
    spaces = [central.commission(name) for name in names]

    def until_two_are_taken(_: Heard, forward: Callable[[], Answer]) -> Answer | None:
        return forward() if len(services.sync.status().commission_ids) < 2 else None

    with meddling(central) as meddler:
        meddler.always = until_two_are_taken
        authority = central.authority.with_name("between.pem")
        authority.write_text(meddler.authority)
        code = central.code(central.facilitator(*spaces))
        page.tie.form.set_values({"url": meddler.url, "code": code, "ca": str(authority)})
        page.tie.tie.click()
        asked = dialog(ChooseDialog, page, qtbot)
        qtbot.keyClicks(asked.form.field("chosen"), "toutes (4)")
        asked.confirm.click()
        qtbot.waitUntil(lambda: bool(window.commission_id in spaces))
        said = plain(window.banner.text())
        first, second, third, last = services.sync.status().commissions + tuple(
            name for name in names if name not in services.sync.status().commissions
        )
        assert said.startswith(
            f"Cet ordinateur est rattaché au central, avec les commissions « {first} » et"
            f" « {second} ». Synchronisez pour recevoir ce qu'elles contiennent."
        )
        assert (
            f" « {third} » et « {last} » ne sont pas prises : « Ajouter une commission… »" in said
        )
        assert said.endswith(
            "« 127.0.0.1 » ne répond plus : rien n'est perdu, réessayez avec un réseau."
        )
        assert window.commission_id == services.sync.status().commission_ids[0]
        meddler.always = None
        qtbot.waitUntil(page.tie.more.isVisible)
        page.tie.more.click()
        asked = dialog(ChooseDialog, page, qtbot)
        qtbot.keyClicks(asked.form.field("chosen"), "toutes (2)")
        asked.confirm.click()
        qtbot.waitUntil(lambda: sorted(services.sync.status().commission_ids) == sorted(spaces))
        qtbot.waitUntil(lambda: not page.tasks.busy)
        services.sync.close()


def test_a_laptop_that_is_tied_but_could_take_in_nothing_asks_for_no_other_code(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central
) -> None:
    with meddling(central) as meddler:
        meddler.always = lambda _, forward: None if services.sync.status().url else forward()
        authority = central.authority.with_name("between.pem")
        authority.write_text(meddler.authority)
        code = central.code(central.facilitator(central.commission()))
        page.tie.form.set_values({"url": meddler.url, "code": code, "ca": str(authority)})
        field(page.tie.form, "code").setFocus()
        qtbot.keyClick(field(page.tie.form, "code"), Qt.Key.Key_Return)
        qtbot.waitUntil(page.tie.more.isVisible)
        assert "réessayez avec un réseau" in page.tie.banner.text()
        assert not page.tie.form.isVisible() and page.go.hasFocus()
        meddler.always = None
        page.tie.more.click()
        qtbot.waitUntil(lambda: len(services.sync.status().commission_ids) == 1)
        qtbot.waitUntil(lambda: not page.tasks.busy)
        assert not page.tie.banner.isVisible()
        services.sync.close()


def test_a_tie_made_by_a_command_line_is_widened_there_whatever_was_typed_in_the_window(
    qtbot: QtBot, page: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    beaune, nuits = central.commission("Beaune"), central.commission("Nuits")
    for name, typed in (("url", "https://central."), ("code", "XXXX")):
        type_text(field(page.tie.form, name), typed)
    with closing(open_services(services.workspace.folder)) as beside:
        code = central.code(central.facilitator(beaune, nuits))
        beside.sync.enrol(central.url, code, central.authority.read_text(), adopt=nuits)
    page.refresh()
    settle(window, qtbot)
    assert not page.tie.form.isVisible()
    page.tie.more.click()
    qtbot.waitUntil(lambda: set(services.sync.status().commission_ids) == {beaune, nuits})
    settle(window, qtbot)
    page.tie.end.click()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    qtbot.waitUntil(page.tie.form.isVisible)
    assert page.tie.form.values() == {
        "url": central.url, "code": "", "ca": "", "upload": False
    }  # fmt: skip


def test_the_gip_that_takes_several_in_is_told_of_the_one_shown_where_it_writes(
    qtbot: QtBot, page: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    for name in ("Beaune", "Nuits"):
        central.commission(name)
    code = central.code(central.facilitator(role="gip"))
    page.tie.form.set_values({"url": central.url, "code": code, "ca": str(central.authority)})
    page.tie.tie.click()
    asked = dialog(ChooseDialog, page, qtbot)
    qtbot.keyClicks(asked.form.field("chosen"), "toutes (2)")
    asked.confirm.click()
    qtbot.waitUntil(lambda: len(services.sync.status().commission_ids) == 2)
    qtbot.waitUntil(lambda: window.commission_id == services.sync.status().commission_ids[0])
    name = services.sync.status().commissions[0]
    assert f"ce que vous ajouterez ira à la commission « {name} »" in plain(window.banner.text())


def test_a_choice_of_commission_put_off_is_made_later_without_a_new_code(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central
) -> None:
    beaune, nuits = central.commission("Beaune"), central.commission("Nuits")
    code = central.code(central.facilitator(beaune, nuits))
    for tried in ("XXXX-XXXX-XXXX-XXXX", code):
        page.tie.form.set_values({"url": central.url, "code": tried, "ca": str(central.authority)})
        page.tie.tie.click()
        if tried != code:
            qtbot.waitUntil(page.tie.banner.isVisible)
            qtbot.waitUntil(page.tie.tie.isEnabled)
    dialog(ChooseDialog, page, qtbot).reject()
    qtbot.waitUntil(page.tie.more.isVisible)
    assert not page.tie.banner.isVisible()  # the code that it was about is not this one
    page.tie.more.click()
    asked = dialog(ChooseDialog, page, qtbot)
    asked.form.set_values({"chosen": nuits})
    asked.confirm.click()
    qtbot.waitUntil(lambda: services.sync.status().commission_ids == (nuits,))
    qtbot.waitUntil(lambda: "avec la commission « Nuits »." in shown(page))


def test_where_no_other_commission_is_open_it_is_said(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    (mine,) = services.sync.status().commission_ids
    with qtbot.waitSignal(tied.told) as told:
        tied.tie.more.click()
    assert told.args == [
        "Aucune autre commission ne vous est ouverte au central : demandez-la au GIP.",
        "success",
    ]
    assert services.sync.status().commission_ids == (mine,)


def test_the_gip_is_not_sent_to_the_gip_where_the_central_has_no_commission_to_add(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central
) -> None:
    code = central.code(central.facilitator(role="gip"))
    page.tie.form.set_values({"url": central.url, "code": code, "ca": str(central.authority)})
    for ask, said in (
        (page.tie.tie, "sans commission. Le central n'en a encore aucune"),
        (page.tie.more, "Le central n'a aucune autre commission."),
    ):
        qtbot.waitUntil(lambda: ask.isVisible() and ask.isEnabled())  # noqa: B023 - at once
        with qtbot.waitSignal(page.told) as told:
            ask.click()
        assert told.args is not None
        assert said in plain(told.args[0])
        assert "au GIP" not in told.args[0]


def test_an_account_without_a_commission_is_told_whom_to_ask(
    qtbot: QtBot, page: SyncPage, central: Central
) -> None:
    code = central.code(central.facilitator())
    page.tie.form.set_values({"url": central.url, "code": code, "ca": str(central.authority)})
    with qtbot.waitSignal(page.told) as told:
        page.tie.tie.click()
    assert told.args is not None
    assert "sans commission. Demandez au GIP de vous en ouvrir une," in told.args[0]


def test_a_commission_that_comes_once_the_page_is_left_turns_nothing(
    qtbot: QtBot, page: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    nuits, beaune = tie_to_one_of_two(qtbot, page, central)
    qtbot.waitUntil(lambda: window.commission_id == nuits)
    page.tie.more.click()
    window.go("needs")
    settle(window, qtbot)
    assert services.sync.status().commission_ids == (nuits, beaune)
    assert (window.place, window.commission_id) == ("needs", nuits)
    assert plain(window.banner.text()).endswith("Ctrl+Maj+C mène d'une commission à l'autre.")


def test_the_tie_is_ended_and_the_work_stays(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    qtbot.waitUntil(tied.tie.end.isVisible)
    tied.refresh()
    qtbot.waitUntil(lambda: "1 modification" in plain(tied.header.subtitle.text()))
    tied.tie.end.click()
    question = dialog(ConfirmDialog, tied, qtbot)
    assert "Il reste 1 modification à envoyer : synchronisez d'abord" in shown(question)
    question.confirm.click()
    assert not tied.tie.end.isEnabled()  # the central may take its time to answer
    qtbot.waitUntil(tied.tie.tie.isVisible)
    assert tied.tie.tie.isEnabled() and not services.sync.status().signed_in
    assert services.records.get(need.id).fields.title == "Sauvegarde"


def test_a_tie_to_a_central_that_left_its_address_is_ended_here_alone(
    qtbot: QtBot, page: SyncPage, services: Services, tmp_path: Path
) -> None:
    with start_central(tmp_path / "gone") as gone:
        tie(qtbot, page, gone, gone.facilitator(create=True))
    page.tie.end.click()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    qtbot.waitUntil(lambda: "n'a rien confirmé" in shown(dialog(ConfirmDialog, page, qtbot)))
    assert services.sync.status().signed_in
    asked = dialog(ConfirmDialog, page, qtbot)
    assert "Dites alors au GIP de fermer l'ancien accès" in plain(shown(asked))
    asked.confirm.click()
    qtbot.waitUntil(page.tie.tie.isVisible)
    assert not services.sync.status().signed_in


def test_an_access_to_renew_is_said_first(qtbot: QtBot, tied: SyncPage, services: Services) -> None:
    services.sync._credentials.forget()
    tied.refresh()
    qtbot.waitUntil(lambda: tied.header.subtitle.text().startswith("Accès à renouveler"))


def test_a_locked_keyring_is_not_taken_for_an_access_to_renew(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    services.sync._credentials._token = None  # as after a restart
    with no_keyring():
        tied.refresh()
        qtbot.waitUntil(lambda: tied.header.subtitle.text().startswith("Trousseau de clés"))
        assert "déverrouillez-le" in plain(tied.tie.standing.text())
    tied.refresh()
    qtbot.waitUntil(tied.start.isEnabled)


def test_a_wrong_code_is_said_and_nothing_is_tied(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central
) -> None:
    page.tie.form.set_values(
        {"url": central.url, "code": "XXXX-XXXX-XXXX-XXXX", "ca": str(central.authority)}
    )
    page.tie.tie.click()
    qtbot.waitUntil(lambda: page.tie.banner.text() != "")
    assert services.sync.status().url == ""


def deciding(qtbot: QtBot) -> ConflictDialog:
    """The dialog of a conflict about a place, which a third version may end."""
    conflict = SideBySide(
        id="one", subject="Lieu", sentence="Lieu", mine="Mairie", theirs="Foyer",
        mine_by="Anne Martin", theirs_by="Paul Roy", editable=True, both=False,
    )  # fmt: skip
    asked = ConflictDialog(conflict)
    qtbot.addWidget(asked)
    asked.open()
    return asked


def test_a_third_version_is_given_up_only_after_a_question(qtbot: QtBot) -> None:
    asked = deciding(qtbot)
    asked.edit.click()
    type_text(asked.text, "La ")
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    question = asked.findChild(ConfirmDialog)
    assert question is not None and asked.isVisible()
    question.confirm.click()
    qtbot.waitUntil(lambda: not asked.isVisible())


def test_a_third_version_is_not_lost_to_a_side_nor_to_what_is_typed_while_it_is_stored(
    qtbot: QtBot,
) -> None:
    asked = deciding(qtbot)
    decided: list[tuple[str, str]] = []
    asked.decided.connect(lambda keep, text: decided.append((keep, text)))
    asked.edit.click()
    type_text(asked.text, "La ")
    asked.mine.click()
    question = dialog(ConfirmDialog, asked, qtbot)
    question.cancel.click()
    assert decided == []
    asked.keep_text.click()
    type_text(asked.text, "grande ")
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert decided == [("edited", asked.text.toPlainText())] == [("edited", "La Foyer")]
    assert asked.isVisible()
    asked.refuse(UserError("Le texte est trop long."))
    type_text(asked.text, "grande ")
    assert asked.text.toPlainText() == "La grande Foyer"
    asked.accept()


def test_enter_pressed_twice_decides_nothing(qtbot: QtBot) -> None:
    conflict = SideBySide(
        id="one", subject="Lieu", sentence="Lieu", mine="Mairie", theirs="Foyer",
        mine_by="Anne Martin", theirs_by="Paul Roy", editable=True, both=True,
    )  # fmt: skip
    asked = ConflictDialog(conflict)
    qtbot.addWidget(asked)
    asked.open()
    with qtbot.assertNotEmitted(asked.decided):
        qtbot.keyClick(asked.focusWidget() or asked, Qt.Key.Key_Return)
    assert not asked.isVisible()


@pytest.mark.parametrize(
    ("gone", "said"), [("mine", ["Supprimer", "Garder"]), ("theirs", ["Garder", "Supprimer"])]
)
def test_the_button_of_the_version_that_deletes_says_so(
    qtbot: QtBot, gone: str, said: list[str]
) -> None:
    conflict = SideBySide(
        id="one", subject="Action", sentence="Action", mine="Supprimé", theirs="Gardé",
        mine_by="Anne Martin", theirs_by="Paul Roy", editable=False, both=False, gone=gone,
    )  # fmt: skip
    asked = ConflictDialog(conflict)
    qtbot.addWidget(asked)
    assert [asked.mine.text(), asked.theirs.text()] == said
    assert asked.theirs.accessibleName() == f"{said[1]}, celle de Paul Roy"


def test_page_down_reads_two_long_versions_together(qtbot: QtBot) -> None:
    conflict = SideBySide(
        id="one", subject="Notes", sentence="Notes", mine="Un mot. " * 900,
        theirs="Deux mots. " * 900, mine_by="Anne Martin", theirs_by="Paul Roy", editable=True,
        both=False,
    )  # fmt: skip
    asked = ConflictDialog(conflict)
    qtbot.addWidget(asked)
    asked.open()
    bars = [area.verticalScrollBar() for area in asked.findChildren(QScrollArea)]
    qtbot.waitUntil(lambda: all(bar.maximum() > 0 for bar in bars))
    qtbot.keyClick(asked.mine, Qt.Key.Key_PageDown)
    assert [bar.value() > 0 for bar in bars] == [True, True]


def test_the_words_that_differ_are_marked_and_markup_is_shown_as_it_is() -> None:
    mine, theirs = marked("un <b>mot\nici", "un autre mot\nici")
    assert ">&lt;b&gt;</span>mot" in mine
    assert mine.count("<span") == theirs.count("<span") == 1
    assert mine.endswith("<br>ici")


@pytest.mark.parametrize(
    ("mine", "theirs", "only_mine", "only_theirs"),
    [
        ("Mairie de La Roche-en-Brenil, salle 2", "Foyer de La Roche-en-Brenil",
         ["Mairie", ", salle 2"], ["Foyer"]),
        ("La fibre de l'école.", "La fibre de l'église !", ["école."], ["église !"]),
        ("Trois devis", "Trois devis.", [], ["."]),
    ],
)  # fmt: skip
def test_a_stop_beside_a_word_is_no_other_word(
    mine: str, theirs: str, only_mine: list[str], only_theirs: list[str]
) -> None:
    sides = marked(mine, theirs)
    found = [[html.unescape(one) for one in re.findall(r">([^<]*)</span>", side)] for side in sides]
    assert found == [only_mine, only_theirs]
    assert [html.unescape(re.sub("<[^>]*>", "", side)) for side in sides] == [mine, theirs]


def test_a_member_that_two_lists_share_is_not_marked_wherever_it_stands() -> None:
    lists = ["Vougeot (21)\nMessanges (21)", "Messanges (21)\nQuincey (21)\nArcenant (21)"]
    sides = marked(*lists, by_line=True)
    found = [re.findall(r">([^<]+)</span>", side.replace("<br>", "\n")) for side in sides]
    assert found == [["Vougeot (21)"], ["Quincey (21)\nArcenant (21)"]]
    plain_sides = [re.sub("<[^>]*>", "", side.replace("<br>", "\n")) for side in sides]
    assert plain_sides == lists
    votes = marked("Pour : 4\nContre : 0", "Pour : 3\nContre : 1", by_line=True)
    assert [re.findall(r">([^<]+)</span>", one) for one in votes] == [["4", "0"], ["3", "1"]]


@pytest.mark.parametrize("frozen", [False, True])
def test_a_conflict_in_large_print_leaves_its_room_to_the_two_versions(
    qtbot: QtBot, theme: Theme, frozen: bool
) -> None:
    """Who wrote what stands over each version: the heading need not say it again."""
    theme.set_scale(2.0)
    place, other = "Mairie de La Roche-en-Brenil, salle du conseil", "Foyer rural de Saulieu"
    subject = "Lieu, séance « Délibérations, adresses et sites des communes : point d'étape »"
    when = "vendredi 20 novembre 2026 à 10 h 10"
    said = f"{subject} : vous avez écrit « {place} » {when} ; Noé a écrit « {other} » {when}"
    conflict = SideBySide(
        id="one", subject=subject, sentence=said, mine=place, theirs=other,
        mine_by=f"Anne Martin, {when}", theirs_by=f"Noé, {when}", editable=True, both=False,
        frozen=frozen,
    )  # fmt: skip
    question = ConflictDialog(conflict)
    qtbot.addWidget(question)
    with qtbot.waitExposed(question):
        question.show()
    assert shown(question).startswith(subject)
    assert ("ira dans un projet d'additif" in shown(question)) == frozen
    qtbot.waitUntil(lambda: clipped(question) == [])


def test_what_differs_takes_the_colours_of_the_theme_that_comes_while_it_is_read(
    qtbot: QtBot, theme: Theme
) -> None:
    conflict = SideBySide(
        id="one", subject="Lieu", sentence="Lieu", mine="Mairie", theirs="Foyer",
        mine_by="Anne Martin", theirs_by="Paul Roy", editable=True, both=False,
    )  # fmt: skip
    theme.set_mode(Mode.LIGHT)
    question = ConflictDialog(conflict)
    qtbot.addWidget(question)
    question.show()
    for mode, ground in ((Mode.LIGHT, LIGHT), (Mode.DARK, DARK), (Mode.LIGHT, LIGHT)):
        theme.set_mode(mode)
        for side in question.findChildren(Marked):
            image = side.grab().toImage()
            seen = {
                image.pixelColor(x, y).name().upper()
                for x in range(image.width())
                for y in range(image.height())
            }
            assert {ground.accent_soft, ground.accent} <= seen


def test_a_third_text_has_as_much_room_as_the_two_versions(qtbot: QtBot, theme: Theme) -> None:
    long = "Une phrase de la séance, que chacun a changée. " * 40
    conflict = SideBySide(
        id="one", subject="Notes", sentence="", mine=f"{long}Un.", theirs=f"{long}Deux.",
        mine_by="Anne", theirs_by="Noé", editable=True, both=True,
    )  # fmt: skip
    question = ConflictDialog(conflict)
    qtbot.addWidget(question)
    question.show()
    question.edit.click()
    qtbot.waitUntil(lambda: question.text.height() >= question.height() / 3)


def test_long_texts_are_compared_by_sentence_and_then_by_word() -> None:
    before = [f"Phrase {n} de la séance." for n in range(400)]
    after = [*before[:200], "Phrase 200 de la réunion.", *before[201:]]
    sides = marked(" ".join(before), " ".join(after))
    found = [re.findall(r">([^<]*)</span>", side) for side in sides]
    assert found == [["séance"], ["réunion"]]
    assert [html.unescape(re.sub("<[^>]*>", "", side)) for side in sides] == [
        " ".join(before), " ".join(after),
    ]  # fmt: skip


def test_an_exchange_made_since_takes_the_place_of_the_one_made_from_the_page(
    qtbot: QtBot,
) -> None:
    card = OutcomeCard()
    qtbot.addWidget(card)
    card.report = Report(notes=["Fait d'ici."], at="2027-03-19T18:00:00+01:00")
    for at, said in (("17", "Fait d'ici."), ("18", "Fait d'ici."), ("19", "Fait depuis.")):
        card.show_last(Ending(f"2027-03-19T{at}:00:00+01:00", "Fait depuis."), 12)
        assert [one.text() for one in card.findChildren(QLabel)][-1] == said


@pytest.mark.parametrize(
    ("most", "said"),
    [(3, ["a", "b", "c"]), (2, ["a", "b", "… et 1 autre."]), (1, ["a", "… et 2 autres."])],
)
def test_the_first_sentences_are_said_and_the_others_counted(
    qtbot: QtBot, most: int, said: list[str]
) -> None:
    card = Section("")
    qtbot.addWidget(card)
    card.say_first(["a", "b", "c"], most)
    assert [plain(one.text()) for one in card.findChildren(QLabel)][1:] == said


def test_what_another_page_changed_is_to_be_sent_and_a_deletion_seen_before_it_leaves(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services
) -> None:
    """The page had shown, before, that all was at the central."""
    (need,) = services.records.list("need")
    exchange(qtbot, tied)
    qtbot.waitUntil(lambda: ALL_THERE in shown(tied.leaving))
    page = visit(window, "need", NeedPage, qtbot, need.id)
    page.ask_removal()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    settle(window, qtbot)
    window.go("sync")
    settle(window, qtbot)
    assert "Suppression : besoin « Messagerie »." in shown(tied.leaving)
    assert plain(tied.header.subtitle.text()) == "1 modification à envoyer"
    assert "Supprimé (1) Besoin « Messagerie »" in shown(pressed(qtbot, tied))


def test_what_leaves_is_looked_at_when_it_is_asked_for_not_when_the_page_was_shown(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    (need,) = services.records.list("need")
    services.records.delete(need.id)
    assert "Supprimé (1) Besoin « Messagerie »" in shown(pressed(qtbot, tied))
    assert services.sync.status().pending == 1


def test_nothing_starts_alone_while_what_leaves_is_read(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    (need,) = services.records.list("need")
    services.records.delete(need.id)
    asked = pressed(qtbot, tied)
    tied.exchange_quietly()
    settle(tied.window(), qtbot)
    assert services.sync.status().pending == 1
    asked.send.click()
    qtbot.waitUntil(lambda: services.sync.status().pending == 0)
    qtbot.waitUntil(tied.start.isEnabled)


def test_pressed_twice_it_asks_once_and_nothing_starts_alone_before_it_does(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    (need,) = services.records.list("need")
    services.records.delete(need.id)
    tied.start.trigger()
    tied.start.trigger()
    tied.exchange_quietly()
    settle(tied.window(), qtbot)
    assert len(tied.findChildren(DepartureDialog)) == 1
    assert services.sync.status().pending == 1


def test_where_what_leaves_could_not_be_read_it_can_be_asked_for_again(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    folder, heard = services.workspace.folder, list[Exception]()
    tied.failed.connect(heard.append)
    folder.rename(folder.with_name("parti"))
    tied.start.trigger()
    qtbot.waitUntil(lambda: bool(heard))
    folder.with_name("parti").rename(folder)
    exchange(qtbot, tied)


def test_a_laptop_that_the_gip_turned_away_is_tied_again_by_a_code_where_it_is_told_so(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services, central: Central
) -> None:
    account, device = tie_of(services).facilitator.id, tie_of(services).device_id
    need = services.records.create("need", {"title": "Fibre"})
    wish(qtbot, tied, "always")
    with central.database.writing() as connection:
        accounts.revoke_device(connection, now(), device)
    tied.exchange()
    qtbot.waitUntil(tied.tie.form.isVisible)
    qtbot.waitUntil(lambda: "demandez un nouveau code au GIP" in shown(tied.fault))
    assert plain(tied.header.subtitle.text()) == "Accès à renouveler · 1 modification à envoyer"
    assert not services.sync.may_start_alone()
    field = tied.tie.form.field("code")
    field.setFocus()
    type_text(field, central.code(account))
    tied.tie.tie.setFocus()
    qtbot.keyClick(tied.tie.tie, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tied.start.isEnabled() and not tied.fault.isVisible())
    assert services.sync.may_start_alone()
    exchange(qtbot, tied)
    assert services.records.get(need.id).revision == 1


def test_one_that_started_alone_warns_once_of_what_keeps_going_wrong(
    qtbot: QtBot, page: SyncPage, services: Services, central: Central
) -> None:
    with meddling(central) as meddler:
        code = central.code(central.facilitator(create=True))
        services.sync.enrol(meddler.url, code, meddler.authority, upload=True)
        heard: list[Exception] = []
        page.failed.connect(heard.append)
        page.refresh()
        for portal in ("Bienvenue", "Bienvenue", ""):
            moved = saying(302, Location="http://wifi") if portal == "" else None
            meddler.always = moved or saying(200, portal.encode(), Content_Type="text/html")
            page.exchange_quietly()
            qtbot.waitUntil(lambda: page.start.isEnabled() and not page.tasks.busy)
        assert len(heard) == 2
        for answer in (None, meddler.always):  # once it went well, that is news again
            meddler.always = answer
            page.exchange_quietly()
            qtbot.waitUntil(lambda: page.start.isEnabled() and not page.tasks.busy)
        assert len(heard) == 3
        meddler.always = None
        services.sync.close()


def test_deletions_that_came_unasked_wait_without_a_dialog_over_what_is_written(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, central: Central, tmp_path: Path
) -> None:
    services = tied.services
    gone = [services.records.create("need", {"title": f"Besoin {n}"}) for n in range(26)]
    exchange(qtbot, tied)
    other = Services(new_workspace(tmp_path / "autre", "autre"))
    code = central.code(central.facilitator(*services.sync.status().commission_ids))
    other.sync.enrol(central.url, code, central.authority.read_text())
    other.sync.run()
    for need in gone:
        other.records.delete(need.id)
    other.sync.run()
    other.sync.close()
    other.close()
    visit(window, "need", NeedPage, qtbot, gone[0].id)
    for told in (True, False):
        tied.exchange_quietly()
        settle(window, qtbot)
        assert tied.findChild(DeletionsDialog) is None
        said = "26 suppressions attendent votre accord. Synchronisez pour les revoir."
        assert plain(window.banner.text()) == said
        assert window.banner.isVisible() is told
        window.banner.hide()
    visit(window, "sync", SyncPage, qtbot)
    tied.start.trigger()
    dialog(DeletionsDialog, tied, qtbot).reject()


def test_a_text_that_names_who_was_erased_elsewhere_is_told_until_an_exchange_is_asked_for(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, central: Central, tmp_path: Path
) -> None:
    services = tied.services
    person = services.records.create("person", {"first_name": "Ondine", "last_name": "Mercadal"})
    exchange(qtbot, tied)
    other = Services(new_workspace(tmp_path / "autre", "autre"))
    code = central.code(central.facilitator(*services.sync.status().commission_ids))
    other.sync.enrol(central.url, code, central.authority.read_text())
    other.sync.run()
    other.erasures.erase(person.id)
    other.sync.run()
    other.sync.close()
    other.close()
    services.records.create("need", {"title": "Fibre", "words": "Mme Mercadal attend."})
    for _ in range(2):
        tied.exchange_quietly()
        settle(window, qtbot)
        assert "Besoin « Fibre » nomme encore" in plain(window.banner.text())
        assert "Besoin « Fibre » nomme encore" in shown(tied.outcome)
    exchange(qtbot, tied)
    assert "Besoin « Fibre » nomme encore" in shown(tied.outcome)
    exchange(qtbot, tied)
    assert "nomme encore" not in shown(tied.outcome)


def test_what_a_command_line_sent_is_no_longer_said_to_wait(
    qtbot: QtBot, tied: SyncPage, window: MainWindow, services: Services
) -> None:
    services.records.create("need", {"title": "Fibre"})
    window.spread(frozenset())
    qtbot.waitUntil(lambda: plain(window.navigation.pending.text()).startswith("1 modification"))
    settle(window, qtbot)
    with closing(open_services(services.workspace.folder)) as beside:
        beside.sync.run_noted()
    assert window.background is not None
    window.background.workspace_watch.look()
    qtbot.waitUntil(lambda: not window.navigation.pending.isVisible())
    settle(window, qtbot)
    assert "Tout ce que vous avez écrit est au central" in shown(tied.leaving)
    assert shown(tied.outcome).endswith(" 1 modification envoyée.")
    assert not services.neighbours.wrote()


def test_why_a_command_line_could_not_send_is_told_once_where_the_window_is_open(
    qtbot: QtBot, tied: SyncPage, services: Services
) -> None:
    services.records.create("need", {"title": "Fibre"})
    point(services, "https://localhost:9")
    with closing(open_services(services.workspace.folder)) as beside:
        for is_news in (True, False):
            with pytest.raises(SyncError):
                beside.sync.run_noted()
            assert services.neighbours.wrote() == is_news


def test_a_sync_beside_the_window_that_moves_nothing_is_told_once(
    tied: SyncPage, services: Services
) -> None:
    with closing(open_services(services.workspace.folder)) as beside:
        for moved, is_news in ((False, True), (False, False), (True, True)):
            ending = Ending(now().isoformat(), "Rien n'a été échangé.")
            note_done(beside.workspace, ending, moved=moved)
            assert services.neighbours.wrote() == is_news
