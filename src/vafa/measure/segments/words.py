"""What conditions are called: fields, states, facts, measures, comparisons, spans of days."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vafa.kit.locale.formats import Style, format_number
from vafa.measure.segments.types import CUSTOM_PREFIX


def name_field(field: str) -> str:
    """A field of the customer, in words; the business's own fields by their own name."""
    names = {
        "customer_location": _("Location of the customer"),
        "company": _("Company"),
        "tag": _("Tag"),
        "plan": _("Plan"),
        "main_line": _("Product line bought most"),
        "first_line": _("Product line of the first purchase"),
        "first_product": _("First product bought"),
        "first_location": _("Location of the first purchase"),
        "contact_kind": _("Kind of the last contact"),
        "ticket_category": _("Category of the last ticket"),
        "ticket_channel": _("Channel of the last ticket"),
        "owner": _("Who looks after the customer"),
        "birthday_month": _("Month of the birthday"),
        "joined_on": _("Day of joining"),
        "risk_band": _("Risk of leaving"),
    }
    return names.get(field, field.removeprefix(CUSTOM_PREFIX))


def name_filter(field: str) -> str:
    """A field by which facts are narrowed, in words."""
    return {
        "location": _("Location of the order"),
        "product_line": _("Product line"),
        "product": _("Product"),
        "plan": _("Plan"),
        "kind": _("Kind of contact"),
        "category": _("Category of the ticket"),
        "survey": _("Survey"),
    }[field]


def name_band(band: str) -> str:
    """A band of the risk of leaving, in words."""
    return {
        "low": pgettext("risk", "Low"),
        "raised": pgettext("risk", "Raised"),
        "high": pgettext("risk", "High"),
    }.get(band, band)


def name_state(state: str) -> str:
    """A state under the activity rule, in words."""
    return {
        "active": _("Active"),
        "lost": _("No longer active"),
        "never": _("Never active"),
        "new": _("New: a customer for the first time ever"),
        "won_back": _("Won back: active again"),
    }[state]


def name_fact(fact: str) -> str:
    """What a customer may do, in words."""
    return {
        "purchase": _("Days with a purchase"),
        "order": _("Orders"),
        "cancelled_order": _("Cancelled orders"),
        "return": _("Days with a return"),
        "subscription_start": _("Starts of a subscription"),
        "subscription_end": _("Ends of a subscription"),
        "interaction": _("Contacts: calls, visits, messages"),
        "ticket": _("Tickets opened"),
        "answer": _("Answers given to surveys"),
    }[fact]


def name_measure(measure: str) -> str:
    """A number of each customer, in words."""
    return {
        "orders": _("Number of orders"),
        "revenue": _("Revenue"),
        "average_order_value": _("Average order value"),
        "days_since_last_purchase": _("Days since the last purchase"),
        "own_rhythm": _("Own rhythm: usual days between purchases"),
        "lateness": _("Lateness: days since the last purchase by the own rhythm"),
        "rfm_recency": _("RFM score of the last purchase, from 1 to 5"),
        "rfm_frequency": _("RFM score of the number of purchase days, from 1 to 5"),
        "rfm_money": _("RFM score of the money, from 1 to 5"),
        "mrr": _("Monthly recurring revenue (MRR)"),
        "last_nps": _("Score of the last NPS answer"),
        "clv": _("Customer value so far (CLV)"),
        "days_since_last_contact": _("Days since the last contact"),
        "purchase_day_value": _("Spent on a purchase day, on average"),
        "discount_share": _("Discount on what was bought"),
        "return_share": _("Returns for each purchase day"),
        "product_lines": _("Product lines bought"),
        "risk": _("Chance of leaving"),
        "value_at_risk": _("Value at risk"),
        "next_order_days": _("Days until the next order that is expected"),
    }[measure]


def name_field_op(op: str) -> str:
    """How a field is compared, as one chooses it."""
    return {
        "is": _("is"),
        "is_not": _("is not"),
        "contains": _("contains"),
        "known": _("is known"),
        "unknown": _("is not known"),
        "within": _("lies"),
        "not_within": _("does not lie"),
    }[op]


def name_count(op: str) -> str:
    """How a number of times is compared, as one chooses it."""
    return {"at_least": _("at least"), "at_most": _("at most"), "exactly": _("exactly")}[op]


def name_measure_op(op: str) -> str:
    """How a number is compared, as one chooses it."""
    return {
        "at_least": _("at least"),
        "at_most": _("at most"),
        "more_than": _("more than"),
        "less_than": _("less than"),
        "between": _("between"),
        "top": _("among the highest"),
        "known": _("is known"),
        "unknown": _("is not known"),
    }[op]


def name_span_kind(kind: str) -> str:
    """A kind of span, as one chooses it."""
    return {
        "ever": _("at any time"),
        "last_days": _("in the last days"),
        "before_days": _("longer ago than"),
        "between": _("between two days"),
        "this": _("in this"),
        "previous": _("in the whole previous"),
    }[kind]


def name_every(every: str, calendar: str) -> str:
    """A length of periods, as one chooses it."""
    return {
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "quarter": _("Season") if calendar == "jalali" else _("Quarter"),
        "half": _("Half year"),
        "year": _("Year"),
    }[every]


def name_mode(mode: str) -> str:
    """How the parts of a group go together."""
    return {
        "all": _("All of these hold"),
        "any": _("At least one of these holds"),
        "none": _("None of these holds"),
    }[mode]


def name_cause(cause: str) -> str:
    """What a change of members came by."""
    return {
        "build": _("Built anew"),
        "hand": _("Chosen by hand"),
        "import": _("Came with a list"),
        "undo": _("Taken back"),
    }[cause]


def count_days(days: int, style: Style) -> str:
    """So many days."""
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": format_number(days, style)}


def count_times(times: int, style: Style) -> str:
    """So many times."""
    return ngettext("%(count)s time", "%(count)s times", times) % {"count": format_number(times, style)}
