"""Any history of sales, returns, rates, margins, spend and prices: the figures of money and their slow twins agree."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.data.business.actions import change_business
from vafa.data.business.models import CurrencyRate
from vafa.data.costs.actions import add_spend, set_margin, set_price_month
from vafa.data.log.actions import take_numbers
from vafa.data.orders.models import ReturnLine
from vafa.lab.calendars import list_month_starts
from vafa.lab.rules import parse_rule
from vafa.measure.metrics.asked_metric import build_table, measure, settle_question
from vafa.measure.metrics.family import Cell, Options, Whose, merge
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.ledger import NOW
from vafa.measure.metrics.tests.money_twin import Twin, Unpriced
from vafa.measure.metrics.tests.test_twins import asking_for_all, in_one_transaction, open_ledger
from vafa.warehouse.queries import open_snapshot

FIRST, LAST = date(2024, 3, 1), date(2024, 6, 30)
PEOPLE = 5
RULE = "purchase:40d"
MONTHS = list_month_starts(range(2024 * 12 + 1, 2024 * 12 + 7), "gregorian").tolist()

some_days = st.dates(FIRST, LAST)
# An order is always the same customer's; the last is nobody's.
lines = st.lists(
    st.tuples(
        st.integers(0, 7), some_days, st.integers(-2, 3), st.integers(-20, 60), st.sampled_from(["IRT", "IRR", "USD"]),
        st.sampled_from(["", "A", "B"]), st.booleans(),
    ),
    min_size=1, max_size=25,
)  # fmt: skip
returns = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 8)), some_days, st.one_of(st.none(), st.integers(1, 3)),
        st.one_of(st.none(), st.integers(1, 60)), st.sampled_from(["IRT", "USD"]),
    ),
    max_size=5,
)  # fmt: skip
rates = st.dictionaries(some_days, st.decimals("0.5", 70_000, places=4), max_size=2)
margins = st.dictionaries(st.one_of(st.none(), some_days), st.decimals("0.01", 1, places=3), max_size=2)
spends = st.lists(
    st.tuples(some_days, st.integers(1, 50), st.integers(1, 900), st.sampled_from(["IRT", "IRR", "USD"])), max_size=4
)  # fmt: skip
prices = st.dictionaries(st.integers(0, 4), st.decimals(50, 400, places=1), max_size=5)
worlds = st.fixed_dictionaries(
    {
        "lines": lines,
        "returns": returns,
        "rates": rates,
        "margins": margins,
        "spends": spends,
        "prices": prices,
    }
)
spans = st.lists(st.tuples(some_days, st.integers(1, 60)), min_size=1, max_size=2)


def write(ledger, world):
    """The records of one example; the customers' ids."""
    change_business(by=None, now=NOW, currency="IRT")
    ids = [ledger.add_customer(location=("Tehran", "Shiraz", "")[n % 3]) for n in range(PEOPLE)]
    for order, day, quantity, amount, currency, place, counts in world["lines"]:
        who = None if order == 7 else ids[order % PEOPLE]
        ledger.add_order(
            who, day, amount, quantity=quantity, order=f"x{order}", currency=currency, location=place, counts=counts
        )  # fmt: skip
    for number, (order, day, quantity, amount, currency) in enumerate(world["returns"]):
        # A return that names no order says whose it is; one that names an order need not.
        owner = ids[number % PEOPLE] if order is None else None
        ReturnLine.objects.create(
            source=ledger.source, key=f"r{number}", order_key="" if order is None else f"x{order}", customer_id=owner,
            day=day, quantity=quantity, amount=amount, currency=currency, seq=take_numbers(1),
        )  # fmt: skip
    for day, rate in world["rates"].items():
        CurrencyRate.objects.create(currency="USD", rate=rate, valid_from=day)
    for valid_from, share in world["margins"].items():
        set_margin(share, valid_from, by=None, now=NOW)
    for start, days, amount, currency in world["spends"]:
        add_spend(start, start + timedelta(days=days), Decimal(amount), currency, by=None, now=NOW)
    for month, value in world["prices"].items():
        start, end = (date.fromordinal(MONTHS[n]) for n in (month, month + 1))
        set_price_month(start, end, value, "centre", by=None, now=NOW)
    ledger.publish(LAST)
    return ids


def check(name, told, start, end, **named):
    """A figure agrees with its twin; where the twin has none, it says why."""
    row = get_metric(name, start=start, end=end, rule=RULE, **named).rows[0]
    if row.reason in ("before_the_data", "after_the_data"):
        return
    if told is None:
        assert row.value is None, (name, row)
        assert row.reason, name
    else:
        assert row.value == pytest.approx(float(told), rel=1e-9, abs=1e-9), (name, row)
        assert row.reason is None


def settle(until, start, days):
    """A span that ends with the data at the latest, as ordinals too."""
    end = min(start + timedelta(days=days), until)
    return end, start.toordinal(), end.toordinal()


@pytest.mark.django_db
@in_one_transaction
@given(worlds, spans)
def test_revenue_and_orders(world, asked_spans):
    with open_ledger() as ledger:
        ids = write(ledger, world)
        snapshot = open_snapshot()
        for seen in (None, {ids[0], ids[2]}):
            twin = Twin(seen)
            visible = None if seen is None else snapshot.ix_set(list(seen))
            for start, days in asked_spans:
                end, first, last = settle(LAST + timedelta(days=1), start, days)
                revenue = twin.revenue(first, last)
                known = twin.has_told(first, last)
                if known:
                    check("revenue", revenue, start, end, visible=visible)
                named = {"visible": visible}
                check("average_order_value", twin.average_order_value(first, last), start, end, **named)
                check("purchase_frequency", twin.purchase_frequency(first, last), start, end, **named)
                if known:
                    told = twin.revenue_per_customer(first, last)
                    check("revenue_per_customer", told, start, end, **named)
                for place in snapshot.list_groups("location"):
                    if "location" not in snapshot.list_dimensions():
                        break
                    part = twin.revenue(first, last, place.value)
                    rows = get_metric("revenue", start=start, end=end, by="location", visible=visible).rows
                    row = next(one for one in rows if one.group == place.value)
                    if row.reason is None:
                        assert row.value == pytest.approx(float(part or 0), abs=1e-9)


@pytest.mark.django_db
@in_one_transaction
@given(worlds, spans)
def test_in_real_terms(world, asked_spans):
    with open_ledger() as ledger:
        write(ledger, world)
        twin = Twin(real=True)
        real = Options(real=True)
        for start, days in asked_spans:
            end, first, last = settle(LAST + timedelta(days=1), start, days)
            for name, ask in (
                ("revenue", twin.revenue),
                ("average_order_value", twin.average_order_value),
                ("cac", twin.cac),
                ("historical_clv", twin.historical_clv),
            ):
                row = get_metric(name, start=start, end=end, rule=RULE, options=real).rows[0]
                if row.reason in ("before_the_data", "after_the_data"):
                    continue
                if not world["prices"]:
                    assert row.value is None
                    assert row.reason in ("no_price_index", "no_orders", "no_rate_for_currency")
                    continue
                try:
                    told = ask(first, last)
                except Unpriced:
                    assert row.value is None, name
                    continue
                if row.value is None:
                    assert row.reason in ("no_orders", "no_rate_for_currency", "no_marketing_spend", "no_newcomers",
                                          "nobody_acquired", "no_margin_for_these_days"), (name, row)  # fmt: skip
                else:
                    assert row.value == pytest.approx(float(told or 0), rel=1e-9, abs=1e-9), (name, row)


@pytest.mark.django_db
@in_one_transaction
@given(worlds, spans)
def test_costs(world, asked_spans):
    with open_ledger() as ledger:
        ids = write(ledger, world)
        snapshot = open_snapshot()
        for start, days in asked_spans:
            end, first, last = settle(LAST + timedelta(days=1), start, days)
            for seen in (None, {ids[1], ids[3]}):
                twin = Twin(seen)
                visible = None if seen is None else snapshot.ix_set(list(seen))
                check("historical_clv", twin.historical_clv(first, last), start, end, visible=visible)
            twin = Twin()
            spend = twin.spend(first, last)
            row = get_metric("cac", start=start, end=end, rule=RULE).rows[0]
            if row.reason in ("before_the_data", "after_the_data"):
                continue
            if spend:
                cac = twin.cac(first, last)
                assert row.value == (None if cac is None else pytest.approx(float(cac), rel=1e-12))
                assert row.details["spend"] == pytest.approx(float(spend), rel=1e-12)
            else:
                assert row.reason in ("no_marketing_spend", "no_rate_for_currency")
            table = get_metric("cac", start=start, end=end, rule=RULE, visible=snapshot.everyone())
            assert table.rows[0].reason == "spend_is_of_all"
            check_quotients(twin, start, end)


def check_quotients(twin, start, end):
    """CLV to CAC, and payback, follow from the figures that they are made of."""
    cac = get_metric("cac", start=start, end=end, rule=RULE).rows[0].value
    clv = get_metric("historical_clv", start=start, end=end, rule=RULE).rows[0].value
    ratio = get_metric("clv_to_cac", start=start, end=end, rule=RULE).rows[0]
    payback = get_metric("payback_months", start=start, end=end, rule=RULE).rows[0]
    if not twin.margins or cac is None or clv is None:
        assert ratio.value is None
        assert ratio.reason
        return
    assert ratio.value == pytest.approx(clv / cac, rel=1e-9)
    if payback.value is None:
        assert payback.reason in ("nobody_active", "nothing_is_left", "no_margin_for_these_days")
        return
    margin = 0.0
    for move in twin.list_moves():
        if move.customer is not None and start.toordinal() <= move.day < end.toordinal():
            share = max(step for step in twin.margins if step[0] <= move.day)[1]
            margin += float(twin.bring(move.amount, move.currency, move.day) or 0) * float(share)
    counts = get_metric("crr", start=start, end=end, rule=RULE).rows[0].counts
    active = (counts.start + counts.end) / 2
    monthly = margin / active / (end - start).days * 365.2425 / 12
    assert payback.value == pytest.approx(cac / monthly, rel=1e-6)


@pytest.mark.django_db
@in_one_transaction
@given(worlds, spans)
def test_retention_of_order_revenue(world, asked_spans):
    with open_ledger() as ledger:
        write(ledger, world)
        snapshot, twin = open_snapshot(), Twin()
        rule = parse_rule(RULE)
        for start, days in asked_spans:
            end, first, last = settle(LAST + timedelta(days=1), start, days)
            net = get_metric("order_revenue_retention", start=start, end=end, rule=RULE).rows[0]
            gross = get_metric("order_grr", start=start, end=end, rule=RULE).rows[0]
            if net.reason in ("before_the_data", "after_the_data", "before_is_cut_off"):
                continue
            active = set(snapshot.ids(snapshot.active(rule, start)).tolist())
            before, now, covered = twin.retention(active, first, last)
            assert net.n == len(active)
            if before <= 0:
                assert net.value is None
                assert gross.value is None
                continue
            assert net.value == pytest.approx(float(now / before), rel=1e-3, abs=1e-3)
            assert gross.value == pytest.approx(float(covered / before), rel=1e-3, abs=1e-3)
            assert net.value is not None
            assert gross.value is not None
            assert gross.value <= min(1, net.value) + 1e-12


@pytest.mark.django_db
@in_one_transaction
@given(worlds, spans)
def test_returns(world, asked_spans):
    with open_ledger() as ledger:
        write(ledger, world)
        twin = Twin()
        for start, days in asked_spans:
            end, first, last = settle(LAST + timedelta(days=1), start, days)
            units = get_metric("return_rate_units", start=start, end=end).rows[0]
            orders = get_metric("return_rate_orders", start=start, end=end).rows[0]
            if units.reason in ("before_the_data", "after_the_data", "no_returns_known"):
                continue
            slow = twin.returns(first, last)
            told = {"returns": slow.returns, "unmatched": slow.unmatched, "unmeasured": slow.unmeasured}
            assert orders.details == units.details == told
            if not slow.orders:
                assert (orders.value, orders.reason) == (None, "no_orders")
                continue
            if slow.unmatched and slow.unmatched == slow.returns and not slow.orders_returned:
                # Things came back, but no return names its order: a share of none would be a lie.
                assert (orders.value, orders.reason) == (None, "returns_without_orders")
            else:
                assert orders.value == slow.orders_returned / slow.orders
            if slow.unmeasured and slow.unmeasured == slow.returns:
                assert units.reason == "returns_without_units"
            elif slow.sold:
                assert units.value == pytest.approx(float(slow.rate_units or 0))


@pytest.mark.django_db
@asking_for_all
@given(worlds, st.sampled_from([None, "customer_location", "location"]), st.booleans())
def test_parts_by_customer_add_up_to_the_whole(world, by, real):
    names = (
        "revenue", "average_order_value", "purchase_frequency", "revenue_per_customer", "order_revenue_retention",
        "order_grr", "historical_clv", "cac", "clv_to_cac", "payback_months", "return_rate_units", "return_rate_orders",
    )  # fmt: skip
    deflated = set(names) - {"purchase_frequency", "return_rate_units", "return_rate_orders"}
    with open_ledger() as ledger:
        write(ledger, world)
        snapshot = open_snapshot()
        if by not in (None, *snapshot.list_dimensions()):
            return
        for name in names:
            options = Options(real=real and name in deflated)
            asked: dict[str, Any] = {
                "start": FIRST,
                "end": LAST,
                "every": "month",
                "rule": RULE,
                "by": by,
                "options": options,
            }
            whole = settle_question(name, snapshot=snapshot, **asked)
            parts: list[Mapping[Cell, Any]] = []
            for place in range(2):
                whose = Whose(shard=snapshot.shard(place, 2), anonymous=place == 0)
                parts.append(measure(settle_question(name, snapshot=snapshot, whose=whose, **asked)))
            assert build_table(whole, merge(parts)) == build_table(whole, measure(whole)), name


@pytest.mark.django_db
@asking_for_all
@given(worlds, st.lists(st.sets(st.integers(0, PEOPLE - 1)), min_size=4, max_size=4), st.booleans())
def test_a_segment_that_changes_counts_in_each_period_who_is_in_it_then(world, segments, held):
    """Whether all periods are asked for at once or one by one: as if each period were asked for by itself."""
    with open_ledger() as ledger, pytest.MonkeyPatch.context() as patch:
        if not held:
            patch.setattr("vafa.measure.metrics.held_days.MOST_LINES_HELD", -1)
        ids = write(ledger, world)
        snapshot = open_snapshot()
        starts = [date(2024, month, 1) for month in (3, 4, 5, 6, 7)]
        chosen = {
            start: snapshot.ix_set([ids[who] for who in segment])
            for start, segment in zip(starts[:-1], segments, strict=True)
        }
        for name in (
            "revenue",
            "average_order_value",
            "revenue_per_customer",
            "historical_clv",
            "return_rate_orders",
        ):
            for by in (None, "location", "customer_location"):
                if by not in (None, *snapshot.list_dimensions()):
                    continue
                asked: dict[str, Any] = {"rule": RULE, "by": by}
                table = get_metric(
                    name, start=starts[0], end=starts[-1], every="month", chosen=chosen.__getitem__, **asked
                )
                for start, end in pairwise(starts):
                    alone = get_metric(name, start=start, end=end, visible=chosen[start], **asked)
                    named = {row.group for row in alone.rows}
                    rows = [row for row in table.rows if row.start == start]
                    # To somebody who sees nobody of a group not even its name is told.
                    assert not any(row.n for row in rows if row.group not in named), (name, by, start)
                    assert [row for row in rows if row.group in named] == list(alone.rows), (name, by, start)
