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
}
