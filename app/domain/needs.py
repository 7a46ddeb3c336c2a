"""The life of a need: raised, qualified, answered by a solution, served, or set aside."""

from __future__ import annotations

from typing import Literal

from app.domain.records import Need, Solution
from app.domain.refusals import Refusal
from app.domain.titles import printed_title

Status = Literal["raised", "qualified", "answered", "served", "set_aside"]

WORDS: dict[Status, str] = {
    "raised": "exprimé",
    "qualified": "qualifié",
    "answered": "une solution y répond",
    "served": "satisfait",
    "set_aside": "écarté",
}

NEXT: dict[Status, tuple[Status, ...]] = {
    "raised": ("qualified", "set_aside"),
    "qualified": ("answered", "set_aside", "raised"),
    "answered": ("served", "qualified", "set_aside"),
    "served": ("answered",),
    "set_aside": ("raised",),
}
"""Where a need may go from each status; a step taken by mistake can be taken back."""


def lacking(need: Need) -> str:
    """What the need lacks for its status, in a French sentence; "" when nothing."""
    if need.status == "set_aside" and not need.reason.strip():
        return "un besoin écarté doit dire pourquoi : indiquez le motif."
    if need.status in MET and need.solution_id is None:
        return "un besoin satisfait l'est par une solution : choisissez laquelle."
    return ""


OPINIONS = {"favourable": "avis favorable", "unfavourable": "avis défavorable"}
"""The statuses of a solution by which the commission gives its opinion."""

DECIDED = {"adopted": "adoptée", "refused": "refusée", "in_service": "en service"}
"""The statuses of a solution by which the GIP answers, after the opinion of the commission."""

MET = ("answered", "served")
"""The statuses of a need that a solution answers; one that it names in another did before."""

UNANSWERED = ("raised", "qualified")
"""The statuses of a need that waits for an answer."""

AWAITED = ("proposed", "favourable")
"""The statuses of a solution that waits for the GIP's answer."""

TURNED_DOWN = ("unfavourable", "refused")
"""The statuses of a solution that nobody is asked to join any more, unless it is proposed again."""


def answer_words(solution: Solution) -> str:
    """« Sauvegarde mutualisée », with what the GIP decided: « Sauvegarde mutualisée (adoptée) »."""
    decided = DECIDED.get(solution.status)
    title = printed_title(solution.title)
    return f"{title} ({decided})" if decided else title


def became(need: Need, solution: Solution | None) -> str:
    """What a need has become: « une solution y répond, Sauvegarde mutualisée », « écarté (trop
    cher) »; without a colon, since one stands before it.
    """
    words = WORDS[need.status]
    if need.status == "set_aside" and (reason := need.reason.strip().removesuffix(".")):
        return f"{words} ({reason})"
    return f"{words}, {answer_words(solution)}" if solution and need.status in MET else words


def check_step(before: Need, after: Need) -> None:
    """Refusal when the status does not follow from the former one, or lacks its reason."""
    if after.status != before.status and after.status not in NEXT[before.status]:
        steps = " ou ".join(f"« {WORDS[status]} »" for status in NEXT[before.status])
        raise Refusal(
            f"un besoin « {WORDS[before.status]} » ne devient pas « {WORDS[after.status]} » :"
            f" passez-le d'abord à {steps}.",
            field="status",
        )
    if sentence := lacking(after):
        raise Refusal(sentence, field="reason" if after.status == "set_aside" else "solution_id")
