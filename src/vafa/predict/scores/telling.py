"""Telling the log whose band of risk rose or fell: once a customer, question and day.

What was told is written beside the happening in one transaction, some hundred customers at once, so that a telling that
was cut off goes on where it was, and one that is repeated finds nothing left to tell.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from vafa.data.customers.queries import list_counted
from vafa.data.log.actions import add_happenings
from vafa.predict.scores.keeping import read_whole
from vafa.predict.scores.models import Issue, Move
from vafa.predict.scores.moment import build_moment
from vafa.predict.scores.rules import find_moves

AT_ONCE = 500
_Change = tuple[int, int, int]


def tell_moves(now: datetime) -> None:
    """Tell what has not been told, as after a death in the middle; one query where there is nothing."""
    for issue in Issue.objects.filter(is_told=False).order_by("pk"):
        tell_issue(issue, now=now)


def tell_issue(issue: Issue, *, now: datetime) -> None:
    """Tell the changes of band of one issue, from where the telling has come."""
    changes = _list_changes(issue)
    for start in range(0, len(changes), AT_ONCE):
        some = changes[start : start + AT_ONCE]
        try:
            _tell_some(issue, some, now)
        except IntegrityError:
            # Another worker tells the same: what it has told by now is left out.
            _tell_some(issue, some, now)
    Issue.objects.filter(pk=issue.pk).update(is_told=True)


def _list_changes(issue: Issue) -> list[_Change]:
    """The customers whose band changed, with the bands."""
    before = _find_issue_before(issue)
    if before is None or not issue.live:
        return []
    old, new = read_whole(before.pk), read_whole(issue.pk)
    found = find_moves(old.ids, old.bands, new.ids, new.bands, (old.active, new.active))
    return list(zip(*(column.tolist() for column in found), strict=True))


def _find_issue_before(issue: Issue) -> Issue | None:
    return (
        Issue.objects.filter(
            kind=issue.kind, horizon_days=issue.horizon_days, as_of__lt=issue.as_of, lineage=issue.lineage
        )
        .order_by("-as_of", "-pk")
        .first()
    )


def _tell_some(issue: Issue, some: list[_Change], now: datetime) -> None:
    with transaction.atomic():
        counted = list_counted([pk for pk, _before, _after in some])
        told = set(
            Move.objects.filter(
                kind=issue.kind,
                horizon_days=issue.horizon_days,
                as_of=issue.as_of,
                customer_id__in=[pk for pk, _before, _after in some],
            ).values_list("customer_id", flat=True)
        )
        # Who has been erased or left out since, or was merged away, is nobody to act on.
        news = [change for change in some if change[0] in counted and change[0] not in told]
        Move.objects.bulk_create(
            Move(
                customer_id=pk, issue=issue, kind=issue.kind, horizon_days=issue.horizon_days, as_of=issue.as_of,
                before=before, after=after, at=now,
            )
            for pk, before, after in news
        )  # fmt: skip
        at = build_moment(issue.as_of)
        for before, after in sorted({(before, after) for _pk, before, after in news}):
            add_happenings(
                "risk_rose" if after > before else "risk_fell",
                [pk for pk, old, new in news if (old, new) == (before, after)],
                at=at, now=now, live=True, before=before, after=after, issue=issue.pk,
                horizon_days=issue.horizon_days,
            )  # fmt: skip
