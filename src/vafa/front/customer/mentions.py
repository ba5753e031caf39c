"""Calling members of staff by name in a note: @name finds them, and a mail tells them."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.data.staff.queries import list_staff
from vafa.front.overview.viewer import get_owner_id
from vafa.kit.locale.letters import fold_key
from vafa.kit.mail import MailNotSetUp, build_html, send_staff_mail
from vafa.kit.permissions import Permission, may
from vafa.kit.site import find_site_address

if TYPE_CHECKING:
    from vafa.data.customers.models import Customer
    from vafa.data.staff.models import Staff

# As much after an @ as a name may have.
_CALL = re.compile(r"(?<![\w.])@(\S.{0,80})")


def list_callable() -> "list[Staff]":
    """Whom a note may call: everybody who signs in and sees customers."""
    return [staff for staff in list_staff() if staff.is_active and may(staff, Permission.SEE_CUSTOMERS)]


def find_called(text: str, staff: "Iterable[Staff]") -> "list[Staff]":
    """Whom a text calls by @name or @address, the longest name that fits; in any spelling of its letters."""
    known = sorted(
        (
            (key, one)
            for one in staff
            for name in (one.name, one.email, one.email.partition("@")[0])
            if (key := fold_key(name))
        ),
        key=lambda pair: -len(pair[0]),
    )
    found: dict[int, Staff] = {}
    for call in _CALL.findall(text):
        said = fold_key(call)
        called = next((one for key, one in known if said.startswith(key)), None)
        if called is not None:
            found[called.pk] = called
    return list(found.values())


def can_open(staff: Any, customer: "Customer") -> bool:
    """Whether somebody may see this customer's file."""
    owner_id = get_owner_id(staff, get_business())
    return owner_id is None or customer.owner_id == owner_id


def tell_called(staff: "Iterable[Staff]", customer: "Customer", key: str, *, by: Any, now: datetime) -> None:
    """One mail to each who was called, without a word about the customer: those who may see them follow the link."""
    address = find_site_address()
    path = reverse("customer", args=[customer.pk])
    link = f"{address.rstrip('/')}{path}" if address else path
    for one in staff:
        if one.pk == getattr(by, "pk", None):
            continue
        language = one.language or get_business().language
        with translation.override(language):
            subject = _("%(name)s called you in a note") % {"name": str(by)}
            text = _("Open the customer file to read it: %(link)s") % {"link": link}
            body = format_html('<p style="padding:24px;margin:0">{}</p>', text)
            try:
                send_staff_mail(
                    one,
                    subject,
                    build_html(body, language, subject),
                    text,
                    language,
                    key=f"mention:{key}:{one.pk}",
                    now=now,
                )
            except MailNotSetUp:
                return
