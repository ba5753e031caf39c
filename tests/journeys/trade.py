"""A shop that is open today, of which every number is known: its purchases up to yesterday, and those of today.

Rule purchase:60d. Regulars buy every fifteen days · fading ones did, and stopped one after the other · twenty newcomers
come each day, try once and stay away. Today hardly anybody new comes.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import jdatetime

RULE_DAYS = 60
OFTEN_TIMES, OFTEN_DAYS = 3, 90
# A comparison of the last whole month with the one before needs two months and the rule's days before these.
TOLD_DAYS = 160
REGULARS, FADING, NEWCOMERS_A_DAY = 40, 30, 20
RHYTHM_DAYS = 15
NEWCOMERS_TODAY = 1
PRICE = 480_000

HEADS = {
    "fa": ("شماره سفارش", "کد مشتری", "تاریخ", "شعبه", "گروه کالا", "مبلغ"),
    "en": ("Order ID", "Customer ID", "Order date", "Branch", "Category", "Amount"),
}
BRANCHES = {"fa": ("تهران", "اصفهان", "شیراز"), "en": ("North", "Harbour", "Old Town")}
LINES = {"fa": ("چای", "قهوه"), "en": ("Tea", "Coffee")}
COUNTRIES = {"fa": ("IR", "Asia/Tehran"), "en": ("US", "America/New_York")}


@dataclass(frozen=True, order=True)
class Sale:
    """One order: whose, and on which day."""

    on: date
    person: int

    @property
    def branch(self) -> int:
        """The place of its branch: everybody keeps to one, and nobody stops buying in the third."""
        fading = REGULARS <= self.person < REGULARS + FADING
        return (0, 0, 1)[self.person % 3] if fading else self.person % 3

    @property
    def line(self) -> int:
        """The place of its line of goods."""
        return (self.person + self.on.toordinal()) % 2

    @property
    def amount(self) -> int:
        """What was paid."""
        return PRICE + 1000 * (self.person % 7)


@dataclass(frozen=True)
class Month:
    """A month of the business's calendar."""

    start: date
    end: date


class Trade:
    """The purchases of the shop up to `today`, without those of today, and what follows from them."""

    def __init__(self, language: str, today: date) -> None:
        self.language = language
        self.today = today
        self.first = today - timedelta(days=TOLD_DAYS)

    @cached_property
    def sales(self) -> list[Sale]:
        """All purchases before today."""
        sales: list[Sale] = []
        for person in range(REGULARS + FADING):
            stop = self.today
            if person >= REGULARS:
                stop -= timedelta(days=40 + 3 * (person - REGULARS))
            start = self.first + timedelta(days=person % RHYTHM_DAYS)
            days = (start + timedelta(days=RHYTHM_DAYS * visit) for visit in range(TOLD_DAYS))
            sales += [Sale(day, person) for day in days if day < stop]
        for day in range(TOLD_DAYS):
            first = 100 + NEWCOMERS_A_DAY * day
            sales += [
                Sale(self.first + timedelta(days=day), person)
                for person in range(first, first + NEWCOMERS_A_DAY)
            ]
        return sorted(sales)

    def list_sales_since(self, day: date) -> list[Sale]:
        """What is sold from today to a day, that day included: regulars go on, and hardly anybody new comes."""
        days = [self.today + timedelta(days=count) for count in range((day - self.today).days + 1)]
        sales: list[Sale] = []
        for place, on in enumerate(days):
            sales += [Sale(on, person) for person in range(3)]
            sales += [Sale(on, 9000 + place * NEWCOMERS_TODAY + one) for one in range(NEWCOMERS_TODAY)]
        return sales

    @cached_property
    def days_of(self) -> dict[int, list[date]]:
        """Each customer's days with a purchase."""
        days: dict[int, list[date]] = {}
        for sale in self.sales:
            days.setdefault(sale.person, []).append(sale.on)
        return days

    def list_active(self, boundary: date, branch: int | None = None, line: int | None = None) -> set[int]:
        """Who bought on one of the rule's days before a boundary; of one branch or line, by purchases there."""
        since = boundary - timedelta(days=RULE_DAYS)
        return {
            sale.person
            for sale in self.sales
            if since <= sale.on < boundary and branch in (None, sale.branch) and line in (None, sale.line)
        }

    def list_often(self, boundary: date) -> set[int]:
        """Who bought on three of the ninety days before a boundary: the segment of this afternoon."""
        since = boundary - timedelta(days=OFTEN_DAYS)
        return {
            person
            for person, days in self.days_of.items()
            if sum(since <= day < boundary for day in days) >= OFTEN_TIMES
        }

    def list_start(self, month: Month, branch: int | None = None, line: int | None = None) -> set[int]:
        """Those of the segment who are active when a month begins."""
        return self.list_active(month.start, branch, line) & self.list_often(month.start)

    def list_kept(self, month: Month, branch: int | None = None, line: int | None = None) -> set[int]:
        """Those of them who still are when it ends."""
        return self.list_start(month, branch, line) & self.list_active(month.end, branch, line)

    def get_crr(self, month: Month, branch: int | None = None, line: int | None = None) -> float:
        """The retention rate of the segment."""
        return len(self.list_kept(month, branch, line)) / len(self.list_start(month, branch, line))

    def find_month(self, until: date, back: int = 0) -> Month:
        """The last month that is over at `until`, or one of those before it."""
        end = begin_month(until, self.language)
        for _month in range(back):
            end = begin_month(end - timedelta(days=1), self.language)
        return Month(begin_month(end - timedelta(days=1), self.language), end)

    def write_file(self, sales: list[Sale]) -> bytes:
        """An export of purchases as such a shop's program writes it."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(HEADS[self.language])
        for sale in sales:
            writer.writerow(
                (
                    f"{sale.on:%y%m%d}-{sale.person}", f"P{sale.person}", write_day(sale.on, self.language),
                    BRANCHES[self.language][sale.branch], LINES[self.language][sale.line], sale.amount,
                )
            )  # fmt: skip
        return text.getvalue().encode()


def begin_month(day: date, language: str) -> date:
    """The first day of the month that holds a day: Jalali months in Persian, Gregorian ones in English."""
    if language == "fa":
        jalali: date = jdatetime.date.fromgregorian(date=day).replace(day=1).togregorian()
        return jalali
    return day.replace(day=1)


def write_day(day: date, language: str) -> str:
    """A day as the shop's files write it."""
    return (
        jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d") if language == "fa" else day.isoformat()
    )


def find_today(language: str) -> date:
    """The day that it is now where the shop is."""
    return datetime.now(ZoneInfo(COUNTRIES[language][1])).date()
