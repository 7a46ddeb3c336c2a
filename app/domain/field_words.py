"""The French words of fields and of the values they choose among, as screens name them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.domain import needs, wording
from app.domain.audience import KIND_WORDS
from app.domain.cost_plan import KEY_LABELS
from app.domain.dates import day
from app.domain.records import Format
from app.domain.search_text import fold
from app.domain.validation import leaves

_DEEPER = "\N{NO-BREAK SPACE}" * 4
_WORDS = {
    "name": "nom", "title": "titre", "notes": "notes", "theme": "thème", "status": "état",
    "kind": "genre", "insee_code": "code INSEE", "siren": "SIREN", "department": "département",
    "epci_siren": "intercommunalité", "population": "habitants",
    "population_year": "année de la population", "membership": "adhésion",
    "member_category": "catégorie d'adhérent", "member_since": "adhérente depuis le",
    "left_on": "retirée le", "services": "services utilisés", "email": "courriel",
    "phone": "téléphone", "address": "adresse", "organisation_id": "collectivité",
    "first_name": "prénom", "last_name": "nom", "role": "fonction",
    "profile": "genre d'assemblée", "departments": "départements", "body_kind": "organe",
    "body_population": "habitants", "quorum_fraction": "quorum",
    "notice_days": "délai de convocation (jours francs)",
    "proxies_per_holder": "pouvoirs par personne",
    "titular_person_id": "titulaire", "alternate_person_id": "suppléant", "voting": "droit de vote",
    "from": "depuis le", "until": "prend fin le", "number": "numéro", "place": "lieu",
    "starts_at": "début prévu", "ends_at": "fin prévue", "opened_at": "ouverture",
    "closed_at": "clôture", "chair_person_id": "présidence", "secretary_ids": "secrétariat",
    "emergency": "urgence", "emergency_reason": "motif de l'urgence",
    "reconvened_from_id": "séance reprise", "meeting_id": "séance", "person_id": "personne",
    "channel": "envoi", "sent_at": "envoyée le", "document_sha256": "empreinte du document",
    "rank": "rang", "original": "point d'origine", "withdrawn": "retiré",
    "linked_id": "se rapporte à", "reconvened_item_id": "point repris",
    "notified_at": "notifié le", "planned_minutes": "durée prévue", "presenter": "rapporteur",
    "started_at": "début", "ended_at": "fin", "roster_entry_id": "siège",
    "intervals": "arrivées et départs", "exclusions": "déports", "giver_entry_id": "donné par",
    "holder_entry_id": "donné à", "received_at": "reçu le", "revoked_at": "révoqué le",
    "agenda_item_id": "point de l'ordre du jour", "question": "question",
    "method": "mode de scrutin", "appointment": "nomination", "held_at": "tenu à",
    "for_count": "pour", "against_count": "contre", "abstain_count": "abstentions",
    "blank_count": "blancs",
    "votes": "voix", "chair_vote": "voix du président",
    "secret_requested_by": "scrutin secret demandé par",
    "secret_waived": "scrutin secret écarté à l'unanimité",
    "roll_call_requested_by": "appel nominal demandé par",
    "not_taking_part": "ne prennent pas part", "text": "texte", "owner": "responsable",
    "owner_organisation_id": "collectivité responsable", "due_on": "échéance",
    "closed_on": "close le", "outcome": "suite donnée", "words": "paroles",
    "speaker_person_id": "exprimé par", "severity": "gravité",
    "organisation_ids": "collectivités concernées", "raised_at_meeting_id": "séance",
    "deadline_on": "échéance", "reason": "motif", "need_group_id": "groupe",
    "solution_id": "solution", "body": "texte", "todo": "à faire", "reference": "référence",
    "url": "adresse du texte", "published_on": "publiée le", "applies_from": "s'applique le",
    "level": "niveau", "audience": "destinataires", "superseded_by_id": "remplacée par",
    "watch_note_id": "note de veille", "told_on": "informées le", "told_by": "informées par",
    "description": "description", "provider": "fournisseur", "route": "voie d'achat",
    "need_ids": "besoins", "plan": "plan de coûts", "origin_ids": "solutions d'origine",
    "published_as_id": "publiée comme", "answer": "réponse du GIP", "answered_on": "répondu le",
    "intention": "position", "units": "unités", "alone_cents": "prix payé seule", "on": "date",
    "signed_on": "signé le", "act_reference": "référence de l'acte", "frozen_at": "gelé le",
    "content": "contenu", "content_sha256": "empreinte du contenu",
    "pdf_sha256": "empreinte du PDF",
    "approved_at_meeting_id": "approuvé à la séance", "addendum_to_id": "additif à",
    "replaces": "remplace",
    "owner_id": "rattaché à", "media_type": "format", "size": "taille", "sha256": "empreinte",
    "code": "code", "label": "nom", "active": "en usage", "year": "année", "rows": "strates",
    "deleted": "suppression", "ballot": "vote", "attendance": "présence", "proxy": "pouvoir",
}  # fmt: skip

_PART_WORDS = {
    "arrived": "arrivée", "left": "départ", "item_id": "point", "interest": "intérêt",
    "kinds": "genres", "population_from": "à partir de", "population_to": "en dessous de",
    "departments": "départements", "epci_sirens": "intercommunalités", "services": "services",
    "amount_cents": "montant", "years": "années", "vat_rate": "taux de TVA",
    "exempt_below_population": "gratuit en dessous de", "subsidy_cents": "subvention",
    "key": "clé de répartition", "fixed_share": "part fixe", "strata": "strates",
    "from": "à partir de", "weight": "poids", "floor_cents": "plancher", "cap_cents": "plafond",
    "offers": "offres", "id": "offre", "supplier": "fournisseur", "tiers": "paliers",
    "from_participants": "à partir de", "setup_cents": "mise en place",
    "yearly_cents": "par an", "setup_per_participant_cents": "mise en place par participant",
    "yearly_per_participant_cents": "par an et participant",
    "yearly_per_inhabitant_cents": "par an et habitant",
    "yearly_per_unit_cents": "par an et unité",
}  # fmt: skip
"""The French names of the parts of a field, where they differ from the field of that name."""

VALUES: dict[str, dict[str, dict[Any, str]]] = {
    "organisation": {
        "kind": dict(KIND_WORDS),
        "membership": {"not_member": "non adhérente", "member": "adhérente", "left": "retirée"},
    },
    "commission": {
        "profile": {"commission": "commission", "deliberative": "assemblée délibérante"},
        "body_kind": {
            "commune": "conseil municipal", "epci": "conseil communautaire",
            "syndicat": "comité syndical",
        },
        "quorum_fraction": {
            "1/2": "la moitié, plus un", "1/3": "le tiers, plus un",
            "2/3": "les deux tiers, plus un",
        },
    },
    "meeting": {
        "status": {
            "planned": "prévue", "convened": "convoquée", "open": "en cours", "closed": "close",
            "approved": "approuvée",
        },
    },
    "convocation": {"channel": {"letter": "lettre", "email": "courriel", "hand": "main propre"}},
    "agenda_item": {
        "kind": {
            "opening": "ouverture", "approval": "approbation", "follow_up": "suites",
            "watch": "veille", "need": "besoins", "solution": "solution", "decision": "décision",
            "misc": "questions diverses",
        },
    },
    "attendance": {
        "status": {"present": "présent", "excused": "excusé", "absent": "absent"},
        "interest": {"personal": "personnel", "designated": "comme représentant"},
    },
    "ballot": {
        "method": {
            "show_of_hands": "à main levée", "roll_call": "par appel nominal", "secret": "secret",
        },
        "votes": {"for": "pour", "against": "contre", "abstain": "abstention"},
        "chair_vote": {"for": "pour", "against": "contre"},
    },
    "action": {"status": {"open": "ouverte", "done": "faite", "dropped": "abandonnée"}},
    "need": {
        "status": dict(needs.WORDS),
        "severity": {1: "léger", 2: "gênant", 3: "grave", 4: "bloquant"},
    },
    "watch_note": {
        "level": {
            "information": "information", "attention": "attention", "obligation": "obligation",
        },
        "kinds": dict(KIND_WORDS),
    },
    "solution": {
        "route": {
            "gip_service": "service du GIP", "group_purchase": "achat groupé",
            "purchasing_body": "centrale d'achat", "shared_service": "service commun",
            "other": "autre",
        },
        "status": {
            "draft": "à l'étude", "proposed": "proposée", **needs.OPINIONS, **needs.DECIDED,
        },
        "kind": dict(KEY_LABELS),
    },
    "commitment": {
        "intention": {
            "interested": "intéressée", "committed": "engagée", "declined": "ne participe pas",
        },
    },
    "conflict": {"status": {"open": "ouvert", "resolved": "résolu"}},
    "fee_scale": {"kind": dict(KIND_WORDS)},
}  # fmt: skip
"""The French words of the values of each field or part that chooses among a few, by kind."""


def field_words(name: str) -> str:
    """The French name of a field, without capital; the name itself when none is known."""
    return _WORDS.get(name, name)


def value_words(kind: str, field: str, value: Any, names: dict[str, str]) -> str:
    """A field's value in French; empty for nothing.

    `names` gives the words for the ids and theme codes that the value may hold.
    """
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        members = [value_words(kind, field, one, names) for one in value]
        return " ; ".join(members) if _has_parts(value) else wording.listed(members)
    if isinstance(value, dict):
        return "renseigné" if field == "content" else _parts_words(kind, field, value, names)
    known = VALUES.get(kind, {}).get(field, {})
    if value in known:
        return known[value]
    if isinstance(value, int):
        return _number_words(field, value)
    return names.get(value) or _decimal(field, value) or _timely(kind, field, value) or str(value)


def value_lines(
    kind: str, field: str, value: Any, names: dict[str, str], depth: int = 0
) -> Iterator[str]:
    """A field's value in French, a line for each part, in an order that two versions share."""
    if not isinstance(value, dict) or field == "content":
        if words := value_words(kind, field, value, names):
            yield words
        return
    parts = dict(sorted(value.items(), key=lambda part: fold(_head(part[0], names))))
    plain = {name: part for name, part in parts.items() if not _has_parts(part)}
    apart = depth == 0 or any(name in names for name in plain)  # top level, or a map by id
    separate = [{name: part} for name, part in plain.items()] if apart else [plain]
    for line in separate:
        if words := _parts_words(kind, field, line, names):
            yield f"{_DEEPER * depth}{wording.capitalised(words)}"
    for name in [name for name in parts if name not in plain]:
        yield f"{_DEEPER * depth}{wording.capitalised(_head(name, names))} :"
        for member in parts[name] if isinstance(parts[name], list) else [parts[name]]:
            yield from value_lines(kind, name, member, names, depth + 1)


def _has_parts(value: Any) -> bool:
    while isinstance(value, list) and value:
        value = value[0]
    return isinstance(value, dict)


def _parts_words(kind: str, field: str, parts: dict[str, Any], names: dict[str, str]) -> str:
    """« arrivée : 18 h 40, départ : 19 h »; the parts of a part stand between parentheses."""
    said = []
    for name, value in parts.items():
        head = _head(name, names)
        words = value_words(kind, field if name in names else name, value, names)
        if words:
            said.append(f"{head} ({words})" if _has_parts(value) else f"{head} : {words}")
    return ", ".join(said)


def _head(name: str, names: dict[str, str]) -> str:
    return names.get(name) or _PART_WORDS.get(name) or field_words(name)


def _number_words(field: str, value: int) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if field.endswith("_cents"):
        return wording.amount(value)
    return str(value) if field.endswith("year") else wording.whole(value)


def _decimal(field: str, value: str) -> str:
    """« 5,5 % » for a rate of "0.055", « 2,5 » for a weight of "2.5"; empty for what is neither."""
    if field not in ("vat_rate", "fixed_share", "weight"):
        return ""
    try:
        number = Decimal(value)
    except (ArithmeticError, TypeError, ValueError):  # of a newer schema
        return ""
    shown, unit = (number, "") if field == "weight" else (number * 100, " %")
    return f"{shown.normalize():f}{unit}".replace(".", ",")


def _timely(kind: str, field: str, value: str) -> str:
    """A day or an instant in words; empty for what is neither."""
    formats = [mark for path, mark in leaves(kind) if field in (path[-1], path[0])]
    try:
        if Format.DATE in formats:
            return wording.short_day(day(value))
        return wording.day_and_hour(value) if Format.INSTANT in formats else ""
    except (ValueError, TypeError):  # of a newer schema
        return ""
