"""Facts of the warehouse that have a day and perhaps a customer, in order of their day: cut by period, group and whom
is looked at, without asking the warehouse again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import list_members
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.family import Asked, Cell
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.warehouse.queries import Query, Snapshot
from vafa.warehouse.types import ANSWER_DIMENSIONS, TICKET_DIMENSIONS, Group

VOICE_COLUMNS = (*ANSWER_DIMENSIONS, *TICKET_DIMENSIONS)
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


@dataclass(frozen=True)
class Source:
    """Where facts come from: a view, the column of their day, a condition with its parameters.

    `numbers` are SQL expressions of whole numbers by their name. `codes` are columns of texts and numbers that are read
    as one code each, the place of their values among all that occur, in order.
    """

    view: str
    day: str
    condition: str = "true"
    params: tuple[Any, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """FROM and WHERE."""
        return f"FROM {self.view} WHERE {self.day} IS NOT NULL AND {self.condition}"

    def list_values(self, snapshot: Snapshot, name: str) -> list[tuple[Any, ...]]:
        """The values that a code stands for, in order of the code."""
        columns = ", ".join(self.codes[name])
        return snapshot.run(Query(f"SELECT DISTINCT {columns} {self.where} ORDER BY {columns}", self.params))


def read_facts(snapshot: Snapshot, source: Source, by: str | None = None) -> DatedFacts:
    """The facts of a source, in order of their day; with the codes of a dimension too, where they are split by it."""
    codes = {
        name: columns for name, columns in source.codes.items() if name not in VOICE_COLUMNS or name == by
    }
    values = {name: source.list_values(snapshot, name) for name in codes}
    # One value needs no look-up: that is how most businesses ask.
    joined = [name for name in codes if len(values[name]) > 1]
    wanted = [f"({sql})::BIGINT AS {name}" for name, sql in source.numbers.items()]
    wanted += [f"{name}_of.code AS {name}" if name in joined else f"0 AS {name}" for name in codes]
    joins = " ".join(_build_join(name, codes[name], source) for name in joined)
    sql = f"""
        SELECT {", ".join([f"{source.day} AS day", f"coalesce(customer_ix, {NOBODY}) AS owner", *wanted])}
        FROM (SELECT * {source.where}) {joins} ORDER BY day
    """
    found = snapshot.run_columns(Query(sql, (*source.params, *source.params * len(joined))))
    return DatedFacts(
        found["day"].astype(np.int64),
        found["owner"].astype(np.int64),
        {name: found[name].astype(np.int64) for name in (*source.numbers, *codes)},
        {name: [row[0] for row in values[name]] for name in codes if name in VOICE_COLUMNS},
    )


def _build_join(name: str, columns: tuple[str, ...], source: Source) -> str:
    listed = ", ".join(columns)
    alias = f"{name}_of"
    renamed = ", ".join(f"{column} AS key_{place}" for place, column in enumerate(columns))
    keys = ", ".join(f"key_{place}" for place in range(len(columns)))
    on = " AND ".join(f"{alias}.key_{place} = {column}" for place, column in enumerate(columns))
    return f"""
        JOIN (
            SELECT {keys}, row_number() OVER (ORDER BY {keys}) - 1 AS code
            FROM (SELECT DISTINCT {renamed} FROM (SELECT {listed} {source.where}))
        ) AS {alias} ON {on}
    """


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
