"""Checks of order lines."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from django.utils.translation import gettext as _

from vafa.data.orders.queries import list_line_origins
from vafa.measure.quality.looked import Looked, read_amount, read_day
from vafa.measure.quality.types import CheckEntry, Finding, Result

_COLUMNS = "f.row_id, f.customer_ix, f.day_no, p.name, f.quantity, f.amount, c.code"
_NAMES = "LEFT JOIN products AS p ON p.id = f.product LEFT JOIN currencies AS c ON c.id = f.currency"

# What makes two lines of an order the same.
_SAYS = "f.order_no, f.product, f.quantity, f.amount, f.sec, f.customer_ix"


class LineCheck:
    """A check whose rows are order lines: `find` is the FROM and WHERE that leaves those that it finds, `extra` more
    columns of them. Subclasses name the columns in `extra_names`."""

    name: ClassVar[str] = ""
    whole_only: ClassVar[bool] = False
    find: ClassVar[str] = ""
    extra: ClassVar[str] = ""
    extra_names: ClassVar[tuple[str, ...]] = ()

    def list_params(self, looked: Looked) -> Sequence[Any]:
        """The parameters of `find`."""
        return ()

    def count(self, looked: Looked) -> Result:
        """How many lines it finds, of all that the asker may see."""
        total = looked.count_lines()
        if not total:
            return Result(self.name, None, None, "no_data")
        found = looked.ask_number(f"SELECT count(*) {self.find}", self.list_params(looked))
        return Result(self.name, found, total)

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """The lines, the newest day first."""
        extra = f", {self.extra}" if self.extra else ""
        rows = looked.ask(
            f"SELECT {_COLUMNS}{extra} FROM (SELECT f.* {self.find}) AS f {_NAMES}"
            " ORDER BY f.day_no DESC, f.row_id LIMIT ? OFFSET ?",
            (*self.list_params(looked), limit, offset),
        )
        return build_line_findings(looked, rows, self.extra_names)


def build_line_findings(
    looked: Looked, rows: Sequence[tuple[Any, ...]], extra: Sequence[str]
) -> list[Finding]:
    """Lines with what only the records know of them: the order's number, the source and the import."""
    origins = list_line_origins(int(row[0]) for row in rows)
    customers = looked.list_ids([row[1] for row in rows])
    findings = []
    for row, customer in zip(rows, customers, strict=True):
        origin = origins.get(int(row[0]))
        cells: dict[str, Any] = {
            "customer": customer,
            "day": read_day(row[2]),
            "product": row[3] or "",
            "quantity": read_amount(row[4]),
            "amount": read_amount(row[5]),
            "currency": row[6] or looked.business.currency,
            "order": origin.order if origin else "",
            "source": origin.source if origin else "",
            "import": origin.import_id if origin else None,
        }
        for name, value in zip(extra, row[7:], strict=True):
            cells[name] = read_day(value) if name == "joined" else value
        findings.append(Finding(cells))
    return findings


class DoubleLines(LineCheck):
    """Lines of one order that say the same twice."""

    name = "double_lines"
    find = f"""
        FROM (
            SELECT f.*, row_number() OVER (PARTITION BY {_SAYS} ORDER BY f.row_id) AS place,
                count(*) OVER (PARTITION BY {_SAYS}) AS times
            FROM facts AS f WHERE {{mine}} AND hash({_SAYS}) IN (SELECT unnest(?::UBIGINT[]))
        ) AS f WHERE f.place > 1
    """
    extra = "f.times"
    extra_names = ("times",)

    def list_params(self, looked: Looked) -> Sequence[Any]:
        """The hashes that more than one line has: few, so that the lines themselves are looked at only there."""
        return (looked.keep("double_signs", lambda: _list_double_signs(looked)),)

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Order lines that are there twice"),
            _(
                "Lines of one order with the same product, quantity, amount and time. The first of them is not counted."
            ),
            _("Revenue and quantities are too high if they are doubles; retention does not change."),
            _(
                "Look into the source. If its export writes lines twice, mend it there and bring the file in again."
            ),
            "imports",
            "lines",
            "warning",
            ("customer", "day", "order", "product", "quantity", "amount", "times", "source", "import"),
        )


def _list_double_signs(looked: Looked) -> list[int]:
    """Sorting ten million hashes takes a third of the time of grouping as many lines."""
    found = looked.ask_columns(f"SELECT hash({_SAYS}) AS sign FROM facts AS f WHERE {{mine}}")["sign"]
    signs = np.sort(found)
    doubled = np.unique(signs[1:][signs[1:] == signs[:-1]])
    return [int(sign) for sign in doubled]


class SalesOfTwoSources(LineCheck):
    """The same sale told by two sources."""

    name = "sales_of_two_sources"
    find = """
        FROM (
            SELECT f.*, count(DISTINCT f.source) OVER (
                PARTITION BY f.customer_ix, f.day_no, f.product, f.quantity, f.amount
            ) AS times
            FROM facts AS f
            SEMI JOIN (
                SELECT f.customer_ix, f.day_no, f.product, f.quantity, f.amount FROM facts AS f
                WHERE {mine} AND f.customer_ix IS NOT NULL
                    AND (SELECT count(DISTINCT source) FROM facts) > 1
                GROUP BY ALL HAVING min(f.source) < max(f.source)
            ) AS d USING (customer_ix, day_no, product, quantity, amount)
        ) AS f
    """
    extra = "f.times"
    extra_names = ("times",)

    def count(self, looked: Looked) -> Result:
        """None of a single source."""
        if looked.ask_number("SELECT count(DISTINCT source) FROM facts") < 2:
            total = looked.count_lines()
            return Result(self.name, 0 if total else None, total or None, None if total else "no_data")
        return super().count(looked)

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Sales that two sources tell of"),
            _(
                "The same customer, day, product, quantity and amount in two sources, such as the shop and the till."
            ),
            _("Revenue is counted twice if it is one sale; retention does not change."),
            _("Leave one of the two imports out: undo it on its page."),
            "imports",
            "lines",
            "warning",
            ("customer", "day", "order", "product", "quantity", "amount", "source", "import"),
        )


class OrdersBeforeJoining(LineCheck):
    """Orders of days before their customer joined."""

    name = "orders_before_joining"
    find = """
        FROM facts AS f JOIN customers AS k ON k.ix = f.customer_ix
        WHERE {mine} AND k.joined_no IS NOT NULL AND f.day_no < k.joined_no
    """
    extra = "(SELECT k.joined_no FROM customers AS k WHERE k.ix = f.customer_ix)"
    extra_names = ("joined",)

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Orders before joining"),
            _("Order lines of a day before the day on which their customer is said to have joined."),
            _(
                "The earlier of the two days counts as the start, so who is new and in which cohort follows the order."
            ),
            _("Mend the day of joining in the file of customers and bring it in again."),
            "imports",
            "lines",
            "warning",
            ("customer", "day", "joined", "order", "amount", "source", "import"),
        )


class FutureOrders(LineCheck):
    """Orders of days that have not come."""

    name = "future_orders"
    find = "FROM facts AS f WHERE {mine} AND f.day_no > ?"

    def list_params(self, looked: Looked) -> Sequence[Any]:
        """Today."""
        return (looked.today.toordinal(),)

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Orders in the future"),
            _(
                "Lines of days that have not come yet: most often day and month are swapped or the year is wrong."
            ),
            _(
                "The data seem to reach further than they do: figures are told up to a day that nobody knows of."
            ),
            _("Undo the import and bring the file in again with the right order of dates."),
            "imports",
            "lines",
            "warning",
            ("customer", "day", "order", "amount", "source", "import"),
        )


class AnonymousSales(LineCheck):
    """Sales that name no customer."""

    name = "anonymous_sales"
    whole_only = True
    find = "FROM facts AS f WHERE f.customer_ix IS NULL AND f.is_purchase"

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Sales without a customer"),
            _("Purchase lines that name nobody. They count in sales, never in retention."),
            _("The larger this share, the less the retention says about the whole business."),
            _(
                "Ask for a phone number at the till, and bring the file in again when the source knows the customers."
            ),
            "imports",
            "lines",
            "info",
            ("day", "order", "product", "quantity", "amount", "source", "import"),
        )
