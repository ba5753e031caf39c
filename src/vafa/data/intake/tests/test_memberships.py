"""Freezes and session packs come in, are corrected, undone and erased like everything else of a subscription."""

from datetime import date
from pathlib import Path

import pytest

from vafa.data.business.queries import get_business
from vafa.data.intake.actions import undo_import
from vafa.data.intake.erasing import erase_customer
from vafa.data.intake.models import BeforeImage, Import
from vafa.data.intake.plan import build_plan
from vafa.data.intake.tests.helpers import NOW, bring, counts, dump_here, query, write
from vafa.data.intake.types import ImportOptions
from vafa.data.subscriptions.models import Subscription

pytestmark = pytest.mark.django_db

HEADER = (
    "Membership ID,Customer ID,Plan,Price,Start date,End date,Freeze start,Freeze end,Sessions,Sessions used,"
    "Last visit\n"
)
ROWS = (
    "m1,a,Gold,90,2025-01-01,2025-12-31,2025-07-01,2025-08-01,,,\n"
    "m2,b,Pack,50,2025-01-01,2025-12-31,,,10,10,2025-03-09\n"
    "m3,c,Pack,50,2025-01-01,,,,10,4,2025-03-09\n"
)
KEPT = "SELECT key, frozen_from, frozen_until, sessions, sessions_used, last_visit_on FROM subscriptions_subscription"


def test_freezes_and_packs_are_kept_as_told(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + ROWS)
    assert counts(bring(path, "subscriptions")) == (3, 3, 0, 0, 0)
    assert query(f"{KEPT} ORDER BY key") == [
        ("m1", date(2025, 7, 1), date(2025, 8, 1), None, None, None),
        ("m2", None, None, 10, 10, date(2025, 3, 9)),
        ("m3", None, None, 10, 4, date(2025, 3, 9)),
    ]
    ends = [row.until for row in Subscription.objects.order_by("key")]
    assert ends == [date(2025, 12, 31), date(2025, 3, 10), None]
    assert counts(bring(path, "subscriptions")) == (3, 0, 0, 3, 0)


@pytest.mark.parametrize(
    "header",
    [
        (
            "شماره اشتراک,کد مشتری,نوع عضویت,مبلغ,تاریخ شروع,تاریخ پایان,شروع فریز,پایان فریز,تعداد جلسات,"
            "جلسات استفاده شده,آخرین حضور\n"
        ),
        (
            "رقم الاشتراك,رقم العميل,الباقة,المبلغ,تاريخ البدء,تاريخ الانتهاء,بداية التجميد,نهاية التجميد,عدد الجلسات,"
            "الجلسات المستخدمة,آخر زيارة\n"
        ),
        "订阅编号,客户编号,套餐,金额,开始日期,结束日期,停卡开始,停卡结束,总次数,已用次数,最近到店\n",
    ],
)
def test_the_columns_are_known_in_every_language(tmp_path: Path, header: str) -> None:
    assert counts(bring(write(tmp_path, header + ROWS), "subscriptions")) == (3, 3, 0, 0, 0)
    assert query(f"{KEPT} ORDER BY key")[0] == (
        "m1",
        date(2025, 7, 1),
        date(2025, 8, 1),
        None,
        None,
        None,
    )
    assert query(f"{KEPT} ORDER BY key")[1][3:] == (10, 10, date(2025, 3, 9))


def test_the_end_of_a_freeze_may_be_its_last_day_and_sessions_may_be_told_by_what_is_left(
    tmp_path: Path,
) -> None:
    text = "Membership ID,Customer ID,Start date,Freeze start,Freeze end,Sessions,Sessions left\n"
    path = write(tmp_path, text + "m1,a,2025-01-01,2025-07-01,2025-07-31,12,2\n")
    bring(path, "subscriptions", last_day_included=True)
    assert query(KEPT) == [("m1", date(2025, 7, 1), date(2025, 8, 1), 12, 10, None)]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("m1,a,Gold,9,2025-01-01,,,2025-08-01,,,", "Freeze end", "nothing says when it began"),
        ("m1,a,Gold,9,2025-01-01,,2025-08-01,2025-07-01,,,", "Freeze end", "before it starts"),
        ("m1,a,Gold,9,2025-01-01,,,,10,3,2024-12-31", "Last visit", "before the subscription starts"),
        ("m1,a,Gold,9,2025-01-01,,,,-1,,", "Sessions", "below zero"),
        ("m1,a,Gold,9,2025-01-01,,,,2.5,,", "Sessions", "not a whole number"),
        ("m1,a,Gold,9,2025-01-01,,,,99999999,,", "Sessions", "too large"),
    ],
)
def test_what_cannot_be_is_rejected_by_field_and_the_rest_goes_in(
    tmp_path: Path, row: str, field: str, reason: str
) -> None:
    path = write(tmp_path, f"{HEADER}{row}\nm2,b,Gold,9,2025-01-01,,,,,,\n")
    first = bring(path, "subscriptions", dry_run=True).summary["first_rejects"][0]
    assert first["field"] == field
    assert reason in first["reason"]
    assert first["remedy"]
    assert counts(bring(path, "subscriptions")) == (2, 1, 0, 0, 1)


def test_more_sessions_left_than_bought_is_rejected(tmp_path: Path) -> None:
    text = "Membership ID,Customer ID,Start date,Sessions,Sessions left\nm1,a,2025-01-01,10,12\n"
    assert counts(bring(write(tmp_path, text), "subscriptions")) == (1, 0, 0, 0, 1)


def test_undoing_a_correction_puts_freeze_and_pack_back(tmp_path: Path) -> None:
    bring(write(tmp_path, HEADER + ROWS), "subscriptions")
    before = dump_here()["subscriptions"]
    changed = ROWS.replace("2025-08-01", "2025-09-01").replace("10,4,2025-03-09", "10,10,2025-05-05")
    second = bring(write(tmp_path, HEADER + changed, "second.csv"), "subscriptions")
    assert second.changed == 2
    assert Subscription.objects.get(key="m3").until == date(2025, 5, 6)
    undo_import(Import.objects.latest("pk"), by=None, clock=lambda: NOW)
    assert dump_here()["subscriptions"] == before


def test_an_image_from_before_these_columns_can_still_be_put_back(tmp_path: Path) -> None:
    bring(write(tmp_path, HEADER + ROWS), "subscriptions")
    second = bring(write(tmp_path, HEADER + ROWS.replace("Gold", "Silver"), "second.csv"), "subscriptions")
    image = BeforeImage.objects.get(imported_id=second.import_id)
    image.values = {
        name: value
        for name, value in image.values.items()
        if not name.startswith(("frozen", "session", "last"))
    }
    image.save()
    undo_import(Import.objects.latest("pk"), by=None, clock=lambda: NOW)
    restored = Subscription.objects.get(key="m1")
    assert (restored.plan, restored.frozen_from) == ("Gold", None)


def test_an_erased_customers_packs_go(tmp_path: Path) -> None:
    bring(write(tmp_path, HEADER + ROWS), "subscriptions")
    pack = Subscription.objects.get(key="m2")
    erase_customer(pack.customer_id, by=None, now=NOW)
    assert not Subscription.objects.filter(key="m2").exists()


@pytest.mark.parametrize(
    ("header", "interval"),
    [
        ("MonthlyCharges", "1 month"),
        ("Monthly fee", "1 month"),
        ("Annual fee", "1 year"),
        ("حق عضویت سالانه", "1 year"),
        ("هزینه ماهانه", "1 month"),
        ("月费", "1 month"),
        ("年付金额", "1 year"),
        ("Price", ""),
        ("金额", ""),
    ],
)
def test_the_name_of_the_price_may_say_how_often_it_is_paid(
    tmp_path: Path, header: str, interval: str
) -> None:
    text = f"Customer ID,Start date,{header}\na,2025-01-01,10\n"
    mapping = {"customer": "Customer ID", "started_at": "Start date", "amount": header}
    options = ImportOptions(kind="subscriptions", mapping=mapping)
    path = write(tmp_path, text)
    assert build_plan(path, options, get_business(), NOW.date()).interval == interval
    bring(path, "subscriptions", mapping=mapping)
    assert Subscription.objects.get().interval == interval


def test_a_name_may_be_overruled(tmp_path: Path) -> None:
    path = write(tmp_path, "Customer ID,Start date,Monthly fee\na,2025-01-01,10\n")
    bring(path, "subscriptions", interval="term")
    assert Subscription.objects.get().interval == ""


def test_a_rows_own_interval_goes_before_what_is_said_for_the_file(tmp_path: Path) -> None:
    text = "Customer ID,Start date,Price,Interval\na,2025-01-01,10,yearly\nb,2025-01-01,10,\n"
    bring(write(tmp_path, text), "subscriptions", interval="3 months")
    assert list(Subscription.objects.order_by("pk").values_list("interval", flat=True)) == [
        "1 year",
        "3 month",
    ]
