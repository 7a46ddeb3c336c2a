"""The faults of an exchange with the central, each with its French sentence."""

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
    """The central answered with a problem (RFC 9457); `problem` includes its HTTP status."""

    def __init__(self, kind: str, problem: Problem) -> None:
        unsaid = kind == "sign_in" and not problem.detail
        super().__init__(kind, _SIGN_IN if unsaid else reason(problem))
        self.problem = problem


class Passing(SyncError):
    """A fault that may pass: the call can be made again in `wait` seconds."""

    wait = 0.0


class Busy(Passing):
    """The central cannot answer now: it is busy, is stopping, or failed in its work.

    `after` is how many seconds the answer asks us to wait; the sentence of a 503 then says it.
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
    """The connection broke after it was made: the call may or may not have reached the central."""

    def __init__(self, host: str) -> None:
        super().__init__("offline", offline(f"« {host} » ne répond plus").sentence)


class Cut(Passing):
    """The answer is cut short: the line broke during it, or the server is not our central."""

    def __init__(self) -> None:
        super().__init__(
            "not_ours",
            "Ce n'est pas notre serveur qui a répondu, ou la ligne s'est coupée (réponse tronquée)"
            " : rien n'a été modifié ici, et ce qui n'a pas été confirmé repartira."
            f" {SIGN_IN} ; sinon, réessayez bientôt.",
        )


class Older(SyncError):
    """The central sent something older than what is here: `than` is (record id, revision) for a
    record's state, or (epoch, 0) for an answer of an earlier epoch.

    Our central never goes back within an epoch, but another program on this workspace may have
    taken in a later state, or noted a new epoch, while the answer was on its way.
    """

    def __init__(self, name: str, revision: int = 0) -> None:
        why = "un état plus ancien que celui qu'il avait donné"
        super().__init__("not_ours", not_ours(why).sentence)
        self.than = name, revision


def detail(problem: Problem) -> str:
    """A problem's own sentence, on one line of at most 300 characters."""
    return _line(problem.detail)


def _line(text: str) -> str:
    return " ".join(text.split())[:300]


def reason(problem: Problem) -> str:
    """Why the central refuses, as a sentence: a problem's own, else one around its title."""
    return detail(problem) or f"Le central refuse : {_line(problem.title)}."


def not_ours(why: str) -> SyncError:
    """The error for an answer that our central cannot have given; `why` stands in brackets."""
    return SyncError(
        "not_ours",
        f"Ce n'est pas notre serveur qui a répondu ({why}), rien n'a été modifié. {SIGN_IN} ;"
        " sinon, vérifiez l'adresse.",
    )


def cancelled_by_user() -> SyncError:
    """The error for an exchange that the user stopped."""
    return SyncError(
        "cancelled", "La synchronisation est interrompue : elle reprendra où elle en était."
    )


def offline(why: str) -> SyncError:
    """The error for a central that cannot be reached; `why` begins the sentence."""
    return SyncError("offline", f"{why} : rien n'est perdu, réessayez avec un réseau.")
