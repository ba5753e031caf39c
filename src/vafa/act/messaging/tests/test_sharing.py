"""Who shares a number, who was merged, who lives elsewhere, and days of rest: what the gate makes of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.smtp import run_mail_sink
from vafa.act.messaging.actions import add_recipients, deliver
from vafa.act.messaging.exposures import list_arms
from vafa.act.messaging.models import Budget, Exposure, Sending
from vafa.act.messaging.resting import Rest, find_rest
from vafa.act.messaging.rules import DAY, Facts, Go, Limits, Never, Wait, decide
from vafa.act.messaging.tests.world import NOW, add_customers, add_message, add_smtp
from vafa.act.messaging.types import Block, Recipient, TemplateContent, Text
from vafa.act.messaging.zones import find_zone
from vafa.data.customers.models import ContactPoint, Customer, Profile
from vafa.lab.trials import CONTROL, TREATED

CONTENT = TemplateContent("email", (("en", Text(subject="Hi", blocks=(Block("text", "Come"),))),))
TEHRAN = ZoneInfo("Asia/Tehran")


@pytest.fixture
def port(db: None) -> Any:
    with run_mail_sink() as running:
        yield running.port


def send() -> dict[str, int]:
    return dict(deliver(NOW, tell_time=lambda: NOW).counts)


def test_a_cap_of_an_address_holds_whoever_shares_it(port: int) -> None:
    add_smtp(port)
    ids = add_customers(3)
    ContactPoint.objects.filter(customer__in=ids).delete()
    ContactPoint.objects.bulk_create(
        [ContactPoint(customer_id=pk, kind="email", value="family@example.org") for pk in ids]
    )
    message = add_message(ids, template=CONTENT)
    assert send() == {"accepted": 2, "waits": 1}
    last = Sending.objects.get(message=message, state="pending")
    assert (last.why, last.not_before, last.spent_at) == ("point_cap", NOW + DAY, None)
    assert len(set(Sending.objects.filter(state="accepted").values_list("reached", flat=True))) == 1
    add_message(ids[2:], "again", template=CONTENT)
    assert send() == {"waits": 1}


def test_of_two_rows_of_one_person_one_goes(port: int) -> None:
    add_smtp(port)
    kept, other = add_customers(2)
    message = add_message([kept, other], template=CONTENT)
    Customer.objects.filter(pk=other).update(kept_id=kept)
    assert send() == {"accepted": 1, "suppressed": 1}
    assert dict(Sending.objects.values_list("state", "why")) == {"accepted": "", "suppressed": "double"}
    # What went to one of them counts for the other, also where it is told of again.
    assert add_recipients(message, [Recipient(other), Recipient(kept)], now=NOW).added == 0
    add_message([other], "next", template=CONTENT)
    assert send() == {"waits": 1}
    Customer.objects.filter(pk=other).update(kept_id=None)
    assert Sending.objects.get(message__origin="next").customer_id == kept


def test_the_control_group_holds_for_all_ids_of_a_person(port: int) -> None:
    add_smtp(port)
    kept, other = add_customers(2)
    for pk, arm in ((kept, TREATED), (other, CONTROL)):
        Exposure.objects.create(trial_key="t", customer_id=pk, arm=arm, at=NOW)
    assert list_arms("t", [kept, other]) == {kept: TREATED, other: CONTROL}
    Customer.objects.filter(pk=other).update(kept_id=kept)
    assert list_arms("t", [kept]) == {kept: CONTROL}
    Customer.objects.filter(pk=other).update(kept_id=None)
    assert list_arms("t", [kept, other]) == {kept: TREATED, other: CONTROL}


def test_who_likes_another_channel_gets_nothing_by_this_one_where_the_business_says_so(port: int) -> None:
    add_smtp(port)
    ids = add_customers(2)
    Profile.objects.create(customer_id=ids[0], channel="sms")
    Budget.objects.update_or_create(pk=1, defaults={"only_preferred": True})
    add_message(ids, template=CONTENT)
    assert send() == {"accepted": 1, "suppressed": 1}
    assert Sending.objects.get(state="suppressed").why == "not_preferred"


def test_quiet_hours_are_those_of_the_customer(port: int) -> None:
    add_smtp(port)
    ids = add_customers(2)
    # Noon in UTC is eight in the evening in Shanghai, and two in the night in Auckland.
    for pk, number in zip(ids, ("+8613812345678", "+64211234567"), strict=True):
        ContactPoint.objects.create(customer_id=pk, kind="phone", value=number)
    add_message(ids, template=CONTENT)
    assert send() == {"accepted": 1, "waits": 1}
    waiting = Sending.objects.get(state="pending")
    assert (waiting.customer_id, waiting.why) == (ids[1], "quiet_hours")
    assert waiting.not_before == datetime(2026, 6, 3, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "phone", "zone"),
    [
        ("Asia/Shanghai", "+989121234567", "Asia/Shanghai"),
        ("asia/dubai", "", "Asia/Dubai"),
        ("cn", "", "Asia/Shanghai"),
        ("nowhere/at_all", "+8613812345678", "Asia/Shanghai"),
        ("", "+989121234567", "Asia/Tehran"),
        ("", "+80012345678", "Asia/Tehran"),
        ("", "abc", "Asia/Tehran"),
        ("", "", "Asia/Tehran"),
    ],
)
def test_a_customer_s_zone(told: str, phone: str, zone: str) -> None:
    assert find_zone(told, phone, country="IR", zone="Asia/Tehran") == zone


def test_days_of_rest_that_follow_upon_one_another_are_one() -> None:
    # Nowruz: 1 to 4 Farvardin 1405 are holidays by law.
    assert find_rest("IR", date(2026, 3, 21)).holiday_until == date(2026, 3, 25)
    assert find_rest("IR", date(2026, 3, 25)).holiday_until is None
    # Tasu'a and Ashura of 1405.
    assert find_rest("IR", date(2026, 6, 25)).solemn_until is not None
    assert find_rest("", date(2026, 6, 25)) == Rest()


@pytest.mark.parametrize(
    ("facts", "limits", "verdict"),
    [
        (Facts(holiday_until=NOW + DAY), Limits(), Wait(NOW + DAY, "holiday")),
        (Facts(likes_another=True), Limits(), Never("not_preferred")),
        (Facts(likes_another=True, in_budget=False), Limits(), Go("p")),
        (Facts(point_spent=[NOW]), Limits(per_point_day=1), Wait(NOW + DAY, "point_cap")),
        (Facts(point_spent=[NOW - DAY]), Limits(per_point_day=1), Go("p")),
        (
            Facts(point_spent=[NOW, NOW - timedelta(hours=3)]),
            Limits(per_point_day=2),
            Wait(NOW + timedelta(hours=21), "point_cap"),
        ),
        (Facts(point_spent=[]), Limits(per_point_day=0), Wait(NOW + DAY, "point_cap")),
        (
            Facts(spent=[NOW], point_spent=[NOW]),
            Limits(per_week=1, per_point_day=1),
            Wait(NOW + 7 * DAY, "budget"),
        ),
    ],
)
def test_what_becomes_of_one(facts: Facts, limits: Limits, verdict: object) -> None:
    assert decide(facts, limits, TEHRAN, NOW, "p") == verdict
