"""Why a value is missing, in words."""

from django.utils.translation import gettext as _


def explain_reason(reason: str) -> str:
    """A row's reason code in a sentence."""
    sentences = {
        "no_data": _("There are no data yet."),
        "after_the_data": _("The data end before this period."),
        "before_the_data": _("The data begin after this period."),
        "nobody_at_the_start": _("Nobody was active at the start, so there is no rate."),
        "nobody_active": _("Nobody was active, so there is no rate."),
        "nobody_lost": _("Nobody was lost in this period, so there is nothing to divide by."),
        "nobody_had_gone": _("Nobody had gone before this period began, so nobody could come back."),
        "nobody_began": _("Nobody had become a customer when this period ended."),
        "nobody_seen_so_long": _("Nobody has been seen for so long yet."),
        "more_than_half_still_there": _("More than half are still there, so half of them have not left yet."),
        "nobody_of_that_time": _("Nobody became a customer just so many months before this period ended."),
        "nobody_new": _("Nobody became a customer in this period."),
        "too_early_to_tell": _("The first periods of these newcomers are not over yet."),
        "rule_outlasts_first_periods": _(
            "By this activity rule nobody can leave within so short a time: ask for more first periods."
        ),
        "nobody_bought_before": _("Nobody had bought when this period ended."),
        "nobody_bought": _("Nobody bought in this period."),
        "nobody_bought_twice": _("Nobody bought on two days of this period."),
        "no_orders": _("There were no orders in this period."),
        "orders_are_missing": _("This figure rests on orders, and none are known."),
        "no_returns_known": _("No returns are known, so their rate is not known either."),
        "returns_without_units": _("The returns of this period do not say how many units came back."),
        "returns_without_orders": _("The returns of this period do not name the orders they belong to."),
        "no_segment_built": _(
            "No segment has been built yet. A worker builds them by itself, and so does vafa segment rebuild."
        ),
        "nothing_before": _(
            "Nothing was sold to these customers in as many days before, so there is no rate."
        ),
        "before_is_cut_off": _("The data do not reach back to the days before, with which this is compared."),
        "no_marketing_spend": _("No marketing spend is known for this period."),
        "no_newcomers": _("Nobody became a customer in this period."),
        "nobody_acquired": _("Nobody had become a customer by then."),
        "spend_is_of_all": _("Marketing spend is not known customer by customer, only for all of them."),
        "no_margin": _("No margin has been entered."),
        "no_margin_for_these_days": _("No margin has been entered for some of these days."),
        "nothing_is_left": _("These customers leave no margin, so the cost is never earned back."),
        "no_price_index": _("There is no price index yet, so there are no real terms."),
        "no_index_for_these_days": _("The price index does not tell of some of these days."),
        "no_answers": _("Nobody gave such an answer in this period."),
        "asked_in_another_way": _(
            "The answers of this period were asked for in another way than most, so they do not add up with these."
        ),
        "nobody_invited": _("Nobody was invited to answer in this period."),
        "no_tickets_answered": _("No ticket was answered for the first time in this period."),
        "no_tickets_solved": _("No ticket was solved in this period."),
        "no_ticket_times": _("Of no ticket of this period both times are known and possible."),
        "nobody_active_at_the_end": _("Nobody was active when the period ended."),
        "nobody_in_touch": _("None of the active customers has ever been in touch."),
        "no_revenue_at_the_start": _(
            "No money came in from subscriptions at the start, so there is no rate."
        ),
        "no_subscription_prices": _(
            "There are only subscriptions of which the price, or how often it is paid, is not known."
        ),
        "no_rate_for_subscriptions": _("There are only subscriptions in currencies without a rate."),
        "no_subscription_at_the_start": _("No subscription was running at the start, so there is no rate."),
        "nothing_due_costs": _("What came to its end cost nothing, so there is no rate of money."),
        "nothing_due": _("No subscription came to its end in this period."),
        "grace_not_over": _("It is not known yet which of them are renewed: their grace is not over."),
        "no_rate_for_currency": _("There are only orders in currencies without a rate."),
    }
    return sentences[reason]
