"""Meetings whose papers are tested: one as they are, one empty, one huge."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, get_type_hints

import msgspec

from app.domain.dates import PARIS
from app.domain.meeting_file import MeetingFile
from app.domain.records import Minutes, Organisation, Person, Record, Solution, WatchNote
from tests.app.domain.builders import Scene, at, record, uid

MADE = datetime(2027, 3, 19, 20, 45, tzinfo=PARIS)
PLACES = (
    "Vougeot", "Agencourt", "Arcenant", "Argilly", "Beaune", "Bligny-lès-Beaune", "Boncourt",
    "Chaux", "Chevannes", "Comblanchien", "Corgoloin", "L'Étang-Vergy",
)  # fmt: skip
NAMES = (
    ("Anne", "Roy", "maire"), ("Paul", "Petit", "secrétaire de mairie"),
    ("Zoé", "L'Hôte", "première adjointe"), ("Émile", "Œuvrard", "maire"),
    ("Jean-François", "de La Tour", "adjoint"), ("Chloé", "Nguyễn", "DGS"),
    ("Marc", "Bonnet", "maire"), ("Hélène", "Ÿvert", "maire"), ("Luc", "Garnier", "conseiller"),
    ("Inès", "Çağlar", "maire"), ("René", "Aubry", "maire"), ("Maud", "Fèvre", "adjointe"),
)  # fmt: skip
NOTES = (
    "La présidente rappelle que la directive est transposée et que toute collectivité doit savoir à"
    " qui signaler un incident. Un échange s'engage : M. Petit demande si les communes de moins de"
    " 500 habitants sont concernées ; il lui est répondu que oui, dès lors qu'elles gèrent un"
    " service d'eau.\n"
    "Mme L'Hôte souhaite qu'un modèle de procédure soit fourni. Le GIP s'y engage pour le mois"
    " d'avril, et précise que l'accompagnement sera gratuit."
)


def named(file: MeetingFile) -> MeetingFile:
    """The same file with real names of places and people."""
    organisations, persons = dict(file.organisations), dict(file.persons)
    for number, (place, (first, last, role)) in enumerate(zip(PLACES, NAMES, strict=True), 1):
        key, person = uid(f"organisation {number}"), uid(f"titular {number}")
        if key in organisations:
            organisations[key] = record(
                Organisation(
                    name=place, population=150 * number, insee_code=f"21{number:03}",
                    address=f"{number}, place de la Mairie\n21640 {place}",
                ),
                key, None,
            )  # fmt: skip
            titular = Person(organisation_id=key, first_name=first, last_name=last, role=role)
            persons[person] = record(titular, person)
    return replace(file, organisations=organisations, persons=persons)


def unattended_meeting() -> MeetingFile:
    """A meeting that gathered nobody: opened and closed at its hour, its notes only prepared."""
    scene = Scene(5, profile="deliberative", number=4, closed_at=at("18:30"))
    scene.item("opening", kind="opening", title="Appel", started=None, notes="Routes enneigées.")
    scene.item("site", title="Le site des communes", started=None, notes="À lire avant.")
    scene.absent(1, 4, 5)
    scene.sheet(2, "excused")
    scene.proxy(3, to=1)
    return named(scene.file())


def whole_meeting(profile: str = "commission", **meeting: Any) -> MeetingFile:
    """A meeting with something of everything."""
    scene = Scene(
        12, profile=profile, number=3, place="Salle du conseil, mairie de Vougeot",
        title="Commission numérique locale, première séance de 2027", **meeting,
    )  # fmt: skip
    scene.present(1, 2, 3, 4, 5, 6)
    scene.present(7, since="18:50", until="19:40")
    scene.sheet(8, "excused")
    scene.sheet(9, "excused")
    scene.absent(10, 11)
    scene.proxy(8, to=3)
    scene.proxy(10, to=3, received="13:00")
    opening = scene.item("opening", kind="opening", title="Ouverture de la séance", notes="")
    approval = scene.item(
        "approval", kind="approval", title="Approbation du procès-verbal du 4 décembre 2026",
        started="18:35", notes="",
    )  # fmt: skip
    watch = scene.item(
        "watch", kind="watch", title="Veille réglementaire : signaler un incident",
        started="18:55", presenter="Anne Roy", notes=NOTES, linked_id=uid("note"),
    )  # fmt: skip
    needs = scene.item("needs", kind="need", title="Tour de table des besoins", started="19:10")
    solution = scene.item(
        "solution", kind="solution", title="Sauvegarde mutualisée", started="19:30",
        ended_at=at("19:55"), notes=NOTES, linked_id=uid("solution"), original=False,
        number="4 bis",
    )  # fmt: skip
    scene.item("late", kind="misc", title="Fibre", withdrawn=True, notes="", number="5")
    scene.ballot(approval, held="18:36", question="Le procès-verbal est-il approuvé ?", for_count=7)
    scene.ballot(
        solution, held="19:50", method="roll_call", question="Y êtes-vous favorable ?",
        votes={uid(f"seat {n}"): vote for n, vote in
               enumerate(("for", "for", "against", "for", "abstain", "for"), 1)}
        | {uid("seat 8"): "for"},
    )  # fmt: skip
    scene.add(
        "decision",
        agenda_item_id=solution,
        text="La commission est favorable à l'achat groupé d'une sauvegarde hors site.",
    )
    scene.add(
        "action",
        1,
        agenda_item_id=watch,
        text="Envoyer le modèle de procédure",
        owner="Paul Petit",
        owner_organisation_id=uid("organisation 2"),
        due_on="2027-04-15",
    )
    scene.add("action", 2, agenda_item_id=solution, text="Demander une seconde offre",
              owner="Le GIP", due_on="2027-05-01")  # fmt: skip
    scene.add(
        "need", 1, agenda_item_id=needs, title="Sauvegarder hors de la mairie",
        words="Notre serveur est sous l'escalier ; le jour où il prend l'eau, on perd tout.",
        speaker_person_id=uid("titular 4"), theme="backup", severity=4,
        organisation_ids=(uid("organisation 4"), uid("organisation 2")), deadline_on="2027-09-01",
        raised_at_meeting_id=scene.meeting_id,
    )  # fmt: skip
    scene.add(
        "need", 2, agenda_item_id=needs, title="Un site qui fonctionne sur un téléphone",
        words="Les gens lisent l'heure des déchets sur leur téléphone.", theme="websites",
        speaker_person_id=uid("titular 3"), organisation_ids=(uid("organisation 3"),),
        raised_at_meeting_id=scene.meeting_id,
    )  # fmt: skip
    scene.add("convocation", 1, person_id=uid("titular 1"), sent_at=at("09:00", "2027-03-11"))
    guest = Person(first_name="Nadia", last_name="Blanc", role="Conseillère au GIP")
    scene.persons[uid("guest")] = record(guest, uid("guest"))
    scene.add("attendance", "guest", meeting_id=scene.meeting_id, person_id=uid("guest"))
    note = WatchNote(
        title="Signaler un incident de sécurité", body="Depuis le 1er mars 2027, tout incident"
        " important est signalé en 24 heures.", todo="Désigner un référent et noter son numéro.",
        reference="Décret n° 2027-112", url="https://cyber.gouv.fr/incident", level="obligation",
        published_on="2027-02-02", applies_from="2027-03-01", deadline_on="2027-06-30",
    )  # fmt: skip
    answer = Solution(
        title="Sauvegarde mutualisée", description="Une sauvegarde chiffrée, chaque nuit, dans"
        " deux centres de la région.", status="proposed", need_ids=(uid("need meeting 1"),),
    )  # fmt: skip
    del opening
    return replace(
        named(scene.file()),
        watch_notes={uid("note"): record(note, uid("note"), None)},
        solutions={uid("solution"): record(answer, uid("solution"))},
    )


def correction(
    file: MeetingFile, words: str = "Lire « 8 pour »."
) -> tuple[Record[Minutes], Record[Minutes]]:
    """An addendum to the frozen minutes of a meeting, and these minutes."""
    frozen = Minutes(
        meeting_id=file.meeting.id, frozen_at=MADE.isoformat(), content_sha256="a" * 64
    )
    added = Minutes(number=1, frozen_at=MADE.isoformat(), replaces=words, text=words, reason=words)
    return record(added, uid("addendum")), record(frozen, uid("frozen"))


def empty_meeting() -> MeetingFile:
    """A meeting of which nothing is known yet."""
    scene = Scene(0, title="", place="", starts_at=None, opened_at=None, closed_at=None,
                  status="planned", chair_person_id=None, secretary_ids=())  # fmt: skip
    return scene.file()


ODD = "<b>Zoé</b> & fils 😀 محمد e\u0301 \u202e" + "x" * 500


def huge_meeting() -> MeetingFile:
    """400 members with odd names, 200 needs, a roll call of 300, notes of 100,000 characters."""
    scene = Scene(400, place=ODD, title=ODD)
    scene.present(*range(1, 301))
    scene.absent(*range(301, 401))
    first = scene.item("1", title=ODD, notes=(NOTES * 200)[:100_000])
    second = scene.item("2", notes="x" * 100_000)
    scene.ballot(
        first, method="roll_call", votes={uid(f"seat {n}"): "for" for n in range(1, 301)},
        question=ODD,
    )  # fmt: skip
    for number in range(200):
        scene.add("need", number, agenda_item_id=second, title=f"Besoin {number}", words=NOTES,
                  organisation_ids=(uid(f"organisation {number + 1}"),))  # fmt: skip
    file = scene.file()
    persons = {
        key: msgspec.structs.replace(
            one,
            fields=msgspec.structs.replace(one.fields, last_name=f"{one.fields.last_name}{ODD}"),
        )
        for key, one in list(file.persons.items())[:3]
    }
    return replace(file, persons=file.persons | persons)


def long_scene(pages: int) -> Scene:
    """A meeting whose minutes fill about so many pages."""
    scene = Scene(40)
    scene.present(*range(1, 31))
    scene.absent(*range(31, 41))
    for number in range(pages * 2 // 3):
        item = scene.item(number, notes="\n".join([NOTES] * 3), started=f"18:{30 + number % 30}")
        scene.ballot(item, for_count=28, abstain_count=2)
        scene.add("decision", number, agenda_item_id=item, text="La commission est favorable.")
        scene.add("action", number, agenda_item_id=item, text="Demander une offre", owner="Le GIP",
                  due_on="2027-05-01")  # fmt: skip
        scene.add("need", number, agenda_item_id=item, title=f"Besoin {number}", words=NOTES[:180],
                  organisation_ids=(uid("organisation 4"),))  # fmt: skip
    return scene


def long_meeting(pages: int = 30) -> MeetingFile:
    """The file of such a meeting."""
    return long_scene(pages).file()


def filled_with(value: Any, words: str) -> Any:
    """The same file, list or record with every free text of a record replaced by words."""
    if isinstance(value, Record):
        texts = {
            name: words
            for name, hint in get_type_hints(type(value.fields)).items()
            if hint is str and name not in _SHAPED and name in value.fields.__struct_fields__
        }
        return msgspec.structs.replace(value, fields=msgspec.structs.replace(value.fields, **texts))
    if isinstance(value, tuple | list):
        return type(value)(filled_with(one, words) for one in value)
    if isinstance(value, dict):
        return {key: filled_with(one, words) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        found = {one.name: filled_with(getattr(value, one.name), words) for one in fields(value)}
        return replace(value, **found)
    return value


_SHAPED = ("rank", "number", "insee_code", "siren", "department", "content_sha256")
"""The texts that are no words."""
