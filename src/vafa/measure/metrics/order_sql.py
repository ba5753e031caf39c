"""The questions about orders, as SQL over the facts: whole numbers by group, day and currency.

An order belongs to the day of its first purchase line, and its value is that of all its lines which count:
corrections under its own number lessen it, whenever they come. Cancelled orders have no purchase line. Returns
that stand apart from their order don't change its value. An order number that several customers share is an order of
each: so that orders, too, add up over customers.

Revenue is counted on the day on which something was sold, corrected or sent back. An order that was taken back whole is
none, with all its lines and returns; everything else counts, and what is sent back is taken off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyroaring import BitMap

from vafa.measure.metrics.membership import is_customer_dimension
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import CUSTOM_PREFIX, Group, Query

_ORDER_NAMES = {"location": "locations", "product_line": "product_lines", "product": "products"}
_CUSTOMER_COLUMNS = {"customer_location": "named.location", "company": "named.company"}

# A return that doesn't say whose it is, but names an order of one customer, is that customer's.
OWNED_RETURNS = """(
    SELECT r.* REPLACE (coalesce(r.customer_ix, o.customer_ix) AS customer_ix)
    FROM returns AS r LEFT JOIN (
        SELECT order_no, min(customer_ix) AS customer_ix FROM facts
        WHERE order_no IN (SELECT order_no FROM returns WHERE customer_ix IS NULL AND order_no <> 0)
        GROUP BY order_no HAVING min(customer_ix) = max(customer_ix)
    ) AS o ON o.order_no = r.order_no
)"""


@dataclass(frozen=True)
class Looked:
    """What a question looks at: facts of [start, end) (ordinals) of those seen (None: everybody), split by a field.

    `cuts`: days that begin the stretches into which days are summed up (None: day by day). `narrow`: the question is
    about few days of few customers, so that it pays to read nothing else. `has_returns`, `has_foreign`: whether any
    returns, or amounts in another currency than the business's, are known; else nothing has to look for them.
    `by_customer`: rows are told apart by customer, for those who ask of many sets of them at once.
    """

    by: str | None
    seen: BitMap | None
    anonymous: bool
    start: int
    end: int
    cuts: tuple[int, ...] | None = None
    narrow: bool = False
    has_returns: bool = True
    has_foreign: bool = True
    by_customer: bool = False

    def build_condition(self, alias: str) -> str:
        """The SQL condition of whose rows count."""
        if self.seen is None:
            return "true" if self.anonymous else f"{alias}.customer_ix IS NOT NULL"
        member = f"{alias}.customer_ix IN (SELECT ix FROM members)"
        return f"({member} OR {alias}.customer_ix IS NULL)" if self.anonymous else member


@dataclass(frozen=True)
class Labels:
    """How a field splits rows: the key of a group among the columns, its label, and what leads from one to the other.

    `params` belong to `label`.
    """

    key: str
    label: str
    join: str
    params: tuple[str, ...]


def build_revenue_sql(parts: Mapping[str, bool]) -> str:
    """What of a line counts as revenue, by the business's setting."""
    terms = ["f.amount"]
    if parts.get("less_discount", True):
        terms.append("- coalesce(f.discount, 0)")
    if parts.get("tax", False):
        terms.append("+ coalesce(f.tax, 0)")
    if parts.get("shipping", False):
        terms.append("+ coalesce(f.shipping, 0)")
    return " ".join(terms)


def choose_labels(by: str | None, alias: str = "f") -> Labels:
    """How a field splits the rows of a view; the relation that is joined has a column `label_key`."""
    if by is None:
        return Labels("0", "''", "", ())
    if not is_customer_dimension(by):
        join = f"LEFT JOIN {_ORDER_NAMES[by]} AS named ON named.id = label_key"
        return Labels(f"{alias}.{by}", "coalesce(named.name, '')", join, ())
    join = "JOIN customers AS named ON named.ix = label_key"
    key = f"{alias}.customer_ix"
    if by in _CUSTOMER_COLUMNS:
        return Labels(key, _CUSTOMER_COLUMNS[by], join, ())
    # A JSON pointer, in which these two characters are written otherwise.
    field = by.removeprefix(CUSTOM_PREFIX).replace("~", "~0").replace("/", "~1")
    return Labels(key, "coalesce(json_extract_string(named.custom, ?), '')", join, (f"/{field}",))


def list_label_keys(snapshot: Snapshot, by: str, groups: Sequence[Group | None]) -> list[list[int]]:
    """The keys of groups of an order's field: two products may be called alike, and "" is not known (0)."""
    keys: dict[str, list[int]] = {"": [0]}
    for number, name in snapshot.run(Query(f"SELECT id, name FROM {_ORDER_NAMES[by]}")):
        keys.setdefault(name, []).append(int(number))
    return [keys.get("" if group is None else group.value, []) for group in groups]


def choose_return_labels(by: str | None) -> tuple[str, str]:
    """The key of a group for rows `r` of returns, and the join that it needs.

    A return tells its product itself. Its location and product line are those of the order's line of that product, else
    those of the order where it has but one, else not known.
    """
    if by is None:
        return "0", ""
    if is_customer_dimension(by):
        return "r.customer_ix", ""
    if by == "product":
        return "r.product", ""
    origin = (
        f"SELECT order_no, product, min({by}) AS least, max({by}) AS most FROM facts"
        " WHERE order_no IN (SELECT order_no FROM returns WHERE order_no <> 0) GROUP BY order_no, product"
    )
    join = f"""
        LEFT JOIN ({origin}) AS own ON own.order_no = r.order_no AND own.product = r.product
        LEFT JOIN (
            SELECT order_no, CASE WHEN min(least) = max(most) THEN min(least) ELSE 0 END AS least
            FROM ({origin}) GROUP BY order_no
        ) AS whole ON whole.order_no = r.order_no
    """
    return "coalesce(own.least, whole.least, 0)", join


def build_orders_query(revenue: str, looked: Looked) -> Query:
    """Orders: how many, their value, and the same of known customers alone."""
    labels = choose_labels(looked.by)
    days = (looked.start, looked.end)
    narrow = (
        "AND f.order_no IN (SELECT order_no FROM facts WHERE is_purchase AND day_no >= ? AND day_no < ?)"
        if looked.narrow
        else ""
    )
    inner = f"""
        SELECT {labels.key} AS label_key, f.order_no, f.customer_ix, f.currency, f.customer_ix IS NOT NULL AS known,
            min(CASE WHEN f.is_purchase THEN f.day_no END) AS day_no, sum({revenue}) AS amount
        FROM facts AS f
        WHERE f.counts AND {looked.build_condition("f")} {narrow}
        GROUP BY label_key, f.customer_ix, f.order_no, f.currency
    """
    return build_day_query(labels, inner, looked, (*(days if looked.narrow else ()), *days))


def build_revenue_query(revenue: str, own: str, looked: Looked) -> Query:
    """Revenue: orders in other currencies than one's own behind it, what all bring, and the same of known customers."""
    moves, params = build_revenue_moves(revenue, looked)
    inner = f"SELECT *, customer_ix IS NOT NULL AS known FROM ({moves})"
    # How many orders there are matters only where they have no rate, so that they are left out.
    foreign = f"o.currency NOT IN (SELECT id FROM currencies WHERE code IN ('', '{_quote(own)}'))"
    count = f"count(DISTINCT CASE WHEN {foreign} THEN o.order_no END)" if looked.has_foreign else "0"
    return build_day_query(
        choose_labels(looked.by), inner, looked, (*params, looked.start, looked.end), count
    )


def _quote(text: str) -> str:
    return text.replace("'", "''")


def build_revenue_moves(revenue: str, looked: Looked) -> tuple[str, tuple[int, ...]]:
    """SQL of what makes revenue, row by row (label_key, order_no, customer_ix, currency, day_no, amount), and its
    parameters."""
    labels = choose_labels(looked.by)
    days = (looked.start, looked.end)
    sold = f"""
        SELECT {labels.key} AS label_key, f.order_no, f.customer_ix, f.currency, f.day_no, {revenue} AS amount
        FROM facts AS f
        WHERE f.counts AND NOT f.cancelled AND f.day_no >= ? AND f.day_no < ? AND {looked.build_condition("f")}
    """
    if not looked.has_returns:
        return sold, days
    key, join = choose_return_labels(looked.by)
    sent_back = f"""
        SELECT {key}, r.order_no, r.customer_ix, r.currency, r.day_no, -abs(r.amount)
        FROM {OWNED_RETURNS} AS r ANTI JOIN (SELECT order_no FROM facts WHERE cancelled) AS gone USING (order_no) {join}
        WHERE r.amount <> 0 AND r.day_no >= ? AND r.day_no < ? AND {looked.build_condition("r")}
    """
    return f"{sold} UNION ALL {sent_back}", (*days, *days)


def build_newcomers_query(looked: Looked) -> Query:
    """Rows (group, day, "", customers): how many customers first bought in each group of a field of orders by day."""
    labels = choose_labels(looked.by)
    sql = f"""
        SELECT label, day_no, '', count(*) FROM (
            SELECT {labels.label} AS label, o.customer_ix, min(o.day_no) AS day_no
            FROM (
                SELECT {labels.key} AS label_key, f.customer_ix, min(f.day_no) AS day_no FROM facts AS f
                WHERE f.is_purchase AND f.customer_ix IS NOT NULL AND {looked.build_condition("f")}
                GROUP BY label_key, f.customer_ix
            ) AS o {labels.join}
            GROUP BY label, o.customer_ix
        ) GROUP BY label, day_no ORDER BY day_no
    """
    return Query(sql, labels.params, looked.seen)


def build_day_query(
    labels: Labels, inner: str, looked: Looked, params: tuple[Any, ...], count: str = "count(*)"
) -> Query:
    """Counts, amounts and rows of a relation (label_key, customer_ix, day_no, currency, known, amount) by group, day
    and currency: first of all, then of known customers (`day_series.ALL` and `KNOWN`)."""
    day, cut = "o.day_no", ""
    cuts: tuple[list[int], ...] = ()
    if looked.cuts is not None:
        day, cut = "k.cut", "ASOF JOIN (SELECT unnest(?::INTEGER[]) AS cut) AS k ON o.day_no >= k.cut"
        cuts = (list(looked.cuts),)
    customer = "o.customer_ix, " if looked.by_customer else ""
    # Summed up by the group's key first: only then are there few enough rows to look up its name.
    summed = f"""
        SELECT o.label_key, {customer}{day} AS day_no, o.currency,
            {count} AS n, sum(o.amount) AS amount, count(*) AS lines,
            {count if count == "0" else count + " FILTER (o.known)"} AS known_n,
            coalesce(sum(o.amount) FILTER (o.known), 0) AS known_amount, count(*) FILTER (o.known) AS known_lines
        FROM ({inner}) AS o {cut}
        WHERE o.day_no >= ? AND o.day_no < ?
        GROUP BY ALL
    """
    inner_params, outer_params = params[:-2], params[-2:]
    params = (*labels.params, *inner_params, *cuts, *outer_params)
    if looked.by_customer:
        sql = f"""
            SELECT {labels.label} AS label, s.currency::BIGINT AS currency, s.day_no::BIGINT AS day_no,
                s.customer_ix::BIGINT AS customer_ix, n::BIGINT AS n, amount::BIGINT AS amount, lines::BIGINT AS lines,
                known_n::BIGINT AS known_n, known_amount::BIGINT AS known_amount, known_lines::BIGINT AS known_lines
            FROM ({summed}) AS s {labels.join}
            ORDER BY label, currency, s.day_no
        """
        return Query(sql, params, looked.seen)
    sql = f"""
        SELECT {labels.label} AS label, s.day_no, c.code, sum(n), sum(amount), sum(lines), sum(known_n),
            sum(known_amount), sum(known_lines)
        FROM ({summed}) AS s
        LEFT JOIN currencies AS c ON c.id = s.currency
        {labels.join}
        GROUP BY label, s.day_no, c.code
        ORDER BY s.day_no
    """
    return Query(sql, params, looked.seen)
