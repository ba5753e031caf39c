"""What is wrong with a condition, in words that say what to do."""

from django.utils.translation import gettext as _


def explain_problem(code: str) -> str:
    """The sentence of a problem's code."""
    texts = {
        "what_missing": _("Choose what the condition is about."),
        "no_condition": _("Add at least one condition."),
        "too_many_conditions": _("These are too many conditions. Make segments of some and name those here."),
        "too_deep": _("Groups stand too deep inside each other. Make a segment of one and name it here."),
        "empty_group": _("Add a condition to this group, or remove it."),
        "field_unknown": _("There is no such field any more."),
        "op_not_for_field": _("This field can't be compared so."),
        "value_missing": _("Choose at least one value."),
        "month_unknown": _("Choose a month."),
        "band_unknown": _("Choose a band of risk."),
        "owner_unknown": _("Choose somebody of the staff."),
        "days_missing": _("Write the number of days."),
        "days_out_of_bounds": _("The number of days must be between 1 and 36,525."),
        "since_not_for_state": _("Who was never active has no day since which that is so."),
        "times_out_of_bounds": _("The number of times must be between 0 and 1,000,000."),
        "times_say_nothing": _(
            "Everybody did it at least 0 times. Write at least 1, or choose “none at all”."
        ),
        "filter_not_for_fact": _("What they did can't be narrowed by this field."),
        "amount_not_for_fact": _("What they did has no amount."),
        "amount_negative": _("The amount can't be below zero."),
        "number_missing": _("Write the number."),
        "number_unreadable": _("This is not a number."),
        "number_not_whole": _("Write a whole number."),
        "bounds_reversed": _("The second number must not be below the first."),
        "share_out_of_bounds": _("The percentage must be above 0 and at most 100."),
        "span_not_for_measure": _("This number has no span of days."),
        "dates_missing": _("Write the first day, the last day, or both."),
        "dates_reversed": _("The last day must not be before the first."),
        "day_unreadable": _("Not a day. Write year, month and day."),
        "period_missing": _("Choose a length of time."),
        "segment_missing": _("Choose a segment."),
        "segment_unknown": _("There is no such segment any more, or it is this one."),
    }
    return texts.get(code, code)
