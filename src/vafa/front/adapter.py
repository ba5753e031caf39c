"""How the sign-in library is fitted in: nobody signs up by themselves; staff are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes self-service sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
