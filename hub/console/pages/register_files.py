"""Files of the register: looked at line by line first, taken in on a second click; and handed out."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.api.files import file_response
from hub.console.context import Context, context_of
from hub.console.language import language_of
from hub.console.pages.frame import show_page
from hub.console.pages.rendering import render
from hub.console.pages.route import PageRoute, PageSession
from hub.console.register.books import AREAS as AREA_BOOK
from hub.console.register.books import CLINICS as CLINIC_BOOK
from hub.console.register.books import PEOPLE as PERSON_BOOK
from hub.console.register.books import RESIDENTS as RESIDENT_BOOK
from hub.console.register.handing_out import hand_out, said
from hub.console.register.taking_in import (
    AREAS,
    CLINICS,
    PEOPLE,
    RESIDENTS,
    Kind,
    R,
    known,
    make_plan,
    staged,
    taken,
)
from hub.console.register.titles import FIELDS, REQUIRED, title
from hub.console.register.upload import File
from hub.domain.entries import Entry
from hub.domain.errors import Conflict
from hub.i18n import Phrases
from hub.ports import Transaction
from hub.services.import_names import Spelling
from hub.services.importing import ImportWrong, LineFault, require_right
from hub.services.keeping import require_keeper
from hub.sheets.messages import SheetFormat, SheetKind

router = APIRouter(route_class=PageRoute)
SAMPLES: Final = 5
SHOWN_REASONS: Final = 200
TELLING: Final = frozenset({"code", "area", "address", "phone", "born"})
HOMES: Final = {book.kind: book.home for book in (RESIDENT_BOOK, AREA_BOOK, PERSON_BOOK, CLINIC_BOOK)}


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the file as the page names it: `name`, and what tells it from others, in words."""

    name: str
    words: tuple[str, ...]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, and the lines where it is."""

    lines: str
    field: str
    sentence: str


# long: the routes of one page, each a few lines
def add_pages(kind: Kind[R]) -> None:
    """`/…/import`, its check, and `/…/export` for one kind of file."""
    path = f"/{kind.name.value}"

    @router.get(f"{path}/import", name=f"import_page_{kind.name.value}")
    async def page(request: Request, session: PageSession) -> Response:
        """Where a file is chosen, and which columns it may have."""
        require_keeper(session.user)
        return await show_page(request, session, "register/import.html", **_columns(request, kind.name))

    @router.post(f"{path}/import/check", name=f"check_{kind.name.value}")
    async def check(request: Request, file: File, context: Context, session: PageSession) -> Response:
        """What the file would change, or every line that is wrong. Nothing is written."""
        try:
            plan = require_right(await make_plan(context, kind, file.data, session.user))
        except ImportWrong as wrong:
            return _wrong(request, kind.name, wrong)
        spelling = await context.store.read(lambda read: Spelling(known(read, session.user)))
        told = partial(_sample, request, kind.name, spelling)
        samples = [
            ("import-new", [told(one) for one in plan.added[:SAMPLES]]),
            ("import-changed", [told(one) for one in plan.changed[:SAMPLES]]),
        ]
        values = {"taken": taken(plan, checked=True), "samples": samples, **_columns(request, kind.name)}
        return render(request, "register/import_checked.html", values=values)

    @router.post(f"{path}/import", name=f"take_in_{kind.name.value}")
    async def take_in(request: Request, file: File, context: Context, session: PageSession) -> Response:
        """Write what was shown, if it is still what would be done."""
        try:
            plan = require_right(await make_plan(context, kind, file.data, session.user))
        except ImportWrong as wrong:
            return _wrong(request, kind.name, wrong)
        if plan.digest != file.fields.get("digest"):
            raise Conflict("import-stale")
        now = context.clock.now()
        async with staged(context, kind, plan) as rest:

            def write(tx: Transaction) -> None:
                kind.write(tx, rest, session.user, now)

            await context.store.run(write)
        done = taken(plan, checked=False)
        return render(request, "register/import_done.html", taken=done, home=HOMES[kind.name])

    @router.get(f"{path}/export", name=f"export_page_{kind.name.value}")
    async def export(
        request: Request,
        context: Context,
        session: PageSession,
        made_of: SheetFormat = SheetFormat.XLSX,
        empty: bool = False,
    ) -> Response:
        """All that the user may see, or the titles alone to begin with."""
        lang = language_of(request)
        data = await hand_out(context, kind.name, made_of, session.user, lang, empty=empty)
        return file_response(data, kind.name.value, made_of)


def reasons(phrases: Phrases, lang: str, kind: SheetKind, faults: Sequence[LineFault]) -> list[Reason]:
    """`faults` with the lines of one and the same reason together, in the order of their first lines.

    A mistake in a whole column is one reason; the first 200 are told in words, and of the rest the lines.
    """
    together: dict[tuple[str, str, tuple[tuple[str, str | int], ...]], list[int]] = {}
    for one in faults:
        fault = one.fault
        together.setdefault((fault.field, fault.code, tuple(sorted(fault.params.items()))), []).append(
            one.line
        )
    told = list(together.items())
    found = [
        Reason(
            lines=spans(lines),
            field=title(phrases, lang, kind, field) if field else "",
            sentence=phrases.say(lang, code, **dict(params)),
        )
        for (field, code, params), lines in told[:SHOWN_REASONS]
    ]
    rest = sorted({line for _, lines in told[SHOWN_REASONS:] for line in lines})
    if rest:
        found.append(Reason(lines=spans(rest), field="", sentence=phrases.say(lang, "import-more-wrong")))
    return found


def spans(lines: Sequence[int]) -> str:
    """`2-5, 9`: each of `lines`, which grow, named as shortly as can be."""
    ends: list[list[int]] = []
    for line in lines:
        if ends and line == ends[-1][1] + 1:
            ends[-1][1] = line
        elif not ends or line != ends[-1][1]:
            ends.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)


def _wrong(request: Request, kind: SheetKind, wrong: ImportWrong) -> Response:
    phrases, lang = context_of(request).phrases, language_of(request)
    found = reasons(phrases, lang, kind, wrong.faults)
    count = len({one.line for one in wrong.faults})
    values = {"reasons": found, "count": count, **_columns(request, kind)}
    return render(request, "register/import_wrong.html", values=values)


def _sample(request: Request, kind: SheetKind, spelling: Spelling, entry: Entry) -> Sample:
    phrases, lang = context_of(request).phrases, language_of(request)
    words = (said(entry, field, spelling, phrases, lang) for field in FIELDS[kind] if field in TELLING)
    return Sample(name=str(getattr(entry, "name", "")), words=tuple(word for word in words if word))


def _columns(request: Request, kind: SheetKind) -> dict[str, object]:
    named = partial(title, context_of(request).phrases, language_of(request), kind)
    return {
        "kind": kind,
        "home": HOMES[kind],
        "columns": [(named(field), field in REQUIRED[kind], field) for field in FIELDS[kind]],
    }


add_pages(RESIDENTS)
add_pages(AREAS)
add_pages(PEOPLE)
add_pages(CLINICS)
