"""The signer as a process: killed at the worst moment, asked by strangers, stopped, doubled, robbed of its disk."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from devices.commands import StopCommand
from devices.jws import take_apart
from hub.clock import Clock
from hub.domain.errors import Denied, Unavailable
from hub.mqtt.commands import CommandChannel
from hub.ports import Outgoing, SendFailed
from tests.disks import SmallDisk
from tests.stores import COUNTY
from tests.with_signer import PATIENCE_S, RunningSigner, order, play, stop

STRANGER = 65_534  # nobody


def seq_of(token: bytes) -> int:
    return msgspec.json.decode(take_apart(token).parts.payload or b"", type=StopCommand).seq


def last_seqs(signer: RunningSigner) -> dict[str, int]:
    """What stands on the disk."""
    db = sqlite3.connect(signer.data_dir / "secrets" / "ledger.db")
    try:
        return dict(db.execute("SELECT kid, last FROM seqs"))
    finally:
        db.close()


async def test_killed_between_the_number_and_the_answer_it_never_gives_the_number_again(
    signer: RunningSigner,
) -> None:
    before = seq_of(await signer.client.sign(order("o-0", stop())))
    signer.kill()
    # dies as the number is on its way to the disk, before anything is answered
    signer.start("strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=fdatasync:signal=SIGKILL")
    with pytest.raises(Unavailable):
        await signer.client.sign(order("o-1", stop()))
    signer.kill()
    (burnt,) = (last for last in last_seqs(signer).values() if last > before)
    signer.start()
    retried = await signer.client.sign(order("o-1", stop()))
    assert seq_of(retried) == burnt  # the one order that it was meant for
    assert seq_of(await signer.client.sign(order("o-2", stop()))) > burnt


async def test_the_same_order_gives_the_same_bytes_over_a_kill(signer: RunningSigner) -> None:
    asked = order("o-1", stop())
    first = await signer.client.sign(asked)
    signer.kill()
    signer.start()
    assert await signer.client.sign(asked) == first


async def test_a_thousand_orders_at_once_get_a_thousand_numbers(signer: RunningSigner) -> None:
    asked = [order(f"o-{number}", stop(), f"g-{number}") for number in range(1000)]
    gate = asyncio.Semaphore(100)

    async def sign(number: int) -> bytes:
        async with gate:
            return await signer.client.sign(asked[number])

    tokens = await asyncio.gather(*map(sign, range(1000)))
    assert len({seq_of(token) for token in tokens}) == 1000


async def test_another_user_of_the_machine_gets_nothing_signed(signer: RunningSigner) -> None:
    assert os.geteuid() == 0, "to ask as another user the tests run as root"
    ask = (
        "import asyncio, os, sys; from pathlib import Path; from hub.signer.client import SignerClient;"
        f" os.setgroups([]); os.setgid({STRANGER}); os.setuid({STRANGER});"
        " print(asyncio.run(SignerClient(Path(sys.argv[1])).keys('ls-1')))"
    )

    def as_stranger() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", ask, str(signer.data_dir / "run")],
            capture_output=True,
            text=True,
            check=False,
        )

    shut_out = as_stranger()
    assert (shut_out.returncode, shut_out.stdout) == (1, "")
    assert "signer-away" in shut_out.stderr
    # somebody has been careless with every right on the way
    for path in own_folders(signer):
        path.chmod(0o755)
    for path in (signer.data_dir / "run", signer.data_dir / "run" / "signer.sock"):
        path.chmod(0o777)
    unheard = as_stranger()
    assert (unheard.returncode, unheard.stdout) == (1, "")
    assert "was not heard" in signer.log


def own_folders(signer: RunningSigner) -> list[Path]:
    """The folders above the sockets that the tests have made for themselves."""
    return [path for path in (signer.data_dir, *signer.data_dir.parents) if "pytest-of" in str(path)]


async def test_a_second_signer_on_the_same_keys_refuses_to_start(signer: RunningSigner) -> None:
    second = signer.launch()
    assert second.wait(PATIENCE_S) == os.EX_TEMPFAIL  # worth another try: the first may be on its way out
    await signer.client.sign(order("o-1", stop()))


async def test_while_it_is_away_orders_wait_and_then_go_out_once(signer: RunningSigner) -> None:
    sent: list[tuple[str, bytes]] = []

    async def publish(topic: str, payload: bytes) -> None:
        sent.append((topic, payload))

    async def refused(*_told: object) -> None:
        raise AssertionError("nobody refused")

    channel = CommandChannel(sign=signer.client.sign, publish=publish, refused=refused)
    body = msgspec.json.encode(order("o-1", stop(), COUNTY))
    waiting = Outgoing(id=1, kind="command", address=COUNTY, body=body, attempts=0)
    signer.kill()
    with pytest.raises(SendFailed):
        await channel.send(waiting)
    signer.start()
    await channel.send(waiting)
    assert [topic for topic, _ in sent] == [f"v1/z/{COUNTY}/command"]


async def test_a_full_disk_keeps_no_stop_back(small_disk: SmallDisk) -> None:
    signer = RunningSigner(small_disk.folder / "data")
    try:
        signer.start()
        before = seq_of(await signer.client.sign(order("o-0", stop())))
        small_disk.fill()
        first = [await signer.client.sign(order(f"o-{number}", stop())) for number in range(1, 4)]
        with pytest.raises(Unavailable, match="signer-disk"):
            await until_refused(signer)
        later = [await signer.client.sign(order(f"p-{number}", stop())) for number in range(1, 4)]
        numbers = [seq_of(token) for token in (*first, *later)]
        assert before < numbers[0]
        assert numbers == sorted(set(numbers))
        small_disk.make_room()
        await signer.client.sign(order("o-9", {"type": "report"}))
    finally:
        signer.kill()


async def until_refused(signer: RunningSigner) -> None:
    """Sign until the disk takes no more: the ledger may have room left in the pages it holds."""
    for number in range(5000):
        await signer.client.sign(order(f"fill-{number}", {"type": "report"}, f"g-{number}"))


async def test_what_the_rules_refuse_is_refused_over_the_socket_with_its_words(signer: RunningSigner) -> None:
    with pytest.raises(Denied) as refused:
        await signer.client.sign(order("o-1", play(start_at=Clock().now()), COUNTY))
    assert refused.value.code == "signer-two-people"
    with pytest.raises(Denied) as unknown:
        await signer.client.sign(order("o-1", {"type": "reboot"}))
    assert (unknown.value.code, unknown.value.params) == ("signer-type", {"type": "reboot"})
