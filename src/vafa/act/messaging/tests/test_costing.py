"""What text messages cost is told before they are sent: for the longest case, with all that is put around them."""

from decimal import Decimal

import pytest

from vafa.act.messaging.accounts import add_account
from vafa.act.messaging.contents import Rendered, TemplateContent, Text
from vafa.act.messaging.costing import (
    MOST_LOOKED,
    choose_looked,
    estimate_pieces,
    estimate_sms,
    find_sms_account,
    look_at_sms,
)
from vafa.act.messaging.models import Account
from vafa.act.messaging.sms_rules import fill_pattern
from vafa.act.messaging.tests.world import NOW, add_customers
from vafa.data.business.models import Business
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.models import Customer
from vafa.lab.sms import find_beyond_gsm, measure_sms

pytestmark = pytest.mark.django_db
PERSIAN = TemplateContent("sms", (("fa", Text(body="سلام {{ name }}")),))


@pytest.fixture
def account() -> Account:
    Business.objects.create(
        pk=1, name="Shop", country="IR", currency="IRR", zone="Asia/Tehran", language="fa"
    )
    told = {"line": "advertising", "sender": "10004346", "part_amount": "150", "currency": "IRT"}
    return add_account(
        "SMS", Channel.SMS, "kavenegar", settings=told, secrets={}, profile="ir_kavenegar", by=None, now=NOW
    )


def test_the_longest_name_is_found_and_prices_are_in_the_business_own_money(account: Account) -> None:
    ids = add_customers(5)
    name = "ن" * 70
    Customer.objects.filter(pk=ids[3]).update(name=name)
    found = estimate_sms(PERSIAN, ids, purpose=Purpose.MARKETING, account=account, now=NOW)
    assert found.longest is not None
    assert found.longest.text == f"سلام {name}\nلغو ۱۱"
    assert (found.longest.length.parts, found.longest.cost) == (
        2,
        Decimal(3000),
    )  # 150 tomans a part, in rials
    assert (found.total, found.looked, found.most, found.currency) == (5, 5, Decimal(15_000), "IRR")
    assert found.usual == Decimal(4 * 1500 + 3000)
    assert "لغو" not in look_at_sms(Rendered(text="سلام"), Purpose.SERVICE, "fa", account).text


def test_of_a_pattern_its_approved_words_are_counted_and_values_that_are_refused(account: Account) -> None:
    ids = add_customers(2)
    Customer.objects.filter(pk=ids[0]).update(name="علی")
    text = Text(body="%token عزیز", pattern="hello", slots=(("token", "{{ name }}"),))
    content = TemplateContent("sms", (("fa", text),))
    found = estimate_sms(content, ids, purpose=Purpose.SERVICE, account=account, now=NOW)
    assert found.unfit == 1  # "Customer 1" holds a space
    assert found.longest is not None
    assert (found.longest.text, found.longest.pattern) == ("Customer 1 عزیز", "hello")
    assert fill_pattern("%token20 %token %tokens", {"token": "a", "token20": "b"}) == "b a as"


def test_of_many_those_with_the_longest_names_are_among_those_looked_at(account: Account) -> None:
    ids = add_customers(MOST_LOOKED + 200)
    Customer.objects.filter(pk=ids[701]).update(name="x" * 200)
    looked = choose_looked(ids)
    assert ids[701] in looked
    assert len(looked) <= MOST_LOOKED + 200
    assert set(choose_looked(ids[:50])) == set(ids[:50])


def test_what_breaks_a_rule_is_named_and_signs_that_lengthen_a_latin_text_too(account: Account) -> None:
    shop = look_at_sms(Rendered(text="ببینید: https://shop.ir/x"), Purpose.MARKETING, "fa", account)
    assert shop.problems == ("links_need_approval",)
    account.settings["link_hosts"] = "shop.ir, other.ir"
    shop = look_at_sms(Rendered(text="ببینید: https://shop.ir/x"), Purpose.MARKETING, "fa", account)
    assert shop.problems == ()
    assert find_beyond_gsm("It’s new – it’s good") == {"’": 2, "–": 1}
    assert measure_sms("It's new - it's good").alphabet == "gsm7"
    assert not find_beyond_gsm("plain [text] €")


def test_without_a_price_or_a_rate_a_cost_is_unknown_and_never_of_another_money(account: Account) -> None:
    ids = add_customers(1)
    Business.objects.update(currency="USD")
    found = estimate_sms(PERSIAN, ids, purpose=Purpose.MARKETING, account=account, now=NOW)
    assert (found.most, found.usual) == (None, None)
    account.settings |= {"exchange": "0.00001"}
    found = estimate_sms(PERSIAN, ids, purpose=Purpose.MARKETING, account=account, now=NOW)
    assert found.most == Decimal("0.0015")
    notes = add_account(
        "Notes",
        Channel.POST,
        "staff",
        settings={"form": "note", "part_amount": "2"},
        secrets={},
        by=None,
        now=NOW,
    )
    assert estimate_pieces(7, notes).most == 14
    assert estimate_pieces(7, None).most is None
    assert find_sms_account(Purpose.MARKETING) == account
