"""JSON as devices really write it: NaN where a sensor failed, a key twice, nesting without end."""

import json

import msgspec


def loose_object(payload: bytes) -> dict[str, object] | None:
    """Read a JSON object, letting NaN and Infinity through as floats; None when it is none."""
    try:
        found: object = msgspec.json.decode(payload)
    except (ValueError, RecursionError):
        # msgspec refuses the whole message for one NaN; the standard library does not.
        try:
            found = json.loads(payload.decode())
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


def repeats_key(payload: bytes, key: str) -> bool:
    """Tell whether the outermost object of `payload` names `key` more than once."""
    try:
        pairs: object = json.loads(payload.decode(), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return False
    return isinstance(pairs, tuple) and sum(1 for name, _ in pairs if name == key) > 1
