"""All pages, put together here."""

from fastapi import APIRouter

from hub.console.pages import (
    actions,
    broadcasts,
    broadcasts_actions,
    broadcasts_writing,
    demo,
    desk,
    entry,
)
from hub.console.pages.route import PageRoute

router = APIRouter(route_class=PageRoute)
PARTS = (
    entry.router,
    desk.router,
    actions.router,
    demo.router,
    # paths with names before paths with ids
    broadcasts_actions.router,
    broadcasts_writing.router,
    broadcasts.router,
)
for part in PARTS:
    router.include_router(part)
