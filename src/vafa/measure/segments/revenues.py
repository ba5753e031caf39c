"""What customers brought before several days, told in one walk over the facts."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.kit.fields import SCALE
from vafa.measure.segments.context import Context
from vafa.measure.segments.facts import limit
from vafa.measure.segments.money import build_revenue_sql, build_worth
from vafa.measure.segments.resolving import Resolver, get_revenue
from vafa.warehouse.queries import Query

Floats = npt.NDArray[np.float64]


def list_revenues(resolver: Resolver, days: Sequence[date], among: BitMap | None) -> list[Floats]:
    """As `get_revenue` of each of these days (the last first), of some customers: of others nothing is told."""
    if among is None:
        return [get_revenue(resolver, day) for day in days]
    context = Context(
        resolver.snapshot, resolver.business, days[0], resolver.rule, resolver.find_as_of, resolver.rates
    )
    parts: list[str] = []
    params: list[object] = []
    for view, amount, condition in (
        ("facts", build_revenue_sql(context), "counts"),
        ("returns", "-abs(amount)", "true"),
    ):
        worth = build_worth(context, view)
        parts.append(
            f"SELECT customer_ix AS ix, day_no, {worth.of(amount)} AS worth FROM {limit(worth.relation, among)}"
            f" WHERE {condition} AND customer_ix IS NOT NULL AND day_no < ?"
        )
        params += [*worth.params, days[0].toordinal()]
    sums = [f"sum(worth) FILTER (day_no < {day.toordinal()})::BIGINT AS d{at}" for at, day in enumerate(days)]
    query = Query(
        f"SELECT ix, {', '.join(sums)} FROM ({' UNION ALL '.join(parts)}) GROUP BY 1", tuple(params), among
    )
    rows = resolver.snapshot.run_columns(query)
    owners = rows["ix"].astype(np.int64)
    told = []
    for at in range(len(days)):
        values = np.zeros(resolver.snapshot.numbers)
        values[owners] = np.ma.filled(rows[f"d{at}"], 0) / SCALE
        told.append(values)
    return told
