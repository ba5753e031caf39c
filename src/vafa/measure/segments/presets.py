"""The ready segments: what they are called, what they mean, and their conditions. A business may copy and change them.

The activity rule is the business's own; the numbers here are usual ones, told in docs/guide/segments.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vafa.measure.segments.coding import write_definition
from vafa.measure.segments.models import Segment
from vafa.measure.segments.types import (
    Definition,
    FactCondition,
    Group,
    MeasureCondition,
    Node,
    Since,
    Span,
    StateCondition,
)

NEW_DAYS = 30
WON_BACK_DAYS = 90
LOST_DAYS = 180
LOYAL_DAYS = 365
LATE_PURCHASES = 3
LATE_RATIO = Decimal("1.5")
VIP_PERCENT = Decimal(10)


@dataclass(frozen=True)
class Preset:
    """One ready segment. The texts are lazy: they follow the language of the page."""

    key: str
    title: str | Promise
    meaning: str | Promise
    colour: str
    build: Callable[[], Definition]


def _all(*parts: Node) -> Definition:
    return Definition(Group("all", parts))


_YEAR = Span("last_days", days=LOYAL_DAYS)

_LIST = (
    Preset(
        "new",
        _("New customers"),
        _("Customers for the first time ever in the last 30 days, and active."),
        "blue",
        lambda: _all(StateCondition("new", Since("at_most", NEW_DAYS))),
    ),
    Preset(
        "active",
        _("Active customers"),
        _("Active at the end of the data, by the activity rule."),
        "teal",
        lambda: _all(StateCondition("active")),
    ),
    Preset(
        "late",
        _("Late for their own rhythm"),
        _("Still active, but one and a half times as long without a purchase as is usual for them."),
        "orange",
        lambda: _all(
            StateCondition("active"),
            FactCondition("purchase", "at_least", LATE_PURCHASES),
            MeasureCondition("lateness", "more_than", LATE_RATIO),
        ),
    ),
    Preset(
        "inactive",
        _("Inactive customers"),
        _("No longer active, for half a year at most: they may still come back."),
        "grey",
        lambda: _all(StateCondition("lost", Since("at_most", LOST_DAYS))),
    ),
    Preset(
        "lost",
        _("Lost customers"),
        _("No longer active, for more than half a year."),
        "red",
        lambda: _all(StateCondition("lost", Since("at_least", LOST_DAYS + 1))),
    ),
    Preset(
        "won-back",
        _("Won back"),
        _("Active again since at most 90 days, after having been lost."),
        "indigo",
        lambda: _all(StateCondition("won_back", Since("at_most", WON_BACK_DAYS))),
    ),
    Preset(
        "loyal",
        _("Loyal customers"),
        _("Active for a year or longer without a break."),
        "green",
        lambda: _all(StateCondition("active", Since("at_least", LOYAL_DAYS))),
    ),
    Preset(
        "vip",
        _("VIP customers"),
        _("Active, and among the tenth that brought the most revenue in the last year."),
        "pink",
        lambda: _all(StateCondition("active"), MeasureCondition("revenue", "top", VIP_PERCENT, span=_YEAR)),
    ),
    Preset(
        "one-time",
        _("One-time customers"),
        _("Bought on a single day, and are no longer active."),
        "grey",
        lambda: _all(FactCondition("purchase", "exactly", 1), Group("none", (StateCondition("active"),))),
    ),
)
PRESETS = {preset.key: preset for preset in _LIST}


def make_presets(*, now: datetime) -> int:
    """Make the ready segments that are missing; how many were. One that was archived stays so."""
    known = set(Segment.objects.exclude(preset="").values_list("preset", flat=True))
    missing = [preset for key, preset in PRESETS.items() if key not in known]
    for preset in missing:
        slug = preset.key
        if Segment.objects.filter(slug=slug).exists():
            slug = f"ready-{preset.key}"
        try:
            with transaction.atomic():
                Segment.objects.create(
                    slug=slug,
                    name="",
                    kind="preset",
                    preset=preset.key,
                    colour=preset.colour,
                    definition=write_definition(preset.build()),
                    created_at=now,
                    changed_at=now,
                )
        except IntegrityError:  # another worker was faster
            continue
    return len(missing)


def name_segment(segment: Segment) -> str:
    """What a segment is called: a ready one, unless it was renamed, by its title in the page's language."""
    preset = PRESETS.get(segment.preset)
    return segment.name or (str(preset.title) if preset else segment.slug)


def describe_segment(segment: Segment) -> str:
    """What somebody wrote about a segment; of a ready one, what it means."""
    preset = PRESETS.get(segment.preset)
    return segment.description or (str(preset.meaning) if preset else "")
