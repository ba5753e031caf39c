"""Real files come in unaided, with the sums that are published for them."""

from decimal import Decimal

import pytest

from vafa.data.intake.tests.helpers import ROOT, bring, counts, query

DATA = ROOT.parent / "shared" / "data"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="the folder shared/data of real files is not here"),
]


def get_sums() -> tuple[Decimal, Decimal]:
    [(quantity, amount)] = query("SELECT SUM(quantity), SUM(amount) FROM orders_orderline")
    return Decimal(quantity) / 10_000, Decimal(amount) / 10_000


def test_cdnow() -> None:
    result = bring(DATA / "cdnow" / "CDNOW_master.txt")
    assert counts(result) == (69_659, 69_659, 0, 0, 0)
    assert (result.summary["first_day"], result.summary["last_day"]) == ("1997-01-01", "1998-06-30")
    assert query("SELECT COUNT(DISTINCT customer_id) FROM orders_orderline") == [(23_570,)]
    assert get_sums() == (Decimal(167_881), Decimal("2500315.63"))
    assert result.summary["repeated_keys"] == 2_068
    assert result.summary["not_positive"] == 80


def test_online_retail() -> None:
    result = bring(DATA / "online_retail" / "online_retail.parquet")
    assert counts(result) == (541_909, 541_909, 0, 0, 0)
    assert result.summary["anonymous"] == 135_080
    assert result.summary["exact_repeats"] == 5_268
    assert query("SELECT COUNT(DISTINCT customer_id), COUNT(DISTINCT order_key) FROM orders_orderline") == [
        (4_372, 25_900)
    ]
    assert query("SELECT COUNT(*) FROM catalogue_location") == [(38,)]
    assert get_sums()[1].quantize(Decimal("0.01")) == Decimal("9747747.93")
    [span] = query("SELECT MIN(at), MAX(at) FROM orders_orderline")
    assert [str(moment)[:16] for moment in span] == ["2010-12-01 08:26", "2011-12-09 12:50"]
