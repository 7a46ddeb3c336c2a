"""The French titles of columns and the French words of choices, in tables of each kind."""

from __future__ import annotations

from functools import cache

import msgspec

from app.domain.field_words import field_words
from app.domain.records import KINDS
from app.domain.wording import capitalised

ID = "id"
"""The column that holds a record's identifier, beside those of its fields."""

_TITLES = {
    ID: "Identifiant",
    "act_reference": "Référence de l'acte",
    "active": "Actif",
    "alone_cents": "Prix seule (centimes)",
    "answer": "Réponse",
    "applies_from": "Applicable à partir du",
    "approved_at_meeting_id": "Approuvé à la séance",
    "audience": "Destinataires",
    "base": "Valeur d'origine",
    "base_revision": "Révision d'origine",
    "body_kind": "Nature de l'organe",
    "body_population": "Population de l'organe",
    "chair_person_id": "Président de séance",
    "channel": "Voie d'envoi",
    "closed_at": "Close à",
    "content": "Contenu gelé",
    "due_on": "À faire pour le",
    "ended_at": "Fini à",
    "epci_siren": "SIREN de l'EPCI",
    "exclusions": "Déports",
    "from": "À partir du",
    "giver_entry_id": "Mandant",
    "holder_entry_id": "Mandataire",
    "intervals": "Intervalles de présence",
    "kept": "Version gardée",
    "kind": "Nature",
    "left_on": "Sortie le",
    "linked_id": "Enregistrement lié",
    "media_type": "Type de fichier",
    "method": "Mode de scrutin",
    "mine": "Ma version",
    "need_group_id": "Groupe de besoins",
    "notice_days": "Délai de convocation (jours francs)",
    "on": "Date",
    "opened_at": "Ouverte à",
    "organisation_ids": "Collectivités",
    "outcome": "Résultat",
    "pdf_sha256": "Empreinte du PDF",
    "planned_minutes": "Durée prévue (minutes)",
    "population": "Population",
    "profile": "Profil",
    "proxies_per_holder": "Pouvoirs par mandataire",
    "published_on": "Publié le",
    "quorum_fraction": "Fraction du quorum",
    "raised_at_meeting_id": "Exprimé à la séance",
    "reconvened_from_id": "Reconvoquée depuis",
    "reconvened_item_id": "Point repris",
    "record_id": "Enregistrement",
    "record_kind": "Genre",
    "route": "Voie",
    "rows": "Lignes",
    "secret_requested_by": "Scrutin secret demandé par",
    "secret_waived": "Renonciation au secret",
    "secretary_ids": "Secrétaires",
    "sent_at": "Envoyé le",
    "services": "Services",
    "size": "Taille (octets)",
    "started_at": "Commencé à",
    "theirs": "Version du central",
    "unit": "Unité",
    "url": "Lien",
    "votes": "Votes",
    "voting": "Votant",
    "words": "Propos",
}
"""Those that are not the name that screens give the field."""

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
    named = _TITLES_OF_KIND.get((kind, field)) or _TITLES.get(field)
    return named or capitalised(field_words(field))


def choices(kind: str, field: str) -> dict[str, str]:
    """The French word of each value of a field with a list of values; empty for another field."""
    if field == "kind" and kind not in ("organisation", "agenda_item"):
        return {}
    return _CHOICES_OF_KIND.get((kind, field)) or _CHOICES.get(field, {})
