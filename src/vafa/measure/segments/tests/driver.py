"""A process of its own with a database of its own, for what is cut off in the middle, and for two workers at once.

python -m vafa.measure.segments.tests.driver fill|loop|check
"""

import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

NOW = datetime(2026, 1, 1, 8, tzinfo=UTC)
CITIES = ("Qom", "Rasht", "Yazd")
CUSTOMERS = 1_300


def main(mode: str) -> None:
    import django

    django.setup()
    {"fill": fill, "loop": loop, "check": check}[mode]()


def fill() -> None:
    """Customers of three cities, and segments of them that name each other."""
    from django.core.management import call_command

    from vafa.data.customers.models import Customer
    from vafa.data.log.actions import take_numbers
    from vafa.measure.segments.actions import create_segment, rebuild_due
    from vafa.measure.segments.types import Definition, FieldCondition, Group, SegmentCondition
    from vafa.warehouse.actions import refresh
    from vafa.warehouse.tests.world import World

    call_command("migrate", verbosity=0)
    world = World()
    world.order(world.customer(location="Qom"), (NOW - timedelta(days=1)).date())
    first = take_numbers(CUSTOMERS)
    Customer.objects.bulk_create(
        Customer(name=f"c{n}", location=CITIES[n % 3], seq=first + n) for n in range(CUSTOMERS)
    )
    for city in CITIES:
        create_segment(city, _one(FieldCondition("customer_location", "is", (city,))), by=None, now=NOW)
    either = Group("any", (SegmentCondition("qom"), SegmentCondition("yazd")))
    create_segment("Either", Definition(either), by=None, now=NOW)
    create_segment("Neither", Definition(Group("none", (SegmentCondition("either"),))), by=None, now=NOW)
    refresh(now=NOW)
    rebuild_due(NOW)


def _one(condition: Any) -> Any:
    from vafa.measure.segments.types import Definition, Group

    return Definition(Group("all", (condition,)))


def loop() -> None:
    """Let hundreds move, and build, without end. The clock runs on, so that leases of the dead run out."""
    from django.db import OperationalError, transaction

    from vafa.data.customers.models import Customer
    from vafa.data.log.actions import take_numbers
    from vafa.kit import clock
    from vafa.measure.segments import building
    from vafa.measure.segments.tasks import rebuild
    from vafa.warehouse.actions import refresh

    building.LEASE = timedelta(seconds=1)
    chance = random.Random()
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    begun = clock.now()
    while True:
        now = NOW + (clock.now() - begun)
        try:
            with transaction.atomic():
                first = take_numbers(1)
                some = Customer.objects.filter(pk__gte=chance.randrange(600)).values_list("pk", flat=True)[
                    :700
                ]
                Customer.objects.filter(pk__in=list(some)).update(location=chance.choice(CITIES), seq=first)
            refresh(now=now)
            rebuild(now)
        except OperationalError:  # the other worker writes
            continue


def check() -> None:
    """What is kept agrees with itself whatever was cut off; the next build makes it true, and all is told once."""
    from collections import Counter

    from pyroaring import BitMap

    from vafa.data.log.models import Happening
    from vafa.measure.segments.members import unpack
    from vafa.measure.segments.models import Change, MemberSet
    from vafa.measure.segments.queries import Resolver, get_definition, get_segment_members, settle_as_of
    from vafa.measure.segments.tasks import rebuild
    from vafa.warehouse.actions import refresh
    from vafa.warehouse.queries import open_snapshot

    def agree() -> None:
        for kept in MemberSet.objects.select_related("segment"):
            members = BitMap()
            for change in Change.objects.filter(segment=kept.segment).order_by("pk"):
                entered, left = unpack(change.entered), unpack(change.left)
                assert not entered & members
                assert left <= members
                members = (members | entered) - left
                assert len(members) == change.count
            assert members == unpack(kept.ids)
            assert kept.segment.count == len(members)

    agree()
    later = NOW + timedelta(hours=1)
    refresh(now=later)
    for _ in range(3):  # news move the figures on, and the last one changes nobody
        rebuild(later)
        refresh(now=later)
    agree()
    snapshot = open_snapshot()
    resolver = Resolver(snapshot)
    for kept in MemberSet.objects.select_related("segment"):
        definition = get_definition(kept.segment.slug)
        assert definition is not None
        as_of = settle_as_of(definition, snapshot, resolver.rule, later)
        assert get_segment_members(kept.segment.slug, snapshot) == resolver.evaluate(definition, as_of)
    told = Counter(
        (row["details"]["change"], row["kind"], row["subject"])
        for row in Happening.objects.filter(live=True).values("details", "kind", "subject")
    )
    assert set(told.values()) <= {1}
    expected: Counter[tuple[int, str, int]] = Counter()
    for change in Change.objects.filter(live=True):
        expected.update((change.pk, "entered_segment", pk) for pk in unpack(change.entered))
        expected.update((change.pk, "left_segment", pk) for pk in unpack(change.left))
    assert told == expected
    assert not Change.objects.filter(is_told=False).exists()
    sys.stdout.write(json.dumps({"changes": Change.objects.count(), "told": sum(told.values())}))


if __name__ == "__main__":
    main(sys.argv[1])
