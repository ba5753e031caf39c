"""What became of the customers of a trial, told no earlier than the data allow, and once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from vafa.act.messaging.models import Account, Message, Sending
from vafa.data.business.actions import change_business
from vafa.data.customers.actions import merge_customers
from vafa.kit.erasing import erase_person
from vafa.lab.trials import CONTROL, TREATED
from vafa.measure.metrics.queries import resolve_rule
from vafa.prove.outcomes.computing import compute_outcomes, naive_kept
from vafa.prove.outcomes.following import compute_standing
from vafa.prove.outcomes.tasks import look
from vafa.prove.outcomes.tests.tried import DEALT_AT, DEALT_ON, HORIZON, KEY, N
from vafa.prove.trials.models import Gone, Look, Result
from vafa.prove.trials.queries import find_standing, get_exposures, list_looks, pool_series

NOW = datetime(2026, 7, 1, tzinfo=UTC)
END = DEALT_ON + timedelta(days=HORIZON)


def count(standing: Any) -> int:
    """All who count in its arms."""
    counts: list[int] = [arm.n for arm in standing.arms]
    return sum(counts)


def test_kept_are_those_who_bought_on_a_day_of_the_trial(tried):
    snapshot = tried.ledger.publish(date(2026, 7, 1))
    exposures = get_exposures(KEY)
    told = compute_outcomes(snapshot, resolve_rule(None, snapshot), exposures, HORIZON, END, with_money=True)
    bought: dict[int, list[int]] = {}
    for customer, day in tried.orders:
        bought.setdefault(customer, []).append(day.toordinal())
    exposed = dict.fromkeys(tried.customers, DEALT_ON.toordinal())
    kept = {one for one, flag in zip(exposures.ids.tolist(), told.kept.tolist(), strict=True) if flag}
    assert kept == naive_kept(bought, exposed, HORIZON, END.toordinal())
    inside = [one for one, day in tried.orders if DEALT_ON <= day < END]
    assert told.orders.sum() == len(inside)
    assert told.money.sum() == pytest.approx(10.0 * len(inside))
    assert told.base == 1.0  # all of them bought in April


def test_looks_before_the_end_and_one_result_at_it(tried):
    tried.ledger.publish(date(2026, 5, 10))  # the data end after 10 May, whatever lies in the records
    assert look(NOW) == 1
    assert look(NOW) == 0
    running = find_standing(KEY)
    assert (running.as_of, running.is_final) == (date(2026, 5, 11), False)
    assert {arm.name: arm.kept for arm in running.arms} == {
        arm: tried.count_kept(arm, date(2026, 5, 11)) for arm in (CONTROL, TREATED)
    }
    tried.ledger.publish(date(2026, 5, 29))
    assert look(NOW) == 1
    assert not find_standing(KEY).is_final  # 30 May is a day of the trial, and nobody has told of it
    tried.ledger.publish(date(2026, 5, 30))
    assert look(NOW) == 1
    final = find_standing(KEY)
    assert (final.is_final, final.verdict, final.as_of) == (True, "works", END)
    assert {arm.name: arm.kept for arm in final.arms} == {
        arm: tried.count_kept(arm, END) for arm in (CONTROL, TREATED)
    }
    assert [one.as_of for one in list_looks(KEY)] == [date(2026, 5, 11), date(2026, 5, 30)]
    # What comes in later changes nothing that was told.
    tried.ledger.add_orders([(one, date(2026, 5, 20)) for one in tried.customers])
    tried.ledger.publish(date(2026, 6, 30))
    assert look(NOW) == 0
    assert find_standing(KEY) == final
    assert (Result.objects.count(), Look.objects.count()) == (1, 2)


def test_nothing_is_said_on_days_that_no_source_has_told_of(tried):
    snapshot = tried.ledger.publish(date(2026, 4, 30))
    assert compute_standing(snapshot, tried.trial) is None
    assert look(NOW) == 0


def test_who_was_merged_counts_once_in_the_arm_that_came_first(tried):
    first, second = (
        next(one for one in tried.customers if tried.arms[one] == arm) for arm in (CONTROL, TREATED)
    )
    earlier = min(first, second)
    merge_customers(first, second, by=None, now=NOW)
    standing = compute_standing(tried.ledger.publish(date(2026, 7, 1)), tried.trial)
    counted = {arm.name: arm.n for arm in standing.arms}
    dealt = {arm: sum(1 for one in tried.customers if tried.arms[one] == arm) for arm in (CONTROL, TREATED)}
    left = tried.arms[second if earlier == first else first]
    assert counted == dealt | {left: dealt[left] - 1}
    assert standing.dealt == dealt


def test_who_is_erased_stays_as_a_number_alone(tried):
    snapshot = tried.ledger.publish(date(2026, 5, 29))
    before = compute_standing(snapshot, tried.trial)
    gone = tried.customers[:6]
    for one in gone:
        erase_person([one])
    assert Gone.objects.count() == 2
    erase_person(gone)  # a second time adds nothing
    assert sum(row.n for row in Gone.objects.all()) == 6
    after = compute_standing(tried.ledger.publish(date(2026, 5, 29)), tried.trial)
    assert after.arms == before.arms
    assert after.dealt == before.dealt
    final = compute_standing(tried.ledger.publish(date(2026, 5, 30)), tried.trial)
    assert (final.is_final, count(final), final.is_adjusted) == (True, N, False)


def test_a_trial_that_goes_on_counts_those_for_whom_it_was_planned(tried):
    from vafa.act.messaging.models import Exposure, Trial

    Trial.objects.update(planned=400)
    late = list(Exposure.objects.order_by("pk").values_list("pk", flat=True))[400:]
    Exposure.objects.filter(pk__in=late).update(at=DEALT_AT + timedelta(days=20))
    standing = compute_standing(tried.ledger.publish(date(2026, 5, 30)), tried.trial)
    assert (standing.is_final, count(standing)) == (True, 400)
    Trial.objects.update(planned=0)
    assert not compute_standing(tried.ledger.publish(date(2026, 7, 30)), tried.trial).is_final
    Trial.objects.update(ended_at=NOW)
    assert compute_standing(tried.ledger.publish(date(2026, 7, 31)), tried.trial).is_final


def test_with_contracts_kept_is_whose_contract_still_runs(ledger, tried):
    change_business(by=None, now=NOW, activity_rule="subscription", is_set_up=True)
    for place, one in enumerate(tried.customers):
        stays = tried.arms[one] == TREATED or place % 2
        ledger.add_subscription(one, date(2026, 1, 1), None if stays else date(2026, 5, 15))
    snapshot = ledger.publish(date(2026, 6, 30), kind="subscriptions")
    standing = compute_standing(snapshot, tried.trial)
    assert (standing.basis, standing.verdict) == ("contracts", "works")
    control, treated = standing.arms
    assert treated.kept == treated.n
    assert control.kept == sum(
        1 for place, one in enumerate(tried.customers) if tried.arms[one] == CONTROL and place % 2
    )


def test_the_cost_comes_from_the_ledger_and_runs_are_pooled(tried):
    account = Account.objects.create(name="SMS", channel="sms", kind="sms_http", made_at=NOW)
    message = Message.objects.create(
        origin=KEY,
        content={},
        channels=["sms"],
        purpose="marketing",
        trial=KEY,
        account=account,
        created_at=NOW,
    )
    Sending.objects.bulk_create(
        Sending(
            message=message,
            customer_id=one,
            channel="sms",
            state="accepted",
            cost="150",
            not_before=NOW,
            created_at=NOW,
        )
        for one in tried.customers[:10]
    )
    tried.ledger.publish(date(2026, 6, 30))
    look(NOW)
    assert find_standing(KEY).cost == 1_500.0
    assert pool_series("campaign:12") is None
    result = Result.objects.get()
    Result.objects.create(
        trial_key="campaign:12:2", series="campaign:12", as_of=result.as_of, verdict="works",
        document=result.document, made_at=NOW,
    )  # fmt: skip
    pooled = pool_series("campaign:12")
    assert pooled.runs == 2
    assert pooled.effect.value == pytest.approx(find_standing(KEY).kept.value)
    assert pooled.effect.variance == pytest.approx(find_standing(KEY).kept.variance / 2)
