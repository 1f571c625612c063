"""A file is one idea and a function one thought: past 350 and 50 lines somebody has to say why.

The reason is a comment `# long: because …`, in the first lines of the file or just above the function.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import PACKAGES, name, parse, sources

FILE_LINES = 350
FUNCTION_LINES = 50
REASON = "# long: "

FILES = sources(*PACKAGES, "scripts", "tests")


def test_no_file_is_long_without_a_reason() -> None:
    long = [
        f"{name(file)}: {len(lines)} lines"
        for file in FILES
        if len(lines := file.read_text(encoding="utf-8").splitlines()) > FILE_LINES
        and not any(line.startswith(REASON) for line in lines[:20])
    ]
    assert long == []


def test_no_function_is_long_without_a_reason() -> None:
    long = [
        f"{name(file)}:{line} {function}: {length} lines"
        for file in FILES
        for function, line, length in long_functions(file.read_text(encoding="utf-8"), parse(file))
    ]
    assert long == []


def long_functions(text: str, tree: ast.Module) -> Iterator[tuple[str, int, int]]:
    """Name, line and length of each function past the limit that has no reason above it."""
    lines = text.splitlines()
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        above = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 2
        if length > FUNCTION_LINES and not (above >= 0 and lines[above].strip().startswith(REASON)):
            yield node.name, node.lineno, length


@pytest.mark.parametrize(("above", "found"), [("", 1), ("# long: a table of forty rows", 0)])
def test_a_long_function_is_found_unless_it_gives_its_reason(above: str, found: int) -> None:
    text = "\n".join([above, "@decorated", "def tale() -> None:", *["    pass"] * FUNCTION_LINES])
    assert len(list(long_functions(text, ast.parse(text)))) == found
