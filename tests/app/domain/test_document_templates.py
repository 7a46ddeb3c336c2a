"""Document templates: what is read, and where a broken one is broken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.templates import shipped
from app.domain import document_templates
from app.domain.document_kinds import KINDS
from app.domain.document_templates import (
    Signer,
    Template,
    completed,
    each_filled,
    filled,
    read,
    written,
)
from app.domain.refusals import Refusal


def minutes() -> dict[str, Any]:
    """The shipped minutes as plain data, to be broken."""
    found: dict[str, Any] = json.loads(written(shipped("minutes")))
    return found


def refused(kind: str, value: object) -> Refusal:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(Refusal) as caught:
        read(kind, data)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_template_of_each_kind_names_every_section_once(kind: str) -> None:
    template = shipped(kind)
    assert sorted(one.name for one in template.sections) == sorted(KINDS[kind].sections)
    assert read(kind, written(template)) == template


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("sections", 8, "text"), "Levée à {heure_cloture}.",
         "section « Formule finale », texte : la variable"
         " {heure_cloture} n'existe pas, écrivez {heure_clôture} ou retirez-la."),
        (("sections", 8, "text"), "À {zzz}.",
         "section « Formule finale », texte : la variable {zzz} n'existe"
         " pas, choisissez-en une de la liste ou retirez-la."),
        (("sections", 1, "heading"), " ",
         "section « Présences », titre : le titre manque, écrivez-en un."),
        (("sections", 1, "heading"), "Qui {est là",
         "section « Présences », titre : une accolade y est seule,"
         " fermez-la ou retirez-la."),
        (("sections", 1, "shown"), False,
         "section « Présences » : cette section ne peut pas être retirée,"
         " cochez-la."),
        (("sections", 9, "signers", 1, "name"), "x" * 201,
         "section « Signatures », signature n° 2, nom : il ne peut compter"
         " que 200 caractères, raccourcissez-le."),
        (("sections", 1, "heading"), "Qui est\nlà",
         "section « Présences », titre : il tient sur une ligne, retirez le retour."),
        (("sections", 9, "signers", 0, "role"), "Le\nmaire",
         "section « Signatures », signature n° 1, qualité : il tient sur une ligne,"
         " retirez le retour."),
        (("sections", 9, "signers", 0, "name"), "Anne\nMartin",
         "section « Signatures », signature n° 1, nom : il tient sur une ligne,"
         " retirez le retour."),
        (("sections", 2, "heading"), 3,
         "section « Quorum », titre : il faut un texte."),
        (("sections", 9, "signers"), [{"role": "Le maire"}] * 5,
         "section « Signatures », signatures : il faut de une à 4"
         " signatures."),
        (("sections", 9, "signers"), [],
         "section « Signatures », signatures : il faut de une à 4"
         " signatures."),
        (("sections", 2, "name"), "attendance",
         "section « Présences » : elle est là deux fois, retirez-en une."),
        (("sections", 2, "name"), "quorums",
         "section n° 3, nom : cette valeur n'existe pas : choisissez parmi"
         " preamble, attendance, quorum, agenda, follow_up, items, other_needs, actions, closing,"
         " signatures."),
        (("sections", 2, "colour"), "red",
         "section n° 3, « colour » : ce champ n'existe pas."),
        (("kind",), "agenda", "genre : il faut « minutes »."),
        (("sections",), [],
         "sections : la section « Présences » manque, ajoutez-la."),
    ],
)  # fmt: skip
def test_a_broken_template_says_where_and_what_to_do(
    place: tuple[Any, ...], value: object, sentence: str
) -> None:
    broken = minutes()
    target: Any = broken
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    assert refused("minutes", broken).sentence == f"Modèle « Procès-verbal », {sentence}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"kind": "minutes",\n "sections": [}', "ligne 2, colonne 15"),
        (b"\xff", "UTF-8"),
        (b"[]", "il faut un objet JSON"),
        (b"[" * 100_000, "imbriquées"),
        (b" " * 200_000, "ligne 1"),
        (b" " * 200_001, "trop grand"),
    ],
)
def test_what_is_no_template_at_all_is_refused_by_its_place(data: bytes, said: str) -> None:
    assert said in refused("minutes", data).sentence


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=100)
def test_no_bytes_do_worse_than_a_refusal(data: bytes) -> None:
    refused("decisions", data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "heading", "text", "signers", "role"]), inside)
    ),
    max_leaves=8,
)


@given(st.integers(0, 9), st.sampled_from(["name", "heading", "text", "signers", "shown"]), _JSON)
@settings(max_examples=200)
def test_any_value_in_any_place_is_taken_or_refused(rank: int, name: str, value: object) -> None:
    odd = minutes()
    odd["sections"][rank][name] = value
    try:
        template = read("minutes", json.dumps(odd).encode())
    except Refusal as refusal:
        assert refusal.sentence.startswith("Modèle « Procès-verbal »")
    else:
        assert read("minutes", written(template)) == template


def test_words_are_taken_in_nfc() -> None:
    decomposed = minutes()
    decomposed["sections"][8]["text"] = "À {heure_clo\u0302ture}"
    template = read("minutes", json.dumps(decomposed).encode())
    assert template.sections[8].text == "À {heure_clôture}"


def test_a_line_whose_variable_has_no_value_is_left_out() -> None:
    values = {"commission": "Morvan", "heure_clôture": ""}
    words = "Levée à {heure_clôture}.\nPour {commission}, {commission}."
    assert filled(words, values) == "Pour Morvan, Morvan."
    assert filled("{commission}", {"commission": "{commission}"}) == "{commission}"


def test_words_are_filled_once_for_each_person_and_once_for_nobody() -> None:
    values = {"secrétaires": ("Anne", "Paul"), "président": "Zoé", "absents": ()}
    words = "{secrétaires}, sous {président}"
    assert each_filled(words, values) == ["Anne, sous Zoé", "Paul, sous Zoé"]
    assert each_filled("{président}", values) == ["Zoé"]
    assert each_filled("{absents}", values) == [""]


def test_four_may_sign() -> None:
    signed = minutes()
    signed["sections"][9]["signers"] = [{"role": "Le maire"}] * 4
    assert len(read("minutes", json.dumps(signed).encode()).sections[9].signers) == 4


def test_what_a_template_leaves_out_comes_last_and_unticked_to_the_editor() -> None:
    kept = tuple(one for one in shipped("minutes").sections if one.name != "preamble")
    whole = completed(Template(kind="minutes", sections=kept), shipped("minutes"))
    assert (whole.sections[-1].name, whole.sections[-1].shown) == ("preamble", False)


def test_signature_blocks_need_a_role_or_a_name() -> None:
    sections = tuple(
        document_templates.Section(name=one.name, heading=one.heading, signers=(Signer(role=""),))
        if one.signers else one for one in shipped("minutes").sections
    )  # fmt: skip
    with pytest.raises(Refusal, match="signature n° 1, qualité : la qualité manque"):
        document_templates.checked(Template(kind="minutes", sections=sections))
