"""What minutes say of who sat and of what was voted."""

from __future__ import annotations

from dataclasses import replace

from app.documents.decisions import decisions
from app.documents.document import Letterhead
from app.documents.minutes import minutes
from app.domain.records import Person, Solution, WatchNote
from tests.app.documents import reading
from tests.app.documents.meetings import MADE
from tests.app.domain.builders import Scene, at, record, uid

LETTERHEAD = Letterhead()


def test_the_minutes_give_the_quality_of_each_member_where_it_is_known() -> None:
    scene = Scene(5)
    scene.seat("A", alternate=True)
    for key, name, role in (
        ("titular 1", "Roy", "maire"), ("titular 2", "Petit", "adjointe "),
        ("titular 3", "Bonnet", "conseiller"), ("titular 4", "Aubry", "maire déléguée"),
        ("titular A", "Garnier", "maire"), ("alternate A", "Fèvre", "première adjointe"),
    ):  # fmt: skip
        scene.persons[uid(key)] = record(Person(last_name=name, role=role), uid(key))
    scene.present(1, 5)
    scene.sheet("A", role="alternate")
    scene.proxy(2, to=1)
    scene.sheet(3, "excused")
    said = reading.listing(minutes(scene.file(), LETTERHEAD, MADE).data)
    for words in (
        "TH: Nom et qualité", "TD: Roy, maire\n", "TD: Titulaire 5\n",
        "TD: Fèvre, première adjointe\n      TD: suppléance de Garnier\n",
        "TD: Petit, adjointe\n      TD: Roy (Commune 1)\n",
        "P: Excusés : Bonnet (Commune 3), conseiller\n",
        "P: Absents : Aubry (Commune 4), maire déléguée\n",
    ):  # fmt: skip
        assert words in said


def test_who_did_not_come_neither_presided_nor_kept_the_minutes() -> None:
    scene = Scene(3, secretary_ids=(uid("titular 2"), uid("clerk")))
    scene.persons[uid("clerk")] = record(Person(last_name="Greffe"), uid("clerk"))
    scene.item("opening", kind="opening", started=None)
    scene.absent(1, 3)
    scene.sheet(2, "excused")
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Présidence" not in said
    assert "Secrétariat : Greffe Présences" in said
    assert said.endswith("La présidence de séance Le secrétariat de séance Greffe")
    scene.present(1)
    came = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Présidence : Titulaire 1 (Commune 1) Secrétariat : Titulaire 2 (Commune 2) et" in came


def test_who_was_there_before_the_opening_or_after_the_closing_alone_was_not_present() -> None:
    scene = Scene(5)
    for seat, stay in enumerate(
        [("18:10", "18:20"), ("18:10", "19:00"), ("18:20", None), ("20:35", None), (None, "20:45")],
        start=1,
    ):
        scene.sheet(seat, "present", stay)
    said = reading.listing(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "P: Absents : Titulaire 1 (Commune 1) ; Titulaire 4 (Commune 4)\n" in said
    whole = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "3 membres présents" in whole and "jusqu’à 19 h" in whole
    assert not any(words in whole for words in ("18 h 10", "18 h 20", "20 h 35", "20 h 45"))


def test_who_is_present_without_an_hour_is_so_in_a_meeting_opened_and_closed_at_once() -> None:
    scene = Scene(2, closed_at=at("18:30"))
    scene.present(1, 2)
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "2 membres présents, sur 2 en exercice" in said


def test_what_is_noted_as_sent_after_the_opening_convened_nobody() -> None:
    scene = Scene(2)
    scene.add("convocation", 1, person_id=uid("titular 1"), sent_at=at("08:30", "2027-03-20"))
    assert "Convocation" not in reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    scene.add("convocation", 2, person_id=uid("titular 2"), sent_at=at("09:00", "2027-03-12"))
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Convocation : envoyée le vendredi 12 mars 2027" in said


def test_a_result_says_of_how_many_voters_without_those_who_take_no_part() -> None:
    scene = Scene(8)
    scene.present(*range(1, 7))
    scene.proxy(8, to=3)
    aside = (uid("seat 6"),)
    scene.ballot(scene.item(), for_count=4, against_count=1, abstain_count=1, not_taking_part=aside)
    scene.ballot(scene.item(2), method="secret", held=None, for_count=5)
    for make in (minutes, decisions):
        said = reading.text(make(scene.file(), LETTERHEAD, MADE).data)
        assert (
            "Vote à main levée, à 19 h : 6 votants, 5 suffrages exprimés."
            " Avis favorable (4 pour, 1 contre, 1 abstention)."
        ) in said
        assert "Vote au scrutin secret : 5 votants sur 7 admis à voter. Avis favorable (5 p" in said


def test_the_absent_stand_one_below_the_other() -> None:
    scene = Scene(4)
    scene.present(1)
    scene.absent(2, 3, 4)
    data = minutes(scene.file(), LETTERHEAD, MADE).data
    (left, _, _, bottom), (same, top, _, _) = (
        reading.box_of(data, f"Titulaire {number}") for number in (3, 4)
    )
    assert left == same
    assert bottom < top


def test_a_proxy_taken_back_during_the_meeting_says_when() -> None:
    def given(revoked: str | None, again: str | None = None) -> str:
        scene = Scene(3)
        scene.present(1, 2)
        scene.proxy(3, to=1, revoked=revoked)
        if again:
            scene.proxy(3, to=1, received=again)
        scene.item()
        scene.item(2, started="19:50")
        said = reading.listing(minutes(scene.file(), LETTERHEAD, MADE).data)
        return said.split("TD: Titulaire 3\n")[1].splitlines()[0].strip()

    assert given("19:30") == "TD: Titulaire 1 (Commune 1), retiré à 19 h 30"
    assert given(None) == given("20:30") == "TD: Titulaire 1 (Commune 1)"
    assert given("19:30", again="19:45") == "TD: Titulaire 1 (Commune 1)"
    without_effect = given("19:30", again="20:15")
    assert without_effect == "TD: Titulaire 1 (Commune 1), retiré à 19 h 30"


def test_the_decisions_say_too_who_stepped_aside() -> None:
    scene = Scene(3)
    scene.present(1, 2)
    item = scene.item()
    scene.sheet(3, "present", excluded={item: "personal"})
    scene.ballot(item, for_count=0, against_count=1, not_taking_part=(uid("seat 2"), uid("seat 1")))
    for make in (minutes, decisions):
        said = reading.text(make(scene.file(), LETTERHEAD, MADE).data)
        assert said.count("Déport : Ne prend pas part à ce point : Titulaire 3 (Commune 3).") == 1
        both = "Titulaire 1 (Commune 1) et Titulaire 2 (Commune 2)"
        assert said.count(f"Ne prennent pas part au vote : {both}.") == 1


def test_the_title_of_a_solution_or_a_note_stands_on_the_page_of_its_words() -> None:
    told = Solution(title="Sauvegarde", description="Chaque nuit.")
    note = WatchNote(title="Factures", body="Chaque nuit.")
    linked = {
        "solutions": {uid("linked"): record(told, uid("linked"))},
        "watch_notes": {uid("linked"): record(note, uid("linked"), None)},
    }
    for (kind, found), title in zip(linked.items(), ("Sauvegarde", "Factures"), strict=True):
        for lines in range(30, 56):
            scene = Scene(1)
            scene.present(1)
            scene.item(notes="\n".join(["mot"] * lines))
            scene.item(2, started="19:00", linked_id=uid("linked"))
            data = minutes(replace(scene.file(), **{kind: found}), LETTERHEAD, MADE).data
            (page,) = (page for page in reading.page_texts(data) if title in page)
            assert "Chaque nuit" in page


def test_the_address_of_a_note_stands_whole_on_its_line() -> None:
    url = "https://www.legifrance.gouv.fr/eli/loi/2023/12/29/2023-1322/jo/texte"
    note = WatchNote(title="Factures", reference="Loi n° 2023-1322 du 29 décembre 2023", url=url)
    scene = Scene(1)
    scene.present(1)
    scene.item(kind="watch", linked_id=uid("note"))
    file = replace(scene.file(), watch_notes={uid("note"): record(note, uid("note"), None)})
    data = minutes(file, LETTERHEAD, MADE).data
    assert any(url in page for page in reading.page_texts(data))
    assert f"29 décembre 2023. {url}" in reading.text(data)


def test_the_dates_of_a_note_without_a_reference_begin_by_a_capital() -> None:
    note = WatchNote(title="Factures", published_on="2027-03-01", deadline_on="2027-06-30")
    scene = Scene(1)
    scene.present(1)
    scene.item(kind="watch", linked_id=uid("note"))
    file = replace(scene.file(), watch_notes={uid("note"): record(note, uid("note"), None)})
    said = reading.listing(minutes(file, LETTERHEAD, MADE).data)
    assert "P: Publication le 1er mars 2027, échéance le 30 juin 2027\n" in said


def test_a_proxy_without_effect_says_why_and_not_that_it_came_after_the_opening() -> None:
    scene = Scene(5)
    scene.present(1, until="18:50")
    scene.present(2)
    scene.proxy(3, to=1, received="18:25")
    scene.proxy(4, to=1, received="18:35", revoked="19:30")
    scene.proxy(5, to=2, received="18:50", revoked="18:55")
    scene.proxy(4, to=2, received="20:00")
    scene.item()
    scene.item(2, started="18:40")
    scene.item(3, started="19:00")
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    for words in (
        "Titulaire 4 (Commune 4) à Titulaire 1 (Commune 1) : Titulaire 1 (Commune 1) ne peut"
        " détenir qu’un pouvoir.",
        "Titulaire 5 (Commune 5) à Titulaire 2 (Commune 2) : révoqué à 18 h 55.",
        "Titulaire 4 (Commune 4) à Titulaire 2 (Commune 2) : reçu plus tard, à 20 h.",
    ):
        assert words in said, said


def test_who_does_not_hold_the_seat_that_they_were_noted_on_is_no_member_present() -> None:
    scene = Scene(3)
    scene.persons[uid("former")] = record(Person(last_name="Roy", role="maire"), uid("former"))
    scene.present(1)
    scene.absent(3)
    scene.add("attendance", "former", meeting_id=scene.meeting_id, person_id=uid("former"),
              roster_entry_id=uid("seat 2"))  # fmt: skip
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "1 membre présent, 2 absents, sur 3 en exercice" in said
    assert "Quorum non atteint : 1 présent sur 3" in said
    assert "Absents : Titulaire 2 (Commune 2) ; Titulaire 3 (Commune 3)" in said
    assert "Autres participants : Roy, maire" in said


def test_a_member_noted_as_a_guest_too_is_listed_once() -> None:
    scene = Scene(3)
    scene.present(1, 2)
    for number in (2, 3):
        scene.add("attendance", f"guest {number}", meeting_id=scene.meeting_id,
                  person_id=uid(f"titular {number}"))  # fmt: skip
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Autres participants : Titulaire 3 (Commune 3) Quorum" in said


def test_who_sits_without_a_vote_is_named_where_the_sheet_names_nobody() -> None:
    scene = Scene(1)
    scene.seat("A", voting=False)
    scene.present(1)
    scene.add("attendance", meeting_id=scene.meeting_id, roster_entry_id=uid("seat A"))
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Autres participants : Titulaire A (Commune A) Quorum" in said


def test_an_excuse_of_the_alternate_does_not_excuse_the_titular() -> None:
    scene = Scene(1)
    for name, status, other in (("A", "absent", "excused"), ("B", "excused", "absent")):
        scene.seat(name, alternate=True)
        scene.sheet(name, status)
        scene.sheet(name, other, role="alternate")
    scene.present(1)
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Excusés : Titulaire B (Commune B) Absents : Titulaire A (Commune A)" in said


def test_a_proxy_noted_twice_is_not_said_to_be_without_effect() -> None:
    scene = Scene(3)
    scene.present(1, 2)
    scene.proxy(3, to=1)
    scene.proxy(3, to=1, received="13:00")
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "Représentés (1)" in said and "sans effet" not in said
    scene.proxy(3, to=2, received="14:00")
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert said.count("sans effet") == 1


def test_a_member_without_a_vote_who_is_excused_is_named() -> None:
    scene = Scene(1)
    scene.present(1)
    for name, status in (("A", "excused"), ("B", "absent"), ("C", "present")):
        scene.seat(name, voting=False)
        scene.sheet(name, status)
    scene.seat("D", voting=False)
    said = reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
    assert "1 membre présent, sur 1 en exercice." in said
    assert "Autres participants : Titulaire C (Commune C) Excusés, sans voix : Titulaire A" in said
    assert "Absents, sans voix : Titulaire B (Commune B) Quorum" in said


def test_a_need_names_a_place_listed_twice_once() -> None:
    scene = Scene(1)
    place = uid("organisation 1")
    scene.add("need", agenda_item_id=scene.item(), title="Fibre", organisation_ids=(place, place))
    assert "Pour Commune 1." in reading.text(minutes(scene.file(), LETTERHEAD, MADE).data)
