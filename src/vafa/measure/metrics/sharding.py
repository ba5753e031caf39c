"""The same question cut by customer, asked in several processes, and merged: the answer is the same.

Every number here adds up over customers (a sum, or a summary that merges; thresholds in a first pass), so a question
that one machine cannot hold is cut into shards of customers. Here the shards are processes of one machine; a cluster
engine takes over at this very seam, with the same families and the same `+`.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import date
from types import TracebackType
from typing import Any, Self

from pyroaring import BitMap

from vafa.kit.processes import start_processes
from vafa.measure.metrics.asked_metric import SettledQuestion
from vafa.measure.metrics.cohort_table import get_cohorts
from vafa.measure.metrics.counted import open_counted
from vafa.measure.metrics.dictionary import get_family
from vafa.measure.metrics.family import Asked, Cell, Whose, merge
from vafa.measure.metrics.types import CohortRow, CohortTable
from vafa.warehouse.queries import Snapshot, open_state
from vafa.warehouse.types import State


class Shards:
    """So many processes, each of which answers for its own share of the customers. Use it as a `with` block."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._processes: ProcessPoolExecutor = start_processes(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._processes.shutdown(cancel_futures=True)

    def run(self, work: Callable[..., Any], *given: Any) -> list[Any]:
        """What `work(place, count, *given)` answers in each process, in order of the shards.

        All of it must be able to travel: a function of a module, and values that can be pickled.
        """
        waiting = [self._processes.submit(work, place, self.count, *given) for place in range(self.count)]
        return [one.result() for one in waiting]


def measure_in_shards(question: SettledQuestion, shards: Shards) -> Mapping[Cell, Any]:
    """What `asked_metric.measure` finds, put together from the shards: first what must be known of everybody, then
    what each shard finds."""
    asked = question.asked
    if not asked.periods:
        return question.family.measure(asked)
    parcel = _pack(asked)
    prepared = None
    for part in shards.run(_prepare, parcel):
        prepared = part if prepared is None or part is None else prepared + part
    return merge(shards.run(_measure, replace(parcel, prepared=prepared)))


def get_cohorts_in_shards(shards: Shards, *, snapshot: Snapshot, **asked: Any) -> CohortTable:
    """What `get_cohorts` answers, put together from the shards."""
    view, visible = open_counted(snapshot, asked.get("visible"))
    asked |= {"visible": visible}
    tables: list[CohortTable] = shards.run(_get_cohorts, view.state, asked)
    rows: dict[date, CohortRow] = {}
    for table in tables:
        for row in table.cohorts:
            rows[row.start] = _add(rows[row.start], row) if row.start in rows else row
    return replace(tables[0], cohorts=tuple(rows[start] for start in sorted(rows)))


@dataclass(frozen=True)
class _Parcel:
    """A settled question on its way to another process, which opens the very same state of the warehouse."""

    state: State
    settled: dict[str, Any]
    chosen: Mapping[date, BitMap] | None
    prepared: Any = None

    def unpack(self, place: int, count: int) -> Asked:
        """The question about one shard. Sales without a customer are the first one's."""
        snapshot = open_state(self.state)
        whose: Whose = self.settled["whose"]
        narrowed = replace(
            whose,
            chosen=None if self.chosen is None else self.chosen.__getitem__,
            shard=snapshot.shard(place, count),
            anonymous=whose.anonymous and place == 0,
        )
        values = self.settled | {"whose": narrowed, "prepared": self.prepared}
        return Asked(snapshot=snapshot, **values)


def _pack(asked: Asked) -> _Parcel:
    whose = asked.whose
    chosen = whose.chosen
    settled = {field.name: getattr(asked, field.name) for field in fields(Asked) if field.name != "snapshot"}
    return _Parcel(
        state=asked.snapshot.state,
        settled=settled | {"whose": replace(whose, chosen=None)},
        chosen=None
        if chosen is None
        else {known.period.start: chosen(known.period.start) for known in asked.periods},
    )


def _prepare(place: int, count: int, parcel: _Parcel) -> Any:
    asked = parcel.unpack(place, count)
    return get_family(asked.metric).prepare(asked)


def _measure(place: int, count: int, parcel: _Parcel) -> dict[Cell, Any]:
    asked = parcel.unpack(place, count)
    return dict(get_family(asked.metric).measure(asked))


def _get_cohorts(place: int, count: int, state: State, asked: dict[str, Any]) -> CohortTable:
    snapshot = open_state(state)
    shard, visible = snapshot.shard(place, count), asked.get("visible")
    narrowed = asked | {"visible": shard if visible is None else shard & visible}
    return get_cohorts(snapshot=snapshot, **narrowed)


def _add(one: CohortRow, other: CohortRow) -> CohortRow:
    kept = (
        None if here is None or there is None else here + there
        for here, there in zip(one.kept, other.kept, strict=True)
    )
    return replace(one, size=one.size + other.size, kept=tuple(kept))
