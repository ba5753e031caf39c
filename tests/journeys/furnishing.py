"""What a shop has after some weeks beside its orders: segments, a target, an alert, a dashboard that goes out, cases.

    python -m tests.journeys.furnishing

The home is that of the environment, and an owner and orders are in it.
"""

import os
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

SEGMENT, HAND_LIST = "regulars", "guests"
LINK = "a-link-that-the-journeys-know"
MONTH = (date(2025, 9, 23), date(2025, 10, 23))


def main() -> None:
    import django

    django.setup()
    from vafa.data.staff.queries import list_staff
    from vafa.kit import clock

    said = {"by": list_staff()[0], "now": clock.now()}
    add_segments(**said)
    add_costs(**said)
    add_watching(**said)
    add_dashboard(**said)
    add_token(**said)
    add_cases(**said)


def add_segments(**said: Any) -> None:
    """The ready ones, one with a group inside, and a list by hand with a member."""
    from vafa.measure.segments.actions import add_members, create_segment, make_presets, rebuild_segments
    from vafa.measure.segments.types import (
        Definition,
        FactCondition,
        FactFilter,
        Group,
        Span,
        StateCondition,
    )
    from vafa.warehouse.queries import open_snapshot

    make_presets(now=said["now"])
    tehran = (FactFilter("location", ("تهران",)),)
    inner = Group("any", (StateCondition("active"), FactCondition("purchase", "at_least", 1, Span(), tehran)))
    often = FactCondition("purchase", "at_least", 2, Span("last_days", days=90))
    definition = Definition(Group("all", (often, inner)))
    create_segment("Regulars", definition, description="دست‌کم دو خرید در نود روز", colour="teal", **said)
    create_segment("Guests", None, **said)
    add_members(HAND_LIST, [1, 2, 3], snapshot=open_snapshot(), **said)
    rebuild_segments(now=said["now"])


def add_cases(**said: Any) -> None:
    """Customers at risk in three stages, and one with a next step."""
    from vafa.act.saving.actions import move_cases, open_cases, plan_case

    first, second, third = open_cases([1, 2, 3], **said).opened
    plan_case(first, "زنگ زدن و پرسیدن حال", said["now"].date(), **said)
    for case, stage in ((second, "being_saved"), (third, "lost")):
        move_cases([case], stage, today=said["now"].date(), **said)


def add_costs(**said: Any) -> None:
    """A margin, what advertising cost, and three months of a price index."""
    from vafa.data.costs.actions import add_spend, set_margin, set_price_month

    set_margin(Decimal("0.35"), None, **said)
    add_spend(*MONTH, Decimal(250_000_000), "IRR", channel="اینستاگرام", **said)
    months = [date(2025, 7, 23), date(2025, 8, 23), *MONTH]
    for place, (start, end) in enumerate(pairwise(months)):
        set_price_month(start, end, Decimal(300 + 9 * place), "مرکز آمار ایران", **said)


def add_watching(**said: Any) -> None:
    """A target, a figure that is watched with an alert on it, and a mark."""
    from vafa.measure.watching.actions import add_mark, set_target, watch_figure
    from vafa.measure.watching.models import Alert
    from vafa.measure.watching.types import Figure

    set_target(Figure("crr", "", "month"), 0.85, **said)
    watch_figure(Figure("crr", SEGMENT, "month"), said["by"], by_mail=True, **said)
    Alert.objects.create(
        metric="crr", segment=SEGMENT, every="month", start_on=MONTH[0], end_on=MONTH[1], kind="range",
        side="below", good=False, value=0.769, low=0.81, high=0.93, raised_at=said["now"],
    )  # fmt: skip
    add_mark("افزایش قیمت", MONTH[0], MONTH[0] + timedelta(days=1), **said)


def add_dashboard(**said: Any) -> None:
    """A dashboard with each kind of picture, its schedule, and a link to it."""
    from vafa.measure.reports.actions import create_dashboard, create_schedule, share_dashboard
    from vafa.measure.reports.links import build_digest
    from vafa.measure.reports.types import Cadence, Item

    items = [
        Item("crr", "number", rule="purchase:60d"),
        Item("crr", "trend", by="location", rule="purchase:60d"),
        Item("customers_new", "table", periods=6, rule="purchase:60d"),
        Item("revenue", "trend", segment=SEGMENT),
    ]
    dashboard = create_dashboard("گزارش هفتگی", is_shared=True, items=items, **said)
    create_schedule(dashboard, Cadence("week"), {said["by"].pk: "fa"}, **said)
    link, _token = share_dashboard(dashboard, days=30, label="هیئت مدیره", **said)
    link.digest = build_digest(LINK)
    link.save()


def add_token(**said: Any) -> None:
    """A token of the API."""
    from vafa.data.staff.actions import make_token
    from vafa.kit.scopes import Scope

    make_token(said["by"], "Power BI", [Scope.READ_METRICS], days=90, now=said["now"])


if __name__ == "__main__":
    main()
