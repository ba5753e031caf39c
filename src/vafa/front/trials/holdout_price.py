"""What a universal holdout of each size proves, and what it costs."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from django.utils.translation import gettext as _

from vafa.act.messaging.queries import list_reachable
from vafa.data.business.queries import get_business
from vafa.front.overview.texts import write_sentence
from vafa.kit.locale.formats import (
    Style,
    format_days,
    format_money,
    format_number,
    format_percent,
    format_percent_points,
)
from vafa.lab.trials import CONTROL, TREATED
from vafa.measure.metrics.queries import resolve_rule
from vafa.measure.segments.queries import Resolver, get_revenue
from vafa.prove.outcomes.queries import plan_proof
from vafa.warehouse.queries import Snapshot, has_copy, open_snapshot

SHARES = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2)
DAYS = (90, 180, 365)


@dataclass(frozen=True)
class Prices:
    """A table with one row a share; `problem` where nothing can be said."""

    problem: str = ""
    about: str = ""
    label: str = ""
    columns: list[dict[str, object]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def build_prices(days: int, style: Style, now: datetime) -> Prices:
    """Each share beside what it proves and costs over so many days, in customers and in money."""
    people = list_reachable(now)
    if not people:
        return Prices(
            problem=_("Nobody may get marketing from you yet, so that there is nobody to hold out.")
        )
    if not has_copy():
        return Prices(problem=_("Bring orders in first: they tell what a control group can prove."))
    snapshot = open_snapshot()
    worth = find_worth(snapshot, people, days)
    ids = np.array(people, dtype=np.int64)
    rows = []
    for share in SHARES:
        proof = plan_proof(snapshot, ids, horizon_days=days, shares={CONTROL: share, TREATED: 1 - share})
        lost = None if proof.smallest is None else proof.smallest * proof.control
        money = None if lost is None or worth is None else lost * worth
        rows.append(
            [
                format_percent(share, style, 0),
                format_number(proof.control, style),
                format_percent_points(proof.smallest, style) if proof.smallest is not None else _("nothing"),
                format_number(lost, style, 0) if lost is not None else "",
                format_money(money, get_business().currency, style, decimals=0) if money is not None else "",
            ]
        )
    told = {"count": format_number(len(people), style), "days": format_days(days, style)}
    return Prices(
        about=_(
            "Over %(days)s, of the %(count)s customers who may get marketing by some channel. The price is what "
            "would be lost if all your marketing together kept just as many more as can be shown; if it keeps more, "
            "holding some out costs more, and if it keeps nobody, it costs nothing."
        )
        % told,
        label=_("What each share proves, and what it costs"),
        columns=[
            {"title": _("Held out")},
            {"title": _("Customers"), "number": True},
            {
                "title": write_sentence(_("Smallest rise that is found"), style),
                "number": True,
            },
            {"title": _("Price in customers"), "number": True},
            {"title": _("Price in revenue"), "number": True},
        ],
        rows=rows,
    )


def find_worth(snapshot: Snapshot, people: list[int], days: int) -> float | None:
    """What a customer who bought at all brought on average over as many days before the end of data; None where nobody
    did."""
    until = snapshot.freshness(resolve_rule(None, snapshot)).data_until
    if until is None:
        return None
    start: date = until - timedelta(days=days)
    resolver = Resolver(snapshot)
    brought = get_revenue(resolver, until) - get_revenue(resolver, start)
    numbers = snapshot.list_numbers(people)
    mine = brought[numbers[numbers >= 0]]
    return float(mine[mine > 0].mean()) if (mine > 0).any() else None
