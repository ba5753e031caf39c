"""The settings page of the contact budget."""

from datetime import time
from typing import Any

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.models import Budget, Message, Sending
from vafa.act.messaging.queries import get_budget
from vafa.act.messaging.tests.world import NOW, add_customers, add_message
from vafa.data.business.models import Business
from vafa.kit.models import AuditEntry

SAID = {
    "per_day": "۲", "per_week": "", "per_month": "0", "per_point_day": "٣", "quiet_from": "۲۲:۰۰",
    "quiet_until": "8:30", "complaint_days": "30", "refund_days": "0", "rests_on_solemn_days": "on",
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client, team: Team) -> Client:
    client.force_login(team.owner)
    return client


def test_a_budget_is_set_in_any_digits_and_what_waited_for_it_is_judged_anew(owner: Client) -> None:
    message = add_message(add_customers(2))
    rows = Sending.objects.filter(message=message)
    rows.update(state="pending", why="budget", not_before=NOW.replace(year=2099))
    assert owner.post("/settings/budget/", SAID).status_code == 302
    budget = get_budget()
    assert (budget.per_day, budget.per_week, budget.per_month, budget.per_point_day) == (2, None, 0, 3)
    assert (budget.quiet_from, budget.quiet_until) == (time(22), time(8, 30))
    assert (budget.rests_on_holidays, budget.rests_on_solemn_days, budget.refund_days) == (False, True, 0)
    assert set(rows.values_list("why", "not_before__year")) == {("", Message.objects.get().next_at.year)}
    told: Any = AuditEntry.objects.filter(action="budget.changed").get()
    assert "per_day" in told.details["fields"]
    owner.post("/settings/budget/", SAID)
    assert AuditEntry.objects.filter(action="budget.changed").count() == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [("per_day", "-1"), ("per_day", "many"), ("per_week", "1000"), ("quiet_until", ""), ("quiet_until", "22:00"),
     ("quiet_from", "25:00"), ("zone_field", "nothing"), ("refund_days", "x")],
)  # fmt: skip
def test_what_can_not_be_is_refused_by_field(owner: Client, name: str, said: str) -> None:
    page = owner.post("/settings/budget/", SAID | {name: said})
    assert page.status_code == 422
    assert name in page.context["form"].errors
    assert Budget.objects.filter(per_day=2).count() == 0


def test_the_page_tells_what_is_held_back_and_which_days_rest(owner: Client) -> None:
    Business.objects.update(country="IR")
    message = add_message(add_customers(3))
    Sending.objects.filter(message=message).update(state="pending", why="quiet_hours")
    page = owner.get("/settings/budget/")
    assert [row["count"] for row in page.context["held"]] == ["3"]
    assert any(row["is_holiday"] for row in page.context["days"])
