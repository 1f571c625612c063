"""Is a hub running here; if not, are its ports free; how long do the certificates last."""

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime

from cryptography import x509

from hub.checkup.finding import Finding, broken, doubtful, fine
from hub.domain.errors import HubError
from hub.settings import LOOPBACK, Settings
from hub.supervisor.preflight import check_ports
from hub.tls import server_files

TIMEOUT_S = 5.0
SOON_DAYS = 30


def hub_parts(settings: Settings) -> list[str] | None:
    """The lines of /readyz of the hub that runs here; None when none does."""
    connection = http.client.HTTPConnection(LOOPBACK, settings.http_port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().read().decode(errors="replace").splitlines()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def examine_network(settings: Settings, parts: list[str] | None) -> Iterator[Finding]:
    """Of a running hub its own word; else the ports it would need."""
    if parts is None:
        yield _ports(settings)
    else:
        yield from (_part(line) for line in parts)
    if settings.speaks_tls:
        yield _certificate(settings)


def _part(line: str) -> Finding:
    name, _, rest = line.partition(" ")
    state, _, detail = rest.partition(" ")
    if state == "ok":
        return fine("hub", "doctor-hub-part", name=name, detail=detail)
    return broken("hub", "doctor-hub-part-down", name=name, detail=detail)


def _ports(settings: Settings) -> Finding:
    try:
        check_ports(settings, release_s=0)
    except HubError as error:
        return broken("ports", error.code, **error.params)
    return fine("ports", "doctor-ports")


def _certificate(settings: Settings) -> Finding:
    files = server_files(settings)
    end = x509.load_pem_x509_certificate(files.cert.read_bytes()).not_valid_after_utc
    days = (end - datetime.now(UTC)).days
    say = fine if days >= SOON_DAYS else doubtful if days >= 0 else broken
    message = "doctor-certificate" if days >= SOON_DAYS else "doctor-certificate-ends"
    return say("certificate", message, file=str(files.cert), end=end.date().isoformat())
