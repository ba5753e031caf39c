"""The money at risk: what is at stake with active customers whose risk is high."""

from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pyroaring import BitMap

from vafa.act.saving.queries import get_values_at_stake
from vafa.data.business.queries import Business
from vafa.front.overview.viewer import open_for
from vafa.front.risk.words import HIGH
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import Style, format_money, format_number
from vafa.lab.sets import list_members
from vafa.measure.metrics.queries import resolve_rule
from vafa.measure.segments.queries import get_segment_members
from vafa.predict.scores.types import BAND_NAMES


@dataclass(frozen=True)
class MoneyAtRisk:
    """The sum ready to print, of how many customers, what it means, and where they stand."""

    label: str
    value: str
    note: str
    hint: str
    url: str | None


def find_money_at_risk(
    business: Business, owner_id: int | None, segment: str | None, style: Style
) -> MoneyAtRisk | None:
    """The money at risk with whom somebody may see, of a segment where one is named; None while no risk is known."""
    snapshot, visible = open_for(business, owner_id, "customer")
    bands = snapshot.published("risk_band")
    rule = resolve_rule(None, snapshot)
    until = snapshot.freshness(rule).data_until
    if bands is None or until is None:
        return None
    among = snapshot.active(rule, until)
    if visible is not None:
        among = among & visible
    if segment:
        try:
            among = among & get_segment_members(segment, snapshot)
        except VafaError:
            among = BitMap()
    numbers = list_members(among).astype(np.int64)
    numbers = numbers[bands[numbers] == HIGH]
    values = get_values_at_stake(snapshot)[numbers]
    total = float(np.nansum(values))
    asked = {"risk": BAND_NAMES[HIGH]} | ({"segment": segment} if segment else {})
    count = ngettext(
        "of %(count)s customer at high risk", "of %(count)s customers at high risk", len(numbers)
    )
    return MoneyAtRisk(
        label=_("Money at risk"),
        value=format_money(round(total), style.currency, style),
        note=count % {"count": format_number(len(numbers), style)},
        hint=_(
            "What may be lost with the active customers whose risk is high: the value predicted for the next year times"
            " the chance of leaving, or what they brought in the last year where no value is predicted."
        ),
        url=f"{reverse('customers')}?{urlencode(asked)}",
    )
