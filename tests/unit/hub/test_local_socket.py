"""Questions between roles: one answer each, for our own user alone."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest

from hub import local_socket
from hub.local_socket import MAX_BYTES, ask, serve


async def backwards(question: bytes) -> bytes:
    return question[::-1]


async def test_a_question_gets_its_answer_however_long_the_folders_name(tmp_path: Path) -> None:
    path = tmp_path / ("f" * 120) / "role.sock"
    async with await serve(path, backwards):
        assert await ask(path, b"abc") == b"cba"
        assert await ask(path, b"") == b""
        assert await ask(path, b"x" * MAX_BYTES) == b"x" * MAX_BYTES


async def test_only_the_owner_may_open_the_socket(tmp_path: Path) -> None:
    path = tmp_path / "run" / "role.sock"
    async with await serve(path, backwards):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_another_user_who_came_through_is_not_heard(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def answer(question: bytes) -> bytes:
        heard.append(question)
        return question

    path = tmp_path / "role.sock"
    async with await serve(path, answer, uid=os.geteuid() + 1):  # so that we are the other user
        with pytest.raises(OSError):  # noqa: PT011 -- whichever of them the kernel gives
            await ask(path, b"abc")
    assert heard == []


async def test_nobody_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await ask(tmp_path / "role.sock", b"abc")
    async with await serve(tmp_path / "role.sock", backwards):
        pass
    with pytest.raises(OSError):  # noqa: PT011 -- refused, or gone
        await ask(tmp_path / "role.sock", b"abc")


async def test_who_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    async def never(_question: bytes) -> bytes:
        return await asyncio.Future()

    async with await serve(tmp_path / "role.sock", never):
        with pytest.raises(TimeoutError):
            await ask(tmp_path / "role.sock", b"abc", patience_s=0.01)


async def test_a_message_without_end_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "role.sock"
    async with await serve(path, backwards):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"\xff\xff\xff\xff" + b"x" * 100)
        assert await reader.read() == b""
        writer.close()
        assert await ask(path, b"abc") == b"cba"


async def test_an_asker_who_leaves_disturbs_nobody(tmp_path: Path) -> None:
    path = tmp_path / "role.sock"
    async with await serve(path, backwards):
        _, writer = await asyncio.open_unix_connection(path)
        writer.write(b"\x00\x00")
        writer.close()
        await writer.wait_closed()
        assert await ask(path, b"abc") == b"cba"


def test_the_kernel_says_who_asks() -> None:
    import socket

    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert local_socket.peer_uid(ours) == os.geteuid()
