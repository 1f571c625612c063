"""Is a hub running here; if not, are its ports free; how long do the certificates last."""

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography import x509

from hub.checkup.finding import Finding, broken, doubtful, fine
from hub.domain.errors import HubError
from hub.settings import LOOPBACK, Settings
from hub.supervisor.preflight import check_ports
from hub.tls import server_files

TIMEOUT_S = 5.0
SOON_DAYS = 30


class Answer(NamedTuple):
    """What /readyz of this machine said: `status` 0 when the port is held and nothing is answered."""

    status: int
    lines: tuple[str, ...] = ()

    @property
    def is_a_hub(self) -> bool:
        """Whether it speaks as ours does: ready, or not."""
        return self.status in (200, 503) and bool(self.lines)


def ask_hub(settings: Settings) -> Answer | None:
    """Ask /readyz of what runs here; None when nothing does."""
    connection = http.client.HTTPConnection(LOOPBACK, settings.http_port, timeout=TIMEOUT_S)
    try:
        connection.connect()
    except OSError:
        return None
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        plain = (response.getheader("content-type") or "").startswith("text/plain")
        lines = response.read().decode(errors="replace").splitlines() if plain else []
        return Answer(response.status, tuple(lines))
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        connection.close()


def examine_network(settings: Settings, answer: Answer | None) -> Iterator[Finding]:
    """Of a running hub its own word; else the ports it would need."""
    where = f"{LOOPBACK}:{settings.http_port}"
    if answer is None:
        yield _ports(settings)
    elif answer.is_a_hub:
        yield from map(_part, answer.lines)
    elif answer.status == 0:
        yield broken("hub", "doctor-hub-silent", where=where)
    else:
        yield broken("hub", "doctor-hub-strange", where=where, status=answer.status)
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
