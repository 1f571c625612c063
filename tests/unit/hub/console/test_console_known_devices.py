"""Devices that came in before come in while the database is away; others have to wait."""

import pytest

from hub.console.known_devices import KnownDevices
from hub.domain.errors import Unavailable


async def away() -> str | None:
    raise Unavailable("store-away")


async def removed() -> str | None:
    return None


async def test_a_device_that_proved_itself_is_known_by_heart() -> None:
    known = KnownDevices()
    known.remember("b-1", "$7$hash")
    assert await known.hash_of("b-1", away) == "$7$hash"
    with pytest.raises(Unavailable):
        await known.hash_of("b-2", away)


async def test_a_device_taken_out_of_service_is_forgotten() -> None:
    known = KnownDevices()
    known.remember("b-1", "$7$hash")
    assert await known.hash_of("b-1", removed) is None
    with pytest.raises(Unavailable):
        await known.hash_of("b-1", away)
