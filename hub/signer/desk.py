"""The signer's desk: questions in, answers out, one commit for all that wait together."""

import hashlib
import logging
from collections.abc import Callable, Sequence

import msgspec

from broker_config.errors import BrokerConfigError
from devices.commands import Command, KeysCommand, StopCommand, TimeCommand, sign
from devices.errors import DeviceContractError
from devices.ids import check_device_id, new_press_id
from devices.keys import SigningKey, Use
from hub.domain.errors import Denied, HubError, Unavailable
from hub.domain.orders import Order
from hub.signer import rules
from hub.signer.keyring import Keyring
from hub.signer.ledger import Entry, Ledger, LedgerDown
from hub.signer.throttle import Throttle
from hub.signer.wire import (
    Answer,
    KeysAsked,
    Question,
    Refusal,
    RevokeAsked,
    RotateAsked,
    SignAsked,
    Signed,
    SignerState,
    StateAsked,
    TimeAsked,
)

TIME_LIFE_S = 60
KEYS_LIFE_S = 24 * 3600
QUEUED_MAX_MS = 60_000  # so long a question for the time may have waited in the hub
BEHIND_MAX_MS = 3_600_000  # further behind its own last signature the clock is not to be told to anybody
PER_DEVICE_A_MINUTE = 10
log = logging.getLogger(__name__)

Save = Callable[[Keyring, int], None]


class SigningDesk:
    """Blocking and used by one thread; `save` keeps a changed keyring, `now` is Unix ms."""

    def __init__(
        self,
        ring: Keyring,
        ledger: Ledger,
        *,
        save: Save,
        now: Callable[[], int],
        plausible: Callable[[], bool],
    ) -> None:
        self._ring = ring
        self._ledger = ledger
        self._save = save
        self._now = now
        self._plausible = plausible
        self._told = Throttle(PER_DEVICE_A_MINUTE)

    def answer_all(self, questions: Sequence[Question]) -> list[Answer]:
        """One answer each, in order. What was signed is on disk before this returns; with a dead disk only
        stops, key lists and the time are signed, which need no memory."""
        try:
            with self._ledger.commit():
                return [self._answer(question, durable=True) for question in questions]
        except LedgerDown as error:
            log.warning("the ledger cannot be written, only stops are signed: %s", error)
        return [self._answer(question, durable=False) for question in questions]

    def renew(self) -> None:
        """Make the successors of keys that end soon; to be called now and then."""
        now_s = self._now() // 1000
        self._change(self._ring.renewed(now_s), now_s)

    def _answer(self, question: Question, *, durable: bool) -> Answer:
        try:
            return self._do(question, durable=durable)
        except HubError as error:
            log.warning("refused: %s", error)
            return Refusal(error.kind, error.code, error.params)
        except DeviceContractError as error:
            log.warning("refused: %s", error)
            return Refusal("denied", "signer-order-wrong", {"reason": error.reason})
        except BrokerConfigError as error:
            log.warning("the keys cannot be kept: %s", error.reason)
            return Refusal("unavailable", "signer-disk")

    def _do(self, question: Question, *, durable: bool) -> Answer:
        match question:
            case SignAsked(order):
                return Signed(self._sign(order) if durable else self._sign_stop(order))
            case TimeAsked():
                return Signed(self._tell_time(question, durable=durable))
            case KeysAsked(device):
                return Signed(self._tell_keys(device, durable=durable))
            case StateAsked():
                return self._state()
        if not durable:
            raise Unavailable("signer-disk")
        now_s = self._now() // 1000
        match question:
            case RotateAsked():
                self._change(self._ring.rotated(now_s), now_s)
            case RevokeAsked(kid):
                self._change(self._ring.without(kid, now_s), now_s)
                self._ledger.forget(kid)
        return self._state()

    def _sign(self, order: Order) -> str:
        # how long somebody wanted it makes no other command of it
        content = msgspec.json.encode(msgspec.structs.replace(order, until=None))
        digest = hashlib.sha256(content).digest()
        known = self._ledger.find(order.id)
        if known is not None:
            if known.digest != digest:
                raise Denied("signer-order-changed", order=order.id)
            return known.token
        now = self._now()
        command = rules.checked(order, now)
        kind = rules.kind_of(command)
        self._require_clock(command)
        self._require_rate(kind, order.address, now)
        key = self._ring.signing(rules.use_of(command), now // 1000)
        token = sign(msgspec.structs.replace(command, seq=self._ledger.next_seq(key.kid, now)), key)
        self._ledger.keep(
            Entry(
                id=order.id,
                digest=digest,
                at=now,
                address=order.address,
                kind=kind,
                kid=key.kid,
                token=token,
            )
        )
        return token

    def _sign_stop(self, order: Order) -> str:
        """With a dead disk: silence must not wait for it."""
        now = self._now()
        command = rules.checked(order, now)
        if not isinstance(command, StopCommand):
            raise Unavailable("signer-disk")
        key = self._ring.signing(Use.STOP, now // 1000)
        seq = self._ledger.unwritten_seq(key.kid, now)
        return sign(msgspec.structs.replace(command, seq=seq), key)

    def _tell_time(self, asked: TimeAsked, *, durable: bool) -> str:
        now = self._now()
        self._told.admit(f"time {check_device_id(asked.device)}", now)
        key = self._ring.signing(Use.SET, now // 1000)
        if not self._plausible() or self._behind_ms(now) > BEHIND_MAX_MS:
            raise Unavailable("signer-clock")
        command = TimeCommand(
            id=f"t-{new_press_id()}",
            for_=asked.device,
            seq=self._next_seq(key, now, durable=durable),
            iat=now // 1000,
            exp=now // 1000 + TIME_LIFE_S,
            nonce=asked.nonce,
            t1=asked.t1,
            t2=min(max(asked.t2, now - QUEUED_MAX_MS), now),
            t3=now,
        )
        return sign(command, key)

    def _tell_keys(self, device: str, *, durable: bool) -> str:
        now = self._now()
        self._told.admit(f"keys {check_device_id(device)}", now)
        trust = self._ring.public(now // 1000)
        command = KeysCommand(
            id=f"k-{new_press_id()}",
            for_=device,
            seq=self._next_seq(self._ring.root, now, durable=durable),
            iat=now // 1000,
            exp=now // 1000 + KEYS_LIFE_S,
            rev=trust.keys.rev,
            keys=trust.keys.keys,
        )
        return sign(command, self._ring.root)

    def _next_seq(self, key: SigningKey, now: int, *, durable: bool) -> int:
        return (self._ledger.next_seq if durable else self._ledger.unwritten_seq)(key.kid, now)

    def _require_rate(self, kind: str, address: str, now: int) -> None:
        rate = rules.RATES.get(kind)
        if rate is None:
            return
        if self._ledger.count(kind, now, address) >= rate.per_address:
            raise Unavailable("signer-rate", address=address, limit=rate.per_address)
        if self._ledger.count(kind, now) >= rate.in_all:
            raise Unavailable("signer-rate-all", limit=rate.in_all)

    def _require_clock(self, command: Command) -> None:
        if not self._plausible() and not isinstance(command, StopCommand):
            raise Unavailable("signer-clock")

    def _behind_ms(self, now: int) -> int:
        """How far the clock stands behind the newest signature of the keys that are in use."""
        newest = max(self._ledger.last_seq(held.key.kid) for held in self._ring.keys)
        return max(0, newest - now)

    def _state(self) -> SignerState:
        now = self._now()
        trust = self._ring.public(now // 1000)
        return SignerState(
            root_keys=trust.root_keys,
            keys=trust.keys,
            behind_ms=self._behind_ms(now),
            clock_plausible=self._plausible(),
        )

    def _change(self, ring: Keyring, now_s: int) -> None:
        if ring is not self._ring:
            self._save(ring, now_s)
            self._ring = ring
            log.warning("the keys have changed: rev %d", ring.rev)
