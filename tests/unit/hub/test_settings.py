"""Settings come from the environment, mistakes are said in one line, and beyond loopback all is TLS."""

import os
from pathlib import Path

import pytest

from hub import cli
from hub.commands.terminal import say_error
from hub.i18n.program import program
from hub.setting_faults import SettingsWrong
from hub.settings import PREFIX, load_settings, unknown_variables


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def test_without_any_variable_everything_stays_on_this_machine() -> None:
    settings = load_settings()

    assert settings.data_dir == Path.cwd() / "var"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert not settings.speaks_tls
    assert settings.own_broker
    assert settings.database == f"sqlite:///{Path.cwd() / 'var' / 'xiangyin.db'}"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYIN_HTTP_PORT", "")

    assert load_settings().http_port == 8000


def test_beyond_loopback_the_desk_is_reached_with_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYIN_BIND", "10.1.2.3")

    settings = load_settings()

    assert settings.speaks_tls
    assert settings.base_url == "https://10.1.2.3:8443"
    assert settings.local_url == "http://127.0.0.1:8000"


def test_the_public_url_names_the_host_for_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYIN_BIND", "::")
    monkeypatch.setenv("XIANGYIN_PUBLIC_URL", "https://hub.example.org/")

    settings = load_settings()

    assert settings.base_url == "https://hub.example.org"
    assert settings.device_host == "hub.example.org"


def test_listening_everywhere_devices_are_told_the_address_they_can_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XIANGYIN_BIND", "::")
    monkeypatch.setattr("hub.settings.own_address", lambda _bind: "fd00::7")

    assert load_settings().base_url == "https://[fd00::7]:8443"


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("XIANGYIN_HTTP_PORT", "0", "XIANGYIN_HTTP_PORT: must not be less than 1"),
        ("XIANGYIN_HTTP_PORT", "eighty", "XIANGYIN_HTTP_PORT: must be a whole number"),
        ("XIANGYIN_DEMO", "perhaps", "XIANGYIN_DEMO: must be true or false"),
        ("XIANGYIN_LOG_LEVEL", "LOUD", "XIANGYIN_LOG_LEVEL: must be one of 'DEBUG', 'INFO'"),
        ("XIANGYIN_HUB", "a b", "XIANGYIN_HUB: must match ^[A-Za-z0-9]{1,16}$"),
        ("XIANGYIN_BIND", "hub.example.org", "XIANGYIN_BIND: must be an IP address"),
        ("XIANGYIN_PUBLIC_URL", "http://hub.example.org", "XIANGYIN_PUBLIC_URL: beyond this machine"),
        ("XIANGYIN_BROKER", "mqtt://10.0.0.9", "XIANGYIN_BROKER: a broker on another machine"),
        ("XIANGYIN_BROKER", "emqx", "XIANGYIN_BROKER: must be auto"),
        ("XIANGYIN_MQTT_PORT", "8000", "two listeners share one port (8000, 8000)"),
        ("XIANGYIN_TLS_CERT", "/etc/ssl/hub.pem", "XIANGYIN_TLS_CERT and XIANGYIN_TLS_KEY belong together"),
        ("XIANGYIN_INFLUX_URL", "http://influx:8086", "XIANGYIN_INFLUX_URL needs XIANGYIN_INFLUX_BUCKET"),
    ],
)
def test_a_mistake_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsWrong) as refused:
        load_settings()

    told = say_error("en", refused.value)
    assert says in told
    assert "\n" not in told
    assert "{" not in say_error("zh", refused.value).replace("{1,16}", "")


def test_every_mistake_is_named_at_once_and_in_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIANGYIN_LANG", "zh")
    monkeypatch.setenv("XIANGYIN_HTTP_PORT", "eighty")
    monkeypatch.setenv("XIANGYIN_LOG_FILES", "0")

    assert cli.run(["settings"]) == os.EX_CONFIG

    told = capsys.readouterr().err
    assert "XIANGYIN_HTTP_PORT: 要写整数; XIANGYIN_LOG_FILES: 不能小于 1" in told
    assert f"{program()} settings" in told


def test_a_refused_password_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANGYIN_DATABASE_URL", "mysql://hub:hunter2@db/xiangyin")

    with pytest.raises(SettingsWrong, match="XIANGYIN_DATABASE_URL") as refused:
        load_settings()

    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in say_error("en", refused.value)


def test_a_mistyped_variable_is_found_with_its_likely_meaning() -> None:
    strangers = unknown_variables(["XIANGYIN_HTTP_PROT", "XIANGYIN_HTTP_PORT", "PATH"])

    assert strangers == {"XIANGYIN_HTTP_PROT": "XIANGYIN_HTTP_PORT"}
