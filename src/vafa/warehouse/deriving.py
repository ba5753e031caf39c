"""What follows from the rows themselves: whose they are, which orders were taken back, what is a purchase."""

import duckdb
import pyarrow as pa

# The columns that the copy keeps of each table, after the row's id.
KEPT = {
    "lines": (
        "source", "order_no", "customer_id", "day_no", "sec", "product", "product_line", "location",
        "quantity", "amount", "discount", "tax", "shipping", "currency", "counts",
    ),
    "returns": (
        "source", "order_no", "customer_id", "day_no", "sec", "product", "quantity", "amount", "currency",
    ),
    "subscriptions": (
        "source", "customer_id", "plan", "amount", "currency", "interval_code", "started_no", "term_no", "priced",
        "frozen_no", "thawed_no", "sessions", "sessions_used", "visited_no",
    ),
    "interactions": ("source", "customer_id", "kind", "day_no", "sec"),
    "answers": (
        "source", "customer_id", "survey", "question", "is_scored", "score", "scale_low", "scale_high", "direction",
        "method", "channel", "day_no", "invited_no", "answered_no",
    ),
    "tickets": (
        "source", "customer_id", "category", "channel", "priority", "status", "agent", "day_no", "opened_s",
        "responded_no", "responded_s", "solved_no", "solved_s", "closed_no", "closed_s", "reopened",
    ),
}  # fmt: skip
_NARROW = ("product", "product_line", "location")
# A subscription or an interaction belongs to somebody; an order line may be an anonymous sale, and answers and tickets
# may come from nobody who is known.
_OWNED = ("subscriptions", "interactions")


def build_with_currency(relation: str) -> str:
    """A relation whose `currency_code` is replaced by its number in the table `currencies`."""
    return (
        f"(SELECT r.* EXCLUDE (currency_code), c.ix::SMALLINT AS currency FROM {relation} r"
        " JOIN currencies c ON c.code = r.currency_code)"
    )


def build_derived(name: str, relation: str, cancelled: str = "") -> str:
    """The SELECT that derives a table's rows from `relation`, by the table `owners` (id, ix, hidden).

    For lines, `cancelled` is an SQL condition over the relation.
    """
    join = "JOIN" if name in _OWNED else "LEFT JOIN"
    owned = (
        f"SELECT r.*, o.ix::INTEGER AS customer_ix, coalesce(o.hidden, false) AS hidden"
        f" FROM {relation} r {join} owners o ON o.id = r.customer_id"
    )
    extra = ""
    if name == "lines":
        owned = f"SELECT *, {cancelled} AS cancelled FROM ({owned})"
        extra = ", cancelled, (quantity > 0 AND amount > 0 AND counts AND NOT cancelled) AS is_purchase"
    kept = ", ".join(f"{c}::INTEGER AS {c}" if c in _NARROW else c for c in KEPT[name])
    return f"SELECT row_id, {kept}, customer_ix, hidden{extra} FROM ({owned})"


def build_cancelled(lines: str, returns: str) -> str:
    """The SELECT of the orders (order_no) that were taken back whole, from their lines and returns.

    What was bought are the lines with quantity and amount above zero that count. Taken back is what negative
    quantities under the same order, and returns that name it, make up: an order is cancelled when that covers
    all that was bought of it, by quantity, or by amount in a single currency. A coupon (a negative amount
    with a positive quantity) takes nothing back, and what a return leaves unknown is not guessed.
    """
    return f"""
        WITH named AS (
            SELECT order_no FROM {lines} WHERE quantity < 0 AND counts
            UNION SELECT order_no FROM {returns} WHERE order_no <> 0
        ), moves AS (
            SELECT order_no, currency,
                CASE WHEN quantity > 0 AND amount > 0 THEN quantity ELSE 0 END AS bought_quantity,
                CASE WHEN quantity > 0 AND amount > 0 THEN amount ELSE 0 END AS bought_amount,
                CASE WHEN quantity < 0 THEN -quantity ELSE 0 END AS back_quantity,
                CASE WHEN quantity < 0 AND amount < 0 THEN -amount ELSE 0 END AS back_amount
            FROM {lines} SEMI JOIN named USING (order_no) WHERE counts
            UNION ALL
            SELECT order_no, currency, 0, 0, abs(quantity), abs(amount)
            FROM {returns} WHERE order_no <> 0
        ), orders AS (
            SELECT order_no, sum(bought_quantity) AS bought_quantity, sum(bought_amount) AS bought_amount,
                sum(back_quantity) AS back_quantity, sum(back_amount) AS back_amount,
                count(DISTINCT currency) FILTER (currency <> 0) AS currencies
            FROM moves GROUP BY order_no
        )
        SELECT order_no FROM orders
        WHERE bought_quantity > 0
            AND (back_quantity >= bought_quantity OR (currencies <= 1 AND back_amount >= bought_amount))
    """


def make_owners(connection: duckdb.DuckDBPyConnection, people: str) -> None:
    """Make the table `owners` (id, ix, hidden) from people (id, own_ix, kept_id, excluded).

    A merged customer's facts are the kept one's, through any number of merges, as far as these people are still
    there; an excluded one's are hidden.
    """
    pairs = connection.execute(
        f"SELECT p.id, p.kept_id FROM {people} p SEMI JOIN {people} k ON k.id = p.kept_id WHERE p.kept_id <> 0"
    ).fetchall()
    kept = {int(merged): int(into) for merged, into in pairs}
    roots = {merged: find_root(kept, merged) for merged in kept}
    table = pa.table({"id": pa.array(roots.keys(), pa.int64()), "root": pa.array(roots.values(), pa.int64())})
    connection.register("roots", table)
    connection.execute(f"""
        CREATE TABLE owners AS
        SELECT p.id, coalesce(k.own_ix, p.own_ix)::INTEGER AS ix, coalesce(k.excluded, p.excluded) AS hidden
        FROM {people} p LEFT JOIN roots r ON r.id = p.id LEFT JOIN {people} k ON k.id = r.root
    """).fetchall()
    connection.unregister("roots")


def find_root(kept: dict[int, int], merged: int) -> int:
    """The customer that a chain of merges ends with; a ring of merges ends with its smallest id."""
    seen = {merged}
    while merged in kept:
        merged = kept[merged]
        if merged in seen:
            return min(seen)
        seen.add(merged)
    return merged
