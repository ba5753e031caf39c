"""Connected shops: address and key, how far their history is, and where their webhooks come in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.data.business.queries import get_style
from vafa.data.intake.queries import tell_reason
from vafa.data.shops import actions, queries
from vafa.data.shops.types import PHASES, SHOPIFY, WOOCOMMERCE, ShopUnusable
from vafa.front.second_step.confirming import confirm_first
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, open_to_anyone, requires

PROVIDER_NAMES = {WOOCOMMERCE: "WooCommerce", SHOPIFY: "Shopify"}
PHASE_NAMES = {
    "customers": gettext_lazy("Customers"),
    "products": gettext_lazy("Products"),
    "orders": gettext_lazy("Orders"),
}


class ShopForm(forms.Form):
    """A shop to connect."""

    provider = forms.ChoiceField(label=gettext_lazy("Kind of shop"), choices=list(PROVIDER_NAMES.items()))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    url = forms.CharField(
        label=gettext_lazy("Address of the shop"),
        max_length=500,
        help_text=gettext_lazy(
            "Its front page, such as https://shop.example.com or https://name.myshopify.com."
        ),
    )
    key = forms.CharField(
        label=gettext_lazy("Consumer key"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "WooCommerce only: WooCommerce, Settings, Advanced, REST API; it needs to read."
        ),
    )
    secret = forms.CharField(
        label=gettext_lazy("Consumer secret or access token"),
        max_length=200,
        help_text=gettext_lazy(
            "Of WooCommerce the consumer secret; of Shopify the access token of an own app that may read orders, "
            "customers and products."
        ),
        widget=forms.PasswordInput,
    )
    hook_secret = forms.CharField(
        label=gettext_lazy("Secret of its webhooks"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Of Shopify the secret key of the app. Of WooCommerce one is made if this is empty."
        ),
        widget=forms.PasswordInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = "off"
            if name not in ("provider", "name"):
                field.widget.attrs["dir"] = "ltr"


@requires(Permission.CHANGE_SETTINGS)
@confirm_first()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_shops(request: HttpRequest) -> HttpResponseBase:
    """All connected shops; a POST connects one, after asking it once."""
    form = ShopForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = {name: value.strip() for name, value in form.cleaned_data.items()}
        try:
            shop = actions.connect_shop(**said, by=request.user, now=clock.now())
        except ShopUnusable as problem:
            form.add_error(problem.about, str(problem))
        else:
            return redirect("shop", shop.pk)
    rows = [_describe(shop) for shop in queries.list_shops()]
    return show_settings(request, "settings_shops", {"form": form, "rows": rows}, failed=bool(form.errors))


@requires(Permission.CHANGE_SETTINGS)
@never_cache
@require_safe
def shop(request: HttpRequest, shop_id: int) -> HttpResponseBase:
    """One shop: how far it is, what stayed out, and the address of its webhooks."""
    found = _get(shop_id)
    progress = queries.get_progress(found)
    context = _describe(found) | {
        "phases": [
            {
                "name": PHASE_NAMES[phase],
                "read": progress.read[phase],
                "total": progress.total.get(phase),
                "now": found.phase == phase and found.is_on,
            }
            for phase in PHASES
        ],
        "progress": progress,
        "problems": [one | {"reason": tell_reason(one["code"], one["field"])} for one in found.problems],
        "hook_address": _build_hook_address(request, found),
        "is_woocommerce": found.provider == WOOCOMMERCE,
    }
    return render(request, "front/settings/shop.html", context)


def _describe(found: queries.Shop) -> dict[str, Any]:
    if not found.is_on:
        state, tone = _("Stopped"), "neutral"
    elif found.error:
        state, tone = _("Waits after an error"), "error"
    elif found.loaded_at is None:
        state, tone = _("Its history is being read"), "info"
    else:
        state, tone = _("Up to date"), "success"
    return {"shop": found, "provider": PROVIDER_NAMES[found.provider], "state": state, "tone": tone}


def _build_hook_address(request: HttpRequest, found: queries.Shop) -> str:
    return request.build_absolute_uri(reverse("shop_webhook", args=[found.token]))


@requires(Permission.CHANGE_SETTINGS)
@confirm_first()
@require_POST
def change_shop(request: HttpRequest, shop_id: int) -> HttpResponseBase:
    """Stop or go on, read everything again, set up webhooks, new keys, disconnect."""
    found, now, asked = _get(shop_id), clock.now(), request.POST.get("do", "")
    try:
        if asked in ("on", "off"):
            actions.switch_shop(found, asked == "on", by=request.user, now=now)
        elif asked == "again":
            actions.load_again(found, by=request.user, now=now)
        elif asked == "hooks":
            _register(request, found)
        elif asked == "keys":
            said = [request.POST.get(name, "").strip() for name in ("key", "secret", "hook_secret")]
            actions.change_key(found, *said, by=request.user, now=now)
        elif asked == "remove":
            actions.remove_shop(found, by=request.user, now=now)
            say_saved(request)
            return redirect("settings_shops")
        else:
            raise Http404
    except ShopUnusable as problem:
        messages.error(request, str(problem))
        return redirect("shop", found.pk)
    say_saved(request)
    return redirect("shop", found.pk)


def _register(request: HttpRequest, found: queries.Shop) -> None:
    address = _build_hook_address(request, found)
    count = actions.register_hooks(found, address, by=request.user, now=clock.now())
    text = ngettext("%(count)s webhook was set up.", "%(count)s webhooks were set up.", count)
    messages.info(request, text % {"count": format_number(count, get_style(request.LANGUAGE_CODE or "en"))})


@csrf_exempt
@open_to_anyone("a shop's program calls it; the signature of its body decides")
@require_POST
def shop_webhook(request: HttpRequest, token: str) -> HttpResponse:
    """What a shop tells by itself. 200 as soon as it is kept; the same event once more is 200 too."""
    found = queries.find_by_token(token)
    if found is None:
        raise Http404
    try:
        actions.take_message(found, request.headers, request.body, now=clock.now())
    except actions.NotSigned as problem:
        return HttpResponse(problem.message, status=401, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=200)


def _get(shop_id: int) -> queries.Shop:
    found = queries.find_shop(shop_id)
    if found is None:
        raise Http404
    return found
