"""What every request body has in common: unknown fields are refused, numbers are numbers."""

from collections.abc import Collection, Mapping
from typing import Annotated, TypeVar

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """A JSON object with exactly these fields; a mistyped name must not pass in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Body):
    """An empty object; sending no body is the same."""


Millis = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1, description="Unix milliseconds UTC")]
T = TypeVar("T")
NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps no such character
Text = Annotated[str, Field(max_length=20_000, pattern=NO_NUL)]
Line = Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Id = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


def emptied(said: Mapping[str, T], nullable: Collection[str]) -> dict[str, T | str]:
    """`said` with "" for the nulls of fields that are always some text, and without a null `id`."""
    return {
        name: "" if value is None and name not in nullable else value
        for name, value in said.items()
        if not (name == "id" and value is None)
    }
