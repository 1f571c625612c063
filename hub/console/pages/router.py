"""All pages, put together here."""

from fastapi import APIRouter

from hub.console.pages import (
    actions,
    areas,
    broadcasts,
    broadcasts_actions,
    broadcasts_asking,
    broadcasts_templates,
    broadcasts_writing,
    case_actions,
    case_choices,
    coverage,
    demo,
    desk,
    devices,
    entering,
    entry,
    feedback,
    people,
    policies,
    register_files,
    residents,
    rosters,
)
from hub.console.pages.route import PageRoute

router = APIRouter(route_class=PageRoute)
PARTS = (
    entry.router,
    entering.router,
    desk.router,
    case_choices.router,
    actions.router,
    case_actions.router,
    feedback.router,
    demo.router,
    # paths with names before paths with ids
    broadcasts_actions.router,
    broadcasts_asking.router,
    broadcasts_templates.router,
    broadcasts_writing.router,
    broadcasts.router,
    register_files.router,
    residents.router,
    areas.router,
    people.router,
    devices.router,
    coverage.router,
    rosters.router,
    policies.router,
)
for part in PARTS:
    router.include_router(part)
