"""Doing something with many customers: counted and confirmed before, held to whom one may see, and undone."""

from typing import Any

import pytest
from django.test import Client

from vafa.act.followups.models import Task
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.staff.actions import add_staff, make_role
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.front.tests.conftest import PASSWORD
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Permission, Role
from vafa.measure.segments.actions import create_segment
from vafa.measure.segments.queries import get_segment_members
from vafa.warehouse.queries import open_snapshot

BULK, UNDO = "/customers/bulk/", "/customers/bulk/undo/"


def get_tags() -> dict[int, list[str]]:
    return dict(Customer.objects.order_by("pk").values_list("pk", "tags"))


def do(client: Client, what: str, **told: Any) -> Any:
    return client.post(BULK, {"do": what, "sure": "1", **told})


def test_nothing_happens_before_it_is_confirmed(shop: Shop, signed_in: Client) -> None:
    answer = signed_in.post(BULK, {"do": "tag", "id": [shop.staying, shop.leaving]})
    assert answer.status_code == 200
    assert (answer.context["count"], answer.context["ids"]) == ("2 customers", [shop.staying, shop.leaving])
    assert not any(get_tags().values())
    assert do(signed_in, "tag", id=[shop.staying], tag="").status_code == 422
    assert do(signed_in, "tag", id=[shop.staying], tag="a, b").status_code == 422
    assert signed_in.get(BULK).status_code == 405


def test_chosen_rows_are_tagged_and_as_before_again(shop: Shop, signed_in: Client) -> None:
    Customer.objects.filter(pk=shop.staying).update(tags=["old"])
    assert do(signed_in, "tag", id=[shop.staying, shop.leaving], tag=" vip ").status_code == 303
    assert get_tags()[shop.staying] == ["old", "vip"]
    assert get_tags()[shop.newcomer] == []
    page = signed_in.get("/customers/")
    assert page.context["undo_text"] == "2 customers were changed."
    signed_in.post(UNDO)
    assert get_tags()[shop.staying] == ["old"]
    assert get_tags()[shop.leaving] == []
    assert signed_in.get("/customers/").context["undo_text"] == ""
    signed_in.post(UNDO)
    do(signed_in, "untag", id=[shop.staying], tag="old")
    assert get_tags()[shop.staying] == []


def test_all_who_match_are_those_of_the_whole_filter(shop: Shop, signed_in: Client) -> None:
    do(signed_in, "tag", all="1", query="state=active", tag="here")
    tagged = {pk for pk, tags in get_tags().items() if tags}
    shown = {row.id for row in signed_in.get("/customers/?state=active").context["rows"]}
    assert tagged == shown
    assert 0 < len(shown) < 4
    do(signed_in, "tag", all="1", query="q=Anna", tag="found")
    assert [pk for pk, tags in get_tags().items() if "found" in tags] == [shop.newcomer]


def test_customers_are_given_to_staff(shop: Shop, signed_in: Client) -> None:
    agent = shop.hire(Role.AGENT)
    do(signed_in, "assign", all="1", query="", owner=str(agent.pk))
    assert Customer.objects.filter(owner=agent).count() == 4
    signed_in.post(UNDO)
    assert not Customer.objects.filter(owner=agent).exists()
    assert do(signed_in, "assign", id=[shop.staying], owner="999").status_code == 422


def test_customers_come_onto_a_list_and_off_again(shop: Shop, signed_in: Client) -> None:
    slug = create_segment("Friends", None, by=None, now=NOW).slug
    do(signed_in, "list", id=[shop.staying, shop.leaving], list=slug)
    snapshot = open_snapshot()
    assert get_segment_members(slug, snapshot) == snapshot.ix_set([shop.staying, shop.leaving])
    signed_in.post(UNDO)
    assert not get_segment_members(slug, open_snapshot())


def test_who_is_limited_takes_back_only_what_they_still_look_after(shop: Shop, owner: Staff) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    own = make_role(
        name="Lists",
        permissions=[Permission.SEE_CUSTOMERS, Permission.SEE_FIGURES, Permission.EDIT_SEGMENTS],
        own_only=True,
        by=owner,
        now=NOW,
    )
    agent = add_staff(email="own@example.com", role=f"own:{own.pk}", by=owner, now=NOW, password=PASSWORD)
    for who in (shop.staying, shop.leaving):
        shop.ledger.change_customer(who, owner_id=agent.pk)
    shop.ledger.publish()
    slug, client = create_segment("Friends", None, by=None, now=NOW).slug, sign_in(agent)
    do(client, "list", id=[shop.staying, shop.leaving], list=slug)
    # Given to nobody since, also before the warehouse has heard of it.
    shop.ledger.change_customer(shop.leaving, owner_id=None)
    client.post(UNDO)
    snapshot = open_snapshot()
    assert get_segment_members(slug, snapshot) == snapshot.ix_set([shop.leaving])


def test_chosen_rows_are_taken_as_a_file_and_the_audit_knows(shop: Shop, signed_in: Client) -> None:
    answer = do(signed_in, "export", id=[shop.newcomer], format="csv")
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Anna Brown" in lines[1]
    assert AuditEntry.objects.get(action="customers.exported").details["rows"] == 1


def test_tasks_are_made_for_chosen_rows(shop: Shop, signed_in: Client) -> None:
    answer = do(
        signed_in, "tasks", id=[shop.staying, shop.leaving], title="Call them", due_on="2026-02-01", days="1",
        priority="2", sharing="owner",
    )  # fmt: skip
    assert answer.status_code in (302, 303)
    assert set(Task.objects.values_list("customer_id", flat=True)) == {shop.staying, shop.leaving}


def test_an_agent_reaches_own_customers_only_and_has_no_more_actions_than_permissions(
    shop: Shop, signed_in: Client
) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = shop.hire(Role.AGENT)
    shop.ledger.change_customer(shop.staying, owner_id=agent.pk)
    shop.ledger.publish()
    client = sign_in(agent)
    codes = [code for code, _title in client.get("/customers/").context["bulk_actions"]]
    assert codes == ["tag", "untag", "take_on"]
    do(client, "tag", id=[shop.staying, shop.leaving], tag="mine")
    do(client, "tag", all="1", query="", tag="all")
    assert {pk: tags for pk, tags in get_tags().items() if tags} == {shop.staying: ["mine", "all"]}
    for what in ("assign", "list", "export", "tasks"):
        assert do(client, what, id=[shop.staying]).status_code == 403
    assert do(client, "explode", id=[shop.staying]).status_code == 404
    assert do(client, "tag", id=[shop.leaving], tag="x").status_code == 303
    assert get_tags()[shop.leaving] == []


def test_more_than_may_be_is_refused_whole(
    shop: Shop, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vafa.front.customers.bulk.MOST", 3)
    slug = create_segment("Friends", None, by=None, now=NOW).slug
    do(signed_in, "list", all="1", query="", list=slug)
    assert not get_segment_members(slug, open_snapshot())
    monkeypatch.setattr("vafa.front.customers.bulk.MOST_BEHIND", 3)
    do(signed_in, "tag", all="1", query="", tag="x")
    assert not any(get_tags().values())
