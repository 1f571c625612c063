"""Asks a broker questions and leaves no trace: whether an account is let in, whether rights hold."""

import asyncio
import ssl

import aiomqtt

from devices import topics
from hub.mqtt.link import Endpoint

LISTEN_S = 0.5
TIMEOUT_S = 5.0


async def trouble_signing_in(endpoint: Endpoint) -> str:
    """Why the broker does not let the account in; empty when it does.

    The session is not cleaned, and nothing that waits in it is acknowledged: it is as it was afterwards. An
    account that is in use elsewhere would be cut off there: do not ask for one of a running hub.
    """
    try:
        async with asyncio.timeout(TIMEOUT_S):
            client = _client(endpoint, clean=False)
            client._client.manual_ack_set(True)
            async with client:
                return ""
    except (aiomqtt.MqttError, OSError) as error:
        return str(error) or type(error).__name__


async def trespasses(endpoint: Endpoint) -> list[str]:
    """Topics on which a device heard what it must not hear. It asks for everything, and speaks where it may not."""
    device = endpoint.username
    forbidden = [topics.reply(device), topics.telemetry(f"{device}-neighbour"), topics.command(device)]
    heard: list[str] = []
    try:
        async with asyncio.timeout(TIMEOUT_S), _client(endpoint, clean=True) as client:
            await client.subscribe("#", qos=1)
            for topic in (*forbidden, topics.telemetry(device)):
                await client.publish(topic, b"{}", qos=1)
            async with asyncio.timeout(LISTEN_S):
                heard += [str(message.topic) async for message in client.messages if not message.retain]
    except TimeoutError:
        pass  # silence is what is hoped for
    except aiomqtt.MqttError:
        pass  # a broker may also cut off who asks for too much
    return heard


def _client(at: Endpoint, *, clean: bool) -> aiomqtt.Client:
    return aiomqtt.Client(
        at.host,
        at.port,
        username=at.username,
        password=at.password,
        identifier=at.username,
        clean_session=clean,
        tls_context=ssl.create_default_context(cafile=at.ca) if at.tls else None,
    )
