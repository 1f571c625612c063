"""A checkout small enough to install in a second: the real Makefile and scripts around a program of five lines."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "xiangyin"
version = "0"
[tool.hatch]
"""

# Builds the checkout; where a pipe named `gate` stands it first says that it has begun and waits to be let on.
BACKEND = """
import os, zipfile
def build_editable(folder, settings=None, metadata=None):
    if os.path.exists("gate"):
        with open("gate", "w") as gate:
            gate.write("begun")
        with open("gate") as gate:
            gate.read()
    name = "xiangyin-0-py3-none-any.whl"
    info = "xiangyin-0.dist-info/"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("xiangyin.pth", os.getcwd())
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: xiangyin\\nVersion: 0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "entry_points.txt", "[console_scripts]\\nxiangyin = program:main\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""

# Says that it is ready, then ends in good order at the first signal.
PROGRAM = """
import os, signal, sys
import bell
def main():
    heard, ring = os.pipe()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os.write(ring, b"."))
    print("ready", bell.TONE, *sys.argv[1:], flush=True)
    os.read(heard, 1)
    print("ended in good order", flush=True)
"""


@dataclass(frozen=True)
class Checkout:
    """`folder` is the checkout, `packages` the only place where pip finds anything."""

    folder: Path
    packages: Path
    _started: list[subprocess.Popen[str]] = field(default_factory=list)

    def lock(self, version: str, *, sha256: str | None = None) -> None:
        """Asks for this version of the package `bell` (published here first), with its hash or a given one."""
        wheel = self.packages / f"bell-{version}-py3-none-any.whl"
        info = f"bell-{version}.dist-info/"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("bell.py", f"TONE = {version!r}\n")
            archive.writestr(info + "METADATA", f"Metadata-Version: 2.1\nName: bell\nVersion: {version}\n")
            archive.writestr(info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(info + "RECORD", "")
        digest = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.folder / "requirements.txt").write_text(f"bell=={version} --hash=sha256:{digest}\n")

    def close_gate(self) -> Path:
        """Makes the installation stop on its way; the pipe tells when it is there."""
        gate = self.folder / "gate"
        os.mkfifo(gate)
        return gate

    def make(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts make in a process group of its own, as a terminal does."""
        process = subprocess.Popen(
            ["make", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def end_all(self) -> None:
        """Leaves nothing running, whatever a failed test has left."""
        for process in self._started:
            with process, suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def run_to_ready(self, *arguments: str) -> list[str]:
        """`make run` until the program is ready, then Ctrl-C; every line it said before its end."""
        process = self.make("run", *arguments)
        said = wait_for(process, "ready")
        press_ctrl_c(process)
        process.communicate()
        return said

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.packages),
            "PYTHON": sys.executable,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.packages),
        }


def new_checkout(folder: Path) -> Checkout:
    checkout = Checkout(folder / "checkout", folder / "packages")
    checkout.packages.mkdir()
    shutil.copytree(
        ROOT / "scripts", checkout.folder / "scripts", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "Makefile", checkout.folder)
    for name, text in {"pyproject.toml": PYPROJECT, "backend.py": BACKEND, "program.py": PROGRAM}.items():
        (checkout.folder / name).write_text(text)
    checkout.lock("1.0")
    return checkout


def wait_for(process: subprocess.Popen[str], beginning: str) -> list[str]:
    """Reads lines until one begins so; all of them. Fails with what was said when the process ends before."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        if line.startswith(beginning):
            return said
    raise AssertionError(f"ended with {process.wait()} before saying {beginning!r}: {said}")


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)
