"""Collectivités: found by a few letters, filled in, with their people, seats and needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.records import Organisation, Record, reference_id
from app.domain.wording import plain, whole
from app.services.seating import succeed
from app.storage.workspace import Workspace
from tests.app.sync.conftest import Laptop
from tests.central_server import Central, central
from tests.ui.acting import CONTROL, activate, column, dialog, field, lines, press, shown, visit
from tests.ui.clipping import is_read_whole
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.test_several_commissions import reopened
from tests.ui.world import TOWNS, World
from tests.workspaces import new_workspace
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.person import PersonDialog
from ui.dialogs.seat import SeatDialog
from ui.pages.organisation import OrganisationPage
from ui.pages.organisations import OrganisationsPage
from ui.widgets.autosave import Saving
from ui.widgets.line import Line
from ui.widgets.pick import Option, PickField
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

__all__ = ["central"]

SHIFT = Qt.KeyboardModifier.ShiftModifier
VOUGEOT = reference_id("organisation", "21716")
SAULIEU = reference_id("organisation", "21584")


@pytest.fixture
def make_workspace() -> Callable[..., Workspace]:
    return new_workspace


def organisations(window: MainWindow, qtbot: QtBot) -> OrganisationsPage:
    window.go("organisations")
    settle(window, qtbot)
    page = window.pages["organisations"]
    assert isinstance(page, OrganisationsPage)
    return page


def organisation(window: MainWindow, qtbot: QtBot, record_id: str = VOUGEOT) -> OrganisationPage:
    window.go("organisation", record_id)
    settle(window, qtbot)
    page = window.pages["organisation"]
    assert isinstance(page, OrganisationPage)
    return page


def open_first(card: QWidget, qtbot: QtBot) -> None:
    """Follows the first line of a card by the keyboard, once the card is filled again."""
    qtbot.waitUntil(lambda: bool(lines(card)))
    line = next(one for one in card.findChildren(Line) if one.isVisible())
    qtbot.keyClick(line, Qt.Key.Key_Space)


def fields(world: World, record_id: str = VOUGEOT) -> Organisation:
    found: Organisation = world.services.records.get(record_id).fields
    return found


def of(world: World, kind: str, organisation_id: str = VOUGEOT) -> list[Record[Any]]:
    return list(world.services.records.list(kind, organisation_id=organisation_id))


def test_the_list_holds_the_whole_territory_in_the_order_of_names(
    opened: MainWindow, qtbot: QtBot
) -> None:
    page = organisations(opened, qtbot)
    found = column(page.table)
    assert len(found) == 3801
    assert found[:3] == ["Abbans-Dessous (25)", "Abbans-Dessus (25)", "Abbenans (25)"]


def test_a_commune_is_found_by_its_name_its_codes_and_its_department(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisations(opened, qtbot)
    for typed in ("vougeot", "21716", fields(world).siren, "vougeot cote d'or"):
        qtbot.keyClick(page, Qt.Key.Key_F, CONTROL)
        qtbot.waitUntil(page.panel.filter.hasFocus)
        page.panel.filter.clear()
        type_text(page.panel.filter, typed)
        assert "Vougeot (21)" in column(page.table), typed
        assert len(column(page.table)) < 10, typed
    qtbot.keyClick(page.panel.filter, Qt.Key.Key_Return)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.place == "organisation"


def test_the_list_begins_with_the_territory_of_the_commission_and_the_region_is_one_choice_away(
    opened: MainWindow, world: World, preferences: Preferences, qtbot: QtBot
) -> None:
    records = world.services.records
    records.update(world.commission_id, {"departments": ["70", "90"]})
    region = world.services.records.create("organisation", {"name": "La Région"}, None)
    page = organisations(opened, qtbot)
    found = column(page.table)
    assert {one[-4:] for one in found} == {"(21)", "(70)", "(90)", "gion"}
    assert [one for one in found if one.endswith("(21)")] == sorted(f"{one} (21)" for one in TOWNS)
    assert region.fields.name in found
    assert plain(page.panel.count.text()) == f"{len(found)} sur 3 802"
    type_text(page.panel.filter, "abbans")
    assert column(page.table) == []
    assert "avec les choix faits dans les listes" in shown(page)
    press(page, f"Chercher parmi les {whole(3802)}", qtbot)
    assert column(page.table) == ["Abbans-Dessous (25)", "Abbans-Dessus (25)"]
    with reopened(world.services, preferences, qtbot) as made:
        assert organisations(made, qtbot).table.rows.rowCount() == 3802


def test_who_looks_for_seats_before_any_is_given_is_told_how_to_give_one(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisations(opened, qtbot)
    page.panel.choices[-1].set_value(True)
    assert len(column(page.table)) == len(TOWNS)
    world.services.records.delete_all(list(world.seats.values()), cascade=True)
    opened.spread(frozenset({"roster_entry"}))
    settle(opened, qtbot)
    assert "ouvrez-en une pour lui donner un siège" in shown(page)
    page.panel.choices[-1].set_value(None)
    page.panel.filter.setText("zzz")
    assert "siège" not in shown(page)


def test_an_abbreviated_saint_is_the_same_commune(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisations(opened, qtbot)
    for typed, name in (("st prix les", "Saint-Prix-lès-Arnay"), ("Ste-Sab", "Sainte-Sabine")):
        page.panel.filter.clear()
        type_text(page.panel.filter, typed)
        assert column(page.table) == [f"{name} (21)"]
    world.make("organisation", name="Sté du Port", kind="other")
    opened.spread(frozenset({"organisation"}))
    settle(opened, qtbot)
    for typed in ("sté", "Ste du P"):
        page.panel.filter.clear()
        type_text(page.panel.filter, typed)
        assert "Sté du Port" in column(page.table)
    picked = PickField([Option("a", "St-Romain"), Option("b", "Saint-Prix")])
    qtbot.addWidget(picked)
    for typed, found in (("St-Romain", "a"), ("st prix", "b"), ("SAINT ROM", "a")):
        picked.setText(typed)
        assert picked.value() == found


def test_down_shows_what_can_be_picked_to_who_has_no_mouse(qtbot: QtBot) -> None:
    picked = PickField([Option("a", "Agencourt"), Option("b", "Vougeot")])
    qtbot.addWidget(picked)
    picked.show()
    activate(picked)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(QApplication.activePopupWidget() or picked, key)
    assert picked.value() == "a"
    popup = picked.completer().popup()
    for left, offered in (("", 2), ("vou", 1), ("Vougeot", 2)):
        picked.setText(left)
        qtbot.keyClick(picked, Qt.Key.Key_Down)
        assert popup.isVisible()
        assert picked.completer().completionCount() == offered
        qtbot.keyClick(popup, Qt.Key.Key_Escape)


def test_escape_leaves_what_was_picked_before_the_choices_were_looked_at(qtbot: QtBot) -> None:
    picked = PickField([Option("a", "Agencourt"), Option("b", "Vougeot")])
    qtbot.addWidget(picked)
    picked.show()
    activate(picked)
    for left in ("Vougeot", "age", ""):
        picked.setText(left)
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Escape):
            qtbot.keyClick(QApplication.activePopupWidget() or picked, key)
        assert QApplication.activePopupWidget() is None
        assert picked.text() == left
    type_text(picked, "vou")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
        qtbot.keyClick(picked.completer().popup(), key)
    assert picked.text() == "vou"


def test_a_name_not_known_is_typed_whole_though_it_begins_as_a_known_one(qtbot: QtBot) -> None:
    picked = PickField([Option("a", "Luc Besson, maire")])
    qtbot.addWidget(picked)
    picked.show()
    activate(picked)
    for character in "Luc Fèvre":
        type_text(QApplication.activePopupWidget() or picked, character)
    assert QApplication.activePopupWidget() is None
    assert picked.text() == "Luc Fèvre"


def test_two_figures_mean_the_department_and_not_the_siren(
    opened: MainWindow, qtbot: QtBot
) -> None:
    page = organisations(opened, qtbot)
    type_text(page.panel.filter, "21")
    assert {name[-4:] for name in column(page.table)} == {"(21)"}
    page.panel.filter.clear()
    type_text(page.panel.filter, "côte-d'or")
    assert len(column(page.table)) > 700


def test_the_choices_narrow_the_list_together(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.update(VOUGEOT, {"membership": "member"})
    page = organisations(opened, qtbot)
    department, kind, membership, commission = page.panel.choices
    assert department.count() == 10
    department.set_value("21")
    kind.set_value("epci")
    assert 0 < len(column(page.table)) < 116
    kind.set_value("commune")
    commission.set_value(True)
    assert column(page.table) == [
        "Agencourt (21)", "Arcenant (21)", "Messanges (21)", "Quincey (21)", "Vougeot (21)",
    ]  # fmt: skip
    membership.set_value("member")
    assert column(page.table) == ["Vougeot (21)"]


def test_a_seat_that_has_ended_sits_no_more(opened: MainWindow, world: World, qtbot: QtBot) -> None:
    world.services.records.update(world.seats["Vougeot"], {"until": "2027-03-19"})
    page = organisations(opened, qtbot)
    page.panel.choices[3].set_value(True)
    assert "Vougeot (21)" not in column(page.table)
    assert len(column(page.table)) == 4


def test_an_organisation_is_made_by_the_keyboard_and_saved_as_it_is_typed(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisations(opened, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    settle(opened, qtbot)
    made = opened.pages["organisation"]
    assert isinstance(made, OrganisationPage)
    assert not made.add_seat.isEnabled()
    qtbot.waitUntil(made.form.field("name").hasFocus)
    type_text(made.form.field("name"), "Syndicat des eaux")
    qtbot.waitUntil(made.add_seat.isEnabled)
    (stored,) = world.services.records.list("organisation", name="Syndicat des eaux")
    assert stored.commission_id is None
    assert made.header.title.text() == "Syndicat des eaux"


def test_the_choices_beside_the_filter_say_what_they_keep(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisations(opened, qtbot)
    assert page.panel.choices[0].itemText(0) == "Toute la région"
    assert [one.currentText() for one in page.panel.choices] == [
        "Votre territoire",
        "Tous les genres",
        "Toutes les adhésions",
        "Siégeant ou non",
    ]
    line = page.panel.filter
    metrics, hint = line.fontMetrics(), line.placeholderText()
    assert metrics.horizontalAdvance(hint) < line.width() - 50  # its icon and its margins


def test_one_that_others_name_is_not_deleted_and_the_reason_is_told(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisations(opened, qtbot)
    page.table.select_where(VOUGEOT)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    asked = dialog(ConfirmDialog, page, qtbot)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "s'y rapportent encore" in shown(opened.banner))
    assert "personne « Paul Roy »" in shown(opened.banner)
    assert not re.search(r"[0-9a-f]{12}", shown(opened.banner))
    assert fields(world).name == "Vougeot"


def test_where_one_of_several_stays_all_do_and_it_is_named(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.create("organisation", {"name": "AAA Syndicat"}, None)
    page = organisations(opened, qtbot)
    page.table.select_where(VOUGEOT)
    flags = QItemSelectionModel.SelectionFlag
    first = page.table.rows.index(0, 0)
    assert first.data() == "AAA Syndicat"
    page.table.selectionModel().select(first, flags.Select | flags.Rows)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.mouseClick(dialog(ConfirmDialog, page, qtbot).confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "s'y rapportent encore" in shown(opened.banner))
    assert shown(opened.banner).startswith("Collectivité « Vougeot (21) » :")
    assert shown(opened.banner).endswith("Rien n'est supprimé.")
    settle(opened, qtbot)
    assert page.table.rows.index(0, 0).data() == "AAA Syndicat"
    assert fields(world).name == "Vougeot"


def test_particulars_are_saved_and_a_service_is_chosen_by_a_few_letters(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisation(opened, qtbot)
    type_text(page.form.field("email"), "mairie@vougeot.example")
    services: Any = page.form.field("services")
    type_text(services.line, "telétrans")
    qtbot.keyClick(services.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: fields(world).services == ("acts",))
    assert fields(world).email == "mairie@vougeot.example"


def test_what_the_reference_does_not_know_of_stays_when_something_else_changes(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.update(VOUGEOT, {"epci_siren": "200000000", "services": ["fax"]})
    page = organisation(opened, qtbot)
    services: Any = page.form.field("services")
    type_text(services.line, "messagerie")
    qtbot.keyClick(services.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: fields(world).services == ("fax", "email"))
    assert fields(world).epci_siren == "200000000"


def test_the_thousands_of_a_population_stand_apart_and_those_of_its_year_do_not(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    vougeot = reference_id("organisation", "21716")
    world.services.records.update(vougeot, {"population": 5172, "population_year": 2023})
    form = organisation(opened, qtbot).form
    people, year = field(form, "population"), field(form, "population_year")
    assert [plain(one.text()) for one in (people, year)] == ["5 172", "2023"]
    assert [one.value() for one in (people, year)] == [5172, 2023]


def test_the_fee_follows_the_population_as_it_is_typed(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    rows = [{"kind": "commune", "population_from": 500, "amount_cents": 25_000}]
    scale = {"code": "essai", "year": 2027, "rows": rows}
    world.services.records.create("fee_scale", scale)
    page = organisation(opened, qtbot)
    qtbot.waitUntil(lambda: "Adhésion gratuite" in shown(page.membership))
    population: Any = page.form.field("population")
    population.selectAll()
    type_text(population, "512")
    qtbot.waitUntil(lambda: "250,00 € par an" in shown(page.membership))
    qtbot.waitUntil(lambda: "Barème 2027, pour 512 habitants." in shown(page.membership))


def test_a_person_is_added_changed_and_deleted_by_the_keyboard(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisation(opened, qtbot, SAULIEU)
    qtbot.waitUntil(lambda: "Ajoutez ses élus" in shown(page.persons))
    qtbot.keyClick(page, Qt.Key.Key_P, CONTROL | SHIFT)
    asked = dialog(PersonDialog, page, qtbot)
    type_text(asked.form.field("first_name"), "Zoé")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    assert "Donnez le nom de la personne." in shown(asked)
    type_text(asked.form.field("last_name"), "Petit")
    type_text(asked.form.field("role"), "maire")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: lines(page.persons) == ["Zoé Petit, maire"])
    (made,) = of(world, "person", SAULIEU)
    assert made.commission_id == world.commission_id
    open_first(page.persons, qtbot)
    asked = dialog(PersonDialog, page, qtbot)
    type_text(asked.form.field("phone"), "03 80 00 00 01")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: lines(page.persons) == ["Zoé Petit, maire, 03 80 00 00 01"])
    open_first(page.persons, qtbot)
    asked = dialog(PersonDialog, page, qtbot)
    qtbot.mouseClick(asked.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lines(page.persons) == [])
    assert of(world, "person", SAULIEU) == []
    assert "Ctrl+Z" in opened.banner.text()


def test_a_mayor_who_left_is_told_from_who_follows_among_the_people_and_for_a_seat(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    follows = world.make(
        "person", first_name="Luc", last_name="Roy", role="maire", organisation_id=VOUGEOT
    )
    told = {"alternate_person_id": world.persons["Agencourt"], "from": "2024-09-01"}
    seat = world.services.records.update(world.seats["Vougeot"], told)
    succeed(world.services.records, seat, {"titular_person_id": follows.id}, "2027-03-19")
    page = organisation(opened, qtbot)
    qtbot.waitUntil(lambda: bool(lines(page.persons)))
    assert all(is_read_whole(one) for one in page.seats.findChildren(Line))
    assert [" ".join(one.split(", ")[:3]) for one in lines(page.persons)] == [
        "Luc Roy maire", "Paul Roy maire hors mandat"
    ]  # fmt: skip
    offered = [one.words for one in page.view.everyone]
    assert "Paul Roy, maire, hors mandat" in offered


def test_a_person_who_sits_is_kept_and_the_dialog_says_why(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisation(opened, qtbot)
    open_first(page.persons, qtbot)
    asked = dialog(PersonDialog, page, qtbot)
    qtbot.mouseClick(asked.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "s'y rapportent encore" in shown(asked))
    assert len(of(world, "person")) == 1


def test_a_seat_is_added_with_its_term_changed_and_deleted(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    person = {"organisation_id": SAULIEU, "first_name": "Zoé", "last_name": "Petit"}
    zoe = world.make("person", **person)
    page = organisation(opened, qtbot, SAULIEU)
    qtbot.keyClick(page, Qt.Key.Key_S, CONTROL | SHIFT)
    asked = dialog(SeatDialog, page, qtbot)
    type_text(asked.form.field("titular_person_id"), "petit")
    type_text(asked.form.field("alternate_person_id"), "roy")
    starts: Any = asked.form.field("from")
    type_text(starts.line, "01/01/2027")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(
        lambda: (
            lines(page.seats) == ["Zoé Petit, Suppléance : Paul Roy, depuis le 01/01/2027, Vote"]
        )
    )
    (seat,) = of(world, "roster_entry", SAULIEU)
    assert seat.commission_id == world.commission_id
    assert seat.fields.titular_person_id == zoe.id
    assert seat.fields.alternate_person_id == world.persons["Vougeot"]
    assert seat.fields.from_ == "2027-01-01"
    open_first(page.seats, qtbot)
    asked = dialog(SeatDialog, page, qtbot)
    qtbot.keyClick(asked.form.field("voting"), Qt.Key.Key_Space)
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: [line.endswith("Sans vote") for line in lines(page.seats)] == [True])
    open_first(page.seats, qtbot)
    asked = dialog(SeatDialog, page, qtbot)
    qtbot.mouseClick(asked.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: of(world, "roster_entry", SAULIEU) == [])


def test_a_seat_that_contradicts_itself_is_refused_beside_the_field(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = organisation(opened, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_S, CONTROL | SHIFT)
    asked = dialog(SeatDialog, page, qtbot)
    for name in ("titular_person_id", "alternate_person_id"):
        type_text(asked.form.field(name), "roy")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "Choisissez une autre personne" in shown(asked))
    alternate: Any = asked.form.field("alternate_person_id")
    alternate.clear()
    for name in ("from", "until"):
        term: Any = asked.form.field(name)
        type_text(term.line, "01/01/2027")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "La fin du siège vient après son début." in shown(asked))
    assert len(of(world, "roster_entry")) == 1
    asked.reject()


def test_the_needs_it_raised_are_listed_and_lead_to_their_page(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", words="Plus de\nsauvegarde", organisation_ids=[VOUGEOT])
    world.make("need", title="Site", organisation_ids=[SAULIEU])
    page = organisation(opened, qtbot)
    qtbot.waitUntil(lambda: lines(page.needs) == ["Plus de sauvegarde, Gravité : léger, Exprimé"])
    with qtbot.waitSignal(page.open_requested) as asked:
        open_first(page.needs, qtbot)
    assert asked.args == ["need", need.id]


def test_a_person_found_by_the_search_leads_to_the_organisation(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    opened.go("organisations", world.persons["Vougeot"])
    qtbot.waitUntil(lambda: opened.place == "organisation")
    settle(opened, qtbot)
    page = opened.pages["organisation"]
    assert isinstance(page, OrganisationPage)
    assert page.header.title.text() == "Vougeot (21)"


def _holds(world: World, notes: str) -> bool:
    return bool(fields(world).notes == notes)


def test_a_name_refused_since_an_enrolment_stays_on_screen_and_holds_nothing_else_back(
    opened: MainWindow, world: World, central: Central, qtbot: QtBot
) -> None:
    facilitator = central.facilitator(create=True)
    code = central.code(facilitator)
    page = organisation(opened, qtbot)
    world.services.sync.enrol(central.url, code, central.authority.read_text(), upload=True)
    name: Any = page.form.field("name")
    type_text(name, "Le ")
    qtbot.waitUntil(lambda: "Seul le GIP modifie" in shown(page.form))
    type_text(name, "Clos ")
    assert "Seul le GIP modifie" in shown(page.form)
    email = page.form.field("email")
    email.setFocus()
    type_text(email, "mairie@vougeot.example")
    qtbot.waitUntil(lambda: fields(world).email == "mairie@vougeot.example")
    assert email.hasFocus()
    assert name.text() == "Le Clos Vougeot"
    assert fields(world).name == "Vougeot"
    assert page.form.autosave.state is Saving.FAILED
    notes: Any = page.form.field("notes")
    for words in ("Ouvert le lundi. Fermé le mardi.", "Ouvert le lundi."):
        notes.selectAll()
        type_text(notes, words)
        qtbot.waitUntil(partial(_holds, world, words))
    name.clear()
    type_text(name, "Vougeot")
    qtbot.waitUntil(lambda: page.form.autosave.state is Saving.SAVED)
    assert "Seul le GIP modifie" not in shown(page.form)
    qtbot.waitUntil(lambda: not name.isEnabled())


def test_once_enrolled_a_facilitator_is_offered_only_what_may_be_changed(
    opened: MainWindow, world: World, central: Central, qtbot: QtBot
) -> None:
    facilitator = central.facilitator(create=True)
    code = central.code(facilitator)
    world.services.sync.enrol(central.url, code, central.authority.read_text(), upload=True)
    page = organisation(opened, qtbot)
    qtbot.waitUntil(lambda: "Seul le GIP modifie" in shown(page.seal))
    form = page.form
    open_ = {name for name in form.names() if form.field(name).isEnabled()}
    assert open_ == {"email", "phone", "address", "services", "notes"}
    assert page.add_person.isEnabled()
    assert not page.remove.isEnabled()
    listing = organisations(opened, qtbot)
    qtbot.keyClick(listing, Qt.Key.Key_N, CONTROL)
    qtbot.waitUntil(lambda: "Seul le GIP ajoute une collectivité" in shown(opened.banner))
    assert opened.place == "organisations"


def test_what_the_gip_deleted_and_was_written_on_here_says_so_and_can_be_given_up(
    opened: MainWindow, world: World, central: Central, qtbot: QtBot, tmp_path: Path
) -> None:
    beaune = reference_id("organisation", "21054")
    code = central.code(central.facilitator(create=True))
    world.services.sync.enrol(central.url, code, central.authority.read_text(), upload=True)
    world.services.sync.run()
    gip = Laptop(tmp_path / "gip", central, make_workspace=new_workspace)
    gip.enrol(central.facilitator(role="gip"), adopt=central.commission("Autre"))
    gip.services.records.delete(beaune)
    gip.sync()
    gip.services.close()
    world.services.records.update(beaune, {"phone": "03 80 00 00 00"})
    world.services.sync.run()
    page = visit(opened, "organisation", OrganisationPage, qtbot, beaune)
    qtbot.waitUntil(lambda: "Le GIP a supprimé cette collectivité" in shown(page.seal))
    page.remove.trigger()
    press(dialog(ConfirmDialog, page, qtbot), "Supprimer", qtbot)
    qtbot.waitUntil(lambda: opened.place == "organisations")
    settle(opened, qtbot)
    assert world.services.sync.run().refused == []
