"""A local server that speaks the protocol of Edge's read-aloud service, and fails as it does.

It checks what it is asked as the service would (configuration, SSML, token), and answers with words and sound
of plausible length: a tone where the service would have a voice.
"""

import asyncio
import json
import subprocess
import threading
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from types import TracebackType
from typing import Self

import imageio_ffmpeg
from aiohttp import WSMsgType, web

BYTES_PER_S = 6_000  # 48 kbit/s, as the service sends
SYLLABLE_S = 0.25
TICKS_PER_S = 10_000_000
_SSML = "{http://www.w3.org/2001/10/synthesis}"


class Does(StrEnum):
    """How the server treats one request."""

    ANSWER = "answer"
    FORBID = "forbid"
    FAIL = "fail"
    NO_AUDIO = "no-audio"
    DROP_WORDS = "drop-words"
    DROP_SOUND = "drop-sound"
    SAY_NOTHING_OF_WORDS = "say-nothing-of-words"
    SILENCE = "silence"
    STALL = "stall"
    CUT = "cut"
    RESET = "reset"
    BABBLE = "babble"
    NOISE = "noise"


class EdgeServer:
    """Runs in a thread of its own; `plan` says what happens to the coming requests, then all are answered."""

    def __init__(self, plan: Iterable[Does] = (), *, afterwards: Does = Does.ANSWER) -> None:
        self.asked: list[str] = []
        self.prosody: list[tuple[str, str]] = []
        self.refused_handshakes = 0
        self._plan = deque(plan)
        self._afterwards = afterwards
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._released = asyncio.Event()
        self._tone = _mp3("sine=frequency=300:duration=120")
        self._silence = _mp3("anullsrc=r=24000:cl=mono:d=120")

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        self.url = (
            f"ws://127.0.0.1:{self.port}/consumer/speech/synthesize/readaloud/edge/v1?TrustedClientToken=x"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> int:
        app = web.Application()
        app.router.add_get("/consumer/speech/synthesize/readaloud/edge/v1", self._connected)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def _stop(self) -> None:
        self._released.set()
        await self._runner.cleanup()

    async def _connected(self, request: web.Request) -> web.StreamResponse:
        does = self._plan.popleft() if self._plan else self._afterwards
        if does is Does.FORBID or not request.query.get("Sec-MS-GEC"):
            self.refused_handshakes += 1
            return web.Response(status=403)
        if does is Does.FAIL:
            return web.Response(status=503)
        socket = web.WebSocketResponse(compress=True)
        await socket.prepare(request)
        config = _body(await socket.receive_str(), "speech.config")
        output = json.loads(config)["context"]["synthesis"]["audio"]["outputFormat"]
        assert output == "audio-24khz-48kbitrate-mono-mp3"
        text = self._read_ssml(_body(await socket.receive_str(), "ssml"))
        await self._respond(socket, request, does, text)
        return socket

    def _read_ssml(self, ssml: str) -> str:
        voice = ET.fromstring(ssml).find(f"{_SSML}voice")  # noqa: S314  (from our own client)
        assert voice is not None
        assert "zh-CN" in voice.attrib["name"]
        prosody = voice.find(f"{_SSML}prosody")
        assert prosody is not None
        self.prosody.append((prosody.attrib["rate"], prosody.attrib["pitch"]))
        text = "".join(prosody.itertext())
        self.asked.append(text)
        return text

    async def _respond(
        self, socket: web.WebSocketResponse, request: web.Request, does: Does, text: str
    ) -> None:
        await socket.send_str("X-RequestId:1\r\nPath:turn.start\r\n\r\n{}")
        await socket.send_str("X-RequestId:1\r\nPath:response\r\n\r\n{}")
        match does:
            case Does.STALL:
                await self._released.wait()
                return
            case Does.BABBLE:
                await socket.send_str("X-RequestId:1\r\nPath:surprise\r\n\r\n{}")
            case Does.NOISE:
                await socket.send_bytes(_sound(b"this is no MPEG audio " * 200))
            case Does.NO_AUDIO:
                pass
            case _:
                await self._speak(socket, does, [char for char in text if char.isalnum()])
        if does is Does.CUT:
            await socket.close()
        elif does is Does.RESET:
            assert request.transport is not None
            request.transport.abort()
        else:
            await socket.send_bytes(_framed("X-RequestId:1\r\nPath:audio\r\n", b""))
            await socket.send_str("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")
            async for message in socket:
                assert message.type is WSMsgType.CLOSE

    async def _speak(self, socket: web.WebSocketResponse, does: Does, syllables: list[str]) -> None:
        spoken = syllables[: len(syllables) // 2] if does is Does.DROP_WORDS else syllables
        heard = len(spoken) * (0.7 if does in {Does.DROP_SOUND, Does.CUT, Does.RESET} else 1)
        track = self._silence if does is Does.SILENCE else self._tone
        sound = track[: int((heard * SYLLABLE_S + 0.6) * BYTES_PER_S)]
        if does is not Does.SAY_NOTHING_OF_WORDS:
            for at in range(0, len(spoken), 2):
                await socket.send_str(_word("".join(spoken[at : at + 2]), at))
        for at in range(0, len(sound), 7_200):
            await socket.send_bytes(_sound(sound[at : at + 7_200]))


def _body(message: str, path: str) -> str:
    headers, _, body = message.partition("\r\n\r\n")
    assert f"Path:{path}" in headers
    return body


def _word(word: str, syllable: int) -> str:
    start, length = (int(syllables * SYLLABLE_S * TICKS_PER_S) for syllables in (syllable, len(word)))
    data = {
        "Offset": start,
        "Duration": length,
        "text": {"Text": word, "Length": len(word), "BoundaryType": "WordBoundary"},
    }
    metadata = {"Metadata": [{"Type": "WordBoundary", "Data": data}]}
    return f"X-RequestId:1\r\nPath:audio.metadata\r\n\r\n{json.dumps(metadata)}"


def _sound(data: bytes) -> bytes:
    return _framed("X-RequestId:1\r\nContent-Type:audio/mpeg\r\nX-StreamId:1\r\nPath:audio\r\n", data)


def _framed(headers: str, data: bytes) -> bytes:
    return len(headers).to_bytes(2, "big") + headers.encode() + data


@cache
def _mp3(source: str) -> bytes:
    ffmpeg = str(imageio_ffmpeg.get_ffmpeg_exe())  # type: ignore[attr-defined, no-untyped-call]
    made = ["-f", "lavfi", "-i", source, "-ar", "24000", "-ac", "1", "-b:a", "48k", "-write_xing", "0"]
    command = [ffmpeg, "-loglevel", "error", *made, "-id3v2_version", "0", "-f", "mp3", "pipe:1"]
    return subprocess.run(command, capture_output=True, check=True).stdout
