"""What an account's settings put around its text messages."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from vafa.act.messaging.sms_profiles import get_sms_profile
from vafa.act.messaging.sms_rules import SmsDress, dress_text
from vafa.act.messaging.types import Outgoing
from vafa.lab.sms import SmsPrice


def build_dress(settings: Mapping[str, Any], profile: str) -> SmsDress:
    """Signature, line and way to stop, as an account's settings say them."""
    rules = get_sms_profile(profile)
    line = rules.get_line(str(settings.get("line", "")))
    return SmsDress(rules, line, str(settings.get("signature", "")), str(settings.get("opt_out", "")))


def build_price(settings: Mapping[str, Any], profile: str) -> SmsPrice | None:
    """What a part costs by an account; None where nobody has told."""
    told = str(settings.get("part_amount", ""))
    try:
        amount = Decimal(told)
    except InvalidOperation:
        return None
    return (
        SmsPrice(amount, get_sms_profile(profile).latin_factor)
        if amount.is_finite() and amount >= 0
        else None
    )


def dress_outgoing(outgoing: Outgoing, dress: SmsDress) -> Outgoing:
    """A message with its text as it is sent; that of an approved pattern stays as it is."""
    if outgoing.pattern:
        return outgoing
    return replace(outgoing, text=dress_text(outgoing.text, dress, outgoing.purpose, outgoing.language))
