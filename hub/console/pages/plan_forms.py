"""The form of a plan: rows of a time and whom it calls, read back as steps."""

import msgspec
from fastapi import Request

from hub.domain.errors import Fault, Faulty
from hub.domain.plans import MOST_STEPS, Step, Whom
from hub.domain.policies import Policy

WORDS = tuple(word.value for word in Whom)
SPARE_ROWS = 2
LONGEST = 80


class Row(msgspec.Struct, frozen=True):
    """One row as it was typed."""

    after_s: str = ""
    whom: tuple[str, ...] = ()


class PlanTyped(msgspec.Struct, frozen=True):
    """The whole form as it was typed."""

    area: str
    name: str
    rows: tuple[Row, ...]
    every_s: str

    def steps(self) -> tuple[Step, ...]:
        """The rows that say something; the last is repeated. Faulty: a time that is none."""
        used = [(n, row) for n, row in enumerate(self.rows, start=1) if row.after_s or row.whom]
        texts = [(f"steps.{n}", row.after_s) for n, row in used] + [("every_s", self.every_s)]
        faults = [Fault(field, "plan-time", {"value": text}) for field, text in texts if not _is_time(text)]
        if faults:
            raise Faulty(faults)
        steps = [Step(after_s=int(row.after_s), whom=row.whom) for _, row in used]
        if steps:
            steps[-1] = msgspec.structs.replace(steps[-1], every_s=int(self.every_s))
        return tuple(steps)


async def read_plan(request: Request) -> PlanTyped:
    """What was sent."""
    async with request.form(max_fields=500, max_files=0) as form:
        said = {name: [str(one).strip()[:LONGEST] for one in form.getlist(name)] for name in form}
    rows = [
        Row("".join(said.get(f"after-{n}", ())), tuple(said.get(f"whom-{n}", ())))
        for n in range(MOST_STEPS + SPARE_ROWS)
    ]
    while rows and rows[-1] == Row():
        rows.pop()
    area, name, every = ("".join(said.get(field, ())[:1]) for field in ("area", "name", "every_s"))
    return PlanTyped(area, name, (*rows, *[Row()] * SPARE_ROWS), every)


def shown_plan(policy: Policy) -> PlanTyped:
    """A plan as its form shows it."""
    plan = policy.plan
    rows = [Row(str(step.after_s), step.whom) for step in plan.steps]
    every = plan.steps[-1].every_s or ""
    return PlanTyped(plan.area, plan.name, (*rows, *[Row()] * SPARE_ROWS), str(every))


def _is_time(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5
