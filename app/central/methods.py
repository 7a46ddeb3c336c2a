"""Which methods each address takes: the answer to OPTIONS, and the Allow of a 405 (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler


def read(path: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route for GET and for HEAD, whose answer's body the server leaves out."""
    return route(path, http_method=["GET", "HEAD"])


class Methods:
    """The methods of every path of the routes."""

    def __init__(self, routes: Iterable[HTTPRouteHandler]) -> None:
        self._paths: dict[str, set[str]] = {}
        for handler in routes:
            for path in handler.paths:
                self._paths.setdefault(path, {"OPTIONS"}).update(handler.http_methods)

    def allow(self, address: str) -> str:
        """The value of the Allow header at an address; empty when no path matches.

        Slashes in a row count as one, as they do to the framework.
        """
        address = re.sub("/+", "/", address)
        for path, methods in self._paths.items():
            if re.fullmatch(re.sub(r"{\w+:str}", "[^/]+", path) + "/?", address):
                return ", ".join(sorted(methods))
        return ""

    def handlers(self) -> list[HTTPRouteHandler]:
        """A handler of OPTIONS for every path: the framework's names one route's methods only."""
        return [self._options(path) for path in self._paths]

    def _options(self, path: str) -> HTTPRouteHandler:
        allowed = ", ".join(sorted(self._paths[path]))

        async def options() -> Response[Any]:
            return Response(b"", status_code=204, headers={"Allow": allowed})

        return route(path, http_method="OPTIONS")(options)
