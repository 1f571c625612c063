"""Makes .venv from a lock file and, when a program is named, becomes that program.

    python scripts/environment.py LOCK [-- PROGRAM ARGUMENT…]

Standard library only: this runs before anything is installed. Every package is checked against the hash in
the lock; where it comes from (an index, a mirror, a folder) is pip's own configuration and none of our
business.

An installation that was cut off cannot be told from a whole one by looking at it: pip takes a package for
installed as soon as its metadata lie there. So a marker stands in .venv while pip works, and a .venv that
still has it when the next start comes is thrown away and made anew (quickly: pip keeps its downloads).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

UNFINISHED = ".unfinished"
# A configuration that suits other uses of Python and pip must not bend this environment.
FOREIGN_VARIABLES = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
OWN_VARIABLES = {"PIP_USER": "0", "PIP_REQUIRE_HASHES": "0"}


class PreparationError(Exception):
    """What keeps .venv from being made, and what to do about it, in one line."""


def main(arguments: Sequence[str]) -> None:
    """Prepares .venv for the lock file named first; replaces this process by the program after `--`."""
    lock_name, *rest = arguments
    root = Path(__file__).resolve().parent.parent
    signal.signal(signal.SIGTERM, _leave)
    try:
        with _alone(root):
            prepare(root, root / lock_name)
    except PreparationError as problem:
        sys.exit(str(problem))
    except OSError as error:
        sys.exit(f"Cannot prepare {root / '.venv'}: {error.strerror or error}. {_remedy(error)}")
    except KeyboardInterrupt:
        _die_of(signal.SIGINT)
    if rest[:1] == ["--"]:
        _become(root, rest[1:])


def prepare(root: Path, lock: Path) -> None:
    """Brings root/.venv to the state that `lock` and pyproject.toml ask for; quick when it is there already.

    Raises PreparationError when pip fails, OSError when the folder cannot be written.
    """
    venv = root / ".venv"
    if venv.exists() and (fault := _fault(venv)):
        print(f"Making {venv} anew: {fault}.", flush=True)
        shutil.rmtree(venv)
    if not venv.exists():
        _create(venv)
    packages = len(re.findall(r"^[A-Za-z0-9]\S*==", lock.read_text(), re.MULTILINE))
    _install_once(
        venv,
        what=f"{packages} packages of {lock.name}",
        stamp=venv / f".{lock.stem}.stamp",
        key=lock.read_bytes(),
        arguments=["--require-hashes", "-r", str(lock)],
    )
    _install_once(
        venv,
        what="this checkout",
        stamp=venv / ".checkout.stamp",
        key=_installed_part(root),
        arguments=["--no-build-isolation", "--no-deps", "-e", str(root)],
    )
    _name_by_the_way_there(venv, root)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Holds the checkout against a second make; the kernel lets go of it however this process ends."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is preparing .venv; waiting for it.", flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _fault(venv: Path) -> str | None:
    """Why an existing .venv cannot be used, or None."""
    if (venv / UNFINISHED).exists():
        return "an installation in it was cut off"
    probe = "import pip, sys; assert sys.version_info >= (3, 11)"
    python = venv / "bin" / "python"
    try:
        answer = subprocess.run([str(python), "-I", "-c", probe], capture_output=True, check=False)
    except FileNotFoundError:
        return "the Python it was made with is gone"
    if answer.returncode != 0:
        return "its Python does not run, is too old or has no pip"
    # Scripts in bin/ carry the path they were made for: in a moved or copied checkout they point elsewhere.
    pip_script = venv / "bin" / "pip"
    if not pip_script.exists() or str(venv / "bin") not in pip_script.read_text():
        return "it was made for another folder"
    return None


def _create(venv: Path) -> None:
    venv.mkdir()
    (venv / UNFINISHED).touch()
    _run([sys.executable, "-m", "venv", str(venv)], "python -m venv failed")
    (venv / UNFINISHED).unlink()


def _install_once(venv: Path, *, what: str, stamp: Path, key: bytes, arguments: Sequence[str]) -> None:
    digest = hashlib.sha256(key).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print(f"Installing {what} into .venv (only when it changes) …", flush=True)
    (venv / UNFINISHED).touch()
    pip = [str(venv / "bin" / "python"), "-I", "-m", "pip", "--disable-pip-version-check"]
    _run([*pip, "install", "--quiet", *arguments], f"pip could not install {what}")
    stamp.write_text(digest)
    (venv / UNFINISHED).unlink()


def _name_by_the_way_there(venv: Path, root: Path) -> None:
    """Has .venv find the checkout by a relative path.

    Python reads .pth files in the locale's encoding: an absolute path with Chinese in it, as pip leaves it there,
    keeps every program of this environment from starting under LC_ALL=C or a GB18030 locale.
    """
    for link in venv.glob("lib/python*/site-packages/*xiangyin*.pth"):
        way = os.path.relpath(root, link.parent) + "\n"
        if link.read_bytes() != way.encode():
            link.write_text(way, encoding="ascii")


def _installed_part(root: Path) -> bytes:
    """What an installed checkout depends on in pyproject.toml: the settings of tools do not count."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return repr((project["build-system"], project["project"], project["tool"]["hatch"])).encode()


def _run(command: Sequence[str], failure: str) -> None:
    status = subprocess.run(command, check=False, env=_clean_environment() | OWN_VARIABLES).returncode
    if status != 0:
        raise PreparationError(f"{failure} (exit {status}, reason above); put it right and run make again.")


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES}


def _become(root: Path, command: Sequence[str]) -> NoReturn:
    program = root / ".venv" / "bin" / command[0]
    os.execve(program, [str(program), *command[1:]], _clean_environment())


def _remedy(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "Give yourself the right to write there, or clone into a folder of your own."
    return "Free the space or mend the folder, then run make again."


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _die_of(number: signal.Signals) -> NoReturn:
    """Ends by the signal itself, so that make sees an interruption and not a failure."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main(sys.argv[1:])
