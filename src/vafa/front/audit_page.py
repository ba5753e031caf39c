"""The audit trail: searched by who, what, whose, when and from where; in pages that cost all the same; exported."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vafa.data.business.queries import Business, get_business
from vafa.data.staff.queries import list_staff
from vafa.front.audit_texts import describe_entry, list_actions
from vafa.front.date_field import parse_day
from vafa.front.overview.exports import build_sheet, list_downloads
from vafa.front.second_step.confirming import confirm_first
from vafa.front.settings_pages import show_settings
from vafa.kit import clock
from vafa.kit.audit import list_entries, record
from vafa.kit.ids import read_id
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Permission, requires

ENTRIES_A_PAGE = 50
FIELDS = ("who", "what", "whose", "from", "until", "where")
COMMAND_LINE = "command"
BIGGEST = 2**63 - 1


@dataclass(frozen=True)
class Asked:
    """What is looked for: the texts as they were written, the rows that fit, and what was not understood."""

    texts: dict[str, str]
    fits: Q
    problems: list[str]


def _read(request: HttpRequest, business: Business) -> Asked:
    texts = {name: request.GET.get(name, "").strip()[:80] for name in FIELDS}
    fits, problems = Q(), list[str]()
    if texts["who"] == COMMAND_LINE:
        fits &= Q(staff=None)
    elif (number := read_id(to_latin_digits(texts["who"]))) is not None:
        fits &= Q(staff_id=number)
    if texts["what"]:
        fits &= Q(action=texts["what"])
    if texts["whose"]:
        number = read_id(to_latin_digits(texts["whose"]))
        subject = texts["whose"] if number is None else f"customer:{number}"
        fits &= Q(subject=subject) | Q(subject__startswith=f"{subject}:")
    if texts["where"]:
        fits &= Q(address__startswith=texts["where"]) | Q(device__icontains=texts["where"])
    zone = ZoneInfo(business.zone)
    try:
        if texts["from"]:
            fits &= Q(at__gte=_begin(parse_day(texts["from"], business.calendar), zone))  # type: ignore[arg-type]
        if texts["until"]:
            day = parse_day(texts["until"], business.calendar)  # type: ignore[arg-type]
            fits &= Q(at__lt=_begin(day + timedelta(days=1), zone))
    except (ValidationError, OverflowError) as problem:
        problems += getattr(problem, "messages", [_("Not a day.")])
    return Asked(texts, fits, problems)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


@requires(Permission.MANAGE_STAFF)
@require_GET
def settings_audit(request: HttpRequest) -> HttpResponseBase:
    """`/settings/audit/?who=&what=&whose=&from=&until=&where=&before=&after=`: who did what, the newest first. Pages
    begin below (`before`) or end above (`after`) the number of a row."""
    asked = _read(request, get_business())
    rows, newer, older = _cut(list_entries().filter(asked.fits), request)
    context = {
        "rows": [describe_entry(entry) for entry in rows],
        "asked": asked.texts,
        "is_asked": any(asked.texts.values()),
        "problems": asked.problems,
        "people": [(str(staff.pk), str(staff)) for staff in list_staff()],
        "actions": list_actions(),
        "previous_url": _write_url(request, after=rows[0].pk) if rows and newer else None,
        "next_url": _write_url(request, before=rows[-1].pk) if rows and older else None,
        "downloads": [
            (name, "?".join(filter(None, (url, _keep(request).urlencode()))))
            for name, url in list_downloads(request, "audit_export")
        ],
    }
    return show_settings(request, "settings_audit", context, failed=bool(asked.problems))


def _cut(entries: QuerySet[AuditEntry], request: HttpRequest) -> tuple[list[AuditEntry], bool, bool]:
    """One page, and whether there are newer and older rows."""
    before, after = (read_id(to_latin_digits(request.GET.get(name, ""))) for name in ("before", "after"))
    if after is not None:
        found = list(entries.filter(pk__gt=after).order_by("pk")[: ENTRIES_A_PAGE + 1])
        return found[:ENTRIES_A_PAGE][::-1], len(found) > ENTRIES_A_PAGE, True
    found = list(entries.filter(pk__lt=before if before is not None else BIGGEST)[: ENTRIES_A_PAGE + 1])
    return found[:ENTRIES_A_PAGE], before is not None, len(found) > ENTRIES_A_PAGE


def _keep(request: HttpRequest) -> Any:
    kept = request.GET.copy()
    for name in list(kept):
        if name not in FIELDS or not kept[name]:
            del kept[name]
    return kept


def _write_url(request: HttpRequest, **place: int) -> str:
    wanted = _keep(request)
    for name, number in place.items():
        wanted[name] = str(number)
    return f"?{wanted.urlencode()}"


_COLUMNS = ("number", "at", "staff", "action", "subject", "details", "address", "device")


@requires(Permission.MANAGE_STAFF)
@confirm_first(reads=True)
@require_GET
def export_audit(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/settings/audit.<csv|xlsx>`: what the page looks for, the newest first, with moments of the business's zone."""
    business = get_business()
    asked = _read(request, business)
    record(
        "audit.exported",
        by=request.user,
        now=clock.now(),
        fields=[name for name in FIELDS if asked.texts[name]],
    )
    return build_sheet("audit", _COLUMNS, list(_list_rows(asked.fits, ZoneInfo(business.zone))), file_format)


def _list_rows(fits: Q, zone: ZoneInfo) -> Iterator[list[Any]]:
    for entry in list_entries().filter(fits).iterator(chunk_size=2000):
        yield [
            entry.pk,
            entry.at.astimezone(zone).isoformat(timespec="seconds"),
            entry.staff.email if entry.staff else None,
            entry.action,
            entry.subject or None,
            json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else None,
            entry.address,
            entry.device or None,
        ]
