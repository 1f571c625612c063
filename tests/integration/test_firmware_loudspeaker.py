"""Simulated loudspeakers against a real broker and real HTTP; the test signs as a hub would."""

import hashlib
import io
import itertools
import json
import math
import os
import struct
import threading
import time
import wave
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from devices import codec, topics
from devices.commands import AudioRef, Command, PlayCommand, SetCommand, StopCommand, TimeCommand, sign
from devices.keys import KeySet, SigningKey, Use
from devices.messages import Receipt, ReceiptState
from devices.topics import DeviceKind
from tests.broker_clients import BrokerClient
from tests.brokers import RunningBroker, Wanted
from tests.simulators import Simulator

VILLAGE, COUNTY = "990421101201", "990421000000"
MS = 600


def tone(ms: int = MS) -> bytes:
    """A WAV file with a tone of 440 Hz."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        samples = (int(12_000 * math.sin(2 * math.pi * 440 * n / 16_000)) for n in range(16 * ms))
        out.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


class Quiet(SimpleHTTPRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log_error(self, format_: str, *args: object) -> None:
        """Say nothing."""


class Hub:
    """What of a hub a loudspeaker sees: a signer, a clock, an audio server."""

    def __init__(self, broker: RunningBroker, audio: Path, port: int) -> None:
        self.key = SigningKey.generate()
        self.base = f"http://127.0.0.1:{port}/"
        self._audio = audio
        self._seqs = itertools.count(now_ms())
        self.commands = BrokerClient(broker, "hub.1.calls")
        self.receipts = BrokerClient(broker, "hub.1.receipts")
        self.clock = BrokerClient(broker, "hub.1.status")

    def enrolment(self, device: str, zones: tuple[str, ...] = (VILLAGE, COUNTY)) -> dict[str, object]:
        keys = KeySet(rev=1, keys=(self.key.record(tuple(Use)),))
        return {
            "id": device, "kind": "loudspeaker", "zones": zones, "audio_bases": [self.base],
            "keys": msgspec.to_builtins(keys),
        }  # fmt: skip

    def tell_time(self) -> str:
        """Answer the next question for the time; returns who asked."""
        while topics.parse((asked := self.clock.next()).topic).leaf != topics.Leaf.TIME:
            pass
        device = topics.parse(asked.topic).device
        assert device is not None
        question, now = codec.decode_time_request(asked.payload), now_ms()
        self.send(
            TimeCommand(
                id=f"t-{question.nonce}", for_=device, seq=next(self._seqs), iat=now // 1_000,
                exp=now // 1_000 + 60, nonce=question.nonce, t1=question.t1, t2=now, t3=now,
            )
        )  # fmt: skip
        return device

    def send(self, command: Command) -> None:
        zone = command.for_ in (VILLAGE, COUNTY)
        topic = topics.zone_command(command.for_) if zone else topics.command(command.for_)
        self.commands.publish(topic, sign(command, self.key).encode())

    def put(self, data: bytes) -> AudioRef:
        sha256 = hashlib.sha256(data).hexdigest()
        (self._audio / sha256).write_bytes(data)
        return AudioRef(url=self.base + sha256, sha256=sha256, bytes=len(data), ms=MS)

    def play(self, run: str, *audio: AudioRef, priority: int = 100, zone: str = VILLAGE) -> None:
        now = now_ms()
        self.send(
            PlayCommand(
                id=f"p-{run}-{zone}", for_=zone, seq=next(self._seqs), iat=now // 1_000,
                exp=now // 1_000 + 600, broadcast="b", run=run, priority=priority, volume=50, audio=audio,
                start_at=now,
            )
        )  # fmt: skip

    def stop(self) -> None:
        now_s = now_ms() // 1_000
        seq = next(self._seqs)
        self.send(StopCommand(id=f"s-{seq}", for_=VILLAGE, seq=seq, iat=now_s, exp=now_s + 60, run=None))

    def rezone(self, device: str, *zones: str) -> None:
        now_s = now_ms() // 1_000
        seq = next(self._seqs)
        self.send(SetCommand(id=f"z-{seq}", for_=device, seq=seq, iat=now_s, exp=now_s + 60, zones=zones))

    def receipt(self) -> tuple[str, Receipt]:
        message = self.receipts.next()
        device = topics.parse(message.topic).device
        assert device is not None
        return device, codec.decode_receipt(message.payload)

    def until(self, state: ReceiptState, run: str) -> Receipt:
        while True:
            _, receipt = self.receipt()
            if (receipt.state, receipt.run) == (state, run):
                return receipt


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def hub(mosquitto_broker: RunningBroker, tmp_path: Path) -> Iterator[Hub]:
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    hub = Hub(mosquitto_broker, folder, server.server_address[1])
    with hub.commands, hub.receipts, hub.clock:
        hub.commands.subscribe(topics.ALL_ACKS)
        hub.receipts.subscribe(topics.ALL_RECEIPTS)
        hub.clock.subscribe(topics.ALL_TIMES)
        yield hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def loudspeaker(mosquitto_broker: RunningBroker, simulator: Simulator, hub: Hub) -> str:
    """One loudspeaker, switched on and told the time."""
    device = mosquitto_broker.add_device(kind=DeviceKind.LOUDSPEAKER)
    simulator.write_fleet(mosquitto_broker, hub.enrolment(device))
    simulator.start()
    hub.tell_time()
    hub.commands.next()  # its ack
    return device


def recordings(simulator: Simulator) -> list[dict[str, object]]:
    journal = simulator.state / "journal.jsonl"
    lines = journal.read_text().splitlines() if journal.exists() else []
    return [line for line in map(json.loads, lines) if line["what"] == "played"]


def test_a_broadcast_is_fetched_played_and_recorded(simulator: Simulator, hub: Hub, loudspeaker: str) -> None:
    began = now_ms()
    hub.play("r1", hub.put(tone()))
    states = [hub.receipt()[1].state for _ in range(3)]
    assert states == [ReceiptState.READY, ReceiptState.PLAYING, ReceiptState.PLAYED]
    simulator.until(lambda: bool(recordings(simulator)), "the recording")
    (line,) = recordings(simulator)
    with wave.open(str(line["wav"])) as heard:
        frames = heard.readframes(heard.getnframes())
        assert heard.getnframes() / heard.getframerate() == pytest.approx(MS / 1_000, abs=0.05)
    loudest = max(abs(sample) for (sample,) in struct.iter_unpack("<h", frames))
    assert loudest == pytest.approx(6_000, rel=0.1)  # half the volume of the tone
    assert Path(str(line["wav"])).name == f"{line['at']}-r1.wav"
    assert began <= int(str(line["at"])) <= now_ms()


def test_altered_audio_does_not_sound(simulator: Simulator, hub: Hub, loudspeaker: str) -> None:
    piece = hub.put(tone())
    served = Path(simulator.folder / "served" / piece.sha256)
    served.write_bytes(served.read_bytes()[:-2] + b"\x7f\x7f")
    hub.play("r1", piece)
    _, receipt = hub.receipt()
    assert (receipt.state, receipt.reason) == (ReceiptState.REFUSED, "hash_mismatch")


def test_it_waits_for_audio_that_is_not_there_yet(hub: Hub, loudspeaker: str, simulator: Simulator) -> None:
    piece = hub.put(tone())
    served = simulator.folder / "served" / piece.sha256
    data = served.read_bytes()
    served.unlink()
    hub.play("r1", piece)
    served.with_name("late").write_bytes(data)
    served.with_name("late").rename(served)
    hub.until(ReceiptState.PLAYED, "r1")


def test_stop_is_obeyed_and_said(hub: Hub, loudspeaker: str) -> None:
    long = msgspec.structs.replace(hub.put(tone()), ms=60_000)
    hub.play("r1", long)
    hub.until(ReceiptState.PLAYING, "r1")
    hub.stop()
    stopped = hub.until(ReceiptState.STOPPED, "r1")
    assert stopped.played_ms is not None
    assert codec.decode_ack(hub.commands.next().payload).state == "done"


def test_audio_and_memory_outlive_a_kill(simulator: Simulator, hub: Hub, loudspeaker: str) -> None:
    piece = hub.put(tone())
    hub.play("r1", piece)
    hub.until(ReceiptState.PLAYED, "r1")
    simulator.kill()
    (simulator.folder / "served" / piece.sha256).unlink()
    simulator.start()
    hub.tell_time()
    hub.play("r1", piece, zone=COUNTY)  # known already
    hub.play("r2", piece)
    runs = {hub.receipt()[1].run for _ in range(3)}
    assert runs == {"r2"}


def test_receipts_wait_for_the_broker(
    mosquitto_broker: RunningBroker, simulator: Simulator, hub: Hub, loudspeaker: str
) -> None:
    hub.play("r1", msgspec.structs.replace(hub.put(tone()), ms=1_500))
    hub.until(ReceiptState.PLAYING, "r1")
    simulator.cut(loudspeaker)
    hub.until(ReceiptState.PLAYED, "r1")


def test_a_set_moves_it_to_other_zones(
    mosquitto_broker: RunningBroker, simulator: Simulator, hub: Hub, loudspeaker: str
) -> None:
    piece = hub.put(tone())
    hub.rezone(loudspeaker, COUNTY)
    hub.commands.next()  # the ack; a subscription that follows is in force before the next order passes
    hub.play("r1", piece, zone=COUNTY)
    hub.until(ReceiptState.PLAYED, "r1")
    hub.play("r2", piece, zone=VILLAGE)
    hub.play("r3", piece, zone=COUNTY)
    heard = {hub.receipt()[1].run for _ in range(3)}
    assert heard == {"r3"}


def test_a_whole_village_plays_one_zone_command(
    mosquitto_broker: RunningBroker, simulator: Simulator, hub: Hub
) -> None:
    names = [f"ls-{number:03}" for number in range(40)]
    mosquitto_broker.add_devices(*(Wanted(name, DeviceKind.LOUDSPEAKER) for name in names))
    simulator.write_fleet(mosquitto_broker, *(hub.enrolment(name) for name in names))
    simulator.start("--no-record")
    told = {hub.tell_time() for _ in names}
    for _ in names:
        hub.commands.next()
    assert told == set(names)
    hub.play("r1", hub.put(tone()))
    played: set[str] = set()
    while played != set(names):
        device, receipt = hub.receipt()
        if receipt.state is ReceiptState.PLAYED:
            played.add(device)


def test_with_sound_the_card_gets_what_is_played_and_a_stop_silences_it(
    mosquitto_broker: RunningBroker, simulator: Simulator, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = simulator.folder / "bin" / "aplay"
    card.parent.mkdir()
    heard = simulator.folder / "heard.pcm"
    card.write_text(f"#!/bin/sh\ntee {heard} >/dev/null\nexec sleep 600\n")  # a card that never ends
    card.chmod(0o755)
    monkeypatch.setenv("PATH", f"{card.parent}:{os.environ['PATH']}")
    device = mosquitto_broker.add_device(kind=DeviceKind.LOUDSPEAKER)
    simulator.write_fleet(mosquitto_broker, hub.enrolment(device))
    simulator.start("--sound")
    hub.tell_time()
    hub.play("r1", msgspec.structs.replace(hub.put(tone()), ms=60_000))
    hub.until(ReceiptState.PLAYING, "r1")
    simulator.until(lambda: heard.exists() and heard.stat().st_size > 8 * MS, "sound")
    assert simulator.process is not None
    children = Path(f"/proc/{simulator.process.pid}/task/{simulator.process.pid}/children")
    assert children.read_text()
    hub.stop()
    simulator.until(lambda: not children.read_text(), "silence")
