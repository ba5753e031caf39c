"""What is current: one row, so that every page can tell it without scoring anything."""

from datetime import date, datetime

from vafa.predict.models.types import Lack, Question, Verdict
from vafa.predict.scores.models import Issue
from vafa.predict.scores.models import Standing as Row
from vafa.predict.scores.types import Standing

_ONLY = 1


def find_row() -> Row | None:
    """The row, with its issue; None where nobody has looked yet."""
    return Row.objects.select_related("issue").filter(pk=_ONLY).first()


def find_standing() -> Standing | None:
    """What may be told now; None where nobody has looked yet."""
    row = find_row()
    if row is None:
        return None
    lacks = tuple(Lack(code, have, needed) for code, have, needed in row.lacks)
    issue = row.issue
    level = row.verdict if row.verdict in ("bands", "percent") else "refused"
    return Standing(
        question=Question("contracts" if row.kind == "contracts" else "orders", row.horizon_days),
        as_of=row.as_of,
        verdict=Verdict(level, lacks),  # type: ignore[arg-type]
        issue_id=None if issue is None else issue.pk,
        issued_at=None if issue is None else issue.issued_at,
        looked_at=row.looked_at,
    )


def note_standing(
    question: Question,
    as_of: date | None,
    verdict: Verdict,
    issue: Issue | None,
    *,
    asked: str,
    now: datetime,
) -> None:
    """Note what is current from now on."""
    Row.objects.update_or_create(
        pk=_ONLY,
        defaults={
            "kind": question.kind,
            "horizon_days": question.horizon_days,
            "as_of": as_of,
            "verdict": verdict.level,
            "lacks": [[lack.code, lack.have, lack.needed] for lack in verdict.lacks],
            "issue": issue,
            "asked": asked,
            "looked_at": now,
        },
    )
