"""How fast passwords may be tried, without giving anybody the means to lock a person out.

Each try fills leaky buckets: of the pair (user name, address), of the address, of the user name. A full one
makes the next try wait. A browser in which the user once signed in holds a signed cookie and has a bucket of
its own, so a flood of guesses from elsewhere, even from behind the same address, does not stop the person at
their desk (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final, NamedTuple

MAX_BUCKETS: Final = 20_000


class Rule(NamedTuple):
    """A bucket holds `burst` tries and loses one each `every_ms`."""

    burst: int
    every_ms: int


BROWSER: Final = Rule(10, 10_000)
PAIR: Final = Rule(5, 20_000)
ADDRESS: Final = Rule(40, 5_000)
USERNAME: Final = Rule(30, 10_000)


@dataclass(slots=True)
class _Bucket:
    level: float
    at: int


class SignInThrottle:
    """Counts in memory; each hub for itself. Times are Unix ms."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._buckets: dict[tuple[str, ...], _Bucket] = {}

    def admit(self, username: str, address: str, browser: str | None, now: int) -> int:
        """Count a try. 0: go on; else how many ms to wait before another (this one was not made)."""
        limits = self._limits(username, address, browser)
        wait_ms = max(self._wait_ms(key, rule, now) for key, rule in limits)
        if wait_ms == 0:
            for key, rule in limits:
                self._level(key, rule, now).level += 1
        return wait_ms

    def succeeded(self, username: str, address: str, browser: str | None, now: int) -> str:
        """The password was right: the try is taken back. Returns the cookie for this browser."""
        for key, rule in self._limits(username, address, browser):
            bucket = self._level(key, rule, now)
            bucket.level = max(0.0, bucket.level - 1)
        return self._sign(username, secrets.token_urlsafe(16))

    def _limits(self, username: str, address: str, browser: str | None) -> list[tuple[tuple[str, ...], Rule]]:
        if browser is not None and self._knows(username, browser):
            return [(("browser", browser), BROWSER)]
        return [
            (("pair", username, address), PAIR),
            (("address", address), ADDRESS),
            (("username", username), USERNAME),
        ]

    def _wait_ms(self, key: tuple[str, ...], rule: Rule, now: int) -> int:
        over = self._level(key, rule, now).level + 1 - rule.burst
        return max(0, round(over * rule.every_ms))

    def _level(self, key: tuple[str, ...], rule: Rule, now: int) -> _Bucket:
        bucket = self._buckets.pop(key, None) or _Bucket(0.0, now)
        drained = (now - bucket.at) / rule.every_ms
        bucket.level, bucket.at = max(0.0, bucket.level - drained), now
        self._buckets[key] = bucket  # at the end: the first of the dict is the one longest untouched
        if len(self._buckets) > MAX_BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        return bucket

    def _knows(self, username: str, browser: str) -> bool:
        nonce = browser.partition(".")[0]
        return hmac.compare_digest(browser.encode(), self._sign(username, nonce).encode())

    def _sign(self, username: str, nonce: str) -> str:
        mac = hmac.new(self._secret, f"{nonce}.{username}".encode(), hashlib.sha256).hexdigest()
        return f"{nonce}.{mac}"
