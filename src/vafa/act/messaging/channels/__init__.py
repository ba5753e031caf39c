"""The ways out: one module for each kind of sending account."""

from typing import TYPE_CHECKING

from vafa.act.messaging.types import Adapter

if TYPE_CHECKING:
    from vafa.act.messaging.models import Account


def build_adapter(account: "Account") -> Adapter:
    """A sending account's way out, with its secrets opened. Raises LookupError for a kind that has none."""
    from vafa.act.messaging.accounts import read_secrets

    if account.kind == "smtp":
        from vafa.act.messaging.channels import smtp

        return smtp.build(account.settings, read_secrets(account))
    raise LookupError(account.kind)
