"""What is known of customers, in words: the name of each feature, and what a condition on it says."""

from collections.abc import Callable
from typing import Literal

from django.utils.translation import gettext as _

from vafa.data.interactions.queries import name_topic
from vafa.front.overview.texts import name_dimension
from vafa.front.privacy.words import CHANNEL_NAMES
from vafa.front.risk.reasons import FIELD_PREFIX, RECENT_DAYS, VISIT_DAYS
from vafa.kit.locale.formats import Style, format_days, format_money, format_number, format_percent
from vafa.lab.subgroups import Condition
from vafa.predict.reasons.queries import CAUSE, CHANNEL, THEME

Unit = Literal["days", "count", "money", "share", "times", "text", "flag"]

_UNITS: dict[str, Unit] = {
    "recency_days": "days",
    "lateness": "times",
    "rhythm_days": "days",
    "orders": "count",
    "orders_recent": "count",
    "orders_trend": "count",
    "spend_mean": "money",
    "spend_trend": "money",
    "tenure_days": "days",
    "spell_days": "days",
    "orders_last_year": "count",
    "return_share": "share",
    "discount_share": "share",
    "lines": "count",
    "contact_days": "days",
    "contacts_recent": "count",
    "visit_days": "days",
    "visits_recent": "count",
    "visits_before": "count",
    "complaints_recent": "count",
    "tickets_recent": "count",
    "tickets_open": "count",
    "last_score": "share",
    "days_to_term": "days",
    "days_over": "days",
    "is_frozen": "flag",
    "contracts": "count",
    "renewals": "count",
    "late_renewals": "count",
    "has_returned": "flag",
    "monthly_price": "money",
    "price_change": "share",
}


def name_feature(name: str, horizon_days: int, style: Style) -> str:
    """What a feature tells, so that a value can follow; fields of customers by their own name."""
    days = format_days(horizon_days, style)
    recent, visited = format_days(RECENT_DAYS, style), format_days(VISIT_DAYS, style)
    names = {
        "recency_days": _("Since the last purchase"),
        "lateness": _("Since the last purchase, as a multiple of the own rhythm"),
        "rhythm_days": _("Own rhythm of buying"),
        "orders": _("Days with a purchase so far"),
        "orders_recent": _("Days with a purchase in the last %(days)s") % {"days": days},
        "orders_trend": _("More or fewer purchase days in the last %(days)s than in those before")
        % {"days": days},
        "spend_mean": _("Spent on a purchase day, on average"),
        "spend_trend": _("Spent more or less in the last %(days)s than in those before") % {"days": days},
        "tenure_days": _("A customer for"),
        "spell_days": _("Without a break for"),
        "orders_last_year": _("Purchase days in the same weeks a year ago"),
        "return_share": _("Returns for each purchase day"),
        "discount_share": _("Discount on what was bought"),
        "lines": _("Product lines bought"),
        "main_line": _("Buys mostly"),
        "first_line": _("Product line of the first purchase"),
        "first_product": _("First product bought"),
        "first_location": _("Location of the first purchase"),
        "contact_kind": _("Kind of the last contact"),
        "channel": _("Preferred channel"),
        "ticket_category": _("Category of the last ticket"),
        "ticket_channel": _("Channel of the last ticket"),
        "theme": _("What the last feedback was about"),
        "stated_before": _("Had said before why they might leave"),
        "contact_days": _("Since the last contact"),
        "contacts_recent": _("Contacts in the last %(days)s") % {"days": recent},
        "visit_days": _("Since the last visit"),
        "visits_recent": _("Visits in the last %(days)s") % {"days": visited},
        "visits_before": _("Visits in the %(days)s before the last %(days)s") % {"days": visited},
        "complaints_recent": _("Complaints in the last %(days)s") % {"days": recent},
        "tickets_recent": _("Tickets in the last %(days)s") % {"days": recent},
        "tickets_open": _("Tickets still open"),
        "last_score": _("Last survey answer, on its scale"),
        "plan": _("Plan"),
        "first_plan": _("First plan"),
        "interval": _("Paid every"),
        "days_to_term": _("Until the term ends"),
        "days_over": _("Since the contract ended"),
        "is_frozen": _("The contract is frozen"),
        "contracts": _("Contracts at the same time"),
        "renewals": _("Renewals so far"),
        "late_renewals": _("Late renewals so far"),
        "has_returned": _("Had left once and came back"),
        "monthly_price": _("Price a month"),
        "price_change": _("Change of the price"),
        "purchase_odds": _("Chance of no order by the purchase model"),
        "tenure_odds": _("Chance of leaving by plan and time as a customer"),
        "rhythm": _("Chance of no order by the purchase model"),
        "tenure": _("Chance of leaving by plan and time as a customer"),
    }
    return names.get(name) or name_dimension(name.removeprefix(FIELD_PREFIX))


def describe_condition(condition: Condition, horizon_days: int, style: Style) -> str:
    """One condition as a phrase: "Since the last purchase: more than 37 days"."""
    told = {
        "name": name_feature(condition.feature, horizon_days, style),
        "value": _write_value(condition, style),
    }
    if condition.test == "unknown" and condition.feature in _NEVER:
        return _NEVER[condition.feature]()
    counted = _UNITS.get(condition.feature) == "count"
    if counted and condition.value == 0:
        if condition.test == "more_than":
            return _("%(name)s: at least one") % told
        if condition.test == "at_most" and condition.feature != "orders_trend":
            return _("%(name)s: none") % told
    texts = {
        "is": _("%(name)s: %(value)s"),
        "at_most": _("%(name)s: at most %(value)s"),
        "more_than": _("%(name)s: more than %(value)s"),
        "yes": _("%(name)s: yes"),
        "no": _("%(name)s: no"),
        "unknown": _("%(name)s: not known"),
    }
    return texts[condition.test] % told


_NEVER: dict[str, Callable[[], str]] = {
    "lateness": lambda: _("No rhythm of buying yet: bought on one day only"),
    "rhythm_days": lambda: _("No rhythm of buying yet: bought on one day only"),
    "contact_days": lambda: _("Never in touch so far"),
    "visit_days": lambda: _("Never visited so far"),
    "last_score": lambda: _("Never answered a survey"),
    "orders_trend": lambda: _("A customer for too short a time to tell a trend"),
    "spend_trend": lambda: _("A customer for too short a time to tell a trend"),
    "orders_last_year": lambda: _("A customer for less than a year"),
    "price_change": lambda: _("No contract before this one"),
    "contact_kind": lambda: _("Never in touch so far"),
    "ticket_category": lambda: _("No ticket with a category so far"),
    "ticket_channel": lambda: _("No ticket with a channel so far"),
    "theme": lambda: _("Never gave feedback so far"),
    "stated_before": lambda: _("Never said before why they might leave"),
}


def name_said(value: str) -> str:
    """What customers or a source said: codes by their names, words as they are."""
    if value.startswith(CAUSE):
        return name_topic("cause", value.removeprefix(CAUSE))
    if value.startswith(THEME):
        return name_topic("theme", value.removeprefix(THEME))
    if value.startswith(CHANNEL):
        code = value.removeprefix(CHANNEL)
        return str(CHANNEL_NAMES.get(code, code))
    return value


def _write_value(condition: Condition, style: Style) -> str:
    value = condition.value
    if value is None:
        return ""
    if isinstance(value, str):
        return name_said(value)
    unit = _UNITS.get(condition.feature, "times")
    if unit == "days":
        return format_days(round(value), style)
    if unit == "money":
        return format_money(round(value, 2 if abs(value) < 100 else 0), style.currency, style)
    if unit == "share":
        return format_percent(value, style)
    if unit == "count":
        return format_number(round(value), style)
    return format_number(round(value, 1), style, 1)
