"""The signing keys: are they there, who may read them, when do they end."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from devices.keys import Use
from hub.checkup.finding import Finding, broken, doubtful, fine
from hub.settings import Settings
from hub.signer.keyring import DAY_S
from hub.signer.safe import KEYS_FILE, Safe, loose
from hub.signer.trust import read_trust

SOON_S = 30 * DAY_S  # the signer renews them twice as early: whoever sees this has a signer that does not run
PART = "keys"


def examine_keys(settings: Settings) -> Iterator[Finding]:
    """Unavailable (signer-never-ran) when their public half cannot be read."""
    safe = Safe(settings.data_dir)
    if not safe.folder.exists():
        yield doubtful(PART, "doctor-keys-none")
        return
    if not (safe.folder / KEYS_FILE).is_file():
        yield broken(PART, "signer-keys-lost", file=str(safe.folder / KEYS_FILE))
        return
    yield from (broken(PART, "doctor-keys-loose", file=str(path)) for path in loose(safe.folder))
    keys = read_trust(settings.data_dir).keys
    ends = [max((key.exp or 0 for key in keys.keys if use in key.use), default=0) for use in Use]
    end = datetime.fromtimestamp(min(ends), UTC).date().isoformat()
    found = doubtful if min(ends) < time.time() + SOON_S else fine
    yield found(PART, "doctor-keys" if found is fine else "doctor-keys-end", rev=keys.rev, end=end)
