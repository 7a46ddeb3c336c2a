"""Conclure: what lacks is named with a way to mend it; the minutes are read, frozen, printed."""

from __future__ import annotations

import hashlib
import threading
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.documents.document import Document
from app.domain.reconvening import proposed
from app.domain.records import Meeting, Record
from app.domain.wording import plain
from tests.app.documents import reading
from tests.ui.acting import activate, dialog, press, shown, visit
from tests.ui.clipping import choice_fits
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.agenda_item import AgendaItemDialog
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.dialogs.document import DocumentDialog
from ui.dialogs.history import HistoryDialog
from ui.dialogs.template_editor import TemplateEditor
from ui.models.meeting_parts import history_parts
from ui.pages.meeting.conclude import DOCUMENTS, ConcludeTab
from ui.pages.meeting.page import MeetingPage
from ui.printing import make_printer, print_pdf
from ui.tasks import LONG, Task
from ui.widgets.dates import InstantField
from ui.widgets.line import Line
from ui.window.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def closed_meeting(world: World) -> Record[Meeting]:
    """A meeting held and closed, its minutes complete but for one item's substance."""
    meeting = world.meeting(
        days=0,
        place="Vougeot",
        chair_person_id=world.persons["Vougeot"],
        secretary_ids=[world.persons["Agencourt"]],
    )
    opening = world.item(meeting, "Ouverture", "opening")
    misc = world.item(meeting, "Questions diverses", "misc")
    services = world.services
    services.meetings.open(meeting.id, "2027-03-19T18:00:00+01:00")
    for seat in world.seats.values():
        services.attendance.mark(meeting.id, seat, "present")
    services.agenda.start(opening.id, "2027-03-19T18:00:00+01:00")
    services.agenda.start(misc.id, "2027-03-19T18:10:00+01:00")
    services.meetings.close(meeting.id, "2027-03-19T20:00:00+01:00")
    return meeting


def page_of(window: MainWindow, meeting: Record[Meeting], qtbot: QtBot) -> MeetingPage:
    page = visit(window, "meeting", MeetingPage, qtbot, meeting.id)
    settle(window, qtbot)
    return page


def lacking(tab: ConcludeTab) -> list[Line]:
    return [line for line in tab.checklist.findChildren(Line) if line.isVisible()]


def freeze(tab: ConcludeTab, window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(tab.card.freeze, Qt.MouseButton.LeftButton)
    question = tab.findChild(ConfirmDialog)
    assert question is not None
    qtbot.mouseClick(question.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.card.chip.text() == "Gelé")
    settle(window, qtbot)


def test_a_closed_meeting_opens_on_what_its_minutes_lack_beside_their_preview(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = page_of(opened, closed_meeting(world), qtbot)
    assert page.tabs.currentWidget() is page.conclude
    (line,) = lacking(page.conclude)
    assert "Questions diverses" in line.accessibleName()
    qtbot.waitUntil(lambda: page.conclude.preview.document.pageCount() >= 1)
    assert page.conclude.preview.page.text().startswith("1 sur")


def test_a_click_on_what_lacks_goes_to_the_place_that_mends_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = page_of(opened, closed_meeting(world), qtbot)
    lacking(page.conclude)[0].click()
    assert page.tabs.currentWidget() is page.hold
    qtbot.waitUntil(lambda: "Questions diverses" in page.hold.item.title.text())
    type_text(page.hold.item.notes, "Rien de plus n'est dit.")
    page.tabs.setCurrentWidget(page.conclude)
    settle(opened, qtbot)
    qtbot.waitUntil(lambda: lacking(page.conclude) == [])
    assert page.conclude.checklist.heading.text() == "Rien ne manque"


def test_the_tab_opens_at_its_top_from_a_meeting_in_preparation(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=10)
    for number in range(6):
        world.item(meeting, f"Point {number}", planned_minutes=10)
    page = page_of(opened, meeting, qtbot)
    assert page.prepare.agenda.line.hasFocus()
    page.tabs.setCurrentWidget(page.conclude)
    qtbot.waitUntil(lambda: len(lacking(page.conclude)) > 6)
    settle(opened, qtbot)
    assert page.conclude.kind.hasFocus()
    top = page.conclude.card
    assert top.visibleRegion().boundingRect() == top.rect()


def choose_gap(page: MeetingPage, words: str, qtbot: QtBot) -> None:
    """Chooses, by the keyboard, what lacks by its words."""
    page.tabs.setCurrentWidget(page.conclude)

    def named() -> list[Line]:
        return [one for one in lacking(page.conclude) if words in one.accessibleName()]

    qtbot.waitUntil(lambda: len(named()) == 1)
    named()[0].setFocus()
    qtbot.keyClick(named()[0], Qt.Key.Key_Return)


def begins_at(name: str, page: MeetingPage, window: MainWindow, qtbot: QtBot) -> None:
    """Sees the dialog of what lacks begin at a field, and closes it."""
    form = dialog(FormDialog, page, qtbot)
    qtbot.waitUntil(lambda: _named_focus() == name)
    form.reject()
    qtbot.waitUntil(lambda: page.findChild(FormDialog) is None)
    activate(window)


def _named_focus() -> str:
    found = QApplication.focusWidget()
    return found.accessibleName() if found else ""


def test_what_lacks_of_the_meeting_begins_at_its_field(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = page_of(opened, world.meeting(days=0), qtbot)
    for words, name in (
        ("le lieu manque", "Lieu"),
        ("le nom du président", "Présidence"),
        ("le nom du secrétaire", "Secrétariat"),
    ):
        choose_gap(page, words, qtbot)
        begins_at(name, page, opened, qtbot)
    choose_gap(page, "l'ordre du jour est vide", qtbot)
    qtbot.waitUntil(page.prepare.agenda.line.hasFocus)
    choose_gap(page, "l'heure d'ouverture", qtbot)
    qtbot.waitUntil(lambda: _named_focus() == "Ouvrir la séance")
    world.services.meetings.open(page.meeting_id)
    page.refresh()
    settle(opened, qtbot)
    choose_gap(page, "l'heure de clôture", qtbot)
    qtbot.waitUntil(lambda: _named_focus() == "Clore la séance")


def test_the_field_that_lacks_is_in_sight_in_large_text_too(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.services.records.update(meeting.id, {"emergency": True})
    opened.theme.set_scale(2.0)
    page = page_of(opened, meeting, qtbot)
    choose_gap(page, "le motif de l'urgence", qtbot)
    field = dialog(FormDialog, page, qtbot).form.field("emergency_reason")
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect().contains(field.rect().center()))
    assert field.hasFocus()
    opened.theme.set_scale(1.0)


def test_what_lacks_of_an_item_begins_where_it_is_said(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    item = world.item(meeting, "La fibre", "misc")
    world.services.meetings.open(meeting.id)
    world.make("action", agenda_item_id=item.id, text="Demander un devis")
    page = page_of(opened, meeting, qtbot)
    for words, name in (("le responsable", "Responsable"), ("l'échéance", "Échéance")):
        choose_gap(page, words, qtbot)
        begins_at(name, page, opened, qtbot)
    choose_gap(page, "la teneur", qtbot)
    qtbot.waitUntil(page.hold.item.notes.hasFocus)
    choose_gap(page, "l'heure de début", qtbot)
    qtbot.waitUntil(page.hold.item.begin.hasFocus)


def test_an_item_that_ends_before_it_begins_is_mended_at_its_end(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    hours = {"started_at": "2027-03-19T19:00:00+01:00", "ended_at": "2027-03-19T18:50:00+01:00"}
    item = world.item(meeting, "La fibre", "misc")
    world.services.records.update(item.id, hours)
    page = page_of(opened, meeting, qtbot)
    choose_gap(page, "la fin précède le début", qtbot)
    begins_at("Fin", page, opened, qtbot)


def test_an_item_that_starts_before_the_opening_is_mended_at_its_start(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    """Even while the meeting is open, when what is seen of the item offers to go on with it."""
    meeting = world.meeting(days=0)
    item = world.item(meeting, "La fibre", "misc")
    world.services.meetings.open(meeting.id, "2027-03-18T18:00:37+01:00")
    hours = {"started_at": "2027-03-18T18:00:02+01:00", "ended_at": "2027-03-18T18:20:00+01:00"}
    world.services.records.update(item.id, hours)
    page = page_of(opened, meeting, qtbot)
    choose_gap(page, "le début précède l'ouverture", qtbot)
    begins_at("Début", page, opened, qtbot)


def test_two_versions_lead_to_where_they_are_decided(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    sides = {one: {"value": one, "author": one, "at": None} for one in ("mine", "theirs")}
    about = {"record_kind": "meeting", "record_id": meeting.id, "unit": "place"}
    world.make("conflict", **about, **sides)
    page = page_of(opened, meeting, qtbot)
    choose_gap(page, "deux versions restent à départager (lieu)", qtbot)
    qtbot.waitUntil(lambda: opened.where().place == "sync")


def test_an_item_left_untimed_is_timed_once_the_meeting_is_closed(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    item = world.item(meeting, "", "misc")
    page = page_of(opened, meeting, qtbot)
    choose_gap(page, "l'intitulé manque", qtbot)
    begins_at("Intitulé (obligatoire)", page, opened, qtbot)
    choose_gap(page, "l'heure de début", qtbot)
    form = dialog(AgendaItemDialog, page, qtbot)
    qtbot.waitUntil(lambda: _named_focus() == "Début")
    qtbot.keyClicks(form.form.field("title"), "La fibre")
    qtbot.keyClicks(QApplication.focusWidget(), "17h30")
    qtbot.keyClick(form, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(
        lambda: "Donnez une heure de la séance, entre 18 h et 20 h." in shown(form.form)
    )
    qtbot.keyClick(form.form.field("started_at"), Qt.Key.Key_A, CTRL)
    qtbot.keyClicks(form.form.field("started_at"), "19h30")
    qtbot.keyClicks(form.form.field("ended_at"), "20h")
    qtbot.keyClick(form, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.findChild(AgendaItemDialog) is None)
    assert world.get(item).started_at == "2027-03-19T19:30:00+01:00"
    assert world.get(item).ended_at == "2027-03-19T20:00:00+01:00"
    settle(opened, qtbot)
    assert not page.hold.item.begin.isVisible()
    assert "de 19 h 30 à 20 h" in plain(page.hold.item.detail.text())


def test_an_item_begun_after_midnight_is_of_the_next_day(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    item = world.item(meeting, "Divers")
    world.services.meetings.open(meeting.id, "2027-03-18T21:00:12+01:00")
    world.services.meetings.close(meeting.id, "2027-03-19T01:00:00+01:00")
    page = page_of(opened, meeting, qtbot)
    page.tabs.setCurrentWidget(page.hold)
    qtbot.mouseClick(page.hold.item.change, Qt.MouseButton.LeftButton)
    form = dialog(AgendaItemDialog, page, qtbot)
    qtbot.keyClicks(form.form.field("started_at"), "21h")
    qtbot.keyClicks(form.form.field("ended_at"), "0h30")
    qtbot.keyClick(form, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.findChild(AgendaItemDialog) is None)
    assert world.get(item).started_at == "2027-03-18T21:00:12+01:00"  # the opening, to the second
    assert world.get(item).ended_at == "2027-03-19T00:30:00+01:00"


def test_what_lacks_of_a_need_begins_at_its_field(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    item = world.services.records.list("agenda_item", title="Questions diverses")[0]
    for title, words in (("", "Plus de fibre"), ("La fibre", "")):
        world.make(
            "need",
            title=title,
            words=words,
            agenda_item_id=item.id,
            raised_at_meeting_id=meeting.id,
        )
    for gap, name in (("Besoin : le titre", "Titre"), ("les mots de la", "Dans ses mots")):
        page = page_of(opened, meeting, qtbot)
        choose_gap(page, gap, qtbot)
        qtbot.waitUntil(lambda: opened.place == "need")
        qtbot.waitUntil(lambda name=name: _named_focus() == name)


def test_who_lacks_on_the_sheet_is_noted_by_the_next_key(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    (sheet,) = world.services.records.list(
        "attendance", meeting_id=meeting.id, roster_entry_id=world.seats["Quincey"]
    )
    world.services.records.delete(sheet.id)
    page = page_of(opened, meeting, qtbot)
    line = next(one for one in lacking(page.conclude) if "Dubois" in one.accessibleName())
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_A)
    settle(opened, qtbot)
    (sheet,) = world.services.records.list(
        "attendance", meeting_id=meeting.id, roster_entry_id=world.seats["Quincey"]
    )
    assert sheet.fields.status == "absent"


def test_the_seats_that_lack_on_the_sheet_are_one_line_and_lead_to_the_first(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    sheets = world.services.records.list("attendance", meeting_id=meeting.id)
    for sheet in sheets:
        world.services.records.delete(sheet.id)
    page = page_of(opened, meeting, qtbot)
    tab = page.conclude
    found = [one for one in lacking(tab) if "la feuille" in one.accessibleName()]
    assert [one.accessibleName() for one in found] == [
        "Présences : Anne Martin (Agencourt), Jean Garnier (Arcenant), Luc Besson (Messanges) et"
        " 2 autres ne sont pas sur la feuille."
    ]
    assert plain(tab.checklist.heading.text()) == "2 choses à compléter"
    found[0].click()
    qtbot.waitUntil(page.hold.room.list.hasFocus)
    first = page.hold.room.list.current()
    assert first is not None and first.town == "Agencourt"
    told = [one.what for one in world.services.meetings.check(meeting.id).missing]
    assert sum("n'est pas sur la feuille" in one for one in told) == 5


def test_who_presides_an_item_on_which_the_chair_steps_aside_is_asked_for(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    services = world.services
    item = services.records.list("agenda_item", title="Questions diverses")[0]
    services.records.update(item.id, {"notes": "Paul Roy quitte la table."})
    services.records.update(world.commission_id, {"profile": "deliberative"})
    sheets = services.records.list("attendance", meeting_id=meeting.id)
    chair = next(one for one in sheets if one.fields.person_id == world.persons["Vougeot"])
    services.attendance.exclude(chair.id, item.id, "personal")
    page = page_of(opened, meeting, qtbot)
    (line,) = lacking(page.conclude)
    assert "la présidence se déporte, notez qui l'assure" in line.accessibleName()
    card = page.conclude.card
    assert card.freeze.isEnabled()  # the rules of minutes ask for no more
    assert card.chip.text() == "À compléter"
    assert "Complétez le procès-verbal, puis gelez-le." in shown(card)
    line.click()
    qtbot.waitUntil(page.hold.item.notes.hasFocus)
    type_text(page.hold.item.notes, "La présidence est assurée par Anne Martin. ")
    page.tabs.setCurrentWidget(page.conclude)
    qtbot.waitUntil(lambda: card.chip.text() == "À geler")
    assert lacking(page.conclude) == []


def test_what_came_of_the_freeze_stays_in_sight_and_its_minutes_leave_by_e_mail(
    opened: MainWindow, world: World, qtbot: QtBot, saved_file: Path
) -> None:
    meeting = closed_meeting(world)
    world.services.records.update(world.persons["Vougeot"], {"email": "roy@vougeot.fr"})
    opened.resize(1366, 768)
    opened.theme.set_scale(2.0)
    tab = page_of(opened, meeting, qtbot).conclude
    assert not tab.after.mail.isVisible()
    tab.card.freeze.setFocus()
    down = tab.cards.verticalScrollBar()
    down.setValue(tab.card.freeze.mapTo(tab.cards.widget(), QPoint()).y())
    assert down.value() > 0
    freeze(tab, opened, qtbot)
    activate(opened)
    assert tab.kind.hasFocus()
    for outcome in (tab.card.heading, tab.card.chip):
        assert outcome.visibleRegion().boundingRect() == outcome.rect()
    opened.theme.set_scale(1.0)
    qtbot.mouseClick(tab.after.mail, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(saved_file.exists)
    settle(opened, qtbot)
    draft = message_from_bytes(saved_file.read_bytes(), policy=default)
    assert draft["To"] == "Paul Roy <roy@vougeot.fr>"
    minutes = world.services.minutes.frozen(meeting.id)
    assert minutes is not None
    (pdf,) = (one for one in draft.walk() if one.get_content_type() == "application/pdf")
    attached = pdf.get_payload(decode=True)
    assert isinstance(attached, bytes)
    assert hashlib.sha256(attached).hexdigest() == minutes.fields.pdf_sha256


def test_freezing_asks_says_what_lacks_and_seals(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    page = page_of(opened, meeting, qtbot)
    freeze(page.conclude, opened, qtbot)
    minutes = world.services.minutes.frozen(meeting.id)
    assert minutes is not None
    document = page.conclude.preview.made
    assert document is not None
    assert hashlib.sha256(document.data).hexdigest() == minutes.fields.pdf_sha256
    assert not page.conclude.card.freeze.isVisible()
    assert page.conclude.after.isVisible()


def test_the_history_of_what_is_frozen_offers_no_way_back_that_would_be_refused(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    item = world.services.records.list("agenda_item", meeting_id=meeting.id)[0]
    action = world.make("action", agenda_item_id=item.id, text="Écrire au fournisseur")
    world.services.records.update(action.id, {"text": "Écrire aux fournisseurs"})
    page = page_of(opened, meeting, qtbot)
    freeze(page.conclude, opened, qtbot)
    for outcome in ("Courrier parti", "Réponse reçue"):
        world.services.records.update(action.id, {"outcome": outcome})
    for record_id, ways in ((item.id, 0), (action.id, 2)):
        past = HistoryDialog("Passé", record_id, world.services, opened.tasks, opened)
        past.show()
        settle(opened, qtbot)
        offered = [one.text() for one in past.findChildren(QPushButton) if one.isVisible()]
        assert offered.count("Revenir à cet état") == ways
        for one in past.findChildren(QPushButton):
            if one.text() == "Côte à côte":
                one.click()
        settle(opened, qtbot)
        offered = [one.text() for one in past.findChildren(QPushButton) if one.isVisible()]
        assert offered.count("Remettre cette valeur") == ways
        past.close()


def test_a_freeze_given_up_changes_nothing_and_says_so(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    tab = page_of(opened, meeting, qtbot).conclude
    told: list[str] = []
    tab.told.connect(lambda sentence, tone: told.append(sentence))
    before = threading.Event()
    opened.tasks.run(lambda: before.wait(30))  # the store is busy, and the freeze lasts
    qtbot.mouseClick(tab.card.freeze, Qt.MouseButton.LeftButton)
    question = tab.findChild(ConfirmDialog)
    assert question is not None
    qtbot.mouseClick(question.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.progress.isVisible)
    qtbot.mouseClick(tab.progress.cancel, Qt.MouseButton.LeftButton)
    before.set()
    qtbot.waitUntil(lambda: told == ["Le gel est abandonné, rien n'a changé."])
    assert tab.progress.isHidden()
    assert world.services.minutes.frozen(meeting.id) is None
    freeze(tab, opened, qtbot)


def test_a_freeze_given_up_too_late_is_shown_as_done(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    tab = page_of(opened, meeting, qtbot).conclude
    world.services.minutes.freeze(meeting.id)
    with qtbot.waitSignal(tab.told) as told:
        tab.progress.cancelled.emit()
    assert told.args == ["Le procès-verbal était déjà gelé.", "info"]
    qtbot.waitUntil(lambda: tab.card.chip.text() == "Gelé")


def test_a_deliberative_body_freezes_only_whole_minutes(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.update(world.commission_id, {"profile": "deliberative"})
    meeting = world.meeting(days=0, chair_person_id=world.persons["Vougeot"])
    world.item(meeting, "Divers")
    world.services.meetings.convene(meeting.id, "2027-03-01T09:00:00+01:00")
    world.services.meetings.open(meeting.id)
    world.services.meetings.close(meeting.id)
    page = page_of(opened, meeting, qtbot)
    assert page.conclude.card.freeze.isVisible()
    assert not page.conclude.card.freeze.isEnabled()


def test_a_deliberative_body_withdraws_an_item_that_it_did_not_reach(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    item = world.services.records.list("agenda_item", title="Questions diverses")[0]
    world.services.records.update(item.id, {"started_at": None})
    world.services.records.update(world.commission_id, {"profile": "deliberative"})
    page = page_of(opened, meeting, qtbot)
    tab = page.conclude
    assert any("retirez-le" in line.accessibleName() for line in lacking(tab))
    assert not tab.card.freeze.isEnabled()
    page.tabs.setCurrentWidget(page.prepare)
    agenda = page.prepare.agenda.list
    agenda.select(item.id)
    qtbot.keyClick(agenda, Qt.Key.Key_Delete)
    settle(opened, qtbot)
    page.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(tab.card.freeze.isEnabled)
    freeze(tab, opened, qtbot)


def test_a_deliberative_body_is_told_to_sign_once_approved(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    item = world.services.records.list("agenda_item", title="Questions diverses")[0]
    world.services.records.update(item.id, {"notes": "Rien de plus."})
    world.services.records.update(world.commission_id, {"profile": "deliberative"})
    tab = page_of(opened, meeting, qtbot).conclude
    assert lacking(tab) == []
    freeze(tab, opened, qtbot)
    assert opened.banner.text() == (
        "Le procès-verbal est gelé\u00a0: imprimez le projet, qui se signe une fois approuvé."
    )


def test_the_document_shown_can_be_another_one(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    tab = page_of(opened, closed_meeting(world), qtbot).conclude
    tab.kind.setFocus()
    qtbot.keyClick(tab.kind, Qt.Key.Key_Down)
    tab.kind.edited.emit()
    qtbot.waitUntil(
        lambda: tab.preview.made is not None and "decisions" in tab.preview.made.file_name
    )


def test_the_minutes_of_a_meeting_that_is_left_are_not_those_of_the_next(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = page_of(opened, closed_meeting(world), qtbot)
    preview, held = page.conclude.preview, threading.Event()
    assert preview.print_action.isEnabled()
    opened.tasks.run(held.wait, lane=LONG)
    following = world.meeting("La suivante", days=20)
    opened.go("meeting", following.id)
    qtbot.waitUntil(lambda: page.header.title.text() == "La suivante")
    page.tabs.setCurrentWidget(page.conclude)
    assert preview.waiting.isVisible()
    assert preview.made is None
    assert not preview.print_action.isEnabled()
    held.set()
    settle(opened, qtbot)
    assert preview.made is not None


def test_pages_are_turned_and_enlarged(opened: MainWindow, world: World, qtbot: QtBot) -> None:
    preview = page_of(opened, closed_meeting(world), qtbot).conclude.preview
    qtbot.waitUntil(lambda: preview.document.pageCount() > 1)
    preview.view.turn(1)
    qtbot.waitUntil(lambda: preview.page.text().startswith("2"))
    preview.view.turn(-1)
    preview.view.turn(-1)
    qtbot.waitUntil(lambda: preview.page.text().startswith("1"))
    before = preview.view.zoomFactor()
    preview.view.zoom(1.25)
    preview.view.zoom(1.25)
    assert preview.view.zoomFactor() != before


def test_the_template_is_edited_from_the_preview_and_shows_there(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    preview = page_of(opened, closed_meeting(world), qtbot).conclude.preview
    qtbot.waitUntil(lambda: preview.made is not None)
    qtbot.mouseClick(preview.model_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: preview.findChild(TemplateEditor) is not None)
    editor = preview.findChild(TemplateEditor)
    assert editor is not None
    editor.list.select(1)
    editor.editor.heading.setText("Appel nominal")
    editor.editor.heading.edited.emit()
    qtbot.mouseClick(editor.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Appel nominal" in preview.document.getAllText(0).text())


def test_the_attendance_sheet_is_made_in_large_print_on_demand(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    tab = page_of(opened, closed_meeting(world), qtbot).conclude
    qtbot.waitUntil(lambda: tab.preview.made is not None)
    assert not tab.preview.large.isVisible()
    tab.kind.set_value("attendance-sheet")
    tab.kind.edited.emit()
    qtbot.waitUntil(lambda: "emargement" in tab.preview.made.file_name)
    usual = tab.preview.made
    qtbot.keyClick(tab.preview.large, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.preview.made is not usual)
    assert _width(tab.preview.made) > 1.2 * _width(usual)


def _width(sheet: Document | None) -> float:
    """How wide a heading is, in millimetres."""
    assert sheet is not None
    left, _, right, _ = reading.box_of(sheet.data, "Membres (5)")
    return right - left


def test_saving_writes_the_very_bytes(
    opened: MainWindow, world: World, qtbot: QtBot, saved_file: Path
) -> None:
    tab = page_of(opened, closed_meeting(world), qtbot).conclude
    qtbot.waitUntil(lambda: tab.preview.made is not None)
    qtbot.keyClick(tab.preview, Qt.Key.Key_S, CTRL)
    tab.preview.save_action.trigger()
    qtbot.waitUntil(saved_file.exists)
    settle(opened, qtbot)
    assert tab.preview.made is not None
    assert saved_file.read_bytes() == tab.preview.made.data


def write_addendum(tab: ConcludeTab, qtbot: QtBot) -> None:
    """Types an addendum and asks to read it."""
    qtbot.mouseClick(tab.after.addenda.write, Qt.MouseButton.LeftButton)
    form = dialog(FormDialog, tab.after, qtbot)
    type_text(form.form.field("text"), "Lire « 20 h 10 » au lieu de « 20 h ».")
    qtbot.mouseClick(form.confirm, Qt.MouseButton.LeftButton)
    assert "Dites pourquoi." in shown(form)
    type_text(form.form.field("reason"), "Erreur de saisie")
    qtbot.mouseClick(form.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.kind.currentText() == "Projet d'additif")
    qtbot.waitUntil(lambda: tab.after.findChild(FormDialog) is None)


def of_addenda(tab: ConcludeTab) -> list[str]:
    lines = tab.after.addenda.findChildren(Line)
    return [one.accessibleName() for one in lines if one.isVisible()]


def test_an_addendum_is_read_before_it_is_frozen_numbered_and_found_again(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    tab = page_of(opened, meeting, qtbot).conclude
    freeze(tab, opened, qtbot)
    write_addendum(tab, qtbot)
    qtbot.waitUntil(lambda: "au lieu de" in tab.preview.document.getAllText(0).text())
    (draft,) = (one for one in world.services.records.list("minutes") if one.fields.addendum_to_id)
    assert draft.fields.frozen_at is None
    written = ["Projet d'additif, À relire, puis à geler · Erreur de saisie"]
    qtbot.waitUntil(lambda: of_addenda(tab) == written)
    press(tab.after, "Geler l'additif", qtbot)
    qtbot.mouseClick(dialog(ConfirmDialog, tab.after, qtbot).confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.kind.currentText() == "Additif n° 1")
    settle(opened, qtbot)
    addendum = world.get(draft)
    assert (addendum.number, addendum.reason) == (1, "Erreur de saisie")
    assert tab.preview.made is not None
    assert hashlib.sha256(tab.preview.made.data).hexdigest() == addendum.pdf_sha256
    frozen = ["Additif n° 1, Gelé le 19 mars 2027 · Erreur de saisie"]
    qtbot.waitUntil(lambda: of_addenda(tab) == frozen)
    assert "L'additif n° 1 est gelé" in plain(opened.banner.text())


def test_the_drafts_of_two_addenda_are_told_apart_wherever_they_are_named(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    tab = page_of(opened, closed_meeting(world), qtbot).conclude
    freeze(tab, opened, qtbot)
    (minutes,) = world.services.records.list("minutes")
    for number, text in (
        (None, "Lire « 20 h 10 »."),
        (1, "Lire « Mme Roy »."),
        (None, "Lire « 12 »."),
    ):
        drafted = world.services.minutes.correct(minutes, {"text": text, "reason": "Erreur."})
        if number:
            world.services.minutes.freeze(drafted.id)
    opened.spread(frozenset({"minutes"}))
    names = ["Additif n° 1", "Projet d'additif (1 sur 2)", "Projet d'additif (2 sur 2)"]
    qtbot.waitUntil(lambda: [one.partition(",")[0] for one in of_addenda(tab)] == names)
    assert [tab.kind.itemText(row) for row in range(len(DOCUMENTS), tab.kind.count())] == names
    assert all(choice_fits(tab.kind, name) for name in names)
    buttons = [one for one in tab.after.addenda.findChildren(QPushButton) if one.isVisible()]
    spoken = [one.accessibleName() for one in buttons if one is not tab.after.addenda.write]
    assert len(spoken) == len(set(spoken)) == 4
    assert spoken[2] == f"Geler l'additif : {names[2]}"
    state = world.services.meetings.state(tab.meeting_id)
    assert [words for _, words in history_parts(state)][-3:] == [names[1], names[0], names[2]]


def test_two_addenda_frozen_under_one_number_are_told_apart(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    tab = page_of(opened, closed_meeting(world), qtbot).conclude
    freeze(tab, opened, qtbot)
    services = world.services
    (minutes,) = services.records.list("minutes")
    for day in (20, 21):
        drafted = services.minutes.correct(minutes, {"text": "Lire « 12 ».", "reason": "Erreur."})
        services.minutes.freeze(drafted.id, f"2027-03-{day}T09:00:00+01:00")
    with services.workspace.unit() as unit:  # as another laptop numbered it
        last = services.records.envelope(drafted.id)
        unit.save(msgspec.structs.replace(last, fields=last.fields | {"number": 1}))
        unit.commit()
    opened.spread(frozenset({"minutes"}))
    names = ["Additif n° 1 (1 sur 2)", "Additif n° 1 (2 sur 2)"]
    frozen = [f"{name}, Gelé le 2{n} mars 2027 · Erreur." for n, name in enumerate(names)]
    qtbot.waitUntil(lambda: of_addenda(tab) == frozen)
    assert [tab.kind.itemText(row) for row in range(len(DOCUMENTS), tab.kind.count())] == names
    assert all(choice_fits(tab.kind, name) for name in names)


def test_the_draft_of_an_addendum_is_changed_or_given_up(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    tab = page_of(opened, meeting, qtbot).conclude
    freeze(tab, opened, qtbot)
    write_addendum(tab, qtbot)
    press(tab.after, "Modifier", qtbot)
    form = dialog(FormDialog, tab.after, qtbot)
    assert form.form.field("reason").text() == "Erreur de saisie"
    type_text(form.form.field("replaces"), "La clôture")
    qtbot.mouseClick(form.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "La clôture" in tab.preview.document.getAllText(0).text())
    settle(opened, qtbot)
    press(tab.after, "Modifier", qtbot)
    again = dialog(FormDialog, tab.after, qtbot)
    qtbot.mouseClick(again.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.kind.currentText() == "Procès-verbal")
    qtbot.waitUntil(lambda: "Une erreur se corrige par un additif" in shown(tab.after))
    assert of_addenda(tab) == []
    assert "Ctrl+Z" in opened.banner.text()


def test_the_approval_is_noted_at_a_later_meeting(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = closed_meeting(world)
    later = world.meeting("Réunion de juin", days=90)
    tab = page_of(opened, meeting, qtbot).conclude
    freeze(tab, opened, qtbot)
    qtbot.mouseClick(tab.after.approve, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    assert "une fois ouverte la séance qui approuve" in opened.banner.text()
    assert tab.after.findChild(ChooseDialog) is None
    world.services.meetings.open(later.id, later.fields.starts_at)
    qtbot.mouseClick(tab.after.approve, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.after.findChild(ChooseDialog) is not None)
    dialog = tab.after.findChild(ChooseDialog)
    assert dialog is not None
    type_text(dialog.form.field("chosen"), "juin")
    qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.get(meeting).status == "approved")
    minutes = world.services.minutes.frozen(meeting.id)
    assert minutes is not None
    assert minutes.fields.approved_at_meeting_id == later.id
    qtbot.waitUntil(tab.after.note.isVisible)
    qtbot.mouseClick(tab.after.note, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.after.findChild(DocumentDialog) is not None)
    shown = tab.after.findChild(DocumentDialog)
    assert shown is not None
    qtbot.waitUntil(lambda: shown.pane.made is not None)
    assert "approbation" in shown.pane.made.file_name
    actions = [one.text() for one in shown.pane.print_button.menu().actions() if one.isVisible()]
    assert actions[-1] == "Avec le procès-verbal gelé…"


def test_only_the_pages_asked_for_are_printed(world: World, tmp_path: Path) -> None:
    document = world.services.documents.make("minutes", closed_meeting(world).id)
    printer = make_printer()
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.setFromTo(1, 1)
    assert print_pdf([document.data], printer, Task()) == 1


def test_the_next_meeting_is_drafted_in_a_click_and_opened(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = page_of(opened, closed_meeting(world), qtbot)
    page.conclude.next.findChildren(Line)[0].click()
    qtbot.waitUntil(lambda: page.chip.text() == "Prévue")
    settle(opened, qtbot)
    titles = [row.title for row in page.prepare.agenda.list.agenda.rows]
    assert titles[1].startswith("Approbation du procès-verbal de la séance")


def test_a_failed_quorum_is_called_again_with_its_items(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Une décision à prendre", "decision")
    world.services.meetings.open(meeting.id)
    world.services.meetings.close(meeting.id)
    page = page_of(opened, meeting, qtbot)
    page.conclude.next.findChildren(Line)[1].click()
    settle(opened, qtbot)
    dialog = page.conclude.next.findChild(FormDialog)
    assert dialog is not None
    field = dialog.form.field("starts_at")
    assert isinstance(field, InstantField)
    earliest = proposed(page.conclude.state, world.services.workspace.clock())
    assert field.value() == earliest
    qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.meeting_id != meeting.id)
    settle(opened, qtbot)
    made = world.services.records.get(page.meeting_id)
    assert made.fields.reconvened_from_id == meeting.id
    assert made.fields.starts_at == earliest
    assert [row.title for row in page.prepare.agenda.list.agenda.rows][-1] == (
        "Une décision à prendre"
    )
    page = page_of(opened, meeting, qtbot)
    again = page.conclude.next.findChildren(Line)[1]  # it is called again once
    assert again.accessibleName() == (
        "Voir la nouvelle séance, Elle reprend 1 point, le mardi 23 mars 2027"
    )
    again.click()
    qtbot.waitUntil(lambda: page.meeting_id == made.id)


def test_a_second_call_left_before_it_is_known_to_be_made_is_not_offered_elsewhere(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting, other = world.meeting(days=0), world.meeting(days=7)
    world.item(meeting, "Une décision à prendre", "decision")
    world.services.meetings.open(meeting.id)
    world.services.meetings.close(meeting.id)
    page = page_of(opened, meeting, qtbot)
    following, elsewhere = page.conclude.next, world.services.meetings.state(other.id)
    assert len(following.findChildren(Line)) == 2
    following.show_state(page.conclude.state)
    following.show_state(elsewhere)
    settle(opened, qtbot)
    assert following.findChildren(Line) == []
