"""What machines ask: is the process alive, are its parts ready, how much has it done."""

import asyncio
from typing import Final

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from hub.console.context import ConsoleContext, Context, Health, Probe
from hub.domain.errors import Unavailable
from hub.domain.people import Scope
from hub.metrics import CONTENT_TYPE
from hub.ports import Reader

router = APIRouter(include_in_schema=False)
PROBE_S: Final = 3.0
EVERYTHING: Final = Scope(area_prefix="")


@router.get("/healthz")
async def healthz() -> Response:
    """200 while the process answers at all."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
async def readyz(context: Context) -> Response:
    """A line for each part: name, ok or down, detail. 503 while one is down without which calls do not work."""
    found = await asyncio.gather(*(_ask(probe) for probe in context.probes))
    lines = [
        f"{probe.name} {'ok' if health.ok else 'down'} {health.detail}".rstrip()
        for probe, health in zip(context.probes, found, strict=True)
    ]
    ready = all(health.ok for probe, health in zip(context.probes, found, strict=True) if probe.vital)
    return PlainTextResponse("\n".join(lines) + "\n", 200 if ready else 503)


@router.get("/metrics")
async def metrics(context: Context) -> Response:
    """Prometheus' text format; docs/operations.md says what each figure means."""
    await _look(context)
    return Response(context.metrics.render(), media_type=CONTENT_TYPE)


async def _ask(probe: Probe) -> Health:
    try:
        async with asyncio.timeout(PROBE_S):
            return await probe.ask()
    except TimeoutError:
        return Health(ok=False, detail=f"no answer within {PROBE_S:g} s")


async def _look(context: ConsoleContext) -> None:
    """Read the figures that stand in the database; while it is away they stay as they were."""
    shown = context.metrics
    shown.streams.value = len(context.streams)
    shown.unrecorded.value = len(context.unrecorded())

    def look(read: Reader) -> tuple[int, int]:
        return read.outbox_backlog(), len(read.open_calls(EVERYTHING))

    try:
        shown.outbox_backlog.value, shown.calls_open.value = await context.store.read(look)
    except Unavailable:
        return
