"""How the sign-in library is fitted in: nobody signs up by themselves; staff are invited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.front.second_step.confirming import is_confirmed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes self-service sign-up, and tells those who were shut out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **_more: Any) -> bool:
        """Our own line above the views asks; the library asks again before it changes a second step."""
        return not is_confirmed(context.request)

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        return [{"id": "reauthenticate", "url": reverse("account_reauthenticate")}]

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *more: Any,
        **named: Any,
    ) -> None:
        """Our pages say themselves what they did, and a greeting at each sign-in tells nobody anything."""
        if message_template is None or not message_template.startswith(
            ("mfa/", "account/messages/logged_in")
        ):
            super().add_message(request, level, message_template, *more, **named)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponseRedirect:
        """Whoever was shut out and knows the password reads so."""
        messages.error(request, _("You have been shut out. Ask the owner of this installation."))
        return redirect("account_login")
