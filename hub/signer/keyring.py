"""The keys: one root, and for each use one that signs, at times with one that is to follow it. All immutable.

A new key is told to the devices at once and signs an hour later, when they have heard of it; the old one stays
in the list for a week. Only a revoked key is gone at once, and its successor signs at once.
"""

from dataclasses import dataclass, replace
from typing import Final

from devices.keys import KeySet, SigningKey, Use
from hub.domain.errors import NotFound, Unavailable
from hub.signer.trust import Trust

DAY_S: Final = 86_400
LIFE_S: Final = 400 * DAY_S
RENEW_BEFORE_S: Final = 60 * DAY_S
HEARD_AFTER_S: Final = 3_600
RETIRE_AFTER_S: Final = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class HeldKey:
    """One key with its secret: it signs from `since_s`, devices take it until `exp_s` (Unix seconds)."""

    use: Use
    key: SigningKey
    since_s: int
    exp_s: int


@dataclass(frozen=True, slots=True)
class Keyring:
    """All of them. `rev` grows with every change that devices must hear of."""

    root: SigningKey
    rev: int
    keys: tuple[HeldKey, ...]

    @classmethod
    def new(cls, now_s: int) -> "Keyring":
        """A county's first keys."""
        return cls(SigningKey.generate(), 1, tuple(_fresh(use, now_s, now_s) for use in Use))

    def signing(self, use: Use, now_s: int) -> SigningKey:
        """The key that signs for `use` now. Unavailable: its last one has ended."""
        alive = [held for held in self.keys if held.use is use and held.exp_s > now_s]
        if not alive:
            raise Unavailable("signer-no-key", use=use.value)
        heard = [held for held in alive if held.since_s <= now_s]
        if heard:
            return max(heard, key=lambda held: held.since_s).key
        return min(alive, key=lambda held: held.since_s).key  # the clock went back: the oldest is known best

    def public(self, now_s: int) -> Trust:
        """What devices are told."""
        records = (held.key.record((held.use,), exp=held.exp_s) for held in self.keys if held.exp_s > now_s)
        return Trust(root_keys=(self.root.public_jwk(),), keys=KeySet(rev=self.rev, keys=tuple(records)))

    def renewed(self, now_s: int) -> "Keyring":
        """With a successor for each key that ends soon; itself when none does."""
        missing = [use for use in Use if self._last_end(use) < now_s + RENEW_BEFORE_S]
        if not missing:
            return self
        # a use whose keys have all ended waits for nobody
        new = [
            _fresh(use, now_s, now_s + HEARD_AFTER_S if self._last_end(use) > now_s else now_s)
            for use in missing
        ]
        alive = tuple(held for held in self.keys if held.exp_s > now_s)
        return replace(self, rev=self.rev + 1, keys=(*alive, *new))

    def rotated(self, now_s: int) -> "Keyring":
        """New keys for every use; of the old ones stays, for a week, the one that signs now."""
        ring = self.renewed(now_s)
        keys: list[HeldKey] = []
        for use in Use:
            signing = ring.signing(use, now_s)
            (old,) = (held for held in ring.keys if held.key is signing)
            keys.append(replace(old, exp_s=min(old.exp_s, now_s + RETIRE_AFTER_S)))
            keys.append(_fresh(use, now_s, now_s + HEARD_AFTER_S))
        return replace(ring, rev=self.rev + 1, keys=tuple(keys))

    def without(self, kid: str, now_s: int) -> "Keyring":
        """With `kid` gone at once. NotFound: there is no such key, or it is the root, which devices hold."""
        gone = next((held for held in self.keys if held.key.kid == kid), None)
        if gone is None:
            raise NotFound("signer-key-unknown", kid=kid)
        others = tuple(held for held in self.keys if held is not gone)
        successors = [held for held in others if held.use is gone.use and held.exp_s > now_s]
        if not successors:
            others = (*others, _fresh(gone.use, now_s, now_s))
        elif all(held.since_s > now_s for held in successors):
            others = tuple(replace(held, since_s=now_s) if held in successors else held for held in others)
        return replace(self, rev=self.rev + 1, keys=others)

    def _last_end(self, use: Use) -> int:
        return max((held.exp_s for held in self.keys if held.use is use), default=0)


def _fresh(use: Use, now_s: int, since_s: int) -> HeldKey:
    return HeldKey(use, SigningKey.generate(), since_s, now_s + LIFE_S)
