"""What a message costs in the business's own currency: the account says in which currency its provider counts.

Units of one money (rial and toman) are turned into each other by themselves. Between two moneys the account states what
one is worth; where it doesn't, a cost is unknown, and never the bare number of another currency.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from vafa.act.messaging.channels.sms_dress import build_price
from vafa.act.messaging.models import Account
from vafa.data.business.queries import RIAL_UNITS, get_business
from vafa.lab.sms import SmsPrice

# Kavenegar's answers tell costs in rials, whatever is agreed with the customer of it.
KAVENEGAR_CURRENCY = "IRR"


def find_rate(told: str, settings: Mapping[str, Any], own: str) -> Decimal | None:
    """How many units of the business's currency (`own`) one unit of a currency is worth, as an account's settings say:
    `currency`, and `exchange`, the worth of one unit of that. None where nobody can tell."""
    if told == own or not told:
        return Decimal(1)
    if told in RIAL_UNITS and own in RIAL_UNITS:
        return RIAL_UNITS[told] / RIAL_UNITS[own]
    stated = str(settings.get("currency", ""))
    exchange = _read(settings.get("exchange"))
    if exchange is None:
        return None
    if stated == told:
        return exchange
    if stated in RIAL_UNITS and told in RIAL_UNITS:
        return exchange * RIAL_UNITS[told] / RIAL_UNITS[stated]
    return None


def find_price(account: Account) -> SmsPrice | None:
    """What a part costs by an account in the business's currency; None where nobody has told, or can tell."""
    own = get_business().currency
    told = build_price(account.settings, account.profile)
    rate = find_rate(str(account.settings.get("currency", "")), account.settings, own)
    if told is None or rate is None:
        return None
    return SmsPrice(told.part_amount * rate, told.latin_factor)


def find_piece_cost(account: Account) -> Decimal | None:
    """What one message costs by an account of another kind (a call, a gift), in the business's currency; None where
    nobody has told."""
    own = get_business().currency
    amount = _read(account.settings.get("part_amount"))
    rate = find_rate(str(account.settings.get("currency", "")), account.settings, own)
    return None if amount is None or rate is None else amount * rate


def _read(told: Any) -> Decimal | None:
    try:
        number = Decimal(str(told))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
