"""Who may be contacted, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.data.consent.actions import detach_point, end_stop, stop_contact, suppress, unsuppress
from vafa.data.consent.queries import judge, list_states, may_contact
from vafa.data.consent.rules import decide_permission, may_replace
from vafa.data.consent.tests.world import HOUR, NOW, add, say, why
from vafa.data.consent.types import MAY, Channel, Purpose, Reason, StopKind, Way
from vafa.data.customers.actions import merge_customers, unmerge_customer
from vafa.data.customers.models import ContactPoint

pytestmark = pytest.mark.django_db
MAIL = ("email", "ann@example.com")
PHONE = ("phone", "+989121234567")


def test_silence_permits_service_alone():
    ann = add("Ann", MAIL)
    assert why(ann) == Reason.NO_PERMISSION
    assert why(ann, purpose=Purpose.SURVEY) == Reason.NO_PERMISSION
    assert why(ann, purpose=Purpose.SERVICE) == Reason.SERVICE


def test_the_newest_word_holds_and_each_channel_and_purpose_has_its_own():
    ann = add("Ann", MAIL, PHONE)
    say(ann, True)
    assert why(ann) == Reason.PERMITTED
    assert why(ann, Channel.SMS) == Reason.NO_PERMISSION
    assert why(ann, purpose=Purpose.SURVEY) == Reason.NO_PERMISSION
    say(ann, False, at=NOW + HOUR)
    assert (why(ann), why(ann, on=NOW)) == (Reason.REFUSED, Reason.PERMITTED)
    assert why(ann, purpose=Purpose.SERVICE) == Reason.SERVICE


def test_a_yes_without_a_source_is_none():
    ann = add("Ann", MAIL)
    say(ann, True, source="")
    assert why(ann) == Reason.NO_SOURCE


def test_nobody_is_reached_without_an_address():
    assert why(add("Ann", PHONE)) == Reason.NOT_REACHABLE
    assert why(add("Bob", MAIL), Channel.POST, Purpose.SERVICE) == Reason.SERVICE


def test_the_dead_are_left_in_peace_through_a_merge_until_it_was_a_mistake():
    ann, twin = add("Ann", MAIL), add("Anne", ("email", "anne@example.com"))
    say(ann, True)
    stop = stop_contact(twin.pk, StopKind.DECEASED, by=None, now=NOW)
    assert stop_contact(twin.pk, StopKind.DECEASED, by=None, now=NOW).pk == stop.pk
    merge_customers(twin.pk, ann.pk, by=None, now=NOW)
    assert why(ann) == why(ann, purpose=Purpose.SERVICE) == Reason.DECEASED
    unmerge_customer(twin.pk, by=None, now=NOW)
    assert (why(ann), why(twin, purpose=Purpose.SERVICE)) == (Reason.PERMITTED, Reason.DECEASED)
    end_stop(stop, by=None, now=NOW)
    assert why(twin, purpose=Purpose.SERVICE) == Reason.SERVICE


def test_permission_follows_merges_and_parts_with_them():
    ann, twin = add("Ann", MAIL), add("Anne", MAIL)
    say(ann, True)
    say(twin, False, at=NOW + HOUR)
    merge_customers(twin.pk, ann.pk, by=None, now=NOW)
    assert why(ann) == Reason.REFUSED
    unmerge_customer(twin.pk, by=None, now=NOW)
    assert (why(ann), why(twin)) == (Reason.PERMITTED, Reason.REFUSED)


@pytest.mark.parametrize("kind", [StopKind.NOT_ME, StopKind.CHANGED_HANDS])
def test_a_number_that_is_not_theirs_is_not_used_even_where_a_merged_customer_has_it(kind):
    ann, twin = add("Ann", PHONE), add("Anne", PHONE)
    stop = detach_point(ann.pk, kind, *PHONE, by=None, now=NOW)
    assert why(ann, Channel.SMS, Purpose.SERVICE) == Reason.NOT_THEIRS
    assert why(twin, Channel.SMS, Purpose.SERVICE) == Reason.SERVICE
    merge_customers(twin.pk, ann.pk, by=None, now=NOW)
    assert why(ann, Channel.SMS, Purpose.SERVICE) == Reason.NOT_THEIRS
    end_stop(stop, by=None, now=NOW)
    assert why(ann, Channel.SMS, Purpose.SERVICE) == Reason.SERVICE
    assert set(ContactPoint.objects.values_list("detached", flat=True)) == {""}


def test_another_number_is_used_where_one_may_not_be():
    ann = add("Ann", PHONE, ("phone", "+989350000000"))
    suppress("0912 123 4567", "IR", reason="asked by phone", by=None, now=NOW)
    found = may_contact([ann.pk], Channel.SMS, Purpose.SERVICE, NOW)[ann.pk]
    assert (found.allowed, found.points) == (True, ("+989350000000",))


def test_the_do_not_send_list_stops_whoever_has_the_number_until_it_is_taken_off():
    ann, bob = add("Ann", PHONE), add("Bob", PHONE)
    listed = suppress("۰۹۱۲۱۲۳۴۵۶۷", "IR", reason="", everything=False, by=None, now=NOW)
    say(ann, True, channel=Channel.SMS)
    assert listed.masked == "+989…67"
    assert why(ann, Channel.SMS) == why(bob, Channel.SMS) == Reason.SUPPRESSED
    assert why(ann, Channel.SMS, Purpose.SERVICE) == Reason.SERVICE
    unsuppress(listed, reason="asked again", by=None, now=NOW)
    assert why(ann, Channel.SMS) == Reason.PERMITTED


def test_sets_of_everybody_say_what_is_said_of_each():
    people = [add(f"P{n}", *([MAIL] if n % 3 else [])) for n in range(12)]
    for n, person in enumerate(people):
        if n % 2:
            say(person, n % 4 == 1, source="form" if n % 5 else "")
    people[5].kept = people[4]
    people[5].save()
    stop_contact(people[7].pk, StopKind.DECEASED, by=None, now=NOW)
    for purpose in Purpose:
        judgement = judge(Channel.EMAIL, purpose, NOW)
        kept = [person.pk for person in people if person.kept_id is None]
        decided = may_contact(kept, Channel.EMAIL, purpose, NOW)
        assert sorted(judgement.allowed) == [pk for pk in kept if decided[pk].allowed]
        assert sum(map(len, judgement.reasons.values())) == len(kept)
        assert {pk: judgement.find_reason(pk) for pk in kept} == {pk: decided[pk].reason for pk in kept}


def test_states_tell_every_channel_and_purpose():
    ann = add("Ann", MAIL)
    say(ann, True)
    states = {(state.channel, state.purpose): state.allowed for state in list_states(ann.pk)}
    assert len(states) == len(Channel) * len(Purpose)
    assert [key for key, allowed in states.items() if allowed is not None] == [("email", "marketing")]


@given(st.sampled_from(Purpose), st.sampled_from([None, True, False]), st.booleans())
def test_only_a_proven_yes_permits_what_is_no_service(purpose, allowed, told):
    may = decide_permission(purpose, allowed, told) in MAY
    assert may is (allowed is not False if purpose is Purpose.SERVICE else allowed is True and told)


@pytest.mark.parametrize(
    ("allowed", "given_later", "last_allowed", "way", "may"),
    [
        (True, None, False, Way.PAGE, False),
        (True, True, False, Way.PAGE, True),
        (True, False, False, Way.HAND, False),
        (True, None, False, Way.IMPORT, True),
        (False, None, True, Way.PAGE, True),
        (True, None, True, Way.PAGE, True),
    ],
)
def test_an_old_yes_never_follows_somebodys_own_no(allowed, given_later, last_allowed, way, may):
    given_at = None if given_later is None else NOW + (HOUR if given_later else -HOUR)
    found = may_replace(
        allowed=allowed, given_at=given_at, last_allowed=last_allowed, last_way=way, last_at=NOW
    )
    assert found is may
