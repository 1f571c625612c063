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


class NewlyEnrolled(msgspec.Struct, frozen=True, kw_only=True):
    """One of many devices that were enrolled together; its fields are those of `Enrolled`."""

    id: str
    kind: DeviceKind
    model: str
    area: str | None
    resident: str | None
    credentials: Credentials
    zones: tuple[str, ...]
    limits: Limits = Limits()
    acl: tuple[str, ...] = ()


class EnrolledTogether(msgspec.Struct, frozen=True, kw_only=True):
    """Many devices, and once what all of them must be told. The keys are for the loudspeakers among them."""

    mqtt: Mqtt
    http: str
    audio_bases: tuple[str, ...]
    root_keys: tuple[Jwk, ...] = ()
    keys: KeySet = KeySet()
    provisioned: bool
    items: tuple[NewlyEnrolled, ...] = ()


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
