"""The hub's own authority and certificate: made once, renewed in time, never under the wrong name."""

import datetime as dt
import ssl
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from broker_config.certificates import CA_LIFE, SERVER_LIFE
from broker_config.errors import BrokerConfigError
from broker_config.tls import RENEW_BEFORE, TlsFiles, ensure_ca

EVERYWHERE = "0.0.0.0"  # noqa: S104 - an address to be told from others
NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def served(files: TlsFiles) -> x509.Certificate:
    return x509.load_pem_x509_certificate(files.cert.read_bytes())


def names(files: TlsFiles) -> x509.SubjectAlternativeName:
    return served(files).extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def handshake(files: TlsFiles, host: str) -> None:
    """What a client and this server say to each other, in memory; ssl.SSLError when the client does not trust it."""
    trust = ssl.create_default_context(cafile=str(files.ca))
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(files.cert, files.key)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trust.wrap_bio(down, up, server_hostname=host)
    server = shown.wrap_bio(up, down, server_side=True)
    pending = [client, server]
    while pending:
        side = pending.pop(0)
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            pending.append(side)


@pytest.mark.parametrize("host", ["hub.example", "192.168.7.5", "localhost", "127.0.0.1", "::1"])
def test_a_client_that_trusts_the_authority_trusts_the_server_under_each_of_its_names(
    tmp_path: Path, host: str
) -> None:
    handshake(ensure_ca(tmp_path, ["hub.example", "192.168.7.5"]), host)


def test_under_any_other_name_the_server_is_not_trusted(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(ensure_ca(tmp_path, ["hub.example"]), "other.example")


def test_addresses_and_names_stand_on_the_certificate_as_what_they_are(tmp_path: Path) -> None:
    held = names(
        ensure_ca(tmp_path, ["Hub.Example", "10.0.0.7", "[fd00::7]", "清溪.example", EVERYWHERE, "::"])
    )
    assert {"hub.example", "localhost", "xn--c5wsn.example"} == set(held.get_values_for_type(x509.DNSName))
    addresses = held.get_values_for_type(x509.IPAddress)
    assert set(addresses) == {ip_address(each) for each in ("127.0.0.1", "::1", "10.0.0.7", "fd00::7")}


@pytest.mark.parametrize("host", ["", "a b", "http://hub.example", "x" * 70 + ".example"])
def test_what_is_no_host_is_not_put_on_a_certificate(tmp_path: Path, host: str) -> None:
    with pytest.raises(BrokerConfigError, match="no host name"):
        ensure_ca(tmp_path, [host])


def test_keys_are_for_this_user_alone_and_certificates_for_everyone(tmp_path: Path) -> None:
    files = ensure_ca(tmp_path, [])
    modes = {path.name: path.stat().st_mode & 0o777 for path in files.ca.parent.iterdir()}
    assert modes == {"ca.key": 0o600, "server.key": 0o600, "ca.pem": 0o644, "server.pem": 0o644}


def test_nothing_is_made_anew_while_it_is_good(tmp_path: Path) -> None:
    first = served(ensure_ca(tmp_path, ["a.example", "b.example"], NOW))
    later = NOW + SERVER_LIFE - RENEW_BEFORE - dt.timedelta(days=1)
    assert served(ensure_ca(tmp_path, ["b.example", "a.example"], later)) == first


def test_the_certificate_is_renewed_in_time_by_the_same_authority(tmp_path: Path) -> None:
    files = ensure_ca(tmp_path, [], NOW)
    first, authority = served(files), files.ca.read_bytes()
    ensure_ca(tmp_path, [], NOW + SERVER_LIFE - RENEW_BEFORE)
    assert served(files).not_valid_after_utc > first.not_valid_after_utc
    assert files.ca.read_bytes() == authority


def test_the_certificate_is_made_anew_when_the_machine_has_another_name(tmp_path: Path) -> None:
    files = ensure_ca(tmp_path, ["old.example"])
    ensure_ca(tmp_path, ["new.example"])
    handshake(files, "new.example")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(files, "old.example")


def test_a_spoilt_certificate_is_made_anew(tmp_path: Path) -> None:
    files = ensure_ca(tmp_path, [])
    files.key.write_text("spoilt")
    handshake(ensure_ca(tmp_path, []), "localhost")


def test_a_key_that_is_not_the_authoritys_stops_everything(tmp_path: Path) -> None:
    other = ensure_ca(tmp_path / "other", [])
    files = ensure_ca(tmp_path / "hub", [])
    files.ca.write_bytes(other.ca.read_bytes())
    with pytest.raises(BrokerConfigError, match="restore"):
        ensure_ca(tmp_path / "hub", [])


def test_an_authority_without_its_key_is_never_replaced_in_silence(tmp_path: Path) -> None:
    files = ensure_ca(tmp_path, [])
    (files.ca.parent / "ca.key").unlink()
    with pytest.raises(BrokerConfigError, match="restore"):
        ensure_ca(tmp_path, [])


def test_no_certificate_outlives_its_authority(tmp_path: Path) -> None:
    ensure_ca(tmp_path, [], NOW)
    late = ensure_ca(tmp_path, [], NOW + CA_LIFE - dt.timedelta(days=90))
    authority = x509.load_pem_x509_certificate(late.ca.read_bytes())
    assert served(late).not_valid_after_utc == authority.not_valid_after_utc
