"""What a template may arrange of each kind of document: its sections and its variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SectionKind:
    """A part of a document.

    `heading` says whether it has one: "yes", "no", or "free" where it may be empty. A `required`
    section cannot be left out; the program writes the content of one without `text` or `signers`.
    The text of one `at_foot` is small print at the foot of the first page, as long as it fits.
    """

    label: str
    heading: str = "yes"
    text: bool = False
    signers: bool = False
    required: bool = False
    at_foot: bool = False


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document that follows a template; each variable with what it stands for."""

    label: str
    sections: Mapping[str, SectionKind]
    variables: Mapping[str, str]


_PREAMBLE = SectionKind("Préambule", "free", text=True)
_CLOSING = SectionKind("Formule finale", "free", text=True)
_SIGNATURES = SectionKind("Signatures", "free", signers=True)
_ACTIONS = SectionKind("Suites à donner")
_DATA_NOTICE = SectionKind("Données conservées", "no", text=True, at_foot=True)
"""What is told to those whose data is kept, from the first letter on (RGPD, art. 13 and 14)."""

_SHARED = {
    "commission": "le nom de la commission",
    "opérateur": "le nom de l'opérateur",
    "date": "le jour où le document est composé",
}
_MEETING = _SHARED | {
    "séance": "« séance n° 3 du vendredi 19 mars 2027 »",
    "séance_numéro": "le numéro de la séance",
    "séance_date": "« vendredi 19 mars 2027 »",
    "séance_heure": "l'heure prévue, « 18 h 30 »",
    "séance_lieu": "le lieu de la séance",
    "séance_objet": "l'objet de la séance",
    "heure_ouverture": "l'heure d'ouverture",
    "heure_clôture": "l'heure de clôture",
    "présidence": "le nom de qui préside",
    "secrétariat": "le nom de qui tient le secrétariat ; à plusieurs, chacun signe",
}

KINDS: Mapping[str, DocumentKind] = {
    "minutes": DocumentKind(
        "Procès-verbal",
        {
            "preamble": _PREAMBLE,
            "attendance": SectionKind("Présences", required=True),
            "quorum": SectionKind("Quorum", required=True),
            "agenda": SectionKind("Ordre du jour", required=True),
            "follow_up": SectionKind("Ce que sont devenues les demandes"),
            "items": SectionKind("Points de l'ordre du jour", "no", required=True),
            "other_needs": SectionKind("Autres besoins", required=True),
            "actions": _ACTIONS,
            "closing": _CLOSING,
            "signatures": SectionKind("Signatures", "free", signers=True, required=True),
        },
        _MEETING,
    ),
    "decisions": DocumentKind(
        "Relevé de décisions",
        {
            "preamble": _PREAMBLE,
            "items": SectionKind("Votes et décisions", "no", required=True),
            "actions": _ACTIONS,
            "closing": _CLOSING,
            "signatures": _SIGNATURES,
        },
        _MEETING,
    ),
    "agenda": DocumentKind(
        "Ordre du jour",
        {
            "preamble": _PREAMBLE,
            "items": SectionKind("Points de l'ordre du jour", "free", required=True),
            "closing": _CLOSING,
            "signatures": _SIGNATURES,
        },
        _MEETING,
    ),
    "convocations": DocumentKind(
        "Convocations",
        {
            "preamble": SectionKind("Invitation", "no", text=True, required=True),
            "conditions": SectionKind("Urgence ou nouvelle séance", "no", required=True),
            "agenda": SectionKind("Ordre du jour", required=True),
            "absence": SectionKind("En cas d'empêchement", "no"),
            "closing": SectionKind("Formule finale", "no", text=True),
            "signatures": SectionKind("Signatures", "no", signers=True),
            "data_notice": _DATA_NOTICE,
        },
        _MEETING
        | {
            "de_la_commission": "« de la Commission du Morvan », « du Conseil communautaire »",
            "commission_nommée": "« Commission du Morvan », ou « commission « Pays de Nuits » »",
            "quand_et_où": "le jour, l'heure et le lieu",
            "destinataire": "le nom du membre convoqué",
        },
    ),
    "attendance-sheet": DocumentKind(
        "Feuille d'émargement",
        {
            "preamble": _PREAMBLE,
            "members": SectionKind("Membres", required=True),
            "others": SectionKind("Autres participants"),
            "closing": _CLOSING,
            "signatures": _SIGNATURES,
            "data_notice": _DATA_NOTICE,
        },
        _MEETING,
    ),
    "bulletin": DocumentKind(
        "Bulletin de veille",
        {
            "preamble": _PREAMBLE,
            "deadlines": SectionKind("Échéances à venir"),
            "notes": SectionKind("Notes de veille", "no", required=True),
            "closing": _CLOSING,
        },
        _SHARED | {"destinataire": "la commission ou la collectivité du bulletin"},
    ),
    "vote-pack": DocumentKind(
        "Dossier de vote",
        {
            "preamble": SectionKind("Visas et considérants", "no", text=True),
            "articles": SectionKind("Articles", "no", required=True),
            "votes": SectionKind("Résultat du vote", "no"),
            "closing": SectionKind("Lieu et date", "no", text=True),
            "signatures": SectionKind("Signatures", "no", signers=True, required=True),
            "letter": SectionKind("Lettre d'adhésion", "no", text=True, required=True),
        },
        _SHARED
        | {
            "collectivité": "la collectivité qui délibère",
            "assemblée": "« conseil municipal », « comité syndical »…",
            "exécutif": "« Le maire », ou « La présidence »",
            "solution": "le titre de la solution",
            "voie": "la voie choisie, « achat groupé »",
            "de_la_collectivité": "« de Vougeot », « du Creusot »",
            "besoins": "les besoins auxquels elle répond, entre parenthèses",
            "part": "« , pour un montant de… », ce que la collectivité paierait",
            "annexe": "« la répartition des coûts jointe en annexe », si elle est calculée",
            "à_remplir": "des points à remplir à la main",
        },
    ),
    "solution-sheet": DocumentKind(
        "Fiche solution",
        {
            "preamble": _PREAMBLE,
            "description": SectionKind("Description", "free", required=True),
            "needs": SectionKind("Besoins auxquels elle répond"),
            "costs": SectionKind("Coûts", required=True),
            "commitments": SectionKind("Engagements"),
            "closing": _CLOSING,
        },
        _SHARED
        | {"solution": "le titre de la solution", "voie": "la voie choisie, « achat groupé »"},
    ),
    "needs-report": DocumentKind(
        "État des besoins",
        {
            "preamble": _PREAMBLE,
            "overview": SectionKind("Vue d'ensemble"),
            "needs": SectionKind("Besoins, thème par thème", "no", required=True),
            "closing": _CLOSING,
            "signatures": _SIGNATURES,
        },
        _SHARED,
    ),
    "addendum": DocumentKind(
        "Additif",
        {
            "preamble": _PREAMBLE,
            "replaced": SectionKind("Ce qui est remplacé", required=True),
            "text": SectionKind("Nouvelle rédaction", required=True),
            "reason": SectionKind("Motif", required=True),
            "closing": _CLOSING,
            "signatures": SectionKind("Signatures", "free", signers=True, required=True),
        },
        _MEETING | {"additif_numéro": "le numéro de l'additif"},
    ),
}
"""Every kind that follows a template, by its name on the command line."""
