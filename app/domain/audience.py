"""Whom a watch note concerns, and why."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain import wording
from app.domain.records import Audience, Organisation

KIND_WORDS = {
    "commune": "commune",
    "epci": "intercommunalité",
    "departement": "département",
    "region": "région",
    "syndicat": "syndicat",
    "other": "autre collectivité",
}
EVERYBODY = "la note concerne toutes les collectivités"
NO_WORDS: Mapping[str, str] = {}


def concerned(
    organisation: Organisation, audience: Audience, words: Mapping[str, str] = NO_WORDS
) -> str | None:
    """Why the organisation is concerned, as a French phrase; None when it is not.

    Empty criteria mean everybody; several values of one criterion, any of them; several criteria,
    all of them. `words` name a service by its code, and an EPCI by its SIREN.
    """
    reasons = [
        _by_kind(organisation, audience),
        _by_population(organisation, audience),
        _by_department(organisation, audience),
        _by_epci(organisation, audience, words),
        _by_service(organisation, audience, words),
    ]
    if any(reason is None for reason in reasons):
        return None
    return ", ".join(reason for reason in reasons if reason) or EVERYBODY


def _by_kind(organisation: Organisation, audience: Audience) -> str | None:
    if not audience.kinds:
        return ""
    return KIND_WORDS[organisation.kind] if organisation.kind in audience.kinds else None


def _by_population(organisation: Organisation, audience: Audience) -> str | None:
    """population_from ≤ population < population_to; an unknown population fails a bound."""
    low, high = audience.population_from, audience.population_to
    if low is None and high is None:
        return ""
    population = organisation.population
    if population is None or population < (low or 0) or (high is not None and population >= high):
        return None
    noun = wording.agree(population, "habitant")
    bounds = [f"au moins {wording.whole(low)}" if low is not None else ""]
    bounds.append(f"moins de {wording.whole(high)}" if high is not None else "")
    asked = " et ".join(bound for bound in bounds if bound)
    return f"{wording.whole(population)} {noun} ({asked})"


def _by_department(organisation: Organisation, audience: Audience) -> str | None:
    if not audience.departments:
        return ""
    if organisation.department not in audience.departments:
        return None
    return f"département {organisation.department}"


def _by_epci(
    organisation: Organisation, audience: Audience, words: Mapping[str, str]
) -> str | None:
    """An EPCI belongs to its own perimeter."""
    if not audience.epci_sirens:
        return ""
    own = organisation.siren if organisation.kind == "epci" else ""
    for siren in (organisation.epci_siren, own):
        if siren and siren in audience.epci_sirens:
            return f"périmètre de l'intercommunalité {words.get(siren, siren)}"
    return None


def _by_service(
    organisation: Organisation, audience: Audience, words: Mapping[str, str]
) -> str | None:
    if not audience.services:
        return ""
    used = (service for service in organisation.services if service in audience.services)
    shared = [words.get(service, service) for service in used]
    return f"utilise {wording.listed(shared)}" if shared else None
