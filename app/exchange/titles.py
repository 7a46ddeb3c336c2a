"""The French titles of columns and the French words of choices, in tables of each kind."""

from __future__ import annotations

from functools import cache

import msgspec

from app.domain.records import KINDS

ID = "id"
"""The column that holds a record's identifier, beside those of its fields."""

_TITLES = {
    ID: "Identifiant",
    "act_reference": "Référence de l'acte",
    "active": "Actif",
    "addendum_to_id": "Additif à",
    "address": "Adresse",
    "agenda_item_id": "Point de l'ordre du jour",
    "alone_cents": "Prix seule (centimes)",
    "alternate_person_id": "Suppléant",
    "answer": "Réponse",
    "answered_on": "Répondu le",
    "applies_from": "Applicable à partir du",
    "appointment": "Nomination",
    "approved_at_meeting_id": "Approuvé à la séance",
    "audience": "Destinataires",
    "base": "Valeur d'origine",
    "base_revision": "Révision d'origine",
    "body": "Texte",
    "body_kind": "Nature de l'organe",
    "body_population": "Population de l'organe",
    "chair_person_id": "Président de séance",
    "chair_vote": "Voix du président",
    "channel": "Voie d'envoi",
    "closed_at": "Close à",
    "closed_on": "Close le",
    "code": "Code",
    "content": "Contenu gelé",
    "content_sha256": "Empreinte du contenu",
    "deadline_on": "Échéance",
    "department": "Département",
    "departments": "Départements",
    "description": "Description",
    "document_sha256": "Empreinte du document",
    "due_on": "À faire pour le",
    "email": "Courriel",
    "emergency": "Urgence",
    "emergency_reason": "Motif de l'urgence",
    "ended_at": "Fini à",
    "ends_at": "Fin prévue",
    "epci_siren": "SIREN de l'EPCI",
    "exclusions": "Déports",
    "first_name": "Prénom",
    "for_count": "Pour",
    "against_count": "Contre",
    "abstain_count": "Abstentions",
    "blank_count": "Blancs",
    "from": "À partir du",
    "frozen_at": "Gelé le",
    "giver_entry_id": "Mandant",
    "held_at": "Tenu à",
    "holder_entry_id": "Mandataire",
    "insee_code": "Code INSEE",
    "intention": "Intention",
    "intervals": "Intervalles de présence",
    "kept": "Version gardée",
    "kind": "Nature",
    "label": "Libellé",
    "last_name": "Nom",
    "left_on": "Sortie le",
    "level": "Niveau",
    "linked_id": "Enregistrement lié",
    "media_type": "Type de fichier",
    "meeting_id": "Séance",
    "member_category": "Catégorie d'adhérent",
    "member_since": "Adhérent depuis",
    "membership": "Adhésion",
    "method": "Mode de scrutin",
    "mine": "Ma version",
    "name": "Nom",
    "need_group_id": "Groupe de besoins",
    "need_ids": "Besoins",
    "not_taking_part": "Ne prennent pas part",
    "notes": "Notes",
    "notice_days": "Délai de convocation (jours francs)",
    "notified_at": "Notifié le",
    "number": "Numéro",
    "on": "Date",
    "opened_at": "Ouverte à",
    "organisation_id": "Collectivité",
    "organisation_ids": "Collectivités",
    "origin_ids": "Solutions d'origine",
    "original": "Point d'origine",
    "outcome": "Résultat",
    "owner": "Responsable",
    "owner_id": "Rattaché à",
    "owner_organisation_id": "Collectivité responsable",
    "participants": "Participants",
    "pdf_sha256": "Empreinte du PDF",
    "person_id": "Personne",
    "phone": "Téléphone",
    "place": "Lieu",
    "plan": "Plan de coûts",
    "planned_minutes": "Durée prévue (minutes)",
    "population": "Population",
    "population_year": "Année de la population",
    "presenter": "Rapporteur",
    "profile": "Profil",
    "provider": "Fournisseur",
    "proxies_per_holder": "Pouvoirs par mandataire",
    "published_as_id": "Publiée comme",
    "published_on": "Publié le",
    "question": "Question",
    "quorum_fraction": "Fraction du quorum",
    "raised_at_meeting_id": "Exprimé à la séance",
    "rank": "Rang",
    "reason": "Motif",
    "received_at": "Reçu le",
    "reconvened_from_id": "Reconvoquée depuis",
    "reconvened_item_id": "Point repris",
    "record_id": "Enregistrement",
    "record_kind": "Genre",
    "reference": "Référence",
    "replaces": "Remplace",
    "revoked_at": "Révoqué le",
    "role": "Fonction",
    "roll_call_requested_by": "Appel nominal demandé par",
    "roster_entry_id": "Siège",
    "route": "Voie",
    "rows": "Lignes",
    "secret_requested_by": "Scrutin secret demandé par",
    "secret_waived": "Renonciation au secret",
    "secretary_ids": "Secrétaires",
    "sent_at": "Envoyé le",
    "services": "Services",
    "severity": "Gravité",
    "sha256": "Empreinte",
    "signed_on": "Signé le",
    "siren": "SIREN",
    "size": "Taille (octets)",
    "solution_id": "Solution",
    "speaker_person_id": "Exprimé par",
    "started_at": "Commencé à",
    "starts_at": "Début prévu",
    "status": "État",
    "superseded_by_id": "Remplacée par",
    "text": "Texte",
    "theirs": "Version du central",
    "theme": "Thème",
    "title": "Titre",
    "titular_person_id": "Titulaire",
    "todo": "À faire",
    "told_by": "Informées par",
    "told_on": "Informées le",
    "unit": "Unité",
    "units": "Unités",
    "until": "Jusqu'au",
    "url": "Lien",
    "votes": "Votes",
    "voting": "Votant",
    "watch_note_id": "Note de veille",
    "withdrawn": "Retiré",
    "words": "Propos",
    "year": "Année",
}

_TITLES_OF_KIND = {
    ("attendance", "status"): "Présence",
    ("need", "reason"): "Motif (si écarté)",
    ("minutes", "text"): "Texte de l'additif",
}

_CHOICES = {
    "kind": {
        "commune": "commune", "epci": "EPCI", "departement": "département", "region": "région",
        "syndicat": "syndicat", "other": "autre",
    },
    "membership": {"not_member": "non adhérent", "member": "adhérent", "left": "sorti"},
    "profile": {"commission": "commission", "deliberative": "délibérant"},
    "channel": {"letter": "courrier", "email": "courriel", "hand": "remise en main propre"},
    "method": {
        "show_of_hands": "main levée", "roll_call": "appel nominal", "secret": "scrutin secret",
    },
    "chair_vote": {"for": "pour", "against": "contre"},
    "level": {"information": "information", "attention": "attention", "obligation": "obligation"},
    "route": {
        "gip_service": "service du GIP", "group_purchase": "groupement de commandes",
        "purchasing_body": "centrale d'achat", "shared_service": "service commun",
        "other": "autre",
    },
    "intention": {"interested": "intéressée", "committed": "engagée", "declined": "déclinée"},
}  # fmt: skip

_CHOICES_OF_KIND = {
    ("agenda_item", "kind"): {
        "opening": "ouverture", "approval": "approbation", "follow_up": "suites", "watch": "veille",
        "need": "besoins", "solution": "solution", "decision": "décision",
        "misc": "questions diverses",
    },
    ("meeting", "status"): {
        "planned": "prévue", "convened": "convoquée", "open": "ouverte", "closed": "close",
        "approved": "approuvée",
    },
    ("attendance", "status"): {"present": "présent", "excused": "excusé", "absent": "absent"},
    ("action", "status"): {"open": "en cours", "done": "faite", "dropped": "abandonnée"},
    ("need", "status"): {
        "raised": "exprimé", "qualified": "qualifié", "answered": "répondu", "served": "servi",
        "set_aside": "écarté",
    },
    ("solution", "status"): {
        "draft": "brouillon", "proposed": "proposée", "favourable": "avis favorable",
        "unfavourable": "avis défavorable", "adopted": "adoptée", "refused": "refusée",
        "in_service": "en service",
    },
    ("conflict", "status"): {"open": "ouvert", "resolved": "résolu"},
}  # fmt: skip

SYNONYMS = {
    ID: ("id", "uuid"),
    "insee_code": ("insee", "code commune", "code insee commune", "code_insee"),
    "name": ("nom de la commune", "nom de la collectivité", "commune", "libellé", "dénomination"),
    "last_name": ("nom de famille", "nom d'usage"),
    "email": ("e-mail", "mail", "adresse mail", "adresse e-mail", "mél", "courriel"),
    "phone": ("tél", "tel", "numéro de téléphone", "portable", "mobile"),
    "role": ("qualité", "mandat", "rôle"),
    "organisation_id": ("code INSEE", "code commune", "commune", "organisme"),
    "organisation_ids": (
        "communes", "commune", "collectivité", "communes concernées", "collectivités concernées",
    ),
    "membership": ("adhérent", "adhérente", "statut d'adhésion"),
    "member_category": ("catégorie", "catégorie d'adhésion"),
    "member_since": ("date d'adhésion", "adhésion le", "adhérente depuis"),
    "left_on": ("date de sortie", "retrait le"),
    "population": ("habitants", "nombre d'habitants", "population municipale"),
    "words": ("verbatim", "expression", "besoin exprimé", "dans ses mots", "ce qui est dit"),
    "title": ("intitulé", "objet", "besoin"),
    "published_on": ("date de publication",),
    "applies_from": ("date d'effet", "entrée en vigueur"),
    "deadline_on": ("date limite", "date butoir", "à régler avant le"),
    "url": ("url", "adresse web", "lien internet"),
    "services": ("services utilisés", "service"),
    "theme": ("thématique", "sujet"),
    "severity": ("criticité", "priorité"),
}  # fmt: skip
"""Other titles by which people's own tables call a field."""


@cache
def fields_of(kind: str) -> tuple[str, ...]:
    """The fields of a kind, in the order of its definition."""
    return tuple(field.encode_name for field in msgspec.structs.fields(KINDS[kind]))


def title(kind: str, field: str) -> str:
    """The French title of a field's column, `id` included."""
    return _TITLES_OF_KIND.get((kind, field)) or _TITLES[field]


def choices(kind: str, field: str) -> dict[str, str]:
    """The French word of each value of a field with a list of values; empty for another field."""
    if field == "kind" and kind not in ("organisation", "agenda_item"):
        return {}
    return _CHOICES_OF_KIND.get((kind, field)) or _CHOICES.get(field, {})
