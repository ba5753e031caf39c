"""What the API's parts mean: in English in its OpenAPI document, in the reader's language on its page."""

from django.utils.translation import gettext_noop as _

PARAMETERS = {
    "name": _("The metric, such as crr."),
    "from": _("The first day, as 2026-03-21."),
    "to": _("The first day after."),
    "every": _("The length of a period: day, week, month, quarter, half, year, or days such as 30d."),
    "calendar": _("The calendar by which periods are cut: gregorian, jalali or hijri."),
    "week_start": _("The first day of the week: sat, sun or mon."),
    "by": _("The field to split by, such as location."),
    "rule": _("The activity rule, such as subscription, purchase:90d or purchase:auto."),
    "segment": _("Only the members of this segment, as of the first day of each period."),
    "denominator": _("The denominator of the churn rate: start, average or ever."),
    "entity": _("What counts as one: customer or company."),
    "real": _("Money in real terms, by the price index."),
    "real_base": _("A day of the month in whose money real terms are told."),
    "first_periods": _("How many first periods an early churn looks at."),
    "survival_months": _("After how many months survival is told."),
    "count": _("What counts as coming: all rows of orders, or purchases only."),
    "slug": _("The segment's short name, as its address has it."),
    "cursor": _("Where the page before ended: its next_cursor."),
    "updated_since": _("Only what was changed under a number (seq) after this one."),
    "source": _("Only what this source has told."),
    "customer": _("Only what belongs to the customer with this id."),
    "email": _("Only who has this e-mail address."),
    "phone": _("Only who has this phone number, in international form such as +989121234567."),
    "key": _("Only whom a source knows by this id."),
    "tag": _("Only who has this tag."),
    "kind": _("Only this kind of event."),
    "order": _("Only the order of this number."),
    "band": _("Only the customers in this band of risk: low, raised or high."),
    "least_risk": _("Only customers whose chance of leaving is at least this, as a fraction such as 0.5."),
    "show": _("Which tasks: open, overdue, today, next, done, cancelled or all."),
    "row": _("The id of the row."),
    "limit": _("How many rows at most."),
    "language": _("The language of the texts: fa, ar, zh-hans or en."),
}

OPERATIONS = {
    "list_metrics": _("All metrics with their meaning, formula, unit and source."),
    "get_metric": _("The values of a metric; without dates of the last complete month."),
    "get_cohorts": _("Of those who first came in one period, how many came again in each period after."),
    "list_segments": _("The saved segments, and how many are in each."),
    "get_segment": _("One segment, and how many are in it."),
    "list_members": _("Who is in a segment, page by page, in the order of their ids."),
    "list_scores": _(
        "What is predicted of the customers: the risk of leaving within the horizon, value and next order, page by"
        " page, in the order of their ids."
    ),
    "list_customers": _("The customers, page by page, in the order of their last change."),
    "get_customer": _("One customer."),
    "add_customer": _("Add a customer, or correct the one with the same number of its source."),
    "add_customers": _(
        "The same for up to 1,000 rows; the good ones go in, and each is told what became of it."
    ),
    "change_customer": _(
        "Change fields of a customer by the id here, as a person would on the customer file."
    ),
    "list_orders": _(
        "The orders with their lines and returns, page by page, in the order of their last change."
    ),
    "get_order": _("One order."),
    "add_order": _("Add an order, or correct the one with the same number of its source."),
    "add_orders": _(
        "The same for up to 1,000 rows; the good ones go in, and each is told what became of it."
    ),
    "list_returns": _("The returns, page by page, in the order of their last change."),
    "get_return": _("One return."),
    "add_return": _("Add a return, or correct the one with the same number of its source."),
    "add_returns": _(
        "The same for up to 1,000 rows; the good ones go in, and each is told what became of it."
    ),
    "list_subscriptions": _("The subscriptions, page by page, in the order of their last change."),
    "get_subscription": _("One subscription."),
    "add_subscription": _("Add a subscription, or correct the one with the same number of its source."),
    "add_subscriptions": _(
        "The same for up to 1,000 rows; the good ones go in, and each is told what became of it."
    ),
    "list_events": _(
        "The events: calls, visits, messages and the like, page by page, in the order of their last change."
    ),
    "get_event": _("One event."),
    "add_event": _("Add an event, or correct the one with the same number of its source."),
    "add_events": _(
        "The same for up to 1,000 rows; the good ones go in, and each is told what became of it."
    ),
    "list_notes": _("The notes on customers, page by page, in the order of their last change."),
    "get_note": _("One note."),
    "add_note": _("Add a note, or correct the one with the same number of its source."),
    "add_notes": _("The same for up to 1,000 rows; the good ones go in, and each is told what became of it."),
    "change_note": _("Change the text of a note. What its source tells of it later replaces that again."),
    "list_tasks": _("Tasks of people: the open ones by when they are due, the closed ones the newest first."),
    "get_task": _("One task."),
    "add_task": _("Make a task."),
    "add_tasks": _("Make up to 1,000 tasks; the good ones are made, and each is told what became of it."),
    "change_task": _("Change fields of an open task."),
    "finish_task": _("Finish an open task, with what came of it."),
    "track": _(
        "What people do in a shop or an app, up to 1,000 at once. Only what is stored is acknowledged."
    ),
}
