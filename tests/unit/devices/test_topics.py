"""Topics are built and read back, and rights are what the contract's table says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import topics
from devices.errors import IdError, TopicError
from devices.topics import DeviceKind, Direction, Leaf, ParsedTopic

DEVICE_IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True).filter(
    lambda device: not device.lower().startswith("hub.")
)


@given(device=DEVICE_IDS, leaf=st.sampled_from(Leaf))
def test_a_device_topic_read_back_says_what_it_was_built_from(device: str, leaf: Leaf) -> None:
    assert topics.parse(topics.of_device(device, leaf)) == ParsedTopic(leaf, device=device)


def test_each_leaf_has_its_builder() -> None:
    built = [
        topics.call("b-1"),
        topics.status("b-1"),
        topics.telemetry("b-1"),
        topics.receipt("b-1"),
        topics.ack("b-1"),
        topics.time("b-1"),
        topics.reply("b-1"),
        topics.command("b-1"),
    ]
    assert built == [f"v1/d/b-1/{leaf}" for leaf in Leaf]


def test_a_zone_topic_read_back() -> None:
    assert topics.parse(topics.zone_command("g-squares")) == ParsedTopic(Leaf.COMMAND, zone="g-squares")


def test_no_topic_is_built_for_what_is_no_name() -> None:
    with pytest.raises(IdError):
        topics.call("+")
    with pytest.raises(IdError):
        topics.zone_command("#")


@given(st.text(max_size=90))
def test_any_text_is_a_topic_or_a_topic_error(text: str) -> None:
    try:
        parsed = topics.parse(text)
    except TopicError:
        return
    assert (parsed.device is None) != (parsed.zone is None)


def rights_of(kind: DeviceKind) -> set[tuple[str, str]]:
    return {(right.direction.value, right.for_device("b-1")) for right in topics.rights(kind)}


def test_a_button_reaches_its_own_tree_in_the_given_directions_alone() -> None:
    assert rights_of(DeviceKind.BUTTON) == {
        ("up", "v1/d/b-1/call"),
        ("up", "v1/d/b-1/status"),
        ("up", "v1/d/b-1/telemetry"),
        ("up", "v1/d/b-1/receipt"),
        ("up", "v1/d/b-1/ack"),
        ("up", "v1/d/b-1/time"),
        ("down", "v1/d/b-1/reply"),
        ("down", "v1/d/b-1/command"),
    }


def test_a_loudspeaker_hears_zone_commands_besides_and_can_send_none() -> None:
    extra = rights_of(DeviceKind.LOUDSPEAKER) - rights_of(DeviceKind.BUTTON)
    assert extra == {("down", "v1/z/+/command")}


def test_a_gateway_has_no_right_in_the_contracts_own_tree() -> None:
    assert topics.rights(DeviceKind.GATEWAY) == ()


def test_nobody_may_publish_what_only_the_hub_says() -> None:
    for kind in DeviceKind:
        up = {
            right.pattern.rsplit("/", 1)[1]
            for right in topics.rights(kind)
            if right.direction is Direction.UP
        }
        assert not up & {"reply", "command"}


def test_nothing_but_status_is_retained() -> None:
    assert [leaf for leaf in Leaf if topics.DELIVERY[leaf].retained] == [Leaf.STATUS]
