"""Gaps and RFM of CDNOW, as pandas counts them by its own code (computed once)."""

from datetime import date

import numpy as np

from tests.lab.test_published_cohorts import CDNOW, read_cdnow
from vafa.lab.gaps import build_gaps
from vafa.lab.rfm import RFM_GROUPS, RfmHistograms, build_limits, find_groups, score
from vafa.lab.sets import build_set


def test_gaps_of_cdnow() -> None:
    customers, days = read_cdnow()
    by_day = [(int(day), build_set(customers[days == day])) for day in np.unique(days)]
    gaps = build_gaps(by_day, int(customers.max()) + 1, int(days.max() - days.min()))
    assert (gaps.n, gaps.median, round(gaps.mean or 0, 6)) == (44_021, 34.0, 72.213989)
    assert (gaps.find_quantile(0.25), gaps.find_quantile(0.75)) == (12, 94)
    assert (gaps.to_dict()[7], max(gaps.to_dict())) == (1093, 533)


def test_rfm_of_cdnow() -> None:
    """Purchases above zero of 23,502 customers; most bought on one day, so nobody has 2 for frequency."""
    customers, days = read_cdnow()
    cents = np.array(
        [
            round(float(row.split()[3]) * 100)
            for row in CDNOW.read_text().splitlines()
            if row.strip()[:1].isdigit()
        ]
    )
    bought = cents > 0
    customers, days, cents = customers[bought], days[bought], cents[bought]
    numbers, places = np.unique(customers, return_inverse=True)
    money = np.bincount(places, weights=cents).astype(np.int64)
    pairs = np.unique(np.stack((places, days)), axis=1)
    frequency = np.bincount(pairs[0])
    recency = np.zeros(len(numbers), dtype=np.int64)
    np.maximum.at(recency, places, days)
    limits = build_limits(RfmHistograms.of(recency, frequency, money))
    assert [date.fromordinal(day).isoformat() for day in limits.recency] == [
        "1997-02-03",
        "1997-03-03",
        "1997-04-26",
        "1998-02-10",
    ]
    assert (limits.frequency, limits.money) == ((1, 1, 2, 4), (1536, 3154, 6005, 13_429))
    scores = [
        score(values, own)
        for values, own in ((recency, limits.recency), (frequency, limits.frequency), (money, limits.money))
    ]
    assert np.bincount(scores[0])[1:].tolist() == [4705, 4870, 4534, 4703, 4690]
    assert np.bincount(scores[1])[1:].tolist() == [11_989, 0, 4040, 3638, 3835]
    assert np.bincount(scores[2])[1:].tolist() == [4749, 4656, 4697, 4700, 4700]
    groups = find_groups(*scores)
    counts = dict(zip(RFM_GROUPS, np.bincount(groups, minlength=len(RFM_GROUPS)).tolist(), strict=True))
    assert counts == {
        "champions": 1548 + 1154 + 3168,
        "loyal": 601 + 135 + 2046,
        "potential_loyalists": 6 + 1102 + 2 + 366,
        "new": 0,
        "promising": 1,
        "needs_attention": 898,
        "about_to_sleep": 1359 + 1541,
        "at_risk": 604 + 675 + 219,
        "cant_lose": 118 + 6 + 29,
        "hibernating": 1666 + 2281,
        "lost": 1710 + 2267,
    }
