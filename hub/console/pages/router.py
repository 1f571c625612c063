"""All pages, put together here."""

from fastapi import APIRouter

from hub.console.pages import actions, demo, desk, entry
from hub.console.pages.route import PageRoute

router = APIRouter(route_class=PageRoute)
for part in (entry.router, desk.router, actions.router, demo.router):
    router.include_router(part)
