"""Figures as Prometheus reads them."""

from hub.metrics import Counter, Gauge, Histogram


def test_buckets_are_cumulative_and_include_their_bound() -> None:
    seconds = Histogram("s", "Seconds.", (0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 3.0):
        seconds.observe(value)
    assert list(seconds.lines()) == [
        "# HELP s Seconds.",
        "# TYPE s histogram",
        's_bucket{le="0.1"} 2',
        's_bucket{le="1.0"} 3',
        's_bucket{le="+Inf"} 4',
        "s_sum 3.65",
        "s_count 4",
    ]


def test_a_gauge_is_set_or_asked() -> None:
    assert list(Gauge("g", "G.", 2).lines())[-1] == "g 2"
    assert list(Gauge("g", "G.", source=lambda: 3.5).lines())[-1] == "g 3.5"


def test_a_counter_grows() -> None:
    counter = Counter("c", "C.")
    counter.add()
    counter.add(2)
    assert list(counter.lines())[-1] == "c 3"
