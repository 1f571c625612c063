"""The golden command stories, lived through by the verification that every simulated device runs."""

import base64
import json

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from devices.state import DeviceState
from devices.vectors import CommandStory, Step, command_stories
from devices.verdicts import Accepted, Copy, Now, Refused, Verdict
from devices.verifier import Verifier

STORIES = command_stories()


def as_step(verdict: Verdict) -> dict[str, object]:
    match verdict:
        case Accepted():
            found: dict[str, object] = {
                "verdict": "accepted",
                "volume": verdict.volume,
                "known_run": verdict.known_run,
                "clock_ms": verdict.clock_ms,
            }
        case Copy():
            found = {"verdict": "copy"}
        case Refused():
            answer = None if verdict.answer is None else msgspec.to_builtins(verdict.answer)
            found = {"verdict": "refused", "reason": verdict.reason, "answer": answer}
    return found


def expected(step: Step) -> dict[str, object]:
    match step.verdict:
        case "accepted":
            return {
                "verdict": "accepted",
                "volume": step.volume,
                "known_run": step.known_run,
                "clock_ms": step.clock_ms,
            }
        case "copy":
            return {"verdict": "copy"}
    return {"verdict": "refused", "reason": step.reason, "answer": msgspec.json.decode(step.answer)}


def without_detail(found: dict[str, object]) -> dict[str, object]:
    """The detail of a receipt is for a person to read: each maker has words of their own."""
    answer = found.get("answer")
    if isinstance(answer, dict):
        return found | {"answer": {name: value for name, value in answer.items() if name != "detail"}}
    return found


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_device_does_what_the_story_tells(story: CommandStory) -> None:
    verifier = Verifier(story.enrolment)
    state = verifier.fresh_state()
    for step in story.steps:
        now = Now(mono_ms=step.mono_ms, wall_ms=step.wall_ms)
        if step.ask is not None:
            _, state = verifier.ask_time(state, step.ask, now)
            continue
        verdict, state = verifier.verify((step.payload or "").encode(), state, now)
        assert without_detail(as_step(verdict)) == expected(step), f"{story.name}: {step.name}"
        state = through_flash(state)


def through_flash(state: DeviceState) -> DeviceState:
    return msgspec.json.decode(msgspec.json.encode(state), type=DeviceState)


def test_what_is_followed_is_signed_by_a_key_that_the_story_names() -> None:
    """Judged without the code under test: the standard library and a bare Ed25519."""
    followed = 0
    for story in STORIES:
        known = {jwk.x for jwk in story.enrolment.root_keys}
        for step in story.steps:
            if step.verdict != "accepted" or step.payload is None:
                continue
            header, claims, signature = step.payload.split(".")
            if json.loads(unb64(claims))["type"] == "keys":
                known.update(line["jwk"]["x"] for line in json.loads(unb64(claims))["keys"])
            known.update(record.jwk.x for record in story.enrolment.keys.keys)
            keys = [Ed25519PublicKey.from_public_bytes(unb64(x)) for x in known if x and len(x) == 43]
            assert any(signs(key, signature, f"{header}.{claims}") for key in keys), step.name
            followed += 1
    assert followed > 60


def signs(key: Ed25519PublicKey, signature: str, signed: str) -> bool:
    try:
        key.verify(unb64(signature), signed.encode())
    except InvalidSignature:
        return False
    return True


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
