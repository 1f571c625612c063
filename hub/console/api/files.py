"""`/import` and `/export` of a resource: the same two routes for residents, areas, people and clinics."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from hub.console.api.answers import answers, json_response
from hub.console.api.doing import Does
from hub.console.auth import AdminUser, ReadingUser
from hub.console.context import Context
from hub.console.language import language_of
from hub.console.register.handing_out import MEDIA_TYPES, hand_out
from hub.console.register.taking_in import Kind, R, Taken, make_plan, staged, taken
from hub.console.register.upload import BODY, File
from hub.ports import Transaction
from hub.services.importing import require_right
from hub.sheets.messages import SheetFormat

TAKEN: Final = answers(Taken, "What was written, or would be")
Made = Annotated[SheetFormat, Query(alias="format")]
Check = Annotated[bool, Query(description="Look at every line, and write nothing.")]


def add_file_routes(router: APIRouter, kind: Kind[R]) -> None:
    """`POST …/import` and `GET …/export` on `router`."""

    @router.post(
        "/import", name=f"import_{kind.name}", responses=TAKEN, openapi_extra=BODY, response_class=Response
    )
    async def take_in(
        file: File, context: Context, user: AdminUser, doing: Does, check: Check = False
    ) -> Response:
        """Take in a file, wholly or not at all.

        422 `import-wrong` names every wrong line in `errors`, and nothing has changed. A line whose id is in the
        register changes that entry, others are new; columns that the file has not stay as they are.
        """
        before = await doing.before()
        if before is not None:
            return before
        plan = require_right(await make_plan(context, kind, file.data, user))
        if check:
            return json_response(taken(plan, checked=True))

        async with staged(context, kind, plan) as rest:

            def write(tx: Transaction, now: int) -> Taken:
                kind.write(tx, rest, user, now)
                return taken(plan, checked=False)

            return await doing.do(write)

    @router.get(
        "/export",
        name=f"export_{kind.name}",
        responses=answers(None, "The file, with titles in the language asked for"),
        response_class=Response,
    )
    async def hand(
        request: Request, context: Context, user: ReadingUser, made_of: Made = SheetFormat.CSV
    ) -> Response:
        """All that the user may see, as a file that `/import` takes in again."""
        data = await hand_out(context, kind.name, made_of, user, language_of(request))
        return file_response(data, kind.name.value, made_of)


def file_response(data: bytes, name: str, made_of: SheetFormat) -> Response:
    """A file to keep."""
    disposition = f'attachment; filename="{name}.{made_of.value}"'
    return Response(data, media_type=MEDIA_TYPES[made_of], headers={"content-disposition": disposition})
