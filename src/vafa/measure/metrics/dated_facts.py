"""Facts of the warehouse that have a day and perhaps a customer, in order of their day: cut by period, group and whom
is looked at, without asking the warehouse again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import list_members
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.family import Asked, Cell
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.warehouse.queries import Query, Snapshot
from vafa.warehouse.types import Group

Ints = npt.NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True, eq=False)
class DatedFacts:
    """`days` rise; `owners` are customers' numbers, NOBODY where there is none; `columns` hold whole numbers, and
    `names` the texts that those of a field stand for."""

    days: Ints
    owners: Ints
    columns: Mapping[str, Ints]
    names: Mapping[str, Sequence[str]]

    def find_places(self, start: int, end: int) -> Ints:
        """The places of the facts of the days [start, end)."""
        first, last = np.searchsorted(self.days, (start, end))
        return np.arange(first, last)

    def narrow(self, places: Ints, members: BitMap | None, *, nobodies: bool, numbers: int) -> Ints:
        """Those of some places whose customer is looked at; facts of nobody where `nobodies` says so."""
        if members is None and nobodies:
            return places
        flags = np.ones(numbers + 1, dtype=np.bool_)
        if members is not None:
            flags[:] = False
            flags[list_members(members)] = True
        # A fact of nobody looks at the last flag.
        flags[NOBODY] = nobodies
        return places[flags[self.owners[places]]]

    def narrow_to_group(self, places: Ints, group: Group | None, snapshot: Snapshot) -> Ints:
        """Those of some places that belong to a group."""
        if group is None:
            return places
        if is_customer_dimension(group.dimension):
            members = snapshot.group_members(group)
            return self.narrow(places, members, nobodies=False, numbers=snapshot.numbers)
        names = list(self.names[group.dimension])
        code = names.index(group.value) if group.value in names else -1
        inside: Ints = places[self.columns[group.dimension][places] == code]
        return inside


def read_facts(
    snapshot: Snapshot,
    view: str,
    day: str,
    condition: str,
    params: tuple[Any, ...],
    columns: Mapping[str, str],
    fields: Mapping[str, str],
) -> DatedFacts:
    """The facts of a view for which a condition holds, dated by a column of days. `columns` are SQL expressions of
    whole numbers; `fields` are columns of texts, by the name of their dimension."""
    where = f"FROM {view} WHERE {day} IS NOT NULL AND {condition}"
    numbers = "".join(f", ({sql})::BIGINT AS {name}" for name, sql in columns.items())
    codes = "".join(f", dense_rank() OVER (ORDER BY {sql}) - 1 AS {name}" for name, sql in fields.items())
    found = snapshot.run_columns(
        Query(
            f"SELECT {day} AS day, coalesce(customer_ix, {NOBODY}) AS owner{numbers}{codes} {where} ORDER BY day",
            params,
        )
    )
    names = {
        name: [value for (value,) in snapshot.run(Query(f"SELECT DISTINCT {sql} {where} ORDER BY 1", params))]
        for name, sql in fields.items()
    }
    return DatedFacts(
        found["day"].astype(np.int64),
        found["owner"].astype(np.int64),
        {name: found[name].astype(np.int64) for name in (*columns, *fields)},
        names,
    )


def find_cells(
    asked: Asked, facts: DatedFacts, choose: Callable[[KnownPeriod], Ints] | None = None
) -> dict[Cell, Ints]:
    """The places of the facts of each cell, of those who are looked at: the facts of the period's days, or those that
    `choose` gives for it."""
    cells = {}
    for when, known in enumerate(asked.periods):
        places = facts.find_places(known.start, known.end) if choose is None else choose(known)
        seen = facts.narrow(
            places,
            asked.whose.at(known.period.start),
            nobodies=asked.whose.counts_anonymous,
            numbers=asked.snapshot.numbers,
        )
        for place, group in enumerate(asked.groups):
            cells[place, when] = facts.narrow_to_group(seen, group, asked.snapshot)
    return cells
