"""`xiangyin spoken` prints what will be said, and nothing else."""

import subprocess
import sys

import pytest

from hub import cli


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("反诈热线96110", "反诈热线九六幺幺零\n"),
        ("明天8:30停水,共2户", "明天八点三十分停水，共两户\n"),
        ("奖金￥12,800元", "奖金一万两千八百元\n"),
    ],
)
def test_a_text_is_printed_as_it_will_be_read(
    text: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["spoken", text]) == 0

    assert capfd.readouterr() == (said, "")


def test_a_text_comes_over_a_pipe_too() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "hub", "spoken", "-"],
        input="下午3点开会\n".encode(),
        capture_output=True,
        check=True,
    )

    assert (ran.stdout.decode().strip(), ran.stderr) == ("下午三点开会", b"")


def test_what_cannot_be_read_is_one_sentence_and_a_status(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["spoken", "😀!"]) == 1

    printed = capfd.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
