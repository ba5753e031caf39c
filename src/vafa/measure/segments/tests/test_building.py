"""Building saved segments: who enters and leaves, in which order, what a failure leaves, and what is news."""

from datetime import UTC, date, datetime, timedelta

import pytest

from vafa.data.log.models import Happening
from vafa.measure.segments import building
from vafa.measure.segments.actions import (
    archive_segment,
    change_segment,
    create_segment,
    rebuild_due,
    rebuild_segments,
)
from vafa.measure.segments.evaluating import find_members
from vafa.measure.segments.models import Change, Segment
from vafa.measure.segments.presets import PRESETS, make_presets
from vafa.measure.segments.queries import (
    find_saved,
    get_segment_members,
    list_changes,
    list_entries,
    list_segments,
    list_stays,
)
from vafa.measure.segments.tasks import rebuild as rebuild_task
from vafa.measure.segments.types import (
    Definition,
    DefinitionUnusable,
    FactCondition,
    FieldCondition,
    Group,
    SegmentCondition,
    SegmentInUse,
    SegmentNameTaken,
    SegmentNotBuilt,
    SegmentsInCircle,
    Span,
)
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.tests.world import World

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 1, 8, tzinfo=UTC)
TODAY = date(2026, 1, 1)


def days_ago(count: int) -> date:
    return TODAY - timedelta(days=count)


def one(*parts) -> Definition:
    return Definition(Group("all", parts))


def in_city(city: str) -> Definition:
    return one(FieldCondition("customer_location", "is", (city,)))


def make(name: str, definition: Definition | None) -> str:
    return create_segment(name, definition, by=None, now=NOW).slug


def build(now: datetime = NOW) -> dict[str, building.Built]:
    refresh(now=now)
    return {built.slug: built for built in rebuild_due(now)}


def members(slug: str) -> set[int]:
    snapshot = open_snapshot()
    return set(snapshot.ids(get_segment_members(slug, snapshot)).tolist())


@pytest.fixture
def world() -> World:
    return World()


def test_members_enter_and_leave_with_their_days(world):
    here, there = world.customer(location="Qom"), world.customer(location="Rasht")
    world.order(here, days_ago(1))
    slug = make("In Qom", in_city("Qom"))
    with pytest.raises(SegmentNotBuilt):
        get_segment_members(slug, open_snapshot())
    assert build()[slug].count == 1
    assert members(slug) == {here.pk}
    # The news of it have moved the figures on, which changes nobody; then nothing moves, and nothing is built.
    assert [(built.entered, built.left) for built in build().values()] == [(0, 0)]
    assert build() == {}
    world.correct(here, location="Yazd")
    world.correct(there, location="Qom")
    later = NOW + timedelta(hours=1)
    built = build(later)[slug]
    assert (built.count, built.entered, built.left) == (1, 1, 1)
    assert members(slug) == {there.pk}
    world.correct(here, location="Qom")
    build(NOW + timedelta(hours=2))
    (first, second) = list_stays(slug, here.pk)
    assert (first.entered_at, first.left_at, second.left_at) == (NOW, later, None)
    assert first.entered_as_of == TODAY
    assert set(list_entries(slug, [here.pk, there.pk])) == {here.pk, there.pk}
    assert [change.count for change in list_changes(slug)] == [2, 1, 1]
    assert find_saved(slug).previous_count == 1


def test_a_merged_member_stays_and_an_erased_one_leaves(world):
    kept, merged, gone = (world.customer(location="Qom") for _ in range(3))
    world.order(kept, days_ago(1))
    slug = make("In Qom", in_city("Qom"))
    assert build()[slug].count == 3
    world.correct(merged, kept=kept)
    world.erase(gone)
    built = build(NOW + timedelta(hours=1))[slug]
    assert members(slug) == {kept.pk}
    assert (built.entered, built.left) == (0, 1)


def test_segments_are_built_after_those_that_they_name(world):
    customer = world.customer(location="Qom")
    world.order(customer, days_ago(1))
    later = make("Named first", one(FactCondition("purchase")))
    first = make("In Qom", in_city("Qom"))
    change_segment(later, definition=one(SegmentCondition(first)), by=None, now=NOW)
    assert list(build()) == [first, later]
    assert members(later) == {customer.pk}
    # What a segment names has changed, so it is built anew, though the figures stand still.
    change_segment(first, definition=in_city("Nowhere"), by=None, now=NOW)
    assert list(build(NOW + timedelta(minutes=1))) == [first, later]
    assert members(later) == set()


def test_circles_are_refused_by_name():
    a = make("A", in_city("Qom"))
    b = make("B", one(SegmentCondition(a)))
    c = make("C", one(SegmentCondition(b, member=False)))
    with pytest.raises(SegmentsInCircle) as refused:
        change_segment(a, definition=one(SegmentCondition(c)), by=None, now=NOW)
    assert "A -> C -> B -> A" in str(refused.value)
    with pytest.raises(SegmentsInCircle):
        change_segment(a, definition=one(SegmentCondition(a)), by=None, now=NOW)
    with pytest.raises(SegmentInUse, match="B"):
        archive_segment(a, by=None, now=NOW)


def test_a_circle_that_was_saved_at_the_same_moment_fails_and_ends():
    a = make("A", in_city("Qom"))
    b = make("B", one(SegmentCondition(a)))
    Segment.objects.filter(slug=a).update(
        definition={"version": 1, "root": {"group": "all", "parts": [{"segment": b}]}}
    )
    assert all("A -> B -> A" in built.error or "B -> A -> B" in built.error for built in build().values())


def test_names_and_conditions_are_checked():
    make("Regulars", in_city("Qom"))
    with pytest.raises(SegmentNameTaken):
        make("regulars ", in_city("Qom"))
    with pytest.raises(SegmentNameTaken):
        make("  ", in_city("Qom"))
    with pytest.raises(DefinitionUnusable) as refused:
        make("Wrong", one(FieldCondition("customer_location", "is"), SegmentCondition("nobody")))
    assert {(problem.path, problem.code) for problem in refused.value.problems} == {
        ((0,), "value_missing"),
        ((1,), "segment_unknown"),
    }
    assert make("مشتری‌های خوب", in_city("Qom")).startswith("segment-")


def test_a_failed_build_keeps_the_last_good_members(world, monkeypatch):
    customer = world.customer(location="Qom")
    world.order(customer, days_ago(1))
    slug = make("In Qom", in_city("Qom"))
    build()

    def break_off(*_args):
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(building, "find_members", break_off)
    world.customer(location="Qom")
    built = build(NOW + timedelta(hours=1))[slug]
    assert built.error
    saved = find_saved(slug)
    assert (saved.count, saved.error_at) == (1, NOW + timedelta(hours=1))
    assert saved.error
    assert members(slug) == {customer.pk}
    assert build(NOW + timedelta(hours=1, seconds=5)) == {}  # not at once again
    monkeypatch.undo()
    assert build(NOW + timedelta(hours=2))[slug].count == 2
    assert not find_saved(slug).error


def test_a_first_build_is_told_in_one_row_and_is_not_live(world):
    for _ in range(3):
        world.order(world.customer(location="Qom"), days_ago(1))
    slug = make("In Qom", in_city("Qom"))
    build()
    (happening,) = Happening.objects.filter(kind="entered_segment")
    assert (happening.live, happening.subject, happening.details["count"]) == (False, None, 3)
    assert happening.details["segment"] == Segment.objects.get(slug=slug).pk


def test_who_enters_later_is_news_one_by_one(world):
    first = world.customer(location="Qom")
    world.order(first, days_ago(1))
    slug = make("In Qom", in_city("Qom"))
    build()
    second = world.customer(location="Qom")
    world.correct(first, location="")
    build(NOW + timedelta(hours=1))
    news = Happening.objects.filter(live=True).order_by("seq")
    assert [(row.kind, row.subject) for row in news] == [
        ("entered_segment", second.pk),
        ("left_segment", first.pk),
    ]
    assert slug == Segment.objects.get(pk=news[0].details["segment"]).slug


@pytest.mark.parametrize("reason", ["redefined", "history", "old data"])
def test_what_only_catches_up_is_no_news(world, reason, monkeypatch):
    world.order(world.customer(location="Qom"), days_ago(1 if reason != "old data" else 9))
    slug = make("In Qom", in_city("Qom"))
    build()
    world.customer(location="Qom")
    if reason == "redefined":
        one_more = Group("any", (FieldCondition("customer_location", "is", ("Qom", "Yazd")),))
        change_segment(slug, definition=Definition(one_more), by=None, now=NOW)
    if reason == "history":
        monkeypatch.setattr(building, "has_brought_history", lambda after: True)
    build(NOW + timedelta(hours=1))
    assert not Happening.objects.filter(live=True).exists()
    assert Happening.objects.filter(kind="entered_segment").count() == 2


def test_only_one_worker_builds_a_segment(world):
    world.order(world.customer(location="Qom"), days_ago(1))
    slug = make("In Qom", in_city("Qom"))
    refresh(now=NOW)
    Segment.objects.filter(slug=slug).update(claim="another", lease_until=NOW + timedelta(minutes=1))
    assert rebuild_due(NOW) == []
    # The other one has died: its lease runs out.
    assert [built.slug for built in rebuild_due(NOW + timedelta(minutes=2))] == [slug]


def test_what_an_overtaken_worker_found_is_dropped(world, monkeypatch):
    customer = world.customer(location="Qom")
    world.order(customer, days_ago(1))
    slug = make("In Qom", in_city("Qom"))
    refresh(now=NOW)
    find = find_members

    def be_overtaken(*args):
        Segment.objects.filter(slug=slug).update(claim="another")
        return find(*args)

    monkeypatch.setattr(building, "find_members", be_overtaken)
    rebuild_due(NOW)
    assert not Change.objects.exists()
    assert find_saved(slug).count is None


def test_relative_dates_move_with_the_data(world):
    customer, other = world.customer(), world.customer()
    world.order(customer, days_ago(30))
    slug = make("Lately", one(FactCondition("purchase", span=Span("last_days", days=7))))
    build()
    assert members(slug) == {customer.pk}
    world.order(other, days_ago(1))
    built = build(NOW + timedelta(hours=1))[slug]
    assert members(slug) == {other.pk}
    assert (built.entered, built.left) == (1, 1)


def test_the_ready_segments_are_made_once_and_built(world):
    customer = world.customer()
    world.order(customer, days_ago(1))
    refresh(now=NOW)
    rebuild_task(NOW)
    saved = {segment.preset: segment for segment in list_segments()}
    assert set(saved) == set(PRESETS)
    assert saved["new"].count == saved["active"].count == 1
    assert all(segment.error == "" and segment.count is not None for segment in saved.values())
    archive_segment("vip", by=None, now=NOW)
    assert make_presets(now=NOW) == 0
    assert "vip" not in {segment.slug for segment in list_segments()}


def test_one_segment_is_built_on_demand_with_those_that_it_names(world):
    world.order(world.customer(location="Qom"), days_ago(1))
    inner = make("In Qom", in_city("Qom"))
    outer = make("Named", one(SegmentCondition(inner)))
    refresh(now=NOW)
    assert [built.slug for built in rebuild_segments(outer, now=NOW)] == [inner, outer]
    assert [built.slug for built in rebuild_segments(outer, now=NOW)] == [outer]
