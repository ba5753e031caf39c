"""The table of rates says the same as asking for one day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from vafa.data.business.models import CurrencyRate
from vafa.data.business.queries import get_rate_table, list_rates
from vafa.lab.currencies import RATE_PLACES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("own", ["IRT", "IRR", "EUR", ""])
def test_the_table_agrees_with_every_day(own):
    day = date(2024, 3, 1)
    for currency, after, rate in [
        ("USD", 2, "61000.5"),
        ("USD", 0, "60000"),
        ("IRR", 3, "0.0000001"),
        ("GBP", 1, "2"),
    ]:
        CurrencyRate.objects.create(
            currency=currency, valid_from=day + timedelta(days=after), rate=Decimal(rate)
        )  # fmt: skip
    table = get_rate_table(own)
    codes = ["USD", "IRR", "IRT", "IRHT", "GBP", "EUR", "JPY", ""]
    for n in range(-1, 5):
        on = day + timedelta(days=n)
        slow = list_rates(own, codes, on)
        for code in codes:
            units = table.find_units(code, on.toordinal())
            told = None if units is None else Decimal(units).scaleb(-RATE_PLACES)
            assert told == slow.get(code), (code, on)
