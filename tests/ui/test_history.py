"""The past of a record on screen, by keys: side by side, one field back, and the deleted ones."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.records import reference_id
from app.domain.wording import day_and_hour, plain, typographic
from tests.ui.acting import CONTROL, column, dialog, field, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.history import HistoryDialog
from ui.dialogs.person import PersonDialog
from ui.dialogs.region import FeeScaleDialog
from ui.dialogs.trash import MOST, TrashDialog
from ui.pages.meeting.page import MeetingPage
from ui.pages.need import NeedPage
from ui.pages.needs import NeedsPage
from ui.pages.organisation import OrganisationPage
from ui.pages.settings import SettingsPage
from ui.pages.solution import SolutionPage
from ui.widgets.line import Line
from ui.window.main_window import MainWindow


def tab_to(inside: QWidget, name: str) -> None:
    """Goes with the Tab key to a button by what a screen reader says of it, and presses it."""
    for _ in range(60):
        QTest.keyClick(inside, Qt.Key.Key_Tab)
        focused = inside.focusWidget()
        if isinstance(focused, QPushButton) and focused.accessibleName() in (
            name,
            typographic(name),
        ):
            QTest.keyClick(focused, Qt.Key.Key_Space)
            return
    raise AssertionError(name)


def test_one_field_gets_its_former_value_back_by_keys(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde", words="Le serveur tombe.")
    world.services.records.update(made.id, {"title": "Serveur", "words": "Le serveur rame."})
    world.services.records.update(made.id, {"severity": 3})
    page = visit(opened, "need", NeedPage, qtbot, made.id)
    qtbot.keyClick(page, Qt.Key.Key_H, CONTROL)
    asked = dialog(HistoryDialog, page, qtbot)
    device = world.services.workspace.author.device
    qtbot.waitUntil(lambda: device in shown(asked))
    buttons = [one for one in asked.findChildren(QPushButton) if one.text() == "Côte à côte"]
    assert len(buttons) == 2
    moment = day_and_hour(world.services.records.history(made.id)[0].at)
    what = "Gravité : « léger » devient « grave »"
    assert buttons[0].accessibleName() == f"Côte à côte : {moment}, {what}"
    buttons[1].setFocus()
    qtbot.keyClick(buttons[1], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Avant" in shown(asked))
    assert ">rame</span>." in shown(asked)
    tab_to(asked, "Remettre cette valeur « Le serveur tombe. » : Paroles")
    qtbot.waitUntil(lambda: world.get(made).words == "Le serveur tombe.")
    assert (world.get(made).title, world.get(made).severity) == ("Serveur", 3)
    assert world.services.records.history(made.id)[0].changes == {
        "words": ["Le serveur rame.", "Le serveur tombe."]
    }


def test_a_meeting_shows_what_happened_to_each_of_its_parts(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    item = world.item(meeting, "Tour de table", number="1")
    world.services.records.update(item.id, {"notes": "On commence."})
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    qtbot.keyClick(page, Qt.Key.Key_H, CONTROL)
    asked = dialog(HistoryDialog, page, qtbot)
    assert asked.part.itemText(1) == "Point 1 (Tour de table)"
    asked.part.setFocus()
    qtbot.keyClick(asked.part, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "Notes : « On commence. »" in shown(asked))


def test_the_way_back_is_that_of_the_part_in_sight_while_another_is_being_read(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting("Mars")
    item = world.item(meeting, "Tour de table", number="1")
    for record_id, title in ((meeting.id, "Avril"), (item.id, "Échanges")):
        world.services.records.update(record_id, {"title": title})
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    qtbot.keyClick(page, Qt.Key.Key_H, CONTROL)
    asked = dialog(HistoryDialog, page, qtbot)
    qtbot.waitUntil(lambda: "Mars" in shown(asked))
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    asked.part.setFocus()
    qtbot.keyClick(asked.part, Qt.Key.Key_Down)
    press(asked, "Revenir à cet état", qtbot)
    disk.set()
    settle(opened, qtbot)
    assert (world.get(meeting).title, world.get(item).title) == ("Mars", "Échanges")


def test_the_page_shows_the_state_that_came_back_however_soon_its_history_closes(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde")
    world.services.records.update(made.id, {"title": "Serveur"})
    page = visit(opened, "need", NeedPage, qtbot, made.id)
    qtbot.keyClick(page, Qt.Key.Key_H, CONTROL)
    asked = dialog(HistoryDialog, page, qtbot)
    qtbot.waitUntil(lambda: "devient « Serveur »" in shown(asked))
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    press(asked, "Revenir à cet état", qtbot)
    asked.close()
    disk.set()
    settle(opened, qtbot)
    assert field(page.form, "title").text() == "Sauvegarde"
    asked.close()
    assert not asked.isVisible()


def test_words_typed_a_moment_before_are_read_in_the_history(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need, meeting = world.make("need", title="Un", words=""), world.meeting(days=0)
    world.item(meeting, "Tour de table", number="1")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    type_text(field(page.form, "words"), "Le fax")
    page.look_back.trigger()
    asked = dialog(HistoryDialog, page, qtbot)
    qtbot.waitUntil(lambda: "Paroles : « Le fax »" in shown(asked))
    asked.reject()
    evening = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    evening.tabs.setCurrentWidget(evening.hold)
    settle(opened, qtbot)
    type_text(evening.hold.item.notes, "Mardi")
    evening.look_back.trigger()
    asked = dialog(HistoryDialog, evening, qtbot)
    asked.part.setFocus()
    qtbot.keyClick(asked.part, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "Notes : « Mardi »" in shown(asked))


def test_a_persons_former_particulars_come_back_from_their_dialog(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    paul = world.services.records.get(world.persons["Vougeot"])
    changed = world.services.records.update(paul.id, {"role": "adjoint"})
    page = visit(opened, "organisation", OrganisationPage, qtbot, paul.fields.organisation_id)
    page.ask_person(changed)
    asked = dialog(PersonDialog, page, qtbot)
    press(asked, "Historique", qtbot)
    past = dialog(HistoryDialog, asked, qtbot)
    press(past, "Revenir à cet état", qtbot)
    qtbot.waitUntil(lambda: world.get(paul).role == "maire")
    qtbot.waitUntil(lambda: not page.findChildren(PersonDialog))


def test_who_takes_part_in_a_solution_is_read_in_its_history(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    solution = world.make("solution", title="Sauvegarde")
    vougeot = reference_id("organisation", "21716")
    stand = world.make("commitment", solution_id=solution.id, organisation_id=vougeot)
    world.services.records.update(stand.id, {"intention": "declined"})
    page = visit(opened, "solution", SolutionPage, qtbot, solution.id)
    qtbot.keyClick(page, Qt.Key.Key_H, CONTROL)
    asked = dialog(HistoryDialog, page, qtbot)
    qtbot.waitUntil(lambda: asked.part.count() == 2)
    assert asked.part.itemText(1) == "Engagement : Vougeot (21)"
    asked.part.setFocus()
    qtbot.keyClick(asked.part, Qt.Key.Key_Down)
    qtbot.waitUntil(
        lambda: "Position : « intéressée » devient « ne participe pas »" in shown(asked)
    )
    press(asked, "Revenir à cet état", qtbot)
    qtbot.waitUntil(lambda: world.get(stand).intention == "interested")


def test_the_rules_of_the_commission_come_back_from_the_settings(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.update(world.commission_id, {"notice_days": 5})
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.commission)
    qtbot.mouseClick(page.past, Qt.MouseButton.LeftButton)
    past = dialog(HistoryDialog, page, qtbot)
    qtbot.waitUntil(lambda: "Délai de convocation (jours francs) : « 5 »" in shown(past))
    press(past, "Revenir à cet état", qtbot)
    qtbot.waitUntil(
        lambda: world.services.records.get(world.commission_id).fields.notice_days is None
    )


def test_a_scale_of_fees_comes_back_as_it_was(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    row = {"kind": "commune", "population_from": 500, "amount_cents": 25000}
    scale = world.services.region.add_scale({"year": 2027, "rows": [row]})
    world.services.records.update(scale.id, {"rows": [row | {"amount_cents": 30000}]})
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.scales)
    page.scales.findChildren(Line)[0].click()
    asked = dialog(FeeScaleDialog, page, qtbot)
    press(asked, "Historique", qtbot)
    past = dialog(HistoryDialog, asked, qtbot)
    qtbot.waitUntil(lambda: "montant : 300,00 €" in shown(past))
    press(past, "Revenir à cet état", qtbot)
    qtbot.waitUntil(lambda: world.get(scale).rows[0].amount_cents == 25000)
    qtbot.waitUntil(lambda: not page.findChildren(FeeScaleDialog))


def test_a_deleted_meeting_is_found_in_the_trash_and_comes_back_whole(
    opened: MainWindow, world: World, qtbot: QtBot, heard: list[str]
) -> None:
    meeting = world.meeting("Réunion de mars")
    item = world.item(meeting, "Tour de table")
    other = world.make("need", title="Serveur")
    world.services.records.delete(meeting.id, cascade=True)
    world.services.records.delete(other.id)
    opened.actions_.trash.trigger()
    trash = dialog(TrashDialog, opened, qtbot)
    qtbot.waitUntil(lambda: "Besoin « Serveur »" in shown(trash))
    qtbot.keyClicks(trash.filter, "reunion")
    qtbot.waitUntil(lambda: "avec 1 élément" in shown(trash))
    assert "Serveur" not in shown(trash)
    qtbot.waitUntil(lambda: "1 ligne" in heard)
    press(trash, "Rétablir", qtbot)
    qtbot.waitUntil(lambda: "de retour" in trash.banner.text())
    settle(opened, qtbot)
    assert world.get(item).title == "Tour de table"
    assert world.get(meeting).title == "Réunion de mars"
    qtbot.waitUntil(
        lambda: plain(opened.actions_.undo.text()) == "Annuler : Rétablissement de la séance"
    )


def test_what_was_deleted_along_is_found_in_the_trash_by_its_own_words(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    needs = [world.make("need", title=title) for title in ("Serveur", "Fibre", "Messagerie")]
    world.services.needs.delete([one.id for one in needs])
    opened.actions_.trash.trigger()
    trash = dialog(TrashDialog, opened, qtbot)
    qtbot.waitUntil(lambda: "avec 2 éléments" in shown(trash))
    qtbot.keyClicks(trash.filter, "messag")
    qtbot.waitUntil(lambda: "avec 2 éléments, dont : Besoin « Messagerie »" in shown(trash))
    press(trash, "Rétablir", qtbot)
    qtbot.waitUntil(lambda: len(world.services.records.list("need")) == len(needs))


def test_one_of_several_deleted_together_is_found_in_the_trash_and_comes_back_alone(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    needs = [world.make("need", title=title) for title in ("Serveur", "Fibre", "Messagerie")]
    world.services.needs.delete([one.id for one in needs])
    meeting = world.meeting("Réunion de mars")
    world.item(meeting, "Tour de table")
    world.services.records.delete(meeting.id, cascade=True)
    opened.actions_.trash.trigger()
    trash = dialog(TrashDialog, opened, qtbot)
    qtbot.waitUntil(lambda: "avec 2 éléments" in shown(trash))
    assert alone(trash) == []
    qtbot.keyClicks(trash.filter, "messag")
    name = "Rétablir cet élément seul : Besoin « Messagerie »"
    qtbot.waitUntil(lambda: alone(trash) == [name])
    press(trash, "Cet élément seul", qtbot)
    qtbot.waitUntil(lambda: "Besoin « Messagerie » : de retour." in plain(trash.banner.text()))
    assert [one.id for one in world.services.records.list("need")] == [needs[2].id]
    trash.filter.setText("tour de")
    qtbot.waitUntil(lambda: "dont : Point de l'ordre du jour « Tour de table »" in shown(trash))
    assert alone(trash) == []


def alone(trash: TrashDialog) -> list[str]:
    """The buttons that bring one record back alone, as they are spoken."""
    found = [one for one in trash.findChildren(QPushButton) if one.text() == "Cet élément seul"]
    return [plain(one.accessibleName()) for one in found if one.isVisible()]


def test_the_trash_says_how_many_it_does_not_show_until_letters_find_them(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for number in range(MOST + 2):
        world.services.records.delete(world.make("need", title=f"Serveur {number}").id)
    opened.actions_.trash.trigger()
    trash = dialog(TrashDialog, opened, qtbot)
    said = "… et 2 autres : tapez quelques lettres de ce que vous cherchez."
    qtbot.waitUntil(lambda: said in shown(trash))
    assert "« Serveur 1 »" not in shown(trash)  # the oldest but one
    qtbot.keyClicks(trash.filter, "serveur 1")
    qtbot.waitUntil(lambda: "« Serveur 1 »" in shown(trash))
    assert "tapez quelques lettres" not in shown(trash)


def test_what_comes_back_from_the_trash_is_listed_however_soon_the_trash_closes(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.delete(world.make("need", title="Serveur").id)
    page = visit(opened, "needs", NeedsPage, qtbot)
    opened.actions_.trash.trigger()
    trash = dialog(TrashDialog, opened, qtbot)
    qtbot.waitUntil(lambda: "Besoin « Serveur »" in shown(trash))
    disk = Event()
    opened.tasks.run(disk.wait)  # the store is slow to answer
    press(trash, "Rétablir", qtbot)
    trash.close()
    disk.set()
    settle(opened, qtbot)
    assert column(page.table) == ["Serveur"]
    trash.close()
    assert not trash.isVisible()
