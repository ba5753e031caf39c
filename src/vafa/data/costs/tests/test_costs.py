"""Margins, spend and the index: what may be kept, what a removal gives back, and one index of one source."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from vafa.data.costs.actions import (
    add_spend,
    put_back,
    remove_margin,
    remove_price_index,
    remove_price_month,
    remove_spend,
    set_margin,
    set_price_month,
)
from vafa.data.costs.queries import (
    find_price_index,
    find_price_source,
    get_margin_table,
    list_margins,
    list_price_months,
    list_spends,
)
from vafa.data.costs.types import CostUnusable
from vafa.kit.models import AuditEntry
from vafa.lab.errors import PriceIndexEmpty

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 1, 1, tzinfo=UTC)
FARVARDIN, ORDIBEHESHT, KHORDAD = date(2024, 3, 20), date(2024, 4, 20), date(2024, 5, 21)


def by_hand(action, *args, **named):
    return action(*args, by=None, now=NOW, **named)


def list_actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_margin_holds_from_its_day_on_and_one_may_hold_from_the_beginning():
    by_hand(set_margin, Decimal("0.3"), None)
    by_hand(set_margin, Decimal("0.25"), FARVARDIN)
    by_hand(set_margin, Decimal("0.2"), FARVARDIN)
    table = get_margin_table()
    shares = [table.find_share(day.toordinal()) for day in (date(1999, 1, 1), FARVARDIN, KHORDAD)]
    assert shares == [Fraction("0.3"), Fraction("0.2"), Fraction("0.2")]
    assert [row.valid_from for row in list_margins()] == [FARVARDIN, None]


@pytest.mark.parametrize("share", ["0", "-0.1", "1.01"])
def test_a_margin_that_is_no_share_is_refused(share):
    with pytest.raises(CostUnusable, match="0%"):
        by_hand(set_margin, Decimal(share), None)
    assert not get_margin_table()


def test_a_removed_margin_comes_back_unless_another_has_taken_its_place():
    row = by_hand(set_margin, Decimal("0.3"), None)
    removed = by_hand(remove_margin, row.pk)
    assert not list_margins()
    assert by_hand(remove_margin, row.pk) is None
    assert by_hand(put_back, removed)
    assert [row.share for row in list_margins()] == [Decimal("0.3")]
    assert not by_hand(put_back, removed)
    assert list_actions() == ["margin.set", "margin.removed", "margin.set"]


def test_a_removed_spend_comes_back_as_it_was():
    spend = by_hand(add_spend, FARVARDIN, KHORDAD, Decimal("1500.5"), "IRT", channel="سرچ", location="Tehran")
    told = list_spends()[0]
    assert (told.start, told.end, told.amount, told.currency) == (
        FARVARDIN,
        KHORDAD,
        Decimal("1500.5"),
        "IRT",
    )
    assert (told.channel, told.location, told.source) == ("سرچ", "Tehran", "by hand")
    removed = by_hand(remove_spend, spend)
    assert not list_spends()
    assert by_hand(put_back, removed)
    again = list_spends()[0]
    assert (again.amount, again.channel, again.start) == (told.amount, told.channel, told.start)
    assert not by_hand(put_back, removed)
    assert list_actions() == ["spend.added", "spend.removed", "cost.put_back"]


def test_a_spend_that_ends_before_it_begins_is_refused():
    with pytest.raises(CostUnusable) as refused:
        by_hand(add_spend, FARVARDIN, FARVARDIN, Decimal(1), "IRT")
    assert refused.value.code == "spend_backwards"
    assert not list_spends()


def test_an_index_is_in_the_money_of_its_latest_month_unless_another_is_asked_for():
    by_hand(set_price_month, ORDIBEHESHT, KHORDAD, Decimal("220.1"), "Statistical Centre")
    by_hand(set_price_month, FARVARDIN, ORDIBEHESHT, Decimal("215.3"), "Statistical Centre")
    told = find_price_index()
    assert told is not None
    assert (told.source, told.first, told.until) == ("Statistical Centre", FARVARDIN, KHORDAD)
    assert told.index.find_factor(FARVARDIN.toordinal()) == Fraction("220.1") / Fraction("215.3")
    first = find_price_index(FARVARDIN)
    assert first is not None
    assert first.index.find_factor(FARVARDIN.toordinal()) == 1
    with pytest.raises(PriceIndexEmpty):
        find_price_index(date(2020, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "value", "source", "code"),
    [
        (ORDIBEHESHT, KHORDAD, "0", "A", "price_unusable"),
        (ORDIBEHESHT, KHORDAD, "1", "B", "other_price_index"),
        (date(2024, 4, 1), date(2024, 5, 1), "1", "A", "price_months_overlap"),
    ],
)
def test_what_would_make_the_index_leap_is_refused(start, end, value, source, code):
    by_hand(set_price_month, FARVARDIN, ORDIBEHESHT, Decimal("215.3"), "A")
    with pytest.raises(CostUnusable) as refused:
        by_hand(set_price_month, start, end, Decimal(value), source)
    assert refused.value.code == code
    assert len(list_price_months()) == 1


def test_a_month_told_again_is_corrected_and_removals_come_back():
    by_hand(set_price_month, FARVARDIN, ORDIBEHESHT, Decimal("215.3"), "A")
    by_hand(set_price_month, FARVARDIN, ORDIBEHESHT, Decimal(216), "A")
    by_hand(set_price_month, ORDIBEHESHT, KHORDAD, Decimal(220), "A")
    first = list_price_months()[1]
    assert first.value == Decimal(216)
    one = by_hand(remove_price_month, first.pk)
    rest = by_hand(remove_price_index)
    assert find_price_index() is None
    assert find_price_source() is None
    assert by_hand(put_back, rest)
    assert by_hand(put_back, one)
    assert [row.value for row in list_price_months()] == [Decimal(220), Decimal(216)]
    assert not by_hand(put_back, one)


def test_an_index_does_not_come_back_beside_another():
    by_hand(set_price_month, FARVARDIN, ORDIBEHESHT, Decimal("215.3"), "A")
    removed = by_hand(remove_price_index)
    by_hand(set_price_month, ORDIBEHESHT, KHORDAD, Decimal(1), "B")
    assert not by_hand(put_back, removed)
    assert find_price_source() == "B"
