"""The universal holdout set up on its page, and its result."""

from datetime import UTC, date, datetime

import pytest

from vafa.act.messaging.models import Exposure, Holdout, Sending
from vafa.act.messaging.queries import build_holdout_key, find_holdout
from vafa.act.messaging.tasks import keep_holdout
from vafa.act.messaging.tests.world import add_message, add_permission
from vafa.data.business.actions import change_business
from vafa.data.consent.models import ConsentEntry
from vafa.data.consent.types import Purpose
from vafa.data.customers.models import ContactPoint
from vafa.front.trials.tests.test_pages import sign_in
from vafa.kit import clock
from vafa.kit.permissions import Role
from vafa.measure.metrics.tests.ledger import ledger
from vafa.prove.outcomes.tasks import look
from vafa.prove.outcomes.tests.tried import tried
from vafa.prove.trials.queries import find_standing, find_trial, has_result

__all__ = ["ledger", "tried"]

PAGE = "/settings/holdout/"
BEGAN = datetime(2026, 5, 1, 8, tzinfo=UTC)
SAID = {"share": "0.2", "days": "90", "renews": "no"}


@pytest.fixture
def reachable(tried, monkeypatch):
    """Customers who may be written to, before the data of the period have come."""
    change_business(by=None, now=BEGAN, name="Shop", currency="IRT", agents_own_only=True, is_set_up=True)
    points = [
        ContactPoint(customer_id=pk, kind="email", value=f"c{pk}@example.org") for pk in tried.customers
    ]
    ContactPoint.objects.bulk_create(points)
    add_permission(tried.customers)
    ConsentEntry.objects.update(at=datetime(2026, 4, 1, tzinfo=UTC))
    tried.ledger.publish(date(2026, 5, 1))
    monkeypatch.setattr(clock, "now", lambda: BEGAN)
    return tried


def test_it_is_set_up_with_its_price_ended_and_taken_back(reachable):
    owner, manager = sign_in(Role.OWNER), sign_in(Role.MANAGER)
    assert "There is none" in owner.get(PAGE).content.decode()
    assert [manager.get(PAGE).status_code, manager.post(PAGE, SAID).status_code] == [403, 403]
    prices = owner.get(f"{PAGE}price/?days=90").context["prices"]
    assert [row[0] for row in prices.rows][-1] == "20%"
    assert prices.rows[-1][1] == "120"
    assert owner.post(PAGE, SAID | {"share": "3"}).status_code == 422
    assert owner.post(PAGE, SAID).status_code == 302
    assert "are being dealt" in owner.get(PAGE).content.decode()
    keep_holdout(BEGAN)
    told = owner.get(PAGE)
    assert "600 customers" in told.content.decode()
    assert len(told.context["periods"]) == 1
    owner.post(f"{PAGE}do/", {"do": "end"})
    assert find_holdout() is None
    owner.post(f"{PAGE}do/", {"do": "undo"})
    assert find_holdout() is not None
    assert owner.get(f"{PAGE}do/").status_code == 405


def test_its_result_counts_all_that_was_sent_and_an_early_end_keeps_the_safe_interval(reachable):
    owner = sign_in(Role.OWNER)
    owner.post(PAGE, SAID)
    keep_holdout(BEGAN)
    key = build_holdout_key(Holdout.objects.get())
    for purpose, cost in ((Purpose.MARKETING, 3), (Purpose.SERVICE, 100)):
        message = add_message(reachable.customers[:2], f"test:{purpose}", purpose=purpose)
        Sending.objects.filter(message=message).update(cost=cost, handed_at=BEGAN)
    reachable.ledger.publish(date(2026, 5, 20))
    look(BEGAN)
    standing = find_standing(key)
    assert (sum(standing.dealt.values()), standing.cost) == (600, 6)
    held = set(Exposure.objects.filter(trial_key=key, arm="control").values_list("customer_id", flat=True))
    bought = {pk for pk, day in reachable.orders if date(2026, 5, 1) <= day < date(2026, 5, 20)}
    assert (standing.arms[0].n, standing.arms[0].kept) == (len(held), len(held & bought))
    Holdout.objects.update(state="over", ended_at=datetime(2026, 5, 25, 12, tzinfo=UTC))
    reachable.ledger.publish(date(2026, 9, 1))
    look(BEGAN)
    look(BEGAN)
    ended = find_standing(key)
    assert (ended.as_of, ended.is_final, has_result(key)) == (date(2026, 5, 25), False, False)
    assert find_trial(key).cut_on == date(2026, 5, 25)
    page = owner.get(f"/trials/of/{key}/").content.decode()
    assert "Universal control from" in page
    assert "before its planned end" in page
    assert "Ended early" in page
    month = owner.get("/trials/report/?month=2026-05-01").context
    assert key in [row.url.rstrip("/").rsplit("/", 1)[-1] for row in month["ended"]]
    assert [row.origin for row in owner.get("/trials/?state=over").context["rows"]] == ["Universal control"]
