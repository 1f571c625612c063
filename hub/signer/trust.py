"""The public half of the keys: a file that the signer writes and whoever enrols devices reads."""

from pathlib import Path

import msgspec

from devices.keys import Jwk, KeySet
from hub.domain.errors import Unavailable

FILE = "trust.json"


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """What a loudspeaker is told at its enrolment: whom to trust for keys, and the keys of today."""

    root_keys: tuple[Jwk, ...] = ()
    keys: KeySet = KeySet()


def encode_trust(trust: Trust) -> str:
    """The file's text."""
    return msgspec.json.format(msgspec.json.encode(trust)).decode() + "\n"


def read_trust(data_dir: Path) -> Trust:
    """The keys as the signer last wrote them. Unavailable (signer-never-ran): it has not made any yet."""
    path = data_dir / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Trust)
    except (OSError, msgspec.MsgspecError) as error:
        raise Unavailable("signer-never-ran", file=str(path)) from error
