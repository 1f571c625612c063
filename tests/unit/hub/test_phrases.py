"""The catalogues are whole: same ids, same variables, and a sentence for every error the hub can raise."""

import ast
import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, FluentSerializer
from fluent.syntax.ast import Junk, Message, Resource

from devices.messages import ReplyState
from hub.i18n import LANGUAGES, Phrases

ROOT = Path(__file__).parents[3]
RAISED = {"HubError", "Invalid", "NotFound", "Conflict", "Denied", "Unavailable", "HttpProblem", "wrong"}


def catalogue(lang: str) -> Resource:
    return FluentParser().parse((ROOT / f"hub/i18n/{lang}.ftl").read_text(encoding="utf-8"))


def messages(lang: str) -> list[Message]:
    return [entry for entry in catalogue(lang).body if isinstance(entry, Message)]


def variables(message: Message) -> set[str]:
    return set(re.findall(r"\$([a-z_]+)", FluentSerializer().serialize_entry(message)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_parses_to_the_last_line_and_names_nothing_twice(lang: str) -> None:
    junk = [entry.content for entry in catalogue(lang).body if isinstance(entry, Junk)]
    ids = [message.id.name for message in messages(lang)]
    assert junk == []
    assert sorted(ids) == sorted(set(ids))


def test_both_languages_have_the_same_sentences_with_the_same_variables() -> None:
    first, second = ({m.id.name: variables(m) for m in messages(lang)} for lang in LANGUAGES)
    assert first == second


def test_every_error_the_hub_raises_has_a_sentence() -> None:
    phrases = Phrases()
    codes = {code for path in (ROOT / "hub").rglob("*.py") for code in error_codes(path)}
    assert {code for code in codes if not phrases.has(code)} == set()
    assert "call-held" in codes


def error_codes(path: Path) -> set[str]:
    """The first literal string of every error made in a file."""
    made = (
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED
    )
    return {words[0] for node in made if (words := [text for arg in node.args for text in strings(arg)])}


def strings(arg: ast.expr) -> list[str]:
    return [arg.value] if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else []


def test_every_state_of_a_reply_can_be_spoken() -> None:
    for state in (*ReplyState, "test"):
        for lang in LANGUAGES:
            assert Phrases().say(lang, f"reply-{state}", by="王值班员") != f"reply-{state}"


def test_a_sentence_is_filled_and_an_unknown_language_reads_chinese() -> None:
    phrases = Phrases()
    assert phrases.say("zh", "call-held", holder="王芳") == "这个呼叫已由王芳接听。"
    assert phrases.say("en", "call-held", holder="Wang") == "Wang has this call already."
    assert phrases.say("fr", "call-held", holder="王芳") == "这个呼叫已由王芳接听。"


def test_figures_are_said_without_grouping() -> None:
    assert "2000" in Phrases().say("zh", "note-long", limit=2000)


def test_a_missing_sentence_never_breaks_a_page(caplog: pytest.LogCaptureFixture) -> None:
    assert Phrases().say("zh", "no-such-sentence") == "no-such-sentence"
    assert "no-such-sentence" in caplog.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_screen_names_the_buttons_as_the_desk_does(lang: str) -> None:
    phrases = Phrases()
    params = dict.fromkeys(("seconds", "desk", "logins", "press", "logs"), "…")
    screen = phrases.say(lang, "up-ready-demo", **params)
    for button in ("sound-turn-on", "answer"):
        assert phrases.say(lang, button) in screen
