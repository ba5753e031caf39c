"""Which column is which field: exports of known systems, names in four languages, contents."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from vafa.data.intake.reading.columns import FIELDS, Guess, ImportKind, guess_columns


def guess(kind: ImportKind, header: str, *rows: Sequence[str]) -> Guess:
    columns = header.split("|")
    sample = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in columns]
    return guess_columns(kind, columns, sample)


@pytest.mark.parametrize("kind", list(FIELDS))
def test_canonical_names_are_themselves(kind: ImportKind) -> None:
    found = guess(kind, "|".join(FIELDS[kind]))
    assert found.mapping == {name: name for name in FIELDS[kind]}


def test_online_retail() -> None:
    found = guess(
        "orders", "InvoiceNo|StockCode|Description|Quantity|InvoiceDate|UnitPrice|CustomerID|Country"
    )
    assert found.mapping == {
        "order": "InvoiceNo",
        "product": "StockCode",
        "product_name": "Description",
        "quantity": "Quantity",
        "at": "InvoiceDate",
        "price": "UnitPrice",
        "customer": "CustomerID",
        "location": "Country",
    }


def test_shopify_orders() -> None:
    header = (
        "Name|Email|Financial Status|Paid at|Accepts Marketing|Currency|Subtotal|Shipping|Taxes|Total|Discount Amount|"
        "Created at|Lineitem quantity|Lineitem name|Lineitem price|Lineitem sku|Billing Name|Billing Phone|Id|Phone|"
        "Vendor"
    )
    found = guess("orders", header)
    mapping = found.mapping
    assert found.source_system == "shopify"
    assert (mapping["order"], mapping["at"], mapping["price"], mapping["name"]) == (
        "Name",
        "Created at",
        "Lineitem price",
        "Billing Name",
    )
    assert "amount" not in mapping
    assert "Accepts Marketing" in found.unknown


def test_woocommerce_orders() -> None:
    plain = guess(
        "orders",
        "order_id|order_number|date|status|shipping_total|tax_total|discount_total|order_total|customer_id|billing_email",
    )
    assert plain.source_system == "woocommerce"
    assert (plain.mapping["order"], plain.mapping["amount"], plain.mapping["customer"]) == (
        "order_id",
        "order_total",
        "customer_id",
    )
    lines = guess(
        "orders",
        "Order Number|Order Status|Order Date|Email (Billing)|Item #|SKU|Name|Quantity|Item Cost|Order Line (w/o tax)",
    )
    assert (lines.mapping["product"], lines.mapping["price"], lines.mapping["email"]) == (
        "Name",
        "Item Cost",
        "Email (Billing)",
    )


def test_stripe_subscriptions() -> None:
    found = guess(
        "subscriptions",
        "id|Customer ID|Customer Email|Plan|Quantity|Currency|Interval|Amount|Status|Created (UTC)|Start (UTC)|"
        "Current Period End (UTC)|Canceled At (UTC)|Ended At (UTC)",
    )
    assert found.source_system == "stripe"
    assert (found.mapping["subscription"], found.mapping["started_at"], found.mapping["ended_at"]) == (
        "id",
        "Start (UTC)",
        "Ended At (UTC)",
    )


def test_crm_contacts() -> None:
    hubspot = guess(
        "customers", "Record ID|First Name|Last Name|Email|Phone Number|Contact owner|Create Date"
    )
    vtiger = guess(
        "customers",
        "Contact Id|First Name|Last Name|Organization Name|Primary Email|Mobile Phone|Date of Birth",
    )
    odoo = guess("customers", "ID|Name|Company Type|Related Company|Customer|Phone|Mobile|Email")
    assert [found.source_system for found in (hubspot, vtiger, odoo)] == ["hubspot", "vtiger", "odoo"]
    assert (vtiger.mapping["company"], vtiger.mapping["phone"], "name" in vtiger.mapping) == (
        "Organization Name",
        "Mobile Phone",
        False,
    )
    assert (odoo.mapping["customer"], odoo.mapping["name"]) == ("ID", "Name")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "شماره سفارش|كد مشتري|تاریخ سفارش|نام کالا|تعداد|قیمت واحد|تخفیف|شعبه|وضعیت|موبایل|نام مشتری",
            "order customer at product quantity price discount location status phone name",
        ),
        (
            "رقم الطلب|رقم العميل|تاريخ الطلب|المنتج|الكمية|سعر الوحدة|حالة الطلب|الجوال|اسم العميل",
            "order customer at product quantity price status phone name",
        ),
        (
            "订单编号|客户编号|下单时间|商品名称|商品编号|数量|单价|金额|订单状态|手机号|姓名",
            "order customer at product_name product quantity price amount status phone name",
        ),
    ],
)
def test_orders_in_other_languages(header: str, expected: str) -> None:
    found = guess("orders", header)
    assert found.mapping == dict(zip(expected.split(), header.split("|"), strict=True))
    assert found.unknown == []


@pytest.mark.parametrize("name", ["Order ID", "order_id", "OrderID", "ORDER-ID", "orderid", " order  id "])
def test_one_name_in_many_spellings(name: str) -> None:
    assert guess("orders", f"{name}|x").mapping == {"order": name}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("مبلغ (تومان)", "amount"), ("مبلغ به هزار ریال", "amount"), ("تاریخ (شمسی)", "at"), ("Date (UTC)", "at"),
        ("Amount [USD]", "amount"), ("金额（元）", "amount"), ("المبلغ (درهم)", "amount"),
    ],
)  # fmt: skip
def test_a_remark_or_a_unit_hides_no_name(header: str, field: str) -> None:
    assert guess("orders", header).mapping == {field: header}


def test_the_plain_name_goes_before_one_with_a_remark() -> None:
    assert guess("orders", "Amount (net)|Amount").mapping == {"amount": "Amount"}


def test_a_bare_name_beside_a_family_name_is_the_given_name() -> None:
    assert guess("customers", "نام|نام خانوادگی").mapping == {
        "given_name": "نام",
        "family_name": "نام خانوادگی",
    }


def test_contents_overrule_names_and_fill_gaps() -> None:
    rows = [
        ("TRUE", "a@example.com", "soon"),
        ("FALSE", "b@example.com", "later"),
        ("TRUE", "c@example.com", "never"),
    ]
    found = guess("orders", "Customer|who|Order date", *rows)
    assert found.mapping == {"email": "who"}
    assert found.sure["email"] < 0.8


def test_the_column_with_values_is_taken() -> None:
    found = guess("customers", "Phone|Mobile|Email", ("", "09123456789", ""), ("", "09123456780", ""))
    assert found.mapping["phone"] == "Mobile"


def test_an_orders_total_beside_prices_is_no_lines_amount() -> None:
    assert "amount" not in guess("orders", "order|product|quantity|price|order total").mapping
    assert guess("orders", "order|customer|order total").mapping["amount"] == "order total"


def test_a_filled_sku_is_the_product_and_a_gappy_one_is_not() -> None:
    filled = guess("orders", "order|SKU|item name", ("1", "S1", "Tea"), ("2", "S2", "Cup"))
    gappy = guess("orders", "order|SKU|item name", ("1", "S1", "Tea"), ("2", "", "Cup"))
    assert (filled.mapping["product"], filled.mapping["product_name"]) == ("SKU", "item name")
    assert (gappy.mapping["product"], gappy.mapping["sku"]) == ("item name", "SKU")


def test_card_numbers_are_set_aside_whatever_their_name() -> None:
    found = guess(
        "customers",
        "customer id|phone",
        ("4111111111111111", "09123456789"),
        ("5500000000000004", "09123456780"),
    )
    assert (found.card_columns, found.mapping) == (["customer id"], {"phone": "phone"})


def test_consent_is_never_guessed_from_a_weak_name() -> None:
    weak = "newsletter|marketing|accepts marketing|subscribed|opt in|خبرنامه"
    assert not {"consent_email", "consent_sms"} & set(guess("customers", weak).mapping)
    assert (
        guess("customers", "Accepts Email Marketing|id").mapping["consent_email"] == "Accepts Email Marketing"
    )
