"""What is wrong with a setting, as a sentence of the catalogues instead of the validator's own English."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic_core import ErrorDetails, PydanticCustomError

from hub.domain.errors import Fault, Invalid

# pydantic's own findings: its type → the sentence, and what of its context the sentence tells under which name
SENTENCES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "int_parsing": ("setting-whole-number", {}),
    "int_from_float": ("setting-whole-number", {}),
    "float_parsing": ("setting-number", {}),
    "bool_parsing": ("setting-yes-no", {}),
    "greater_than_equal": ("setting-least", {"ge": "limit"}),
    "less_than_equal": ("setting-most", {"le": "limit"}),
    "literal_error": ("setting-one-of", {"expected": "choices"}),
    "string_pattern_mismatch": ("setting-pattern", {"pattern": "pattern"}),
}
UNKNOWN: Final = ("setting-value", dict[str, str]())


class SettingsWrong(Invalid):
    """Several settings may be wrong at once; each is named. Values are not: one may be a password."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("settings-wrong", mistakes=", ".join(fault.field or fault.code for fault in faults))
        self.faults = tuple(faults)


def wrong(sentence: str, **params: str) -> PydanticCustomError:
    """What a validator of ours raises: the id of its sentence."""
    return PydanticCustomError(sentence, sentence, dict(params))


def fault_of(found: ErrorDetails, prefix: str) -> Fault:
    """One finding of pydantic's; its field is the variable, empty when several do not belong together."""
    context = found.get("ctx", {})
    if found["type"].startswith("setting-"):
        sentence, names = found["type"], {name: name for name in context}
    else:
        sentence, names = (
            SENTENCES.get(found["type"], UNKNOWN)[0],
            dict(SENTENCES.get(found["type"], UNKNOWN)[1]),
        )
    where = f"{prefix}{str(found['loc'][0]).upper()}" if found["loc"] else ""
    return Fault(where, sentence, {told: str(context[name]) for name, told in names.items()})
