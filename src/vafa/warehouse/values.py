"""How many there are of each value of a field, counted once and kept up, so that nobody counts millions of rows to list
a dozen groups."""

from vafa.warehouse.types import CUSTOM_PREFIX, ORDER_DIMENSIONS

MOST_COUNTED = 1_000
"""A customers' field with more values than this tells customers apart, and is not counted value by value: its one row
has no value, and the number of values."""


def count_line_values(relation: str) -> str:
    """The SELECT of how many purchases of known customers each value of an order's field has, by its number."""
    return " UNION ALL ".join(
        f"SELECT '{dimension}' AS dimension, {dimension} AS number, count(*) AS lines FROM {relation}"
        f" WHERE is_purchase AND customer_ix IS NOT NULL AND NOT hidden GROUP BY {dimension}"
        for dimension in ORDER_DIMENSIONS
    )


def count_customer_values(relation: str) -> str:
    """The SELECT of how many customers have each value of a field of theirs. Who has none of a field of the business's
    own is in no row of it."""
    shown = f"(SELECT location, company, custom FROM {relation} WHERE NOT hidden AND ix = own_ix)"
    # A JSON pointer, in which two characters are written otherwise.
    pointer = "'/' || replace(replace(field, '~', '~0'), '/', '~1')"
    return f"""
        SELECT 'customer_location' AS dimension, location AS value, count(*) AS customers FROM {shown} GROUP BY location
        UNION ALL SELECT 'company', company, count(*) FROM {shown} GROUP BY company
        UNION ALL
        SELECT '{CUSTOM_PREFIX}' || field, coalesce(json_extract_string(custom, {pointer}), ''), count(*)
        FROM (SELECT custom, unnest(json_keys(custom)) AS field FROM {shown} WHERE custom NOT IN ('', '{{}}'))
        GROUP BY 1, 2
    """


def build_customer_values(relation: str) -> str:
    """The same, with one row without a value for each field of too many values."""
    return f"""
        WITH counted AS MATERIALIZED ({count_customer_values(relation)}),
        sizes AS (SELECT dimension, count(*) AS size FROM counted GROUP BY dimension)
        SELECT counted.* FROM counted JOIN sizes USING (dimension) WHERE size <= {MOST_COUNTED}
        UNION ALL SELECT dimension, NULL, size FROM sizes WHERE size > {MOST_COUNTED}
    """


def recount_customer_values(file: str, new: str, before: str) -> str:
    """The counts of a file as they are now, with the customers of `new` and without those of `before`."""
    too_many = f"SELECT dimension FROM {file} WHERE value IS NULL"
    return f"""
        SELECT dimension, value, sum(customers)::BIGINT AS customers FROM (
            FROM {file} UNION ALL ({count_customer_values(new)})
            UNION ALL SELECT dimension, value, -customers FROM ({count_customer_values(before)})
        ) WHERE dimension NOT IN ({too_many}) GROUP BY dimension, value HAVING sum(customers) <> 0
        UNION ALL FROM {file} WHERE value IS NULL
    """
