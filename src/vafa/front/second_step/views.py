"""One's own second step: the authenticator app, passkeys, recovery codes."""

import base64
import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.internal.auth import get_totp_secret, validate_totp_code
from allauth.mfa.totp.internal.flows import activate_totp, deactivate_totp
from allauth.mfa.webauthn.internal.flows import add_authenticator, begin_registration, remove_authenticator
from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vafa.data.business.queries import get_style
from vafa.data.staff.queries import needs_second_step
from vafa.front.second_step.adapter import can_use_passkeys
from vafa.front.second_step.checking import count_try
from vafa.front.second_step.confirming import confirm_first
from vafa.front.second_step.credentials import read_new_credential
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import requires_sign_in


class CodeForm(forms.Form):
    """A code of the authenticator app."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "autofocus": True}
        ),
    )
    secret = ""


class PasskeyForm(forms.Form):
    """What the browser made, and what to call it."""

    name = forms.CharField(
        label=gettext_lazy("What to call it"),
        help_text=gettext_lazy("Such as the telephone or the key that holds it."),
        max_length=80,
        required=False,
    )
    credential = forms.CharField(widget=forms.HiddenInput, required=False)


@requires_sign_in
@never_cache
@require_GET
def second_step(request: HttpRequest) -> HttpResponseBase:
    """What one has, and what one can set up."""
    found = list(Authenticator.objects.filter(user=request.user))
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [
            {"row": one, "name": one.wrap().name, "dialog": f"passkey-{one.pk}"}
            for one in found
            if one.type == Authenticator.Type.WEBAUTHN
        ],
        "has_codes": codes is not None,
        "codes_left": _tell_left(0 if codes is None else len(codes.wrap().get_unused_codes())),
        "must": needs_second_step(request.user),  # type: ignore[arg-type]
        "can_use_passkeys": can_use_passkeys(),
    }
    return show_settings(request, "second_step", context)


def _tell_left(count: int) -> str:
    written = format_number(count, get_style(get_language() or "en"))
    return ngettext("%(count)s code is left.", "%(count)s codes are left.", count) % {"count": written}


@requires_sign_in
@confirm_first(reads=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_app(request: HttpRequest) -> HttpResponseBase:
    """Show the secret as a picture and as letters, and take the first code."""
    if _find(request, Authenticator.Type.TOTP) is not None:
        return redirect("second_step")
    form = CodeForm(request.POST if request.method == "POST" else None)
    form.secret = get_totp_secret()
    if request.method == "POST" and form.is_valid() and _check_first_code(request, form):
        _app, codes = activate_totp(request, form)
        say_saved(request)
        return redirect("second_step" if codes is None else "recovery_codes")
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, form.secret))
    letters = form.secret.rstrip("=")
    context = {
        "form": form,
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}",
        "letters": " ".join(letters[start : start + 4] for start in range(0, len(letters), 4)),
        "part": "app",
    }
    return show_settings(request, "second_step", context, failed=bool(form.errors))


def _check_first_code(request: HttpRequest, form: CodeForm) -> bool:
    if count_try(request.user, clock.now()) is not None:  # type: ignore[arg-type]
        form.add_error("code", _("These were too many tries. Wait a quarter of an hour."))
        return False
    code = "".join(to_latin_digits(form.cleaned_data["code"]).split())
    if not validate_totp_code(form.secret, code):
        form.add_error("code", get_adapter().error_messages["incorrect_code"])
        return False
    return True


@requires_sign_in
@confirm_first()
@require_POST
def remove_app(request: HttpRequest) -> HttpResponseBase:
    """Do without the authenticator app from now on."""
    found = _find(request, Authenticator.Type.TOTP)
    if found is None:
        raise Http404
    deactivate_totp(request, found)
    say_saved(request)
    return redirect("second_step")


@requires_sign_in
@confirm_first(reads=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """The codes that are left, to print; a POST makes new ones, and the old ones open nothing any more."""
    found = _find(request, Authenticator.Type.RECOVERY_CODES)
    if found is None:
        return redirect("second_step")
    if request.method == "POST":
        generate_recovery_codes(request)
        return redirect("recovery_codes")
    return show_settings(request, "second_step", {"codes": found.wrap().get_unused_codes(), "part": "codes"})


@requires_sign_in
@confirm_first(reads=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponseBase:
    """Let the browser make a passkey, and keep its public half."""
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        credential = read_new_credential(form.cleaned_data["credential"])
        if credential is not None:
            name = form.cleaned_data["name"] or _("Passkey")
            _passkey, codes = add_authenticator(request, name=name, credential=credential)
            say_saved(request)
            return redirect("second_step" if codes is None else "recovery_codes")
        form.add_error(None, _("The browser's answer does not fit. Try again."))
    options: dict[str, Any] = begin_registration(request, request.user, passwordless=True)
    context = {"form": form, "options": json.dumps(options), "part": "passkey"}
    return show_settings(request, "second_step", context, failed=bool(form.errors))


@requires_sign_in
@confirm_first()
@require_POST
def remove_passkey(request: HttpRequest, passkey_id: int) -> HttpResponseBase:
    """Forget one of one's own passkeys."""
    found = Authenticator.objects.filter(
        user=request.user, type=Authenticator.Type.WEBAUTHN, pk=passkey_id
    ).first()
    if found is None:
        raise Http404
    remove_authenticator(request, found)
    say_saved(request)
    return redirect("second_step")


def _find(request: HttpRequest, kind: str) -> Authenticator | None:
    return Authenticator.objects.filter(user=request.user, type=kind).first()


for _view in (second_step, set_up_app, recovery_codes, add_passkey):
    _view.works_without_second_step = True  # type: ignore[attr-defined]
