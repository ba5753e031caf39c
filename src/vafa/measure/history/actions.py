"""DOOR: noting what the figures are."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from vafa.data.business.queries import Business, get_business
from vafa.data.intake.queries import is_import_at_work
from vafa.data.log.queries import get_last_number
from vafa.measure.history.measuring import SetKey, build_fingerprint, build_sets, measure
from vafa.measure.history.models import ChangeSeen, FigureSeen, Part, SetSeen, State
from vafa.measure.history.noticing import WITHOUT_FILE, Rows, find_rows, list_done
from vafa.measure.history.reading import list_latest_figures, list_latest_sets
from vafa.measure.history.types import Change, Key
from vafa.warehouse.queries import Snapshot, open_snapshot

KEEP = timedelta(days=90)
# Rows that come one by one are noted so often at most.
AT_MOST_EVERY = timedelta(hours=1)
# Leaving the rows of an import out costs a look at all facts: of so many imports at once each by itself, no more.
MOST_LEFT_OUT = 5


def note(*, now: datetime) -> bool:
    """Note the figures as they are where something has happened since the last look; False where nothing has.

    Safe to repeat and to be cut off: one look is written in one transaction. While an import is at work nothing is
    noted: its rows are half there.
    """
    snapshot, business = open_snapshot(), get_business()
    if snapshot.manifest is None or is_import_at_work():
        return False
    # Only up to where the copy has followed is known what its figures rest on.
    is_up_to_date = snapshot.seq >= get_last_number()
    seen_at = now if is_up_to_date else datetime.fromisoformat(snapshot.manifest.refreshed_at)
    last = State.objects.order_by("-seen_at").first()
    if last is None:
        _write(snapshot, business, None, [], seen_at)
        return True
    done = list_done(last.seen_at, seen_at)
    settings = build_fingerprint(snapshot, business)
    moved = snapshot.seq != last.seq
    if seen_at <= last.seen_at or not (done or settings != last.settings or moved):
        return False
    if not done and settings == last.settings and seen_at - last.seen_at < AT_MOST_EVERY:
        return False
    _write(snapshot, business, last, done, seen_at)
    _forget(now - KEEP)
    return True


def _write(
    snapshot: Snapshot, business: Business, last: State | None, done: list[Change], seen_at: datetime
) -> None:
    """One look: what differs from the one before, what happened in between, and what each did alone."""
    figures, before = measure(snapshot, business), list_latest_figures()
    sets, known_sets = build_sets(snapshot, business), list_latest_sets()
    moved = {key: value for key, value in figures.items() if key not in before or before[key] != value}
    changes, parts = _take_apart(snapshot, business, last, done, moved, before)
    with transaction.atomic():
        state = State.objects.create(
            seq=snapshot.seq, seen_at=seen_at, settings=build_fingerprint(snapshot, business)
        )
        FigureSeen.objects.bulk_create(
            FigureSeen(state=state, metric=key.metric, start_on=key.start, end_on=key.end, value=value)
            for key, value in moved.items()
        )
        _write_sets(state, sets, known_sets)
        for change in changes:
            row = ChangeSeen.objects.create(
                state=state, kind=change.kind, ref=change.ref, at=change.at, fields=list(change.fields)
            )
            Part.objects.bulk_create(
                Part(change=row, metric=key.metric, start_on=key.start, end_on=key.end, effect=effect)
                for key, effect in parts.get(change, {}).items()
            )


def _write_sets(state: State, sets: Mapping[SetKey, bytes], known: Mapping[SetKey, bytes]) -> None:
    SetSeen.objects.bulk_create(
        SetSeen(state=state, start_on=start, end_on=end, name=name, members=members)
        for (start, end, name), members in sets.items()
        if known.get((start, end, name)) != members
    )


def _take_apart(
    snapshot: Snapshot,
    business: Business,
    last: State | None,
    done: list[Change],
    moved: Mapping[Key, float | None],
    before: Mapping[Key, float | None],
) -> tuple[list[Change], dict[Change, dict[Key, float]]]:
    """All that happened, and, where it was more than one thing, what each that can be left out did alone."""
    if last is None:
        return [], {}
    rows = find_rows(done, last.seq, snapshot.seq)
    changes = [*done, *(change for change in rows if change not in done)]
    if not changes and snapshot.seq != last.seq:
        # Something was changed that nobody wrote down: better said so than not at all.
        changes = [WITHOUT_FILE]
    asked = {key: value for key, value in moved.items() if value is not None and before.get(key) is not None}
    if len(changes) < 2 or not asked:
        return changes, {}
    return changes, {
        change: _leave_out(snapshot, business, rows[change], asked)
        for change in _list_heaviest(rows, MOST_LEFT_OUT)
    }


def _list_heaviest(rows: Mapping[Change, Rows], most: int) -> list[Change]:
    sizes = {change: sum(map(len, found.values())) for change, found in rows.items()}
    return sorted(sizes, key=lambda change: -sizes[change])[:most]


def _leave_out(
    snapshot: Snapshot, business: Business, rows: Rows, asked: Mapping[Key, float | None]
) -> dict[Key, float]:
    without = measure(snapshot.without(rows), business, asked)
    return {
        key: value - left
        for key, value in asked.items()
        if value is not None and (left := without.get(key)) is not None and value != left
    }


@transaction.atomic
def _forget(before: datetime) -> None:
    """Let go of old looks; what they were the last to tell becomes the oldest kept look's."""
    oldest = State.objects.filter(seen_at__gte=before).order_by("seen_at").first()
    old = State.objects.filter(seen_at__lt=before)
    if oldest is None or not old.exists():
        return
    _hand_on(
        FigureSeen.objects.filter(state__in=old).order_by("state__seen_at"),
        oldest,
        ("metric", "start_on", "end_on"),
    )
    _hand_on(
        SetSeen.objects.filter(state__in=old).order_by("state__seen_at"),
        oldest,
        ("start_on", "end_on", "name"),
    )
    old.delete()


def _hand_on(rows: Iterable[FigureSeen] | Iterable[SetSeen], oldest: State, names: tuple[str, ...]) -> None:
    latest = {tuple(getattr(row, name) for name in names): row for row in rows}
    for key, row in latest.items():
        model = type(row)
        if not model._default_manager.filter(state=oldest, **dict(zip(names, key, strict=True))).exists():
            row.state = oldest
            row.save(update_fields=["state"])
