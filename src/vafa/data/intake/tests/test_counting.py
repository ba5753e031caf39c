"""Counting repetitions in bounded memory: what goes to disk counts as what stays in memory."""

import random

from vafa.data.intake.occurrences import Occurrences
from vafa.data.intake.repeats import Repeats


def test_occurrences_beyond_memory_count_alike() -> None:
    rng = random.Random(3)
    keys = [f"k{rng.randrange(500)}" for _ in range(3_000)]
    small, large = Occurrences(most=50), Occurrences()
    assert [small.next(key) for key in keys] == [large.next(key) for key in keys]
    assert len(small.counts) <= 50
    small.close()


def test_a_row_that_brings_its_number_moves_the_count_on() -> None:
    counts = Occurrences()
    assert counts.note("a", 3) == 3
    assert counts.next("a") == 4


def test_repeats_beyond_memory_count_alike() -> None:
    rng = random.Random(4)
    rows = [(str(rng.randrange(60)), str(rng.randrange(60))) for _ in range(5_000)]
    wanted = len(rows) - len(set(rows))
    for most in (10, 999, 10_000):
        repeats = Repeats(most)
        for start in range(0, len(rows), 100):
            repeats.add([list(column) for column in zip(*rows[start : start + 100], strict=True)])
        assert repeats.count() == wanted
        repeats.close()
