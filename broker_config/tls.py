"""The hub's own certificate authority, and the certificate that HTTP and MQTT show beyond this machine.

Devices are given the authority's certificate at their enrolment and trust nothing else, so it lives twenty
years; the server's is short, renewed by itself, and signed anew whenever the machine is reached under another
name.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from broker_config.certificates import Certified, alternative_names, new_authority, new_server
from broker_config.errors import BrokerConfigError
from broker_config.storage import PUBLIC_MODE, SECRET_MODE, ensure_folder, replace_file
from devices.errors import Kind

RENEW_BEFORE = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Paths of PEM files: the authority to trust, the server's certificate, its key."""

    ca: Path
    cert: Path
    key: Path


def ensure_ca(folder: Path, hosts: Iterable[str], now: dt.datetime | None = None) -> TlsFiles:
    """Return a server certificate good for `hosts` (names, addresses) and this machine, renewed if needed.

    Files stand in `<folder>/tls`: `ca.pem`, `ca.key`, `server.pem`, `server.key`; keys are 0600. After a
    renewal the broker takes the new one at its next reload.
    """
    moment = now or dt.datetime.now(dt.UTC)
    home = ensure_folder(folder / "tls")
    files = TlsFiles(home / "ca.pem", home / "server.pem", home / "server.key")
    authority = _authority(files.ca, home / "ca.key", moment)
    names = alternative_names(hosts)
    if not _still_good(files, authority, names, moment):
        _write(new_server(authority, names, moment), files.cert, files.key)
    return files


def _authority(cert: Path, key: Path, now: dt.datetime) -> Certified:
    if not cert.exists() and not key.exists():
        fresh = new_authority(now)
        _write(fresh, cert, key)
        return fresh
    try:
        kept = _read(cert, key)
    except (OSError, ValueError, TypeError) as error:
        raise BrokerConfigError(
            f"the certificate authority in {cert.parent} is not whole ({error}); restore ca.pem and ca.key"
            " from the backup (without them every enrolled device must be given a new authority)",
            Kind.UNAVAILABLE,
        ) from error
    return kept


def _still_good(
    files: TlsFiles, authority: Certified, names: list[x509.GeneralName], now: dt.datetime
) -> bool:
    try:
        server = _read(files.cert, files.key).cert
        server.verify_directly_issued_by(authority.cert)
        held = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False  # missing or spoilt: a new one costs nothing
    in_time = server.not_valid_before_utc <= now < server.not_valid_after_utc - RENEW_BEFORE
    return in_time and set(held) == set(names)


def _read(cert: Path, key: Path) -> Certified:
    """OSError, ValueError or TypeError when a file is missing or strange, or they are no pair."""
    private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    certificate = x509.load_pem_x509_certificate(cert.read_bytes())
    if (
        not isinstance(private, ec.EllipticCurvePrivateKey)
        or private.public_key() != certificate.public_key()
    ):
        raise ValueError(f"{key.name} is not the key of {cert.name}")
    return Certified(certificate, private)


def _write(certified: Certified, cert: Path, key: Path) -> None:
    secret = certified.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    replace_file(key, secret.decode("ascii"), SECRET_MODE)
    public = certified.cert.public_bytes(serialization.Encoding.PEM)
    replace_file(cert, public.decode("ascii"), PUBLIC_MODE)
