"""Accueil: what to do now, and one click to it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.wording import plain
from tests.conftest import FakeClock
from tests.ui.acting import activate, column, dialog, visit
from tests.ui.conftest import settle
from tests.ui.world import World
from ui.dialogs.dialog import FormDialog
from ui.dialogs.meeting import MeetingDialog
from ui.pages.home import HomePage
from ui.pages.meeting.page import MeetingPage
from ui.pages.needs import NeedsPage
from ui.pages.watch import WatchPage
from ui.widgets.line import Line
from ui.window.main_window import MainWindow


def home(window: MainWindow) -> HomePage:
    page = window.pages["home"]
    assert isinstance(page, HomePage)
    return page


def lines(section: QWidget) -> list[str]:
    return [one.accessibleName() for one in section.findChildren(Line) if one.isVisible()]


def test_a_need_whose_title_only_begins_its_words_is_read_once(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("need", title="Tout est…", words="Tout est perdu si le serveur brûle.")
    world.make("need", title="Sauvegarde", words="Tout est perdu.")
    home(opened).refresh()
    settle(opened, qtbot)
    names = lines(home(opened))
    assert "Tout est perdu si le serveur brûle." in names
    assert "Sauvegarde, Tout est perdu." in names


def test_a_need_and_a_note_without_a_title_are_named_all_the_same(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("need", severity=2)
    world.make("watch_note", deadline_on="2027-03-20")
    opened.spread(frozenset())
    settle(opened, qtbot)
    page = home(opened)
    assert lines(page.needs) == ["Besoin sans titre"]
    assert lines(page.deadlines) == ["Note sans titre, Samedi 20 mars 2027, Demain"]
    assert column(visit(opened, "needs", NeedsPage, qtbot).panel.table) == ["Besoin sans titre"]
    notes = visit(opened, "watch", WatchPage, qtbot).panel.table
    assert column(notes, 1) == ["Note sans titre"]


def test_without_a_meeting_the_page_offers_to_prepare_one(opened: MainWindow, qtbot: QtBot) -> None:
    page = home(opened)
    assert page.next.what.text() == "Aucune séance n'est prévue"
    qtbot.mouseClick(page.next.step, Qt.MouseButton.LeftButton)
    assert opened.place == "meetings"
    assert dialog(MeetingDialog, opened.pages["meetings"], qtbot).isVisible()


def test_on_its_day_the_page_leads_to_where_a_convened_meeting_is_held(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    world.services.meetings.convene(meeting.id)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    page.tabs.setCurrentWidget(page.conclude)
    page.tabs.setCurrentWidget(page.prepare)  # where it is left
    settle(opened, qtbot)
    step = visit(opened, "home", HomePage, qtbot).next.step
    assert step.text() == "Tenir la séance"
    qtbot.mouseClick(step, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    assert page.tabs.currentWidget() is page.hold


def test_without_a_seat_the_page_leads_to_those_who_will_sit_first(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for seat_id in world.seats.values():
        world.services.records.delete(seat_id)
    opened.spread(frozenset({"roster_entry"}))
    settle(opened, qtbot)
    card = home(opened).next
    assert card.what.text() == "La commission n'a pas encore de siège"
    qtbot.mouseClick(card.step, Qt.MouseButton.LeftButton)
    assert opened.place == "organisations"


def test_the_window_follows_its_commission_renamed_undone_and_made_again(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    records = world.services.records
    records.update(world.commission_id, {"name": "Commission du Pays d'Arnay"})
    opened.spread(frozenset({"commission"}))
    settle(opened, qtbot)
    assert opened.navigation.name.text() == "Commission du Pays d'Arnay"
    assert home(opened).header.subtitle.text() == "Commission du Pays d'Arnay"
    opened.go("settings")
    settle(opened, qtbot)
    opened.go("home")
    for _ in range(2):  # the new name, then all that the world is made of
        qtbot.waitUntil(opened.actions_.undo.isEnabled)
        opened.actions_.undo.trigger()
        settle(opened, qtbot)
    assert records.list("commission") == []
    assert plain(opened.banner.text()).startswith("Annulé : ")
    assert home(opened).welcome.isVisible()
    assert home(opened).header.subtitle.text() == ""
    assert opened.navigation.name.text() == ""
    made = records.create("commission", {"name": "Une autre"}, None)
    opened.spread(frozenset({"commission"}))
    settle(opened, qtbot)
    assert opened.commission_id == made.id
    assert not home(opened).welcome.isVisible()


def test_the_next_meeting_is_shown_with_the_last_day_to_send_its_convocations(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting("Réunion de mars", days=11)
    world.meeting("Réunion de juin", days=90)
    world.item(meeting, "Ouverture", "opening")
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    card = home(opened).next
    assert card.what.text() == "Réunion de mars"
    assert card.when.text() == "Mardi 30 mars 2027 à 18\u00a0h\u00a030"
    assert card.chip.text() == "Dans 11 jours"
    spoken = QAccessible.queryAccessibleInterface(card.step).parent()
    assert spoken.role() is QAccessible.Role.Grouping
    assert spoken.text(QAccessible.Text.Name) == "Prochaine séance : Réunion de mars"
    assert card.notice.text() == (
        "1 point à l'ordre du jour. Convocations à envoyer au plus tard le"
        " vendredi 26 mars 2027, dans 7\u00a0jours."
    )
    qtbot.mouseClick(card.step, Qt.MouseButton.LeftButton)
    assert opened.place == "meeting"


def test_a_member_who_comes_after_the_convocations_left_is_still_to_be_convened(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting("Réunion de mars", days=11)
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.convene(meeting.id)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    card = home(opened).next
    assert card.notice.text() == "1 point à l'ordre du jour."
    successor = world.make("person", last_name="Bouillot").id
    world.services.records.update(world.seats["Vougeot"], {"titular_person_id": successor})
    opened.spread(frozenset({"roster_entry"}))
    settle(opened, qtbot)
    assert plain(card.notice.text()) == (
        "1 point à l'ordre du jour. 1 membre reste à convoquer au plus tard le vendredi 26 mars"
        " 2027, dans 7 jours."
    )
    world.services.convocations.note_sent(meeting.id, [successor])
    opened.spread(frozenset({"convocation"}))
    settle(opened, qtbot)
    assert card.notice.text() == "1 point à l'ordre du jour."


def test_minutes_to_finish_say_whether_they_are_to_be_frozen_or_approved(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    first, second = world.meeting("Réunion de mai", days=-50), world.meeting("Juin", days=-20)
    for one in (first, second):
        world.services.meetings.open(one.id)
        world.services.meetings.close(one.id)
    world.services.minutes.freeze(first.id)
    opened.spread(frozenset({"meeting", "minutes"}))
    settle(opened, qtbot)
    found = [(one.split(",")[0], one.split(", ")[-1]) for one in lines(home(opened).unfinished)]
    assert sorted(found) == [("Juin", "Pas encore gelé"), ("Réunion de mai", "À approuver")]


def test_a_meeting_whose_day_went_by_without_it_is_not_forgotten(
    opened: MainWindow, world: World, clock: FakeClock, qtbot: QtBot
) -> None:
    meeting = world.meeting("Réunion de mars", days=1)
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.convene(meeting.id)
    clock.forward(days=3)
    world.meeting("Réunion d'avril", days=20)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    page = home(opened)
    assert page.next.what.text() == "Réunion d'avril"
    assert [one.split(", ")[-1] for one in lines(page.unfinished)] == ["Non ouverte"]


def test_a_meeting_left_open_hides_the_next_one_no_longer_than_a_day(
    opened: MainWindow, world: World, clock: FakeClock, qtbot: QtBot
) -> None:
    left = world.meeting("Réunion de mars", days=0)
    world.services.meetings.open(left.id)
    world.meeting("Réunion d'avril", days=20)
    clock.forward(days=1)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    page = home(opened)
    assert page.next.what.text() == "Réunion de mars"
    assert page.next.step.text() == "Reprendre la séance"
    assert not page.unfinished.isVisible()
    clock.forward(days=1)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    assert page.next.what.text() == "Réunion d'avril"
    assert [one.split(", ")[-1] for one in lines(page.unfinished)] == ["Non close"]
    page.unfinished.findChildren(Line)[0].click()
    assert (opened.place, opened.where().record_id) == ("meeting", left.id)


def test_a_meeting_left_open_stays_in_sight_where_no_other_is_to_come(
    opened: MainWindow, world: World, clock: FakeClock, qtbot: QtBot
) -> None:
    world.services.meetings.open(world.meeting("Réunion de mars", days=0).id)
    clock.forward(days=300)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    assert home(opened).next.what.text() == "Réunion de mars"
    assert not home(opened).unfinished.isVisible()


def test_another_day_shows_how_far_everything_is_from_it(
    opened: MainWindow, world: World, clock: FakeClock, qtbot: QtBot
) -> None:
    world.meeting("Réunion de mars", days=10)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    page = home(opened)
    assert (page.header.title.text(), page.next.chip.text()) == (
        "Vendredi 19 mars 2027", "Dans 10 jours",
    )  # fmt: skip
    clock.forward(days=9)
    assert opened.background is not None
    opened.background.workspace_watch.look()
    settle(opened, qtbot)
    assert (page.header.title.text(), page.next.chip.text()) == ("Dimanche 28 mars 2027", "Demain")


def test_a_meeting_without_a_date_is_the_next_until_another_has_one(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("meeting", title="À fixer")
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    card = home(opened).next
    assert (card.what.text(), card.when.text()) == ("À fixer", "Date à fixer")
    world.meeting("Réunion de mars")
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    assert card.what.text() == "Réunion de mars"


def test_the_sections_stand_one_above_the_other_where_the_text_is_large(
    opened: MainWindow, qtbot: QtBot
) -> None:
    page = home(opened)

    def below() -> bool:
        return page.deadlines.mapTo(page, QPoint()).y() > page.follow_up.mapTo(page, QPoint()).y()

    assert not below()
    opened.theme.set_scale(2.0)
    qtbot.waitUntil(below)
    opened.theme.set_scale(1.0)
    qtbot.waitUntil(lambda: not below())


def test_late_actions_come_first_and_say_how_late_they_are(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    item = world.item(world.meeting(days=-30), "Suites", "follow_up")
    for text, due in (
        ("Plus **tard**", "2027-05-01"),
        ("En retard", "2027-03-10"),
        ("Oubliée", "2025-02-25"),
        ("Un jour", None),
    ):
        world.make("action", agenda_item_id=item.id, text=text, due_on=due, owner="Anne Martin")
    world.make("action", agenda_item_id=item.id, text="Faite", status="done")
    opened.spread(frozenset({"action"}))
    settle(opened, qtbot)
    assert lines(home(opened).follow_up) == [
        "Oubliée, Anne Martin, Il y a 2 ans",
        "En retard, Anne Martin, Il y a 9 jours",
        "Plus tard, Anne Martin, Dans 43 jours",
        "Un jour, Anne Martin, Sans échéance",
    ]


def test_what_a_section_has_no_room_for_is_a_line_away(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    item = world.item(world.meeting(days=-30), "Suites", "follow_up")
    for number in range(7):
        world.make("action", agenda_item_id=item.id, text=f"Suite {number}")
        world.make("need", title=f"Besoin {number}")
    opened.spread(frozenset())
    settle(opened, qtbot)
    page = home(opened)
    assert lines(page.follow_up)[5:] == ["Voir 2 autres suites"]
    more = [one for one in page.follow_up.findChildren(Line) if one.isVisible()][-1]
    more.setFocus()
    qtbot.keyClick(more, Qt.Key.Key_Return)
    settle(opened, qtbot)
    assert len(lines(page.follow_up)) == 7
    qtbot.waitUntil(lambda: has_keyboard().startswith("Suite 5"))
    opened.spread(frozenset({"action"}))
    settle(opened, qtbot)
    assert len(lines(page.follow_up)) == 7
    assert lines(page.needs)[5:] == ["Voir 2 autres besoins"]
    [one for one in page.needs.findChildren(Line) if one.isVisible()][-1].click()
    assert opened.place == "needs"


def test_an_action_is_closed_from_the_home_page(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    item = world.item(world.meeting(days=-30), "Suites", "follow_up")
    action = world.make("action", agenda_item_id=item.id, text="Envoyer un devis")
    opened.spread(frozenset({"action"}))
    settle(opened, qtbot)
    page = home(opened)
    page.follow_up.findChildren(Line)[0].click()
    asked = dialog(FormDialog, page, qtbot)
    asked.form.editor("status").set_value("done")
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.get(action).status == "done")
    settle(opened, qtbot)
    assert world.get(action).closed_on == "2027-03-19"
    assert lines(page.follow_up) == []


def test_the_keyboard_comes_back_to_the_line_that_it_opened(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    item = world.item(world.meeting(days=-30), "Suites", "follow_up")
    for text, due in (("Un", "2027-03-10"), ("Deux", "2027-03-11"), ("Trois", "2027-03-12")):
        world.make("action", agenda_item_id=item.id, text=text, due_on=due)
    opened.spread(frozenset({"action"}))
    settle(opened, qtbot)
    page = home(opened)

    def opened_from(number: int) -> FormDialog:
        found = [one for one in page.follow_up.findChildren(Line) if one.isVisible()][number]
        found.setFocus()
        qtbot.keyClick(found, Qt.Key.Key_Return)
        return dialog(FormDialog, page, qtbot)

    qtbot.keyClick(opened_from(1), Qt.Key.Key_Escape)
    settle(opened, qtbot)
    activate(opened)
    qtbot.waitUntil(lambda: has_keyboard() == "Deux, Il y a 8 jours")
    qtbot.mouseClick(opened_from(2).delete, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    assert "Ctrl+Z" in opened.banner.text()
    activate(opened)
    qtbot.waitUntil(lambda: has_keyboard() == "Deux, Il y a 8 jours")  # nothing follows it now


def has_keyboard() -> str:
    found = QApplication.focusWidget()
    return found.accessibleName() if found is not None else ""


def test_deadlines_and_needs_lead_to_their_pages(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("watch_note", title="Facturation électronique", deadline_on="2027-03-20")
    world.make("watch_note", title="Passée", deadline_on="2027-03-01")
    world.make("need", title="Sauvegarde", words="On a tout perdu.")
    opened.spread(frozenset())
    settle(opened, qtbot)
    page = home(opened)
    assert lines(page.deadlines) == [
        "Facturation électronique, Samedi 20 mars 2027, Demain",
    ]
    assert lines(page.needs) == ["Sauvegarde, On a tout perdu."]
    page.needs.findChildren(Line)[0].click()
    assert opened.place == "needs"
