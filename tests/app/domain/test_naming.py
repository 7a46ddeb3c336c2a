"""Names of a person found in texts, and taken out of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.erasure import ERASED
from app.domain.naming import Naming
from app.domain.records import Person

ANNE = Person(
    first_name="Anne-Élise", last_name="Lœuillot", email="a.l@auxois.fr", phone="03 80 12 34 56"
)


@pytest.mark.parametrize(
    ("text", "erased"),
    [
        ("Anne-Élise Lœuillot : le serveur tombe.", "{} : le serveur tombe."),
        ("vu avec MME LŒUILLOT hier", "vu avec {} hier"),
        ("Lœuillot Anne Elise, puis M. Lœuillot.", "{}, puis {}."),
        ("écrire à A.L@auxois.fr ou au 0380123456", "écrire à {} ou au {}"),
        ("Madame Anne-Élise\nLœuillot", "{}"),
        ("Melle Lœuillot", "{}"),
        ("Lœuillot Anne-Élise\n-M. Lœuillot : non", "{}\n-{} : non"),
        ("+33 3 80 12 34 56 ou 0033 (0)380 123456", "{} ou {}"),
        ("03\u00a080\u00a012\u00a034\u00a056, 03/80/12/34/56", "{}, {}"),
        ("Anne\u2011Élise Loeuillot, MME LOEUILLOT", "{}, {}"),
        ("M.Lœuillot, Mme. Lœuillot", "{}, {}"),
        ("Me Lœuillot ; le Pr. Lœuillot", "{} ; le {}"),
        ("vu à M Lœuillot, hier. Dr.LŒUILLOT", "vu à {}, hier. {}"),
        ("M. Lœuillot Mme Petit, MME LŒUILLOT Absente", "{} Mme Petit, {} Absente"),
        ("M. Lœuillot a.l@auxois.fr", "{} {}"),
        ("M. Lœuillot Vice-Présidente, Mme Lœuillot MM. Roy", "{} Vice-Présidente, {} MM. Roy"),
        ("M. Lœuillot Excusé, Mme Lœuillot Pour", "{} Excusé, {} Pour"),
        ("Mme Lœuillot de Vougeot, M. Lœuillot d'Orange", "{} de Vougeot, {} d'Orange"),
        ("1. M. Lœuillot\nb. Mme Lœuillot", "1. {}\nb. {}"),
        ("à 18 h M. Lœuillot ouvre, à 19 h. M. Lœuillot", "à 18 h {} ouvre, à 19 h. {}"),
        ("le point B M. Lœuillot, l'annexe C.\nM. Lœuillot", "le point B {}, l'annexe C.\n{}"),
        ("(0380123456), (03 80) 12 34 56", "({}), {}"),
        ("03. 80. 12. 34. 56 / 03 - 80 - 12 - 34 - 56", "{} / {}"),
        ("03\u201380\u201312\u201334\u201356 (0 380 123 456)", "{} ({})"),
        ("(03) 80 12 34 56, (+33) 3 80 12 34 56", "{}, {}"),
        ("+33 03 80 12 34 56, 00 33 3 80 12 34 56", "{}, {}"),
    ],
)
def test_a_certain_name_is_replaced(text: str, erased: str) -> None:
    naming = Naming(ANNE)
    assert naming.names(text)
    assert naming.erased(text) == erased.format(ERASED, ERASED)


@pytest.mark.parametrize(
    "text",
    [
        "la rue Lœuillot",
        "Anne-Élise Martin",
        "Mme Lœuilloteau",
        "0380123457",
        "",
        "Présents : Paul Lœuillot, Anne-Élise Martin.",
        "Mme Lœuillot-Roy",
        "Mme Lœuillot\u2011Roy",
        "Marie-Anne-Élise Lœuillot",
        "un-a.l@auxois.fr",
        "SIREN 380123456",
        "2003 80 12 34 56",
        "Mme Lœuillot Dupont",
        "M. Lœuillot de La TOUR",
        "J.-M. Lœuillot, J.M. Lœuillot, J. M. Lœuillot, J M Lœuillot",
    ],
)
def test_what_may_be_another_stays(text: str) -> None:
    assert not Naming(ANNE).names(text)
    assert Naming(ANNE).erased(text) == text


def test_an_address_after_a_name_is_erased_whole() -> None:
    naming = Naming(Person(first_name="Anne", last_name="Roy", email="anne.roy@auxois.fr"))
    assert naming.erased("Mme Roy anne.roy@auxois.fr") == f"{ERASED} {ERASED}"
    assert naming.erased("Mme Roy anne@beaune.fr") == f"{ERASED} anne@beaune.fr"


def test_a_short_last_name_after_what_may_be_an_initial_is_pointed_at() -> None:
    naming = Naming(Person(first_name="Zoé", last_name="Bô"))
    assert (naming.names("J. M. Bô"), naming.may_name("J. M. Bô")) == (False, True)


def test_a_last_name_alone_is_pointed_at() -> None:
    assert Naming(ANNE).may_name("la rue lœuillot")
    assert not Naming(Person(last_name="Roy")).may_name("un royaume")


SPELLINGS = ("'\u2018\u2019\u02bc", "-\u2010\u2011\u2013", ("œ", "oe"), ("æ", "ae"))


@given(st.tuples(*map(st.sampled_from, SPELLINGS)), st.tuples(*map(st.sampled_from, SPELLINGS)))
def test_a_name_is_the_same_however_its_signs_are_typed(one: list[str], other: list[str]) -> None:
    known, said = (
        Person(first_name=f"L{ae}titia{hyphen}Anne", last_name=f"D{apostrophe}Hondt Lec{oe}ur")
        for apostrophe, hyphen, oe, ae in (one, other)
    )
    naming = Naming(known)
    assert naming.erased(f"{said.first_name} {said.last_name}.") == f"{ERASED}."
    assert naming.erased(f"Mme {said.last_name}.") == f"{ERASED}."
    assert naming.may_name(f"la rue {said.last_name}")
    assert not Naming(known, others=[said]).names(f"Mme {known.last_name}")


@pytest.mark.parametrize(
    "phone",
    [
        "03 80 12 34 56 / 06 12 34 56 78",
        "03/80/12/34/56/06 12 34 56 78",
        "03.80.12.34.56, 06.12.34.56.78",
        "0380123456;+33 6 12 34 56 78",
        "03 80 12 34 56 ou 06 12 34 56 78",
        "Mairie : 0380123456 (poste 12) portable : 0612345678",
    ],
)
def test_each_number_of_a_field_names_the_person(phone: str) -> None:
    naming = Naming(Person(phone=phone), others=[Person(phone="01 02 03 04 05 ou 06 12 34 56 78")])
    assert naming.erased("appeler le 03 80 12 34 56") == f"appeler le {ERASED}"
    assert not naming.names("06 12 34 56 78")
    assert naming.may_name("06 12 34 56 78")


@pytest.mark.parametrize("between", [" / ", "/", ";", ", ", " ou ", " "])
def test_each_address_of_a_field_names_the_person(between: str) -> None:
    naming = Naming(Person(email=f"a.l@auxois.fr{between}anne@orange.fr"))
    assert naming.erased("A.L@auxois.fr, anne@orange.fr") == f"{ERASED}, {ERASED}"
    assert not naming.may_name("un ou deux")


def test_what_stands_in_the_place_of_an_address_names_nobody() -> None:
    assert not Naming(Person(email="néant")).names("Observations : néant.")


def test_a_name_or_an_address_that_is_somebody_elses_too_is_pointed_at() -> None:
    sister = Person(first_name="Luce", last_name="Lœuillot", phone="0380123456")
    naming = Naming(ANNE, others=[sister])
    for text in ("Mme Lœuillot insiste.", "appeler le 03.80.12.34.56", "Luce Lœuillot"):
        assert (naming.names(text), naming.may_name(text)) == (False, True)
    assert naming.erased("Anne-Élise Lœuillot, a.l@auxois.fr") == f"{ERASED}, {ERASED}"
    namesake = Naming(ANNE, others=[Person(first_name="anne élise", last_name="LŒUILLOT")])
    assert not namesake.names("Anne-Élise Lœuillot")
    assert namesake.names("a.l@auxois.fr")


def test_a_longer_name_of_somebody_else_stays() -> None:
    short = Person(first_name="Luc", last_name="Martin")
    long = Person(first_name="Luc", last_name="Martin Roy")
    others = [Person(first_name="Martin", last_name="Dupont"), Person(first_name="Martin"), long]
    said = "M. MARTIN Dupont, Mme Dupont Martin, Luc Martin Roy, MME MARTIN ROY"
    naming = Naming(short, others=others)
    assert naming.erased(f"{said}. Martin Luc, MME MARTIN") == f"{said}. {ERASED}, {ERASED}"
    assert naming.may_name(said)
    named = "Mme Martin Roy, Martin Roy Luc"
    assert Naming(long, others=[short]).erased(named) == f"{ERASED}, {ERASED}"
    brother = Person(first_name="Jean-Luc", last_name="Martin")
    assert not Naming(short, others=[brother]).names("Jean Luc Martin")
    assert Naming(brother, others=[short]).names("Jean Luc Martin")
    shuffled = Person(first_name="Martin", last_name="Luc")
    assert not Naming(short, others=[shuffled]).names("Luc Martin")


@pytest.mark.parametrize("name", ["Roy-Durand", "Roy Durand", "ROY (née Durand)"])
def test_either_half_of_a_double_name_is_pointed_at(name: str) -> None:
    naming = Naming(Person(first_name="Anne", last_name=name))
    for text in ("Mme Roy", "Anne Durand", "Durand-Roy"):
        assert (naming.names(text), naming.may_name(text)) == (False, True)
    assert not naming.may_name("la pluie est née")


def test_a_common_word_in_a_double_name_is_pointed_at_with_a_capital_alone() -> None:
    naming = Naming(Person(first_name="Anne", last_name="Petit-Bois"))
    assert not naming.may_name("un petit chemin dans le bois")
    for text in ("un petit mot de Mme Bois", "ANNE PETIT", "petit-bois"):
        assert naming.may_name(text)


@pytest.mark.parametrize("name", ["de La Tour", "Saint-Martin", "Le Goff"])
def test_a_name_of_several_words_is_no_double_name(name: str) -> None:
    assert not Naming(Person(last_name=name)).may_name("un tour de table à la mairie Martin")


def test_what_is_doubtful_beside_a_certain_name_is_told_apart() -> None:
    said = "Anne-Élise Lœuillot ouvre. Paul parle. Lœuillot insiste !"
    assert Naming(ANNE).doubtful(said) == "Lœuillot insiste !"
    assert Naming(ANNE).doubtful("Mme Lœuillot ouvre.") == ""


@pytest.mark.parametrize("said", ["On me dit non.", "3 m dit-il", "3 m dit", "pr dit", "pr. Dit"])
def test_a_small_word_before_a_last_name_is_no_civility(said: str) -> None:
    naming = Naming(Person(first_name="Paul", last_name="Dit"))
    assert (naming.names(said), naming.may_name(said)) == (False, True)
    assert naming.erased("Me Dit, M Dit, PR DIT, m. dit") == ", ".join([ERASED] * 4)
    assert naming.erased("pr Paul Dit, M Paul Dit") == f"pr {ERASED}, {ERASED}"


def test_a_former_name_is_pointed_at() -> None:
    naming = Naming(ANNE, [Person(last_name="Beaulieu")])
    assert (naming.names("Mme Beaulieu"), naming.may_name("Mme Beaulieu")) == (False, True)


def test_only_the_sentences_that_name_a_person_are_given() -> None:
    said = "Paul Roy ouvre. M. Lœuillot proteste ! Puis rien.\nLa rue Lœuillot."
    assert Naming(ANNE).sentences(said) == "M. Lœuillot proteste !"
    assert Naming(ANNE).sentences("Rien. La rue Lœuillot.") == "La rue Lœuillot."
    assert Naming(ANNE).sentences("Vu Dr. Lœuillot. Même. Rien.") == "Vu Dr. Lœuillot."


def test_a_person_without_a_name_is_nowhere() -> None:
    nobody = Naming(Person())
    assert not nobody.names("M. Roy")
    assert nobody.erased_in({"notes": ["M. Roy", 3, None]}) == {"notes": ["M. Roy", 3, None]}


@given(st.text(), st.text())
def test_what_stands_around_a_name_is_left_alone(before: str, after: str) -> None:
    naming = Naming(Person(first_name="Qzx", last_name="Wvkj"))
    text = f"{before} avec Qzx Wvkj puis {after}"  # a civility before it would go with the name
    assert naming.erased(text) == f"{before} avec {ERASED} puis {after}"
    assert not naming.names(naming.erased(text))
