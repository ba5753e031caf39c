"""RFM through the warehouse: values, scores and groups are those of a count by hand, for any history."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.data.business.actions import set_rate
from vafa.data.business.queries import get_business
from vafa.data.orders.models import ReturnLine
from vafa.lab.rfm import RFM_GROUPS, naive_group, naive_score
from vafa.measure.metrics.queries import get_metric, get_rfm, list_rfm_groups
from vafa.measure.metrics.tests.ledger import NOW, Ledger
from vafa.measure.metrics.tests.test_twins import FIRST, LAST, in_one_transaction, open_ledger, some_days
from vafa.warehouse.queries import Snapshot

pytestmark = pytest.mark.django_db

PEOPLE = 6
ENDS = LAST + timedelta(days=1)
RATE = Decimal("1.25")
RATE_FROM = date(2024, 3, 1)

# Customer, day, amount, discount, currency.
lines = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1),
        some_days,
        st.integers(1, 9) | st.just(Decimal("3.3333")),
        st.sampled_from([0, 0, 1]),
        st.sampled_from(["", "", "EUR", "XXX"]),
    ),
    min_size=1,
    max_size=20,
)
returns = st.lists(st.tuples(st.integers(0, PEOPLE - 1), some_days, st.integers(1, 5)), max_size=3)
cuts = st.sets(st.integers(0, PEOPLE - 1))

Triple = tuple[int, int, int]


def count_by_hand(
    told: list[tuple[int, date, Decimal | int, int, str]],
    back: list[tuple[int, date, int]],
    end: date,
) -> dict[int, Triple]:
    """Last day, days and money (ten-thousandths) of whoever bought before `end`."""
    found: dict[int, Triple] = {}
    for who in range(PEOPLE):
        own = [line for line in told if line[0] == who and line[1] < end]
        if not own:
            continue
        home = sum((Decimal(line[2]) - line[3] for line in own if not line[4]), Decimal(0))
        home -= sum(row[2] for row in back if row[0] == who and row[1] < end)
        abroad = sum(
            (
                Fraction(Decimal(line[2]) - line[3]) * Fraction(RATE)
                for line in own
                if line[4] == "EUR" and line[1] >= RATE_FROM
            ),
            Fraction(0),
        )
        money = int(home * 10_000) + floor(abroad * 10_000)
        found[who] = (max(line[1] for line in own).toordinal(), len({line[1] for line in own}), money)
    return found


def tell_by_hand(values: dict[int, Triple]) -> dict[int, tuple[int, int, int, str]]:
    """Scores and group of each."""
    told: dict[int, tuple[int, int, int, str]] = {}
    for who, own in values.items():
        scores = [naive_score(own[at], [other[at] for other in values.values()]) for at in range(3)]
        told[who] = (scores[0], scores[1], scores[2], naive_group(*scores))
    return told


def fill(ledger: Ledger, told, back) -> tuple[list[int], Snapshot]:
    set_rate("EUR", RATE, RATE_FROM, by=None, now=NOW)
    ids = [ledger.add_customer(location="Tehran" if who < 3 else "Yazd") for who in range(PEOPLE)]
    for who, on, amount, discount, currency in told:
        ledger.add_order(ids[who], on, amount, discount=discount, currency=currency)
    for number, (who, on, amount) in enumerate(back):
        ReturnLine.objects.create(
            source=ledger.source,
            key=f"r{number}",
            customer_id=ids[who],
            day=on,
            amount=amount,
            seq=10**6 + number,
        )
    return ids, ledger.publish(LAST)


@in_one_transaction
@given(lines, returns, st.dates(FIRST, ENDS), cuts)
def test_scores_and_groups_are_those_of_a_count_by_hand(told, back, end, cut):
    with open_ledger() as ledger:
        ids, snapshot = fill(ledger, told, back)
        values = count_by_hand(told, back, end)
        expected = tell_by_hand(values)
        table = get_rfm(snapshot, get_business(), end)
        found = snapshot.list_ids(table.values.numbers).tolist()
        assert sorted(ids.index(one) for one in found) == sorted(values)
        for place, one in enumerate(found):
            who = ids.index(one)
            own = (
                table.values.last_days[place],
                table.values.purchase_days[place],
                table.values.amounts[place],
            )
            assert own == values[who]
            scores = (table.recency[place], table.frequency[place], table.money[place])
            assert (*scores, RFM_GROUPS[table.groups[place]]) == expected[who]
        seen = get_rfm(snapshot, get_business(), end, snapshot.ix_set([ids[who] for who in cut]))
        assert len(seen.values.numbers) == len(cut & set(values))
        for group in RFM_GROUPS:
            members = {ids.index(one) for one in snapshot.ids(seen.list_members(group))}
            assert members == {who for who in cut & set(values) if expected[who][3] == group}
        if end > FIRST:
            check_metric(snapshot, ids, cut, end, expected)


def check_metric(snapshot, ids, cut, end, expected):
    """The counts of the metric: of all, by city, and of those who may be seen."""
    asked = {"start": end - timedelta(days=1), "end": end}
    row = get_metric("rfm_groups", **asked).rows[0]
    if row.reason == "before_the_data":
        return
    counts = Counter(group for *_scores, group in expected.values())
    assert row.details["groups"] == {group: counts[group] for group in RFM_GROUPS}
    assert row.value == len(expected)
    assert sum(row.details["scores"].values()) == len(expected)
    visible = snapshot.ix_set([ids[who] for who in cut])
    seen = get_metric("rfm_groups", **asked, visible=visible).rows[0]
    own = Counter(expected[who][3] for who in cut & set(expected))
    assert seen.details["groups"] == {group: own[group] for group in RFM_GROUPS}
    if "customer_location" in snapshot.list_dimensions():
        rows = get_metric("rfm_groups", **asked, by="customer_location").rows
        assert sum(part.value or 0 for part in rows) == len(expected)


def test_nobody_has_bought_yet(ledger):
    who = ledger.add_customer()
    ledger.add_order(who, date(2024, 3, 3))
    snapshot = ledger.publish(date(2024, 3, 31))
    assert len(get_rfm(snapshot, get_business(), date(2024, 3, 3)).values.numbers) == 0
    assert get_rfm(snapshot, get_business(), date(2024, 3, 4)).values.amounts.tolist() == [100_000]


def test_an_order_taken_back_whole_is_no_purchase_and_no_money(ledger):
    who = ledger.add_customer()
    ledger.add_order(who, date(2024, 3, 3), 20)
    ledger.add_order(who, date(2024, 3, 9), 50, order="x")
    back = {"order_key": "x", "customer_id": who, "quantity": 1, "amount": 50}
    ReturnLine.objects.create(source=ledger.source, key="r", day=date(2024, 3, 11), seq=10**6, **back)
    table = get_rfm(ledger.publish(date(2024, 3, 31)), get_business(), date(2024, 4, 1))
    assert table.values.last_days.tolist() == [date(2024, 3, 3).toordinal()]
    assert (table.values.purchase_days.tolist(), table.values.amounts.tolist()) == ([1], [200_000])


def test_every_group_has_its_words():
    entries = list_rfm_groups()
    assert [entry.key for entry in entries] == list(RFM_GROUPS)
    assert len({entry.title for entry in entries}) == len(RFM_GROUPS)
    assert all(entry.meaning for entry in entries)
