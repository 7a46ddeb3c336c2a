"""Which offer the page of a solution opens on, and what it says of the one retained."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.records import Record
from app.domain.wording import plain
from tests.positions import take_part
from tests.ui.acting import column
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.test_cost_figures import on_screen, org
from tests.ui.test_for_the_region import receive
from tests.ui.test_solutions_page import published, solution
from tests.ui.world import TOWNS, World
from ui.models.comparison import OfferColumn
from ui.pages.solution import ABOUT, COMPARISON, PARTICIPANTS, PLAN
from ui.widgets.cell_delegate import ROW_HEIGHT
from ui.widgets.fields import TextField
from ui.widgets.participants_panel import LEAST_HEIGHT
from ui.window.main_window import MainWindow

CENTS = {"Serein": 100000, "Nuage de l'Est": 200000, "GIP": 300000}
THREE: dict[str, Any] = {
    "years": 2,
    "vat_rate": "0.20",
    "key": {"kind": "equal"},
    "offers": [
        {
            "id": name,
            "supplier": supplier,
            "tiers": [
                {"from_participants": 1, "yearly_cents": cents},
                {"from_participants": 9, "yearly_cents": cents // 2},
            ],
        }
        for name, (supplier, cents) in zip("ABC", CENTS.items(), strict=True)
    ],
}
ELSEWHERE = "n'est celui d'aucune offre"


def priced(world: World, provider: str = "", title: str = "Sauvegarde") -> Record[Any]:
    """A solution with three offers, between the five communes."""
    made = world.make("solution", title=title, plan=THREE, provider=provider)
    for town in TOWNS:
        take_part(world.services.solutions, made.id, org(town), "interested")
    return made


def test_a_solution_opens_on_the_offer_retained_and_says_so(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, priced(world, "nuage  de l'est").id)
    assert page.participants.offers.currentText() == "Offre retenue : B, Nuage de l'Est"
    assert set(on_screen(page, "Part HT").values()) == {800}
    page.tabs.setCurrentIndex(COMPARISON)
    settle(opened, qtbot)
    assert page.comparison.about.heading.text().startswith("Clés de répartition, offre B, Nuage")
    told = column(page.comparison.offers, list(OfferColumn).index(OfferColumn.BEST))
    assert told == ["La moins chère", "Retenue", ""]
    for table in (page.comparison.offers, page.comparison.keys):
        assert table.verticalScrollBar().maximum() == 0
    assert ELSEWHERE not in page.progress.text()


def test_another_solution_opens_on_its_own_offer_whatever_was_looked_at(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    first, second = priced(world, "Serein"), priced(world, "GIP", "Parapheur")
    page = solution(opened, qtbot, first.id)
    offers = page.participants.offers
    assert offers.currentText() == "Offre retenue : A, Serein"
    page.tabs.setCurrentIndex(COMPARISON)
    told = column(page.comparison.offers, list(OfferColumn).index(OfferColumn.BEST))
    assert told == ["Retenue, la moins chère", "", ""]
    page.tabs.setCurrentIndex(PARTICIPANTS)
    offers.setFocus()
    qtbot.keyClick(offers, Qt.Key.Key_End)
    qtbot.keyClick(offers, Qt.Key.Key_Up)
    assert offers.value() == "B"
    assert set(on_screen(page, "Part HT").values()) == {800}
    page = solution(opened, qtbot, second.id)
    assert page.participants.offers.currentText() == "Offre retenue : C, GIP"
    assert set(on_screen(page, "Part HT").values()) == {1200}


def test_a_provider_on_no_offer_is_told_until_its_name_is_mended(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    made = priced(world, "Nuage")
    page = solution(opened, qtbot, made.id)
    assert plain(page.progress.text()).startswith(f"« Nuage », fournisseur retenu, {ELSEWHERE}")
    page.tabs.setCurrentIndex(ABOUT)
    provider = page.form.field("provider")
    assert isinstance(provider, TextField)
    provider.clear()
    type_text(provider, "Nuage de l'Est")
    page.flush()
    qtbot.waitUntil(lambda: world.get(made).provider == "Nuage de l'Est")
    settle(opened, qtbot)
    page.tabs.setCurrentIndex(PARTICIPANTS)
    assert ELSEWHERE not in page.progress.text()
    assert page.participants.offers.currentText() == "Offre retenue : B, Nuage de l'Est"


@pytest.mark.parametrize(
    ("everywhere", "said"),
    [
        (26, "Dans la région : 26 participants ; paliers et prix ne comptent que les 2 d'ici."),
        (2, "Dans la région : 2 participants."),
    ],
)
def test_the_tiers_of_a_solution_of_the_region_are_said_to_count_those_from_here(
    opened: MainWindow, world: World, qtbot: QtBot, everywhere: int, said: str
) -> None:
    shared = published(world)
    for town in ("Vougeot", "Agencourt"):
        take_part(
            world.services.solutions,
            shared.id,
            org(town),
            "interested",
            commission_id=world.commission_id,
        )
    receive(world.services, "solution_tally", solution_id=shared.id, participants=everywhere)
    page = solution(opened, qtbot, shared.id)
    assert plain(page.progress.text()).endswith(said)


def test_all_that_is_said_is_read_whole_as_the_text_grows_and_back(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    long = "Nuage de l'Est, société coopérative d'intérêt collectif à capital variable"
    made = priced(world, "Nuage de l'Ouest")
    offers = [one | {"supplier": long} for one in THREE["offers"]]
    world.services.solutions.save_plan(made.id, THREE | {"offers": offers})
    take_part(
        world.services.solutions, made.id, org("Vougeot"), "interested", None, alone_cents=5000
    )
    page = solution(opened, qtbot, made.id)
    table = page.comparison.offers
    heights, shares = [], page.participants.table
    for scale in (1.0, 2.0, 1.0):
        opened.theme.set_scale(scale)
        for tab in (PARTICIPANTS, COMPARISON, PLAN):
            page.tabs.setCurrentIndex(tab)
            settle(opened, qtbot)
            qtbot.waitUntil(lambda: clipped(opened) == [])
            assert page.progress.isVisible()
            assert page.headline.isVisible()
            for held in page.findChildren(QWidget, "scrolled"):
                assert not held.isVisible() or held.width() <= held.parentWidget().width()
            if tab == PARTICIPANTS:
                assert shares.height() >= LEAST_HEIGHT * scale - 4  # the frame's lines
            if tab == COMPARISON:
                assert table.verticalScrollBar().maximum() == 0
        assert {one.rowHeight(0) for one in (shares, table)} == {ROW_HEIGHT * scale}
        heights.append((page.said.height(), table.height(), shares.height()))
    assert heights[0] == heights[2]


def test_in_large_print_the_card_of_a_price_not_known_leaves_its_room(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = solution(opened, qtbot, world.make("solution", title="Parapheur", plan=THREE).id)
    for scale, stands in ((2.0, False), (1.0, True)):
        opened.theme.set_scale(scale)
        page.tabs.setCurrentIndex(PARTICIPANTS)
        settle(opened, qtbot)
        assert page.progress.isVisible()
        assert page.said.isVisible() is stands
