"""Which recordings may become a broadcast, as far as their size and length go."""

from typing import Final

LARGEST_MB: Final = 20
LARGEST_BYTES: Final = LARGEST_MB * 1024 * 1024
SHORTEST_S: Final = 0.5
LONGEST_S: Final = 300
