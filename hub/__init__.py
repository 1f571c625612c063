"""The hub between call buttons, loudspeakers and the people who help."""

import time

BEGAN_S = time.monotonic()  # `up` says how long it took to be ready
