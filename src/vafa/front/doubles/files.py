"""The file of the proposals that the page of doubles shows."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from vafa.data.business.queries import get_business
from vafa.data.customers.queries import (
    LEVELS,
    Proposal,
    count_doubles,
    count_kept_apart,
    list_customer_rows,
    list_doubles,
    list_kept_apart,
)
from vafa.front.customers.files import build_file
from vafa.front.customers.rows import name_customer
from vafa.front.overview.exports import FORMATS
from vafa.front.overview.viewer import get_owner_id
from vafa.kit.permissions import Permission, only_with, requires

APART = "apart"
_COLUMNS = ("first_id", "first_name", "second_id", "second_name", "level", "score", "evidence")
_CHUNK = 1000


@requires(Permission.EXPORT)
@only_with(Permission.EDIT_CUSTOMERS)
@require_safe
def export_doubles(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/customers/doubles.<csv|xlsx>?level=`: all proposals of the page's tab, the evidence as codes."""
    if file_format not in FORMATS:
        raise Http404
    owner_id = get_owner_id(request.user, get_business())
    level = request.GET.get("level", "")

    def look(start: int) -> list[Proposal]:
        if level == APART:
            return list_kept_apart(owner_id=owner_id, start=start, count=_CHUNK)
        asked = level if level in LEVELS else ""
        return list_doubles(level=asked, owner_id=owner_id, start=start, count=_CHUNK)

    counts = count_doubles(owner_id)
    count = count_kept_apart(owner_id) if level == APART else counts.get(level, sum(counts.values()))
    return build_file(request, "doubles", _COLUMNS, _list_rows(look), file_format, count)


def _list_rows(look: Callable[[int], list[Proposal]]) -> Iterator[list[Any]]:
    start = 0
    while found := look(start):
        ids = {pk for one in found for pk in (one.first, one.second)}
        names = {row.id: name_customer(row) for row in list_customer_rows(ids)}
        for one in found:
            yield [
                one.first, names.get(one.first, ""), one.second, names.get(one.second, ""), one.level, one.score,
                " ".join(one.evidence),
            ]  # fmt: skip
        start += len(found)
