"""Why a customer's risk is what it is, in sentences: what it goes with, never what it is caused by.

A group of features is a reason where it pushes the chance of this customer up and refits of the model agree on its
sign. Its sentence tells the facts of the group that a person can check on the customer file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.front.overview.texts import name_dimension
from vafa.kit.locale.formats import Style, format_days, format_money, format_number, format_percent
from vafa.predict.models.types import Scores

MOST_REASONS = 3
# Log-odds that are hardly felt: a chance of 50% moves by a little more than one point.
LEAST_PUSH = 0.05
# Over how many days `service_features` counts what is recent, and visits.
RECENT_DAYS, VISIT_DAYS = 180, 30
FIELD_PREFIX = "field:"


@dataclass(frozen=True)
class Reason:
    """One reason: its group, the sentence, and by how much it moves the log-odds against the average customer."""

    group: str
    text: str
    push: float


@dataclass(frozen=True)
class Facts:
    """What is known of one customer, by column; the horizon, and how it is written."""

    values: Mapping[str, Any]
    horizon_days: int
    style: Style

    def number(self, name: str) -> float | None:
        """A number that is known."""
        value = self.values.get(name)
        return None if value is None or not np.isfinite(float(value)) else float(value)

    def days(self, name: str) -> str | None:
        """A length in words."""
        value = self.number(name)
        return None if value is None else format_days(round(value), self.style)


def list_reasons(scores: Scores, place: int, style: Style) -> list[Reason]:
    """The (at most three) groups that raise the risk of the customer at a place of the scores most, the strongest
    first; none whose facts can't be told."""
    return list_told(scores, place, style, _WRITERS, sign=1)[:MOST_REASONS]


def list_told(
    scores: Scores,
    place: int,
    style: Style,
    writers: Mapping[str, Callable[[Facts], str | None]],
    *,
    sign: int,
) -> list[Reason]:
    """The sure groups that push the risk of the customer up (`sign` 1) or down (-1) so that it is felt and whose facts
    can be told, the strongest first."""
    values = {name: column[place] for name, column in scores.facts.columns.items()}
    facts = Facts(values, scores.question.horizon_days, style)
    found = []
    pushes = sign * scores.contributions[place]
    for column in np.argsort(-pushes, kind="stable").tolist() if scores.groups else ():
        group = scores.groups[column]
        if pushes[column] < LEAST_PUSH or not scores.stable[column]:
            continue
        text = writers[group](facts) if group in writers else None
        if text is not None:
            found.append(Reason(group, text, float(sign * pushes[column])))
    return found


def name_group(group: str) -> str:
    """A group of reasons by its name."""
    return {
        "rhythm": _("Late for own rhythm"),
        "orders": _("Fewer or smaller orders"),
        "returns": _("Returns"),
        "complaints": _("Complaints and low scores"),
        "price": _("Price and discounts"),
        "silence": _("Silence from us"),
        "contract": _("Contract"),
        "visits": _("Visits"),
        "product": _("What is bought"),
        "tenure": _("How long a customer"),
        "season": _("Season"),
        "profile": _("Details of the customer"),
    }.get(group, group)


def _write_rhythm(facts: Facts) -> str | None:
    silent, gap = facts.days("recency_days"), facts.days("rhythm_days")
    if silent is None:
        return None
    if gap is None:
        return _("%(silent)s since the only purchase") % {"silent": silent}
    return _("usually buys every %(gap)s; %(silent)s since the last") % {"gap": gap, "silent": silent}


def _write_orders(facts: Facts) -> str | None:
    recent, trend = facts.number("orders_recent"), facts.number("orders_trend")
    days = format_days(facts.horizon_days, facts.style)
    if recent is not None and trend is not None and trend < 0:
        return _("purchase days in the last %(days)s: %(recent)s; in the %(days)s before: %(before)s") % {
            "recent": format_number(round(recent), facts.style),
            "before": format_number(round(recent - trend), facts.style),
            "days": days,
        }
    spend = facts.number("spend_trend")
    if spend is not None and spend < 0:
        money = format_money(round(-spend), facts.style.currency, facts.style)
        return _("spent %(money)s less in the last %(days)s than in the %(days)s before") % {
            "money": money,
            "days": days,
        }
    orders = facts.number("orders")
    if orders is None:
        return None
    count = round(orders)
    return ngettext("bought on %(count)s day so far", "bought on %(count)s days so far", count) % {
        "count": format_number(count, facts.style)
    }


def _write_returns(facts: Facts) -> str | None:
    share = facts.number("return_share")
    if share is None or share <= 0:
        return None
    return _("returns: %(share)s of the purchase days") % {"share": format_percent(share, facts.style, 0)}


def _write_complaints(facts: Facts) -> str | None:
    days = format_days(RECENT_DAYS, facts.style)
    counts = (
        ("tickets_open", _("tickets still open: %(count)s")),
        ("complaints_recent", _("complaints in the last %(days)s: %(count)s")),
        ("tickets_recent", _("tickets in the last %(days)s: %(count)s")),
    )
    for name, text in counts:
        if (count := facts.number(name)) is not None and count > 0:
            return text % {"count": format_number(round(count), facts.style), "days": days}
    score = facts.number("last_score")
    return None if score is None else write_score(facts, score)


def write_score(facts: Facts, score: float) -> str:
    """The last answer to a survey, as a share of its scale."""
    return _("the last survey answer was at %(share)s of its scale") % {
        "share": format_percent(score, facts.style, 0)
    }


def _write_price(facts: Facts) -> str | None:
    change = facts.number("price_change")
    if change is not None and change != 0:
        text = _("the price rose by %(share)s") if change > 0 else _("the price fell by %(share)s")
        return text % {"share": format_percent(abs(change), facts.style, 0)}
    price = facts.number("monthly_price")
    if price is not None:
        return write_monthly_price(facts, price)
    return write_discount(facts)


def write_monthly_price(facts: Facts, price: float) -> str:
    """What the contract costs a month."""
    money = format_money(round(price, 2), facts.style.currency, facts.style)
    return _("pays %(money)s a month") % {"money": money}


def write_discount(facts: Facts) -> str | None:
    """How far below the full price somebody bought; None where nobody knows."""
    share = facts.number("discount_share")
    if share is None:
        return None
    if share <= 0:
        return _("bought without any discount so far")
    return _("bought at %(share)s below the full price on the whole") % {
        "share": format_percent(share, facts.style, 0)
    }


def _write_silence(facts: Facts) -> str | None:
    if "contact_days" not in facts.values:
        return None
    days = facts.days("contact_days")
    if days is None:
        return _("nobody was ever in touch")
    return _("nobody was in touch for %(days)s") % {"days": days}


def _write_contract(facts: Facts) -> str | None:
    if (over := facts.number("days_over")) is not None and over > 0:
        return _("the contract ended %(days)s ago") % {"days": facts.days("days_over")}
    if facts.number("is_frozen"):
        return _("the contract is frozen")
    if (late := facts.number("late_renewals")) is not None and late > 0:
        return _("renewed late: %(count)s times") % {"count": format_number(round(late), facts.style)}
    if (left := facts.days("days_to_term")) is not None:
        return _("the term ends in %(days)s") % {"days": left}
    plan = str(facts.values.get("plan", "") or facts.values.get("first_plan", ""))
    return _("plan: %(plan)s") % {"plan": plan} if plan else None


def _write_visits(facts: Facts) -> str | None:
    if "visit_days" not in facts.values:
        return None
    if (visited := facts.days("visit_days")) is None:
        return _("never visited so far")
    return _("%(days)s since the last visit") % {"days": visited}


def _write_product(facts: Facts) -> str | None:
    line = str(facts.values.get("main_line", ""))
    if line:
        return _("buys mostly “%(line)s”") % {"line": line}
    lines = facts.number("lines")
    if lines is None:
        return None
    return _("bought of %(count)s product lines") % {"count": format_number(round(lines), facts.style)}


def _write_tenure(facts: Facts) -> str | None:
    if (days := facts.days("tenure_days")) is None:
        return None
    if facts.number("tenure_days") == facts.number("recency_days"):
        # Of who has bought once only, the days since then are told already.
        return None
    return _("a customer for %(days)s") % {"days": days}


def _write_season(facts: Facts) -> str | None:
    count = facts.number("orders_last_year")
    if count is None:
        return None
    return _("purchase days in the same weeks a year ago: %(count)s") % {
        "count": format_number(round(count), facts.style)
    }


def _write_profile(facts: Facts) -> str | None:
    """The fields of the customer, which the model weighs together."""
    told = [
        _("%(field)s: %(value)s") % {"field": name_dimension(name.removeprefix(FIELD_PREFIX)), "value": value}
        for name, value in facts.values.items()
        if name.startswith(FIELD_PREFIX) and str(value)
    ]
    separator = "؛ " if facts.style.is_rtl else "; "
    return separator.join(told[:2]) or None


_WRITERS: Mapping[str, Callable[[Facts], str | None]] = {
    "rhythm": _write_rhythm,
    "orders": _write_orders,
    "returns": _write_returns,
    "complaints": _write_complaints,
    "price": _write_price,
    "silence": _write_silence,
    "contract": _write_contract,
    "visits": _write_visits,
    "product": _write_product,
    "tenure": _write_tenure,
    "season": _write_season,
    "profile": _write_profile,
}
