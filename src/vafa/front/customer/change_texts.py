"""Values of a customer's fields, and changes of them, in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from vafa.data.staff.queries import find_staff_by_id
from vafa.front.choices import list_language_choices
from vafa.front.customer.who_form import list_channels
from vafa.kit.locale.formats import Style, format_day, format_money, format_number


def name_own_value(row: Any, text: str, style: Style) -> str:
    """The value of one of the business's own fields, as the page writes it; what can't be read stays as it is."""
    try:
        if row.type == "date":
            return format_day(date.fromisoformat(text), style)
        if row.type == "number":
            return format_number(Decimal(text), style)
        if row.type == "money":
            return format_money(Decimal(text), style.currency, style)
    except (ValueError, InvalidOperation):
        return text
    if row.type == "yes_no":
        return {"yes": _("Yes"), "no": _("No")}.get(text, text)
    return text


def describe_change(change: Any, definitions: Mapping[str, Any], style: Style) -> dict[str, Any]:
    """One change as a row: when, who, which field, before and after."""
    return {
        "id": change.pk,
        "at": change.at,
        "who": str(change.by) if change.by else _("The command line"),
        "field": name_field(change.field),
        "before": _write(change.field, change.before, definitions, style),
        "after": _write(change.field, change.after, definitions, style),
        "undone": change.undone_at is not None,
        "is_point": change.field.startswith(("point:", "preferred:")),
    }


def name_field(field: str) -> str:
    """A field in words."""
    head, _colon, rest = field.partition(":")
    if head == "custom":
        return rest
    kinds = {"phone": _("Phone"), "email": _("E-mail"), "messenger": _("Messenger")}
    if head == "point":
        return kinds.get(rest, rest)
    if head == "preferred":
        return _("Preferred: %(what)s") % {"what": kinds.get(rest, rest)}
    return {
        "name": _("Name"),
        "title": _("Title"),
        "company": _("Company"),
        "location": _("Location"),
        "birthday": _("Birthday"),
        "tags": _("Tags"),
        "owner": _("Looked after by"),
        "channel": _("Preferred channel"),
        "language": _("Language"),
        "interests": _("Interests and preferences"),
    }.get(field, field)


def _write(field: str, value: Any, definitions: Mapping[str, Any], style: Style) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return _(", ").join(str(one) for one in value)
    if field == "birthday":
        return format_day(date.fromisoformat(value), style)
    if field == "owner":
        staff = find_staff_by_id(int(value))
        return str(staff) if staff else str(value)
    if field == "channel":
        return dict(list_channels()).get(str(value), str(value))
    if field == "language":
        return dict(list_language_choices()).get(str(value), str(value))
    row = definitions.get(field.partition(":")[2])
    return name_own_value(row, value, style) if row and field.startswith("custom:") else str(value)
