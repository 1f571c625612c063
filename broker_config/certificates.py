"""Certificates as such: the authority's, the server's, and the names on it. No file is touched here."""

import datetime as dt
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker_config.errors import BrokerConfigError

CA_LIFE = dt.timedelta(days=20 * 365)  # ends before 2050, where some small TLS stacks stop reading dates
SERVER_LIFE = dt.timedelta(days=397)  # what browsers accept
BACKDATED = dt.timedelta(days=1)  # for devices whose clock is a little slow
ALWAYS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate and its private key."""

    cert: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def new_authority(now: dt.datetime) -> Certified:
    """Draw a key and certify it as an authority that may sign servers and nothing that signs in turn."""
    private = ec.generate_private_key(ec.SECP256R1())
    # A number in the name tells two counties' authorities apart in a device that met both.
    name = _name(f"Xiangyin CA {x509.random_serial_number():x}"[:28])
    certificate = (
        _builder(name, name, private.public_key(), now, now + CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return Certified(certificate, private)


def new_server(authority: Certified, names: list[x509.GeneralName], now: dt.datetime) -> Certified:
    """Draw a key and have the authority certify it as a server under `names`."""
    private = ec.generate_private_key(ec.SECP256R1())
    end = min(now + SERVER_LIFE, authority.cert.not_valid_after_utc)
    issuer = authority.cert.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer)
    certificate = (
        _builder(_name("Xiangyin"), authority.cert.subject, private.public_key(), now, end)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .add_extension(identifier, critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Certified(certificate, private)


def alternative_names(hosts: Iterable[str]) -> list[x509.GeneralName]:
    """This machine and `hosts` as a certificate names them, each once."""
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
