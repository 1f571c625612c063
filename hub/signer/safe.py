"""Where the keys lie: `secrets/keys.json` in the data folder, for its owner alone."""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from broker_config.errors import BrokerConfigError
from broker_config.storage import ensure_folder, replace_file
from devices.errors import KeyFormatError
from devices.keys import SigningKey, Use
from hub.domain.errors import Unavailable
from hub.signer.keyring import HeldKey, Keyring
from hub.signer.trust import FILE as TRUST_FILE
from hub.signer.trust import encode_trust

FOLDER = "secrets"
KEYS_FILE = "keys.json"
LEDGER_FILE = "ledger.db"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
log = logging.getLogger(__name__)


class _KeptKey(msgspec.Struct, frozen=True):
    use: Use
    since_s: int
    exp_s: int
    private: str


class _Kept(msgspec.Struct, frozen=True):
    root: str
    rev: int
    keys: tuple[_KeptKey, ...]


class Safe:
    """The folder `secrets` of a data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self.folder = data_dir / FOLDER

    @property
    def ledger(self) -> Path:
        """The file of sequence numbers and signed orders."""
        return self.folder / LEDGER_FILE

    def open(self, now_s: int) -> Keyring:
        """The keys; a county's first ones when there are none yet.

        Unavailable (signer-keys-lost): they were there once, or are damaged. New ones would make every
        loudspeaker deaf, so that is for a person to decide. BrokerConfigError: the folder cannot be written.
        """
        ensure_folder(self.folder)
        self._tighten()
        path = self.folder / KEYS_FILE
        if not path.exists() and not self.ledger.exists() and not (self._data_dir / TRUST_FILE).exists():
            self.save(Keyring.new(now_s), now_s)
        ring = self._read(path)
        renewed = ring.renewed(now_s)
        try:
            self.save(renewed, now_s)
        except BrokerConfigError as error:  # a full disk: what there is signs on
            log.warning("the keys stay as they were: %s", error.reason)
            return ring
        return renewed

    def save(self, ring: Keyring, now_s: int) -> None:
        """Keep the keys, and write their public half for others. BrokerConfigError: nothing was written."""
        keys = (_KeptKey(held.use, held.since_s, held.exp_s, held.key.export_private()) for held in ring.keys)
        kept = _Kept(ring.root.export_private(), ring.rev, tuple(keys))
        replace_file(self.folder / KEYS_FILE, _pretty(kept))
        _sync(self.folder)
        replace_file(self._data_dir / TRUST_FILE, encode_trust(ring.public(now_s)))

    def _read(self, path: Path) -> Keyring:
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
            held = tuple(
                HeldKey(key.use, SigningKey.import_private(key.private), key.since_s, key.exp_s)
                for key in kept.keys
            )
            return Keyring(SigningKey.import_private(kept.root), kept.rev, held)
        except (OSError, msgspec.MsgspecError, KeyFormatError) as error:
            raise Unavailable("signer-keys-lost", file=str(path)) from error

    def _tighten(self) -> None:
        for path in loose(self.folder):
            log.error("%s could be read by others: if that may have happened, rotate the keys", path)
            path.chmod(path.stat().st_mode & ~_OTHERS)


def loose(folder: Path) -> Iterator[Path]:
    """The folder and the files in it that other users of the machine may open."""
    for path in (folder, *folder.iterdir()):
        if path.stat().st_mode & _OTHERS:
            yield path


def _pretty(kept: _Kept) -> str:
    return msgspec.json.format(msgspec.json.encode(kept)).decode() + "\n"


def _sync(folder: Path) -> None:
    """The new name is on disk as well: keys that devices know must not be lost to a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
