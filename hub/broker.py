"""Where the broker is, and as whom each role signs in."""

from urllib.parse import urlsplit

from broker_config.accounts import ensure_roles, role_name
from hub.mqtt.link import Endpoint
from hub.settings import Settings

LOOPBACK = "127.0.0.1"
TLS_PORT, PLAIN_PORT = 8883, 1883


def endpoints(settings: Settings, *roles: str) -> dict[str, Endpoint]:
    """Role → this hub's account for it."""
    passwords = ensure_roles(settings.data_dir / "broker", settings.hub)
    names = {role: role_name(role, settings.hub) for role in roles}
    return {role: _endpoint(settings, name, passwords[name]) for role, name in names.items()}


def _endpoint(settings: Settings, username: str, password: str) -> Endpoint:
    if settings.own_broker:
        return Endpoint(host=LOOPBACK, port=settings.mqtt_port, username=username, password=password)
    url = urlsplit(settings.broker)
    tls = url.scheme == "mqtts"
    return Endpoint(
        host=url.hostname or LOOPBACK,
        port=url.port or (TLS_PORT if tls else PLAIN_PORT),
        username=username,
        password=password,
        ca=None if settings.broker_ca is None else str(settings.broker_ca),
        tls=tls,
    )
