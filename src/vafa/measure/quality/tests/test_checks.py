"""Each check finds what is wrong and leaves alone what is right, and its rows are as many as its count."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from vafa.data.business.actions import change_business, set_rate
from vafa.data.business.queries import get_business
from vafa.data.customers.actions import merge_customers
from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.log.actions import get_or_add_source, take_numbers
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.staff.models import Staff
from vafa.kit.locale.letters import fold_name
from vafa.kit.permissions import Role
from vafa.measure.metrics.tests.ledger import NOW, Ledger
from vafa.measure.quality.actions import look
from vafa.measure.quality.queries import (
    Looked,
    build_looked,
    find_summary,
    get_check,
    get_result,
    list_all_findings,
    list_checks,
    list_findings,
    list_results,
)
from vafa.measure.quality.types import CheckUnknown
from vafa.warehouse.queries import open_snapshot

TODAY = date(2025, 6, 30)
MAY = date(2025, 5, 1)


def look_at(ledger: Ledger, **limits: Any) -> Looked:
    ledger.publish()
    return replace(build_looked(open_snapshot(), get_business(), TODAY), **limits)


def count(looked: Looked, name: str) -> tuple[int | None, int | None]:
    result = get_result(looked, name)
    found = list_findings(looked, name, 0, 1000)
    if (
        get_check(name).counts in ("lines", "returns", "subscriptions", "tickets")
        and name != "mixed_currencies"
    ):
        assert len(found) == (result.count or 0)
        assert [one.cells for one in found[1:3]] == [one.cells for one in list_findings(looked, name, 1, 2)]
    return result.count, result.total


def cells(looked: Looked, name: str) -> dict[str, object]:
    return dict(list_findings(looked, name)[0].cells)


def test_an_empty_business_has_nothing_to_look_at(ledger: Ledger):
    for result in list_results(look_at(ledger)):
        assert (result.count, result.reason) == (None, "no_data"), result.name
        assert result.share is None


def test_a_clean_shop_has_nothing_wrong(ledger: Ledger):
    anna = ledger.add_customer("a", name="Anna", joined_on=MAY)
    ContactPoint.objects.create(customer_id=anna, kind="phone", value="+4930123456")
    for day in range(40):
        ledger.add_order(anna, MAY + timedelta(days=day), 10)
    looked = look_at(ledger)
    assert [(row.name, row.count) for row in list_results(looked) if row.count] == []


def test_lines_that_are_there_twice(ledger: Ledger):
    anna = ledger.add_customer("a")
    for _again in range(3):
        ledger.add_order(anna, MAY, 10, order="one", line="Bread")
    ledger.add_order(anna, MAY, 11, order="one", line="Bread")
    ledger.add_order(anna, MAY, 10, order="another", line="Bread")
    looked = look_at(ledger)
    assert count(looked, "double_lines") == (2, 5)
    found = cells(looked, "double_lines")
    assert (found["order"], found["times"], found["amount"], found["customer"]) == (
        "one",
        3,
        Decimal(10),
        anna,
    )


def test_sales_that_two_sources_tell_of(ledger: Ledger):
    anna, ben = ledger.add_customer("a"), ledger.add_customer("b")
    ledger.add_order(anna, MAY, 10, line="Bread")
    ledger.add_order(anna, MAY, 10, line="Bread")  # the same source: two breads in two orders are no double
    ledger.add_order(ben, MAY, 10, line="Bread")
    looked = look_at(ledger)
    assert count(looked, "sales_of_two_sources") == (0, 3)
    ledger.source = get_or_add_source("till")
    ledger.add_order(ben, MAY, 10, line="Bread")
    ledger.add_order(None, MAY, 10, line="Bread")
    looked = look_at(ledger)
    assert count(looked, "sales_of_two_sources") == (2, 5)
    sources = {one.cells["source"] for one in list_findings(looked, "sales_of_two_sources")}
    assert sources == {"shop", "till"}


def test_orders_before_joining_and_in_the_future(ledger: Ledger):
    anna = ledger.add_customer("a", joined_on=date(2025, 5, 10))
    ledger.add_order(anna, date(2025, 5, 9))
    ledger.add_order(anna, date(2025, 5, 10))
    ledger.add_order(anna, TODAY)
    ledger.add_order(anna, date(2025, 12, 5))
    looked = look_at(ledger)
    assert count(looked, "orders_before_joining") == (1, 4)
    assert cells(looked, "orders_before_joining")["joined"] == date(2025, 5, 10)
    assert count(looked, "future_orders") == (1, 4)
    assert cells(looked, "future_orders")["day"] == date(2025, 12, 5)


def test_sales_without_a_customer(ledger: Ledger):
    ledger.add_order(None, MAY)
    ledger.add_order(ledger.add_customer("a"), MAY)
    looked = look_at(ledger)
    assert count(looked, "anonymous_sales") == (1, 2)
    assert get_result(looked, "anonymous_sales").share == 0.5


def test_amounts_in_another_unit_and_far_out(ledger: Ledger):
    anna = ledger.add_customer("a")
    for day in range(30):
        ledger.add_order(anna, MAY + timedelta(days=day), 100_000 + 1_000 * (day % 5), line="Coffee")
    for day in range(25):
        ledger.add_order(anna, MAY + timedelta(days=day), 1_000_000 + day, line="Machine")
    ledger.add_order(anna, date(2025, 6, 1), 1_020_000, line="Coffee", order="rial")
    ledger.add_order(anna, date(2025, 6, 2), 4_500_000, line="Coffee", order="wild")
    ledger.add_order(anna, date(2025, 6, 3), 600_000, quantity=6, line="Coffee", order="six")
    looked = look_at(ledger)
    assert count(looked, "amounts_in_another_unit") == (1, 58)
    found = cells(looked, "amounts_in_another_unit")
    assert (found["order"], found["note"]) == ("rial", "factor:10")
    assert found["usual"] == pytest.approx(Decimal(102_000), rel=Decimal("0.02"))
    assert count(looked, "amounts_far_out") == (1, 58)
    assert cells(looked, "amounts_far_out")["order"] == "wild"


def test_a_product_with_few_lines_is_held_against_all(ledger: Ledger):
    anna = ledger.add_customer("a")
    for day in range(30):
        ledger.add_order(anna, MAY + timedelta(days=day), 100)
    ledger.add_order(anna, MAY, 100_000_000, line="New", order="wild")
    ledger.add_order(anna, MAY, 120, line="New")
    looked = look_at(ledger)
    found = [*list_findings(looked, "amounts_far_out"), *list_findings(looked, "amounts_in_another_unit")]
    assert [one.cells["order"] for one in found] == ["wild"]


def test_amounts_of_each_currency_are_held_against_their_own(ledger: Ledger):
    change_business(by=None, now=NOW, currency="EUR")
    anna = ledger.add_customer("a")
    for day in range(30):
        ledger.add_order(anna, MAY + timedelta(days=day), 100)
        ledger.add_order(anna, MAY + timedelta(days=day), 5_000_000, currency="IRR")
    looked = look_at(ledger)
    assert count(looked, "amounts_far_out") == (0, 60)
    assert count(looked, "mixed_currencies") == (30, 60)
    assert cells(looked, "mixed_currencies")["note"] == "has_no_rate"
    set_rate("IRR", Decimal("0.00002"), MAY, by=None, now=NOW)
    assert cells(look_at(ledger), "mixed_currencies")["note"] == "has_rate"


def test_days_without_orders_source_by_source(ledger: Ledger):
    anna = ledger.add_customer("a")
    day, rows = date(2024, 9, 2), []
    while day < date(2025, 6, 28):
        if day.weekday() != 6 and not date(2025, 3, 3) <= day < date(2025, 3, 6):
            rows += [(anna, day)] * 8
        day += timedelta(days=1)
    ledger.add_orders(rows)
    looked = look_at(ledger)
    result = get_result(looked, "gaps_in_the_days")
    assert (result.count, result.total) == (3, 299)
    found = cells(looked, "gaps_in_the_days")
    assert (found["from"], found["to"], found["expected"]) == (date(2025, 3, 3), date(2025, 3, 5), 24)


def test_a_holiday_of_the_country_is_no_gap(ledger: Ledger):
    change_business(by=None, now=NOW, country="IR")
    anna = ledger.add_customer("a")
    nowruz = {date(2025, 3, day) for day in (21, 22, 23, 24)}
    days = [date(2024, 10, 1) + timedelta(days=day) for day in range(260)]
    ledger.add_orders([(anna, day) for day in days if day not in nowruz for _again in range(8)])
    assert get_result(look_at(ledger), "gaps_in_the_days").count == 0


def add_return(ledger: Ledger, customer: int, order: str) -> None:
    number = take_numbers(1)
    ReturnLine.objects.create(
        source=ledger.source,
        key=f"r{number}",
        order_key=order,
        customer_id=customer,
        day=MAY,
        amount=5,
        seq=number,
    )


def test_returns_without_their_order(ledger: Ledger):
    anna = ledger.add_customer("a")
    ledger.add_order(anna, MAY, order="here")
    for order in ("here", "gone", ""):
        add_return(ledger, anna, order)
    looked = look_at(ledger)
    assert count(looked, "unmatched_returns") == (2, 3)
    notes = {one.cells["order"]: one.cells["note"] for one in list_findings(looked, "unmatched_returns")}
    assert notes == {"gone": "order_missing", "": "order_unnamed"}


def test_subscriptions_that_overlap_or_hold_no_day(ledger: Ledger):
    anna, ben = ledger.add_customer("a"), ledger.add_customer("b")
    ledger.add_subscription(anna, date(2025, 1, 1), date(2025, 2, 1))
    ledger.add_subscription(anna, date(2025, 2, 1), date(2025, 3, 1))  # touches, does not overlap
    ledger.add_subscription(anna, date(2025, 2, 15), None)
    ledger.add_subscription(anna, date(2025, 2, 20), date(2025, 4, 1), plan="swimming")
    ledger.add_subscription(ben, date(2025, 2, 20), date(2025, 2, 20))
    looked = look_at(ledger)
    assert count(looked, "overlapping_subscriptions") == (1, 5)
    assert cells(looked, "overlapping_subscriptions")["from"] == date(2025, 2, 15)
    assert count(looked, "backward_subscriptions") == (1, 5)
    assert cells(looked, "backward_subscriptions")["customer"] == ben


def add_person(ledger: Ledger, name: str, phone: str = "", email: str = "", **fields: Any) -> int:
    customer = ledger.add_customer(name=name, name_folded=fold_name(name), **fields)
    for kind, value in (("phone", phone), ("email", email)):
        if value:
            ContactPoint.objects.create(customer_id=customer, kind=kind, value=value)
    return customer


def test_doubles_by_phone_email_and_name(ledger: Ledger):
    reza = add_person(ledger, "رضا کریمی", "+989120000001")
    again = add_person(ledger, "رضا كريمي", "+989120000001", "reza@example.com")
    add_person(ledger, "مریم کریمی", "+989120000001")
    ali = add_person(ledger, "علی محمدی", birthday=date(1990, 1, 1))
    also_ali = add_person(ledger, "علي محمدي", birthday=date(1990, 1, 1))
    add_person(ledger, "علی محمدی", birthday=date(1991, 1, 1), email="reza@example.com")
    looked = look_at(ledger)
    assert get_result(looked, "same_phone").count == 3
    (phones,) = list_findings(looked, "same_phone")
    assert (phones.cells["value"], phones.cells["note"]) == ("+989120000001", "possible")
    (emails,) = list_findings(looked, "same_email")
    assert emails.cells["note"] == "possible"
    (names,) = list_findings(looked, "same_name")
    assert (names.cells["customers"], names.cells["note"]) == ([ali, also_ali], "likely")
    merge_customers(again, reza, by=None, now=NOW)
    looked = look_at(ledger)
    assert get_result(looked, "same_phone").count == 2
    Customer.objects.filter(pk=ali).update(excluded=True)
    assert also_ali not in {pk for one in list_findings(looked, "same_name") for pk in one.cells["customers"]}


def test_two_of_one_name_and_birthday_are_likely_one(ledger: Ledger):
    one = add_person(ledger, "Anna Brown", birthday=date(1990, 1, 1))
    other = add_person(ledger, "anna brown", birthday=date(1990, 1, 1))
    (found,) = list_findings(look_at(ledger), "same_name")
    assert found.likely
    assert found.cells["customers"] == [one, other]


def test_two_of_one_name_and_place_are_possibly_one_where_one_cannot_be_reached(ledger: Ledger):
    one = add_person(ledger, "Anna Brown", "+4930123456", location="Bonn")
    other = add_person(ledger, "Anna Brown", location="Bonn")
    add_person(ledger, "Anna Brown", location="Ulm")
    for number in ("+4930123457", "+4930123458"):
        add_person(ledger, "Ben Black", number, location="Bonn")
    (found,) = list_findings(look_at(ledger), "same_name")
    assert (found.cells["customers"], found.cells["note"]) == ([one, other], "possible")


def test_customers_who_cannot_be_reached(ledger: Ledger):
    silent = add_person(ledger, "Anna")
    kept = add_person(ledger, "Ben")
    merged = add_person(ledger, "Ben", "+4930123456")
    merge_customers(merged, kept, by=None, now=NOW)
    looked = look_at(ledger)
    assert count(looked, "unreachable") == (1, 2)
    assert cells(looked, "unreachable")["customer"] == silent


def test_an_agent_sees_own_customers_only(ledger: Ledger):
    agent = Staff.objects.create_user("a@example.com", "a long walk", role=Role.AGENT, created_at=NOW)
    mine = add_person(ledger, "Anna Brown", "+4930123456", owner_id=agent.pk, joined_on=date(2025, 6, 1))
    other = add_person(ledger, "Anna Brown", "+4930123456", joined_on=date(2025, 6, 1))
    for customer in (mine, other, None):
        ledger.add_order(customer, MAY)
    whole = look_at(ledger)
    assert count(whole, "orders_before_joining") == (2, 3)
    snapshot = open_snapshot()
    limited = look_at(ledger, owner_id=agent.pk, visible=snapshot.visible_to(agent.pk))
    assert count(limited, "orders_before_joining") == (1, 1)
    assert cells(limited, "orders_before_joining")["customer"] == mine
    assert get_result(limited, "same_phone").count == 0
    for name in ("anonymous_sales", "gaps_in_the_days"):
        assert get_result(limited, name).reason == "whole_only"
        assert list_findings(limited, name) == []
        assert list(list_all_findings(limited, name)) == []


def test_excluded_customers_are_nowhere(ledger: Ledger):
    anna = ledger.add_customer("a", excluded=True, joined_on=TODAY)
    ledger.add_order(anna, MAY)
    assert count(look_at(ledger), "orders_before_joining") == (None, None)


def test_the_rows_name_the_import_that_brought_them(ledger: Ledger):
    line = ledger.add_order(ledger.add_customer("a"), date(2025, 12, 5))
    OrderLine.objects.filter(pk=line.pk).update(import_id=17)
    assert cells(look_at(ledger), "future_orders")["import"] == 17


def test_checks_have_different_names_and_complete_texts():
    entries = list_checks()
    assert len({entry.name for entry in entries}) == len(entries)
    for entry in entries:
        assert all((entry.title, entry.meaning, entry.effect, entry.remedy, entry.columns))
    with pytest.raises(CheckUnknown):
        get_check("nonsense")


def test_the_newest_counts_are_kept_and_renewed_only_when_something_has_changed(ledger: Ledger):
    now = datetime(2025, 6, 30, 12, tzinfo=UTC)
    assert find_summary() is None
    anna = ledger.add_customer("a", joined_on=date(2025, 6, 1))
    ledger.add_order(anna, MAY)
    ledger.publish()
    assert look(now=now)
    summary = find_summary()
    assert summary is not None
    assert (summary.warnings, summary.seen_at) == (1, now)
    assert not look(now=now + timedelta(minutes=10))
    ledger.add_order(anna, date(2029, 1, 1))
    ledger.publish()
    assert look(now=now + timedelta(minutes=20))
    assert find_summary().warnings == 2


def test_the_command_answers_in_words_and_in_json(ledger: Ledger, vafa):
    ledger.add_order(ledger.add_customer("a", joined_on=date(2025, 6, 1)), MAY)
    ledger.publish()
    code, document = vafa("quality", "--json")
    assert code == 0
    checks = {row["name"]: row for row in document["checks"]}
    assert (checks["orders_before_joining"]["count"], checks["orders_before_joining"]["share"]) == (1, 1.0)
    code, document = vafa("quality", "orders_before_joining", "--json")
    assert document["rows"][0]["day"] == "2025-05-01"
    code, text = vafa("quality")
    assert "! Orders before joining (orders_before_joining): 1 of 1" in text
    code, document = vafa("quality", "nonsense", "--json")
    assert (code, document["error"]) == (2, "check_unknown")


def test_tickets_with_impossible_times(ledger: Ledger):
    anna, ben = ledger.add_customer("a"), ledger.add_customer("b")
    at, hour = datetime(2025, 5, 1, 10, tzinfo=UTC), timedelta(hours=1)
    wrong = ledger.add_ticket(anna, at, at - hour, at + hour, agent_name="Sara")
    ledger.add_ticket(ben, at, at + hour, at - hour)
    ledger.add_ticket(None, at, closed_at=at - hour, closed_on=MAY)
    ledger.add_ticket(anna, at, at, at)
    ledger.add_ticket(anna, at, first_response_on=date(2025, 4, 1))
    looked = look_at(ledger)
    assert count(looked, "impossible_times") == (3, 5)
    found = {one.cells["ticket"]: one.cells for one in list_findings(looked, "impossible_times")}
    cells_of = found[wrong.key]
    assert (cells_of["customer"], cells_of["staff"], cells_of["source"]) == (anna, "Sara", "shop")
    assert (cells_of["note"], cells_of["answered"]) == ("answered_before_opened", at - hour)
    assert sorted(one["note"] for one in found.values()) == [
        "answered_before_opened", "ended_before_opened", "ended_before_opened",
    ]  # fmt: skip
    snapshot = open_snapshot()
    own = replace(looked, owner_id=1, visible=snapshot.ix_set([ben]))
    assert count(own, "impossible_times") == (1, 1)
