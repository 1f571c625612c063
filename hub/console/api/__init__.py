"""The JSON API, version 1: one router per resource, put together here."""

from fastapi import APIRouter

from hub.console.api import areas, calls, desks, device, devices, events, session, tokens, users

router = APIRouter()
for part in (session, tokens, calls, events, desks, device, devices, areas, users):
    router.include_router(part.router)
