"""Asking about messages: how they stand, who got them and who did not, by which accounts they go, which trials run."""

from collections.abc import Collection, Iterator

from django.db.models import Count

from vafa.act.messaging.accounts import KINDS, read_secrets
from vafa.act.messaging.answers import count_unread, list_answers, list_obeyed
from vafa.act.messaging.bot_links import build_bot_link, build_bot_token
from vafa.act.messaging.budgeting import find_budget_left
from vafa.act.messaging.capping import BUDGET_WHYS, count_held_back
from vafa.act.messaging.capping import SETTINGS as BUDGET_SETTINGS
from vafa.act.messaging.channel_models import Listening
from vafa.act.messaging.channels.anymail import PROVIDERS as MAIL_PROVIDERS
from vafa.act.messaging.channels.bot_api import BALE_URL
from vafa.act.messaging.channels.bot_api import USUAL_URL as TELEGRAM_URL
from vafa.act.messaging.channels.http_template import TemplateUnusable
from vafa.act.messaging.channels.http_template import check_template as check_http_template
from vafa.act.messaging.channels.kavenegar_api import SLOT_SPACES
from vafa.act.messaging.channels.kavenegar_api import USUAL_URL as KAVENEGAR_URL
from vafa.act.messaging.channels.sms_http import build_template as build_http_template
from vafa.act.messaging.channels.smtp import MOST_LANES, USUAL_LANES
from vafa.act.messaging.content import (
    ContentProblem,
    build_mail,
    build_sms,
    check_content,
    has_links,
    list_links,
)
from vafa.act.messaging.costing import (
    Estimate,
    SmsLooked,
    estimate_pieces,
    estimate_sms,
    find_sms_account,
    look_at_sms,
)
from vafa.act.messaging.domain_looking import Domain, DomainState, get_domain, look_at_domain
from vafa.act.messaging.domain_rules import Verdict
from vafa.act.messaging.exposures import list_arms
from vafa.act.messaging.gate import decide_many, get_budget
from vafa.act.messaging.hooks import MOST_BYTES as MOST_CALL_BYTES
from vafa.act.messaging.hooks import SETTING_NAMES as INCOMING_NAMES
from vafa.act.messaging.hooks import build_hook_token
from vafa.act.messaging.links import (
    build_links,
    build_stop_address,
    build_stop_headers,
    read_click_token,
    read_stop_token,
)
from vafa.act.messaging.models import Account, Exposure, Happened, Holdout, Message, Sending, Template, Trial
from vafa.act.messaging.pauses import Pause, list_pauses
from vafa.act.messaging.people import PeopleTask, count_people_tasks, list_people_tasks
from vafa.act.messaging.pricing import find_price, find_rate
from vafa.act.messaging.proving import iterate_exposures, list_trial_keys_of, sum_spent
from vafa.act.messaging.queue import (
    HELD_OUT,
    QUEUE_STATES,
    QueueAsked,
    count_queue,
    count_queue_states,
    is_queue_cut,
    iterate_queue,
    list_queue,
    list_unknown_messages,
)
from vafa.act.messaging.rehearsing import rehearse
from vafa.act.messaging.resting import is_holiday, list_rest_days
from vafa.act.messaging.sms_presets import SmsPreset, get_sms_preset, list_sms_presets
from vafa.act.messaging.sms_profiles import get_sms_profile, list_sms_profiles, suggest_sms_profile
from vafa.act.messaging.sms_rules import FORBIDS, check_sender
from vafa.act.messaging.telling import list_happened, list_sendings_after
from vafa.act.messaging.types import WAITING, Progress
from vafa.act.messaging.universal import (
    build_holdout_key,
    can_undo,
    find_dealing_holdout,
    find_holdout,
    list_holdouts,
    list_kept_apart,
)
from vafa.act.messaging.universal_dealing import list_chances, list_reachable
from vafa.act.messaging.uses import is_used, list_uses, map_versions
from vafa.act.messaging.values import (
    KNOWN,
    MAY_LACK,
    CustomerValues,
    build_made_up_values,
    get_variables,
    list_values,
)
from vafa.act.messaging.wording import get_words
from vafa.act.messaging.writing import (
    find_template,
    find_template_version,
    list_template_versions,
    list_templates,
)
from vafa.data.consent.types import Channel, Purpose

__all__ = [
    "BALE_URL",
    "BUDGET_SETTINGS",
    "BUDGET_WHYS",
    "FORBIDS",
    "HELD_OUT",
    "INCOMING_NAMES",
    "KAVENEGAR_URL",
    "KINDS",
    "KNOWN",
    "MAIL_PROVIDERS",
    "MAY_LACK",
    "MOST_CALL_BYTES",
    "MOST_LANES",
    "QUEUE_STATES",
    "SLOT_SPACES",
    "TELEGRAM_URL",
    "USUAL_LANES",
    "Account",
    "ContentProblem",
    "CustomerValues",
    "Domain",
    "DomainState",
    "Estimate",
    "Exposure",
    "Happened",
    "Holdout",
    "Message",
    "Pause",
    "PeopleTask",
    "QueueAsked",
    "Sending",
    "SmsLooked",
    "SmsPreset",
    "Template",
    "TemplateUnusable",
    "Trial",
    "Verdict",
    "build_bot_link",
    "build_bot_token",
    "build_holdout_key",
    "build_hook_token",
    "build_http_template",
    "build_links",
    "build_made_up_values",
    "build_mail",
    "build_sms",
    "build_stop_address",
    "build_stop_headers",
    "can_undo",
    "check_content",
    "check_http_template",
    "check_sender",
    "count_held_back",
    "count_people_tasks",
    "count_queue",
    "count_queue_states",
    "count_sendings",
    "count_states",
    "count_unread",
    "decide_many",
    "estimate_pieces",
    "estimate_sms",
    "find_account",
    "find_budget_left",
    "find_dealing_holdout",
    "find_holdout",
    "find_listening_problem",
    "find_message",
    "find_price",
    "find_rate",
    "find_sending",
    "find_sms_account",
    "find_template",
    "find_template_version",
    "find_trial",
    "get_budget",
    "get_domain",
    "get_progress",
    "get_sms_preset",
    "get_sms_profile",
    "get_variables",
    "get_words",
    "has_links",
    "is_holiday",
    "is_queue_cut",
    "is_used",
    "iterate_exposures",
    "iterate_queue",
    "list_accounts",
    "list_answers",
    "list_arms",
    "list_chances",
    "list_happened",
    "list_holdouts",
    "list_kept_apart",
    "list_links",
    "list_obeyed",
    "list_open_accounts",
    "list_pauses",
    "list_people_tasks",
    "list_queue",
    "list_reachable",
    "list_recipients",
    "list_rest_days",
    "list_sendings",
    "list_sendings_after",
    "list_sms_presets",
    "list_sms_profiles",
    "list_template_versions",
    "list_templates",
    "list_trial_keys_of",
    "list_trials",
    "list_unfinished",
    "list_unknown_messages",
    "list_uses",
    "list_values",
    "look_at_domain",
    "look_at_sms",
    "map_versions",
    "read_click_token",
    "read_secrets",
    "read_stop_token",
    "rehearse",
    "suggest_sms_profile",
    "sum_spent",
]


def find_message(message_id: int) -> Message | None:
    """One message, or None."""
    return Message.objects.filter(pk=message_id).first()


def get_progress(message_id: int) -> Progress:
    """How many recipients of a message stand in each state, and why."""
    rows = Sending.objects.filter(message=message_id).order_by().values_list("state", "why")
    states: dict[str, int] = {}
    whys: dict[tuple[str, str], int] = {}
    for state, why, count in rows.annotate(Count("pk")):
        states[state] = states.get(state, 0) + count
        whys[state, why] = count
    message = find_message(message_id)
    if message is None:
        return Progress(states, whys)
    return Progress(states, whys, message.why, message.next_at)


def list_sendings(
    message_id: int, state: str = "", *, why: str = "", start: int = 0, limit: int = 100
) -> list[Sending]:
    """Recipients of a message, in the order in which they were written down."""
    found = Sending.objects.filter(message=message_id).select_related("customer")
    found = found.filter(state=state) if state else found
    found = found.filter(why=why) if why else found
    return list(found[start : start + limit])


def count_sendings(message_id: int, state: str = "", *, why: str = "") -> int:
    """How many recipients of a message stand in a state, for a reason; all without."""
    found = Sending.objects.filter(message=message_id)
    found = found.filter(state=state) if state else found
    return (found.filter(why=why) if why else found).count()


def count_states(message_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """How many recipients of each of these messages stand in each state."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in message_ids}
    rows = Sending.objects.filter(message__in=list(message_ids)).order_by().values_list("message_id", "state")
    for message, state, count in rows.annotate(Count("pk")):
        found[message][state] = count
    return found


def find_sending(sending_id: int) -> Sending | None:
    """One recipient's row, or None."""
    return Sending.objects.select_related("message", "customer", "account").filter(pk=sending_id).first()


def list_recipients(message_id: int) -> Iterator[int]:
    """The ids of all customers in a message's ledger, also of those who were held back."""
    rows = Sending.objects.filter(message=message_id).exclude(customer=None).order_by()
    return rows.values_list("customer_id", flat=True).iterator(chunk_size=10_000)


def list_unfinished(message_ids: Collection[int]) -> set[int]:
    """Those of these messages that somebody still waits for."""
    waits = Sending.objects.filter(message__in=list(message_ids), state__in=WAITING).order_by()
    return set(waits.values_list("message_id", flat=True).distinct())


def find_account(account_id: int) -> Account | None:
    """One sending account that was not removed, or None."""
    return Account.objects.filter(pk=account_id, removed_at=None).first()


def list_accounts() -> list[Account]:
    """All sending accounts that were not removed, also the paused ones."""
    return list(Account.objects.filter(removed_at=None))


def find_listening_problem(account_id: int) -> str:
    """Why an account could not be asked for what came in the last time; "" where it could."""
    row = Listening.objects.filter(account=account_id).first()
    return row.problem if row else ""


def list_open_accounts(channel: Channel | str = "", purpose: Purpose | str = "") -> list[Account]:
    """The sending accounts that are not paused, of a channel and for a purpose where these are named."""
    open_ones = Account.objects.filter(removed_at=None, paused_at=None)
    found = open_ones.filter(channel=str(channel)) if channel else open_ones
    return [one for one in found if not purpose or str(purpose) in one.purposes]


def find_trial(key: str) -> Trial | None:
    """The declaration of a trial, or None."""
    return Trial.objects.filter(key=key).first()


def list_trials() -> list[Trial]:
    """All declared trials, the newest first."""
    return list(Trial.objects.all())
