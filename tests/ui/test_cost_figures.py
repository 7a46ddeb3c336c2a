"""What each commune pays: typed, compared, copied and printed, the same figures everywhere."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from app.domain.cost_plan import KEY_KINDS, read_plan
from app.domain.cost_sharing import compare
from app.domain.records import Organisation, Record, reference_id
from app.domain.wording import plain
from tests.app.documents import reading
from tests.positions import take_part
from tests.ui.acting import CONTROL, lines, shown
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.test_solutions_page import TWO_TIERS, dialog, solution
from tests.ui.test_tables import bubble
from tests.ui.world import TOWNS, World
from ui.dialogs.cost_plan import KEY_HINTS, OfferDialog, TermsDialog
from ui.dialogs.standing import StandingDialog
from ui.models.standings import Costs, Standing
from ui.pages.exporting import FORMATS
from ui.pages.solution import COMPARISON, PLAN, SolutionPage
from ui.widgets.column_widths import LEAST_WIDTH
from ui.widgets.rows_field import RowsField
from ui.window.main_window import MainWindow
from ui.words import costs as cost_words

POPULATIONS = {"Vougeot": 151, "Agencourt": 416, "Messanges": 250}
MIXED: dict[str, Any] = {
    "years": 3,
    "vat_rate": "0.055",
    "subsidy_cents": 10000,
    "key": {
        "kind": "mixed",
        "fixed_share": "0.3333",
        "strata": [{"from": 0, "weight": "1"}, {"from": 200, "weight": "2.5"}],
    },
    "offers": [
        {"id": "A", "tiers": [{"from_participants": 1, "setup_cents": 7, "yearly_cents": 40001}]}
    ],
}
TOTAL = 7 + 3 * 40001 - 10000


def org(town: str) -> str:
    return reference_id("organisation", TOWNS[town][0])


def on_screen(page: SolutionPage, title: str) -> dict[str, Any]:
    """A column of the shares as spreadsheets are given it, by commune."""
    table = page.participants.table
    place, name = (table.headings().index(one) for one in (title, "Collectivité"))
    return {row[name]: row[place] for row in table.seen() if row[place] != ""}


def mixed_shares(populations: dict[str, int]) -> dict[str, Decimal]:
    """The shares in euros by the words of the contract, in exact fractions."""
    fixed, people = Fraction(3333, 10000), sum(populations.values())
    exact = {
        town: TOTAL * (fixed / len(populations) + (1 - fixed) * Fraction(own, people))
        for town, own in populations.items()
    }
    cents = {town: int(part) for town, part in exact.items()}
    by_rest = sorted(exact, key=lambda town: (cents[town] - exact[town], TOWNS[town][0]))
    for town in by_rest[: TOTAL - sum(cents.values())]:
        cents[town] += 1
    return {town: Decimal(part) / 100 for town, part in cents.items()}


@pytest.fixture
def priced(world: World) -> Record[Any]:
    return world.make("solution", title="Sauvegarde partagée", plan=TWO_TIERS)


@pytest.fixture
def page(opened: MainWindow, priced: Record[Any], qtbot: QtBot) -> SolutionPage:
    return solution(opened, qtbot, priced.id)


@pytest.fixture
def shared(world: World) -> Record[Any]:
    made = world.make("solution", title="Sauvegarde partagée", plan=MIXED)
    for town, population in POPULATIONS.items():
        world.services.records.update(org(town), {"population": population})
        take_part(world.services.solutions, made.id, org(town), "interested")
    return made


def test_the_screen_the_paper_and_the_spreadsheet_agree_to_the_cent_whatever_changes(
    opened: MainWindow, world: World, shared: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, shared.id)
    services = world.services

    def agree(populations: dict[str, int]) -> None:
        expected = mixed_shares(populations)
        qtbot.waitUntil(lambda: on_screen(page, "Part HT") == expected)
        taxed = on_screen(page, "Part TTC")
        assert taxed == {
            town: round(part * Decimal("1.055") + Decimal("0.0000001"), 2)
            for town, part in expected.items()
        }
        before, after = euros(sum(expected.values())), euros(sum(taxed.values()))
        total = f"Ensemble sur 3 ans : {before} HT, {after} TTC, "
        assert plain(page.participants.total.text()).startswith(total)
        paper = plain(reading.text(services.documents.make("solution-sheet", shared.id).data))
        for town, part in expected.items():
            assert f"{town} {populations[town]} {euros(part)} {euros(taxed[town])}" in paper
        assert f"Ensemble {sum(populations.values())} {before} {after}" in paper

    agree(POPULATIONS)
    services.records.update(org("Vougeot"), {"population": 307})
    opened.spread(frozenset({"organisation"}))
    agree(POPULATIONS | {"Vougeot": 307})
    take_part(services.solutions, shared.id, org("Messanges"), "declined")
    opened.spread(frozenset({"commitment"}))
    agree({"Vougeot": 307, "Agencourt": 416})


def test_communes_of_one_name_are_told_apart_on_screen(
    opened: MainWindow, world: World, shared: Record[Any], qtbot: QtBot
) -> None:
    homonym = {"name": "Vougeot", "department": "58"}
    world.services.records.update(org("Messanges"), homonym)
    page = solution(opened, qtbot, shared.id)
    assert {"Vougeot (21)", "Vougeot (58)", "Agencourt"} <= on_screen(page, "Part HT").keys()
    page.participants.table.select_where("Vougeot (58)", "title")
    assert "par an pour Vougeot (58)" in plain(page.headline.text())


def euros(amount: Decimal | int) -> str:
    """« 1 234,56 € »."""
    return f"{amount:,.2f} €".replace(",", " ").replace(".", ",")


def test_the_total_is_the_sum_of_the_shares_where_a_cap_leaves_some(
    opened: MainWindow, world: World, shared: Record[Any], qtbot: QtBot
) -> None:
    key = {"kind": "equal", "cap_cents": 30000}
    world.services.solutions.save_plan(shared.id, MIXED | {"key": key})
    page = solution(opened, qtbot, shared.id)
    assert plain(page.participants.total.text()).startswith(
        "Ensemble sur 3 ans : 900,00 € HT, 949,50 € TTC, "
    )
    assert "Le plafond est trop bas : il manque 200,10 €." in plain(page.progress.text())


def test_one_alone_and_four_hundred_are_told_in_words_that_fit_them() -> None:
    def costs_for(many: int) -> Costs:
        plan = {
            "years": 1, "vat_rate": "0.20", "key": {"kind": "equal"},
            "participants": [
                {"code": str(one), "population": 700, "alone_cents": 1}
                for one in range(1000, 1000 + many)
            ],
            "offers": [{"id": "A", "tiers": [{"from_participants": 1, "setup_cents": 100000}]}],
        }  # fmt: skip
        known = read_plan(plan)
        return Costs(known, compare(known))

    alone, all_of_them = costs_for(1), costs_for(400)
    assert plain(cost_words.total(alone, alone.offer(None))).endswith(
        "999,99 € HT de plus que seule"
    )
    assert cost_words.progress(all_of_them, all_of_them.offer(None)) == (
        "1000, 1001 et 398 autres paieraient plus ensemble que seules."
    )


@pytest.mark.parametrize(
    ("everywhere", "here", "said"),
    [
        (0, 0, ""),
        (1, 1, "Dans la région : 1 participant."),
        (3, 0, "Dans la région : 3 participants."),
        (3, 1, "Dans la région : 3 participants ; paliers et prix ne comptent que celui d'ici."),
    ],
)
def test_those_of_the_region_are_told_from_those_from_here(
    everywhere: int, here: int, said: str
) -> None:
    assert plain(cost_words.elsewhere(everywhere, here)) == said


def test_whoever_pays_more_in_all_is_told_by_how_much(
    opened: MainWindow, world: World, shared: Record[Any], qtbot: QtBot
) -> None:
    for town in POPULATIONS:
        take_part(
            world.services.solutions, shared.id, org(town), "interested", None, alone_cents=30000
        )
    page = solution(opened, qtbot, shared.id)
    assert plain(page.participants.total.text()).endswith("200,10 € HT de plus que seules")
    assert "Seule : le prix déclaré par chaque collectivité." in plain(
        page.participants.basis.text()
    )


def test_who_pays_more_is_told_of_newcomers_and_of_the_keys_that_would_do(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    take_part(
        world.services.solutions, priced.id, org("Vougeot"), "interested", None, alone_cents=40000
    )
    take_part(world.services.solutions, priced.id, org("Agencourt"), "interested")
    page = solution(opened, qtbot, priced.id)
    assert (
        "Vougeot paierait plus ensemble que seule ; à partir de 3 participants, plus personne ;"
        " sinon, essayez une autre clé de répartition."
    ) in plain(page.progress.text())
    page.tabs.setCurrentIndex(COMPARISON)
    settle(opened, qtbot)
    panel = page.comparison
    assert plain(panel.dearer.text()) == (
        "Paieraient plus ensemble que seuls : à parts égales, 1 participant ; mixte, 1 participant."
        " Clé mixte : part fixe de 30 %."
    )
    assert panel.about.heading.geometry().bottom() < panel.dearer.y() < panel.keys.y()


def test_a_price_alone_is_asked_for_the_years_that_the_plan_says(
    opened: MainWindow, page: SolutionPage, qtbot: QtBot
) -> None:
    page.participants.edited.emit(page.taking_part.standings[0])
    asked = dialog(StandingDialog, page, qtbot)
    assert "Pour toute la durée, 2 ans. Laissez vide" in plain(shown(asked))
    asked.reject()
    page.plan.terms_requested.emit()
    rules = dialog(TermsDialog, page, qtbot)
    assert "Si elle change, revoyez les prix payés seule" in shown(rules)


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ((20000, 10010), "100,00 € HT par an pour Agencourt, au lieu de 100,10 € seule"),
        ((20000, 9990), "100,00 € HT par an pour Agencourt, contre 99,90 € seule"),
        ((0, 0), "Agencourt ne paie rien, ensemble comme seule"),
    ],
)
def test_a_difference_of_cents_is_seen_in_the_headline(
    opened: MainWindow, world: World, qtbot: QtBot, prices: tuple[int, int], said: str
) -> None:
    price, alone = prices
    offers = [{"id": "A", "tiers": [{"from_participants": 1, "yearly_cents": price}]}]
    made = world.make("solution", title="Coffre", plan=TWO_TIERS | {"years": 1, "offers": offers})
    for town in ("Vougeot", "Agencourt"):
        take_part(
            world.services.solutions, made.id, org(town), "interested", None, alone_cents=alone
        )
    page = solution(opened, qtbot, made.id)
    page.participants.table.select_where("Agencourt", "title")
    assert plain(page.headline.text()) == f"2 participants : {said}"


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (31190, "le prix moyen passe de 312,20 € à 311,90 € HT par an"),
        (30000, "le prix moyen passe de 312 € à 300 € HT par an"),
        (31220, None),
    ],
)
def test_a_next_price_is_told_apart_from_the_present_one_by_its_cents_if_need_be(
    later: int, said: str | None
) -> None:
    tiers = [
        {"from_participants": number, "yearly_per_participant_cents": cents}
        for number, cents in ((1, 31220), (5, later))
    ]
    members = [{"code": str(n), "name": f"Commune {n}", "population": 600} for n in range(3)]
    plan = read_plan(
        {
            "years": 4,
            "vat_rate": "0.20",
            "key": {"kind": "equal"},
            "offers": [{"id": "A", "tiers": tiers}],
            "participants": members,
        }
    )
    costs = Costs(plan, compare(plan))
    told = plain(cost_words.progress(costs, costs.offer(None)))
    assert said in told if said else "prix moyen" not in told


def take(page: SolutionPage, words: str) -> None:
    """Takes an entry of the menu beside what is done with a row."""
    (more,) = [one for one in page.participants.findChildren(QToolButton) if one.menu()]
    assert more.isVisible()
    next(one for one in more.menu().actions() if one.text() == words).trigger()


def test_the_shares_are_copied_under_their_titles_as_numbers(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    take_part(
        world.services.solutions, priced.id, org("Vougeot"), "interested", None, alone_cents=123456
    )
    take_part(
        world.services.solutions, priced.id, org("Agencourt"), "committed", None, alone_cents=40050
    )
    page = solution(opened, qtbot, priced.id)
    take(page, "Copier la liste")
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].startswith("Avec\tCollectivité\tPosition\tPart HT\tPart TTC\tSeule, HT\t")
    assert lines[1] == (
        "Participe\tAgencourt\tEngagée\t600,00\t720,00\t400,50\t-199,50\t-49,8\tPaie plus"
    )
    assert lines[-1] == (
        "Participe\tVougeot\tIntéressée\t600,00\t720,00\t1234,56\t634,56\t51,4\tY gagne"
    )


@pytest.mark.parametrize("offered", FORMATS)
def test_the_shares_are_exported_as_numbers(
    page: SolutionPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, offered: str
) -> None:
    services = page.services
    take_part(
        services.solutions, page.record_id, org("Vougeot"), "interested", None, alone_cents=100050
    )
    page.refresh()
    qtbot.waitUntil(lambda: "Vougeot" in on_screen(page, "Part HT"))
    path = services.workspace.folder.parent / "parts"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), offered))
    take(page, "Exporter la liste…")
    qtbot.waitUntil(lambda: not page.tasks.busy)
    ending, separator = FORMATS[offered]
    file = path.with_suffix(ending)
    if ending == ".xlsx":
        sheet = load_workbook(file).active
        assert sheet is not None
        rows = {row[1].value: row for row in sheet.iter_rows()}
        assert [cell.value for cell in rows["Vougeot"][3:8]] == [1200, 1440, 1000.5, -199.5, -19.9]
        assert rows["Vougeot"][6].number_format == "#,##0.00"
    else:
        told = "1200.00,1440.00,1000.50,-199.50,-19.9,Paie plus"
        if separator == ";":
            told = told.replace(",", ";").replace(".", ",")
        assert told in file.read_text("utf-8-sig")


def test_a_far_greater_share_has_its_per_cent_read_whole(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    take_part(
        world.services.solutions, priced.id, org("Vougeot"), "interested", None, alone_cents=5000
    )
    page = solution(opened, qtbot, priced.id)
    table = page.participants.table
    number = table.headings().index("En %") + 1  # the units are hidden
    table.select_where("Vougeot", "title")
    assert bubble(table, table.currentIndex().row(), number) == ""
    assert on_screen(page, "En %")["Vougeot"] == Decimal("-2300.0")


def test_what_a_council_voted_is_typed_and_printed(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    take_part(
        world.services.solutions, priced.id, org("Vougeot"), "interested", None, alone_cents=70000
    )
    page = solution(opened, qtbot, priced.id)
    page.participants.table.select_where("Vougeot", "title")
    page.participants.edit.trigger()
    asked = dialog(StandingDialog, page, qtbot)
    asked.form.field("intention").set_value("committed")
    type_text(asked.form.field("act_reference"), "2027-014")
    type_text(asked.form.field("signed_on").line, "12/03/2027")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    settle(opened, qtbot)
    (kept,) = world.services.solutions.commitments(priced.id)
    assert (kept.fields.intention, kept.fields.act_reference, kept.fields.signed_on) == (
        "committed", "2027-014", "2027-03-12",
    )  # fmt: skip
    assert kept.fields.alone_cents == 70000
    assert on_screen(page, "Position")["Vougeot"] == "Engagée, acte 2027-014, signé le 12 mars 2027"
    paper = reading.text(world.services.documents.make("solution-sheet", priced.id).data)
    assert "Vougeot engagée 12 mars 2027 2027-014" in plain(paper)


def rules(page: SolutionPage, qtbot: QtBot) -> Any:
    page.plan.terms_requested.emit()
    return dialog(TermsDialog, page, qtbot)


def test_what_another_key_asks_for_stays_in_the_plan(
    opened: MainWindow, world: World, shared: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, shared.id)
    asked = rules(page, qtbot)
    asked.kind.set_value("population")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: world.get(shared).plan["key"] == MIXED["key"] | {"kind": "population"})
    settle(opened, qtbot)
    page.tabs.setCurrentIndex(COMPARISON)
    settle(opened, qtbot)
    assert "Clé mixte : part fixe de 33,33 %." in shown(page.comparison)
    assert not page.comparison.keys.isColumnHidden(3)  # by strata


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("fixed_share", "", "Écrivez la part partagée également, par exemple 30."),
        ("fixed_share", "130", "Écrivez un pourcentage de 0 à 100, par exemple"),
        ("vat_rate", "200", "Écrivez un pourcentage de 0 à 100, par exemple"),
    ],
)
def test_a_rate_that_is_refused_is_said_under_its_field_in_per_cent(
    page: SolutionPage, qtbot: QtBot, field: str, typed: str, said: str
) -> None:
    asked = rules(page, qtbot)
    asked.kind.set_value("mixed")
    refused(asked, asked.form.field(field), typed, said, qtbot)


def test_a_key_by_strata_begins_at_no_inhabitant_and_asks_for_a_weight(
    page: SolutionPage, qtbot: QtBot
) -> None:
    asked = rules(page, qtbot)
    asked.kind.set_value("strata")
    strata: RowsField = asked.form.field("strata")
    (first,) = strata.rows
    assert first.form.field("from").value() == 0
    weight = first.form.field("weight")
    refused(asked, weight, "deux", "Écrivez un poids, par exemple 2 ou 2,5.", qtbot)
    weight.clear()
    type_text(weight, "2,5")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    wanted = {"kind": "strata", "strata": [{"from": 0, "weight": "2.5"}]}
    records = page.services.records
    qtbot.waitUntil(lambda: records.get(page.record_id).fields.plan["key"] == wanted)


def test_each_key_and_the_weight_of_a_stratum_are_explained(
    page: SolutionPage, qtbot: QtBot
) -> None:
    asked = rules(page, qtbot)
    kind = asked.kind
    for key, hint in KEY_HINTS.items():
        kind.set_value(key)
        assert kind.accessibleDescription() == hint
        assert hint in shown(asked)
    assert set(KEY_HINTS) == set(KEY_KINDS)
    kind.set_value("strata")
    assert "Avec 2, on paie deux fois plus qu'avec 1." in plain(shown(asked))


def test_strata_that_another_key_hides_stay_as_typed_when_the_plan_is_refused(
    page: SolutionPage, qtbot: QtBot
) -> None:
    asked = rules(page, qtbot)
    asked.kind.set_value("strata")
    strata: RowsField = asked.form.field("strata")
    type_text(strata.rows[0].form.field("weight"), "2,5")
    qtbot.mouseClick(strata.add, Qt.MouseButton.LeftButton)
    type_text(strata.rows[1].form.field("from"), "500")
    asked.kind.set_value("population")
    years = asked.form.field("years")
    years.clear()
    type_text(years, "40")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: years.property("invalid") is True)
    assert asked.isVisible()
    asked.kind.set_value("strata")
    typed = [(row.form.field("from").text(), row.form.field("weight").text())
             for row in asked.form.field("strata").rows]  # fmt: skip
    assert typed == [("0", "2,5"), ("500", "")]
    asked.kind.set_value("population")
    years.clear()
    type_text(years, "4")
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    records = page.services.records
    wanted = {"kind": "population"}
    qtbot.waitUntil(lambda: records.get(page.record_id).fields.plan["key"] == wanted)


def refused(asked: Any, field: Any, typed: str, said: str, qtbot: QtBot) -> None:
    """Types in a field of a dialog, and has it refused with the sentence under it."""
    field.clear()
    type_text(field, typed)
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: field.property("invalid") is True)
    assert said in plain(field.accessibleDescription())
    assert asked.isVisible()


def test_a_commune_without_units_is_told_where_a_price_goes_by_them(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    offers = [{"id": "A", "tiers": [{"from_participants": 1, "yearly_per_unit_cents": 900}]}]
    services = world.services
    services.solutions.save_plan(priced.id, TWO_TIERS | {"offers": offers})
    take_part(services.solutions, priced.id, org("Vougeot"), "interested", 3)
    take_part(services.solutions, priced.id, org("Agencourt"), "interested")
    page = solution(opened, qtbot, priced.id)
    said = "Aucune unité n'est saisie pour Agencourt."
    assert page.progress.text().startswith(said)
    paper = reading.text(services.documents.make("solution-sheet", priced.id).data)
    assert said in plain(paper)
    table = page.participants.table
    taken = sum(column.width or LEAST_WIDTH for column in table.rows.sourceModel().columns)
    bar = table.verticalScrollBar().sizeHint().width()
    assert taken + bar <= table.viewport().width()  # with the units, on a small laptop's screen


def test_a_key_by_usage_asks_for_the_units_that_are_missing(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    world.services.solutions.save_plan(priced.id, TWO_TIERS | {"key": {"kind": "usage"}})
    take_part(world.services.solutions, priced.id, org("Vougeot"), "interested")
    page = solution(opened, qtbot, priced.id)
    assert "saisissez les unités de chacun" in page.progress.text()


def test_who_left_the_gip_and_still_takes_part_is_named() -> None:
    def standing(name: str, intention: str, *, left: bool = True) -> Standing:
        fields = Organisation(name=name, membership="left" if left else "member")
        return Standing(Record(id=name, fields=fields), intention)

    known = [
        standing("Éringes", "committed"),
        standing("Courban", "declined"),
        standing("Vix", "committed", left=False),
    ]
    assert cost_words.gone(known) == "Prend part sans plus être adhérente : Éringes."
    known.append(standing("Torcy", "interested"))
    assert plain(cost_words.gone(known)) == (
        "Prennent part sans plus être adhérentes : Éringes et Torcy."
    )
    assert cost_words.gone(known[1:3]) == ""


def test_how_many_are_committed_is_told_once_one_is() -> None:
    def said(*intentions: str) -> str:
        known = [Standing(Record(id=one, fields=Organisation()), one) for one in intentions]
        return plain(cost_words.positions(known))

    assert said("interested", "interested") == said("declined") == said() == ""
    assert said("committed", "declined") == "1 engagée."
    assert said("committed", "interested", "committed", "interested") == (
        "2 engagées, 2 intéressées."
    )


def test_the_page_says_how_many_are_committed(
    opened: MainWindow, world: World, shared: Record[Any], qtbot: QtBot
) -> None:
    take_part(world.services.solutions, shared.id, org("Vougeot"), "committed")
    page = solution(opened, qtbot, shared.id)
    others = len(POPULATIONS) - 1
    assert f"1 engagée, {others} intéressées." in plain(page.progress.text())


def test_what_a_council_voted_stays_in_its_dialog_where_the_store_refuses_it(
    opened: MainWindow, world: World, priced: Record[Any], qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced.id)
    page.participants.table.select_where("Vougeot", "title")
    page.participants.edit.trigger()
    asked = dialog(StandingDialog, page, qtbot)
    type_text(asked.form.field("act_reference"), "2027-014")
    world.services.solutions.delete([priced.id])  # elsewhere
    qtbot.keyClick(asked, Qt.Key.Key_Return, CONTROL)
    settle(opened, qtbot)
    assert asked.isVisible() and asked.form.editor("act_reference").value() == "2027-014"
    assert asked.banner.isVisible()


def test_an_offer_that_is_named_offer_says_the_word_once(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    offers = [one | {"id": f"Offre {rank}"} for rank, one in enumerate(TWO_TIERS["offers"] * 2, 3)]
    made = world.make("solution", title="Coffre", plan=TWO_TIERS | {"offers": offers})
    for town in ("Vougeot", "Agencourt"):
        take_part(world.services.solutions, made.id, org(town), "interested")
    page = solution(opened, qtbot, made.id)
    choice = page.participants.offers
    assert [choice.itemText(number) for number in (1, 2)] == ["Offre 3, GIP", "Offre 4, GIP"]
    said = []
    for tab in (COMPARISON, PLAN):
        page.tabs.setCurrentIndex(tab)
        settle(opened, qtbot)
        said.append(f"{shown(page)} {lines(page)}")
    assert "Clés de répartition, offre 3, GIP, parts HT" in said[0]
    assert "Offre 3, GIP, 2 paliers de prix" in said[1]
    page.plan.offer_requested.emit("Offre 3")
    assert dialog(OfferDialog, page, qtbot).windowTitle() == "Offre 3"
    for kind in ("solution-sheet", "vote-pack"):
        said.append(plain(reading.text(world.services.documents.make(kind, made.id).data)))
        assert "Ensemble et seule, HT, offre 3" in said[-1]
    assert "reprend sa part de l'offre 3, GIP." in said[-1]
    assert all("offre offre" not in one.casefold() for one in said)
