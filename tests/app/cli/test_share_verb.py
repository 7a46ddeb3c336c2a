"""`share` from the command line: one JSON document, a table, or one line of refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.conftest import Runner

PLAN: dict[str, Any] = {
    "years": 1,
    "vat_rate": "0.20",
    "key": {"kind": "equal"},
    "offers": [
        {"id": "A", "supplier": "Le GIP", "tiers": [{"from_participants": 1, "setup_cents": 20000}]}
    ],
    "participants": [
        {"code": "21003", "name": "Ahuy", "population": 1, "alone_cents": 6000},
        {"code": "21001", "population": 1},
        {"code": "21002", "population": 1},
    ],
}


def test_the_shares_are_one_json_document_in_the_order_given(bare: Runner) -> None:
    document = bare.json("share", "-", stdin=json.dumps(PLAN))
    assert [share["share_cents"] for share in document["offers"][0]["shares"]] == [6666, 6667, 6667]
    assert document["best_for_each"] == {"21003": "A", "21001": "A", "21002": "A"}
    assert not bare.folder.exists()


def test_people_read_a_table_in_euros(bare: Runner, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN), "utf-8")
    page = bare("share", str(path)).out
    assert "Offre A (Le GIP)" in page
    assert "3 participants, 1 an, clé à parts égales" in page
    (row,) = (line.split() for line in page.splitlines() if line.startswith("  Ahuy  "))
    assert " ".join(row) == "Ahuy 66,66 € 79,99 € 60,00 € -6,66 € -11,1 % plus cher que seule"
    (whole,) = (line.split() for line in page.splitlines() if line.startswith("  Ensemble "))
    assert " ".join(whole) == "Ensemble 200,00 € 239,99 € 460,00 € 260,00 € 56,5 %"
    assert "Seule : le prix déclaré pour Ahuy" in page
    assert "À partir de 4 participants" in page


def test_whole_numbers_beyond_64_bits_are_written_in_full(bare: Runner) -> None:
    tier = {"from_participants": 1, "yearly_per_inhabitant_cents": 10**18}
    plan = PLAN | {
        "offers": [{"id": "A", "tiers": [tier]}],
        "participants": [{"code": "1", "population": 10**18}],
    }
    document = bare.json("share", "-", stdin=json.dumps(plan))
    assert document["offers"][0]["total_cents"] == 10**36


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("{", ("ligne 1",)),
        ('{"years": 1, "years": 2}', ("deux fois",)),
        (json.dumps(PLAN | {"years": 0}), ("« years »", "de 1 à 30")),
        (json.dumps(PLAN | {"vat_rate": 0.2}), ("« vat_rate »", "guillemets")),
        (json.dumps(PLAN | {"key": {"kind": "usage"}}), ("« key »", "poids")),
    ],
)
def test_a_plan_that_is_refused_gives_one_line(
    bare: Runner, text: str, parts: tuple[str, ...]
) -> None:
    line = bare.refused("share", "-", stdin=text)
    assert all(part in line for part in parts)


def test_a_file_that_is_not_there_gives_one_line(bare: Runner, tmp_path: Path) -> None:
    assert "ne peut être lu" in bare.refused("share", str(tmp_path / "absent.json"))


def test_an_offer_that_is_named_offer_says_the_word_once(bare: Runner) -> None:
    tiers = PLAN["offers"][0]["tiers"]
    plan = PLAN | {"offers": [{"id": f"Offre {rank}", "tiers": tiers} for rank in (3, 4)]}
    page = bare("share", "-", stdin=json.dumps(plan)).out
    assert "\nOffre 3\n" in page
    assert "La moins chère pour le groupe : offre 3\n" in page
