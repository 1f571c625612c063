"""All that a device is told when it is enrolled (CONTRACT, `POST /devices`)."""

import msgspec

from devices.enrolment import Limits
from devices.keys import Jwk, KeySet
from devices.topics import DeviceKind


class Mqtt(msgspec.Struct, frozen=True):
    """The broker as a device reaches it; `ca` is the PEM text of the authority to trust."""

    host: str
    port: int
    tls: bool
    ca: str | None


class Credentials(msgspec.Struct, frozen=True):
    """A device's sign-in at broker and second path; the password is shown once and kept nowhere."""

    username: str
    password: str


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """A device with its credentials and where and whom to trust.

    `provisioned`: our broker lets it in within two seconds; for a broker elsewhere `acl` holds the lines that
    somebody must add there. Loudspeakers alone have zones, limits and keys.
    """

    id: str
    kind: DeviceKind
    model: str
    area: str | None
    resident: str | None
    credentials: Credentials
    mqtt: Mqtt
    http: str
    audio_bases: tuple[str, ...]
    root_keys: tuple[Jwk, ...] = ()
    keys: KeySet = KeySet()
    zones: tuple[str, ...]
    limits: Limits = Limits()
    provisioned: bool
    acl: tuple[str, ...] = ()
