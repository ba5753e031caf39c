"""The second step while signing in, and signing in by a passkey alone."""

import json
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vafa.front.second_step.checking import count_try, find_authenticator, note_failure, note_success
from vafa.front.second_step.credentials import find_passkey
from vafa.kit import clock
from vafa.kit.permissions import open_to_anyone


class EnterForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("From your authenticator app, or one of your recovery codes."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "autofocus": True}
        ),
    )


@open_to_anyone("the second half of signing in; only whoever gave the right password gets here")
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponseBase:
    """Take a code or a passkey, and let in."""
    stage: Any = request._login_stage  # type: ignore[attr-defined]
    staff = stage.login.user
    by_passkey = "credential" in request.POST
    form = EnterForm(request.POST if request.method == "POST" and not by_passkey else None)
    if request.method == "POST" and (by_passkey or form.is_valid()):
        found, told = _check(request, staff)
        if found is not None:
            note_success(request, found)
            answer: HttpResponseBase = stage.exit()
            return answer
        if by_passkey:
            messages.error(request, told)
            return redirect("mfa_authenticate")
        form.add_error("code", told)
    kinds = set(Authenticator.objects.filter(user=staff).values_list("type", flat=True))
    has_passkey = Authenticator.Type.WEBAUTHN in kinds
    context = {
        "form": form,
        "options": json.dumps(auth.begin_authentication(staff)) if has_passkey else None,
    }
    return render(request, "front/second_step/enter.html", context, status=422 if form.errors else 200)


def _check(request: HttpRequest, staff: Any) -> tuple[Authenticator | None, str]:
    """Whose code or passkey was sent, or why it is nobody's."""
    now = clock.now()
    if count_try(staff, now) is not None:
        return None, _("These were too many tries. Wait a quarter of an hour.")
    if "credential" in request.POST:
        found = find_passkey(request.POST["credential"], staff)
    else:
        found = find_authenticator(staff, request.POST.get("code", ""), now)
    if found is None:
        note_failure(request, staff)
    return found, str(get_adapter().error_messages["incorrect_code"])


@open_to_anyone("signing in by a passkey alone")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_by_passkey(request: HttpRequest) -> HttpResponseBase:
    """A GET gives the question that a passkey answers, as JSON; a POST brings the answer."""
    if request.user.is_authenticated:
        return redirect("home")
    if request.method != "POST":
        return JsonResponse(auth.begin_authentication(None))
    found = find_passkey(request.POST.get("credential", ""))
    if found is None:
        messages.error(request, _("This passkey is not known here."))
        return redirect("account_login")
    answer: HttpResponseBase = perform_passwordless_login(request, found, Login(user=found.user))
    return answer
