"""Segments by the API: how many, who, page by page, and never more than the token's maker may see."""

from datetime import UTC, date, datetime

import pytest

from vafa.api.tests.conftest import Ask
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role
from vafa.measure.segments.actions import add_members, create_segment
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def regulars(shop: Shop, owner: Staff) -> str:
    """A list by hand of three of the shop's four customers."""
    now = datetime.now(UTC)
    made = create_segment("Regulars", None, by=owner, now=now)
    people = [shop.staying, shop.leaving, shop.returning]
    add_members(made.slug, people, snapshot=open_snapshot(), by=owner, now=now)
    return made.slug


def test_segments_and_their_counts(regulars: str, ask: Ask) -> None:
    _status, told = ask("/segments")
    assert [(one["slug"], one["count"]) for one in told["segments"] if one["kind"] == "list"] == [
        (regulars, 3)
    ]
    status, one = ask(f"/segments/{regulars}")
    assert (status, one["name"], one["count"]) == (200, "Regulars", 3)


def test_members_come_page_by_page(regulars: str, shop: Shop, ask: Ask) -> None:
    seen: list[int] = []
    cursor: int | None = 0
    pages = 0
    while cursor is not None:
        _status, told = ask(f"/segments/{regulars}/members?limit=2&cursor={cursor}")
        seen += [one["id"] for one in told["members"]]
        cursor, pages = told["next_cursor"], pages + 1
    assert seen == sorted([shop.staying, shop.leaving, shop.returning])
    assert pages == 2
    assert told["count"] == 3
    names = {one["name"] for one in ask(f"/segments/{regulars}/members")[1]["members"]}
    assert "رضا کریمی" in names
    entry = AuditEntry.objects.filter(action="api.customers_read").latest("id")
    assert entry.details["rows"] == 3
    assert "رضا" not in str(entry.details)


def test_a_metric_of_a_segment_counts_its_members_only(regulars: str, shop: Shop, ask: Ask) -> None:
    path = "/metrics/customers_end?from=2025-05-01&to=2025-06-01"
    _status, whole = ask(path)
    _status, inside = ask(f"{path}&segment={regulars}")
    # In May the shop's newcomer is not among the regulars.
    assert (whole["rows"][0]["value"], inside["rows"][0]["value"]) == (3, 2)
    assert inside["segment"] == regulars


def test_an_agent_s_token_sees_own_customers(regulars: str, shop: Shop, ask: Ask) -> None:
    agent = shop.hire(Role.AGENT)
    Customer.objects.filter(pk=shop.leaving).update(owner=agent, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    change_business(by=None, now=NOW, agents_own_only=True)
    assert ask(f"/segments/{regulars}", staff=agent)[1]["count"] == 1
    told = ask(f"/segments/{regulars}/members", staff=agent)[1]
    assert [one["id"] for one in told["members"]] == [shop.leaving]
    assert told["count"] == 1
