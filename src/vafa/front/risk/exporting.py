"""The risk board as a file: what it shows, whole."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from vafa.act.saving.queries import get_next_step, get_person_id, list_at_stake, list_stage_times
from vafa.act.saving.types import AtStake, Stage
from vafa.data.customers.queries import list_customer_rows, list_owners
from vafa.data.staff.queries import list_staff
from vafa.front.address import get_address
from vafa.front.customers.rows import name_customer
from vafa.front.followups.asked import open_eyes
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.views import Page
from vafa.front.risk.asked import read_asked
from vafa.front.risk.cards import gather_cases
from vafa.front.risk.outlook import Outlook, read_outlook
from vafa.front.risk.waiting import find_waiting
from vafa.front.second_step.confirming import confirm_first
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.permissions import Permission, only_with, requires

COLUMNS = (
    "case_id", "customer_id", "customer", "stage", "owner", "value_at_stake", "chance", "band", "opened_at",
    "days_at_risk", "days_plan_made", "days_being_saved", "next_step", "next_step_on", "closed_on", "why",
)  # fmt: skip
MOST_WAITING = 10_000
_BANDS = ("low", "raised", "high")


@requires(Permission.EXPORT)
@only_with(Permission.SEE_CUSTOMERS)
@confirm_first(reads=True)
@require_safe
def export_board(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/risk/export.<csv|xlsx>`: the cases of the filter, then those who wait to be taken on (without a stage)."""
    if file_format not in FORMATS:
        raise Http404
    page, eyes, asked = Page(request, "customer"), open_eyes(request), read_asked(request)
    outlook = read_outlook(page.asker, page.style)
    known = gather_cases(page.asker, eyes, asked)
    waiting = find_waiting(page.asker, eyes, asked, outlook).numbers[:MOST_WAITING]
    ids = [int(pk) for pk in page.asker.snapshot.list_ids(waiting)] if len(waiting) else []
    people = sorted({*ids, *(get_person_id(case) for case, _stake in known)})
    names = {row.id: name_customer(row) for row in list_customer_rows(people)}
    times = list_stage_times([case for case, _stake in known], clock.now())
    rows: list[list[Any]] = []
    for case, stake in known:
        task = get_next_step(case)
        rows.append(
            [
                case.pk, get_person_id(case), names.get(get_person_id(case), ""), case.stage,
                str(case.owner) if case.owner else None, stake.value, _get_chance(stake, outlook), _name(stake),
                case.made_at, *_list_days(times.get(case.pk, {})), task.title if task else None,
                task.due_on if task else None, case.closed_on, case.why or None,
            ]
        )  # fmt: skip
    owners, staff = list_owners(ids), {one.pk: str(one) for one in list_staff()}
    stakes = list_at_stake(ids, page.asker.snapshot)
    for pk in ids:
        stake = stakes.get(pk, AtStake())
        rows.append(
            [
                None, pk, names.get(pk, ""), None, staff.get(owners.get(pk) or 0), stake.value,
                _get_chance(stake, outlook), _name(stake), *[None] * 8,
            ]
        )  # fmt: skip
    record(
        "cases.exported", by=request.user, now=clock.now(), address=get_address(request), rows=len(rows),
        format=file_format,
    )  # fmt: skip
    return build_sheet("risk", COLUMNS, rows, file_format)


def _get_chance(stake: AtStake, outlook: Outlook) -> float | None:
    """The chance, where it may be told as a number."""
    return None if stake.chance is None or not outlook.in_percent else round(stake.chance, 4)


def _name(stake: AtStake) -> str | None:
    return None if stake.band is None else _BANDS[stake.band]


def _list_days(times: dict[Stage, timedelta]) -> list[int | None]:
    stages: tuple[Stage, ...] = ("at_risk", "plan_made", "being_saved")
    return [times[stage].days if stage in times else None for stage in stages]
