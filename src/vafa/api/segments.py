"""Questions about saved segments and who is in them."""

from typing import Any

import numpy as np
import numpy.typing as npt
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router

from vafa.api.access import Asking, TokenAuth, get_asking
from vafa.api.metrics import PROBLEMS
from vafa.api.problems import Refused
from vafa.api.shapes import LanguageQuery, MemberQuery, MembersOut, ProblemOut, SegmentOut, SegmentsOut
from vafa.api.texts import OPERATIONS
from vafa.data.customers.queries import list_customer_rows
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.scopes import Scope
from vafa.measure.segments.queries import find_saved, get_segment_members
from vafa.measure.segments.queries import list_segments as list_saved
from vafa.measure.segments.types import SavedSegment

router = Router(tags=["segments"])
SEGMENTS = TokenAuth(Scope.READ_SEGMENTS)
MEMBERS = TokenAuth(Scope.READ_SEGMENTS, Scope.READ_CUSTOMERS)
NOT_FOUND: dict[Any, Any] = {(404, 409): ProblemOut}


@router.get(
    "/segments",
    auth=SEGMENTS,
    response={200: SegmentsOut, **PROBLEMS},
    description=OPERATIONS["list_segments"],
)
def list_segments(request: HttpRequest, asked: Query[LanguageQuery]) -> Any:  # noqa: ARG001 - for the document
    """All of them, the ready ones first."""
    asking = get_asking(request)
    return {"segments": [_describe(saved, asking) for saved in list_saved()]}


@router.get(
    "/segments/{slug}",
    auth=SEGMENTS,
    response={200: SegmentOut, **PROBLEMS, **NOT_FOUND},
    description=OPERATIONS["get_segment"],
)
def get_segment(request: HttpRequest, asked: Query[LanguageQuery], slug: Path[str]) -> Any:  # noqa: ARG001
    """One segment."""
    return _describe(_find(slug), get_asking(request))


@router.get(
    "/segments/{slug}/members",
    auth=MEMBERS,
    response={200: MembersOut, **PROBLEMS, **NOT_FOUND},
    description=OPERATIONS["list_members"],
)
def list_members(request: HttpRequest, asked: Query[MemberQuery], slug: Path[str]) -> Any:
    """Who is in a segment since its last good build. Pages go by ids, so that a build in between loses nobody who
    stays."""
    asking, saved = get_asking(request), _find(slug)
    ids = _list_ids(saved, asking)
    first = int(np.searchsorted(ids, asked.cursor, side="right"))
    page = [int(pk) for pk in ids[first : first + asked.limit]]
    record(
        "api.customers_read",
        by=asking.token.staff,
        now=clock.now(),
        subject=f"segment:{saved.id}",
        token=asking.token.pk,
        rows=len(page),
    )
    return {
        "segment": saved.slug,
        "count": len(ids),
        "members": [
            {
                "id": row.id,
                "key": row.key,
                "name": row.name,
                "company": row.company,
                "location": row.location,
            }
            for row in list_customer_rows(page)
        ],
        "next_cursor": page[-1] if page and first + len(page) < len(ids) else None,
    }


def _find(slug: str) -> SavedSegment:
    saved = find_saved(slug)
    if saved is None:
        detail = _("There is no segment named “%(name)s”.") % {"name": slug}
        raise Refused(404, "segment_unknown", detail)
    return saved


def _list_ids(saved: SavedSegment, asking: Asking) -> npt.NDArray[np.int64]:
    """The ids of the members that may be seen, in order. Raises SegmentNotBuilt."""
    members = get_segment_members(saved.id, asking.snapshot)
    seen = members if asking.visible is None else members & asking.visible
    return np.sort(asking.snapshot.ids(seen))


def _describe(saved: SavedSegment, asking: Asking) -> dict[str, Any]:
    count = saved.count
    if count is not None and asking.visible is not None:
        count = len(get_segment_members(saved.id, asking.snapshot) & asking.visible)
    return {
        "slug": saved.slug,
        "name": saved.name,
        "description": saved.description,
        "kind": saved.kind,
        "count": count,
        "as_of": saved.as_of,
        "built_at": saved.built_at,
        "error": saved.error,
    }
