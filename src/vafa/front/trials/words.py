"""What a trial says, in plain words: verdicts, effects and what customers kept cost."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.data.business.queries import RIAL_UNITS
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_interval,
    format_money,
    format_number,
    format_percent_points,
    format_signed,
    get_currency_decimals,
    isolate,
)
from vafa.lab.trial_effects import Effect
from vafa.lab.trial_pooling import Range, divide_by_cost
from vafa.lab.trials import CONTROL, TREATED
from vafa.prove.trials.types import Choice, Standing, Trial, Verdict

# What "a million toman" is in other currencies: a sum that buys some messages.
_TOMAN_OF_A_MILLION = Decimal(10_000_000)
_WITHOUT_DECIMALS, _WITH_DECIMALS = 1_000_000.0, 1_000.0

TONES: dict[Verdict, str] = {
    "nobody": "",
    "mismatch": "warning",
    "running": "info",
    "ahead": "info",
    "behind": "warning",
    "works": "success",
    "harms": "error",
    "unproven": "",
}


def name_verdict(verdict: Verdict) -> str:
    """A verdict in two words."""
    names = {
        "nobody": _("Nobody yet"),
        "mismatch": _("Not to be believed"),
        "running": _("Still running"),
        "ahead": _("Ahead so far"),
        "behind": _("Behind so far"),
        "works": _("It works"),
        "harms": _("It does harm"),
        "unproven": _("Not proven"),
    }
    return names[verdict]


def name_trial(trial: Trial, style: Style) -> str:
    """A trial by the name of what it is about; that of the universal holdout by its first day."""
    if trial.is_universal:
        told = {"day": format_day(trial.started_at.date(), style)}
        return pgettext("a control group over everything", "Universal control from %(day)s") % told
    return trial.name or trial.key


def explain_trial(trial: Trial, style: Style) -> list[str]:
    """What is special about a trial, in sentences."""
    told = []
    if trial.is_universal:
        told.append(
            _(
                "This is about all marketing together: customers who got none at all, beside all others who could have "
                "been written to. Its cost is that of all messages of the period that were no service."
            )
        )
    if trial.cut_on is not None:
        words = {"day": format_day(trial.cut_on, style)}
        told.append(
            _(
                "It was ended on %(day)s, before its planned end. Since the moment may have been chosen by the "
                "numbers, the interval that holds at every look is the result."
            )
            % words
        )
    return told


def name_choice(choice: Choice | str) -> str:
    """What was decided."""
    names = {
        "keep": _("Go on with it"),
        "change": _("Change it"),
        "stop": _("Stop it"),
        "again": _("Try it again"),
    }
    return names.get(choice, choice)


def name_arm(arm: str) -> str:
    """An arm by its name: those of every trial in words, others as they were named."""
    if arm == CONTROL:
        return _("Control")
    return _("Contacted") if arm == TREATED else arm


def name_kind(kind: str) -> str:
    """What was paid for."""
    names = {
        "messages": _("Messages"),
        "gifts": _("Gifts"),
        "vouchers": _("Vouchers that were redeemed"),
        "staff": _("Time of staff"),
        "other": _("Something else"),
    }
    return names.get(kind, kind)


def explain_kept(standing: Standing, horizon: str) -> str:
    """What counts as kept."""
    if standing.basis == "contracts":
        return _("Kept: the contract still runs %(days)s later.") % {"days": horizon}
    return _("Kept: another order within %(days)s.") % {"days": horizon}


def explain_verdict(standing: Standing, style: Style) -> str:
    """The result in a sentence or two that claim no more than was shown."""
    if standing.verdict == "nobody":
        return _(
            "Nobody is in both groups yet on a day that the data tell of, so there is nothing to compare."
        )
    if standing.verdict == "mismatch":
        return _(
            "The groups are not as large as they were dealt, so somebody fell out of one of them because of what was "
            "done. Nothing is claimed from this trial. Look for customers who got the message though they were in "
            "the control, or who were taken out of the list afterwards."
        )
    effect = standing.kept
    if effect is None:
        return ""
    told = {
        "points": format_percent_points(effect.value, style),
        "range": write_points_range(effect, style),
        "saved": format_number(abs(standing.saved.value or 0), style, 0),
        "smallest": format_percent_points(standing.smallest, style),
    }
    sentences = {
        "works": _(
            "The share kept is %(points)s above that of the control (95%% interval: %(range)s). That makes about "
            "%(saved)s customers who stayed because of it."
        ),
        "harms": _(
            "The share kept is %(points)s against that of the control (95%% interval: %(range)s). About %(saved)s "
            "customers were lost because of it."
        ),
        "unproven": _(
            "No difference is proven: %(points)s against the control may be chance (95%% interval: %(range)s)."
        ),
        "running": _(
            "No difference can be told yet: %(points)s so far, and the truth may be anywhere within %(range)s. Look "
            "as often as you like; this interval allows for it."
        ),
        "ahead": _(
            "So far the share kept is %(points)s above that of the control, by more than chance explains however "
            "often you look (%(range)s). The result is told at the planned end."
        ),
        "behind": _(
            "So far the share kept is %(points)s against that of the control, by more than chance explains however "
            "often you look (%(range)s). Think about stopping it."
        ),
    }
    text = sentences[standing.verdict] % told
    if standing.verdict == "unproven":
        text += " " + (
            _(
                "With so few customers a rise below %(smallest)s could not be found; pool it with the next run."
            )
            % told
            if standing.smallest is not None
            else _("With so few customers no rise could be found at all; pool it with the next run.")
        )
    return text


def write_points_range(effect: Effect, style: Style) -> str:
    """The interval of a difference of shares, in percentage points; "" where there is none."""
    if effect.low is None or effect.high is None:
        return ""
    ends = {
        "low": format_percent_points(effect.low, style),
        "high": format_percent_points(effect.high, style),
    }
    return _("%(low)s to %(high)s") % ends


def write_range(range_: Range, style: Style, decimals: int = 0) -> str:
    """The interval of a number of customers; "" where there is none."""
    if range_.low is None or range_.high is None:
        return ""
    ends = {
        "low": format_number(range_.low, style, decimals),
        "high": format_number(range_.high, style, decimals),
    }
    return _("%(low)s to %(high)s") % ends


def write_effect_range(effect: Effect | None, style: Style, currency: str | None = None) -> str:
    """The interval of a difference of means, orders or (with a currency) money."""
    if effect is None or effect.low is None or effect.high is None:
        return ""

    def write(value: float) -> str:
        if currency is None:
            return format_signed(value, style, 2)
        return format_money(value, currency, style, signed=True)

    return _("%(low)s to %(high)s") % {"low": write(effect.low), "high": write(effect.high)}


def get_money_unit(currency: str) -> float:
    """For which sum the customers kept are told: a million toman, or a round sum of another currency."""
    if currency in RIAL_UNITS:
        return float(_TOMAN_OF_A_MILLION / RIAL_UNITS[currency])
    return _WITHOUT_DECIMALS if get_currency_decimals(currency) == 0 else _WITH_DECIMALS


def find_per_money(standing: Standing) -> Range:
    """Customers saved for each such sum spent; unknown before the end, without a cost, or where nothing may be
    claimed."""
    cost = standing.cost
    if not standing.is_final or cost is None or standing.verdict in ("mismatch", "nobody"):
        return Range(None, None, None)
    return divide_by_cost(standing.saved, cost, get_money_unit(standing.currency))


def name_per_money(currency: str, style: Style) -> str:
    """The heading of that figure."""
    return _("Customers kept per %(sum)s") % {
        "sum": format_money(get_money_unit(currency), currency, style, decimals=0)
    }


def write_interval(low: float | None, high: float | None, style: Style) -> str:
    """An interval of shares."""
    return format_interval(low, high, style)


def write_origin(origin: str) -> str:
    """What a trial belongs to, in a word."""
    kind = origin.split(":", maxsplit=1)[0]
    names = {
        "campaign": _("Campaign"),
        "automation": _("Automation"),
        "universal": pgettext("a control group over everything", "Universal control"),
    }
    return names.get(kind, isolate(kind))
