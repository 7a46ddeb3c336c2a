"""What the central is: its capabilities, its health, its own description, its figures."""

from __future__ import annotations

from litestar import Response

from app.central import metrics, openapi
from app.central.access import Caller
from app.central.batches import MIN_SCHEMA
from app.central.bodies import Call, answer, as_caller, office
from app.central.lineage import epoch_of
from app.central.methods import read
from app.central.office import Office
from app.central.problems import Refused
from app.central.signing import public_keys
from app.domain.records import SCHEMA
from app.sync.protocol import API_VERSION, Capabilities, Health, Versions


@read("/v1/capabilities")
async def capabilities(request: Call) -> Response[bytes]:
    return await answer(request, await office(request).run(_capabilities, office(request)))


def _capabilities(office: Office) -> Capabilities:
    with office.database.reading() as connection:
        key, *former = public_keys(connection)
        return Capabilities(
            api=Versions(min=API_VERSION, max=API_VERSION),
            schema=Versions(min=MIN_SCHEMA, max=SCHEMA),
            limits=office.limits,
            epoch=epoch_of(connection),
            key=key,
            former_keys=tuple(former),
        )


@read("/v1/health")
async def health(request: Call) -> Response[bytes]:
    await office(request).run(_touch_database, office(request))
    return await answer(request, Health(status="ready"))


def _touch_database(office: Office) -> None:
    with office.database.reading() as connection:
        epoch_of(connection)


@read("/v1/openapi.json")
async def description(request: Call) -> Response[bytes]:
    return await answer(request, openapi.document(office(request).limits))


@read("/v1/metrics")
async def figures(request: Call) -> Response[str]:
    return Response(await as_caller(request, _figures), media_type=metrics.MEDIA_TYPE)


def _figures(office: Office, who: Caller) -> str:
    if not who.is_gip:
        raise Refused("forbidden", "Seul le GIP lit les chiffres du central.")
    with office.database.reading() as connection:
        return metrics.figures(connection)
