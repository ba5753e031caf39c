"""Phone numbers as people and spreadsheets write them -> E.164 (digits alone while no country is known). Pure."""

from __future__ import annotations

import re

import phonenumbers

from .problems import ValueProblem
from .text import INVISIBLE, fold_digits
from .values import is_scientific

_NO_MARKS = {ord(char): None for char in INVISIBLE}
_FLOAT = re.compile(r"(\d{7,15})\.0+")
_SEVERAL = re.compile(r"[;/,،؛\n|]|\s[-–]\s")
# A number as people write it at home, without its country: 7 to 15 digits with the usual marks between.
_NATIONAL = re.compile(r"\(?\d(?:[ ().-]*\d){6,14}")


def parse_phone(text: str, region: str | None) -> str:
    """The number in E.164 (+989123456789). `region` is the business's country (ISO 3166, such as IR).

    Of several numbers in one cell the first is taken; a 0 that a spreadsheet dropped is put back, 00 in front is +,
    and `9123456789.0` is read as its digits. While the business has named no country (None or ""), a number without
    a country code is kept as its digits, for refusing it would refuse its row.
    Raises ValueProblem `scientific` for 9.12E+09 and `not_a_phone`.
    """
    bare = fold_digits(text.translate(_NO_MARKS)).strip().lstrip("'")
    if is_scientific(bare):
        raise ValueProblem("scientific", value=text)
    floated = _FLOAT.fullmatch(bare)
    bare = floated[1] if floated else bare
    tries = [bare, *filter(None, (part.strip() for part in _SEVERAL.split(bare)[:1]))]
    for attempt in dict.fromkeys(tries):
        for form in _forms(attempt, region):
            number = _parse(form, region)
            if number is not None:
                return number
    national = next(filter(_NATIONAL.fullmatch, reversed(tries)), None)
    if national is not None and not region:
        return re.sub(r"\D", "", national)
    raise ValueProblem("not_a_phone", value=text)


def _forms(bare: str, region: str | None) -> list[str]:
    """The ways to read the digits, the plain one first."""
    digits = re.sub(r"\D", "", bare)
    forms = [bare]
    if bare.startswith("00"):
        forms.insert(0, "+" + bare[2:])
    if bare.startswith("+") or not digits:
        return forms
    code = phonenumbers.country_code_for_region(region) if region else 0
    if code and digits.startswith(str(code)):
        forms.append("+" + digits)
    if not digits.startswith("0"):
        forms.append("0" + digits)
        if len(digits) > 10:
            forms.append("+" + digits)
    return forms


def _parse(form: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(form, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
