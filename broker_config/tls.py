"""The hub's own certificate authority, and the certificate that HTTP and MQTT show beyond this machine.

Devices are given the authority's certificate at their enrolment and trust nothing else, so it lives twenty
years; the server's is short, renewed by itself, and signed anew whenever the machine is reached under
another name.
"""

import datetime as dt
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker_config.errors import BrokerConfigError
from broker_config.storage import PUBLIC_MODE, SECRET_MODE, ensure_folder, replace_file
from devices.errors import Kind

CA_LIFE = dt.timedelta(days=20 * 365)  # ends before 2050, where some small TLS stacks stop reading dates
SERVER_LIFE = dt.timedelta(days=397)  # what browsers accept
RENEW_BEFORE = dt.timedelta(days=60)
BACKDATED = dt.timedelta(days=1)  # for devices whose clock is a little slow
ALWAYS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Paths of PEM files: the authority to trust, the server's certificate, its key."""

    ca: Path
    cert: Path
    key: Path


@dataclass(frozen=True, slots=True)
class _Authority:
    cert: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def ensure_ca(folder: Path, hosts: Iterable[str], now: dt.datetime | None = None) -> TlsFiles:
    """Return a server certificate good for `hosts` (names, addresses) and this machine, renewed if needed.

    Files stand in `<folder>/tls`: `ca.pem`, `ca.key`, `server.pem`, `server.key`; keys are 0600. After a
    renewal the broker takes the new one at its next reload.
    """
    moment = now or dt.datetime.now(dt.UTC)
    home = ensure_folder(folder / "tls")
    files = TlsFiles(home / "ca.pem", home / "server.pem", home / "server.key")
    authority = _load_authority(files.ca, home / "ca.key") or _new_authority(
        files.ca, home / "ca.key", moment
    )
    names = _alternative_names(hosts)
    if not _still_good(files, authority, names, moment):
        _new_server(files, authority, names, moment)
    return files


def _alternative_names(hosts: Iterable[str]) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = []
    for host in dict.fromkeys([*ALWAYS, *hosts]):
        name = _general_name(host)
        if name is not None and name not in names:
            names.append(name)
    return names


def _general_name(host: str) -> x509.GeneralName | None:
    """An address or a DNS name; None for 0.0.0.0 and ::, which nobody connects to."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return _dns_name(host)
    return None if address.is_unspecified else x509.IPAddress(address)


def _dns_name(host: str) -> x509.DNSName:
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()  # 清溪.公司 goes on the wire as xn--…
    except UnicodeError as error:
        raise BrokerConfigError(f"{host!r} is no host name or address to put on a certificate") from error
    if not ascii_host or not all(c.isalnum() or c in "-._*" for c in ascii_host):
        raise BrokerConfigError(f"{host!r} is no host name or address to put on a certificate")
    return x509.DNSName(ascii_host)


def _load_authority(cert: Path, key: Path) -> _Authority | None:
    if not cert.exists() and not key.exists():
        return None
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
        certificate = x509.load_pem_x509_certificate(cert.read_bytes())
    except (OSError, ValueError) as error:
        raise BrokerConfigError(
            f"the certificate authority in {cert.parent} is incomplete ({error}); restore ca.pem and ca.key from"
            " the backup (without them every enrolled device must be given a new authority)",
            Kind.UNAVAILABLE,
        ) from error
    if (
        not isinstance(private, ec.EllipticCurvePrivateKey)
        or private.public_key() != certificate.public_key()
    ):
        raise BrokerConfigError(
            f"{key} is not the key of {cert}; restore both from the same backup", Kind.CONFLICT
        )
    return _Authority(certificate, private)


def _new_authority(cert: Path, key: Path, now: dt.datetime) -> _Authority:
    private = ec.generate_private_key(ec.SECP256R1())
    # The serial in the name tells two counties' authorities apart in a device that met both.
    name = _name(f"Xiangyin CA {x509.random_serial_number():x}"[:28])
    identifier = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    certificate = (
        _builder(name, name, private.public_key(), now, now + CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(private, hashes.SHA256())
    )
    replace_file(key, _key_pem(private), SECRET_MODE)
    replace_file(cert, _cert_pem(certificate), PUBLIC_MODE)
    return _Authority(certificate, private)


def _new_server(
    files: TlsFiles, authority: _Authority, names: list[x509.GeneralName], now: dt.datetime
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    end = min(now + SERVER_LIFE, authority.cert.not_valid_after_utc)
    issuer_key = authority.cert.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        _builder(_name("Xiangyin"), authority.cert.subject, private.public_key(), now, end)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_key), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    replace_file(files.key, _key_pem(private), SECRET_MODE)
    replace_file(files.cert, _cert_pem(certificate), PUBLIC_MODE)


def _still_good(
    files: TlsFiles, authority: _Authority, names: list[x509.GeneralName], now: dt.datetime
) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(files.cert.read_bytes())
        private = serialization.load_pem_private_key(files.key.read_bytes(), password=None)
        certificate.verify_directly_issued_by(authority.cert)
        held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False  # missing or spoilt: a new one costs nothing
    return (
        private.public_key() == certificate.public_key()
        and set(held) == set(names)
        and certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime, end: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(end)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _cert_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _key_pem(private: ec.EllipticCurvePrivateKey) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")
