"""Forms of the register: what a person typed, read by the same rules as a line of a file."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

import msgspec
from fastapi import Request

from hub.domain.entries import Draft, Entry
from hub.domain.errors import Fault, Faulty, NotFound
from hub.domain.people import User, register_scope
from hub.domain.residents import Relative
from hub.sheets.cells import Unreadable, Value, fault_of, value_of

D = TypeVar("D", bound=Draft)
CONTACT_PARTS: Final = ("contact_relation", "contact_name", "contact_phone")
MOST_FIELDS: Final = 200
LONGEST: Final = 4_000


class Typed(msgspec.Struct, frozen=True):
    """A form as it was sent, to be shown again as it is when something in it is wrong."""

    values: Mapping[str, str]
    contacts: tuple[Relative, ...] = ()


async def read_form(request: Request, fields: Sequence[str]) -> Typed:
    """The `fields` that were sent; what a page never sends is passed over."""
    async with request.form(max_fields=MOST_FIELDS, max_files=0) as form:
        texts = {name: [str(one)[:LONGEST] for one in form.getlist(name)] for name in form}
    known = [name for name in fields if name in texts]
    parts = [texts.get(name, []) for name in CONTACT_PARTS]
    lines = zip(*parts, strict=False)
    return Typed(
        {name: texts[name][0].replace("\r\n", "\n") for name in known},
        tuple(
            Relative(relation=r.strip(), name=n.strip(), phone=p.strip())
            for r, n, p in lines
            if (r + n + p).strip()
        ),
    )


def drafted(typed: Typed, draft: type[D], words: Mapping[str, str]) -> D:
    """What was typed, as values. Faulty: what cannot be read."""
    said: dict[str, Value] = {}
    faults: list[Fault] = []
    for field, text in typed.values.items():
        try:
            said[field] = value_of(field, text, words)
        except Unreadable as error:
            faults.append(fault_of(field, text, error))
    if faults:
        raise Faulty(faults)
    if "contacts" in draft.__struct_fields__:
        said["contacts"] = typed.contacts
    if not said.get("id"):
        said.pop("id", None)
    return msgspec.convert(said, draft)


def shown(entry: Entry) -> Typed:
    """`entry` as its form shows it."""
    values = {name: _text(getattr(entry, name)) for name in entry.__struct_fields__ if name != "contacts"}
    return Typed(values, getattr(entry, "contacts", ()))


def own_prefix(user: User) -> str:
    """The prefix of the codes that `user` may look at. NotFound for those who may look at none."""
    prefix = register_scope(user).area_prefix
    if prefix is None:
        raise NotFound("register-not-yours")
    return prefix


def _text(value: Value) -> str:
    return "" if value is None else str(value)
