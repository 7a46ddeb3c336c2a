"""What the central refuses: problems of RFC 9457, each with a stable name, a status, a title."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from app.sync.protocol import Problem, problem_type


class Kind(NamedTuple):
    """A problem's HTTP status and its title."""

    status: int
    title: str


KINDS: dict[str, Kind] = {
    "malformed": Kind(400, "La requête est illisible"),
    "sign-in": Kind(401, "Il faut se rattacher de nouveau"),
    "code-refused": Kind(403, "Le code n'est pas valable"),
    "forbidden": Kind(403, "Le droit manque"),
    "not-found": Kind(404, "Rien à cette adresse"),
    "method-not-allowed": Kind(405, "Cette adresse n'admet pas cette méthode"),
    "timeout": Kind(408, "La requête a tardé"),
    "epoch-changed": Kind(409, "Le central a été restauré"),
    "client-outdated": Kind(409, "Le programme est trop ancien"),
    "upload-offset": Kind(409, "L'envoi en est à un autre endroit"),
    "too-large": Kind(413, "La requête est trop grande"),
    "media-type": Kind(415, "Le format du corps n'est pas admis"),
    "range": Kind(416, "Cette partie du fichier n'existe pas"),
    "shape": Kind(422, "Une valeur n'a pas la forme attendue"),
    "batch-reused": Kind(422, "Le lot a déjà servi à un autre envoi"),
    "digest-mismatch": Kind(422, "Le fichier reçu n'est pas celui annoncé"),
    "too-many-tries": Kind(429, "Trop d'essais"),
    "too-many-calls": Kind(429, "Trop d'appels"),
    "internal": Kind(500, "Une erreur imprévue"),
    "busy": Kind(503, "Le central est occupé"),
    # Of one op only, beside those above
    "frozen": Kind(422, "Le procès-verbal est gelé"),
    "group": Kind(422, "Un autre changement du même groupe est refusé"),
}


class Refused(Exception):
    """A request that ends in a problem; `detail` is a French sentence for the user.

    `retry_after` is in seconds; `headers` go with the answer.
    """

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        field: str = "",
        epoch: str = "",
        retry_after: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.problem = problem(name, detail, field=field, epoch=epoch)
        self.status = KINDS[name].status
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)


def problem(name: str, detail: str = "", *, field: str = "", epoch: str = "") -> Problem:
    """The problem of that name, as a body with its status."""
    kind = KINDS[name]
    return Problem(
        type=problem_type(name),
        title=kind.title,
        status=kind.status,
        detail=detail,
        field=field,
        epoch=epoch,
    )


def of_an_op(name: str, detail: str, field: str = "") -> Problem:
    """The problem of one op of a batch: it has no status of its own."""
    return msgspec.structs.replace(problem(name, detail, field=field), status=None)


def not_found() -> Refused:
    """The one answer for what does not exist and for what one may not see."""
    return Refused("not-found", "Cet objet n'existe pas, ou ne vous est pas ouvert.")
