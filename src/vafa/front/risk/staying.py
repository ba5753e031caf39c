"""What speaks for a customer's staying, in sentences: the groups of features that push the chance of leaving down.

The facts are the same as those of reasons; they are said from the other side, and only where they can be: a group that
pushes down while its facts read like a reason to leave isn't told.
"""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.front.risk.reasons import (
    MOST_REASONS,
    RECENT_DAYS,
    VISIT_DAYS,
    Facts,
    Reason,
    list_told,
    write_discount,
    write_monthly_price,
    write_score,
)
from vafa.kit.locale.formats import Style, format_days, format_money, format_number, format_percent
from vafa.predict.models.types import Scores


def list_staying(scores: Scores, place: int, style: Style) -> list[Reason]:
    """The (at most three) groups that lower the risk of the customer at a place of the scores most, the strongest
    first."""
    return list_told(scores, place, style, _WRITERS, sign=-1)[:MOST_REASONS]


def _write_rhythm(facts: Facts) -> str | None:
    silent, gap = facts.number("recency_days"), facts.number("rhythm_days")
    if silent is None or gap is None or silent > gap:
        return None
    return _("usually buys every %(gap)s; only %(silent)s since the last") % {
        "gap": facts.days("rhythm_days"),
        "silent": facts.days("recency_days"),
    }


def _write_orders(facts: Facts) -> str | None:
    trend, recent = facts.number("orders_trend"), facts.number("orders_recent")
    days = format_days(facts.horizon_days, facts.style)
    if trend is not None and recent is not None and trend > 0:
        return _("purchase days in the last %(days)s: %(recent)s; in the %(days)s before: %(before)s") % {
            "recent": format_number(round(recent), facts.style),
            "before": format_number(round(recent - trend), facts.style),
            "days": days,
        }
    spend = facts.number("spend_trend")
    if spend is not None and spend > 0:
        return _("spent %(money)s more in the last %(days)s than in the %(days)s before") % {
            "money": format_money(round(spend), facts.style.currency, facts.style),
            "days": days,
        }
    orders = facts.number("orders")
    if orders is None or orders < 2:
        return None
    count = round(orders)
    return ngettext("bought on %(count)s day so far", "bought on %(count)s days so far", count) % {
        "count": format_number(count, facts.style)
    }


def _write_returns(facts: Facts) -> str | None:
    return _("no returns so far") if facts.number("return_share") == 0 else None


def _write_complaints(facts: Facts) -> str | None:
    counts = [facts.number(name) for name in ("tickets_open", "complaints_recent", "tickets_recent")]
    score = facts.number("last_score")
    if score is not None and score >= 0.5:
        return write_score(facts, score)
    if any(counts) or not any(count == 0 for count in counts):
        return None
    return _("no complaint and no ticket in the last %(days)s") % {
        "days": format_days(RECENT_DAYS, facts.style)
    }


def _write_price(facts: Facts) -> str | None:
    change = facts.number("price_change")
    if change is not None and change < 0:
        return _("the price fell by %(share)s") % {"share": format_percent(-change, facts.style, 0)}
    if (price := facts.number("monthly_price")) is not None and not change:
        return write_monthly_price(facts, price)
    return write_discount(facts)


def _write_silence(facts: Facts) -> str | None:
    days, count = facts.days("contact_days"), facts.number("contact_days")
    # That somebody was in touch years ago keeps nobody.
    return (
        None if count is None or count > RECENT_DAYS else _("we were in touch %(days)s ago") % {"days": days}
    )


def _write_visits(facts: Facts) -> str | None:
    count = facts.number("visits_recent")
    if not count:
        return None
    return _("visits in the last %(days)s: %(count)s") % {
        "days": format_days(VISIT_DAYS, facts.style),
        "count": format_number(round(count), facts.style),
    }


def _write_contract(facts: Facts) -> str | None:
    if facts.number("days_over") or facts.number("is_frozen"):
        return None
    renewals = facts.number("renewals")
    if renewals and not facts.number("late_renewals"):
        return _("renewed in time so far: %(count)s times") % {
            "count": format_number(round(renewals), facts.style)
        }
    if (left := facts.days("days_to_term")) is not None:
        return _("the term still runs for %(days)s") % {"days": left}
    plan = str(facts.values.get("plan", ""))
    return _("plan: %(plan)s") % {"plan": plan} if plan else None


def _write_tenure(facts: Facts) -> str | None:
    days = facts.days("tenure_days")
    return None if days is None else _("a customer for %(days)s") % {"days": days}


def _write_season(facts: Facts) -> str | None:
    count = facts.number("orders_last_year")
    if not count:
        return None
    return _("purchase days in the same weeks a year ago: %(count)s") % {
        "count": format_number(round(count), facts.style)
    }


def _write_product(facts: Facts) -> str | None:
    line = str(facts.values.get("main_line", ""))
    if line:
        return _("buys mostly “%(line)s”") % {"line": line}
    lines = facts.number("lines")
    return (
        None
        if lines is None
        else _("bought of %(count)s product lines") % {"count": format_number(round(lines), facts.style)}
    )


_WRITERS: Mapping[str, Callable[[Facts], str | None]] = {
    "rhythm": _write_rhythm,
    "orders": _write_orders,
    "returns": _write_returns,
    "complaints": _write_complaints,
    "price": _write_price,
    "silence": _write_silence,
    "visits": _write_visits,
    "contract": _write_contract,
    "tenure": _write_tenure,
    "season": _write_season,
    "product": _write_product,
}
