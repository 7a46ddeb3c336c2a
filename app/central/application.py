"""The ASGI application: the routes, and every error as a problem of RFC 9457."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException

from app.central.database import Database
from app.central.methods import Methods
from app.central.office import Office
from app.central.problems import Refused
from app.central.routes import about, accounts, exchange, files
from app.clock import Clock
from app.sync.protocol import PROBLEM_TYPE, Limits

_log = logging.getLogger("commissions.central")

ROUTES = (
    about.capabilities,
    about.health,
    about.description,
    about.figures,
    accounts.enrol,
    accounts.device,
    accounts.sign_out,
    accounts.rotate,
    exchange.sync,
    exchange.changes,
    exchange.revisions,
    files.begin,
    files.progress,
    files.append,
    files.content,
)

_BY_STATUS = {
    400: "malformed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "media-type",
}
"""The problem that answers an error of the framework, by its HTTP status."""

_NOTHING_THERE = (
    "Rien à cette adresse : vérifiez celle du central, telle que le GIP vous l'a donnée."
)


_FAULT = "Une erreur imprévue au central : rien n'est perdu, prévenez le GIP."


def application(database: Database, clock: Clock, limits: Limits | None = None) -> Litestar:
    """The central over a prepared database."""
    methods = Methods(ROUTES)
    app = Litestar(
        [*methods.handlers(), *ROUTES],  # the framework adds an OPTIONS where it finds none
        exception_handlers={
            Refused: _on_refused,
            HTTPException: _on_http_error,
            Exception: _on_fault,
        },
        openapi_config=None,
        request_max_body_size=None,  # each route bounds what it reads
        logging_config=None,
    )
    app.state.office = Office(database, clock, limits or Limits())
    app.state.methods = methods
    return app


def _on_refused(_: Request[Any, Any, Any], refused: Refused) -> Response[bytes]:
    return Response(
        msgspec.json.encode(refused.problem),
        status_code=refused.status,
        headers=refused.headers,
        media_type=PROBLEM_TYPE,
    )


def _on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _on_fault(request, error)
    allow = request.app.state.methods.allow(request.url.path)
    headers = {"Allow": allow} if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else {}
    name = _BY_STATUS.get(error.status_code, "malformed")
    detail = _NOTHING_THERE if name == "not-found" else ""
    return _on_refused(request, Refused(name, detail, headers=headers))


def _on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Logs the type and place of an unexpected error, never its message, which may quote data."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    _log.error("fault %s at %s", type(error).__name__, where)
    return _on_refused(request, Refused("internal", _FAULT))
