"""The ways out: one module for each kind of sending account."""

from typing import TYPE_CHECKING

from vafa.act.messaging.types import Adapter

if TYPE_CHECKING:
    from vafa.act.messaging.models import Account


def build_adapter(account: "Account") -> Adapter:
    """A sending account's way out, with its secrets opened. Raises LookupError for a kind that has none."""
    from vafa.act.messaging.accounts import read_secrets
    from vafa.act.messaging.pricing import KAVENEGAR_CURRENCY, find_piece_cost, find_price, find_rate
    from vafa.data.business.queries import get_business

    settings, secrets, profile = account.settings, read_secrets(account), account.profile
    if account.kind == "smtp":
        from vafa.act.messaging.channels import smtp

        return smtp.build(settings, secrets)
    if account.kind == "anymail":
        from vafa.act.messaging.channels import anymail

        return anymail.build(settings, secrets)
    if account.kind == "kavenegar":
        from vafa.act.messaging.channels import kavenegar

        rial = find_rate(KAVENEGAR_CURRENCY, settings, get_business().currency)
        return kavenegar.build(settings, secrets, profile, rial)
    if account.kind == "sms_http":
        from vafa.act.messaging.channels import sms_http

        return sms_http.build(settings, secrets, profile, find_price(account))
    if account.kind == "bot":
        from vafa.act.messaging.channels import bot

        return bot.build(settings, secrets)
    if account.kind == "staff":
        from vafa.act.messaging.channels import staff

        return staff.build(settings, find_piece_cost(account))
    raise LookupError(account.kind)
