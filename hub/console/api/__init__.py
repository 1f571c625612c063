"""The JSON API, version 1: one router per resource, put together here."""

from fastapi import APIRouter

from hub.console.api import (
    areas,
    broadcasts,
    calls,
    cases,
    clinics,
    coverage,
    desks,
    device,
    device_admin,
    device_files,
    devices,
    events,
    feedback,
    groups,
    people,
    policies,
    recordings,
    residents,
    rosters,
    session,
    stops,
    templates,
    tokens,
    users,
)

router = APIRouter()
for part in (
    session,
    tokens,
    calls,
    cases,
    feedback,
    events,
    desks,
    device,
    device_admin,
    device_files,
    devices,
    recordings,
    stops,
    broadcasts,
    groups,
    templates,
    areas,
    residents,
    people,
    clinics,
    policies,
    rosters,
    coverage,
    users,
):
    router.include_router(part.router)
