"""Whose a row is: each line of the rule by which customers are matched."""

from pathlib import Path

import pytest

from vafa.data.intake.tests.helpers import bring, counts, query, write

pytestmark = pytest.mark.django_db

ORDERS = "Order ID,Customer ID,Customer name,Email,Phone,Birthday,Order Date,Amount\n"
MAPPING = {
    "order": "Order ID", "customer": "Customer ID", "name": "Customer name", "email": "Email", "phone": "Phone",
    "birthday": "Birthday", "at": "Order Date", "amount": "Amount",
}  # fmt: skip


def owners(folder: Path, *rows: str) -> list[int | None]:
    """Whose each row is, customers numbered in order of appearance; None for nobody's."""
    lines = "".join(f"{n},{row},2025-03-01,5\n" for n, row in enumerate(rows))
    bring(write(folder, ORDERS + lines), mapping=MAPPING)
    ids = [customer for (customer,) in query("SELECT customer_id FROM orders_orderline ORDER BY id")]
    seen = list(dict.fromkeys(customer for customer in ids if customer is not None))
    return [None if customer is None else seen.index(customer) for customer in ids]


def test_by_the_id_of_the_source(tmp_path: Path) -> None:
    assert owners(tmp_path, "a,Ann,,,", "a,Someone Else,x@example.com,,", "b,Ann,,,") == [0, 0, 1]


def test_different_ids_are_never_taken_for_one_person(tmp_path: Path) -> None:
    same = "Ann Lee,ann@example.com,+442079460000,1990-01-02"
    assert owners(tmp_path, f"a,{same}", f"b,{same}") == [0, 1]


def test_an_id_belongs_to_its_source(tmp_path: Path) -> None:
    text = "Order ID,Customer ID,Order Date,Amount\n1,a,2025-03-01,5\n"
    bring(write(tmp_path, text), source="shop")
    bring(write(tmp_path, text), source="club")
    assert query("SELECT COUNT(*) FROM customers_customer") == [(2,)]


def test_without_an_id_by_email_whatever_its_case(tmp_path: Path) -> None:
    assert owners(tmp_path, ",Ann,ann@example.com,,", ",Other Name,ANN@Example.com ,,") == [0, 0]


def test_an_email_finds_who_came_with_an_id(tmp_path: Path) -> None:
    assert owners(tmp_path, "a,Ann,ann@example.com,,", ",,ann@example.com,,") == [0, 0]


def test_then_by_phone_with_an_agreeing_or_missing_name(tmp_path: Path) -> None:
    rows = (
        ",Sara Amini,,+989121234567,",
        ",,,00989121234567,",
        ",SARA  AMINI,,+98 912 123 4567,",
        ",Reza,,+989121234567,",
    )
    assert owners(tmp_path, *rows) == [0, 0, 0, 1]


def test_a_letter_of_the_other_keyboard_is_the_same_name(tmp_path: Path) -> None:
    assert owners(tmp_path, ",علي كريمي,,+989121234567,", ",علی کریمی,,+989121234567,") == [0, 0]


def test_then_by_name_and_birthday_together(tmp_path: Path) -> None:
    rows = (",Ann Lee,,,1990-01-02", ",ann lee,,,1990-01-02", ",Ann Lee,,,1991-01-02")
    assert owners(tmp_path, *rows) == [0, 0, 1]


def test_never_by_name_alone(tmp_path: Path) -> None:
    assert owners(tmp_path, "a,Ann Lee,,,", ",Ann Lee,,,", ",Ann Lee,,,") == [0, None, None]
    result = bring(write(tmp_path, ORDERS + "9,,Ann Lee,,,,2025-03-01,5\n"), mapping=MAPPING)
    assert result.summary["name_only"] == 1


def test_names_said_to_be_ids_are_ids(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Order ID,Customer name,Order Date,Amount\n1,Ann,2025-03-01,5\n2,Ann,2025-03-02,5\n3,Bob,2025-03-02,5\n",
    )
    mapping = {
        "order": "Order ID",
        "customer": "Customer name",
        "name": "Customer name",
        "at": "Order Date",
        "amount": "Amount",
    }
    bring(path, mapping=mapping)
    assert query("SELECT COUNT(DISTINCT customer_id) FROM orders_orderline") == [(2,)]
    assert query("SELECT name FROM customers_customer ORDER BY name") == [("Ann",), ("Bob",)]


def test_told_fields_replace_what_was_known_and_blanks_never_do(tmp_path: Path) -> None:
    head = "Customer ID,Customer name,Email,Company,Birthday\n"
    bring(write(tmp_path, head + "a,Ann,ann@example.com,Tea Ltd,1990-01-02\n"), "customers")
    assert counts(bring(write(tmp_path, head + "a,Anna,,,\n"), "customers")) == (1, 0, 1, 0, 0)
    assert query("SELECT name, company FROM customers_customer") == [("Anna", "Tea Ltd")]
    assert query("SELECT value FROM customers_contactpoint") == [("ann@example.com",)]


def test_a_column_is_consent_only_when_it_is_mapped_as_consent(tmp_path: Path) -> None:
    text = "Customer ID,Email,Accepts Email Marketing\na,ann@example.com,yes\nb,bob@example.com,no\n"
    path = write(tmp_path, text)
    result = bring(path, "customers")
    assert query("SELECT COUNT(*) FROM consent_consententry") == [(0,)]
    assert result.summary["left_out_columns"] == ["Accepts Email Marketing"]
    mapping = {"customer": "Customer ID", "email": "Email", "consent_email": "Accepts Email Marketing"}
    bring(path, "customers", mapping=mapping)
    marks = query("SELECT channel, allowed FROM consent_consententry ORDER BY customer_id")
    assert [(channel, bool(allowed)) for channel, allowed in marks] == [("email", True), ("email", False)]


def test_customers_of_the_same_bare_name_are_not_made_one(tmp_path: Path) -> None:
    path = write(tmp_path, "Customer name,Company\nAnn Lee,Tea\nAnn Lee,Mug\n")
    assert counts(bring(path, "customers")) == (2, 2, 0, 0, 0)
    assert counts(bring(path, "customers")) == (2, 0, 0, 2, 0)
    assert query("SELECT COUNT(*) FROM customers_customer") == [(2,)]


def test_a_phone_cut_by_a_spreadsheet_is_refused_by_name(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    path = write(tmp_path, "Customer ID,Phone\na,9.12E+09\nb,+442079460000\n")
    assert counts(bring(path, "customers", rejects=rejects)) == (2, 1, 0, 0, 1)
    assert "9.12E+09" in rejects.read_text(encoding="utf-8-sig")
