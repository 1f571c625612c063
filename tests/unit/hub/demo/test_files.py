"""The demo's files: random in each installation, for the owner alone, one town and one village together."""

import json
import stat
from pathlib import Path

import msgspec

from devices.topics import DeviceKind
from hub.demo.county import read_county, read_households
from hub.demo.files import fleet_file, hands_off_device, spare_file, write_fleet, write_logins
from hub.demo.secrets import Secrets, device_ids, draw_secrets, load_secrets
from hub.domain.enrolment import Mqtt
from hub.domain.register import Device
from hub.enrolment import Reach
from hub.signer.keyring import Keyring
from hub.signer.trust import Trust

REACH = Reach(
    Mqtt("127.0.0.1", 1883, tls=False, ca=None), "http://127.0.0.1:8000", ("http://127.0.0.1:8000/a/",)
)


TRUST = Keyring.new(1_790_000_000).public(1_790_000_000)


def devices() -> list[Device]:
    village = {speaker.id: place.code for place in read_county().villages() for speaker in place.loudspeakers}
    return [
        Device(
            id=device,
            kind=DeviceKind.LOUDSPEAKER if device in village else DeviceKind.BUTTON,
            model="",
            area=village.get(device),
            resident=None,
            created_at=0,
        )
        for device in device_ids()
    ]


def test_each_installation_draws_passwords_of_its_own(tmp_path: Path) -> None:
    first, second = draw_secrets(tmp_path / "a"), draw_secrets(tmp_path / "b")
    drawn = [*first.users.values(), *first.devices.values(), *second.users.values(), *second.devices.values()]

    assert len(set(drawn)) == len(drawn)
    assert all(len(password) >= 22 for password in drawn)


def test_passwords_are_found_again_at_the_next_start(tmp_path: Path) -> None:
    drawn = draw_secrets(tmp_path)

    assert load_secrets(tmp_path) == drawn


def test_passwords_that_are_not_whole_count_as_lost(tmp_path: Path) -> None:
    drawn = draw_secrets(tmp_path)
    path = tmp_path / "demo" / "passwords.json"
    path.write_text(json.dumps({"users": {}, "devices": drawn.devices}))
    assert load_secrets(tmp_path) is None

    path.write_text('{"users":')
    assert load_secrets(tmp_path) is None


def test_the_sign_ins_belong_to_one_town_and_village_with_two_loudspeakers(tmp_path: Path) -> None:
    write_logins(tmp_path, draw_secrets(tmp_path))
    logins = json.loads((tmp_path / "demo-logins.json").read_text())
    members = {member.who.username: member for member in read_county().members()}
    home = read_households()[0].resident

    assert logins["device"]["id"] == logins["device"]["username"] == read_households()[0].device
    assert members[logins["village_admin"]["username"]].area == home.area
    assert members[logins["operator"]["username"]].area == home.area[:9] + "000"
    assert members[logins["clinic"]["username"]].clinic == home.clinic
    village = next(village for village in read_county().villages() if village.code == home.area)
    assert len(village.loudspeakers) == 2


def test_the_files_are_for_the_owner_alone(tmp_path: Path) -> None:
    secrets = draw_secrets(tmp_path)
    write_logins(tmp_path, secrets)
    write_fleet(tmp_path, secrets, devices(), REACH, TRUST)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert len(files) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_the_simulator_plays_every_device_but_the_visitors_own(tmp_path: Path) -> None:
    secrets = draw_secrets(tmp_path)
    write_fleet(tmp_path, secrets, devices(), REACH, TRUST)

    fleet = json.loads(fleet_file(tmp_path).read_text())
    spare = json.loads(spare_file(tmp_path).read_text())

    assert {device["id"] for device in fleet["devices"]} == set(device_ids()) - {hands_off_device()}
    assert [device["id"] for device in spare["devices"]] == [hands_off_device()]


def test_a_loudspeaker_listens_to_its_village_its_town_and_its_county(tmp_path: Path) -> None:
    write_fleet(tmp_path, draw_secrets(tmp_path), devices(), REACH, TRUST)
    fleet = json.loads(fleet_file(tmp_path).read_text())

    speaker = next(device for device in fleet["devices"] if device["id"] == "s-0001")

    assert speaker["zones"] == ["990121100001", "990121100000", "990121000000"]
    assert speaker["audio_bases"] == ["http://127.0.0.1:8000/a/"]


def test_a_loudspeaker_trusts_the_hubs_own_keys(tmp_path: Path) -> None:
    write_fleet(tmp_path, draw_secrets(tmp_path), devices(), REACH, TRUST)
    fleet = json.loads(fleet_file(tmp_path).read_text())

    speaker = next(device for device in fleet["devices"] if device["id"] == "s-0001")

    assert msgspec.convert(speaker, Trust) == TRUST


def test_a_device_that_was_added_later_is_not_the_simulators(tmp_path: Path) -> None:
    real = Device(id="b-real", kind=DeviceKind.BUTTON, model="", area=None, resident="r-0003", created_at=1)

    write_fleet(tmp_path, Secrets(users={}, devices={}), [real], REACH, TRUST)

    assert json.loads(fleet_file(tmp_path).read_text())["devices"] == []
