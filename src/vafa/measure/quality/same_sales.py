"""Looking for sales that two sources tell of: the same customer, nearly the same day, the same amount in one unit."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from vafa.data.business.queries import RIAL_UNITS, Business, get_business, get_rate_table
from vafa.data.orders.actions import hold_joined, propose_sales
from vafa.data.orders.queries import list_line_origins
from vafa.data.orders.types import SalePair
from vafa.lab.currencies import RateTable
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.types import Query

# At most so many pairs of orders are judged, the newest first.
MOST_PAIRS = 100_000
# Amounts in two currencies agree within a bank's margin, in one unit within what rounding does.
_MARGIN = 0.02
_ROUNDING = 1e-6
SAME_NUMBER, SAME_DAY, NEXT_DAY = 97, 85, 65
OTHER_AMOUNT = 60

# Each order by its first line: what its goods cost, what was paid for them, and that with tax and shipping.
_PAIRS = """
    WITH orders AS (
        SELECT customer_ix, source, order_no, min(row_id) AS line, min(day_no) AS day, any_value(currency) AS currency,
            sum(amount) AS gross, sum(amount - coalesce(discount, 0)) AS net,
            sum(amount - coalesce(discount, 0) + coalesce(tax, 0) + coalesce(shipping, 0)) AS paid
        FROM facts WHERE counts AND customer_ix IS NOT NULL AND order_no <> 0
        GROUP BY customer_ix, source, order_no HAVING sum(amount) > 0 AND count(DISTINCT currency) = 1
    ), days AS (SELECT *, unnest([day - 1, day, day + 1]) AS near FROM orders)
    SELECT a.line, b.line, a.day, b.day, x.code, y.code, a.gross, a.net, a.paid, b.gross, b.net, b.paid
    FROM orders a JOIN days b ON b.customer_ix = a.customer_ix AND b.near = a.day AND a.source < b.source
    LEFT JOIN currencies x ON x.id = a.currency LEFT JOIN currencies y ON y.id = b.currency
    ORDER BY a.day DESC, a.line, b.line LIMIT ?
"""


def look_for_same_sales(*, now: datetime) -> int:
    """Look through the newest figures' facts and propose what seems to be told twice; how many pairs are open."""
    hold_joined()
    snapshot = open_snapshot()
    return propose_sales(_choose(_list_pairs(snapshot, get_business())), now=now)


def _list_pairs(snapshot: Snapshot, business: Business) -> list[SalePair]:
    """All pairs that agree enough, the surest first."""
    sources = snapshot.run(Query("SELECT count(DISTINCT source) FROM facts"))
    if int(sources[0][0]) < 2:
        return []
    rows = snapshot.run(Query(_PAIRS, (MOST_PAIRS,)))
    numbers = list_line_origins({int(line) for row in rows for line in row[:2]})
    found = list(_judge(rows, business, {line: origin.order for line, origin in numbers.items()}))
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def _judge(rows: Sequence[Sequence[Any]], business: Business, numbers: dict[int, str]) -> Iterator[SalePair]:
    table = get_rate_table(business.currency)
    for row in rows:
        first, second, day, other_day = (int(value) for value in row[:4])
        mine = _worth(row[6:9], row[4] or "", day, table)
        theirs = _worth(row[9:12], row[5] or "", other_day, table)
        number = numbers.get(first, "")
        same_number = bool(number) and number == numbers.get(second)
        margin = _ROUNDING if _is_fixed(row[4] or "", row[5] or "", business) else _MARGIN
        same_amount = any(
            abs(one - other) <= margin * max(one, other) for one in mine for other in theirs if one and other
        )
        evidence = ["customer"]
        evidence += ["number"] if same_number else []
        evidence.append("amount" if same_amount else "other_amount")
        evidence.append("day" if day == other_day else "next_day")
        if score := _score(same_number, same_amount, day == other_day):
            yield SalePair(first, second, score, tuple(evidence))


def _score(same_number: bool, same_amount: bool, same_day: bool) -> int:
    if same_number:
        return (SAME_NUMBER if same_amount else OTHER_AMOUNT) - (0 if same_day else 7)
    if same_amount:
        return SAME_DAY if same_day else NEXT_DAY
    return 0


def _is_fixed(code: str, other: str, business: Business) -> bool:
    """Whether two currencies follow from each other without a rate: one and the same, rial and toman."""
    mine, theirs = code or business.currency, other or business.currency
    return mine == theirs or (mine in RIAL_UNITS and theirs in RIAL_UNITS)


def _worth(amounts: Sequence[Any], code: str, day: int, table: RateTable) -> set[int]:
    """The amounts in the business's currency; none where that has no rate."""
    told = {table.convert(int(amount), code, day) for amount in amounts if amount}
    return {amount for amount in told if amount is not None}


def _choose(pairs: list[SalePair]) -> list[SalePair]:
    """Each order in one pair at most, the surest first: two equal purchases of a day are two sales in both sources."""
    taken: set[int] = set()
    chosen = []
    for pair in pairs:
        if pair.first not in taken and pair.second not in taken:
            taken |= {pair.first, pair.second}
            chosen.append(pair)
    return chosen
