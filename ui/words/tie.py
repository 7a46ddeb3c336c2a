"""What is said of the tie of this computer to the central: what it holds, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.wording import agree, count, listed, of
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.services.sync_status import Status

NO_OTHER = {
    False: "Aucune autre commission ne vous est ouverte au central : demandez-la au GIP.",
    True: "Le central n'a aucune autre commission.",
}
"""Said where there is no commission to add, by whether the account is the GIP's, which sees all."""

NONE_YET = {
    False: "Demandez au GIP de vous en ouvrir une, puis ajoutez-la ici.",
    True: "Le central n'en a encore aucune ; ce que vous publiez pour la région y va déjà.",
}
"""Said where the account has no commission at all."""

FLEETING = "Ni trousseau de clés ni phrase de passe : le rattachement cessera à la fermeture."

_NAMED = 3
"""How many commissions are named before they are only counted."""


def standing(status: Status) -> str:
    """What this computer has access to, or what keeps it from it."""
    if status.silent_keyring:
        return (
            "Le trousseau de clés de ce système ne répond pas, et l'accès au central y est :"
            " déverrouillez-le, puis revenez à cette page. S'il ne revient pas, un nouveau code du"
            " GIP le remplace ; rien n'est perdu."
        )
    if not status.signed_in:
        return "Le GIP vous a donné l'adresse du central et un code, valable une fois."
    return f"{status.url}, au nom {of(status.facilitator)}, {_held(status)}."


def tied(status: Status, taken: Sequence[str], *, uploads: bool, again: bool) -> str:
    """What the tie holds, then what to do next."""
    said = f"Cet ordinateur est rattaché au central, {_held(status)}."
    if taken:
        they = agree(len(taken), "elle contient", "elles contiennent")
        said += f" Synchronisez pour recevoir ce qu'{they}."
    elif uploads:
        said += " Synchronisez pour envoyer ce que vous avez écrit."
    if taken and (again or len(taken) > 1):
        said += f" {chord('Ctrl+Maj+C')} mène d'une commission à l'autre."
    return said


def left_out(names: Sequence[str]) -> str:
    """Says which commissions were not taken in, and which button will take them."""
    are = agree(len(names), "n'est pas prise", "ne sont pas prises")
    them = agree(len(names), "la", "les")
    return f"{listed(names)} {are} : « Ajouter une commission… » {them} prendra."


def _held(status: Status) -> str:
    """« avec la commission « Auxois » »: what is written here goes there."""
    names = [f"« {name} »" for name in status.commissions if name]
    if not status.commission_ids:
        return "sans commission"
    if len(names) > _NAMED or len(names) < len(status.commission_ids):
        return f"avec {count(len(status.commission_ids), 'commission')}"
    return f"avec {agree(len(names), 'la commission', 'les commissions')} {listed(names)}"
