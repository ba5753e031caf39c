"""Checks of currencies, returns and subscriptions."""

from typing import ClassVar

from django.utils.translation import gettext as _

from vafa.data.business.queries import list_rates
from vafa.data.orders.queries import list_return_origins
from vafa.data.subscriptions.queries import list_subscription_origins
from vafa.measure.quality.looked import Looked, read_amount, read_day
from vafa.measure.quality.types import CheckEntry, Finding, Result

_UNMATCHED = """
    FROM returns AS f ANTI JOIN (
        SELECT DISTINCT order_no FROM all_lines
        SEMI JOIN (SELECT DISTINCT order_no FROM returns WHERE order_no <> 0) USING (order_no)
    ) AS k USING (order_no)
    WHERE {mine}
"""


class MixedCurrencies:
    """Order lines in another currency than the business's."""

    name: ClassVar[str] = "mixed_currencies"
    whole_only: ClassVar[bool] = False

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Amounts in other currencies"),
            _("Order lines in a currency that is not the business's own, and whether it has a rate."),
            _("With a rate each amount is taken at its own day's; without one it stays out of every total."),
            _("Enter what the currency is worth, from a day on."),
            "settings_money",
            "lines",
            "info",
            ("currency", "source", "lines", "from", "to", "note"),
        )

    def count(self, looked: Looked) -> Result:
        """How many lines, of all."""
        total = looked.count_lines()
        if not total:
            return Result(self.name, None, None, "no_data")
        return Result(self.name, sum(row[2] for row in self._list(looked)), total)

    def _list(self, looked: Looked) -> list[tuple[str, str, int, int, int]]:
        return looked.keep(
            self.name,
            lambda: looked.ask(
                """
                SELECT c.code, s.name, count(*), min(f.day_no), max(f.day_no) FROM facts AS f
                JOIN currencies AS c ON c.id = f.currency JOIN sources AS s ON s.id = f.source
                WHERE {mine} AND c.code NOT IN ('', ?) GROUP BY c.code, s.name ORDER BY count(*) DESC, c.code, s.name
                """,
                (looked.business.currency,),
            ),
        )

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """Currency by currency and source by source."""
        findings = []
        for code, source, lines, first, last in self._list(looked)[offset : offset + limit]:
            day = read_day(first)
            known = day is not None and code in list_rates(looked.business.currency, [code], day)
            cells = {"currency": code, "source": source, "lines": lines, "from": day, "to": read_day(last)}
            findings.append(Finding({**cells, "note": "has_rate" if known else "has_no_rate"}))
        return findings


class UnmatchedReturns:
    """Returns whose order is not there, or not named."""

    name: ClassVar[str] = "unmatched_returns"
    whole_only: ClassVar[bool] = False

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Returns without their order"),
            _("Returns that name an order which is not in the data, or that name none."),
            _("They lessen revenue and count as returned goods, but cannot take their purchase away."),
            _("Bring in the orders that are missing, or returns that name their order."),
            "imports",
            "returns",
            "warning",
            ("customer", "day", "order", "product", "quantity", "amount", "note", "source", "import"),
        )

    def count(self, looked: Looked) -> Result:
        """How many returns, of all."""
        total = looked.ask_number("SELECT count(*) FROM returns AS f WHERE {mine}")
        if not total:
            return Result(self.name, None, None, "no_data")
        return Result(self.name, looked.ask_number(f"SELECT count(*) {_UNMATCHED}"), total)

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """The returns, the newest day first."""
        rows = looked.ask(
            f"""
            SELECT f.row_id, f.customer_ix, f.day_no, p.name, f.quantity, f.amount, c.code, f.order_no
            FROM (SELECT f.* {_UNMATCHED}) AS f LEFT JOIN products AS p ON p.id = f.product
            LEFT JOIN currencies AS c ON c.id = f.currency
            ORDER BY f.day_no DESC, f.row_id LIMIT ? OFFSET ?
            """,
            (limit, offset),
        )
        origins = list_return_origins(int(row[0]) for row in rows)
        customers = looked.list_ids([row[1] for row in rows])
        findings = []
        for row, customer in zip(rows, customers, strict=True):
            origin = origins.get(int(row[0]))
            findings.append(
                Finding(
                    {
                        "customer": customer,
                        "day": read_day(row[2]),
                        "product": row[3] or "",
                        "quantity": read_amount(row[4]),
                        "amount": read_amount(row[5]),
                        "currency": row[6] or looked.business.currency,
                        "order": origin.order if origin else "",
                        "note": "order_missing" if row[7] else "order_unnamed",
                        "source": origin.source if origin else "",
                        "import": origin.import_id if origin else None,
                    }
                )
            )
        return findings


class _SubscriptionCheck:
    name: ClassVar[str] = ""
    whole_only: ClassVar[bool] = False
    find: ClassVar[str] = ""

    def count(self, looked: Looked) -> Result:
        """How many subscriptions, of all."""
        total = looked.ask_number("SELECT count(*) FROM subscriptions AS f WHERE {mine}")
        if not total:
            return Result(self.name, None, None, "no_data")
        return Result(self.name, looked.ask_number(f"SELECT count(*) {self.find}"), total)

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """The subscriptions, the newest first."""
        rows = looked.ask(
            f"SELECT f.row_id, f.customer_ix, f.plan, f.started_no, f.ended_no {self.find}"
            " ORDER BY f.started_no DESC, f.row_id LIMIT ? OFFSET ?",
            (limit, offset),
        )
        origins = list_subscription_origins(int(row[0]) for row in rows)
        customers = looked.list_ids([row[1] for row in rows])
        findings = []
        for (row, _ix, plan, started, ended), customer in zip(rows, customers, strict=True):
            _key, source, import_id = origins.get(int(row), ("", "", None))
            cells = {"customer": customer, "plan": plan, "from": read_day(started), "to": read_day(ended)}
            findings.append(Finding({**cells, "source": source, "import": import_id}))
        return findings


class OverlappingSubscriptions(_SubscriptionCheck):
    """Subscriptions of a customer to one plan that begin before the one before has ended."""

    name = "overlapping_subscriptions"
    find = """
        FROM (
            SELECT *, max(coalesce(ended_no, 9999999)) OVER (
                PARTITION BY customer_ix, plan ORDER BY started_no, row_id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before_ended FROM subscriptions AS f WHERE {mine}
        ) AS f WHERE f.before_ended > f.started_no
    """

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Subscriptions that overlap"),
            _(
                "Subscriptions of one customer to the same plan of which one begins before the other has ended."
            ),
            _("Retention counts the customer once; recurring revenue counts both."),
            _(
                "Mend the dates in the source and bring the file in again, or undo the import that brought them twice."
            ),
            "imports",
            "subscriptions",
            "warning",
            ("customer", "plan", "from", "to", "source", "import"),
        )


class BackwardSubscriptions(_SubscriptionCheck):
    """Subscriptions that end on the day on which they start, or before it."""

    name = "backward_subscriptions"
    find = "FROM subscriptions AS f WHERE {mine} AND f.ended_no <= f.started_no"

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Subscriptions that end before they begin"),
            _("Subscriptions whose end is not after their start, so that they hold no day."),
            _("They make nobody active, and their revenue recurs nowhere."),
            _("Mend the dates in the source and bring the file in again."),
            "imports",
            "subscriptions",
            "warning",
            ("customer", "plan", "from", "to", "source", "import"),
        )
