"""`xiangyin press DEVICE`: has the simulator press a button, and says what came of it."""

import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec

from devices.messages import PressKind
from hub.commands.terminal import say, tell
from hub.domain.errors import NotFound, Unavailable
from hub.settings import load_settings

SLACK_S = 10.0
CONNECT_S = 2.0
PORTS = {"http": 80, "https": 443}


class _Reply(msgspec.Struct):
    call: str | None = None
    say: str = ""


class _Answer(msgspec.Struct):
    """What the simulator prints (firmware_sim.control.Answer), as far as it is told on."""

    outcome: str | None = None
    error: str | None = None
    after_ms: int | None = None
    reply: _Reply | None = None


class _Device(msgspec.Struct):
    id: str


class _Broker(msgspec.Struct):
    host: str
    port: int


class _Fleet(msgspec.Struct):
    """The file of a fleet (firmware_sim.fleet_file), as far as it is read here."""

    mqtt: _Broker
    http: str
    devices: tuple[_Device, ...]


@click.command(
    "press", help="Press a button of the demo county, and wait until the hub says that it has the call."
)
@click.argument("device")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in PressKind]), default="sos", show_default=True
)
@click.option(
    "--wait-s", type=click.FloatRange(1), default=60.0, show_default=True, help="Patience, seconds."
)
def command(*, device: str, kind: str, wait_s: float) -> None:
    """Exit status 0 when the press was received."""
    fleet = _fleet_with(device, load_settings().data_dir)
    _warn_when_unreachable(fleet, wait_s)
    answer = _press(fleet, device, kind, wait_s)
    if answer.error is not None:
        raise Unavailable("press-failed", device=device, reason=answer.error)
    if answer.outcome != "received":
        raise Unavailable("press-unheard", device=device, seconds=f"{wait_s:g}")
    reply = answer.reply or _Reply()
    ms = answer.after_ms or 0
    if reply.call is None:
        tell(say("press-noted", device=device, ms=ms))
    else:
        tell(say("press-received", device=device, call=reply.call, ms=ms))
    if reply.say:
        tell(say("press-heard", words=reply.say))


def _fleet_with(device: str, data_dir: Path) -> Path:
    """The demo's file that holds the device's password; the hub itself keeps none."""
    from hub.demo.files import fleet_file, spare_file

    for path in (spare_file(data_dir), fleet_file(data_dir)):
        if path.exists():
            fleet = msgspec.json.decode(path.read_bytes(), type=_Fleet)
            if any(known.id == device for known in fleet.devices):
                return path
    raise NotFound("press-no-device", device=device, folder=str(data_dir))


def _warn_when_unreachable(path: Path, wait_s: float) -> None:
    """Say at once that neither way to the hub is open; the button goes on trying, as real ones do."""
    fleet = msgspec.json.decode(path.read_bytes(), type=_Fleet)
    http = urlsplit(fleet.http)
    ways = [(fleet.mqtt.host, fleet.mqtt.port), (http.hostname or "", http.port or PORTS[http.scheme])]
    if any(_is_open(*way) for way in ways):
        return
    mqtt, web = (f"{host}:{port}" for host, port in ways)
    tell(say("press-unreachable", mqtt=mqtt, http=web, seconds=f"{wait_s:g}"))


def _is_open(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), CONNECT_S).close()
    except OSError:
        return False
    return True


def _press(fleet: Path, device: str, kind: str, wait_s: float) -> _Answer:
    state = fleet.with_name("sim" if fleet.stem == "fleet" else f"sim-{fleet.stem}")
    words = ["--state", str(state), "--press", device, "--kind", kind, "--wait-s", f"{wait_s:g}"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "firmware_sim", str(fleet), *words],
        capture_output=True,
        check=False,
        timeout=wait_s + SLACK_S,
    )
    try:
        return msgspec.json.decode(done.stdout, type=_Answer)
    except msgspec.MsgspecError:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return _Answer(error=lines[-1] if lines else f"exit {done.returncode}")
