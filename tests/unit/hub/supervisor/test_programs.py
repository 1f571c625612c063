"""Which programs `up` runs, and the moment from which each may start."""

import shutil
from pathlib import Path

import pytest

from broker_config.config import write_config
from hub.settings import Settings
from hub.supervisor import programs as module
from hub.supervisor.keeper import Gate, Program
from hub.supervisor.programs import PREPARED, programs


def program(name: str, settings: Settings) -> Program:
    return next(found for found in programs(settings) if found.name == name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "broker").mkdir()
    (tmp_path / "demo").mkdir()
    return Settings(data_dir=tmp_path, broker="embedded")


def test_broker_hub_and_county_each_have_a_process(settings: Settings) -> None:
    assert [found.name for found in programs(settings)] == [
        "broker",
        "signer",
        "studio",
        "calls",
        "telemetry",
        "demo",
    ]
    assert [found.name for found in programs(settings) if found.foundation] == ["broker"]


def test_a_broker_elsewhere_is_not_started(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, broker="mqtt://127.0.0.1:1999")

    assert [found.name for found in programs(settings)] == ["signer", "studio", "calls", "telemetry", "demo"]


def test_nobody_presses_when_nobody_shall(settings: Settings) -> None:
    quiet = settings.model_copy(update={"press_every_s": 0.0})

    assert program("demo", quiet).command[-1] == "--quiet"
    assert program("demo", settings).command[-2:] == ("--mean-press-s", "90")


def test_without_the_demo_the_hub_makes_none(settings: Settings) -> None:
    without = settings.model_copy(update={"demo": False})

    assert [found.name for found in programs(without)] == ["broker", "signer", "studio", "calls", "telemetry"]
    assert program("calls", without).environment["XIANGYIN_DEMO"] == "false"


async def test_the_broker_waits_for_its_accounts(settings: Settings) -> None:
    broker = program("broker", settings)
    (settings.data_dir / "broker" / "passwd").write_text("yesterday's")
    assert await broker.gate() is Gate.SHUT

    (settings.data_dir / PREPARED).touch()

    assert await broker.gate() is Gate.OPEN


async def test_when_nothing_can_be_made_ready_the_broker_starts_with_the_accounts_it_had(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)
    broker = program("broker", settings)
    assert await broker.gate() is Gate.SHUT, "the first start has no accounts to go by"

    (settings.data_dir / "broker" / "passwd").write_text("only just made")
    assert await broker.gate() is Gate.SHUT, "a first start that is slow is still at work"

    write_config(settings.data_dir / "broker", port=settings.mqtt_port)

    assert await broker.gate() is Gate.OPEN


async def test_a_broker_of_other_ports_or_of_another_folder_is_not_what_the_slow_start_waits_for(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)
    write_config(settings.data_dir / "broker", port=settings.mqtt_port)
    moved = settings.model_copy(update={"mqtt_port": settings.mqtt_port + 1})
    beyond = settings.model_copy(update={"bind": "0.0.0.0"})  # noqa: S104 - nothing listens
    shutil.copytree(settings.data_dir, tmp_path / "copy")
    copied = settings.model_copy(update={"data_dir": tmp_path / "copy"})

    assert [await program("broker", one).gate() for one in (moved, beyond, copied)] == [Gate.SHUT] * 3
    assert await program("broker", settings).gate() is Gate.OPEN


async def test_a_county_of_ones_own_is_not_simulated(settings: Settings) -> None:
    demo = program("demo", settings)
    assert await demo.gate() is Gate.SHUT

    (settings.data_dir / PREPARED).touch()

    assert await demo.gate() is Gate.NEVER


async def test_the_simulator_waits_for_the_broker(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [False, True]

    async def broker_answers(_host: str, _port: int) -> bool:
        return answers.pop(0)

    monkeypatch.setattr(module, "broker_answers", broker_answers)
    demo = program("demo", settings)
    (settings.data_dir / PREPARED).touch()
    (settings.data_dir / "demo" / "fleet.json").write_text("{}")

    assert await demo.gate() is Gate.SHUT
    assert await demo.gate() is Gate.OPEN
