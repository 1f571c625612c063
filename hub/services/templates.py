"""Templates of broadcasts: read by whoever may broadcast, kept by the county."""

import re

import msgspec

from broadcast.domain.priorities import Category
from broadcast.domain.templates import Template, checked
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.domain.events import EventType
from hub.domain.people import User
from hub.ports import Transaction
from hub.services.keeping import require_keeper, tell

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PREFIX = "t"


class TemplateChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; None leaves as it is."""

    name: str | None = None
    category: Category | None = None
    text: str | None = None


def add_template(tx: Transaction, template: Template, by: User, now: int) -> Template:
    """Write one; without an id it is given one. Invalid: template-id; Conflict: template-there; TextError,
    RequestError as in broadcast.domain.templates. Denied: admins-only."""
    require_keeper(by)
    named = msgspec.structs.replace(template, id=template.id or tx.new_id(PREFIX, now))
    if template.id and not ID.fullmatch(template.id):
        raise Invalid("template-id", field="id")
    if tx.broadcasting.templates.get(named.id) is not None:
        raise Conflict("template-there", field="id", template=named.id)
    return _put(tx, named, by, now)


def change_template(
    tx: Transaction, template_id: str, change: TemplateChange, by: User, now: int
) -> Template:
    """Change what is said; broadcasts that were written from it stay as they are. NotFound: template-unknown."""
    require_keeper(by)
    before = tx.broadcasting.templates.get(template_id)
    if before is None:
        raise NotFound("template-unknown", template=template_id)
    said = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not None}
    return _put(tx, msgspec.structs.replace(before, **said), by, now)


def remove_template(tx: Transaction, template_id: str, by: User, now: int) -> None:
    """There is no such template any more. NotFound: template-unknown."""
    require_keeper(by)
    if not tx.broadcasting.templates.remove(template_id):
        raise NotFound("template-unknown", template=template_id)
    tell(tx, EventType.TEMPLATE_REMOVED, template_id, by.area, by, now)


def _put(tx: Transaction, template: Template, by: User, now: int) -> Template:
    sound = checked(template)
    after = msgspec.structs.replace(sound, changed_at=now, changed_by=by.name)
    tx.broadcasting.templates.put(after)
    tell(tx, EventType.TEMPLATE_CHANGED, after.id, by.area, by, now)
    return after
