"""A workspace with a record of every kind, and what a newer program may have made of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from app.bootstrap import Services
from app.domain.records import SCHEMA, Envelope
from app.domain.validation import defaults
from app.services.attachments import File
from app.services.settings import BY_ITSELF
from app.sync import link as ties
from app.sync.conflicts import conflict
from app.sync.link import Link
from app.sync.merge import Clash
from app.sync.protocol import Facilitator, PublicKey
from tests.app.domain.builders import COMMISSION, Scene, at, uid
from tests.app.services.staging import planned, stage

MEETING, NEXT = uid("meeting"), uid("next")
PLAN = {
    "years": 4, "vat_rate": "0.20", "key": {"kind": "equal"},
    "offers": [{"id": "A", "supplier": "X", "tiers": [{"from_participants": 1}]}],
}  # fmt: skip
_TIE = Link(
    url="https://central.example",
    key=PublicKey(key_id="1", public_key=""),
    epoch="1",
    device_id=uid("device"),
    facilitator=Facilitator(
        id=uid("facilitator"), name="Anne", email="", role="facilitator", create=True
    ),
    role="facilitator",
    spaces=(COMMISSION,),
)
STRANGE = (None, 7, 1.5, "neuf", ["neuf", 3], {"neuf": 1}, [{"neuf": 1}, {"arrived": 3}])


def furnish(services: Services) -> None:
    """Writes at least one record of every kind, around a frozen meeting and one to come."""
    stage(services, _past())
    make = services.records.create
    ours, theirs = ([uid(f"organisation {number}")] for number in (1, 2))
    need = make(
        "need",
        {
            "title": "Sauvegarde", "words": "Tout est perdu.", "theme": "backup",
            "organisation_ids": ours, "speaker_person_id": uid("titular 1"),
            "raised_at_meeting_id": MEETING, "deadline_on": "2027-09-01",
            "need_group_id": make("need_group", {"title": "Serveurs"}, COMMISSION).id,
        },
        COMMISSION,
    )  # fmt: skip
    note = make("watch_note", {"title": "Signaler", "deadline_on": "2027-06-30"}, COMMISSION)
    told = {"watch_note_id": note.id, "meeting_id": MEETING, "organisation_ids": ours}
    make("briefing", told | {"told_on": "2027-03-19"}, COMMISSION)
    answer = {"title": "Sauvegarde mutualisée", "need_ids": [need.id], "plan": PLAN}
    solution = make("solution", answer, COMMISSION)
    for one in (*ours, *theirs):
        make("commitment", {"solution_id": solution.id, "organisation_id": one}, COMMISSION)
    notes = File("notes.txt", "text/plain", b"essai")
    for owner in (need.id, note.id, solution.id, MEETING):
        services.attachments.keep(owner, notes, "Pièce jointe")
    make("fee_scale", {"code": "2027", "year": 2027}, None)
    services.minutes.freeze(MEETING)
    (frozen,) = services.records.list("minutes")
    words = {"text": "Lire 8.", "replaces": "7", "reason": "Erreur"}
    services.minutes.freeze(services.minutes.correct(frozen, words).id)
    coming = planned(4, label="next", day="2027-05-05")
    coming.item("approval", kind="approval", started=None, linked_id=MEETING)
    stage(services, coming)
    with services.workspace.unit("Venu du central") as unit:
        for kind, fields in (("need_digest", {"title": "Ailleurs", "organisation_ids": ours}),
                             ("solution_tally", {"solution_id": solution.id})):  # fmt: skip
            digest = Envelope(kind=kind, id=uid(kind), fields=defaults(kind) | fields)
            unit.save(digest)
        found = unit.get(need.id)
        assert found is not None
        for clash in (
            Clash("title", "a", "b", "c"), Clash("organisation_ids", [], ours, theirs),
            Clash("deleted", False, True, False),
            Clash("status", *({"status": one, "reason": ""} for one in ("raised", "served", "x"))),
        ):  # fmt: skip
            unit.save(conflict(found, clash, 0, ("Anne", at("18:30")), ("Zoé", at("18:40"))))
        town = unit.get(ours[0])
        assert town is not None
        reached = Clash("email", "", "mairie@a.example", "mairie@b.example")
        regional = conflict(town, reached, 0, ("Anne", at("18:30")), ("Zoé", at("18:40")))
        unit.save(msgspec.structs.replace(regional, commission_id=None))
        ties.save(unit, _TIE)
        unit.commit()
    services.settings.set(BY_ITSELF, "between_meetings")
    services.search.index_pending()


def _past() -> Scene:
    scene = Scene(4)
    scene.present(1, 2, 3)
    scene.proxy(4, to=1)
    item = scene.item()
    scene.ballot(item, for_count=4)
    scene.add("decision", agenda_item_id=item, text="Oui.")
    scene.add("action", agenda_item_id=item, text="Écrire", owner="Anne", due_on="2027-04-01")
    scene.add("convocation", meeting_id=scene.meeting_id, person_id=uid("titular 1"))
    return scene


def of_kind(services: Services, kind: str) -> list[Envelope]:
    """The live records of a kind."""
    with services.workspace.reading() as unit:
        return list(unit.select(kind))


def outgrow(services: Services, kind: str) -> Iterator[str]:
    """Has a newer program write every record of a kind, in one way after another; names each."""
    before = of_kind(services, kind)
    for way, odd in ways_of(kind).items():
        with services.workspace.unit("Nouvelle version") as unit:
            for one in before:
                unit.receive(grown(one, odd))
            unit.commit()
        yield way


def ways_of(kind: str) -> dict[str, dict[str, Any]]:
    """What a newer program may put in the fields of a kind, by name; `...` leaves a field out."""
    names = list(defaults(kind))
    return {
        "nothing left": dict.fromkeys(names, ...),
        "every other field strange": _strange(names[::2]),
        "the others strange": _strange(names[1::2]),
        "lists everywhere": {name: ["neuf", 3] for name in names},
    }


def grown(one: Envelope, odd: dict[str, Any]) -> Envelope:
    """A record as a newer program wrote it."""
    fields = {name: value for name, value in (one.fields | odd).items() if value is not ...}
    return msgspec.structs.replace(one, schema=SCHEMA + 1, revision=one.revision + 1, fields=fields)


def _strange(names: list[str]) -> dict[str, Any]:
    return {name: STRANGE[place % len(STRANGE)] for place, name in enumerate(names)}
