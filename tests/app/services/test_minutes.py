"""Freezing on a real workspace: once, whole, and served as it was made."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from app.bootstrap import Services
from app.documents.document import Letterhead
from app.documents.making import heard_by
from app.documents.sealed import sealed_minutes
from app.domain.canonical import canonical
from app.errors import UserError
from app.storage import blobs
from tests.app.documents import reading
from tests.app.domain.builders import COMMISSION, Scene, at, uid
from tests.app.services.staging import stage
from tests.conftest import FakeClock


def complete(label: str = "meeting", **options: Any) -> Scene:
    scene = Scene(3, label=label, **options)
    scene.present(1, 2)
    scene.absent(3)
    scene.item(label)
    return scene


def addendum(services: Services, minutes_id: str, text: str = "Lire « 8 pour ».") -> str:
    commission = services.records.envelope(minutes_id).commission_id
    fields = {"addendum_to_id": minutes_id, "text": text, "replaces": "7 pour", "reason": "Erreur"}
    return services.records.create("minutes", fields, commission).id


def test_a_freeze_keeps_content_hashes_and_the_very_pdf(services: Services) -> None:
    meeting_id = stage(services, complete(number=4))
    frozen = services.minutes.freeze(meeting_id, at("20:45"))
    fields = services.records.envelope(frozen.record.id).fields
    assert fields["number"] == 4
    assert fields["frozen_at"] == at("20:45")
    assert fields["content_sha256"] == hashlib.sha256(canonical(fields["content"])).hexdigest()
    assert fields["pdf_sha256"] == hashlib.sha256(frozen.document.data).hexdigest()
    with services.workspace.reading() as unit:
        assert blobs.content(unit, fields["pdf_sha256"]) == frozen.document.data
    inside = reading.attached(frozen.document.data)["proces-verbal.json"]
    assert inside == canonical(fields["content"])
    assert reading.faults(frozen.document.data) == []


@pytest.mark.parametrize(("of_meeting", "frozen"), [(None, 7), (4, 4)])
def test_a_freeze_keeps_the_number_of_a_draft_when_the_meeting_has_none(
    services: Services, of_meeting: int | None, frozen: int
) -> None:
    meeting_id = stage(services, complete(number=of_meeting))
    space = services.records.envelope(meeting_id).commission_id
    draft = services.records.create("minutes", {"meeting_id": meeting_id, "number": 7}, space)
    kept = services.minutes.freeze(meeting_id, at("20:45")).record
    assert (kept.id, kept.fields.number) == (draft.id, frozen)


def test_the_frozen_pdf_is_served_whatever_changes_afterwards(
    services: Services, clock: FakeClock
) -> None:
    meeting_id = stage(services, complete())
    frozen = services.minutes.freeze(meeting_id)
    clock.forward(days=3)
    services.settings.set("operator_name", "Un autre nom")
    services.records.update(uid("titular 1"), {"last_name": "Autre"})
    assert services.documents.make("minutes", meeting_id).data == frozen.document.data


def test_the_frozen_pdf_names_what_it_shows_by_a_placeholder_and_nothing_else(
    services: Services,
) -> None:
    meeting_id = stage(services, complete())
    commission_id = services.records.envelope(meeting_id).commission_id
    assert commission_id is not None
    services.records.update(commission_id, {"name": "Pays de Nuits 🍇"})
    services.records.update(meeting_id, {"place": "Salle\u2028des fêtes"})
    services.records.update(uid("titular 1"), {"phone": "📞 03 80 00 00 00"})
    frozen = services.minutes.freeze(meeting_id)
    assert frozen.document.missing_glyphs == ("🍇",)
    assert services.documents.make("minutes", meeting_id) == frozen.document


class GivenUp(Exception):
    """Raised by whoever gives a freeze up."""


def test_a_freeze_given_up_at_any_step_leaves_nothing_half_done(services: Services) -> None:
    meeting_id = stage(services, complete())
    before = services.workspace.operations.copy()
    for step in itertools.count(1):
        steps = itertools.count(1)

        def heard(words: str, share: float, steps: Iterator[int] = steps, step: int = step) -> None:
            if next(steps) == step:
                raise GivenUp(words)

        try:
            with heard_by(heard):
                services.minutes.freeze(meeting_id)
        except GivenUp as error:
            last = str(error)
            assert services.records.list("minutes") == []
            assert services.workspace.operations == before
            with services.workspace.snapshot() as records:
                assert list(records.rows("SELECT sha256 FROM blob")) == []
        else:
            break
    assert step > 3
    assert last == "Gel du procès-verbal"
    assert services.minutes.frozen(meeting_id) is not None


def test_minutes_freeze_once(services: Services) -> None:
    meeting_id = stage(services, complete())
    services.minutes.freeze(meeting_id)
    with pytest.raises(UserError, match="déjà gelé"):
        services.minutes.freeze(meeting_id)


def test_what_comes_after_the_freeze_is_refused_for_its_tie_to_the_meeting(
    services: Services,
) -> None:
    meeting_id = stage(services, complete())
    services.minutes.freeze(meeting_id)
    item_id = services.records.list("agenda_item", meeting_id=meeting_id)[0].id
    for kind, tie, named in (
        ("convocation", "meeting_id", meeting_id),
        ("proxy", "meeting_id", meeting_id),
        ("ballot", "agenda_item_id", item_id),
        ("need", "raised_at_meeting_id", meeting_id),
    ):
        with pytest.raises(UserError, match=f"champ « {tie} » : le procès-verbal .* est gelé"):
            services.records.create(kind, {tie: named})


def test_a_light_commission_freezes_with_gaps_and_they_are_said(services: Services) -> None:
    meeting_id = stage(services, complete(place=""))
    assert "Séance : le lieu manque." in [
        gap.what for gap in services.minutes.freeze(meeting_id).gaps
    ]


def test_no_paper_is_frozen_at_an_instant_before_what_it_tells_of(services: Services) -> None:
    meeting_id = stage(services, complete())
    with pytest.raises(UserError, match="le gel précéderait la clôture"):
        services.minutes.freeze(meeting_id, at("17:00"))
    frozen = services.minutes.freeze(meeting_id, at("20:45")).record
    correction = addendum(services, frozen.id)
    with pytest.raises(UserError, match="avant le procès-verbal qu'il corrige"):
        services.minutes.freeze(correction, at("20:44"))
    services.minutes.freeze(correction, at("20:45"))


def test_a_refused_freeze_writes_nothing(services: Services) -> None:
    meeting_id = stage(services, complete(profile="deliberative", place=""))
    with pytest.raises(UserError, match="incomplet"):
        services.minutes.freeze(meeting_id)
    assert services.records.list("minutes") == []


def test_a_refused_freeze_names_the_record_to_mend(services: Services) -> None:
    scene = Scene(3, label="meeting", profile="deliberative")
    scene.present(1, 2)
    meeting_id = stage(services, scene)
    with pytest.raises(UserError) as refused:
        services.minutes.freeze(meeting_id)
    assert refused.value.sentence.startswith(
        f"Siège {uid('seat 3')} : le procès-verbal est incomplet"
    )
    assert refused.value.sentence.endswith("n'est pas sur la feuille (et 1 autre point).")


def test_what_changed_since_it_was_read_is_not_frozen(services: Services, clock: FakeClock) -> None:
    meeting_id = stage(services, complete())
    file = services.meetings.file(meeting_id)
    sealed = sealed_minutes(file, Letterhead(), clock())
    services.records.update(meeting_id, {"place": "Ailleurs"})
    with pytest.raises(UserError, match="a changé pendant le gel"):
        services.minutes._keep(None, file, {"meeting_id": meeting_id}, sealed, "Gel")
    assert services.records.list("minutes") == []


def test_one_byte_tells_a_copy_from_the_frozen_file(services: Services) -> None:
    data = services.minutes.freeze(stage(services, complete())).document.data
    assert services.minutes.verify(data).frozen
    for place in (0, len(data) // 2, len(data) - 1):
        altered = bytearray(data)
        altered[place] ^= 1
        assert not services.minutes.verify(bytes(altered)).frozen
    assert not services.minutes.verify(b"").frozen


def test_addenda_are_numbered_frozen_and_served(services: Services) -> None:
    minutes_id = services.minutes.freeze(stage(services, complete())).record.id
    first, second = addendum(services, minutes_id), addendum(services, minutes_id, "Autre texte.")
    draft = services.documents.make("addendum", first).data
    frozen = services.minutes.freeze(first)
    assert frozen.record.fields.number == 1
    assert services.minutes.freeze(second).record.fields.number == 2
    assert draft != frozen.document.data
    assert services.documents.make("addendum", first).data == frozen.document.data
    assert "Autre texte." in reading.text(services.documents.make("addendum", minutes_id).data)
    assert services.minutes.verify(frozen.document.data).minutes_id == first
    with pytest.raises(UserError, match="déjà gelé"):
        services.minutes.freeze(first)


def test_an_addendum_is_drafted_then_frozen_with_its_number(services: Services) -> None:
    minutes = services.minutes.freeze(stage(services, complete())).record
    words = {"text": "Lire « 8 pour ».", "replaces": "7 pour", "reason": "Erreur"}
    with pytest.raises(UserError, match="U\\+0007"):
        services.minutes.correct(minutes, words | {"text": "a\x07"})
    assert len(services.records.list("minutes")) == 1
    draft = services.minutes.correct(minutes, words)
    assert draft.fields.number is None
    frozen = services.minutes.freeze(draft.id)
    kept = services.records.get(frozen.record.id).fields
    assert (kept.number, kept.text, kept.reason) == (1, words["text"], "Erreur")
    assert kept.addendum_to_id == minutes.id
    inside = reading.attached(frozen.document.data)["additif.json"]
    assert frozen.record.id in inside.decode()
    assert services.documents.make("addendum", minutes.id).data == frozen.document.data


def test_an_addendum_without_words_does_not_freeze(services: Services) -> None:
    minutes_id = services.minutes.freeze(stage(services, complete())).record.id
    with pytest.raises(UserError, match="n'a pas de texte"):
        services.minutes.freeze(addendum(services, minutes_id, " "))


def test_the_next_minutes_say_what_became_of_earlier_needs(
    services: Services, clock: FakeClock
) -> None:
    earlier = complete("earlier", day="2027-01-15")
    earlier.add("need", 1, title="Un site", words="Vieux.", raised_at_meeting_id=earlier.meeting_id)
    earlier.add(
        "need", 2, title="Du papier", words="Vite.", raised_at_meeting_id=earlier.meeting_id
    )
    stage(services, earlier)
    need_id = uid("need earlier 1")
    clock.forward(hours=1)
    services.records.update(need_id, {"status": "set_aside", "reason": "Hors du champ"})
    stage(services, complete())
    said = reading.text(services.documents.make("minutes", uid("meeting")).data)
    assert "Ce que vous aviez demandé est devenu… – Un site : écarté (Hors du champ)" in said
    assert "Du papier" not in said


def test_the_next_minutes_name_the_solution_that_answers_a_need(
    services: Services, clock: FakeClock
) -> None:
    earlier = complete("earlier", day="2027-01-15")
    earlier.add("need", 1, title="Un site", words="Vieux.", raised_at_meeting_id=earlier.meeting_id)
    stage(services, earlier)
    solution = services.records.create("solution", {"title": "Site partagé"}, COMMISSION)
    clock.forward(hours=1)
    answered = {"status": "answered", "solution_id": solution.id}
    services.needs.move(uid("need earlier 1"), "qualified")
    services.records.update(uid("need earlier 1"), answered)
    stage(services, complete())
    said = reading.text(services.documents.make("minutes", uid("meeting")).data)
    assert "Un site : une solution y répond, Site partagé" in said


def test_the_roll_call_names_the_alternate_who_sat_and_voted(services: Services) -> None:
    scene = Scene(2)
    scene.seat(3, alternate=True)
    scene.present(1, 2)
    scene.sheet(3, role="alternate")
    item = scene.item()
    votes = {uid(f"seat {number}"): "for" for number in (1, 2, 3)}
    scene.ballot(item, method="roll_call", votes=votes, for_count=3)
    frozen = services.minutes.freeze(stage(services, scene))
    call = reading.text(frozen.document.data).partition("appel nominal")[2]
    assert "Suppléant 3 (Commune 3)" in call
    assert "Titulaire 3" not in call


def test_who_stands_aside_is_the_alternate_who_sat(services: Services) -> None:
    scene = Scene(2)
    scene.seat(3, alternate=True)
    scene.present(1, 2)
    item = scene.item()
    scene.sheet(3, role="alternate", excluded={item: "personal"})
    scene.ballot(item, for_count=2, not_taking_part=[uid("seat 3")])
    said = reading.text(services.documents.make("minutes", stage(services, scene)).data)
    assert "Ne prend pas part à ce point : Suppléant 3 (Commune 3)" in said
    assert "Ne prend pas part au vote : Suppléant 3 (Commune 3)" in said


def test_an_addendum_that_names_its_minutes_alone_is_in_the_meetings_file(
    services: Services,
) -> None:
    meeting_id = stage(services, complete())
    first = services.minutes.freeze(meeting_id).record.id
    added = addendum(services, first)
    assert [one.id for one in services.meetings.file(meeting_id).minutes] == [first, added]


def test_an_addendum_takes_a_number_of_its_own_and_corrects_minutes_alone(
    services: Services,
) -> None:
    minutes_id = services.minutes.freeze(stage(services, complete())).record.id
    first, second = addendum(services, minutes_id), addendum(services, minutes_id, "Autre texte.")
    for one in (first, second):
        services.records.update(one, {"number": 1})
    assert services.minutes.freeze(first).record.fields.number == 1
    assert services.minutes.freeze(second).record.fields.number == 2
    with pytest.raises(UserError, match="un additif corrige un procès-verbal"):
        addendum(services, first)
