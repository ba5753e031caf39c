"""Checks of amounts: far beyond the usual, or in another unit of money. A price is amount / quantity of a purchase."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from vafa.lab.quality import STEPS, Fence, build_fence, find_unit_factor
from vafa.measure.quality.line_checks import build_line_findings
from vafa.measure.quality.looked import Looked
from vafa.measure.quality.types import CheckEntry, Finding, Result

Group = tuple[int, int]
"""Product and currency, by their numbers in the warehouse; product 0 stands for all."""

_PURCHASES = "facts AS f WHERE {mine} AND f.quantity > 0 AND f.amount > 0 AND f.counts"
_PRICE = "(f.amount::DOUBLE / f.quantity)"


@dataclass(frozen=True)
class FarOut:
    """A line whose price lies beyond the fence: its row, the usual price, and the factor where it is a unit's."""

    row: int
    usual: float
    factor: float | None


def list_far_out(looked: Looked) -> list[FarOut]:
    """All such lines, the newest first; looked for once."""
    return looked.keep("far_out", lambda: _find_far_out(looked))


def _find_far_out(looked: Looked) -> list[FarOut]:
    fences = _build_fences(looked)
    if not fences:
        return []
    groups = list(fences)
    bounds = [fences[group] for group in groups]
    rows = looked.ask(
        f"""
        WITH fences AS (
            SELECT unnest(?::INTEGER[]) AS product, unnest(?::INTEGER[]) AS currency,
                unnest(?::DOUBLE[]) AS lowest, unnest(?::DOUBLE[]) AS highest
        ), known AS (SELECT DISTINCT product, currency FROM fences WHERE product <> 0)
        SELECT f.row_id, {_PRICE}, f.product, f.currency
        FROM {_PURCHASES} AND EXISTS (
            SELECT 1 FROM fences AS b WHERE b.currency = f.currency
                AND b.product = CASE WHEN (f.product, f.currency) IN (SELECT (product, currency) FROM known)
                    THEN f.product ELSE 0 END
                AND ({_PRICE} < b.lowest OR {_PRICE} > b.highest)
        )
        ORDER BY f.day_no DESC, f.row_id
        """,
        (
            [product for product, _currency in groups],
            [currency for _product, currency in groups],
            [fence.lowest for fence in bounds],
            [fence.highest for fence in bounds],
        ),
    )
    found = []
    for row, price, product, currency in rows:
        fence = fences.get((product, currency)) or fences[0, currency]
        found.append(FarOut(int(row), fence.usual, find_unit_factor(price, fence)))
    return found


def _build_fences(looked: Looked) -> dict[Group, Fence]:
    """The fence of each product and currency, and of each currency's whole for the products with few lines."""
    rows = looked.ask(
        f"""
        SELECT f.product, f.currency, floor(ln({_PRICE}) * {STEPS})::INTEGER AS step, count(*)
        FROM {_PURCHASES} GROUP BY ALL
        """
    )
    histograms: dict[Group, dict[int, int]] = defaultdict(dict)
    for product, currency, step, count in rows:
        if product:
            histograms[product, currency][step] = count
        whole = histograms[0, currency]
        whole[step] = whole.get(step, 0) + count
    built = {group: build_fence(histogram) for group, histogram in histograms.items()}
    return {group: fence for group, fence in built.items() if fence is not None}


class _AmountCheck:
    name: ClassVar[str] = ""
    whole_only: ClassVar[bool] = False

    def count(self, looked: Looked) -> Result:
        """How many lines it finds, of all that the asker may see."""
        total = looked.count_lines()
        if not total:
            return Result(self.name, None, None, "no_data")
        return Result(self.name, len(self._list(looked)), total)

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """The lines, the newest day first, each with the usual price."""
        wanted = self._list(looked)[offset : offset + limit]
        by_row = {found.row: found for found in wanted}
        rows = looked.ask(
            """
            SELECT f.row_id, f.customer_ix, f.day_no, p.name, f.quantity, f.amount, c.code
            FROM facts AS f LEFT JOIN products AS p ON p.id = f.product
            LEFT JOIN currencies AS c ON c.id = f.currency
            WHERE {mine} AND f.row_id IN (SELECT unnest(?::BIGINT[])) ORDER BY f.day_no DESC, f.row_id
            """,
            (list(by_row),),
        )
        findings = build_line_findings(looked, rows, ())
        return [
            Finding({**finding.cells, **self._tell(by_row[int(row[0])], row[4])})
            for finding, row in zip(findings, rows, strict=True)
        ]

    def _list(self, looked: Looked) -> list[FarOut]:
        raise NotImplementedError

    def _tell(self, found: FarOut, quantity: int) -> dict[str, Any]:
        usual = Decimal(str(found.usual)) * Decimal(quantity) / 10_000
        return {"usual": usual.quantize(Decimal("0.0001")), "note": self._note(found)}

    def _note(self, _found: FarOut) -> str:
        return ""


class AmountsFarOut(_AmountCheck):
    """Prices far beyond the product's usual ones."""

    name = "amounts_far_out"

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Amounts far beyond the usual"),
            _(
                "Purchase lines whose price for one piece lies far from the product's usual one, by a measure that a "
                "few wild amounts cannot move; a product with few lines is held against all."
            ),
            _("Revenue and the average order value follow such amounts, right or wrong; retention does not."),
            _("Look whether the amount is right in the source; mend it there and bring the file in again."),
            "imports",
            "lines",
            "warning",
            ("customer", "day", "order", "product", "quantity", "amount", "usual", "source", "import"),
        )

    def _list(self, looked: Looked) -> list[FarOut]:
        return looked.keep(
            self.name, lambda: [found for found in list_far_out(looked) if found.factor is None]
        )


class AmountsInAnotherUnit(_AmountCheck):
    """Prices that are just ten or a thousand times the usual: rial among toman, thousands among ones."""

    name = "amounts_in_another_unit"

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Amounts in another unit"),
            _(
                "Purchase lines whose price for one piece is just 10, 100, 1,000 or 10,000 times the product's usual "
                "one, or so many times less, as rial is of toman, or a price without its thousands."
            ),
            _(
                "Each such line weighs so many times too much or too little in all money; retention does not change."
            ),
            _("Undo the import and bring the file in again with the right unit of money."),
            "imports",
            "lines",
            "warning",
            (
                "customer",
                "day",
                "order",
                "product",
                "quantity",
                "amount",
                "usual",
                "note",
                "source",
                "import",
            ),
        )

    def _list(self, looked: Looked) -> list[FarOut]:
        return looked.keep(
            self.name, lambda: [found for found in list_far_out(looked) if found.factor is not None]
        )

    def _note(self, found: FarOut) -> str:
        return f"factor:{found.factor:g}"


AMOUNT_CHECKS: Sequence[type[_AmountCheck]] = (AmountsFarOut, AmountsInAnotherUnit)
