"""Who may sign in, and what each may publish and read: mosquitto's two files with mosquitto's meaning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Flag
from pathlib import Path

from broker_config.errors import BrokerConfigError
from broker_config.files import ACL_FILE, PASSWORD_FILE
from broker_config.passwords import verify_password
from devices.errors import Kind

_REMEMBERED = 100_000
USER_SLOT = "%u"


class Right(Flag):
    """What a line of the ACL grants; DENY is stronger than any of the others."""

    DENY = 0
    READ = 1
    WRITE = 2


_WORDS: Mapping[str, Right] = {
    "read": Right.READ,
    "write": Right.WRITE,
    "readwrite": Right.READ | Right.WRITE,
    "deny": Right.DENY,
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One `topic` or `pattern` line."""

    right: Right
    pattern: str


@dataclass(frozen=True, slots=True)
class Access:
    """The accounts and rights as they stood when the files were read."""

    passwords: Mapping[str, str]
    own: Mapping[str, tuple[Grant, ...]]
    shared: tuple[Grant, ...]
    _answers: dict[tuple[str, Right, str], bool] = field(default_factory=dict)

    def may_sign_in(self, user: str, password: str) -> bool:
        """Whether this is the account's password; an unknown account has none."""
        hashed = self.passwords.get(user)
        return hashed is not None and verify_password(password, hashed)

    def may_publish(self, user: str, topic: str) -> bool:
        """Whether `user` may publish on `topic`."""
        return self._may(user, Right.WRITE, topic)

    def may_read(self, user: str, topic: str) -> bool:
        """Whether `user` may be given what is published on `topic`."""
        return self._may(user, Right.READ, topic)

    def _may(self, user: str, right: Right, topic: str) -> bool:
        question = (user, right, topic)
        answer = self._answers.get(question)
        if answer is None:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            answer = self._answers[question] = self._decide(user, right, topic)
        return answer

    def _decide(self, user: str, right: Right, topic: str) -> bool:
        if user not in self.passwords:
            return False
        own = [grant for grant in self.own.get(user, ()) if matches(grant.pattern, topic)]
        if any(grant.right is Right.DENY for grant in own):
            return False
        if any(right in grant.right for grant in own):
            return True
        return any(
            right in grant.right and matches(grant.pattern.replace(USER_SLOT, user), topic)
            for grant in self.shared
        )


def matches(pattern: str, topic: str) -> bool:
    """Whether an MQTT topic filter takes in a topic (MQTT 3.1.1, 4.7)."""
    if topic.startswith("$") and not pattern.startswith("$"):
        return False
    wanted, given = pattern.split("/"), topic.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(given) or level not in ("+", given[index]):
            return False
    return len(wanted) == len(given)


def read_access(folder: Path) -> Access:
    """Read `passwd` and `acl`; BrokerConfigError when either is missing or strange."""
    passwords = dict(_accounts(folder / PASSWORD_FILE))
    own: dict[str, tuple[Grant, ...]] = {}
    shared: tuple[Grant, ...] = ()
    user = ""
    for number, line in _lines(folder / ACL_FILE):
        keyword, _, rest = line.partition(" ")
        if keyword == "user":
            user = rest
        elif keyword == "topic":
            own[user] = (*own.get(user, ()), _grant(folder / ACL_FILE, number, rest))
        elif keyword == "pattern":
            shared = (*shared, _grant(folder / ACL_FILE, number, rest))
        else:
            raise BrokerConfigError(f"{folder / ACL_FILE}, line {number}: {keyword!r} is not understood")
    return Access(passwords, own, shared)


def _grant(path: Path, number: int, text: str) -> Grant:
    word, _, pattern = text.partition(" ")
    if word not in _WORDS or not pattern:
        raise BrokerConfigError(
            f"{path}, line {number}: expected read, write, readwrite or deny, then a topic"
        )
    return Grant(_WORDS[word], pattern)


def _accounts(path: Path) -> Iterable[tuple[str, str]]:
    for number, line in _lines(path):
        name, separator, hashed = line.partition(":")
        if not name or not separator:
            raise BrokerConfigError(f"{path}, line {number}: expected name:hash")
        yield name, hashed


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BrokerConfigError(
            f"{path} cannot be read ({error.strerror}); have the hub write the accounts again",
            Kind.UNAVAILABLE,
        ) from error
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line and not line.startswith("#"):
            yield number, line
