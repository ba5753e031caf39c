"""The telecom customers of the development data, as subscriptions: each starts `tenure` months before 2020-01-01, and
ended that day where the customer had left."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vafa.lab.calendars import get_month_index, get_month_start

END = date(2020, 1, 1)
COLUMNS = ("id", "customer", "plan", "price", "currency", "interval", "start", "end")


@dataclass(frozen=True)
class TelcoCustomer:
    """One row: whole months of tenure, and what a month costs."""

    name: str
    tenure: int
    left: bool
    contract: str
    charge: str

    @property
    def started_on(self) -> date:
        """The first of the month so many months before the end."""
        index = get_month_index(END.toordinal(), "gregorian") - self.tenure
        return date.fromordinal(get_month_start(index, "gregorian"))


def read_telco(path: Path) -> list[TelcoCustomer]:
    """All customers of the file."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            TelcoCustomer(
                row["customerID"],
                int(row["tenure"]),
                row["Churn"] == "Yes",
                row["Contract"],
                row["MonthlyCharges"],
            )
            for row in csv.DictReader(file)
        ]


def write_subscriptions(customers: list[TelcoCustomer], target: Path) -> Path:
    """The file that is imported."""
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_build_rows(customers))
    return target


def _build_rows(customers: list[TelcoCustomer]) -> Iterator[tuple[str, ...]]:
    for number, customer in enumerate(customers):
        ended = END.isoformat() if customer.left else ""
        yield (
            f"s{number}", customer.name, customer.contract, customer.charge, "USD", "month",
            customer.started_on.isoformat(), ended,
        )  # fmt: skip
