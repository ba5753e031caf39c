"""Doubles: who may be one person, compared side by side, merged, and taken apart again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from vafa.data.business.queries import Business, get_business, get_style
from vafa.data.customers.actions import (
    ask_for_doubles,
    find_doubles,
    keep_apart,
    merge_customers,
    merge_pairs,
    reopen_double,
    unmerge_batch,
    unmerge_customer,
)
from vafa.data.customers.queries import (
    LEVELS,
    Proposal,
    count_doubles,
    count_kept_apart,
    find_customer,
    get_looked_at,
    list_customer_rows,
    list_doubles,
    list_ids_of,
    list_kept_apart,
    list_merged_of_batch,
    list_merges_into,
    list_owners,
    list_reach,
)
from vafa.front.customer.parts import get_customer_or_404, render_part
from vafa.front.customers.rows import name_customer
from vafa.front.doubles.comparing import build_fields, build_sides
from vafa.front.doubles.files import APART
from vafa.front.doubles.texts import AGAINST, TONES, name_evidence, name_level
from vafa.front.overview.exports import list_downloads
from vafa.front.overview.viewer import get_owner_id
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style, format_moment, format_number
from vafa.kit.permissions import Permission, requires
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot

PAGE_SIZE = 25
MOST_AT_ONCE = 500
# With so many customers or fewer they are looked through while somebody waits.
FEW = 20_000


@dataclass(frozen=True)
class Row:
    """A proposal as the page shows it."""

    first: dict[str, str]
    second: dict[str, str]
    agreeing: list[str]
    against: list[str]
    level: str
    tone: str
    compare_url: str
    pair: str


class Desk:
    """Who asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.business: Business = get_business()
        self.style: Style = get_style(translation.get_language() or "en", self.business)
        self.owner_id = get_owner_id(request.user, self.business)


@requires(Permission.EDIT_CUSTOMERS)
def doubles(request: HttpRequest) -> HttpResponse:
    """`/customers/doubles/?level=&page=`: the open proposals, the likeliest first; with level=apart those
    of whom somebody said that they are two."""
    desk = Desk(request)
    level = request.GET.get("level", "") if request.GET.get("level") in (*LEVELS, APART) else ""
    place = _read_page(request)
    counts, apart = count_doubles(desk.owner_id), count_kept_apart(desk.owner_id)
    start, count = (place - 1) * PAGE_SIZE, PAGE_SIZE + 1
    found = (
        list_kept_apart(owner_id=desk.owner_id, start=start, count=count)
        if level == APART
        else list_doubles(level=level, owner_id=desk.owner_id, start=start, count=count)
    )
    looked_at, is_wanted = get_looked_at()
    batch = request.GET.get("merged", "")
    merged = len(list_merged_of_batch(batch))
    context = {
        "rows": build_rows(found[:PAGE_SIZE]),
        "tabs": _build_tabs(counts, apart, level, desk.style),
        "total": sum(counts.values()) + apart,
        "is_apart": level == APART,
        "certain": _write_certain(min(counts["certain"], MOST_AT_ONCE), desk.style)
        if counts["certain"]
        else "",
        "looked_at": format_moment(looked_at, ZoneInfo(desk.business.zone), desk.style) if looked_at else "",
        "is_wanted": is_wanted,
        "is_limited": desk.owner_id is not None,
        "batch": batch if merged else "",
        "merged_text": _write_merged(merged, desk.style),
        "downloads": [
            (name, f"{url}?level={level}") for name, url in list_downloads(request, "export_doubles")
        ],
        "previous_url": f"?level={level}&page={place - 1}" if place > 1 else None,
        "next_url": f"?level={level}&page={place + 1}" if len(found) > PAGE_SIZE else None,
    }
    return render(request, "doubles/doubles.html", context)


def _write_certain(count: int, style: Style) -> str:
    shown = {"count": format_number(count, style)}
    return (
        ngettext("Merge the %(count)s almost certain pair", "Merge all %(count)s almost certain pairs", count)
        % shown
    )


def _write_merged(count: int, style: Style) -> str:
    shown = {"count": format_number(count, style)}
    return ngettext("%(count)s customer was merged.", "%(count)s customers were merged.", count) % shown


def _read_page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _build_tabs(counts: dict[str, int], apart: int, level: str, style: Style) -> list[dict[str, Any]]:
    levels = [("", _("All"), sum(counts.values())), *((one, name_level(one), counts[one]) for one in LEVELS)]
    if apart:
        levels.append((APART, _("Not the same"), apart))
    return [
        {
            "url": f"?level={one}" if one else "?",
            "title": title,
            "active": one == level,
            "count": format_number(count, style),
        }
        for one, title, count in levels
    ]


def build_rows(found: Sequence[Proposal]) -> list[Row]:
    """Proposals with the names and the first ways to reach both."""
    ids = {pk for one in found for pk in (one.first, one.second)}
    names = {row.id: row for row in list_customer_rows(ids)}
    reach = list_reach(ids)

    def describe(pk: int) -> dict[str, str]:
        row, ways = names[pk], reach.get(pk)
        reached = [text for text in ((ways.phone, ways.email) if ways else ()) if text]
        return {
            "name": name_customer(row),
            "url": reverse("customer", args=[pk]),
            "reach": " · ".join(reached) or row.key,
            "location": row.location,
        }

    return [
        Row(
            describe(one.first),
            describe(one.second),
            [name_evidence(code) for code in one.evidence if code not in AGAINST],
            [name_evidence(code) for code in one.evidence if code in AGAINST],
            name_level(one.level),
            TONES[one.level],
            reverse("double", args=[one.first, one.second]),
            f"{one.first}-{one.second}",
        )
        for one in found
        if one.first in names and one.second in names
    ]


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def look_for_doubles(request: HttpRequest) -> HttpResponseBase:
    """Look through the customers anew: at once where they are few, else by the worker."""
    now = clock.now()
    if len(open_snapshot().everyone()) <= FEW:
        find_doubles(now)
    else:
        ask_for_doubles(now)
        messages.info(request, _("The customers are being looked through. Come back in a few minutes."))
    return redirect("doubles")


@requires(Permission.EDIT_CUSTOMERS)
def double(request: HttpRequest, kept_id: int, other_id: int) -> HttpResponseBase:
    """`/customers/<kept>/merge/<other>/`: both side by side; a POST merges them with the chosen values."""
    desk = Desk(request)
    kept, other = (_find_own(desk, pk) for pk in (kept_id, other_id))
    if kept.pk == other.pk:
        messages.info(request, _("These two are one customer already."))
        return redirect("customer", kept.pk)
    if (kept.pk, other.pk) != (kept_id, other_id):
        return redirect("double", kept.pk, other.pk)
    if request.method == "POST":
        return _merge(request, kept, other)
    style = desk.style
    tags = {one.pk: list(one.tags) for one in (kept, other)}
    proposals = [
        one for one in list_doubles(of=kept.pk, owner_id=desk.owner_id) if other.pk in (one.first, one.second)
    ]
    context = {
        "sides": build_sides([kept.pk, other.pk], style, tags),
        "fields": build_fields(kept, other, style),
        "proposal": next(iter(build_rows(proposals)), None),
        "swap_url": reverse("double", args=[other.pk, kept.pk]),
        "pair": f"{kept.pk}-{other.pk}",
    }
    return render(request, "doubles/double.html", context)


def _find_own(desk: Desk, pk: int) -> Any:
    found = find_customer(pk)
    if found is None or (desk.owner_id is not None and found.owner_id != desk.owner_id):
        raise Http404
    return found


def _merge(request: HttpRequest, kept: Any, other: Any) -> HttpResponseBase:
    take = [
        name.removeprefix("take:")
        for name, value in request.POST.items()
        if name.startswith("take:") and value == "other"
    ]
    try:
        merge_customers(other.pk, kept.pk, by=request.user, now=clock.now(), take=take)
    except VafaError as error:
        messages.error(request, str(error))
        return redirect("doubles")
    refresh(now=clock.now())
    messages.success(request, _("They are one customer from now on. It can be taken back on this page."))
    return redirect("customer", kept.pk)


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def separate(request: HttpRequest) -> HttpResponseBase:
    """Remember that two are two (`pair`), or take that back (`again`)."""
    desk = Desk(request)
    first, second = _read_pair(request.POST.get("pair", "") or request.POST.get("again", ""))
    for pk in (first, second):
        _find_own(desk, pk)
    if request.POST.get("again"):
        reopen_double(first, second, by=request.user, now=clock.now())
        find_doubles_of_few()
    else:
        keep_apart(first, second, by=request.user, now=clock.now())
        messages.success(request, _("Remembered: these are two persons. They will not be proposed again."))
        return redirect("doubles")
    if count_kept_apart(desk.owner_id):
        return redirect(f"{reverse('doubles')}?level={APART}")
    return redirect("doubles")


def find_doubles_of_few() -> None:
    """Look anew at once where the customers are few."""
    if len(open_snapshot().everyone()) <= FEW:
        find_doubles(clock.now())


def _read_pair(text: str) -> tuple[int, int]:
    first, _sign, second = text.partition("-")
    pair = read_id(first), read_id(second)
    if pair[0] is None or pair[1] is None:
        raise Http404
    return pair[0], pair[1]


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def merge_certain(request: HttpRequest) -> HttpResponseBase:
    """Merge the pairs that are almost certain, at most MOST_AT_ONCE; one click takes all of them back."""
    desk = Desk(request)
    found = list_doubles(level="certain", owner_id=desk.owner_id, count=MOST_AT_ONCE)
    batch = secrets.token_hex(8)
    pairs = [(one.first, one.second) for one in found]
    merged = merge_pairs(pairs, by=request.user, now=clock.now(), batch=batch)
    refresh(now=clock.now())
    if not merged:
        messages.info(request, _("Nothing was left to merge."))
        return redirect("doubles")
    return redirect(f"{reverse('doubles')}?merged={batch}")


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def undo_certain(request: HttpRequest) -> HttpResponseBase:
    """Take back what one click merged."""
    desk = Desk(request)
    batch = request.POST.get("batch", "")
    if desk.owner_id is not None:
        owners = list_owners(list_merged_of_batch(batch))
        kept = list_owners([found.pk for pk in owners if (found := find_customer(pk)) is not None])
        if any(owner != desk.owner_id for owner in (*owners.values(), *kept.values())):
            raise Http404
    count = unmerge_batch(batch, by=request.user, now=clock.now())
    refresh(now=clock.now())
    text = ngettext("%(count)s merge was taken back.", "%(count)s merges were taken back.", count)
    messages.success(request, text % {"count": format_number(count, desk.style)})
    return redirect("doubles")


@requires(Permission.EDIT_CUSTOMERS)
def customer_merges(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/merges/`: who may be the same person, who was merged and by whom; a POST takes one apart."""
    customer = get_customer_or_404(request, customer_id)
    if request.method == "POST":
        return _take_apart(request, customer)
    desk = Desk(request)
    zone, style = ZoneInfo(desk.business.zone), desk.style
    made = list_merges_into(list_ids_of(customer.pk))
    names = {row.id: name_customer(row) for row in list_customer_rows([one.merged_id for one in made])}
    context = {
        "proposals": build_rows(list_doubles(of=customer.pk, owner_id=desk.owner_id, count=5)),
        "merges": [
            {
                "id": one.merged_id,
                "name": names.get(one.merged_id, ""),
                "at": format_moment(one.at, zone, style),
                "by": str(one.by) if one.by else "",
                "undone_at": format_moment(one.undone_at, zone, style) if one.undone_at else "",
                "undone_by": str(one.undone_by) if one.undone_by else "",
                "stands": one.undone_at is None and one.merged.kept_id == customer.pk,
            }
            for one in made
        ],
    }
    return render_part(request, customer, "doubles/part.html", context)


def _take_apart(request: HttpRequest, customer: Any) -> HttpResponseBase:
    merged = read_id(request.POST.get("merged", "")) or 0
    if merged not in list_ids_of(customer.pk)[1:]:
        messages.error(request, _("These two have been taken apart already."))
        return redirect("customer", customer.pk)
    try:
        unmerge_customer(merged, by=request.user, now=clock.now())
    except VafaError as error:
        messages.error(request, str(error))
    else:
        refresh(now=clock.now())
        messages.success(request, _("They are two persons again."))
    return redirect("customer", customer.pk)
