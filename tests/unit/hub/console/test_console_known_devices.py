"""Credentials known by heart: the database's word is taken while it answers, and nobody waits while it does not."""

import asyncio
from collections.abc import Mapping

import pytest

from hub.console.known_devices import KnownDevices
from hub.domain.errors import Unavailable
from hub.domain.register import DeviceCredentials

OURS = DeviceCredentials(password_hash="$7$hash")


async def away() -> Mapping[str, DeviceCredentials]:
    raise Unavailable("store-away")


async def test_devices_that_never_came_in_are_known() -> None:
    async def read() -> Mapping[str, DeviceCredentials]:
        return {"b-1": OURS}

    known = KnownDevices(read)
    await known.refresh()
    assert known.recall("b-1") == OURS
    assert known.recall("b-2") is None


async def test_what_is_known_stays_while_the_database_is_away() -> None:
    known = KnownDevices(away)
    known.learn("b-1", OURS)
    await known.refresh()
    assert known.recall("b-1") == OURS


async def test_a_device_taken_out_of_service_is_forgotten() -> None:
    known = KnownDevices()
    known.learn("b-1", OURS)
    known.learn("b-1", None)
    assert known.recall("b-1") is None


async def test_a_database_that_is_away_says_so_at_once() -> None:
    with pytest.raises(Unavailable):
        await KnownDevices().ask(away)


async def test_while_one_question_has_no_answer_no_other_is_asked() -> None:
    known, asked, answer = KnownDevices(patience_s=0), 0, asyncio.Event()

    async def question() -> str:
        nonlocal asked
        asked += 1
        await answer.wait()
        return "yes"

    for _ in range(3):
        with pytest.raises(Unavailable):
            await known.ask(question)
        await asyncio.sleep(0)  # the question is put
    assert asked == 1


async def test_a_database_that_answers_again_is_asked_again() -> None:
    known = KnownDevices(patience_s=0)
    late: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def question() -> str:
        return await late

    with pytest.raises(Unavailable):
        await known.ask(question)
    late.set_result("yes")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    known._patience_s = 45.0
    assert await known.ask(question) == "yes"


async def test_a_new_password_that_was_used_ends_the_one_before_until_there_is_another() -> None:
    known = KnownDevices()
    known.use("b-1", "$7$new")
    assert known.has_used("b-1", "$7$new")
    assert not known.has_used("b-1", "$7$newer")


async def test_that_the_one_before_is_over_is_written_once() -> None:
    known = KnownDevices()
    known.use("b-1", "$7$new")
    assert known.is_unwritten("b-1")
    known.written("b-1")
    known.use("b-1", "$7$new")
    assert not known.is_unwritten("b-1")
