"""Files of marketing spend and of an index of prices: read, rejected row by row, the same when told again, undone."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from vafa.data.costs.models import MarketingSpend, PriceMonth
from vafa.data.costs.queries import find_price_index, list_spends
from vafa.data.customers.models import Customer
from vafa.data.intake.actions import Ambiguous, undo_import
from vafa.data.intake.queries import find_import, get_plan, get_preview
from vafa.data.intake.tests.helpers import NOW, bring, counts, write
from vafa.data.intake.types import ImportOptions

pytestmark = pytest.mark.django_db

CPI = "1403/01 , 215.3\n1403/02 , 219.9\n1403/03 , 224.4\n"
SPEND = "Month,Channel,City,Cost\n2024-03,Search,Rome,1200.50\n2024-03,Social,,900\n2024-04,Search,,1300\n"


def read_rejects(path: str | None) -> list[tuple[str, str, str]]:
    assert path is not None
    with Path(path).open(encoding="utf-8-sig") as file:
        return [(row["vafa_line"], row["vafa_field"], row["vafa_reason"]) for row in csv.DictReader(file)]


def undo(import_id: int | None) -> None:
    imported = find_import(import_id or 0)
    assert imported is not None
    undo_import(imported, by=None, clock=lambda: NOW)


def test_an_index_without_a_header_as_it_is_published(tmp_path: Path) -> None:
    path = write(tmp_path, CPI)
    result = bring(path, "prices", source="Statistical Centre")
    assert counts(result) == (3, 3, 0, 0, 0)
    told = find_price_index()
    assert told is not None
    assert (told.source, told.first, told.until) == (
        "Statistical Centre",
        date(2024, 3, 20),
        date(2024, 6, 21),
    )
    assert counts(bring(path, "prices", source="Statistical Centre")) == (3, 0, 0, 3, 0)
    corrected = bring(write(tmp_path, CPI.replace("219.9", "220")), "prices", source="Statistical Centre")
    assert counts(corrected) == (3, 0, 1, 2, 0)
    undo(corrected.import_id)
    assert PriceMonth.objects.get(key="2024-04-20").value == Decimal("219.9")
    undo(result.import_id)
    assert find_price_index() is None


def test_bad_months_are_told_and_the_rest_goes_in(tmp_path: Path) -> None:
    text = "سال,ماه,شاخص\n۱۴۰۳,فروردین,۲۱۵٫۳\n۱۴۰۳,۲,۲۱۹\n۱۴۰۳,۲,۲۲۰\n۱۴۰۳,۱۳,۲۲۱\n۱۴۰۳,۳,۰\n۱۴۰۳,۴,\n۱۴۰۳,۵,۲۳۰\n"
    result = bring(write(tmp_path, text), "prices", rejects=tmp_path / "rejects.csv")
    assert counts(result) == (7, 3, 0, 0, 4)
    assert [line for line, _field, _reason in read_rejects(result.rejects_file)] == ["4", "5", "6", "7"]
    assert [row.started_on for row in PriceMonth.objects.order_by("started_on")] == [
        date(2024, 3, 20), date(2024, 4, 20), date(2024, 7, 22),
    ]  # fmt: skip


def test_months_that_would_make_the_index_leap_stay_out(tmp_path: Path) -> None:
    bring(write(tmp_path, CPI), "prices", source="A")
    other = bring(write(tmp_path, "1403/05,1\n1403/06,2\n"), "prices", source="B", rejects=tmp_path / "b.csv")
    assert counts(other) == (2, 0, 0, 0, 2)
    assert "“A”" in read_rejects(other.rejects_file)[0][2]
    mixed = bring(write(tmp_path, "month,index\n2024-04,1\n2024-07,2\n"), "prices", source="A")
    assert counts(mixed) == (2, 1, 0, 0, 1)


def test_spend_by_month_channel_and_place(tmp_path: Path) -> None:
    path = write(tmp_path, SPEND)
    result = bring(path, "spend", unit="EUR")
    assert counts(result) == (3, 3, 0, 0, 0)
    assert result.summary["amounts"] == {"EUR": 3400.5}
    april, social, search = list_spends()
    assert (april.start, april.end, april.amount) == (date(2024, 4, 1), date(2024, 5, 1), Decimal(1300))
    assert (social.channel, social.location) == ("Social", "")
    assert (search.channel, search.location, search.currency) == ("Search", "Rome", "EUR")
    assert counts(bring(path, "spend", unit="EUR")) == (3, 0, 0, 3, 0)
    changed = bring(write(tmp_path, SPEND.replace("900", "950")), "spend", unit="EUR")
    assert counts(changed) == (3, 0, 1, 2, 0)
    undo(changed.import_id)
    assert MarketingSpend.objects.get(channel="Social").amount == Decimal(900)
    undo(result.import_id)
    assert not list_spends()
    assert not Customer.objects.exists()


def test_the_end_of_a_spend_is_the_first_day_after_it_unless_said_otherwise(tmp_path: Path) -> None:
    text = "from,to,amount\n2024-03-01,2024-03-31,31\n2024-04-05,2024-04-05,1\n2024-04-09,2024-04-02,1\n2024-05-01,,7\n"
    path = write(tmp_path, text)
    plain = bring(path, "spend", source="a", rejects=tmp_path / "a.csv")
    assert counts(plain) == (4, 2, 0, 0, 2)
    assert [spend.end for spend in list_spends()] == [date(2024, 5, 2), date(2024, 3, 31)]
    assert "last-day" in (tmp_path / "a.csv").read_text()
    undo(plain.import_id)
    assert counts(bring(path, "spend", source="a", last_day_included=True)) == (4, 3, 0, 0, 1)
    assert [spend.end for spend in list_spends()] == [date(2024, 5, 2), date(2024, 4, 6), date(2024, 4, 1)]


def test_equal_rows_are_two_spends_and_a_row_without_days_or_amount_is_told(tmp_path: Path) -> None:
    text = "date,channel,cost\n2024-03-01,x,5\n2024-03-01,x,5\n,x,5\n2024-03-02,x,\n2024-03-03,x,much\n"
    result = bring(write(tmp_path, text), "spend", rejects=tmp_path / "rejects.csv")
    assert counts(result) == (5, 2, 0, 0, 3)
    assert {spend.end for spend in list_spends()} == {date(2024, 3, 2)}


def test_rial_and_toman_are_asked_for_and_not_guessed(tmp_path: Path) -> None:
    from vafa.data.business.actions import change_business

    change_business(by=None, now=NOW, currency="IRT")
    path = write(tmp_path, "month,cost\n1403/01,5000000\n")
    with pytest.raises(Ambiguous):
        bring(path, "spend")
    assert counts(bring(path, "spend", unit="rial")) == (1, 1, 0, 0, 0)
    assert list_spends()[0].currency == "IRR"


def test_the_preview_tells_of_a_spend_without_days_before_anything_comes_in(tmp_path: Path) -> None:
    text = "from,to,amount\n2024-03-01,2024-04-01,31\n2024-04-05,2024-04-05,1\n,2024-05-01,2\n"
    path = write(tmp_path, text)
    plan = get_plan(path, ImportOptions(kind="spend"))
    assert get_preview(path, plan).bad == 2
    plan = get_plan(path, ImportOptions(kind="spend", last_day_included=True))
    assert get_preview(path, plan).bad == 1
    text = "from,to,amount\n01/02/2024,05/02/2024,31\n02/02/2024,soon,1\n"
    plan = get_plan(write(tmp_path, text), ImportOptions(kind="spend"))
    assert {question.code for question in plan.questions} == {"date_order"}
    cells = get_preview(path, plan).rows[1].cells
    assert cells["ended_at"].problem is not None
    assert cells["started_at"].problem is None
