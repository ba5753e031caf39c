"""What messages may say of customers, for many at once."""

from datetime import UTC, date, datetime

import pytest

from vafa.act.messaging.values import KNOWN, MAY_LACK, build_address, list_values
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer, Profile
from vafa.data.customers.queries import Addressee
from vafa.kit.templating import render
from vafa.measure.metrics.tests.ledger import Ledger, ledger

__all__ = ["ledger"]

NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "title", "language", "expected"),
    [
        ("مریم رضایی", "خانم", "fa", "خانم رضایی"),
        ("خانم محمدی", "", "fa", "خانم محمدی"),
        ("علی کریمی", "Mr", "fa", "آقای کریمی"),
        ("مریم رضایی", "", "fa", "مشتری گرامی"),
        ("سارا احمدی", "دکتر", "fa", "دکتر احمدی"),
        ("ليلى حداد", "السيدة", "ar", "الأستاذة ليلى"),
        ("عبد الله الحربي", "السيد", "ar", "الأستاذ عبد الله"),
        ("王芳", "女士", "zh-hans", "王女士"),
        ("欧阳明", "先生", "zh-hans", "欧阳先生"),
        ("王芳", "", "zh-hans", "尊敬的客户"),
        ("Mary Miller", "", "en", "Mary"),
        ("Miller", "Ms", "en", "Ms Miller"),
        ("", "", "en", "Dear customer"),
    ],
)
def test_people_are_addressed_as_their_language_does(
    name: str, title: str, language: str, expected: str
) -> None:
    person = Addressee(1, name, title, "", language, None, None)
    assert build_address(person, language) == expected  # type: ignore[arg-type]


def test_a_company_is_not_called_by_a_given_name() -> None:
    assert (
        build_address(Addressee(1, "Tea House", "", "Tea House", "en", None, None), "en") == "Dear customer"
    )


@pytest.mark.django_db
def test_values_come_for_all_at_once_in_each_ones_language(
    ledger: Ledger, django_assert_max_num_queries: object
) -> None:
    change_business(
        by=None, now=NOW, name="Shop", zone="Asia/Tehran", calendar="jalali", language="fa", country="IR"
    )
    mary, merged, nobody = (ledger.add_customer(name, name=name) for name in ("Mary", "Mari", ""))
    Customer.objects.filter(pk=merged).update(kept=mary)
    Profile.objects.create(customer_id=mary, language="en")
    for customer, day in ((mary, date(2026, 1, 1)), (merged, date(2026, 2, 10)), (mary, date(2026, 2, 20))):
        ledger.add_order(customer, day)
    with django_assert_max_num_queries(8):
        found = list_values([mary, nobody, 10**9], offered=("fa", "en"), now=NOW)
    assert set(found) == {mary, nobody}
    assert found[mary].language == "en"
    assert found[nobody].language == "fa"
    assert (
        render("{{ days_since_last_order }} {{ usual_gap_days }} {{ given_name }}", found[mary].values)
        == "23 25 Mary"
    )
    assert (
        render('{{ since_last_order | default: "-" }}{{ salutation }}', found[nobody].values)
        == "-مشتری گرامی"
    )
    above = "{% if days_since_last_order > 20 %}yes{% endif %}"
    assert render(above, found[mary].values) == "yes"
    only_fa = list_values([mary], offered=("fa",), now=NOW)[mary]
    assert render("{{ days_since_last_order }}", only_fa.values) == "۲۳"
    capped = list_values([mary], offered=("en",), now=NOW, known_until=date(2026, 2, 25))[mary]
    assert capped.values["days_since_last_order"] == 5


@pytest.mark.django_db
def test_every_variable_has_a_value_or_may_lack_one(ledger: Ledger) -> None:
    pk = ledger.add_customer("x", name="")
    values = list_values([pk], now=NOW)[pk].values
    assert set(values) | {"code"} == KNOWN
    assert {name for name, value in values.items() if value is None} <= MAY_LACK
