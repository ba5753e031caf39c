"""The search box finds people as others write them, by indexes alone, and shows an agent only their own."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection

from vafa.data.customers import seeking
from vafa.data.customers.actions import follow_customers, forget_words, merge_customers
from vafa.data.customers.erasing import erase
from vafa.data.customers.models import (
    ContactPoint,
    Customer,
    CustomerKey,
    SearchPart,
    SearchPlace,
    SearchWord,
)
from vafa.data.customers.queries import seek_customers
from vafa.data.customers.words import list_inner_parts, list_words
from vafa.data.log.actions import get_or_add_source, take_numbers
from vafa.data.staff.models import Staff
from vafa.kit.locale.letters import fold_name
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def add(name, *points, **fields):
    customer = Customer.objects.create(name=name, name_folded=fold_name(name), seq=take_numbers(1), **fields)
    for value in points:
        kind = "email" if "@" in value else "phone"
        ContactPoint.objects.create(customer=customer, kind=kind, value=value)
    return customer.pk


def seek(text, **limits):
    return [hit.id for hit in seek_customers(text, region="IR", **limits)]


@pytest.fixture(params=["indexed", "too new for the index"])
def people(request):
    found = {
        "ali": add("علی‌رضا محمدی", "+989121234567", "ali.mohammadi@example.com"),
        "fatima": add("فاطمة الزهراء أحمد", "+966501112233"),
        "wang": add("王小明", "+8613812345678"),
        "jose": add("José Müller", "jose@example.org", company="Nordwind GmbH"),
    }
    if request.param == "indexed":
        assert follow_customers() == len(found)
        assert follow_customers() == 0
    return found


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("علیرضا", "ali"), ("علي رضا محمدي", "ali"), ("محمدی", "ali"), ("محمدی علی", "ali"), ("حمدی", "ali"),
        ("آقای محمدی", "ali"), ("فاطمه", "fatima"), ("احمد", "fatima"), ("زهرا", "fatima"),
        ("王小明", "wang"), ("小明", "wang"), ("明", "wang"), ("wangxiaoming", "wang"),
        ("xiaom", "wang"), ("wxm", "wang"),
        ("jose", "jose"), ("MULLER", "jose"), ("mull jos", "jose"), ("ülle", "jose"), ("nordw", "jose"),
    ],
)  # fmt: skip
def test_names_are_found_by_any_spelling_of_a_part(people, text, who):
    assert seek(text) == [people[who]]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("0912 123 4567", "ali"), ("۰۹۱۲۱۲۳۴۵۶۷", "ali"), ("+98 912-123", "ali"), ("00989121", "ali"),
        ("4567", "ali wang"), ("۳۴۵۶۷", "ali wang"), ("1234567", "ali wang"), ("12345", "ali wang"),
        ("0912123", "ali"), ("٢٢٣٣", "fatima"), ("0501112233", "fatima"),
        ("+86 138 1234", "wang"), ("5678", "wang"), ("23", ""), ("123456789", ""),
        ("2345", "ali wang"), ("2123", "ali"), ("1212", "ali"), ("121 23", "ali"), ("21 23 45", "ali"),
        ("8912123", "ali"),
        ("381234567", "wang"), ("13812345", "wang"), ("۰۱۱۱۲", "fatima"), ("1357", ""),
    ],
)  # fmt: skip
def test_half_a_phone_number_is_enough(people, text, who):
    assert sorted(seek(text)) == sorted(people[name] for name in who.split())


def test_an_address_is_found_by_its_beginning(people):
    assert seek("ALI.moh") == [people["ali"]]
    assert seek("jose@example.org") == [people["jose"]]
    assert seek("ose@example.org") == []


def test_an_id_of_a_source_comes_first(people):
    CustomerKey.objects.create(
        source_id=get_or_add_source("shop").pk, key="4567", customer_id=people["fatima"]
    )
    assert seek("4567")[:2] == [people["fatima"], people["ali"]]


@pytest.mark.parametrize(
    "text", ["", "   ", "nobody here", "99999", "%", "_", "'; --", "a" * 500, "0" * 40, "محمدی حسین"]
)
def test_what_is_not_there_finds_nobody(people, text):
    assert seek(text) == []


@pytest.mark.parametrize("few", [0, 10_000])
def test_an_agent_finds_only_their_own(people, monkeypatch, few):
    """Whether each of their customers is looked at, or those with the words."""
    monkeypatch.setattr(seeking, "_FEW_OWN", few)
    follow_customers()
    agent = Staff.objects.create_user("agent@example.com", None, role=Role.AGENT, created_at=NOW)
    Customer.objects.filter(pk=people["ali"]).update(owner=agent)
    assert seek("محمدی", owner_id=agent.pk) == [people["ali"]]
    assert seek("محمدی علی", owner_id=agent.pk) == [people["ali"]]
    assert seek("محمدی ilse", owner_id=agent.pk) == []
    assert seek("4567", owner_id=agent.pk) == [people["ali"]]
    assert seek("1234", owner_id=agent.pk) == [people["ali"]]
    assert seek("ali.", owner_id=agent.pk) == [people["ali"]]
    for text in ("فاطمه", "wang", "jose@example.org", "2233", "13812"):
        assert seek(text, owner_id=agent.pk) == []


def test_who_was_merged_is_found_as_the_one_who_was_kept(people):
    merge_customers(people["ali"], people["jose"], by=None, now=NOW)
    follow_customers()
    assert seek("محمدی") == seek("09121234") == [people["jose"]]


def test_a_new_name_takes_the_place_of_the_old_one(people):
    follow_customers()
    Customer.objects.filter(pk=people["jose"]).update(
        name="Ilse", name_folded="ilse", company="", seq=take_numbers(1)
    )
    assert seek("ilse") == [people["jose"]]
    follow_customers()
    assert seek("ilse") == [people["jose"]]
    assert seek("muller") == seek("nordwind") == []


def test_no_word_outlives_the_last_who_had_it(people):
    follow_customers()
    erase([people["jose"]])
    assert not SearchWord.objects.filter(word__in=["jose", "muller", "nordwind", "gmbh"]).exists()
    assert seek("محمدی") == [people["ali"]]
    Customer.objects.all().delete()
    assert not SearchPlace.objects.exists()
    forget_words()
    assert not SearchWord.objects.exists()
    assert not SearchPart.objects.exists()


def test_words_and_their_inner_parts():
    assert list_words("علی‌رضا محمدی") == ["علی", "رضا", "علیرضا", "محمدی"]
    assert list_words("دکتر Anne-Marie O'Neil", "Acme, Inc.") == ["anne", "marie", "oneil", "acme", "inc"]
    assert list_words("王小明") == ["王小明", "wangxiaoming", "wxm"]
    assert list_words("") == []
    assert list_inner_parts("reza") == ["eza"]
    assert list_inner_parts("小明") == ["明"]


def test_the_indexes_are_there_whatever_a_migration_did_to_the_table():
    with connection.cursor() as cursor:
        for name in ("phone_inner_4", "phone_inner_6", "phone_inner_8", "phone_inner_10"):
            cursor.execute(f"DROP INDEX {name}")
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        made = connection.introspection.get_constraints(cursor, "customers_contactpoint")
    assert {"phone_inner_4", "phone_inner_6", "phone_inner_8", "phone_inner_10"} <= set(made)
