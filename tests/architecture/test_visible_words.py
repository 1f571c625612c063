"""What people of the county read comes from the catalogues hub/i18n/*.ftl, never from code or templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.architecture.tree import name, parse, sources, tracked

CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
# A block named width holds a class of the page, not a word.
JINJA = re.compile(r"\{% block width %\}.*?\{% endblock %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title"}
# Commands to type are the same in every language.
SILENT_ELEMENTS = {"script", "style", "pre", "code"}
# The product's own name, how registers write a sex, and the description of a setting for its operator.
NOT_SENTENCES = re.compile(r"Xiangyin 乡音|女|男|[^。]*清溪县[^。]*simulates it\.")

TEMPLATES = [file for file in tracked() if file.suffix == ".html" and "console" in file.parts]
SCRIPTS = [
    file
    for file in tracked()
    if file.suffix in {".js", ".css"} and "console" in file.parts and "vendor" not in file.parts
]


def chinese_literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every Chinese string that is not documentation."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in documentation:
            continue
        if CHINESE.search(node.value) and not NOT_SENTENCES.fullmatch(node.value):
            yield node.lineno, node.value


class VisibleWords(HTMLParser):
    """Collects what a browser would show or speak of a template once its expressions are taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        self.words += [
            value for key, value in attrs if key in SPOKEN_ATTRIBUTES and value and has_letters(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            del self._inside[len(self._inside) - 1 - self._inside[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if has_letters(data) and not SILENT_ELEMENTS.intersection(self._inside):
            self.words.append(data.strip())


def has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


def visible_words(template: str) -> list[str]:
    reader = VisibleWords()
    reader.feed(JINJA.sub("", template))
    reader.close()
    return reader.words


def test_no_chinese_sentence_stands_in_the_code_of_the_hub() -> None:
    found = [
        f"{name(file)}:{line} {text!r}"
        for file in sources("hub", "broker_config")
        for line, text in chinese_literals(parse(file))
    ]
    assert found == []


def test_no_word_stands_in_a_template() -> None:
    found = {name(file): words for file in TEMPLATES if (words := visible_words(read(file)))}
    assert TEMPLATES
    assert found == {}


def test_no_chinese_stands_in_a_script_or_style_of_the_console() -> None:
    assert [name(file) for file in SCRIPTS if CHINESE.search(read(file))] == []


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('<p>{{ t("desk-title") }}</p><i title="{{ t(\'x\') }}"></i>', []),
        ("<p>Answer</p><pre>xiangyin press {{ d }}</pre>", ["Answer"]),
        ('<img alt="接听"><script>var a</script>', ["接听"]),
        ("<p>{% if a %}120{% else %}未知{% endif %}</p>", ["120未知"]),
    ],
)
def test_words_of_a_template_are_told_from_its_expressions(template: str, words: list[str]) -> None:
    assert visible_words(template) == words
