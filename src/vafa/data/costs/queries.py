"""Asking about margins, marketing spend and the index of prices."""

from datetime import date
from fractions import Fraction

from vafa.data.costs.models import Margin, MarketingSpend, PriceMonth
from vafa.data.costs.types import ToldIndex, ToldSpend
from vafa.lab.prices import PriceIndex
from vafa.lab.prices import PriceMonth as MonthValue
from vafa.lab.value import ALWAYS, MarginTable

__all__ = [
    "Margin",
    "PriceMonth",
    "find_price_index",
    "find_price_source",
    "get_margin_table",
    "list_margins",
    "list_price_months",
    "list_spends",
]


def list_margins() -> list[Margin]:
    """All margins, the newest first, the one from the beginning last."""
    margins = Margin.objects.all()
    return sorted(margins, key=lambda margin: margin.valid_from or date.min, reverse=True)


def get_margin_table() -> MarginTable:
    """The margins by day; empty (false) where none has been told."""
    return MarginTable(
        (row.valid_from.toordinal() if row.valid_from else ALWAYS, row.share) for row in list_margins()
    )


def list_spends() -> list[ToldSpend]:
    """All marketing spend, the newest first."""
    rows = MarketingSpend.objects.select_related("source").order_by("-started_on", "-id")
    return [
        ToldSpend(
            row.pk, row.started_on, row.ended_on, row.amount, row.currency, row.channel, row.location, row.source.name
        )
        for row in rows
    ]  # fmt: skip


def list_price_months() -> list[PriceMonth]:
    """The months of the index, the newest first."""
    return list(PriceMonth.objects.select_related("source").order_by("-started_on"))


def find_price_source() -> str | None:
    """Whose index of prices this business keeps; None where it keeps none."""
    return PriceMonth.objects.values_list("source__name", flat=True).first()


def find_price_index(base: date | None = None) -> ToldIndex | None:
    """The index, in the money of its latest month or of the month that holds `base`; None where there is none.

    Raises PriceIndexEmpty where the index does not know that month.
    """
    rows = list_price_months()
    if not rows:
        return None
    months = [
        MonthValue(row.started_on.toordinal(), row.ended_on.toordinal(), Fraction(row.value)) for row in rows
    ]
    index = PriceIndex(months, base.toordinal() if base else None)
    return ToldIndex(index, rows[0].source.name, rows[-1].started_on, rows[0].ended_on)
