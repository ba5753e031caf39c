"""The values of a watched figure, and what its past lets one expect."""

from datetime import date, timedelta

from vafa.lab.expected import expect, find_sampling_noise
from vafa.measure.metrics.queries import get_entry, get_metric
from vafa.measure.metrics.types import MetricRow
from vafa.measure.segments.queries import build_chosen
from vafa.measure.watching.models import Target
from vafa.measure.watching.rules import decide_verdicts, get_season
from vafa.measure.watching.types import Figure, Standing
from vafa.warehouse.queries import Snapshot

MOST_BACK = {"day": 120, "week": 160, "month": 61, "quarter": 25, "half": 13, "year": 11}
"""How many periods of the past are looked at."""

_LONGEST_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 93, "half": 186, "year": 367}


def get_standing(figure: Figure, snapshot: Snapshot) -> Standing:
    """How a figure stands in its last complete period. Raises VafaError where its segment is gone or unusable."""
    target = Target.objects.filter(**vars(figure)).values_list("value", flat=True).first()
    rows = list_complete_rows(figure, snapshot)
    if not rows:
        return Standing(figure, None, None, target, ())
    entry, row = get_entry(figure.metric), rows[-1]
    history = [earlier.value for earlier in rows[:-1]]
    season = get_season(figure.every)
    expected = expect(history, season)
    n = find_observations(row)
    if expected is not None:
        expected = expect(history, season, find_sampling_noise(entry.unit, expected.value, n))
    verdicts = decide_verdicts(row.value, n, expected, target, entry.good, entry.unit)
    return Standing(figure, row, expected, target, verdicts)


def list_complete_rows(figure: Figure, snapshot: Snapshot) -> list[MetricRow]:
    """The complete periods up to the last one, oldest first, as far back as is looked."""
    last = _ask(figure, snapshot)
    if not last or not last[0].complete:
        return []
    back = timedelta(days=_LONGEST_DAYS[figure.every] * MOST_BACK[figure.every])
    start = max(last[0].start - back, last[0].start.min + back)
    rows = _ask(figure, snapshot, start=start, end=last[0].end)
    first = next((place for place, row in enumerate(rows) if row.complete), len(rows))
    return rows[first:]


def _ask(
    figure: Figure, snapshot: Snapshot, start: date | None = None, end: date | None = None
) -> list[MetricRow]:
    table = get_metric(
        figure.metric,
        start=start,
        end=end,
        every=figure.every,
        chosen=build_chosen(figure.segment, snapshot) if figure.segment else None,
        snapshot=snapshot,
    )
    return list(table.rows)


def find_observations(row: MetricRow) -> int | None:
    """How many observations stand behind a value; None where that isn't told."""
    if row.n is not None:
        return row.n
    return None if row.counts is None else row.counts.start
