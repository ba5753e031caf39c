"""What is packed comes back, in few bytes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.predict.scores.packing import SIZE, Packed, join, leave_out, mark_left, pack, split, unpack

ROWS = st.lists(
    st.tuples(
        st.integers(1, 2**40),
        st.one_of(st.just(float("nan")), st.floats(0, 1)),
        st.integers(-1, 2),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[0],
)


def build(rows: list[tuple[int, float, int, bool, bool]]) -> Packed:
    ids, chances, bands, active, left = zip(*sorted(rows, key=lambda row: row[0]), strict=True)
    return Packed(
        np.array(ids, np.int64), np.array(chances), np.array(bands, np.int8), np.array(active), np.array(left)
    )


def assert_same(told: Packed, expected: Packed) -> None:
    for name in ("ids", "bands", "active", "left"):
        assert getattr(told, name).tolist() == getattr(expected, name).tolist()
    np.testing.assert_allclose(told.chances, expected.chances, atol=0.5 / 65_534 + 1e-12)


@settings(max_examples=60)
@given(ROWS)
def test_everything_comes_back(rows):
    whole = build(rows)
    assert_same(unpack(pack(whole)), whole)
    without = leave_out(whole, whole.ids[::2])
    assert without.ids.tolist() == whole.ids[1::2].tolist()
    if len(without):
        assert_same(unpack(pack(without)), without)
    turned = mark_left(whole, ~whole.left)
    assert unpack(pack(turned)).left.tolist() == [not row for row in whole.left.tolist()]


def test_a_million_customers_take_less_than_four_megabytes():
    random = np.random.default_rng(5)
    n = 1_000_000
    chances = random.beta(0.6, 0.5, n)
    ids = np.cumsum(random.integers(1, 4, n))
    bands = np.digitize(chances, [0.4, 0.7]).astype(np.int8)
    whole = Packed(ids, chances, bands, random.random(n) < 0.3, np.zeros(n, bool))
    blocks = [pack(part) for part in split(whole)]
    assert len(blocks) == -(-n // SIZE)
    assert sum(map(len, blocks)) < 4_000_000
    assert_same(join(map(unpack, blocks)), whole)


def test_what_is_no_block_is_refused():
    data = pack(build([(5, 0.5, 1, True, False)]))
    with pytest.raises(ValueError, match="form"):
        unpack(b"\x09" + data[1:])
    with pytest.raises(ValueError, match="long"):
        unpack(data[:2] + b"\x02\x00\x00\x00" + data[6:])
    assert len(join([])) == 0
