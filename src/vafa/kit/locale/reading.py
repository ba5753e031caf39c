"""Numbers as people type them into a page's form."""

import re
from decimal import Decimal

from vafa.kit.locale.bidi import strip_direction_marks
from vafa.kit.locale.digits import to_latin_digits

_BLANKS = dict.fromkeys(map(ord, " \t\u00a0\u2009\u202f\u200c_'’"), None)
_PERCENT = str.maketrans("", "", "%٪％")
_PLAIN = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,12})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_COMMA_DECIMALS = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_DOT_GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:\.\d{3}){2,}", re.ASCII)


class NumberUnreadable(ValueError):
    """The text is no number."""


def read_number(text: str) -> Decimal | None:
    """The number of a text in any digits, with or without thousands marks and a percent sign; None where it is
    empty. A lone comma that does not group three digits marks decimals. Raises NumberUnreadable.
    """
    body = to_latin_digits(strip_direction_marks(text)).translate(_BLANKS)
    body = body.replace("−", "-").replace("–", "-").replace("٬", ",").replace("،", ",").replace("٫", ".")
    body = body.translate(_PERCENT)
    if not body:
        return None
    if _DOT_GROUPED.fullmatch(body):
        body = body.replace(".", "").replace(",", ".")
    elif "," in body and _GROUPED.fullmatch(body):
        body = body.replace(",", "")
    elif _COMMA_DECIMALS.fullmatch(body):
        body = body.replace(",", ".")
    if not _PLAIN.fullmatch(body):
        raise NumberUnreadable(text)
    return Decimal(body)
