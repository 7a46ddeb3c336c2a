"""Finding things by their words."""

from __future__ import annotations

import pytest

from app.bootstrap import Services


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("etang-vergy", "L'Étang-Vergy"),
        ("L'Étang Vergy", "L'Étang-Vergy"),
        ("l’etang", "L'Étang-Vergy"),
        ("SAINT leger", "Saint-Léger-Vauban"),
        ("vouge", "Vougeot"),
        ("soeurs", "Villers-les-Soeurs"),
    ],
)
def test_accents_case_hyphens_and_beginnings_do_not_matter(
    services: Services, commission_id: str, typed: str, name: str
) -> None:
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
    assert "[sauvegarde]" in found[0].snippet


def test_a_title_comes_before_a_body_and_deleted_records_are_gone(
    services: Services, commission_id: str
) -> None:
    body = services.records.create("need", {"title": "Divers", "words": "parler de fibre"})
    title = services.records.create("need", {"title": "Fibre"})
    assert [hit.id for hit in services.search.find("fibre")] == [title.id, body.id]
    services.records.update(body.id, {"words": "parler d'autre chose"})
    services.records.delete(title.id)
    assert services.search.find("fibre") == []


def test_odd_queries_find_nothing_and_break_nothing(services: Services) -> None:
    for typed in ("", "  ", '"', "a OR", "NEAR(", "*", "'; DROP TABLE record; --", "\x00", "-"):
        services.search.find(typed)
    assert len(services.records.list("theme")) == 12
