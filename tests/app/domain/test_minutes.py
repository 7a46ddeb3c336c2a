"""The checklist of the minutes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.domain.meeting_check import check
from app.domain.meeting_state import MeetingState
from app.domain.minutes import checklist, without_chair
from app.domain.records import Envelope, Exclusion, Person
from app.domain.titles import described
from tests.app.domain.builders import Scene, at, record, uid, with_fields


def complete(**options: Any) -> Scene:
    """A meeting whose minutes lack nothing."""
    scene = Scene(3, **options)
    scene.present(1, 2)
    scene.absent(3)
    item = scene.item(kind="decision")
    scene.ballot(item, for_count=2)
    scene.add("decision", agenda_item_id=item, text="Le site sera refait.")
    scene.add("action", agenda_item_id=item, text="Écrire au GIP", owner="Le maire",
              due_on="2027-04-01")  # fmt: skip
    scene.add("need", agenda_item_id=item, title="Un site", words="Notre site est vieux.")
    return scene


def missing(scene: Scene) -> list[tuple[str, str]]:
    return [(one.what, one.record_id) for one in check(MeetingState(scene.file())).missing]


@pytest.mark.parametrize("profile", ["commission", "deliberative"])
def test_complete_minutes_lack_nothing(profile: str) -> None:
    assert missing(complete(profile=profile)) == []


@pytest.mark.parametrize(
    ("meeting", "what"),
    [
        ({"place": " "}, "le lieu"),
        ({"closed_at": None}, "l'heure de clôture"),
        ({"opened_at": None}, "l'heure d'ouverture"),
        ({"chair_person_id": None}, "le nom du président de séance"),
        ({"secretary_ids": ()}, "le nom du secrétaire de séance"),
        ({"emergency": True, "emergency_reason": " "}, "le motif de l'urgence"),
    ],
)
def test_the_meeting_s_own_gaps_are_named(meeting: dict[str, Any], what: str) -> None:
    scene = complete(**meeting)
    assert missing(scene) == [(f"Séance : {what} manque.", scene.meeting_id)]


def test_what_ends_before_it_begins_is_named() -> None:
    scene = complete(closed_at=at("18:00"))
    early = scene.sheet(2, "present", ("19:00", "20:00"), ("20:30", "20:15"))
    late = scene.item(2, started="19:30", ended_at=at("19:15"))
    at_once = scene.item(3, started="19:30", ended_at=at("19:30"))

    found = missing(scene)

    assert ("Séance : la clôture précède l'ouverture.", scene.meeting_id) in found
    departure = "le départ de Titulaire 2 (Commune 2) précède son arrivée."
    assert (f"Présences : {departure}", early) in found
    assert ("Point 2 (Sujet 2) : la fin précède le début.", late) in found
    assert at_once not in [record_id for _, record_id in found]


def test_an_arrival_after_the_closing_is_named_and_no_departure_then() -> None:
    scene = complete()
    came = scene.sheet(1, "present", ("21:00", "21:30"))
    scene.sheet(2, "present", (None, "21:00"))
    found = [one for one in missing(scene) if "la clôture" in one[0]]
    assert found == [("Présences : l'arrivée de Titulaire 1 (Commune 1) suit la clôture.", came)]


def test_an_item_that_starts_while_the_meeting_is_not_held_is_named() -> None:
    scene = complete()
    early = scene.item(2, started="18:20")
    late = scene.item(3, started="21:00")
    scene.item(4, started="18:30")
    scene.item(5, started="18:20", withdrawn=True)
    found = [one for one in missing(scene) if "le début" in one[0]]
    assert found == [
        ("Point 2 (Sujet 2) : le début précède l'ouverture.", early),
        ("Point 3 (Sujet 3) : le début ne précède pas la clôture.", late),
    ]


def test_who_is_not_on_the_sheet_is_named_in_the_order_of_the_sheet() -> None:
    scene = complete()
    for place in ("Vougeot", "Étang", "Beaune"):
        scene.seat(place)
    town = uid("organisation Étang")
    for name in ("Zoé", "Élie", "Albert"):
        scene.persons[uid(name)] = record(Person(first_name=name), uid(name))
        scene.add("roster_entry", name, organisation_id=town, titular_person_id=uid(name))
    named = [what.removeprefix("Présences : ").split(" (")[0] for what, _ in missing(scene)]
    assert named == [
        "Titulaire Beaune", "Albert", "Élie", "Titulaire Étang", "Zoé", "Titulaire Vougeot",
    ]  # fmt: skip


def test_a_meeting_without_any_time_lacks_its_date() -> None:
    scene = complete(starts_at=None, opened_at=None)
    assert ("Séance : la date manque.", scene.meeting_id) in missing(scene)


def test_an_emergency_with_its_reason_lacks_nothing() -> None:
    assert missing(complete(emergency=True, emergency_reason="Une panne.")) == []


def test_a_meeting_without_items_lacks_its_agenda() -> None:
    scene = Scene()
    assert missing(scene) == [("Séance : l'ordre du jour est vide.", scene.meeting_id)]


def test_each_seat_in_office_must_be_on_the_sheet_or_represented() -> None:
    scene = complete()
    entry = scene.seat("late", from_="2027-01-01")
    scene.seat("former", until="2027-01-01")
    scene.seat("observer", voting=False)
    scene.seat("represented")
    scene.proxy("represented", to=1)
    scene.seat("revoked")
    scene.proxy("revoked", to=2, revoked="18:00")
    scene.seat("revoked later")
    scene.proxy("revoked later", to=2, revoked="20:00")
    assert missing(scene) == [
        ("Présences : Titulaire late (Commune late) n'est pas sur la feuille.", entry),
        (
            "Présences : Titulaire revoked (Commune revoked) n'est pas sur la feuille.",
            uid("seat revoked"),
        ),
    ]


@pytest.mark.parametrize("status", ["excused", "absent"])
def test_an_alternate_who_is_away_says_nothing_of_the_titular(status: str) -> None:
    scene = complete()
    entry = scene.seat("A", alternate=True)
    scene.sheet("A", status, role="alternate")
    told = "Présences : Titulaire A (Commune A) n'est pas sur la feuille."
    assert missing(scene) == [(told, entry)]
    scene.sheet("A", "excused")
    assert missing(scene) == []


def test_who_sits_on_a_seat_that_is_not_theirs_is_named() -> None:
    scene = complete()
    sheet = scene.add("attendance", meeting_id=scene.meeting_id, roster_entry_id=uid("seat 3"),
                      person_id=uid("titular 1"))  # fmt: skip
    assert missing(scene) == [
        (
            "Présences : Titulaire 1 n'est ni titulaire ni suppléant du siège de"
            " Titulaire 3 (Commune 3), sa présence ne compte pas.",
            sheet,
        )
    ]


def test_a_seat_noted_present_without_a_name_is_told_until_it_has_a_titular() -> None:
    scene = complete()
    entry = scene.seat("empty", titular_person_id=None)
    sheet = scene.add("attendance", meeting_id=scene.meeting_id, roster_entry_id=entry,
                      status="present")  # fmt: skip
    assert missing(scene) == [
        (
            "Présences : le siège de la Commune empty est noté présent sans nom ; donnez-lui"
            " un titulaire, dans la fiche de la collectivité, ou notez-le absent.",
            sheet,
        )
    ]
    named = with_fields(scene.file(), entry, titular_person_id=uid("titular empty"))
    assert check(MeetingState(named)).missing == ()
    nameless = scene.file()
    for seat in nameless.roster:
        nameless = with_fields(nameless, seat.id, titular_person_id=None)
    assert check(MeetingState(nameless)).missing == ()  # a roster of places alone


def test_who_holds_two_seats_of_one_organisation_is_named() -> None:
    scene = complete()
    namesake = uid("namesake")
    scene.persons[namesake] = record(Person(first_name="TITULAIRE", last_name="3"), namesake)
    holder = scene.persons[uid("titular 3")]
    reachable = msgspec.structs.replace(holder.fields, email="a@b.fr")
    scene.persons[holder.id] = record(reachable, holder.id)
    scene.seat("elsewhere", titular_person_id=uid("titular 3"))
    same = {"organisation_id": uid("organisation 3"), "titular_person_id": namesake}
    scene.add("roster_entry", "former", until="2027-01-01", **same)
    again = scene.add("roster_entry", "again", **same)
    for _ in range(2):
        scene.add("roster_entry", "unnamed", organisation_id=uid("organisation 3"))
    found = seated_twice(scene)
    assert found == [
        (
            "Présences : TITULAIRE 3 (Commune 3) a deux sièges, qui comptent tous deux au quorum ;"
            " supprimez l'un ou donnez-lui une date de fin, dans la fiche de la collectivité, ou"
            " notez à chacun son courriel s'il s'agit de deux homonymes.",
            again,
        )
    ]
    for email, found in (("A@b.fr ", 1), ("a-@b.fr", 0), ("c@d.fr", 0)):
        other = Person(first_name="Titulaire", last_name="3", email=email)
        scene.persons[namesake] = record(other, namesake)
        assert len(seated_twice(scene)) == found
    for first, second, found in (
        ("03 80 00 00 01", "03.80.00.00.01", 1),
        ("03 80 00 00 01", "+33 3 80 00 00 01", 1),
        ("03 80 00 00 01", "0380000002", 0),
        ("03 80 00 00 01", "", 1),
        ("", "03 80 00 00 01", 1),
    ):
        for one, said in ((holder.id, first), (namesake, second)):
            fields = Person(first_name="Titulaire", last_name="3", phone=said)
            scene.persons[one] = record(fields, one)
        assert len(seated_twice(scene)) == found


def test_two_persons_of_one_organisation_hold_a_seat_each() -> None:
    scene = complete()
    other = uid("other")
    scene.persons[other] = record(Person(first_name="Anne", last_name="Martin"), other)
    scene.add("roster_entry", organisation_id=uid("organisation 3"), titular_person_id=other)
    assert seated_twice(scene) == []


def test_two_seats_whose_holders_have_no_name_may_be_of_two_persons() -> None:
    scene = complete()
    nameless = [uid("nameless 1"), uid("nameless 2")]
    scene.persons |= {one: record(Person(), one) for one in nameless}
    for one in (*nameless, nameless[1]):
        scene.add("roster_entry", one, organisation_id=uid("organisation 3"), titular_person_id=one)
    assert len(seated_twice(scene)) == 1


def test_one_name_typed_with_other_signs_may_be_of_one_person() -> None:
    scene = complete()
    for one, last_name in (("first", "D'Hondt-Lecœur"), ("second", "D\u2019Hondt Lecoeur")):
        scene.persons[uid(one)] = record(Person(first_name="Anne", last_name=last_name), uid(one))
        scene.add("roster_entry", one, organisation_id=uid("o"), titular_person_id=uid(one))
    assert len(seated_twice(scene)) == 1


def seated_twice(scene: Scene) -> list[tuple[str, str]]:
    return [(what, one) for what, one in missing(scene) if "deux sièges" in what]


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"title": ""}, "Point 2 : l'intitulé manque."),
        ({"notes": "\n"}, "Point 2 (Suite) : la teneur des échanges manque."),
        ({"kind": "decision"}, "Point 2 (Suite) : il n'y a ni vote ni décision."),
        ({"number": "", "notes": ""}, "Point « Suite » : la teneur des échanges manque."),
        ({"notes": "", "kind": "opening"}, None),
        ({"notes": "", "withdrawn": True}, None),
    ],
)
def test_each_item_s_gaps_are_named(fields: dict[str, Any], what: str | None) -> None:
    scene = complete()
    item = scene.item("x", **({"title": "Suite"} | fields))
    assert missing(scene) == ([(what, item)] if what else [])


def test_a_vote_alone_or_a_decision_alone_settles_an_item_to_decide() -> None:
    scene = complete()
    scene.ballot(scene.item("x", kind="decision"), for_count=2)
    decided = scene.item("y", kind="decision")
    scene.add("decision", "y", agenda_item_id=decided, text="Adopté.")
    assert missing(scene) == []


def test_of_a_meeting_without_a_quorum_each_item_is_asked_after_where_minutes_need_no_quorum() -> (
    None
):
    asked = {}
    for profile in ("commission", "deliberative"):
        scene = Scene(3, profile=profile)
        scene.present(1)
        scene.absent(2, 3)
        item = scene.item("x", started=None, notes="")
        asked[profile] = [one for one in missing(scene) if one[1] == item]
    assert len(asked["commission"]) == 2
    assert asked["deliberative"] == []


def test_what_the_minutes_will_say_of_an_item_not_reached_is_told() -> None:
    scene = complete()
    item = scene.item("x", title="Suite", started=None, notes="")
    assert missing(scene)[-1] == (
        "Point 2 (Suite) : la teneur des échanges manque, le procès-verbal dira « Point non"
        " abordé ».",
        item,
    )


def test_a_meeting_whose_starts_were_not_noted_misses_no_item() -> None:
    scene = Scene(2)
    scene.present(1, 2)
    scene.item("x", title="Suite", started=None, notes="")
    assert [what for what, _ in missing(scene)] == [
        "Point 1 (Suite) : l'heure de début manque, le quorum est jugé à l'ouverture de la séance.",
        "Point 1 (Suite) : la teneur des échanges manque.",
    ]


def test_needs_and_an_approval_voted_on_are_substance_enough() -> None:
    scene = complete()
    round_of_needs = scene.item("needs", kind="need", notes="")
    scene.add("need", "other", agenda_item_id=round_of_needs, title="Un site", words="Vieux.")
    approval = scene.item("approval", kind="approval", notes="")
    scene.ballot(approval, for_count=2)
    assert missing(scene) == []


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"question": ""}, "la question posée manque."),
        ({"held_at": None}, "l'heure du vote manque, le quorum est jugé au début du point."),
        ({"for_count": 0}, "les voix ne sont pas saisies."),
    ],
)
def test_each_ballot_s_gaps_are_named(fields: dict[str, Any], what: str) -> None:
    scene = complete()
    ballot = scene.ballot(uid("item meeting 1"), **({"for_count": 2} | fields))
    assert missing(scene) == [(f"Point 1 (Sujet 1), vote : {what}", ballot)]


def test_a_vote_noted_for_someone_without_a_vote_is_named() -> None:
    scene = complete()
    votes = {uid("seat 2"): "for", uid("seat 3"): "for"}
    ballot = scene.ballot(uid("item meeting 1"), method="roll_call", votes=votes, for_count=2)
    assert missing(scene) == [
        (
            "Point 1 (Sujet 1), vote : un vote est noté pour Titulaire 3 (Commune 3), sans voix"
            " à ce moment.",
            ballot,
        )
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "what"),
    [
        ("decision", {"text": " "}, "Décision : le texte manque."),
        ("action", {"text": "Écrire", "due_on": "2027-04-01"},
         "Suite à donner « Écrire » : le responsable manque."),
        ("action", {"text": "Écrire", "owner": "Anne"},
         "Suite à donner « Écrire » : l'échéance manque."),
        ("action", {"owner": "Anne", "due_on": "2027-04-01"},
         "Suite à donner « sans texte » : ce qui est à faire manque."),
        ("need", {"title": " ", "words": "Vieux."}, "Besoin : le titre manque."),
        ("need", {"title": "Un site", "words": " "},
         "Besoin « Un site » : les mots de la personne qui l'a exprimé manquent."),
    ],
)  # fmt: skip
def test_what_hangs_on_items_is_looked_at(kind: str, fields: dict[str, Any], what: str) -> None:
    scene = complete()
    record = scene.add(kind, "x", agenda_item_id=uid("item meeting 1"), **fields)
    assert missing(scene) == [(what, record)]


def test_an_organisation_may_own_an_action() -> None:
    scene = complete()
    scene.add("action", "x", agenda_item_id=uid("item meeting 1"), text="Écrire",
              owner_organisation_id=uid("organisation 1"), due_on="2027-04-01")  # fmt: skip
    assert missing(scene) == []


def test_a_sentence_shows_no_mark_of_bold_words() -> None:
    scene = complete()
    action = scene.add("action", "x", agenda_item_id=uid("item meeting 1"),
                       text="Écrire au **préfet**", owner="Paul Roy")  # fmt: skip
    what = "Suite à donner « Écrire au préfet » : l'échéance manque."
    assert missing(scene) == [(what, action)]
    addendum = Envelope(
        kind="minutes", id=uid("addendum"),
        fields={"addendum_to_id": uid("minutes"), "text": "Lire **8 pour**."},
    )  # fmt: skip
    assert described(addendum) == "additif « Lire 8 pour. »"


def test_two_items_of_one_number_are_named() -> None:
    scene = complete()
    item = scene.item("x", number="1")
    assert missing(scene) == [("Ordre du jour : deux points portent le numéro 1.", item)]


def test_items_without_a_number_share_none() -> None:
    scene = complete()
    for name in "xy":
        scene.item(name, number="")
    assert missing(scene) == []


def test_a_finding_tells_the_field_to_mend() -> None:
    scene = complete(place="")
    scene.item("x", started=None)
    fields = [finding.field for finding in checklist(MeetingState(scene.file()))]
    assert fields == ["place", "started_at"]


def test_ballots_and_items_keep_the_order_of_the_agenda() -> None:
    scene = complete()
    second = scene.item("b", notes="", rank="003")
    first = scene.item("a", notes="", rank="002", started=None)
    assert [record_id for _, record_id in missing(scene)] == [first, first, second]


@pytest.mark.parametrize(
    ("notes", "asked"),
    [
        ("Le président quitte la salle.", True),
        ("La présidente se retire.", True),
        ("La présidence est assurée par Anne Martin.", False),
        ("Anne Martin préside.", False),
    ],
)
@pytest.mark.parametrize("out", [False, True])
def test_who_presides_is_asked_where_the_chair_steps_aside_in_the_room_or_out_of_it(
    notes: str, asked: bool, out: bool
) -> None:
    scene = Scene(3)
    item = scene.item(started="18:40", notes=notes)
    spans = [(None, "18:39"), ("19:00", None)] if out else []
    scene.sheet(1, "present", *spans, excluded={item: "personal"})
    scene.sheet(2, "present", excluded={scene.item(2, withdrawn=True): "personal"})
    found = [one.record_id for one in without_chair(MeetingState(scene.file()))]
    assert found == ([item] if asked else [])


def test_who_presides_is_asked_of_the_chair_s_items_alone_by_name_or_by_seat() -> None:
    scene = Scene(3)
    first, second = scene.item("1"), scene.item("2")
    scene.sheet(2, "present", excluded={first: "personal"})
    by_seat = {"roster_entry_id": uid("seat 1"), "person_id": None}
    scene.add("attendance", **by_seat, exclusions=(Exclusion(item_id=second),))
    assert [one.record_id for one in without_chair(MeetingState(scene.file()))] == [second]


def test_an_alternate_who_presides_may_step_aside() -> None:
    scene = Scene(chair_person_id=uid("alternate 1"))
    scene.seat(1, alternate=True)
    item = scene.item()
    scene.sheet(1, role="alternate", excluded={item: "personal"})
    assert [one.record_id for one in without_chair(MeetingState(scene.file()))] == [item]


def test_without_a_chair_nobody_steps_aside_as_the_chair() -> None:
    scene = Scene(1, chair_person_id=None)
    scene.add("attendance", exclusions=(Exclusion(item_id=scene.item()),))
    assert without_chair(MeetingState(scene.file())) == []
