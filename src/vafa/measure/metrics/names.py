"""The names behind every number: the list is made by the very sets that were counted."""

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.periods import Period
from vafa.measure.metrics.activity import settle_rule
from vafa.measure.metrics.asking import KnownPeriod, decide_known, is_before_data
from vafa.measure.metrics.counted import count_as, settle_entity
from vafa.measure.metrics.family import Whose
from vafa.measure.metrics.membership import Scope, get_set
from vafa.measure.metrics.types import SetName
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.types import Group


def list_names(
    name_of_set: SetName,
    period: Period,
    *,
    rule: str | None = None,
    group: Group | None = None,
    visible: BitMap | None = None,
    chosen: Callable[[date], BitMap] | None = None,
    snapshot: Snapshot | None = None,
) -> npt.NDArray[np.int64]:
    """The ids of the customers behind a count of `get_metric`: exactly as many as that count says.

    `article_difference` are those who make (E - N) / S differ from the exact rate. A period of which nothing
    is known has no names. Where companies are counted, each goes by its first customer. `chosen` are those of a
    segment as of the period's start.
    """
    copy, whose = count_as(settle_entity(None), snapshot or open_snapshot(), Whose(visible, chosen))
    visible = whose.at(period.start)
    settled = settle_rule(rule, copy)
    freshness = copy.freshness(settled.rule)
    known: KnownPeriod = decide_known([period], freshness, settled.rule.settled_days)[0]
    if not known.completeness.known or is_before_data(period, freshness):
        return np.empty(0, dtype=np.int64)
    members = get_set(copy, Scope(settled.rule, group, visible), name_of_set, known.start, known.end)
    return copy.ids(members)
