"""A change of very many: done by the worker piece by piece, each once, stopped and taken back at any time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pyroaring import BitMap

from vafa.data.business.actions import change_business
from vafa.data.customers import bulk_changes
from vafa.data.customers.actions import (
    ask_to_undo_bulk_change,
    forget_bulk_changes,
    go_on_with_bulk_change,
    start_bulk_change,
)
from vafa.data.customers.models import BulkChange, Customer
from vafa.data.customers.queries import list_stalled_bulk_changes
from vafa.data.staff.actions import change_role, deactivate_staff
from vafa.front.customers.tasks import go_on_with_stalled, work_on
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.kit.erasing import list_holders
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_changes, "BATCH", 2)
    monkeypatch.setattr("vafa.front.customers.bulk_views.LONG", 3)


def list_tagged() -> list[int]:
    return [pk for pk, tags in Customer.objects.order_by("pk").values_list("pk", "tags") if tags]


def ask(client: Client) -> str:
    answer = client.post(
        "/customers/bulk/", {"do": "tag", "sure": "1", "all": "1", "query": "", "tag": "vip"}
    )
    assert answer.status_code == 303
    return str(answer["Location"])


def test_a_long_change_is_done_by_the_worker_shown_and_taken_back(shop: Shop, signed_in: Client) -> None:
    page = ask(signed_in)
    job = BulkChange.objects.get()
    assert (list_tagged(), job.total, signed_in.get(page).context["job"].polls) == ([], 4, True)
    assert signed_in.get("/customers/").context["jobs"][0].key == job.key
    work_on.call(job.key)
    job.refresh_from_db()
    assert (job.state, job.done, job.changed, bytes(job.ids)) == ("done", 4, 4, b"")
    assert len(list_tagged()) == 4
    assert AuditEntry.objects.get(action="customers.tagged").details["changed"] == 4
    assert signed_in.get(page).context["job"].may_undo
    signed_in.post(f"{page}undo/")
    signed_in.post(f"{page}undo/")
    work_on.call(job.key)
    job.refresh_from_db()
    assert (job.state, list_tagged()) == ("undone", [])
    assert not signed_in.get(page).context["job"].may_undo
    assert signed_in.get(f"{page}undo/").status_code == 405


def run_until(shop: Shop, fails_at: int) -> tuple[str, Callable[[], datetime]]:
    """A job whose worker dies at a piece; its key, and the clock of a later worker."""
    key = start_bulk_change(
        "tag", "vip", list(Customer.objects.values_list("pk", flat=True)), by=None, now=NOW
    ).key
    reads = 0

    def clock() -> datetime:
        nonlocal reads
        reads += 1
        if reads == fails_at:
            raise KeyboardInterrupt
        return NOW

    with pytest.raises(KeyboardInterrupt):
        go_on_with_bulk_change(key, owner_id=None, clock=clock)
    return key, lambda: LATER


@pytest.mark.parametrize("fails_at", [2, 3, 4, 5, 6])
def test_a_worker_may_die_anywhere_and_another_goes_on(shop: Shop, fails_at: int) -> None:
    key, clock = run_until(shop, fails_at)
    assert go_on_with_bulk_change(key, owner_id=None, clock=lambda: NOW) == ""
    assert [job.key for job in list_stalled_bulk_changes(LATER)] == [key]
    assert go_on_with_bulk_change(key, owner_id=None, clock=clock) == "done"
    job = BulkChange.objects.get()
    assert (job.done, job.changed, len(list_tagged())) == (4, 4, 4)


def test_a_change_that_runs_is_stopped_and_all_of_it_taken_back(shop: Shop) -> None:
    key, _clock = run_until(shop, 4)
    assert len(list_tagged()) == 2
    assert ask_to_undo_bulk_change(key, by=None)
    assert not ask_to_undo_bulk_change(key, by=None)
    assert go_on_with_stalled(NOW) == 1
    assert go_on_with_bulk_change(key, owner_id=None, clock=lambda: NOW) == "undone"
    assert list_tagged() == []
    forget_bulk_changes(NOW + timedelta(days=31))
    assert not BulkChange.objects.exists()


def test_nobody_does_by_the_worker_what_they_may_not_do_themselves(shop: Shop, signed_in: Client) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = shop.hire(Role.AGENT)
    shop.ledger.change_customer(shop.staying, owner_id=agent.pk)
    everybody = list(Customer.objects.values_list("pk", flat=True))
    key = start_bulk_change("tag", "vip", everybody, by=agent, now=NOW).key
    work_on.call(key)
    assert list_tagged() == [shop.staying]
    other = start_bulk_change("tag", "more", everybody, by=agent, now=NOW).key
    foreign = ask(signed_in)
    assert sign_in(agent).get(foreign).status_code == 404
    assert sign_in(agent).post(f"{foreign}undo/").status_code == 404
    deactivate_staff(agent, by=None, now=NOW)
    work_on.call(other)
    assert BulkChange.objects.get(key=other).refused
    assert Customer.objects.get(pk=shop.staying).tags == ["vip"]


def test_nobody_takes_back_what_they_may_not_do_any_more(shop: Shop, signed_in: Client) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = shop.hire(Role.AGENT)
    for pk in (shop.staying, shop.leaving):
        shop.ledger.change_customer(pk, owner_id=agent.pk)
    key = start_bulk_change("tag", "vip", [shop.staying, shop.leaving], by=agent, now=NOW).key
    work_on.call(key)
    shop.ledger.change_customer(shop.leaving, owner_id=None)
    page = f"/customers/bulk/{key}/"
    change_role(agent, Role.ANALYST, by=None, now=NOW)
    assert not sign_in(agent).get(page).context["job"].may_undo
    assert sign_in(agent).post(f"{page}undo/").status_code == 403
    change_role(agent, Role.AGENT, by=None, now=NOW)
    # Who has been given away meanwhile keeps the tag.
    assert sign_in(agent).post(f"{page}undo/").status_code == 303
    work_on.call(key)
    assert list_tagged() == [shop.leaving]
    assert BulkChange.objects.get().undo_by == agent
    BulkChange.objects.update(state="done")
    # And whoever may do it to all takes back the rest, in their own name.
    signed_in.post(f"{page}undo/")
    work_on.call(key)
    assert list_tagged() == []
    told = (
        AuditEntry.objects.filter(action="customers.change_undone")
        .order_by("pk")
        .values_list("staff_id", flat=True)
    )
    assert list(told) == [agent.pk, int(signed_in.session["_auth_user_id"])]


def test_taking_back_ends_where_who_asked_for_it_has_left(shop: Shop, signed_in: Client) -> None:
    page = ask(signed_in)
    key = BulkChange.objects.get().key
    work_on.call(key)
    agent = shop.hire(Role.AGENT)
    assert ask_to_undo_bulk_change(key, by=agent)
    deactivate_staff(agent, by=None, now=NOW)
    work_on.call(key)
    job = BulkChange.objects.get()
    assert (job.state, job.refused, len(list_tagged())) == ("done", True, 4)
    assert signed_in.get(page).context["job"].may_undo


def test_who_is_erased_is_in_no_job(shop: Shop) -> None:
    start_bulk_change("tag", "vip", [shop.staying, shop.leaving], by=None, now=NOW)
    holder = next(one for one in list_holders() if one.room == "customers")
    holder.erase([shop.leaving])
    assert list(BitMap.deserialize(bytes(BulkChange.objects.get().ids))) == [shop.staying]
