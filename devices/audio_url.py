"""Where a device may fetch audio from: under an enrolled base, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

SCHEMES: Final = frozenset({"http", "https"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")


def resolve(url: str, bases: Iterable[str]) -> tuple[str, ...]:
    """Return the absolute addresses that `url` means, one per base it lies under; empty when under none.

    `url` is a path or a whole address (RFC 3986, section 5); a base is a whole address of a folder.
    """
    return tuple(dict.fromkeys(found for base in bases if (found := _under(url, base)) is not None))


def _under(url: str, base: str) -> str | None:
    folder = base if base.endswith("/") else base + "/"
    try:
        found = urljoin(folder, url)
        if _is_plain(found) and _covers(urlsplit(folder), urlsplit(found)):
            return found
    except ValueError:  # a port that is no number, an unclosed bracket
        return None
    return None


def _is_plain(address: str) -> bool:
    """Refuse what two readers may read differently: user names, fragments, backslashes, disguised dots."""
    parts = urlsplit(address)
    if not _PRINTABLE.fullmatch(address) or "\\" in address or "@" in parts.netloc or "#" in address:
        return False
    # Decoded twice: a server behind a proxy may do so as well.
    segments = unquote(unquote(parts.path)).replace("\\", "/").split("/")
    return ".." not in segments and "." not in segments


def _covers(base: SplitResult, found: SplitResult) -> bool:
    same_origin = _origin(base) == _origin(found) and base.scheme in SCHEMES
    return same_origin and found.path.startswith(base.path) and len(found.path) > len(base.path)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)
