"""Keys: drawn, named, shown by halves, and signed with."""

import json

import msgspec
import pytest

from devices import commands, jws, keys
from devices.commands import AudioRef, CacheCommand, PlayCommand, ReportCommand, StopCommand
from devices.errors import EncodeError, KeyFormatError
from devices.keys import Jwk, SigningKey, Use

# RFC 8037, appendix A.1 to A.3: a published test key and its thumbprint.
RFC_JWK = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
RFC_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_is_named_by_its_rfc_7638_thumbprint() -> None:
    key = SigningKey.import_private(json.dumps(RFC_JWK))
    assert key.kid == RFC_THUMBPRINT
    assert keys.thumbprint(key.public_jwk()) == RFC_THUMBPRINT


def test_a_key_comes_back_from_its_file() -> None:
    key = SigningKey.generate()
    assert SigningKey.import_private(key.export_private()).kid == key.kid


def test_two_keys_are_never_the_same() -> None:
    assert SigningKey.generate().kid != SigningKey.generate().kid


def test_a_key_does_not_show_its_secret() -> None:
    key = SigningKey.import_private(json.dumps(RFC_JWK))
    shown = f"{key!r} {key} {key.public_jwk()} {key.record((Use.STOP,))}"
    assert RFC_JWK["d"] not in shown
    assert RFC_JWK["d"].encode() not in msgspec.json.encode(key.record((Use.STOP,)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '"key"',
        '{"kty":"oct","k":"AA"}',
        json.dumps({name: value for name, value in RFC_JWK.items() if name != "d"}),
        json.dumps(RFC_JWK | {"d": "AA"}),
        json.dumps(RFC_JWK | {"crv": "X25519"}),
    ],
)
def test_what_is_no_private_ed25519_key_is_refused(text: str) -> None:
    with pytest.raises(KeyFormatError):
        SigningKey.import_private(text)


@pytest.mark.parametrize(
    "jwk",
    [
        Jwk(kty="OKP", crv="Ed25519"),
        Jwk(kty="OKP", crv="Ed25519", x="AA"),
        Jwk(kty="OKP", crv="Ed25519", x="not base64url!"),
        Jwk(kty="OKP", crv="X25519", x=RFC_JWK["x"]),
        Jwk(kty="EC", crv="SM2", x="AA", y="AA"),
    ],
)
def test_what_is_no_public_ed25519_key_is_refused(jwk: Jwk) -> None:
    with pytest.raises(KeyFormatError):
        keys.public_key(jwk)


STOP = StopCommand(id="s-1", for_="g-squares", seq=1, iat=100, exp=200, run=None)


def test_what_is_signed_opens_with_the_public_half_alone() -> None:
    key = SigningKey.generate()
    sealed = jws.take_apart(commands.sign(STOP, key).encode())
    assert sealed.header == jws.Header(alg="Ed25519", kid=key.kid, typ="xy-cmd+jws")
    assert commands.COMMAND.decode(sealed.opened_with("Ed25519", key.public_jwk())) == STOP


def test_the_claims_are_named_as_in_the_contract() -> None:
    token = commands.sign(STOP, SigningKey.generate())
    claims = msgspec.json.decode(jws.take_apart(token.encode()).parts.payload or b"")
    expected = {
        "type": "stop",
        "id": "s-1",
        "for": "g-squares",
        "seq": 1,
        "iat": 100,
        "exp": 200,
        "run": None,
    }
    assert claims == expected


PIECE = AudioRef(url="/a/x", sha256="0" * 64, bytes=1, ms=1)


def cache(*, seconds: int) -> CacheCommand:
    return CacheCommand(id="c", for_="g-1", seq=1, iat=0, exp=seconds, audio=(PIECE,), keep_until=1)


def report(**changed: int) -> ReportCommand:
    return msgspec.structs.replace(ReportCommand(id="r", for_="g-1", seq=1, iat=0, exp=1), **changed)


def play(text: str = "", pieces: int = 1) -> PlayCommand:
    return PlayCommand(
        id="p",
        for_="g-1",
        seq=1,
        iat=0,
        exp=1,
        broadcast="b",
        run="r",
        priority=1,
        volume=1,
        audio=(PIECE,) * pieces,
        start_at=0,
        text=text,
    )


@pytest.mark.parametrize(
    "command",
    [
        report(exp=86_401),
        report(exp=0),
        report(seq=0),
        cache(seconds=8 * 86_400 + 1),
        play("字" * 201),
        play(pieces=0),
        play(pieces=7),
        play("\ud800"),
    ],
)
def test_what_no_device_would_take_is_not_signed(command: commands.Command) -> None:
    with pytest.raises(EncodeError):
        commands.sign(command, SigningKey.generate())


@pytest.mark.parametrize(
    "command", [report(exp=86_400), cache(seconds=8 * 86_400), play("字" * 200, pieces=6)]
)
def test_what_just_fits_is_signed(command: commands.Command) -> None:
    assert len(commands.sign(command, SigningKey.generate())) <= 4096


def test_what_is_longer_than_a_device_reads_is_not_signed() -> None:
    long = msgspec.structs.replace(PIECE, url="/a/" + "x" * 490)
    with pytest.raises(EncodeError, match="4096"):
        commands.sign(msgspec.structs.replace(play("字" * 200), audio=(long,) * 6), SigningKey.generate())


def test_a_command_may_fill_what_a_device_reads_to_the_last_byte() -> None:
    key = SigningKey.generate()
    pieces = [msgspec.structs.replace(PIECE, url="/a/" + "x" * 250)] * 5
    lengths = set()
    for fill in range(1, 490):
        audio = (*pieces, msgspec.structs.replace(PIECE, url="/" + "x" * fill))
        try:
            token = commands.sign(msgspec.structs.replace(play("字" * 150), audio=audio), key)
        except EncodeError:
            break
        lengths.add(len(token))
    assert max(lengths) == 4096


def test_without_a_clock_a_key_has_no_age() -> None:
    record = SigningKey.generate().record((Use.STOP,), nbf=100, exp=200)
    assert record.valid_at(None)
    assert [record.valid_at(ms) for ms in (99_999, 100_000, 199_999, 200_000)] == [False, True, True, False]


def test_seq_grows_and_keeps_pace_with_the_clock() -> None:
    assert commands.next_seq(0, 1_790_000_000_000) == 1_790_000_000_000
    assert commands.next_seq(1_790_000_000_000, 1_790_000_000_000) == 1_790_000_000_001
    assert commands.next_seq(1_790_000_000_000, 5) == 1_790_000_000_001
