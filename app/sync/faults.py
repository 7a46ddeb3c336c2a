"""What keeps an exchange with the central from going on, in one French sentence each."""

from __future__ import annotations

from app.domain.wording import duration
from app.errors import SyncError
from app.sync.protocol import Problem
from app.sync.trust import SIGN_IN

_SIGN_IN = (
    "Cet ordinateur n'est plus rattaché au central : demandez un nouveau code au GIP, puis"
    " rattachez-le de nouveau ; rien n'est perdu."
)

_FAILED, _STOPPED = 500, 503


class Rejected(SyncError):
    """The central answered with a problem of its own (RFC 9457); `problem` has its status."""

    def __init__(self, kind: str, problem: Problem) -> None:
        unsaid = kind == "sign_in" and not problem.detail
        super().__init__(kind, _SIGN_IN if unsaid else reason(problem))
        self.problem = problem


class Passing(SyncError):
    """What may pass: the call can be made again in `wait` seconds."""

    wait = 0.0


class Busy(Passing):
    """The central cannot answer now: it is busy, stops, or failed at what it was doing.

    Where a 503 says `after` how many seconds to come back, so does its sentence.
    """

    def __init__(self, status: int, after: float | None, problem: Problem | None) -> None:
        said = detail(problem) if problem else ""
        if status == _FAILED:
            said = said or "Une erreur imprévue au central : rien n'est perdu, prévenez le GIP."
        elif not said or (status == _STOPPED and after is not None):
            when = "bientôt" if after is None else f"dans {duration(after)}"
            said = (
                f"Le central est occupé ou arrêté un moment : rien n'est perdu, réessayez {when}."
            )
        super().__init__("busy", said)
        self.wait = 1.0 if after is None else after


class Lost(Passing):
    """The connection broke once made: the call may or may not have been heard."""

    def __init__(self, host: str) -> None:
        super().__init__("offline", offline(f"« {host} » ne répond plus").sentence)


class Cut(Passing):
    """The answer broke off: the line did, once the call was heard, or the server is another's."""

    def __init__(self) -> None:
        super().__init__(
            "not_ours",
            "Ce n'est pas notre serveur qui a répondu, ou la ligne s'est coupée (réponse tronquée)"
            " : rien n'a été modifié ici, et ce qui n'a pas été confirmé repartira."
            f" {SIGN_IN} ; sinon, réessayez bientôt.",
        )


class Older(SyncError):
    """What is older `than` what is here: a record's state, by its id and revision, or an epoch's
    answer, by the epoch and 0.

    Our central never goes back; another program of this workspace may have taken in a later state,
    or met a restore of the central, while the answer was on its way.
    """

    def __init__(self, name: str, revision: int = 0) -> None:
        why = "un état plus ancien que celui qu'il avait donné"
        super().__init__("not_ours", not_ours(why).sentence)
        self.than = name, revision


def detail(problem: Problem) -> str:
    """A problem's own sentence, on one line of a reasonable length."""
    return _line(problem.detail)


def _line(text: str) -> str:
    return " ".join(text.split())[:300]


def reason(problem: Problem) -> str:
    """Why the central refuses, as a sentence: a problem's own, else one around its title."""
    return detail(problem) or f"Le central refuse : {_line(problem.title)}."


def not_ours(why: str) -> SyncError:
    """The sentence for an answer that our central cannot have given."""
    return SyncError(
        "not_ours",
        f"Ce n'est pas notre serveur qui a répondu ({why}), rien n'a été modifié. {SIGN_IN} ;"
        " sinon, vérifiez l'adresse.",
    )


def cancelled_by_user() -> SyncError:
    """The sentence for an exchange that the user stopped."""
    return SyncError(
        "cancelled", "La synchronisation est interrompue : elle reprendra où elle en était."
    )


def offline(why: str) -> SyncError:
    """The sentence for a central that cannot be reached; `why` begins it."""
    return SyncError("offline", f"{why} : rien n'est perdu, réessayez avec un réseau.")
