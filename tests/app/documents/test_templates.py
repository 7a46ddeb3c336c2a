"""Documents follow their template: order, headings, phrases, signature blocks."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from app.documents.addendum import addendum
from app.documents.agenda import agenda
from app.documents.attendance_sheet import attendance_sheet
from app.documents.bulletin import bulletin
from app.documents.convocations import convocations
from app.documents.decisions import decisions
from app.documents.document import Document, Letterhead
from app.documents.minutes import minutes
from app.documents.needs_report import needs_report
from app.documents.solution_sheet import solution_sheet
from app.documents.templates import shipped
from app.documents.vote_pack import vote_pack
from app.domain.document_kinds import KINDS
from app.domain.document_templates import Section, Signer, Template, checked
from app.domain.records import Person
from tests.app.documents import reading
from tests.app.documents.meetings import MADE, correction, whole_meeting
from tests.app.documents.solutions import communes, needs, notes, solution_file
from tests.app.domain.builders import Scene, record, uid

LETTERHEAD = Letterhead()
MAKINGS: dict[str, Callable[[Template], Document]] = {
    "minutes": lambda t: minutes(whole_meeting(), LETTERHEAD, MADE, template=t),
    "decisions": lambda t: decisions(whole_meeting(), LETTERHEAD, MADE, t),
    "agenda": lambda t: agenda(whole_meeting(), LETTERHEAD, MADE, t),
    "convocations": lambda t: convocations(whole_meeting(), LETTERHEAD, MADE, template=t),
    "attendance-sheet": lambda t: attendance_sheet(whole_meeting(), LETTERHEAD, MADE, template=t),
    "bulletin": lambda t: bulletin(
        "Pays de Nuits", notes(4), list(communes(3).values()), LETTERHEAD, MADE, template=t
    ),
    "vote-pack": lambda t: vote_pack(solution_file(2), LETTERHEAD, MADE, t),
    "solution-sheet": lambda t: solution_sheet(solution_file(2), LETTERHEAD, MADE, t),
    "needs-report": lambda t: needs_report(needs(4), LETTERHEAD, MADE, t),
    "addendum": lambda t: addendum(
        whole_meeting(), *correction(whole_meeting()), LETTERHEAD, MADE, template=t
    ),
}


def changed(kind: str, **words: dict[str, object]) -> Template:
    """The shipped template with some sections changed."""
    sections = tuple(
        msgspec.structs.replace(one, **words.get(one.name, {})) for one in shipped(kind).sections
    )
    return checked(Template(kind=kind, sections=sections))


def everything(kind: str) -> Template:
    """A template that turns the order round, and has a word and all variables wherever it may."""
    every = " ".join(f"{{{name}}}" for name in KINDS[kind].variables)
    sections: list[Section] = []
    for one in reversed(shipped(kind).sections):
        rules = KINDS[kind].sections[one.name]
        sections.append(
            msgspec.structs.replace(
                one,
                shown=True,
                heading="" if rules.heading == "no" else f"Titre {one.name}",
                text=f"Phrase {one.name}\n{every}" if rules.text else "",
                signers=tuple(Signer(role=f"Rôle {n}", name="") for n in range(3))
                if rules.signers else (),
            )
        )  # fmt: skip
    return checked(Template(kind=kind, sections=tuple(sections)))


@pytest.mark.parametrize("kind", KINDS)
def test_any_order_and_any_words_stay_accessible_and_archivable(kind: str) -> None:
    template = everything(kind)
    data = MAKINGS[kind](template).data
    assert reading.faults(data) == []
    assert reading.overlaps(data) == []
    said = reading.text(data)
    # the letter of a vote pack comes after the deliberation, whatever the order
    texts = [one.name for one in template.sections if one.text and one.name != "letter"]
    places = [said.find(f"Phrase {name}") for name in texts]
    assert -1 not in places
    assert places == sorted(places)
    if any(one.signers for one in template.sections):
        assert "Rôle 0" in said
        assert "Rôle 2" in said


def test_a_list_in_the_phrases_of_a_letter_is_printed_as_one_at_its_edge() -> None:
    template = changed("convocations", closing={"text": "Apportez :\n- le pouvoir\n- la clé"})
    data = MAKINGS["convocations"](template).data
    assert "Lbl: –\n        LBody: le pouvoir" in reading.listing(data)
    letter, item = (reading.box_of(data, words)[0] for words in ("Apportez", "le pouvoir"))
    assert item == pytest.approx(letter + 12 / reading.MM, abs=0.5)


def test_minutes_take_their_headings_and_their_order_from_the_template() -> None:
    template = changed(
        "minutes",
        attendance={"heading": "Appel de la {séance}"},
        actions={"shown": False},
        preamble={"shown": True, "text": "Sur convocation de {présidence}."},
    )
    preamble, attendance, *others = template.sections
    moved = Template(kind="minutes", sections=(attendance, preamble, *others))
    data = minutes(whole_meeting(), LETTERHEAD, MADE, template=moved).data
    said = reading.text(data)
    assert "Appel de la séance n° 3 du vendredi 19 mars 2027" in said
    assert "Suites à donner 4" not in said
    assert (
        said.index("Appel de la") < said.index("Sur convocation de") < said.index("Ordre du jour")
    )


def test_each_of_several_secretaries_has_a_place_to_sign_and_a_phrase_names_them_all() -> None:
    file = whole_meeting(secretary_ids=(uid("titular 2"), uid("titular 3"), uid("titular 4")))
    template = changed("minutes", preamble={"shown": True, "text": "Secrétariat : {secrétariat}."})
    data = minutes(file, LETTERHEAD, MADE, template=template).data
    said = reading.text(data)
    assert "Secrétariat : Paul Petit, Zoé L’Hôte et Émile Œuvrard." in said
    signed = said[said.index("Signatures") :]
    for name in ("Paul Petit", "Zoé L’Hôte", "Émile Œuvrard"):
        assert f"Le secrétariat de séance {name}" in signed
    assert reading.overlaps(data) == []
    assert reading.faults(data) == []


def test_who_signs_as_secretary_is_asked_for_before_it_is_known() -> None:
    said = reading.text(minutes(whole_meeting(secretary_ids=()), LETTERHEAD, MADE).data)
    assert said.endswith("Anne Roy Le secrétariat de séance")


def test_a_closing_that_depends_on_an_hour_not_known_yet_is_left_out() -> None:
    data = minutes(whole_meeting(closed_at=None), LETTERHEAD, MADE).data
    said = reading.text(data)
    assert "Clôture" not in said
    assert "levée à" not in said


def picture() -> bytes:
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (300, 100), (10, 60, 110)).save(stream, "PNG")
    return stream.getvalue()


def test_a_logo_without_a_name_is_set_as_far_from_the_title_as_with_one() -> None:
    def top(operator: str) -> float:
        letterhead = Letterhead(operator=operator, logo=picture())
        data = minutes(whole_meeting(), letterhead, MADE).data
        return reading.box_of(data, "Pays de Nuits")[1]

    assert 2 < top("GIP") - top("") < 7  # millimetres: the line of the name, and no more


def test_a_logo_stands_above_the_sender_of_a_letter_and_is_read_aloud() -> None:
    letterhead = Letterhead(logo=picture(), logo_words="Blason du Morvan")
    data = convocations(whole_meeting(), letterhead, MADE).data
    assert reading.faults(data) == []
    assert reading.overlaps(data) == []
    figures = [node.text for node in reading.structure(data) if node.role == "Figure"]
    assert set(figures) == {"Logo : Blason du Morvan"}


def test_a_draft_deliberation_bears_neither_the_name_nor_the_logo_of_another() -> None:
    letterhead = Letterhead(operator="Opérateur", logo=picture())
    data = vote_pack(solution_file(1), letterhead, MADE).data
    act, _, annex = (one for one in reading.listing(data).split("\n  Sect\n") if "H1" in one)
    assert "Opérateur" not in act
    assert "Figure" not in act
    assert "P: Opérateur" in annex
    top = reading.box_of(data, "Vougeot")[1]
    assert top < 31


def test_a_convocation_of_eight_items_holds_on_a_page_under_a_whole_letterhead() -> None:
    """Items of two lines among them, and a signer of four lines."""
    scene = Scene(
        1, number=12, place="Salle du conseil, 3 rue Jean Moulin, 21700 Nuits-Saint-Georges"
    )
    for place in range(8):
        title = "Sauvegarde mutualisée : choix de l'offre et de la clé de répartition"
        more = ", puis désignation de deux membres" if place < 5 else ""
        scene.item(place, title=title + more, presenter="Anne Roy", planned_minutes=10)
    chair = Person(first_name="Jean-François", last_name="Bouhélier de La Tour-du-Pin")
    scene.persons[uid("titular 1")] = record(chair, uid("titular 1"))
    address = (
        "Hôtel de Région\n4, square Castan\nCS 51857\n25031 Besançon Cedex\nTél. 03 80 27 04 20"
    )
    letterhead = Letterhead(address=address, logo=picture())
    role = "Le président de la commission,\nvice-président au numérique"
    signer = Signer(role=role, name="{présidence}")
    template = shipped("convocations")
    sections = tuple(
        msgspec.structs.replace(one, signers=(signer,)) if one.name == "signatures" else one
        for one in template.sections
    )
    signed = msgspec.structs.replace(template, sections=sections)
    data = convocations(scene.file(), letterhead, MADE, template=signed).data
    assert reading.overlaps(data) == []
    (page,) = reading.page_texts(data)
    assert "\nJean-François Bouhélier de La\nTour-du-Pin" in page.replace(" \r", "")


@pytest.mark.parametrize("length", [0, 1, 20, 60])
def test_what_is_told_about_the_data_stands_at_the_foot_of_each_letter(length: int) -> None:
    """However long: it takes from the text what the margin lacks."""
    words = " ".join(f"{{opérateur}} garde vos coordonnées ({n})." for n in range(length))
    told = msgspec.structs.replace(
        shipped("convocations").sections[-1], text=words, shown=length > 0
    )
    scene = Scene(2)
    for place in range(12):
        scene.item(place)
    template = shipped("convocations")
    longer = msgspec.structs.replace(template, sections=(*template.sections[:-1], told))
    data = convocations(scene.file(), LETTERHEAD, MADE, template=longer).data
    assert reading.overlaps(data) == []
    pages = reading.page_texts(data)
    firsts = [page for page in pages if "Page 1 /" in page]
    assert len(firsts) == 2
    for number in range(length):
        sentence = f"garde vos coordonnées ({number})."
        assert all(sentence in " ".join(page.split()) for page in firsts)
    assert "coordonnées" in "".join(pages) or not length
