"""Whom a campaign treated beside a control group is told to the models, by the day and the kept customer."""

from datetime import UTC, datetime, timedelta

import pytest

from vafa.act.messaging.models import Exposure
from vafa.act.messaging.tests.world import NOW, add_customers
from vafa.data.business.models import Business
from vafa.data.customers.models import Customer
from vafa.lab.trials import CONTROL, TREATED
from vafa.predict.models.treatments import find_treatments

pytestmark = pytest.mark.django_db

# Half past eight in the evening in UTC is the next day in Tehran.
EVENING = datetime(2026, 6, 3, 20, 40, tzinfo=UTC)


def deal(key: str, arms: dict[int, str], at: datetime = NOW) -> None:
    Exposure.objects.bulk_create(
        [Exposure(trial_key=key, customer_id=pk, arm=arm, at=at) for pk, arm in arms.items()]
    )


def test_treated_beside_a_control_group_are_told_and_no_others() -> None:
    Business.objects.update_or_create(pk=1, defaults={"zone": "Asia/Tehran"})
    first, second, merged, kept, alone, ours = add_customers(6)
    Customer.objects.filter(pk=merged).update(kept_id=kept)
    deal("campaign:1:1", {first: CONTROL, second: TREATED, merged: TREATED}, EVENING)
    deal("campaign:2:1", {alone: TREATED})
    deal("universal:holdout:1", {first: CONTROL, ours: TREATED})
    found = find_treatments()
    day = datetime(2026, 6, 4, tzinfo=UTC).date()
    assert found.list_within(day, day + timedelta(days=1)).tolist() == sorted([second, kept])
    assert found.list_within(day - timedelta(days=9), day).tolist() == []
    assert len(found.customers) == 2
