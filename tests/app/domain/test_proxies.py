"""Which proxies count at an instant, and why the others do not."""

from __future__ import annotations

import pytest

from app.domain.meeting_check import check
from app.domain.meeting_state import MeetingState
from app.domain.proxies import ProxyState
from app.domain.records import Organisation
from tests.app.domain.builders import Scene, at, record, uid


def states(scene: Scene, hour: str = "19:00", item: str | None = None) -> dict[str, ProxyState]:
    """The proxies by id as an item that starts at the hour sees them."""
    item = item or scene.item(f"at {hour}", started=hour)
    found = next(one for one in check(MeetingState(scene.file())).items if one.id == item)
    return {state.id: state for state in found.proxies}


def reason(scene: Scene, hour: str = "19:00", item: str | None = None) -> str:
    """Why the only proxy does not count at the hour; empty when it does."""
    (state,) = states(scene, hour, item).values()
    assert state.counts == (state.reason == "")
    return state.reason


def test_a_proxy_counts_while_its_giver_is_out_and_its_holder_in() -> None:
    scene = Scene(2)
    scene.present(1)
    scene.proxy(2, to=1)
    assert reason(scene) == ""


def test_a_giver_who_arrives_takes_the_vote_back() -> None:
    scene = Scene(2)
    scene.present(1)
    scene.present(2, since="19:30")
    scene.proxy(2, to=1)
    assert reason(scene, "19:29") == ""
    assert reason(scene, "19:30") == (
        "le siège de Titulaire 2 (Commune 2) est occupé et reprend son vote"
    )


def test_the_giver_s_alternate_takes_the_vote_back_too() -> None:
    scene = Scene(1)
    scene.seat(2, alternate=True)
    scene.present(1)
    scene.sheet(2, "present", ("19:30", None), role="alternate")
    scene.proxy(2, to=1)
    assert reason(scene, "19:29") == ""
    assert "reprend son vote" in reason(scene, "19:30")


def test_a_proxy_of_a_seat_without_a_titular_is_called_by_its_place() -> None:
    scene = Scene(1)
    scene.seat("du Morvan", titular_person_id=None)
    place = uid("organisation du Morvan")
    scene.organisations[place] = record(Organisation(name="Le Creusot"), place, None)
    scene.present(1, "du Morvan")
    scene.proxy("du Morvan", to=1)
    assert reason(scene) == "le siège du Creusot est occupé et reprend son vote"


def test_a_holder_who_leaves_takes_the_proxy_along_and_brings_it_back() -> None:
    scene = Scene(2)
    scene.sheet(1, "present", (None, "19:00"), ("19:30", None))
    scene.proxy(2, to=1)
    assert reason(scene, "18:59") == ""
    assert reason(scene, "19:00") == "Titulaire 1 (Commune 1) n'est pas dans la salle"
    assert reason(scene, "19:30") == ""


def test_a_proxy_counts_from_its_reception_until_its_revocation() -> None:
    scene = Scene(2)
    scene.present(1)
    scene.proxy(2, to=1, received="18:40", revoked="19:15")
    assert reason(scene, "18:39") == "reçu plus tard, à 18 h 40"
    assert reason(scene, "18:40") == ""
    assert reason(scene, "19:14") == ""
    assert reason(scene, "19:15") == "révoqué à 19 h 15"


def test_a_proxy_revoked_on_another_day_says_which() -> None:
    scene = Scene(2)
    scene.present(1)
    scene.proxy(2, to=1, received=at("9:00", "2027-03-01").replace("T9", "T09"),
                revoked="2027-03-15T09:00:00+01:00")  # fmt: skip
    assert reason(scene) == "révoqué le lundi 15 mars 2027 à 9 h"


def test_a_proxy_whose_reception_is_not_noted_does_not_count() -> None:
    scene = Scene(2)
    scene.present(1)
    scene.proxy(2, to=1, received=None)
    assert reason(scene) == "l'heure de sa réception n'est pas notée"


def test_neither_the_giver_nor_the_holder_may_be_excluded() -> None:
    scene = Scene(3)
    given, held = scene.item("given", started="19:00"), scene.item("held", started="19:00")
    scene.sheet(1, "present", excluded={held: "personal"})
    scene.sheet(2, "absent", excluded={given: "designated"})
    scene.proxy(2, to=1)
    assert reason(scene, item=given) == ("Titulaire 2 (Commune 2) ne peut prendre part à ce point")
    assert reason(scene, item=held) == "Titulaire 1 (Commune 1) ne peut prendre part à ce point"
    assert reason(scene, "19:10") == ""


def test_who_has_no_seat_that_day_neither_gives_nor_holds() -> None:
    scene = Scene(2)
    scene.seat("former", until="2027-01-01")
    scene.present(1)
    for proxy in (scene.proxy("former", to=1), scene.proxy(2, to="former")):
        assert states(scene)[proxy].reason == (
            "Titulaire former (Commune former) n'a pas de siège ce jour-là"
        )


def test_no_proxy_counts_at_a_meeting_without_an_hour() -> None:
    scene = Scene(2, starts_at=None, opened_at=None)
    scene.present(1)
    scene.proxy(2, to=1)
    assert reason(scene, item=scene.item(started=None)) == "l'heure de la séance n'est pas connue"


def test_beyond_the_limit_the_earliest_received_count() -> None:
    scene = Scene(4)
    scene.present(1)
    late = scene.proxy(2, to=1, received="11:00")
    early = scene.proxy(3, to=1, received="10:00")
    found = states(scene)
    assert found[early].counts
    assert found[late].reason == "Titulaire 1 (Commune 1) ne peut détenir qu'un pouvoir"


def test_received_together_the_smaller_id_counts() -> None:
    scene = Scene(3)
    scene.present(1)
    scene.proxy(2, to=1, record_id="b")
    scene.proxy(3, to=1, record_id="a")
    found = states(scene)
    assert (found["a"].counts, found["b"].counts) == (True, False)


def test_a_proxy_that_does_not_count_leaves_its_place_to_the_next() -> None:
    scene = Scene(3)
    scene.present(1)
    scene.present(2, since="19:30")
    first = scene.proxy(2, to=1, received="10:00")
    second = scene.proxy(3, to=1, received="11:00")
    assert states(scene, "19:00")[first].counts
    assert states(scene, "19:30")[second].counts


def test_a_commission_may_allow_two_proxies_or_none() -> None:
    two = Scene(3, commission={"proxies_per_holder": 2})
    none = Scene(3, commission={"proxies_per_holder": 0})
    for scene in (two, none):
        scene.present(1)
        scene.proxy(2, to=1)
        scene.proxy(3, to=1)
    assert sum(state.counts for state in states(two).values()) == 2
    assert sum(state.counts for state in states(none).values()) == 0


def test_a_giver_has_one_vote_however_many_proxies_they_signed() -> None:
    scene = Scene(3)
    scene.present(1, 2)
    first = scene.proxy(3, to=1, received="10:00")
    second = scene.proxy(3, to=2, received="11:00")
    found = states(scene)
    assert found[first].counts
    assert found[second].reason == (
        "un autre pouvoir de Titulaire 3 (Commune 3), reçu avant, compte déjà"
    )


def test_a_proxy_noted_twice_gives_its_holder_no_proxy_too_many() -> None:
    scene = Scene(3)
    scene.present(1, 2)
    first = scene.proxy(3, to=1)
    second = scene.proxy(3, to=1, received="13:00")
    found = states(scene)
    assert found[first].counts
    assert found[second].reason.startswith("un autre pouvoir de Titulaire 3")


def test_proxies_count_alike_in_both_profiles() -> None:
    for profile in ("commission", "deliberative"):
        scene = Scene(3, profile=profile)
        scene.present(1)
        scene.proxy(2, to=1, record_id="a")
        scene.proxy(3, to=1, record_id="b")
        assert [state.counts for state in states(scene).values()] == [True, False]


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        ({"holder_entry_id": uid("seat 1")}, "ce pouvoir ne dit pas qui le donne"),
        ({"giver_entry_id": uid("seat 1")}, "ce pouvoir ne dit pas à qui il est donné"),
        ({"giver_entry_id": uid("nowhere"), "holder_entry_id": uid("seat 1")},
         "un siège inconnu n'a pas de siège ce jour-là"),
    ],
)  # fmt: skip
def test_a_reason_names_an_unknown_seat_without_failing(seats: dict[str, str], said: str) -> None:
    scene = Scene(1)
    scene.present(1)
    scene.add("proxy", meeting_id=scene.meeting_id, received_at=at("12:00"), **seats)
    assert reason(scene) == said


@pytest.mark.parametrize(
    ("most", "said"), [(0, "aucun pouvoir"), (1, "qu'un pouvoir"), (2, "que 2 pouvoirs")]
)
def test_a_proxy_too_many_is_told_how_many_may_be_held(most: int, said: str) -> None:
    scene = Scene(4, commission={"proxies_per_holder": most})
    scene.present(1)
    for giver in range(2, most + 3):
        last = scene.proxy(giver, to=1, received=f"1{giver}:00")
    assert states(scene)[last].reason.endswith(f"ne peut détenir {said}")
