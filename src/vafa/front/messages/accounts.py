"""The settings page "Sending": mail servers by which messages to customers go out, and our public address."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vafa.act.messaging.actions import add_account, pause_account, remove_account, resume_account
from vafa.act.messaging.queries import Pause, find_account, list_accounts, list_pauses
from vafa.data.business.queries import get_business, get_style
from vafa.data.consent.types import Channel, Purpose
from vafa.front.campaigns.whys import describe_why
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.front.settings_mail import SECURITY_CHOICES
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import format_moment
from vafa.kit.permissions import Permission, requires
from vafa.kit.public_address import ask_public_address, get_address_state, set_public_address

MOST_PORT = 65_535


class SmtpForm(forms.Form):
    """A mail server that takes messages to customers."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    host = forms.CharField(label=gettext_lazy("Mail server"), max_length=250)
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=MOST_PORT, initial=587)
    security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITY_CHOICES)
    username = forms.CharField(label=gettext_lazy("User name"), max_length=250, required=False)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=250,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )
    sender_name = forms.CharField(label=gettext_lazy("Name of the sender"), max_length=120, required=False)
    sender_address = forms.EmailField(label=gettext_lazy("Address of the sender"), max_length=254)
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Purposes"),
        widget=forms.CheckboxSelectMultiple,
        initial=[str(one) for one in Purpose],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes: Any = self.fields["purposes"]
        purposes.choices = [(str(one), PURPOSE_NAMES[one]) for one in Purpose]
        for name in ("host", "port", "username", "sender_address"):
            self.fields[name].widget.attrs |= {"dir": "ltr", "autocomplete": "off"}


@requires(Permission.MANAGE_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_sending(request: HttpRequest) -> HttpResponseBase:
    """`/settings/sending/`; a POST adds an account."""
    form = SmtpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        kept = ("host", "port", "security", "username", "sender_name", "sender_address")
        add_account(
            said["name"], Channel.EMAIL, "smtp",
            settings={name: said[name] for name in kept},
            secrets={"password": said["password"]},
            purposes=[Purpose(one) for one in said["purposes"]],
            by=request.user, now=clock.now(),
        )  # fmt: skip
        say_saved(request)
        return redirect("settings_sending")
    context = {"form": form, "accounts": _list_accounts(), "address": get_address_state()}
    return show_settings(request, "settings_sending", context, failed=bool(form.errors))


def _list_accounts() -> list[dict[str, Any]]:
    accounts = list_accounts()
    pauses = list_pauses([one.pk for one in accounts])
    return [
        {
            "account": one,
            "channel": CHANNEL_NAMES[one.channel],
            "purposes": [str(PURPOSE_NAMES[purpose]) for purpose in one.purposes],
            "sender": one.settings.get("sender_address") or one.settings.get("sender", ""),
            "url": reverse("sending_account", args=[one.pk]),
            "is_paused": one.paused_at is not None,
            "why": describe_why(one.paused_why),
            "answer": one.paused_answer,
            "pauses": [_describe_pause(pause) for pause in pauses[one.pk]],
        }
        for one in accounts
    ]


def _describe_pause(pause: Pause) -> str:
    """One pause in a line: from when to when, and why."""
    style, zone = get_style(get_language() or "en"), ZoneInfo(get_business().zone)
    words = {"since": format_moment(pause.since, zone, style, "short"), "why": describe_why(pause.why)}
    if pause.until is None:
        return _("Since %(since)s: %(why)s") % words
    words["until"] = format_moment(pause.until, zone, style, "short")
    return _("%(since)s until %(until)s: %(why)s") % words


@requires(Permission.MANAGE_SENDING)
@require_POST
def change_account(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """Do one thing with an account: `do` is pause, resume or remove."""
    if find_account(account_id) is None:
        raise Http404
    asked, by, now = request.POST.get("do"), request.user, clock.now()
    if asked == "pause":
        pause_account(account_id, why="hand", by=by, now=now)
    elif asked == "resume":
        resume_account(account_id, by=by, now=now)
    elif asked == "remove":
        remove_account(account_id, by=by, now=now)
    else:
        raise Http404
    say_saved(request)
    return redirect("settings_sending")


@requires(Permission.MANAGE_SENDING)
@require_POST
def set_address(request: HttpRequest) -> HttpResponseBase:
    """Say where customers reach our pages, and ask whether it answers."""
    now = clock.now()
    try:
        address = set_public_address(request.POST.get("address", ""), by=request.user, now=now)
    except VafaError as problem:
        messages.error(request, str(problem))
        return redirect("settings_sending")
    if address and not ask_public_address(now).answers:
        messages.warning(
            request, _("It is kept, but it does not answer, so no marketing with links can start.")
        )
    else:
        say_saved(request)
    return redirect("settings_sending")
