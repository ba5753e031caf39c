"""The ways out: one module for each kind of sending account."""

from typing import TYPE_CHECKING

from vafa.act.messaging.types import Adapter

if TYPE_CHECKING:
    from vafa.act.messaging.models import Account


def build_adapter(account: "Account") -> Adapter:
    """A sending account's way out, with its secrets opened. Raises LookupError for a kind that has none."""
    from vafa.act.messaging.accounts import read_secrets

    settings, secrets, profile = account.settings, read_secrets(account), account.profile
    if account.kind == "smtp":
        from vafa.act.messaging.channels import smtp

        return smtp.build(settings, secrets)
    if account.kind == "kavenegar":
        from vafa.act.messaging.channels import kavenegar

        return kavenegar.build(settings, secrets, profile)
    if account.kind == "sms_http":
        from vafa.act.messaging.channels import sms_http

        return sms_http.build(settings, secrets, profile)
    if account.kind == "bot":
        from vafa.act.messaging.channels import bot

        return bot.build(settings, secrets)
    if account.kind == "staff":
        from vafa.act.messaging.channels import staff

        return staff.build(settings)
    raise LookupError(account.kind)
