"""Whole names parted in two."""

from __future__ import annotations

import pytest

from app.domain.full_names import Parted, part


@pytest.mark.parametrize("last_comes_first", [True, False])
@pytest.mark.parametrize(
    ("text", "last", "first"),
    [
        ("DUPONT Jean", "DUPONT", "Jean"),
        ("Jean DUPONT", "DUPONT", "Jean"),
        ("M. Jean-Pierre DUPONT", "DUPONT", "Jean-Pierre"),
        ("Madame LE GOFF Anne", "LE GOFF", "Anne"),
        ("DE LA TOUR Marie", "DE LA TOUR", "Marie"),
        ("de LA TOUR Marie Anne", "de LA TOUR", "Marie Anne"),
        ("Marie de La TOUR", "de La TOUR", "Marie"),
        ("Mme d'ARTAGNAN Zoé", "d'ARTAGNAN", "Zoé"),
        ("DUPONT-MARTIN J.-P.", "DUPONT-MARTIN", "J.-P."),
        ("DUPONT, Jean", "DUPONT", "Jean"),
        ("M.DUPONT Jean", "DUPONT", "Jean"),
        ("J.P.DUPONT", "DUPONT", "J.P."),
        ("M.D'ANGELO Paul", "D'ANGELO", "Paul"),
        ("Mme.l’HÔTE Anne", "l’HÔTE", "Anne"),
        ("Melle Zoé ROY", "ROY", "Zoé"),
        ("Mle GRAND Zoé", "GRAND", "Zoé"),
        ("Mme ROY", "ROY", ""),
        ("Roy", "Roy", ""),
        ("Le Goff", "Le Goff", ""),
    ],
)
def test_capitals_say_which_is_the_last_name_whatever_the_order(
    text: str, last: str, first: str, last_comes_first: bool
) -> None:
    assert part(text, last_comes_first=last_comes_first) == Parted(last, first, sure=True)


@pytest.mark.parametrize(
    ("text", "last_comes_first", "last", "first"),
    [
        ("M. Jean Dupont", False, "Dupont", "Jean"),
        ("M. Jean Dupont", True, "Jean", "Dupont"),
        ("Jean Pierre Dupont", False, "Dupont", "Jean Pierre"),
        ("Anne Le Goff", False, "Le Goff", "Anne"),
        ("Le Goff Anne", True, "Le Goff", "Anne"),
        ("DE LA TOUR MARIE", True, "DE LA TOUR", "MARIE"),
        ("Marie DUPONT épouse MARTIN", False, "MARTIN", "Marie DUPONT épouse"),
        ("Jean DUPONT Pierre", True, "Jean", "DUPONT Pierre"),
    ],
)
def test_where_nothing_says_it_the_order_given_decides_and_it_is_not_sure(
    text: str, last_comes_first: bool, last: str, first: str
) -> None:
    assert part(text, last_comes_first=last_comes_first) == Parted(last, first, sure=False)


@pytest.mark.parametrize("text", ["", " ", "M.", ",", "de la", "DE"])
@pytest.mark.parametrize("last_comes_first", [True, False])
def test_nothing_of_a_text_without_two_names_is_lost(text: str, last_comes_first: bool) -> None:
    found = part(text, last_comes_first=last_comes_first)
    assert f"{found.last} {found.first}".split() == text.replace(",", " ").split()
