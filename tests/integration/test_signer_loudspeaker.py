"""A simulated loudspeaker, a real broker, the real signer: what it follows, and all that it does not."""

from __future__ import annotations

import asyncio
import base64
import hashlib

import msgspec
import pytest

from devices.commands import PlayCommand, sign
from devices.jws import take_apart
from devices.keys import SigningKey
from devices.messages import ReceiptState
from devices.topics import DeviceKind
from tests.brokers import RunningBroker
from tests.simulators import Simulator
from tests.stores import OTHER_VILLAGE, VILLAGE
from tests.with_signer import order, play, stop
from tests.with_signing_hub import SigningHub

REFUSED = ReceiptState.REFUSED


async def switch_on(hub: SigningHub, broker: RunningBroker, simulator: Simulator, **more: object) -> str:
    """A loudspeaker of the village that has been told keys and time by the hub itself."""
    device = broker.add_device("ls-1", DeviceKind.LOUDSPEAKER)
    simulator.write_fleet(broker, hub.enrolment(device, **more))
    hub.signing.trust.look({device: None})
    await asyncio.to_thread(simulator.start)
    await hub.done("k-")
    await hub.done("t-")
    return device


@pytest.fixture
async def loudspeaker(signing_hub: SigningHub, mosquitto_broker: RunningBroker, simulator: Simulator) -> str:
    device = await switch_on(signing_hub, mosquitto_broker, simulator)
    await signing_hub.plays("r-first")
    return device


async def test_a_loudspeaker_without_a_clock_is_told_the_time_and_plays(
    signing_hub: SigningHub, loudspeaker: str, simulator: Simulator
) -> None:
    await signing_hub.plays("r-1")
    assert signing_hub.signing.trust.failed == 0
    assert signing_hub.signing.acks.counted == 0


async def test_one_that_knows_the_roots_alone_is_told_the_keys(
    signing_hub: SigningHub, mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    await switch_on(signing_hub, mosquitto_broker, simulator, keys={"rev": 0, "keys": []})
    await signing_hub.plays("r-1")


async def forged(hub: SigningHub) -> bytes:
    """By a key of the forger's own that bears our key's name."""
    genuine = take_apart(await hub.signing.client.sign(hub.play("r-forged")))
    command = msgspec.json.decode(genuine.parts.payload or b"", type=PlayCommand)
    token = sign(command, SigningKey.generate()).split(".")
    header = base64.urlsafe_b64encode(
        msgspec.json.encode({"alg": "Ed25519", "kid": genuine.header.kid, "typ": "xy-cmd+jws"})
    ).rstrip(b"=")
    return b".".join([header, *(part.encode() for part in token[1:])])


async def by_a_strange_key(hub: SigningHub) -> bytes:
    """Well signed, by a key that nobody enrolled."""
    genuine = take_apart(await hub.signing.client.sign(hub.play("r-strange")))
    command = msgspec.json.decode(genuine.parts.payload or b"", type=PlayCommand)
    return sign(command, SigningKey.generate()).encode()


async def altered(hub: SigningHub) -> bytes:
    """Louder than it was signed."""
    header, claims, signature = (await hub.signing.client.sign(hub.play("r-altered"))).split(b".")
    text = base64.urlsafe_b64decode(claims + b"==").replace(b'"volume":50', b'"volume":99')
    return b".".join([header, base64.urlsafe_b64encode(text).rstrip(b"="), signature])


async def unsigned(hub: SigningHub) -> bytes:
    """As if signatures were optional."""
    claims = msgspec.json.encode(play("r-unsigned"))
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=")
    return b".".join([header, base64.urlsafe_b64encode(claims).rstrip(b"="), b""])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (forged, "bad_signature"),
        (altered, "bad_signature"),
        (unsigned, "bad_signature"),
        (by_a_strange_key, "unknown_key"),
    ],
)
async def test_what_is_not_the_signers_does_not_sound_and_the_county_is_told(
    signing_hub: SigningHub, loudspeaker: str, make: object, reason: str
) -> None:
    assert callable(make)
    payload: bytes = await make(signing_hub)
    await signing_hub.publish(payload)
    told = await signing_hub.refusal()
    assert (told.device, told.outcome, told.reason) == (loudspeaker, "refused", reason)
    assert (told.command, told.digest) == ("", hashlib.sha256(payload).hexdigest())
    await signing_hub.plays("r-next")


async def test_a_command_for_another_village_does_not_sound_here(
    signing_hub: SigningHub, loudspeaker: str
) -> None:
    command = msgspec.json.decode(signing_hub.play("r-1").command, type=dict[str, object])
    elsewhere = await signing_hub.signing.client.sign(order("o-1", command, OTHER_VILLAGE))
    await signing_hub.publish(elsewhere, VILLAGE)
    assert (await signing_hub.receipt("r-1", REFUSED)).reason == "wrong_address"
    await signing_hub.plays("r-next")


async def test_a_command_whose_time_is_over_does_not_sound(signing_hub: SigningHub, loudspeaker: str) -> None:
    asked = msgspec.structs.replace(signing_hub.play("r-1"), life_s=1)
    token = await signing_hub.signing.client.sign(asked)
    claims = msgspec.json.decode(take_apart(token).parts.payload or b"", type=PlayCommand)
    await asyncio.sleep((claims.exp * 1000 - signing_hub.clock.now()) / 1000 + 0.1)  # until it is
    await signing_hub.publish(token)
    assert (await signing_hub.receipt("r-1", REFUSED)).reason == "expired"


async def test_a_command_that_is_played_back_does_not_sound_again(
    signing_hub: SigningHub, loudspeaker: str
) -> None:
    token = await signing_hub.give(signing_hub.play("r-1"))
    for state in (ReceiptState.READY, ReceiptState.PLAYING, ReceiptState.PLAYED):
        await signing_hub.receipt("r-1", state)
    await signing_hub.publish(token)
    await signing_hub.receipt("r-1", ReceiptState.PLAYED)  # as it was answered before
    await signing_hub.plays("r-next")


async def test_a_command_from_before_a_stop_does_not_sound_after_it(
    signing_hub: SigningHub, loudspeaker: str
) -> None:
    held_back = await signing_hub.signing.client.sign(signing_hub.play("r-1"))
    await signing_hub.give(order("o-stop", stop()))
    await signing_hub.publish(held_back)
    assert (await signing_hub.receipt("r-1", REFUSED)).reason == "replayed"
    await signing_hub.plays("r-next")


async def test_the_limits_of_the_enrolment_hold_against_the_hub_itself(
    signing_hub: SigningHub, mosquitto_broker: RunningBroker, simulator: Simulator
) -> None:
    await switch_on(
        signing_hub, mosquitto_broker, simulator, limits={"minutes_a_day": 0, "emergency_volume": 60}
    )
    await signing_hub.give(signing_hub.play("r-1"))
    assert (await signing_hub.receipt("r-1", REFUSED)).reason == "limit"
    flood = msgspec.structs.replace(signing_hub.play("r-flood", priority=250, volume=100), approved_by="u-2")
    await signing_hub.give(flood)
    for state in (ReceiptState.READY, ReceiptState.PLAYING, ReceiptState.PLAYED):
        await signing_hub.receipt("r-flood", state)


async def test_a_loudspeaker_that_was_moved_listens_where_it_stands_now(
    signing_hub: SigningHub, loudspeaker: str
) -> None:
    signing_hub.signing.trust.look({loudspeaker: (OTHER_VILLAGE,)})
    await signing_hub.done("z-")
    await signing_hub.give(signing_hub.play("r-old"))
    elsewhere = msgspec.structs.replace(signing_hub.play("r-new"), address=OTHER_VILLAGE)
    await signing_hub.give(elsewhere)
    await signing_hub.receipt("r-new", ReceiptState.READY)


async def test_a_revoked_key_is_not_followed_from_the_moment_the_loudspeaker_is_told(
    signing_hub: SigningHub, loudspeaker: str
) -> None:
    old = await signing_hub.signing.client.sign(signing_hub.play("r-old"))
    await signing_hub.signing.client.revoke(take_apart(old).header.kid)
    signing_hub.signing.trust.look({})  # the hub sees a higher rev
    await signing_hub.done("k-")
    await signing_hub.plays("r-new")
    await signing_hub.publish(old)
    told = await signing_hub.refusal()
    assert (told.device, told.reason) == (loudspeaker, "unknown_key")
