"""What stays out of totals for want of a rate, in words."""

from django.utils.translation import gettext as _

from vafa.kit.locale.formats import Style, format_number
from vafa.measure.metrics.types import LeftOutMoney


def describe_left_out(left: LeftOutMoney, style: Style) -> str:
    """One currency's money that is in no total, in a sentence."""
    count = format_number(left.orders, style)
    if left.of == "subscriptions":
        return _(
            "Left out: subscriptions of %(customers)s customers in %(currency)s, a currency without a rate."
        ) % {
            "customers": count,
            "currency": left.currency,
        }
    return _("Left out: %(orders)s orders in %(currency)s, a currency without a rate.") % {
        "orders": count,
        "currency": left.currency,
    }
