"""JSON out: structs are encoded once by msgspec, and the OpenAPI document describes the very same structs."""

from typing import Final

import msgspec
from starlette.responses import Response

from hub.console.problems import MEDIA_TYPE, FieldProblem

REF: Final = "#/components/schemas/{name}"
_encoder = msgspec.json.Encoder()
_described: dict[str, object] = {}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error (RFC 9457). `type` is a stable word, `title` a sentence in the asker's language.

    The sentence's variables stand beside them: `holder` of a call that is held, `limit` of what is too long.
    """

    type: str
    title: str
    status: int
    holder: str | None = None
    field: str | None = None
    errors: tuple[FieldProblem, ...] = ()


def encode(value: object) -> bytes:
    """`value` as JSON."""
    return _encoder.encode(value)


def json_response(value: object, status: int = 200) -> Response:
    """`value` as a JSON answer."""
    return raw_response(encode(value), status)


def raw_response(body: bytes, status: int = 200) -> Response:
    """JSON that is bytes already; none at all for 204."""
    return (
        Response(body, status, media_type="application/json") if status != 204 else Response(status_code=204)
    )


def answers(
    value: type | None, description: str, status: int = 200, media_type: str = "application/json"
) -> dict[int | str, dict[str, object]]:
    """What a route says of its answer, and that everything else is a problem document."""
    good: dict[str, object] = {"description": description}
    if value is not None:
        good["content"] = {media_type: {"schema": _describe(value)}}
    wrong: dict[str, object] = {
        "description": "Problem",
        "content": {MEDIA_TYPE: {"schema": _describe(Problem)}},
    }
    return {status: good, "default": wrong}


def components() -> dict[str, object]:
    """The schemas that `answers` referred to."""
    return dict(_described)


def _describe(value: type) -> dict[str, object]:
    (schema,), parts = msgspec.json.schema_components([value], ref_template=REF)
    _described.update(parts)
    return schema
