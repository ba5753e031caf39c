"""Fields of the business's own: their types, and their values as texts that every list, segment and file reads alike.

A number is written plainly (12.5), a day as 2026-01-15, yes and no as "yes" and "no", several choices joined by "; ".
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.data.customers.models import Customer, FieldDefinition
from vafa.data.customers.searching import list_phone_forms
from vafa.data.customers.types import FIELD_TYPES, FieldUnusable, ValueUnusable
from vafa.kit.audit import record
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.letters import fold_key

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = {"text": 200, "long_text": 5000, "link": 500}
SEPARATOR = "; "
_MARKS = {"٫": ".", "٬": "", "،": "", ",": "", " ": "", "\u00a0": "", "\u202f": ""}
_YES = frozenset(map(fold_key, ("yes", "y", "true", "1", "on", "بله", "آری", "نعم", "是")))
_NO = frozenset(map(fold_key, ("no", "n", "false", "0", "off", "خیر", "نه", "لا", "否")))


def list_definitions(*, archived: bool = False) -> list[FieldDefinition]:
    """The defined fields in their order; the archived only if asked for."""
    found = FieldDefinition.objects.order_by("archived", "position", "pk")
    return [row for row in found if archived or not row.archived]


@transaction.atomic
def define_field(
    name: str, kind: str, choices: Sequence[str] = (), *, by: Any, now: datetime, field_id: int | None = None
) -> FieldDefinition:
    """Define a field, or change the definition of one; its type stays once any customer has a value.

    A new name is written into the customers who have a value. Raises FieldUnusable.
    """
    name, options = " ".join(name.split())[:80], _clean_choices(choices)
    _check(name, kind, options, field_id)
    if field_id is None:
        last = FieldDefinition.objects.aggregate(last=Max("position"))["last"] or 0
        field = FieldDefinition(created_at=now, position=last + 1)
    else:
        field = FieldDefinition.objects.get(pk=field_id)
        if field.type != kind and has_values(field.name):
            raise FieldUnusable(
                _("The type can't change any more: customers have values in this field."),
                _("Make a new field, and archive this one."),
                field="type",
            )
        if field.name != name and has_values(field.name):
            raise FieldUnusable(
                _("The name can't change any more: customers, segments and files call the field by it."),
                _("Make a new field, and archive this one."),
                field="name",
            )
    field.name, field.type, field.choices = name, kind, options
    field.save()
    record("field.defined", by=by, now=now, subject=f"field:{field.pk}", type=kind)
    return field


@transaction.atomic
def archive_field(field_id: int, *, archived: bool, by: Any, now: datetime) -> None:
    """Take a field off the customer file, or put it back; values stay."""
    if FieldDefinition.objects.filter(pk=field_id).exclude(archived=archived).update(archived=archived):
        action = "field.archived" if archived else "field.restored"
        record(action, by=by, now=now, subject=f"field:{field_id}")


@transaction.atomic
def move_field(field_id: int, *, up: bool, by: Any, now: datetime) -> None:
    """Let a field change places with the one before or after it."""
    rows = list_definitions()
    place = next((n for n, row in enumerate(rows) if row.pk == field_id), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is None or other is None or not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for n, row in enumerate(rows):
        row.position = n
    FieldDefinition.objects.bulk_update(rows, ["position"])
    record("field.moved", by=by, now=now, subject=f"field:{field_id}")


def has_values(name: str) -> bool:
    """Whether any customer has a value in a field."""
    return Customer.objects.filter(custom__has_key=name).exists()


def _clean_choices(choices: Sequence[str]) -> list[str]:
    cleaned = (" ".join(choice.replace(";", " ").split())[:100] for choice in choices)
    return list(dict.fromkeys(choice for choice in cleaned if choice))


def _check(name: str, kind: str, choices: list[str], field_id: int | None) -> None:
    if not name:
        raise FieldUnusable(_("A field needs a name."), _("Write one."), field="name")
    if kind not in FIELD_TYPES:
        raise FieldUnusable(_("There is no such type."), _("Choose another one."), field="type")
    same = FieldDefinition.objects.exclude(pk=field_id or 0).values_list("name", flat=True)
    if fold_key(name) in {fold_key(other) for other in same}:
        raise FieldUnusable(_("There is one of that name already."), _("Choose another name."), field="name")
    if kind in ("choice", "choices") and len(choices) < 2:
        raise FieldUnusable(_("Write at least two choices."), _("One on each line."), field="choices")


def write_value(value: Any) -> str:
    """A value as it is kept: "" where there is none."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list | tuple):
        return SEPARATOR.join(value)
    return str(value).strip()


def read_value(
    kind: str, text: str, choices: Sequence[str] = (), *, region: str = "", read_day: Callable[[str], str]
) -> str:
    """The value that people wrote in a field of a type, as it is kept. `read_day` reads a day to ISO, or raises
    ValueError. Raises ValueUnusable, whose code says which type it is not."""
    bare = text.strip()
    if not bare:
        return ""
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(bare)
    if kind == "date":
        try:
            return read_day(bare)
        except ValueError:
            raise _refuse("field_not_a_day", bare) from None
    if kind == "phone":
        forms = list_phone_forms(bare, region)
        if not forms:
            raise _refuse("field_not_a_phone", bare)
        return forms[0]
    if kind in ("choice", "choices"):
        parts = _split(bare) if kind == "choices" else [bare]
        return SEPARATOR.join(dict.fromkeys(_choose(part, choices) for part in parts))
    return bare[: LONGEST.get(kind, 200)]


def _split(text: str) -> list[str]:
    for mark in ("؛", "،", ",", "；", "|"):
        text = text.replace(mark, ";")
    return [part.strip() for part in text.split(";") if part.strip()]


def _choose(part: str, choices: Sequence[str]) -> str:
    key = fold_key(part)
    found = next((choice for choice in choices if fold_key(choice) == key), None)
    if found is None:
        raise _refuse("field_not_a_choice", part, choices=SEPARATOR.join(choices))
    return found


def _read_number(text: str) -> str:
    plain = to_latin_digits(text)
    for mark, meant in _MARKS.items():
        plain = plain.replace(mark, meant)
    try:
        number = Decimal(plain)
    except ArithmeticError:
        raise _refuse("field_not_a_number", text) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise _refuse("field_not_a_number", text)
    return format(number.normalize(), "f")


def _read_yes(text: str) -> str:
    key = fold_key(text)
    if key in _YES or key in _NO:
        return "yes" if key in _YES else "no"
    raise _refuse("field_not_yes_or_no", text)


def _read_email(text: str) -> str:
    try:
        EmailValidator()(text)
    except ValidationError:
        raise _refuse("field_not_an_email", text) from None
    return text.lower()


def _read_link(text: str) -> str:
    link = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError:
        raise _refuse("field_not_a_link", text) from None
    return link


_READERS: dict[str, Callable[[str], str]] = {
    "number": _read_number,
    "money": _read_number,
    "yes_no": _read_yes,
    "email": _read_email,
    "link": _read_link,
}


_UNUSABLE: "dict[str, tuple[StrOrPromise, StrOrPromise]]" = {
    "field_not_a_number": (
        gettext_lazy("“%(value)s” is not a number."),
        gettext_lazy("Write digits only, such as 1234.56."),
    ),
    "field_not_a_day": (
        gettext_lazy("“%(value)s” is not a day."),
        gettext_lazy("Write year, month and day."),
    ),
    "field_not_yes_or_no": (
        gettext_lazy("“%(value)s” is neither yes nor no."),
        gettext_lazy("Write yes or no."),
    ),
    "field_not_an_email": (
        gettext_lazy("“%(value)s” is not an e-mail address."),
        gettext_lazy("Correct it, or leave it empty."),
    ),
    "field_not_a_phone": (
        gettext_lazy("“%(value)s” is not a phone number."),
        gettext_lazy("Write it with its area or country code."),
    ),
    "field_not_a_link": (
        gettext_lazy("“%(value)s” is not a link."),
        gettext_lazy("Write it as https://example.com/page."),
    ),
    "field_not_a_choice": (
        gettext_lazy("“%(value)s” is not one of the choices."),
        gettext_lazy("Choose among: %(choices)s"),
    ),
}


def _refuse(code: str, value: str, **told: Any) -> ValueUnusable:
    text, remedy = _UNUSABLE[code]
    said = {"value": value[:100], **told}
    return ValueUnusable(str(text) % said, str(remedy) % said, code, **said)
