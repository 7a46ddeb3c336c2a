"""Besoins: noted in their own words, found, grouped, followed, deleted and brought back."""

from __future__ import annotations

from threading import Event
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.clock import new_id
from app.domain.records import Envelope, Record, reference_id
from app.domain.validation import defaults
from app.services.needs import Alike
from app.services.seating import succeed
from tests.ui.acting import CONTROL, activate, column, dialog, field, press, shown, undo, visit
from tests.ui.clipping import choice_fits
from tests.ui.conftest import in_the_whole_territory, settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.dialogs.history import HistoryDialog
from ui.models.actions import action_rows
from ui.models.needs import NeedColumn, need_rows
from ui.models.organisation_view import organisation_view
from ui.models.room import seat_rows
from ui.pages.home import HomePage
from ui.pages.need import NeedPage
from ui.pages.needs import NeedsPage
from ui.pages.page import NEW
from ui.widgets.autosave import Saving
from ui.widgets.fields import LongField, TextField
from ui.widgets.line import Line
from ui.widgets.need_cards import AlikeCard, FollowUpCard
from ui.widgets.scroll import Scroll
from ui.window import start
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences
from ui.words.persons import person_options

GROUP = list(NeedColumn).index(NeedColumn.GROUP)


def needs(window: MainWindow, qtbot: QtBot) -> NeedsPage:
    return visit(window, "needs", NeedsPage, qtbot)


def need(window: MainWindow, qtbot: QtBot, record_id: str = "new") -> NeedPage:
    return visit(window, "need", NeedPage, qtbot, record_id)


def titles(page: NeedsPage) -> list[str]:
    return column(page.table)


def stored(world: World) -> list[Record[Any]]:
    return list(world.services.records.list("need"))


def test_an_empty_list_teaches_and_its_button_opens_a_new_need(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = needs(opened, qtbot)
    assert page.empty.isVisible()
    qtbot.mouseClick(page.empty.offer, Qt.MouseButton.LeftButton)
    assert opened.place == "need"
    settle(opened, qtbot)
    assert stored(world) == []


def test_back_from_a_need_just_made_the_keyboard_is_on_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    former = world.make("need", title="Fibre")
    page = needs(opened, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    settle(opened, qtbot)
    made = opened.pages["need"]
    assert isinstance(made, NeedPage)
    type_text(made.form.field("title"), "Sauvegarde")
    qtbot.waitUntil(lambda: len(stored(world)) == 2)
    settle(opened, qtbot)
    opened.go("needs")
    qtbot.waitUntil(page.table.hasFocus)
    assert page.table.current().title == "Sauvegarde"
    settle(opened, qtbot)
    assert page.table.current().title == "Sauvegarde"
    need(opened, qtbot, former.id)
    opened.go("needs")
    assert page.table.current().title == "Fibre"
    visit(opened, "home", HomePage, qtbot)
    opened.go("needs")
    assert page.table.current().title == "Fibre"


def test_the_words_are_saved_as_they_are_typed_in_one_history_entry(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = needs(opened, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    settle(opened, qtbot)
    made = opened.pages["need"]
    assert isinstance(made, NeedPage)
    words = made.form.field("words")
    assert isinstance(words, QPlainTextEdit)
    qtbot.waitUntil(words.hasFocus)
    type_text(words, "La sauvegarde, c'est une clé USB")
    qtbot.waitUntil(lambda: [one.fields.words for one in stored(world)] == [words.toPlainText()])
    type_text(words, " dans un tiroir.")
    settle(opened, qtbot)
    qtbot.waitUntil(lambda: stored(world)[0].fields.words.endswith("tiroir."))
    (made,) = stored(world)
    assert made.commission_id == world.commission_id
    qtbot.waitUntil(lambda: not opened.tasks.busy)
    assert len(world.services.records.history(made.id)) == 2


def test_words_written_elsewhere_stay_as_one_types_on(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde", words="Bonjour.\nUne clé USB")
    page = need(opened, qtbot, made.id)
    words = page.form.field("words")
    assert isinstance(words, LongField)
    words.setFocus()
    words.moveCursor(QTextCursor.MoveOperation.End)
    for before, after, typed in (
        ("", "\nElle est perdue.", " dans un "),
        ("Le maire.\n", "", "ti"),
    ):
        stored = f"{before}{world.get(made).words}{after}"
        world.services.records.update(made.id, {"words": stored})
        qtbot.keyClicks(words, typed)
        qtbot.waitUntil(lambda: page.form.autosave.state is Saving.SAVED)
        for _ in range(3):
            settle(opened, qtbot)
            opened.spread(frozenset({"need"}))
    settle(opened, qtbot)
    qtbot.keyClicks(words, "roir")
    said = "Le maire.\nBonjour.\nUne clé USB dans un tiroir\nElle est perdue."
    assert words.toPlainText() == said
    qtbot.waitUntil(lambda: world.get(made).words == said)


def test_a_title_changed_elsewhere_is_typed_on_where_one_is_in_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde")
    page = need(opened, qtbot, made.id)
    title = page.form.field("title")
    assert isinstance(title, TextField)
    title.setFocus()
    title.end(False)
    world.services.records.update(made.id, {"title": "La Sauvegarde"})
    opened.spread(frozenset({"need"}))
    settle(opened, qtbot)
    qtbot.keyClicks(title, "s")
    assert title.text() == "La Sauvegardes"


def test_a_text_that_the_field_shows_otherwise_is_typed_on_as_it_is(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Coût", words="Le coût\u00a0: trois euros")
    page = need(opened, qtbot, made.id)
    words = page.form.field("words")
    assert isinstance(words, LongField)
    words.setFocus()
    words.moveCursor(QTextCursor.MoveOperation.End)
    for typed in (" par", " an"):
        qtbot.keyClicks(words, typed)
        qtbot.waitUntil(lambda: page.form.autosave.state is Saving.SAVED)
        settle(opened, qtbot)
    assert world.get(made).words == "Le coût : trois euros par an"


def test_the_keyboard_stays_where_one_is_in_a_new_need_that_is_slow_to_be_read(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = need(opened, qtbot, world.make("need", title="Sauvegarde").id)
    disk = Event()
    opened.tasks.run(disk.wait)
    opened.go("need", NEW)
    words, speaker = (page.form.field(name) for name in ("words", "speaker_person_id"))
    assert words.hasFocus()
    type_text(words, "Tout serait perdu")
    speaker.setFocus()
    disk.set()
    settle(opened, qtbot)
    assert opened.focusWidget() is speaker


def test_leaving_the_page_at_once_loses_no_word(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = need(opened, qtbot)
    type_text(page.form.field("title"), "Un site à jour")
    qtbot.mouseClick(page.header.back, Qt.MouseButton.LeftButton)
    assert opened.place == "needs"
    qtbot.waitUntil(lambda: titles(needs(opened, qtbot)) == ["Un site à jour"])
    assert stored(world)[0].fields.title == "Un site à jour"


@in_the_whole_territory
def test_communes_are_chosen_by_a_few_letters(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde")
    page = need(opened, qtbot, made.id)
    field: Any = page.form.field("organisation_ids")
    type_text(field.line, "vougeot")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    vougeot = reference_id("organisation", "21716")
    qtbot.waitUntil(lambda: world.get(made).organisation_ids == (vougeot,))


def test_a_screen_reader_hears_what_each_choice_beside_the_filter_is_of(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    heard = []
    for choice in needs(opened, qtbot).panel.choices:
        spoken = QAccessible.queryAccessibleInterface(choice)
        heard += [one.text(QAccessible.Text.Name) for one, _ in spoken.relations()]
    assert heard == ["Tous les états", "Tous les thèmes"]


def test_status_and_theme_narrow_the_list_and_stay_chosen_in_the_next_window(
    opened: MainWindow, world: World, preferences: Preferences, qtbot: QtBot
) -> None:
    world.make("need", title="Sauvegarde", theme="backup")
    other = world.make("need", title="Site", theme="websites")
    world.services.needs.move(other.id, "qualified")
    page = needs(opened, qtbot)
    status, theme = page.panel.choices
    assert titles(page) == ["Sauvegarde", "Site"]
    assert all(choice_fits(theme, theme.itemText(row)) for row in range(theme.count()))
    status.setFocus()
    for _ in range(2):
        qtbot.keyClick(status, Qt.Key.Key_Down)
    assert status.currentText() == "Qualifié"
    assert titles(page) == ["Site"]
    theme.setFocus()
    theme.set_value("backup")
    assert titles(page) == []
    opened.close()
    again = start.window(preferences)
    qtbot.addWidget(again)
    again.show()
    again.open_on(world.services)
    settle(again, qtbot)
    assert needs(again, qtbot).panel.choices[0].currentText() == "Qualifié"
    assert titles(needs(again, qtbot)) == ["Site"]
    again.close()


def test_a_theme_out_of_use_stays_that_of_the_needs_that_have_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde", theme="backup")
    other = world.make("need", title="Site", theme="websites")
    world.services.records.update(reference_id("theme", "backup"), {"active": False})
    field: Any = need(opened, qtbot, made.id).form.field("theme")
    qtbot.waitUntil(lambda: field.currentText() == "Sauvegarde")
    need(opened, qtbot, other.id)
    qtbot.waitUntil(lambda: field.currentText() == "Sites internet")
    assert field.findData("backup") == -1


def test_a_theme_deleted_elsewhere_stays_that_of_the_need_that_came_with_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    fields = defaults("need") | {"title": "Site", "theme": "web"}
    came = Envelope(kind="need", id=new_id(), commission_id=world.commission_id, fields=fields)
    with world.services.workspace.unit() as unit:
        unit.receive_new([came])
        unit.commit()
    field: Any = need(opened, qtbot, came.id).form.field("theme")
    qtbot.waitUntil(lambda: field.value() == "web")


def test_a_need_is_set_aside_only_with_its_reason(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Drone")
    page = need(opened, qtbot, made.id)
    press(page.follow_up, "Écarter…", qtbot)
    asked = dialog(FormDialog, page, qtbot)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    assert "Dites pourquoi ce besoin est écarté." in shown(asked)
    type_text(asked.form.field("reason"), "Relève du département")
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.get(made).status == "set_aside")
    settle(opened, qtbot)
    assert page.follow_up.chip.text() == "Écarté"
    qtbot.waitUntil(lambda: "Relève du département" in shown(page.follow_up))


def test_a_need_is_qualified_then_answered_by_a_solution_and_leads_to_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde")
    solution = world.make("solution", title="Coffre-fort partagé")
    page = need(opened, qtbot, made.id)
    press(page.follow_up, "Qualifier", qtbot)
    qtbot.waitUntil(lambda: page.follow_up.chip.text() == "Qualifié")
    press(page.follow_up, "Une solution y répond…", qtbot)
    asked = dialog(FormDialog, page, qtbot)
    type_text(asked.form.field("solution_id"), "coffre")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: world.get(made).solution_id == solution.id)
    qtbot.waitUntil(lambda: page.follow_up.chip.text() == "Une solution y répond")
    (line,) = page.follow_up.findChildren(Line)
    with qtbot.waitSignal(page.open_requested) as asked_place:
        qtbot.keyClick(line, Qt.Key.Key_Space)
    assert asked_place.args == ["solution", solution.id]


def test_what_has_no_title_is_named_all_the_same_beside_a_need(world: World, qtbot: QtBot) -> None:
    said = world.make("need", words="Plus de\nserveur", status="answered")
    follow_up, alike = FollowUpCard(), AlikeCard()
    for card in (follow_up, alike):
        qtbot.addWidget(card)
    follow_up.show_need(said, world.make("solution"))
    alike.show_alike([Alike(record=said, likeness=60, commission="Autre")], "another")
    names = [one.accessibleName() for card in (follow_up, alike) for one in card.findChildren(Line)]
    assert names == ["Solution sans titre, Solution qui y répond", "Plus de serveur, Autre"]


def test_needs_alike_show_as_one_types_and_are_grouped_and_parted(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    like = world.make("need", title="Sauvegarde du serveur de la mairie")
    page = need(opened, qtbot)
    assert page.alike.findChildren(Line) == []
    type_text(page.form.field("words"), "Il faut une sauvegarde pour notre serveur")
    qtbot.waitUntil(lambda: len(page.alike.findChildren(Line)) == 1)
    settle(opened, qtbot)

    def groups() -> list[QToolButton]:
        return [one for one in page.alike.findChildren(QToolButton) if one.isVisible()]

    qtbot.waitUntil(lambda: len(groups()) == 1)
    (group,) = groups()
    assert group.accessibleName() == "Regrouper avec « Sauvegarde du serveur de la mairie »"
    qtbot.mouseClick(group, Qt.MouseButton.LeftButton)
    asked = dialog(FormDialog, page, qtbot)
    asked.form.set_values({"title": ""})
    type_text(asked.form.field("title"), "Sauvegarder les mairies")
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.group.isVisible)
    assert world.get(like).need_group_id is not None
    qtbot.waitUntil(lambda: "Sauvegarder les mairies" in shown(page.group))
    (mate,) = (one for one in page.group.findChildren(Line) if one.isVisible())
    with qtbot.waitSignal(page.open_requested) as asked_place:
        qtbot.mouseClick(mate, Qt.MouseButton.LeftButton)
    assert asked_place.args == ["need", like.id]
    settle(opened, qtbot)
    activate(opened)
    page.group.part.setFocus()
    qtbot.keyClick(page.group.part, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not page.group.isVisible())
    assert page.isAncestorOf(QApplication.focusWidget())  # and not back at the window's menu
    assert world.get(like).need_group_id is None


def test_ctrl_g_groups_the_needs_selected_in_the_list(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for title in ("Sauvegarde", "Sauvegardes"):
        world.make("need", title=title)
    page = needs(opened, qtbot)
    assert page.table.isColumnHidden(GROUP)
    assert not page.group.isEnabled()
    page.table.setFocus()
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_G, CONTROL)
    asked = dialog(FormDialog, page, qtbot)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(world.services.records.list("need_group")) == 1)
    (group_id,) = {one.fields.need_group_id for one in stored(world)}
    qtbot.waitUntil(lambda: "2 besoins sont regroupés" in shown(opened.banner))
    settle(opened, qtbot)
    assert column(page.table, GROUP) == ["Sauvegarde"] * 2
    assert not page.table.isColumnHidden(GROUP)
    opened.go("needs", group_id)  # as the search does
    qtbot.waitUntil(lambda: opened.place == "need")
    settle(opened, qtbot)
    assert "Sauvegarde" in shown(opened.pages["need"])


def test_delete_asks_then_deletes_and_ctrl_z_brings_the_need_back(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde")
    page = needs(opened, qtbot)
    page.table.select_where(made.id)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    asked = dialog(ConfirmDialog, page, qtbot)
    assert "Sauvegarde" in shown(asked)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(page) == [])
    assert stored(world) == []
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: titles(page) == ["Sauvegarde"])


def test_what_was_told_of_records_goes_as_they_are_deleted(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Un")
    page = needs(opened, qtbot)
    opened.banner.say("2 besoins sont regroupés.")
    settle(opened, qtbot)
    page.table.select_where(need.id)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    asked = dialog(ConfirmDialog, page, qtbot)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    assert not opened.banner.isVisible()


def test_the_keyboard_stays_in_its_place_in_the_list_after_a_deletion(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = [world.make("need", title=title) for title in ("Un", "Deux", "Trois")]
    page = needs(opened, qtbot)
    page.table.set_order(0)
    page.table.setFocus()
    for gone, next_one in ((made[2], "Un"), (made[0], "Deux")):  # Deux, Trois, Un
        page.table.select_where(gone.id)
        qtbot.keyClick(page.table, Qt.Key.Key_Delete)
        asked = dialog(ConfirmDialog, page, qtbot)
        qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
        settle(opened, qtbot)
        assert [row.title for row in page.table.chosen()] == [next_one]


def test_the_menu_of_the_rows_names_every_key(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = needs(opened, qtbot)
    actions = [one for one in page.table.actions() if one.menu() is None]
    keys = {one.text().partition("\t")[0]: one for one in actions}
    assert set(keys) >= {"Ouvrir", "Copier", "Historique", "Supprimer"}
    assert all("\t" in one.text() or not one.shortcut().isEmpty() for one in keys.values())


def test_selected_needs_are_copied_as_cells(opened: MainWindow, world: World, qtbot: QtBot) -> None:
    vougeot = reference_id("organisation", "21716")
    world.make("need", title="Sauvegarde", theme="backup", organisation_ids=[vougeot], severity=3)
    page = needs(opened, qtbot)
    page.table.setFocus()
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_C, CONTROL)
    cells = "Sauvegarde\tSauvegarde\tGrave\tVougeot\tExprimé\t"
    assert QGuiApplication.clipboard().text() == cells


def test_the_history_tells_the_changes_and_brings_an_older_state_back(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde")
    world.services.records.update(made.id, {"title": "Sauvegarde des postes"})
    page = need(opened, qtbot, made.id)
    qtbot.keyClick(page, Qt.Key.Key_H, CONTROL)
    asked = dialog(HistoryDialog, page, qtbot)
    qtbot.waitUntil(lambda: "devient « Sauvegarde des postes »" in shown(asked))
    press(asked, "Revenir à cet état", qtbot)
    qtbot.waitUntil(lambda: world.get(made).title == "Sauvegarde")
    qtbot.waitUntil(lambda: page.header.title.text() == "Sauvegarde")
    assert page.form.editor("title").value() == "Sauvegarde"


def test_a_need_deleted_elsewhere_is_left_for_the_list(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde")
    page = need(opened, qtbot, made.id)
    world.services.records.delete(made.id)
    page.on_changed(frozenset({"need"}))
    qtbot.waitUntil(lambda: opened.place == "needs")


def test_the_commune_of_who_speaks_is_proposed_and_a_choice_of_others_stays(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = need(opened, qtbot)
    type_text(page.form.field("words"), "Tout serait perdu")
    speaker: Any = page.form.field("speaker_person_id")
    places: Any = page.form.field("organisation_ids")
    for name, town in (("Paul Roy", "21716"), ("Anne Martin", "21001")):
        speaker.selectAll()
        type_text(speaker, name)
        assert places.value() == [reference_id("organisation", town)]
    both = [reference_id("organisation", "21407"), *places.value()]
    places.set_value(both)
    speaker.selectAll()
    type_text(speaker, "Paul Roy")
    assert places.value() == both
    page.form.autosave.flush()
    settle(opened, qtbot)
    (made,) = stored(world)
    assert list(made.fields.organisation_ids) == both


def test_a_name_that_goes_on_proposes_no_commune_before_the_keyboard_leaves_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = need(opened, qtbot)
    type_text(page.form.field("words"), "Tout serait perdu")
    speaker: Any = page.form.field("speaker_person_id")
    speaker.setFocus()
    type_text(speaker, "mart")  # Martin alone so far, but « Martineau » may come
    settle(opened, qtbot)
    assert field(page.form, "organisation_ids").value() == [] and speaker.text() == "mart"
    qtbot.keyClick(speaker.completer().popup(), Qt.Key.Key_Tab)  # the list has the keys
    home = [reference_id("organisation", "21001")]
    qtbot.waitUntil(lambda: field(page.form, "organisation_ids").value() == home)
    qtbot.waitUntil(lambda: page.form.autosave.settled)
    (made,) = stored(world)
    assert made.fields.speaker_person_id == world.persons["Agencourt"]
    assert list(made.fields.organisation_ids) == home


def test_a_new_solution_is_made_from_a_need_for_its_whole_group(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    first = world.make("need", title="Sauvegarde", status="qualified", theme="backup")
    second = world.make("need", title="Tout perdre")
    world.services.needs.group([first.id, second.id], "Sauvegardes")
    page = need(opened, qtbot, first.id)
    press(page.follow_up, "Une solution y répond…", qtbot)
    press(dialog(FormDialog, page, qtbot), "Nouvelle solution", qtbot)
    qtbot.waitUntil(lambda: opened.place == "solution")
    settle(opened, qtbot)
    (made,) = world.services.records.list("solution")
    assert (made.fields.title, made.fields.theme) == ("Sauvegardes", "backup")
    assert set(made.fields.need_ids) == {first.id, second.id}
    assert world.get(first).status == "answered"
    assert world.get(first).solution_id == made.id
    assert world.get(second).status == "raised"
    opened.actions_.undo.trigger()
    qtbot.waitUntil(lambda: world.services.records.list("solution") == [])
    assert world.get(first).status == "qualified"


def test_several_needs_are_noted_one_after_the_other(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = need(opened, qtbot)
    for words in ("Tout perdre", "Être formé"):
        type_text(page.form.field("words"), words)
        qtbot.keyClick(page.form.field("words"), Qt.Key.Key_N, CONTROL)
        settle(opened, qtbot)
        assert page.form.field("words").hasFocus()
        assert page.form.values()["words"] == ""
    qtbot.waitUntil(lambda: len(stored(world)) == 2)
    assert {one.fields.words for one in stored(world)} == {"Tout perdre", "Être formé"}


def test_a_need_opens_at_its_top_after_one_that_could_not_be_gone_back_to(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    opened.resize(1366, 480)
    gone, need = (world.make("need", title=title, words="Long. " * 500) for title in ("Un", "Deux"))
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    world.services.records.delete(gone.id)
    page.resume(gone.id, "80")
    settle(opened, qtbot)
    visit(opened, "need", NeedPage, qtbot, need.id)
    (bar, *_) = (one.verticalScrollBar() for one in page.findChildren(Scroll))
    assert bar.maximum() > 80
    assert bar.value() == 0


def test_what_groups_needs_says_that_several_are_to_be_chosen_first(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for title in ("Sauvegarde", "Tout perdre"):
        world.make("need", title=title)
    page = needs(opened, qtbot)
    (grouping,) = [
        one for one in page.findChildren(QPushButton) if one.accessibleName() == "Regrouper"
    ]
    for choose, said in ((page.table.clearSelection, "plusieurs besoins"),
                         (page.table.selectAll, "Ctrl+G")):  # fmt: skip
        choose()
        assert said in grouping.toolTip()


def test_a_solution_is_made_of_a_need_as_it_was_just_typed(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = world.make("need", title="Sauvegarde", status="qualified")
    page = need(opened, qtbot, made.id)
    type_text(page.form.field("title"), "La ")
    press(page.follow_up, "Une solution y répond…", qtbot)
    press(dialog(FormDialog, page, qtbot), "Nouvelle solution", qtbot)
    qtbot.waitUntil(lambda: opened.place == "solution")
    settle(opened, qtbot)
    (solution,) = world.services.records.list("solution")
    assert solution.fields.title == world.get(made).title == "La Sauvegarde"
    opened.actions_.undo.trigger()
    qtbot.waitUntil(lambda: world.services.records.list("solution") == [])
    assert world.get(made).title == "La Sauvegarde"


def test_of_many_to_delete_the_first_are_named_in_a_sentence(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    for title in "ABCDE":
        world.make("need", title=title)
    page = needs(opened, qtbot)
    page.table.selectAll()
    page.remove.trigger()
    asked = dialog(ConfirmDialog, page, qtbot)
    named = "« A » ; « B » ; « C » ; « D » ; … Ctrl+Z les fait revenir."
    assert asked.windowTitle() == "Supprimer 5 besoins"
    assert named in shown(asked)


def test_communes_of_one_name_are_told_apart_wherever_they_are_named(world: World) -> None:
    meeting = world.meeting()
    item = world.item(meeting, "Fibre")
    create = world.services.records.create
    places = [
        create("organisation", {"name": "Nolay", "department": one}, None).id
        for one in ("21", "58")
    ]
    people = [
        world.make("person", first_name="Luc", last_name="Roy", role="maire", organisation_id=one)
        for one in places
    ]
    for person, place in zip(people, places, strict=True):
        world.make("action", agenda_item_id=item.id, owner_organisation_id=place)
        world.make("roster_entry", organisation_id=place, titular_person_id=person.id)
    world.make("need", title="Fibre", organisation_ids=places)
    services, commission_id = world.services, world.commission_id
    options = {one.id: one.words for one in person_options(services, commission_id)}
    assert [options[one.id] for one in people] == [
        "Luc Roy, maire (Nolay, 21)", "Luc Roy, maire (Nolay, 58)",
    ]  # fmt: skip
    both = ["Nolay (21)", "Nolay (58)"]
    (row,) = need_rows(services, commission_id)
    assert row.communes == both
    assert [one.owner for one in action_rows(services, commission_id)] == both
    state = services.meetings.state(meeting.id)
    towns = [one.town for one in seat_rows(state, services.workspace.clock().isoformat())]
    assert [one for one in towns if "Nolay" in one] == both
    view = organisation_view(services, services.records.get(places[0]), commission_id)
    said = {one.id: one.words for one in view.everyone}
    assert [said[one.id] for one in people] == ["Luc Roy, maire", "Luc Roy, maire (Nolay, 58)"]


def test_a_commune_is_named_alone_where_nobody_named_has_its_name(world: World) -> None:
    create = world.services.records.create
    here, _ = (
        create("organisation", {"name": "Givry", "department": one}, None).id
        for one in ("71", "89")
    )
    meeting = world.meeting()
    item = world.item(meeting, "Fibre")
    person = world.make("person", first_name="Luc", last_name="Roy", organisation_id=here)
    world.make("action", agenda_item_id=item.id, owner_organisation_id=here)
    world.make("need", title="Fibre", organisation_ids=[here])
    services, commission_id = world.services, world.commission_id
    options = {one.id: one.words for one in person_options(services, commission_id)}
    assert options[person.id] == "Luc Roy (Givry)"
    assert [one.communes for one in need_rows(services, commission_id)] == [["Givry"]]
    assert [one.owner for one in action_rows(services, commission_id)] == ["Givry"]


def test_a_mayor_who_left_is_told_apart_from_who_follows(world: World) -> None:
    follows = world.make(
        "person",
        first_name="Luc",
        last_name="Roy",
        role="maire",
        organisation_id=reference_id("organisation", "21716"),
    )
    seat = world.services.records.get(world.seats["Vougeot"])
    options = {one.id: one.words for one in person_options(world.services, world.commission_id)}
    assert options[world.persons["Vougeot"]] == "Paul Roy, maire (Vougeot)"
    succeed(world.services.records, seat, {"titular_person_id": follows.id}, "2027-03-19")
    options = {one.id: one.words for one in person_options(world.services, world.commission_id)}
    assert options[world.persons["Vougeot"]] == "Paul Roy, maire, hors mandat (Vougeot)"
    assert options[follows.id] == "Luc Roy, maire (Vougeot)"
