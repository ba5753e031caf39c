"""The settings: each change is kept, audited, and refused with a word where it makes no sense."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.business.models import CurrencyRate, NamedPeriod
from vafa.data.business.queries import get_business, list_rates
from vafa.data.customers.models import ContactPoint, Customer, CustomerKey
from vafa.data.log.actions import get_or_add_source, mark_received, take_numbers
from vafa.data.log.models import Feed
from vafa.data.log.queries import get_last_number
from vafa.data.staff.models import Staff
from vafa.front.tests.conftest import NOW, PASSWORD
from vafa.kit.locale.letters import fold_name
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db


def list_actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_the_business_is_changed_and_audited(signed_in: Client) -> None:
    sent = {"language": "fa", "name": "کافه", "customer_word": "customer", "industry": "food"}
    assert signed_in.post("/settings/", sent | {"agents_own_only": "on"}).status_code == 302
    business = get_business()
    assert (business.name, business.industry, business.agents_own_only) == ("کافه", "food", True)
    assert AuditEntry.objects.latest("id").details == {
        "fields": ["agents_own_only", "industry", "language", "name"]
    }
    signed_in.post("/settings/", sent | {"address": " تهران، \n خیابان ولیعصر ۱ "})
    assert not get_business().agents_own_only
    assert get_business().address == "تهران، خیابان ولیعصر ۱"
    signed_in.post("/settings/", sent)
    assert get_business().address == "تهران، خیابان ولیعصر ۱"


def test_revenue_and_rates(signed_in: Client) -> None:
    change_business(by=None, now=NOW, currency="EUR", calendar="jalali", country="IR")
    signed_in.post("/settings/money/", {"what": "revenue", "tax": "on"})
    assert get_business().revenue_parts == {"less_discount": False, "tax": True, "shipping": False}
    rate = {"what": "rate", "currency": "USD", "rate": "۰٫۹۲", "valid_from": "1405/01/01"}
    assert signed_in.post("/settings/money/", rate).status_code == 302
    assert list_rates("EUR", ["USD"], date(2026, 3, 21)) == {"USD": Decimal("0.92")}
    assert list_rates("EUR", ["USD"], date(2026, 3, 20)) == {}
    signed_in.post("/settings/money/", rate | {"rate": "0.95"})
    assert CurrencyRate.objects.get().rate == Decimal("0.95")
    assert signed_in.get("/settings/money/").status_code == 200
    signed_in.post(f"/settings/money/rates/{CurrencyRate.objects.get().pk}/remove/")
    assert not CurrencyRate.objects.exists()
    assert list_actions()[-3:] == ["rate.set", "rate.set", "rate.removed"]


@pytest.mark.parametrize("rate", ["0", "-1", "many", "NaN", "Infinity", "1e30", ""])
def test_a_rate_is_a_positive_number(signed_in: Client, rate: str) -> None:
    sent = {"what": "rate", "currency": "USD", "rate": rate, "valid_from": "2026-01-01"}
    assert signed_in.post("/settings/money/", sent).status_code == 422
    assert not CurrencyRate.objects.exists()


def test_own_periods_hold_their_last_day(signed_in: Client) -> None:
    sent = {"name": "Spring term", "start_on": "2026-03-21", "last_on": "2026-06-20"}
    assert signed_in.post("/settings/periods/", sent).status_code == 302
    period = NamedPeriod.objects.get()
    assert (period.start_on, period.end_on) == (date(2026, 3, 21), date(2026, 6, 21))
    assert "20 June 2026" in signed_in.get("/settings/periods/").content.decode()
    assert signed_in.post("/settings/periods/", sent).status_code == 422
    backwards = sent | {"name": "Back", "last_on": "2026-03-20"}
    assert signed_in.post("/settings/periods/", backwards).status_code == 422
    one_day = sent | {"name": "Day", "last_on": "2026-03-21"}
    assert signed_in.post("/settings/periods/", one_day).status_code == 302
    signed_in.post(f"/settings/periods/{period.pk}/remove/")
    assert NamedPeriod.objects.get().name == "Day"


def add_customer(
    name: str, *, email: str = "", key: str = "", tags: tuple[str, ...] = (), company: str = ""
) -> Customer:
    source = get_or_add_source("shop")
    customer = Customer.objects.create(
        name=name, name_folded=fold_name(name), tags=list(tags), company=company, seq=take_numbers(1)
    )
    if email:
        ContactPoint.objects.create(customer=customer, kind="email", value=email)
    if key:
        CustomerKey.objects.create(customer=customer, source_id=source.pk, key=key)
    return customer


@pytest.mark.parametrize(
    ("field", "value", "left_out"),
    [
        ("tag", "عمده", {"Tagged"}),
        ("tag", "عم", set()),
        ("email_domain", "@Ours.example", {"Colleague"}),
        ("email", "tester@mail.example", {"Tester"}),
        ("name", "تست", {"کاربر تست", "آقای تِست"}),
        ("company", "bazaar", {"Market"}),
        ("key_prefix", "W-", {"Wholesaler"}),
        ("key_prefix", "%", set()),
    ],
)
def test_rules_leave_customers_out(signed_in: Client, field: str, value: str, left_out: set[str]) -> None:
    add_customer("Tagged", tags=("عمده", "vip"))
    add_customer("Colleague", email="a@ours.example")
    add_customer("Stranger", email="a@notours.example")
    add_customer("Tester", email="tester@mail.example")
    add_customer("کاربر تست")
    add_customer("آقای تِست")
    add_customer("Market", company="Digi Bazaar Ltd")
    add_customer("Wholesaler", key="W-17")
    add_customer("Shopper", key="17-W-")
    before = get_last_number()
    signed_in.post("/settings/left-out/", {"field": field, "value": value})
    excluded = Customer.objects.filter(excluded=True)
    assert set(excluded.values_list("name", flat=True)) == left_out
    # Whoever follows the log sees each of them, once.
    numbers = list(excluded.values_list("seq", flat=True))
    assert all(number > before for number in numbers)
    assert len(set(numbers)) == len(left_out)
    assert signed_in.get("/settings/left-out/").status_code == 200


def test_a_rule_taken_away_counts_again_whom_no_other_rule_names(signed_in: Client) -> None:
    add_customer("Both", email="a@ours.example", tags=("test",))
    add_customer("Domain", email="b@ours.example")
    add_customer("Nobody")
    signed_in.post("/settings/left-out/", {"field": "tag", "value": "test"})
    signed_in.post("/settings/left-out/", {"field": "email_domain", "value": "ours.example"})
    assert Customer.objects.filter(excluded=True).count() == 2
    signed_in.post("/settings/left-out/remove/", {"field": "email_domain", "value": "ours.example"})
    assert Customer.objects.get(excluded=True).name == "Both"
    assert get_business().exclusions == [{"field": "tag", "value": "test"}]
    assert "customers.exclusions_applied" in list_actions()
    assert "ours.example" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_source_is_set_unset_closed_and_opened(signed_in: Client) -> None:
    feed = mark_received(get_or_add_source("shop"), "orders", now=datetime(2026, 1, 1, tzinfo=UTC))
    before = get_last_number()

    def send(**what: str) -> int:
        return signed_in.post("/settings/sources/", {"feed": str(feed.pk), **what}).status_code

    assert send(do="set", complete_through="2026-01-10") == 302
    assert Feed.objects.get().complete_through == date(2026, 1, 10)
    assert get_last_number() > before
    assert "2026/01/10" in signed_in.get("/settings/sources/").content.decode()
    assert send(do="set", complete_through="someday") == 422
    assert send(do="set", complete_through="") == 302
    assert Feed.objects.get().complete_through is None
    assert send(do="close") == 302
    assert Feed.objects.get().closed
    assert send(do="reopen") == 302
    assert not Feed.objects.get().closed
    assert signed_in.post("/settings/sources/", {"feed": "99999", "do": "close"}).status_code == 404
    assert list_actions()[-4:] == [
        "feed.completeness_set",
        "feed.completeness_set",
        "feed.closed",
        "feed.reopened",
    ]


def test_staff_are_let_in_changed_and_shut_out(signed_in: Client, owner: Staff) -> None:
    signed_in.post("/settings/staff/", {"email": "Mina@example.com", "name": "Mina", "role": "agent"})
    mina = Staff.objects.get(email="mina@example.com")
    page = signed_in.get("/settings/staff/").content.decode()
    assert "http://testserver/invitation/" in page
    assert "/invitation/" not in signed_in.get("/settings/staff/").content.decode()
    signed_in.post(f"/settings/staff/{mina.pk}/", {"do": "role", "role": "analyst"})
    signed_in.post(f"/settings/staff/{mina.pk}/", {"do": "deactivate"})
    mina.refresh_from_db()
    assert (mina.role, mina.is_active) == (Role.ANALYST, False)
    assert signed_in.post(f"/settings/staff/{mina.pk}/", {"do": "invite"}).status_code == 404
    assert signed_in.post(f"/settings/staff/{mina.pk}/", {"do": "role", "role": "king"}).status_code == 404
    signed_in.post(f"/settings/staff/{owner.pk}/", {"do": "deactivate"})
    assert Staff.objects.get(pk=owner.pk).is_active
    twice = signed_in.post("/settings/staff/", {"email": "mina@example.com", "role": "agent"})
    assert twice.status_code == 422
    trail = signed_in.get("/settings/audit/").content.decode()
    assert "Shut somebody out" in trail


def test_one_changes_ones_own_password_knowing_the_old_one(signed_in: Client, owner: Staff) -> None:
    new = "another walk in the snow"
    wrong = signed_in.post("/my-account/", {"what": "password", "old": "wrong", "new": new})
    assert wrong.status_code == 422
    assert (
        signed_in.post("/my-account/", {"what": "password", "old": PASSWORD, "new": new}).status_code == 302
    )
    owner.refresh_from_db()
    assert owner.check_password(new)
    assert signed_in.get("/my-account/").status_code == 200


def test_ones_own_language_and_look(signed_in: Client, owner: Staff) -> None:
    answer = signed_in.post(
        "/my-account/", {"what": "details", "name": "Sara", "language": "fa", "theme": "dark"}
    )
    assert answer.cookies["theme"].value == "dark"
    page = signed_in.get("/my-account/").content.decode()
    assert 'lang="fa" dir="rtl" data-theme="dark"' in page


def test_languages_are_chosen_in_the_order_cookie_person_business_browser(
    signed_in: Client, owner: Staff
) -> None:
    def get_language(browser: str = "en") -> str:
        return signed_in.get("/my-account/", headers={"accept-language": browser}).headers["Content-Language"]

    assert get_language("ar") == "ar"
    change_business(by=None, now=NOW, language="zh-hans", is_set_up=True)
    assert get_language("ar") == "zh-hans"
    Staff.objects.filter(pk=owner.pk).update(language="fa")
    assert get_language() == "fa"
    signed_in.post("/language/", {"language": "en", "next": "/"})
    assert get_language() == "en"
