"""Every setting of the program: an environment variable `XIANGYIN_…`, listed by `xiangyin settings`."""

import socket
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from broker_config.listeners import is_loopback
from hub.setting_faults import SettingsWrong, fault_of, wrong
from hub.telemetry.influx_access import InfluxAccess

PREFIX = "XIANGYIN_"
LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what an operator may choose, never a default


def _address(host: str) -> str:
    """Listening needs an address of this machine, not a name that may move."""
    if host == "localhost":
        return LOOPBACK
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return host
    raise wrong("setting-address")


def _http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise wrong("setting-url")
    return url.rstrip("/")


def _public(url: str) -> str:
    parts = urlsplit(_http(url))
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise wrong("setting-public-plain")
    return url.rstrip("/")


def _broker(value: str) -> str:
    if value in ("auto", "mosquitto", "embedded"):
        return value
    parts = urlsplit(value)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise wrong("setting-broker")
    if parts.scheme == "mqtt" and not is_loopback(parts.hostname):
        raise wrong("setting-broker-plain")
    return value


def _database(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("sqlite:///", "postgresql+psycopg://")):
        raise wrong("setting-database")
    return url


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


File = Annotated[Path, AfterValidator(_absolute)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Read once at start, then handed on; frozen. The description of a field is its documentation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", validate_default=True
    )

    data_dir: File = Field(
        default=Path("var"),
        description="Folder of all that is kept: databases, audio, keys, logs, `demo-logins.json`.",
    )
    hub: str = Field(
        default="1",
        pattern=r"^[A-Za-z0-9]{1,16}$",
        description="Name of this hub among several on one database and broker; part of its broker accounts.",
    )

    bind: Annotated[str, AfterValidator(_address)] = Field(
        default=LOOPBACK,
        description="Address to listen at. Beyond loopback HTTP and MQTT speak TLS, with the hub's own"
        " authority or given certificates; the plain ports stay on 127.0.0.1.",
    )
    public_url: Annotated[str, AfterValidator(_public)] | None = Field(
        default=None,
        description="Where people and devices reach the hub, for example `https://hub.example.gov.cn:8443`.",
    )
    http_port: Port = Field(default=8000, description="Plain HTTP, on 127.0.0.1 only.")
    mqtt_port: Port = Field(default=1883, description="Plain MQTT, on 127.0.0.1 only.")
    https_port: Port = Field(
        default=8443, description="HTTP over TLS at `XIANGYIN_BIND`, when that is beyond loopback."
    )
    mqtts_port: Port = Field(
        default=8883, description="MQTT over TLS at `XIANGYIN_BIND`, when that is beyond loopback."
    )
    tls_cert: File | None = Field(
        default=None,
        description="Certificate (PEM, with its chain) to show instead of one by the hub's own authority.",
    )
    tls_key: File | None = Field(default=None, description="Key of `XIANGYIN_TLS_CERT` (PEM).")
    tls_ca: File | None = Field(
        default=None,
        description="Authority that devices are told to trust when `XIANGYIN_TLS_CERT` is given (PEM).",
    )

    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = Field(
        default=None,
        description="SQLite in the data folder when unset; or `postgresql+psycopg://user:password@host/name`.",
    )
    broker: Annotated[str, AfterValidator(_broker)] = Field(
        default="auto",
        description="`auto`: mosquitto when it is installed, else the embedded one; `mosquitto`; `embedded`;"
        " or the URL of one that runs already (`mqtts://host:8883`).",
    )
    broker_ca: File | None = Field(
        default=None,
        description="Authority of a broker elsewhere (PEM), when this machine does not trust it anyway.",
    )

    influx_url: Annotated[str, AfterValidator(_http)] | None = Field(
        default=None, description="InfluxDB for telemetry; when unset it stays in the embedded store."
    )
    influx_token: SecretStr | None = Field(default=None, description="Its token.")
    influx_org: str = Field(default="", description="Its organisation.")
    influx_bucket: str = Field(default="", description="Its bucket.")

    edge_voice: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z]{2,3}-[A-Za-z-]{2,40}Neural$",
        description="Voice of Microsoft's read-aloud service (`zh-CN-XiaoxiaoNeural`). Setting it is the county's"
        " consent that the texts of broadcasts leave it; when unset, or not reached, espeak-ng speaks.",
    )

    telemetry_spool_bytes: int = Field(
        default=268_435_456,
        ge=1_048_576,
        description="How much telemetry waits on disk while its store takes none; beyond it the oldest goes.",
    )

    demo: bool = Field(
        default=True,
        description="Whether `up` makes the invented county 清溪县 in an empty database, and simulates it.",
    )
    press_every_s: float = Field(
        default=90.0,
        ge=0,
        le=86_400,
        description="Seconds between two presses of the simulated county, on average; 0: none.",
    )
    lang: Literal["zh", "en"] | None = Field(
        default=None, description="Language of the program's own messages; when unset, the terminal's."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least that is logged."
    )
    log_bytes: int = Field(
        default=5_000_000,
        ge=10_000,
        description="Size at which a log file in the data folder is put aside and a new one begun.",
    )
    log_files: int = Field(default=5, ge=1, le=100, description="How many files of each log are kept.")

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise wrong("setting-tls-pair")
        if self.influx_url is not None and not self.influx_bucket:
            raise wrong("setting-influx-bucket")
        ports = [self.http_port, self.mqtt_port]
        ports += [self.https_port, self.mqtts_port] if self.speaks_tls else []
        if len(set(ports)) < len(ports):
            raise wrong("setting-ports-same", ports=", ".join(map(str, ports)))
        return self

    @property
    def speaks_tls(self) -> bool:
        """Whether anything listens beyond this machine."""
        return not is_loopback(self.bind)

    @property
    def database(self) -> str:
        """The database's URL with its password: for `open_store`, for nobody's eyes."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'xiangyin.db'}"

    @property
    def run_dir(self) -> Path:
        """Where the roles of this machine find each other: their sockets."""
        return self.data_dir / "run"

    @property
    def influx(self) -> InfluxAccess | None:
        """Where InfluxDB is; None when telemetry stays in the embedded store."""
        if self.influx_url is None:
            return None
        token = "" if self.influx_token is None else self.influx_token.get_secret_value()
        return InfluxAccess(url=self.influx_url, token=token, org=self.influx_org, bucket=self.influx_bucket)

    @property
    def audio_dir(self) -> Path:
        """Finished audio, by its hash."""
        return self.data_dir / "audio"

    @property
    def recordings_dir(self) -> Path:
        """Uploaded recordings, by their hash."""
        return self.data_dir / "recordings"

    @property
    def own_broker(self) -> bool:
        """Whether the hub runs its broker itself."""
        return "://" not in self.broker

    @property
    def device_host(self) -> str:
        """The name or address at which a device reaches this machine."""
        if self.public_url is not None:
            return urlsplit(self.public_url).hostname or LOOPBACK
        return own_address(self.bind) if self.bind in EVERYWHERE else self.bind

    @property
    def local_url(self) -> str:
        """The plain HTTP listener, for what runs on this machine."""
        return f"http://{LOOPBACK}:{self.http_port}"

    @property
    def base_url(self) -> str:
        """Where people and devices reach the hub, without a slash at its end."""
        if self.public_url is not None or not self.speaks_tls:
            return self.public_url or self.local_url
        host = f"[{self.device_host}]" if ":" in self.device_host else self.device_host
        return f"https://{host}:{self.https_port}"


def own_address(bind: str) -> str:
    """This machine's address on the way to the world (nothing is sent); its name when there is no way."""
    family, far = (socket.AF_INET6, "2001:db8::1") if ":" in bind else (socket.AF_INET, "192.0.2.1")
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as way:
            way.connect((far, 9))
            return str(way.getsockname()[0])
    except OSError:
        return socket.gethostname()


def load_settings() -> Settings:
    """The settings of this environment. SettingsWrong names all mistakes, and no secret."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsWrong([fault_of(found, PREFIX) for found in error.errors()]) from None


def unknown_variables(environment: Iterable[str]) -> dict[str, str | None]:
    """Variables that begin like a setting and are none, each with the setting that may have been meant."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    strangers = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    return {name: next(iter(get_close_matches(name, known, n=1)), None) for name in strangers}
