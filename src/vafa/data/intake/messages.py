"""Why a row was rejected and what to do about it, in the language in force."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from vafa.data.intake.reading.problems import ROW_REASONS, VALUE_REASONS

OWN_REASONS = {
    "missing_value": (
        _("The field “%(field)s” is empty."),
        _("Fill it in, or take the row out."),
    ),
    "too_long": (
        _("The value is longer than %(most)s characters."),
        _("Shorten it, and see whether two columns have run together."),
    ),
    "ended_before_start": (
        _("The subscription ends (%(ended)s) before it starts (%(started)s)."),
        _("Correct one of the two dates."),
    ),
    "freeze_without_start": (
        _("The freeze ends (%(ended)s), and nothing says when it began."),
        _("Fill in the first day of the freeze, or take its end out."),
    ),
    "freeze_ends_before_start": (
        _("The freeze ends (%(ended)s) before it starts (%(started)s)."),
        _("Correct one of the two dates."),
    ),
    "visit_before_start": (
        _("The last visit (%(visited)s) is before the subscription starts (%(started)s)."),
        _("Correct one of the two dates."),
    ),
    "more_left_than_bought": (
        _("More sessions are left (%(left)s) than were bought (%(bought)s)."),
        _("Correct one of the two numbers."),
    ),
    "below_zero": (
        _("“%(value)s” is below zero."),
        _("Write a number that is zero or more."),
    ),
    "erased_person": (
        _("The data of this person were erased, and must not come back."),
        _("Take the row out. If the person wants to be a customer again, allow it on the page Erasure."),
    ),
    "no_customer": (
        _("Nothing here tells whose row this is; a name alone could be anybody's."),
        _("Give the customer's id, e-mail or phone, or say that the names are ids."),
    ),
    "spend_without_days": (
        _("The spend ends (%(ended)s) on the day on which it starts, so it has no day."),
        _("Give the first day after it, or say that the end is its last day (--last-day-included)."),
    ),
    "spend_backwards": (
        _("The spend ends (%(ended)s) before it starts (%(started)s)."),
        _("Correct one of the two dates."),
    ),
    "not_above_zero": (
        _("An index is greater than zero."),
        _("Check the number."),
    ),
    "month_twice": (
        _("This month stands in the file twice."),
        _("Keep one of the two rows."),
    ),
    "months_overlap": (
        _("Some of these days are in another month of the index."),
        _("Keep to the months of one calendar."),
    ),
    "other_price_index": (
        _("The index of prices that is kept comes from “%(source)s”."),
        _("Name the same source, or remove all its months first: two indexes have two bases."),
    ),
    "unknown_currency": (
        _("“%(value)s” is no currency that is known here."),
        _("Write its three-letter code, such as USD, or IRR, IRT, IRHR, IRHT."),
    ),
    "outside_scale": (
        _("“%(value)s” does not lie on the scale from %(low)s to %(high)s."),
        _("Correct it, or name the scale of the answers, such as 1-5."),
    ),
    "word_of_no_scale": (
        _("“%(value)s” has no place on the scale from %(low)s to %(high)s."),
        _("Write the number of the scale instead."),
    ),
    "no_scale": (
        _("It can't be told on which scale “%(value)s” is."),
        _("Name the scale of the answers, such as 1-5."),
    ),
    "nothing_told": (
        _("This row tells neither an answer nor an invitation."),
        _("Fill in the answer, or name the column with the day of the invitation."),
    ),
    "span_without_time": (
        _("“%(value)s” after the opening can't be told: of the opening only the day is known."),
        _("Give the opening with its time of day."),
    ),
    "field_not_a_number": (_("“%(value)s” is not a number."), _("Write digits only, such as 1234.56.")),
    "field_not_a_day": (_("“%(value)s” is not a day."), _("Write year, month and day.")),
    "field_not_yes_or_no": (_("“%(value)s” is neither yes nor no."), _("Write yes or no.")),
    "field_not_an_email": (
        _("“%(value)s” is not an e-mail address."),
        _("Correct it, or leave it empty."),
    ),
    "field_not_a_phone": (
        _("“%(value)s” is not a phone number."),
        _("Write it with its area or country code."),
    ),
    "field_not_a_link": (
        _("“%(value)s” is not a link."),
        _("Write it as https://example.com/page."),
    ),
    "field_not_a_choice": (
        _("“%(value)s” is not one of the choices."),
        _("Choose among: %(choices)s"),
    ),
    "not_yes_or_no": (
        _("“%(value)s” is neither yes nor no."),
        _("Write yes or no."),
    ),
}
_ALL = {**ROW_REASONS, **VALUE_REASONS, **OWN_REASONS}


def build_message(code: str, params: dict[str, Any]) -> tuple[str, str]:
    """Reason and remedy of a reject's code."""
    message, remedy = _ALL[code]
    return str(message) % params, str(remedy) % params
