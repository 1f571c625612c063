"""The demo's passwords: random in each installation, kept in its data folder for the simulator and the visitor."""

from pathlib import Path

import msgspec

from broker_config.passwords import new_password
from broker_config.storage import ensure_folder, replace_file
from hub.demo.county import read_county, read_households

FILE = "passwords.json"


class Secrets(msgspec.Struct, frozen=True):
    """User name → password, device → password. `fresh`: just drawn, so the database does not know them."""

    users: dict[str, str]
    devices: dict[str, str]


def folder_of(data_dir: Path) -> Path:
    """Where the demo keeps its own files."""
    return data_dir / "demo"


def device_ids() -> list[str]:
    """Every button and loudspeaker of the county."""
    speakers = [speaker.id for village in read_county().villages() for speaker in village.loudspeakers]
    return [household.device for household in read_households()] + speakers


def load_secrets(data_dir: Path) -> Secrets | None:
    """The passwords drawn earlier; None when they are not there, or not whole."""
    try:
        secrets = msgspec.json.decode((folder_of(data_dir) / FILE).read_bytes(), type=Secrets)
    except (OSError, msgspec.MsgspecError):
        return None
    users = {member.who.username for member in read_county().members()}
    whole = users <= secrets.users.keys() and set(device_ids()) <= secrets.devices.keys()
    return secrets if whole else None


def draw_secrets(data_dir: Path) -> Secrets:
    """New passwords for everybody, kept before anybody is told. BrokerConfigError: the folder."""
    secrets = Secrets(
        users={member.who.username: new_password() for member in read_county().members()},
        devices={device: new_password() for device in device_ids()},
    )
    text = msgspec.json.format(msgspec.json.encode(secrets)).decode()
    replace_file(ensure_folder(folder_of(data_dir)) / FILE, text + "\n")
    return secrets
