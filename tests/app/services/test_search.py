"""Finding things by their words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.bootstrap import Services
from app.domain.records import Envelope, reference_id
from app.domain.snippets import bracketed
from app.domain.validation import defaults
from app.services.changes import Change
from app.services.search import Search
from tests.conftest import FakeClock


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("etang-vergy", "L'Étang-Vergy"),
        ("L'Étang Vergy", "L'Étang-Vergy"),
        ("l’etang", "L'Étang-Vergy"),
        ("SAINT leger", "Saint-Léger-Vauban"),
        ("vouge", "Vougeot"),
        ("soeurs", "Villers-les-Soeurs"),
        ("letang vergy", "L'Étang-Vergy"),
        ("saintleger", "Saint-Léger-Vauban"),
        ("z", "Zoteux"),
    ],
)
def test_accents_case_hyphens_and_beginnings_do_not_matter(
    services: Services, commission_id: str, typed: str, name: str
) -> None:
    if name == "Zoteux":
        services.records.create("need", {"title": name})
    if name == "Villers-les-Soeurs":
        services.records.create("need", {"title": "Villers-les-Sœurs"})
        name = "Villers-les-Sœurs"
    titles = [hit.title for hit in services.search.find(typed, limit=200)]
    assert any(title.startswith(name) for title in titles)


def test_a_plural_finds_the_singular_and_the_snippet_marks_it(
    services: Services, commission_id: str
) -> None:
    need = services.records.create(
        "need", {"title": "Serveur", "words": "Nous n'avons plus aucune sauvegarde depuis mars"}
    )
    found = services.search.find("sauvegardes", kinds=["need"])
    assert [hit.id for hit in found] == [need.id]
    assert "[sauvegarde]" in bracketed(found[0].snippet)


def test_a_title_comes_before_a_body_and_deleted_records_are_gone(
    services: Services, commission_id: str
) -> None:
    body = services.records.create("need", {"title": "Divers", "words": "parler de fibre"})
    title = services.records.create("need", {"title": "Fibre"})
    assert [hit.id for hit in services.search.find("fibre")] == [title.id, body.id]
    services.records.update(body.id, {"words": "parler d'autre chose"})
    services.records.delete(title.id)
    assert services.search.find("fibre") == []


def test_a_title_comes_before_a_body_that_says_the_word_often(
    services: Services, commission_id: str
) -> None:
    often = services.records.create("need", {"title": "Divers", "words": "fibre " * 20})
    title = services.records.create("need", {"title": "Fibre", "words": "depuis mars " * 90})
    assert [hit.id for hit in services.search.find("fibre")] == [title.id, often.id]


def test_odd_queries_find_nothing_and_break_nothing(services: Services) -> None:
    for typed in ("", "  ", '"', "a OR", "NEAR(", "*", "'; DROP TABLE record; --", "\x00", "-"):
        services.search.find(typed)
    assert len(services.records.list("theme")) == 12


def test_names_titles_and_long_texts_are_found(services: Services, commission_id: str) -> None:
    records = services.records
    person = records.create("person", {"first_name": "Zoé", "last_name": "Quetigny-Aba"})
    meeting = records.create("meeting", {"title": "Séance quodlibet"})
    item = records.create("agenda_item", {"meeting_id": meeting.id, "notes": "On parle de quokka"})
    made = {
        "quetigny": person.id,
        "quodlibet": meeting.id,
        "quokka": item.id,
        "quidam": records.create("need", {"words": "Un quidam réclame"}).id,
        "quota": records.create("watch_note", {"body": "Le quota change"}).id,
        "quorum": records.create("decision", {"agenda_item_id": item.id, "text": "Le quorum"}).id,
    }
    for word, record_id in made.items():
        assert record_id in [hit.id for hit in services.search.find(word)]


def test_the_search_keeps_to_kinds_to_a_commission_and_to_days(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    other = services.records.create("commission", {"name": "Autre"}, None).id
    need, elsewhere, early, late = services.records.put(
        [
            Change("need", {"title": "Fibre"}, None, commission_id),
            Change("need", {"title": "Fibre"}, None, other),
            Change("meeting", meeting("2027-03-19T18:00:00+01:00"), None, commission_id),
            Change("meeting", meeting("2027-03-20T18:00:00+01:00"), None, commission_id),
        ]
    )

    def found(**within: Any) -> set[str]:
        return {hit.id for hit in services.search.find("fibre", **within)}

    assert found() == {need.id, elsewhere.id, early.id, late.id}
    assert found(kinds=["need"]) == {need.id, elsewhere.id}
    assert found(commission_id=other) == {elsewhere.id}
    meetings = {"kinds": ["meeting"]}
    assert found(first_day=date(2027, 3, 20), **meetings) == {late.id}
    assert found(last_day=date(2027, 3, 19), **meetings) == {early.id}
    day = date(2027, 3, 19)
    assert found(first_day=day, last_day=day, **meetings) == {early.id}


def meeting(starts_at: str) -> dict[str, str]:
    return {"title": "Fibre", "starts_at": starts_at}


def test_what_says_no_day_is_of_the_day_it_was_made(services: Services, commission_id: str) -> None:
    made = "0195aa00-0000-7000-8000-000000000001"  # 18 March 2025 at 12:52 in Paris
    services.records.put([Change("need", {"title": "Vougeot"}, made)])
    day = date(2025, 3, 18)

    def found(**within: Any) -> list[str]:
        return [hit.id for hit in services.search.find("vougeot", **within)]

    assert found(first_day=day, last_day=day) == [made]
    assert found(last_day=date(2025, 3, 17)) == []
    assert found(first_day=date(2025, 3, 19)) == []
    assert len(found()) > 1  # the commune, of no day


def test_where_too_many_are_found_the_most_recent_come_first(
    services: Services, commission_id: str
) -> None:
    blank = defaults("need")
    made = [services.ids() for _ in range(2001)]
    with services.workspace.unit() as unit:
        unit.receive_new(
            Envelope(
                kind="need",
                id=one,
                commission_id=commission_id,
                fields=blank | {"title" if one is made[0] else "words": "zz"},
            )
            for one in made
        )
        unit.commit()
    assert services.search.find("zz", limit=1)[0].id == made[-1]
    services.records.delete(made[-1])
    assert services.search.find("zz", limit=1)[0].id == made[0]


def test_telephones_suppliers_and_other_words_beside_the_titles_are_searched(
    services: Services, commission_id: str
) -> None:
    make = services.records.create
    plan = {"offers": [{"id": "A", "supplier": "Cosoluce", "tiers": [{"from_participants": 1}]}]}
    solution = make("solution", {"title": "Logiciel", "plan": plan})
    who = {"organisation_id": reference_id("organisation", "21716")}
    belonging = {"member_category": "Adhésion de 2019", "services": ["parapheur", "convocations"]}
    made = {
        "0380123456": make("person", {"last_name": "Roy", "phone": "0380123456"}),
        "ugap": make("watch_note", {"url": "https://example.org/ugap"}),
        "coupure": make("meeting", {"emergency_reason": "Coupure générale"}),
        "cosoluce": solution,
        "parapheur": services.records.update(who["organisation_id"], belonging),
        "adhesion 2019": services.records.get(who["organisation_id"]),
        "2027-14": make(
            "commitment", {**who, "solution_id": solution.id, "act_reference": "Acte 2027-14"}
        ),
    }
    for typed, record in made.items():
        (hit,) = services.search.find(typed)
        assert (hit.id, "[" in bracketed(hit.snippet)) == (record.id, True)


def test_digests_of_needs_that_are_here_take_no_place(
    services: Services, commission_id: str
) -> None:
    fields = {"title": "Sauvegarde"}
    needs = services.records.put([Change("need", fields) for _ in range(30)])
    elsewhere = [reference_id("need_digest", str(n)) for n in range(3)]
    own = [reference_id("need_digest", need.id) for need in needs]
    with services.workspace.unit() as unit:
        unit.receive_new(
            Envelope(
                kind="need_digest", id=one, revision=1, fields=defaults("need_digest") | fields
            )
            for one in (*own, *elsewhere)
        )
        unit.commit()
    of_others = services.search.find("sauvegarde", kinds=["need_digest"], limit=3)
    assert {hit.id for hit in of_others} == set(elsewhere)
    found = {hit.id for hit in services.search.find("sauvegarde", limit=100)}
    assert found >= {*elsewhere, *(need.id for need in needs)}
    assert found.isdisjoint(own)
    any_of = services.search.find_any(["sauvegard"], kinds=["need_digest"], limit=10)
    assert {hit.id for hit in any_of} == set(elsewhere)


def test_a_digest_of_a_need_that_is_here_takes_no_place_whoever_indexed_it(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Fibre"})
    assert [one.id for one in services.search.find("fibre")] == [need.id]
    with services.workspace.unit() as unit:
        fields = defaults("need_digest") | {"title": "Fibre"}
        digest = reference_id("need_digest", need.id)
        unit.receive_new([Envelope(kind="need_digest", id=digest, revision=1, fields=fields)])
        unit.commit()
    Search(services.workspace).forget()  # as after a sync
    assert [one.id for one in services.search.find("fibre")] == [need.id]


def test_what_was_said_and_decided_at_a_meeting_is_found_with_its_day(
    services: Services, commission_id: str
) -> None:
    make = services.records.create
    fields = {"title": "Séance n° 2", "starts_at": "2026-01-22T18:30:00+01:00"}
    meeting = make("meeting", fields).id
    item = make("agenda_item", {"meeting_id": meeting, "title": "Sauvegarde"}).id
    make("decision", {"agenda_item_id": item, "text": "La sauvegarde est retenue."})
    make("need", {"title": "Sauvegarde des postes", "raised_at_meeting_id": meeting})
    make("need", {"title": "Sauvegarde, hors séance"})
    undated = make("meeting", {"title": "Sauvegarde"}).id
    make("agenda_item", {"meeting_id": undated, "title": "La sauvegarde encore"})
    found = services.search.find("sauvegarde", commission_id=commission_id)
    assert {(hit.kind, hit.title): str(hit.meeting_on or "") for hit in found} == {
        ("agenda_item", "Sauvegarde"): "2026-01-22",
        ("decision", "La sauvegarde est retenue."): "2026-01-22",
        ("need", "Sauvegarde des postes"): "2026-01-22",
        ("need", "Sauvegarde, hors séance"): "",
        ("meeting", "Sauvegarde"): "",
        ("agenda_item", "La sauvegarde encore"): "",
    }
    (hit,) = services.search.find("seance 2", kinds=["meeting"])
    assert str(hit.meeting_on) == "2026-01-22"


def test_persons_of_one_name_are_found_with_their_communes(
    services: Services, commission_id: str
) -> None:
    for code in ("21716", "21001"):
        home = {"organisation_id": reference_id("organisation", code)}
        services.records.create("person", {"first_name": "Valérie", "last_name": "Dubois", **home})
    services.records.create("person", {"last_name": "Dubois"})
    found = services.search.find("dubois", kinds=["person"])
    assert sorted(hit.place for hit in found) == ["", "Agencourt", "Vougeot"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mars 2025", ["Printemps", "Accueil"]),
        ("9 avril 2026", ["Avril"]),
        ("jeudi 9 avril", ["Avril"]),
        ("09/04/2026", ["Avril"]),
        ("9/4", ["Avril"]),
        ("2026-04-09", ["Avril"]),
        ("2026-09-04", []),
        ("04/09/2026", []),
        ("1er mars", ["Accueil"]),
        ("1 mars 2025", ["Accueil"]),
        ("n° 7", ["Avril"]),
        ("séance n°7", ["Avril"]),
        ("séance 7", ["Avril"]),
        ("7", ["Avril"]),
        ("séance du 27 mars 2025", ["Printemps"]),
        ("n° 2", []),
        ("n° 27", []),
        ("mars", []),
        ("2025", []),
        ("mars fibre", []),
    ],
)
def test_a_meeting_is_found_by_its_date_and_by_its_number(
    services: Services, commission_id: str, typed: str, found: list[str]
) -> None:
    def meeting(title: str, number: int, starts_at: str | None) -> str:
        fields = {"title": title, "number": number, "starts_at": starts_at}
        return services.records.create("meeting", fields).id

    meeting("Accueil", 1, "2025-03-01T18:30:00+01:00")
    meeting("Printemps", 3, "2025-03-27T18:30:00+01:00")
    meeting("Avril", 7, "2026-04-08T22:30:00Z")  # the 9th in Paris
    meeting("À fixer", 12, None)
    deleted = meeting("Annulée", 7, "2026-04-09T18:30:00+02:00")
    services.records.delete(deleted)
    hits = services.search.find(typed)
    assert [hit.title for hit in hits if hit.kind == "meeting"] == found
    assert services.search.find(typed, kinds=["need"]) == []


def test_the_meeting_of_a_day_comes_before_what_speaks_of_that_day(
    services: Services, commission_id: str
) -> None:
    services.records.create("need", {"title": "Panne du 9 avril 2026"})
    meeting = services.records.create(
        "meeting", {"title": "Avril 2026, le 9", "starts_at": "2026-04-09T18:30:00+02:00"}
    )
    found = services.search.find("9 avril 2026")
    assert [hit.kind for hit in found] == ["meeting", "need"]
    assert found[0].meeting_on == date(2026, 4, 9)
    assert services.search.find("9 avril 2026", limit=1)[0].id == meeting.id
