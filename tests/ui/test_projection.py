"""What the projector shows of a meeting, and that nothing private has a way into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.meeting_state import MeetingState
from app.domain.records import Need, Organisation, Solution, WatchNote
from tests.app.domain.builders import Scene, at, record, uid
from ui.models.projection import Chosen, Projection, Subject, offered, projected
from ui.models.standings import Costs, Standing, costs_of

NOW = at("18:50")
PLAN: dict[str, Any] = {
    "years": 2,
    "key": {"kind": "equal"},
    "offers": [{"id": "A", "supplier": "Serein", "tiers": [
        {"from_participants": 1, "setup_cents": 100000, "yearly_cents": 50000}]}],
}  # fmt: skip
SUBJECTS = get_args(Subject)


def scene(status: str = "open") -> Scene:
    made = Scene(5, status=status, closed_at=None)
    made.present(1, 2, 3)
    made.item("ouverture", started="18:30", ended_at=at("18:40"), kind="opening")
    made.item("solution", started="18:40", linked_id=uid("solution"), presenter="Mme Roy")
    made.item("veille", started=None, linked_id=uid("note"), kind="watch")
    made.ballot(uid("item meeting solution"), for_count=3, question="Retenir Serein ?")
    return made


def state_of(made: Scene, provider: str = "", **more: Any) -> MeetingState:
    note = WatchNote(title="Facturation", todo="Choisir un outil", body="Un.\nDeux.",
                     level="obligation", applies_from="2027-09-01")  # fmt: skip
    about = "Hors du territoire."
    solution = Solution(title="Sauvegarde", description=about, provider=provider, plan=PLAN)
    file = made.file()
    parts: dict[str, Any] = {
        "watch_notes": {uid("note"): record(note, uid("note"), None)},
        "solutions": {uid("solution"): record(solution, uid("solution"))},
    }
    return MeetingState(replace(file, **(parts | more)))


def costs(plan: dict[str, Any] = PLAN) -> Costs:
    places = [Organisation(name=name, kind="commune", insee_code=code, population=600)
              for name, code in (("Vougeot", "21716"), ("Quincey", "21517"))]  # fmt: skip
    return costs_of(plan, [Standing(record(one, uid(one.name), None), "committed")
                           for one in places])  # fmt: skip


def test_the_item_that_the_meeting_is_at_is_shown_with_what_comes_next() -> None:
    view = projected(state_of(scene()), Chosen(), NOW)
    assert view.title == "2. Sujet solution"
    assert view.lines == ("Sauvegarde", "Présenté par Mme Roy", "Ensuite : 3. Sujet veille")
    assert view.quorum == "Quorum atteint : 3 présents sur 5, il en faut 3"


def test_an_item_passed_over_comes_after_those_that_follow() -> None:
    made = Scene(5, status="open", closed_at=None)
    made.item("procès-verbal", started=None)
    made.item("veille", started="18:40")
    made.item("besoins", started=None)
    assert projected(state_of(made), Chosen(), NOW).lines == ("Ensuite : 3. Sujet besoins",)
    last = Chosen("item", uid("item meeting besoins"))
    assert projected(state_of(made), last, NOW).lines == ("Ensuite : 1. Sujet procès-verbal",)


def test_nothing_comes_after_the_closing() -> None:
    made = Scene(5)
    made.item("veille", started="18:40")
    made.item("besoins", started=None)
    last = Chosen("item", uid("item meeting veille"))
    assert projected(state_of(made), last, NOW).lines == ()


def test_the_room_reads_that_the_meeting_is_over_where_it_follows_its_items() -> None:
    made = Scene(5, closed_at=at("20:05"))
    made.item("veille", started="18:40")
    view = projected(state_of(made), Chosen(), NOW)
    assert (view.title, view.lines) == ("La séance est close", ("À 20 h 05",))
    last = Chosen("item", uid("item meeting veille"))
    assert projected(state_of(made), last, NOW).title == "1. Sujet veille"


@pytest.mark.parametrize("subject", ["solution", "costs"])
def test_a_solution_without_a_title_is_projected_as_such(subject: Subject) -> None:
    solution = record(Solution(plan=PLAN), uid("solution"))
    state = state_of(scene(), solutions={uid("solution"): solution})
    assert projected(state, Chosen(subject), NOW, costs()).title == "Solution sans titre"


def test_a_need_without_a_title_is_projected_as_such_and_not_in_its_words() -> None:
    said = record(Need(words="Le site de Paul Roy tombe en panne."), uid("need"))
    state = state_of(scene(), needs=(said,))
    assert "needs" in offered(state, None)
    assert projected(state, Chosen("needs"), NOW).lines == ("Besoin sans titre",)


def test_an_item_held_on_screen_stays_whatever_the_meeting_is_at() -> None:
    view = projected(state_of(scene()), Chosen("watch", uid("item meeting veille")), NOW)
    assert view.title == "Facturation"
    assert view.lines == (
        "Obligation, en vigueur le 1er septembre 2027", "À faire : Choisir un outil", "Un.", "Deux."
    )  # fmt: skip


def test_the_cost_sheet_sets_together_beside_alone() -> None:
    assert projected(state_of(scene()), Chosen("costs"), NOW).subject == "solution"
    view = projected(state_of(scene()), Chosen("costs"), NOW, costs())
    assert view.subject == "costs"
    assert view.table is not None
    assert view.table.rows == (("Quincey", "500 €", "1 000 €"), ("Vougeot", "500 €", "1 000 €"))
    assert view.lines == ("Personne ne paie plus ensemble que seul.",)
    assert view.spoken.startswith(
        "Sauvegarde. Personne ne paie plus ensemble que seul. Quincey, Ensemble 500 €, Seule 1 000"
    )


def test_the_cost_sheet_is_that_of_the_provider_retained() -> None:
    dearer = {"id": "B", "supplier": "Nuage", "tiers": [
        {"from_participants": 1, "setup_cents": 300000}]}  # fmt: skip
    shared = costs({**PLAN, "offers": [*PLAN["offers"], dearer]})
    cheapest = "Offre la moins chère pour le groupe : A, Serein"
    for provider, each, taken in (
        ("", "500 €", cheapest), ("Nuage", "750 €", "Offre retenue : B, Nuage"),
    ):  # fmt: skip
        view = projected(state_of(scene(), provider), Chosen("costs"), NOW, shared)
        assert view.table is not None
        assert [row[1] for row in view.table.rows] == [each, each]
        assert view.lines[0] == taken


def test_the_cost_sheet_of_a_solution_of_the_region_says_whom_it_counts() -> None:
    state = state_of(scene())
    (key,) = state.file.solutions
    shared = record(state.file.solutions[key].fields, key, None)
    file = replace(state.file, solutions={key: shared})
    view = projected(MeetingState(file), Chosen("costs"), NOW, costs())
    assert "les prix ne comptent que les collectivités nommées ici" in view.lines[0]


@pytest.mark.parametrize(("status", "urged"), [("proposed", True), ("refused", False)])
def test_the_room_is_not_urged_to_join_what_was_turned_down(status: str, urged: bool) -> None:
    tier = {"from_participants": 6, "yearly_cents": 40000}
    (offer,) = PLAN["offers"]
    plan = {**PLAN, "offers": [{**offer, "tiers": [*offer["tiers"], tier]}]}
    solution = msgspec.structs.replace(Solution(title="Sauvegarde", plan=plan), status=status)
    state = state_of(scene(), solutions={uid("solution"): record(solution, uid("solution"))})
    view = projected(state, Chosen("costs"), NOW, costs(plan))
    assert any("Encore 4" in line for line in view.lines) is urged


def test_the_result_of_a_vote_is_its_sentence_and_its_counts() -> None:
    view = projected(state_of(scene()), Chosen("ballot"), NOW)
    assert (view.title, view.tone) == ("Retenir Serein ?", "success")
    assert view.lines == (
        "Avis favorable à l'unanimité des membres présents ou représentés (3 pour)",
    )
    assert view.table is not None
    assert view.table.rows == (("Pour", "3"),)
    assert ". Pour, 3. Quorum" in view.spoken


def test_the_room_reads_the_question_while_it_votes() -> None:
    made = scene()
    made.ballot(uid("item meeting solution"), held="19:10", question="Dès juin ?")
    view = projected(state_of(made), Chosen("ballot"), NOW)
    assert (view.title, view.lines, view.table) == ("Dès juin ?", ("Vote en cours",), None)
    closed = scene("closed")
    closed.ballot(uid("item meeting solution"), held="19:10", question="Dès juin ?")
    assert projected(state_of(closed), Chosen("ballot"), NOW).title == "Retenir Serein ?"


def test_before_the_first_item_the_meeting_itself_is_shown() -> None:
    made = Scene(5, status="convened", opened_at=None, closed_at=None)
    made.item("ouverture", started=None)
    view = projected(state_of(made), Chosen(), NOW)
    assert view.title == "Commission numérique locale"
    assert view.lines == ("Vendredi 19 mars 2027 à 18 h 30", "Salle des fêtes de Vougeot")
    assert not view.quorum


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_the_item_has_not_leaves_the_item_on_screen(subject: Subject) -> None:
    made = Scene(5, status="open", closed_at=None)
    made.item("divers")
    state = state_of(made)
    view = projected(state, Chosen(subject), NOW)
    expected = "" if subject == "blank" else "1. Sujet divers"
    assert view.title == expected
    assert offered(state, state.file.items[0]) == {"item", "blank"}


def test_a_neutral_screen_holds_nothing() -> None:
    assert projected(state_of(scene()), Chosen("blank"), NOW) == Projection()


# Nothing private

SECRET = st.text("abcé*-\n <&>", max_size=12).map(lambda text: f"SECRET{text}SECRET")


@st.composite
def private_meetings(draw: st.DrawFn) -> MeetingState:
    """A meeting whose every text that is not the room's to read holds the word SECRET."""
    made = scene(draw(st.sampled_from(["open", "closed"])))
    made.proxy(4, to=1)
    state = state_of(made)
    file = state.file

    def secret(one: Any, *names: str) -> Any:
        return msgspec.structs.replace(
            one, fields=msgspec.structs.replace(one.fields, **{n: draw(SECRET) for n in names})
        )

    need = Need(title="Débit", words=draw(SECRET), reason=draw(SECRET),
                speaker_person_id=uid("titular 1"), agenda_item_id=file.items[1].id)  # fmt: skip
    persons = {key: secret(one, "first_name", "last_name", "role", "email", "phone")
               for key, one in file.persons.items()}  # fmt: skip
    places = {key: secret(one, "email", "phone", "address", "notes")
              for key, one in file.organisations.items()}  # fmt: skip
    return state_of(
        made,
        items=tuple(secret(one, "notes") for one in file.items),
        persons=persons,
        organisations=places,
        commission=secret(file.commission, "notes"),
        needs=(record(need, uid("need")),),
        meeting=secret(file.meeting, "emergency_reason"),
        solutions={key: secret(one, "answer") for key, one in state.file.solutions.items()},
    )


@settings(max_examples=60)
@given(
    private_meetings(),
    st.sampled_from(SUBJECTS),
    st.sampled_from(
        [None, *(uid(f"item meeting {n}") for n in ("ouverture", "solution", "veille"))]
    ),
    st.booleans(),
)
def test_nothing_private_is_ever_projected(
    state: MeetingState, subject: Subject, item_id: str | None, shared: bool
) -> None:
    view = projected(state, Chosen(subject, item_id), NOW, costs() if shared else None)
    assert "SECRET" not in repr(view)
    assert "SECRET" not in view.spoken


def test_a_person_is_a_field_of_no_projection() -> None:
    """The view holds plain text alone: no record through which anything else could be reached."""
    view = projected(state_of(scene()), Chosen("costs"), NOW, costs())
    kinds = {type(getattr(view, name)).__name__ for name in view.__dataclass_fields__}
    assert kinds == {"str", "tuple", "Table", "bool"}
