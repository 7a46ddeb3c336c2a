"""Every kind of document, small and huge: accessible, archivable, legible, the same each time."""

from __future__ import annotations

import dataclasses
import io
import os
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import getaddresses
from functools import cache, partial
from typing import Any

import msgspec
import pikepdf
import pytest
from icalendar import Calendar

from app.documents.addendum import addendum
from app.documents.agenda import agenda
from app.documents.attendance_sheet import attendance_sheet
from app.documents.bulletin import Telling, bulletin
from app.documents.calendars import Deadline, calendar, invitation
from app.documents.convocations import convocations
from app.documents.cover_note import cover_note
from app.documents.decisions import decisions
from app.documents.document import Document, Letterhead
from app.documents.drafts import draft
from app.documents.minutes import minutes
from app.documents.needs_report import Needs, needs_report
from app.documents.qr import modules
from app.documents.sealed import fingerprint, sealed_addendum, sealed_minutes
from app.documents.solution_sheet import SolutionFile, solution_sheet
from app.documents.templates import shipped
from app.documents.vote_pack import vote_pack
from app.domain import wording
from app.domain.canonical import canonical
from app.domain.follow_up import Became
from app.domain.meeting_file import MeetingFile
from app.domain.records import (
    Audience,
    Commitment,
    Minutes,
    Organisation,
    Person,
    Solution,
    WatchNote,
)
from app.domain.wording import NO_BREAK, plain
from app.territory import postal_codes
from tests.app.documents import reading
from tests.app.documents.meetings import (
    MADE,
    ODD,
    correction,
    empty_meeting,
    filled_with,
    huge_meeting,
    long_meeting,
    unattended_meeting,
    whole_meeting,
)
from tests.app.documents.solutions import PLAN, communes, need, needs, notes, solution_file
from tests.app.domain.builders import Scene, at, record, uid

LETTERHEAD = Letterhead(address="3 bis, rue de Suzon\n21000 Dijon")
Making = Callable[[], Document]


def corrections(file: MeetingFile, words: str) -> Document:
    return addendum(file, *correction(file, words), LETTERHEAD, MADE)


def makings() -> dict[str, Making]:
    """Every kind on little, much, and what is odd."""
    found: dict[str, Making] = {}
    for size, file in (
        ("empty", empty_meeting()), ("whole", whole_meeting()), ("huge", huge_meeting()),
        ("deliberative", whole_meeting("deliberative")),
    ):  # fmt: skip
        for make in (minutes, decisions, agenda, attendance_sheet, convocations):
            found[f"{make.__name__}-{size}"] = partial(make, file, LETTERHEAD, MADE)
    found["minutes-unattended"] = partial(minutes, unattended_meeting(), LETTERHEAD, MADE)
    found["addendum"] = lambda: corrections(whole_meeting(), "Lire « 8 pour ».")
    found["bulletin-commune"] = lambda: bulletin(
        "Vougeot", notes(4), list(communes(1).values()), LETTERHEAD, MADE
    )
    found["addendum-odd"] = lambda: corrections(empty_meeting(), f"{ODD}\n{'mot ' * 20000}")
    for number in (0, 3, 400):
        found |= _of_a_size(number)
    return found


def _of_a_size(n: int) -> dict[str, Making]:
    concerned = list(communes(max(n, 1)).values())
    return {
        f"solution-{n}": lambda: solution_sheet(solution_file(n, needs=n), LETTERHEAD, MADE),
        f"vote-{n}": lambda: vote_pack(solution_file(min(n, 40)), LETTERHEAD, MADE),
        f"needs-{n}": lambda: needs_report(needs(n), LETTERHEAD, MADE),
        f"bulletin-{n}": lambda: bulletin(
            "Pays de Nuits", notes(min(n, 100)), concerned, LETTERHEAD, MADE
        ),
    }


MAKINGS = makings()


@cache
def made(kind: str) -> bytes:
    """The paper of a kind, made once for all that is read in it."""
    return MAKINGS[kind]().data


GOLDEN = (
    "minutes-whole", "minutes-unattended", "decisions-whole", "agenda-whole",
    "attendance_sheet-whole", "convocations-whole", "addendum", "solution-3", "vote-3", "needs-3",
    "bulletin-3", "bulletin-commune",
)  # fmt: skip
"""The kinds whose words are kept in `golden`, as a blind reader hears them: `reading.listing`."""


@pytest.mark.parametrize("kind", MAKINGS)
def test_each_kind_is_accessible_archivable_and_legible(kind: str) -> None:
    data = made(kind)
    assert reading.faults(data) == []
    assert reading.tables_without_head(data) == 0
    assert reading.fonts_not_embedded(data) == []
    assert reading.smallest_print(data) >= 8
    assert reading.darkest(data) == 0
    assert reading.ink_near_edges(data) == []
    assert reading.overlaps(data) == []


@pytest.mark.parametrize(
    "kind", [kind for kind in MAKINGS if "huge" not in kind and "400" not in kind]
)
def test_each_kind_has_the_same_bytes_each_time(kind: str) -> None:
    assert MAKINGS[kind]().data == made(kind)


@pytest.mark.parametrize("kind", GOLDEN)
def test_each_kind_says_everything_in_reading_order(kind: str) -> None:
    golden, heard = reading.GOLDEN / f"{kind}.txt", reading.listing(made(kind))
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(heard + "\n", "utf-8")
    known = golden.read_text("utf-8").rstrip("\n") if golden.exists() else ""
    assert heard == known, f"if it is meant, run with GOLDEN=write, and read {golden.name} again"


LISTED = "Il faut :\n• un lot\n• deux ans"
LISTING: dict[str, Making] = {
    "minutes": lambda: minutes(filled_with(whole_meeting(), LISTED), LETTERHEAD, MADE),
    "needs": lambda: needs_report(filled_with(needs(2), LISTED), LETTERHEAD, MADE),
    "solution": lambda: solution_sheet(filled_with(solution_file(1), LISTED), LETTERHEAD, MADE),
    "bulletin": lambda: bulletin(
        "Nuits", filled_with(notes(1), LISTED), list(communes(1).values()), LETTERHEAD, MADE
    ),
}


@pytest.mark.parametrize(
    ("kind", "lists"), [("minutes", 12), ("needs", 2), ("solution", 1), ("bulletin", 2)]
)
def test_what_is_typed_as_a_list_is_printed_as_one_in_each_long_text(kind: str, lists: int) -> None:
    heard = reading.listing(LISTING[kind]().data)
    assert heard.count("Lbl: •") == 2 * lists
    assert heard.count("LBody: deux ans") == lists


def test_odd_characters_are_named_and_kept_for_who_listens() -> None:
    document = minutes(huge_meeting(), LETTERHEAD, MADE)
    assert document.missing_glyphs == tuple(sorted(set("😀محمد\u202e")))
    assert "<b>Zoé</b> & fils 😀 محمد é" in reading.text(document.data)


def test_a_deliberative_body_prints_a_draft_until_the_approval() -> None:
    def titles(file: MeetingFile) -> str:
        return reading.text(minutes(file, LETTERHEAD, MADE).data)

    assert "Projet de procès-verbal" in titles(whole_meeting("deliberative"))
    assert "Projet" not in titles(whole_meeting("deliberative", status="approved"))
    assert "Projet" not in titles(whole_meeting())


def test_what_is_left_to_do_is_listed_in_the_order_of_the_agenda() -> None:
    file = whole_meeting()
    other = dataclasses.replace(file, actions=file.actions[::-1])
    table = [reading.listing(decisions(one, LETTERHEAD, MADE).data).rsplit("H2", 1)[1]
             for one in (file, other)]  # fmt: skip
    assert table[0].count("TR") == 3
    assert table[0] == table[1]


@pytest.mark.parametrize(
    ("kind", "name", "council"),
    [
        ("commune", "Le Creusot", "Le conseil municipal"),
        ("epci", "CC du Morvan", "Le conseil communautaire"),
        ("syndicat", "SIVOM de l'Auxois", "Le comité syndical"),
        ("other", "Office du tourisme", "Le conseil"),
    ],
)
def test_a_vote_pack_names_the_council_of_each_kind_of_body(
    kind: str, name: str, council: str
) -> None:
    file = solution_file(1)
    (key,) = (one.fields.organisation_id for one in file.commitments)
    fields = msgspec.structs.replace(file.organisations[key].fields, kind=kind, name=name)
    places = {key: msgspec.structs.replace(file.organisations[key], fields=fields)}
    file = dataclasses.replace(file, organisations=places)
    said = reading.text(vote_pack(file, LETTERHEAD, MADE).data)
    assert f"{council}, après en avoir délibéré, décide" in said
    body = "Commune du Creusot" if kind == "commune" else name.replace("'", "’")
    assert said.startswith(f"{body} Projet de délibération")
    whom = wording.of_place(name).replace("'", "’")
    assert f"le {council.removeprefix('Le ')} {whom} a décidé" in said


def test_a_vote_pack_leaves_the_name_of_a_solution_without_title_to_be_filled_in() -> None:
    file = solution_file(1)
    fields = msgspec.structs.replace(file.solution.fields, title=" ")
    file = dataclasses.replace(file, solution=record(fields, file.solution.id))
    said = reading.text(vote_pack(file, LETTERHEAD, MADE).data)
    assert "la solution mutualisée « ……………………" in said
    assert "participer à la solution « ……………………" in said
    assert "« la solution »" not in said


def test_a_vote_pack_considers_the_shares_only_where_they_are_annexed() -> None:
    file = solution_file(2)
    considered = "Considérant la répartition des coûts jointe en annexe,"
    for plan, times in ((PLAN, 2), (None, 0), (PLAN | {"offers": []}, 0)):
        fields = msgspec.structs.replace(file.solution.fields, plan=plan)
        costed = dataclasses.replace(file, solution=record(fields, file.solution.id))
        said = plain(reading.text(vote_pack(costed, LETTERHEAD, MADE).data))
        assert said.count(considered) == times


def test_a_commune_that_pays_nothing_votes_no_credits() -> None:
    data = vote_pack(solution_file(12), LETTERHEAD, MADE).data
    exempt, paying = (
        reading.listing(data).split("H1: Projet de délibération")[rank] for rank in (1, 4)
    )
    assert "Sauvegarde mutualisée », sans participation financière, sur 4 ans ;" in exempt
    assert "crédits" not in exempt
    assert exempt.count("Lbl: Article") == 2
    assert "pour un montant de" in paying
    assert "d’inscrire les crédits correspondants au budget ;" in paying


def test_a_share_far_above_the_price_alone_keeps_its_per_cent_on_one_line() -> None:
    pages = reading.page_texts(solution_sheet(solution_file(3), LETTERHEAD, MADE).data)
    assert re.search(r"^Agencourt .*−171,7.%$", "\n".join(pages).replace("\r", ""), re.MULTILINE)


def test_an_amount_of_millions_stays_on_one_line() -> None:
    file = solution_file(12)
    tiers = [{"from_participants": 1, "setup_cents": 500_000_000}]
    plan = PLAN | {"offers": [{"id": "A", "supplier": "", "tiers": tiers}]}
    fields = msgspec.structs.replace(file.solution.fields, plan=plan)
    file = dataclasses.replace(file, solution=record(fields, file.solution.id))
    pages = "\n".join(reading.page_texts(solution_sheet(file, LETTERHEAD, MADE).data))
    row = re.search(r"^Ensemble .*$", pages.replace("\r", ""), re.MULTILINE)
    assert row and re.sub(r"\D", "", row[0]).startswith("8202499850000599820000")
    assert row[0].count("€") == 4


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"subsidy_cents": 0}, None),
        ({"subsidy_cents": 30_000}, "600,00 € 300,00 € 360,00 €"),
        ({"subsidy_cents": 0, "key": {"kind": "equal", "cap_cents": 15_000}}, "600,00 € 540,00 €"),
    ],
)
def test_the_total_of_a_single_offer_is_told_where_its_shares_do_not_add_up_to_it(
    changes: dict[str, Any], told: str | None
) -> None:
    file = solution_file(3)
    offer = {"id": "A", "supplier": "", "tiers": [{"from_participants": 1, "setup_cents": 60_000}]}
    plan = PLAN | {"exempt_below_population": 0, "key": {"kind": "equal"}, "offers": [offer]}
    fields = msgspec.structs.replace(file.solution.fields, plan=plan | changes)
    file = dataclasses.replace(file, solution=record(fields, file.solution.id))
    for make in (solution_sheet, vote_pack):
        said = re.sub(r"[\s\u202f]+", " ", reading.text(make(file, LETTERHEAD, MADE).data))
        assert ("Total HT" in said) is (told is not None)
        assert told is None or told in said


def test_the_costs_say_by_which_rules_they_are_shared() -> None:
    file = solution_file(3)
    strata = [{"from": 0, "weight": "1"}, {"from": 500, "weight": "2.5"}]
    plan = PLAN | {"subsidy_cents": 0, "key": {"kind": "strata", "strata": strata}}
    fields = msgspec.structs.replace(file.solution.fields, plan=plan)
    file = dataclasses.replace(file, solution=record(fields, file.solution.id))
    said = reading.text(vote_pack(file, LETTERHEAD, MADE).data)
    assert "TVA : 20 %" in said
    assert "Strates : dès 0 habitant : 1 ; dès 500 habitants : 2,5" in said
    assert "ubvention" not in said


def test_the_costs_say_of_which_year_the_inhabitants_are() -> None:
    file = solution_file(4)
    years = dict(zip(file.organisations, (2023, 2023, 2019, None), strict=False))
    places = {
        key: msgspec.structs.replace(
            one, fields=msgspec.structs.replace(one.fields, population_year=years.get(key))
        )
        for key, one in file.organisations.items()
    }
    said = reading.text(
        solution_sheet(dataclasses.replace(file, organisations=places), LETTERHEAD, MADE).data
    )
    agencourt, arcenant = (places[key].fields.name for key in list(places)[2:4])
    assert (
        f"Habitants : population de 2023, de 2019 pour {agencourt}, d’une année non précisée pour"
        f" {arcenant}." in said
    )


def test_communes_of_one_name_are_told_apart_on_the_papers_of_a_solution() -> None:
    file = solution_file(3)
    places = {
        key: msgspec.structs.replace(
            one, fields=msgspec.structs.replace(one.fields, name="Nolay", department=department)
        )
        for (key, one), department in zip(file.organisations.items(), ("58", "21"), strict=False)
    }
    file = dataclasses.replace(file, organisations=file.organisations | places)
    outline = reading.bookmarks(vote_pack(file, LETTERHEAD, MADE).data)
    assert {"Projet de délibération, Nolay (21)", "Lettre d’adhésion, Nolay (58)"} < set(outline)
    said = reading.text(solution_sheet(file, LETTERHEAD, MADE).data)
    assert not re.search(r"Nolay(?! \()", said)
    assert said.index("Nolay (21) intéressée") < said.index("Nolay (58) engagée")


def test_the_chart_of_many_stands_under_its_heading() -> None:
    pages = reading.page_texts(solution_sheet(solution_file(40), LETTERHEAD, MADE).data)
    (page,) = (one for one in pages if one.startswith("Fiche") and "Ensemble et seule" in one)
    assert re.search(r"Seule\b(?!, HT)", page)
    assert "Les 28 montants les plus élevés" in page


@pytest.mark.parametrize("make", [solution_sheet, vote_pack])
def test_a_solution_without_a_cost_plan_is_told_to_who_reads_it(
    make: Callable[..., Document],
) -> None:
    file = solution_file(2)
    fields = msgspec.structs.replace(file.solution.fields, plan=None)
    bare = msgspec.structs.replace(file.solution, fields=fields)
    said = reading.text(make(dataclasses.replace(file, solution=bare), LETTERHEAD, MADE).data)
    assert "Les coûts ne sont pas encore établis." in said
    assert "saisissez" not in said


@pytest.mark.parametrize("make", [minutes, decisions, agenda, attendance_sheet, convocations])
def test_a_subject_names_a_commission_of_any_name_without_a_fault(
    make: Callable[..., Document],
) -> None:
    file = whole_meeting()
    fields = msgspec.structs.replace(file.commission.fields, name="Commission du Morvan")
    commission = msgspec.structs.replace(file.commission, fields=fields)
    made = make(dataclasses.replace(file, commission=commission), LETTERHEAD, MADE)
    assert reading.subject(made.data).endswith(f"{NO_BREAK}: Commission du Morvan")


def test_a_paper_says_of_itself_the_words_of_its_pages_as_they_are_spelt_there() -> None:
    operator = dataclasses.replace(LETTERHEAD, operator="GIP de l'Ouche")
    made = attendance_sheet(whole_meeting(), operator, MADE).data
    with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as about:
        told = pdf.docinfo
        assert str(told["/Title"]).startswith("Feuille d’émargement, séance")
        assert str(told["/Author"]) == "GIP de l’Ouche"
        assert str(told["/Subject"]) == f"Feuille d’émargement{NO_BREAK}: Pays de Nuits"
        assert (about["dc:title"], about["dc:description"]) == (told["/Title"], told["/Subject"])


def test_past_midnight_an_hour_says_its_day() -> None:
    late = "2027-03-20T00:{}:00+01:00".format
    scene = Scene(3, closed_at=late(25), ends_at=late(15))
    scene.sheet(1, "present", ("18:30", late(10)))
    scene.sheet(2, "present", (late("05"), None))
    scene.present(3)
    item = scene.item(1, started="23:50", ended_at=late(20))
    scene.item(2, started=late(21))
    scene.ballot(item, held=late(12), for_count=2)
    file, day = scene.file(), "le samedi 20 mars 2027"
    said = reading.text(minutes(file, LETTERHEAD, MADE).data)
    for words in (
        f"Clôture : 0 h 25 {day}", f"La séance est levée à 0 h 25 {day}.",
        f"De 23 h 50 à 0 h 20 {day}", f"À 0 h 21 {day}", f"de 18 h 30 à 0 h 10 {day}",
        f"à partir de 0 h 05 {day}", f"Vote à main levée, à 0 h 12 {day} : 2 votants. Avis",
        "Ouverture : 18 h 30 Clôture",
    ):  # fmt: skip
        assert words in said
    undated = Scene(1, starts_at=None, opened_at=None, closed_at=late(25)).file()
    assert "Clôture : 0 h 25 " in reading.text(minutes(undated, LETTERHEAD, MADE).data)
    assert day not in reading.text(minutes(undated, LETTERHEAD, MADE).data)
    assert f"Fin prévue : 0 h 15 {day}" in reading.text(agenda(file, LETTERHEAD, MADE).data)


def test_without_a_letterhead_the_title_stands_at_the_head_of_the_page() -> None:
    data = agenda(whole_meeting(), Letterhead(operator=""), MADE).data
    _, top, _, _ = reading.box_of(data, "Pays de Nuits")
    assert top < 31


def test_a_long_presenter_stands_under_the_title_and_others_in_their_column() -> None:
    scene = Scene(1)
    scene.item(1, title="Sauvegarde", presenter="Paul Roy", planned_minutes=10)
    short = reading.text(agenda(scene.file(), LETTERHEAD, MADE).data)
    assert "Rapporteur Heure Durée" in short
    long = "Mme Anne-Marie Martin, vice-présidente de la communauté de communes aux services"
    scene.item(2, title="Fibre", presenter=long)
    said = reading.text(agenda(scene.file(), LETTERHEAD, MADE).data)
    assert f"Fibre Rapporteur : {long}" in said
    assert "Sauvegarde Rapporteur : Paul Roy" in said
    assert "Rapporteur Heure" not in said


def test_a_withdrawn_item_takes_no_time_on_the_agenda() -> None:
    scene = Scene(1)
    scene.item(1, planned_minutes=10)
    scene.item(2, planned_minutes=45, withdrawn=True)
    said = reading.text(agenda(scene.file(), LETTERHEAD, MADE).data)
    assert "10 min" in said
    assert "45" not in said


def test_the_hours_of_an_agenda_are_written_alike_to_stand_in_a_column() -> None:
    scene = Scene(1)
    for place in (1, 2):
        scene.item(place, planned_minutes=30)
    assert "18 h 30 30 min" in reading.text(agenda(scene.file(), LETTERHEAD, MADE).data)
    assert "19 h 00 30 min" in reading.text(agenda(scene.file(), LETTERHEAD, MADE).data)


def test_what_was_noted_on_a_withdrawn_item_stays_in_the_minutes() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item(1, title="Fibre", notes="Le rapporteur est retenu.", withdrawn=True)
    decided = scene.item(2, title="Adresses", notes="", withdrawn=True)
    scene.item(3, title="Silence", notes="", withdrawn=True)
    scene.add("decision", agenda_item_id=decided, text="Le point est renvoyé.")
    scene.add("need", agenda_item_id=decided, title="Numéroter les rues")
    headings = [
        [node.text for node in reading.structure(make(scene.file(), LETTERHEAD, MADE).data)
         if node.role == "H2" and node.text[0].isdigit()]
        for make in (minutes, decisions)
    ]  # fmt: skip
    second = "2. Adresses (retiré de l’ordre du jour)"
    assert headings == [["1. Fibre (retiré de l’ordre du jour)", second], [second]]
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert said.count("Numéroter les rues") == 1
    assert "Autres besoins" not in said


def test_an_item_that_was_not_reached_presents_nothing() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    linked = {"kind": "watch", "linked_id": uid("note"), "notes": ""}
    scene.item(1, title="Dite", **linked)
    scene.item(2, title="Non venue", started=None, **linked)
    scene.item(3, title="Notée sans heure", started=None, **linked | {"notes": "On en parle."})
    scene.item(4, title="Ouverture", kind="opening", started=None, notes="")
    note = record(WatchNote(title="Facturation électronique"), uid("note"), None)
    file = dataclasses.replace(scene.file(), watch_notes={note.id: note})
    _, *items = re.split(r"H2: (?=\d)", reading.listing(minutes(file, LETTERHEAD, MADE).data))
    assert ["Facturation électronique" in one for one in items] == [True, False, True, False]
    assert ["Point non abordé." in one for one in items] == [False, True, False, False]


def test_a_meeting_whose_starts_were_not_noted_is_not_said_to_have_missed_an_item() -> None:
    scene = Scene(3)
    scene.present(1, 2)
    scene.item(1, title="Dit de vive voix", started=None, notes="")
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "non abordé" not in said


def test_before_the_end_nothing_is_said_to_be_missed() -> None:
    scene = Scene(3, status="open", closed_at=None)
    scene.item("opening", kind="opening")
    scene.item(1, title="À venir", kind="watch", linked_id=uid("note"), started=None, notes="")
    note = record(WatchNote(title="Facturation électronique"), uid("note"), None)
    file = dataclasses.replace(scene.file(), watch_notes={note.id: note})
    said = reading.text(minutes(file, LETTERHEAD, MADE).data)
    assert "Facturation électronique" in said
    assert "non abordé" not in said


@pytest.mark.parametrize("make", [minutes, decisions, attendance_sheet])
def test_each_later_page_says_what_it_is_of_however_long_the_commission_s_name(
    make: Callable[..., Document],
) -> None:
    file = long_meeting()
    fields = msgspec.structs.replace(file.commission.fields, name="Communauté de communes " * 9)
    commission = msgspec.structs.replace(file.commission, fields=fields)
    made = make(dataclasses.replace(file, commission=commission), LETTERHEAD, MADE)
    title = reading.bookmarks(made.data)[0]
    pages = reading.page_texts(made.data)[1:]
    assert pages
    assert all(page.startswith(f"{title}, séance") for page in pages)


def test_minutes_tell_who_asked_for_a_particular_ballot() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    item = scene.item(1)
    seats = [uid(f"seat {number}") for number in (2, 1)]
    scene.ballot(item, method="secret", for_count=3, secret_requested_by=tuple(seats))
    scene.ballot(item, method="roll_call", votes={seats[0]: "for"},
                 roll_call_requested_by=(seats[0],))  # fmt: skip
    scene.ballot(item, for_count=3, appointment=True, secret_waived=True)
    for make in (minutes, decisions):
        said = reading.text(make(scene.file(), LETTERHEAD, MADE).data)
        both = "Scrutin secret demandé par Titulaire 1 (Commune 1) et Titulaire 2 (Commune 2)."
        assert said.count(both) == 1
        assert said.count("Appel nominal demandé par Titulaire 2 (Commune 2).") == 1
        assert said.count("Scrutin secret écarté à l’unanimité.") == 1
    alone = Scene(3)
    alone.present(1, 2, 3)
    alone.ballot(alone.item(), method="secret", for_count=3, appointment=True, secret_waived=True)
    assert "écarté" not in reading.text(minutes(alone.file(), LETTERHEAD, MADE).data)


def test_the_decisions_tell_of_a_quorum_lost_without_a_vote() -> None:
    scene = Scene(3)
    scene.present(1)
    scene.present(2, until="19:00")
    late = scene.item(started="19:10")
    scene.add("decision", agenda_item_id=late, text="Reporter l'achat.")
    said = reading.text(decisions(scene.file(), LETTERHEAD, MADE).data)
    assert "À l’ouverture : Quorum atteint : 2 présents sur 3" in said
    assert "Quorum non atteint : 1 présent sur 3, il en faut 2, il en manque 1. Décision" in said


def test_a_vote_stands_on_the_page_of_what_is_told_of_it() -> None:
    for above in range(20, 40):
        scene = Scene(3)
        scene.present(1, 2, 3)
        item = scene.item(notes="Échanges.\n" * above)
        aside = (uid("seat 3"),)
        scene.ballot(item, for_count=2, not_taking_part=aside)
        scene.ballot(item, method="roll_call", votes={uid("seat 1"): "for", uid("seat 2"): "for"},
                     roll_call_requested_by=aside)  # fmt: skip
        for page in reading.page_texts(minutes(scene.file(), LETTERHEAD, MADE).data):
            assert page.count("Vote à main levée") == page.count("Ne prend pas part au vote")
            assert page.count("Vote par appel nominal") == page.count("Membre ")
            assert page.count("Appel nominal demandé") == page.count("Membre ")


def test_a_quorum_that_changed_stands_on_the_page_of_what_follows_it() -> None:
    for above in range(20, 40):
        scene = Scene(3)
        scene.present(1)
        scene.present(2, until="19:00")
        scene.item(1, notes="Échanges.\n" * above)
        late = scene.item(2, started="19:10", notes="")
        scene.add("decision", agenda_item_id=late, text="Reporter l'achat.")
        for page in reading.page_texts(minutes(scene.file(), LETTERHEAD, MADE).data):
            assert page.count("Quorum non atteint") == page.count("Décision")


def test_an_action_shows_its_bold_words() -> None:
    scene = Scene(3)
    item = scene.item(1)
    scene.add("action", agenda_item_id=item, text="Écrire au **préfet**\n- puis au **maire**")
    for make in (minutes, decisions):
        data = make(scene.file(), LETTERHEAD, MADE).data
        assert reading.text(data).count("Écrire au préfet – puis au maire") == 2
        bold = " ".join(reading.words_in(data, "Bold"))
        assert bold.count("préfet") == bold.count("maire") == 2
        assert "**" not in reading.text(data)


def test_brackets_within_the_brackets_of_an_action_are_square() -> None:
    scene = Scene(1)
    for number, department in enumerate(("58", "21"), 1):
        key = uid(f"organisation {number}")
        nolay = Organisation(name="Nolay", department=department)
        scene.organisations[key] = record(nolay, key, None)
    scene.add("action", agenda_item_id=scene.item(), text="Écrire (au préfet)",
              owner="Luc (mairie)", owner_organisation_id=uid("organisation 2"))  # fmt: skip
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Écrire (au préfet) (Luc [mairie], Nolay [21])" in said
    assert "Écrire (au préfet) Luc (mairie), Nolay (21)" in said  # the table has none around


def test_a_seat_that_two_people_held_in_turn_is_present_once() -> None:
    scene = Scene(1)
    scene.seat("A", alternate=True)
    scene.present(1)
    scene.sheet("A", "present", (None, "19:00"))
    scene.sheet("A", "present", ("19:00", None), role="alternate")
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "2 membres présents, sur 2 en exercice. Présents (2)" in said
    assert "Titulaire A jusqu’à 19 h" in said
    assert "Suppléant A suppléance de Titulaire A, à partir de 19 h" in said
    scene.seat("B", alternate=True, titular_person_id=None)
    scene.sheet("B", "present", role="alternate")
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Suppléant B suppléance d’un siège sans titulaire" in said


def test_an_alternate_deputises_only_while_the_titular_is_out() -> None:
    scene = Scene(1)
    for name in "ABC":
        scene.seat(name, alternate=True)
        scene.sheet(name, role="alternate")
    scene.present(1, "A")
    scene.present("B", since="19:10")
    scene.sheet("C", "present", ("19:00", "19:30"), ("20:00", None))
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "4 membres présents, sur 4 en exercice. Présents (4)" in said
    assert said.count("Suppléant A") == 1  # who came along is a guest
    assert "Autres participants : Suppléant A (Commune A)" in said
    assert "Suppléant B suppléance de Titulaire B, jusqu’à 19 h 10" in said
    assert "suppléance de Titulaire C, jusqu’à 19 h et de 19 h 30 à 20 h" in said


def test_a_seat_without_an_alternate_of_its_own_has_no_suppleance() -> None:
    scene = Scene(1)
    empty = scene.seat("empty", titular_person_id=None)
    twice = scene.seat("twice", alternate_person_id=uid("titular twice"))
    there = {"meeting_id": scene.meeting_id, "status": "present"}
    scene.add("attendance", 1, roster_entry_id=empty, **there)
    scene.add("attendance", 2, roster_entry_id=twice, person_id=uid("titular twice"), **there)
    for make in (minutes, attendance_sheet, convocations):
        said = reading.text(make(scene.file(), LETTERHEAD, MADE).data)
        assert "suppléance d" not in said
        assert "Suppléance :" not in said
        assert "qui vous supplée" not in said


def test_before_a_meeting_has_a_date_its_papers_name_who_sits_on_the_day_they_are_made() -> None:
    scene = Scene(1, starts_at=None, opened_at=None, closed_at=None)
    scene.seat("parti", until="2027-03-01")
    scene.seat("parti aussi", voting=False, until="2027-03-01")
    scene.seat("venu", voting=False, from_="2027-03-01")
    for make in (attendance_sheet, convocations):
        said = reading.text(make(scene.file(), LETTERHEAD, MADE).data)
        assert "Titulaire parti" not in said
        assert ("Titulaire 1" in said, "Titulaire venu" in said) == (True, True)


def test_an_approval_note_names_the_addenda_in_the_order_of_their_numbers() -> None:
    file = whole_meeting()
    _, frozen = correction(file)
    held = [
        record(Minutes(number=n, frozen_at=MADE.isoformat(), addendum_to_id=frozen.id), uid(n))
        for n in (2, 1)
    ]
    file = dataclasses.replace(file, minutes=(frozen, *held))
    said = reading.text(cover_note(file, frozen, Scene(3).file(), LETTERHEAD, MADE).data)
    assert "n° 1, gelé le 19 mars 2027 et n° 2, gelé le 19 mars 2027" in said


def test_an_approval_note_gives_the_vote_that_approved_else_the_last_one() -> None:
    file = whole_meeting()
    _, frozen = correction(file)
    approving = Scene(3)
    approving.present(1, 2, 3)
    item = approving.item(kind="approval", linked_id=frozen.id)
    for vote, result in (
        ({"against_count": 3}, "Avis défavorable (3 contre)"),
        ({"for_count": 2, "against_count": 1}, "Avis favorable (2 pour, 1 contre)"),
        ({"against_count": 2}, "Avis favorable (2 pour, 1 contre)"),
    ):
        approving.ballot(item, **vote)
        note = cover_note(file, frozen, approving.file(), LETTERHEAD, MADE)
        assert f"Vote : {result}" in reading.text(note.data)


def test_a_list_of_places_puts_oe_among_the_o() -> None:
    scene = Scene(3)
    file = scene.file()
    places = dict(file.organisations)
    for number, name in enumerate(("Pagny", "Œuilly", "Orgeux"), 1):
        key = uid(f"organisation {number}")
        fields = msgspec.structs.replace(places[key].fields, name=name)
        places[key] = record(fields, key, None)
    said = reading.text(
        attendance_sheet(dataclasses.replace(file, organisations=places), LETTERHEAD, MADE).data
    )
    assert re.findall(r"Pagny|Œuilly|Orgeux", said) == ["Œuilly", "Orgeux", "Pagny"]


def test_those_whose_inhabitants_are_of_another_year_are_counted_where_they_are_many() -> None:
    years = {f"Commune {number}": 2019 if number < 21 else 2023 for number in range(50)}
    places = {
        uid(name): record(Organisation(name=name, population_year=year), uid(name), None)
        for name, year in years.items()
    }
    said = [
        record(Commitment(organisation_id=place), uid(f"said {place}"), None) for place in places
    ]
    file = dataclasses.replace(solution_file(0), commitments=said, organisations=places)
    assert file.population() == "Habitants : population de 2023, de 2019 pour 21 collectivités."


def test_a_bulletin_puts_an_accent_among_the_plain_letters() -> None:
    places = [
        record(Organisation(name=name), uid(name), None)
        for name in ("Vougeot", "Échenon", "Fixin", "Agey")
    ]
    kinds = Audience(kinds=("commune",))
    note = record(WatchNote(title="Factures", audience=kinds), uid("note"), None)
    other = record(Organisation(name="Nièvre", kind="departement"), uid("Nièvre"), None)
    said = reading.text(bulletin("Nuits", [note], [*places, other], LETTERHEAD, MADE).data)
    assert "Agey, Échenon, Fixin et Vougeot." in said


def test_communes_of_one_name_are_told_apart_on_every_paper() -> None:
    scene = Scene(2)
    scene.seat("3", titular_person_id=None)
    for number, name, department in ((1, "Nolay", "58"), (2, "Vougeot", "21"), (3, "Nolay", "21")):
        key = uid(f"organisation {number}")
        place = Organisation(name=name, department=department)
        scene.organisations[key] = record(place, key, None)
    scene.present(1)
    item, everyone = scene.item(), tuple(scene.organisations)
    scene.add("need", title="Sauvegarde", agenda_item_id=item, organisation_ids=everyone)
    scene.ballot(item, method="roll_call", votes={uid("seat 1"): "for", uid("seat 3"): "against"})
    file, places = scene.file(), list(scene.organisations.values())
    said = reading.listing(minutes(file, LETTERHEAD, MADE).data)
    for words in (
        "P: Pour Nolay (21), Nolay (58) et Vougeot.\n",
        "TH: Nolay (58)\n      TD: Titulaire 1\n",
        "TH: Titulaire 1 (Nolay, 58)\n      TD: pour\n",
        "TH: Nolay (21)\n      TD: contre\n",
        "P: Absents : siège sans titulaire (Nolay, 21) ; Titulaire 2 (Vougeot)\n",
    ):
        assert words in said
    sheet = reading.listing(attendance_sheet(file, LETTERHEAD, MADE).data)
    assert "TH: Nolay (21)\n" in sheet and "TH: Nolay (58)\n" in sheet
    asked = Needs("Pays de Nuits", file.needs, organisations=scene.organisations)
    report = reading.text(needs_report(asked, LETTERHEAD, MADE).data)
    assert "Pour Nolay (21), Nolay (58) et Vougeot." in report
    by_department = Audience(departments=("21", "58"))
    note = record(WatchNote(title="Factures", audience=by_department), uid("note"), None)
    other = record(Organisation(name="Dole", department="39"), uid("Dole"), None)
    told = reading.text(bulletin("Nuits", [note], [*places, other], LETTERHEAD, MADE).data)
    assert "Nolay (21), Nolay (58) et Vougeot." in told


def test_a_bulletin_says_how_much_a_note_without_date_matters() -> None:
    place = record(Organisation(name="Agey"), uid("Agey"), None)
    note = record(WatchNote(title="Sauvegardes", level="obligation"), uid("note"), None)
    said = reading.text(bulletin("Nuits", [note], [place], LETTERHEAD, MADE).data)
    assert "Obligation : Sans date" in said


@pytest.mark.parametrize("title", ["", " "])
def test_what_has_no_title_is_told_apart_from_what_stands_beside_it(title: str) -> None:
    scene = Scene(1)
    linked = {
        "note": WatchNote(title=title, body="Corps.", deadline_on="2027-06-30"),
        "sheet": Solution(title=title, description="Mise en commun."),
    }
    items = [scene.item(key, linked_id=uid(key)) for key in linked]
    scene.add("need", title=title, words="Le site est en panne.", agenda_item_id=items[0])
    note, sheet = (record(fields, uid(key), None) for key, fields in linked.items())
    file = dataclasses.replace(
        scene.file(), watch_notes={note.id: note}, solutions={sheet.id: sheet}
    )
    asked = Became(need(1, title=title), "écarté", moved=True)
    said = reading.listing(minutes(file, LETTERHEAD, MADE, became=[asked]).data)
    for words in (
        "P: Note de veille : (sans titre)\n", "P: Solution : (sans titre)\n",
        "P: Besoin : (sans titre)\n", "LBody: (sans titre) : écarté\n",
    ):  # fmt: skip
        assert words in said
    place = record(Organisation(name="Agey"), uid("Agey"), None)
    watch = reading.listing(bulletin("Nuits", [note], [place], LETTERHEAD, MADE).data)
    assert "LBody: (sans titre)\n" in watch and "H2: (sans titre)\n" in watch
    answered = need(1, title=title, status="answered", solution_id=sheet.id)
    asking = Needs("Pays de Nuits", [answered], solutions={sheet.id: sheet})
    report = reading.listing(needs_report(asking, LETTERHEAD, MADE).data)
    assert "H3: (sans titre)\n" in report
    assert "P: État : Une solution y répond, (sans titre)." in report
    pages = solution_sheet(SolutionFile(sheet, needs=[answered]), LETTERHEAD, MADE)
    assert "H1: Solution\n" in reading.listing(pages.data)
    assert "LBody: (sans titre)\n" in reading.listing(pages.data)
    pack = vote_pack(SolutionFile(sheet, needs=[answered]), LETTERHEAD, MADE)
    assert "«  »" not in plain(reading.text(pack.data))


def test_a_bulletin_begins_by_what_is_due_and_ends_by_what_is_past() -> None:
    dated = {
        "Passée": "2027-03-18",
        "Sans date": None,
        "Loin": "2027-06-30",
        "Ce jour": "2027-03-19",
    }
    found = [
        record(WatchNote(title=title, deadline_on=on), uid(title), None)
        for title, on in dated.items()
    ]
    place = record(Organisation(name="Vougeot"), uid("Vougeot"), None)
    said = reading.text(bulletin("Nuits", found, [place], LETTERHEAD, MADE).data)
    coming = said[: said.index("Information")]
    assert "19 mars 2027 : Ce jour" in coming and "30 juin 2027 : Loin" in coming
    assert "Passée" not in coming
    places = [said.rindex(title) for title in ("Ce jour", "Loin", "Sans date", "Passée")]
    assert places == sorted(places)
    assert "Échéance le 18 mars 2027 (passée)" in said
    assert said.count("(passée)") == 1


def test_the_seats_of_one_body_stand_in_the_order_of_their_names() -> None:
    scene = Scene(4)
    for number, name in enumerate(("Évrard", "Zola", "d'Ormesson", "Le Goff"), 1):
        key, place = uid(f"titular {number}"), uid(f"organisation {number}")
        scene.persons[key] = record(Person(last_name=name), key)
        fields = msgspec.structs.replace(scene.organisations[place].fields, name="Chevannes")
        scene.organisations[place] = record(fields, place, None)
    said = reading.text(attendance_sheet(scene.file(), LETTERHEAD, MADE).data)
    found = re.findall("Évrard|Zola|d’Ormesson|Le Goff", said)
    assert found == ["d’Ormesson", "Évrard", "Le Goff", "Zola"]


def test_who_is_convened_without_a_vote_has_a_line_to_sign() -> None:
    scene = Scene(1)
    scene.seat("2", voting=False)
    said = reading.listing(attendance_sheet(scene.file(), LETTERHEAD, MADE).data)
    assert "H2: Membres (1)" in said
    others = said.split("H2: Autres participants")[1]
    assert "TH: Titulaire 2\n      TD: Commune 2" in others


def test_a_body_convened_without_a_vote_has_a_line_before_it_names_anybody() -> None:
    scene = Scene(1)
    scene.seat("2", voting=False, titular_person_id=None)
    data = attendance_sheet(scene.file(), LETTERHEAD, MADE).data
    assert reading.faults(data) == []
    assert "TD\n      TD: Commune 2" in reading.listing(data).split("H2: Autres participants")[1]


def test_large_print_takes_more_pages() -> None:
    usual = attendance_sheet(whole_meeting(), LETTERHEAD, MADE).data
    large = attendance_sheet(whole_meeting(), LETTERHEAD, MADE, large=True).data
    assert reading.pages(large) > reading.pages(usual)
    assert reading.faults(large) == []


def test_long_minutes_stay_light() -> None:
    data = sealed_minutes(long_meeting(), LETTERHEAD, MADE).document.data
    assert reading.pages(data) >= 18
    assert len(data) < 200_000


def test_frozen_minutes_carry_their_content_and_its_fingerprint() -> None:
    sealed = sealed_minutes(whole_meeting(), LETTERHEAD, MADE)
    data = sealed.document.data
    inside = reading.attached(data)["proces-verbal.json"]
    assert inside == canonical(sealed.content)
    assert fingerprint(inside) == sealed.content_sha256
    assert fingerprint(data) == sealed.pdf_sha256
    assert sealed.content_sha256 in reading.text(data)
    code = modules(sealed.content_sha256)
    assert reading.squares(data, len(code)) == code
    assert "Pour vérifier un exemplaire, comparez-le à l’original" in reading.text(data)
    assert reading.faults(data) == []
    assert reading.overlaps(data) == []


def test_an_addendum_is_sealed_too() -> None:
    frozen = Minutes(frozen_at=MADE.isoformat(), content_sha256="a" * 64)
    fields = Minutes(number=1, replaces="7 pour", text="8 pour", reason="erreur de décompte")
    sealed = sealed_addendum(
        whole_meeting(), record(fields, uid("addendum")), record(frozen, uid("minutes")),
        LETTERHEAD, MADE,
    )  # fmt: skip
    assert fingerprint(reading.attached(sealed.document.data)["additif.json"]) == (
        sealed.content_sha256
    )
    assert reading.faults(sealed.document.data) == []


def test_an_addendum_has_its_number_from_the_freeze_on() -> None:
    file = whole_meeting()
    frozen, corrected = correction(file)
    draft_fields = msgspec.structs.replace(frozen.fields, frozen_at=None)
    imported = record(draft_fields, frozen.id)
    said = reading.text(addendum(file, imported, corrected, LETTERHEAD, MADE).data)
    assert "Projet d’additif au procès-verbal" in said
    assert "n° 1" not in said
    sealed = sealed_addendum(file, imported, corrected, LETTERHEAD, MADE)
    assert "Additif n° 1 au procès-verbal" in reading.text(sealed.document.data)


def test_letters_and_packs_ask_for_one_side_of_the_sheet() -> None:
    for document, separate in (
        (convocations(Scene(3).file(), LETTERHEAD, MADE), True),
        (vote_pack(solution_file(2), LETTERHEAD, MADE), True),
        (minutes(whole_meeting(), LETTERHEAD, MADE), False),
    ):
        assert document.one_sided is separate
        assert reading.is_one_sided(document.data) is separate


def test_bookmarks_tell_letters_and_packs_apart() -> None:
    scene = Scene(2)
    scene.seat("3", alternate=True, titular_person_id=None)
    scene.seat("4", titular_person_id=None)
    letters = convocations(scene.file(), LETTERHEAD, MADE).data
    assert reading.bookmarks(letters) == [
        "Convocation, Titulaire 1 (Commune 1)", "Convocation, Titulaire 2 (Commune 2)",
        "Convocation, Suppléant 3 (Commune 3)", "Convocation, Commune 4",
    ]  # fmt: skip
    assert reading.bookmarks(vote_pack(solution_file(1), LETTERHEAD, MADE).data) == [
        "Projet de délibération, Vougeot", "Lettre d’adhésion, Vougeot",
        f"Annexe{NO_BREAK}: répartition des coûts",
    ]  # fmt: skip


def test_a_letter_of_adhesion_is_posted_apart_from_the_deliberation() -> None:
    data = vote_pack(solution_file(1), LETTERHEAD, MADE).data
    draft_act, letter, *_ = reading.page_texts(data)
    assert "Page 1 / 1" in draft_act and "Page 1 / 1" in letter
    assert letter.splitlines()[1].startswith("Vougeot")
    assert "Dossier de vote" not in letter


def test_a_draft_deliberation_asks_for_what_an_extract_must_say() -> None:
    said = reading.text(vote_pack(solution_file(1), LETTERHEAD, MADE).data)
    assert re.search(r"Convocation du : …+ ", said)
    assert re.search(r"Membres : en exercice : …+ présents : …+ votants : …+ ", said)
    assert re.search(r"Suffrages exprimés : …+ Votes : pour : …+ contre : …+ abstentions : …", said)


def test_a_remark_on_shares_stands_on_the_page_of_their_last_ones() -> None:
    file = solution_file(9, needs=0)
    for lines in range(0, 50, 2):
        fields = msgspec.structs.replace(file.solution.fields, description="mot " * 18 * lines)
        told = dataclasses.replace(file, solution=record(fields, file.solution.id))
        for page in reading.page_texts(solution_sheet(told, LETTERHEAD, MADE).data)[1:]:
            _, _, first, *_ = page.splitlines()  # below the running head and foot
            assert not first.startswith("–")


def test_the_source_of_a_note_stands_on_the_page_of_whom_it_concerns() -> None:
    one, everyone = notes(2)[1], list(communes(12).values())
    for lines in range(30, 50):
        fields = msgspec.structs.replace(one.fields, body="mot " * 18 * lines)
        data = bulletin("Nuits", [record(fields, one.id, None)], everyone, LETTERHEAD, MADE).data
        (page,) = (page for page in reading.page_texts(data) if "Source" in page)
        assert "Qui est concerné" in page


def test_nobody_signs_a_page_that_says_nothing() -> None:
    for lines in range(1, 24):
        data = corrections(whole_meeting(), "\n".join(["Lire « 8 pour »."] * lines)).data
        (page,) = (page for page in reading.page_texts(data) if "La présidence" in page)
        assert "Lire" in page


def test_an_annex_says_which_share_the_deliberations_take() -> None:
    said = reading.listing(vote_pack(solution_file(1), LETTERHEAD, MADE).data)
    assert re.search(
        r"H1: Annexe : .*\n +P: .*\n +P: .* sa part de l’offre A, Bourgogne Sauvegarde\.\n"
        r" +H2: Coûts",
        said,
    )


def test_the_later_pages_of_a_letter_of_adhesion_say_whose_it_is() -> None:
    template = shipped("vote-pack")
    sections = tuple(
        msgspec.structs.replace(one, text="Madame, Monsieur,\n" * 30)
        if one.name == "letter" else one for one in template.sections
    )  # fmt: skip
    long = msgspec.structs.replace(template, sections=sections)
    _, first, second, *_ = reading.page_texts(
        vote_pack(solution_file(1), LETTERHEAD, MADE, long).data
    )
    head = "Vougeot – Lettre d'adhésion, Sauvegarde mutualisée"
    assert plain(second).startswith(head)
    assert head not in plain(first)
    assert "Page 2 / 2" in second


def test_a_pack_leaves_a_blank_for_a_name_that_is_not_known() -> None:
    file = solution_file(1)
    nameless = {
        key: msgspec.structs.replace(one, fields=msgspec.structs.replace(one.fields, name=" "))
        for key, one in file.organisations.items()
    }
    file = dataclasses.replace(file, organisations=nameless)
    said = reading.text(vote_pack(file, LETTERHEAD, MADE).data)
    assert "le conseil municipal de ……………………" in said


def test_letters_go_to_members_without_email_and_count_their_own_pages() -> None:
    scene = Scene(3)
    file = scene.file()
    person = uid("titular 2")
    persons = file.persons | {
        person: record(type(file.persons[person].fields)(last_name="2", email="a@b.fr"), person)
    }
    file = MeetingFile(commission=file.commission, meeting=file.meeting, roster=file.roster,
                       persons=persons, organisations=file.organisations)  # fmt: skip
    data = convocations(file, LETTERHEAD, MADE).data
    assert reading.pages(data) == 2
    said = reading.text(data)
    assert "Mairie de la Commune 1" in said
    assert "Mairie de la Commune 2" not in said
    assert reading.page_texts(data)[1].count("Page 1 / 1") == 1


def test_a_letter_goes_once_to_who_chose_paper_or_has_no_address_that_works() -> None:
    scene = Scene(4)
    scene.seat("Twice", titular_person_id=uid("titular 1"))
    for number, address in enumerate(("a@b.fr", "a@b.fr", "néant", ""), 1):
        key = uid(f"titular {number}")
        fields = msgspec.structs.replace(scene.persons[key].fields, email=address)
        scene.persons[key] = record(fields, key)
    scene.add("convocation", person_id=uid("titular 1"), channel="letter")
    scene.seat("Nobody", titular_person_id=None)
    del scene.organisations[uid("organisation Nobody")]
    data = convocations(scene.file(), LETTERHEAD, MADE).data
    said = reading.text(data)
    assert reading.pages(data) == 3
    assert re.findall(r"(Titulaire \d) Mairie", said) == [f"Titulaire {n}" for n in (1, 3, 4)]


def test_a_letter_printed_again_keeps_the_day_it_was_sent() -> None:
    scene = Scene(2)
    scene.add("convocation", 1, person_id=uid("titular 1"), sent_at=at("09:00", "2027-03-11"))
    scene.add("convocation", 2, person_id=uid("titular 1"), sent_at=at("09:00", "2027-03-12"))
    first, second = reading.page_texts(convocations(scene.file(), LETTERHEAD, MADE).data)
    assert "Le 11 mars 2027" in plain(first)
    assert "Le 19 mars 2027" in plain(second)


def test_without_a_letter_the_paper_says_why() -> None:
    def said(file: MeetingFile) -> str:
        return reading.text(convocations(file, LETTERHEAD, MADE).data)

    file = Scene(1).file()
    key = uid("titular 1")
    written = msgspec.structs.replace(file.persons[key].fields, email="a@b.fr")
    file = dataclasses.replace(file, persons={key: record(written, key)})
    assert "Chaque membre est convoqué par courriel" in said(file)
    assert "Aucun siège n’est pourvu à cette date" in said(empty_meeting())


def test_an_address_stands_behind_the_window_of_the_envelope() -> None:
    """Wherever the sheet slides inside a DL envelope, its window of 45 × 100 mm, 20 mm from the
    right and from the foot, shows 100 to 190 mm from the left and 45 to 79 mm from the top.
    """
    file = whole_meeting()
    key = uid("organisation 2")
    place = msgspec.structs.replace(
        file.organisations[key].fields, address="Bourg\nRue haute\n21640 Agencourt"
    )
    six = msgspec.structs.replace(file.organisations[key], fields=place)
    file = dataclasses.replace(file, organisations={**file.organisations, key: six})
    data = convocations(file, LETTERHEAD, MADE).data
    for line in ("Paul Petit", "Mairie d’Agencourt", "21640 Agencourt"):
        left, top, right, bottom = reading.box_of(data, line)
        assert 100 < left < right < 190
        assert 45 < top < bottom < 79
    assert reading.box_of(data, "Le 19")[2] < 100
    short = convocations(Scene(1).file(), LETTERHEAD, MADE).data
    assert reading.box_of(short, "Convocation à la")[1] > 79
    fields = msgspec.structs.replace(file.commission.fields, name="Commission " + "ici " * 40)
    commission = msgspec.structs.replace(file.commission, fields=fields)
    long = convocations(dataclasses.replace(file, commission=commission), LETTERHEAD, MADE).data
    sender = reading.page_texts(long)[0].split("\r\nLe 19 mars")[0].splitlines()[1:]
    assert max(reading.box_of(long, line.strip())[2] for line in sender) < 100


def test_what_is_signed_stays_in_its_frame_on_a_copy_in_black_and_white() -> None:
    data = attendance_sheet(Scene(3).file(), LETTERHEAD, MADE).data
    drawn, copied = (reading.dark_at(data, 0, 168, light) for light in (250, 128))
    frames = [height for height in drawn if 60 < height < 250]
    assert len(frames) > 10
    assert all({height - 1, height, height + 1} & set(copied) for height in frames)


def test_a_letter_is_marked_where_it_folds_in_three_and_on_its_first_page_alone() -> None:
    data = convocations(huge_meeting(), LETTERHEAD, MADE).data
    counted = [text.rsplit("Page ", 1)[1] for text in reading.page_texts(data)[:2]]
    assert counted[0].startswith("1 /") and counted[1].startswith("2 /")
    assert [reading.dark_at(data, number, 12) for number in (0, 1)] == [[99, 198], []]


def test_a_long_address_leaves_the_role_out_to_show_the_town() -> None:
    file = whole_meeting()
    key = uid("organisation 2")
    address = "Hôtel de ville\nRue haute\nBP 3\n21640 Agencourt"
    place = msgspec.structs.replace(file.organisations[key].fields, address=address)
    seven = msgspec.structs.replace(file.organisations[key], fields=place)
    file = dataclasses.replace(file, organisations={**file.organisations, key: seven})
    data = convocations(file, LETTERHEAD, MADE).data
    assert "Paul Petit Mairie d’Agencourt Hôtel de ville Rue haute BP 3" in reading.text(data)
    _, _, _, bottom = reading.box_of(data, "21640 Agencourt")
    assert bottom < 79


def test_a_letter_ends_an_address_without_postal_code_with_the_town_s_own() -> None:
    file = Scene(1).file()
    (key,) = (one for one in file.organisations if one != file.commission.id)
    place = msgspec.structs.replace(
        file.organisations[key].fields, name="Vougeot", insee_code="21716"
    )
    known = msgspec.structs.replace(file.organisations[key], fields=place)
    file = dataclasses.replace(file, organisations={key: known})
    said = reading.text(convocations(file, LETTERHEAD, MADE, postal_codes()).data)
    assert "Mairie de Vougeot 21640 Vougeot" in said


@pytest.mark.parametrize(
    ("day", "condition"),
    [("2027-03-23", "sans condition de quorum"), ("2027-03-22", "sous la condition ordinaire de")],
)
def test_a_second_call_says_whether_it_needs_a_quorum(day: str, condition: str) -> None:
    scene = Scene(1, day=day)
    scene.former = Scene(12, label="failed").file()
    said = reading.text(convocations(scene.file(), LETTERHEAD, MADE).data)
    assert f"les points repris de cette séance seront examinés {condition}" in said


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("la plateforme ferme", "la plateforme ferme."),
        ("la plateforme ferme. ", "la plateforme ferme."),
        ("la plateforme ferme !", "la plateforme ferme !"),
        ("la plateforme ferme…", "la plateforme ferme…"),
    ],
)
def test_the_reason_of_an_emergency_ends_as_a_sentence(reason: str, words: str) -> None:
    scene = Scene(1, emergency=True, emergency_reason=reason)
    said = reading.text(convocations(scene.file(), LETTERHEAD, MADE).data)
    assert f"Urgence : {words} Ordre du jour" in said


@pytest.mark.parametrize("reason", ["déjà couvert", "déjà couvert. "])
def test_why_a_need_was_set_aside_ends_as_a_sentence(reason: str) -> None:
    aside = need(1, status="set_aside", reason=reason)
    said = reading.text(needs_report(Needs("Pays de Nuits", [aside]), LETTERHEAD, MADE).data)
    assert "Écarté (déjà couvert)." in said
    assert ".." not in said


def test_a_name_that_ends_with_a_stop_ends_its_sentence() -> None:
    scene = Scene(2)
    for number in (1, 2):
        person = Person(first_name="Anne", last_name="M.")
        scene.persons[uid(f"titular {number}")] = record(person, uid(f"titular {number}"))
    anne = uid("titular 1")
    scene.organisations = {}
    scene.present(1)
    scene.sheet(2, excluded={uid("item meeting 1"): "personal"})
    item = scene.item()
    scene.add("need", title="Fibre", speaker_person_id=anne, agenda_item_id=item)
    scene.ballot(item, method="secret", for_count=1, secret_requested_by=(uid("seat 1"),))
    file = scene.file()
    asked = Needs("Pays de Nuits", file.needs, persons=scene.persons)
    note = record(WatchNote(title="Factures"), uid("note"), None)
    place = record(Organisation(name="Agey"), uid("Agey"), None)
    told = {note.id: [Telling(None, by="Anne M.")]}
    for document, words in (
        (minutes(file, LETTERHEAD, MADE), "Exprimé par Anne M. "),
        (minutes(file, LETTERHEAD, MADE), "Scrutin secret demandé par Anne M. "),
        (minutes(file, LETTERHEAD, MADE), "Ne prend pas part à ce point : Anne M. "),
        (needs_report(asked, LETTERHEAD, MADE), "Exprimé par Anne M. "),
        (bulletin("Agey", [note], [place], LETTERHEAD, MADE, told=told), "Par Anne M."),
    ):
        said = reading.text(document.data)
        assert words in said and ".." not in said


def test_a_signature_is_never_alone_with_the_closing_words_of_a_letter() -> None:
    for number in range(8, 16):
        scene = Scene(1)
        for item in range(number):
            scene.item(item)
        *_, last = reading.page_texts(convocations(scene.file(), LETTERHEAD, MADE).data)
        assert "salutations" in last
        assert "En cas d’empêchement" in last


def test_whom_a_note_concerns_is_never_alone_on_a_page() -> None:
    place = record(Organisation(name="Agey"), uid("Agey"), None)
    for lines in range(23, 28):
        fields = WatchNote(title="Factures", body="\n".join(["Une ligne."] * lines), todo="Agir.")
        note = record(fields, uid("note"), None)
        *_, last = reading.page_texts(bulletin("Nuits", [note], [place], LETTERHEAD, MADE).data)
        assert "Agir." in last and "Qui est concerné" in last


def test_a_letter_offers_a_proxy_only_to_who_may_give_one() -> None:
    def offers(file: MeetingFile) -> list[bool]:
        pages = reading.page_texts(convocations(file, LETTERHEAD, MADE).data)
        return ["pouvoir écrit" in page for page in pages]

    scene = Scene(1)
    scene.seat("2", voting=False)
    scene.seat("3", voting=False, alternate=True)
    assert offers(scene.file()) == [True, False, False]
    said = reading.text(convocations(scene.file(), LETTERHEAD, MADE).data)
    assert "vous pouvez prévenir Suppléant 3, qui vous supplée." in said
    assert offers(Scene(1, commission={"proxies_per_holder": 0}).file()) == [False]
    both = Scene(0)
    both.seat("A", voting=False)
    both.seat("B", alternate=True, titular_person_id=uid("titular A"))
    assert offers(both.file()) == [True]
    assert "Suppléant B, qui vous supplée" in reading.text(
        convocations(both.file(), LETTERHEAD, MADE).data
    )


def test_an_invitation_is_one_event_at_the_hour_of_paris() -> None:
    document = invitation(whole_meeting(), MADE)
    (event,) = Calendar.from_ical(document.data).walk("VEVENT")
    assert event["DTSTART"].dt.isoformat() == "2027-03-19T18:30:00+01:00"
    assert event["LOCATION"] == "Salle du conseil, mairie de Vougeot"
    assert "4 bis. Sauvegarde mutualisée" in event["DESCRIPTION"]
    assert invitation(whole_meeting(), MADE).data == document.data


def test_an_event_never_ends_before_it_begins() -> None:
    """RFC 5545, 3.8.2.2: the end is later than the start, whatever was typed."""
    file = whole_meeting(ends_at="2027-03-19T17:00:00+01:00")
    (event,) = Calendar.from_ical(invitation(file, MADE).data).walk("VEVENT")
    assert event["DTEND"].dt.isoformat() == "2027-03-19T20:30:00+01:00"


def test_a_calendar_goes_by_the_time_whatever_offset_it_was_written_with() -> None:
    starts = ["2027-03-19T17:30:00+00:00", "2027-03-19T18:00:00+01:00"]
    meetings = [whole_meeting(starts_at=at).meeting for at in starts]
    events = Calendar.from_ical(calendar("Pays de Nuits", meetings, [], MADE).data).walk("VEVENT")
    assert [f"{event['DTSTART'].dt:%H:%M}" for event in events] == ["18:00", "18:30"]


def test_an_event_keeps_its_instants_when_the_clocks_change() -> None:
    """RFC 5545, 3.3.5: an hour that comes twice is the first one, unless it is told in UTC."""
    for starts_at, ends in [
        ("2027-03-28T01:30:00+01:00", "2027-03-28T02:30:00+00:00"),
        ("2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+00:00"),
        ("2027-10-31T02:30:00+01:00", "2027-10-31T03:30:00+00:00"),
    ]:
        file = whole_meeting(starts_at=starts_at, ends_at=None)
        (event,) = Calendar.from_ical(invitation(file, MADE).data).walk("VEVENT")
        began, ended = event["DTSTART"].dt, event["DTEND"].dt
        assert (began.timestamp(), ended.timestamp()) == tuple(
            datetime.fromisoformat(text).timestamp() for text in (starts_at, ends)
        )


def test_a_meeting_that_moved_takes_the_place_of_the_one_sent_before() -> None:
    """RFC 5546, 2.1.4: the same event, of a higher sequence; some calendars ignore it otherwise."""

    def event(file: MeetingFile, made_at: datetime) -> Any:
        return Calendar.from_ical(invitation(file, made_at).data).walk("VEVENT")[0]

    sent = event(whole_meeting(), MADE)
    again = event(whole_meeting(starts_at="2027-03-20T18:30:00+01:00"), MADE + timedelta(hours=1))
    assert (again["UID"], again["DTSTART"].dt.day) == (sent["UID"], 20)
    assert 0 <= sent["SEQUENCE"] < again["SEQUENCE"] < 2**31
    assert again["DTSTAMP"].dt > sent["DTSTAMP"].dt


def test_a_calendar_in_a_draft_says_the_method_that_the_draft_says() -> None:
    document = calendar("Pays de Nuits", [whole_meeting().meeting], [], MADE)
    message = message_from_bytes(draft(document, "Calendrier", "", [], MADE).data, policy=default)
    (attachment,) = message.iter_attachments()
    said = Calendar.from_ical(attachment.get_content())["METHOD"]
    assert said == attachment["Content-Type"].params["method"] == "PUBLISH"


def test_a_calendar_holds_meetings_and_days_to_keep() -> None:
    due = Deadline(date(2027, 6, 30), "Signaler, et désigner", uid("note"))
    data = calendar("Pays de Nuits", [whole_meeting().meeting], [due], MADE).data
    events = Calendar.from_ical(data).walk("VEVENT")
    assert [event["DTSTART"].dt.isoformat()[:10] for event in events] == [
        "2027-03-19",
        "2027-06-30",
    ]


def test_a_draft_waits_unsent_with_the_document_attached() -> None:
    document = agenda(whole_meeting(), LETTERHEAD, MADE)
    people = [("Zoé, L'Hôte", "zoe@vougeot.fr"), ("Sans", "pas une adresse"), ("Rien", "")]
    made = draft(document, "Ordre du jour\nde la séance", "Bonjour,", people, MADE)
    message = message_from_bytes(made.data, policy=default)
    (attachment,) = message.iter_attachments()
    assert attachment.get_content() == document.data
    assert attachment.get_filename() == document.file_name
    assert message["X-Unsent"] == "1"
    assert message["To"].addresses[0].addr_spec == "zoe@vougeot.fr"
    assert len(message["To"].addresses) == 1
    assert draft(document, "Ordre du jour\nde la séance", "Bonjour,", people, MADE) == made


@pytest.mark.parametrize(
    "words",
    [
        "Invitation : Commission numérique locale des Hautes-Côtes et de la vallée de l’Ouche, "
        "séance n° 12 du lundi 1er mars 2027 à 18 h 30",
        "Calendrier",
        "é" * 200,
        "L'Hôte Élodie-Marie Çağlar, adjointe n° 2",
        "Cote-d'Or " * 12 + "😀",
    ],
)
def test_a_subject_and_a_name_keep_every_space_in_any_mail_program(words: str) -> None:
    words = words.strip()
    document = agenda(whole_meeting(), LETTERHEAD, MADE)
    made = draft(document, words, "", [(words, "a@b.fr"), (words, "c@d.fr")], MADE)
    head = made.data.partition(b"\r\n\r\n")[0]
    message = message_from_bytes(made.data)
    assert max(len(line) for line in head.split(b"\r\n")) <= 76
    assert str(make_header(decode_header(message["Subject"]))) == words
    assert [
        (str(make_header(decode_header(name))), email)
        for name, email in getaddresses([message["Bcc"]])
    ] == [(words, "a@b.fr"), (words, "c@d.fr")]


def test_none_of_several_recipients_is_given_the_addresses_of_the_others() -> None:
    document = agenda(whole_meeting(), LETTERHEAD, MADE)
    made = draft(document, "Ordre du jour", "", [("Zoé", "z@b.fr"), ("Léo", "l@d.fr")], MADE)
    message = message_from_bytes(made.data, policy=default)
    assert [one.addr_spec for one in message["Bcc"].addresses] == ["z@b.fr", "l@d.fr"]
    assert (message["To"], message["Cc"]) == (None, None)


_ODD = {ord(letter) for letter in "😀محمد\u202e"}
"""What no face can show, of the odd words."""

WORDS = {
    "empty": "",
    "blank": " \n\n ",
    "odd": f"{ODD}\n\n{ODD}",
    "unbroken": "x" * 5000,
    "long": "mot " * 1200,
    "invisible": "\u2028\ufffe\u200b\ufeff\u00ad<&>",
    "quotes": "'" * 300,
}
FILLED: dict[str, Callable[[str], Document]] = {
    "minutes": lambda words: minutes(filled_with(whole_meeting(), words), LETTERHEAD, MADE),
    "decisions": lambda words: decisions(filled_with(whole_meeting(), words), LETTERHEAD, MADE),
    "agenda": lambda words: agenda(filled_with(whole_meeting(), words), LETTERHEAD, MADE),
    "attendance-sheet": lambda words: attendance_sheet(
        filled_with(whole_meeting(), words), LETTERHEAD, MADE
    ),
    "convocations": lambda words: convocations(
        filled_with(whole_meeting(), words), LETTERHEAD, MADE
    ),
    "addendum": lambda words: corrections(filled_with(whole_meeting(), words), words),
    "solution-sheet": lambda words: solution_sheet(
        filled_with(solution_file(3), words), LETTERHEAD, MADE
    ),
    "vote-pack": lambda words: vote_pack(filled_with(solution_file(2), words), LETTERHEAD, MADE),
    "needs-report": lambda words: needs_report(filled_with(needs(4), words), LETTERHEAD, MADE),
    "bulletin": lambda words: bulletin(
        words, filled_with(notes(4), words), filled_with([*communes(3).values()], words),
        LETTERHEAD, MADE,
    ),
    "bulletin-commune": lambda words: bulletin(
        words, filled_with(notes(4), words), filled_with([*communes(1).values()], words),
        LETTERHEAD, MADE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("kind", FILLED)
def test_whatever_stands_in_every_field_the_paper_holds(kind: str, words: str) -> None:
    document = FILLED[kind](WORDS[words])
    missing = {letter for letter in WORDS[words] if ord(letter) in _ODD}
    assert missing <= set(document.missing_glyphs)
    assert reading.faults(document.data) == []
    assert reading.ink_near_edges(document.data) == []
    assert reading.overlaps(document.data) == []


def retaining(provider: str) -> SolutionFile:
    """A solution for three communes whose provider is retained."""
    file = solution_file(3)
    named = msgspec.structs.replace(file.solution.fields, provider=provider)
    return dataclasses.replace(file, solution=msgspec.structs.replace(file.solution, fields=named))


def test_a_draft_deliberation_says_the_amount_of_the_provider_retained() -> None:
    file = retaining("nuage de  l'est")
    _, comparison = file.costs()
    assert comparison.best_for_group == "A"
    retained = next(one for one in comparison.offers if one.id == "B")
    amounts = [wording.amount(one.share_cents) for one in retained.shares if one.share_cents]
    said = reading.text(vote_pack(file, LETTERHEAD, MADE).data)
    assert amounts
    assert all(f"pour un montant de {one} HT" in said for one in amounts)
    assert "Offre B, Nuage de l’Est (retenue)" in said
    assert said.index("Offre B, Nuage") < said.index("Offre A, Bourgogne")
    assert "fournisseur retenu" not in said


def test_an_offer_retained_that_is_the_cheapest_is_told_as_both() -> None:
    said = reading.listing(vote_pack(retaining("Bourgogne Sauvegarde"), LETTERHEAD, MADE).data)
    assert "TH: A (retenue, la moins chère pour le groupe)" in said
    assert "H3: Offre A, Bourgogne Sauvegarde (retenue, la moins chère pour le groupe)" in said


def test_a_provider_on_no_offer_is_told_wherever_the_amounts_stand() -> None:
    file = retaining("Nuage de l'Ouest")
    warning = "« Nuage de l’Ouest », fournisseur retenu, n’est celui d’aucune offre"
    assert reading.text(solution_sheet(file, LETTERHEAD, MADE).data).count(warning) == 1
    pack = reading.text(vote_pack(file, LETTERHEAD, MADE).data)
    assert pack.count(warning) == 4  # three drafts, one annex


def test_a_draft_deliberation_says_that_its_commune_pays_more_than_alone() -> None:
    data = vote_pack(solution_file(3), LETTERHEAD, MADE).data
    drafts = reading.listing(data).split("H1: Projet de délibération")[1:]
    agencourt, *others = (wording.plain(one) for one in drafts)
    assert (
        "Considérant que la part de la commune, 1 630,00 € HT sur 4 ans, dépasse de 1 030,00 € ce"
        " qu'elle paierait seule, 600,00 € HT,\n    P: Le conseil municipal, après en avoir"
        in agencourt
    )
    assert not any("paierait seule" in one for one in others)


def test_the_draft_deliberation_of_an_epci_calls_it_no_commune() -> None:
    file = solution_file(3)
    places = {
        key: msgspec.structs.replace(one, fields=msgspec.structs.replace(one.fields, kind="epci"))
        for key, one in file.organisations.items()
    }
    said = reading.text(
        vote_pack(dataclasses.replace(file, organisations=places), LETTERHEAD, MADE).data
    )
    assert "la part de la collectivité, 1 630,00 € HT" in wording.plain(said)


def test_the_costs_of_a_solution_of_the_region_say_whom_they_count() -> None:
    file = solution_file(3)
    said = "les prix ne comptent que les collectivités nommées ici"
    for commission_id in (file.solution.commission_id, None):
        one = msgspec.structs.replace(file.solution, commission_id=commission_id)
        data = solution_sheet(dataclasses.replace(file, solution=one), LETTERHEAD, MADE).data
        assert (said in reading.text(data)) is (commission_id is None)
