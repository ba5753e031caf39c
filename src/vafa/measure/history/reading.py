"""Reading the ledger: what a figure was at each look, and who stood behind it."""

from datetime import date
from itertools import pairwise
from typing import cast

from pyroaring import BitMap

from vafa.lab.changes import build_step
from vafa.measure.history.measuring import SetKey
from vafa.measure.history.models import ChangeSeen, FigureSeen, Part, SetSeen, State
from vafa.measure.history.types import Change, ChangeKind, Key, PartTold, SetChange, StepTold, Story, Was
from vafa.measure.metrics.types import SetName


def list_latest_figures() -> dict[Key, float | None]:
    """Every figure as it was last seen."""
    rows = FigureSeen.objects.order_by("state__seen_at").values_list("metric", "start_on", "end_on", "value")
    return {Key(metric, start, end): value for metric, start, end, value in rows}


def list_latest_sets() -> dict[SetKey, bytes]:
    """Every set as it was last seen."""
    rows = SetSeen.objects.order_by("state__seen_at").values_list("start_on", "end_on", "name", "members")
    return {(start, end, cast("SetName", name)): bytes(members) for start, end, name, members in rows}


def find_was(key: Key) -> Was | None:
    """What a figure was before its newest value; None where it has been the same ever since it was first seen."""
    return find_changed(key.start, key.end).get(key.metric)


def find_story(key: Key) -> Story | None:
    """All that moved a figure since it was first seen; None where it never was."""
    rows = list(
        FigureSeen.objects.filter(metric=key.metric, start_on=key.start, end_on=key.end)
        .order_by("state__seen_at")
        .select_related("state")
    )
    if not rows:
        return None
    steps = [_build_step(key, before.value, after) for before, after in pairwise(rows)]
    return Story(key, rows[0].state.seen_at, rows[0].value, rows[-1].value, tuple(steps))


def _build_step(key: Key, before: float | None, row: FigureSeen) -> StepTold:
    seen = list(ChangeSeen.objects.filter(state=row.state).order_by("at", "id"))
    changes = {one.pk: _read_change(one) for one in seen}
    effects = dict(
        Part.objects.filter(
            change__in=seen, metric=key.metric, start_on=key.start, end_on=key.end
        ).values_list("change_id", "effect")
    )
    # The part of a change is the figure less the figure without it; so without it is the figure less the part.
    without = {pk: None if row.value is None else row.value - effect for pk, effect in effects.items()}
    step = build_step(before, row.value, list(changes), without)
    return StepTold(
        state=row.state.pk,
        seen_at=row.state.seen_at,
        before=before,
        after=row.value,
        changes=tuple(changes.values()),
        parts=tuple(PartTold(changes[pk], effect) for pk, effect in step.alone.items()),
        together=step.together,
        moved={name: (len(came), len(left)) for name, (came, left) in find_moved(key, row.state.pk).items()},
    )


def _read_change(row: ChangeSeen) -> Change:
    return Change(cast("ChangeKind", row.kind), row.ref, row.at, tuple(row.fields))


def find_moved(key: Key, state_id: int) -> dict[SetChange, tuple[BitMap, BitMap]]:
    """Who came into and who left each set (ids) behind a figure's period from the look before this one to it; only
    sets that changed. Nothing where the ledger doesn't know who they were."""
    state = State.objects.filter(pk=state_id).first()
    if state is None:
        return {}
    earlier = State.objects.filter(seen_at__lt=state.seen_at).order_by("-seen_at").first()
    before = None if earlier is None else _find_sets(key, earlier)
    after = _find_sets(key, state)
    if before is None or after is None:
        return {}
    moved = {name: (after[name] - before[name], before[name] - after[name]) for name in after}
    return {name: pair for name, pair in moved.items() if pair[0] or pair[1]}


def _find_sets(key: Key, state: State) -> dict[SetChange, BitMap] | None:
    """The sets behind a period as they were at a look; None where they are not known."""
    rows = (
        SetSeen.objects.filter(start_on=key.start, end_on=key.end, state__seen_at__lte=state.seen_at)
        .order_by("state__seen_at")
        .values_list("name", "members")
    )
    found = {name: BitMap.deserialize(bytes(members)) for name, members in rows}
    if len(found) < 3:
        return None
    start, end, new = found["start"], found["end"], found["new"]
    return {
        "start": start,
        "end": end,
        "kept": start & end,
        "lost": start - end,
        "new": new,
        "reactivated": end - start - new,
    }


def get_newest_look() -> int:
    """The number of the newest look; 0 before the first."""
    return State.objects.order_by("-seen_at").values_list("pk", flat=True).first() or 0


def find_changed(start: date, end: date) -> dict[str, Was]:
    """The metrics of a period whose value is not what it once was, with what it was before the newest one."""
    rows = (
        FigureSeen.objects.filter(start_on=start, end_on=end)
        .order_by("state__seen_at")
        .select_related("state")
    )
    by_metric: dict[str, list[FigureSeen]] = {}
    for row in rows:
        by_metric.setdefault(row.metric, []).append(row)
    return {metric: _read_was(seen) for metric, seen in by_metric.items() if len(seen) > 1}


def list_changed(most: int = 200) -> list[tuple[Key, Was]]:
    """All figures that are not what they once were, the latest moved first."""
    rows = FigureSeen.objects.order_by("state__seen_at").select_related("state")
    seen: dict[Key, list[FigureSeen]] = {}
    for row in rows:
        seen.setdefault(Key(row.metric, row.start_on, row.end_on), []).append(row)
    moved = [(key, found) for key, found in seen.items() if len(found) > 1]
    moved.sort(key=lambda pair: (pair[1][-1].state.seen_at, pair[0].end, pair[0].metric), reverse=True)
    return [(key, _read_was(found)) for key, found in moved[:most]]


def _read_was(rows: list[FigureSeen]) -> Was:
    return Was(rows[-2].value, rows[-1].value, rows[-1].state.seen_at)
