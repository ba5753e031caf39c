"""What a process keeps is bounded by bytes."""

from typing import Any

import numpy as np
from pyroaring import BitMap

from vafa.warehouse.keeping import Kept, measure_bytes

KILOBYTE = 1 << 10


def build_large(number: int) -> Any:
    return np.full(10 * KILOBYTE, number, dtype=np.int8)


def ask(kept: Kept, number: int, otherwise: int) -> int:
    """The number of the value that is kept, or of the one built in its place."""
    return int(kept.get(number, lambda: build_large(otherwise))[0])


def test_the_least_used_large_values_go_first():
    kept = Kept(most_bytes=35 * KILOBYTE)
    for number in (1, 2, 3):
        ask(kept, number, number)
    ask(kept, 1, -1)
    ask(kept, 4, 4)
    assert [key for key, _value in kept.list_items()] == [3, 1, 4]
    assert kept.bytes <= 35 * KILOBYTE
    assert ask(kept, 1, -1) == 1
    assert ask(kept, 2, -2) == -2


def test_small_values_are_not_crowded_out_by_large_ones():
    kept = Kept(most_bytes=15 * KILOBYTE)
    kept.put("small", 7)
    for number in range(5):
        kept.put(number, build_large(number))
    assert kept.get("small", lambda: 8) == 7
    assert len(kept) == 2


def test_a_value_larger_than_all_is_kept_alone():
    kept = Kept(most_bytes=KILOBYTE)
    kept.put("first", build_large(1))
    kept.put("second", build_large(2))
    assert [key for key, _value in kept.list_items()] == ["second"]


def test_a_value_that_is_put_again_counts_once():
    kept = Kept()
    for _ in range(3):
        kept.put("same", build_large(1))
    assert kept.bytes == measure_bytes(build_large(1))
    kept.drop("same")
    assert (kept.bytes, len(kept)) == (0, 0)


def test_sets_are_measured_by_what_they_hold():
    scattered, whole = BitMap(range(0, 10_000_000, 7)), BitMap(range(1_000_000))
    whole.run_optimize()
    assert 1_000_000 < measure_bytes(scattered) < 3_000_000
    assert measure_bytes(whole) < 1_000
    many = dict.fromkeys(range(1000), scattered)
    assert 900 < measure_bytes(many) / measure_bytes(scattered) < 1_100
