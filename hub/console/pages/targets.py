"""Who was rung, as people call them: the names that stand in the register."""

from collections.abc import Iterable, Mapping

import msgspec

from hub.i18n import Phrases
from hub.ports import Reader


class TargetNames(msgspec.Struct, frozen=True, kw_only=True):
    """The names of places by their codes and of clinics by their ids."""

    areas: Mapping[str, str]
    clinics: Mapping[str, str]


def read_target_names(read: Reader, areas: Mapping[str, str]) -> TargetNames:
    """As the register has them now; `areas` has been read already."""
    return TargetNames(areas=areas, clinics={clinic.id: clinic.name for clinic in read.clinics("")})


def say_targets(phrases: Phrases, lang: str, names: TargetNames, targets: Iterable[str]) -> str:
    """`targets` (`center:<area>`, `clinic:<id>`) in words; what the register no longer knows, by its own id."""

    def name(target: str) -> str:
        kind, _, of = target.partition(":")
        if kind == "center" and of in names.areas:
            return phrases.say(lang, "center-operator", area=names.areas[of])
        return names.clinics.get(of, of) if kind == "clinic" else of

    return phrases.say(lang, "list-and").join(dict.fromkeys(map(name, targets)))
