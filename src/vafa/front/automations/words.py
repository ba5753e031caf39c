"""Automations in words: what begins one, its steps and ways, states and problems."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.act.automations.types import BYS, AgainRule, Goal, StepKind, WhenKind
from vafa.data.consent.types import Channel

ICONS: dict[str, str] = {
    "wait": "timer", "wait_until": "clock", "message": "send", "task": "list-checks", "tag": "tag",
    "field": "pencil", "list": "list", "code": "hash", "webhook": "link", "branch": "workflow", "stop": "circle-minus",
}  # fmt: skip


def name_when(kind: WhenKind | str) -> str:
    """What lets customers in."""
    return {
        "order": _("An order has come"),
        "first_order": _("A customer's first order has come"),
        "return": _("A return has come"),
        "payment_failed": _("A payment did not go through"),
        "customer": _("A customer is new"),
        "subscription": _("A subscription has begun or was renewed"),
        "interaction": _("A call, visit or other event has come"),
        "risk_rose": _("The risk rose to a band"),
        "risk_fell": _("The risk fell to a band"),
        "entered_segment": _("A customer has entered a segment"),
        "left_segment": _("A customer has left a segment"),
        "birthday": _("Birthday"),
        "joined": _("Anniversary of joining"),
        "subscription_end": _("Day on which a subscription ends"),
        "occasion": _("First day of a feast"),
        "silence": _("No order for a number of days"),
        "draw": _("Draw within a budget, once a month"),
    }[kind]


def name_step(kind: StepKind | str) -> str:
    """What a step does."""
    return {
        "wait": _("Wait"),
        "wait_until": _("Wait until"),
        "message": _("Message"),
        "task": _("Task for staff"),
        "tag": _("Tag"),
        "field": _("Field"),
        "list": _("List chosen by hand"),
        "code": _("Give a code"),
        "webhook": _("Tell another program"),
        "branch": _("Branch"),
        "stop": _("Stop here"),
    }[kind]


def name_by(by: str) -> str:
    """What a branch asks."""
    return {
        "segment": _("Is the customer in a segment?"),
        "rules": _("Does the customer meet conditions?"),
        "band": _("How high is the risk?"),
        "reason": _("Why may the customer leave?"),
        "reachable": _("May we write by a channel?"),
    }[by]


def name_way(way: str) -> str:
    """A way of a branch."""
    return {
        "yes": _("Yes"),
        "no": _("No"),
        "low": pgettext("risk", "Low"),
        "raised": pgettext("risk", "Raised"),
        "high": pgettext("risk", "High"),
        "other": _("Anything else, or unknown"),
        "price": _("Price"),
        "silence": _("Silence from us"),
        "quality": _("Quality"),
        "competition": _("Competition"),
        "experience": _("A bad experience"),
        "empty": _("Where no code is left"),
    }[way]


def name_again(rule: AgainRule | str) -> str:
    """Whether somebody enters more than once."""
    return {
        "once": _("Once ever"),
        "key": _("Once for each order, birthday or event"),
        "exit": _("Again, once out of it"),
    }[rule]


def name_goal(goal: Goal | str) -> str:
    """What a customer is to arrive at."""
    return {
        "": _("None: everybody goes through to the end"),
        "order": _("An order"),
        "subscription": _("A subscription that begins or is renewed"),
    }[goal]


def name_purpose(purpose: str) -> str:
    """What the messages are for."""
    return {
        "marketing": _("Marketing: only with permission"),
        "service": _("Service: to whoever has not refused"),
    }[purpose]


def name_channel(channel: str) -> str:
    """A channel of messages."""
    return {
        "email": _("E-mail"),
        "sms": pgettext("channel", "Text message"),
        "messenger": _("Messenger"),
        "phone": _("Phone call"),
        "post": pgettext("channel", "Letter"),
        "visit": _("Visit"),
        "gift": _("Gift"),
    }.get(channel, channel)


CHANNELS = tuple(str(channel) for channel in Channel)
BY_CHOICES = BYS


def name_state(state: str) -> tuple[str, str]:
    """The state of an automation, and its tone."""
    return {
        "draft": (pgettext("automation", "Draft"), ""),
        "on": (pgettext("automation", "On"), "success"),
        "paused": (pgettext("automation", "Paused"), "warning"),
        "off": (pgettext("automation", "Switched off"), ""),
    }[state]


def name_run_state(state: str) -> tuple[str, str]:
    """What became of a customer in an automation, and its tone."""
    return {
        "running": (pgettext("automation", "On the way"), "info"),
        "done": (pgettext("automation", "Through"), ""),
        "goal": (pgettext("automation", "Arrived at the goal"), "success"),
        "exited": (pgettext("automation", "Left on the way"), ""),
        "held_out": (_("Control group"), "warning"),
        "stopped": (pgettext("automation", "Taken out"), ""),
    }[state]


def name_step_state(state: str) -> tuple[str, str]:
    """What became of a step for a customer, and its tone."""
    return {
        "waiting": (pgettext("automation", "Waits"), "info"),
        "claimed": (pgettext("automation", "Being done"), "info"),
        "done": (pgettext("automation", "Done"), "success"),
        "failed": (_("Failed"), "error"),
        "ended": (pgettext("automation", "Not needed any more"), ""),
    }[state]


def name_why(why: str) -> str:
    """Why a run ended, or a step did not do what it should, in words; "" for the usual course."""
    known = {
        "": "",
        "goal": "",
        "conditions": _("Does not meet the conditions any more"),
        "stop": _("By the step that stops"),
        "control": _("Control group"),
        "stopped": _("The automation was switched off"),
        "left_out": _("Left out of the figures, or gone"),
        "deceased": _("Has died"),
        "codes_ran_out": _("No code was left"),
        "timed_out": _("The other program did not answer in time"),
        "unreachable": _("The other program can't be reached"),
        "private_address": _("The address is inside a private network"),
        "error": _("An error that is described in the log of the program."),
    }
    if why.startswith("answered_"):
        return _("The other program answered %(status)s") % {"status": why.removeprefix("answered_")}
    return known.get(why, why)


def name_problem(code: str) -> str:
    """What keeps an automation from being published."""
    return {
        "no_steps": _("Add at least one step."),
        "too_many_steps": _("These are too many steps."),
        "too_deep": _("Branches are nested too deeply."),
        "step_twice": _("Two steps have the same id."),
        "holdout_of_service": _("A service message is never held back from a control group."),
        "holdout_out_of_range": _("The control group can be 0 to 90 percent."),
        "when_without_segment": _("Choose the segment."),
        "when_days": _("The number of days is out of range."),
        "when_without_occasion": _("Choose the feast."),
        "when_time": _("Give a time of day such as 10:00."),
        "when_budget": _("Give a budget that pays for at least one gift, and what one costs."),
        "when_day": _("Choose a day from 1 to 28."),
        "condition_unknown": _("A segment of the conditions is gone."),
        "branch_without_rules": _("Write the conditions."),
        "wait_length": _("Wait at least an hour and at most two years."),
        "wait_for_nothing": _("Give a time of day, a weekday or a date."),
        "message_without_channel": _("Choose a channel."),
        "message_without_text": _("Choose or write a text."),
        "no_account": _("No sending account is set up for this channel."),
        "task_without_name": _("Say what is to be done."),
        "tag_without_name": _("Give the tag."),
        "field_without_name": _("Choose a field."),
        "field_unknown": _("Choose a field."),
        "list_unknown": _("Choose a list."),
        "code_without_pool": _("Choose the codes."),
        "webhook_without_url": _("Write the address in full, such as https://example.com/path."),
        "branch_without_segment": _("Choose the segment."),
    }.get(code, code)


def name_reason(reason: str) -> str:
    """Why a message would be held back from somebody."""
    return {
        "": "",
        "unknown": _("Not known"),
        "deceased": _("Has died"),
        "not_reachable": _("No address or number"),
        "not_theirs": _("The address or number belongs to somebody else"),
        "suppressed": _("On the do-not-send list"),
        "refused": _("Has refused"),
        "no_permission": _("Has not given permission"),
        "no_source": _("Permission without a source"),
        "control": _("Control group"),
    }.get(reason, reason)
