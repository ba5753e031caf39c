"""Real terms: money of all periods in that of one month, by the business's index of prices.

A figure whose index is missing, as a whole or for some of its days, has no value: prices are never guessed.
"""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_style
from vafa.data.costs.queries import find_price_index
from vafa.data.costs.types import ToldIndex
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.dates import format_day
from vafa.lab.errors import PriceIndexEmpty
from vafa.measure.metrics.types import MetricEntry, RealTerms

NO_INDEX = "no_price_index"
"""The reason of a real value where the business keeps no index of prices."""

NO_INDEX_THEN = "no_index_for_these_days"
"""The reason of a real value of which some money is of days that the index does not tell of."""


def settle_real(entry: MetricEntry, *, deflates: bool, base: date | None) -> ToldIndex | None:
    """The index by which a metric is deflated; None where the business keeps none.

    Raises AskedWrongly where the metric is no money, or where the index does not know the base month.
    """
    if not deflates:
        raise AskedWrongly(
            _("“%(name)s” is not made of money, so prices do not change it.") % {"name": entry.title},
            _("Ask for it without real terms."),
            code="real_not_for_metric",
        )
    try:
        return find_price_index(base)
    except PriceIndexEmpty as error:
        raise AskedWrongly(
            _("The price index does not tell of the month of %(day)s.") % {"day": base},
            _("Choose a day of a month that it tells of, or none: then it is the latest month."),
            code=error.code,
        ) from error


def build_real_terms(told: ToldIndex) -> RealTerms:
    """What a table says of its index."""
    base = told.index.base
    return RealTerms(
        base_start=date.fromordinal(base.start),
        base_end=date.fromordinal(base.end),
        source=told.source,
        first=told.first,
        until=told.until,
    )


def describe_real(told: ToldIndex | None) -> str:
    """In whose money the values are, in a sentence."""
    if told is None:
        return _("Real terms were asked for, but there is no price index to deflate by.")
    style = get_style(translation.get_language() or "en")
    day = format_day(date.fromordinal(told.index.base.start), style)
    return _(
        "In real terms: every amount is brought into the money of the month from %(day)s by the price index of "
        "“%(source)s”."
    ) % {"day": day, "source": told.source}
