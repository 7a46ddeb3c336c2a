"""The history told in sentences, with names in the place of identifiers."""

from __future__ import annotations

from msgspec.structs import replace

from app.bootstrap import Services
from app.domain.field_words import VALUES, field_words, value_words
from app.domain.records import KINDS, reference_id
from app.services.history_words import parts, story

VOUGEOT = reference_id("organisation", "21716")


def test_a_history_names_what_changed_in_words(services: Services, commission_id: str) -> None:
    need = services.records.create("need", {"title": "Sauvegarde", "theme": "backup"})
    services.records.update(need.id, {"organisation_ids": [VOUGEOT], "severity": 3})
    services.records.delete(need.id)
    services.records.restore(need.id)
    told = story(services.records, need.id)
    assert [chapter.sentences for chapter in told] == [
        ["Rétabli"],
        ["Supprimé"],
        [
            "Gravité : « léger » devient « grave »",
            "Collectivités concernées : « Vougeot (21) »",
        ],
        ["Créé", "Titre : « Sauvegarde »", "Thème : « Sauvegarde »"],
    ]


def test_services_are_told_by_their_themes(services: Services, commission_id: str) -> None:
    services.records.update(VOUGEOT, {"services": ["acts", "procurement", "essai"]})
    assert story(services.records, VOUGEOT)[0].sentences[1:] == [
        "Services utilisés : « Télétransmission des actes, Marchés publics et essai »"
    ]
    note = services.records.create("watch_note", {"title": "Actes"})
    services.records.update(note.id, {"audience": {"services": ["acts"]}})
    (told,) = story(services.records, note.id)[0].sentences
    assert told.endswith("« services : Télétransmission des actes »")


def test_what_came_with_a_bringing_back_is_told_after_it(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    need = services.records.envelope(need.id)
    services.records.delete(need.id)
    with services.workspace.unit() as unit:
        unit.save(replace(need, fields=need.fields | {"title": "Copies"}))
        unit.commit()
    (last, *_) = story(services.records, need.id)
    assert last.sentences == ["Rétabli", "Titre : « Sauvegarde » devient « Copies »"]


def test_a_long_text_is_shortened_and_what_was_emptied_is_said(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"words": "mot " * 200, "reason": "Trop cher"})
    services.records.update(need.id, {"reason": ""})
    told = story(services.records, need.id)
    assert told[0].sentences == ["Motif : « Trop cher » retiré"]
    assert max(len(sentence) for sentence in told[1].sentences) < 300


def test_a_long_text_is_told_from_where_it_changed(services: Services, commission_id: str) -> None:
    long = "Notre secrétaire perd une demi-journée à chaque échec de la sauvegarde. " * 6
    need = services.records.create("need", {"words": f"{long}Il faut une clé."})
    services.records.update(need.id, {"words": f"{long}Il faut deux clés."})
    (told,) = story(services.records, need.id)[0].sentences
    assert told.startswith("Paroles : « …")
    assert "Il faut une clé. » devient « …" in told
    assert told.endswith("Il faut deux clés. »")
    lines = "Sauvegarde\n" * 40
    for words in (lines, f"{lines}Réseau"):
        services.records.update(need.id, {"words": words})
    (told,) = story(services.records, need.id)[0].sentences
    assert told.endswith("Réseau »")


def test_every_field_of_every_kind_has_french_words() -> None:
    lacking = {
        name
        for kind, definition in KINDS.items()
        if kind not in ("conflict", "need_digest", "solution_tally")
        for name in definition.__struct_encode_fields__
        if field_words(name) == name and name not in _SAME
    }
    assert lacking == set(), "name it in app/domain/field_words.py"


_SAME = {"notes", "services", "question", "description", "intention", "code"}
"""The fields whose name is the French word too."""


def test_values_are_said_as_people_say_them() -> None:
    assert value_words("commitment", "alone_cents", 123456, {}) == "1 234,56 €"
    assert value_words("organisation", "population_year", 2023, {}) == "2023"
    assert value_words("need", "deadline_on", "2027-03-01", {}) == "1er mars 2027"
    assert value_words("roster_entry", "voting", False, {}) == "non"
    assert value_words("organisation", "services", ["actes", "sites"], {}) == "actes et sites"
    assert value_words("commission", "body_kind", "epci", {}) == "conseil communautaire"
    assert value_words("commission", "quorum_fraction", "2/3", {}) == "les deux tiers, plus un"
    assert set(VALUES) <= set(KINDS)


def test_the_parts_of_a_value_are_said_too() -> None:
    rows = [{"kind": "epci", "population_from": 500, "amount_cents": 25000}]
    said = "genre : intercommunalité, à partir de : 500, montant : 250,00 €"
    assert value_words("fee_scale", "rows", rows, {}) == said
    stay = {"arrived": None, "left": "2027-03-19T18:40:00+01:00"}
    assert value_words("attendance", "intervals", [stay], {}) == (
        "départ : vendredi 19 mars 2027 à 18 h 40"
    )
    votes = {VOUGEOT: "for", "0198": "abstain"}
    assert value_words("ballot", "votes", votes, {VOUGEOT: "Vougeot", "0198": "Messanges"}) == (
        "Vougeot : pour, Messanges : abstention"
    )
    key = {"kind": "mixed", "fixed_share": "0.30"}
    assert value_words("solution", "plan", {"years": 4, "key": key}, {}) == (
        "années : 4, clé de répartition (genre : mixte, part fixe : 30 %)"
    )


def test_a_need_is_read_with_its_group_and_what_is_joined_to_it(
    services: Services, commission_id: str
) -> None:
    group = services.records.create("need_group", {"title": "Serveurs"})
    need = services.records.create("need", {"title": "Serveur", "need_group_id": group.id})
    photo = {"owner_id": need.id, "name": "photo.jpg", "sha256": "0" * 64}
    joined = services.records.create("attachment", photo)
    assert parts(services.records, need.id) == [
        (need.id, "Besoin"),
        (group.id, "Groupe de besoins : Serveurs"),
        (joined.id, "Pièce jointe : photo.jpg"),
    ]
