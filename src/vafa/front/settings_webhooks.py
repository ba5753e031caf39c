"""Webhooks: which programs are told of what happens, and what became of each message."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.act.webhooks import actions, queries
from vafa.act.webhooks.types import HookUnusable
from vafa.front.second_step.confirming import confirm_first
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, requires

SHOWN = 50
KIND_NAMES: dict[str, Promise] = {
    "customer_new": gettext_lazy("A customer is new"),
    "customer_changed": gettext_lazy("A customer has changed"),
    "order_new": gettext_lazy("An order has come"),
    "order_changed": gettext_lazy("An order has changed"),
    "return_new": gettext_lazy("A return has come"),
    "return_changed": gettext_lazy("A return has changed"),
    "subscription_new": gettext_lazy("A subscription has begun"),
    "subscription_changed": gettext_lazy("A subscription has changed"),
    "interaction_new": gettext_lazy("A call, visit or other event has come"),
    "interaction_changed": gettext_lazy("A call, visit or other event has changed"),
    "consent_changed": gettext_lazy("A permission to write to somebody has changed"),
    "entered_segment": gettext_lazy("A customer has entered a segment"),
    "left_segment": gettext_lazy("A customer has left a segment"),
    "promise.kept": gettext_lazy("A promise was kept"),
    "promise.late": gettext_lazy("A promise was kept late"),
    "promise.broken": gettext_lazy("A promise was broken"),
    "risk_rose": gettext_lazy("The risk of a customer rose to another band"),
    "risk_fell": gettext_lazy("The risk of a customer fell to another band"),
    "case_opened": gettext_lazy("A customer at risk was taken on"),
    "case_moved": gettext_lazy("A case of a customer at risk came into another stage"),
}
STATES: dict[str, tuple[Promise, str]] = {
    "pending": (gettext_lazy("Waits"), "warning"),
    "claimed": (gettext_lazy("Being sent"), "info"),
    "delivered": (gettext_lazy("Delivered"), "success"),
    "failed": (gettext_lazy("Failed"), "error"),
}


class HookForm(forms.Form):
    """A webhook."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        help_text=gettext_lazy("Where the messages go, such as https://example.com/vafa."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it is told of"),
        choices=[(kind, KIND_NAMES[kind]) for kind in queries.KINDS],
        widget=forms.CheckboxSelectMultiple,
    )

    url.widget.attrs |= {"dir": "ltr", "autocomplete": "off"}
    name.widget.attrs["autocomplete"] = "off"


@requires(Permission.CHANGE_SETTINGS)
@confirm_first()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_webhooks(request: HttpRequest) -> HttpResponseBase:
    """All webhooks; a POST adds one."""
    form = HookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            hook = actions.add_hook(
                said["name"].strip(), said["url"].strip(), said["kinds"], by=request.user, now=clock.now()
            )
        except HookUnusable as problem:
            form.add_error("url", str(problem))
        else:
            return redirect("webhook", hook.pk)
    rows = [{"hook": hook, "waiting": queries.count_waiting(hook)} for hook in queries.list_hooks()]
    return show_settings(request, "settings_webhooks", {"form": form, "rows": rows}, failed=bool(form.errors))


@requires(Permission.CHANGE_SETTINGS)
@never_cache
@require_safe
def webhook(request: HttpRequest, hook_id: int) -> HttpResponseBase:
    """One webhook: its secret, what it is told of, and its messages."""
    hook = _get(hook_id)
    state = request.GET.get("state", "")
    found = queries.list_deliveries(
        hook,
        SHOWN + 1,
        state=state if state in STATES else "",
        before=read_id(request.GET.get("before", "")),
    )
    context = {
        "hook": hook,
        "kinds": [KIND_NAMES[kind] for kind in hook.kinds],
        "rotating": hook.old_until is not None and hook.old_until > clock.now(),
        "state": state,
        "states": [{"value": value, "name": name} for value, (name, _tone) in STATES.items()],
        "rows": [_describe(one) for one in found[:SHOWN]],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
    }
    return render(request, "front/settings/webhook.html", context)


def _describe(delivery: queries.Delivery) -> dict[str, Any]:
    name, tone = STATES[delivery.state]
    return {
        "delivery": delivery,
        "kind": KIND_NAMES.get(delivery.kind, delivery.kind),
        "state": name,
        "tone": tone,
        "may_send_again": delivery.state != "claimed",
    }


@requires(Permission.CHANGE_SETTINGS)
@confirm_first()
@require_POST
def change_webhook(request: HttpRequest, hook_id: int) -> HttpResponseBase:
    """Switch it on or off, give it a new secret, or remove it."""
    hook, now, asked = _get(hook_id), clock.now(), request.POST.get("do", "")
    if asked in ("on", "off"):
        actions.switch_hook(hook, asked == "on", by=request.user, now=now)
    elif asked == "rotate":
        actions.rotate_secret(hook, by=request.user, now=now)
    elif asked == "remove":
        actions.remove_hook(hook, by=request.user, now=now)
        say_saved(request)
        return redirect("settings_webhooks")
    else:
        raise Http404
    say_saved(request)
    return redirect("webhook", hook.pk)


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def send_delivery_again(request: HttpRequest, delivery_id: int) -> HttpResponseBase:
    """Send a message once more."""
    hook = _get(read_id(request.POST.get("hook", "")) or 0)
    if not actions.send_again(delivery_id, by=request.user, now=clock.now()):
        raise Http404(_("There is no such message."))
    return redirect("webhook", hook.pk)


def _get(hook_id: int) -> queries.Hook:
    hook = queries.find_hook(hook_id)
    if hook is None:
        raise Http404
    return hook
