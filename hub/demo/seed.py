"""Enters the demo county into an empty database."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import msgspec

from broker_config.passwords import hash_password as hash_device_password
from devices.topics import DeviceKind
from hub.demo.county import Member, Village, read_county, read_households
from hub.demo.duty import seed_duty
from hub.demo.secrets import Secrets
from hub.domain.accounts import Account
from hub.domain.people import User
from hub.passwords import hash_password as hash_user_password
from hub.ports import Transaction
from hub.services.register import NewDevice, add_device, renew_credentials


class Hashes(msgspec.Struct, frozen=True):
    """What the database keeps of the passwords."""

    users: Mapping[str, str]
    devices: Mapping[str, str]


def hash_all(secrets: Secrets) -> Hashes:
    """Takes half a second: argon2 for people, in two threads."""
    with ThreadPoolExecutor(2) as pool:
        users = dict(zip(secrets.users, pool.map(hash_user_password, secrets.users.values()), strict=True))
    return Hashes(users, {name: hash_device_password(word) for name, word in secrets.devices.items()})


def seed(tx: Transaction, hashes: Hashes, now: int) -> None:
    """The whole county in one transaction, or nothing."""
    county = read_county()
    for area in county.areas():
        tx.registrar.add_area(area)
    for clinic in county.clinics():
        tx.registrar.add_clinic(clinic)
    for person in county.people():
        tx.registrar.add_person(person)
    villages = {village.code: village for village in county.villages()}
    for household in read_households():
        helpers = villages[household.resident.area]
        resident = household.resident
        tx.registrar.add_resident(resident, helpers.doctor.id, helpers.grid_worker.id)
        tx.registrar.add_contacts(resident.id, household.contacts)
        button = NewDevice(
            id=household.device, kind=DeviceKind.BUTTON, model=county.button_model, resident=resident.id
        )
        add_device(tx, button, hashes.devices[household.device], None, now)
    for village in villages.values():
        _add_loudspeakers(tx, village, hashes, now)
    users: dict[str, str] = {}
    for member in county.members():
        user = _user(member, tx.new_id("u", now))
        tx.accounts.add(Account(user=user, password_hash=hashes.users[user.username]))
        users[user.username] = user.id
    seed_duty(tx, county, users, now)


def renew(tx: Transaction, accounts: Mapping[str, Account], hashes: Hashes, now: int) -> None:
    """The passwords were lost: everybody of the demo who is still there gets the new ones."""
    for username, password_hash in hashes.users.items():
        account = accounts.get(username)
        if account is not None:
            tx.accounts.update(msgspec.structs.replace(account, password_hash=password_hash))
            tx.accounts.end_rights(account.user.id)
    for device_id, password_hash in hashes.devices.items():
        device = tx.registrar.device(device_id)
        if device is not None and device.removed_at is None:
            renew_credentials(tx, device_id, password_hash, None, now)


def _add_loudspeakers(tx: Transaction, village: Village, hashes: Hashes, now: int) -> None:
    for speaker in village.loudspeakers:
        new = NewDevice(id=speaker.id, kind=DeviceKind.LOUDSPEAKER, model=speaker.model, area=village.code)
        add_device(tx, new, hashes.devices[speaker.id], None, now)


def _user(member: Member, user_id: str) -> User:
    return User(
        id=user_id,
        username=member.who.username,
        name=member.who.name,
        spoken_name=member.who.spoken_name,
        role=member.role,
        area=member.area,
        clinic=member.clinic,
    )
