"""Ranks and numbers of the agenda."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain import agenda
from app.domain.records import AgendaItem, Record
from app.domain.refusals import Refusal


def item(
    name: str, number: str = "", *, original: bool = True, rank: str = ""
) -> Record[AgendaItem]:
    return Record(id=name, fields=AgendaItem(number=number, original=original, rank=rank or name))


def convened(number: int = 5) -> list[Record[AgendaItem]]:
    return [item(f"{place:03}", str(place)) for place in range(1, number + 1)]


def add(items: list[Record[AgendaItem]], after: int) -> str:
    """Adds an item after so many others; its number."""
    name = f"added {len(items)}"
    items.insert(after, item(name, original=False))
    number = agenda.added_number(items, name)
    items[after] = item(name, number, original=False)
    return number


def test_convening_numbers_the_items_in_their_order() -> None:
    assert agenda.numbers_at_convening(convened(3)) == {"001": "1", "002": "2", "003": "3"}


def test_an_added_item_takes_the_number_above_with_bis_ter_quater() -> None:
    items = convened()
    assert add(items, 4) == "4 bis"
    assert add(items, 5) == "4 ter"
    assert add(items, 4) == "4 quater"
    assert add(items, 3) == "3 bis"


def test_an_item_too_many_under_one_number_is_refused() -> None:
    taken = {f"4 {agenda.suffix(index)}" for index in range(2, 100)}
    assert agenda.free_number("4", taken - {"4 novononagies"}) == "4 novononagies"
    with pytest.raises(Refusal, match="suivent déjà le point 4"):
        agenda.free_number("4", taken)


def test_an_item_added_before_the_first_is_zero_bis() -> None:
    items = convened()
    assert add(items, 0) == "0 bis"
    assert add(items, 0) == "0 ter"


def test_a_moved_item_keeps_its_number_and_gives_it_to_what_is_added_below() -> None:
    items = convened()
    items.insert(0, items.pop(3))  # number 4 now comes first
    assert add(items, 1) == "4 bis"


@pytest.mark.parametrize(
    ("index", "word"),
    [(2, "bis"), (3, "ter"), (4, "quater"), (5, "quinquies"), (6, "sexies"), (7, "septies"),
     (8, "octies"), (9, "nonies"), (10, "decies"), (11, "undecies"), (12, "duodecies"),
     (20, "vicies"), (22, "duovicies")],
)  # fmt: skip
def test_the_latin_words_go_on_after_quater(index: int, word: str) -> None:
    assert agenda.suffix(index) == word


def test_the_latin_words_are_all_different() -> None:
    assert len({agenda.suffix(index) for index in range(2, 100)}) == 98
    for index in (1, 100):
        with pytest.raises(ValueError, match=str(index)):
            agenda.suffix(index)


def test_of_two_laptops_that_add_4_bis_the_earlier_at_the_central_keeps_it() -> None:
    items = convened()
    mine, theirs = item("a", "4 bis", original=False), item("b", "4 bis", original=False)
    third = item("c", "4 ter", original=False)
    assert agenda.settle([*items, theirs, mine]) == {"a": "4 ter"}
    assert agenda.settle([*items, theirs, mine, third]) == {"a": "4 quater"}
    assert agenda.settle([*items, theirs]) == {}


def test_a_number_from_elsewhere_is_the_base_of_the_one_that_yields() -> None:
    added = [item(name, "hors série", original=False) for name in "ab"]
    assert agenda.settle([*convened(), *added]) == {"b": "hors série bis"}


def test_three_laptops_that_add_4_bis_end_with_three_numbers() -> None:
    added = [item(name, "4 bis", original=False) for name in "abc"]
    assert agenda.settle([*convened(), *added]) == {"b": "4 ter", "c": "4 quater"}


RANKS = st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6)


@given(st.lists(st.integers(0, 1_000_000), max_size=80))
def test_any_number_of_insertions_find_room_at_any_place(places: list[int]) -> None:
    ranks = agenda.spread_ranks(3)
    for place in places:
        where = place % (len(ranks) + 1)
        low = ranks[where - 1] if where else ""
        high = ranks[where] if where < len(ranks) else None
        ranks.insert(where, agenda.rank_between(low, high))
    assert ranks == sorted(set(ranks))


@given(RANKS, RANKS)
@example("a", "a0")  # nothing lies between
def test_between_two_ranks_there_is_one_or_a_plain_refusal(one: str, other: str) -> None:
    low, high = sorted((one, other))
    try:
        found = agenda.rank_between(low, high)
    except ValueError:
        assert high.rstrip("0") == low.rstrip("0")
    else:
        assert low < found < high


def test_ranks_come_closer_slowly() -> None:
    low, high = agenda.spread_ranks(2)
    for _ in range(200):
        high = agenda.rank_between(low, high)
    assert len(high) < 60


def test_ranks_from_elsewhere_are_refused_rather_than_misplaced() -> None:
    assert "É" < agenda.rank_between("É", "Éz") < "Éz"
    with pytest.raises(ValueError, match="lies between"):
        agenda.rank_between("É", None)
    with pytest.raises(ValueError, match="is not before"):
        agenda.rank_between("b", "a")


def test_new_items_are_ranked_between_those_that_stay() -> None:
    filled = agenda.fill_ranks([None, "010", None, None, "020", None])
    assert filled == sorted(filled)
    assert (filled[1], filled[4]) == ("010", "020")
    assert len(set(filled)) == 6


def test_items_of_one_rank_stand_in_the_order_of_their_ids() -> None:
    items = [item("b", rank="1"), item("a", rank="2"), item("c", rank="1")]
    assert [one.id for one in sorted(items, key=agenda.rank_key)] == ["b", "c", "a"]


def test_an_agenda_without_room_or_rank_is_ranked_anew() -> None:
    assert agenda.fill_ranks(["a", None, "a"]) == ["001", "002", "003"]
    assert agenda.fill_ranks([None, None]) == ["001", "002"]
    assert agenda.fill_ranks([]) == []
