"""A merge takes the chosen values, keeps whose facts are whose, makes no circles, and can be taken back whole."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections

from vafa.data.customers.actions import (
    AlreadyMerged,
    NotMerged,
    SameCustomer,
    merge_customers,
    unmerge_customer,
)
from vafa.data.customers.models import Customer, Merge
from vafa.data.customers.queries import list_ids_of, list_merges_into, list_missing
from vafa.data.customers.tests.people import NOW, add
from vafa.data.log.models import Happening
from vafa.kit.audit import list_entries
from vafa.kit.errors import VafaError

LATER = NOW + timedelta(days=3)


def kept_of(*ids):
    return [Customer.objects.get(pk=pk).kept_id for pk in ids]


@pytest.mark.django_db
def test_the_chosen_values_are_taken_and_given_back():
    kept = add("Anna", location="Rasht", tags=["vip"], custom={"shoe": "38", "coat": ""})
    other = add("Anna Smith", birthday=date(1990, 5, 1), location="Tehran", tags=["new", "vip"],
                custom={"shoe": "39", "coat": "M"})  # fmt: skip
    people = Customer.objects.in_bulk([kept, other])
    assert list_missing(people[kept], people[other]) == ["birthday", "custom.coat"]
    before: dict[str, Any] = dict(Customer.objects.filter(pk=kept).values().get())
    merge_customers(other, kept, by=None, now=NOW, take=["name", "birthday", "custom.coat"])
    found = Customer.objects.get(pk=kept)
    assert (found.name, found.name_folded, found.birthday) == ("Anna Smith", "annasmith", date(1990, 5, 1))
    assert (found.location, found.custom, found.tags) == (
        "Rasht",
        {"shoe": "38", "coat": "M"},
        ["vip", "new"],
    )
    assert list_ids_of(kept) == [kept, other]
    unmerge_customer(other, by=None, now=LATER)
    after: dict[str, Any] = dict(Customer.objects.filter(pk=kept).values().get())
    assert after.pop("seq") > before.pop("seq")
    assert after == before
    (made,) = list_merges_into([kept])
    assert (made.merged_id, made.at, made.undone_at) == (other, NOW, LATER)


@pytest.mark.django_db
def test_what_was_changed_since_is_not_given_back():
    kept, other = add("Anna"), add("Anna", location="Rasht", company="Nordwind")
    merge_customers(other, kept, by=None, now=NOW, take=["location", "company"])
    Customer.objects.filter(pk=kept).update(location="Yazd")
    unmerge_customer(other, by=None, now=NOW)
    found = Customer.objects.get(pk=kept)
    assert (found.location, found.company) == ("Yazd", "")


@pytest.mark.django_db
def test_merges_leave_their_traces_without_names():
    kept, other = add("Anna"), add("Anna", location="Rasht")
    merge_customers(other, kept, by=None, now=NOW, take=["location"])
    unmerge_customer(other, by=None, now=NOW)
    unmerged, merged = list_entries()[:2]
    assert (merged.action, merged.details) == ("customer.merged", {"kept": kept, "fields": ["location"]})
    assert (unmerged.action, unmerged.subject) == ("customer.unmerged", str(other))
    told = Happening.objects.order_by("seq").values_list("kind", "subject", "live")
    assert list(told) == [("customer_merged", kept, True), ("customer_unmerged", other, True)]
    assert "Rasht" not in str([merged.details, *Happening.objects.values_list("details", flat=True)])


@pytest.mark.django_db
def test_a_chain_ends_at_one_and_comes_apart_link_by_link():
    one, two, three = add("A"), add("B"), add("C")
    merge_customers(one, two, by=None, now=NOW)
    merge_customers(two, three, by=None, now=NOW)
    assert kept_of(one, two, three) == [three, three, None]
    unmerge_customer(two, by=None, now=NOW)
    assert kept_of(one, two, three) == [two, None, None]


@pytest.mark.django_db
def test_who_left_a_chain_first_stays_alone():
    one, two, three = add("A"), add("B"), add("C")
    merge_customers(one, two, by=None, now=NOW)
    merge_customers(two, three, by=None, now=NOW)
    unmerge_customer(one, by=None, now=NOW)
    merge_customers(one, three, by=None, now=NOW)
    unmerge_customer(two, by=None, now=NOW)
    assert kept_of(one, two, three) == [three, None, None]


@pytest.mark.django_db
def test_a_merge_into_a_merged_one_goes_to_who_was_kept():
    one, two, three = add("A"), add("B"), add("C")
    merge_customers(two, one, by=None, now=NOW)
    merge_customers(three, two, by=None, now=NOW)
    assert kept_of(one, two, three) == [None, one, one]


@pytest.mark.django_db
def test_no_circle_and_nothing_twice():
    one, two, three = add("A"), add("B"), add("C")
    merge_customers(two, one, by=None, now=NOW)
    for merged, kept in ((one, two), (two, one), (one, one), (two, two)):
        with pytest.raises(SameCustomer):
            merge_customers(merged, kept, by=None, now=NOW)
    with pytest.raises(AlreadyMerged):
        merge_customers(two, three, by=None, now=NOW)
    assert kept_of(one, two, three) == [None, one, None]
    assert Merge.objects.count() == 1
    unmerge_customer(two, by=None, now=NOW)
    with pytest.raises(NotMerged):
        unmerge_customer(two, by=None, now=NOW)


def insist(merged, kept):
    """Merge, as soon as the other one lets go: the tests' SQLite in memory refuses where a file's would wait."""
    while True:
        try:
            return merge_customers(merged, kept, by=None, now=NOW)
        except OperationalError:
            continue


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("opposite", [False, True])
def test_two_who_merge_the_same_pair_at_once(opposite):
    """One succeeds and the other is told, whichever way round they try."""
    one, two = add("A"), add("B")
    ways = [(two, one), (one, two) if opposite else (two, one)]
    start, told = threading.Barrier(2), []

    def merge(merged, kept):
        start.wait()
        try:
            insist(merged, kept)
            told.append("done")
        except VafaError as error:
            told.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=merge, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "same_customer"]
    assert sorted(kept_of(one, two), key=str) in ([one, None], [two, None])
    assert Merge.objects.count() == 1
