"""Why a value is missing, in words."""

from django.utils.translation import gettext as _


def explain_reason(reason: str) -> str:
    """A row's reason code in a sentence."""
    sentences = {
        "no_data": _("There are no data yet."),
        "after_the_data": _("The data end before this period."),
        "before_the_data": _("The data begin after this period."),
        "nobody_at_the_start": _("Nobody was active at the start, so there is no rate."),
        "nobody_active": _("Nobody was active, so there is no rate."),
        "nobody_bought": _("Nobody bought in this period."),
        "nobody_bought_twice": _("Nobody bought on two days of this period."),
        "no_orders": _("There were no orders in this period."),
        "no_price_index": _("There is no price index yet, so there are no real terms."),
        "no_index_for_these_days": _("The price index does not tell of some of these days."),
        "no_rate_for_currency": _("There are only orders in currencies without a rate."),
    }
    return sentences[reason]
