"""What rows of facts are worth in the business's currency, in whole ten-thousandths, each at the rate of its own day.

Amounts in a currency without a rate on that day are worth nothing known: they are in no sum.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from vafa.data.business.queries import get_rate_table, list_all_rates
from vafa.data.costs.queries import get_margin_table, list_margins
from vafa.kit.fields import SCALE
from vafa.lab.currencies import RATE_PLACES, RateTable
from vafa.lab.value import MarginTable
from vafa.warehouse.queries import Query, Snapshot

if TYPE_CHECKING:
    from vafa.measure.segments.context import Context

_RATE_SCALE = 10**RATE_PLACES


@dataclass(frozen=True)
class Worth:
    """How SQL tells the worth of a view's rows: a relation instead of the view, its parameters, and for each
    expression of an amount the SQL of its worth (NULL where it isn't known)."""

    relation: str
    params: tuple[Any, ...]
    is_converted: bool

    def of(self, amount: str) -> str:
        """The worth of an amount of a row, in ten-thousandths of the business's currency."""
        if not self.is_converted:
            return f"({amount})"
        whole = f"(abs({amount})::HUGEINT * rate_scaled + {_RATE_SCALE // 2}) // {_RATE_SCALE}"
        return f"(sign({amount})::BIGINT * ({whole})::BIGINT)"


@dataclass(frozen=True)
class Rates:
    """What currencies are worth in the business's own, what of revenue is margin, and a key that changes whenever these
    do."""

    table: RateTable
    key: tuple[Any, ...]
    margins: MarginTable = field(default_factory=lambda: MarginTable(()))


def read_rates(currency: str) -> Rates:
    """The rates as they are entered now."""
    entered = tuple((rate.currency, rate.rate, rate.valid_from) for rate in list_all_rates())
    margins = tuple((margin.valid_from, margin.share) for margin in list_margins())
    return Rates(get_rate_table(currency), (entered, margins), get_margin_table())


def build_worth(context: "Context", view: str, day: str = "day_no") -> Worth:
    """The worth of a view's rows, of which `day` names the day whose rate counts."""
    business, snapshot, rates = context.business, context.snapshot, context.rates
    codes = {
        int(number): str(code) for number, code in snapshot.run(Query("SELECT id, code FROM currencies"))
    }
    foreign = {number: code for number, code in codes.items() if code not in ("", business.currency)}
    if not foreign:
        return Worth(view, (), is_converted=False)
    currencies, days, scaled = snapshot.cached(
        ("segment_rates", view, business.currency, rates.key),
        lambda: _list_day_rates(snapshot, foreign, rates.table, view, day),
    )
    own = sorted(codes.keys() - foreign.keys())
    relation = (
        f"(SELECT v.*, CASE WHEN v.currency IN (SELECT unnest(?::INTEGER[])) THEN {_RATE_SCALE}::HUGEINT"
        f" ELSE r.scaled END AS rate_scaled FROM {view} v LEFT JOIN"
        " (SELECT unnest(?::INTEGER[]) AS code, unnest(?::INTEGER[]) AS on_day, unnest(?::HUGEINT[]) AS scaled) r"
        f" ON r.code = v.currency AND r.on_day = v.{day})"
    )
    return Worth(relation, (own, currencies, days, scaled), is_converted=True)


def _list_day_rates(
    snapshot: Snapshot, foreign: dict[int, str], table: RateTable, view: str, day: str
) -> tuple[list[int], list[int], list[int]]:
    """Currencies, days and rates (in ten-thousand-millionths) of the view's foreign rows."""
    pairs = snapshot.run(
        Query(
            f"SELECT DISTINCT currency, {day} FROM {view} WHERE currency IN (SELECT unnest(?::INTEGER[]))",
            (sorted(foreign),),
        )
    )
    found: tuple[list[int], list[int], list[int]] = ([], [], [])
    for currency, on_day in pairs:
        rate = table.find_units(foreign[currency], on_day)
        if rate is not None:
            for column, value in zip(found, (int(currency), int(on_day), rate), strict=True):
                column.append(value)
    return found


def to_scaled(amount: Decimal) -> int:
    """An amount in ten-thousandths; what is finer is rounded."""
    return int((amount * SCALE).to_integral_value(ROUND_HALF_UP))


def build_revenue_sql(context: "Context") -> str:
    """What of an order line counts as revenue, by the business's setting."""
    parts = context.business.revenue_parts
    terms = ["amount"]
    if parts.get("less_discount", True):
        terms.append("- coalesce(discount, 0)")
    if parts.get("tax", False):
        terms.append("+ coalesce(tax, 0)")
    if parts.get("shipping", False):
        terms.append("+ coalesce(shipping, 0)")
    return " ".join(terms)


def get_money_key(context: "Context") -> tuple[Any, ...]:
    """What the worth of things depends on besides the facts, for what is kept."""
    business = context.business
    return (business.currency, tuple(sorted(business.revenue_parts.items())), context.rates.key)
