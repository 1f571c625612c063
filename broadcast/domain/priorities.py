"""What is more urgent than what, how loud it is, and what needs two people."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from broadcast.errors import Problem, RequestError
from devices.enrolment import is_emergency


class Category(StrEnum):
    """What a broadcast is about, as its author says."""

    NOTICE = "notice"  # 通知
    SERVICE = "service"  # 便民服务
    POLICY = "policy"  # 政策宣传
    FRAUD = "fraud"  # 防诈骗
    THEFT = "theft"  # 防盗
    FIRE = "fire"  # 防火
    WEATHER = "weather"  # 天气
    EMERGENCY = "emergency"  # 应急


PRIORITIES: Final = MappingProxyType(
    {
        Category.NOTICE: 100,
        Category.SERVICE: 90,
        Category.POLICY: 80,
        Category.FRAUD: 120,
        Category.THEFT: 120,
        Category.FIRE: 150,
        Category.WEATHER: 160,
        Category.EMERGENCY: 240,
    }
)
REHEARSAL: Final = 60
"""A rehearsal on one loudspeaker never silences anything real."""

ROUTINE_VOLUME, EMERGENCY_VOLUME = 70, 100


def priority_of(category: Category, asked: int | None) -> int:
    """The priority to send with, 0-255; RequestError when category and priority contradict each other."""
    priority = PRIORITIES[category] if asked is None else asked
    if is_emergency(priority) is not (category is Category.EMERGENCY):
        raise RequestError(Problem.CATEGORY_PRIORITY, field="priority", priority=priority)
    return priority


def volume_of(priority: int) -> int:
    """How loud, 0-100, before each device's own limit."""
    return EMERGENCY_VOLUME if is_emergency(priority) else ROUTINE_VOLUME


def needs_two(priority: int, *, county_wide: bool) -> bool:
    """Whether a second person has to approve before anything sounds."""
    return is_emergency(priority) or county_wide
