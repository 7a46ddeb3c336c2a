"""Veille: notes written, aimed, told and followed to their deadline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from app.domain.records import Audience, reference_id
from app.domain.wording import plain
from app.storage.tables import central_link
from tests.ui.acting import (
    CONTROL,
    activate,
    clear_filter,
    column,
    dialog,
    double_click,
    field,
    pick,
    press,
    shown,
    visit,
)
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import TOWNS, World
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.focus_order import bring_into_sight
from ui.models.watch import WatchColumn, note_options, watch_rows
from ui.models.watch_view import audience_offers
from ui.pages.page import NEW
from ui.pages.watch import WatchPage
from ui.pages.watch_note import WatchNotePage
from ui.theme import Space, font
from ui.widgets.cell_delegate import ROW_HEIGHT
from ui.widgets.list_ground import count_lines
from ui.widgets.watch_cards import BriefingsCard
from ui.window.main_window import MainWindow

CODES = [code for code, *_ in TOWNS.values()]
VOUGEOT = reference_id("organisation", "21716")


def stored(world: World) -> list[Any]:
    return list(world.services.records.list("watch_note"))


def test_an_empty_list_teaches_and_a_note_is_written_from_its_button(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = visit(opened, "watch", WatchPage, qtbot)
    assert page.empty.isVisible()
    qtbot.mouseClick(page.empty.offer, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    note = opened.pages["watch_note"]
    assert isinstance(note, WatchNotePage)
    type_text(field(note.form, "title"), "Accessibilité des sites")
    type_text(field(note.form, "deadline_on").line, "30/06/2027")
    qtbot.waitUntil(lambda: [one.fields.deadline_on for one in stored(world)] == ["2027-06-30"])
    (made,) = stored(world)
    assert (made.fields.title, made.commission_id) == (
        "Accessibilité des sites",
        world.commission_id,
    )


def test_the_list_shows_level_deadline_and_how_many_were_told(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA", level="obligation", deadline_on="2027-06-30")
    world.make("watch_note", title="Sans délai")
    world.services.watch.tell(note.id, [VOUGEOT])
    page = visit(opened, "watch", WatchPage, qtbot)
    page.table.select_where(note.id)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "Obligation\tRGAA\t\t\t30/06/2027\t1 sur 5"
    assert column(page.table, 1) == ["RGAA", "Sans délai"]
    world.services.watch.tell(note.id, [reference_id("organisation", code) for code in CODES])
    page.on_changed(frozenset({"briefing"}))
    settle(opened, qtbot)
    page.panel.choices[2].set_value(True)
    assert column(page.table, 1) == ["Sans délai"]
    clear_filter(page.panel)
    level = page.panel.choices[0]
    level.set_value("obligation")
    assert column(page.table, 1) == ["RGAA"]


def test_a_note_asked_for_while_a_new_one_is_in_sight_is_read_as_what_it_is(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, NEW)
    assert column(page.reach.table) == []
    visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    assert len(column(page.reach.table)) == 5
    page.show_record(NEW)
    new = page.current(page.record_id)
    page.record_id = note.id  # as where the new one is read before it is in sight
    assert page.gather(new).reach == []


def test_the_deadlines_to_come_stand_before_those_of_other_years(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for title, deadline in (
        ("Il y a deux ans", "2025-01-31"),
        ("Dans un an", "2028-03-31"),
        ("Le mois dernier", "2027-02-15"),
        ("Aujourd'hui", "2027-03-19"),
    ):
        world.make("watch_note", title=title, deadline_on=deadline)
    for year in ("2025", "2026"):
        world.make("watch_note", title=f"Sans délai, {year}", published_on=f"{year}-06-01")
    page = visit(opened, "watch", WatchPage, qtbot)
    assert column(page.table, 1) == [
        "Aujourd'hui",
        "Dans un an",
        "Sans délai, 2026",
        "Sans délai, 2025",
        "Le mois dernier",
        "Il y a deux ans",
    ]


def test_the_audience_names_live_whom_it_concerns_and_why(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    assert len(column(page.reach.table)) == 5
    assert set(column(page.reach.table, 1)) == {"Toutes le sont"}
    type_text(page.audience.population_to, "300")
    qtbot.waitUntil(lambda: column(page.reach.table) == ["Messanges", "Vougeot"])
    assert world.get(note).audience.population_to == 300
    assert column(page.reach.table, 1)[1] == "150 habitants (moins de 300)"
    qtbot.mouseClick(page.audience.kinds.ticks["epci"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "ne concerne aucune collectivité" in shown(page.reach))
    assert world.get(note).audience.kinds == ("epci",)


def test_criteria_that_nothing_here_names_are_shown_and_kept(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.create("organisation", {"name": "CC nouvelle", "kind": "epci"}, None)
    held = {"epci_sirens": ["200099999"], "services": ["vieux-service"], "departments": ["69"]}
    note = world.make("watch_note", title="RGPD", audience=held)
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    assert page.audience.groups.chosen() == held["epci_sirens"]
    assert page.audience.services.chosen() == held["services"]
    assert page.audience.departments.ticks["69"].isChecked()
    type_text(page.audience.population_to, "2000")
    qtbot.waitUntil(lambda: world.get(note).audience.population_to == 2000)
    assert {name: list(getattr(world.get(note).audience, name)) for name in held} == held
    type_text(page.audience.groups.line, "nouvelle")  # it has no SIREN to be named by
    assert page.audience.groups.line.names_none()


def test_two_bounds_that_leave_nobody_are_said(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA", audience={"population_from": 1000})
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    for typed, most in (("1000", "1 000"), ("500", "500")):
        page.audience.population_to.clear()
        type_text(page.audience.population_to, typed)
        said = f"Aucune collectivité n'a à la fois 1 000 habitants au moins et moins de {most} :"
        qtbot.waitUntil(lambda said=said: said in plain(shown(page.reach)))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_criteria_stay_where_they_are_as_whom_they_concern_changes(
    opened: MainWindow, world: World, qtbot: QtBot, scale: float
) -> None:
    opened.theme.set_scale(scale)
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    most = page.audience.population_to
    most.setFocus()
    bring_into_sight(most)
    settle(opened, qtbot)
    places = [QPoint()]

    def at_rest() -> bool:
        places.append(most.mapTo(page, QPoint()))
        return places[-1] == places[-2]

    qtbot.waitUntil(at_rest)  # the page has scrolled, and its table has its height
    before = places[-1]
    for typed, left in (("300", 2), ("", 5)):
        most.setText(typed)
        most.edited.emit()
        qtbot.waitUntil(lambda left=left: len(column(page.reach.table)) == left)
        settle(opened, qtbot)
        qtbot.waitUntil(at_rest)
        assert places[-1] == before
    opened.theme.set_scale(1.0)


def test_the_reasons_of_several_criteria_are_read_whole(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    audience = {"kinds": ["commune"], "population_to": 300}
    note = world.make("watch_note", title="RGAA", audience=audience)
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    table = page.reach.table
    table.set_widths({1: 200})
    reason = column(table, 1)[1]
    assert reason == "Commune, 150 habitants (moins de 300)"
    room = table.columnWidth(1) - 2 * Space.M
    lines = count_lines(reason, font("body"), room, 9)
    assert lines > 1
    more = (lines - 1) * QFontMetrics(font("body")).height()
    qtbot.waitUntil(lambda: table.rowHeight(1) >= ROW_HEIGHT + more)
    qtbot.waitUntil(lambda: table.verticalScrollBar().maximum() == 0)


def test_those_not_told_yet_are_ticked_and_the_briefing_is_kept(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting("Réunion de mars", days=-3)
    world.meeting("Réunion à venir")
    note = world.make("watch_note", title="RGAA")
    world.services.watch.tell(note.id, [VOUGEOT])
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    press(page, "Informer…", qtbot)
    asked = dialog(FormDialog, page, qtbot)
    assert "le programme ne leur envoie rien" in shown(asked)
    told = field(asked.form, "organisation_ids")
    assert len(told.value()) == 4
    assert VOUGEOT not in told.value()
    press(asked, "Tout décocher", qtbot)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    assert "Cochez au moins une collectivité." in shown(asked)
    type_text(told.filter, "agenc")
    press(asked, "Tout cocher", qtbot)
    held = field(asked.form, "meeting_id")
    assert [held.itemData(row) for row in range(held.count())] == [None, meeting.id]
    pick(held, meeting.id)
    day = field(asked.form, "told_on")
    assert day.value() == meeting.fields.starts_at[:10]
    day.line.selectAll()
    type_text(day.line, "31/12/2099")
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Ce jour est encore à venir" in plain(shown(asked)))
    pick(held, meeting.id)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(world.services.watch.told(note.id)) == 2)
    last = world.services.watch.told(note.id)[-1].fields
    assert last.organisation_ids == (reference_id("organisation", "21001"),)
    assert (last.meeting_id, last.told_on) == (meeting.id, meeting.fields.starts_at[:10])
    qtbot.waitUntil(lambda: "dont 2 informées" in shown(page.reach))
    qtbot.waitUntil(lambda: "Réunion de mars" in shown(page.briefings))


def test_a_briefing_noted_by_mistake_is_taken_off_and_ctrl_z_brings_it_back(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    world.services.watch.tell(note.id, [VOUGEOT])
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    (remove,) = page.briefings.findChildren(QToolButton)
    double_click(remove, qtbot)
    qtbot.waitUntil(lambda: not page.briefings.isVisible())
    qtbot.waitUntil(page.reach.table.hasFocus)  # what stands just above
    qtbot.waitUntil(lambda: "dont aucune encore informée" in shown(page.reach))
    assert world.services.watch.told(note.id) == []
    settle(opened, qtbot)
    assert "L'information est retirée" in plain(opened.banner.text())
    page.setFocus()
    qtbot.keyClick(opened, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(page.briefings.isVisible)


def test_two_briefings_of_one_day_are_taken_off_by_buttons_told_apart(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note, meeting = world.make("watch_note", title="RGAA"), world.meeting("La 2G")
    world.services.watch.tell(note.id, [VOUGEOT])
    world.services.watch.tell(note.id, [VOUGEOT], meeting_id=meeting.id)
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    one, other = page.briefings.findChildren(QToolButton)
    assert one.accessibleName() != other.accessibleName()


def test_once_a_note_has_changed_those_told_before_are_to_be_told_again(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA", deadline_on="2027-06-30")
    everybody = [reference_id("organisation", code) for code in CODES]
    world.services.watch.tell(note.id, everybody[1:])
    world.services.records.update(note.id, {"deadline_on": "2027-04-30"})
    listed = visit(opened, "watch", WatchPage, qtbot)
    listed.panel.choices[2].set_value(True)
    assert column(listed.table, list(WatchColumn).index(WatchColumn.TOLD)) == ["4 à réinformer"]
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    assert "La note a changé depuis : 4 sont à informer de nouveau." in shown(page.reach)
    assert sorted(column(page.reach.table, 2)) == ["Pas encore", *["À réinformer"] * 4]
    assert "La note a changé depuis : échéance" in shown(page.briefings)
    press(page, "Informer…", qtbot)
    asked = dialog(FormDialog, page, qtbot)
    assert len(field(asked.form, "organisation_ids").value()) == 5
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "dont 5 informées." in shown(page.reach))
    assert "de nouveau" not in shown(page.reach)


def test_a_note_that_all_were_told_of_before_it_changed_awaits_telling(world: World) -> None:
    everybody = [reference_id("organisation", code) for code in CODES]
    for title in ("Dite", "Changée"):
        note = world.make("watch_note", title=title)
        world.services.watch.tell(note.id, everybody)
    world.services.records.update(note.id, {"level": "obligation"})
    rows = watch_rows(world.services, world.commission_id)
    told, changed = sorted(rows, key=lambda row: row.again)
    assert (told.to_tell, told.reach, told.reach_tone) == (False, "5 sur 5", "success")
    assert (changed.to_tell, changed.reach) == (True, "5 à réinformer")
    assert changed.reach_tone == "warning"
    by_telling = WatchColumn.TOLD.column.sort
    assert by_telling is not None
    assert by_telling(changed) < by_telling(told)


def test_more_than_a_thousand_told_are_read_like_other_numbers(world: World) -> None:
    world.make("watch_note", title="RGAA")
    (row,) = watch_rows(world.services, world.commission_id)
    many = replace(row, concerned=1680, told=1245)
    assert plain(many.reach) == "1 245 sur 1 680"
    assert plain(replace(many, again=1200).reach) == "1 200 à réinformer"


def test_notes_of_one_title_are_offered_by_what_tells_them_apart(world: World) -> None:
    records = world.services.records
    dated = {"title": "RGAA", "published_on": "2027-01-04", "deadline_on": "2027-06-30"}
    made = [
        records.create("watch_note", {"title": "RGAA"}, None),
        records.create("watch_note", dated, None),
        world.make("watch_note", title="RGAA"),
        world.make("watch_note", title="NIS 2"),
        world.make("watch_note"),
        world.make("watch_note"),
    ]
    assert [one.words for one in note_options(made)] == [
        "RGAA (région)",
        "RGAA (région, publiée le 04/01/2027, échéance le 30/06/2027)",
        "RGAA (sans date)",
        "NIS 2",
        "Note sans titre (sans date)",
        "Note sans titre (sans date)",
    ]


def test_one_alone_is_told_again_in_the_singular(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    world.services.watch.tell(note.id, [VOUGEOT])
    world.services.records.update(note.id, {"todo": "Publier."})
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    said = "5 collectivités, dont 1 informée. La note a changé depuis : une est à informer de"
    assert said in plain(shown(page.reach))


def test_those_told_whose_names_are_not_here_are_counted(world: World, qtbot: QtBot) -> None:
    note = world.make("watch_note", title="RGAA")
    everybody = [reference_id("organisation", code) for code in CODES]
    told = world.services.watch.tell(note.id, everybody)
    for known, said in (
        (0, "5 collectivités"),
        (3, "A, A, A, 2 autres collectivités"),
        (4, "A, A, A, A, 1 autre collectivité"),
        (5, "A, A, A, A, A"),
    ):
        card = BriefingsCard()
        qtbot.addWidget(card)
        card.show_briefings([told], {}, dict.fromkeys(everybody[:known], "A"), {})
        assert said in [plain(one.text()) for one in card.findChildren(QLabel)]


def test_a_note_typed_on_once_they_were_told_has_changed_since(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    type_text(field(page.form, "todo"), "Publier.")
    qtbot.waitUntil(lambda: world.get(note).todo == "Publier.")
    press(page, "Informer…", qtbot)
    asked = dialog(FormDialog, page, qtbot)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "dont 5 informées." in shown(page.reach))
    type_text(field(page.form, "todo"), " Vite.")
    qtbot.waitUntil(lambda: "5 sont à informer de nouveau" in shown(page.reach))


def test_who_was_told_stays_written_when_the_note_concerns_them_no_more(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA", audience={"population_to": 500})
    gone = world.services.records.create("organisation", {"name": "Syndicat dissous"}, None)
    agencourt = reference_id("organisation", "21001")
    world.services.watch.tell(note.id, [VOUGEOT, agencourt, gone.id])
    world.services.records.update(VOUGEOT, {"population": 620, "population_year": 2028})
    with world.services.workspace.unit() as unit:  # as a sync does
        unit.receive(msgspec.structs.replace(unit.stored(gone.id).envelope, deleted=True))
        unit.commit()
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    assert "Vougeot" not in column(page.reach.table)
    assert "Vougeot, Agencourt, Syndicat dissous" in shown(page.briefings)


def test_a_note_is_deleted_from_its_page_by_the_keyboard(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    qtbot.keyClick(page, Qt.Key.Key_Delete, CONTROL)
    asked = dialog(ConfirmDialog, page, qtbot)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.place == "watch")
    assert stored(world) == []
    activate(opened)


def test_a_note_of_the_gip_is_only_read_once_enrolled_but_still_told(
    opened: MainWindow, world: World, qtbot: QtBot, heard: list[str]
) -> None:
    text = "\n".join(f"Article {number} : le site se lit sans souris." for number in range(40))
    note = world.services.records.create("watch_note", {"title": "RGAA", "body": text}, None)
    with world.services.workspace.unit() as unit:
        unit.connection.execute(insert(central_link).values(name="url", value='"https://gip"'))
        unit.commit()
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    title, body, level = (page.form.field(name) for name in ("title", "body", "level"))
    assert isinstance(title, QLineEdit) and isinstance(body, QPlainTextEdit)
    assert title.isReadOnly() and body.isReadOnly() and not level.isEnabled()
    body.setFocus()  # what is long is read to its end, and copied
    qtbot.keyClick(body, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(body, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == text
    assert not page.remove.isEnabled()
    assert "publiée par le GIP" in shown(page.seal)
    assert page.tell_them.isEnabled()
    page.on_changed(frozenset())
    settle(opened, qtbot)
    assert len([said for said in heard if "publiée par le GIP" in said]) == 1


def test_only_a_web_address_is_handed_to_the_browser(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA", url="file:///etc/passwd")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    assert not page.read_text.isVisible()
    world.services.records.update(note.id, {"url": "https://www.legifrance.gouv.fr/loda"})
    page.on_changed(frozenset({"watch_note"}))
    qtbot.waitUntil(page.read_text.isVisible)


def test_epci_and_services_are_offered_by_name_accents_aside(world: World) -> None:
    for name, siren in (("Zones réunies", "200099994"), ("Étangs réunis", "200099986")):
        fields = {"kind": "epci", "name": name, "siren": siren, "services": [name]}
        world.services.records.create("organisation", fields, None)
    offers = audience_offers(world.services, Audience())
    for options in (offers.groups, offers.services):
        words = [one.words for one in options]
        assert words.index("Étangs réunis") < words.index("Zones réunies")


def test_a_criterion_that_cannot_be_read_is_named_beside_it_until_it_is_corrected(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note, other = (world.make("watch_note", title=title) for title in ("RGAA", "NIS 2"))
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    for line, typed, said in (
        (page.audience.population_to, "mille", "Écrivez un nombre entier, en chiffres."),
        (page.audience.groups.focusProxy(), "Auxois zz", "n'est pas dans la liste"),
    ):
        assert isinstance(line, QLineEdit)
        line.setFocus()
        type_text(line, typed)
        assert said not in shown(page.audience)
        qtbot.keyClick(line, Qt.Key.Key_Tab)
        assert said in shown(page.audience)
        visit(opened, "watch_note", WatchNotePage, qtbot, other.id)
        assert said not in shown(page.audience)
        visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
        assert line.text() == typed
        assert said in shown(page.audience)
        line.clear()


def test_what_a_web_page_hides_in_its_words_is_not_pasted(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    for name, copied in (
        ("title", "Décret n°\u00a02027-512\r\ndu 3\u00a0mai\u200b :\t« accueil »\x07"),
        ("body", "•\tL'accueil nu\u00admé\u200brique\ufeff\u00a0:\v“oui”\x00"),
    ):
        QGuiApplication.clipboard().setText(copied)
        qtbot.keyClick(field(page.form, name), Qt.Key.Key_V, CONTROL)
    page.flush()
    settle(opened, qtbot)
    fields = world.get(note)
    assert fields.title == "Décret n°\u00a02027-512 du 3\u00a0mai : « accueil »"
    assert fields.body == "•\tL'accueil numérique :\n“oui”"


def test_an_address_that_does_not_open_is_said_to_and_how_one_begins(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    address = field(page.form, "url")
    for typed, said in (
        ("www.legifrance.gouv.fr/loda", True),
        ("javascript:alert(1)", True),
        ("https://www.legifrance.gouv.fr/loda", False),
    ):
        address.selectAll()
        type_text(address, typed)
        qtbot.waitUntil(lambda typed=typed: world.get(note).url == typed)
        qtbot.waitUntil(lambda said=said: ("commence par https://" in shown(page.form)) is said)
        qtbot.waitUntil(lambda said=said: page.read_text.isVisible() is not said)


def test_a_deadline_before_the_publication_is_said_and_a_day_mistyped_stays_said(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA", published_on="2027-03-01")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    due = field(page.form, "deadline_on").line
    due.setFocus()
    type_text(due, "30/06/2020")
    qtbot.waitUntil(lambda: "Cette échéance vient avant la publication" in plain(shown(page.form)))
    due.selectAll()
    type_text(due, "31 février")
    qtbot.keyClick(due, Qt.Key.Key_Tab)
    page.refresh()
    settle(opened, qtbot)
    assert "« 31 février » n'est pas une date du calendrier" in plain(shown(page.form))
    due.setFocus()
    due.selectAll()
    type_text(due, "30/06/2027")
    qtbot.waitUntil(lambda: world.get(note).deadline_on == "2027-06-30")
    qtbot.waitUntil(lambda: "Cette échéance" not in plain(shown(page.form)))


def test_a_note_that_another_replaces_says_to_tell_of_the_other(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    newer = world.make("watch_note", title="RGAA 5")
    note = world.make("watch_note", title="RGAA 4", superseded_by_id=newer.id)
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    assert "informez plutôt de celle qui la remplace" in plain(shown(page.reach))
    visit(opened, "watch_note", WatchNotePage, qtbot, newer.id)
    assert "informez plutôt de celle qui la remplace" not in plain(shown(page.reach))
