"""Installs what the tests use of Debian: the real broker, database, browser and tools.

    python scripts/debian_packages.py

Installs only what is missing, and only what it may: as root, or through sudo where that asks nothing.
Otherwise it names the packages and fails. Standard library only.

Debian starts a service as soon as its package is there and again at every boot. The tests start brokers and
databases of their own on free ports; a mosquitto on 1883 or an nginx on 80 that nobody asked for would take
the ports of `make run` and stand open. So while apt works, /usr/sbin/policy-rc.d forbids starts, and what was
newly installed is left disabled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PACKAGES = (
    "mosquitto",
    "mosquitto-clients",
    "postgresql",
    "chromium",
    "fonts-noto-cjk",
    "influxdb",
    "nginx-light",
    "strace",
    "iproute2",
    "sox",
)
SERVICES = {
    "mosquitto": "mosquitto",
    "postgresql": "postgresql",
    "influxdb": "influxdb",
    "nginx-light": "nginx",
}

POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_MARK = "# Written by Xiangyin's make test"
# It forbids only while the process that wrote it lives, so that even one left by a kill -9 is harmless.
POLICY_TEXT = """#!/bin/sh
{mark}; safe to delete.
[ "$(readlink /proc/{pid}/exe)" = "{program}" ] && exit 101
exit 0
"""


def main() -> None:
    if shutil.which("dpkg-query") is None:
        sys.exit(
            f"The tests use Debian's packages: {' '.join(PACKAGES)}. This is no Debian: "
            "install their equivalents, then run `make check` and `.venv/bin/python -m pytest`."
        )
    missing = missing_packages()
    if not missing:
        return
    if os.geteuid() == 0:
        install(missing)
    elif not _through_sudo():
        sys.exit(f"The tests need Debian packages that are missing: sudo apt-get install {' '.join(missing)}")
    if missing := missing_packages():
        sys.exit(f"These Debian packages could not be installed (reason above): {' '.join(missing)}")


def missing_packages() -> list[str]:
    """Those of PACKAGES that dpkg does not know as installed, in their order."""
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *PACKAGES],
        capture_output=True,
        text=True,
        check=False,  # a name dpkg has never heard of is an error to it and an answer to us
    )
    states = dict(line.split(" ", 1) for line in answer.stdout.splitlines())
    return [package for package in PACKAGES if states.get(package) != "installed"]


def install(packages: Sequence[str]) -> None:
    """Installs packages without starting any service, now or at the next boot. Needs root."""
    print(f"Installing Debian packages for the tests: {' '.join(packages)}", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # The lists may be older than the archive, or missing; a failure here may still leave usable ones.
    subprocess.run([*apt, "update"], env=environment, check=False)
    with services_kept_quiet():
        subprocess.run(
            [*apt, "install", "--yes", "--no-install-recommends", *packages],
            env=environment,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    if shutil.which("systemctl"):
        units = [f"{SERVICES[package]}.service" for package in packages if package in SERVICES]
        subprocess.run(["systemctl", "--quiet", "disable", *units], stderr=subprocess.DEVNULL, check=False)


@contextmanager
def services_kept_quiet() -> Iterator[None]:
    """Forbids packages to start services inside the block; a policy of the owner's own is left alone."""
    if POLICY.exists() and POLICY_MARK not in POLICY.read_text():
        yield
        return
    program = Path("/proc/self/exe").readlink()
    POLICY.write_text(POLICY_TEXT.format(mark=POLICY_MARK, pid=os.getpid(), program=program))
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            POLICY.unlink()


def _through_sudo() -> bool:
    """Runs this script again as root where sudo asks for no password; whether it could."""
    if shutil.which("sudo") is None:
        return False
    if subprocess.run(["sudo", "-n", "true"], check=False, stderr=subprocess.DEVNULL).returncode != 0:
        return False
    return subprocess.run(["sudo", "-n", sys.executable, __file__], check=False).returncode == 0


if __name__ == "__main__":
    main()
