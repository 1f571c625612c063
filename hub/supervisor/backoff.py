"""How long to wait before a program that ended is started again.

Full jitter: a random share of a span that doubles with each failure, so that what fails together does not
come back together (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
"""

FIRST_SPAN_S = 0.5
LONGEST_SPAN_S = 30.0
LIFELINE_SPAN_S = 2.0  # of what an elder's call goes through: nobody waits half a minute for it
HEALTHY_AFTER_S = 60.0


def pause_s(failures: int, chance: float, longest_s: float = LONGEST_SPAN_S) -> float:
    """Seconds before the next start; `failures` in a row so far (≥ 1), `chance` in 0…1."""
    doublings = min(failures - 1, 16)  # 2¹⁶ is past the longest span, and no count of failures overflows
    return chance * min(FIRST_SPAN_S * 2.0**doublings, longest_s)


def failures_after(failures: int, lived_s: float) -> int:
    """The count of failures in a row, now that a program ended which had lived for `lived_s`."""
    return 1 if lived_s >= HEALTHY_AFTER_S else failures + 1
