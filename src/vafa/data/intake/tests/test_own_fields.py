"""Columns that are fields of the business's own: read by their types, and refused by name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vafa.data.customers.actions import define_field
from vafa.data.customers.models import Customer
from vafa.data.intake.tests.helpers import bring, counts, write

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
HEAD = "Customer ID,size,Likes,Since,Other\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fields() -> None:
    define_field("Size", "number", by=None, now=NOW)
    define_field("Likes", "choices", ["Tea", "Cake"], by=None, now=NOW)
    define_field("Since", "date", by=None, now=NOW)


def test_values_are_kept_in_the_form_of_their_type(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + 'a,"۱٬۲۰۰٫۵",tea | Cake,2020-02-29,x\nb,,,,\n')
    assert counts(bring(path, "customers")) == (2, 2, 0, 0, 0)
    assert Customer.objects.get(keys__key="a").custom == {
        "Size": "1200.5", "Likes": "Tea; Cake", "Since": "2020-02-29",
    }  # fmt: skip
    assert Customer.objects.get(keys__key="b").custom == {}
    assert counts(bring(path, "customers")) == (2, 0, 0, 2, 0)
    bring(path, "customers", keep_other=True)
    assert Customer.objects.get(keys__key="a").custom["Other"] == "x"


def test_a_row_with_a_value_that_is_none_is_refused_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "a,large,,,\nb,,Coffee,,\nc,,,soon,\nd,4,,,\n")
    rejects = tmp_path / "rejects.csv"
    assert counts(bring(path, "customers", rejects=rejects)) == (4, 1, 0, 0, 3)
    told = rejects.read_text(encoding="utf-8-sig")
    for words in (
        "“large” is not a number",
        "“Coffee” is not one of the choices",
        "Tea; Cake",
        "“soon” is not a day",
    ):
        assert words in told
    assert list(Customer.objects.values_list("keys__key", flat=True)) == ["d"]
