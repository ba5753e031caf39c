"""A number as people write it: in any digits, with their marks of thousands and decimals."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vafa.kit.locale.digits import to_latin_digits

_MARKS = {"٫": ".", "٬": "", "،": "", ",": "", "%": "", "٪": "", " ": "", "\u00a0": "", "\u202f": ""}


class NumberField(forms.CharField):
    """A decimal number above zero and below `most`."""

    def __init__(self, *, most: Decimal = Decimal(10) ** 14, **kwargs: Any) -> None:
        self.most = most
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return parse_number(text, self.most) if text else None


def parse_number(text: str, most: Decimal) -> Decimal:
    """The number that was written. Raises ValidationError unless it is above zero and below `most`."""
    plain = to_latin_digits(text).strip()
    for mark, meant in _MARKS.items():
        plain = plain.replace(mark, meant)
    try:
        number = Decimal(plain)
    except ArithmeticError:
        number = Decimal(0)
    if not number.is_finite() or number <= 0 or number >= most:
        raise ValidationError(_("A number greater than zero."))
    return number
