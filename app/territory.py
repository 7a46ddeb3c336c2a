"""The shipped reference of the territory, as records: communes, EPCI, themes."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.records import Envelope, reference_id
from app.domain.validation import defaults
from app.paths import resources

POPULATION_YEAR = 2023
"""The reference year of `population_municipale` in communes.csv (in force on 1 January 2026)."""

EPCI_POPULATION_YEAR = 2022

THEMES = {
    "procurement": "Marchés publics",
    "acts": "Télétransmission des actes",
    "accounting_flows": "Flux comptables",
    "websites": "Sites internet",
    "online_forms": "Démarches en ligne",
    "training": "Formation",
    "cybersecurity": "Cybersécurité",
    "gdpr": "Protection des données",
    "email": "Messagerie",
    "backup": "Sauvegarde",
    "network_equipment": "Réseau et équipement",
    "other": "Autre",
}


def territory() -> Iterator[Envelope]:
    """Every reference record, the same on every laptop (CONTRACTS §2)."""
    folder = resources() / "territory"
    for code, label in THEMES.items():
        yield _record("theme", code, code=code, label=label)
    for row in _rows(folder / "epci.csv"):
        yield _record(
            "organisation",
            row["siren"],
            kind="epci",
            siren=row["siren"],
            name=row["nom"],
            department=row["departement_principal"],
            population=_number(row["population_municipale_2022"]),
            population_year=EPCI_POPULATION_YEAR,
        )
    for row in _rows(folder / "communes.csv"):
        yield _record(
            "organisation",
            row["code_insee"],
            kind="commune",
            insee_code=row["code_insee"],
            siren=row["siren"],
            name=row["nom"],
            department=row["code_departement"],
            epci_siren=row["epci_siren"],
            population=_number(row["population_municipale"]),
            population_year=POPULATION_YEAR,
        )


@cache
def departments() -> Mapping[str, str]:
    """The names of the territory's departments by their code, in the order of the codes."""
    rows = _rows(resources() / "territory" / "departements.csv")
    return {row["code"]: row["nom"] for row in rows}


@cache
def postal_codes() -> Mapping[str, str]:
    """The postal code of each commune by its INSEE code; communes with several are left out."""
    rows = _rows(resources() / "territory" / "communes.csv")
    codes = ((row["code_insee"], row["codes_postaux"].split("|")) for row in rows)
    return {commune: several[0] for commune, several in codes if len(several) == 1}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _record(of: str, identifier: str, /, **fields: Any) -> Envelope:
    return Envelope(kind=of, id=reference_id(of, identifier), fields=defaults(of) | fields)
