"""The universal holdout: who gets no marketing at all, what it never holds back, and taking it back."""

from datetime import timedelta
from typing import Any

import pytest

from vafa.act.messaging import universal_dealing
from vafa.act.messaging.actions import end_holdout, set_holdout, undo_holdout
from vafa.act.messaging.exposures import assign
from vafa.act.messaging.gate import decide_many
from vafa.act.messaging.models import Exposure, Holdout, Trial
from vafa.act.messaging.queries import (
    build_holdout_key,
    can_undo,
    find_holdout,
    find_trial,
    list_kept_apart,
    sum_spent,
)
from vafa.act.messaging.rules import Go, Never
from vafa.act.messaging.tasks import keep_holdout
from vafa.act.messaging.tests.world import NOW, add_customers
from vafa.act.messaging.types import HoldoutUnfit
from vafa.data.consent.types import Channel, Purpose
from vafa.kit.models import AuditEntry
from vafa.lab.trials import CONTROL, arm_of

pytestmark = pytest.mark.django_db

ALL: dict[str, Any] = {"festive": False, "trial": "", "not_after": None, "now": NOW}


def begin(share: float = 0.2, days: int = 90, now=NOW, **told) -> Holdout:
    """A period that runs."""
    set_holdout(share, days, renews=told.pop("renews", True), by=None, now=now)
    keep_holdout(now)
    found = find_holdout()
    assert found is not None
    return found


def judge_all(ids, purpose=Purpose.MARKETING, channel=Channel.EMAIL, answers=False):
    return decide_many(ids, channel=str(channel), purpose=str(purpose), answers=answers, **ALL)


def test_everybody_is_dealt_and_recorded_before_anybody_is_held_back(monkeypatch):
    people, silent = add_customers(40), add_customers(5, permit=False, start=40)
    monkeypatch.setattr(universal_dealing, "AT_ONCE", 15)
    set_holdout(0.2, 90, renews=True, by=None, now=NOW)
    with monkeypatch.context() as cut:  # a worker dies in the second piece
        cut.setattr(universal_dealing, "start_holdout", lambda *_a, **_k: pytest.fail("began too early"))
        deal, seen = assign, []

        def die(*args, **told):
            seen.append(args)
            if len(seen) == 2:
                raise KeyboardInterrupt
            return deal(*args, **told)

        cut.setattr(universal_dealing, "assign", die)
        with pytest.raises(KeyboardInterrupt):
            keep_holdout(NOW)
    assert Exposure.objects.count() == 15
    assert list_kept_apart(people, "marketing") == set()
    assert keep_holdout(NOW) == 25
    period = find_holdout()
    assert period is not None
    assert (period.dealt, Exposure.objects.count()) == (40, 40)  # who may get nothing is not in it
    key, shares = build_holdout_key(period), {CONTROL: 0.2, "treated": 0.8}
    held = {pk for pk in [*people, *silent] if arm_of(pk, key, shares) == CONTROL}
    assert list_kept_apart([*people, *silent], "marketing") == held != set()
    assert dict(Exposure.objects.values_list("customer_id", "arm")) == {
        pk: arm_of(pk, key, shares) for pk in people
    }
    assert (find_trial(key).planned, find_trial(key).horizon_days) == (40, 90)


def test_it_holds_back_all_but_service_and_answers_on_every_channel():
    people = add_customers(60)
    held = list_kept_apart(people, "marketing")
    assert held == set()
    begin()
    held = list_kept_apart(people, "marketing")
    verdicts = judge_all(people)
    assert {pk for pk, one in verdicts.items() if one == Never("universal")} == held
    assert all(isinstance(verdicts[pk], Go) for pk in people if pk not in held)
    for channel in Channel:
        told = judge_all(people, channel=channel)
        assert all(told[pk] == Never("universal") for pk in held)
    assert all(
        one == Never("universal") for pk, one in judge_all(people, Purpose.SURVEY).items() if pk in held
    )
    assert all(isinstance(one, Go) for one in judge_all(people, Purpose.SERVICE).values())
    assert not any(one == Never("universal") for one in judge_all(people, answers=True).values())
    new = add_customers(60, start=60)  # who comes later is in it too
    assert {pk for pk, one in judge_all(new).items() if one == Never("universal")} == list_kept_apart(
        new, "marketing"
    )


def test_a_period_is_renewed_with_others_and_holds_until_the_next_is_dealt():
    people = add_customers(60)
    first = begin(days=30)
    held = list_kept_apart(people, "marketing")
    later = NOW + timedelta(days=30)
    assert keep_holdout(later) == 60
    second = find_holdout()
    assert second is not None
    assert (second.number, second.began_at, second.days) == (2, later, 30)
    first.refresh_from_db()
    assert (first.state, first.ended_at) == ("over", later)
    assert list_kept_apart(people, "marketing") not in (held, set())
    set_holdout(0.2, 30, renews=False, by=None, now=later)  # the same period goes on
    assert find_holdout() == second
    keep_holdout(later + timedelta(days=30))
    assert find_holdout() is None
    assert list_kept_apart(people, "marketing") == set()
    assert sum_spent(build_holdout_key(second)) is None


def test_what_was_done_is_taken_back_within_a_day_and_noted():
    people = add_customers(30)
    first = begin()
    held = list_kept_apart(people, "marketing")
    soon, late = NOW + timedelta(hours=3), NOW + timedelta(days=3)
    end_holdout(by=None, now=soon)
    assert list_kept_apart(people, "marketing") == set()
    assert undo_holdout(by=None, now=soon)
    assert find_holdout() == first
    second = begin(0.1, now=late)
    assert undo_holdout(by=None, now=late)
    assert find_holdout() == first
    assert list_kept_apart(people, "marketing") == held
    assert not Trial.objects.filter(key=build_holdout_key(second)).exists()
    keep_holdout(late)
    assert set(Exposure.objects.values_list("trial_key", flat=True)) == {build_holdout_key(first)}
    assert not can_undo(late)
    assert not undo_holdout(by=None, now=late)
    told = list(AuditEntry.objects.filter(action__startswith="holdout.").values_list("action", flat=True))
    assert {"holdout.asked", "holdout.started", "holdout.ended", "holdout.undone"} <= set(told)


@pytest.mark.parametrize(("share", "days"), [(0, 90), (0.5, 90), (0.05, 3), (0.05, 9999)])
def test_an_absurd_size_or_length_is_refused(share, days):
    with pytest.raises(HoldoutUnfit):
        set_holdout(share, days, renews=True, by=None, now=NOW)
    assert Holdout.objects.count() == 0
