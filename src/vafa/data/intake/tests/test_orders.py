"""What becomes of the rows of an orders file."""

import json
from pathlib import Path

import pytest

from vafa.data.intake.actions import Ambiguous, FieldsMissing, read_plan
from vafa.data.intake.plan import UnknownColumn, UnknownField
from vafa.data.intake.tests.helpers import bring, counts, query, write
from vafa.data.intake.types import ImportOptions

pytestmark = pytest.mark.django_db

HEAD = "Order ID,Customer ID,Order Date,Product,Quantity,Price\n"


def test_amount_is_quantity_times_price_where_none_is_told(tmp_path: Path) -> None:
    bring(write(tmp_path, HEAD + "1,a,2025-03-01,tea,3,2.50\n1,a,2025-03-01,mug,-2,4\n"))
    assert query("SELECT quantity, amount FROM orders_orderline ORDER BY id") == [
        (30000, 75000),
        (-20000, -80000),
    ]


def test_exact_repeats_are_kept_and_counted(tmp_path: Path) -> None:
    row = "1,a,2025-03-01,tea,1,2\n"
    result = bring(write(tmp_path, HEAD + row * 3 + "1,a,2025-03-01,tea,9,2\n"))
    assert counts(result) == (4, 4, 0, 0, 0)
    assert result.summary["exact_repeats"] == 2
    assert result.summary["repeated_keys"] == 3
    keys = [key.split("\x1f") for (key,) in query("SELECT key FROM orders_orderline ORDER BY id")]
    assert keys == [["1", "tea", "1"], ["1", "tea", "2"], ["1", "tea", "3"], ["1", "tea", "4"]]


def test_a_row_without_a_customer_is_an_anonymous_sale(tmp_path: Path) -> None:
    result = bring(write(tmp_path, HEAD + "1,,2025-03-01,tea,1,2\n2,a,2025-03-01,tea,1,2\n"))
    assert result.summary["anonymous"] == 1
    assert query("SELECT customer_id IS NULL, amount FROM orders_orderline ORDER BY id") == [
        (1, 20000),
        (0, 20000),
    ]


def test_zero_and_negative_rows_are_good_rows(tmp_path: Path) -> None:
    rows = (
        "1,a,2025-03-01,tea,-1,2\n2,a,2025-03-01,tea,0,2\n3,a,2025-03-01,tea,1,0\n4,a,2025-03-01,tea,1,-5\n"
    )
    result = bring(write(tmp_path, HEAD + rows))
    assert counts(result) == (4, 4, 0, 0, 0)
    assert result.summary["not_positive"] == 4


def test_paid_counts_and_failed_unpaid_cancelled_do_not(tmp_path: Path) -> None:
    statuses = ["paid", "completed", "failed", "unpaid", "cancelled", "Draft", "something else"]
    rows = "".join(f"{n},a,2025-03-0{n + 1},5,{status}\n" for n, status in enumerate(statuses))
    path = write(tmp_path, "Order ID,Customer ID,Order Date,Amount,Status\n" + rows)
    plan = read_plan(path, ImportOptions(kind="orders"))
    assert plan.status_counts == dict.fromkeys(statuses, 1)
    result = bring(path, statuses={"Draft": True})
    told = dict(query("SELECT status, counts FROM orders_orderline"))
    assert {status: bool(flag) for status, flag in told.items()} == {
        "paid": True, "completed": True, "failed": False, "unpaid": False, "cancelled": False, "Draft": True,
        "something else": True,
    }  # fmt: skip
    assert result.summary["not_counted"] == 3


def test_continuation_lines_of_an_order_take_its_head(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Name,Email,Financial Status,Created at,Lineitem name,Lineitem quantity,Lineitem price,Currency,Lineitem sku\n"
        "#1001,ann@example.com,paid,2025-03-01 10:00:00 +0000,Tea,2,3.00,EUR,T1\n"
        "#1001,,,,Mug,1,9.00,,M1\n"
        "#1002,bob@example.com,voided,2025-03-02 10:00:00 +0000,Tea,1,3.00,EUR,T1\n",
    )
    result = bring(path)
    assert result.summary["system"] == "shopify"
    assert query("SELECT order_key, day, amount, currency, counts FROM orders_orderline ORDER BY id") == [
        ("#1001", _day("2025-03-01"), 60000, "EUR", 1),
        ("#1001", _day("2025-03-01"), 90000, "EUR", 1),
        ("#1002", _day("2025-03-02"), 30000, "EUR", 0),
    ]
    owners = query(
        "SELECT order_key, COUNT(DISTINCT customer_id) FROM orders_orderline GROUP BY 1 ORDER BY 1"
    )
    assert owners == [("#1001", 1), ("#1002", 1)]
    assert (result.summary["currency_named"], result.summary["without_rate"]) == ("EUR", [])


def test_a_continuation_line_may_leave_out_the_number_too_where_it_names_a_product(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Order,Customer,Date,Product,Quantity,Unit Price\n"
        "S1,ann,2025-03-01,tea,2,3\n"
        ",,,mug,1,9\n"
        "S2,bob,2025-03-02,tea,1,3\n"
        ",,,,3,15\n",
    )
    result = bring(path)
    assert query("SELECT order_key, day, amount FROM orders_orderline ORDER BY id") == [
        ("S1", _day("2025-03-01"), 60000),
        ("S1", _day("2025-03-01"), 90000),
        ("S2", _day("2025-03-02"), 30000),
    ]
    assert (result.new, result.rejected) == (3, 1)
    assert counts(bring(path)) == (4, 0, 0, 3, 1)


@pytest.mark.parametrize(
    ("quantity", "price", "field"), [("1", "abc", "Unit Price"), ("two", "5", "Quantity")]
)
def test_an_unreadable_number_rejects_its_row_where_the_amount_is_worked_out(
    tmp_path: Path, quantity: str, price: str, field: str
) -> None:
    path = write(
        tmp_path,
        f"Order,Customer,Date,Quantity,Unit Price\n1,a,2025-03-01,{quantity},{price}\n2,b,2025-03-02,2,4.5\n",
    )
    result = bring(path)
    assert counts(result) == (2, 1, 0, 0, 1)
    assert query("SELECT order_key, amount FROM orders_orderline") == [("2", 90000)]
    tried = bring(path, dry_run=True)
    assert [(reject["line"], reject["field"]) for reject in tried.summary["first_rejects"]] == [(2, field)]


def _day(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


def test_a_currency_without_a_rate_goes_in_and_is_said(tmp_path: Path) -> None:
    from vafa.data.business.models import Business

    Business.objects.create(pk=1, currency="USD")
    path = write(
        tmp_path,
        "Order ID,Customer ID,Order Date,Amount,Currency\n1,a,2025-03-01,5,USD\n2,a,2025-03-01,7,KRW\n",
    )
    result = bring(path)
    assert counts(result) == (2, 2, 0, 0, 0)
    assert result.summary["without_rate"] == ["KRW"]
    assert result.summary["amounts"] == {"USD": 5.0, "KRW": 7.0}


def test_card_numbers_are_never_stored_and_their_rows_go_in(tmp_path: Path) -> None:
    rows = "".join(f"{n},a,2025-03-01,5,4111 1111 1111 1111\n" for n in range(5))
    path = write(tmp_path, "Order ID,Customer ID,Order Date,Amount,Card\n" + rows)
    result = bring(path, keep_other=True)
    assert counts(result) == (5, 5, 0, 0, 0)
    assert result.summary["card_columns"] == ["Card"]
    assert query("SELECT DISTINCT custom FROM orders_orderline") == [(None,)]


def test_other_columns_are_kept_only_when_chosen(tmp_path: Path) -> None:
    text = "Order ID,Customer ID,Order Date,Amount,Colour,Size\n1,a,2025-03-01,5,red,XL\n"
    path = write(tmp_path, text)
    assert bring(path).summary["left_out_columns"] == ["Colour", "Size"]
    assert query("SELECT custom FROM orders_orderline") == [(None,)]
    assert counts(bring(path, kept_columns=("Size",))) == (1, 0, 1, 0, 0)
    assert query("SELECT custom FROM orders_orderline") == [('{"Size": "XL"}',)]
    bring(path, keep_other=True)
    ((kept,),) = query("SELECT custom FROM orders_orderline")
    assert json.loads(kept) == {"Colour": "red", "Size": "XL"}


def test_with_a_mapping_nothing_else_is_guessed(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "1,a,2025-03-01,tea,3,2.50\n")
    result = bring(path, mapping={"at": "Order Date", "amount": "Price", "order": "Order ID"})
    assert query("SELECT customer_id, product_id, quantity, amount FROM orders_orderline") == [
        (None, None, 10000, 25000)
    ]
    assert result.summary["left_out_columns"] == ["Customer ID", "Product", "Quantity"]
    with pytest.raises(UnknownColumn):
        bring(path, mapping={"at": "When"})
    with pytest.raises(UnknownField):
        bring(path, mapping={"when": "Order Date"})


@pytest.mark.parametrize(
    ("header", "value"), [("City", "Rome"), ("Branch", "North"), ("شعبه", "ونک"), ("شهر", "یزد")]
)
def test_a_city_or_branch_is_the_location(tmp_path: Path, header: str, value: str) -> None:
    bring(write(tmp_path, f"Order ID,Customer ID,Order Date,Amount,{header}\n1,a,2025-03-01,5,{value}\n"))
    assert query("SELECT name FROM catalogue_location") == [(value,)]


def test_what_is_truly_ambiguous_is_refused_by_its_option(tmp_path: Path) -> None:
    from vafa.data.business.models import Business

    days = write(tmp_path, "Order ID,Customer ID,Order Date,Amount\n1,a,03/04/2025,5\n2,b,05/06/2025,6\n")
    with pytest.raises(Ambiguous) as refused:
        bring(days)
    assert refused.value.exit_status == 2
    assert refused.value.details["option"] == "--dates"
    bring(days, dates="mdy")
    assert query("SELECT day FROM orders_orderline ORDER BY id") == [
        (_day("2025-03-04"),),
        (_day("2025-05-06"),),
    ]
    Business.objects.create(pk=1, currency="IRT")
    money = write(tmp_path, "Order ID,Customer ID,Order Date,Amount\n1,a,2025-03-04,250000\n", "money.csv")
    with pytest.raises(Ambiguous) as refused:
        bring(money)
    assert refused.value.details["option"] == "--unit"
    bring(money, unit="rial", source="till")
    assert query("SELECT currency FROM orders_orderline ORDER BY id DESC LIMIT 1") == [("IRR",)]


def test_a_file_without_what_every_row_needs_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "Colour,Size\nred,1\nblue,2\n")
    with pytest.raises(FieldsMissing) as refused:
        bring(path)
    assert refused.value.exit_status == 2
    assert "--map" in refused.value.remedy


def test_without_an_order_number_each_row_is_an_order_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, "Customer ID,Order Date,Amount\na,2025-03-01,5\na,2025-03-01,5\na,2025-03-02,5\n")
    result = bring(path)
    assert result.summary["exact_repeats"] == 1
    assert query("SELECT COUNT(DISTINCT order_key) FROM orders_orderline") == [(3,)]
    assert counts(bring(path)) == (3, 0, 0, 3, 0)


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path, home: Path) -> None:
    from vafa.data.intake.tests.helpers import dump_here

    before = dump_here()
    path = write(tmp_path, HEAD + "1,a,2025-03-01,tea,3,2\n2,b,2025-02-30,tea,1,2\n")
    result = bring(path, dry_run=True)
    assert counts(result) == (2, 1, 0, 0, 1)
    assert result.import_id is None
    assert [(reject["line"], reject["value"]) for reject in result.summary["first_rejects"]] == [
        (3, "2025-02-30")
    ]
    assert dump_here() == before
    assert query("SELECT COUNT(*) FROM log_source") == [(0,)]
    assert not any(path.suffix == ".csv" for path in home.rglob("*"))


def test_a_cell_that_is_no_date_does_not_hide_that_the_others_are_ambiguous(tmp_path: Path) -> None:
    rows = "1,a,03/04/2025,tea,1,2\n2,a,xx,tea,1,2\n3,a,05/06/2025,tea,1,2\n"
    path = write(tmp_path, HEAD + rows)
    with pytest.raises(Ambiguous) as refused:
        bring(path)
    assert refused.value.details["choices"] == ["dmy", "mdy"]
    assert counts(bring(path, dates="dmy")) == (3, 2, 0, 0, 1)


def test_the_first_money_names_the_currency_of_a_business_that_has_none(tmp_path: Path) -> None:
    from vafa.data.business.queries import get_business

    header = "Order ID,Customer ID,Order Date,Amount,Currency\n"
    first = write(tmp_path, header + "1,a,2025-03-01,5,USD\n", name="first.csv")
    assert bring(first, dry_run=True).summary["without_rate"] == []
    assert get_business().currency == ""
    assert bring(first).summary["currency_named"] == "USD"
    later = bring(write(tmp_path, header + "2,a,2025-03-02,7,KRW\n", name="later.csv"))
    assert (later.summary["currency_named"], later.summary["without_rate"]) == (None, ["KRW"])
    assert get_business().currency == "USD"


@pytest.mark.parametrize("rows", ["1,a,2025-03-01,5,USD\n2,a,2025-03-01,7,KRW\n", "1,a,2025-03-01,5,\n"])
def test_money_of_several_currencies_or_of_none_names_nothing(tmp_path: Path, rows: str) -> None:
    path = write(tmp_path, "Order ID,Customer ID,Order Date,Amount,Currency\n" + rows)
    assert bring(path).summary["currency_named"] is None


def test_subscriptions_in_a_currency_without_a_rate_are_told_of(tmp_path: Path) -> None:
    from vafa.data.business.models import Business

    Business.objects.create(pk=1, currency="USD")
    path = write(
        tmp_path,
        "Subscription ID,Customer ID,Price,Currency,Interval,Start date\ns1,a,5,EUR,month,2025-03-01\n",
    )
    assert bring(path, "subscriptions").summary["without_rate"] == ["EUR"]
