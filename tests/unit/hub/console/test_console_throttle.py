"""Passwords may be tried slowly, and nobody can lock a person out of their own browser."""

from hub.console.throttle import ADDRESS, BROWSER, MAX_BUCKETS, PAIR, USERNAME, SignInThrottle

NOW = 1_790_000_000_000


def tries(
    throttle: SignInThrottle, count: int, *, name: str = "op", address: str = "a", browser: str | None = None
) -> int:
    """How many of `count` tries at one moment go through."""
    return sum(throttle.admit(name, address, browser, NOW) == 0 for _ in range(count))


def test_a_pair_has_a_few_tries_then_one_each_twenty_seconds() -> None:
    throttle = SignInThrottle(b"k")
    assert tries(throttle, 50) == PAIR.burst
    wait = throttle.admit("op", "a", None, NOW)
    assert throttle.admit("op", "a", None, NOW + wait - 1) > 0
    assert throttle.admit("op", "a", None, NOW + wait) == 0


def test_one_address_cannot_try_many_names() -> None:
    throttle = SignInThrottle(b"k")
    assert sum(throttle.admit(f"user{n}", "a", None, NOW) == 0 for n in range(500)) == ADDRESS.burst


def test_many_addresses_cannot_try_one_name() -> None:
    throttle = SignInThrottle(b"k")
    assert sum(throttle.admit("op", f"10.0.{n}.1", None, NOW) == 0 for n in range(250)) == USERNAME.burst


def test_success_takes_the_try_back() -> None:
    throttle = SignInThrottle(b"k")
    for _ in range(100):
        assert throttle.admit("op", "a", None, NOW) == 0
        throttle.succeeded("op", "a", None, NOW)


def test_a_known_browser_is_not_held_up_by_a_flood_from_its_own_address() -> None:
    throttle = SignInThrottle(b"k")
    browser = throttle.succeeded("op", "a", None, NOW)
    tries(throttle, 500)
    assert tries(throttle, 50, browser=browser) == BROWSER.burst


def test_a_known_browser_is_known_for_its_user_alone_and_cannot_be_forged() -> None:
    throttle = SignInThrottle(b"k")
    browser = throttle.succeeded("op", "a", None, NOW)
    assert tries(throttle, 50, name="admin", browser=browser) == PAIR.burst
    forged = SignInThrottle(b"another").succeeded("op", "b", None, NOW)
    assert tries(throttle, 50, address="b", browser=forged) == PAIR.burst
    assert tries(throttle, 50, address="c", browser="") == PAIR.burst


def test_memory_is_bounded() -> None:
    throttle = SignInThrottle(b"k")
    for n in range(MAX_BUCKETS):
        throttle.admit(f"user{n}", f"address{n}", None, NOW)
    assert len(throttle._buckets) <= MAX_BUCKETS
