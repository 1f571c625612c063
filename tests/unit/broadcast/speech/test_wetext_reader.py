"""How notices are read aloud: a table of written and spoken sentences, through our rules and wetext."""

import threading
from pathlib import Path

import pytest

from broadcast.speech.wetext_reader import normalise, read_aloud

_TABLE = Path(__file__).parents[1] / "domain" / "spoken" / "golden.tsv"
GOLDEN = [
    tuple(cell.replace("\\n", "\n") for cell in line.split("\t"))
    for line in _TABLE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("written", "spoken"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_reads_as_people_say_it(written: str, spoken: str) -> None:
    assert read_aloud(written) == spoken


@pytest.mark.parametrize("spoken", [row[1] for row in GOLDEN], ids=[row[0] for row in GOLDEN])
def test_reading_a_spoken_text_again_changes_nothing(spoken: str) -> None:
    assert read_aloud(spoken) == spoken


def test_the_table_is_large_and_holds_no_sentence_twice() -> None:
    written = [row[0] for row in GOLDEN]
    assert len(written) >= 120
    assert len(set(written)) == len(written)


def test_quotes_and_backslashes_come_back_as_they_were() -> None:
    assert normalise('他说"3个"') == '他说"三个"'
    assert normalise("甲\\乙3") == "甲\\乙三"


def test_many_threads_read_the_same_text_alike() -> None:
    read: list[str] = []
    threads = [threading.Thread(target=lambda: read.append(normalise("第3次共27人"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == ["第三次共二十七人"] * 8
