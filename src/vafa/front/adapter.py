"""How the sign-in library is fitted in: nobody signs up by themselves; staff are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes self-service sign-up, and tells those who were shut out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponseRedirect:
        """Whoever was shut out and knows the password reads so."""
        messages.error(request, _("You have been shut out. Ask the owner of this installation."))
        return redirect("account_login")
