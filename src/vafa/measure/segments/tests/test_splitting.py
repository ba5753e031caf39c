"""Figures split by fields that are held as sets: each group is what the figure says of its customers alone."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from vafa.data.staff.models import Staff
from vafa.measure.metrics.queries import get_metric
from vafa.measure.segments.queries import (
    find_set_group,
    get_metric_by_segment,
    list_set_dimensions,
    list_set_groups,
)
from vafa.measure.segments.types import SegmentUnknown
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.tests.world import NOW, World, build_day

pytestmark = pytest.mark.django_db


def test_figures_by_owner_tag_and_month_of_birth() -> None:
    people = [Staff.objects.create(email=f"s{n}@example.com", name="Ann", created_at=NOW) for n in range(2)]
    world = World()
    traits: list[dict[str, Any]] = [
        {"owner": people[0], "tags": ["vip", "club"], "birthday": date(1990, 1, 5)},
        {"owner": people[1], "tags": ["vip"], "birthday": date(1985, 1, 9)},
        {"owner": people[1], "birthday": date(1980, 12, 1)},
        {},
    ]
    customers = [world.customer(**fields) for fields in traits]
    for place, customer in enumerate(customers):
        world.order(customer, build_day(place), amount=10 * (place + 1))
        world.order(customer, build_day(30), amount=1)
    refresh(now=NOW, rebuild=True)
    snapshot = open_snapshot()
    assert list_set_dimensions(snapshot) == ["owner", "tag", "birthday_month"]
    asked: dict[str, Any] = {
        "start": build_day(0),
        "end": build_day(40),
        "rule": "purchase:60d",
        "snapshot": snapshot,
    }
    whole = get_metric("revenue", **asked).rows[0].value
    with override("en"):
        found = {
            by: get_metric_by_segment("revenue", by=by, **asked) for by in ("owner", "tag", "birthday_month")
        }
        sums = {by: {row.group: row.value for row in table.rows if row.value} for by, table in found.items()}
        for by, table in found.items():
            for row in table.rows:
                only = find_set_group(by, row.group or "", snapshot)(build_day(0))
                assert row.value == get_metric("revenue", visible=only, **asked).rows[0].value, (
                    by,
                    row.group,
                )
        with pytest.raises(SegmentUnknown):
            find_set_group("tag", "no such tag", snapshot)
    # Two of the same name are told apart; whoever has no owner or birthday is in a group too, and then all add up.
    first, second = (f"Ann ({staff.pk})" for staff in people)
    assert sums["owner"] == {second: 52, first: 11, "": 41}
    assert sums["birthday_month"] == {"January": 32, "December": 31, "": 41}
    assert sums["tag"] == {"vip": 32, "club": 11}
    assert [found[by].adds_up for by in found] == [True, False, True]
    assert sum(sums["owner"].values()) == sum(sums["birthday_month"].values()) == whole
    assert [group.name for group in list_set_groups("tag", snapshot)] == ["vip", "club"]
