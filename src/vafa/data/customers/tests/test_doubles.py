"""Who may be one person is proposed by what they share, nobody else is, and what somebody decided stays decided."""

from datetime import date, timedelta

import pytest

from vafa.data.customers.actions import (
    ask_for_doubles,
    find_doubles,
    keep_apart,
    merge_customers,
    merge_pairs,
    renew_doubles,
    reopen_double,
    unmerge_batch,
    unmerge_customer,
)
from vafa.data.customers.models import Customer, Double
from vafa.data.customers.queries import count_doubles, get_looked_at, list_doubles, list_merged_of_batch
from vafa.data.customers.rules import CERTAIN, LEAST, is_near, list_pairs, score_pair
from vafa.data.customers.tests.people import NOW, add
from vafa.data.log.actions import take_numbers
from vafa.data.staff.models import Staff
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db
PHONE, OTHER = "+989121234567", "+989351112233"
BORN = date(1990, 5, 1)


def find(**asked):
    find_doubles(NOW)
    return {(one.first, one.second): one for one in list_doubles(**asked)}


def propose(one, other):
    """What is proposed of two customers: the evidence, or None."""
    found = find().get((one, other))
    return set(found.evidence) if found else None


@pytest.mark.parametrize(
    ("one", "other", "evidence"),
    [
        (("علی رضایی", PHONE), ("علي رضائی", PHONE), {"phone", "name"}),
        (("Anna Smith", "a@example.com"), ("Anna", "a@example.com"), {"email", "similar_name"}),
        (("Anna Smith", "a@example.com"), ("Ben Jones", "a@example.com"), None),
        (("Anna Smith", PHONE), ("", PHONE), {"phone"}),
        (("Anna Smith", PHONE), ("Smith Anna", PHONE), {"phone", "similar_name"}),
        (("Anna Smith", PHONE), ("Ben Smith", PHONE), None),
        (("Anna Smith", PHONE), ("Anna Smith", "+989121234576"), {"name", "near_phone"}),
        (("Anna Smith", PHONE), ("Anna Smith", "+989131234567"), {"name", "near_phone"}),
        (("Anna Smith", PHONE), ("Anna Smith", OTHER), None),
        (("Anna Smith",), ("Anna Smith",), None),
    ],
)
def test_two_are_proposed_by_what_they_share(one, other, evidence):
    """An address alone is weighed down by another name: 70 - 20 stays above the least."""
    found = propose(add(*one), add(*other))
    expected = {"email", "other_name"} if evidence is None and "@" in str(other) else evidence
    assert found == expected


def test_a_birthday_or_a_company_beside_the_name():
    one, other = add("Anna Smith", birthday=BORN), add("Anna Smith", birthday=BORN)
    third, fourth = add("Cem Kaya", company="Nordwind"), add("Cem Kaya", company="Nordwind")
    found = find()
    assert set(found[one, other].evidence) == {"name", "birthday"}
    assert set(found[third, fourth].evidence) == {"name", "company"}
    assert len(found) == 2


def test_another_birthday_speaks_against_it():
    one = add("Anna Smith", PHONE, birthday=BORN)
    other = add("Anna Smith", PHONE, birthday=BORN + timedelta(days=400))
    assert find()[one, other].level == "possible"


def test_a_number_of_many_tells_nothing():
    for number in range(9):
        add(f"Person {chr(97 + number)}", PHONE)
    assert find() == {}


def test_who_is_left_out_or_has_a_number_no_more_is_not_proposed():
    one, other, third = add("Anna", PHONE), add("Anna", PHONE), add("Anna", PHONE)
    Customer.objects.filter(pk=one).update(excluded=True)
    Customer.objects.get(pk=third).contact_points.update(detached="not_me")
    assert find() == {}
    Customer.objects.filter(pk=one).update(excluded=False)
    assert list(find()) == [(one, other)]


def test_what_is_gone_is_proposed_no_more():
    one, other = add("Anna", PHONE), add("Anna", PHONE)
    assert list(find()) == [(one, other)]
    Customer.objects.get(pk=other).contact_points.all().delete()
    assert find() == {}


def test_two_who_were_said_to_be_two_are_not_proposed_again():
    one, other, third = add("Anna", PHONE), add("Anna", PHONE), add("Anna", OTHER)
    assert list(find()) == [(one, other)]
    keep_apart(other, one, by=None, now=NOW)
    assert find() == {}
    # What was said of somebody holds when another is merged into them.
    merge_customers(other, third, by=None, now=NOW)
    assert find() == {}
    unmerge_customer(other, by=None, now=NOW)
    reopen_double(one, other, by=None, now=NOW)
    assert list(find()) == [(one, other)]


def test_merging_settles_a_proposal_and_taking_apart_is_remembered():
    one, other = add("Anna", PHONE), add("Anna", PHONE)
    assert list(find()) == [(one, other)]
    merge_customers(other, one, by=None, now=NOW)
    assert find() == {}
    unmerge_customer(other, by=None, now=NOW)
    assert find() == {}
    assert Double.objects.get().state == "different"


def test_all_certain_ones_are_merged_by_one_click_and_taken_apart_by_another():
    one, two, three = add("Anna", PHONE), add("Anna", PHONE, location="Rasht"), add("Anna", PHONE)
    pairs = list(find(level="certain"))
    assert len(pairs) == 3
    assert merge_pairs(pairs, by=None, now=NOW, batch="b1") == 2
    assert set(Customer.objects.exclude(kept=None).values_list("pk", "kept_id")) == {(two, one), (three, one)}
    assert Customer.objects.get(pk=one).location == "Rasht"
    assert sorted(list_merged_of_batch("b1")) == [two, three]
    assert find() == {}
    assert unmerge_batch("b1", by=None, now=NOW) == 2
    assert not Customer.objects.exclude(kept=None).exists()
    assert Customer.objects.get(pk=one).location == ""
    assert sorted(find()) == sorted(pairs)
    assert unmerge_batch("", by=None, now=NOW) == 0


def test_an_agent_is_shown_only_pairs_of_their_own():
    agent = Staff.objects.create_user("agent@example.com", None, role=Role.AGENT, created_at=NOW)
    one, other = add("Anna", PHONE, owner=agent), add("Anna", PHONE, owner=agent)
    add("Anna", PHONE)
    assert list(find(owner_id=agent.pk)) == [(one, other)]
    assert len(find()) == 3
    assert (count_doubles(agent.pk)["certain"], count_doubles()["certain"]) == (1, 3)


def test_the_worker_looks_only_when_there_is_something_new():
    add("Anna", PHONE)
    assert renew_doubles(NOW)
    assert not renew_doubles(NOW + timedelta(hours=2))
    add("Anna", PHONE)
    assert not renew_doubles(NOW + timedelta(minutes=5))
    ask_for_doubles(NOW)
    assert get_looked_at()[1]
    assert renew_doubles(NOW + timedelta(minutes=5))
    assert count_doubles()["certain"] == 1
    Customer.objects.update(seq=take_numbers(1))
    assert renew_doubles(NOW + timedelta(hours=2))


def test_scores_keep_their_order():
    assert score_pair({"phone", "name"}) >= CERTAIN
    assert score_pair({"phone", "name", "other_birthday"}) < CERTAIN
    assert score_pair({"phone", "other_name"}) < LEAST <= score_pair({"phone"})
    assert score_pair({"name", "location"}) == score_pair(set()) == 0
    assert score_pair({"email", "phone", "name", "birthday", "company", "location"}) == 99
    assert list_pairs([3, 1, 3]) == [(1, 3)]
    assert list_pairs([1]) == list_pairs(range(20)) == []
    assert is_near("12345", "12354")
    assert not is_near("12345", "12345")
    assert not is_near("12345", "21354")
