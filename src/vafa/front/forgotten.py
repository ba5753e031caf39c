"""Forgotten passwords: a link by mail, and a page that tells nobody who signs in here."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vafa.data.staff.actions import build_reset_link
from vafa.data.staff.queries import find_staff
from vafa.front.address import get_address
from vafa.front.link_mails import send_reset
from vafa.kit import clock
from vafa.kit.mail import is_mail_set_up
from vafa.kit.permissions import open_to_anyone
from vafa.kit.rate_limit import take

AN_HOUR = timedelta(hours=1)
FOR_ONE_PERSON, FROM_ONE_ADDRESS = 3, 20


class ForgottenForm(forms.Form):
    """Who forgot."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr", "autofocus": True}),
    )


@open_to_anyone("who forgot the password can't sign in")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponseBase:
    """Ask for a link; the answer is the same whether somebody signs in with this address or not."""
    can_send = is_mail_set_up()
    form = ForgottenForm(request.POST if request.method == "POST" and can_send else None)
    sent = form.is_bound and form.is_valid()
    if sent:
        _send(request, form.cleaned_data["email"])
    context = {"form": form, "sent": sent, "can_send": can_send}
    return render(request, "front/forgotten.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, email: str) -> None:
    now = clock.now()
    from_here = take(
        "reset.from", get_address(request) or "", limit=FROM_ONE_ADDRESS, window=AN_HOUR, now=now
    )
    for_them = take("reset.for", email.strip().lower(), limit=FOR_ONE_PERSON, window=AN_HOUR, now=now)
    staff = find_staff(email)
    if staff is not None and staff.is_active and from_here is None and for_them is None:
        token = build_reset_link(staff, by=staff, now=now)
        send_reset(staff, request.build_absolute_uri(reverse("invitation", args=[token])), now=now)
