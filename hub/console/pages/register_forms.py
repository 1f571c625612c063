"""One entry of the register on a page of its own: a form for those who keep it, words for those who read it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from hub.console.context import ConsoleContext, Context, context_of
from hub.console.language import language_of
from hub.console.pages.frame import show_page
from hub.console.pages.rendering import render
from hub.console.pages.route import PageSession
from hub.console.register.books import Book, D
from hub.console.register.choices import Choices, read_choices
from hub.console.register.forms import Typed, drafted, own_prefix, read_form, shown
from hub.console.register.handing_out import said
from hub.console.register.taking_in import known
from hub.console.register.titles import FIELDS, REQUIRED, read_words, title
from hub.domain.entries import Entry
from hub.domain.errors import Faulty, NotFound
from hub.domain.people import User, may_keep_register, sees_medical_notes
from hub.ports import Reader, Transaction
from hub.services.import_names import Spelling
from hub.services.keeping import require_keeper

SPARE_CONTACTS: Final = 2
Write = Callable[[Transaction, D], Entry]


class Looked(msgspec.Struct, frozen=True):
    """An entry and what its page shows beside it."""

    entry: Entry
    choices: Choices
    devices: tuple[str, ...]
    words: Mapping[str, str]


# long: five routes on one router, each a few lines
def add_form_routes(router: APIRouter, book: Book[D]) -> None:
    """`/new` and `/{id}` with GET and POST, and DELETE, on `router`."""

    @router.get("/new", name=f"new_{book.kind.value}")
    async def new(request: Request, context: Context, session: PageSession) -> Response:
        """An empty form; the address may bring values for it."""
        require_keeper(session.user)
        brought = {
            name: value[:80] for name, value in request.query_params.items() if name in FIELDS[book.kind]
        }
        typed = Typed({**shown(book.blank).values, **brought})
        choices = await _choices(context, session.user)
        values = _form(request, book, typed, choices, "")
        return await show_page(request, session, "register/entry.html", **values)

    @router.post("/new", name=f"add_{book.kind.value}")
    async def add(request: Request, context: Context, session: PageSession) -> Response:
        """Enter it, or say on the form what is wrong."""
        user, now = session.user, context.clock.now()
        return await _save(request, context, user, book, "", lambda tx, draft: book.add(tx, draft, user, now))

    @router.get("/{entry_id}", name=f"one_{book.kind.value}")
    async def one(
        entry_id: str, request: Request, context: Context, session: PageSession, saved: bool = False
    ) -> Response:
        """The entry."""
        user = session.user
        found = await context.store.read(
            partial(_look, request=request, book=book, entry_id=entry_id, user=user)
        )
        if not may_keep_register(user):
            return await show_page(request, session, "register/read.html", book=book, found=found)
        values = _form(request, book, shown(found.entry), found.choices, entry_id)
        more = {"saved": saved, "devices": found.devices}
        return await show_page(request, session, "register/entry.html", **(values | more))

    @router.post("/{entry_id}", name=f"change_{book.kind.value}")
    async def change(entry_id: str, request: Request, context: Context, session: PageSession) -> Response:
        """Change it, or say on the form what is wrong."""
        user, now = session.user, context.clock.now()
        write: Write[D] = lambda tx, draft: book.change(tx, entry_id, draft, user, now)  # noqa: E731
        return await _save(request, context, user, book, entry_id, write)

    @router.delete("/{entry_id}", name=f"remove_{book.kind.value}")
    async def remove(entry_id: str, context: Context, session: PageSession) -> Response:
        """Take it out of the register."""
        user, now = session.user, context.clock.now()
        await context.store.run(lambda tx: book.remove(tx, entry_id, user, now))
        return Response(status_code=204, headers={"hx-redirect": book.home})


async def _save(
    request: Request, context: ConsoleContext, user: User, book: Book[D], entry_id: str, write: Write[D]
) -> Response:
    require_keeper(user)
    typed = await read_form(request, FIELDS[book.kind])
    try:
        draft = drafted(typed, book.draft, read_words(context.phrases))
        entry = await context.store.run(lambda tx: write(tx, draft))
    except Faulty as wrong:
        choices = await _choices(context, user)
        values = _form(request, book, typed, choices, entry_id, wrong)
        return render(request, "register/form.html", status=422, values=values)
    return Response(status_code=204, headers={"hx-redirect": f"{book.path}/{book.id_of(entry)}?saved=1"})


def _look(read: Reader, request: Request, book: Book[D], entry_id: str, user: User) -> Looked:
    prefix = own_prefix(user)
    entry = book.find(read, entry_id, prefix)
    if entry is None:
        raise NotFound(book.unknown, **{book.unknown.removesuffix("-unknown"): entry_id})
    spelling, phrases, lang = Spelling(known(read, user)), context_of(request).phrases, language_of(request)
    told = [field for field in FIELDS[book.kind] if field != "conditions" or sees_medical_notes(user)]
    words = {
        title(phrases, lang, book.kind, field): said(entry, field, spelling, phrases, lang) for field in told
    }
    return Looked(entry, read_choices(read, prefix), tuple(book.devices(read, entry_id)), words)


async def _choices(context: ConsoleContext, user: User) -> Choices:
    prefix = own_prefix(user)
    return await context.store.read(lambda read: read_choices(read, prefix))


def _form(
    request: Request,
    book: Book[D],
    typed: Typed,
    choices: Choices,
    entry_id: str,
    wrong: Faulty | None = None,
) -> dict[str, object]:
    """The values of register/form.html."""
    say, lang = context_of(request).phrases.say, language_of(request)
    faults = () if wrong is None else wrong.faults
    return {
        "book": book,
        "entry_id": entry_id,
        "typed": typed.values,
        "contacts": typed.contacts,
        "spare_contacts": SPARE_CONTACTS,
        "choices": choices,
        "title": partial(title, context_of(request).phrases, lang, book.kind),
        "required": REQUIRED[book.kind],
        "faults": {fault.field: say(lang, fault.code, **fault.params) for fault in reversed(faults)},
        "saved": False,
        "devices": (),
    }
