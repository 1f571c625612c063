"""The way in. Nobody reaches amqtt, or anyone's session, before name and password are found right."""

import asyncio
import logging
from pathlib import Path

from broker_config.embedded.access import Access, read_access
from broker_config.embedded.broker import DOOR, TrialBroker
from broker_config.embedded.guest import Guest, GuestReader, GuestWriter
from broker_config.embedded.knock import (
    MQTT_3_1_1,
    Knock,
    NotMqttError,
    Refusal,
    connack,
    protocol_level,
    read_connect,
    read_knock,
)

CONNECT_TIMEOUT_S = 10.0

_log = logging.getLogger(__name__)


class Door:
    """Takes connections, admits those with an account, and shows out those whose account was taken away."""

    def __init__(self, folder: Path, broker: TrialBroker) -> None:
        self._folder = folder
        self._broker = broker
        self._guests: dict[str, Guest] = {}

    @property
    def _access(self) -> Access:
        return self._broker.rights.access

    def reload(self) -> None:
        """Read the accounts again; whoever signed in with what no longer holds is cut off."""
        self._broker.rights.access = read_access(self._folder)
        for user, guest in list(self._guests.items()):
            if self._access.passwords.get(user) != guest.password_hash:
                guest.leave()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection from its first byte to its end."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                knock = await self._answer(reader, writer)
            if knock is not None:
                await self._admit(knock, reader, writer)
        except (NotMqttError, TimeoutError):
            writer.transport.abort()
        finally:
            writer.close()

    async def empty(self) -> None:
        """Show everybody out."""
        for guest in list(self._guests.values()):
            guest.leave()
        for guest in list(self._guests.values()):
            await guest.left()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Knock | None:
        """Who may come in; None when the client was refused and told so."""
        packet = await read_connect(reader)
        level = protocol_level(packet)
        if level != MQTT_3_1_1:
            writer.write(connack(Refusal.PROTOCOL_VERSION, level))
            return None
        knock = await read_knock(packet)
        if knock is None or not self._access.may_sign_in(knock.user, knock.password):
            _log.warning("%s refused: not authorised", "anonymous client" if knock is None else knock.user)
            writer.write(connack(Refusal.NOT_AUTHORISED))
            return None
        return knock

    async def _admit(self, knock: Knock, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand the connection to amqtt, which never sees two of one user at once."""
        while (other := self._guests.get(knock.user)) is not None:
            await other.left()
        hashed = self._access.passwords.get(knock.user)
        if hashed is None:  # taken away while the other connection ended
            return
        guest = self._guests[knock.user] = Guest(writer, knock.keep_alive_s, hashed)
        try:
            await self._broker.forget_clean_session(knock.user)
            await self._broker.external_connected(
                GuestReader(reader, guest, knock.packet), GuestWriter(writer, guest), DOOR
            )
        finally:
            guest.leave()
            self._broker.left(knock.user)
            del self._guests[knock.user]
            guest.gone.set()
