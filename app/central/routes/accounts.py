"""Enrolment by a one-time code, and the calling device: shown, signed out, its token rotated."""

from __future__ import annotations

from litestar import Response, delete, post

from app.central import devices
from app.central.access import Caller
from app.central.bodies import Call, answer, as_caller, office, received_as
from app.central.methods import read
from app.central.office import Office
from app.sync.protocol import Device, EnrolmentRequest, NewToken


@post("/v1/enrolments")
async def enrol(request: Call) -> Response[bytes]:
    asked = await received_as(request, EnrolmentRequest)
    served = office(request)
    address = request.client.host if request.client else ""
    made = await served.run(devices.enrol, served.database, asked, address, served.clock())
    return await answer(request, made, status=201, headers={"Cache-Control": "no-store"})


@read("/v1/devices/self")
async def device(request: Call) -> Response[bytes]:
    return await answer(request, await as_caller(request, _describe))


def _describe(office: Office, who: Caller) -> Device:
    with office.database.reading() as connection:
        return devices.describe(connection, who)


@delete("/v1/devices/self")
async def sign_out(request: Call) -> None:
    await as_caller(request, _sign_out)


def _sign_out(office: Office, who: Caller) -> None:
    with office.database.writing() as connection:
        devices.sign_out(connection, who, office.clock())


@post("/v1/devices/self/token")
async def rotate(request: Call) -> Response[bytes]:
    fresh = NewToken(token=await as_caller(request, _rotate))
    return await answer(request, fresh, status=201, headers={"Cache-Control": "no-store"})


def _rotate(office: Office, who: Caller) -> str:
    with office.database.writing() as connection:
        return devices.rotate(connection, who, office.clock())
