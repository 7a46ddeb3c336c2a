"""Serving: one or several worker processes on one TLS socket, until a signal asks to stop."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn

import uvicorn
from cryptography.x509 import load_pem_x509_certificate
from litestar import Litestar

from app.central.application import application
from app.central.database import Database, explained, open_database
from app.central.heads import IDLE, BoundedHeads
from app.central.journal import journalled, open_journal
from app.central.migration import prepare
from app.central.rehearsal import rehearse
from app.central.workers import supervise
from app.clock import Clock, now
from app.domain.wording import short_day
from app.errors import UserError
from app.sync.protocol import Limits

_GRACE = 15  # seconds that requests in flight have to end once a stop is asked

_FAREWELLS = 3
"""The turns of the event loop after which aborted connections are gone."""


@dataclass(frozen=True)
class Site:
    """Where a central serves and from what: a database's URL, a certificate and its key."""

    database_url: str
    certificate: Path
    key: Path
    host: str = "127.0.0.1"
    port: int = 0
    clock: Clock = now
    limits: Limits = field(default_factory=Limits)

    def url(self, port: int) -> str:
        """The address to give to laptops."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{port}"


def serve(site: Site, workers: int, on_ready: Callable[[str], None]) -> int:
    """Serves until SIGTERM or SIGINT; gives the exit status. `on_ready` is told the URL once."""
    with _listening(site) as listener:
        url = site.url(listener.getsockname()[1])
        if workers > 1:
            open_journal()
            return supervise(partial(work, site, listener), workers, lambda: on_ready(url))
        return 0 if work(site, listener, lambda: on_ready(url)) else 1


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """A central in a thread of this process, for the demonstration and for tests; gives its URL."""
    with _listening(site) as listener, _opened(site) as database:
        ready = threading.Event()
        server = _Server(site, database, ready.set)
        thread = threading.Thread(target=server.run, args=([listener],), name="central")
        thread.start()
        try:
            while not ready.wait(0.05):
                if not thread.is_alive():
                    raise UserError("Le central n'a pas pu démarrer : voyez son journal.")
            yield site.url(listener.getsockname()[1])
        finally:
            server.stop()
            thread.join()


@contextmanager
def _listening(site: Site) -> Iterator[socket.socket]:
    """The bound socket, once the certificate and the database are known to be good."""
    _tls(site)
    _check_date(site)
    with explained(), _opened(site) as database:
        prepare(database, site.clock())
    family = socket.AF_INET6 if ":" in site.host else socket.AF_INET
    # asyncio sends small answers at once (TCP_NODELAY) only on sockets that say they are TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((site.host, site.port))
            listener.listen(1024)
        except (OSError, TypeError) as error:  # TypeError: a name that no machine can have
            reason = error.errno if isinstance(error, OSError) else None
            what = _CLOSED.get(reason or 0, "vérifiez que cette adresse est celle de la machine")
            raise UserError(
                f"Le port {site.port} de « {site.host} » ne peut être ouvert : {what}."
            ) from error
        yield listener


_CLOSED = {
    errno.EADDRINUSE: "arrêtez ce qui l'occupe, peut-être un autre central, ou prenez-en un autre",
    errno.EACCES: "seul root ouvre ceux sous 1024, prenez-en un autre, derrière un mandataire",
}
"""What to do about a port that does not open, by the system's reason."""


@contextmanager
def _opened(site: Site) -> Iterator[Database]:
    database = open_database(site.database_url)
    try:
        yield database
    finally:
        database.close()


def _tls(site: Site) -> ssl.SSLContext:
    for file in (site.certificate, site.key):
        _check_readable(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(site.certificate, site.key, partial(_refuse_to_ask, site.key))
    except (OSError, ssl.SSLError) as error:
        raise UserError(
            f"Le certificat « {site.certificate} » et la clé « {site.key} » ne vont pas ensemble,"
            " ou ne sont pas en PEM : vérifiez les deux fichiers."
        ) from error
    return context


def _check_readable(file: Path) -> None:
    try:
        file.open("rb").close()
    except FileNotFoundError as error:
        raise UserError(f"Le fichier « {file} » n'existe pas : vérifiez son nom.") from error
    except OSError as error:
        raise UserError(
            f"Le fichier « {file} » n'est pas lisible par le compte qui lance le central :"
            " donnez-le-lui à lire (« chgrp », « chmod 640 »)."
        ) from error


def _check_date(site: Site) -> None:
    """UserError when laptops would refuse the certificate for its dates, told as local days."""
    try:
        certificate = load_pem_x509_certificate(site.certificate.read_bytes())
    except ValueError as error:
        raise UserError(
            f"Le certificat « {site.certificate} » ne peut être lu : donnez-le en PEM, « BEGIN"
            " CERTIFICATE »."
        ) from error
    begin, end, at = certificate.not_valid_before_utc, certificate.not_valid_after_utc, site.clock()
    if not begin <= at <= end:
        early = at < begin
        day = short_day((begin if early else end).astimezone(at.tzinfo).date())
        why = f"n'est valable qu'à partir du {day}" if early else f"a expiré le {day}"
        raise UserError(
            f"Le certificat « {site.certificate} » {why}, les portables le refusent :"
            " remplacez-le, ou mettez à l'heure l'horloge de la machine."
        )


def _refuse_to_ask(key: Path) -> NoReturn:
    raise UserError(
        f"La clé « {key} » est fermée par une phrase de passe, que personne ne peut donner à chaque"
        " démarrage : donnez une clé qui n'en a pas, lisible par le compte du central seul."
    )


def _config(site: Site, app: Litestar) -> uvicorn.Config:
    return uvicorn.Config(
        journalled(app),
        host=site.host,
        http=BoundedHeads,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=_GRACE,
        # A proxy's word about the client's address is taken only where the operator says whose.
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,
        ssl_context_factory=lambda _config, _default: _tls(site),
    )


class _Server(uvicorn.Server):
    """A server that says when it is ready, and that another thread can stop at once."""

    def __init__(self, site: Site, database: Database, on_ready: Callable[[], None]) -> None:
        self._app = application(database, site.clock, site.limits)
        super().__init__(_config(site, self._app))
        self._on_ready = on_ready
        self._wake: Callable[[], object] = lambda: None
        self._fault: BaseException | None = None

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets)
        if self._fault is not None:  # it has stopped in order all the same
            raise self._fault

    def stop(self) -> None:
        """Stops the server as a signal does, without waiting for its next tick."""
        self.should_exit = True
        self._wake()

    async def main_loop(self) -> None:
        ticks = asyncio.create_task(super().main_loop())
        self._wake = partial(asyncio.get_running_loop().call_soon_threadsafe, ticks.cancel)
        await asyncio.wait([ticks])
        self._fault = None if ticks.cancelled() else ticks.exception()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await rehearse(self._app)
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is None or cycle.response_complete:
                # Idle: an orderly end of TLS would wait for a client that is not listening.
                connection.transport.abort()
        await _farewells()
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            await self._cut()
            return
        for one in (*self.servers, *(sockets or ())):
            one.close()

    async def _cut(self) -> None:
        """Ends what the grace was too short for: the loop would wait for a client that hangs."""
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is not None:
                cycle.disconnected = True  # nothing more is said to the client, or of its request
            connection.transport.abort()
        await _farewells()


async def _farewells() -> None:
    for _turn in range(_FAREWELLS):
        await asyncio.sleep(0)


def work(site: Site, listener: socket.socket, on_ready: Callable[[], None]) -> bool:
    """Serves in this process until a signal; gives whether it came to serve at all."""
    open_journal()

    def ready() -> None:
        _spare_collections()
        on_ready()

    with _opened(site) as database:
        server = _Server(site, database, ready)

        def stop(_number: int, _frame: object) -> None:
            # Before uvicorn listens to signals, and when it raises them again, once it has stopped.
            server.should_exit = True

        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, stop)
        server.run([listener])
        return server.started


def _spare_collections() -> None:
    """Exempts what is loaded from garbage collection, and collects less often during batches."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
