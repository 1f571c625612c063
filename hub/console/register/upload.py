"""A file that comes with a request: from a form's field `file`, or as the whole body."""

from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from hub.console.auth import CurrentSession
from hub.domain.errors import Invalid

FILE_FIELD: Final = "file"
FORM: Final = "multipart/form-data"
BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "CSV (UTF-8 with or without BOM, GB18030) or XLSX; its first line names the columns.",
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": [FILE_FIELD],
                    "properties": {FILE_FIELD: {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}
"""What OpenAPI says of such a request."""


class Sent:
    """The bytes of a file, and the other fields of its form."""

    def __init__(self, data: bytes, fields: dict[str, str]) -> None:
        self.data = data
        self.fields = fields


async def _sent(request: Request, _session: CurrentSession) -> Sent:
    """Only for those who are signed in: nobody else's file is read. Invalid: import-file-missing."""
    if not request.headers.get("content-type", "").startswith(FORM):
        return Sent(_there(await request.body()), {})
    await request.body()  # kept by the request: the fingerprint of a repeated one needs it too
    async with request.form(max_files=1, max_fields=20) as form:
        file = form.get(FILE_FIELD)
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid("import-file-missing", field=FILE_FIELD)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        return Sent(_there(await file.read()), fields)


def _there(data: bytes) -> bytes:
    if not data:
        raise Invalid("import-file-missing", field=FILE_FIELD)
    return data


File = Annotated[Sent, Depends(_sent)]
