"""The pages of one sending account: adding it, changing it, trying it, and where its provider tells what came in."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vafa.act.messaging import actions
from vafa.act.messaging.queries import (
    Account,
    build_hook_token,
    find_account,
    find_listening_problem,
    get_sms_preset,
    list_sms_presets,
    read_secrets,
)
from vafa.act.messaging.types import NotHandedOver
from vafa.data.business.queries import get_business, get_style
from vafa.data.consent.types import Purpose
from vafa.front.messages.account_forms import AccountForm
from vafa.front.messages.mail_forms import AnymailForm, SmtpAccountForm
from vafa.front.messages.other_forms import BotForm, StaffForm
from vafa.front.messages.sms_forms import KavenegarForm, SmsHttpForm
from vafa.front.messages.sms_words import name_alphabet
from vafa.front.settings_forms import get_page_language
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import format_money, format_number
from vafa.kit.permissions import Permission, requires
from vafa.kit.public_address import find_links_address

FORMS: dict[str, type[AccountForm]] = {
    "kavenegar": KavenegarForm,
    "sms_http": SmsHttpForm,
    "bot": BotForm,
    "staff": StaffForm,
    "smtp": SmtpAccountForm,
    "anymail": AnymailForm,
}
HEARS = ("kavenegar", "sms_http")


@requires(Permission.MANAGE_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest, kind: str) -> HttpResponseBase:
    """`/settings/sending/new/<kind>/`; `?preset=` fills the general form for a provider."""
    if kind not in FORMS:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = _build_form(request, kind, sent, None)
    if sent is not None and form.is_valid():
        account = actions.add_account(
            form.cleaned_data["name"],
            form.get_channel(),
            kind,
            settings=form.read_settings() | {"hook": secrets.token_hex(6)},
            secrets=form.read_secrets({}),
            by=request.user,
            now=clock.now(),
            **_read_rest(form),
        )
        say_saved(request)
        return redirect("sending_account", account.pk)
    return _show(request, kind, form, None)


@requires(Permission.MANAGE_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
def sending_account(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """`/settings/sending/<id>/`: the form of one."""
    account = _get(account_id)
    sent = request.POST if request.method == "POST" else None
    form = _build_form(request, account.kind, sent, account)
    if sent is not None and form.is_valid():
        actions.change_account(
            account_id,
            form.cleaned_data["name"],
            settings=form.read_settings(),
            secrets=form.read_secrets(read_secrets(account)),
            by=request.user,
            now=clock.now(),
            **_read_rest(form),
        )
        say_saved(request)
        return redirect("sending_account", account_id)
    return _show(request, account.kind, form, account)


def _build_form(request: HttpRequest, kind: str, sent: Any, account: Account | None) -> Any:
    if kind == "sms_http" and account is None:
        return SmsHttpForm(sent, preset=get_sms_preset(request.GET.get("preset", "")))
    return FORMS[kind](sent, account=account)


def _read_rest(form: AccountForm) -> dict[str, Any]:
    return {
        "purposes": [Purpose(one) for one in form.cleaned_data["purposes"]],
        "rates": form.read_rates(),
        "window": form.read_window(),
        "profile": form.get_profile(),
    }


def _show(request: HttpRequest, kind: str, form: AccountForm, account: Account | None) -> HttpResponseBase:
    hears = account is not None and kind in (*HEARS, "anymail")
    context = {
        "form": form,
        "sections": form.list_sections(),
        "kind": kind,
        "account": account,
        "title": account.name if account else name_kind(kind),
        "presets": list_sms_presets() if kind == "sms_http" and account is None else (),
        "preset": request.GET.get("preset", "general"),
        "hook": build_hook_address(account) if hears and account else "",
        "problem": find_listening_problem(account.pk) if account else "",
        "test_text": _("A test message from %(name)s") % {"name": get_business().name or "Vafa"},
    }
    return show_settings(
        request, "settings_sending", context, failed=bool(form.errors), template="messages/account.html"
    )


def name_kind(kind: str) -> str:
    """What a new account of a kind is called."""
    return {
        "kavenegar": _("New account with Kavenegar"),
        "sms_http": _("New account with another SMS provider"),
        "bot": _("New bot of a messenger"),
        "staff": _("New way by hand"),
        "smtp": _("New mail account"),
        "anymail": _("New account with a provider of mail"),
    }[kind]


def build_hook_address(account: Account) -> str:
    """Where a provider tells what came in."""
    return find_links_address() + reverse("provider_call", args=[build_hook_token(account)])


@requires(Permission.MANAGE_SENDING)
@require_POST
def try_sending_account(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """Send a text message to a number of one's own, ask a messenger who its bot is, or open a mailbox."""
    account, now = _get(account_id), clock.now()
    try:
        if account.kind == "bot":
            name = actions.ask_bot(account_id, by=request.user, now=now)
            messages.success(request, _("The bot answers as @%(name)s.") % {"name": name})
        elif account.kind == "smtp":
            actions.try_mailbox_of(account)
            messages.success(request, _("The mailbox opens."))
        elif account.kind in HEARS:
            told = request.POST
            tried = actions.try_account(
                account_id, told.get("number", ""), told.get("text", ""), by=request.user, now=now
            )
            messages.success(request, describe_tried(tried))
        else:
            raise Http404
    except NotHandedOver as problem:
        messages.error(request, _("The server did not take it: %(answer)s") % {"answer": problem.answer})
    except VafaError as problem:
        messages.error(request, str(problem))
    return redirect("sending_account", account_id)


def describe_tried(tried: Any) -> str:
    """How long a text message was that was tried, and what it cost."""
    style = get_style(get_page_language())
    count, length = tried.length.parts, tried.length
    told = ngettext(
        "The provider took it: %(characters)s characters, %(parts)s part, %(alphabet)s.",
        "The provider took it: %(characters)s characters, %(parts)s parts, %(alphabet)s.",
        count,
    ) % {
        "characters": format_number(length.characters, style),
        "parts": format_number(count, style),
        "alphabet": name_alphabet(length.alphabet),
    }
    if tried.cost is None:
        return f"{told} {_('What it cost is not known.')}"
    cost = format_money(tried.cost, get_business().currency, style)
    return f"{told} {_('It cost %(cost)s.') % {'cost': cost}}"


@requires(Permission.MANAGE_SENDING)
@require_POST
def renew_hook(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """Make another address for the provider; what is told at the former one is not believed any more."""
    account = _get(account_id)
    window = account.window_from and account.window_until and (account.window_from, account.window_until)
    actions.change_account(
        account_id,
        account.name,
        settings={**account.settings, "hook": secrets.token_hex(6)},
        secrets=None,
        purposes=[Purpose(one) for one in account.purposes],
        rates=(account.rate_second, account.rate_minute, account.rate_day),
        window=window or None,
        profile=account.profile,
        by=request.user,
        now=clock.now(),
    )
    say_saved(request)
    return redirect("sending_account", account_id)


def _get(account_id: int) -> Account:
    found = find_account(account_id)
    if found is None or found.kind not in FORMS:
        raise Http404
    return found
