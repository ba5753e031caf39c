"""The errors of the lab: each is named by the state it tells of and carries a stable code."""

from typing import ClassVar

ParamValue = int | float | str


class LabError(ValueError):
    """Base of every refusal by the lab.

    `code` never changes, so that callers may translate it; `params` holds the values that a message needs.
    """

    code: ClassVar[str] = "lab_error"

    def __init__(self, **params: ParamValue) -> None:
        self.params: dict[str, ParamValue] = params
        told = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{self.code}: {told}" if told else self.code)


class CalendarRangeExceeded(LabError):
    """The day lies outside the years for which this calendar is known."""

    code = "calendar_range_exceeded"


class CalendarDateInvalid(LabError):
    """There is no such year, month and day in this calendar."""

    code = "calendar_date_invalid"


class PeriodEmpty(LabError):
    """The period's end is not after its start."""

    code = "period_empty"


class PeriodLengthUnknown(LabError):
    """A text names no length of period."""

    code = "period_length_unknown"


class RepeatOutOfBounds(LabError):
    """Something comes back every 1 to 999 days, weeks, months or years."""

    code = "repeat_out_of_bounds"


class ActivityRuleUnknown(LabError):
    """A text names no activity rule."""

    code = "activity_rule_unknown"


class ActivityRuleOutOfBounds(LabError):
    """The activity rule's number of days is outside what makes sense."""

    code = "activity_rule_out_of_bounds"


class ActivityRuleUnsettled(LabError):
    """The rule is to be learned from the data, and has not been yet."""

    code = "activity_rule_unsettled"


class SubscriptionEndsBeforeStart(LabError):
    """A subscription ends before it starts."""

    code = "subscription_ends_before_start"


class CountsIncomplete(LabError):
    """A count without which there is no rate is missing (`missing`: start, end or new)."""

    code = "counts_incomplete"


class CountNegative(LabError):
    """A count of customers is below zero (`count` names it)."""

    code = "count_negative"


class StartIsZero(LabError):
    """Nobody was there at the start, so nobody could be kept."""

    code = "start_is_zero"


class ReactivatedMissing(LabError):
    """More customers are there at the end than were there or came newly: at least `least` came back."""

    code = "reactivated_missing"


class LostContradictsCounts(LabError):
    """The number lost can't be true with the other counts; it is between `least` and `most`."""

    code = "lost_contradicts_counts"


class RateOutOfBounds(LabError):
    """A rate to be annualised is not between 0 and 1, or the number of periods a year not above 0."""

    code = "rate_out_of_bounds"


class PriceIndexEmpty(LabError):
    """An index of prices without the month that amounts are to be told in."""

    code = "price_index_empty"


class PriceIndexNotPositive(LabError):
    """A month's index of prices is not above zero (`start`: the month's first day)."""

    code = "price_index_not_positive"


class PriceMonthsOverlap(LabError):
    """Two months of an index of prices hold the same days (`first`, `second`: their first days)."""

    code = "price_months_overlap"


class MarginOutOfBounds(LabError):
    """A margin is no share of revenue between 0 and 1."""

    code = "margin_out_of_bounds"


class WhatIfOutOfBounds(LabError):
    """A number of a what-if question is outside what can be (`name`: which)."""

    code = "what_if_out_of_bounds"


class FeatureMissing(LabError):
    """There is no column for a feature that the design was asked for (`name`)."""

    code = "feature_missing"


class LabelsAllAlike(LabError):
    """Everybody left, or nobody did: nothing can be learned from that (`rows`: of how many)."""

    code = "labels_all_alike"


class PenaltyNotPositive(LabError):
    """The penalty of a regression is not above zero."""

    code = "penalty_not_positive"


class PurchasesUnfit(LabError):
    """Histories of purchases from which no model can be fitted: nobody ordered again, or a last order after the day
    asked."""

    code = "purchases_unfit"


class SpendUnfit(LabError):
    """What customers spend an order can't be modelled: too few customers, or means that are not above zero."""

    code = "spend_unfit"


class SharesUnfit(LabError):
    """The shares of a trial's arms aren't all above zero, or don't add up to one (`total`: what they add up to)."""

    code = "shares_unfit"
