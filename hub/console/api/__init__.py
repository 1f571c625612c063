"""The JSON API, version 1: one router per resource, put together here."""

from fastapi import APIRouter

from hub.console.api import (
    areas,
    broadcasts,
    calls,
    clinics,
    desks,
    device,
    device_admin,
    devices,
    events,
    groups,
    people,
    recordings,
    residents,
    session,
    stops,
    tokens,
    users,
)

router = APIRouter()
for part in (
    session,
    tokens,
    calls,
    events,
    desks,
    device,
    device_admin,
    devices,
    recordings,
    stops,
    broadcasts,
    groups,
    areas,
    residents,
    people,
    clinics,
    users,
):
    router.include_router(part.router)
