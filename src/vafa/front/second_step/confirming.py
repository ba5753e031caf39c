"""Asking once more who is there, before something dangerous: `@confirm_first` above a view.

Who signed in or confirmed within the last quarter of an hour is not asked. A form that was sent too late is not kept:
its page is shown again after the confirmation, so nothing that was typed lies about in the records.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from vafa.data.staff.queries import has_second_step
from vafa.front.second_step.checking import count_try, find_authenticator, note_failure, note_success
from vafa.kit import clock
from vafa.kit.permissions import View, requires_sign_in

READS = ("GET", "HEAD")


def is_confirmed(request: HttpRequest) -> bool:
    """Whether this browser's person showed within the last quarter of an hour who they are."""
    records = get_authentication_records(request, request.user)
    newest = max((float(record["at"]) for record in records), default=0.0)
    return clock.now().timestamp() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def confirm_first(*, reads: bool = False) -> Callable[[View], View]:
    """The line below `@requires`: whoever sends this form confirms first who they are; with `reads`, also whoever only
    opens the page or takes the file."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_read = request.method in READS
            if (is_read and not reads) or is_confirmed(request):
                return view(request, *args, **kwargs)
            return lead_to_confirmation(request)

        return checked

    return decorate


def lead_to_confirmation(request: HttpRequest) -> HttpResponseBase:
    """The way to the page that asks who is there, and from it back to what was opened, or to the page of the form."""
    is_read = request.method in READS
    back = request.get_full_path() if is_read else _find_page(request)
    if not is_read:
        messages.info(request, _("Nothing has been changed yet: confirm that it is you, then do it again."))
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def _find_page(request: HttpRequest) -> str:
    """The page of ours from which a form was sent."""
    referrer = request.headers.get("Referer", "")
    if not _is_ours(request, referrer):
        return "/"
    parts = urlsplit(referrer)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_ours(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


class ConfirmForm(forms.Form):
    """One's password, or a code of one's second step."""

    secret = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "dir": "ltr", "autofocus": True}
        ),
    )


@requires_sign_in
@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponseBase:
    """Confirm who one is, and go on to `next`."""
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    staff: Any = request.user
    has_codes = has_second_step(staff)
    if has_codes:
        form.fields["secret"].label = _("Password, or a code of your second step")
    if request.method == "POST" and form.is_valid() and _check(request, form):
        wanted = request.GET.get("next", "")
        return redirect(wanted if _is_ours(request, wanted) else "/")
    return render(
        request, "front/second_step/confirm.html", {"form": form}, status=422 if form.errors else 200
    )


def _check(request: HttpRequest, form: ConfirmForm) -> bool:
    staff: Any = request.user
    secret, now = form.cleaned_data["secret"], clock.now()
    if count_try(staff, now) is not None:
        form.add_error("secret", _("These were too many tries. Wait a quarter of an hour."))
    elif staff.check_password(secret):
        record_authentication(request, staff, "password", reauthenticated=True)
        return True
    elif (found := find_authenticator(staff, secret, now)) is not None:
        note_success(request, found, again=True)
        return True
    else:
        note_failure(request, staff)
        form.add_error("secret", _("This is not right."))
    return False


confirm.works_without_second_step = True  # type: ignore[attr-defined]
