"""Two shops of which every number is known, written as the files that they would export.

Rule purchase:60d. In the month told of (the last one that the file holds in full):
staying buys before and in it · leaving bought too long ago to last through it · newcomer buys in it for the first
time · returning bought half a year ago and comes back in it. Besides there are rows that don't count and rows that
can't be read, of customers who would otherwise be counted wrongly.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import jdatetime

RULE_DAYS = 60
PRICE = 1_200_000
# Days from the month's beginning on which each kind of customer buys.
STAYING, LEAVING, NEWCOMER, RETURNING = (-20, 14, 29), (-45,), (9,), (-110, 19)


@dataclass(frozen=True)
class Story:
    """A file and its truth in the month told of. `bad` rows can't be read; `void` ones don't count."""

    language: str
    country: str
    file_name: str
    content: bytes
    month: str
    before: str
    staying: int
    leaving: int
    newcomers: int
    returning: int
    rows: int
    bad: int

    @property
    def start(self) -> int:
        """Active when the month begins."""
        return self.staying + self.leaving

    @property
    def end(self) -> int:
        """Active when it ends."""
        return self.staying + self.newcomers + self.returning

    @property
    def crr(self) -> float:
        """The share of those of the start who stayed."""
        return self.staying / self.start


@dataclass(frozen=True)
class Purchase:
    """One order: whose, on which day from the month's beginning on."""

    person: int
    day: int
    number: int


def tell_purchases(staying: int, leaving: int, newcomers: int, returning: int) -> Iterator[Purchase]:
    """Every purchase of a shop with so many customers of each kind, person by person."""
    number = 1000
    kinds = [STAYING] * staying + [LEAVING] * leaving + [NEWCOMER] * newcomers + [RETURNING] * returning
    for person, days in enumerate(kinds):
        for day in days:
            number += 1
            yield Purchase(person, day, number)


# Windows-1256 has no Persian ی: files written in it hold the Arabic one.
_FIRST = ("علي", "مريم", "پريسا", "كامران", "ژاله", "گلنار", "حسين")
_LAST = ("كريمي", "رضايي", "چاوشي", "محمدي", "نيكخواه", "پورحسيني", "موسوي", "جعفري", "آذري", "صادقي")
BRANCHES = ("تهران", "اصفهان", "شيراز")


def name_person(person: int) -> str:
    """A name that no other of the first seventy has, written with Arabic letters."""
    return f"{_FIRST[person % 7]} {_LAST[person % 10]}"


def phone_person(person: int) -> str:
    """A mobile number as people write it."""
    return f"0912 345 {1000 + person}"


def tell_persian() -> Story:
    """A shop in Iran whose accounting program writes Windows-1256 and Jalali days, and no unit of its money."""
    counts = {"staying": 40, "leaving": 12, "newcomers": 9, "returning": 4}
    month = jdatetime.date(1404, 7, 1)
    rows = [
        _write_persian(one.number, one.person, _jalali(month, one.day)) for one in tell_purchases(**counts)
    ]
    void = [_write_persian(5000 + leaver, 40 + leaver, "1404/07/15", "لغو شده") for leaver in range(3)]
    bad = [
        _write_persian(6001, 65, "1404/13/45"),
        _write_persian(6002, 66, "1404/07/12", amount="نامشخص"),
    ]
    table = [
        ["شماره سفارش", "کد مشتری", "نام مشتری", "موبایل", "تاریخ", "شعبه", "مبلغ", "وضعیت"],
        *rows,
        *void,
        *bad,
    ]
    content = _write_csv(table, ";").replace("ی", "ي").encode("cp1256")
    return Story(
        "fa", "IR", "فروش پاییز.csv", content, "مهر ۱۴۰۴", "شهریور ۱۴۰۴", **counts,
        rows=len(table) - 1, bad=len(bad),
    )  # fmt: skip


def _write_persian(
    number: int, person: int, day: str, status: str = "پرداخت شده", amount: str = f"{PRICE:,}"
) -> list[str]:
    branch = BRANCHES[person % 3]
    return [
        f"F-{number}", f"C{person + 1}", name_person(person), phone_person(person), day, branch, amount, status,
    ]  # fmt: skip


def _jalali(month: jdatetime.date, days: int) -> str:
    return (month + timedelta(days=days)).strftime("%Y/%m/%d")


def tell_english() -> Story:
    """A small shop in the United States, as Shopify exports it: an order's second line has hardly a cell."""
    counts = {"staying": 8, "leaving": 3, "newcomers": 2, "returning": 1}
    month = date(2025, 9, 1)
    header = [
        "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Shipping",
        "Taxes", "Total", "Discount Amount", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price",
        "Billing Name", "Billing Phone",
    ]  # fmt: skip
    rows: list[list[str]] = []
    for one in tell_purchases(**counts):
        rows += _write_shopify(one.number, one.person, month + timedelta(days=one.day))
    rows += _write_shopify(5001, 8, month + timedelta(days=14), "voided")
    rows.append(_write_shopify(6001, 20, month)[0])
    rows[-1][header.index("Created at")] = "2025-09-45 10:00:00 -0400"
    content = _write_csv([header, *rows], ",").encode()
    return Story(
        "en", "US", "orders_export.csv", content, "September 2025", "August 2025", **counts,
        rows=len(rows), bad=1,
    )  # fmt: skip


def _write_shopify(number: int, person: int, day: date, status: str = "paid") -> list[list[str]]:
    email, name = f"buyer{person}@example.com", f"Buyer {chr(65 + person)}"
    at = f"{day.isoformat()} 10:00:00 -0400"
    first = [
        f"#{number}", email, status, at, "fulfilled", "USD", "50.00", "0.00", "0.00", "50.00", "0.00", at,
        "2", "Green tea", "15.00", name, f"(212) 555-{100 + person:04d}",
    ]  # fmt: skip
    second = [f"#{number}", email, *[""] * 10, "1", "Black tea", "20.00", "", ""]
    return [first, second]


def _write_csv(table: list[list[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    return text.getvalue()


def tell_answers() -> bytes:
    """What forty customers of the Persian shop answered in the month told of, 0 to 10; one answer can't be read."""
    month = jdatetime.date(1404, 7, 1)
    rows = [[f"C{person + 1}", str((person * 7) % 11), _jalali(month, person % 28)] for person in range(40)]
    table = [["کد مشتری", "امتیاز", "تاریخ پاسخ"], *rows, ["C1", "خوب", "1404/07/02"]]
    return _write_csv(table, ",").encode()


def tell_card_file() -> bytes:
    """The shop's card file of its first customers, as careless as such files are: every third is said to have joined
    after buying, and the first two have one phone."""
    rows = [
        [f"C{person + 1}", BRANCHES[person % 2], "1404/07/20" if person % 3 == 0 else "1404/01/20",
         phone_person(900 if person < 2 else person)]
        for person in range(30)
    ]  # fmt: skip
    return _write_csv([["کد مشتری", "شعبه", "تاریخ عضویت", "موبایل"], *rows], ",").encode()
