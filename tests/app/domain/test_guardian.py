"""What is said as people come and go."""

from __future__ import annotations

from app.domain import guardian
from app.domain.meeting_state import MeetingState
from tests.app.domain.builders import Scene, at


def news(scene: Scene, before: str, after: str) -> list[str]:
    state = MeetingState(scene.file())
    return guardian.news(state, state.at(at(before)), state.at(at(after)))


def test_a_lost_quorum_is_said_with_how_many_are_missing() -> None:
    scene = Scene(3)
    scene.present(1)
    scene.sheet(2, "present", (None, "18:40"), ("19:00", None))
    assert news(scene, "18:39", "18:40") == [
        "Quorum perdu : 1 présent sur 3, il en faut 2, il en manque 1"
    ]
    assert news(scene, "18:40", "19:00") == ["Quorum atteint : 2 présents sur 3, il en faut 2"]


def test_proxies_that_change_are_said_with_the_reason() -> None:
    scene = Scene(5)
    scene.present(1, 2, 4)
    scene.sheet(3, "present", (None, "18:40"), ("19:00", None))
    scene.proxy(5, to=3)
    assert news(scene, "18:39", "18:40") == [
        "Le pouvoir de Titulaire 5 (Commune 5) ne compte plus :"
        " Titulaire 3 (Commune 3) n'est pas dans la salle"
    ]
    assert news(scene, "18:40", "19:00") == ["Le pouvoir de Titulaire 5 (Commune 5) compte"]


def test_a_proxy_that_does_not_count_as_it_is_given_is_said_with_the_reason() -> None:
    scene = Scene(5)
    scene.present(1, 2, 3)
    scene.proxy(4, to=1)
    before = MeetingState(scene.file())
    scene.proxy(5, to=1, received="18:35")
    after = MeetingState(scene.file())
    assert guardian.news(after, before.at(at("18:40")), after.at(at("18:40"))) == [
        "Le pouvoir de Titulaire 5 (Commune 5) ne compte pas :"
        " Titulaire 1 (Commune 1) ne peut détenir qu'un pouvoir"
    ]


def test_nothing_is_said_when_nothing_changes() -> None:
    scene = Scene(3)
    scene.present(1, 2)
    scene.present(3, until="19:00")
    scene.proxy("stranger", to=1)
    assert news(scene, "18:59", "19:00") == []


def test_a_meeting_reconvened_too_early_is_told() -> None:
    scene = Scene(3, day="2027-03-22")
    scene.former = Scene(3, label="failed").file()
    assert guardian.reconvening(MeetingState(scene.file())) == (
        "Séance reconvoquée trop tôt : il fallait attendre le mardi 23 mars 2027, le quorum"
        " ordinaire s'applique"
    )
    late = Scene(3, day="2027-03-23")
    late.former = scene.former
    assert guardian.reconvening(MeetingState(late.file())) == ""
    assert guardian.reconvening(MeetingState(Scene(3).file())) == ""
